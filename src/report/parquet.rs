//! `premiums.parquet`: the lines for systems; money is decimal with scale 2 and dates are dates.

use polars::prelude::{
    Column, DataFrame, Int32Chunked, Int128Chunked, IntoColumn, KeyValueMetadata, NewChunkedArray, ParquetCompression,
    ParquetWriter, PolarsResult, StringChunkedBuilder, UInt32Chunked,
};
use rayon::prelude::*;

use super::folder::{Folder, HashedFile};
use super::table::PREMIUM_COLUMNS;
use crate::calendar::days_since_1970;
use crate::error::Error;
use crate::money::Kopecks;
use crate::quote::{Admitted, Price, Quote};

/// A row group holds the lines of so many insured.
const INSURED_PER_GROUP: usize = 64 * 1024;
/// Money has so many digits: whatever reads the file keeps that in 64 bits.
const SHORT_MONEY_DIGITS: usize = 18;
const SHORT_MONEY: i128 = 10_i128.pow(18);
/// The digits of the largest decimal that the format holds, where an edition's rates could need more.
const MONEY_DIGITS: usize = 38;

/// Writes every line, in the order of `premiums.csv`.
pub fn premiums(quote: &Quote<'_>, price: &Price<'_>, folder: &Folder) -> Result<(), Error> {
    let name = "premiums.parquet";
    let mut file = folder.create(name)?;
    let made = write(quote, price, &mut file);
    made.map_err(|fault| Error::Parquet { path: folder.shown(name), reason: fault.to_string() })?;
    folder.keep(file)
}

fn write(quote: &Quote<'_>, price: &Price<'_>, file: &mut HashedFile) -> PolarsResult<()> {
    let schema = frame(quote, price, &[])?.schema().as_ref().clone();
    let about = vec![
        ("kollektiv.number".to_owned(), quote.contract.number.clone()),
        ("kollektiv.status".to_owned(), quote.status.as_str().to_owned()),
    ];
    let writer = ParquetWriter::new(file)
        .with_compression(ParquetCompression::Snappy)
        .with_key_value_metadata(Some(KeyValueMetadata::from_static(about)))
        .set_parallel(false)
        .batched(&schema)?;
    let groups: Vec<&[Admitted]> = price.lines.admitted.chunks(INSURED_PER_GROUP).collect();
    for groups in groups.chunks(rayon::current_num_threads().max(1)) {
        let encoded: PolarsResult<Vec<_>> = groups
            .par_iter()
            .map(|insured| {
                let frame = frame(quote, price, insured)?;
                writer.encode_and_compress(&frame).collect::<PolarsResult<Vec<_>>>()
            })
            .collect();
        encoded?.into_iter().try_for_each(|groups| writer.write_row_groups(groups))?;
    }
    writer.finish()?;
    Ok(())
}

/// The lines of some insured as a frame: one row a line, the columns of `premiums.csv`.
fn frame(quote: &Quote<'_>, price: &Price<'_>, insured: &[Admitted]) -> PolarsResult<DataFrame> {
    let Quote { contract, tariff, roster, .. } = quote;
    let of_roster = &roster.insured;
    let age_bands: Vec<String> = tariff.age.says.iter().map(|band| band.years.to_string()).collect();
    let rows = insured.iter().map(|insured| contract.plans[usize::from(insured.plan)].covers.len()).sum();
    let mut columns = Columns::new(rows);
    // line by line, and not column by column: an insured is looked up once
    for insured in insured {
        let at = insured.at as usize;
        let sheet = &roster.sheets[usize::from(of_roster.sheet[at])];
        let plan = &contract.plans[usize::from(insured.plan)];
        let age_band = &age_bands[price.axes.ages[usize::from(insured.step)].age_band];
        let birth_date = of_roster.birth_date[at].map(days_since_1970);
        for line in price.lines.of(insured, contract, &price.axes, of_roster) {
            columns.file.append_value(&sheet.file);
            columns.sheet.append_value(&sheet.name);
            columns.row.push(of_roster.row[at]);
            columns.id.append_value(of_roster.id.get(at));
            columns.name.append_value(of_roster.name.get(at));
            columns.birth_date.push(birth_date);
            columns.age.push(u32::from(insured.age_years));
            columns.age_band.append_value(age_band);
            columns.risk_group.push(u32::from(tariff.risk.says[usize::from(insured.risk)].group));
            columns.plan.append_value(&plan.code);
            columns.programme.append_value(&tariff.programmes[plan.covers[line.cover].programme].code);
            columns.sum_insured.push(line.sum_insured.get());
            columns.rate.append_value(&line.cell.rate);
            columns.start.push(days_since_1970(line.period.first()));
            columns.end.push(days_since_1970(line.period.last()));
            columns.days.push(line.days);
            columns.premium.push(line.premium.chosen.get());
        }
    }
    columns.into_frame(money_digits(price.totals.premium.chosen))
}

