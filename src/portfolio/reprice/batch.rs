//! Reprices the contracts of one batch together: their row groups are read once.

use std::collections::BTreeMap;

use rayon::prelude::*;
use rust_decimal::Decimal;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::money::{Kopecks, MAX_SUM_INSURED, Rate};
use crate::portfolio::contract_state::ContractState;
use crate::portfolio::files::Files;
use crate::portfolio::groups::{RowGroups, RowSlice};
use crate::portfolio::premium::line::Line;
use crate::portfolio::premium::price_change::{ContractPrices, LinePrices, RateCache};
use crate::portfolio::register::files::Segment;
use crate::portfolio::reprice::late_prices::Refolded;
use crate::portfolio::reprice::planned_contract::PlannedContract;
use crate::portfolio::reprice::repriced_lines::{RepricedLine, encode};
use crate::portfolio::reprice::sums::{GroupSums, Sums};
use crate::portfolio::rows::{LineRows, MAX_KOPECKS, RateRows};
use crate::portfolio::store::{Damage, Encoded, Encoder};

/// A contract that a change affects.
#[derive(Debug)]
pub struct AffectedContract {
    /// Its state before the change.
    pub state: ContractState,
    /// The run before which it had this state.
    pub before: i64,
    /// The coefficients of the cost levels, by programme (`I19`).
    pub coefficients: BTreeMap<String, Decimal>,
    /// The factors of the charged levels that change, by programme.
    pub factors: BTreeMap<String, Rate>,
    /// Why the change does not apply to it (`I36`, `I37`).
    pub exempt: Option<Message>,
    /// Why it is set aside, where that is known before its lines are read.
    pub set_aside: Option<Message>,
    /// Its figures after a fold, where events or prices of later days are known (`I31`).
    pub refolded: Option<Refolded>,
    /// What its lines are repriced by.
    pub planned: PlannedContract,
}

/// A contract after repricing.
#[derive(Debug, PartialEq)]
pub struct RepricedContract {
    /// The figures; those without the change where the contract is set aside before; zeros where it has a fault.
    pub sums: Sums,
    /// Why its figures or its rows cannot be used.
    pub fault: Option<Message>,
    /// The rows of its repriced lines, where an engine has written them: the file's place among those of the engine.
    pub written: Option<Segment>,
}

/// A batch after repricing.
pub struct RepricedBatch {
    /// The contracts, in the order of the batch.
    pub contracts: Vec<RepricedContract>,
    /// Their repriced lines.
    pub lines: Vec<Encoded>,
}

impl RepricedContract {
    /// A repriced contract, whose lines this program writes.
    #[must_use]
    pub const fn new(sums: Sums, fault: Option<Message>) -> Self {
        Self { sums, fault, written: None }
    }

    /// The number of its rows in a file of repriced lines.
    pub(super) fn lines_written(&self) -> usize {
        usize::try_from(self.sums.repriced).unwrap_or(usize::MAX)
    }
}

impl AffectedContract {
    /// The premium of its lines in the register, as the run that wrote them added it up.
    #[must_use]
    pub fn premium_of_lines(&self) -> Option<Kopecks> {
        let run = self.state.rows_run();
        let wrote = self.state.versions.iter().find(|version| version.run == run);
        wrote.map(|version| version.written - version.expenses)
    }
}

/// The prices of a contract's cells, and its lines.
type PricesAndLines<'g> = (ContractPrices, Vec<RowSlice<'g, LineRows>>);

/// Reprices the contracts of a batch, and encodes their repriced lines; `effective` is the first day of the new prices in days since 1970.
///
/// A contract whose rows are damaged is set aside.
///
/// # Errors
///
/// [`Error::Damaged`] where the system does not let a file be read; [`Error::Parquet`] where the library refuses the lines.
pub fn reprice(
    files: &Files,
    contracts: &[&PlannedContract],
    effective: i32,
    encoder: &Encoder,
) -> Result<RepricedBatch, Error> {
    let cells = RowGroups::<RateRows>::read(files, contracts.iter().map(|planned| planned.cells));
    let lines = RowGroups::<LineRows>::read(files, contracts.iter().map(|planned| planned.lines));
    let mut cache = RateCache::default();
    let read = contracts.iter().map(|planned| {
        let (cells, lines) = (cells.slices(planned.cells)?, lines.slices(planned.lines)?);
        let prices = planned.prices(&cells, effective, &mut cache)?;
        check_lines(&prices, &lines)?;
        Ok((prices, lines))
    });
    let read: Vec<Result<PricesAndLines<'_>, Damage>> = read.collect();
    // a fault of the system is no fault of a contract: the next run reads its rows
    if let Some(Err(damage)) = read.iter().find(|read| matches!(read, Err(Damage::Unreadable(_)))) {
        return Err(damage.clone().into_error(files.folder()));
    }
    let mut repriced_contracts = Vec::with_capacity(contracts.len());
    let mut repriced_lines = Vec::new();
    let repriced: Vec<_> =
        contracts.par_iter().zip(&read).map(|(planned, read)| reprice_contract(planned, read)).collect();
    for (contract, lines) in repriced {
        repriced_contracts.push(contract);
        repriced_lines.extend(lines);
    }
    Ok(RepricedBatch { contracts: repriced_contracts, lines: encode(&repriced_lines, encoder)? })
}

