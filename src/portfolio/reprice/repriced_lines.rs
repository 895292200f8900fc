//! The file of repriced lines: one row a line, in the order of the book.

use std::path::Path;

use polars::prelude::{DataType, PlSmallStr, Schema};
use rayon::prelude::*;

use crate::base::error::Error;
use crate::base::parallel::collect_in_order;
use crate::output::parquet::column::{Column, Values, place_of_last};
use crate::portfolio::premium::price_change::{CellPrices, ContractPrices, LinePrices};
use crate::portfolio::rows::{LineRows, MONEY_DIGITS};
use crate::portfolio::store::{Encoded, Encoder, FileKind, Writer};

/// A repriced line.
pub(crate) struct RepricedLine<'s> {
    /// The number of the contract.
    pub number: &'s str,
    /// The prices of the contract's cells.
    pub prices: &'s ContractPrices,
    /// Rows of lines of the contract.
    pub lines: &'s LineRows,
    /// The line's place among them.
    pub at: usize,
    /// Its premiums.
    pub line: LinePrices,
}

impl RepricedLine<'_> {
    fn cell(&self) -> &CellPrices {
        &self.prices.cells[self.lines.cell[self.at] as usize]
    }
}

/// Creates the file of repriced lines at `path`.
///
/// # Errors
///
/// [`Error::Io`] where the system refuses.
pub fn create_file(path: &Path) -> Result<Writer, Error> {
    Writer::create(FileKind::Repriced, path, &schema())
}

/// Encodes repriced lines.
pub(crate) fn encode(repriced: &[RepricedLine<'_>], encoder: &Encoder) -> Result<Vec<Encoded>, Error> {
    const ROWS_PER_GROUP: usize = 64 * 1024;
    let encode = |lines: &[RepricedLine<'_>]| encoder.encode(lines.len(), columns(lines));
    collect_in_order(repriced.par_chunks(ROWS_PER_GROUP).map(encode))
}

/// The columns of the repriced lines: one row a line, in the order of the book.
fn columns<'r>(repriced: &'r [RepricedLine<'r>]) -> Vec<Column> {
    let (cells, of) = cells_of(repriced);
    // many cells share their texts, which are encoded once
    let of_cells = |text: fn(&'r RepricedLine<'r>) -> &'r str| {
        Values::by_address(&of, cells.iter().map(|line| text(line))).texts()
    };
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
        repriced.iter().map(|line| line.prices.first_day(line.lines.line(line.at))).collect::<Values<i32>>().days(),
        repriced.iter().map(|line| line.lines.end[line.at]).collect::<Values<i32>>().days(),
        repriced.iter().map(|line| line.line.unexpired_days).collect::<Values<u32>>().counts(),
        amounts(|amount| amount.max(0)),
        amounts(|amount| amount.min(0).abs()),
    ]
}

/// The types of the columns, in their order.
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

/// The first line of each cell, and for every line the place of its cell among them. The lines of a contract are adjacent.
fn cells_of<'r, 's>(repriced: &'r [RepricedLine<'s>]) -> (Vec<&'r RepricedLine<'s>>, Vec<u32>) {
    let mut cells = Vec::new();
    let mut seen: Vec<Option<u32>> = Vec::new();
    let mut contract: Option<&ContractPrices> = None;
    let place = |line: &'r RepricedLine<'s>| {
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
