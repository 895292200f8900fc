//! Verification: every byte of the book is as it was written, every figure follows from the rows, and the register agrees with the
//! contracts' terms.

mod recomputed;
mod terms;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::base::error::Error;
use crate::base::messages::{Message, listed};
use crate::base::money::{Kopecks, Rate};
use crate::base::parallel::collect_in_order;
use crate::base::progress::{Progress, Stage};
use crate::portfolio::book::Portfolio;
use crate::portfolio::contract_state::ContractState;
use crate::portfolio::event::Event;
use crate::portfolio::files::{Files, OPEN_FILES};
use crate::portfolio::fold::Fold;
use crate::portfolio::groups::{RowGroups, RowSlice, read_segment};
use crate::portfolio::premium::line::days_between;
use crate::portfolio::premium::price_history::PriceHistory;
use crate::portfolio::register;
use crate::portfolio::register::files::Segment;
use crate::portfolio::register::versions::{Version, VersionKind};
use crate::portfolio::register::{EVERYTHING, ProvedTables};
use crate::portfolio::rows::{CellRows, ContractRows, InsuredRows, LineRows, RateRows, RepricedRows, Rows};
use crate::portfolio::store::{Damage, FileKind, Reader};
use crate::portfolio::terms::{StoredTerms, TermsReader};
use crate::pricing::cube::Axes;
use recomputed::RecomputedChange;

/// The largest number of contracts that are verified at once.
const CONTRACTS_AT_ONCE: usize = 512;
/// The largest number of their lines together, unless one contract alone has more.
const LINES_AT_ONCE: u64 = 128 * 1024;
/// The number of findings that are listed.
const LISTED_FINDINGS: usize = 50;

/// The result of a verification.
#[derive(Debug, Default)]
pub struct Verified {
    /// The number of contracts.
    pub contracts: usize,
    /// The number of their versions.
    pub versions: usize,
    /// The number of lines of all versions that wrote lines.
    pub lines: u64,
    /// The number of files.
    pub files: usize,
    /// The first findings, each with its contract, where it has one.
    pub findings: Vec<(Option<String>, Message)>,
    /// The number of findings.
    pub wrong: usize,
}

impl Verified {
    fn add(&mut self, number: Option<&str>, messages: impl IntoIterator<Item = Message>) {
        for message in messages {
            self.wrong += 1;
            if self.findings.len() < LISTED_FINDINGS {
                self.findings.push((number.map(str::to_owned), message));
            }
        }
    }
}

/// Verifies a book: the bytes of each file; that each row of each file belongs to exactly one contract; the columns of each contract in the
/// register against its terms; and each of its versions against its rows. Memory does not grow with the book.
///
/// # Errors
///
/// [`Error::Register`] where the register itself cannot be read, [`Error::Damaged`] where the system does not let a file be read.
pub fn verify(book: &Portfolio, progress: &dyn Progress) -> Result<Verified, Error> {
    let mut verified = Verified::default();
    if let Some(fault) = book.register.read(register::integrity)? {
        verified.add(None, [Message::new("verify-register").with("reason", fault)]);
    }
    for link in book.register.read(|register| register::broken_links(register, EVERYTHING, ProvedTables::All))? {
        let message = Message::new("verify-chain").with("table", link.table).with("run", link.run.unsigned_abs());
        verified.add(link.number.as_deref(), [message]);
    }
    let mut files = book.files()?;
    progress.begin_stage(Stage::Verifying, Some(book.register.read(register::count)?));
    verified.files = files.ids().len();
    for ids in files.ids().chunks(OPEN_FILES) {
        let damaged: Vec<Damage> = ids.par_iter().filter_map(|id| find_damage(&files, *id)).collect();
        for damage in damaged {
            verified.add(None, [finding(damage, book)?]);
        }
        files.close_others(&BTreeSet::new());
    }
    let next = book.register.read(register::next_run)?;
    let mut terms = book.terms();
    let mut last = 0;
    loop {
        let contracts = read_contracts(book, next, last, &mut terms)?;
        let Some(ContractRecord { state, .. }) = contracts.last() else { break };
        last = state.contract.id;
        let segments = contracts.iter().flat_map(|of| &of.segments);
        files.close_others(&segments.map(|(_, _, segment)| segment.file).collect());
        let rows = RowsOfContracts::read(&files, &contracts);
        let found = collect_in_order(contracts.par_iter().map(|contract| rows.verify(contract)));
        let found = found.map_err(|damage| damage.into_error(book.folder()))?;
        for (ContractRecord { state, .. }, (lines, messages)) in contracts.iter().zip(found) {
            verified.lines += lines;
            verified.versions += state.versions.len();
            verified.add(Some(&state.contract.number), messages);
        }
        verified.contracts += contracts.len();
        progress.advance(contracts.len() as u64);
    }
    let untiled = find_untiled(book, &files)?;
    verified.add(None, untiled.into_iter().map(|file| Message::new("verify-rows").with("file", file)));
    Ok(verified)
}

