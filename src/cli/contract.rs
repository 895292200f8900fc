//! `kollektiv contract`: a file to begin with, and its schema for editors.

use std::path::PathBuf;

use clap::Subcommand;
use jiff::civil::Date;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::source_file::SourceFile;
use crate::cli::screen::{Screen, result};
use crate::cli::{Common, Outcome};
use crate::quote::contract::Contract;
use crate::quote::contract::schema::schema;
use crate::quote::contract::template::template;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write a commented contract file to start from
    New {
        /// The new file; it must not be there yet. Without it the text goes to standard output
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
        /// The number of the contract
        #[arg(long, default_value = "DMS-0001")]
        number: String,
        /// The policyholder
        #[arg(long, default_value = "ООО «Страхователь»")]
        policyholder: String,
        /// The first day, as 2026-12-01
        #[arg(long, value_name = "DAY")]
        start: Date,
    },
    /// Print the JSON schema of contract files
    Schema,
}

/// Runs one of the commands.
pub fn run(common: &Common, command: &Command, screen: &Screen) -> Result<Outcome, Error> {
    match command {
        Command::Schema => result(&format!("{:#}\n", schema()))?,
        Command::New { file, number, policyholder, start } => {
            let text = template(screen.language, number, policyholder, *start);
            let path = file.clone().unwrap_or_else(|| PathBuf::from("contract.toml"));
            // a file that `check` would refuse is no file to start from
            Contract::read(&SourceFile { path, text: text.clone() }, &common.tariff()?).map_err(unlawful)?;
            screen.put(&text, file.as_deref())?;
        }
    }
    Ok(Outcome::Done)
}

/// What to say where the arguments make no lawful contract: it is they that are wrong, and no file.
fn unlawful(fault: Error) -> Error {
    match fault {
        Error::Refused { mut faults, .. } if !faults.is_empty() => {
            let reason = faults.swap_remove(0).message;
            Error::Unlawful { reason: Message::new("contract-new-refused").with("reason", reason) }
        }
        other => other,
    }
}
