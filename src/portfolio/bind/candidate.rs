//! A contract file that is to be bound: opened, compared with the book, priced.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::base::digest::sha256;
use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::money::Kopecks;
use crate::base::source_file::SourceFile;
use crate::portfolio::bind::priced_rows::NewRows;
use crate::portfolio::register::contracts::BoundContract;
use crate::portfolio::register::versions::{Version, VersionKind};
use crate::portfolio::rows::MAX_KOPECKS;
use crate::portfolio::warning::Warning;
use crate::quote::batch::unpriced;
use crate::quote::contract::Contract;
use crate::quote::rosters::{RosterSource, roster_source};
use crate::quote::{Quote, Status};
use crate::roster::Roster;
use crate::roster::spec::{RosterSpec, RowKind};
use crate::table::file_fault::FileFault;
use crate::table::source::FileBytes;
use crate::tariff::{Catalogue, Tariff};

/// Why a contract is not bound.
#[derive(Debug)]
pub enum Reason {
    /// Its file or its roster cannot be read or is not lawful.
    Fault(Error),
    /// It cannot be put into this book.
    Refusal(Message),
}

/// A lawful contract file with its rosters.
pub(super) struct Candidate {
    pub contract: Contract,
    /// The edition that prices it.
    pub tariff: Arc<Tariff>,
    /// The files of the roster, each with how it is read.
    rosters: Vec<(PathBuf, RosterSpec)>,
}

/// A contract that is priced and waits for the commit; its id and its run are set then.
pub(super) struct NewContract {
    pub contract: BoundContract,
    pub document: SourceFile,
    /// The edition that priced it.
    pub tariff: Arc<Tariff>,
    /// The programmes with the price levels of their covers.
    pub programmes: Vec<(String, String)>,
    pub version: Version,
    /// The warnings about its roster.
    pub warnings: Vec<Warning>,
    /// The number of rows in each of its files.
    pub rows: [usize; 3],
}

impl Candidate {
    pub fn open(path: &Path, editions: &Catalogue) -> Result<Self, Error> {
        let (contract, tariff) = Contract::open_by(path, editions)?;
        if !contract.options.is_empty() {
            return Err(Error::Unlawful { reason: Message::new("bind-options") });
        }
        let rosters = match roster_source(&[], &contract)? {
            RosterSource::Files(files, RowKind::Insured) => {
                let spec = contract.book_roster_spec(&tariff);
                files.into_iter().map(|file| file.with_spec(&spec)).collect()
            }
            RosterSource::Files(..) | RosterSource::Contract(_) => {
                return Err(Error::Unlawful { reason: Message::new("bind-census") });
            }
        };
        Ok(Self { contract, tariff, rosters })
    }

    pub fn roster_bytes(&self) -> u64 {
        let bytes = |path: &PathBuf| std::fs::metadata(path).map_or(0, |found| found.len());
        self.rosters.iter().map(|(path, _)| bytes(path)).sum()
    }

    /// Which programmes it covers, in the order of the tariff.
    pub fn programmes(&self) -> Vec<bool> {
        let covers = || self.contract.terms.plans.iter().flat_map(|plan| &plan.covers);
        (0..self.tariff.programmes.len()).map(|programme| covers().any(|cover| cover.programme == programme)).collect()
    }

    /// Whether a contract of the book has the same terms, tariff and rosters.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] where the system refuses to read a roster.
    pub fn is_same(&self, known: &BoundContract) -> Result<bool, Error> {
        let mut seen = HashSet::new();
        let mut rosters = Vec::with_capacity(self.rosters.len());
        for (path, _) in self.rosters.iter().filter(|(path, _)| seen.insert(path)) {
            match FileBytes::read(path) {
                Ok(bytes) => rosters.push(bytes.sha256().to_owned()),
                Err(FileFault::Unread(error)) if !error.is_refusal() => return Err(*error),
                Err(_) => return Ok(false),
            }
        }
        Ok(fingerprint(&self.contract, &rosters, &self.tariff) == known.fingerprint)
    }

    /// Reads the roster.
    ///
    /// # Errors
    ///
    /// As [`Roster::read_files`].
    pub fn roster(&self) -> Result<Roster, Error> {
        Roster::read_files(&self.rosters, &())
    }

    /// Prices the contract.
    pub fn price(&self) -> Result<(NewContract, NewRows<'_>), Reason> {
        let (contract, tariff) = (&self.contract, self.tariff.as_ref());
        let roster = self.roster().map_err(Reason::Fault)?;
        let hashes: Vec<String> = roster.tables.files.iter().map(|file| file.sha256.clone()).collect();
        let mut quote = Quote::new(contract, tariff, roster, false).map_err(Reason::Fault)?;
        let price = quote.price.take().filter(|_| quote.status == Status::Issued);
        let Some(price) = price else {
            return Err(Reason::Refusal(unpriced(&quote, &contract.source.path)));
        };
        let premium = price.totals.premium.chosen;
        if premium.get() > i128::from(MAX_KOPECKS) {
            let message = Message::new("bind-too-large").with("limit", Kopecks::new(MAX_KOPECKS.into()));
            return Err(Reason::Refusal(message.with("premium", premium)));
        }
        let (first_day, last_day) = contract.days();
        let mut new = NewContract {
            contract: BoundContract {
                id: 0,
                number: contract.number.clone(),
                run: 0,
                policyholder: contract.policyholder.clone(),
                first_day,
                last_day,
                headcount: price.headcount,
                price_terms: contract.price_terms.clone(),
                terms: sha256(contract.source.text.as_bytes()),
                tariff: tariff.sha256.clone(),
                fingerprint: fingerprint(contract, &hashes, tariff),
            },
            document: contract.source.clone(),
            tariff: Arc::clone(&self.tariff),
            programmes: price_levels(contract, tariff),
            version: Version {
                run: 0,
                kind: VersionKind::Bound,
                expenses: Kopecks::ZERO,
                ended: None,
                from_day: first_day,
                insured: price.headcount,
                lines: price.lines.count as u64,
                written: premium,
                change: None,
            },
            warnings: Warning::of_tables(&quote.roster.tables),
            rows: [0; 3],
        };
        let rows = NewRows::new(quote, price);
        new.rows = rows.lengths();
        Ok((new, rows))
    }
}

/// SHA-256 over the hashes of the contract, the tariff and the rosters.
fn fingerprint(contract: &Contract, rosters: &[String], tariff: &Tariff) -> String {
    let mut text = format!("{}\n{}\n", sha256(contract.source.text.as_bytes()), tariff.sha256);
    for roster in rosters {
        let _ = writeln!(text, "{roster}");
    }
    sha256(text.as_bytes())
}

/// The programmes of a contract with the price levels of their covers at inception.
pub fn price_levels(contract: &Contract, tariff: &Tariff) -> Vec<(String, String)> {
    let covers = contract.terms.plans.iter().flat_map(|plan| &plan.covers);
    covers.map(|cover| (tariff.programmes[cover.programme].code.clone(), cover.price_level().to_string())).collect()
}
