//! Writes a rate table as two Parquet files: `cube.parquet`, one row a cell, and `factors.parquet`, one row a factor of a cell.

use std::fs::File;
use std::path::{Path, PathBuf};

use num_bigint::BigUint;
use num_traits::ToPrimitive;
use polars::io::parquet::write::BatchedWriter;
use polars::prelude::{
    Column, DataFrame, Int32Chunked, Int128Chunked, IntoColumn, NewChunkedArray, ParquetCompression, ParquetWriter,
    PolarsError, PolarsResult, StringChunked, UInt32Chunked,
};

use crate::base::calendar::days_since_1970;
use crate::base::error::Error;
use crate::base::money::Rate;
use crate::output::folder::Folder;
use crate::output::parquet::io_error::{CaptureIoError, RecordedError};
use crate::output::permissions::create_file;
use crate::portfolio::rows::{MONEY_DIGITS, texts};
use crate::quote::Status;
use crate::scale_out::rate_table::cells::{Cell, ContractCells, Counts, Factor};

/// The file of the cells.
pub(super) const CELLS: &str = "cube.parquet";
/// The file of the factors.
pub(super) const FACTORS: &str = "factors.parquet";

/// The most digits of a decimal in Parquet, Spark and `DuckDB`.
pub const DIGITS: u32 = 38;
/// Contracts wait until they have about this many factors; then each file gets a row group.
const ROWS_PER_GROUP: usize = 64 * 1024;

/// The smallest decimal type that holds every value of a column without rounding: its digits before and after the decimal point.
#[derive(Debug, Default, Clone, Copy)]
pub struct Scale {
    whole: u32,
    decimals: u32,
}

impl Scale {
    /// Widens the type to hold one more value; fails where that needs more than [`DIGITS`] digits.
    pub fn include(&mut self, value: &Rate) -> Result<(), ()> {
        let (digits, decimals) = value.parts();
        let length = if digits.bits() == 0 { 0 } else { u32::try_from(digits.to_string().len()).map_err(drop)? };
        self.whole = self.whole.max(length.saturating_sub(decimals));
        self.decimals = self.decimals.max(decimals);
        if self.whole + self.decimals <= DIGITS { Ok(()) } else { Err(()) }
    }

    /// A column of values, all of which were included.
    fn column<'r>(self, name: &str, values: impl Iterator<Item = Option<&'r Rate>>) -> PolarsResult<Column> {
        let scaled = values.map(|value| value.map(|value| self.scaled(value)).transpose());
        let scaled: Vec<Option<i128>> = scaled.collect::<PolarsResult<_>>()?;
        let whole = Int128Chunked::from_slice_options(name.into(), &scaled);
        Ok(whole.into_decimal(DIGITS as usize, self.decimals as usize)?.into_column())
    }

    /// A value as a whole number of the last decimal; never rounded.
    fn scaled(self, value: &Rate) -> PolarsResult<i128> {
        let (digits, decimals) = value.parts();
        let missing = self.decimals.checked_sub(decimals);
        let scaled = missing.and_then(|missing| (digits * BigUint::from(10_u8).pow(missing)).to_i128());
        scaled.ok_or_else(|| PolarsError::ComputeError("a value that was not included".into()))
    }
}

/// A cell, with its contract.
type Row<'r> = (&'r ContractCells, &'r Cell);

/// Writes both files, a row group at a time.
pub(super) struct RateTableWriter {
    cells: TableFile,
    factors: TableFile,
    rates: Scale,
    coefficients: Scale,
    waiting: Vec<ContractCells>,
    waiting_factors: usize,
    counts: Counts,
}

impl RateTableWriter {
    /// Creates both files in a staged folder.
    pub fn create(folder: &Folder, rates: Scale, coefficients: Scale) -> Result<Self, Error> {
        let create = |name, frame: PolarsResult<DataFrame>| TableFile::create(&folder.staging_path().join(name), frame);
        Ok(Self {
            cells: create(CELLS, cells(rates, &[]))?,
            factors: create(FACTORS, factors(coefficients, &[]))?,
            rates,
            coefficients,
            waiting: Vec::new(),
            waiting_factors: 0,
            counts: Counts { rate_scale: rates.decimals, ..Counts::default() },
        })
    }

