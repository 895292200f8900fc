//! `premiums.parquet`: the lines for systems; money is decimal with scale 2, and dates are dates.

use std::hash::Hash;

use polars::prelude::{DataType, PlSmallStr, PolarsResult, Schema};
use polars_parquet::write::{ParquetType, StatisticsOptions};
use rayon::prelude::*;

use crate::base::calendar::{Period, days_since_1970};
use crate::base::error::Error;
use crate::base::money::Kopecks;
use crate::base::parallel::collect_in_order;
use crate::output::folder::Folder;
use crate::output::parquet::coded_pages::PlainTexts;
use crate::output::parquet::column::{Column, Distinct, Values, coded, place_of_last};
use crate::output::parquet::io_error::CaptureIoError;
use crate::output::parquet::{MoneyWidth, RowGroup, write_row_groups};
use crate::quote::line_columns::{CellKey, CellValue, InsuredValue, LineColumn, Value};
use crate::quote::lines::Line;
use crate::quote::{Admitted, Price, Quote};
use crate::table::tables::Sheet;

/// The name of the file.
pub const NAME: &str = "premiums.parquet";

/// The insured whose lines are one row group.
const INSURED_PER_GROUP: usize = 64 * 1024;

/// Writes every line, in the order of `premiums.csv`.
pub fn write(quote: &Quote<'_>, price: &Price<'_>, folder: &Folder) -> Result<(), Error> {
    let mut file = folder.create(NAME)?;
    let (captured, io_error) = CaptureIoError::new(&mut file);
    let metadata = vec![
        ("kollektiv.number".to_owned(), quote.contract.number.clone()),
        ("kollektiv.status".to_owned(), quote.status.as_str().to_owned()),
    ];
    let money = MoneyWidth::for_amounts_to(price.totals.premium.chosen);
    let groups = price.lines.admitted.chunks(INSURED_PER_GROUP);
    let encode = |insured, types: &[ParquetType]| LineGroup::new(quote, price, insured).encode(money, types);
    let written = write_row_groups(captured, &schema(money), metadata, groups, encode);
    written.map_err(|fault| io_error.write_error(&folder.target_path(NAME), &fault))?;
    folder.finish(file)
}

fn schema(money: MoneyWidth) -> Schema {
    use CellValue::{CellNumber, CellText};
    use InsuredValue::{CoverDay, CoverNumber, InsuredNumber, PersonalText, RowDay, RowNumber, SheetText};
    let data_type = |column: &LineColumn| match column.value() {
        Value::Insured(SheetText(_) | PersonalText(_)) | Value::Cell(CellText(_)) => DataType::String,
        Value::Insured(RowNumber(_) | InsuredNumber(_) | CoverNumber(_)) | Value::Cell(CellNumber(_)) => {
            DataType::UInt32
        }
        Value::Insured(RowDay(_) | CoverDay(_)) => DataType::Date,
        Value::Amount(_) => money.data_type(),
    };
    LineColumn::ALL.iter().map(|column| (PlSmallStr::from_static(column.as_str()), data_type(column))).collect()
}

/// The statistics of a column: none of ids and names.
fn statistics(value: &Value) -> StatisticsOptions {
    if matches!(value, Value::Insured(InsuredValue::PersonalText(_))) {
        StatisticsOptions::empty()
    } else {
        StatisticsOptions::default()
    }
}

/// The lines of some insured, by what their values depend on. A place is an index in a list of different values.
struct LineGroup<'g> {
    quote: &'g Quote<'g>,
    price: &'g Price<'g>,
    insured: &'g [Admitted],
    /// The place of the insured, by line.
    insured_of: Vec<u32>,
    /// The place of the cell among the cells that occur, by line.
    cell_of: Vec<u32>,
    cells: Vec<usize>,
    /// The place of the days of cover, by line.
    cover_of: Vec<u32>,
    covers: Distinct<Period>,
    /// The columns of amounts.
    amounts: Vec<Amounts>,
}

/// A column of amounts.
struct Amounts {
    amount: fn(&Line<'_>) -> Kopecks,
    /// The place of the amount, by line.
    places: Vec<u32>,
    values: Distinct<Kopecks>,
}

/// A cell that occurs in a group.
#[derive(Clone)]
struct SeenCell {
    /// Its place.
    place: u32,
    /// The places of the amounts of its whole lines, which are all equal.
    whole: Option<Vec<u32>>,
}

impl<'g> LineGroup<'g> {
    fn new(quote: &'g Quote<'g>, price: &'g Price<'g>, insured: &'g [Admitted]) -> Self {
        let covers = |insured: &Admitted| quote.contract.terms.plans[usize::from(insured.plan)].covers.len();
        let lines = insured.iter().map(covers).sum();
        let places = || Vec::with_capacity(lines);
        let amounts = LineColumn::ALL.iter().filter_map(|column| match column.value() {
            Value::Amount(amount) => Some(Amounts { amount, places: places(), values: Distinct::default() }),
            _ => None,
        });
        let mut group = Self {
            quote,
            price,
            insured,
            insured_of: places(),
            cell_of: places(),
            cells: Vec::new(),
            cover_of: places(),
            covers: Distinct::default(),
            amounts: amounts.collect(),
        };
        let mut seen: Vec<Option<SeenCell>> = vec![None; price.axes.cells()];
        for (at, insured) in (0..).zip(insured) {
            let mut cover = None;
            for line in price.lines.of_insured(insured, quote.contract, &price.axes, &quote.roster.insured) {
                let cell = seen[line.cell_at].get_or_insert_with(|| {
                    group.cells.push(line.cell_at);
                    SeenCell { place: place_of_last(&group.cells), whole: None }
                });
                group.insured_of.push(at);
                group.cell_of.push(cell.place);
                group.cover_of.push(*cover.get_or_insert_with(|| group.covers.place(line.period)));
                if line.is_whole() {
                    let amounts = &mut group.amounts;
                    let place = |column: &mut Amounts| column.values.place((column.amount)(&line));
                    let whole = cell.whole.get_or_insert_with(|| amounts.iter_mut().map(place).collect());
                    group.amounts.iter_mut().zip(whole).for_each(|(column, place)| column.places.push(*place));
                } else {
                    for column in &mut group.amounts {
                        column.places.push(column.values.place((column.amount)(&line)));
                    }
                }
            }
        }
        group
    }