/// The digits of the money in a quote of this total: 18, unless a line might have more.
const fn money_digits(total: Kopecks) -> usize {
    if total.get() < SHORT_MONEY { SHORT_MONEY_DIGITS } else { MONEY_DIGITS }
}

/// The columns of a frame, which grow line by line.
struct Columns {
    file: StringChunkedBuilder,
    sheet: StringChunkedBuilder,
    row: Vec<u32>,
    id: StringChunkedBuilder,
    name: StringChunkedBuilder,
    /// Nobody in a census has a day of birth.
    birth_date: Vec<Option<i32>>,
    age: Vec<u32>,
    age_band: StringChunkedBuilder,
    risk_group: Vec<u32>,
    plan: StringChunkedBuilder,
    programme: StringChunkedBuilder,
    sum_insured: Vec<i128>,
    rate: StringChunkedBuilder,
    start: Vec<i32>,
    end: Vec<i32>,
    days: Vec<u32>,
    premium: Vec<i128>,
}

impl Columns {
    /// Columns with room for so many lines.
    fn new(rows: usize) -> Self {
        let texts = |name: &'static str| StringChunkedBuilder::new(name.into(), rows);
        Self {
            file: texts("file"),
            sheet: texts("sheet"),
            row: Vec::with_capacity(rows),
            id: texts("id"),
            name: texts("name"),
            birth_date: Vec::with_capacity(rows),
            age: Vec::with_capacity(rows),
            age_band: texts("age_band"),
            risk_group: Vec::with_capacity(rows),
            plan: texts("plan"),
            programme: texts("programme"),
            sum_insured: Vec::with_capacity(rows),
            rate: texts("rate"),
            start: Vec::with_capacity(rows),
            end: Vec::with_capacity(rows),
            days: Vec::with_capacity(rows),
            premium: Vec::with_capacity(rows),
        }
    }

    fn into_frame(self, money_digits: usize) -> PolarsResult<DataFrame> {
        let rows = self.row.len();
        let counts = |name: &'static str, counts| UInt32Chunked::from_vec(name.into(), counts).into_column();
        let days = |name: &'static str, days| Int32Chunked::from_vec(name.into(), days).into_date().into_column();
        let money = |name: &'static str, kopecks| -> PolarsResult<Column> {
            Ok(Int128Chunked::from_vec(name.into(), kopecks).into_decimal(money_digits, 2)?.into_column())
        };
        let columns = vec![
            self.file.finish().into_column(),
            self.sheet.finish().into_column(),
            counts("row", self.row),
            self.id.finish().into_column(),
            self.name.finish().into_column(),
            Int32Chunked::from_slice_options("birth_date".into(), &self.birth_date).into_date().into_column(),
            counts("age", self.age),
            self.age_band.finish().into_column(),
            counts("risk_group", self.risk_group),
            self.plan.finish().into_column(),
            self.programme.finish().into_column(),
            money("sum_insured", self.sum_insured)?,
            self.rate.finish().into_column(),
            days("start", self.start),
            days("end", self.end),
            counts("days", self.days),
            money("premium", self.premium)?,
        ];
        debug_assert!(columns.iter().map(|column| column.name().as_str()).eq(PREMIUM_COLUMNS));
        DataFrame::new(rows, columns)
    }
}
