//! `kollektiv report`, and the documents that a quote makes as well.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::Outcome;
use super::screen::Screen;
use crate::error::Error;
use crate::report::documents::{DocumentKind, DocumentOptions, write_documents};
use crate::words::Message;

/// A document of the command line.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum DocumentArgument {
    /// quote.xlsx
    Xlsx,
}

/// What `report` takes.
#[derive(Debug, Args)]
pub struct ReportArguments {
    /// The folder of a quote
    #[arg(value_name = "QUOTE_DIR")]
    quote: PathBuf,
    /// Which documents to make; all by default
    #[arg(long, value_name = "DOCUMENTS", value_delimiter = ',')]
    documents: Vec<DocumentArgument>,
    /// The folder of the result, instead of the quote's own
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Makes documents of a written quote.
pub fn report(arguments: &ReportArguments, screen: &Screen) -> Result<Outcome, Error> {
    let out = arguments.out.as_ref().unwrap_or(&arguments.quote);
    let asked = kinds(&arguments.documents);
    let kinds = if asked.is_empty() { DocumentKind::ALL.to_vec() } else { asked };
    let options = DocumentOptions { language: screen.language, kinds };
    write_documents(&arguments.quote, out, &options)?;
    for kind in &options.kinds {
        screen.note(&screen.say(&Message::new("document-written").with("path", shown(out, *kind))));
    }
    Ok(Outcome::Done)
}

fn shown(out: &std::path::Path, kind: DocumentKind) -> String {
    out.join(kind.file_name()).display().to_string()
}

/// The documents that are asked for, each once, in a fixed order.
pub fn kinds(arguments: &[DocumentArgument]) -> Vec<DocumentKind> {
    let asked = |kind: &DocumentKind| {
        arguments.iter().any(|argument| match argument {
            DocumentArgument::Xlsx => *kind == DocumentKind::Workbook,
        })
    };
    DocumentKind::ALL.into_iter().filter(asked).collect()
}
