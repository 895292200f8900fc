//! Binding: contracts are priced and put in force.

mod book_editions;
mod candidate;
mod priced_rows;
mod staged_contracts;

use std::collections::BTreeMap;
use std::path::PathBuf;

use rayon::prelude::*;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::money::Kopecks;
use crate::base::progress::{Progress, Stage};
use crate::portfolio::batch_writer::BatchWriter;
use crate::portfolio::book::Portfolio;
use crate::portfolio::register;
use crate::portfolio::staging::StagingDb;
use crate::portfolio::warning::Warning;
use crate::quote::batch::count_at_once;
use crate::tariff::{Catalogue, EditionId};
use book_editions::BookEditions;
use candidate::Candidate;
pub use candidate::Reason;
pub(crate) use candidate::price_levels;
use priced_rows::NewRows;
use staged_contracts::StagedContracts;

/// The number of contract files that are opened before similar contracts among them are bound together.
const CONTRACTS_AT_ONCE: usize = 4096;

/// A contract file, and what came of it.
#[derive(Debug)]
pub struct Binding {
    /// The file.
    pub path: PathBuf,
    /// The number of the contract, where it could be read.
    pub number: Option<String>,
    /// What came of it.
    pub outcome: BindOutcome,
}

/// What came of a contract file.
#[derive(Debug)]
pub enum BindOutcome {
    /// The contract is in force.
    Bound {
        /// Its insured.
        insured: u32,
        /// Its lines.
        lines: u64,
        /// Its premium.
        premium: Kopecks,
        /// The edition of the tariff that priced it.
        tariff: EditionId,
        /// The warnings about its roster.
        warnings: Vec<Warning>,
    },
    /// The book has the same contract already.
    Known,
    /// The contract is not bound; the others are.
    SetAside(Reason),
}

/// The numbers that the contract files name.
const NUMBERS: &str = "CREATE TABLE taken (number TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;";

/// Prices each contract by its edition of the tariff (`I70`) and puts them in force in one commit; contracts that cannot be bound are set
/// aside. A dry run has the same outcomes and writes nothing.
///
/// `report` receives the outcome of each file as soon as it is known, in the order of the paths; a contract is in force once this function has
/// returned. The order and repetition of `paths` do not matter.
///
/// # Errors
///
/// [`Error::Io`] where the system refuses to read a file, [`Error::Io`], [`Error::Register`] or [`Error::Parquet`] where the book cannot be
/// written; it is as it was.
pub fn bind(
    book: &mut Portfolio,
    paths: &[PathBuf],
    editions: &Catalogue,
    dry_run: bool,
    report: &mut dyn FnMut(Binding),
    progress: &dyn Progress,
) -> Result<(), Error> {
    let mut paths = paths.to_vec();
    paths.sort_unstable();
    paths.dedup();
    progress.begin_stage(Stage::Binding, Some(paths.len() as u64));
    let mut batches = BatchWriter::default();
    let mut staging = if dry_run {
        StagingDb::create_apart(NUMBERS)?
    } else {
        StagingDb::create(book.create_temporary_file()?, NUMBERS)?
    };
    let mut staged = StagedContracts::new(book)?;
    let mut own_editions = BookEditions::default();
    for paths in paths.chunks(CONTRACTS_AT_ONCE) {
        let opened: Vec<_> = paths.par_iter().map(|path| Candidate::open(path, editions)).collect();
        let is_first = claim_numbers(&mut staging, opened.iter().filter_map(|opened| opened.as_ref().ok()))?;
        let Sorted { mut bindings, mut candidates } = sort_out(book, paths, opened, &is_first, &mut own_editions)?;
        progress.advance(bindings.len() as u64);
        // contracts with the same programmes are adjacent, so that a change of few programmes reads little of the book
        candidates.sort_by_cached_key(|(_, candidate)| candidate.programmes());
        let mut rest = candidates.as_slice();
        while !rest.is_empty() {
            let (now, later) = rest.split_at(count_at_once(rest.iter().map(|(_, candidate)| candidate.roster_bytes())));
            rest = later;
            let priced: Vec<_> = now.par_iter().map(|(_, candidate)| candidate.price()).collect();
            let mut new = Vec::with_capacity(now.len());
            for ((place, candidate), priced) in now.iter().zip(priced) {
                let outcome = match priced {
                    Err(Reason::Fault(fault)) if !fault.is_refusal() => return Err(fault),
                    Err(reason) => BindOutcome::SetAside(reason),
                    Ok((contract, rows)) => {
                        let version = &contract.version;
                        let (insured, lines, premium) = (version.insured, version.lines, version.written);
                        let warnings = contract.warnings.clone();
                        if !dry_run {
                            let file = match rows {
                                NewRows::Columns(rows) => batches.add(book, *rows)?,
                                NewRows::Large(rows) => batches.add_large(book, rows.as_ref())?,
                            };
                            new.push((contract, file));
                        }
                        BindOutcome::Bound { insured, lines, premium, tariff: candidate.tariff.id(), warnings }
                    }
                };
                bindings.insert(*place, binding(candidate, outcome));
            }
            staging.add(|staging| new.iter().try_for_each(|(contract, file)| staged.add(staging, contract, *file)))?;
            progress.advance(now.len() as u64);
        }
        drop(candidates);
        bindings.into_values().for_each(&mut *report);
    }
    progress.begin_stage(Stage::Committing, None);
    if staged.is_empty() { Ok(()) } else { book.attempt(|book| commit(book, &staging, batches)) }
}

