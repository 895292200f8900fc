//! `kollektiv clinics export`: the booked claims for other programs.

use std::path::PathBuf;

use clap::Args;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::cli::answer::{Money, answer};
use crate::cli::arguments::BookFolder;
use crate::cli::outcome::Outcome;
use crate::cli::screen::Screen;
use crate::clinics::export::export;

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    book: BookFolder,
    /// Folder of the table
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
}

answer! {
    /// The answer of `kollektiv clinics export`.
    pub struct Answer {
        /// Registers in effect.
        registers: usize,
        /// Claims.
        claims: usize,
        /// Their amount.
        amount: Money,
        /// Part of the insurer.
        insurer: Money,
        /// Part that is paid in advance.
        advance: Money,
        /// Folder of the table.
        out: String,
    }
}

/// Exports the claims of the registers in effect and prints their number.
pub fn run(arguments: &Arguments, screen: &Screen) -> Result<Outcome, Error> {
    let portfolio = arguments.book.open()?;
    let exported = export(&portfolio, &arguments.to)?;
    let shares = exported.shares;
    screen.record_total("claims", exported.claims);
    let message = Message::new("claims-exported")
        .with("registers", screen.count(exported.registers))
        .with("claims", screen.count(exported.claims))
        .with("amount", shares.total())
        .with("insurer", shares.insurer)
        .with("advance", shares.advance);
    screen.print(&screen.paragraph(&message))?;
    screen.answer(&Answer {
        registers: exported.registers,
        claims: exported.claims,
        amount: shares.total().into(),
        insurer: shares.insurer.into(),
        advance: shares.advance.into(),
        out: arguments.to.display().to_string(),
    })?;
    screen.note_exported(&arguments.to, exported.has_workbook);
    Ok(Outcome::Done)
}
