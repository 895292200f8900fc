//! `premiums.parquet`: the lines for systems; money is decimal with scale 2 and dates are dates.

use std::collections::BTreeMap;
use std::hash::Hash;
use std::sync::mpsc::sync_channel;

use polars::prelude::{
    DataType, KeyValueMetadata, ParquetCompression, ParquetWriter, PlSmallStr, PolarsResult, Schema,
};
use polars_arrow::array::{Array, FixedSizeBinaryArray, PrimitiveArray, Utf8ViewArray};
use polars_arrow::datatypes::ArrowDataType;
use polars_parquet::write::{CompressedPage, ParquetType, StatisticsOptions};
use rayon::prelude::*;

use crate::base::calendar::{Period, days_since_1970};
use crate::base::error::Error;
use crate::base::money::Kopecks;
use crate::output::folder::{Folder, HashedFile};
use crate::output::parquet::column::{Column, Distinct, Values, coded, place_of_last};
use crate::output::parquet::io_error::CaptureIoError;
use crate::pricing::cube::Coordinates;
use crate::quote::files::csv::PREMIUM_COLUMNS;
use crate::quote::{Admitted, Price, Quote};
use crate::roster::{Roster, Sheet};

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
    let (heard, refusal) = CaptureIoError::new(&mut file);
    write(quote, price, heard).map_err(|fault| refusal.unmade(&folder.shown(name), &fault))?;
    folder.keep(file)
}

fn write(quote: &Quote<'_>, price: &Price<'_>, file: CaptureIoError<&mut HashedFile>) -> PolarsResult<()> {
    let about = vec![
        ("kollektiv.number".to_owned(), quote.contract.number.clone()),
        ("kollektiv.status".to_owned(), quote.status.as_str().to_owned()),
    ];
    let money = Money::of(price.totals.premium.chosen);
    let mut writer = ParquetWriter::new(file)
        .with_compression(ParquetCompression::Snappy)
        // of pages; what is said of a row group comes with its columns
        .with_statistics(StatisticsOptions::empty())
        .with_key_value_metadata(Some(KeyValueMetadata::from_static(about)))
        .batched(&schema(money))?;
    let kinds = writer.parquet_schema().fields().to_vec();
    let groups = price.lines.admitted.chunks(INSURED_PER_GROUP);
    let encode = |insured| Group::new(quote, price, insured).columns(money, &kinds);
    std::thread::scope(|threads| {
        // groups are written while others are encoded, in their order and not in that in which they are done
        let (sender, encoded) = sync_channel::<(usize, PolarsResult<_>)>(1);
        let writing = threads.spawn(move || {
            let (mut next, mut waiting) = (0, BTreeMap::new());
            for (place, group) in encoded {
                waiting.insert(place, group);
                while let Some(group) = waiting.remove(&next) {
                    let (lines, columns): (usize, Vec<_>) = group?;
                    writer.write_row_group(lines as u64, &columns)?;
                    next += 1;
                }
            }
            writer.finish().map(drop)
        });
        let send = |(place, insured)| sender.send((place, encode(insured)));
        // a writer that has failed hears no more, and says why below
        let _ = groups.enumerate().par_bridge().try_for_each(send);
        drop(sender);
        writing.join().expect("the writer does not panic")
    })
}

/// How money is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Money {
    /// 18 digits, in 64 bits.
    Short,
    /// 38 digits, where a line of the quote might need them.
    Long,
}

impl Money {
    /// What a quote of this total needs.
    const fn of(total: Kopecks) -> Self {
        if total.get() < SHORT_MONEY { Self::Short } else { Self::Long }
    }

    const fn digits(self) -> usize {
        match self {
            Self::Short => SHORT_MONEY_DIGITS,
            Self::Long => MONEY_DIGITS,
        }
    }

    /// The amounts as the format stores them.
    fn stored(self, kopecks: &[Kopecks]) -> Box<dyn Array> {
        match self {
            Self::Short => {
                let short =
                    |amount: &Kopecks| i64::try_from(amount.get()).expect("no more than the total of the quote");
                PrimitiveArray::from_vec(kopecks.iter().map(short).collect::<Vec<i64>>()).boxed()
            }
            Self::Long => {
                const BYTES: usize = size_of::<i128>();
                let bytes: Vec<u8> = kopecks.iter().flat_map(|amount| amount.get().to_be_bytes()).collect();
                FixedSizeBinaryArray::new(ArrowDataType::FixedSizeBinary(BYTES), bytes.into(), None).boxed()
            }
        }
    }
}

