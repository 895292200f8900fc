//! The papers of the program: their templates, and the options of the commands that make them.

use std::path::{Path, PathBuf};

use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::named_enum::named_enum;
use crate::cli::screen::Screen;
use crate::clinics::output::{act, letter};
use crate::output::pdf::Template;
use crate::portfolio::notice;
use crate::quote::documents::{offer, options};
use crate::quote::insurer::{Insurer, with_insurer};

/// A function that returns a built-in template.
type BuiltIn = fn() -> Template;

named_enum! {
    /// A paper, by the name of its template: `offer.typ`.
    pub enum Paper with built_in: BuiltIn {
        /// The offer of a quote.
        Offer = "offer" => offer::template,
        /// The offer with several options.
        Options = "options" => options::template,
        /// The letter before a change of prices (§2.3).
        Notice = "notice" => notice::template,
        /// The guarantee letter to a clinic.
        Letter = "letter" => letter::template,
        /// The act of a month with a clinic.
        Act = "act" => act::template,
    }
}

impl ValueEnum for Paper {
    fn value_variants<'a>() -> &'a [Self] {
        Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.as_str()))
    }
}

impl Paper {
    /// The paper of a command with the option `--template`.
    #[must_use]
    pub fn of_command(name: &str) -> Option<Self> {
        match name {
            "quote" | "report" => Some(Self::Offer),
            "options" => Some(Self::Options),
            "reprice" => Some(Self::Notice),
            "letter" => Some(Self::Letter),
            "act" => Some(Self::Act),
            _ => None,
        }
    }

    /// The name of the template in the folder of templates.
    #[must_use]
    pub fn file(self) -> String {
        format!("{}.typ", self.as_str())
    }
}

/// The option of every command that makes papers.
#[derive(Debug, Args)]
pub struct InsurerArgument {
    /// File about the insurer, whose values stand on the papers (`kollektiv insurer template` writes one to start from)
    #[arg(long, value_name = "FILE")]
    pub insurer: Option<PathBuf>,
}

/// The options of the commands that make one kind of paper.
#[derive(Debug, Args)]
pub struct PaperArguments {
    /// Make the papers by this Typst template instead of the built-in one; `kollektiv report template export` writes one to start from
    #[arg(long, value_name = "FILE")]
    pub template: Option<PathBuf>,
    #[command(flatten)]
    pub insurer: InsurerArgument,
}

impl PaperArguments {
    /// The template with the insurer.
    ///
    /// # Errors
    ///
    /// As [`InsurerArgument::template`].
    pub fn template(&self, paper: Paper, screen: &Screen) -> Result<Template, Error> {
        self.insurer.template(paper, self.template.as_deref(), screen)
    }
}

impl InsurerArgument {
    /// The template of this file, or the built-in one, with the insurer; without an insurer a remark is printed.
    ///
    /// # Errors
    ///
    /// As [`Template::open`] and [`Insurer::open`].
    pub fn template(&self, paper: Paper, own: Option<&Path>, screen: &Screen) -> Result<Template, Error> {
        let template = own.map_or_else(|| Ok(paper.built_in()()), Template::open)?;
        let insurer = self.open(screen)?;
        Ok(with_insurer(template, insurer.as_ref()))
    }

    /// The insurer; without one a remark is printed.
    ///
    /// # Errors
    ///
    /// As [`Insurer::open`].
    pub fn open(&self, screen: &Screen) -> Result<Option<Insurer>, Error> {
        if self.insurer.is_none() {
            screen.note(&Message::new("insurer-missing"));
        }
        self.insurer.as_deref().map(Insurer::open).transpose()
    }
}
