//! `kollektiv portfolio export`: the tables of a portfolio for other programs.

use std::path::PathBuf;

use clap::Args;
use jiff::civil::Date;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::cli::answer::{Money, answer};
use crate::cli::arguments::BookFolder;
use crate::cli::outcome::Outcome;
use crate::cli::progress::Bar;
use crate::cli::screen::Screen;
use crate::clinics::export::{Claims, write_claims};
use crate::output::folder::Folder;
use crate::portfolio::export::table::Table as _;
use crate::portfolio::export::writer::Sheets;
use crate::portfolio::export::{Request, export};

#[derive(Debug, Args)]
pub struct Arguments {
    /// Export the portfolio as of this day, such as 2026-12-01
    #[arg(long, value_name = "DAY", value_parser = crate::cli::arguments::parse_day)]
    as_of: Date,
    /// Export the portfolio as it was known after this run
    #[arg(long, value_name = "RUN")]
    known_at: Option<i64>,
    /// Folder of the tables
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
    #[command(flatten)]
    book: BookFolder,
}

answer! {
    /// The answer of `kollektiv portfolio export`.
    pub struct Answer {
        /// Rows of contracts.
        contracts: usize,
        /// Rows of insured.
        insured: usize,
        /// Rows of lines.
        lines: usize,
        /// Rows of charges.
        charges: usize,
        /// Rows of payments.
        payments: usize,
        /// Rows of claims of the clinics.
        claims: usize,
        /// Written premium: the sum of the lines.
        written: Money,
        /// Paid premium.
        paid: Money,
        /// Folder of the tables.
        out: String,
    }
}

/// Exports the portfolio and prints the number of rows.
pub fn run(arguments: &Arguments, screen: &Screen) -> Result<Outcome, Error> {
    let book = arguments.book.open()?;
    let request = Request { as_of: arguments.as_of, known_at: arguments.known_at, out: &arguments.to };
    let mut exported_claims = 0;
    let exported = {
        let bar = Bar::new(screen);
        let mut claims = |folder: &Folder, sheets: &mut Sheets, before| {
            exported_claims = write_claims(&book, folder, sheets, before, Some(arguments.as_of))?.claims;
            Ok(Claims::schema())
        };
        export(&book, &request, &mut claims, &bar)?
    };
    screen.record_total("contracts", exported.contracts);
    screen.record_total("lines", exported.lines);
    screen.record_total("written", exported.written.to_string());
    let message = Message::new("export-done")
        .with("contracts", screen.count(exported.contracts))
        .with("insured", screen.count(exported.insured))
        .with("lines", screen.count(exported.lines))
        .with("payments", screen.count(exported.payments))
        .with("claims", screen.count(exported_claims))
        .with("written", exported.written)
        .with("paid", exported.paid);
    screen.print(&screen.paragraph(&message))?;
    screen.answer(&Answer {
        contracts: exported.contracts,
        insured: exported.insured,
        lines: exported.lines,
        charges: exported.charges,
        payments: exported.payments,
        claims: exported_claims,
        written: exported.written.into(),
        paid: exported.paid.into(),
        out: arguments.to.display().to_string(),
    })?;
    screen.note_exported(&arguments.to, exported.has_workbook);
    Ok(Outcome::Done)
}
