//! Repricing: the whole book after a change of medical prices (§2.3; `I18`–`I22`).
//!
//! The change multiplies the rates in force of every line that it names and that has not ended. What is charged more or
//! credited is worked out and rounded line by line. A contract whose price level would leave what §2.3 allows, or whose
//! rows are damaged, is set aside, and the others go on; it is tried again when the change is run again.

mod files;
pub mod impact;
mod prices;
pub mod refund;
pub mod sheaf;

use std::collections::BTreeMap;
use std::path::Path;

use rayon::prelude::*;
use rust_decimal::Decimal;

use super::change::PriceChange;
use super::register::{self, KnownChange, Segment, Version, VersionKind};
use super::standing::Standing;
use super::store::{Part, Stored};
use super::{Files, Portfolio};
use crate::calendar::days_since_1970;
use crate::contract::PriceDecrease;
use crate::digest::sha256;
use crate::error::Error;
use crate::money::{Kopecks, Rate};
use crate::progress::{Stage, Watch};
use crate::report::folder::Folder;
use crate::tariff::Tariff;
use crate::words::{Language, Message};
use impact::Impact;
use refund::Refund;
use sheaf::{Sums, Touched, Worked};

/// What became of a contract that a change touches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Its price has changed.
    Repriced,
    /// It keeps its price, or all its lines of the programmes have ended.
    Unchanged,
    /// An underwriter has to look at it.
    SetAside,
}

impl Status {
    /// The word of the files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Repriced => "repriced",
            Self::Unchanged => "unchanged",
            Self::SetAside => "set-aside",
        }
    }
}

/// A contract that a change touches, with what it does to it.
#[derive(Debug)]
pub struct Outcome {
    /// How the contract stood.
    pub standing: Standing,
    /// What became of it.
    pub status: Status,
    /// Why it is set aside.
    pub reason: Option<Message>,
    /// What is multiplied.
    pub coefficients: BTreeMap<String, Decimal>,
    /// The figures; none where its rows could not be read.
    pub sums: Option<Sums>,
    /// What is returned if the policyholder refuses (`I22`); none where the figures are.
    pub refund: Option<Refund>,
    /// The run before which it stood so.
    before: i64,
    /// Where its cells stand.
    cells: Segment,
    /// Where its lines stand.
    lines: Segment,
}

impl Outcome {
    /// The written premium after the change.
    #[must_use]
    pub fn written_after(&self) -> Kopecks {
        let written = self.standing.version().written;
        self.sums.as_ref().map_or(written, |sums| written + sums.additional - sums.credit)
    }
}

/// A change worked out over the book.
#[derive(Debug)]
pub struct Repricing {
    /// The contracts that it touches, by number.
    pub outcomes: Vec<Outcome>,
    /// What it does to the book.
    pub impact: Impact,
    /// Whether the book had it all already.
    pub known: bool,
}

/// How to reprice.
#[derive(Debug, Clone)]
pub struct Options {
    /// Whether the book is left alone.
    pub dry_run: bool,
    /// Whether letters are made for the policyholders whose price rises.
    pub notices: bool,
    /// The language of reasons and letters.
    pub language: Language,
}

/// Reprices the book and writes everything to `out`; the book is changed in one commit, or not at all.
///
/// A change that the book has already changes nothing and gives the same result, but that contracts which were set aside are
/// tried again.
///
/// # Errors
///
/// [`Error::Unlawful`] where the book has another change of this id, or one that is effective later; [`Error::Io`],
/// [`Error::Register`], [`Error::Parquet`] where something cannot be written.
pub fn reprice(
    book: &mut Portfolio,
    change: &PriceChange,
    tariff: &Tariff,
    out: &Path,
    options: &Options,
    watch: &dyn Watch,
) -> Result<Repricing, Error> {
    let changes = book.register.read(register::changes)?;
    let fingerprint = sha256(change.content().as_bytes());
    let known = changes.iter().find(|known| known.id == change.id);
    match known {
        Some(known) if known.fingerprint != fingerprint => {
            return Err(unlawful(Message::new("change-another").with("id", known.id.as_str())));
        }
        Some(_) => {}
        None => {
            if let Some(later) = changes.iter().find(|known| known.effective > change.effective) {
                let message = Message::new("change-late").with("id", change.id.as_str());
                let message = message.with("effective", change.effective.to_string());
                let message = message.with("other", later.id.as_str()).with("later", later.effective.to_string());
                return Err(unlawful(message));
            }
        }
    }
    let next = book.register.read(register::next_run)?;
    let files = book.files()?;
    let touched = Selection { change, known, next, tariff }.touched(book, &files)?;
    let effective = days_since_1970(change.effective);
    let folder = Folder::stage(out)?;
    let path = folder.room().join(files::LINES);
    watch.begin(Stage::Repricing, Some(touched.len() as u64));
    let (worked, stored) = work(&files, &touched, effective, &path, watch)?;
    folder.take(files::LINES)?;
    let outcomes: Vec<Outcome> =
        touched.into_iter().zip(worked).map(|(touched, worked)| Outcome::new(touched, worked)).collect();
    let before = known.map_or(next, |known| known.run);
    let impact = Impact::new(book.register.read(|register| register::sums(register, before))?, &outcomes, change);
    let is_known = known.is_some() && !outcomes.iter().any(|outcome| outcome.before == next && outcome.is_repriced());
    // the result is whole before the book is changed: a disk that is full by then leaves both as they were
    files::write(&folder, &outcomes, &impact, change, tariff, options)?;
    if !options.dry_run && !is_known {
        let commit = Commit { change, fingerprint, known, next, effective };
        book.attempt(|book| commit.make(book, &files, &outcomes, (&path, stored)))?;
    }
    folder.publish()?;
    let mut outcomes = outcomes;
    outcomes.sort_by(by_number);
    Ok(Repricing { outcomes, impact, known: is_known })
}

