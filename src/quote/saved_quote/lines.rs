//! `premiums.csv`, read back: the insured in roster order, each with the lines.

use std::collections::BTreeMap;
use std::ops::Range;

use jiff::civil::Date;

use crate::base::calendar::Period;
use crate::base::error::Error;
use crate::base::money::Kopecks;
use crate::output::csv_injection::as_given;
use crate::quote::saved_quote::tables::Covers;
use crate::quote::saved_quote::terms::amount;
use crate::quote::saved_quote::{Quote, RatedCell, Source};
use crate::roster::insured::Texts;

/// The lines of a written quote and those whom they insure.
#[derive(Debug, Default)]
pub struct Lines {
    /// The insured, in roster order.
    pub insured: Vec<Insured>,
    /// The lines, in the order of the file: those of each insured together, in the plan's order of covers.
    pub lines: Vec<Line>,
    /// The file and the sheet of each place where insured were read.
    pub sheets: Vec<(String, String)>,
    ids: Texts,
    names: Texts,
}

/// An insured, but for the id and the name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Insured {
    /// Where the row was read, by its place in [`Lines::sheets`].
    pub sheet: usize,
    /// The number of the row in its sheet.
    pub row: u32,
    /// The day of birth; nobody in a census has one.
    pub birth_date: Option<Date>,
    /// Completed years on the first day of the own cover.
    pub age_years: u16,
    /// The risk group.
    pub risk_group: u8,
    /// The plan, by its place in [`Quote::plans`].
    pub plan: usize,
    /// The days of cover.
    pub cover: Period,
    /// The lines, by their places in [`Lines::lines`].
    pub lines: Range<usize>,
}

/// One insured × one cover.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// The rate, by its place in [`Written::rates`](crate::quote::saved_quote::Written::rates).
    pub rate: usize,
    /// The sum insured.
    pub sum_insured: Kopecks,
    /// The premium.
    pub premium: Kopecks,
}

impl Lines {
    /// The id of the insured at a place, as the roster has it; empty where there is none.
    #[must_use]
    pub fn id(&self, insured: usize) -> &str {
        as_given(self.ids.get(insured))
    }

    /// The name of the insured at a place, as the roster has it.
    #[must_use]
    pub fn name(&self, insured: usize) -> &str {
        as_given(self.names.get(insured))
    }

    /// The lines of an insured, in the plan's order of covers.
    #[must_use]
    pub fn of(&self, insured: &Insured) -> &[Line] {
        &self.lines[insured.lines.clone()]
    }
}

/// Reads every line, and finds its rate in the price list.
pub fn read(source: &Source<'_>, quote: &Quote, rates: &[RatedCell]) -> Result<Lines, Error> {
    let covers = Covers::new(quote);
    let mut prices = Prices::default();
    for (at, cell) in rates.iter().enumerate() {
        prices.by_cell.entry((cell.plan, cell.cover, cell.risk_group)).or_default().push((at, cell));
    }
    let mut lines = Lines::default();
    source.rows("premiums.csv", |row| {
        let text = |at: usize| row.get(at);
        let (file, sheet) = (text(0)?, text(1)?);
        let known = |(known_file, known_sheet): &(String, String)| known_file == file && known_sheet == sheet;
        let sheet = lines.sheets.iter().rposition(known).unwrap_or_else(|| {
            lines.sheets.push((file.to_owned(), sheet.to_owned()));
            lines.sheets.len() - 1
        });
        let number: u32 = text(2)?.parse().ok()?;
        // an insured has a line for each cover of the plan; the next of the same row is another one, as in a census
        let is_whole = |insured: &Insured| insured.lines.len() == quote.plans[insured.plan].covers.len();
        let is_same_row = |insured: &Insured| (insured.sheet, insured.row) == (sheet, number);
        let begun = lines.insured.last().filter(|insured| is_same_row(insured) && !is_whole(insured));
        if begun.is_none() {
            lines.ids.push(text(3)?);
            lines.names.push(text(4)?);
            lines.insured.push(Insured {
                sheet,
                row: number,
                birth_date: Some(text(5)?).filter(|date| !date.is_empty()).map(str::parse).transpose().ok()?,
                age_years: text(6)?.parse().ok()?,
                risk_group: text(8)?.parse().ok()?,
                plan: covers.plan(text(9)?)?,
                cover: Period::new(text(13)?.parse().ok()?, text(14)?.parse().ok()?)?,
                lines: lines.lines.len()..lines.lines.len(),
            });
        }
        let insured = lines.insured.last_mut()?;
        let cover = covers.cover(insured.plan, text(10)?)?;
        let (rate, cell) = prices.find(insured, cover)?;
        (cell.rate.as_str() == text(12)?).then_some(())?;
        lines.lines.push(Line { rate, sum_insured: amount(text(11)?)?, premium: amount(text(16)?)? });
        insured.lines.end += 1;
        Some(())
    })?;
    Ok(lines)
}

/// A rate and its place in the price list.
type Placed<'r> = (usize, &'r RatedCell);

/// The price list by what a line knows of itself.
#[derive(Debug, Default)]
struct Prices<'r> {
    by_cell: BTreeMap<(usize, usize, u8), Vec<Placed<'r>>>,
}

impl<'r> Prices<'r> {
    fn find(&self, insured: &Insured, cover: usize) -> Option<Placed<'r>> {
        let cells = self.by_cell.get(&(insured.plan, cover, insured.risk_group))?;
        cells.iter().find(|(_, cell)| cell.ages.contains(insured.age_years)).copied()
    }
}
