//! `kollektiv portfolio show`: one contract of a portfolio.

mod void_events;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use clap::Args;
use jiff::civil::Date;

use crate::base::calendar::days_since_1970;
use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::money::{Kopecks, Rate};
use crate::cli::answer::{Money, answer};
use crate::cli::arguments::BookFolder;
use crate::cli::outcome::Outcome;
use crate::cli::screen::{SHOWN_FAULTS, Screen};
use crate::portfolio::Portfolio;
use crate::portfolio::charges::ChargeReader;
use crate::portfolio::contract_state::ContractState;
use crate::portfolio::day_state::as_of;
use crate::portfolio::premium::charge::Charge;
use crate::portfolio::register;
use crate::portfolio::register::{ProvedTables, VersionKind};
use crate::portfolio::rows::ContractRows;
use crate::portfolio::store::Damage;
use crate::portfolio::warning::KeptWarning;
use crate::tariff::EditionId;
use void_events::{VoidEvent, void_answer, void_events, void_table};

#[derive(Debug, Args)]
pub struct Arguments {
    /// Number of the contract
    #[arg(value_name = "NUMBER")]
    number: String,
    /// Show the contract as of this day, such as 2026-12-01; its last version by default
    #[arg(long, value_name = "DAY", value_parser = crate::cli::arguments::parse_day)]
    as_of: Option<Date>,
    /// Show the contract as it was known after this run
    #[arg(long, value_name = "RUN")]
    known_at: Option<i64>,
    #[command(flatten)]
    book: BookFolder,
}

answer! {
    /// The answer of `kollektiv portfolio show`.
    pub struct Answer {
        /// Number of the contract.
        number: String,
        /// Name of the policyholder.
        policyholder: String,
        /// First day of the contract.
        first_day: String,
        /// Last day of the contract.
        last_day: String,
        /// Edition of the tariff that it was bound with.
        tariff: EditionId,
        /// The versions, in order.
        versions: Vec<VersionAnswer>,
        /// Day of `insured` and `covers`.
        day: String,
        /// Insured covered on the day.
        insured: usize,
        /// Lines on the day by plan and programme.
        covers: Vec<CoverAnswer>,
        /// Paid premium.
        paid: Money,
        /// Written premium.
        written: Money,
        /// What each run has charged, by run and due day; the sum is the written premium.
        charges: Vec<ChargeAnswer>,
        /// Changes that are recorded and have no effect: the contract has ended before them, or the insured is not covered any more.
        void: Vec<VoidEvent>,
        /// Warnings about the rosters and lists of changes from which the contract was made.
        warnings: Vec<WarningAnswer>,
    }
}

answer! {
    struct ChargeAnswer {
        /// Number of the run.
        run: u64,
        /// What the run was, as in `versions`.
        kind: &'static str,
        /// Number of the earlier run whose charge is taken back or worked out again, or null.
        corrects: Option<u64>,
        /// Day on which the amount is due.
        due: String,
        /// Amount; negative where an earlier charge is taken back, and for a credit.
        amount: Money,
    }
}

answer! {
    struct WarningAnswer {
        /// Code, such as `hidden-row`.
        code: String,
        /// File, sheet, row and cell.
        place: String,
        /// What is unusual and what to do.
        message: String,
    }
}

answer! {
    struct VersionAnswer {
        /// First day of the version.
        from: String,
        /// What made it: `bound`, `repriced`, `refolded`, `endorsed`, `refused`, `terminated` or `annulled`.
        kind: String,
        /// Id of the change of prices, or null.
        change: Option<String>,
        /// Insured.
        insured: u32,
        /// Written premium.
        written: Money,
    }
}

answer! {
    struct CoverAnswer {
        /// Code of the plan.
        plan: String,
        /// Code of the programme.
        programme: String,
        /// Lines.
        lines: u64,
        /// Their premium of a full year at the rates of the day.
        annual: Money,
    }
}

/// The insured and the lines on a day.
struct DayCovers {
    insured: usize,
    covers: Vec<(String, String, u64, Kopecks)>,
}

