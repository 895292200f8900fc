//! The insured with their premiums, a row for each line: exact, as a formula, and whether the two agree.

use std::ops::Range;

use rust_xlsxwriter::{Workbook, XlsxError};

use crate::base::messages::{Language, Message};
use crate::output::xlsx::exact_number;
use crate::quote::documents::workbook::book::Book;
use crate::quote::documents::workbook::page::{FIRST_ROW, Page, columns, width_for, width_of};
use crate::quote::documents::workbook::place::{Place, cell};
use crate::quote::saved_quote::{Insured, Line, SavedQuote};
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

/// Writes every line.
pub fn write(workbook: &mut Workbook, book: &Book<'_>) -> Result<(), XlsxError> {
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
    let lines = &book.saved.lines;
    let mut insured =
        (0..lines.insured.len()).flat_map(|at| lines.insured[at].lines.clone().map(move |line| (at, line)));
    let verdicts = Verdicts::new(book);
    let mut number = 0;
    for (at, place) in book.premiums.iter().enumerate() {
        let title = title(book, at);
        let mut page = Page::long(workbook, book, (&place.sheet, &title), &columns)?;
        page.table(&columns, place.rows)?;
        for row in rows(place) {
            let Some((of, line)) = insured.next() else { break };
            number += 1;
            widths.fit(&mut page, row, of)?;
            page.count(row, 0, number, &book.styles.count)?;
            write_line(&mut page, row, (of, &lines.insured[of]), &lines.lines[line], &verdicts)?;
        }
        page.verdicts(place.first, place.last(), CHECK)?;
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

    /// Sets the height of a row to that of an insured's texts.
    fn fit(&self, page: &mut Page<'_>, row: u32, insured: usize) -> Result<(), XlsxError> {
        let SavedQuote { lines, quote, .. } = page.book.saved;
        let plan = &quote.plans[lines.insured[insured].plan].code;
        let [id, name, width] = [self.id, self.name, self.plan].map(|width| width as usize);
        page.fit(row, &[(&lines.id(insured), id), (&lines.name(insured), name), (plan, width)])
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

fn write_line(
    page: &mut Page<'_>,
    row: u32,
    (at, insured): (usize, &Insured),
    line: &Line,
    verdicts: &Verdicts,
) -> Result<(), XlsxError> {
    let Book { saved, styles, .. } = page.book;
    let plan = &saved.quote.plans[insured.plan];
    let rate = &saved.rates[line.rate];
    let year_days = saved.quote.year_days;
    page.count(row, 1, insured.row as usize, &styles.count)?;
    page.text(row, 2, &saved.lines.id(at), &styles.wrapped)?;
    page.text(row, 3, &saved.lines.name(at), &styles.wrapped)?;
    match insured.birth_date {
        Some(birth_date) => page.day(row, 4, birth_date, &styles.date)?,
        None => page.text(row, 4, "", &styles.date)?,
    }
    page.count(row, AGE, usize::from(insured.age_years), &styles.count)?;
    page.count(row, RISK, usize::from(insured.risk_group), &styles.count)?;
    page.text(row, PLAN, &plan.code, &styles.wrapped)?;
    page.text(row, PROGRAMME, &plan.covers[rate.cover].programme, &styles.text)?;
    page.money(row, SUM_INSURED, line.sum_insured, &styles.money)?;
    page.day(row, 10, insured.cover.first(), &styles.date)?;
    page.day(row, 11, insured.cover.last(), &styles.date)?;
    page.count(row, DAYS, insured.cover.days() as usize, &styles.count)?;
    page.count(row, RATE_NUMBER, line.rate + 1, &styles.count)?;
    let [age, risk, plan, programme, sum, days, number, rate_cell, premium, formula] =
        [AGE, RISK, PLAN, PROGRAMME, SUM_INSURED, DAYS, RATE_NUMBER, RATE, PREMIUM, FORMULA]
            .map(|column| cell(row, column));
    page.formula(row, RATE, &format!("=INDEX(rate_product,{number})"), rate.rate.as_str(), &styles.number)?;
    page.money(row, PREMIUM, line.premium, &styles.money)?;
    if exact_number(line.premium).is_none() {
        page.text(row, FORMULA, "", &styles.money)?;
        return page.text(row, CHECK, &verdicts.too_long, &styles.verdict);
    }
    let unrounded = format!("{sum}/100*{rate_cell}*{days}/{year_days}");
    let result = line.premium.to_string();
    page.formula(row, FORMULA, &format!("=ROUND({unrounded},2)"), result, &styles.money)?;
    let Verdicts { agrees, at_half, disagrees, .. } = verdicts;
    // the rate must be the line's own; then the amounts agree to the kopeck, or are half a kopeck apart within fifteen digits
    let check = format!(
        "=IF(AND(INDEX(rate_plan,{number})={plan},INDEX(rate_programme,{number})={programme},\
         INDEX(rate_risk,{number})={risk},INDEX(rate_age_from,{number})<={age},INDEX(rate_age_to,{number})>={age}),\
         IF(ABS({premium}-{formula})<0.001,\"{agrees}\",\
         IF(ABS({premium}-{unrounded})<=0.005+{premium}*1E-14,\"{at_half}\",\"{disagrees}\")),\"{disagrees}\")"
    );
    page.formula(row, CHECK, &check, agrees.as_str(), &styles.verdict)
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
