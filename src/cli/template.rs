//! `kollektiv report template`: the template of the offer, to begin an own one with.

use std::path::PathBuf;

use clap::Subcommand;

use crate::base::error::Error;
use crate::cli::Outcome;
use crate::cli::screen::Screen;
use crate::quote::documents::offer::Template;

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
