//! The head of the page and its pictures: the premium in its corridor, the collective, plans, programmes, instalments.

use crate::base::calendar::{Period, format_day};
use crate::base::messages::Message;
use crate::base::money::Kopecks;
use crate::output::page::builder::Cell;
use crate::output::page::picture;
use crate::output::page::picture::{Bar, Stretch};
use crate::quote::documents::collective::{Field, band_names, fields};
use crate::quote::documents::page::desk;
use crate::quote::documents::page::quote_page::QuotePage;

/// Writes the first half of the page.
pub fn write(page: &mut QuotePage<'_>) {
    head(page);
    premium(page);
    if page.is_internal() {
        desk::write(page);
    }
    collective(page);
    shares(page);
    instalments(page);
}

fn head(page: &mut QuotePage<'_>) {
    let quote = &page.saved.quote;
    let (title, about) = (page.words("book-summary-title"), page.language.render(&quote.about()));
    let notice = quote.preliminary_notice().map(|name| page.words(name));
    let internal = page.is_internal().then(|| page.words("page-internal"));
    page.markup.element("header", &[], |head| {
        head.leaf("h1", &[], title);
        head.leaf("p", &[("class", "quiet")], about);
        if let Some(notice) = notice {
            head.leaf("p", &[("class", "alarm"), ("role", "note")], notice);
        }
        if let Some(internal) = internal {
            head.leaf("p", &[("class", "internal"), ("role", "note")], internal);
        }
    });
}

fn premium(page: &mut QuotePage<'_>) {
    let (quote, language) = (&page.saved.quote, page.language);
    page.section("premium", "heading-premium");
    page.markup.leaf("p", &[("class", "premium")], language.amount(quote.premium));
    if page.is_internal() {
        corridor(page);
    }
    let rows = Message::new("rows-counted")
        .with("read", language.count(quote.rows.read))
        .with("priced", language.count(quote.rows.priced))
        .with("referred", language.count(quote.rows.referred))
        .with("rejected", language.count(quote.rows.rejected));
    for fact in [rows, headcount(page)] {
        page.markup.leaf("p", &[], language.render(&fact));
    }
}

/// The premium in the corridor of the tariff.
fn corridor(page: &mut QuotePage<'_>) {
    let (quote, language) = (&page.saved.quote, page.language);
    let amounts = [quote.corridor.low, quote.premium, quote.corridor.high];
    let [low, chosen, high] = amounts.map(|amount| language.amount(amount));
    let summary = Message::new("summary-premium")
        .with("premium", quote.premium)
        .with("low", quote.corridor.low)
        .with("high", quote.corridor.high);
    let (title, summary) = (page.words("book-corridor-place"), language.render(&summary));
    picture::corridor(&mut page.markup, &title, &summary, amounts.map(Kopecks::get), [&low, &chosen, &high]);
    page.markup.leaf("p", &[("class", "quiet")], summary);
}

/// The headcount with its coefficient; its range is for the insurer alone.
fn headcount(page: &QuotePage<'_>) -> Message {
    let (quote, language) = (&page.saved.quote, page.language);
    let headcount = &quote.coefficients.headcount;
    let message = match (headcount.is_left_out(), page.is_internal()) {
        (true, _) => Message::new("summary-headcount-not-applied"),
        (false, true) => Message::new("summary-headcount")
            .with("range", language.decimal(&format!("{}–{}", headcount.low, headcount.high))),
        (false, false) => Message::new("page-headcount"),
    };
    message
        .with("headcount", language.count(quote.headcount))
        .with("lines", language.count(quote.lines))
        .with("coefficient", language.decimal(&headcount.value.to_string()))
        .with("clause", headcount.clause.as_str())
}

