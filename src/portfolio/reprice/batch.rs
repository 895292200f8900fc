//! The contracts of one sheaf, repriced together: their row groups are read once.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use polars::prelude::{DataType, PlSmallStr, Schema};
use rayon::prelude::*;
use rust_decimal::Decimal;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::money::Kopecks;
use crate::output::parquet::column::{Column, Values, place_of_last};
use crate::portfolio::Files;
use crate::portfolio::contract_state::Standing;
use crate::portfolio::groups::{Groups, RowSlice};
use crate::portfolio::register::Segment;
use crate::portfolio::reprice::prices::{CellPrices, KnownRates, LinePrices, Prices};
use crate::portfolio::rows::{LineRows, MAX_KOPECKS, MONEY_DIGITS, RateRows};
use crate::portfolio::store::{Damage, Encoded, Encoder, Part, Writer};

/// A contract that a change touches.
#[derive(Debug)]
pub struct AffectedContract {
    /// How it stood.
    pub standing: Standing,
    /// The run before which it stood so.
    pub before: i64,
    /// What is multiplied: empty where the contract keeps its price.
    pub coefficients: BTreeMap<String, Decimal>,
    /// Why it is not repriced, where that is known before its lines are read.
    pub set_aside: Option<Message>,
    /// Where its cells stand.
    pub cells: Segment,
    /// Where its lines stand.
    pub lines: Segment,
}

impl AffectedContract {
    /// What is multiplied, if the contract is not set aside already.
    pub(crate) fn multiplied(&self) -> &BTreeMap<String, Decimal> {
        static NONE: BTreeMap<String, Decimal> = BTreeMap::new();
        if self.set_aside.is_some() { &NONE } else { &self.coefficients }
    }

    /// The prices of its cells before and after.
    pub(crate) fn prices(
        &self,
        cells: &[RowSlice<'_, RateRows>],
        effective: i32,
        known: &mut KnownRates,
    ) -> Result<Prices, Damage> {
        let prices = Prices::new(&self.standing, cells, self.multiplied(), effective, known);
        prices.ok_or_else(|| Damage(Message::new("reprice-unreadable")))
    }
}

/// What a change does to a contract.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Sums {
    /// The lines that were read.
    pub lines: u64,
    /// Those of them that are repriced.
    pub repriced: u64,
    /// Full-year premium of the lines that have not ended, at the old rates.
    pub annual_before: Kopecks,
    /// And at the new.
    pub annual_after: Kopecks,
    /// What is to be paid more.
    pub additional: Kopecks,
    /// What is credited.
    pub credit: Kopecks,
    /// The premium of the unexpired days at the old rates (`I22`).
    pub unexpired: Kopecks,
    /// The premium of all lines as the version wrote it, without what changes have moved since.
    pub premium: Kopecks,
    /// That of the lines that are not repriced.
    pub premium_of_untouched: Kopecks,
    /// The repriced lines by plan and programme.
    pub groups: BTreeMap<(Arc<str>, Arc<str>), GroupSums>,
}

/// What a change does to the lines of a plan and programme that it touches.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct GroupSums {
    /// Their number.
    pub lines: u64,
    /// Full-year premium at the old rates.
    pub annual_before: Kopecks,
    /// And at the new.
    pub annual_after: Kopecks,
    /// What is to be paid more.
    pub additional: Kopecks,
    /// What is credited.
    pub credit: Kopecks,
}

impl GroupSums {
    /// Adds the sums of another.
    pub fn add(&mut self, other: &Self) {
        self.lines += other.lines;
        self.annual_before += other.annual_before;
        self.annual_after += other.annual_after;
        self.additional += other.additional;
        self.credit += other.credit;
    }
}

/// A contract after the work on it: the figures, or why there are none.
#[derive(Debug)]
pub struct RepricedContract {
    /// The figures; those that hold without the change, where the contract is set aside.
    pub sums: Sums,
    /// Why it is not repriced.
    pub set_aside: Option<Message>,
}

