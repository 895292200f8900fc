//! `kollektiv clinics`: lists of attached insured, guarantee letters, registers of services, answers for the clinics' desks.

pub mod act;
pub mod arguments;
pub mod check;
pub mod export;
pub mod letter;
pub mod lists;
pub mod loyalty;
pub mod route;
pub mod settle;

use clap::Subcommand;

use crate::base::error::Error;
use crate::cli::arguments::Common;
use crate::cli::outcome::Outcome;
use crate::cli::screen::{Screen, print_json};
use crate::clinics::network::schema::schema;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check a file of clinics, and the clinics that contracts name
    Check(check::Arguments),
    /// Print the JSON schema of files of clinics, for editors
    Schema,
    /// Write the lists of attached insured: one workbook for each clinic
    Lists(lists::Arguments),
    /// Issue guarantee letters: PDF documents and a list of them (I23, I47)
    Letter(letter::Arguments),
    /// Adjudicate a clinic's register of services: one verdict a row (I42)
    Settle(settle::Arguments),
    /// Write the act of a month with a clinic: accepted and disputed services, payers, advances (I60)
    Act(act::Arguments),
    /// Write the booked claims as a table for other programs: Parquet and a workbook
    Export(export::Arguments),
    /// Write or look up the insured eligible for the clinics' discount on a day (I41)
    Loyalty(loyalty::Arguments),
    /// Answer a clinic's desk: who pays for a service of an insured on a day
    Route(route::Arguments),
}

/// Runs one of the commands.
pub fn run(common: &Common, command: &Command, screen: &Screen) -> Result<Outcome, Error> {
    match command {
        Command::Check(arguments) => check::run(common, arguments, screen),
        Command::Schema => print_json(&schema()).map(|()| Outcome::Done),
        Command::Lists(arguments) => lists::run(common, arguments, screen),
        Command::Letter(arguments) => letter::run(common, arguments, screen),
        Command::Settle(arguments) => settle::run(common, arguments, screen),
        Command::Act(arguments) => act::run(common, arguments, screen),
        Command::Export(arguments) => export::run(arguments, screen),
        Command::Loyalty(arguments) => loyalty::run(common, arguments, screen),
        Command::Route(arguments) => route::run(common, arguments, screen),
    }
}
