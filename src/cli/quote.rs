//! `kollektiv quote` and `kollektiv check`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use crate::base::calendar::shown_day;
use crate::base::error::Error;
use crate::base::messages::Message;
use crate::cli::progress::Bar;
use crate::cli::screen::{Screen, first_rows, result, table};
use crate::cli::{CheckArguments, Common, Outcome, QuoteArguments, Sources};
use crate::cli::{diagnostics, documents};
use crate::output::folder::folder_name;
use crate::quote::contract::Contract;
use crate::quote::contract::choice::ChosenBy;
use crate::quote::documents::offer::Template;
use crate::quote::files;
use crate::quote::files::Options;
use crate::quote::rosters::{RosterSource, roster_source};
use crate::quote::{Price, Quote, Status};
use crate::roster::Roster;
use crate::roster::spec::RowKind;
use crate::table::skip::Skip;
use crate::tariff::Tariff;

/// Prices a contract and writes everything.
pub fn quote(common: &Common, arguments: &QuoteArguments, screen: &Screen) -> Result<Outcome, Error> {
    let options = Options {
        language: screen.language,
        formats: arguments.formats(),
        preliminary: arguments.inputs.sources.preliminary,
        documents: documents::kinds(&arguments.documents),
        template: documents::template(arguments.template.as_deref())?,
        with_names: arguments.with_names,
    };
    let tariff = common.tariff()?;
    let contract = Contract::open(&arguments.inputs.sources.contract, &tariff)?;
    let quote = read(&arguments.inputs.sources, &contract, &tariff, screen)?;
    let default = || PathBuf::from("output").join(folder_name(&contract.number));
    let out = arguments.inputs.out.clone().unwrap_or_else(default);
    {
        let bar = Bar::new(screen);
        files::write_quote(&quote, &out, &options, &bar)?;
    }
    diagnostics::show(&quote.roster, quote.status == Status::Refused, screen);
    if arguments.json {
        result(&files::quote_json(&quote))?;
    } else {
        screen.table(&summary(&quote, screen))?;
    }
    screen.note(&screen.say(&Message::new("written-to").with("path", out.display().to_string())));
    Ok(outcome(&quote, screen))
}

/// Reads and judges, without a price.
pub fn check(common: &Common, arguments: &CheckArguments, screen: &Screen) -> Result<Outcome, Error> {
    let inputs = &arguments.inputs;
    let options = Options {
        language: screen.language,
        formats: Vec::new(),
        preliminary: inputs.sources.preliminary,
        documents: Vec::new(),
        template: Template::built_in(),
        with_names: false,
    };
    let tariff = common.tariff()?;
    let contract = Contract::open(&inputs.sources.contract, &tariff)?;
    let quote = read(&inputs.sources, &contract, &tariff, screen)?;
    if let Some(out) = &inputs.out {
        files::write_check(&quote, out, &options)?;
    }
    diagnostics::show(&quote.roster, quote.status == Status::Refused, screen);
    screen.table(&understood(&quote.roster, screen))?;
    screen.table(&rows(&quote, screen))?;
    if let Some(out) = &inputs.out {
        screen.note(&screen.say(&Message::new("written-to").with("path", out.display().to_string())));
    }
    Ok(outcome(&quote, screen))
}

fn read<'c>(
    sources: &Sources,
    contract: &'c Contract,
    tariff: &'c Tariff,
    screen: &Screen,
) -> Result<Quote<'c>, Error> {
    let roster = match roster_source(&sources.rosters, contract)? {
        RosterSource::Files(files, rows) => {
            let wanted = match rows {
                RowKind::Counts => contract.wanted_census(tariff),
                _ => contract.wanted(tariff),
            };
            let bar = Bar::new(screen);
            Roster::read(&files, &wanted, &bar)
        }
        RosterSource::Contract(counts) => Roster::of_counts(&contract.source.path, counts, contract.term.period()),
    };
    Quote::new(contract, tariff, roster, sources.preliminary)
}

/// Prices a contract for a question about it, writes nothing, and asks if there is a price; else it is said why there is
/// none.
pub fn ask(
    sources: &Sources,
    contract: &Contract,
    tariff: &Tariff,
    screen: &Screen,
    question: impl FnOnce(&Quote<'_>, &Price<'_>) -> Result<Outcome, Error>,
) -> Result<Outcome, Error> {
    let quote = read(sources, contract, tariff, screen)?;
    let Some(price) = &quote.price else {
        diagnostics::show(&quote.roster, quote.status == Status::Refused, screen);
        return Ok(outcome(&quote, screen));
    };
    question(&quote, price)
}

/// Why the quote is preliminary, as a paragraph before what is told of it; nothing where it is not.
pub fn preliminary(quote: &Quote<'_>, screen: &Screen) -> String {
    let notice = notice(quote).map(|name| screen.paragraph(&Message::new(name)));
    notice.unwrap_or_default()
}

