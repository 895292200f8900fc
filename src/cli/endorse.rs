//! `kollektiv endorse`: insured join a contract, leave it or change from a day on.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::base::diagnostic::masked;
use crate::base::error::Error;
use crate::base::messages::{Message, listed};
use crate::base::money::{Kopecks, parse_decimal};
use crate::cli::answer::{Money, answer};
use crate::cli::arguments::BookToChange;
use crate::cli::arguments::paper::PaperArguments;
use crate::cli::arguments::reading::ReadingArguments;
use crate::cli::diagnostics;
use crate::cli::outcome::Outcome;
use crate::cli::paper::Paper;
use crate::cli::progress::Bar;
use crate::cli::screen::Screen;
use crate::cli::usage::InvalidValue;
use crate::output::folder::refusal_target;
use crate::portfolio::endorse::{Cause, ChangedLine, Endorsed, Endorsement, Request, endorse, folders};
use crate::quote::contract::MAX_SHARE_DECIMALS;
use crate::roster::value::Action;
use crate::tariff::EditionId;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Number of the contract
    #[arg(value_name = "NUMBER")]
    number: String,
    /// Lists of changes: rosters with a column, a title or a file name that states “join”, “leave”, “change plan”, “change” or “correct”
    #[arg(value_name = "CHANGES.xlsx", required = true)]
    changes: Vec<PathBuf>,
    /// First day of changes in rows that state none, such as 2026-12-01
    #[arg(long, value_name = "DAY", value_parser = crate::cli::arguments::parse_day)]
    on: Option<Date>,
    /// What happens to the insured in rows and lists that state nothing
    #[arg(long, value_enum, value_name = "ACTION")]
    action: Option<RowAction>,
    /// Relatives leave on the same day as the employee
    #[arg(long)]
    with_family: bool,
    #[command(flatten)]
    reading: ReadingArguments,
    #[command(flatten)]
    book: BookToChange,
    /// Share of expenses kept from the premium of leavers, from 0 to 1, such as 0.20 (I27); only if the contract states none
    #[arg(long, value_name = "SHARE", value_parser = parse_share)]
    expense_load: Option<Decimal>,
    /// Also make these documents: the supplementary agreement with the lists and the arithmetic, as agreement.pdf
    #[arg(long, value_name = "DOCUMENTS", value_delimiter = ',')]
    documents: Vec<AgreementFormat>,
    #[command(flatten)]
    paper: PaperArguments,
    /// Write the same result, but leave the portfolio unchanged
    #[arg(long)]
    dry_run: bool,
    /// Folder of the result; by default output/endorse-<number>-<day>-<list>-run-<run>, for a refused list
    /// output/endorse-<number>-<day>-<list>-refused
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

answer! {
    /// The answer of `kollektiv endorse`.
    pub struct Answer {
        /// Number of the contract.
        number: String,
        /// Edition of the tariff that the contract was bound with.
        tariff: EditionId,
        /// First day of the changes.
        on: String,
        /// Whether the portfolio had the changes already.
        known: bool,
        /// Whether the portfolio was left unchanged on request.
        dry_run: bool,
        /// Insured who joined.
        joined: usize,
        /// Insured who left.
        left: usize,
        /// Insured who changed plans.
        changed_plan: usize,
        /// Insured whose other values were changed or corrected.
        changed_data: usize,
        /// Insured before.
        insured_before: u32,
        /// Insured after.
        insured_after: u32,
        /// Written premium before.
        written_before: Money,
        /// Written premium after.
        written_after: Money,
        /// Premium of those who joined.
        charged: Money,
        /// Premium returned to those who left.
        returned: Money,
        /// Expenses kept from the premium of those who left.
        expenses: Money,
        /// Folder of the result.
        out: String,
    }
}

/// A format of the supplementary agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum AgreementFormat {
    /// agreement.pdf
    Pdf,
}

/// What happens to the insured of a list without actions.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum RowAction {
    /// They join
    Join,
    /// They leave
    Leave,
    /// Their plan, risk group, sum insured or name changes
    Change,
}