fn schema(money: Money) -> Schema {
    let kind = |name: &str| match name {
        "row" | "age" | "risk_group" | "days" => DataType::UInt32,
        "birth_date" | "start" | "end" => DataType::Date,
        "sum_insured" | "premium" => DataType::Decimal(money.digits(), 2),
        _ => DataType::String,
    };
    PREMIUM_COLUMNS.iter().map(|name| (PlSmallStr::from_static(name), kind(name))).collect()
}

/// What is said of a row group's values at the end of the file: nothing of who is insured, which nobody looks for by first and last.
fn statistics(name: &str) -> StatisticsOptions {
    if matches!(name, "id" | "name") { StatisticsOptions::empty() } else { StatisticsOptions::default() }
}

/// The lines of some insured by what their values depend on.
struct Group<'g> {
    quote: &'g Quote<'g>,
    price: &'g Price<'g>,
    insured: &'g [Admitted],
    /// Of every line, the place of its insured.
    of: Vec<u32>,
    /// Of every line, the place of its cell among the cells that occur.
    cell: Vec<u32>,
    cells: Vec<usize>,
    /// Of every line, the place of its days of cover.
    term: Vec<u32>,
    terms: Distinct<Period>,
    /// Of every line, the place of its sum insured.
    sum_insured: Vec<u32>,
    sums_insured: Distinct<Kopecks>,
    /// Of every line, the place of its premium.
    premium: Vec<u32>,
    premiums: Distinct<Kopecks>,
}

/// A cell that occurs in a group.
#[derive(Clone, Copy)]
struct Seen {
    /// Its place.
    cell: u32,
    /// The places of the sum insured and the premium of its whole lines, which are all alike.
    whole: Option<(u32, u32)>,
}

impl<'g> Group<'g> {
    fn new(quote: &'g Quote<'g>, price: &'g Price<'g>, insured: &'g [Admitted]) -> Self {
        let covers = |insured: &Admitted| quote.contract.plans[usize::from(insured.plan)].covers.len();
        let room = || Vec::with_capacity(insured.iter().map(covers).sum());
        let mut group = Self {
            quote,
            price,
            insured,
            of: room(),
            cell: room(),
            cells: Vec::new(),
            term: room(),
            terms: Distinct::default(),
            sum_insured: room(),
            sums_insured: Distinct::default(),
            premium: room(),
            premiums: Distinct::default(),
        };
        let mut seen: Vec<Option<Seen>> = vec![None; price.axes.cells()];
        for (of, insured) in (0..).zip(insured) {
            let mut term = None;
            for line in price.lines.of(insured, quote.contract, &price.axes, &quote.roster.insured) {
                let seen = seen[line.cell_at].get_or_insert_with(|| {
                    group.cells.push(line.cell_at);
                    Seen { cell: place_of_last(&group.cells), whole: None }
                });
                let mut amounts = || (group.sums_insured.place(line.sum_insured), group.premiums.place(line.premium()));
                let (sum_insured, premium) =
                    if line.is_whole() { *seen.whole.get_or_insert_with(amounts) } else { amounts() };
                group.of.push(of);
                group.cell.push(seen.cell);
                group.term.push(*term.get_or_insert_with(|| group.terms.place(line.period)));
                group.sum_insured.push(sum_insured);
                group.premium.push(premium);
            }
        }
        group
    }

    /// The number of lines, and the columns of `premiums.csv` of these kinds.
    fn columns(&self, money: Money, kinds: &[ParquetType]) -> PolarsResult<(usize, Vec<Vec<CompressedPage>>)> {
        let columns = PREMIUM_COLUMNS
            .iter()
            .zip(kinds)
            .map(|(name, kind)| self.column(name, money).pages(kind, statistics(name)));
        Ok((self.of.len(), columns.collect::<PolarsResult<_>>()?))
    }

