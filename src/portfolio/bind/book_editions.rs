//! The editions of the tariff with which the contracts of a book are bound: one code stands for one content (`I70`).

use std::collections::BTreeMap;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::portfolio::book::Portfolio;
use crate::portfolio::register;
use crate::tariff::Tariff;

/// Compares the editions of new contracts with those of the book; each edition once.
#[derive(Default)]
pub(super) struct BookEditions {
    /// Why the edition of a text cannot price contracts of the book, if it cannot, by the SHA-256 of the text.
    compared: BTreeMap<String, Option<Message>>,
}

impl BookEditions {
    /// Why a contract of this edition cannot be bound: the book has an edition with the same code and other prices.
    ///
    /// # Errors
    ///
    /// Where the book cannot be read.
    pub fn differing(&mut self, book: &Portfolio, tariff: &Tariff) -> Result<Option<Message>, Error> {
        if let Some(compared) = self.compared.get(&tariff.sha256) {
            return Ok(compared.clone());
        }
        let found = differing_edition(book, tariff)?;
        self.compared.insert(tariff.sha256.clone(), found.clone());
        Ok(found)
    }
}

fn differing_edition(book: &Portfolio, tariff: &Tariff) -> Result<Option<Message>, Error> {
    // a text that the book has was compared when it came
    if book.register.read(|register| register::document(register, &tariff.sha256))?.is_some() {
        return Ok(None);
    }
    for (code, known) in book.terms().editions()? {
        if code == tariff.edition.code && !known.prices_like(tariff) {
            let message = Message::new("bind-edition-differs")
                .with("edition", code)
                .with("file", tariff.source.path.display().to_string())
                .with("other", known.source.path.display().to_string())
                .with("portfolio", book.folder().display().to_string());
            return Ok(Some(message));
        }
    }
    Ok(None)
}
