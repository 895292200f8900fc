//! `kollektiv contract`: a contract file to start from, and the JSON schema of contract files.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use jiff::civil::Date;

use crate::base::calendar::Period;
use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::source_file::SourceFile;
use crate::cli::arguments::Common;
use crate::cli::outcome::Outcome;
use crate::cli::screen::{Screen, print_json};
use crate::quote::contract::keys::schema;
use crate::quote::contract::template::{last_possible, template};
use crate::quote::contract::{Contract, no_edition_message};
use crate::quote::proposal::{FoundFile, Heading, contract_text, search_file};
use crate::quote::rosters::expand;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write a contract file with comments to start from
    New {
        /// New file; standard output by default. An existing file is not replaced
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
        /// Number of the contract
        #[arg(long, default_value = "DMS-0001")]
        number: String,
        /// Name of the policyholder
        #[arg(long, default_value = "ООО «Страхователь»")]
        policyholder: String,
        /// First day of the contract, such as 2026-12-01
        #[arg(long, value_name = "DAY", value_parser = crate::cli::arguments::parse_day)]
        start: Date,
        /// Rosters, or patterns: what they state is filled in, and what is open is a question in a comment
        #[arg(long, value_name = "FILE", num_args = 1..)]
        roster: Vec<String>,
    },
    /// Print the JSON schema of contract files, for editors
    Schema,
}

/// Runs one of the commands.
pub fn run(common: &Common, command: &Command, screen: &Screen) -> Result<Outcome, Error> {
    match command {
        Command::Schema => print_json(&schema())?,
        Command::New { file, number, policyholder, start, roster } if !roster.is_empty() => {
            let folder = file.as_deref().and_then(Path::parent).unwrap_or(Path::new(""));
            let heading = Heading { number, policyholder, days: (*start, last_possible(*start)), folder };
            let editions = common.editions()?;
            let tariff = editions
                .edition_for(None, *start)
                .map_err(|fault| Error::Unlawful { reason: no_edition_message(&fault, None, *start, &editions) })?;
            let text = contract_text(&search_rosters(roster, heading.days)?, &heading, tariff, screen.language);
            write_contract(&text, file.as_deref(), screen)?;
        }
        Command::New { file, number, policyholder, start, .. } => {
            let text = template(screen.language, number, policyholder, *start);
            let path = file.clone().unwrap_or_else(|| PathBuf::from("contract.toml"));
            // the new file must pass `kollektiv check`
            Contract::read_by(&SourceFile { path, text: text.clone() }, &common.editions()?).map_err(argument_error)?;
            write_contract(&text, file.as_deref(), screen)?;
        }
    }
    Ok(Outcome::Done)
}

/// Searches the files that the names or patterns of the command line select.
fn search_rosters(names: &[String], (first, last): (Date, Date)) -> Result<Vec<FoundFile>, Error> {
    let days = Period::new(first, last).unwrap_or(Period::of_day(first));
    let paths = names.iter().map(|name| expand(Path::new(""), name)).collect::<Result<Vec<_>, _>>()?;
    let search = |path: &PathBuf| {
        let refused = |reason: Message| {
            Message::new("proposal-unreadable").with("file", path.display().to_string()).with("reason", reason)
        };
        search_file(path, days).map_err(|fault| Error::Unlawful { reason: refused(fault.message()) })
    };
    paths.concat().iter().map(search).collect()
}

fn write_contract(text: &str, file: Option<&Path>, screen: &Screen) -> Result<(), Error> {
    screen.write_or_print(text, file)?;
    if let Some(file) = file {
        screen.suggest(Message::new("next-contract-new").with("contract", file.display().to_string()));
    }
    Ok(())
}

/// The error of arguments that make an invalid contract; the user has no file to correct.
fn argument_error(fault: Error) -> Error {
    match fault {
        Error::Refused { mut faults, .. } if !faults.is_empty() => {
            let reason = faults.swap_remove(0).message;
            Error::Unlawful { reason: Message::new("contract-new-refused").with("reason", reason) }
        }
        other => other,
    }
}