fn by_number(one: &Outcome, other: &Outcome) -> std::cmp::Ordering {
    one.standing.contract.number.cmp(&other.standing.contract.number)
}

fn unlawful(reason: Message) -> Error {
    Error::Unlawful { reason }
}

impl Outcome {
    fn new(touched: Touched, worked: Worked) -> Self {
        let Touched { standing, before, coefficients, cells, lines, .. } = touched;
        let read = worked.sums.lines > 0;
        let status = match (&worked.set_aside, worked.sums.repriced) {
            (Some(_), _) => Status::SetAside,
            (None, 0) => Status::Unchanged,
            (None, _) => Status::Repriced,
        };
        let refund = read.then(|| {
            let terms = &standing.contract.price_terms;
            Refund::new(terms, standing.version().written, standing.paid, worked.sums.unexpired)
        });
        let sums = read.then_some(worked.sums);
        Self { standing, before, status, reason: worked.set_aside, coefficients, sums, refund, cells, lines }
    }

    /// Whether the change has changed the contract's price.
    #[must_use]
    pub fn is_repriced(&self) -> bool {
        self.status == Status::Repriced
    }
}

/// Which contracts a change touches, and how they stood before it.
struct Selection<'s> {
    change: &'s PriceChange,
    known: Option<&'s KnownChange>,
    next: i64,
    tariff: &'s Tariff,
}

impl Selection<'_> {
    /// The contracts with a line of a programme whose price changes, in force on the first day of the new prices, in the
    /// order of their lines.
    fn touched(&self, book: &Portfolio, files: &Files) -> Result<Vec<Touched>, Error> {
        let change = self.change;
        let mut touched: Vec<Touched> = book.register.read(|register| {
            let programmes = register::all_programmes(register)?;
            let named: Vec<String> =
                programmes.into_iter().filter(|programme| change.coefficient_of(programme).is_some()).collect();
            let bound_before = self.known.map_or(self.next, |known| known.run);
            let aside =
                self.known.map(|known| register::set_aside(register, &known.id)).transpose()?.unwrap_or_default();
            let contracts = register::contracts_with(register, &named, change.effective, bound_before)?;
            let mut touched = Vec::with_capacity(contracts.len());
            for contract in contracts {
                let id = contract.id;
                let applied =
                    self.known.map(|known| register::applied_in(register, id, &known.id)).transpose()?.flatten();
                // a contract that was set aside is tried again as it stands now
                let before = applied.unwrap_or(if aside.contains(&id) { self.next } else { bound_before });
                let standing = Standing::before(register, contract, before)?;
                if standing.last_day() < change.effective {
                    continue;
                }
                let rows_run = standing.rows_run();
                let part = |part| register::segment(register, id, rows_run, part);
                let (Some(cells), Some(lines)) = (part(Part::Cells)?, part(Part::Lines)?) else { continue };
                let levels = register::programmes(register, id)?;
                let coefficients = self.coefficients(&standing, &levels);
                let set_aside = self.reason(&standing, &levels, &coefficients);
                touched.push(Touched { standing, before, coefficients, set_aside, cells, lines });
            }
            Ok(touched)
        })?;
        touched.sort_by_cached_key(|touched| sheaf_of(files, touched.lines));
        Ok(touched)
    }

    /// What is multiplied in a contract: it may keep its prices where they fall (`I21`).
    fn coefficients(&self, standing: &Standing, levels: &[(String, String)]) -> BTreeMap<String, Decimal> {
        let keeps = standing.contract.price_terms.price_decrease == PriceDecrease::Keep;
        let named = levels.iter().filter_map(|(programme, _)| {
            let coefficient = self.change.coefficient_of(programme)?;
            (!keeps || coefficient >= Decimal::ONE).then(|| (programme.clone(), coefficient))
        });
        named.collect()
    }

    /// Why a contract cannot be repriced, as far as its terms say (`I19`).
    fn reason(
        &self,
        standing: &Standing,
        levels: &[(String, String)],
        coefficients: &BTreeMap<String, Decimal>,
    ) -> Option<Message> {
        let effective = self.change.effective;
        if let Some(later) = standing.applied.iter().find(|applied| applied.effective > effective) {
            return Some(Message::new("reprice-late").with("later", later.effective.to_string()));
        }
        let (low, high) = self.tariff.price_change.says.levels();
        let within = |level: &Rate| Rate::from(low) <= *level && *level <= Rate::from(high);
        levels.iter().find_map(|(programme, level)| {
            let coefficient = *coefficients.get(programme)?;
            let now = Rate::as_written(level)? * standing.growth(programme);
            let then = now.clone() * Rate::from(coefficient);
            (!within(&then)).then(|| {
                Message::new("reprice-level")
                    .with("programme", programme.as_str())
                    .with("now", now.to_string())
                    .with("coefficient", coefficient.to_string())
                    .with("then", then.to_string())
                    .with("low", low.to_string())
                    .with("high", high.to_string())
                    .with("clause", self.tariff.price_change.clause.as_str())
            })
        })
    }
}