    /// Adds the cells of a contract.
    pub fn add(&mut self, contract: ContractCells) -> Result<(), Error> {
        self.waiting_factors += contract.cells.iter().map(|cell| cell.factors.len()).sum::<usize>();
        self.waiting.push(contract);
        if self.waiting_factors >= ROWS_PER_GROUP { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), Error> {
        let waiting = std::mem::take(&mut self.waiting);
        self.counts.factors += std::mem::take(&mut self.waiting_factors);
        let rows: Vec<Row<'_>> =
            waiting.iter().flat_map(|contract| contract.cells.iter().map(move |cell| (contract, cell))).collect();
        self.counts.contracts += waiting.len();
        self.counts.preliminary += waiting.iter().filter(|contract| contract.status == Status::Preliminary).count();
        self.counts.cells += rows.len();
        self.cells.write(cells(self.rates, &rows))?;
        self.factors.write(factors(self.coefficients, &rows))
    }

    /// Completes and syncs both files.
    pub fn finish(mut self) -> Result<Counts, Error> {
        self.flush()?;
        self.cells.finish()?;
        self.factors.finish()?;
        Ok(self.counts)
    }
}

/// A file that is being written.
struct TableFile {
    path: PathBuf,
    writer: BatchedWriter<CaptureIoError<File>>,
    recorded: RecordedError,
}

impl TableFile {
    fn create(path: &Path, empty: PolarsResult<DataFrame>) -> Result<Self, Error> {
        let (file, recorded) = CaptureIoError::new(create_file(path).map_err(|fault| Error::writing(path, fault))?);
        let writer = ParquetWriter::new(file).with_compression(ParquetCompression::Snappy).set_parallel(false);
        let writer = empty.and_then(|empty| writer.batched(empty.schema()));
        let writer = writer.map_err(|fault| recorded.write_error(path, &fault))?;
        Ok(Self { path: path.to_owned(), writer, recorded })
    }

    fn write(&mut self, frame: PolarsResult<DataFrame>) -> Result<(), Error> {
        let written =
            frame.and_then(|frame| if frame.height() == 0 { Ok(()) } else { self.writer.write_batch(&frame) });
        written.map_err(|fault| self.recorded.write_error(&self.path, &fault))
    }

