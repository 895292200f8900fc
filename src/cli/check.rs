//! `kollektiv check`: the diagnostics of a contract and its roster, without a price.

use std::path::PathBuf;

use clap::Args;

use crate::base::diagnostic::Diagnostic;
use crate::base::error::Error;
use crate::base::messages::Message;
use crate::cli::answer::answer;
use crate::cli::arguments::{Common, QuoteSources};
use crate::cli::column_uses::{UsedColumn, column_tables, used_columns};
use crate::cli::diagnostics;
use crate::cli::outcome::Outcome;
use crate::cli::quoting::{edition_line, finish, open_contract, read_quote, row_counts};
use crate::cli::screen::Screen;
use crate::quote::diagnostic_text::place_text;
use crate::quote::documents::offer;
use crate::quote::files;
use crate::quote::files::FilesRequest;
use crate::quote::remarks::{Remark, remarks};
use crate::quote::{Quote, Status};
use crate::tariff::EditionId;

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
    let request = FilesRequest {
        language: screen.language,
        formats: Vec::new(),
        preliminary: sources.preliminary,
        documents: Vec::new(),
        template: offer::template(),
        with_names: false,
    };
    let (contract, tariff) = open_contract(sources, &common.editions()?)?;
    let quote = read_quote(sources, &contract, &tariff, screen)?;
    let written = out.as_deref().map(|out| files::write_check(&quote, out, &request)).transpose()?;
    diagnostics::print(&quote.roster.tables, quote.status == Status::Refused, screen);
    let remarks = remarks(&quote);
    for remark in &remarks {
        screen.note_text(&remark_text(remark, screen));
    }
    screen.print(&column_tables(&quote.roster.tables, screen))?;
    screen.print(&edition_line(quote.tariff, screen))?;
    screen.print(&row_counts(&quote, screen))?;
    screen.answer(&answer(&quote, &remarks, screen))?;
    if let Some(out) = &written {
        screen.note_written(out);
    }
    let outcome = finish(&quote, screen);
    let next = match (outcome, &written) {
        (Outcome::Refused, Some(_)) => "next-refused",
        (Outcome::Refused, None) => "next-check-out",
        _ => "next-check",
    };
    let out = written.as_ref().map(|out| out.display().to_string()).unwrap_or_default();
    screen.suggest(Message::new(next).with("contract", sources.contract.display().to_string()).with("out", out));
    Ok(outcome)
}

answer! {
    /// The answer of `kollektiv check`.
    pub struct Answer {
        /// Number of the contract.
        number: String,
        /// Edition of the tariff that prices it.
        tariff: EditionId,
        /// `priced`, `preliminary` or `refused`: what a quote would be.
        status: String,
        /// Rows of data.
        read: usize,
        /// Rows without an error or a referral.
        priced: usize,
        /// Rows outside the tariff.
        referred: usize,
        /// Rows with an error.
        rejected: usize,
        /// Everything found, in the order of the files.
        diagnostics: Vec<FoundDiagnostic>,
        /// What every column with a heading is used for, in the order of the files.
        columns: Vec<UsedColumn>,
        /// Remarks on the plans, which change no price (I74, I75).
        remarks: Vec<FoundRemark>,
    }
}

answer! {
    struct FoundDiagnostic {
        /// Code, such as `missing-plan`.
        code: String,
        /// `error`, `referral` or `warning`.
        severity: String,
        /// File, sheet, row and cell, in the language of the reader.
        place: String,
        /// What is wrong and what to do.
        message: String,
    }
}

answer! {
    struct FoundRemark {
        /// The rule, such as `I75`.
        rule: String,
        /// What the plan has, with its clauses, and what to do.
        message: String,
    }
}

/// A remark with its rule.
fn remark_text(remark: &Remark, screen: &Screen) -> String {
    let message = screen.render(&remark.message);
    screen.render(&Message::new("remark").with("rule", remark.rule.as_str()).with("message", message))
}

fn answer(quote: &Quote<'_>, remarks: &[Remark], screen: &Screen) -> Answer {
    let tables = &quote.roster.tables;
    let found = |found: &Diagnostic| FoundDiagnostic {
        code: found.code.as_str().to_owned(),
        severity: found.code.severity().as_str().to_owned(),
        place: place_text(tables, found),
        message: screen.render(&found.message),
    };
    let remark =
        |remark: &Remark| FoundRemark { rule: remark.rule.to_string(), message: screen.render(&remark.message) };
    Answer {
        number: quote.contract.number.clone(),
        tariff: quote.tariff.id(),
        status: quote.status.as_str().to_owned(),
        read: quote.rows.read,
        priced: quote.rows.priced,
        referred: quote.rows.referred,
        rejected: quote.rows.rejected,
        diagnostics: tables.diagnostics.iter().map(found).collect(),
        columns: used_columns(tables),
        remarks: remarks.iter().map(remark).collect(),
    }
}