/// In which sheaf lines stand, and where: what is read together stands together.
fn sheaf_of(files: &Files, lines: Segment) -> (i64, usize, u64) {
    let group = files.get(lines.file).map_or(0, |reader| reader.groups_of(lines.first_row, lines.rows).start);
    (lines.file, group, lines.first_row)
}

/// Works on the contracts, sheaf by sheaf, and writes their repriced lines to a file at `path`.
fn work(
    files: &Files,
    touched: &[Touched],
    effective: i32,
    path: &Path,
    watch: &dyn Watch,
) -> Result<(Vec<Worked>, Stored), Error> {
    let mut writer = sheaf::begin(path)?;
    let sheaf = |touched: &Touched| sheaf_of(files, touched.lines);
    let sheaves: Vec<&[Touched]> =
        touched.chunk_by(|one, other| (sheaf(one).0, sheaf(one).1) == (sheaf(other).0, sheaf(other).1)).collect();
    let mut all = Vec::with_capacity(touched.len());
    for sheaves in sheaves.chunks(2 * rayon::current_num_threads()) {
        let worked: Result<Vec<_>, Error> = sheaves
            .par_iter()
            .map(|contracts| {
                let worked = sheaf::work(files, contracts, effective, &writer);
                watch.advance(contracts.len() as u64);
                worked
            })
            .collect();
        for (worked, encoded) in worked? {
            encoded.into_iter().try_for_each(|encoded| writer.put(encoded))?;
            all.extend(worked);
        }
    }
    Ok((all, writer.end()?))
}

/// A change that becomes true.
struct Commit<'c> {
    change: &'c PriceChange,
    fingerprint: String,
    known: Option<&'c KnownChange>,
    next: i64,
    effective: i32,
}

impl Commit<'_> {
    /// Keeps the repriced lines, and says in one commit what the change has done.
    fn make(
        self,
        book: &mut Portfolio,
        files: &Files,
        outcomes: &[Outcome],
        (path, stored): (&Path, Stored),
    ) -> Result<(), Error> {
        let Self { change, known, next, .. } = self;
        // of a change that the book knows, only what could not be repriced before is new
        let fresh: Vec<&Outcome> =
            outcomes.iter().filter(|outcome| known.is_none() || outcome.before == next).collect();
        let kept = if known.is_none() { book.keep(path, stored)? } else { self.again(book, files, &fresh)? };
        book.register.commit("reprice", |commit, run| {
            if known.is_none() {
                let known = KnownChange {
                    id: change.id.clone(),
                    run,
                    notified: change.notified,
                    effective: change.effective,
                    fingerprint: self.fingerprint,
                };
                register::add_change(commit, &known)?;
            }
            let file = kept.map(|stored| register::add_file(commit, run, &stored)).transpose()?;
            let mut first_row = 0;
            for outcome in fresh {
                let id = outcome.standing.contract.id;
                let (Status::Repriced, Some(sums)) = (outcome.status, &outcome.sums) else {
                    if outcome.status == Status::SetAside {
                        register::add_set_aside(commit, run, id, &change.id)?;
                    }
                    continue;
                };
                let version = Version {
                    run,
                    kind: VersionKind::Repriced,
                    from_day: change.effective,
                    written: outcome.written_after(),
                    change: Some(change.id.clone()),
                    ..outcome.standing.version().clone()
                };
                register::add_version(commit, id, &version)?;
                for (programme, coefficient) in &outcome.coefficients {
                    register::add_applied(commit, run, id, programme, &coefficient.to_string())?;
                }
                if let Some(file) = file {
                    register::add_segment(commit, id, run, &Segment { file, first_row, rows: sums.repriced })?;
                    first_row += sums.repriced;
                }
            }
            Ok(())
        })
    }

    /// Works once more on the contracts that are new to the book, for a file of theirs alone.
    fn again(&self, book: &Portfolio, files: &Files, fresh: &[&Outcome]) -> Result<Option<Stored>, Error> {
        let touched = |outcome: &&Outcome| Touched {
            standing: outcome.standing.clone(),
            before: outcome.before,
            coefficients: outcome.coefficients.clone(),
            set_aside: outcome.reason.clone(),
            cells: outcome.cells,
            lines: outcome.lines,
        };
        let touched: Vec<Touched> = fresh.iter().map(touched).collect();
        let file = book.begin()?;
        let (_, stored) = work(files, &touched, self.effective, file.path(), &())?;
        book.keep(file.path(), stored)
    }
}
