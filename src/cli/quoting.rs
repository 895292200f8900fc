//! The quote of a contract and its roster, as the commands `quote`, `check`, `explain`, `compare`, `target` and `outlook` read it.

use std::fmt::Write as _;
use std::sync::Arc;

use crate::base::error::Error;
use crate::base::messages::{Message, listed};
use crate::base::progress::{Progress, Stage};
use crate::cli::arguments::QuoteSources;
use crate::cli::diagnostics;
use crate::cli::outcome::Outcome;
use crate::cli::progress::Bar;
use crate::cli::screen::Screen;
use crate::quote::contract::Contract;
use crate::quote::rosters::{passed_over_files, read_roster};
use crate::quote::{Price, Quote, Status};
use crate::table::text::folded;
use crate::tariff::{Catalogue, Tariff};

/// Opens the contract of some sources, as the option that they name offers it, with the edition that prices it.
pub fn open_contract(sources: &QuoteSources, editions: &Catalogue) -> Result<(Contract, Arc<Tariff>), Error> {
    let (contract, tariff) = Contract::open_by(&sources.contract, editions)?;
    let Some(name) = &sources.option else { return Ok((contract, tariff)) };
    let found = contract.options.iter().find(|option| folded(&option.name) == folded(name));
    match found.map(|option| contract.with_option(option)) {
        Some(contract) => Ok((contract, tariff)),
        None => Err(Error::Unlawful { reason: unknown_option(&contract, name) }),
    }
}

fn unknown_option(contract: &Contract, name: &str) -> Message {
    let path = contract.source.path.display().to_string();
    if contract.options.is_empty() {
        return Message::new("option-none").with("path", path);
    }
    Message::new("option-unknown").with("path", path).with("option", name).with("known", option_names(contract))
}

/// The names of the options of a contract.
pub fn option_names(contract: &Contract) -> String {
    listed(contract.options.iter().map(|option| &option.name))
}

/// Reads the roster of a contract and prices it.
pub fn read_quote<'c>(
    sources: &QuoteSources,
    contract: &'c Contract,
    tariff: &'c Tariff,
    screen: &Screen,
) -> Result<Quote<'c>, Error> {
    let bar = Bar::new(screen);
    let roster = read_roster(&sources.rosters, contract, tariff, &bar)?;
    let passed_over = if sources.rosters.is_empty() { passed_over_files(contract)? } else { Vec::new() };
    if !passed_over.is_empty() {
        let files = listed(passed_over.iter().map(|path| path.display().to_string()));
        screen.note(&Message::new("passed-over").with("files", files));
    }
    bar.begin_stage(Stage::Pricing, None);
    Quote::new(contract, tariff, roster, sources.preliminary)
}

/// Prices a contract and calls `answer` with the price; without a price the reasons are printed.
pub fn answer_with_price(
    sources: &QuoteSources,
    contract: &Contract,
    tariff: &Tariff,
    screen: &Screen,
    answer: impl FnOnce(&Quote<'_>, &Price<'_>) -> Result<Outcome, Error>,
) -> Result<Outcome, Error> {
    let quote = read_quote(sources, contract, tariff, screen)?;
    let Some(price) = &quote.price else {
        diagnostics::print(&quote.roster.tables, quote.status == Status::Refused, screen);
        return Ok(finish(&quote, screen));
    };
    answer(&quote, price)
}

/// The line that names the edition of the tariff (`I71`).
pub fn edition_line(tariff: &Tariff, screen: &Screen) -> String {
    format!("{}\n", screen.render(&tariff.id().message()))
}

/// The notice that a quote is preliminary, as a paragraph; empty if it is not.
pub fn preliminary_paragraph(quote: &Quote<'_>, screen: &Screen) -> String {
    preliminary_notice(quote).map(|name| screen.paragraph(&Message::new(name))).unwrap_or_default()
}

/// The name of the notice that a quote is preliminary; `None` if it is not.
pub fn preliminary_notice(quote: &Quote<'_>) -> Option<&'static str> {
    quote.status.preliminary_notice(quote.roster.census)
}

/// Records the totals of a quote for the log, and prints why it is refused.
pub fn finish(quote: &Quote<'_>, screen: &Screen) -> Outcome {
    screen.record_total("number", quote.contract.number.as_str());
    screen.record_total("status", quote.status.as_str());
    for (name, count) in
        [("priced", quote.rows.priced), ("referred", quote.rows.referred), ("rejected", quote.rows.rejected)]
    {
        screen.record_total(name, count);
    }
    if let Some(price) = &quote.price {
        screen.record_total("premium", price.totals.premium.chosen.to_string());
    }
    if quote.status != Status::Refused {
        return Outcome::Done;
    }
    screen.refuse(&Message::new(match quote.rows.priced {
        _ if quote.roster.tables.incomplete => "refused-unread",
        0 => "refused-all-rows",
        _ => "refused-rows",
    }));
    Outcome::Refused
}

/// The number of rows read, priced, referred and rejected, and the rows without an insured.
pub fn row_counts(quote: &Quote<'_>, screen: &Screen) -> String {
    let rows = quote.rows;
    let message = Message::new("rows-counted")
        .with("read", screen.count(rows.read))
        .with("priced", screen.count(rows.priced))
        .with("referred", screen.count(rows.referred))
        .with("rejected", screen.count(rows.rejected));
    let mut text = screen.render(&message);
    text.push('\n');
    if let Some(message) = diagnostics::skipped_rows(&quote.roster.tables, "rows-skipped", screen) {
        let _ = writeln!(text, "{}", screen.render(&message));
    }
    text
}
