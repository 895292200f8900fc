//! `kollektiv portfolio`: lists, shows and verifies the contracts of a portfolio.

pub mod debts;
pub mod export;
pub mod invoices;
pub mod list;
pub mod report;
pub mod runs;
pub mod show;
pub mod statement;
pub mod verify;

use clap::Subcommand;

use crate::base::error::Error;
use crate::cli::arguments::{BookFolder, Common};
use crate::cli::outcome::Outcome;
use crate::cli::screen::Screen;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// List the contracts with their policyholders, premiums and payments
    List {
        #[command(flatten)]
        book: BookFolder,
    },
    /// List the runs: what each was, how many contracts it touched, whether it is annulled
    Runs {
        #[command(flatten)]
        book: BookFolder,
    },
    /// Show one contract: its versions, its money, and its insured and lines on a day
    Show(show::Arguments),
    /// List what is due, paid and overdue on a day, by contract and policyholder, and unpaid additional premiums
    Debts(debts::Arguments),
    /// Make the invoices for what is due on a day and not paid: a PDF with the payment code for each, and a list
    Invoices(invoices::Arguments),
    /// Make the statement of account of a contract between two days, for the signatures of both sides
    Statement(statement::Arguments),
    /// Export contracts, insured, lines, charges and payments as they stand, as Parquet and as a workbook
    Export(export::Arguments),
    /// Report written, earned, unearned, paid and overdue premium, claims and loss ratios on a day, as a workbook and as Parquet
    Report(report::Arguments),
    /// Read every file of the portfolio back and check it against the register and the terms
    Verify {
        #[command(flatten)]
        book: BookFolder,
    },
}

/// Runs one of the commands.
pub fn run(common: &Common, command: &Command, screen: &Screen) -> Result<Outcome, Error> {
    match command {
        Command::List { book } => list::run(&book.open()?, screen),
        Command::Runs { book } => runs::run(&book.open()?, screen),
        Command::Debts(arguments) => debts::run(arguments, screen),
        Command::Invoices(arguments) => invoices::run(arguments, screen),
        Command::Statement(arguments) => statement::run(arguments, screen),
        Command::Export(arguments) => export::run(arguments, screen),
        Command::Report(arguments) => report::run(common, arguments, screen),
        Command::Show(arguments) => show::run(arguments, screen),
        Command::Verify { book } => verify::run(&book.open()?, screen),
    }
}
