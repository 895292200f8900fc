//! The results of an engine for a batch, checked against the book.
//!
//! Every line of a contract has to be counted; every repriced line has to be a line of the contract, in their order; the lines have to add up
//! to the sums; and the first line of every cell is priced again.

use std::ops::Range;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::money::Kopecks;
use crate::portfolio::Files;
use crate::portfolio::groups::RowGroups;
use crate::portfolio::premium::price_change::{ContractPrices, LinePrices, RateCache};
use crate::portfolio::reprice::batch;
use crate::portfolio::reprice::batch::{RepricedBatch, RepricedContract};
use crate::portfolio::reprice::line_engine::EngineBatch;
use crate::portfolio::reprice::planned_contract::PlannedContract;
use crate::portfolio::reprice::repriced_lines;
use crate::portfolio::reprice::repriced_lines::RepricedLine;
use crate::portfolio::reprice::sums::{GroupSums, Sums};
use crate::portfolio::rows::{LineRows, RateRows};
use crate::portfolio::store::Encoder;
use crate::scale_out::engine::output_reader::{Rows, Unreadable};
use crate::scale_out::engine::table;

/// The columns of the sums.
pub const SUMS: [&str; 12] = [
    "contract",
    "part",
    "lines",
    "repriced",
    "annual_before",
    "annual_after",
    "additional",
    "credit",
    "annual_of_others",
    "unexpired",
    "premium",
    "premium_of_others",
];
/// The columns of the repriced lines.
pub const LINES: [&str; 9] = ["contract", "place", "insured", "cell", "kopecks", "since", "end", "days", "amount"];

/// The results of an engine for the contracts of a batch.
pub(super) struct EngineResult {
    engine: &'static str,
    /// By the place of the contract in the batch and by part.
    sums: Vec<[i128; SUMS.len()]>,
    lines: Vec<[i128; LINES.len()]>,
}

impl EngineResult {
    /// Reads the results of contracts, by their places among all contracts of the run.
    pub fn read(
        engine: &'static str,
        contracts: &Range<usize>,
        sums: &mut Rows<{ SUMS.len() }>,
        lines: &mut Rows<{ LINES.len() }>,
    ) -> Result<Self, Unreadable> {
        Ok(Self { engine, sums: read_rows(contracts, sums)?, lines: read_rows(contracts, lines)? })
    }
}

impl EngineBatch for EngineResult {
    fn reprice(
        &self,
        files: &Files,
        contracts: &[&PlannedContract],
        effective: i32,
        encoder: &Encoder,
    ) -> Result<RepricedBatch, Error> {
        let cells = RowGroups::<RateRows>::read(files, contracts.iter().map(|planned| planned.cells));
        let mut cache = RateCache::default();
        let mut checked = Vec::with_capacity(contracts.len());
        let (mut sums, mut lines) = (self.sums.as_slice(), self.lines.as_slice());
        for (contract, planned) in (0..).zip(contracts) {
            let disagrees = || {
                let number = planned.number.as_str();
                let reason = Message::new("engine-disagrees").with("engine", self.engine).with("number", number);
                Error::Engine { reason }
            };
            let prices = cells.slices(planned.cells).and_then(|cells| planned.prices(&cells, effective, &mut cache));
            let prices = prices.map_err(|_| disagrees())?;
            let result = ContractResult {
                sums: take_rows(&mut sums, contract),
                lines: take_rows(&mut lines, contract),
                planned,
                prices: &prices,
            };
            let (sums, lines) = result.check().ok_or_else(disagrees)?;
            checked.push((planned, prices, sums, lines));
        }
        let mut repriced_contracts = Vec::with_capacity(contracts.len());
        let mut repriced_lines = Vec::new();
        for (planned, prices, sums, (rows, line_prices)) in &checked {
            let number = planned.number.as_str();
            if let Some(fault) = batch::too_large(planned, sums) {
                repriced_contracts.push(RepricedContract { sums: Sums::default(), fault: Some(fault) });
                continue;
            }
            repriced_contracts.push(RepricedContract { sums: sums.clone(), fault: None });
            let line = |(at, line): (usize, &LinePrices)| RepricedLine { number, prices, lines: rows, at, line: *line };
            repriced_lines.extend(line_prices.iter().enumerate().map(line));
        }
        Ok(RepricedBatch { contracts: repriced_contracts, lines: repriced_lines::encode(&repriced_lines, encoder)? })
    }
}

/// Reads the rows of contracts, and numbers the contracts from 0.
fn read_rows<const N: usize>(contracts: &Range<usize>, rows: &mut Rows<N>) -> Result<Vec<[i128; N]>, Unreadable> {
    let range = contracts.start as i128..contracts.end as i128;
    let mut found = Vec::new();
    while let Some(mut row) = rows.peek()? {
        if row[0] < range.start {
            return Err(Unreadable);
        }
        if row[0] >= range.end {
            break;
        }
        row[0] -= range.start;
        found.push(row);
        rows.advance();
    }
    Ok(found)
}

