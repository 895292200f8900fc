//! Reads the terms that contracts were bound with from the texts in the register; each text is proved by its SHA-256 first.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::base::digest::sha256;
use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::source_file::SourceFile;
use crate::portfolio::register;
use crate::portfolio::register::Register;
use crate::portfolio::register::contracts::BoundContract;
use crate::quote::contract::Contract;
use crate::tariff::{EditionId, Tariff};

/// Reads the terms of a book's contracts; each tariff is parsed once.
pub struct TermsReader<'p> {
    folder: &'p Path,
    register: &'p Register,
    /// By the SHA-256 of their texts.
    tariffs: BTreeMap<String, Arc<Tariff>>,
}

/// The text of a contract's terms: proved, but not parsed, so that several threads can parse.
pub struct StoredTerms {
    /// The tariff that the contract was bound with.
    pub tariff: Arc<Tariff>,
    text: SourceFile,
}

impl StoredTerms {
    /// Parses the terms.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] where this program does not accept the contract.
    pub fn parse(&self) -> Result<Contract, Error> {
        Contract::read(&self.text, &self.tariff)
    }
}

impl StoredTerms {
    /// Parses the terms as if an edition priced the contract, whatever its days and the edition that the contract pins.
    ///
    /// # Errors
    ///
    /// As [`StoredTerms::parse`].
    pub fn parse_as(&self, tariff: &Tariff) -> Result<Contract, Error> {
        Contract::read_as(&self.text, tariff)
    }
}

impl<'p> TermsReader<'p> {
    /// A reader for the book in a folder.
    #[must_use]
    pub const fn new(folder: &'p Path, register: &'p Register) -> Self {
        Self { folder, register, tariffs: BTreeMap::new() }
    }

    /// Reads and proves the texts of a contract's terms.
    ///
    /// # Errors
    ///
    /// [`Error::Damaged`] where a text is missing or not as it was written, [`Error::Refused`] where this program does not accept
    /// the tariff, [`Error::Register`] where the register cannot be read.
    pub fn read(&mut self, bound: &BoundContract) -> Result<StoredTerms, Error> {
        let tariff = self.tariff(bound)?;
        Ok(StoredTerms { tariff, text: self.document(&bound.terms, bound, terms_path(bound))? })
    }

    /// Reads and proves the edition of the tariff that a contract was bound with.
    ///
    /// # Errors
    ///
    /// As [`TermsReader::read`].
    pub fn tariff(&mut self, bound: &BoundContract) -> Result<Arc<Tariff>, Error> {
        if let Some(known) = self.tariffs.get(&bound.tariff) {
            return Ok(Arc::clone(known));
        }
        let path = Path::new(&bound.number).join("tariff.toml");
        let read = Arc::new(Tariff::read(&self.document(&bound.tariff, bound, path)?)?);
        self.tariffs.insert(bound.tariff.clone(), Arc::clone(&read));
        Ok(read)
    }

    /// Reads and proves every edition with which a contract of the book was bound, with its code.
    ///
    /// # Errors
    ///
    /// As [`TermsReader::read`].
    pub fn editions(&mut self) -> Result<Vec<(String, Arc<Tariff>)>, Error> {
        let firsts = self.register.read(register::first_contracts_of_tariffs)?;
        let read = |bound: BoundContract| {
            let tariff = self.tariff(&bound)?;
            Ok((tariff.edition.code.clone(), tariff))
        };
        firsts.into_iter().map(read).collect()
    }

    /// The code and the hash of every edition with which a contract of the book was bound, by the hash.
    ///
    /// # Errors
    ///
    /// As [`TermsReader::read`].
    pub fn edition_ids(&mut self) -> Result<BTreeMap<String, EditionId>, Error> {
        Ok(self.editions()?.into_iter().map(|(_, tariff)| (tariff.sha256.clone(), tariff.id())).collect())
    }

    /// Reads, proves and parses the terms of a contract: its tariff and the contract.
    ///
    /// # Errors
    ///
    /// As [`TermsReader::read`] and [`StoredTerms::parse`].
    pub fn parse(&mut self, bound: &BoundContract) -> Result<(Arc<Tariff>, Contract), Error> {
        let stored = self.read(bound)?;
        let contract = stored.parse()?;
        Ok((stored.tariff, contract))
    }

    /// Reads a text and proves its hash; messages name it by `path`.
    fn document(&self, hash: &str, bound: &BoundContract, path: PathBuf) -> Result<SourceFile, Error> {
        let damaged = |reason| Error::Damaged { folder: self.folder.to_owned(), reason };
        let found = self.register.read(|register| register::document(register, hash))?;
        let text =
            found.ok_or_else(|| damaged(Message::new("book-terms-missing").with("number", bound.number.as_str())))?;
        if sha256(text.as_bytes()) != hash {
            return Err(damaged(Message::new("portfolio-text-damaged").with("file", path.display().to_string())));
        }
        Ok(SourceFile { path, text })
    }
}

/// The path by which messages name the text of a contract's terms, which the book keeps without a name.
pub(super) fn terms_path(bound: &BoundContract) -> PathBuf {
    Path::new(&bound.number).join("contract.toml")
}
