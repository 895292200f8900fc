//! `kollektiv contract`: a contract file to start from, and the JSON schema of contract files.

use std::path::PathBuf;

use clap::Subcommand;
use jiff::civil::Date;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::source_file::SourceFile;
use crate::cli::arguments::Common;
use crate::cli::outcome::Outcome;
use crate::cli::screen::{Screen, print_json};
use crate::quote::contract::Contract;
use crate::quote::contract::keys::schema;
use crate::quote::contract::template::template;

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
    },
    /// Print the JSON schema of contract files, for editors
    Schema,
}

/// Runs one of the commands.
pub fn run(common: &Common, command: &Command, screen: &Screen) -> Result<Outcome, Error> {
    match command {
        Command::Schema => print_json(&schema())?,
        Command::New { file, number, policyholder, start } => {
            let text = template(screen.language, number, policyholder, *start);
            let path = file.clone().unwrap_or_else(|| PathBuf::from("contract.toml"));
            // the new file must pass `kollektiv check`
            Contract::read(&SourceFile { path, text: text.clone() }, &common.tariff()?).map_err(argument_error)?;
            screen.write_or_print(&text, file.as_deref())?;
            if let Some(file) = file {
                screen.suggest(Message::new("next-contract-new").with("contract", file.display().to_string()));
            }
        }
    }
    Ok(Outcome::Done)
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
