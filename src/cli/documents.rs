//! `kollektiv report`, and the documents that a quote makes as well.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::cli::screen::Screen;
use crate::cli::{Outcome, template};
use crate::quote::documents::offer::Template;
use crate::quote::documents::{DocumentKind, DocumentOptions, write_documents};

/// A document of the command line.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum DocumentArgument {
    /// quote.xlsx
    Xlsx,
    /// offer.pdf
    Pdf,
    /// quote.html
    Html,
}

/// What `report` takes.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct ReportArguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// The folder of a quote
    #[arg(value_name = "QUOTE_DIR", required = true)]
    quote: Option<PathBuf>,
    /// Which documents to make; all by default
    #[arg(long, value_name = "DOCUMENTS", value_delimiter = ',')]
    documents: Vec<DocumentArgument>,
    /// Name the insured in quote.html
    #[arg(long)]
    with_names: bool,
    /// The folder of the result, instead of the quote's own
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// An own template of the offer, instead of the built-in one
    #[arg(long, value_name = "FILE")]
    template: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// The template of the offer
    #[command(subcommand)]
    Template(template::Command),
}

/// Makes documents of a written quote.
pub fn report(arguments: &ReportArguments, screen: &Screen) -> Result<Outcome, Error> {
    let quote = match (&arguments.command, &arguments.quote) {
        (Some(Command::Template(command)), _) => return template::run(command, screen),
        (None, Some(quote)) => quote,
        (None, None) => unreachable!("a folder is wanted where no command is given"),
    };
    let out = arguments.out.as_ref().unwrap_or(quote);
    let asked = kinds(&arguments.documents);
    let kinds = if asked.is_empty() { DocumentKind::ALL.to_vec() } else { asked };
    let options = DocumentOptions {
        language: screen.language,
        kinds,
        template: template(arguments.template.as_deref())?,
        with_names: arguments.with_names,
    };
    write_documents(quote, out, &options)?;
    for kind in &options.kinds {
        screen.note(&screen.say(&Message::new("document-written").with("path", shown(out, *kind))));
    }
    Ok(Outcome::Done)
}

fn shown(out: &Path, kind: DocumentKind) -> String {
    out.join(kind.file_name()).display().to_string()
}

/// The template that is asked for.
pub fn template(own: Option<&Path>) -> Result<Template, Error> {
    own.map_or_else(|| Ok(Template::built_in()), Template::open)
}

/// The documents that are asked for, each once, in a fixed order.
pub fn kinds(arguments: &[DocumentArgument]) -> Vec<DocumentKind> {
    let asked = |kind: &DocumentKind| {
        arguments.iter().any(|argument| match argument {
            DocumentArgument::Xlsx => *kind == DocumentKind::Workbook,
            DocumentArgument::Pdf => *kind == DocumentKind::Offer,
            DocumentArgument::Html => *kind == DocumentKind::Page,
        })
    };
    DocumentKind::ALL.into_iter().filter(asked).collect()
}