/// Splits the rows of a contract off the front.
fn take_rows<'r, const N: usize>(rows: &mut &'r [[i128; N]], contract: i128) -> &'r [[i128; N]] {
    let (front, rest) = rows.split_at(rows.partition_point(|row| row[0] <= contract));
    *rows = rest;
    front
}

/// The results of an engine for a contract.
struct ContractResult<'c> {
    sums: &'c [[i128; SUMS.len()]],
    lines: &'c [[i128; LINES.len()]],
    planned: &'c PlannedContract,
    prices: &'c ContractPrices,
}

impl ContractResult<'_> {
    /// The sums and the repriced lines; `None` where they disagree with the book or with each other.
    fn check(&self) -> Option<(Sums, (LineRows, Vec<LinePrices>))> {
        let parts = table::part_of_cells(self.prices);
        let mut by_part = vec![GroupSums::default(); parts.iter().max().map_or(0, |last| last + 1)];
        let (rows, line_prices) = self.check_lines(&parts, &mut by_part)?;
        let mut sums = Sums::default();
        let mut last = None;
        for row in self.sums {
            let [
                _,
                part,
                lines,
                repriced,
                annual_before,
                annual_after,
                additional,
                credit,
                others,
                unexpired,
                premium,
                premium_of_others,
            ] = *row;
            let part = usize::try_from(part).ok().filter(|part| last.is_none_or(|last| last < *part))?;
            last = Some(part);
            let amount = Kopecks::new;
            let group = GroupSums {
                lines: u64::try_from(repriced).ok()?,
                annual_before: amount(annual_before),
                annual_after: amount(annual_after),
                additional: amount(additional),
                credit: amount(credit),
            };
            let found = by_part.get_mut(part)?;
            let agrees = (found.lines, found.additional, found.credit) == (group.lines, group.additional, group.credit);
            if !agrees || lines < repriced {
                return None;
            }
            *found = GroupSums::default();
            sums.lines += u64::try_from(lines).ok()?;
            sums.repriced += group.lines;
            sums.annual_before = sums.annual_before + group.annual_before + amount(others);
            sums.annual_after = sums.annual_after + group.annual_after + amount(others);
            sums.additional += group.additional;
            sums.credit += group.credit;
            sums.unexpired += amount(unexpired);
            sums.premium += amount(premium);
            sums.premium_of_untouched += amount(premium_of_others);
            if group.lines > 0 {
                let cell = &self.prices.cells[parts.iter().position(|of| *of == part)?];
                let key = (cell.plan.clone(), self.prices.programmes[cell.programme].clone());
                sums.groups.entry(key).or_default().add(&group);
            }
        }
        let is_complete = by_part.iter().all(|group| *group == GroupSums::default());
        (is_complete && sums.lines == self.planned.lines.rows).then_some((sums, (rows, line_prices)))
    }

    /// The repriced lines, whose `line_prices` are added to the sums of their parts.
    fn check_lines(&self, parts: &[usize], by_part: &mut [GroupSums]) -> Option<(LineRows, Vec<LinePrices>)> {
        let segment = self.planned.lines;
        let mut next = i128::from(segment.first_row);
        let end = i128::from(segment.first_row + segment.rows);
        let mut rows = LineRows::default();
        let mut line_prices = Vec::with_capacity(self.lines.len());
        let mut seen = vec![false; parts.len()];
        for row in self.lines {
            let [_, place, insured, cell, kopecks, since, last, days, amount] = *row;
            if place < next || place >= end {
                return None;
            }
            next = place + 1;
            let at = line_prices.len();
            rows.insured.push(u32::try_from(insured).ok()?);
            rows.cell.push(u32::try_from(cell).ok()?);
            rows.sum_insured.push(i64::try_from(kopecks).ok()?);
            rows.start.push(i32::try_from(since).ok()?);
            rows.end.push(i32::try_from(last).ok()?);
            rows.premium.push(0);
            let cell = usize::try_from(cell).ok().filter(|cell| *cell < parts.len())?;
            let line = LinePrices {
                unexpired_days: u32::try_from(days).ok()?,
                amount: i64::try_from(amount).ok()?,
                ..LinePrices::default()
            };
            if !std::mem::replace(&mut seen[cell], true) {
                let own = self.prices.price(rows.line(at));
                let agrees = (own.unexpired_days, own.amount) == (line.unexpired_days, line.amount);
                if !agrees || !self.prices.reprices(rows.line(at)) {
                    return None;
                }
            }
            by_part[parts[cell]].add(&line.into());
            line_prices.push(line);
        }
        // the engine gives full-year premiums only as sums
        for group in by_part {
            (group.annual_before, group.annual_after) = Default::default();
        }
        Some((rows, line_prices))
    }
}