    fn column(&self, name: &str, money: Money) -> Column {
        let Quote { contract, tariff, roster, .. } = self.quote;
        let rows = &roster.insured;
        let at = |insured: &Admitted| insured.at as usize;
        let programme = |cell: Coordinates| &tariff.programmes[contract.plans[cell.plan].covers[cell.cover].programme];
        match name {
            "file" => self.of_sheets(|sheet| &sheet.file),
            "sheet" => self.of_sheets(|sheet| &sheet.name),
            "row" => Column::Growing(self.of.iter().map(|of| rows.row[at(&self.insured[*of as usize])]).collect()),
            "id" => self.texts_of_insured(|insured| rows.id.get(at(insured))),
            "name" => self.texts_of_insured(|insured| rows.name.get(at(insured))),
            "birth_date" => self.of_insured(|insured| rows.birth_date[at(insured)].map(days_since_1970)).days_if_any(),
            "age" => self.of_insured(|insured| u32::from(insured.age_years)).counts(),
            "age_band" => {
                let band = |cell: Coordinates| tariff.age.value[self.price.axes.ages[cell.step].age_band].years;
                self.of_cells(|_, cell| band(cell).to_string()).texts()
            }
            "risk_group" => self.of_cells(|_, cell| u32::from(tariff.risk.value[cell.risk].group)).counts(),
            "plan" => self.of_cells(|_, cell| contract.plans[cell.plan].code.as_str()).texts(),
            "programme" => self.of_cells(|_, cell| programme(cell).code.as_str()).texts(),
            "sum_insured" => coded(self.sum_insured.clone(), money.stored(self.sums_insured.values())),
            "rate" => {
                self.of_cells(|place, _| self.price.lines.cell(place).map_or("", |cell| cell.rate.as_str())).texts()
            }
            "start" => self.of_terms(|term| days_since_1970(term.first())).days(),
            "end" => self.of_terms(|term| days_since_1970(term.last())).days(),
            "days" => self.of_terms(|term| term.days()).counts(),
            "premium" => coded(self.premium.clone(), money.stored(self.premiums.values())),
            _ => unreachable!("every column of the lines is made"),
        }
    }

    /// Values that the insured have.
    fn of_insured<T: Copy + Eq + Hash>(&self, value: impl Fn(&Admitted) -> T) -> Values<T> {
        Values::new(&self.of, self.insured.iter().map(value))
    }

    /// Texts that the sheets have.
    fn of_sheets(&self, text: impl Fn(&Sheet) -> &str) -> Column {
        let Roster { sheets, insured, .. } = &self.quote.roster;
        let sheet = |of: &Admitted| insured.sheet[of.at as usize];
        let texts = self.insured.iter().map(sheet).map(|sheet| (sheet, text(&sheets[usize::from(sheet)])));
        Values::told_apart(&self.of, texts).texts()
    }

    /// Texts that hardly two insured have in common: one is not kept again where the insured before has it, and to look for it among
    /// all the others would cost more than the place.
    fn texts_of_insured<'t>(&self, text: impl Fn(&Admitted) -> &'t str) -> Column {
        let mut texts: Vec<&str> = Vec::with_capacity(self.insured.len());
        let mut place = Vec::with_capacity(self.insured.len());
        for text in self.insured.iter().map(text) {
            if texts.last() != Some(&text) {
                texts.push(text);
            }
            place.push(place_of_last(&texts));
        }
        let places = self.of.iter().map(|of| place[*of as usize]).collect();
        coded(places, Utf8ViewArray::from_slice_values(texts).boxed())
    }

    /// Values that the cells have, by their place in the cube and on every axis.
    fn of_cells<T: Clone + Eq + Hash>(&self, value: impl Fn(usize, Coordinates) -> T) -> Values<T> {
        Values::new(&self.cell, self.cells.iter().map(|cell| value(*cell, self.price.axes.coordinates(*cell))))
    }

    /// Values that the days of cover have.
    fn of_terms<T: Copy + Eq + Hash>(&self, value: impl Fn(&Period) -> T) -> Values<T> {
        Values::new(&self.term, self.terms.values().iter().map(value))
    }
}