fn collective(page: &mut QuotePage<'_>) {
    let (quote, language) = (&page.saved.quote, page.language);
    let fields = fields(page.saved);
    let groups: Vec<u8> = quote.coefficients.risk.keys().copied().collect();
    let bands = band_names(quote);
    let field = |band: usize, group: u8| fields.get(&(band, group)).copied().unwrap_or_default();
    page.section("collective", "book-collective-title");
    let by_age = bands.iter().enumerate().map(|(at, band)| {
        let insured = groups.iter().map(|group| field(at, *group).insured).sum::<usize>();
        Bar { name: band.clone(), size: i128::try_from(insured).unwrap_or(0), label: language.count(insured) }
    });
    let by_age: Vec<Bar> = by_age.collect();
    let title = page.words("book-chart-ages");
    page.markup.leaf("h3", &[], &title);
    picture::columns(&mut page.markup, "ages", &title, &by_age);
    let most = fields.values().map(|field| field.insured).max().unwrap_or(1);
    let heading = page.words("page-heat");
    page.markup.leaf("h3", &[], &heading);
    let risk = |group: &u8| language.render(&Message::new("page-risk").with("group", group.to_string()));
    let band_heading = page.words("book-age-band");
    let markup = &mut page.markup;
    markup.open("div", &[("class", "scroll"), ("role", "region"), ("tabindex", "0"), ("aria-label", &heading)]);
    markup.element("table", &[], |table| {
        table.element("thead", &[], |head| {
            head.element("tr", &[], |row| {
                row.leaf("th", &[("scope", "col")], band_heading);
                for group in &groups {
                    row.leaf("th", &[("scope", "col"), ("class", "n")], risk(group));
                }
            });
        });
        table.element("tbody", &[], |body| {
            for (at, band) in bands.iter().enumerate() {
                body.element("tr", &[], |row| {
                    row.leaf("th", &[("scope", "row")], band);
                    for Field { insured, premium } in groups.iter().map(|group| field(at, *group)) {
                        let heat = format!("--h:{}", insured * 100 / most.max(1));
                        let premium = language.amount(premium);
                        let shown = if insured == 0 { String::new() } else { language.count(insured) };
                        row.leaf("td", &[("class", "heat"), ("style", &heat), ("title", &premium)], shown);
                    }
                });
            }
        });
    });
    markup.end("div");
}

fn shares(page: &mut QuotePage<'_>) {
    let (quote, language) = (&page.saved.quote, page.language);
    let bar = |name: String, amount: Kopecks| Bar { name, size: amount.get(), label: language.amount(amount) };
    page.section("shares", "book-plans-title");
    page.markup.open("div", &[("class", "two")]);
    page.markup.open("div", &[]);
    let title = page.words("book-chart-plans");
    page.markup.leaf("h3", &[], &title);
    let bars: Vec<Bar> = quote.plans.iter().map(|plan| bar(plan.code.clone(), plan.premium)).collect();
    picture::bars(&mut page.markup, "plans", &title, &bars);
    let headings =
        [("heading-plan", false), ("heading-name", false), ("heading-insured", true), ("heading-premium", true)];
    page.table("book-chart-plans", "plain", &headings, |page| {
        for plan in &quote.plans {
            let name = plan.name.as_deref().unwrap_or_default();
            let (insured, premium) = (language.count(plan.insured), language.amount(plan.premium));
            page.row(&[Cell::Text(&plan.code), Cell::Text(name), Cell::figure(insured), Cell::figure(premium)]);
        }
    });
    page.markup.end("div");
    page.markup.open("div", &[]);
    let title = page.words("book-chart-programmes");
    page.markup.leaf("h3", &[], &title);
    let bars: Vec<Bar> = quote.programmes.iter().map(|covered| bar(covered.code.clone(), covered.premium)).collect();
    picture::bars(&mut page.markup, "programmes", &title, &bars);
    let headings =
        [("heading-programme", false), ("heading-name", false), ("book-lines", true), ("heading-premium", true)];
    page.table("book-chart-programmes", "plain", &headings, |page| {
        for covered in &quote.programmes {
            let (lines, premium) = (language.count(covered.lines), language.amount(covered.premium));
            let name = covered.name(language);
            page.row(&[Cell::Text(&covered.code), Cell::Text(name), Cell::figure(lines), Cell::figure(premium)]);
        }
    });
    page.markup.end("div");
    page.markup.end("div");
}

fn instalments(page: &mut QuotePage<'_>) {
    let (quote, language) = (&page.saved.quote, page.language);
    page.section("instalments", "book-instalments");
    let stretches = quote.instalments.iter().map(|due| Stretch {
        days: Period::new(due.from, due.to).map_or(0, Period::days),
        from: format_day(due.from),
        label: language.amount(due.amount),
    });
    let stretches: Vec<Stretch> = stretches.collect();
    let title = page.words("book-chart-instalments");
    picture::time_line(&mut page.markup, &title, &stretches);
    let headings = [("book-period-from", false), ("book-period-to", false), ("book-amount", true)];
    page.table("book-instalments", "plain", &headings, |page| {
        for due in &quote.instalments {
            let (from, to) = (format_day(due.from), format_day(due.to));
            page.row(&[Cell::Text(&from), Cell::Text(&to), Cell::figure(language.amount(due.amount))]);
        }
    });
}
