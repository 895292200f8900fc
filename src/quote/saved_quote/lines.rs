//! `premiums.csv`, read back by the names of its columns: the insured in roster order, each with the lines.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use jiff::civil::Date;

use crate::base::calendar::Period;
use crate::base::error::Error;
use crate::base::money::Kopecks;
use crate::output::csv_injection::undefused;
use crate::output::saved_files::Row;
use crate::quote::line_columns::LineColumn;
use crate::quote::quote_json::QuoteJson;
use crate::quote::saved_quote::source::Source;
use crate::quote::saved_quote::tables::{Covers, RatedCell};
use crate::table::text_column::TextColumn;

/// The lines of a saved quote, and the insured.
#[derive(Debug, Default)]
pub struct Lines {
    /// The insured, in roster order.
    pub insured: Vec<Insured>,
    /// The lines, in the order of the file: those of each insured together, in the plan's order of covers.
    pub lines: Vec<Line>,
    /// The file and the name of each sheet that has insured.
    pub sheets: Vec<(String, String)>,
    ids: TextColumn,
    names: TextColumn,
}

/// An insured, without the id and the name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Insured {
    /// The sheet of the row, by its place in [`Lines::sheets`].
    pub sheet: usize,
    /// The number of the row in its sheet.
    pub row: u32,
    /// The day of birth; none in a census.
    pub birth_date: Option<Date>,
    /// Completed years on the first day of the own cover.
    pub age_years: u16,
    /// The risk group.
    pub risk_group: u8,
    /// The plan, by its place in [`QuoteJson::plans`].
    pub plan: usize,
    /// The days of cover.
    pub cover: Period,
    /// The lines, by their places in [`Lines::lines`].
    pub lines: Range<usize>,
}

/// One insured × one cover.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// The rate, by its place in the price list.
    pub rate: usize,
    /// The sum insured.
    pub sum_insured: Kopecks,
    /// The premium.
    pub premium: Kopecks,
}

impl Lines {
    /// The id of the insured at a place, as the roster has it; empty where there is none.
    #[must_use]
    pub fn id(&self, insured: usize) -> Cow<'_, str> {
        undefused(self.ids.get(insured))
    }

    /// The name of the insured at a place, as the roster has it.
    #[must_use]
    pub fn name(&self, insured: usize) -> Cow<'_, str> {
        undefused(self.names.get(insured))
    }

    /// The lines of an insured, in the plan's order of covers.
    #[must_use]
    pub fn of_insured(&self, insured: &Insured) -> &[Line] {
        &self.lines[insured.lines.clone()]
    }
}

/// Reads every line, and finds its rate in the price list.
pub(super) fn read(source: &Source<'_>, quote: &QuoteJson, rates: &[RatedCell]) -> Result<Lines, Error> {
    let covers = Covers::new(quote);
    let mut prices = Prices::default();
    for (at, cell) in rates.iter().enumerate() {
        prices.by_cell.entry((cell.plan, cell.cover, cell.risk_group)).or_default().push((at, cell));
    }
    let mut lines = Lines::default();
    source.rows("premiums.csv", |row| {
        let (sheet, number) = (lines.sheet(row)?, row.parse(LineColumn::Row.as_str())?);
        // an insured has a line for each cover of the plan; the next of the same row is another one, as in a census
        let is_complete = |insured: &Insured| insured.lines.len() == quote.plans[insured.plan].covers.len();
        let is_same_row = |insured: &Insured| (insured.sheet, insured.row) == (sheet, number);
        if !lines.insured.last().is_some_and(|insured| is_same_row(insured) && !is_complete(insured)) {
            lines.add_insured(row, sheet, number, &covers)?;
        }
        let insured = lines.insured.last_mut()?;
        let text = |column: LineColumn| row.text(column.as_str());
        let amount = |column: LineColumn| row.amount(column.as_str());
        let cover = covers.cover(insured.plan, text(LineColumn::Programme)?)?;
        let rate = prices.find(insured, cover, text(LineColumn::Rate)?)?;
        let sum_insured = amount(LineColumn::SumInsured)?;
        lines.lines.push(Line { rate, sum_insured, premium: amount(LineColumn::Premium)? });
        insured.lines.end += 1;
        Some(())
    })?;
    Ok(lines)
}

impl Lines {
    /// The sheet of a row, by its place in [`Lines::sheets`].
    fn sheet(&mut self, row: &Row<'_>) -> Option<usize> {
        let (file, sheet) = (row.text(LineColumn::File.as_str())?, row.text(LineColumn::Sheet.as_str())?);
        let is_same = |(known_file, known_sheet): &(String, String)| known_file == file && known_sheet == sheet;
        let known = self.sheets.iter().rposition(is_same);
        Some(known.unwrap_or_else(|| {
            self.sheets.push((file.to_owned(), sheet.to_owned()));
            self.sheets.len() - 1
        }))
    }

    /// Adds the insured of a row, without lines.
    fn add_insured(&mut self, row: &Row<'_>, sheet: usize, number: u32, covers: &Covers) -> Option<()> {
        let text = |column: LineColumn| row.text(column.as_str());
        self.ids.push(text(LineColumn::Id)?);
        self.names.push(text(LineColumn::Name)?);
        let birth_date = Some(text(LineColumn::BirthDate)?).filter(|date| !date.is_empty());
        let (first, last) = (row.parse(LineColumn::Start.as_str())?, row.parse(LineColumn::End.as_str())?);
        self.insured.push(Insured {
            sheet,
            row: number,
            birth_date: birth_date.map(str::parse).transpose().ok()?,
            age_years: row.parse(LineColumn::Age.as_str())?,
            risk_group: row.parse(LineColumn::RiskGroup.as_str())?,
            plan: covers.plan(text(LineColumn::Plan)?)?,
            cover: Period::new(first, last)?,
            lines: self.lines.len()..self.lines.len(),
        });
        Some(())
    }
}

/// A rate and its place in the price list.
type IndexedCell<'r> = (usize, &'r RatedCell);

/// The price list by plan, cover and risk group.
#[derive(Debug, Default)]
struct Prices<'r> {
    by_cell: BTreeMap<(usize, usize, u8), Vec<IndexedCell<'r>>>,
}

impl Prices<'_> {
    /// The place of an insured's rate; past the tariff's ages several insured of one age have rates of their own (`I73`).
    fn find(&self, insured: &Insured, cover: usize, rate: &str) -> Option<usize> {
        let cells = self.by_cell.get(&(insured.plan, cover, insured.risk_group))?;
        let is_rate = |cell: &RatedCell| cell.ages.contains(insured.age_years) && cell.rate.as_str() == rate;
        cells.iter().find(|(_, cell)| is_rate(cell)).map(|(at, _)| *at)
    }
}
