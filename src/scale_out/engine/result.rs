//! The results of an engine for a batch, checked against the book.
//!
//! An engine returns the sums of the lines as it has read them and as it has written them, by contract and kind of cell. From these it follows
//! that every line was read once, that exactly these lines were written, and that each of them is rounded right. The engine's own word
//! is proved by repricing some batches here.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::money::Kopecks;
use crate::portfolio::Files;
use crate::portfolio::groups::RowGroups;
use crate::portfolio::premium::price_change::{ContractPrices, RateCache};
use crate::portfolio::register::files::Segment;
use crate::portfolio::reprice::batch;
use crate::portfolio::reprice::batch::{AffectedContract, RepricedContract};
use crate::portfolio::reprice::line_engine::EngineBatch;
use crate::portfolio::reprice::part_files::PartFile;
use crate::portfolio::reprice::planned_contract::PlannedContract;
use crate::portfolio::reprice::repeated_batch::RepeatedBatch;
use crate::portfolio::reprice::sums::{GroupSums, Sums};
use crate::portfolio::rows::RateRows;
use crate::portfolio::store::{Reader, StoredFile};
use crate::scale_out::engine::certificate::Certificate;
use crate::scale_out::engine::output_reader::{Rows, Unreadable};
use crate::scale_out::engine::table;
use crate::scale_out::engine::written_files::WrittenFiles;

/// The columns of the sums of the lines as they were read.
pub const SUMS: [&str; 11] = [
    "contract",
    "kind",
    "lines",
    "repriced",
    "annual_before",
    "annual_after",
    "annual_of_others",
    "unexpired",
    "premium",
    "premium_of_others",
    "print",
];
/// The columns of the sums of the lines as they were written.
pub const AUDIT: [&str; 17] = [
    "contract",
    "kind",
    "file",
    "first_row",
    "last_row",
    "lines",
    "additional",
    "credit",
    "lowest",
    "print",
    "of_days",
    "least",
    "most",
    "rest",
    "rest_2",
    "rest_1",
    "rest_0",
];

/// The bound of a figure.
const LARGEST: u128 = 1 << 110;

/// The results of an engine for the contracts of a batch.
pub(super) struct EngineResult {
    engine: &'static str,
    contracts: Vec<ContractResult>,
    /// Where a batch that is repriced here has its rows.
    repeated: Option<Repeated>,
}

/// A batch that is repriced here as well.
struct Repeated {
    /// A folder for a temporary file.
    folder: PathBuf,
    /// The file of its lines and the first of them; `None` where it has none.
    lines: Option<(PathBuf, StoredFile, u64)>,
}

/// The results of an engine for a contract.
struct ContractResult {
    sums: Vec<[i128; SUMS.len()]>,
    audit: Vec<[i128; AUDIT.len()]>,
    /// The rows of its repriced lines.
    segment: Option<Segment>,
    /// The premium of its lines in the register.
    premium: Option<Kopecks>,
}

/// The output of an engine, with the place of the next contract in it.
pub(super) struct Output {
    engine: &'static str,
    sums: Rows<{ SUMS.len() }>,
    audit: Rows<{ AUDIT.len() }>,
    files: WrittenFiles,
}

impl Output {
    pub const fn new(
        engine: &'static str,
        sums: Rows<{ SUMS.len() }>,
        audit: Rows<{ AUDIT.len() }>,
        files: WrittenFiles,
    ) -> Self {
        Self { engine, sums, audit, files }
    }

    /// The files of the lines.
    pub fn files(&self) -> &[PartFile] {
        self.files.files()
    }

    /// The files of the lines, each row of which belongs to a contract.
    ///
    /// # Errors
    ///
    /// [`Error::Engine`] where the output has rows of other contracts.
    pub fn finish(mut self) -> Result<Vec<PartFile>, Error> {
        let engine = self.engine;
        let is_read = matches!((self.sums.peek(), self.audit.peek()), (Ok(None), Ok(None)));
        let files = self.files.finish().filter(|_| is_read);
        files.ok_or_else(|| Error::Engine { reason: Message::new("engine-file").with("engine", engine) })
    }