impl From<RowAction> for Action {
    fn from(action: RowAction) -> Self {
        match action {
            RowAction::Join => Self::Join,
            RowAction::Leave => Self::Leave,
            RowAction::Change => Self::Change,
        }
    }
}

/// Parses a share from 0 to 1.
fn parse_share(text: &str) -> Result<Decimal, InvalidValue> {
    let share =
        parse_decimal(text).filter(|share| *share <= Decimal::ONE && share.normalize().scale() <= MAX_SHARE_DECIMALS);
    share.ok_or_else(|| InvalidValue(Message::new("argument-share").with("limit", MAX_SHARE_DECIMALS)))
}

/// Endorses a contract.
pub fn run(arguments: &Arguments, screen: &Screen) -> Result<Outcome, Error> {
    let request = request(arguments, screen)?;
    let mut book = arguments.book.open(arguments.dry_run, "endorse")?;
    let endorsed = {
        let bar = Bar::new(screen);
        endorse(&mut book, &request, &bar)?
    };
    screen.record_total("number", request.number.as_str());
    let endorsement = match endorsed {
        Endorsed::Refused(roster) => {
            diagnostics::print(&roster.tables, true, screen);
            screen.note_written(&request.refused);
            screen.refuse(&Message::new("endorse-refused"));
            screen.suggest(Message::new("next-endorse-refused").with("out", request.refused.display().to_string()));
            return Ok(Outcome::Refused);
        }
        Endorsed::Done(endorsement) => endorsement,
    };
    diagnostics::print(&endorsement.roster.tables, false, screen);
    record_totals(&endorsement, screen);
    screen.print(&summary(&endorsement, screen))?;
    screen.answer(&answer(&endorsement, &request))?;
    print_remarks(&endorsement, &request, screen);
    screen.note_written(&endorsement.out);
    if let Some(letters) = &endorsement.without_agreement {
        screen.refuse(&Message::new("agreement-left-out").with("letters", letters.as_str()));
    }
    let next = if request.dry_run { "next-endorse-dry" } else { "next-contract" };
    let portfolio = arguments.book.folder.display().to_string();
    screen.suggest(Message::new(next).with("number", request.number).with("portfolio", portfolio));
    Ok(if endorsement.without_agreement.is_some() { Outcome::SetAside } else { Outcome::Done })
}

/// The request of the arguments.
fn request(arguments: &Arguments, screen: &Screen) -> Result<Request, Error> {
    let [out, refused] = match &arguments.out {
        Some(out) => [out.clone(), refusal_target(out)?],
        None => folders(&arguments.number, arguments.on, &arguments.changes[0]),
    };
    let is_agreement = arguments.documents.contains(&AgreementFormat::Pdf);
    Ok(Request {
        agreement: is_agreement.then(|| arguments.paper.template(Paper::Agreement, screen)).transpose()?,
        number: arguments.number.clone(),
        changes: arguments.changes.clone(),
        on: arguments.on,
        action: arguments.action.map(Action::from),
        with_family: arguments.with_family,
        expense_load: arguments.expense_load,
        dry_run: arguments.dry_run,
        reading: arguments.reading.terms(),
        out,
        out_by_run: arguments.out.is_none(),
        refused,
        language: screen.language,
    })
}

fn answer(endorsement: &Endorsement, request: &Request) -> Answer {
    let (before, after) = (endorsement.state.version(), &endorsement.version);
    Answer {
        number: request.number.clone(),
        tariff: endorsement.tariff.clone(),
        on: endorsement.on.to_string(),
        known: endorsement.known,
        dry_run: request.dry_run,
        joined: endorsement.moves.joined,
        left: endorsement.moves.left,
        changed_plan: endorsement.moves.changed_plan,
        changed_data: endorsement.moves.changed - endorsement.moves.changed_plan,
        insured_before: endorsement.counted[0],
        insured_after: endorsement.counted[1],
        written_before: before.written.into(),
        written_after: after.written.into(),
        charged: endorsement.charged().into(),
        returned: endorsement.returned().into(),
        expenses: endorsement.expenses().into(),
        out: endorsement.out.display().to_string(),
    }
}

