//! What another edition of the tariff would do to the contracts of a book: their lines as they stand, priced by both editions.
//!
//! Both premiums are those of the contract's terms at the headcount at inception; changes of medical prices since then (§2.3) are in neither.
//! Neither the days of an edition matter, nor the edition that a contract pins: the question is what it would cost.

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::money::Kopecks;
use crate::base::money::PreparedRate;
use crate::base::parallel::collect_in_order;
use crate::base::progress::{Progress, Stage};
use crate::portfolio::book::Portfolio;
use crate::portfolio::contract_state::ContractState;
use crate::portfolio::groups::RowGroups;
use crate::portfolio::register;
use crate::portfolio::register::EVERYTHING;
use crate::portfolio::register::contracts::BoundContract;
use crate::portfolio::register::files::Segment;
use crate::portfolio::rows::{CellRows, InsuredAgeRows, LineRows};
use crate::portfolio::store::{Damage, FileKind};
use crate::portfolio::terms::{StoredTerms, TermsReader};
use crate::pricing::cube::Axes;
use crate::pricing::rating::Rating;
use crate::quote::contract::{Contract, headcount_message, no_rate_message};
use crate::quote::contract_effect::{ContractEffect, Sums};
use crate::tariff::Tariff;

/// The effect on a contract of the book, or its number and why one of the editions does not price it.
pub type BookedEffect = Result<ContractEffect, (String, Message)>;

/// The number of contracts that are read together, so that the row groups that they share are decoded once.
const CONTRACTS_AT_ONCE: usize = 512;
/// The most lines that are read together, unless one contract has more.
const LINES_AT_ONCE: u64 = 128 * 1024;

/// The rows of a contract as they stand.
struct Rows {
    cells: CellRows,
    lines: LineRows,
    /// The ages in completed years, by the place of the insured in the contract.
    ages: HashMap<u32, u16>,
}

/// A contract in force, with the segments of its rows.
struct InForce {
    bound: BoundContract,
    terms: StoredTerms,
    insured: Segment,
    cells: Segment,
    lines: Segment,
}

/// Passes the effect of an edition on each contract in force to `visit`, in the order in which they were bound. Memory does not grow with the
/// book.
///
/// # Errors
///
/// [`Error::Register`] where the register cannot be read, [`Error::Damaged`] where rows or terms are not as they were written.
pub fn each_effect(
    book: &Portfolio,
    before: &Tariff,
    after: &Tariff,
    visit: &mut dyn FnMut(BookedEffect),
    progress: &dyn Progress,
) -> Result<(), Error> {
    book.prove(EVERYTHING)?;
    let next = book.register.read(register::next_run)?;
    let mut contracts = book.register.read(|register| register::contracts(register, next))?;
    contracts.sort_by_key(|contract| contract.id);
    progress.begin_stage(Stage::Repricing, Some(contracts.len() as u64));
    let (mut terms, mut files) = (book.terms(), book.files()?);
    let damaged = |damage: Damage| damage.into_error(book.folder());
    let mut contracts = contracts.into_iter().peekable();
    while contracts.peek().is_some() {
        let (mut batch, mut lines, mut read) = (Vec::new(), 0, 0);
        while let Some(bound) = contracts.next_if(|_| read < CONTRACTS_AT_ONCE && lines < LINES_AT_ONCE) {
            read += 1;
            if let Some(contract) = in_force(book, bound, next, &mut terms)? {
                lines += contract.lines.rows;
                batch.push(contract);
            }
        }
        let of_batch = batch.iter().flat_map(|contract| [contract.insured, contract.cells, contract.lines]);
        files.close_others(&of_batch.map(|segment| segment.file).collect());
        let insured: RowGroups<'_, InsuredAgeRows> = RowGroups::read(&files, batch.iter().map(|of| of.insured));
        let cells: RowGroups<'_, CellRows> = RowGroups::read(&files, batch.iter().map(|of| of.cells));
        let lines: RowGroups<'_, LineRows> = RowGroups::read(&files, batch.iter().map(|of| of.lines));
        let effect = |contract: &InForce| -> Result<BookedEffect, Damage> {
            let insured = insured.rows(contract.insured)?;
            let age = |age: &u32| u16::try_from(*age).unwrap_or(u16::MAX);
            let rows = Rows {
                ages: insured.insured.iter().copied().zip(insured.age.iter().map(age)).collect(),
                cells: cells.rows(contract.cells)?,
                lines: lines.rows(contract.lines)?,
            };
            Ok(contract.effect(&rows, before, after))
        };
        let effects = collect_in_order(batch.par_iter().map(effect));
        effects.map_err(damaged)?.into_iter().for_each(&mut *visit);
        progress.advance(read as u64);
    }
    Ok(())
}