/// Prints the versions, the covers on a day and the money of the contract.
pub fn run(arguments: &Arguments, screen: &Screen) -> Result<Outcome, Error> {
    let Arguments { number, as_of: day, known_at, book } = arguments;
    let (book, day) = (book.open()?, *day);
    let unlawful = |message: Message| Err(Error::Unlawful { reason: message.with("number", number.as_str()) });
    let Some(contract) = book.register.read(|register| register::contract(register, number))? else {
        return unlawful(Message::new("show-number"));
    };
    book.prove_tables(contract.id..=contract.id, ProvedTables::All)?;
    let (first, last) = (contract.first_day.to_string(), contract.last_day.to_string());
    let last_run = book.register.read(register::next_run)?;
    let next = known_at.map_or(last_run, |run| run.saturating_add(1));
    if next > last_run {
        let message = Message::new("show-run").with("run", (next - 1).to_string());
        return unlawful(message.with("last", (last_run - 1).to_string()));
    }
    if contract.run >= next {
        return unlawful(Message::new("show-unknown").with("run", contract.run.to_string()));
    }
    let payments = book.register.read(|register| register::payments(register, contract.id, next))?;
    let state = book.register.read(|register| ContractState::known_before(register, contract, next))?;
    let state = match day {
        None => Some(state),
        Some(day) => as_of(&book, state, next, day, &payments)?,
    };
    let Some(state) = state else {
        let day = day.map(|day| day.to_string()).unwrap_or_default();
        return unlawful(Message::new("show-early").with("day", day).with("first", first));
    };
    let message = Message::new("show-contract")
        .with("number", number.as_str())
        .with("policyholder", state.contract.policyholder.as_str())
        .with("first", first.as_str())
        .with("last", last.as_str());
    let tariff = book.terms().tariff(&state.contract)?.id();
    let mut text = screen.paragraph(&message);
    let _ = writeln!(text, "{}\n", screen.render(&tariff.message()));
    text.push_str(&versions(&state, screen));
    text.push('\n');
    let on = day.unwrap_or_else(|| state.version().from_day);
    let covers = covers_on_day(&book, &state, on)?;
    text.push_str(&covers_table(&covers, on, screen));
    let _ = writeln!(text);
    let reader = ChargeReader::new(&book, next);
    let mut reader = if let Some(day) = day { reader.until(day) } else { reader };
    let charges = reader.read(&book.files()?, &[&state])?.into_iter().flatten();
    let charges: Vec<(Charge, VersionKind)> = charges.filter_map(|charge| with_kind(&state, charge)).collect();
    text.push_str(&charges_table(&charges, screen));
    let _ = writeln!(text);
    let paid = Message::new("show-paid").with("paid", state.paid).with("written", state.version().written);
    text.push_str(&screen.paragraph(&paid));
    let void = void_events(&book, &state.contract, next)?;
    text.push_str(&void_table(&void, screen));
    let warnings = book.register.read(|register| register::warnings(register, state.contract.id, next))?;
    text.push_str(&warnings_text(&warnings, screen));
    screen.print(&text)?;
    screen.answer(&Answer {
        number: number.clone(),
        policyholder: state.contract.policyholder.clone(),
        first_day: first,
        last_day: last,
        tariff,
        versions: state.versions.iter().map(version_answer).collect(),
        day: on.to_string(),
        insured: covers.insured,
        covers: covers.covers.into_iter().map(cover_answer).collect(),
        paid: state.paid.into(),
        written: state.version().written.into(),
        charges: charges.iter().map(charge_answer).collect(),
        void: void.iter().map(void_answer).collect(),
        warnings: warnings.iter().map(|warning| warning_answer(warning, screen)).collect(),
    })?;
    screen.suggest(Message::new("next-show"));
    Ok(Outcome::Done)
}

/// The first warnings, one a line; empty if there are none.
fn warnings_text(warnings: &[KeptWarning], screen: &Screen) -> String {
    if warnings.is_empty() {
        return String::new();
    }
    let mut text = format!("\n{}", screen.paragraph(&Message::new("show-warnings").with("count", warnings.len())));
    for warning in warnings.iter().take(SHOWN_FAULTS) {
        let KeptWarning { code, place, .. } = warning;
        let _ = writeln!(text, "{place}: {code}: {}", warning.message(screen.language));
    }
    text
}

fn warning_answer(warning: &KeptWarning, screen: &Screen) -> WarningAnswer {
    WarningAnswer {
        code: warning.code.clone(),
        place: warning.place.clone(),
        message: warning.message(screen.language).to_owned(),
    }
}

