//! `kollektiv tariff export`: prints the file of an edition, or writes its workbook.

use std::path::PathBuf;

use clap::Args;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::cli::arguments::Common;
use crate::cli::screen::{Screen, print_result};
use crate::cli::tariff::edition_arguments::EditionArguments;
use crate::desk::edition_workbook::export_to;

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    edition: EditionArguments,
    /// Write the edition to this new workbook, a sheet for each clause, instead of printing its file
    #[arg(long, value_name = "FILE")]
    xlsx: Option<PathBuf>,
}

/// Prints the file of the edition, or writes its workbook.
pub fn run(common: &Common, arguments: &Arguments, screen: &Screen) -> Result<(), Error> {
    let editions = common.editions()?;
    let tariff = arguments.edition.choose(&editions)?;
    let Some(path) = &arguments.xlsx else { return print_result(&tariff.source.text) };
    export_to(tariff, path)?;
    screen.note(&tariff.id().message());
    screen.note_written(path);
    screen.suggest(Message::new("next-tariff-export").with("file", path.display().to_string()));
    Ok(())
}