/// The name of the words for why the quote is preliminary, if it is.
pub fn notice(quote: &Quote<'_>) -> Option<&'static str> {
    (quote.status == Status::Preliminary).then(|| files::preliminary_notice(quote.roster.census))
}

fn outcome(quote: &Quote<'_>, screen: &Screen) -> Outcome {
    screen.total("number", quote.contract.number.as_str());
    screen.total("status", quote.status.as_str());
    for (name, count) in
        [("priced", quote.rows.priced), ("referred", quote.rows.referred), ("rejected", quote.rows.rejected)]
    {
        screen.total(name, count);
    }
    if let Some(price) = &quote.price {
        screen.total("premium", price.totals.premium.chosen.to_string());
    }
    if quote.status != Status::Refused {
        return Outcome::Done;
    }
    screen.refuse(&screen.words(why_refused(quote)));
    Outcome::Refused
}

/// The name of the words for why there is no price.
fn why_refused(quote: &Quote<'_>) -> &'static str {
    match quote.rows.priced {
        _ if quote.roster.incomplete => "refused-unread",
        // there are no clean rows that could be priced alone
        0 => "refused-all-rows",
        _ => "refused-rows",
    }
}

/// What became of the rows, and those that hold no insured.
fn rows(quote: &Quote<'_>, screen: &Screen) -> String {
    let rows = quote.rows;
    let message = Message::new("rows-counted")
        .with("read", screen.language.count(rows.read))
        .with("priced", screen.language.count(rows.priced))
        .with("referred", screen.language.count(rows.referred))
        .with("rejected", screen.language.count(rows.rejected));
    let mut text = screen.say(&message);
    text.push('\n');
    if let Some(skipped) = skipped(quote, screen) {
        let _ = writeln!(text, "{skipped}");
    }
    text
}

/// The rows that hold no insured, by reason, with the first of each; none where there is no such row.
fn skipped(quote: &Quote<'_>, screen: &Screen) -> Option<String> {
    let mut by_reason: BTreeMap<Skip, Vec<u32>> = BTreeMap::new();
    for (row, reason) in quote.roster.sheets.iter().flat_map(|sheet| &sheet.skipped) {
        by_reason.entry(*reason).or_default().push(*row);
    }
    let count: usize = by_reason.values().map(Vec::len).sum();
    let reasons =
        by_reason.iter().map(|(reason, rows)| format!("{} ({})", screen.words(reason.words()), first_rows(rows)));
    let reasons = reasons.collect::<Vec<_>>().join("; ");
    (count > 0).then(|| screen.say(&Message::new("rows-skipped").with("count", count).with("rows", reasons)))
}

/// Which heading became which field.
fn understood(roster: &Roster, screen: &Screen) -> String {
    let mut text = String::new();
    for sheet in &roster.sheets {
        let Some(layout) = &sheet.layout else { continue };
        let columns =
            layout.columns().map(|(field, column)| format!("{} ← «{}»", field.name(), layout.headings[column]));
        let columns = columns.collect::<Vec<_>>().join(", ");
        let message = Message::new("columns-understood")
            .with("sheet", sheet.shown())
            .with("row", layout.header_row.to_string())
            .with("columns", columns);
        let _ = writeln!(text, "{}", screen.say(&message));
    }
    text
}

/// The result for people.
fn summary(quote: &Quote<'_>, screen: &Screen) -> String {
    let (start, end) = quote.contract.days();
    let head = Message::new("summary-head")
        .with("number", quote.contract.number.as_str())
        .with("policyholder", quote.contract.policyholder.as_str())
        .with("start", shown_day(start))
        .with("end", shown_day(end));
    let mut text = screen.say(&head);
    text.push('\n');
    text.push_str(&preliminary(quote, screen));
    text.push_str(&rows(quote, screen));
    if let Some(price) = &quote.price {
        text.push_str(&prices(quote, price, screen));
    }
    text
}

fn prices(quote: &Quote<'_>, price: &Price<'_>, screen: &Screen) -> String {
    let mut text = String::new();
    let headcount = price.rating.headcount();
    let message = Message::new("summary-headcount")
        .with("headcount", screen.language.count(price.headcount as usize))
        .with("lines", screen.language.count(price.lines.count))
        .with("coefficient", headcount.coefficient.to_string())
        .with("range", headcount.range.to_string())
        .with("clause", quote.tariff.headcount.clause.as_str());
    let _ = writeln!(text, "{}", screen.say(&message));
    if headcount.by == ChosenBy::Nobody {
        let _ = writeln!(text, "{}", screen.words("summary-not-chosen"));
    }
    let words = |name| screen.words(name);
    let plans = quote.contract.plans.iter().zip(&price.totals.plans).map(|(plan, total)| {
        let insured = usize::try_from(total.insured).unwrap_or(usize::MAX);
        [
            plan.code.clone(),
            plan.name.clone().unwrap_or_default(),
            screen.language.count(insured),
            screen.language.amount(total.premium),
        ]
    });
    text.push('\n');
    text.push_str(&table(
        [words("heading-plan"), words("heading-name"), words("heading-insured"), words("heading-premium")],
        plans.collect(),
        2,
    ));
    let premium = price.totals.premium;
    let message = Message::new("summary-premium")
        .with("premium", screen.language.amount(premium.chosen))
        .with("low", screen.language.amount(premium.low))
        .with("high", screen.language.amount(premium.high));
    let _ = writeln!(text, "\n{}", screen.say(&message));
    if price.totals.instalments.len() > 1 {
        let _ = writeln!(text, "{}", screen.words("summary-instalments"));
        for (period, amount) in quote.contract.instalments.iter().zip(&price.totals.instalments) {
            let _ = writeln!(text, "  {} {:>20}", shown_day(period.first()), screen.language.amount(*amount));
        }
    }
    text
}
