//! `kollektiv check`: the diagnostics of a contract and its roster, without a price.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::cli::arguments::{Common, QuoteSources};
use crate::cli::diagnostics;
use crate::cli::outcome::Outcome;
use crate::cli::quoting::{finish, read_quote, row_counts};
use crate::cli::screen::Screen;
use crate::quote::Status;
use crate::quote::contract::Contract;
use crate::quote::documents::offer;
use crate::quote::files;
use crate::quote::files::Options;
use crate::roster::Roster;

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    pub sources: QuoteSources,
    /// Write the diagnostics and the annotated roster to this folder; nothing is written by default
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Reads a contract and its roster, and prints the diagnostics.
pub fn run(common: &Common, arguments: &Arguments, screen: &Screen) -> Result<Outcome, Error> {
    let Arguments { sources, out } = arguments;
    let options = Options {
        language: screen.language,
        formats: Vec::new(),
        preliminary: sources.preliminary,
        documents: Vec::new(),
        template: offer::template(),
        with_names: false,
    };
    let tariff = common.tariff()?;
    let contract = Contract::open(&sources.contract, &tariff)?;
    let quote = read_quote(sources, &contract, &tariff, screen)?;
    if let Some(out) = out {
        files::write_check(&quote, out, &options)?;
    }
    diagnostics::print(&quote.roster.tables, quote.status == Status::Refused, screen);
    screen.print(&recognised_columns(&quote.roster, screen))?;
    screen.print(&row_counts(&quote, screen))?;
    if let Some(out) = out {
        screen.note_written(out);
    }
    let outcome = finish(&quote, screen);
    let next = match (outcome, out) {
        (Outcome::Refused, Some(_)) => "next-refused",
        (Outcome::Refused, None) => "next-check-out",
        _ => "next-check",
    };
    let out = out.as_ref().map(|out| out.display().to_string()).unwrap_or_default();
    screen.suggest(Message::new(next).with("contract", sources.contract.display().to_string()).with("out", out));
    Ok(outcome)
}

/// The field of each recognised heading, one line a sheet.
fn recognised_columns(roster: &Roster, screen: &Screen) -> String {
    let mut text = String::new();
    for sheet in &roster.tables.sheets {
        let Some(layout) = &sheet.layout else { continue };
        let columns = layout.columns().map(|(field, column)| format!("{} ← «{}»", field.name, layout.headings[column]));
        let columns = columns.collect::<Vec<_>>().join(", ");
        let message = Message::new("columns-understood")
            .with("sheet", sheet.display_name())
            .with("row", layout.header_row.to_string())
            .with("columns", columns);
        let _ = writeln!(text, "{}", screen.render(&message));
    }
    text
}
