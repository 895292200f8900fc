//! Repricing: the whole book after a change of medical prices (§2.3; `I18`–`I22`).
//!
//! The change multiplies the rates in force of every line that it names and that has not ended. What is charged more or
//! credited is worked out and rounded line by line. A contract whose price level would leave what §2.3 allows, or whose
//! rows are damaged, is set aside, and the others go on; it is tried again when the change is run again.
//!
//! Contracts pass by sheaf by sheaf, in the order of their rows, and none is kept: what has to be ordered by number or said to the
//! register goes into a [`StagingDb`] on the disk.

pub mod batch;
pub(crate) mod files;
pub mod impact;
pub(crate) mod prices;
pub mod refund;
pub(crate) mod selection;

use std::collections::BTreeMap;
use std::path::Path;

use rayon::prelude::*;
use rusqlite::Transaction;
use rust_decimal::Decimal;

use crate::base::calendar::days_since_1970;
use crate::base::digest::sha256;
use crate::base::error::Error;
use crate::base::messages::{Language, Message};
use crate::base::money::Kopecks;
use crate::base::progress::{Progress, Stage};
use crate::output::folder::Folder;
use crate::portfolio::change::PriceChange;
use crate::portfolio::contract_state::Standing;
use crate::portfolio::register;
use crate::portfolio::register::{KnownChange, Segment, Version, VersionKind};
use crate::portfolio::staging::StagingDb;
use crate::portfolio::store::{Stored, Writer};
use crate::portfolio::{Files, Portfolio};
use crate::scale_out::engine::{Engine, EngineResult, Figures, Job};
use crate::tariff::Tariff;
use batch::{AffectedContract, ContractBatch, RepricedContract, Sums};
use impact::{Impact, Tally};
use refund::Refund;
use selection::Selection;

/// So many of the contracts that are set aside are named.
pub const NAMED_ASIDE: usize = 20;

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
struct Outcome {
    /// How the contract stood.
    standing: Standing,
    /// What became of it.
    status: Status,
    /// Why it is set aside.
    reason: Option<Message>,
    /// Why its policyholder's letter could not be set.
    no_letter: Option<Message>,
    /// What is multiplied.
    coefficients: BTreeMap<String, Decimal>,
    /// The figures; none where its rows could not be read.
    sums: Option<Sums>,
    /// What is returned if the policyholder refuses (`I22`); none where the figures are.
    refund: Option<Refund>,
    /// The run before which it stood so.
    before: i64,
}

impl Outcome {
    fn new(touched: AffectedContract, worked: RepricedContract) -> Self {
        let AffectedContract { standing, before, coefficients, .. } = touched;
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
        Self { standing, before, status, reason: worked.set_aside, no_letter: None, coefficients, sums, refund }
    }

    /// Whether the change has changed the contract's price.
    fn is_repriced(&self) -> bool {
        self.status == Status::Repriced
    }

    /// The written premium after the change.
    fn written_after(&self) -> Kopecks {
        let written = self.standing.version().written;
        self.sums.as_ref().map_or(written, |sums| written + sums.additional - sums.credit)
    }
}

/// A change worked out over the book.
#[derive(Debug)]
pub struct Repricing {
    /// What it does to the book.
    pub impact: Impact,
    /// The first [`NAMED_ASIDE`] contracts by number that are set aside, with the reason; the impact says how many there are.
    pub set_aside: BTreeMap<String, Message>,
    /// The first [`NAMED_ASIDE`] contracts by number whose policyholder's letter could not be set, with the reason.
    pub without_letter: BTreeMap<String, Message>,
    /// How many such contracts there are.
    pub letters_left_out: usize,
    /// Whether the book had it all already.
    pub known: bool,
    /// How many of the contracts an engine has worked on, where one was asked to.
    pub by_engine: Option<usize>,
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
    /// What works out the lines, where it is not this program.
    pub engine: Option<Engine>,
}