/// The contracts of a sheaf, and their repriced lines.
pub type ContractBatch = (Vec<RepricedContract>, Vec<Encoded>);

/// The prices of a contract's cells and its lines, where they could be read.
type Read<'g> = Result<(Prices, Vec<RowSlice<'g, LineRows>>), Damage>;

/// A line that is repriced.
pub(crate) struct Repriced<'s> {
    /// The contract.
    pub number: &'s str,
    /// Its cells.
    pub prices: &'s Prices,
    /// Lines of it.
    pub lines: &'s LineRows,
    /// Which of them it is.
    pub at: usize,
    /// Its figures.
    pub line: LinePrices,
}

impl Repriced<'_> {
    fn cell(&self) -> &CellPrices {
        &self.prices.cells[self.lines.cell[self.at] as usize]
    }
}

/// The file of repriced lines, begun at `path`.
///
/// # Errors
///
/// [`Error::Io`] where the system refuses.
pub fn begin(path: &Path) -> Result<Writer, Error> {
    Writer::of_schema(Part::Repriced, path, &schema())
}

/// Works on the contracts of a sheaf, and encodes their repriced lines for the file; `effective` is the first day of the new
/// prices in days since 1970.
///
/// # Errors
///
/// [`Error::Parquet`] where the library refuses the lines.
pub fn work(
    files: &Files,
    contracts: &[AffectedContract],
    effective: i32,
    encoder: &Encoder,
) -> Result<ContractBatch, Error> {
    let cells = Groups::<RateRows>::read(files, contracts.iter().map(|touched| touched.cells));
    let lines = Groups::<LineRows>::read(files, contracts.iter().map(|touched| touched.lines));
    let mut known = KnownRates::default();
    let read = contracts.iter().map(|touched| {
        let (cells, lines) = cells.of(touched.cells).and_then(|cells| Ok((cells, lines.of(touched.lines)?)))?;
        Ok((touched.prices(&cells, effective, &mut known)?, lines))
    });
    let read: Vec<Read<'_>> = read.collect();
    let mut worked = Vec::with_capacity(contracts.len());
    let mut repriced = Vec::new();
    let added: Vec<_> = contracts.par_iter().zip(&read).map(|(touched, read)| contract(touched, read)).collect();
    for (of, lines) in added {
        worked.push(of);
        repriced.extend(lines);
    }
    Ok((worked, encode(&repriced, encoder)?))
}

