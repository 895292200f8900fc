//! `kollektiv pay`: adds payments to a portfolio, each once.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::cli::answer::{Money, answer};
use crate::cli::arguments::BookToChange;
use crate::cli::arguments::reading::field_and_heading;
use crate::cli::column_uses::{UsedColumn, column_tables, used_columns};
use crate::cli::diagnostics::skipped_rows;
use crate::cli::log::{Event, Level};
use crate::cli::outcome::Outcome;
use crate::cli::screen::{Screen, first_rows};
use crate::cli::usage::InvalidValue;
use crate::portfolio::pay::{Paid, pay};
use crate::portfolio::payments::{Field, ListTerms, Payments};
use crate::tariff::EditionId;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Table of payments with contract number, date and amount (.xlsx, .xls, .xlsb, .ods, .csv or .txt), or the exchange file
    /// `1CClientBankExchange` of a bank, with the contract's number in the purpose of payment
    #[arg(value_name = "PAYMENTS.csv")]
    payments: PathBuf,
    #[command(flatten)]
    book: BookToChange,
    /// Heading of a field in this table, such as `number=Contract`; can be repeated
    #[arg(long = "column", value_name = "FIELD=HEADING", value_parser = parse_column)]
    columns: Vec<(Field, String)>,
    /// Heading of a column of this table that is ignored; can be repeated
    #[arg(long = "ignore-column", value_name = "HEADING")]
    ignored_columns: Vec<String>,
    /// Name of a sheet that is ignored; can be repeated
    #[arg(long = "ignore-sheet", value_name = "NAME")]
    ignored_sheets: Vec<String>,
    /// Print the same result and the use of each column, but leave the portfolio unchanged
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
        /// Payments among them that are booked but doubted, with reasons on standard error.
        doubted: usize,
        /// Sum of these.
        doubted_amount: Money,
        /// Payments that the portfolio had already, or that the list repeats.
        known: usize,
        /// Their sum.
        known_amount: Money,
        /// Rows that are wrong, with reasons on standard error.
        wrong: usize,
        /// Payments among them that can be read, but belong to no contract, or reverse nothing.
        unmatched: usize,
        /// Sum of these.
        unmatched_amount: Money,
        /// Sum of all payments that can be read: `amount`, `known_amount` and `unmatched_amount` together.
        total: Money,
        /// Payments that the own accounts made; they are not booked.
        outgoing: usize,
        /// Sum of these.
        outgoing_amount: Money,
        /// What every column of a table with a heading is used for.
        columns: Vec<UsedColumn>,
        /// Editions of the tariff that the paid contracts were bound with.
        tariffs: Vec<EditionId>,
    }
}

impl Arguments {
    /// What the options state of the table.
    fn terms(&self) -> ListTerms {
        ListTerms {
            columns: self.columns.clone(),
            ignored: self.ignored_columns.clone(),
            ignored_sheets: self.ignored_sheets.clone(),
        }
    }
}

/// Parses the name of a field and its heading: `number=Договор`.
fn parse_column(text: &str) -> Result<(Field, String), InvalidValue> {
    field_and_heading(text, Field::ALL, Field::name)
}

/// Adds the payments that the portfolio does not have.
pub fn run(arguments: &Arguments, screen: &Screen) -> Result<Outcome, Error> {
    let payments = Payments::open(&arguments.payments, &arguments.terms())?;
    let mut book = arguments.book.open(arguments.dry_run, "pay")?;
    let paid = pay(&mut book, &payments, arguments.dry_run)?;
    report(&arguments.payments, &payments, &paid, screen);
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
    let editions = paid.tariffs.iter().map(|tariff| format!("{}\n", screen.render(&tariff.message())));
    screen.print(&editions.chain([screen.paragraph(&message)]).collect::<String>())?;
    if arguments.dry_run {
        screen.print(&column_tables(&payments.tables, screen))?;
    }
    if payments.is_exchange && payments.problems.is_empty() {
        screen.print(&outcomes(&payments, &paid, screen))?;
    }
    screen.answer(&Answer {
        new: paid.new,
        amount: paid.amount.into(),
        doubted: paid.doubts.len(),
        doubted_amount: paid.doubted_amount.into(),
        known: paid.known.len(),
        known_amount: paid.known_amount.into(),
        wrong,
        unmatched: paid.problems.len(),
        unmatched_amount: paid.unmatched_amount.into(),
        total: paid.total().into(),
        outgoing: payments.outgoing.0,
        outgoing_amount: payments.outgoing.1.into(),
        columns: used_columns(&payments.tables),
        tariffs: paid.tariffs.clone(),
    })?;
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

/// Reports every row that is wrong, doubted, reversed, passed over or known.
fn report(file: &Path, payments: &Payments, paid: &Paid, screen: &Screen) {
    for problem in payments.problems.iter().chain(&paid.problems) {
        let event = Event::new(Level::Error, "payment").with("row", problem.row).with("reason", problem.message.name());
        screen.report(event, &problem.render(file, screen.language));
    }
    for doubt in &paid.doubts {
        let event = Event::new(Level::Warning, "payment").with("row", doubt.row).with("reason", doubt.message.name());
        screen.report(event, &doubt.render(file, screen.language));
    }
    for note in &payments.notes {
        screen.report(Event::new(Level::Warning, note.name()), &screen.render(note));
    }
    for (row, day) in &paid.reversals {
        screen.note(&Message::new("pay-reversed").with("row", row.to_string()).with("day", *day));
    }
    if let Some(skipped) = skipped_rows(&payments.tables, "pay-skipped", screen) {
        screen.note(&skipped);
    }
    if !payments.is_exchange && payments.outgoing.0 > 0 {
        let (count, amount) = payments.outgoing;
        screen.note(&Message::new("pay-outgoing").with("count", count).with("amount", amount));
    }
    if !paid.known.is_empty() {
        screen.note(&Message::new("pay-known").with("rows", first_rows(&paid.known)));
    }
}

/// The outcomes of an exchange file, which add up to its receipts.
fn outcomes(payments: &Payments, paid: &Paid, screen: &Screen) -> String {
    let booked = (paid.new - paid.doubts.len(), paid.amount - paid.doubted_amount);
    let rows = [
        ("pay-outcome-booked", booked),
        ("pay-outcome-doubted", (paid.doubts.len(), paid.doubted_amount)),
        ("pay-outcome-known", (paid.known.len(), paid.known_amount)),
        ("pay-outcome-unmatched", (paid.problems.len(), paid.unmatched_amount)),
        ("pay-outcome-total", (payments.transfers.len(), paid.total())),
        ("pay-outcome-outgoing", payments.outgoing),
    ];
    let row = |(name, (count, amount))| [screen.text(name), screen.count(count), screen.bare_amount(amount)];
    let heading = ["portfolio-col-what", "pay-col-documents", "portfolio-col-amount"];
    screen.table(heading, rows.into_iter().map(row).collect(), 1)
}
