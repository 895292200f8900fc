//! `kollektiv pay`: adds payments to a portfolio, each once.

use std::path::PathBuf;

use clap::Args;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::cli::answer::{Money, answer};
use crate::cli::arguments::BookToChange;
use crate::cli::log::{Event, Level};
use crate::cli::outcome::Outcome;
use crate::cli::screen::{Screen, first_rows};
use crate::portfolio::pay::pay;
use crate::portfolio::payments::Payments;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Table of payments with contract number, date and amount: .xlsx, .xls, .xlsb, .ods, .csv or .txt
    #[arg(value_name = "PAYMENTS.csv")]
    payments: PathBuf,
    #[command(flatten)]
    book: BookToChange,
    /// Print the same result, but leave the portfolio unchanged
    #[arg(long)]
    dry_run: bool,
}

answer! {
    /// The answer of `kollektiv pay`.
    pub struct Answer {
        /// Payments new to the portfolio.
        new: usize,
        /// Their sum.
        amount: Money,
        /// Payments that the portfolio had already, or that the list repeats.
        known: usize,
        /// Rows that are wrong, with reasons on standard error.
        wrong: usize,
    }
}

/// Adds the payments that the portfolio does not have.
pub fn run(arguments: &Arguments, screen: &Screen) -> Result<Outcome, Error> {
    let payments = Payments::open(&arguments.payments)?;
    let mut book = arguments.book.open(arguments.dry_run, "pay")?;
    let paid = pay(&mut book, &payments, arguments.dry_run)?;
    for problem in payments.problems.iter().chain(&paid.problems) {
        let event = Event::new(Level::Error, "payment").with("row", problem.row).with("reason", problem.message.name());
        screen.report(event, &problem.render(&arguments.payments, screen.language));
    }
    for doubt in &paid.doubts {
        let event = Event::new(Level::Warning, "payment").with("row", doubt.row).with("reason", doubt.message.name());
        screen.report(event, &doubt.render(&arguments.payments, screen.language));
    }
    for note in &payments.notes {
        screen.report(Event::new(Level::Warning, note.name()), &screen.render(note));
    }
    for (row, day) in &paid.reversals {
        screen.note(&Message::new("pay-reversed").with("row", row.to_string()).with("day", *day));
    }
    if !payments.sums.is_empty() {
        let rows = first_rows(&payments.sums);
        screen.note(&Message::new("pay-sums").with("count", payments.sums.len()).with("rows", rows));
    }
    if !paid.known.is_empty() {
        screen.note(&Message::new("pay-known").with("rows", first_rows(&paid.known)));
    }
    let wrong = payments.problems.len() + paid.problems.len();
    screen.record_total("new", paid.new);
    screen.record_total("amount", paid.amount.to_string());
    screen.record_total("known", paid.known.len());
    screen.record_total("doubted", paid.doubts.len());
    screen.record_total("wrong", wrong);
    let message = Message::new("pay-done")
        .with("new", screen.count(paid.new))
        .with("amount", paid.amount)
        .with("known", screen.count(paid.known.len()))
        .with("wrong", screen.count(wrong));
    screen.print(&screen.paragraph(&message))?;
    screen.answer(&Answer { new: paid.new, amount: paid.amount.into(), known: paid.known.len(), wrong })?;
    if arguments.dry_run {
        screen.note(&Message::new("pay-dry"));
    }
    screen.suggest(Message::new("next-book").with("portfolio", arguments.book.folder.display().to_string()));
    Ok(match (wrong, paid.new + paid.known.len()) {
        (0, _) => Outcome::Done,
        (_, 0) => Outcome::Refused,
        _ => Outcome::SetAside,
    })
}
