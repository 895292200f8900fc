//! `kollektiv report`: documents for people, made from a saved quote; and the templates of papers.

use std::path::PathBuf;

use clap::builder::PossibleValue;
use clap::{Args, Subcommand, ValueEnum};

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::cli::answer::answer;
use crate::cli::arguments::Common;
use crate::cli::outcome::Outcome;
use crate::cli::paper::Paper;
use crate::cli::paper_arguments::OfferArguments;
use crate::cli::screen::Screen;
use crate::output::pdf::Template;
use crate::quote::documents::document::DocumentStyle;
use crate::quote::documents::{DocumentKind, DocumentOptions, write_documents};

impl ValueEnum for DocumentKind {
    fn value_variants<'a>() -> &'a [Self] {
        Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let document = self.document();
        Some(PossibleValue::new(self.as_str()).help(format!("{}: {}", document.files, document.about)))
    }
}

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// Folder to which `kollektiv quote` has written
    #[arg(value_name = "QUOTE_DIR", required = true)]
    quote: Option<PathBuf>,
    /// Documents to make, such as --documents pdf,xlsx; all by default
    #[arg(long, value_name = "DOCUMENTS", value_delimiter = ',')]
    documents: Vec<DocumentKind>,
    /// Show the names of the insured in quote.html and quote-client.html
    #[arg(long)]
    with_names: bool,
    /// Write a copy of the quote with the documents to this folder; the quote's own folder by default
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    offer: OfferArguments,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Work with the templates of papers
    #[command(subcommand)]
    Template(TemplateCommand),
}

#[derive(Debug, Subcommand)]
enum TemplateCommand {
    /// Write a built-in Typst template, to start an own one from
    Export {
        /// Paper of the template
        #[arg(long, value_enum, value_name = "PAPER", default_value = "offer")]
        paper: Paper,
        /// New file; standard output by default. An existing file is not replaced
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
    },
}

answer! {
    /// The answer of `kollektiv report`.
    pub struct Answer {
        /// The documents that were made.
        documents: Vec<String>,
    }
}

/// Makes documents of a saved quote, or writes the template.
pub fn run(common: &Common, arguments: &Arguments, screen: &Screen) -> Result<Outcome, Error> {
    let quote = match (&arguments.command, &arguments.quote) {
        (Some(Command::Template(TemplateCommand::Export { paper, file })), _) => {
            screen.write_or_print(paper.built_in()().text(), file.as_deref())?;
            return Ok(Outcome::Done);
        }
        (None, Some(quote)) => quote,
        (None, None) => unreachable!("clap requires a folder where there is no subcommand"),
    };
    let out = arguments.out.as_ref().unwrap_or(quote);
    let chosen = document_kinds(&arguments.documents);
    let kinds = if chosen.is_empty() { DocumentKind::ALL.to_vec() } else { chosen };
    let style = DocumentStyle {
        language: screen.language,
        template: offer_template(&kinds, &arguments.offer, common, screen)?,
        with_names: arguments.with_names,
    };
    let options = DocumentOptions { kinds, style };
    let made = write_documents(quote, out, &options)?;
    let documents: Vec<String> = made.iter().map(|name| out.join(name).display().to_string()).collect();
    for path in &documents {
        screen.note(&Message::new("document-written").with("path", path.as_str()));
    }
    screen.answer(&Answer { documents })?;
    screen.suggest(Message::new("next-report"));
    Ok(Outcome::Done)
}

/// The template of the offer, where one is made.
pub fn offer_template(
    kinds: &[DocumentKind],
    offer: &OfferArguments,
    common: &Common,
    screen: &Screen,
) -> Result<Template, Error> {
    if kinds.contains(&DocumentKind::Offer) {
        return offer.template(Paper::Offer, common, screen);
    }
    Ok(Paper::Offer.built_in()())
}

/// The kinds of these documents, each once, in a fixed order.
pub fn document_kinds(chosen: &[DocumentKind]) -> Vec<DocumentKind> {
    DocumentKind::ALL.iter().filter(|kind| chosen.contains(kind)).copied().collect()
}