/// The damage of a file, if any.
fn find_damage(files: &Files, id: i64) -> Option<Damage> {
    let prove = |reader: &Reader| (0..reader.groups().len()).try_for_each(|group| reader.prove(group));
    files.get(id).and_then(prove).err()
}

/// The finding of a damage; an error where the system did not let the file be read, which is no fault of the book.
fn finding(damage: Damage, book: &Portfolio) -> Result<Message, Error> {
    match damage {
        Damage::Changed(message) => Ok(message),
        unreadable @ Damage::Unreadable(_) => Err(unreadable.into_error(book.folder())),
    }
}

/// A contract with everything that the register has of it.
struct ContractRecord {
    state: ContractState,
    /// Its segments, by run and kind.
    segments: Vec<(i64, FileKind, Segment)>,
    /// Its programmes with their price levels.
    levels: Vec<(String, String)>,
    /// The events and the price changes as known after a run, for the versions that follow from them.
    known: BTreeMap<i64, (Vec<Event>, PriceHistory)>,
    /// Whether the run that bound it is annulled.
    is_void: bool,
    /// Its terms, or their fault.
    terms: Result<StoredTerms, Message>,
}

/// Reads the next contracts after an id.
fn read_contracts(
    book: &Portfolio,
    next: i64,
    after: i64,
    terms: &mut TermsReader<'_>,
) -> Result<Vec<ContractRecord>, Error> {
    let contracts = book.register.read(|register| {
        let (mut contracts, mut lines, mut files) = (Vec::new(), 0, BTreeSet::new());
        register::each_contract_after(register, after, |contract| {
            let segments = register::segments(register, contract.id)?;
            let levels = register::programmes(register, contract.id)?;
            let is_void = register::is_annulled(register, &contract, next)?;
            let state = ContractState::known_before(register, contract, next)?;
            let mut known = BTreeMap::new();
            for version in state.versions.iter().filter(|_| state.is_endorsed()) {
                let events = register::events(register, state.contract.id, version.run + 1)?;
                let then = ContractState::known_before(register, state.contract.clone(), version.run + 1)?;
                known.insert(version.run, (events, then.prices));
            }
            lines += segments.iter().map(|(_, _, segment)| segment.rows).sum::<u64>();
            files.extend(segments.iter().map(|(_, _, segment)| segment.file));
            let fits = contracts.is_empty() || lines <= LINES_AT_ONCE && files.len() <= OPEN_FILES;
            if fits {
                contracts.push((state, segments, levels, known, is_void));
            }
            Ok(fits && contracts.len() < CONTRACTS_AT_ONCE)
        })?;
        Ok(contracts)
    })?;
    let with_terms = |(state, segments, levels, known, is_void): (ContractState, _, _, _, _)| {
        let terms = match terms.read(&state.contract) {
            Ok(stored) => Ok(stored),
            Err(Error::Damaged { reason, .. }) => Err(reason),
            Err(Error::Refused { .. }) => Err(unreadable_terms(&state)),
            Err(fault) => return Err(fault),
        };
        Ok(ContractRecord { state, segments, levels, known, is_void, terms })
    };
    contracts.into_iter().map(with_terms).collect()
}

/// The finding for a contract whose terms this program does not accept.
fn unreadable_terms(state: &ContractState) -> Message {
    Message::new("book-terms-missing").with("number", state.contract.number.as_str())
}

/// The files with rows that belong to no contract or to several.
fn find_untiled(book: &Portfolio, files: &Files) -> Result<Vec<String>, Error> {
    // the end of the last segment in a file; none where segments overlap or leave rows out
    let mut reached: BTreeMap<i64, Option<u64>> = BTreeMap::new();
    book.register.read(|register| {
        register::each_segment(register, |segment| {
            let next = reached.entry(segment.file).or_insert(Some(0));
            *next = next.filter(|next| *next == segment.first_row).map(|next| next + segment.rows);
        })
    })?;
    let mut untiled = Vec::new();
    for id in files.ids().iter() {
        // the rows of claims belong to clinic registers
        let of_contracts = files.stored(*id).filter(|stored| stored.kind != FileKind::Claims);
        let Some(stored) = of_contracts else { continue };
        if reached.get(id).copied().unwrap_or(Some(0)) != Some(stored.rows()) {
            untiled.push(stored.name.clone());
        }
    }
    Ok(untiled)
}

