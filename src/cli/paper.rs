//! The papers of the program and their templates.

use std::path::Path;

use clap::ValueEnum;
use clap::builder::PossibleValue;

use crate::base::error::Error;
use crate::base::named_enum::named_enum;
use crate::clinics::output::{act, letter};
use crate::output::pdf::Template;
use crate::portfolio::endorse::agreement;
use crate::portfolio::{invoices, notice, statement};
use crate::quote::documents::{offer, options};

/// A function that returns a built-in template, and the commands with the option `--template` for it.
type Declared = (fn() -> Template, &'static [&'static str]);

named_enum! {
    /// A paper, by the name of its template: `offer.typ`.
    pub enum Paper with declared: Declared {
        /// The offer of a quote.
        Offer = "offer" => (offer::template, &["quote", "report"]),
        /// The offer with several options.
        Options = "options" => (options::template, &["options"]),
        /// The letter before a change of prices (§2.3).
        Notice = "notice" => (notice::template, &["reprice"]),
        /// The guarantee letter to a clinic.
        Letter = "letter" => (letter::template, &["letter"]),
        /// The act of a month with a clinic.
        Act = "act" => (act::template, &["act"]),
        /// The supplementary agreement.
        Agreement = "agreement" => (agreement::template, &["endorse"]),
        /// The invoice for what is due.
        Invoice = "invoice" => (invoices::template, &["invoices"]),
        /// The statement of account.
        Statement = "statement" => (statement::template, &["statement"]),
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
        Self::ALL.iter().copied().find(|paper| paper.declared().1.contains(&name))
    }

    /// The built-in template.
    #[must_use]
    pub fn built_in(self) -> Template {
        (self.declared().0)()
    }

    /// The template of a file, or the built-in one.
    ///
    /// # Errors
    ///
    /// As [`Template::open`].
    pub fn template(self, own: Option<&Path>) -> Result<Template, Error> {
        own.map_or_else(|| Ok(self.built_in()), Template::open)
    }

    /// The name of the template in the folder of templates.
    #[must_use]
    pub fn file(self) -> String {
        format!("{}.typ", self.as_str())
    }
}
