//! The command line: one file a command, which parses its arguments, calls the library and prints the result.
//!
//! The result is printed on standard output, everything else on standard error. Exit codes: 0 done, 1 failed, 2 wrong command line,
//! 3 input refused, 4 done except for what was set aside.

mod arguments;
mod bind;
mod check;
mod clinics;
mod compare;
mod contract;
mod cube;
mod diagnostics;
mod endorse;
mod excerpt;
mod explain;
mod log;
mod outcome;
mod outlook;
mod pay;
mod portfolio;
mod progress;
mod quote;
mod quoting;
mod refuse;
mod report;
mod reprice;
mod screen;
mod table;
mod target;
mod tariff;
mod terminal_text;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::base::error::Error;
use arguments::Common;
use log::Level;
use outcome::{FAILED, Outcome, WRONG_ARGUMENTS};
use screen::Screen;

/// Prices collective contracts of voluntary medical insurance: exact to the kopeck, every factor with its clause of the tariff.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true, max_term_width = 100)]
struct Arguments {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Price a contract and write the result to output/<contract number>
    Quote(quote::Arguments),
    /// Print the diagnostics of a contract and its roster, without a price
    Check(check::Arguments),
    /// Explain a price: every factor with its range, its clause and what chose it
    Explain(explain::Arguments),
    /// Compare two contracts or two quotes: the difference by cause, to the kopeck
    Compare(compare::Arguments),
    /// Find the choices in the tariff's ranges at which a contract costs a given premium
    Target(target::Arguments),
    /// Show how headcount, birthdays until the renewal, and every range move the premium
    Outlook(outlook::Arguments),
    /// Write the exact rates of contracts with their factors as Parquet, for other engines
    Cube(cube::Arguments),
    /// Make documents for people from a quote: Excel, PDF, HTML
    Report(report::Arguments),
    /// Show, check or export an edition of the tariff
    #[command(subcommand)]
    Tariff(tariff::Command),
    /// Price contracts and put them in force in a portfolio
    Bind(bind::Arguments),
    /// Add payments to a portfolio, each once
    Pay(pay::Arguments),
    /// Reprice the contracts of a portfolio after a change of medical prices (§2.3)
    Reprice(reprice::Arguments),
    /// Endorse a contract of a portfolio: insured join, leave or change plans from a day on
    Endorse(endorse::Arguments),
    /// End a contract whose policyholder refuses a change of prices (§2.3)
    Refuse(refuse::Arguments),
    /// List, show or verify the contracts of a portfolio
    #[command(subcommand)]
    Portfolio(portfolio::Command),
    /// Write a contract file to start from, or the JSON schema of contract files
    #[command(subcommand)]
    Contract(contract::Command),
    /// Clinics: lists of attached insured, guarantee letters, registers of services, answers for their desks
    #[command(subcommand)]
    Clinics(clinics::Command),
}

/// Runs the program with these arguments; the first is its name.
#[must_use]
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let (arguments, command) = match Arguments::parse_checked(arguments) {
        Ok(parsed) => parsed,
        Err(fault) => {
            // fails only if the reader of the pipe is gone
            let _ = fault.print();
            return ExitCode::from(if fault.use_stderr() { WRONG_ARGUMENTS } else { 0 });
        }
    };
    let common = &arguments.common;
    let screen = Screen::new(common.language(), common.quiet, common.log.is_some());
    if let Some(threads) = common.threads {
        // fails only if the pool exists, as in a test that runs several commands
        let _ = rayon::ThreadPoolBuilder::new().num_threads(usize::from(threads)).build_global();
    }
    let (level, exit_code) = match arguments.run(&screen) {
        Ok(outcome) => (outcome.level(), outcome.exit_code()),
        Err(error) => {
            screen.print_error(&error);
            (Level::Error, if error.is_refusal() { Outcome::Refused.exit_code() } else { FAILED })
        }
    };
    screen.finish(&command, level, exit_code);
    ExitCode::from(exit_code)
}

impl Arguments {
    /// The arguments without contradictions, and the name of the command.
    fn parse_checked(arguments: impl IntoIterator<Item = OsString>) -> Result<(Self, String), clap::Error> {
        let matches = Self::command().try_get_matches_from(arguments)?;
        let command = matches.subcommand_name().unwrap_or_default().to_owned();
        let arguments = Self::from_arg_matches(&matches)?;
        let contradiction = match &arguments.command {
            Command::Quote(quote) => quote.contradiction(),
            Command::Reprice(reprice) => reprice.contradiction(),
            _ => None,
        };
        match contradiction {
            Some(message) => {
                let message = arguments.common.language().render(&message);
                Err(Self::command().error(ErrorKind::ArgumentConflict, message))
            }
            None => Ok((arguments, command)),
        }
    }

    fn run(self, screen: &Screen) -> Result<Outcome, Error> {
        let common = &self.common;
        match &self.command {
            Command::Quote(arguments) => quote::run(common, arguments, screen),
            Command::Check(arguments) => check::run(common, arguments, screen),
            Command::Explain(arguments) => explain::run(common, arguments, screen),
            Command::Compare(arguments) => compare::run(common, arguments, screen),
            Command::Target(arguments) => target::run(common, arguments, screen),
            Command::Outlook(arguments) => outlook::run(common, arguments, screen),
            Command::Cube(arguments) => cube::run(common, arguments, screen),
            Command::Report(arguments) => report::run(arguments, screen),
            Command::Tariff(command) => tariff::run(common, command, screen),
            Command::Bind(arguments) => bind::run(common, arguments, screen),
            Command::Pay(arguments) => pay::run(arguments, screen),
            Command::Reprice(arguments) => reprice::run(common, arguments, screen),
            Command::Endorse(arguments) => endorse::run(arguments, screen),
            Command::Refuse(arguments) => refuse::run(arguments, screen),
            Command::Portfolio(command) => portfolio::run(command, screen),
            Command::Contract(command) => contract::run(common, command, screen),
            Command::Clinics(command) => clinics::run(common, command, screen),
        }
    }
}