/// The rows of some contracts.
struct RowsOfContracts<'f> {
    files: &'f Files,
    insured: RowGroups<'f, InsuredRows>,
    cells: RowGroups<'f, CellRows>,
    /// The cells of contracts whose prices have changed, as a price change reads them.
    rates: RowGroups<'f, RateRows>,
    lines: RowGroups<'f, LineRows>,
    repriced: RowGroups<'f, RepricedRows>,
}

impl<'f> RowsOfContracts<'f> {
    fn read(files: &'f Files, contracts: &[ContractRecord]) -> Self {
        let segments = |wanted: FileKind| {
            let segments = contracts.iter().flat_map(|contract| &contract.segments);
            segments.filter(move |(_, kind, _)| *kind == wanted).map(|(_, _, segment)| *segment)
        };
        let has_changed =
            |contract: &&ContractRecord| contract.state.versions.iter().any(|version| version.change.is_some());
        let changed = contracts.iter().filter(has_changed).flat_map(|contract| &contract.segments);
        let changed = changed.filter(|(_, kind, _)| *kind == FileKind::Cells).map(|(_, _, segment)| *segment);
        Self {
            files,
            insured: RowGroups::read(files, segments(FileKind::Insured)),
            cells: RowGroups::read(files, segments(FileKind::Cells)),
            rates: RowGroups::read(files, changed),
            lines: RowGroups::read(files, segments(FileKind::Lines)),
            repriced: RowGroups::read(files, segments(FileKind::Repriced)),
        }
    }

    /// Verifies a contract: its lines, and the findings.
    ///
    /// # Errors
    ///
    /// [`Damage::Unreadable`] where the system did not let a file be read.
    fn verify(&self, contract: &ContractRecord) -> Result<(u64, Vec<Message>), Damage> {
        let mut found: Vec<Message> = verify_terms(contract).into_iter().collect();
        let mut lines = 0;
        for (place, version) in contract.state.versions.iter().enumerate() {
            let before = &contract.state.versions[..place];
            let agrees = match version.kind {
                VersionKind::Annulled if contract.is_void && contract.state.versions.len() == place + 1 => {
                    Ok(version.written == Kopecks::ZERO && version.lines == 0)
                }
                VersionKind::Repriced => self.agrees_with_change(contract, version, before),
                _ => {
                    lines += version.lines;
                    match self.agrees_with_rows(contract, version) {
                        Ok(true) if version.kind != VersionKind::Bound => self.agrees_with_fold(contract, version),
                        agrees => agrees,
                    }
                }
            };
            match agrees {
                Ok(true) => {}
                Ok(false) => found.push(
                    Message::new("verify-version").with("kind", version.kind.as_str()).with("from", version.from_day),
                ),
                Err(Damage::Changed(message)) => found.push(message),
                Err(unreadable @ Damage::Unreadable(_)) => return Err(unreadable),
            }
        }
        found.dedup();
        Ok((lines, found))
    }

    /// Whether a version that wrote all rows is the sum of its lines, and of a bound contract every premium follows from its rate.
    fn agrees_with_rows(&self, contract: &ContractRecord, version: &Version) -> Result<bool, Damage> {
        let [insured, cells, lines] = ContractRows::KINDS.map(|kind| contract.segment(version.run, kind));
        let (insured, cells, lines) =
            (self.insured.slices(insured)?, self.cells.slices(cells)?, self.lines.slices(lines)?);
        let ordinals = each(&insured, |rows, at| rows.insured[at]);
        let in_order = ordinals.zip(1_u32..).all(|(ordinal, place)| ordinal == place);
        let rates: Vec<Option<Rate>> = each(&cells, |rows, at| Rate::parse(&rows.rate[at])).collect();
        let prepared: Vec<_> =
            rates.iter().flatten().map(|rate| rate.prepare(contract.state.prices.year_days)).collect();
        let mut keys = BTreeSet::new();
        let (mut count, mut written) = (0_u64, Kopecks::ZERO);
        let mut agrees = in_order && prepared.len() == rates.len();
        for (rows, at) in lines.iter().flat_map(RowSlice::each_row) {
            let premium = Kopecks::new(rows.premium[at].into());
            count += 1;
            written += premium;
            agrees &= keys.insert((rows.insured[at], rows.cell[at], rows.start[at]));
            let Some(rate) = prepared.get(rows.cell[at] as usize) else { return Ok(false) };
            if version.kind == VersionKind::Bound {
                let days = days_between(rows.start[at], rows.end[at]);
                agrees &= rate.premium(Kopecks::new(rows.sum_insured[at].into()), days) == premium;
            }
        }
        Ok(agrees && count == version.lines && written + version.expenses == version.written)
    }