fn version_answer(version: &register::Version) -> VersionAnswer {
    VersionAnswer {
        from: version.from_day.to_string(),
        kind: version.kind.as_str().to_owned(),
        change: version.change.clone(),
        insured: version.insured,
        written: version.written.into(),
    }
}

fn cover_answer((plan, programme, lines, annual): (String, String, u64, Kopecks)) -> CoverAnswer {
    CoverAnswer { plan, programme, lines, annual: annual.into() }
}

/// A charge with what its run was.
fn with_kind(state: &ContractState, charge: Charge) -> Option<(Charge, VersionKind)> {
    state.versions.iter().find(|version| version.run == charge.run).map(|version| (charge, version.kind))
}

fn charge_answer((charge, kind): &(Charge, VersionKind)) -> ChargeAnswer {
    ChargeAnswer {
        run: charge.run.unsigned_abs(),
        kind: kind.as_str(),
        corrects: (charge.of != charge.run).then(|| charge.of.unsigned_abs()),
        due: charge.due.to_string(),
        amount: charge.amount.into(),
    }
}

/// The charges, one line each.
fn charges_table(charges: &[(Charge, VersionKind)], screen: &Screen) -> String {
    let rows = charges.iter().map(|(charge, kind)| {
        [
            charge.due.to_string(),
            charge.run.to_string(),
            screen.text(kind_message(*kind)).trim_end_matches(':').to_owned(),
            screen.bare_amount(charge.amount),
        ]
    });
    let heading = ["portfolio-col-due", "portfolio-col-run", "portfolio-col-what", "portfolio-col-charged"];
    screen.table(heading, rows.collect(), 3)
}

/// The message for what has made a version.
pub(super) const fn kind_message(kind: VersionKind) -> &'static str {
    match kind {
        VersionKind::Bound => "show-bound",
        VersionKind::Repriced => "show-repriced",
        VersionKind::Refused => "show-refused",
        VersionKind::Endorsed => "show-endorsed",
        VersionKind::Terminated => "show-terminated",
        VersionKind::Annulled => "show-annulled",
        VersionKind::Refolded => "show-refolded",
    }
}

/// The versions, one line each.
fn versions(state: &ContractState, screen: &Screen) -> String {
    let rows = state.versions.iter().map(|version| {
        let change = version.change.as_ref().map(|change| format!(" {change}")).unwrap_or_default();
        [
            screen.language.day(version.from_day),
            format!("{}{change}", screen.text(kind_message(version.kind))),
            screen.count(version.insured),
            screen.bare_amount(version.written),
        ]
    });
    let heading = ["portfolio-col-from", "portfolio-col-what", "portfolio-col-insured", "portfolio-col-written"];
    screen.table(heading, rows.collect(), 2)
}

/// The insured on a day, and its lines by plan and programme with the premium of a full year at the rates of that day.
fn covers_on_day(book: &Portfolio, state: &ContractState, day: Date) -> Result<DayCovers, Error> {
    let damaged = |damage: Damage| damage.into_error(book.folder());
    let files = book.files()?;
    let ContractRows { insured, cells, lines } = state.all_rows(&book.register, &files)?.map_err(damaged)?;
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
    let insured = (0..insured.insured.len()).filter(|at| covers(insured.start[*at], insured.end[*at])).count();
    let cover = |((plan, programme), (lines, annual)): ((&str, &str), _)| {
        (plan.to_owned(), programme.to_owned(), lines, annual)
    };
    Ok(DayCovers { insured, covers: groups.into_iter().map(cover).collect() })
}

/// The insured on a day, and a line for each plan and programme.
fn covers_table(covers: &DayCovers, day: Date, screen: &Screen) -> String {
    let rows = covers.covers.iter().map(|(plan, programme, lines, annual)| {
        [plan.clone(), programme.clone(), screen.count(*lines), screen.bare_amount(*annual)]
    });
    let heading = ["portfolio-col-plan", "portfolio-col-programme", "portfolio-col-lines", "portfolio-col-annual"];
    let message = Message::new("show-day").with("day", day).with("insured", screen.count(covers.insured));
    screen.paragraph(&message) + &screen.table(heading, rows.collect(), 2)
}
