//! Repricing: a change of medical prices applied to the whole book (§2.3; `I18`–`I22`).
//!
//! The change multiplies the rate in force of every line of its programmes that has not ended. The additional premium or the credit is
//! rounded line by line. A contract whose price level would leave the range of §2.3, or whose rows are damaged, is set aside and the
//! others go on; running the change again retries it.
//!
//! Contracts are processed batch by batch, in the order of their rows, and none is kept in memory: rows that have to be ordered, and rows
//! for the register, go to a staging database on disk.

mod applicability;
pub mod batch;
pub mod documents;
mod files;
pub mod impact;
mod late_prices;
pub mod line_engine;
mod manifest;
mod outcome;
pub mod part_files;
pub mod part_workers;
mod pass;
pub mod planned_contract;
pub mod receipt;
mod receipts;
pub(crate) mod repeated_batch;
pub(crate) mod repriced_lines;
mod request;
mod results;
pub mod saved_repricing;
mod selection;
mod staged_versions;
pub mod sums;
pub mod task;
pub mod work_folder;
pub mod worker;

use std::collections::BTreeMap;
use std::path::Path;

use crate::base::calendar::days_since_1970;
use crate::base::digest::sha256;
use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::progress::{Progress, Stage};
use crate::output::folder::Folder;
use crate::output::staging::parent_of;
use crate::portfolio::book::Portfolio;
use crate::portfolio::change::PriceChange;
use crate::portfolio::files::Files;
use crate::portfolio::life::WrittenContracts;
use crate::portfolio::register;
use crate::portfolio::register::EVERYTHING;
use crate::portfolio::register::changes::KnownChange;
use crate::portfolio::staging::StagingDb;
use crate::tariff::Tariff;
use batch::AffectedContract;
use impact::Impact;
use late_prices::LatePrices;
pub use outcome::Status;
use part_files::PartFile;
use pass::Pass;
use receipts::Receipts;
pub use request::Request;
pub use results::NAMED_CONTRACTS;
use results::{NamedContracts, Results};
use selection::{Chunk, Selection};
use staged_versions::StagedVersions;
use task::Task;
use work_folder::{Plan, WorkFolder};

/// The result of a change.
#[derive(Debug)]
pub struct Repricing {
    /// The figures of the book.
    pub impact: Impact,
    /// The first [`NAMED_CONTRACTS`] contracts by number that are set aside, with the reason; the impact has their number.
    pub set_aside: BTreeMap<String, Message>,
    /// The first [`NAMED_CONTRACTS`] contracts by number without a letter, with the reason.
    pub without_letter: BTreeMap<String, Message>,
    /// The number of contracts without a letter.
    pub letters_left_out: usize,
    /// Whether the book had everything already.
    pub known: bool,
    /// The number of contracts that are folded again, because events or prices of later days are known (`I31`).
    pub refolded: usize,
    /// The number of contracts that the engine has priced, where there is one.
    pub by_engine: Option<usize>,
}

/// Reprices the book and writes the result; the book is changed in one commit, or not at all.
///
/// A change that affects no contract is not added to the book. Running a known change again is idempotent, except that set-aside contracts are
/// retried.
///
/// # Errors
///
/// [`Error::Unlawful`] where the book has another change of this id; [`Error::Io`], [`Error::Register`], [`Error::Parquet`] where
/// something cannot be written; [`Error::Engine`] where the engine fails.
pub fn reprice(book: &mut Portfolio, request: &Request<'_>, progress: &dyn Progress) -> Result<Repricing, Error> {
    let Request { change, tariff, out, dry_run, language, .. } = *request;
    let changes = book.register.read(register::changes)?;
    let fingerprint = sha256(change.content().as_bytes());
    let known = find_known(&changes, change, &fingerprint)?;
    let next = book.register.read(register::next_run)?;
    book.prove(EVERYTHING)?;
    let mut selection = Selection { change, known, next, tariff, late: LatePrices::default() };
    let mut files = book.files()?;
    let folder = Folder::stage(out)?;
    let staging_path = folder.staging_path();
    let mut staging = StagingDb::create_in(staging_path, &[selection::TABLE, files::TABLE].concat())?;
    let affected = selection.choose(book, &mut staging)?;
    selection.late = LatePrices::find_all(book, selection.applicability(), &staging)?;
    let selection = selection;
    progress.begin_stage(Stage::Repricing, Some(affected));
    let mut job = request.engine.map(|engine| engine.start(change.effective, out)).transpose()?;
    if let Some(job) = &mut job {
        selection.each_batches(book, &staging, &mut files, |files, chunk| job.add(files, &chunk.batches))?;
    }
    let engine_files = job.as_mut().map_or(Ok(0), |job| job.run(book.folder()))?;
    let work = request.workers.map(|workers| {
        let work = plan_work(book, &selection, &staging, &mut files, workers.work_folder().unwrap_or(parent_of(out)))?;
        workers.run(book.folder(), &work, progress).map(|()| work)
    });
    let work = work.transpose()?;
    let mut results = Results::new(request, &folder, &selection, book.terms(), engine_files)?;
    let pass = Pass { book, selection: &selection, from_run: 0, progress };
    let add = |staging: &mut StagingDb, outcomes, ends_part| results.add(staging, outcomes, ends_part);
    let mut parts = match &work {
        Some(work) => pass.collect(&mut staging, &mut files, Receipts::new(work, change.effective), add),
        None => pass.run(&mut staging, &mut files, staging_path, job.as_deref_mut(), add),
    }?;
    part_files::add_to_result(&folder, &mut parts)?;
    let Results { tally, mut staged, named, .. } = results;
    let before = known.map_or(next, |known| known.run);
    let impact = tally.impact(book.register.read(|register| register::sums(register, before))?, change, tariff);
    let is_known = known.is_some() && !staged.any_applied;
    let late = selection.late.applied(&staging, next)?;
    // the result is complete before the book is changed: a full disk leaves both as they were
    files::write(&folder, &staging, &impact, change, language)?;
    documents::add(&folder, request.documents, language)?;
    if !dry_run && !is_known && affected > 0 {
        progress.begin_stage(Stage::Committing, None);
        book.attempt(|book| {
            if known.is_none() {
                link(book, &parts)?;
            } else {
                parts = link_new_lines(book, &selection, (&mut staging, &mut files), staging_path, &mut staged)?;
            }
            let added = known.is_none().then_some(fingerprint);
            let refolded = late_prices::write(book, next, &late)?;
            commit(book, change, added, &staging, &parts, refolded)
        })?;
    }
    drop(staging);
    folder.publish()?;
    if let Some(work) = work {
        work.remove();
    }
    let by_engine = job.map(|job| job.priced_contracts());
    let NamedContracts { set_aside, without_letter, letters_left_out } = named;
    let refolded = late.len();
    Ok(Repricing { impact, set_aside, without_letter, letters_left_out, known: is_known, refolded, by_engine })
}

