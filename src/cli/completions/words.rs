//! The words of an unfinished command line, and what they name: a book, a contract, editions, clinics.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::cli::clinics::arguments::CLINICS;
use crate::cli::settings::{Setting, Settings};
use crate::clinics::network::Network;
use crate::portfolio::{Portfolio, register};
use crate::quote::contract::Contract;
use crate::tariff::{Catalogue, Tariff};

/// The words typed so far, with the settings of the current folder. Every method returns `None` where the words name nothing that can be
/// read: a shell then completes nothing.
pub struct Words {
    words: Vec<OsString>,
    settings: Settings,
}

impl Words {
    pub fn new(words: Vec<OsString>) -> Self {
        let settings = Settings::find(&words).unwrap_or_default();
        Self { words, settings }
    }

    /// The numbers of the contracts of the portfolio.
    pub fn contract_numbers(&self) -> Option<Vec<String>> {
        let book = self.portfolio()?;
        let next = book.register.read(register::next_run).ok()?;
        let contracts = book.register.read(|register| register::contracts(register, next)).ok()?;
        Some(contracts.into_iter().map(|contract| contract.number).collect())
    }

    /// The price changes that the portfolio knows.
    pub fn price_changes(&self) -> Option<Vec<String>> {
        let changes = self.portfolio()?.register.read(register::changes).ok()?;
        Some(changes.into_iter().map(|change| change.id).collect())
    }

    /// The plans of the contract file.
    pub fn plans(&self) -> Option<Vec<String>> {
        Some(self.priced_contract()?.0.terms.plans.iter().map(|plan| plan.code.clone()).collect())
    }

    /// The programmes of the edition that prices the contract file; without one those of all editions.
    pub fn programmes(&self) -> Option<Vec<String>> {
        let codes = |tariff: &Tariff| tariff.programmes.iter().map(|programme| programme.code.clone()).collect();
        if let Some((_, tariff)) = self.priced_contract() {
            return Some(codes(&tariff));
        }
        let mut all: Vec<String> = Vec::new();
        for code in self.catalogue()?.editions().into_iter().flat_map(|tariff| codes(tariff)) {
            if !all.contains(&code) {
                all.push(code);
            }
        }
        Some(all)
    }

    /// The codes of the editions of the tariff.
    pub fn editions(&self) -> Option<Vec<String>> {
        Some(self.catalogue()?.editions().into_iter().map(|tariff| tariff.edition.code.clone()).collect())
    }

    /// The codes of the clinics.
    pub fn clinics(&self) -> Option<Vec<String>> {
        let in_portfolio = || self.portfolio_folder().map(|folder| folder.join(CLINICS)).filter(|file| file.exists());
        let named = self.option("--clinics").or_else(|| self.settings.path(Setting::Clinics)).or_else(in_portfolio);
        let file = named.or_else(|| self.toml_file()).unwrap_or_else(|| CLINICS.into());
        let network = Network::open_by(&file, &self.catalogue()?).ok()?;
        Some(network.clinics.into_iter().map(|clinic| clinic.code).collect())
    }

    fn portfolio(&self) -> Option<Portfolio> {
        Portfolio::open(&self.portfolio_folder()?).ok()
    }

    fn portfolio_folder(&self) -> Option<PathBuf> {
        self.option("--portfolio").or_else(|| self.settings.path(Setting::Portfolio))
    }

    /// The contract file and the edition that prices it.
    fn priced_contract(&self) -> Option<(Contract, Arc<Tariff>)> {
        Contract::open_by(&self.toml_file()?, &self.catalogue()?).ok()
    }

    fn catalogue(&self) -> Option<Catalogue> {
        let folder = self.option("--tariffs").or_else(|| self.settings.tariffs());
        let known = folder.map_or_else(|| Ok(Catalogue::built_in()), |folder| Catalogue::open(&folder)).ok()?;
        match self.option("--tariff") {
            Some(file) => Catalogue::named(&file, &known).ok(),
            None => Some(known),
        }
    }

    /// The first TOML file among the words that is not the value of an option.
    fn toml_file(&self) -> Option<PathBuf> {
        let is_value = |place: usize| place > 0 && self.words[place - 1].as_encoded_bytes().starts_with(b"--");
        let found = self.words.iter().enumerate().find(|(place, word)| is_toml(word) && !is_value(*place))?;
        Some(found.1.into())
    }

    /// The value of an option, written as `--option value`, as `--option=value`, or in the three words that bash makes of the latter.
    fn option(&self, name: &str) -> Option<PathBuf> {
        let joined = |word: &OsString| Some(OsString::from(word.to_str()?.strip_prefix(name)?.strip_prefix('=')?));
        let place = self.words.iter().position(|word| word == name || joined(word).is_some())?;
        let value = joined(&self.words[place]).or_else(|| {
            let mut after = self.words[place + 1..].iter().skip_while(|word| *word == "=");
            after.next().cloned()
        });
        value.map(PathBuf::from)
    }
}

fn is_toml(word: &OsStr) -> bool {
    Path::new(word).extension().is_some_and(|extension| extension == "toml")
}