    /// Whether the rows and the figures of a version follow from the rows as bound, the events and the price changes.
    fn agrees_with_fold(&self, contract: &ContractRecord, version: &Version) -> Result<bool, Damage> {
        let rows = |run: i64| {
            let [insured, cells, lines] = ContractRows::KINDS.map(|kind| contract.segment(run, kind));
            Ok(ContractRows {
                insured: read_segment_or_none(self.files, insured)?,
                cells: read_segment_or_none(self.files, cells)?,
                lines: read_segment_or_none(self.files, lines)?,
            })
        };
        let (Ok(stored), Some((events, prices))) = (&contract.terms, contract.known.get(&version.run)) else {
            return Ok(false);
        };
        let Ok(terms) = stored.parse() else { return Ok(false) };
        let axes = Axes::new(&stored.tariff, &terms.terms);
        let headcount = contract.state.contract.headcount;
        let fold = Fold { contract: &terms, tariff: &stored.tariff, axes: &axes, prices, headcount };
        let (bound, recorded) = (rows(contract.state.contract.run)?, rows(version.run)?);
        let Ok(folded) = fold.fold(bound, events) else { return Ok(false) };
        let ended = folded.ended.as_ref().map(|ended| ended.day);
        Ok(folded.rows == recorded
            && (folded.charged(), folded.charged() - folded.written, ended)
                == (version.written, version.expenses, version.ended))
    }

    /// Whether a repriced version differs from the one before by the sum of its repriced lines, and these follow from the coefficients in
    /// the register.
    fn agrees_with_change(
        &self,
        contract: &ContractRecord,
        version: &Version,
        before: &[Version],
    ) -> Result<bool, Damage> {
        let (Some(last), Some(state)) = (before.last(), contract.state.before_run(version.run)) else {
            return Ok(false);
        };
        let repriced = self.repriced.slices(contract.segment(version.run, FileKind::Repriced))?;
        let change = each(&repriced, |rows, at| i128::from(rows.additional[at]) - i128::from(rows.credit[at])).sum();
        // as known after the run, which a later one may have annulled
        let known = contract.known.get(&version.run).map_or(&contract.state.prices, |(_, prices)| prices);
        let mut earlier = known.clone();
        earlier.retain(|applied| applied.run < version.run);
        let applied = known.applied.iter().filter(|applied| applied.run == version.run);
        let factors =
            applied.filter_map(|applied| Some((applied.programme.clone(), applied.factor.clone()?))).collect();
        let lines = self.lines.slices(contract.segment(state.rows_run(), FileKind::Lines))?;
        let cells = self.rates.slices(contract.segment(state.rows_run(), FileKind::Cells))?;
        let recomputed = RecomputedChange::new(&earlier, &cells, &lines, factors, version.from_day);
        Ok(last.written + Kopecks::new(change) == version.written
            && recomputed.is_some_and(|recomputed| recomputed.agrees(&repriced)))
    }
}

impl ContractRecord {
    /// The segment of a run and kind; an empty one where the run has written none.
    fn segment(&self, run: i64, wanted: FileKind) -> Segment {
        let found = self.segments.iter().find(|(of, kind, _)| *of == run && *kind == wanted);
        found.map_or(Segment { file: -1, first_row: 0, rows: 0 }, |(_, _, segment)| *segment)
    }
}

/// The fault of a contract's terms, or of the register's columns that follow from them.
fn verify_terms(contract: &ContractRecord) -> Option<Message> {
    let stored = match &contract.terms {
        Ok(stored) => stored,
        Err(message) => return Some(message.clone()),
    };
    let Ok(terms) = stored.parse() else { return Some(unreadable_terms(&contract.state)) };
    let columns = terms::differing_columns(&contract.state.contract, &contract.levels, &terms, &stored.tariff);
    (!columns.is_empty()).then(|| Message::new("verify-terms").with("columns", listed(columns)))
}

/// The rows of a segment; none where a run has written none.
fn read_segment_or_none<R: Rows>(files: &Files, segment: Segment) -> Result<R, Damage> {
    if segment.rows == 0 { Ok(R::default()) } else { read_segment(files, segment) }
}

/// A value of each row of some slices.
fn each<'s, R, T>(
    slices: &'s [RowSlice<'s, R>],
    value: impl Fn(&R, usize) -> T + Copy + 's,
) -> impl Iterator<Item = T> + 's {
    slices.iter().flat_map(RowSlice::each_row).map(move |(rows, at)| value(rows, at))
}