    /// The results for contracts, the first of which has this place among all contracts of the run; `folder` takes temporary files where
    /// the batch is repriced here as well.
    ///
    /// # Errors
    ///
    /// [`Error::Engine`] where the output cannot be read, or the lines of a contract are not in their place.
    pub fn read(
        &mut self,
        first: usize,
        contracts: &[AffectedContract],
        folder: Option<PathBuf>,
    ) -> Result<EngineResult, Error> {
        let mut results = Vec::with_capacity(contracts.len());
        for (affected, contract) in contracts.iter().zip(first..) {
            let unreadable =
                |_| Error::Engine { reason: Message::new("engine-unreadable").with("engine", self.engine) };
            let sums = take_rows(contract, &mut self.sums).map_err(unreadable)?;
            let audit = take_rows(contract, &mut self.audit).map_err(unreadable)?;
            let segment = self.place(&audit);
            let segment = segment.map_err(|Misplaced| refusal("engine-order", self.engine, &affected.planned))?;
            results.push(ContractResult { sums, audit, segment, premium: affected.premium_of_lines() });
        }
        let repeated = folder.map(|folder| {
            let segment = results.iter().find_map(|result| result.segment);
            let file = segment.and_then(|segment| self.files().get(usize::try_from(segment.file).ok()?));
            let lines = segment.zip(file);
            let lines = lines.map(|(segment, file)| (file.path.clone(), file.stored.clone(), segment.first_row));
            Repeated { folder, lines }
        });
        Ok(EngineResult { engine: self.engine, contracts: results, repeated })
    }

    /// The rows of a contract's lines, if it has any.
    fn place(&mut self, audit: &[[i128; AUDIT.len()]]) -> Result<Option<Segment>, Misplaced> {
        let Some([_, _, file, ..]) = audit.first() else { return Ok(None) };
        let (mut first, mut last, mut lines) = (i128::MAX, i128::MIN, 0_i128);
        for [_, _, of, first_row, last_row, rows, ..] in audit {
            if of != file || *rows <= 0 {
                return Err(Misplaced);
            }
            (first, last) = (first.min(*first_row), last.max(*last_row));
            lines += *rows;
        }
        self.files.take(*file, [first, last], lines).map(Some).ok_or(Misplaced)
    }
}

/// The lines of a contract are not together, or do not follow those of the contract before.
struct Misplaced;

/// The rows of a contract, by its place among all contracts of the run.
fn take_rows<const N: usize>(contract: usize, rows: &mut Rows<N>) -> Result<Vec<[i128; N]>, Unreadable> {
    let contract = contract as i128;
    let mut found = Vec::new();
    while let Some(row) = rows.peek()?
        && row[0] <= contract
    {
        // no figure of a book is as large, and none of their sums overflows
        if row[0] < contract || row.iter().any(|figure| figure.unsigned_abs() >= LARGEST) {
            return Err(Unreadable);
        }
        found.push(row);
        rows.advance();
    }
    Ok(found)
}

/// The error for a contract that does not pass a check.
fn refusal(check: &'static str, engine: &'static str, planned: &PlannedContract) -> Error {
    let reason = Message::new(check).with("engine", engine).with("number", planned.number.as_str());
    Error::Engine { reason }
}

impl EngineBatch for EngineResult {
    fn check(
        &self,
        files: &Files,
        contracts: &[&PlannedContract],
        effective: i32,
    ) -> Result<Vec<RepricedContract>, Error> {
        let cells = RowGroups::<RateRows>::read(files, contracts.iter().map(|planned| planned.cells));
        let mut cache = RateCache::default();
        let mut repriced = Vec::with_capacity(contracts.len());
        for (planned, result) in contracts.iter().zip(&self.contracts) {
            let prices = cells.slices(planned.cells).and_then(|cells| planned.prices(&cells, effective, &mut cache));
            let prices = prices.map_err(|damage| damage.into_error(files.folder()))?;
            let sums = result.check(planned, &prices).map_err(|check| refusal(check, self.engine, planned))?;
            repriced.push(RepricedContract { sums, fault: None, written: result.segment });
        }
        if let Some(repeated) = &self.repeated {
            repeated.check(self.engine, files, contracts, effective, &repriced)?;
        }
        Ok(repriced)
    }
}