    fn finish(self) -> Result<(), Error> {
        self.writer.finish().map_err(|fault| self.recorded.write_error(&self.path, &fault))?;
        File::open(&self.path).and_then(|file| file.sync_all()).map_err(|fault| Error::writing(&self.path, fault))
    }
}

fn cells(rates: Scale, rows: &[Row<'_>]) -> PolarsResult<DataFrame> {
    let rate = |name, point: usize| rates.column(name, rows.iter().map(|(_, cell)| Some(&cell.rates[point])));
    let sums = rows.iter().map(|(_, cell)| cell.sum_insured.get());
    let sums = Int128Chunked::from_iter_values("sum_insured".into(), sums).into_decimal(MONEY_DIGITS, 2)?;
    let columns = vec![
        texts("number", rows.iter().map(|(contract, _)| contract.number.as_str())),
        counts("cell", rows.iter().map(|(_, cell)| cell.cell)),
        texts("plan", rows.iter().map(|(_, cell)| cell.plan.as_str())),
        texts("programme", rows.iter().map(|(_, cell)| cell.programme.as_str())),
        counts("age_from", rows.iter().map(|(_, cell)| cell.age_from)),
        counts("age_to", rows.iter().map(|(_, cell)| cell.age_to)),
        counts("risk_group", rows.iter().map(|(_, cell)| cell.risk_group)),
        sums.into_column(),
        days("first_day", rows.iter().map(|(contract, _)| Some(days_since_1970(contract.first_day)))),
        days("last_day", rows.iter().map(|(contract, _)| Some(days_since_1970(contract.last_day)))),
        counts("year_days", rows.iter().map(|(contract, _)| contract.year_days)),
        rate("rate_low", 0)?,
        rate("rate", 1)?,
        rate("rate_high", 2)?,
        texts("status", rows.iter().map(|(contract, _)| contract.status.as_str())),
    ];
    DataFrame::new(rows.len(), columns)
}

fn factors(coefficients: Scale, rows: &[Row<'_>]) -> PolarsResult<DataFrame> {
    let mut listed: Vec<(&ContractCells, &Cell, u32, &Factor)> = Vec::new();
    for (contract, cell) in rows.iter().copied() {
        listed.extend(cell.factors.iter().zip(1..).map(|(factor, place)| (contract, cell, place, factor)));
    }
    let rows = listed;
    let factor = || rows.iter().map(|(.., factor)| *factor);
    let end = |name, end: usize| coefficients.column(name, factor().map(|factor| Some(&factor.range.as_ref()?[end])));
    let rules: StringChunked = factor().map(|factor| factor.rule).collect();
    let columns = vec![
        texts("number", rows.iter().map(|(contract, ..)| contract.number.as_str())),
        counts("cell", rows.iter().map(|(_, cell, ..)| cell.cell)),
        counts("place", rows.iter().map(|(_, _, place, _)| *place)),
        texts("factor", factor().map(|factor| factor.factor)),
        texts("services", factor().map(|factor| factor.services.as_str())),
        coefficients.column("coefficient", factor().map(|factor| Some(&factor.coefficient)))?,
        end("low", 0)?,
        end("high", 1)?,
        texts("chosen_by", factor().map(|factor| factor.chosen_by)),
        texts("clause", factor().map(|factor| factor.clause.as_str())),
        rules.with_name("rule".into()).into_column(),
        days("effective", factor().map(|factor| factor.effective.map(days_since_1970))),
    ];
    DataFrame::new(rows.len(), columns)
}

fn counts(name: &str, values: impl Iterator<Item = u32>) -> Column {
    UInt32Chunked::from_iter_values(name.into(), values).into_column()
}

fn days(name: &str, values: impl Iterator<Item = Option<i32>>) -> Column {
    let days: Vec<Option<i32>> = values.collect();
    Int32Chunked::from_slice_options(name.into(), &days).into_date().into_column()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scale_of(values: &[&str]) -> Option<Scale> {
        let mut scale = Scale::default();
        let mut values = values.iter().map(|value| Rate::parse(value).unwrap());
        values.all(|value| scale.include(&value).is_ok()).then_some(scale)
    }

    #[test]
    fn the_scale_is_the_smallest_that_loses_nothing() {
        let scale = scale_of(&["38.74", "0.00125", "120"]).unwrap();
        assert_eq!((scale.whole, scale.decimals), (3, 5));
        let scaled = |value: &str| scale.scaled(&Rate::parse(value).unwrap()).ok();
        assert_eq!((scaled("38.74"), scaled("0.00125"), scaled("120")), (Some(3_874_000), Some(125), Some(12_000_000)));
        assert_eq!(scaled("0.000001"), None, "nothing is rounded");
    }

    #[test]
    fn the_scale_holds_at_most_thirty_eight_digits() {
        let longest = format!("12.{}7", "3".repeat(35));
        let scale = scale_of(&[&longest]).unwrap();
        assert_eq!(scale.scaled(&Rate::parse(&longest).unwrap()).unwrap().to_string().len(), 38);
        assert!(scale_of(&[&longest, "123"]).is_none(), "both together need 39");
        assert!(scale_of(&[&format!("12.{}7", "3".repeat(36))]).is_none());
        assert!(scale_of(&["0", &format!("0.{}7", "0".repeat(37))]).is_some());
    }
}