/// Checks that every line has a cell and a lawful sum insured, as each line of a book has.
fn check_lines(prices: &ContractPrices, slices: &[RowSlice<'_, LineRows>]) -> Result<(), Damage> {
    let is_lawful = |(rows, at): (&LineRows, usize)| {
        let sum = i128::from(rows.sum_insured[at]);
        (rows.cell[at] as usize) < prices.cells.len() && (0..=MAX_SUM_INSURED.get()).contains(&sum)
    };
    let all = slices.iter().flat_map(RowSlice::each_row).all(is_lawful);
    if all { Ok(()) } else { Err(Damage::Changed(Message::new("reprice-unreadable"))) }
}

/// Reprices a contract: its figures and its repriced lines.
fn reprice_contract<'s>(
    planned: &'s PlannedContract,
    read: &'s Result<PricesAndLines<'s>, Damage>,
) -> (RepricedContract, Vec<RepricedLine<'s>>) {
    let aside = |fault| (RepricedContract::new(Sums::default(), Some(fault)), Vec::new());
    let (prices, slices) = match read {
        Ok(read) => read,
        Err(damage) => return aside(damage.clone().into_message()),
    };
    let number = planned.number.as_str();
    let repriced: Vec<_> = slices.par_iter().map(|slice| reprice_lines(number, prices, slice)).collect();
    let mut sums = Sums::default();
    let mut lines = Vec::with_capacity(repriced.iter().map(|(_, lines)| lines.len()).sum());
    for (of_slice, repriced) in repriced {
        sums.add(of_slice);
        lines.extend(repriced);
    }
    if let Some(fault) = too_large(planned, &sums) {
        return aside(fault);
    }
    (RepricedContract::new(sums, None), lines)
}

/// Why a contract whose figures exceed the book's limit is set aside.
pub(crate) fn too_large(planned: &PlannedContract, sums: &Sums) -> Option<Message> {
    let written = planned.written + sums.effect.additional;
    let is_over = |amount: Kopecks| amount.get() > i128::from(MAX_KOPECKS);
    sums.effect.amounts().into_iter().chain([written]).any(is_over).then(too_large_message)
}

/// The fault of a contract whose figures exceed the book's limit.
pub(super) fn too_large_message() -> Message {
    Message::new("reprice-too-large").with("limit", Kopecks::new(MAX_KOPECKS.into()))
}

/// The sums of a cell.
#[derive(Default, Clone, Copy)]
struct CellSums {
    sums: GroupSums,
    /// The sum insured and the prices of the last line: most lines of a cell are equal.
    last: Option<(i64, LinePrices)>,
}

impl CellSums {
    /// The prices of a line of the cell.
    fn price(&mut self, prices: &ContractPrices, line: Line) -> LinePrices {
        let (sum, days) = (line.sum_insured, prices.unexpired_days(line));
        match self.last {
            Some((of, last)) if (of, last.unexpired_days) == (sum, days) => last,
            _ => self.last.insert((sum, prices.price(line))).1,
        }
    }
}

/// Reprices the lines of a row group: their sums, and the lines that are repriced.
fn reprice_lines<'s>(
    number: &'s str,
    prices: &'s ContractPrices,
    slice: &'s RowSlice<'_, LineRows>,
) -> (Sums, Vec<RepricedLine<'s>>) {
    let lines = slice.rows;
    let mut sums = Sums { lines: slice.range.len() as u64, ..Sums::default() };
    let mut by_cell = vec![CellSums::default(); prices.cells.len()];
    let mut repriced = Vec::with_capacity(slice.range.len());
    for at in slice.range.clone() {
        let booked = lines.line(at);
        let of_cell = &mut by_cell[booked.cell];
        let line = of_cell.price(prices, booked);
        let premium = Kopecks::new(lines.premium[at].into());
        sums.premium += premium;
        sums.unexpired += Kopecks::new(line.unexpired.into());
        if prices.reprices(booked) {
            of_cell.sums.add(&line.into());
            repriced.push(RepricedLine { number, prices, lines, at, line });
        } else {
            let annual = Kopecks::new(line.annual_before.into());
            sums.premium_of_untouched += premium;
            sums.effect.annual_before += annual;
            sums.effect.annual_after += annual;
        }
    }
    sums.repriced = repriced.len() as u64;
    let mut by_cell = by_cell.iter();
    // the cells of a plan and programme are adjacent
    for cells in prices.cells.chunk_by(|cell, next| (&cell.plan, cell.programme) == (&next.plan, next.programme)) {
        let mut group = GroupSums::default();
        by_cell.by_ref().take(cells.len()).for_each(|of_cell| group.add(&of_cell.sums));
        if group.lines == 0 {
            continue;
        }
        sums.effect += group.effect;
        let key = (cells[0].plan.clone(), prices.programmes[cells[0].programme].clone());
        sums.groups.entry(key).or_default().add(&group);
    }
    (sums, repriced)
}
