//! The contracts that a price change affects: selected in the register, ordered in the staging database, read some batches at a time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rusqlite::{Connection, params};
use rust_decimal::Decimal;

use crate::base::error::Error;
use crate::base::money::Rate;
use crate::portfolio::book::Portfolio;
use crate::portfolio::change::PriceChange;
use crate::portfolio::contract_state::ContractState;
use crate::portfolio::files::Files;
use crate::portfolio::register;
use crate::portfolio::register::changes::KnownChange;
use crate::portfolio::register::contracts::{Choice, Chosen};
use crate::portfolio::register::files::Segment;
use crate::portfolio::reprice::applicability::Applicability;
use crate::portfolio::reprice::batch::AffectedContract;
use crate::portfolio::reprice::late_prices::LatePrices;
use crate::portfolio::reprice::planned_contract::PlannedContract;
use crate::portfolio::staging::StagingDb;
use crate::portfolio::store::FileKind;
use crate::tariff::Tariff;

/// The table of the selected contracts, in the order of their lines.
pub const TABLE: &str = "CREATE TABLE chosen (
    file INTEGER NOT NULL,
    first_row INTEGER NOT NULL,
    rows INTEGER NOT NULL,
    contract INTEGER NOT NULL,
    state_before INTEGER NOT NULL,
    PRIMARY KEY (file, first_row, contract)
) STRICT, WITHOUT ROWID;";

/// The number of contracts that are moved to or from the staging database at once, and from which no further batch is repriced at once.
const CONTRACTS_AT_ONCE: usize = 2048;
/// The largest number of contracts of a batch.
const CONTRACTS_PER_BATCH: usize = 2048;
/// A part ends with this number of batches.
const BATCHES_PER_PART: usize = 64;
/// A part ends with the batch that brings it to this number of lines: a megabyte of repriced lines, and less than a second of work.
const LINES_PER_PART: u64 = 1 << 18;
/// A part ends with the batch that brings it to this number of contracts.
const CONTRACTS_PER_PART: usize = 8192;

/// The selection of contracts for a price change.
pub struct Selection<'s> {
    /// The change.
    pub change: &'s PriceChange,
    /// The change in the book; `None` where it is new.
    pub known: Option<&'s KnownChange>,
    /// The number of the next run.
    pub next: i64,
    /// The tariff with the lawful price levels.
    pub tariff: &'s Tariff,
    /// The contracts with events or prices of later days that are known before the change comes.
    pub late: LatePrices,
}

impl Selection<'_> {
    /// Selects the contracts with a line of a changed programme that are in force on the first day of the new prices: puts them into the
    /// staging database, and returns their number.
    pub fn choose(&self, book: &Portfolio, staging: &mut StagingDb) -> Result<u64, Error> {
        let change = self.change;
        let mut programmes = book.register.read(register::all_programmes)?;
        programmes.retain(|programme| change.coefficient(programme).is_some());
        let choice = Choice {
            programmes: &programmes,
            day: change.effective,
            run: self.known.map_or(self.next, |known| known.run),
            change: &change.id,
            // a contract that was set aside is retried in its current state
            next: self.next,
        };
        let (mut count, mut some) = (0, Vec::with_capacity(CONTRACTS_AT_ONCE));
        book.register.read(|register| {
            register::each_chosen(register, &choice, |chosen| {
                count += 1;
                some.push(chosen);
                if some.len() == CONTRACTS_AT_ONCE { stage(staging, &mut some) } else { Ok(()) }
            })
        })??;
        stage(staging, &mut some)?;
        Ok(count)
    }

    /// The queue of the selected contracts; contracts that the change finds as they were before a run earlier than `from_run` are left
    /// out.
    pub fn batches(&self, from_run: i64) -> BatchQueue<'_> {
        let last = Chosen { contract: 0, before: 0, lines: Segment { file: -1, first_row: 0, rows: 0 } };
        BatchQueue { selection: self, from_run, last, ahead: Vec::new(), batches: 0, contracts: 0, lines: 0 }
    }

    /// Passes all selected contracts to `visit`, some batches at a time.
    pub fn each_batches(
        &self,
        book: &Portfolio,
        staging: &StagingDb,
        files: &mut Files,
        mut visit: impl FnMut(&Files, Chunk) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut queue = self.batches(0);
        while let Some(chunk) = queue.next(book, staging, files)? {
            files.close_others(&files_of(&chunk.batches));
            visit(files, chunk)?;
        }
        Ok(())
    }

    /// To which contracts the change applies.
    pub const fn applicability(&self) -> Applicability<'_> {
        Applicability { change: self.change, tariff: self.tariff }
    }

    /// Reads a selected contract; `None` where it has no rows.
    fn read(&self, register: &Connection, chosen: Chosen) -> rusqlite::Result<Option<AffectedContract>> {
        let Chosen { contract: id, before, lines } = chosen;
        let state = ContractState::known_before(register, register::contract_at(register, id)?, before)?;
        let Some(cells) = register::segment(register, id, state.rows_run(), FileKind::Cells)? else { return Ok(None) };
        let levels = register::programmes(register, id)?;
        let applicability = self.applicability();
        let exempt = applicability.exemption(&state);
        let coefficients = applicability.coefficients(&state, &levels);
        let effective = self.change.effective;
        let factor = |(programme, coefficient): (&String, &Decimal)| {
            Some((programme.clone(), state.prices.factor(programme, *coefficient, effective)?))
        };
        let factors: BTreeMap<String, Rate> = coefficients.iter().filter_map(factor).collect();
        let (refolded, unfoldable) = match self.late.find(id) {
            Some(Ok(refolded)) => (Some(refolded.clone()), None),
            Some(Err(reason)) => (None, Some(reason.clone())),
            None => (None, None),
        };
        let set_aside = applicability.reason(&state, &levels, &coefficients).or(unfoldable);
        let applied = if set_aside.is_none() { factors.clone() } else { BTreeMap::new() };
        let planned = PlannedContract {
            number: state.contract.number.clone(),
            written: state.version().written,
            terms: Arc::new(state.prices.terms(applied, effective)),
            cells,
            lines,
        };
        Ok(Some(AffectedContract { state, before, coefficients, factors, exempt, set_aside, refolded, planned }))
    }
}

