//! `kollektiv endorse`: who joins a contract, leaves it or changes plans from a day on.

use std::path::{Path, PathBuf};

use clap::Args;
use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::money::{Kopecks, decimal_as_written};
use crate::cli::portfolio::{Book, count};
use crate::cli::progress::Bar;
use crate::cli::screen::{Screen, table};
use crate::cli::{Outcome, diagnostics, unreadable};
use crate::portfolio::Portfolio;
use crate::portfolio::endorse::rewrite::{Cause, TouchedLine};
use crate::portfolio::endorse::{Endorsed, Endorsement, Request, endorse, folders};
use crate::quote::contract::MAX_SHARE_DECIMALS;

#[derive(Debug, Args)]
pub struct Arguments {
    /// The number of the contract
    #[arg(value_name = "NUMBER")]
    number: String,
    /// The list of changes: a roster with one column more, what to do
    #[arg(value_name = "CHANGES.xlsx")]
    changes: PathBuf,
    /// The first day of the changes, written YYYY-MM-DD
    #[arg(long, value_name = "DAY")]
    on: Date,
    #[command(flatten)]
    book: Book,
    /// The share of expenses of those who leave, where the contract names none
    #[arg(long, value_name = "SHARE", value_parser = share)]
    expense_load: Option<Decimal>,
    /// Write the same files and leave the book alone
    #[arg(long)]
    dry_run: bool,
    /// The folder of the result, instead of output/endorse-<number>-<day>, or of a list that is refused output/endorse-<number>-<day>-refused
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// A share from 0 to 1.
fn share(text: &str) -> Result<Decimal, String> {
    let share = decimal_as_written(text)
        .filter(|share| *share <= Decimal::ONE && share.normalize().scale() <= MAX_SHARE_DECIMALS);
    share.ok_or_else(|| unreadable(&Message::new("argument-share").with("limit", MAX_SHARE_DECIMALS)))
}

/// Endorses a contract.
pub fn run(arguments: &Arguments, screen: &Screen) -> Result<Outcome, Error> {
    let [out, refused] = match &arguments.out {
        Some(out) => [out.clone(), out.clone()],
        None => folders(&arguments.number, arguments.on),
    };
    let request = Request {
        number: arguments.number.clone(),
        changes: arguments.changes.clone(),
        on: arguments.on,
        expense_load: arguments.expense_load,
        dry_run: arguments.dry_run,
        out,
        refused,
        language: screen.language,
    };
    // a dry run changes nothing, so that it needs no turn
    let mut book = arguments.book.to_change(arguments.dry_run, "endorse")?;
    let endorsed = {
        let bar = Bar::new(screen);
        endorse(&mut book, &request, &bar)?
    };
    let written_to = |path: &Path| screen.say(&Message::new("written-to").with("path", path.display().to_string()));
    screen.total("number", request.number.as_str());
    let endorsement = match endorsed {
        Endorsed::Refused(roster) => {
            diagnostics::show(&roster, true, screen);
            screen.note(&written_to(&request.refused));
            screen.refuse(&screen.words("endorse-refused"));
            return Ok(Outcome::Refused);
        }
        Endorsed::Done(endorsement) => endorsement,
    };
    diagnostics::show(&endorsement.roster, false, screen);
    total(&endorsement, screen);
    screen.table(&summary(&endorsement, screen))?;
    if endorsement.known {
        screen.note(&screen.words("endorse-known"));
    } else if request.dry_run {
        screen.note(&screen.words("endorse-dry"));
    }
    screen.note(&written_to(&request.out));
    Ok(Outcome::Done)
}

fn total(endorsement: &Endorsement, screen: &Screen) {
    let (before, after) = (endorsement.standing.version(), &endorsement.version);
    screen.total("joined", endorsement.moves.joined);
    screen.total("left", endorsement.moves.left);
    screen.total("changed_plan", endorsement.moves.changed);
    screen.total("insured", after.insured);
    screen.total("charged", endorsement.charged().to_string());
    screen.total("returned", endorsement.returned().to_string());
    screen.total("expenses", endorsement.expenses().to_string());
    screen.total("amount", (after.written - before.written).to_string());
    screen.total("known", endorsement.known);
}

/// What has been done to lines, by cause, and how the contract stands.
fn summary(endorsement: &Endorsement, screen: &Screen) -> String {
    let causes = [
        (Cause::Join, "endorse-join"),
        (Cause::Leave, "endorse-leave"),
        (Cause::ChangePlan, "endorse-change-plan"),
        (Cause::Headcount, "endorse-headcount"),
    ];
    let rows = causes.into_iter().filter_map(|(cause, name)| {
        let lines: Vec<&TouchedLine> = endorsement.touched.iter().filter(|line| line.cause == cause).collect();
        let sum = |amount: fn(&TouchedLine) -> Kopecks| lines.iter().map(|line| amount(line)).sum();
        let charged = |line: &TouchedLine| if line.end_before.is_none() { line.premium_after } else { Kopecks::ZERO };
        let bare = |amount| screen.language.bare_amount(amount);
        (!lines.is_empty()).then(|| {
            [
                screen.words(name),
                count(screen, lines.len() as u64),
                bare(sum(charged)),
                bare(sum(|line| line.returned)),
                bare(sum(|line| line.expenses)),
                screen.difference(sum(|line| line.premium_after - line.premium_before)),
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
    let mut text = table(heading.map(|name| screen.words(name)), rows.collect(), 1);
    text.push('\n');
    let (before, after) = (endorsement.standing.version(), &endorsement.version);
    let message = Message::new("endorse-done")
        .with("number", endorsement.standing.contract.number.as_str())
        .with("on", endorsement.on.to_string())
        .with("joined", screen.language.count(endorsement.moves.joined))
        .with("left", screen.language.count(endorsement.moves.left))
        .with("changed", screen.language.count(endorsement.moves.changed))
        .with("insured_before", count(screen, before.insured.into()))
        .with("insured_after", count(screen, after.insured.into()))
        .with("before", before.written)
        .with("after", after.written);
    text.push_str(&screen.paragraph(&message));
    text
}

impl Book {
    /// The book, to be changed, or only read.
    fn to_change(&self, is_read_only: bool, purpose: &str) -> Result<Portfolio, Error> {
        if is_read_only { Portfolio::open(&self.folder) } else { Portfolio::change(&self.folder, purpose) }
    }
}