/// Reprices the book and writes everything to `out`; the book is changed in one commit, or not at all.
///
/// A change that touches no contract is not put in the book. A change that the book has already changes nothing and gives the same result, but that contracts which were set aside are
/// tried again.
///
/// # Errors
///
/// [`Error::Unlawful`] where the book has another change of this id, or one that is effective later; [`Error::Io`],
/// [`Error::Register`], [`Error::Parquet`] where something cannot be written; [`Error::Engine`] where an engine does not do what
/// it is asked for.
pub fn reprice(
    book: &mut Portfolio,
    change: &PriceChange,
    tariff: &Tariff,
    out: &Path,
    options: &Options,
    watch: &dyn Progress,
) -> Result<Repricing, Error> {
    let changes = book.register.read(register::changes)?;
    let fingerprint = sha256(change.content().as_bytes());
    let known = known(&changes, change, &fingerprint)?;
    let next = book.register.read(register::next_run)?;
    let selection = Selection { change, known, next, tariff };
    let mut files = book.files()?;
    let folder = Folder::stage(out)?;
    let mut draft = StagingDb::in_folder(folder.room(), &[selection::TABLE, files::TABLE].concat())?;
    let touched = selection.choose(book, &mut draft)?;
    watch.begin(Stage::Repricing, Some(touched));
    let mut figures = None;
    if let Some(engine) = &options.engine {
        let mut job = Job::begin(engine, change.effective, out)?;
        selection.lay(book, &draft, &mut files, &mut job)?;
        figures = job.run(book.folder())?;
    }
    let path = folder.room().join(files::LINES);
    let mut tally = Tally::default();
    let mut entries = Entries { change, next, first_row: 0, any: false };
    let (mut set_aside, mut without_letter, mut letters_left_out) = (BTreeMap::new(), BTreeMap::new(), 0);
    let pass = Pass { book, selection: &selection, stood_from: 0, watch };
    let stored = pass.over(&mut draft, &mut files, &path, figures.as_mut(), |draft, mut outcomes| {
        if options.notices {
            files::notices(&folder, &mut outcomes, change, tariff, options.language)?;
        }
        for outcome in &outcomes {
            tally.add(outcome);
        }
        draft.add(|draft| {
            files::keep_rows(draft, &outcomes, options.language)?;
            // of a change that the book knows, only what could not be repriced before is new
            let is_fresh = |outcome: &&Outcome| known.is_none() || outcome.before == next;
            outcomes.iter().filter(is_fresh).try_for_each(|outcome| entries.add(draft, outcome))
        })?;
        for Outcome { standing, reason, no_letter, .. } in outcomes {
            letters_left_out += usize::from(no_letter.is_some());
            name(&mut set_aside, &standing, reason);
            name(&mut without_letter, &standing, no_letter);
        }
        Ok(())
    })?;
    folder.take(files::LINES)?;
    let before = known.map_or(next, |known| known.run);
    let impact = tally.impact(book.register.read(|register| register::sums(register, before))?, change);
    let is_known = known.is_some() && !entries.any;
    // the result is whole before the book is changed: a disk that is full by then leaves both as they were
    files::write(&folder, &draft, &impact, change, options)?;
    // a change that touches nobody would only forbid those that are effective earlier
    if !options.dry_run && !is_known && touched > 0 {
        book.attempt(|book| {
            let kept = if known.is_none() {
                book.keep(&path, stored)?
            } else {
                // a file of the contracts alone that are new to the book
                let file = book.begin()?;
                let pass = Pass { book, selection: &selection, stood_from: next, watch: &() };
                let stored = pass.over(&mut draft, &mut files, file.path(), None, |_, _| Ok(()))?;
                book.keep(file.path(), stored)?
            };
            let added = known.is_none().then_some(fingerprint);
            commit(book, change, added, &draft, kept)
        })?;
    }
    drop(draft);
    folder.publish()?;
    let by_engine = figures.map(|figures| figures.worked);
    Ok(Repricing { impact, set_aside, without_letter, letters_left_out, known: is_known, by_engine })
}

/// Names a contract with a reason, if there is one, among the first by number.
fn name(named: &mut BTreeMap<String, Message>, standing: &Standing, reason: Option<Message>) {
    named.extend(reason.map(|reason| (standing.contract.number.clone(), reason)));
    while named.len() > NAMED_ASIDE {
        named.pop_last();
    }
}

/// The SQL by which an engine would work the change out, for its table and its results in a folder, where the table is left.
///
/// # Errors
///
/// As [`reprice`].
pub fn explain(
    book: &Portfolio,
    change: &PriceChange,
    tariff: &Tariff,
    engine: &Engine,
    folder: &Path,
) -> Result<String, Error> {
    let changes = book.register.read(register::changes)?;
    let known = known(&changes, change, &sha256(change.content().as_bytes()))?;
    let next = book.register.read(register::next_run)?;
    let selection = Selection { change, known, next, tariff };
    let mut job = Job::explained(engine, change.effective, folder)?;
    let mut draft = StagingDb::in_folder(folder, selection::TABLE)?;
    selection.choose(book, &mut draft)?;
    selection.lay(book, &draft, &mut book.files()?, &mut job)?;
    job.text(book.folder())
}

/// The change as the book knows it already; none where it is new.
fn known<'c>(
    changes: &'c [KnownChange],
    change: &PriceChange,
    fingerprint: &str,
) -> Result<Option<&'c KnownChange>, Error> {
    let unlawful = |reason| Err(Error::Unlawful { reason });
    match changes.iter().find(|known| known.id == change.id) {
        Some(known) if known.fingerprint != fingerprint => {
            unlawful(Message::new("change-another").with("id", known.id.as_str()))
        }
        Some(known) => Ok(Some(known)),
        None => match changes.iter().find(|known| known.effective > change.effective) {
            Some(later) => {
                let message = Message::new("change-late").with("id", change.id.as_str());
                let message = message.with("effective", change.effective.to_string());
                unlawful(message.with("other", later.id.as_str()).with("later", later.effective.to_string()))
            }
            None => Ok(None),
        },
    }
}

