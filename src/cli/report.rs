//! `kollektiv report`: documents for people, made from a saved quote or repricing; and the templates of papers.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use crate::base::error::Error;
use crate::base::messages::{Message, listed};
use crate::cli::answer::answer;
use crate::cli::arguments::Common;
use crate::cli::arguments::paper::OfferArguments;
use crate::cli::documents::chosen_documents;
use crate::cli::outcome::Outcome;
use crate::cli::paper::Paper;
use crate::cli::screen::Screen;
use crate::output::document::DocumentStyle;
use crate::output::pdf::Template;
use crate::portfolio::reprice::documents::{ImpactDocument, write_documents as write_impact_documents};
use crate::portfolio::reprice::saved_repricing::SavedRepricing;
use crate::quote::documents::{DocumentKind, DocumentsRequest, write_documents};

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// Folder to which `kollektiv quote` or `kollektiv reprice` has written
    #[arg(value_name = "QUOTE_DIR", required = true)]
    quote: Option<PathBuf>,
    #[command(flatten)]
    offer: OfferArguments,
    /// Documents to make, such as --documents pdf,xlsx; all by default
    #[arg(long, value_name = "DOCUMENTS", value_delimiter = ',')]
    documents: Vec<DocumentKind>,
    /// Show the names of the insured in quote.html and quote-client.html
    #[arg(long)]
    with_names: bool,
    /// Write a copy of the quote with the documents to this folder; the quote's own folder by default
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
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
        /// New file; standard output by default. An existing file is not replaced
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
        /// Paper of the template
        #[arg(long, value_enum, value_name = "PAPER", default_value = "offer")]
        paper: Paper,
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
            screen.write_or_print(paper.built_in().text(), file.as_deref())?;
            return Ok(Outcome::Done);
        }
        (None, Some(quote)) => quote,
        (None, None) => unreachable!("clap requires a folder where there is no subcommand"),
    };
    let out = arguments.out.as_ref().unwrap_or(quote);
    let made = if SavedRepricing::is_in(quote) {
        impact_documents(arguments, quote, out, screen)?
    } else {
        let chosen = chosen_documents(DocumentKind::ALL, &arguments.documents);
        let kinds = if chosen.is_empty() { DocumentKind::ALL.to_vec() } else { chosen };
        let style = DocumentStyle {
            language: screen.language,
            template: offer_template(&kinds, &arguments.offer, common, screen)?,
            with_names: arguments.with_names,
        };
        write_documents(quote, out, &DocumentsRequest { kinds, style })?
    };
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
    Ok(Paper::Offer.built_in())
}

/// Makes documents of a saved repricing, which has the kinds of documents about an impact and no template.
fn impact_documents(arguments: &Arguments, folder: &Path, out: &Path, screen: &Screen) -> Result<Vec<String>, Error> {
    let foreign = |option: &str| {
        let reason =
            Message::new("report-quotes-only").with("option", option).with("known", listed(ImpactDocument::WORDS));
        Err(Error::Unlawful { reason })
    };
    if arguments.offer.paper.has_template() {
        return foreign("--template");
    }
    if arguments.with_names {
        return foreign("--with-names");
    }
    let mut kinds = Vec::new();
    for kind in chosen_documents(DocumentKind::ALL, &arguments.documents) {
        match ImpactDocument::parse(kind.as_str()) {
            Some(kind) => kinds.push(kind),
            None => return foreign(&format!("--documents {kind}")),
        }
    }
    let kinds = if kinds.is_empty() { ImpactDocument::ALL.to_vec() } else { kinds };
    write_impact_documents(folder, out, &kinds, screen.language)
}
