//! The edition of the folder that a command names.

use std::sync::Arc;

use clap::Args;

use crate::base::error::Error;
use crate::base::messages::{Message, listed};
use crate::tariff::{Catalogue, Tariff};

/// The edition that a command is about.
#[derive(Debug, Args)]
pub struct EditionArguments {
    /// Code of the edition; needed if there are several
    #[arg(value_name = "CODE")]
    code: Option<String>,
}

impl EditionArguments {
    /// The edition with the code, or the only one.
    pub fn choose<'e>(&self, editions: &'e Catalogue) -> Result<&'e Tariff, Error> {
        let found = self.code.as_ref().map_or_else(|| editions.only(), |code| editions.by_code(code));
        found.map(Arc::as_ref).ok_or_else(|| {
            let known = listed(editions.editions().iter().map(|tariff| &tariff.edition.code));
            let message = match &self.code {
                Some(code) => Message::new("edition-unknown").with("edition", code.as_str()),
                None => Message::new("edition-code-needed"),
            };
            Error::Unlawful { reason: message.with("known", known) }
        })
    }
}
