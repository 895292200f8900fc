//! `kollektiv tariff`: lists, shows, checks and exports the editions of the tariff.

pub mod check;
pub mod compare;
pub mod list;
pub mod show;

use std::sync::Arc;

use clap::{Args, Subcommand};

use crate::base::error::Error;
use crate::base::messages::{Message, listed};
use crate::cli::arguments::Common;
use crate::cli::outcome::Outcome;
use crate::cli::screen::{Screen, print_result};
use crate::tariff::{Catalogue, Tariff};

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
    /// Print the file of an edition, to start an own one from
    Export(EditionArguments),
}

#[derive(Debug, Args)]
pub struct EditionArguments {
    /// Code of the edition; needed if there are several
    #[arg(value_name = "CODE")]
    code: Option<String>,
}

impl EditionArguments {
    /// The edition with the code, or the only one.
    fn choose<'e>(&self, editions: &'e Catalogue) -> Result<&'e Tariff, Error> {
        let found = self.code.as_ref().map_or_else(|| editions.only(), |code| editions.by_code(code));
        found.map(Arc::as_ref).ok_or_else(|| {
            let known = listed(editions.editions().iter().map(|tariff| &tariff.edition.code));
            let message = match &self.code {
                Some(code) => Message::new("edition-unknown").with("edition", code.as_str()),
                None => Message::new("edition-code-needed"),
            };
            Error::Unlawful { reason: message.with("known", known) }
        })
    }
}

/// Runs one of the commands.
pub fn run(common: &Common, command: &Command, screen: &Screen) -> Result<Outcome, Error> {
    match command {
        Command::List => list::run(&common.editions()?, screen)?,
        Command::Show(arguments) => show::run(arguments.choose(&common.editions()?)?, screen)?,
        Command::Export(arguments) => print_result(&arguments.choose(&common.editions()?)?.source.text)?,
        Command::Check(arguments) => return check::run(common, arguments, screen),
        Command::Compare(arguments) => return compare::run(common, arguments, screen),
    }
    Ok(Outcome::Done)
}
