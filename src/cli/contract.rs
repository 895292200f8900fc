//! `kollektiv contract`: a file to begin with, and its schema for editors.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;

use clap::Subcommand;
use jiff::civil::Date;

use super::Outcome;
use super::screen::{Screen, result};
use crate::contract::schema::schema;
use crate::contract::template::template;
use crate::error::Error;
use crate::words::Message;

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
            let text = template(number, policyholder, *start);
            match file {
                None => result(&text)?,
                Some(path) => {
                    let made = OpenOptions::new().write(true).create_new(true).open(path);
                    let written = made.and_then(|mut file| file.write_all(text.as_bytes()));
                    written.map_err(|fault| match fault.kind() {
                        std::io::ErrorKind::AlreadyExists => Error::Exists { path: path.clone() },
                        _ => Error::writing(path, fault),
                    })?;
                    screen.note(&screen.say(&Message::new("written-to").with("path", path.display().to_string())));
                }
            }
        }
    }
    Ok(Outcome::Done)
}
