//! `kollektiv report template`: the template of the offer, to begin an own one with.

use std::path::PathBuf;

use clap::Subcommand;

use super::Outcome;
use super::screen::Screen;
use crate::error::Error;
use crate::report::offer::Template;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write the built-in template of the offer, to begin an own one with
    Export {
        /// The new file; it must not be there yet. Without it the text goes to standard output
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
    },
}

/// Runs one of the commands.
pub fn run(command: &Command, screen: &Screen) -> Result<Outcome, Error> {
    let Command::Export { file } = command;
    screen.put(Template::built_in().text(), file.as_deref())?;
    Ok(Outcome::Done)
}