/// One pass over the contracts that are chosen, sheaf by sheaf.
struct Pass<'p> {
    book: &'p Portfolio,
    selection: &'p Selection<'p>,
    /// Only contracts that stood before this run or a later one.
    stood_from: i64,
    watch: &'p dyn Progress,
}

impl Pass<'_> {
    /// Works on the contracts, as far as an engine has not told their figures; writes their repriced lines to a file at `path`, and
    /// tells what became of them, some at a time.
    fn over(
        &self,
        draft: &mut StagingDb,
        files: &mut Files,
        path: &Path,
        mut figures: Option<&mut Figures>,
        mut tell: impl FnMut(&mut StagingDb, Vec<Outcome>) -> Result<(), Error>,
    ) -> Result<Stored, Error> {
        let effective = days_since_1970(self.selection.change.effective);
        let mut writer = batch::begin(path)?;
        let encoder = writer.encoder();
        let mut turns = self.selection.turns(self.stood_from);
        let mut coming = turns.next(self.book, draft, files)?;
        let mut done = Vec::new();
        while coming.is_some() || !done.is_empty() {
            let sheaves = coming.unwrap_or_default();
            // only files that they stand in stay open
            files.close_others(&selection::files_of(&sheaves));
            let told = |contracts: &Vec<AffectedContract>| {
                let told = figures.as_mut().map(|figures| figures.next(contracts.len())).transpose();
                told.map(Option::flatten)
            };
            let told = sheaves.iter().map(told).collect::<Result<Vec<_>, Error>>()?;
            let work = |(contracts, told): (&Vec<AffectedContract>, &Option<EngineResult>)| {
                let worked = match told {
                    Some(told) => told.work(files, contracts, effective, &encoder),
                    None => batch::work(files, contracts, effective, &encoder),
                };
                self.watch.advance(contracts.len() as u64);
                worked
            };
            let mut worked = Ok(Vec::new());
            // the last contracts are put away and the next ones looked up while these are worked on
            coming = rayon::in_place_scope(|scope| {
                let worked = &mut worked;
                scope.spawn(|_| *worked = sheaves.par_iter().zip(&told).map(work).collect());
                tell(draft, put(&mut writer, std::mem::take(&mut done))?)?;
                turns.next(self.book, draft, files)
            })?;
            done = sheaves.into_iter().zip(worked?).collect();
        }
        writer.end()
    }
}

/// Writes the repriced lines of contracts that were worked on: what became of them.
fn put(writer: &mut Writer, done: Vec<(Vec<AffectedContract>, ContractBatch)>) -> Result<Vec<Outcome>, Error> {
    let mut outcomes = Vec::new();
    for (contracts, (worked, encoded)) in done {
        encoded.into_iter().try_for_each(|encoded| writer.put(encoded))?;
        outcomes.extend(contracts.into_iter().zip(worked).map(|(of, worked)| Outcome::new(of, worked)));
    }
    Ok(outcomes)
}

/// What the register will be told of the contracts, in the order of their repriced lines.
struct Entries<'e> {
    change: &'e PriceChange,
    next: i64,
    /// Where the repriced lines of the next contract begin.
    first_row: u64,
    /// Whether any contract is repriced.
    any: bool,
}

impl Entries<'_> {
    fn add(&mut self, draft: &Transaction<'_>, outcome: &Outcome) -> rusqlite::Result<()> {
        let Self { change, next: run, .. } = *self;
        let id = outcome.standing.contract.id;
        let (Status::Repriced, Some(sums)) = (outcome.status, &outcome.sums) else {
            if outcome.status == Status::SetAside {
                register::add_set_aside(draft, run, id, &change.id)?;
            }
            return Ok(());
        };
        let version = Version {
            run,
            kind: VersionKind::Repriced,
            from_day: change.effective,
            written: outcome.written_after(),
            change: Some(change.id.clone()),
            ..outcome.standing.version().clone()
        };
        register::add_version(draft, id, &version)?;
        for (programme, coefficient) in &outcome.coefficients {
            register::add_applied(draft, run, id, programme, &coefficient.to_string())?;
        }
        // the one file of the run
        let segment = Segment { file: 0, first_row: self.first_row, rows: sums.repriced };
        register::add_segment(draft, id, run, &segment)?;
        self.first_row += sums.repriced;
        self.any = true;
        Ok(())
    }
}

/// Makes the change true; `added` is its fingerprint where it is new to the book.
fn commit(
    book: &mut Portfolio,
    change: &PriceChange,
    added: Option<String>,
    draft: &StagingDb,
    kept: Option<Stored>,
) -> Result<(), Error> {
    book.register.commit("reprice", |commit, run| {
        if let Some(fingerprint) = added {
            let PriceChange { id, notified, effective, .. } = change;
            let known = KnownChange { id: id.clone(), run, notified: *notified, effective: *effective, fingerprint };
            register::add_change(commit, &known)?;
        }
        let file = kept.map(|stored| register::add_file(commit, run, &stored)).transpose()?;
        draft.copy(commit, file.as_slice())
    })
}
