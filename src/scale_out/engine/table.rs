//! The table that an engine joins to the lines: one row for each cell of the affected contracts, with its rate before and after the change.

use std::collections::BTreeMap;
use std::path::Path;

use polars::prelude::{
    BooleanChunked, Column, DataFrame, Int64Chunked, Int128Chunked, IntoColumn, NewChunkedArray, PolarsResult,
};
use rust_decimal::Decimal;

use crate::base::error::Error;
use crate::base::money::Rate;
use crate::output::parquet::io_error::write_error;
use crate::portfolio::premium::price_change::ContractPrices;
use crate::portfolio::reprice::planned_contract::PlannedContract;
use crate::portfolio::rows::texts;
use crate::portfolio::store::{Encoded, FileKind, Writer};
use crate::scale_out::engine::limbs::{DIGITS, Limbs};

/// The cells of some contracts, as columns.
#[derive(Debug, Default)]
pub struct Cells {
    /// The file with the contract's lines.
    file: Vec<String>,
    /// The contract number.
    number: Vec<String>,
    /// The number of the cell in its contract.
    cell: Vec<i64>,
    /// The number of the contract among the affected ones.
    contract: Vec<i64>,
    /// As [`part_of_cells`].
    part: Vec<i64>,
    year_days: Vec<i64>,
    /// Whether the price change has a coefficient for the cell's programme.
    changes: Vec<bool>,
    /// 1 where the rate rises or stays, -1 where it falls.
    sign: Vec<i64>,
    /// By [`RATES`].
    rates: [Vec<Limbs>; 3],
}

/// The prefixes of the columns of the rate before the change, the rate after it, and the absolute difference of the two.
const RATES: [&str; 3] = ["before", "after", "step"];

/// The part of each cell: cells of one plan and programme share a part, numbered from 0 in the order of the cells. An engine returns one sum
/// for each part.
pub fn part_of_cells(prices: &ContractPrices) -> Vec<usize> {
    let mut known: BTreeMap<(&str, usize), usize> = BTreeMap::new();
    prices
        .cells
        .iter()
        .map(|cell| {
            let next = known.len();
            *known.entry((&*cell.plan, cell.programme)).or_insert(next)
        })
        .collect()
}

impl Cells {
    /// The number of cells.
    pub const fn len(&self) -> usize {
        self.cell.len()
    }

    /// Appends other cells.
    pub fn append(&mut self, mut other: Self) {
        self.file.append(&mut other.file);
        self.number.append(&mut other.number);
        self.changes.append(&mut other.changes);
        for (own, others) in [
            (&mut self.cell, &mut other.cell),
            (&mut self.contract, &mut other.contract),
            (&mut self.part, &mut other.part),
            (&mut self.year_days, &mut other.year_days),
            (&mut self.sign, &mut other.sign),
        ] {
            own.append(others);
        }
        self.rates.iter_mut().zip(&mut other.rates).for_each(|(own, others)| own.append(others));
    }

    /// Adds the cells of the contract number `contract`, whose lines are in `file`; `None`, with the cells added in part, where a rate has
    /// more digits than an engine's decimals.
    pub fn add(
        &mut self,
        (file, contract): (&str, usize),
        planned: &PlannedContract,
        prices: &ContractPrices,
    ) -> Option<()> {
        let year_days = planned.terms.year_days;
        for ((place, cell), part) in (0..).zip(&prices.cells).zip(part_of_cells(prices)) {
            let before = Rate::parse(&cell.rates.before)?;
            let limbs = Limbs::new(&before, year_days)?;
            let factor = planned.terms.factors.get(&*prices.programmes[cell.programme]);
            let (after, step, sign) = match factor {
                Some(factor) => {
                    let after = Limbs::new(&(before.clone() * factor.clone()), year_days)?;
                    let sign = if *factor >= Rate::from(Decimal::ONE) { 1 } else { -1 };
                    (after, Limbs::new(&(before * factor.distance_from_one()), year_days)?, sign)
                }
                None => (limbs, Limbs::zero(year_days), 1),
            };
            self.file.push(file.to_owned());
            self.number.push(planned.number.clone());
            self.cell.push(place);
            self.contract.push(i64::try_from(contract).ok()?);
            self.part.push(i64::try_from(part).ok()?);
            self.year_days.push(year_days.into());
            self.changes.push(factor.is_some());
            self.sign.push(sign);
            self.rates.iter_mut().zip([limbs, after, step]).for_each(|(column, limbs)| column.push(limbs));
        }
        Some(())
    }

    /// The cells as a data frame.
    fn frame(&self) -> PolarsResult<DataFrame> {
        let whole = |name: &str, values: &[i64]| Int64Chunked::from_slice(name.into(), values).into_column();
        let mut columns: Vec<Column> = vec![
            texts("file", self.file.iter().map(String::as_str)),
            texts("number", self.number.iter().map(String::as_str)),
            whole("cell", &self.cell),
            whole("contract", &self.contract),
            whole("part", &self.part),
            whole("year_days", &self.year_days),
            BooleanChunked::from_slice("changes".into(), &self.changes).into_column(),
            whole("sign", &self.sign),
        ];
        for (name, limbs) in RATES.iter().zip(&self.rates) {
            let digits = |end: &str, digits: fn(&Limbs) -> i128| {
                let values = limbs.iter().map(digits);
                let column = Int128Chunked::from_iter_values(format!("{name}_{end}").into(), values);
                PolarsResult::Ok(column.into_decimal(DIGITS.into(), 0)?.into_column())
            };
            columns.push(digits("high", |limbs| limbs.high)?);
            columns.push(digits("low", |limbs| limbs.low.into())?);
            columns.push(digits("unit", |limbs| limbs.unit)?);
        }
        DataFrame::new(self.cell.len(), columns)
    }
}

/// Creates the file of the table at `path`.
///
/// # Errors
///
/// [`Error::Io`] where the system refuses.
pub fn create_file(path: &Path) -> Result<Writer, Error> {
    let empty = Cells::default().frame();
    let empty = empty.map_err(|fault| write_error(path, &fault))?;
    Writer::create(FileKind::Cells, path, empty.schema())
}

/// Encodes cells for the file.
///
/// # Errors
///
/// [`Error::Parquet`] where the library refuses.
pub fn encode(writer: &Writer, cells: &Cells) -> Result<Encoded, Error> {
    writer.encode(&cells.frame().map_err(|fault| writer.write_error(&fault))?)
}