/// Encodes the repriced lines of a sheaf for the file.
pub(crate) fn encode(repriced: &[Repriced<'_>], encoder: &Encoder) -> Result<Vec<Encoded>, Error> {
    const ROWS_PER_GROUP: usize = 64 * 1024;
    let encode = |lines: &[Repriced<'_>]| encoder.encode(lines.len(), columns(lines));
    repriced.par_chunks(ROWS_PER_GROUP).map(encode).collect()
}

/// What a change does to one contract, without a file of its lines.
///
/// # Errors
///
/// [`Damage`] where its rows are not as they were written.
pub fn sums(files: &Files, touched: &AffectedContract, effective: i32) -> Result<Sums, Damage> {
    let cells = Groups::<RateRows>::read(files, std::iter::once(touched.cells));
    let lines = Groups::<LineRows>::read(files, std::iter::once(touched.lines));
    let cells = cells.of(touched.cells)?;
    let prices = Prices::new(&touched.standing, &cells, &touched.coefficients, effective, &mut KnownRates::default());
    let prices = prices.ok_or_else(|| Damage(Message::new("reprice-unreadable")))?;
    let mut sums = Sums::default();
    for piece in lines.of(touched.lines)? {
        sums.add(add_up(&touched.standing.contract.number, &prices, &piece).0);
    }
    Ok(sums)
}

/// What becomes of a contract, and its repriced lines.
fn contract<'s>(touched: &'s AffectedContract, read: &'s Read<'s>) -> (RepricedContract, Vec<Repriced<'s>>) {
    let aside = |reason| (RepricedContract { sums: Sums::default(), set_aside: Some(reason) }, Vec::new());
    let (prices, pieces) = match read {
        Ok(read) => read,
        Err(Damage(reason)) => return aside(reason.clone()),
    };
    let number = touched.standing.contract.number.as_str();
    let added: Vec<_> = pieces.par_iter().map(|piece| add_up(number, prices, piece)).collect();
    let mut sums = Sums::default();
    let mut repriced = Vec::with_capacity(added.iter().map(|(_, lines)| lines.len()).sum());
    for (of_piece, lines) in added {
        sums.add(of_piece);
        repriced.extend(lines);
    }
    if let Some(reason) = too_large(touched, &sums) {
        return aside(reason);
    }
    (RepricedContract { sums, set_aside: touched.set_aside.clone() }, repriced)
}

/// Why a contract is set aside whose figures are over what a book holds.
pub(crate) fn too_large(touched: &AffectedContract, sums: &Sums) -> Option<Message> {
    let written = touched.standing.version().written + sums.additional;
    let largest = [written, sums.annual_after, sums.annual_before, sums.credit].into_iter().max().unwrap_or_default();
    let is_over = largest.get() > i128::from(MAX_KOPECKS);
    is_over.then(|| Message::new("reprice-too-large").with("limit", Kopecks::new(MAX_KOPECKS.into())))
}

/// A cell while lines are added up.
#[derive(Default, Clone, Copy)]
struct OfCell {
    sums: GroupSums,
    /// The sum insured of the last line, and its prices: most lines of a cell are alike.
    last: Option<(i64, LinePrices)>,
}

impl OfCell {
    /// The prices of a line of the cell.
    fn price(&mut self, prices: &Prices, lines: &LineRows, at: usize) -> LinePrices {
        let (sum, days) = (lines.sum_insured[at], prices.unexpired_days(lines, at));
        match self.last {
            Some((of, line)) if (of, line.unexpired_days) == (sum, days) => line,
            _ => self.last.insert((sum, prices.line(lines, at))).1,
        }
    }
}

/// The sums of a piece of lines, and those of them that are repriced.
fn add_up<'s>(number: &'s str, prices: &'s Prices, piece: &'s RowSlice<'_, LineRows>) -> (Sums, Vec<Repriced<'s>>) {
    let lines = piece.rows;
    let mut sums = Sums { lines: piece.range.len() as u64, ..Sums::default() };
    let mut by_cell = vec![OfCell::default(); prices.cells.len()];
    let mut repriced = Vec::with_capacity(piece.range.len());
    for at in piece.range.clone() {
        let of_cell = &mut by_cell[lines.cell[at] as usize];
        let line = of_cell.price(prices, lines, at);
        let premium = Kopecks::new(lines.premium[at].into());
        sums.premium += premium;
        sums.unexpired += Kopecks::new(line.unexpired.into());
        if prices.touches(lines, at) {
            of_cell.sums.add(&line.into());
            repriced.push(Repriced { number, prices, lines, at, line });
        } else {
            let annual = Kopecks::new(line.annual_before.into());
            sums.premium_of_untouched += premium;
            sums.annual_before += annual;
            sums.annual_after += annual;
        }
    }
    sums.repriced = repriced.len() as u64;
    let mut by_cell = by_cell.iter();
    // the cells of a plan and programme stand together
    for cells in prices.cells.chunk_by(|cell, next| (&cell.plan, cell.programme) == (&next.plan, next.programme)) {
        let mut group = GroupSums::default();
        by_cell.by_ref().take(cells.len()).for_each(|of_cell| group.add(&of_cell.sums));
        if group.lines == 0 {
            continue;
        }
        sums.annual_before += group.annual_before;
        sums.annual_after += group.annual_after;
        sums.additional += group.additional;
        sums.credit += group.credit;
        let key = (cells[0].plan.clone(), prices.programmes[cells[0].programme].clone());
        sums.groups.entry(key).or_default().add(&group);
    }
    (sums, repriced)
}