impl Repeated {
    /// Reprices the contracts here: their figures and all their lines have to be equal.
    fn check(
        &self,
        engine: &'static str,
        files: &Files,
        contracts: &[&PlannedContract],
        effective: i32,
        repriced: &[RepricedContract],
    ) -> Result<(), Error> {
        let own = RepeatedBatch::new(files, contracts, effective, &self.folder)?;
        for ((planned, own), theirs) in contracts.iter().zip(&own.contracts).zip(repriced) {
            if (&own.sums, &own.fault) != (&theirs.sums, &theirs.fault) {
                return Err(refusal("engine-repeated", engine, planned));
            }
        }
        let Some((path, stored, first_row)) = &self.lines else { return Ok(()) };
        let is_equal = Reader::open_file(path, stored).is_ok_and(|reader| own.agrees(&reader, *first_row));
        let engine_rows = || Error::Engine { reason: Message::new("engine-rows").with("engine", engine) };
        if is_equal { Ok(()) } else { Err(engine_rows()) }
    }
}

/// The lines of a kind as they were written.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Written {
    lines: i128,
    print: i128,
    additional: i128,
    credit: i128,
}

impl ContractResult {
    /// The sums; or the name of the check that they do not pass.
    fn check(&self, planned: &PlannedContract, prices: &ContractPrices) -> Result<Sums, &'static str> {
        let mut written = self.written(planned, prices)?;
        let mut sums = Sums::default();
        let mut last = None;
        for row in &self.sums {
            let [_, kind, lines, repriced, before, after, others, unexpired, premium, premium_of_others, print] = *row;
            let kind = usize::try_from(kind).ok().filter(|kind| last.is_none_or(|last| last < *kind));
            let kind = kind.ok_or("engine-lines")?;
            last = Some(kind);
            let of_kind = written.remove(&kind).unwrap_or_default();
            if (of_kind.lines, of_kind.print) != (repriced, print) {
                return Err("engine-written");
            }
            let cell = prices.cells.get(kind).ok_or("engine-lines")?;
            let count = |lines: i128| u64::try_from(lines).map_err(|_| "engine-lines");
            let amount = Kopecks::new;
            let group = GroupSums {
                lines: count(repriced)?,
                effect: [before, after, of_kind.additional, of_kind.credit].map(amount).into(),
            };
            sums.lines += count(lines)?;
            sums.repriced += group.lines;
            sums.effect += group.effect;
            sums.effect.annual_before += amount(others);
            sums.effect.annual_after += amount(others);
            sums.unexpired += amount(unexpired);
            sums.premium += amount(premium);
            sums.premium_of_untouched += amount(premium_of_others);
            if group.lines > 0 {
                let key = (cell.plan.clone(), Arc::clone(&prices.programmes[cell.programme]));
                sums.groups.entry(key).or_default().add(&group);
            }
        }
        if !written.is_empty() {
            Err("engine-written")
        } else if sums.lines != planned.lines.rows {
            Err("engine-lines")
        } else if Some(sums.premium) != self.premium {
            Err("engine-premium")
        } else if batch::too_large(planned, &sums).is_some() {
            Err("engine-too-large")
        } else {
            Ok(sums)
        }
    }

    /// The lines as they were written, by kind, each of which is rounded right.
    fn written(
        &self,
        planned: &PlannedContract,
        prices: &ContractPrices,
    ) -> Result<BTreeMap<usize, Written>, &'static str> {
        let mut written: BTreeMap<usize, Written> = BTreeMap::new();
        for row in &self.audit {
            let [_, kind, _, _, _, lines, additional, credit, lowest, print, of_days, least, most, rest, below @ ..] =
                *row;
            let kind = usize::try_from(kind).map_err(|_| "engine-written")?;
            let cell = prices.cells.get(kind).ok_or("engine-written")?;
            let programme = &prices.programmes[cell.programme];
            let factor = planned.terms.factors.get(&**programme).ok_or("engine-written")?;
            let rate = table::step(cell, factor, &planned.terms).ok_or("engine-written")?;
            let (step, other) = if table::rises(factor) { (additional, credit) } else { (credit, additional) };
            let certificate = Certificate { lines, of_days, step, least, most, rest, below };
            if other != 0 || lowest < 0 || !certificate.proves(&rate) {
                return Err("engine-rounding");
            }
            let of_kind = written.entry(kind).or_default();
            of_kind.lines += lines;
            of_kind.print += print;
            of_kind.additional += additional;
            of_kind.credit += credit;
        }
        Ok(written)
    }
}
