//! `kollektiv tariff`: lists, shows, checks and exports the editions of the tariff.

pub mod check;
pub mod compare;
mod edition_arguments;
pub mod export;
pub mod import;
pub mod list;
pub mod show;

use clap::Subcommand;

use crate::base::error::Error;
use crate::cli::arguments::Common;
use crate::cli::outcome::Outcome;
use crate::cli::screen::Screen;
use edition_arguments::EditionArguments;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// List the editions that price contracts: code, days, status, source and hash
    List,
    /// Show every table of an edition with its clause
    Show(EditionArguments),
    /// Check editions: every gap, overlap and contradiction with its line, and every `[[test]]`
    Check(check::Arguments),
    /// Compare two editions: what differs, clause by clause, and what the later one would do to contracts or a portfolio
    Compare(compare::Arguments),
    /// Print the file of an edition, to start an own one from, or write it as a workbook
    Export(export::Arguments),
    /// Turn a workbook of an edition into its file; each fault is refused with its sheet and cell
    Import(import::Arguments),
}

/// Runs one of the commands.
pub fn run(common: &Common, command: &Command, screen: &Screen) -> Result<Outcome, Error> {
    match command {
        Command::List => list::run(&common.editions()?, screen)?,
        Command::Show(arguments) => show::run(arguments.choose(&common.editions()?)?, screen)?,
        Command::Export(arguments) => export::run(common, arguments, screen)?,
        Command::Import(arguments) => import::run(arguments, screen)?,
        Command::Check(arguments) => return check::run(common, arguments, screen),
        Command::Compare(arguments) => return compare::run(common, arguments, screen),
    }
    Ok(Outcome::Done)
}