/// Opened contract files, sorted by whether they are to be priced.
struct Sorted {
    /// The outcomes of those that are not priced, by the places of their paths.
    bindings: BTreeMap<usize, Binding>,
    /// Those to be priced, with the places of their paths.
    candidates: Vec<(usize, Candidate)>,
}

fn sort_out(
    book: &Portfolio,
    paths: &[PathBuf],
    opened: Vec<Result<Candidate, Error>>,
    is_first: &[bool],
    own_editions: &mut BookEditions,
) -> Result<Sorted, Error> {
    let mut bindings = BTreeMap::new();
    let mut candidates = Vec::new();
    let mut is_first = is_first.iter();
    for (place, (path, opened)) in paths.iter().zip(opened).enumerate() {
        let candidate = match opened {
            Ok(candidate) => candidate,
            Err(fault) if !fault.is_refusal() => return Err(fault),
            Err(fault) => {
                let outcome = BindOutcome::SetAside(Reason::Fault(fault));
                bindings.insert(place, Binding { path: path.clone(), number: None, outcome });
                continue;
            }
        };
        let number = candidate.contract.number.as_str();
        let known = book.register.read(|register| register::contract(register, number))?;
        let set_aside = |name| {
            let reason = Reason::Refusal(Message::new(name).with("number", number));
            Some(BindOutcome::SetAside(reason))
        };
        let annulled_by = match &known {
            Some(known) => book.register.read(|register| register::annulled_by(register, known))?,
            None => None,
        };
        let outcome = match (is_first.next(), known) {
            (Some(true), None) => {
                let differing = own_editions.differing(book, &candidate.tariff)?;
                differing.map(|reason| BindOutcome::SetAside(Reason::Refusal(reason)))
            }
            // the number stays used (`I32`)
            (Some(true), Some(_)) if annulled_by.is_some() => {
                let run = annulled_by.unwrap_or_default().to_string();
                let message = Message::new("bind-annulled").with("number", number).with("run", run);
                Some(BindOutcome::SetAside(Reason::Refusal(message)))
            }
            (Some(true), Some(known)) if candidate.is_same(&known)? => Some(BindOutcome::Known),
            (Some(true), Some(_)) => set_aside("bind-another"),
            _ => set_aside("bind-twice"),
        };
        match outcome {
            Some(outcome) => {
                bindings.insert(place, binding(&candidate, outcome));
            }
            None => candidates.push((place, candidate)),
        }
    }
    Ok(Sorted { bindings, candidates })
}

fn binding(candidate: &Candidate, outcome: BindOutcome) -> Binding {
    let contract = &candidate.contract;
    Binding { path: contract.source.path.clone(), number: Some(contract.number.clone()), outcome }
}

/// Whether each candidate is the first to name its number.
fn claim_numbers<'c>(
    staging: &mut StagingDb,
    candidates: impl Iterator<Item = &'c Candidate>,
) -> Result<Vec<bool>, Error> {
    staging.add(|staging| {
        let mut claim = staging.prepare_cached("INSERT OR IGNORE INTO taken (number) VALUES (?1)")?;
        candidates.map(|candidate| Ok(claim.execute([&candidate.contract.number])? == 1)).collect()
    })
}

/// Moves the files into the book, and commits the staged contracts.
fn commit(book: &mut Portfolio, staging: &StagingDb, batches: BatchWriter) -> Result<(), Error> {
    let files = batches.finish(book)?;
    book.register.commit("bind", |commit, run| {
        let files = files.iter().map(|stored| register::add_file(commit, run, stored));
        staging.copy(commit, &files.collect::<rusqlite::Result<Vec<_>>>()?)
    })
}
