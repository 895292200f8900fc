//! The terms that contracts of a book were bound with, from the texts that it keeps: each text is proved by its SHA-256 before it
//! is read.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::base::digest::sha256;
use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::source_file::SourceFile;
use crate::portfolio::Portfolio;
use crate::portfolio::register;
use crate::portfolio::register::BoundContract;
use crate::quote::contract::Contract;
use crate::tariff::Tariff;

/// The terms of a book's contracts; the tariffs, of which it has few, are read once each.
pub struct Terms<'p> {
    book: &'p Portfolio,
    /// By the SHA-256 of their texts.
    tariffs: BTreeMap<String, Arc<Tariff>>,
}

/// The terms of a contract as they are kept: proved, and not read yet, so that many can be read at once.
pub struct Kept {
    /// The tariff that the contract was bound with.
    pub tariff: Arc<Tariff>,
    text: SourceFile,
}

impl Kept {
    /// The terms.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] where this program does not take the text for a contract.
    pub fn read(&self) -> Result<Contract, Error> {
        Contract::read(&self.text, &self.tariff)
    }
}

impl<'p> Terms<'p> {
    /// The terms of a book's contracts.
    #[must_use]
    pub const fn new(book: &'p Portfolio) -> Self {
        Self { book, tariffs: BTreeMap::new() }
    }

    /// The terms of a contract, proved.
    ///
    /// # Errors
    ///
    /// [`Error::Damaged`] where a text is missing or not as it was written, [`Error::Refused`] where this program does not take
    /// one for a tariff, [`Error::Register`] where the register cannot be read.
    pub fn kept(&mut self, bound: &BoundContract) -> Result<Kept, Error> {
        let tariff = if let Some(known) = self.tariffs.get(&bound.tariff) {
            Arc::clone(known)
        } else {
            let read = Arc::new(Tariff::read(&self.document(&bound.tariff, bound)?)?);
            self.tariffs.insert(bound.tariff.clone(), Arc::clone(&read));
            read
        };
        Ok(Kept { tariff, text: self.document(&bound.terms, bound)? })
    }

    /// The terms of a contract, proved and read, with its tariff.
    ///
    /// # Errors
    ///
    /// As [`Terms::kept`] and [`Kept::read`].
    pub fn of(&mut self, bound: &BoundContract) -> Result<(Arc<Tariff>, Contract), Error> {
        let kept = self.kept(bound)?;
        let contract = kept.read()?;
        Ok((kept.tariff, contract))
    }

    /// A kept text, which is the one of this hash.
    fn document(&self, hash: &str, bound: &BoundContract) -> Result<SourceFile, Error> {
        let damaged = |reason| Error::Damaged { folder: self.book.folder().to_owned(), reason };
        let found = self.book.register.read(|register| register::document(register, hash))?;
        let (name, text) =
            found.ok_or_else(|| damaged(Message::new("book-terms-missing").with("number", bound.number.as_str())))?;
        if sha256(text.as_bytes()) != hash {
            return Err(damaged(Message::new("portfolio-text-damaged").with("file", name)));
        }
        Ok(SourceFile { path: name.into(), text })
    }
}
