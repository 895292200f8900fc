//! The tables of the page: groups, the price list with its factors, coefficients, diagnostics, what it was made from.

use crate::base::diagnostic::Severity;
use crate::base::messages::{Language, Message};
use crate::output::page::builder::Cell;
use crate::quote::diagnostic_text::severity_word;
use crate::quote::documents::coefficient::{FACTOR_WORDS, rows};
use crate::quote::documents::page::quote_page::QuotePage;
use crate::quote::quote_json::QuoteJson;
use crate::quote::saved_quote::{Group, RatedCell};

/// The most diagnostics that are shown; the file has all.
const SHOWN_DIAGNOSTICS: usize = 1_000;

/// Writes the tables of the quote.
pub fn write(page: &mut QuotePage<'_>) {
    covers(page);
    groups(page);
    rates(page);
    coefficients(page);
    diagnostics(page);
}

fn covers(page: &mut QuotePage<'_>) {
    let (quote, language) = (&page.saved.quote, page.language);
    page.section("covers", "book-covers");
    let headings = [
        ("heading-plan", false),
        ("heading-programme", false),
        ("heading-name", false),
        ("book-sum-insured", true),
        ("book-excluded", false),
        ("book-included", false),
    ];
    page.table("book-covers", "plain", &headings, |page| {
        for plan in &quote.plans {
            for cover in &plan.covers {
                let [exclude, include] = [&cover.exclude, &cover.include].map(|services| {
                    services.iter().map(|service| service.name(language)).collect::<Vec<_>>().join("; ")
                });
                page.row(&[
                    Cell::Text(&plan.code),
                    Cell::Text(&cover.programme),
                    Cell::Text(cover.name(language)),
                    Cell::figure(language.amount(cover.sum_insured)),
                    Cell::Text(&exclude),
                    Cell::Text(&include),
                ]);
            }
        }
    });
}

/// The groups of the collective, each with links to its rates.
fn groups(page: &mut QuotePage<'_>) {
    let (saved, language) = (page.saved, page.language);
    page.section("groups", "page-groups");
    let hint = page.words("page-groups-hint");
    page.markup.leaf("p", &[("class", "quiet")], hint);
    let headings = [
        ("heading-plan", false),
        ("heading-programme", false),
        ("book-age-band", false),
        ("heading-risk", false),
        ("heading-insured", true),
        ("book-total-sum-insured", true),
        ("heading-premium", true),
        ("book-rate", true),
    ];
    page.table("page-groups", "sorted tall", &headings, |page| {
        for group in &saved.groups {
            let plan = &saved.quote.plans[group.plan];
            let risk = group.risk_group.to_string();
            let cells = [
                Cell::Text(&plan.code),
                Cell::Text(&plan.covers[group.cover].programme),
                Cell::Text(&group.age_band),
                Cell::Text(&risk),
                Cell::Figure(language.count(group.insured), group.insured.to_string()),
                Cell::Figure(language.amount(group.sum_insured), group.sum_insured.to_string()),
                Cell::Figure(language.amount(group.premium), group.premium.to_string()),
            ];
            page.markup.open("tr", &[]);
            for cell in &cells {
                cell.write(&mut page.markup);
            }
            let rates: Vec<(usize, &RatedCell)> =
                saved.rates.iter().enumerate().filter(|(_, rate)| is_rate_of(rate, group)).collect();
            let sorted = rates.first().map_or("", |(_, rate)| rate.rate.as_str());
            page.markup.element("td", &[("class", "n"), ("data-v", sorted)], |cell| {
                for (at, rate) in &rates {
                    let place = format!("#rate-{at}");
                    cell.leaf("a", &[("href", &place), ("data-rate", "")], &rate.rate);
                    cell.text(" ");
                }
            });
            page.markup.end("tr");
        }
    });
}

/// Whether a rate is one of a group's: a group of children has one for each of their ages.
fn is_rate_of(rate: &RatedCell, group: &Group) -> bool {
    (rate.plan, rate.cover, rate.risk_group) == (group.plan, group.cover, group.risk_group)
        && rate.age_band == group.age_band
}

/// The price list; the cells of factors carry their clauses, from which the script shows the derivation of a rate.
fn rates(page: &mut QuotePage<'_>) {
    let (saved, language) = (page.saved, page.language);
    page.section("rates", "book-rates-title");
    let mut headings =
        vec![("heading-plan", false), ("heading-programme", false), ("heading-age", false), ("heading-risk", false)];
    headings.extend(FACTOR_WORDS.map(|name| (name, true)));
    headings.push(("book-rate", true));
    page.table("book-rates-title", "sorted tall", &headings, |page| {
        for (at, rate) in saved.rates.iter().enumerate() {
            let plan = &saved.quote.plans[rate.plan];
            let programme = &plan.covers[rate.cover].programme;
            let ages = rate.ages.to_string();
            let about = derivation_title(rate, &plan.code, programme, language);
            let attributes = [("id", format!("rate-{at}")), ("data-about", about)];
            let attributes = attributes.each_ref().map(|(name, value)| (*name, value.as_str()));
            page.markup.element("tr", &attributes, |row| {
                row.leaf("td", &[], &plan.code);
                row.leaf("td", &[], programme);
                row.leaf("td", &[], ages);
                row.leaf("td", &[], rate.risk_group);
                for (column, factor) in rate.factors.iter().enumerate() {
                    match factor {
                        Some(factor) => {
                            let clause = clause(&saved.quote, rate, column);
                            row.leaf("td", &[("class", "n"), ("data-clause", clause)], factor);
                        }
                        None => row.leaf("td", &[], ""),
                    }
                }
                row.leaf("td", &[("class", "n"), ("data-rate", "1")], &rate.rate);
            });
        }
    });
}