/// Prints what an operator has to know beside the result.
fn print_remarks(endorsement: &Endorsement, request: &Request, screen: &Screen) {
    if !endorsement.staying.is_empty() {
        let insured = &endorsement.insured;
        let who = endorsement.staying.iter().filter_map(|at| insured.name.get(*at).map(|name| masked(name)));
        let message = Message::new("endorse-staying").with("count", endorsement.staying.len());
        screen.note(&message.with("who", listed(who)));
    }
    if endorsement.void > 0 {
        screen.note(&Message::new("endorse-void").with("count", endorsement.void));
    }
    if endorsement.known {
        screen.note(&Message::new("endorse-known"));
    } else if request.dry_run {
        screen.note(&Message::new("endorse-dry"));
    }
}

fn record_totals(endorsement: &Endorsement, screen: &Screen) {
    let (before, after) = (endorsement.state.version(), &endorsement.version);
    screen.record_total("joined", endorsement.moves.joined);
    screen.record_total("left", endorsement.moves.left);
    screen.record_total("changed_plan", endorsement.moves.changed_plan);
    screen.record_total("changed_data", endorsement.moves.changed - endorsement.moves.changed_plan);
    screen.record_total("insured", endorsement.counted[1]);
    screen.record_total("charged", endorsement.charged().to_string());
    screen.record_total("returned", endorsement.returned().to_string());
    screen.record_total("expenses", endorsement.expenses().to_string());
    screen.record_total("amount", (after.written - before.written).to_string());
    screen.record_total("known", endorsement.known);
}

/// The changed lines by cause, and the contract before and after.
fn summary(endorsement: &Endorsement, screen: &Screen) -> String {
    let causes = [
        (Cause::Join, "endorse-join"),
        (Cause::Leave, "endorse-leave"),
        (Cause::ChangePlan, "endorse-change-plan"),
        (Cause::Change, "endorse-change"),
        (Cause::Correct, "endorse-correct"),
        (Cause::Headcount, "endorse-headcount"),
    ];
    let rows = causes.into_iter().filter_map(|(cause, name)| {
        let lines: Vec<&ChangedLine> = endorsement.changed_lines.iter().filter(|line| line.cause == cause).collect();
        let sum = |amount: fn(&ChangedLine) -> Kopecks| lines.iter().map(|line| amount(line)).sum();
        let charged = |line: &ChangedLine| if line.end_before.is_none() { line.premium_after } else { Kopecks::ZERO };
        (!lines.is_empty()).then(|| {
            [
                screen.text(name),
                screen.count(lines.len()),
                screen.bare_amount(sum(charged)),
                screen.bare_amount(sum(|line| line.returned)),
                screen.bare_amount(sum(|line| line.expenses)),
                screen.signed_amount(sum(|line| line.premium_after - line.premium_before)),
            ]
        })
    });
    let heading = [
        "endorse-col-action",
        "portfolio-col-lines",
        "endorse-col-charged",
        "endorse-col-returned",
        "endorse-col-expenses",
        "endorse-col-amount",
    ];
    let mut text = screen.table(heading, rows.collect(), 1);
    text.push('\n');
    let (before, after) = (endorsement.state.version(), &endorsement.version);
    let days = if endorsement.on == endorsement.last_day {
        Message::new("endorse-from").with("on", endorsement.on)
    } else {
        Message::new("endorse-between").with("on", endorsement.on).with("last", endorsement.last_day)
    };
    let moves = endorsement.moves;
    let message = Message::new("endorse-done")
        .with("number", endorsement.state.contract.number.as_str())
        .with("days", days)
        .with("joined", screen.count(moves.joined))
        .with("left", screen.count(moves.left))
        .with("changed_plan", screen.count(moves.changed_plan))
        .with("changed_data", screen.count(moves.changed - moves.changed_plan))
        .with("insured_before", screen.count(endorsement.counted[0]))
        .with("insured_after", screen.count(endorsement.counted[1]))
        .with("before", before.written)
        .with("after", after.written);
    text.push_str(&screen.paragraph(&message));
    let _ = writeln!(text, "{}", screen.render(&endorsement.tariff.message()));
    text
}
