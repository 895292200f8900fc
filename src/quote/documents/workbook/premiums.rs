//! The insured with their premiums, a row for each line: exact, as a formula, and whether the two agree.

use std::io::Write;
use std::ops::Range;

use rust_xlsxwriter::{Workbook, XlsxError};

use crate::base::messages::{Language, Message};
use crate::output::xlsx::layout::{row_height, width_for, width_of};
use crate::output::xlsx::{BookWriter, CHUNK_ROWS, LongSheet, Rows, Style, cell_text, is_exact};
use crate::quote::documents::workbook::book::Book;
use crate::quote::documents::workbook::page::{FIRST_ROW, Page, columns};
use crate::quote::documents::workbook::place::{Place, cell};
use crate::quote::saved_quote::SavedQuote;
use crate::table::limits::MAX_ROWS;

/// The plan of a line.
pub const PLAN: u16 = 7;
/// The programme of a line.
pub const PROGRAMME: u16 = 8;
/// The exact premium of a line.
pub const PREMIUM: u16 = 15;
/// Whether the exact premium and the formula agree.
pub const CHECK: u16 = 17;

const AGE: u16 = 5;
const RISK: u16 = 6;
const SUM_INSURED: u16 = 9;
const DAYS: u16 = 12;
const RATE_NUMBER: u16 = 13;
const RATE: u16 = 14;
const FORMULA: u16 = 16;

/// The places of the lines: one sheet, or more where they exceed its rows.
pub fn places(saved: &SavedQuote, language: Language) -> Vec<Place> {
    sheets(u32::try_from(saved.lines.lines.len()).unwrap_or(u32::MAX), language, MAX_ROWS)
}

fn sheets(lines: u32, language: Language, rows_of_sheet: u32) -> Vec<Place> {
    let mut places = Vec::new();
    let mut rest = lines;
    loop {
        let rows = rest.min(rows_of_sheet - FIRST_ROW);
        let name = language.render(&Message::new("book-premiums"));
        let sheet = if places.is_empty() { name } else { format!("{name} {}", places.len() + 1) };
        places.push(Place { sheet, first: FIRST_ROW, rows });
        rest -= rows;
        if rest == 0 {
            return places;
        }
    }
}

/// Adds the sheets without their rows.
pub fn reserve(workbook: &mut Workbook, book: &Book<'_>) -> Result<Vec<LongSheet>, XlsxError> {
    let rate_width = width_for(14, book.saved.rates.iter().map(|rate| rate.rate.as_str()));
    let widths = Widths::new(book.saved);
    let columns = columns([
        ("book-number", 8),
        ("book-roster-row", 9),
        ("book-id", widths.id),
        ("book-name", widths.name),
        ("book-birth-date", 12),
        ("book-age-years", 9),
        ("heading-risk", 8),
        ("heading-plan", widths.plan),
        ("heading-programme", 11),
        ("book-sum-insured", 17),
        ("book-start", 12),
        ("book-end", 12),
        ("book-days", 7),
        ("book-rate-number", 8),
        ("book-rate", rate_width),
        ("heading-premium", 16),
        ("book-formula", 16),
        ("book-check", 15),
    ]);
    let styles = &book.styles;
    let formats =
        [&styles.count, &styles.wrapped, &styles.date, &styles.text, &styles.money, &styles.number, &styles.verdict];
    let width = u16::try_from(columns.len()).unwrap_or(u16::MAX);
    let sheets = book.premiums.iter().enumerate().map(|(at, place)| {
        let title = title(book, at);
        let mut page = Page::new(workbook, book, (&place.sheet, &title), &columns)?;
        page.table(&columns, place.rows)?;
        page.verdicts(place.first, place.last(), CHECK)?;
        LongSheet::reserve(page.sheet, rows(place), width, &formats)
    });
    sheets.collect()
}