    /// The columns of these types, encoded in parallel: at the end of a file few groups are left.
    fn encode(mut self, money: MoneyWidth, types: &[ParquetType]) -> PolarsResult<RowGroup> {
        let mut amounts = std::mem::take(&mut self.amounts).into_iter();
        let mut columns = Vec::new();
        for (column, column_type) in LineColumn::ALL.iter().zip(types) {
            let value = column.value();
            let amounts = if matches!(value, Value::Amount(_)) { amounts.next() } else { None };
            columns.push((value, amounts, column_type));
        }
        let pages = columns.into_par_iter().map(|(value, amounts, column_type)| {
            self.column(&value, amounts, money).pages(column_type, statistics(&value))
        });
        Ok((self.insured_of.len(), collect_in_order(pages)?))
    }

    /// A column by its value; one of amounts has `amounts`.
    fn column(&self, value: &Value, amounts: Option<Amounts>, money: MoneyWidth) -> Column {
        match value {
            Value::Insured(value) => self.insured_column(value),
            Value::Cell(CellValue::CellText(text)) => self.of_cells(text).texts(),
            Value::Cell(CellValue::CellNumber(number)) => self.of_cells(number).counts(),
            Value::Amount(_) => {
                let amounts = amounts.expect("the group has every column of amounts");
                coded(amounts.places, money.array(amounts.values.values()))
            }
        }
    }

    fn insured_column(&self, value: &InsuredValue) -> Column {
        let rows = &self.quote.roster.insured;
        let at = |insured: &Admitted| insured.at as usize;
        match value {
            InsuredValue::SheetText(text) => self.of_sheets(text),
            InsuredValue::PersonalText(text) => self.personal_texts(|insured| text(rows, at(insured))),
            InsuredValue::RowNumber(number) => {
                let of_line = |line: &u32| number(rows, at(&self.insured[*line as usize]));
                Column::Growing(self.insured_of.iter().map(of_line).collect())
            }
            InsuredValue::RowDay(day) => {
                let day = |insured: &Admitted| day(rows, at(insured)).map(days_since_1970);
                // no day has the number of none
                self.of_insured(|insured| day(insured).map_or((i32::MIN, None), |day| (day, Some(day)))).days_if_any()
            }
            InsuredValue::InsuredNumber(number) => {
                let number = |insured: &Admitted| number(insured);
                self.of_insured(|insured| (number(insured).cast_signed(), number(insured))).counts()
            }
            InsuredValue::CoverDay(day) => self.of_covers(|cover| days_since_1970(day(cover))).days(),
            InsuredValue::CoverNumber(number) => self.of_covers(number).counts(),
        }
    }

    /// Values of the insured, each with a number that equal values have in common.
    fn of_insured<T: Copy + Eq + Hash>(&self, value: impl Fn(&Admitted) -> (i32, T) + Clone) -> Values<T> {
        Values::by_number(&self.insured_of, self.insured.iter().map(value))
    }

    /// Texts of the sheets.
    fn of_sheets(&self, text: impl Fn(&Sheet) -> &str) -> Column {
        let (sheets, insured) = (&self.quote.roster.tables.sheets, &self.quote.roster.insured);
        let sheet = |of: &Admitted| insured.sheet[of.at as usize];
        let texts = self.insured.iter().map(sheet).map(|sheet| (sheet, text(&sheets[usize::from(sheet)])));
        Values::by_key(&self.insured_of, texts).texts()
    }

    /// Texts that few insured have in common: only one that the insured before has is not stored again, because a look-up
    /// among all others would cost more than the space.
    fn personal_texts<'t>(&self, text: impl Fn(&Admitted) -> &'t str) -> Column {
        let bytes = self.insured.iter().map(|insured| text(insured).len()).sum();
        let mut texts = PlainTexts::with_capacity(self.insured.len(), bytes);
        let mut last: Option<(&str, u32)> = None;
        let place = |text: &'t str| match last {
            Some((before, place)) if before == text => place,
            _ => last.insert((text, texts.push(text))).1,
        };
        let place: Vec<u32> = self.insured.iter().map(text).map(place).collect();
        let places = self.insured_of.iter().map(|insured| place[*insured as usize]).collect();
        Column::Texts { places, texts }
    }

    /// Values of the cells.
    fn of_cells<'c, T: Clone + Eq + Hash>(&'c self, value: impl Fn(&CellKey<'c>) -> T) -> Values<T> {
        let key =
            |cell_at: usize| CellKey::new(self.quote, self.price, cell_at).expect("every cell of a line is rated");
        Values::new(&self.cell_of, self.cells.iter().map(|cell_at| value(&key(*cell_at))))
    }

    /// Values of the days of cover.
    fn of_covers<T: Copy + Eq + Hash>(&self, value: impl Fn(Period) -> T) -> Values<T> {
        Values::new(&self.cover_of, self.covers.values().iter().map(|cover| value(*cover)))
    }
}
