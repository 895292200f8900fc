//! `kollektiv contract`: a file to begin with, and its schema for editors.

use std::path::PathBuf;

use clap::Subcommand;
use jiff::civil::Date;

use super::Outcome;
use super::screen::{Screen, result};
use crate::contract::schema::schema;
use crate::contract::template::template;
use crate::error::Error;

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
pub fn run(command: &Command, screen: &Screen) -> Result<Outcome, Error> {
    match command {
        Command::Schema => result(&format!("{:#}\n", schema()))?,
        Command::New { file, number, policyholder, start } => {
            screen.put(&template(number, policyholder, *start), file.as_deref())?;
        }
    }
    Ok(Outcome::Done)
}