impl From<LinePrices> for GroupSums {
    fn from(line: LinePrices) -> Self {
        let amount = |kopecks: i64| Kopecks::new(kopecks.into());
        Self {
            lines: 1,
            annual_before: amount(line.annual_before),
            annual_after: amount(line.annual_after),
            additional: amount(line.amount.max(0)),
            credit: amount(line.amount.min(0).abs()),
        }
    }
}

impl Sums {
    fn add(&mut self, other: Self) {
        self.lines += other.lines;
        self.repriced += other.repriced;
        self.annual_before += other.annual_before;
        self.annual_after += other.annual_after;
        self.additional += other.additional;
        self.credit += other.credit;
        self.unexpired += other.unexpired;
        self.premium += other.premium;
        self.premium_of_untouched += other.premium_of_untouched;
        for (key, group) in other.groups {
            self.groups.entry(key).or_default().add(&group);
        }
    }
}

/// The columns of the repriced lines: a row a line, in the order of the book.
fn columns<'r>(repriced: &'r [Repriced<'r>]) -> Vec<Column> {
    let (cells, of) = cells_of(repriced);
    // many cells have the same texts, which are kept in one place then
    let of_cells =
        |text: fn(&'r Repriced<'r>) -> &'r str| Values::kept(&of, cells.iter().map(|line| text(line))).texts();
    let amounts =
        |amount: fn(i64) -> i64| repriced.iter().map(|line| amount(line.line.amount)).collect::<Values<i64>>().money();
    vec![
        of_cells(|line| line.number),
        Column::Growing(repriced.iter().map(|line| line.lines.insured[line.at]).collect()),
        of_cells(|line| &line.cell().plan),
        of_cells(|line| &line.prices.programmes[line.cell().programme]),
        Values::new(&of, cells.iter().map(|line| line.cell().risk_group)).counts(),
        repriced.iter().map(|line| line.lines.sum_insured[line.at]).collect::<Values<i64>>().money(),
        of_cells(|line| &line.cell().rates.before),
        of_cells(|line| line.cell().rates.after.as_deref().unwrap_or_default()),
        repriced.iter().map(|line| line.prices.from(line.lines, line.at)).collect::<Values<i32>>().days(),
        repriced.iter().map(|line| line.lines.end[line.at]).collect::<Values<i32>>().days(),
        repriced.iter().map(|line| line.line.unexpired_days).collect::<Values<u32>>().counts(),
        amounts(|amount| amount.max(0)),
        amounts(|amount| amount.min(0).abs()),
    ]
}

/// What the columns hold, in their order.
fn schema() -> Schema {
    let text = || DataType::String;
    let money = || DataType::Decimal(MONEY_DIGITS, 2);
    let columns = [
        ("number", text()),
        ("insured", DataType::UInt32),
        ("plan", text()),
        ("programme", text()),
        ("risk_group", DataType::UInt32),
        ("sum_insured", money()),
        ("rate_before", text()),
        ("rate_after", text()),
        ("from", DataType::Date),
        ("end", DataType::Date),
        ("unexpired_days", DataType::UInt32),
        ("additional", money()),
        ("credit", money()),
    ];
    columns.into_iter().map(|(name, kind)| (PlSmallStr::from_static(name), kind)).collect()
}

/// The first line of each cell that occurs, and of every line the place of its cell's. The lines of a contract stand together.
fn cells_of<'r, 's>(repriced: &'r [Repriced<'s>]) -> (Vec<&'r Repriced<'s>>, Vec<u32>) {
    let mut cells = Vec::new();
    let mut seen: Vec<Option<u32>> = Vec::new();
    let mut contract: Option<&Prices> = None;
    let place = |line: &'r Repriced<'s>| {
        if !contract.is_some_and(|contract| std::ptr::eq(contract, line.prices)) {
            contract = Some(line.prices);
            seen.clear();
            seen.resize(line.prices.cells.len(), None);
        }
        *seen[line.lines.cell[line.at] as usize].get_or_insert_with(|| {
            cells.push(line);
            place_of_last(&cells)
        })
    };
    let places = repriced.iter().map(place).collect();
    (cells, places)
}
