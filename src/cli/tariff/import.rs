//! `kollektiv tariff import`: the edition's file of a workbook, proved cell by cell.

use std::path::PathBuf;

use clap::Args;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::cli::screen::Screen;
use crate::desk::edition_workbook::import;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Workbook with a sheet for each clause, as `kollektiv tariff export --xlsx` writes it
    #[arg(value_name = "FILE")]
    workbook: PathBuf,
    /// Write the edition to this new file; printed by default
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Proves the workbook, and prints or writes the edition's file.
pub fn run(arguments: &Arguments, screen: &Screen) -> Result<(), Error> {
    let text = import(&arguments.workbook)?;
    screen.write_or_print(&text, arguments.out.as_deref())?;
    if let Some(file) = &arguments.out {
        screen.suggest(Message::new("next-tariff").with("file", file.display().to_string()));
    }
    Ok(())
}