/// Links the files of repriced lines to the book.
fn link(book: &Portfolio, parts: &[PartFile]) -> Result<(), Error> {
    parts.iter().try_for_each(|part| book.link_file(&part.path, &part.stored))
}

/// Writes files with only the contracts that a known change has not repriced before, and links them to the book; `parent` takes them first.
fn link_new_lines(
    book: &Portfolio,
    selection: &Selection<'_>,
    (staging, files): (&mut StagingDb, &mut Files),
    parent: &Path,
    staged: &mut StagedVersions<'_>,
) -> Result<Vec<PartFile>, Error> {
    let folder = tempfile::tempdir_in(parent).map_err(|fault| Error::writing(parent, fault))?;
    let pass = Pass { book, selection, from_run: selection.next, progress: &() };
    let parts = pass.run(staging, files, folder.path(), None, |staging, outcomes, ends_part| {
        staging.add(|staging| staged.add_lines(staging, &outcomes, ends_part))
    })?;
    link(book, &parts)?;
    Ok(parts)
}

/// Writes the tasks of a run by workers to its folder in `parent`.
fn plan_work(
    book: &Portfolio,
    selection: &Selection<'_>,
    staging: &StagingDb,
    files: &mut Files,
    parent: &Path,
) -> Result<WorkFolder, Error> {
    let change = selection.change;
    let task = |part| Task::new(&change.id, days_since_1970(change.effective), part);
    let mut plan = Plan::new(parent)?;
    let mut open = task(1);
    let mut queue = selection.batches(0);
    while let Some(Chunk { batches, ends_part }) = queue.next(book, staging, files)? {
        for batch in &batches {
            open.add(files, batch.iter().map(|affected| &affected.planned));
        }
        if ends_part {
            plan.add(&open)?;
            open = task(plan.len() + 1);
        }
    }
    if !open.is_empty() {
        plan.add(&open)?;
    }
    let folder = std::path::absolute(book.folder()).map_err(|fault| Error::reading(book.folder(), fault))?;
    plan.finish(&format!("{}\n{}", folder.display(), change.id))
}

/// Passes the contracts that a change affects to `visit`, some batches at a time, in the order of their lines; `folder` takes a temporary
/// file.
///
/// # Errors
///
/// As [`reprice`], and as `visit`.
pub fn each_affected_batches(
    book: &Portfolio,
    change: &PriceChange,
    tariff: &Tariff,
    folder: &Path,
    mut visit: impl FnMut(&Files, &[Vec<AffectedContract>]) -> Result<(), Error>,
) -> Result<(), Error> {
    let changes = book.register.read(register::changes)?;
    let known = find_known(&changes, change, &sha256(change.content().as_bytes()))?;
    let next = book.register.read(register::next_run)?;
    let selection = Selection { change, known, next, tariff, late: LatePrices::default() };
    let mut staging = StagingDb::create_in(folder, selection::TABLE)?;
    selection.choose(book, &mut staging)?;
    selection.each_batches(book, &staging, &mut book.files()?, |files, chunk| visit(files, &chunk.batches))
}

/// The change in the book; `None` where it is new.
fn find_known<'c>(
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
        None => Ok(None),
    }
}

/// Commits a repricing, and with it the contracts that were folded again; `added` is the fingerprint of a change that is new to the book.
fn commit(
    book: &mut Portfolio,
    change: &PriceChange,
    added: Option<String>,
    staging: &StagingDb,
    parts: &[PartFile],
    refolded: WrittenContracts,
) -> Result<(), Error> {
    let reprice = |commit: &rusqlite::Transaction<'_>, run| {
        if let Some(fingerprint) = added {
            let PriceChange { id, notified, effective, .. } = change;
            let known = KnownChange { id: id.clone(), run, notified: *notified, effective: *effective, fingerprint };
            register::add_change(commit, &known)?;
        }
        let add = |part: &PartFile| register::add_file(commit, run, &part.stored);
        let files: Vec<i64> = parts.iter().map(add).collect::<rusqlite::Result<_>>()?;
        staging.copy(commit, &files)
    };
    book.register.commit_runs(|runs| {
        runs.add("reprice", reprice)?;
        if refolded.is_empty() { Ok(()) } else { runs.add("refold", |commit, run| refolded.add(commit, run)) }
    })
}