fn stage(staging: &mut StagingDb, some: &mut Vec<Chosen>) -> Result<(), Error> {
    staging.add(|staging| {
        let add = "INSERT INTO chosen (file, first_row, rows, contract, state_before) VALUES (?1, ?2, ?3, ?4, ?5)";
        let mut add = staging.prepare_cached(add)?;
        some.drain(..).try_for_each(|Chosen { contract, before, lines: Segment { file, first_row, rows } }| {
            add.execute(params![file, first_row, rows, contract, before]).map(drop)
        })
    })
}

/// The files that hold the rows of batches.
pub fn files_of(batches: &[Vec<AffectedContract>]) -> BTreeSet<i64> {
    batches.iter().flatten().flat_map(|affected| [affected.planned.cells.file, affected.planned.lines.file]).collect()
}

/// Some batches of one part, in their order.
#[derive(Default)]
pub struct Chunk {
    /// The batches.
    pub batches: Vec<Vec<AffectedContract>>,
    /// Whether the part ends with them.
    pub ends_part: bool,
}

/// The selected contracts, batch by batch: the contracts of a batch share their row groups, and some batches are a part.
///
/// Where a batch and a part end depends on the book and the change alone, so that the files of a result do too.
pub struct BatchQueue<'q> {
    selection: &'q Selection<'q>,
    from_run: i64,
    /// The last contract that was fetched.
    last: Chosen,
    /// The contracts that were fetched, the next one last.
    ahead: Vec<Chosen>,
    /// The number of batches of the part so far.
    batches: usize,
    /// The number of contracts of the part so far.
    contracts: usize,
    /// The number of their lines.
    lines: u64,
}

impl BatchQueue<'_> {
    /// Reads the next batches; `None` at the end.
    pub fn next(&mut self, book: &Portfolio, staging: &StagingDb, files: &Files) -> Result<Option<Chunk>, Error> {
        // several for each thread: the slowest of them delays the next ones
        let at_once = 4 * rayon::current_num_threads();
        let (mut batches, mut count, mut ends_part) = (Vec::new(), 0, false);
        while !ends_part && batches.len() < at_once && count < CONTRACTS_AT_ONCE {
            let batch = self.next_batch(staging, files)?;
            if batch.is_empty() {
                ends_part = true;
            } else {
                count += batch.len();
                self.batches += 1;
                self.contracts += batch.len();
                self.lines += batch.iter().map(|chosen| chosen.lines.rows).sum::<u64>();
                let is_full = self.contracts >= CONTRACTS_PER_PART || self.lines >= LINES_PER_PART;
                ends_part = is_full || self.batches == BATCHES_PER_PART;
                batches.push(batch);
            }
        }
        if ends_part {
            (self.batches, self.contracts, self.lines) = (0, 0, 0);
        }
        if batches.is_empty() {
            return Ok(None);
        }
        let batches = book.register.read(|register| {
            let affected = |chosen: Chosen| self.selection.read(register, chosen).transpose();
            let batch =
                |batch: Vec<Chosen>| batch.into_iter().filter_map(affected).collect::<rusqlite::Result<Vec<_>>>();
            batches.into_iter().map(batch).collect::<rusqlite::Result<_>>()
        })?;
        Ok(Some(Chunk { batches, ends_part }))
    }

    /// The contracts of the next batch: those that follow in one row group, up to a limit.
    fn next_batch(&mut self, staging: &StagingDb, files: &Files) -> Result<Vec<Chosen>, Error> {
        let (mut batch, mut place) = (Vec::new(), None);
        while batch.len() < CONTRACTS_PER_BATCH
            && let Some(chosen) = self.fetch(staging)?
        {
            let lines = chosen.lines;
            let group = files.stored(lines.file).map_or(0, |file| file.groups_of(lines.first_row, lines.rows).start);
            if *place.get_or_insert((lines.file, group)) != (lines.file, group) {
                self.ahead.push(chosen);
                break;
            }
            batch.push(chosen);
        }
        Ok(batch)
    }

    fn fetch(&mut self, staging: &StagingDb) -> Result<Option<Chosen>, Error> {
        if self.ahead.is_empty() {
            let query = "SELECT contract, state_before, file, first_row, rows FROM chosen
                         WHERE (file, first_row, contract) > (?1, ?2, ?3) AND state_before >= ?4
                         ORDER BY file, first_row, contract LIMIT ?5";
            let Chosen { contract, lines: Segment { file, first_row, .. }, .. } = self.last;
            self.ahead = staging.read(|staging| {
                staging
                    .prepare_cached(query)?
                    .query_map(params![file, first_row, contract, self.from_run, CONTRACTS_AT_ONCE], |row| {
                        let lines = Segment { file: row.get(2)?, first_row: row.get(3)?, rows: row.get(4)? };
                        Ok(Chosen { contract: row.get(0)?, before: row.get(1)?, lines })
                    })?
                    .collect::<rusqlite::Result<_>>()
            })?;
            self.last = self.ahead.last().copied().unwrap_or(self.last);
            self.ahead.reverse();
        }
        Ok(self.ahead.pop())
    }
}
