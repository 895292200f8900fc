//! `premiums.parquet`: the lines for systems; money is decimal with scale 2 and dates are dates.

use jiff::civil::Date;
use polars::prelude::{
    Column, DataFrame, Int32Chunked, Int128Chunked, IntoColumn, KeyValueMetadata, NewChunkedArray, ParquetCompression,
    ParquetWriter, PolarsResult, StringChunked, UInt32Chunked,
};
use rayon::prelude::*;

use super::folder::{Folder, HashedFile};
use super::table::PREMIUM_COLUMNS;
use crate::calendar::days_since_1970;
use crate::error::Error;
use crate::money::Kopecks;
use crate::quote::{Admitted, Line, Price, Quote};

/// A row group holds the lines of so many insured.
const INSURED_PER_GROUP: usize = 64 * 1024;
/// The largest decimal that the format holds.
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
    let insured_columns = &roster.insured;
    let lines: Vec<(&Admitted, Line<'_>)> = insured
        .iter()
        .flat_map(|insured| {
            price.lines.of(insured, contract, &price.axes, insured_columns).map(move |line| (insured, line))
        })
        .collect();
    let age_bands: Vec<String> = tariff.age.says.iter().map(|band| band.years.to_string()).collect();
    let at = |insured: &Admitted| insured.at as usize;
    let sheet = |insured: &Admitted| &roster.sheets[usize::from(insured_columns.sheet[at(insured)])];
    let age_band = |insured: &Admitted| price.axes.ages[usize::from(insured.step)].age_band;
    let risk_group = |insured: &Admitted| tariff.risk.says[usize::from(insured.risk)].group;
    let plan = |insured: &Admitted| &contract.plans[usize::from(insured.plan)];
    let programme = |(insured, line): &(&Admitted, Line<'_>)| plan(insured).covers[line.cover].programme;
    let columns = vec![
        texts("file", lines.iter().map(|(insured, _)| sheet(insured).file.as_str())),
        texts("sheet", lines.iter().map(|(insured, _)| sheet(insured).name.as_str())),
        counts("row", lines.iter().map(|(insured, _)| insured_columns.row[at(insured)])),
        texts("id", lines.iter().map(|(insured, _)| insured_columns.id.get(at(insured)))),
        texts("name", lines.iter().map(|(insured, _)| insured_columns.name.get(at(insured)))),
        known_days("birth_date", lines.iter().map(|(insured, _)| insured_columns.birth_date[at(insured)])),
        counts("age", lines.iter().map(|(insured, _)| u32::from(insured.age_years))),
        texts("age_band", lines.iter().map(|(insured, _)| age_bands[age_band(insured)].as_str())),
        counts("risk_group", lines.iter().map(|(insured, _)| u32::from(risk_group(insured)))),
        texts("plan", lines.iter().map(|(insured, _)| plan(insured).code.as_str())),
        texts("programme", lines.iter().map(|line| tariff.programmes[programme(line)].code.as_str())),
        money("sum_insured", lines.iter().map(|(_, line)| line.sum_insured))?,
        texts("rate", lines.iter().map(|(_, line)| line.cell.rate.as_str())),
        days("start", lines.iter().map(|(_, line)| line.period.first())),
        days("end", lines.iter().map(|(_, line)| line.period.last())),
        counts("days", lines.iter().map(|(_, line)| line.days)),
        money("premium", lines.iter().map(|(_, line)| line.premium.chosen))?,
    ];
    debug_assert!(columns.iter().map(|column| column.name().as_str()).eq(PREMIUM_COLUMNS));
    DataFrame::new(lines.len(), columns)
}

fn texts<'l>(name: &'static str, values: impl Iterator<Item = &'l str>) -> Column {
    StringChunked::from_iter_values(name.into(), values).into_column()
}

fn counts(name: &'static str, values: impl Iterator<Item = u32>) -> Column {
    UInt32Chunked::from_iter_values(name.into(), values).into_column()
}

fn days(name: &'static str, values: impl Iterator<Item = Date>) -> Column {
    Int32Chunked::from_iter_values(name.into(), values.map(days_since_1970)).into_date().into_column()
}

/// Days of which some may be missing: nobody in a census has a day of birth.
fn known_days(name: &'static str, values: impl Iterator<Item = Option<Date>>) -> Column {
    let days: Vec<Option<i32>> = values.map(|day| day.map(days_since_1970)).collect();
    Int32Chunked::from_slice_options(name.into(), &days).into_date().into_column()
}

fn money(name: &'static str, values: impl Iterator<Item = Kopecks>) -> PolarsResult<Column> {
    let kopecks = Int128Chunked::from_iter_values(name.into(), values.map(Kopecks::get));
    Ok(kopecks.into_decimal(MONEY_DIGITS, 2)?.into_column())
}