/// A contract with its terms and its rows; `None` where it has ended.
fn in_force(
    book: &Portfolio,
    bound: BoundContract,
    next: i64,
    terms: &mut TermsReader<'_>,
) -> Result<Option<InForce>, Error> {
    let terms = terms.read(&bound)?;
    book.register.read(|register| {
        let state = ContractState::known_before(register, bound, next)?;
        if state.version().ended.is_some() {
            return Ok(None);
        }
        let segment = |kind| {
            let found = register::segment(register, state.contract.id, state.rows_run(), kind)?;
            Ok::<_, rusqlite::Error>(found.unwrap_or(Segment { file: -1, first_row: 0, rows: 0 }))
        };
        let [insured, cells, lines] =
            [segment(FileKind::Insured)?, segment(FileKind::Cells)?, segment(FileKind::Lines)?];
        Ok(Some(InForce { bound: state.contract, terms, insured, cells, lines }))
    })
}

impl InForce {
    /// The effect on the contract with these rows, or why one of the editions does not price it.
    fn effect(&self, rows: &Rows, before: &Tariff, after: &Tariff) -> BookedEffect {
        let by = |tariff: &Tariff| match self.terms.parse_as(tariff) {
            Ok(contract) => sums(&contract, tariff, self.bound.headcount, rows),
            Err(Error::Refused { faults, .. }) if !faults.is_empty() => Err(faults[0].message.clone()),
            Err(fault) => Err(fault.message()),
        };
        let number = self.bound.number.clone();
        match (by(before), by(after)) {
            (Ok(before), Ok(after)) => Ok(ContractEffect::new(number, &before, &after)),
            (Err(reason), _) | (_, Err(reason)) => Err((number, reason)),
        }
    }
}

/// The premium of the lines by an edition, or why it does not price one of them.
fn sums(contract: &Contract, tariff: &Tariff, headcount: u32, rows: &Rows) -> Result<Sums, Message> {
    let rating = Rating::new(tariff, &contract.terms, headcount).map_err(|error| headcount_message(&error, tariff))?;
    let axes = Axes::new(tariff, &contract.terms);
    let mut rates: HashMap<(u32, u16), PreparedRate> = HashMap::new();
    let mut sums: Sums = BTreeMap::new();
    let unknown = || Message::new("endorse-unreadable").with("number", contract.number.as_str());
    for at in 0..rows.lines.cell.len() {
        let cell = rows.lines.cell[at];
        let age = rows.ages.get(&rows.lines.insured[at]).copied().ok_or_else(unknown)?;
        let place = cell as usize;
        let (Some(plan), Some(programme)) = (rows.cells.plan.get(place), rows.cells.programme.get(place)) else {
            return Err(unknown());
        };
        let rate = match rates.entry((cell, age)) {
            std::collections::hash_map::Entry::Occupied(known) => known.into_mut(),
            std::collections::hash_map::Entry::Vacant(free) => {
                let index = tariff.programme(programme);
                let covers =
                    contract.terms.plans.iter().filter(|named| named.code == *plan).flat_map(|named| &named.covers);
                let cover = covers.into_iter().find(|cover| Some(cover.programme) == index).ok_or_else(unknown)?;
                let outside = || {
                    let message = Message::new("cell-age-outside").with("last", tariff.last_age().to_string());
                    message.with("clause", tariff.age.clause.as_str())
                };
                let accepted = || axes.accepted_class(rows.cells.accepted_age(place)?);
                let class = axes.ages[usize::from(axes.age_class(age).or_else(accepted).ok_or_else(outside)?)];
                let group = u8::try_from(rows.cells.risk_group[place]).ok().and_then(|group| tariff.risk_group(group));
                let trace = rating.trace(cover, &class, group.ok_or_else(unknown)?);
                let trace = trace.map_err(|reason| no_rate_message(reason, tariff, cover))?;
                free.insert(trace.rate().prepare(contract.term().year_days()))
            }
        };
        let days = u32::try_from(rows.lines.end[at] - rows.lines.start[at] + 1).unwrap_or_default();
        let sum = sums.entry((plan.clone(), programme.clone())).or_default();
        sum.0 += 1;
        sum.1 += rate.premium(Kopecks::new(rows.lines.sum_insured[at].into()), days);
    }
    Ok(sums)
}