/// Writes every line.
pub fn write_rows(sheets: &[LongSheet], book: &Book<'_>, writer: &mut BookWriter<impl Write>) -> Result<(), XlsxError> {
    let (widths, verdicts) = (Widths::new(book.saved), Verdicts::new(book));
    let insured = &book.saved.lines.insured;
    let mut first_line = 0;
    for (place, sheet) in book.premiums.iter().zip(sheets) {
        writer.write_sheet::<XlsxError>(sheet, |queue| {
            let styles = LineStyles::new(queue.styles()?);
            let writer = LineWriter { book, widths: &widths, verdicts: &verdicts, styles };
            for chunk in rows(place).step_by(CHUNK_ROWS as usize) {
                let rows = chunk..(chunk + CHUNK_ROWS).min(rows(place).end);
                let first_line = first_line + (chunk - place.first) as usize;
                queue.add_chunk(move |chunk| {
                    let first = insured.partition_point(|insured| insured.lines.end <= first_line);
                    let lines =
                        (first..insured.len()).flat_map(|at| insured[at].lines.clone().map(move |line| (at, line)));
                    for (row, (at, line)) in rows.zip(lines.skip_while(|(_, line)| *line < first_line)) {
                        writer.write(chunk, row, at, line);
                    }
                    Ok(())
                })?;
            }
            Ok(())
        })?;
        first_line += place.rows as usize;
    }
    Ok(())
}

/// The widths of the columns with texts of the roster and the contract.
struct Widths {
    id: u32,
    name: u32,
    plan: u32,
}

impl Widths {
    fn new(saved: &SavedQuote) -> Self {
        let lines = &saved.lines;
        let of_insured = 0..lines.insured.len();
        Self {
            id: width_of(12, 26, of_insured.clone().map(|at| lines.id(at))),
            name: width_of(34, 50, of_insured.map(|at| lines.name(at))),
            plan: width_of(10, 26, saved.quote.plans.iter().map(|plan| plan.code.as_str())),
        }
    }

    /// The height of a row with an insured's texts.
    fn row_height(&self, saved: &SavedQuote, insured: usize) -> Option<u32> {
        let SavedQuote { lines, quote, .. } = saved;
        let plan = &quote.plans[lines.insured[insured].plan].code;
        let [id, name, width] = [self.id, self.name, self.plan].map(|width| width as usize);
        row_height(&[(&lines.id(insured), id), (&lines.name(insured), name), (plan, width)])
    }
}

fn rows(place: &Place) -> Range<u32> {
    place.first..place.first + place.rows
}

/// The title of a sheet of lines, with its number where there are several.
fn title(book: &Book<'_>, at: usize) -> String {
    if book.premiums.len() == 1 {
        return book.words("book-premiums-title");
    }
    let message = Message::new("book-premiums-part").with("part", at + 1).with("parts", book.premiums.len());
    book.language.render(&message)
}

/// The results of a check.
struct Verdicts {
    agrees: String,
    at_half: String,
    disagrees: String,
    too_long: String,
}

impl Verdicts {
    fn new(book: &Book<'_>) -> Self {
        Self {
            agrees: book.words("book-agrees"),
            at_half: book.words("book-at-half"),
            disagrees: book.words("book-disagrees"),
            too_long: book.words("book-too-long"),
        }
    }
}

/// The formats of a line's cells.
#[derive(Clone, Copy)]
struct LineStyles {
    count: Style,
    wrapped: Style,
    date: Style,
    text: Style,
    money: Style,
    number: Style,
    verdict: Style,
}

impl LineStyles {
    const fn new([count, wrapped, date, text, money, number, verdict]: [Style; 7]) -> Self {
        Self { count, wrapped, date, text, money, number, verdict }
    }
}

/// Writes lines, each from what the saved quote has of it.
#[derive(Clone, Copy)]
struct LineWriter<'w> {
    book: &'w Book<'w>,
    widths: &'w Widths,
    verdicts: &'w Verdicts,
    styles: LineStyles,
}

