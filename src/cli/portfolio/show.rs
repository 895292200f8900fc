//! `kollektiv portfolio show`: one contract of a portfolio.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use clap::Args;
use jiff::civil::Date;

use crate::base::calendar::days_since_1970;
use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::money::{Kopecks, Rate};
use crate::cli::arguments::BookFolder;
use crate::cli::outcome::Outcome;
use crate::cli::screen::Screen;
use crate::portfolio::Portfolio;
use crate::portfolio::contract_state::ContractState;
use crate::portfolio::register;
use crate::portfolio::rows::{CellRows, InsuredRows, LineRows};
use crate::portfolio::store::{Damage, FileKind};

#[derive(Debug, Args)]
pub struct Arguments {
    /// Number of the contract
    #[arg(value_name = "NUMBER")]
    number: String,
    /// Show the contract as of this day, such as 2026-12-01; its last version by default
    #[arg(long, value_name = "DAY")]
    as_of: Option<Date>,
    #[command(flatten)]
    book: BookFolder,
}

/// Prints the versions, the covers on a day and the money of the contract.
pub fn run(arguments: &Arguments, screen: &Screen) -> Result<Outcome, Error> {
    let Arguments { number, as_of: day, book } = arguments;
    let (book, day) = (book.open()?, *day);
    let unlawful = |message: Message| Err(Error::Unlawful { reason: message.with("number", number.as_str()) });
    let Some(contract) = book.register.read(|register| register::contract(register, number))? else {
        return unlawful(Message::new("show-number"));
    };
    let (first, last) = (contract.first_day.to_string(), contract.last_day.to_string());
    let next = book.register.read(register::next_run)?;
    let payments = book.register.read(|register| register::payments(register, contract.id))?;
    let state = book.register.read(|register| ContractState::known_before(register, contract, next))?;
    let state = match day {
        None => Some(state),
        Some(day) => state.as_of(day, &payments),
    };
    let Some(state) = state else {
        let day = day.map(|day| day.to_string()).unwrap_or_default();
        return unlawful(Message::new("show-early").with("day", day).with("first", first));
    };
    let message = Message::new("show-contract")
        .with("number", number.as_str())
        .with("policyholder", state.contract.policyholder.as_str())
        .with("first", first)
        .with("last", last);
    let mut text = screen.paragraph(&message);
    text.push('\n');
    text.push_str(&versions(&state, screen));
    text.push('\n');
    let on = day.unwrap_or_else(|| state.version().from_day);
    text.push_str(&covers_on_day(&book, &state, on, screen)?);
    let _ = writeln!(text);
    let paid = Message::new("show-paid").with("paid", state.paid).with("written", state.version().written);
    text.push_str(&screen.paragraph(&paid));
    screen.print(&text)?;
    screen.suggest(Message::new("next-show"));
    Ok(Outcome::Done)
}

/// The versions, one line each.
fn versions(state: &ContractState, screen: &Screen) -> String {
    let rows = state.versions.iter().map(|version| {
        let kind = match version.kind {
            register::VersionKind::Bound => "show-bound",
            register::VersionKind::Repriced => "show-repriced",
            register::VersionKind::Refused => "show-refused",
            register::VersionKind::Endorsed => "show-endorsed",
        };
        let change = version.change.as_ref().map(|change| format!(" {change}")).unwrap_or_default();
        [
            version.from_day.to_string(),
            format!("{}{change}", screen.text(kind)),
            screen.count(version.insured),
            screen.bare_amount(version.written),
        ]
    });
    let heading = ["portfolio-col-from", "portfolio-col-what", "portfolio-col-insured", "portfolio-col-written"];
    screen.table(heading, rows.collect(), 2)
}

/// The insured on a day, and its lines by plan and programme with the premium of a full year at the rates of that day.
fn covers_on_day(book: &Portfolio, state: &ContractState, day: Date, screen: &Screen) -> Result<String, Error> {
    let damaged = |Damage(reason)| Error::Damaged { folder: book.folder().to_owned(), reason };
    let files = book.files()?;
    let cells: CellRows = state.read_rows(&book.register, &files, FileKind::Cells)?.map_err(damaged)?;
    let lines: LineRows = state.read_rows(&book.register, &files, FileKind::Lines)?.map_err(damaged)?;
    let insured: InsuredRows = state.read_rows(&book.register, &files, FileKind::Insured)?.map_err(damaged)?;
    let year = state.prices.year_days;
    let rate = |at: usize| {
        let rate = Rate::parse(&cells.rate[at])? * state.prices.growth_on(&cells.programme[at], day);
        Some(rate.prepare(year))
    };
    let rates: Vec<_> = (0..cells.rate.len()).map(rate).collect();
    let on = days_since_1970(day);
    let is_over = day > state.last_day();
    let covers = |start: i32, end: i32| start <= on && on <= end && !is_over;
    let mut groups: BTreeMap<(&str, &str), (u64, Kopecks)> = BTreeMap::new();
    for at in (0..lines.cell.len()).filter(|at| covers(lines.start[*at], lines.end[*at])) {
        let cell = lines.cell[at] as usize;
        let (Some(plan), Some(Some(rate))) = (cells.plan.get(cell), rates.get(cell)) else { continue };
        let group = groups.entry((plan, &cells.programme[cell])).or_default();
        group.0 += 1;
        group.1 += rate.premium(Kopecks::new(lines.sum_insured[at].into()), year);
    }
    let covered = (0..insured.insured.len()).filter(|at| covers(insured.start[*at], insured.end[*at])).count();
    let rows = groups.into_iter().map(|((plan, programme), (lines, annual))| {
        [plan.to_owned(), programme.to_owned(), screen.count(lines), screen.bare_amount(annual)]
    });
    let heading = ["portfolio-col-plan", "portfolio-col-programme", "portfolio-col-lines", "portfolio-col-annual"];
    let message = Message::new("show-day").with("day", day).with("insured", screen.count(covered));
    Ok(screen.paragraph(&message) + &screen.table(heading, rows.collect(), 2))
}
