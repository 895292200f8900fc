//! The table that an engine joins to the lines: one row for each cell of the affected contracts, with its rate before and after the change.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use polars::prelude::{
    BooleanChunked, Column, DataFrame, Int64Chunked, Int128Chunked, IntoColumn, NewChunkedArray, PolarsResult,
};
use rust_decimal::Decimal;

use crate::base::error::Error;
use crate::base::money::Rate;
use crate::output::parquet::io_error::write_error;
use crate::portfolio::premium::price_change::{CellPrices, CellRates, ContractPrices, PriceTerms};
use crate::portfolio::reprice::planned_contract::PlannedContract;
use crate::portfolio::rows::texts;
use crate::portfolio::store::{Encoded, FileKind, Writer};
use crate::scale_out::engine::limbs::{DIGITS, Limbs};
use crate::scale_out::engine::sql::RATES;

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
    /// As [`kinds_of_cells`].
    kind: Vec<i64>,
    plan: Vec<Arc<str>>,
    programme: Vec<Arc<str>>,
    risk_group: Vec<i64>,
    /// The rates with every digit, as a result has them.
    rates: Vec<Arc<CellRates>>,
    year_days: Vec<i64>,
    /// Whether the price change has a coefficient for the cell's programme.
    changes: Vec<bool>,
    /// 1 where the rate rises or stays, -1 where it falls.
    sign: Vec<i64>,
    /// Whether 64 bits suffice for its rates.
    narrow: Vec<bool>,
    /// By [`RATES`].
    limbs: [Vec<Limbs>; 3],
}

/// The kind of each cell: the place of the first cell of the contract with its plan, programme, risk group and rates. Lines of one kind differ
/// in their insured, days and sums alone. An engine returns one sum for each kind.
pub fn kinds_of_cells(prices: &ContractPrices) -> Vec<usize> {
    let mut known = BTreeMap::new();
    let mut kinds = Vec::with_capacity(prices.cells.len());
    for (place, cell) in prices.cells.iter().enumerate() {
        let rates = (cell.rates.before.as_str(), cell.rates.after.as_deref());
        kinds.push(*known.entry((&cell.plan, cell.programme, cell.risk_group, rates)).or_insert(place));
    }
    kinds
}

/// The rates of a cell before and after a change, and their distance, for an engine; `None` where one has more digits than it has.
pub fn limbs(cell: &CellPrices, programme: &str, terms: &PriceTerms) -> Option<[Limbs; 3]> {
    let before = Rate::parse(&cell.rates.before)?;
    let limbs = Limbs::new(&before, terms.year_days)?;
    let Some(factor) = terms.factors.get(programme) else {
        return Some([limbs, limbs, Limbs::zero(terms.year_days)]);
    };
    let after = Limbs::new(&(before * factor.clone()), terms.year_days)?;
    Some([limbs, after, step(cell, factor, terms)?])
}

/// The distance of a cell's rates before and after a change, for an engine; `None` where it has more digits than an engine.
pub fn step(cell: &CellPrices, factor: &Rate, terms: &PriceTerms) -> Option<Limbs> {
    Limbs::new(&(Rate::parse(&cell.rates.before)? * factor.distance_from_one()), terms.year_days)
}

/// Whether a rate rises by its factor, or stays.
pub fn rises(factor: &Rate) -> bool {
    *factor >= Rate::from(Decimal::ONE)
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
        self.plan.append(&mut other.plan);
        self.programme.append(&mut other.programme);
        self.rates.append(&mut other.rates);
        self.changes.append(&mut other.changes);
        self.narrow.append(&mut other.narrow);
        for (own, others) in [
            (&mut self.cell, &mut other.cell),
            (&mut self.contract, &mut other.contract),
            (&mut self.kind, &mut other.kind),
            (&mut self.risk_group, &mut other.risk_group),
            (&mut self.year_days, &mut other.year_days),
            (&mut self.sign, &mut other.sign),
        ] {
            own.append(others);
        }
        self.limbs.iter_mut().zip(&mut other.limbs).for_each(|(own, others)| own.append(others));
    }

    /// Adds the cells of the contract number `contract`, whose lines are in `file`; `None`, with the cells added in part, where a rate has
    /// more digits than an engine's decimals.
    pub fn add(
        &mut self,
        (file, contract): (&str, usize),
        planned: &PlannedContract,
        prices: &ContractPrices,
    ) -> Option<()> {
        let terms = &planned.terms;
        for ((place, cell), kind) in (0..).zip(&prices.cells).zip(kinds_of_cells(prices)) {
            let programme = &prices.programmes[cell.programme];
            let limbs = limbs(cell, programme, terms)?;
            let factor = terms.factors.get(&**programme);
            self.file.push(file.to_owned());
            self.number.push(planned.number.clone());
            self.cell.push(place);
            self.contract.push(i64::try_from(contract).ok()?);
            self.kind.push(i64::try_from(kind).ok()?);
            self.plan.push(cell.plan.clone());
            self.programme.push(programme.clone());
            self.risk_group.push(cell.risk_group.into());
            self.rates.push(cell.rates.clone());
            self.year_days.push(terms.year_days.into());
            self.changes.push(factor.is_some());
            self.sign.push(if factor.is_none_or(rises) { 1 } else { -1 });
            self.narrow.push(limbs.iter().all(Limbs::is_narrow));
            self.limbs.iter_mut().zip(limbs).for_each(|(column, limbs)| column.push(limbs));
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
            whole("kind", &self.kind),
            texts("plan", self.plan.iter().map(AsRef::as_ref)),
            texts("programme", self.programme.iter().map(AsRef::as_ref)),
            whole("risk_group", &self.risk_group),
            texts("rate_before", self.rates.iter().map(|rates| rates.before.as_str())),
            texts("rate_after", self.rates.iter().map(|rates| rates.after.as_deref().unwrap_or_default())),
            whole("year_days", &self.year_days),
            BooleanChunked::from_slice("changes".into(), &self.changes).into_column(),
            whole("sign", &self.sign),
            BooleanChunked::from_slice("narrow".into(), &self.narrow).into_column(),
        ];
        for (name, limbs) in RATES.iter().zip(&self.limbs) {
            let digits = |end: &str, digits: fn(&Limbs) -> i128| {
                let values = limbs.iter().map(digits);
                let column = Int128Chunked::from_iter_values(format!("{name}_{end}").into(), values);
                PolarsResult::Ok(column.into_decimal(DIGITS.into(), 0)?.into_column())
            };
            columns.push(digits("high", |limbs| limbs.high)?);
            columns.push(whole(&format!("{name}_low"), &limbs.iter().map(|limbs| limbs.low).collect::<Vec<_>>()));
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
