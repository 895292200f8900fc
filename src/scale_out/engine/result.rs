//! What an engine says of a sheaf, held against what is known without it.
//!
//! Every line of a contract has to be counted, every repriced line has to stand where the contract's lines stand and in their
//! order, the lines have to add up to the sums, and the first line of every cell is worked out once more.

use std::ops::Range;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::money::Kopecks;
use crate::portfolio::Files;
use crate::portfolio::groups::Groups;
use crate::portfolio::reprice::batch;
use crate::portfolio::reprice::batch::{AffectedContract, ContractBatch, GroupSums, Repriced, RepricedContract, Sums};
use crate::portfolio::reprice::prices::{KnownRates, LinePrices, Prices};
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

/// What an engine says of the contracts of a sheaf.
pub struct EngineResult {
    engine: &'static str,
    /// By contract, its place in the sheaf, and part.
    sums: Vec<[i128; SUMS.len()]>,
    lines: Vec<[i128; LINES.len()]>,
}

impl EngineResult {
    /// Reads what there is of contracts, by their places among all.
    pub(crate) fn read(
        engine: &'static str,
        contracts: Range<usize>,
        sums: &mut Rows<{ SUMS.len() }>,
        lines: &mut Rows<{ LINES.len() }>,
    ) -> Result<Self, Unreadable> {
        Ok(Self { engine, sums: of(&contracts, sums)?, lines: of(&contracts, lines)? })
    }

    /// The contracts and their repriced lines, encoded for the file.
    ///
    /// # Errors
    ///
    /// [`Error::Engine`] where something does not agree with the book, [`Error::Parquet`] where the library refuses the lines.
    pub fn work(
        &self,
        files: &Files,
        contracts: &[AffectedContract],
        effective: i32,
        encoder: &Encoder,
    ) -> Result<ContractBatch, Error> {
        let cells = Groups::<RateRows>::read(files, contracts.iter().map(|touched| touched.cells));
        let mut known = KnownRates::default();
        let mut read = Vec::with_capacity(contracts.len());
        let (mut sums, mut lines) = (self.sums.as_slice(), self.lines.as_slice());
        for (contract, touched) in (0..).zip(contracts) {
            let disagrees = || {
                let number = touched.standing.contract.number.as_str();
                let reason = Message::new("engine-disagrees").with("engine", self.engine).with("number", number);
                Error::Engine { reason }
            };
            let prices = cells.of(touched.cells).and_then(|cells| touched.prices(&cells, effective, &mut known));
            let prices = prices.map_err(|_| disagrees())?;
            let of_contract = Contract {
                sums: before(&mut sums, contract),
                lines: before(&mut lines, contract),
                touched,
                prices: &prices,
            };
            let (added, rows) = of_contract.read().ok_or_else(disagrees)?;
            read.push((touched, prices, added, rows));
        }
        let mut worked = Vec::with_capacity(contracts.len());
        let mut repriced = Vec::new();
        for (touched, prices, sums, (rows, figures)) in &read {
            let number = touched.standing.contract.number.as_str();
            if let Some(reason) = batch::too_large(touched, sums) {
                worked.push(RepricedContract { sums: Sums::default(), set_aside: Some(reason) });
                continue;
            }
            worked.push(RepricedContract { sums: sums.clone(), set_aside: touched.set_aside.clone() });
            let line = |(at, line): (usize, &LinePrices)| Repriced { number, prices, lines: rows, at, line: *line };
            repriced.extend(figures.iter().enumerate().map(line));
        }
        Ok((worked, batch::encode(&repriced, encoder)?))
    }
}

/// The rows of contracts, each with the contract's place among them.
fn of<const N: usize>(contracts: &Range<usize>, rows: &mut Rows<N>) -> Result<Vec<[i128; N]>, Unreadable> {
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
        rows.take();
    }
    Ok(found)
}

/// The rows at the front that are a contract's, which leave the others.
fn before<'r, const N: usize>(rows: &mut &'r [[i128; N]], contract: i128) -> &'r [[i128; N]] {
    let (front, rest) = rows.split_at(rows.partition_point(|row| row[0] <= contract));
    *rows = rest;
    front
}

/// What an engine says of a contract.
struct Contract<'c> {
    sums: &'c [[i128; SUMS.len()]],
    lines: &'c [[i128; LINES.len()]],
    touched: &'c AffectedContract,
    prices: &'c Prices,
}

impl Contract<'_> {
    /// The sums and the repriced lines; none where they do not agree with the book or with each other.
    fn read(&self) -> Option<(Sums, (LineRows, Vec<LinePrices>))> {
        let parts = table::parts(self.prices);
        let mut by_part = vec![GroupSums::default(); parts.iter().max().map_or(0, |last| last + 1)];
        let (rows, figures) = self.repriced(&parts, &mut by_part)?;
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
        let all_told = by_part.iter().all(|group| *group == GroupSums::default());
        (all_told && sums.lines == self.touched.lines.rows).then_some((sums, (rows, figures)))
    }

    /// The repriced lines, added up by part.
    fn repriced(&self, parts: &[usize], by_part: &mut [GroupSums]) -> Option<(LineRows, Vec<LinePrices>)> {
        let segment = self.touched.lines;
        let mut next = i128::from(segment.first_row);
        let end = i128::from(segment.first_row + segment.rows);
        let mut rows = LineRows::default();
        let mut figures = Vec::with_capacity(self.lines.len());
        let mut seen = vec![false; parts.len()];
        for row in self.lines {
            let [_, place, insured, cell, kopecks, since, last, days, amount] = *row;
            if place < next || place >= end {
                return None;
            }
            next = place + 1;
            let at = figures.len();
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
                let own = self.prices.line(&rows, at);
                let agrees = (own.unexpired_days, own.amount) == (line.unexpired_days, line.amount);
                if !agrees || !self.prices.touches(&rows, at) {
                    return None;
                }
            }
            by_part[parts[cell]].add(&line.into());
            figures.push(line);
        }
        // the full-year premiums are not told line by line
        for group in by_part {
            (group.annual_before, group.annual_after) = Default::default();
        }
        Some((rows, figures))
    }
}
