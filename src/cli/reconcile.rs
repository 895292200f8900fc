//! `kollektiv reconcile`: the full roster of an employer against the insured of a contract.

use std::path::PathBuf;

use clap::Args;
use jiff::civil::Date;

use crate::base::diagnostic::masked;
use crate::base::error::Error;
use crate::base::messages::Message;
use crate::cli::answer::answer;
use crate::cli::arguments::BookFolder;
use crate::cli::arguments::reading::ReadingArguments;
use crate::cli::diagnostics;
use crate::cli::outcome::Outcome;
use crate::cli::output_folder::default_output;
use crate::cli::progress::Bar;
use crate::cli::screen::{SHOWN_FAULTS, Screen};
use crate::output::folder_name;
use crate::portfolio::reconcile::{Reconciled, Reconciliation, Request, reconcile};
use crate::roster::value::Action;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Number of the contract
    #[arg(value_name = "NUMBER")]
    number: String,
    /// Roster of all who are to be insured, in one file or several
    #[arg(value_name = "ROSTER", required = true)]
    rosters: Vec<PathBuf>,
    /// Day of the changes, such as 2026-12-01
    #[arg(long, value_name = "DAY", value_parser = crate::cli::arguments::parse_day)]
    on: Date,
    #[command(flatten)]
    reading: ReadingArguments,
    #[command(flatten)]
    book: BookFolder,
    /// Folder of the list of changes; output/reconcile-<number>-<day>-<roster> by default, with -refused where the roster has faults
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

answer! {
    /// The answer of `kollektiv reconcile`.
    pub struct Answer {
        /// Number of the contract.
        number: String,
        /// Day of the changes.
        on: String,
        /// Insured who join.
        joined: usize,
        /// Insured who leave.
        left: usize,
        /// Rows that change or correct values.
        changed: usize,
        /// Insured who are the same in both.
        same: usize,
        /// Rows to be settled by hand.
        unclear: usize,
        /// Folder of the list of changes.
        out: String,
    }
}

/// Writes the list of changes and prints what differs.
pub fn run(arguments: &Arguments, screen: &Screen) -> Result<Outcome, Error> {
    let stem = arguments.rosters[0].file_stem().map(|stem| folder_name(&stem.to_string_lossy())).unwrap_or_default();
    let name = format!("reconcile-{}-{}-{stem}", folder_name(&arguments.number), arguments.on);
    let [out, refused] = match &arguments.out {
        Some(out) => [out.clone(), out.clone()],
        None => [default_output(&name), default_output(&format!("{name}-refused"))],
    };
    let request = Request {
        number: arguments.number.clone(),
        rosters: arguments.rosters.clone(),
        on: arguments.on,
        reading: arguments.reading.terms(),
        out,
        refused,
        language: screen.language,
    };
    let book = arguments.book.open()?;
    let reconciled = {
        let bar = Bar::new(screen);
        reconcile(&book, &request, &bar)?
    };
    let reconciliation = match reconciled {
        Reconciled::Refused(roster) => {
            diagnostics::print(&roster.tables, true, screen);
            screen.note_written(&request.refused);
            screen.refuse(&Message::new("reconcile-refused"));
            return Ok(Outcome::Refused);
        }
        Reconciled::Done(reconciliation) => reconciliation,
    };
    diagnostics::print(&reconciliation.roster.tables, false, screen);
    print_result(&request, &reconciliation, screen)?;
    screen.note_written(&request.out);
    if !reconciliation.differences.is_empty() {
        let list = request.out.join("changes.xlsx").display().to_string();
        let portfolio = arguments.book.folder.display().to_string();
        let next = Message::new("next-reconciled").with("number", request.number.as_str()).with("list", list);
        screen.suggest(next.with("portfolio", portfolio));
    }
    Ok(if reconciliation.unclear.is_empty() { Outcome::Done } else { Outcome::SetAside })
}

/// Prints how many join, leave and change, and what is unclear.
fn print_result(request: &Request, reconciliation: &Reconciliation, screen: &Screen) -> Result<(), Error> {
    let count = |meets: fn(Action) -> bool| {
        reconciliation.differences.iter().filter(|difference| meets(difference.action)).count()
    };
    let joined = count(|action| action == Action::Join);
    let left = count(|action| action == Action::Leave);
    let changed = reconciliation.differences.len() - joined - left;
    let message = Message::new("reconcile-done")
        .with("number", request.number.as_str())
        .with("on", reconciliation.on)
        .with("joined", screen.count(joined))
        .with("left", screen.count(left))
        .with("changed", screen.count(changed))
        .with("same", screen.count(reconciliation.same))
        .with("unclear", screen.count(reconciliation.unclear.len()));
    screen.print(&screen.paragraph(&message))?;
    for unclear in reconciliation.unclear.iter().take(SHOWN_FAULTS) {
        let message = match unclear.row {
            Some(row) => Message::new("reconcile-unclear").with("row", row.to_string()),
            None => Message::new("reconcile-unclear-name"),
        };
        screen.refuse(&message.with("name", masked(&unclear.name)).with("reason", unclear.reason.clone()));
    }
    screen.answer(&Answer {
        number: request.number.clone(),
        on: reconciliation.on.to_string(),
        joined,
        left,
        changed,
        same: reconciliation.same,
        unclear: reconciliation.unclear.len(),
        out: request.out.display().to_string(),
    })
}
