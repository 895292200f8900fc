//! The cube as an engine is given it: a row a cell of a touched contract, with everything about it that the change decides.

use std::collections::BTreeMap;
use std::path::Path;

use polars::prelude::{
    BooleanChunked, Column, DataFrame, Int64Chunked, Int128Chunked, IntoColumn, NewChunkedArray, PolarsResult,
};
use rust_decimal::Decimal;

use crate::base::error::Error;
use crate::base::money::Rate;
use crate::output::parquet::io_error::unmade;
use crate::portfolio::reprice::batch::AffectedContract;
use crate::portfolio::reprice::prices::Prices;
use crate::portfolio::rows::texts;
use crate::portfolio::store::{Encoded, Part, Writer};
use crate::scale_out::engine::limbs::{DIGITS, Limbs};

/// The cells of some contracts, column by column.
#[derive(Debug, Default)]
pub struct Cells {
    file: Vec<String>,
    number: Vec<String>,
    cell: Vec<i64>,
    contract: Vec<i64>,
    part: Vec<i64>,
    year_days: Vec<i64>,
    changes: Vec<bool>,
    sign: Vec<i64>,
    rates: [Vec<Limbs>; 3],
}

/// The columns of the rate before, the rate after, and what the change adds to the rate.
const RATES: [&str; 3] = ["before", "after", "step"];

/// The place of each cell's plan and programme among those of the contract.
pub fn parts(prices: &Prices) -> Vec<usize> {
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
    /// How many there are.
    pub const fn len(&self) -> usize {
        self.cell.len()
    }

    /// Adds the cells of others after these.
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

    /// Adds the cells of a contract whose lines stand in a file; none where a rate does not fit.
    pub fn add(&mut self, (file, contract): (&str, usize), touched: &AffectedContract, prices: &Prices) -> Option<()> {
        let year_days = touched.standing.year_days();
        for ((place, cell), part) in (0..).zip(&prices.cells).zip(parts(prices)) {
            let before = Rate::as_written(&cell.rates.before)?;
            let limbs = Limbs::of(&before, year_days)?;
            let coefficient = touched.multiplied().get(&*prices.programmes[cell.programme]).copied();
            let (after, step, sign) = match coefficient {
                Some(coefficient) => {
                    let distance = Rate::from((coefficient - Decimal::ONE).abs());
                    let after = Limbs::of(&(before.clone() * Rate::from(coefficient)), year_days)?;
                    let sign = if coefficient >= Decimal::ONE { 1 } else { -1 };
                    (after, Limbs::of(&(before * distance), year_days)?, sign)
                }
                None => (limbs, Limbs::zero(year_days), 1),
            };
            self.file.push(file.to_owned());
            self.number.push(touched.standing.contract.number.clone());
            self.cell.push(place);
            self.contract.push(i64::try_from(contract).ok()?);
            self.part.push(i64::try_from(part).ok()?);
            self.year_days.push(year_days.into());
            self.changes.push(coefficient.is_some());
            self.sign.push(sign);
            self.rates.iter_mut().zip([limbs, after, step]).for_each(|(column, limbs)| column.push(limbs));
        }
        Some(())
    }

    /// The cells as a frame.
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

/// Begins the file of the cube at `path`.
///
/// # Errors
///
/// [`Error::Io`] where the system refuses.
pub fn begin(path: &Path) -> Result<Writer, Error> {
    let none = Cells::default().frame();
    let none = none.map_err(|fault| unmade(path, &fault))?;
    Writer::of_schema(Part::Cells, path, none.schema())
}

/// Encodes the cells of some contracts for the file.
///
/// # Errors
///
/// [`Error::Parquet`] where the library refuses.
pub fn encode(writer: &Writer, cells: &Cells) -> Result<Encoded, Error> {
    writer.encode(&cells.frame().map_err(|fault| writer.unmade(&fault))?)
}