/// The title of a derivation.
fn derivation_title(rate: &RatedCell, plan: &str, programme: &str, language: Language) -> String {
    let message = Message::new("page-derivation")
        .with("plan", plan)
        .with("programme", programme)
        .with("ages", rate.ages.to_string())
        .with("group", rate.risk_group.to_string());
    language.render(&message)
}

/// The clause of a factor of a rate, by its place in the price list.
fn clause<'q>(quote: &'q QuoteJson, rate: &RatedCell, column: usize) -> &'q str {
    let of_cover = |name: &str| {
        let factors = &quote.plans[rate.plan].covers[rate.cover].factors;
        factors.iter().find(|factor| factor.factor == name).map_or("", |factor| factor.clause.as_str())
    };
    match column {
        0 => of_cover("base"),
        1 => &quote.coefficients.headcount.clause,
        2 => &quote.coefficients.age.clause,
        3 => quote.coefficients.risk.get(&rate.risk_group).map_or("", |risk| risk.clause.as_str()),
        4 => of_cover("price_change"),
        5 => of_cover("additional_services"),
        6 => of_cover("exclusion"),
        7 => of_cover("inclusion"),
        _ => of_cover("collective"),
    }
}

/// The coefficients; the ranges, who chose in them and the rules are for the insurer alone.
fn coefficients(page: &mut QuotePage<'_>) {
    let (saved, language, is_internal) = (page.saved, page.language, page.is_internal());
    let title = if is_internal { "book-coefficients-title" } else { "page-coefficients" };
    page.section("coefficients", title);
    let headings = [
        ("heading-coefficient", false),
        ("book-applies-to", false),
        ("book-value", true),
        ("book-clause", false),
        ("page-range", true),
        ("book-chosen-by", false),
        ("book-rule", false),
    ];
    let headings = if is_internal { &headings[..] } else { &headings[..4] };
    page.table(title, "sorted tall", headings, |page| {
        for row in rows(&saved.quote, language) {
            let range = row.range().map(|choice| format!("{}–{}", choice.low, choice.high)).unwrap_or_default();
            let (chosen, clause) = (row.chosen_by(language).unwrap_or_default(), format!("§{}", row.clause));
            let cells = [
                Cell::Text(&row.what),
                Cell::Text(&row.about),
                Cell::figure(row.value),
                Cell::Text(&clause),
                Cell::figure(range),
                Cell::Text(&chosen),
                Cell::Text(row.rule),
            ];
            page.row(if is_internal { &cells[..] } else { &cells[..4] });
        }
    });
}

fn diagnostics(page: &mut QuotePage<'_>) {
    let (saved, language) = (page.saved, page.language);
    page.section("diagnostics", "checked-summary-sheet");
    if saved.diagnostics.is_empty() {
        let none = page.words("book-diagnostics-none");
        return page.markup.leaf("p", &[], none);
    }
    let headings = [
        ("checked-severity", false),
        ("checked-kind", false),
        ("book-file", false),
        ("book-row", true),
        ("book-column", false),
        ("book-message", false),
    ];
    page.table("checked-title", "sorted tall", &headings, |page| {
        for found in saved.diagnostics.iter().take(SHOWN_DIAGNOSTICS) {
            let known = [Severity::Error, Severity::Referral, Severity::Warning];
            let severity = known.into_iter().find(|severity| severity.as_str() == found.severity);
            let severity = severity.map_or_else(String::new, |severity| severity_word(severity, language));
            let place = [found.file.as_str(), &found.sheet].into_iter().filter(|part| !part.is_empty());
            let place = place.collect::<Vec<_>>().join(", ");
            page.row(&[
                Cell::Text(&severity),
                Cell::Text(&found.code),
                Cell::Text(&place),
                Cell::figure(found.row.map(|row| row.to_string()).unwrap_or_default()),
                Cell::Text(&found.column),
                Cell::Text(&found.message),
            ]);
        }
    });
    if saved.diagnostics.len() > SHOWN_DIAGNOSTICS {
        let more = Message::new("page-more-diagnostics").with("count", saved.diagnostics.len() - SHOWN_DIAGNOSTICS);
        page.markup.leaf("p", &[], language.render(&more));
    }
}

/// The inputs of the quote.
pub fn origin(page: &mut QuotePage<'_>) {
    let manifest = &page.saved.manifest;
    let edition = &page.saved.quote.tariff;
    page.section("origin", "book-origin-title");
    let mut inputs = vec![
        ("book-contract-file", manifest.contract.file.clone(), manifest.contract.sha256.as_str()),
        ("book-tariff", format!("{} · {}", edition.code, edition.title), manifest.tariff.sha256.as_str()),
    ];
    inputs.extend(
        manifest.rosters.iter().map(|roster| ("book-roster-file", roster.file.clone(), roster.sha256.as_str())),
    );
    let lines = ["quote.json", "premiums.csv", "rates.csv"];
    for name in lines {
        if let Some(file) = manifest.files.get(name) {
            inputs.push(("book-file", name.to_owned(), &file.sha256));
        }
    }
    let program = (page.words("book-program"), format!("{} {}", manifest.program.name, manifest.program.version));
    let inputs: Vec<_> = inputs.into_iter().map(|(name, value, hash)| (page.words(name), value, hash)).collect();
    page.markup.element("dl", &[("class", "facts")], |facts| {
        facts.leaf("dt", &[], program.0);
        facts.leaf("dd", &[], program.1);
        for (name, value, hash) in inputs {
            facts.leaf("dt", &[], name);
            facts.element("dd", &[], |fact| {
                fact.text(value);
                fact.text(" ");
                fact.leaf("code", &[], hash);
            });
        }
    });
}