impl LineWriter<'_> {
    /// Writes the row of a line of an insured, both by their places.
    fn write(&self, rows: &mut Rows, row: u32, at: usize, line: usize) {
        let Self { book: Book { saved, .. }, verdicts, styles, .. } = self;
        let (insured, number) = (&saved.lines.insured[at], line + 1);
        let line = &saved.lines.lines[line];
        let plan = &saved.quote.plans[insured.plan];
        let rate = &saved.rates[line.rate];
        let mut cells = rows.row(row, self.widths.row_height(saved, at));
        cells.count(0, number, styles.count);
        cells.count(1, insured.row as usize, styles.count);
        cells.text(2, &cell_text(&saved.lines.id(at)), styles.wrapped);
        cells.text(3, &cell_text(&saved.lines.name(at)), styles.wrapped);
        match insured.birth_date {
            Some(birth_date) => cells.day(4, birth_date, styles.date),
            None => cells.blank(4, styles.date),
        }
        cells.count(AGE, usize::from(insured.age_years), styles.count);
        cells.count(RISK, usize::from(insured.risk_group), styles.count);
        cells.text(PLAN, &cell_text(&plan.code), styles.wrapped);
        cells.text(PROGRAMME, &plan.covers[rate.cover].programme, styles.text);
        cells.amount(SUM_INSURED, line.sum_insured, styles.money);
        cells.day(10, insured.cover.first(), styles.date);
        cells.day(11, insured.cover.last(), styles.date);
        cells.count(DAYS, insured.cover.days() as usize, styles.count);
        cells.count(RATE_NUMBER, line.rate + 1, styles.count);
        cells.shared_formula(RATE, || rate_formula(row), rate.rate.as_str(), styles.number);
        cells.amount(PREMIUM, line.premium, styles.money);
        if is_exact(line.premium) {
            let year_days = saved.quote.year_days;
            let premium = || format!("ROUND({},2)", unrounded_formula(row, year_days));
            cells.shared_formula(FORMULA, premium, &line.premium.to_string(), styles.money);
            cells.shared_formula(CHECK, || check_formula(row, year_days, verdicts), &verdicts.agrees, styles.verdict);
        } else {
            cells.blank(FORMULA, styles.money);
            cells.text(CHECK, &verdicts.too_long, styles.verdict);
        }
    }
}

fn rate_formula(row: u32) -> String {
    format!("INDEX(rate_product,{})", cell(row, RATE_NUMBER))
}

fn unrounded_formula(row: u32, year_days: u32) -> String {
    let [sum, rate, days] = [SUM_INSURED, RATE, DAYS].map(|column| cell(row, column));
    format!("{sum}/100*{rate}*{days}/{year_days}")
}

/// The rate must be the line's own; then the amounts agree to the kopeck, or are half a kopeck apart within fifteen digits.
fn check_formula(row: u32, year_days: u32, verdicts: &Verdicts) -> String {
    let [age, risk, plan, programme, number, premium, formula] =
        [AGE, RISK, PLAN, PROGRAMME, RATE_NUMBER, PREMIUM, FORMULA].map(|column| cell(row, column));
    let unrounded = unrounded_formula(row, year_days);
    let Verdicts { agrees, at_half, disagrees, .. } = verdicts;
    format!(
        "IF(AND(INDEX(rate_plan,{number})={plan},INDEX(rate_programme,{number})={programme},\
         INDEX(rate_risk,{number})={risk},INDEX(rate_age_from,{number})<={age},INDEX(rate_age_to,{number})>={age}),\
         IF(ABS({premium}-{formula})<0.001,\"{agrees}\",\
         IF(ABS({premium}-{unrounded})<=0.005+{premium}*1E-14,\"{at_half}\",\"{disagrees}\")),\"{disagrees}\")"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_continue_on_another_sheet_where_one_is_full() {
        let sheets = |lines: u32| -> Vec<(String, u32)> {
            sheets(lines, Language::En, 10).into_iter().map(|place| (place.sheet, place.rows)).collect()
        };
        let named =
            |sheets: &[(&str, u32)]| sheets.iter().map(|(name, rows)| ((*name).to_owned(), *rows)).collect::<Vec<_>>();
        // four rows of each sheet are its title and its headings
        assert_eq!(sheets(1), named(&[("Premiums", 1)]));
        assert_eq!(sheets(6), named(&[("Premiums", 6)]));
        assert_eq!(sheets(7), named(&[("Premiums", 6), ("Premiums 2", 1)]));
        assert_eq!(sheets(18), named(&[("Premiums", 6), ("Premiums 2", 6), ("Premiums 3", 6)]));
    }
}
