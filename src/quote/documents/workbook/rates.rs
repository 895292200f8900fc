//! The price list: the factors of each rate in cells, their product as a formula, and the exact rate beside it.

use std::io::Write;

use rust_xlsxwriter::{Workbook, XlsxError};

use crate::base::messages::{Language, Message};
use crate::output::xlsx::layout::{row_height, width_for, width_of};
use crate::output::xlsx::{BookWriter, LongSheet, Style, cell_text};
use crate::quote::documents::workbook::book::Book;
use crate::quote::documents::workbook::page::{FIRST_ROW, Page, columns};
use crate::quote::documents::workbook::place::{Place, cell};
use crate::quote::exact::Exact;
use crate::quote::saved_quote::SavedQuote;

const PLAN: u16 = 1;
const PROGRAMME: u16 = 2;
const AGE_FROM: u16 = 3;
const AGE_TO: u16 = 4;
const RISK: u16 = 5;
const FIRST_FACTOR: u16 = 6;
const LAST_FACTOR: u16 = 14;
const PRODUCT: u16 = 15;
const EXACT: u16 = 16;
const CHECK: u16 = 17;

/// The names of columns in the formulas of other sheets.
const NAMES: [(&str, u16); 6] = [
    ("rate_plan", PLAN),
    ("rate_programme", PROGRAMME),
    ("rate_age_from", AGE_FROM),
    ("rate_age_to", AGE_TO),
    ("rate_risk", RISK),
    ("rate_product", PRODUCT),
];

/// The place of the rates.
pub fn place(saved: &SavedQuote, language: Language) -> Place {
    let rows = u32::try_from(saved.rates.len()).unwrap_or(u32::MAX);
    Place { sheet: language.render(&Message::new("book-rates")), first: FIRST_ROW, rows }
}

/// Adds the sheet without its rows, and names its columns.
pub fn reserve(workbook: &mut Workbook, book: &Book<'_>) -> Result<LongSheet, XlsxError> {
    let rates = &book.saved.rates;
    let plan_width = plan_width(book);
    let mut columns = columns([
        ("book-number", 6),
        ("heading-plan", plan_width),
        ("heading-programme", 11),
        ("book-age-from", 9),
        ("book-age-to", 9),
        ("heading-risk", 8),
        ("book-base", 10),
        ("book-headcount", 12),
        ("book-age", 9),
        ("book-risk", 9),
        ("book-price-change", 11),
        ("book-additional", 11),
        ("book-exclusions", 11),
        ("book-inclusions", 11),
        ("book-collective", 12),
        ("book-product", width_for(14, rates.iter().map(|rate| rate.rate.as_str()))),
        ("book-exact-rate", 26),
        ("book-check", 13),
    ]);
    for (at, column) in columns[usize::from(FIRST_FACTOR)..=usize::from(LAST_FACTOR)].iter_mut().enumerate() {
        let factors = rates.iter().filter_map(|rate| rate.factors[at].as_ref());
        column.width = width_for(column.width, factors.map(Exact::as_str));
    }
    for (name, column) in NAMES {
        workbook.define_name(name, &format!("={}", book.rates.column(column)))?;
    }
    let styles = &book.styles;
    let mut page = Page::new(workbook, book, (&book.rates.sheet, &book.words("book-rates-title")), &columns)?;
    page.table(&columns, book.rates.rows)?;
    page.verdicts(book.rates.first, book.rates.last(), CHECK)?;
    let formats = [&styles.count, &styles.wrapped, &styles.text, &styles.number, &styles.fixed, &styles.verdict];
    let width = u16::try_from(columns.len()).unwrap_or(u16::MAX);
    LongSheet::reserve(page.sheet, FIRST_ROW..FIRST_ROW + book.rates.rows, width, &formats)
}

/// Writes the rates.
pub fn write_rows(sheet: &LongSheet, book: &Book<'_>, writer: &mut BookWriter<impl Write>) -> Result<(), XlsxError> {
    let [agrees, disagrees] = ["book-agrees", "book-disagrees"].map(|name| book.words(name));
    let plan_width = plan_width(book) as usize;
    writer.write_sheet(sheet, |queue| {
        let [count_style, wrapped, text, number_style, fixed, verdict]: [Style; 6] = queue.styles()?;
        for ((row, count), rate) in (FIRST_ROW..).zip(1..).zip(&book.saved.rates) {
            let plan = &book.saved.quote.plans[rate.plan];
            let mut cells = queue.row(row, row_height(&[(&plan.code, plan_width)]))?;
            cells.count(0, count, count_style);
            cells.text(PLAN, &cell_text(&plan.code), wrapped);
            cells.text(PROGRAMME, &plan.covers[rate.cover].programme, text);
            cells.count(AGE_FROM, usize::from(rate.ages.from), count_style);
            cells.count(AGE_TO, usize::from(rate.ages.to), count_style);
            cells.count(RISK, usize::from(rate.risk_group), count_style);
            for (column, factor) in (FIRST_FACTOR..).zip(&rate.factors) {
                match factor {
                    Some(factor) => cells.decimal(column, factor.as_str(), number_style),
                    None => cells.blank(column, number_style),
                }
            }
            let product = format!("PRODUCT({}:{})", cell(row, FIRST_FACTOR), cell(row, LAST_FACTOR));
            cells.formula(PRODUCT, &product, rate.rate.as_str(), number_style);
            cells.text(EXACT, rate.rate.as_str(), fixed);
            // the text has a point in every locale; a product of doubles has some 14 exact digits
            let (product, exact) = (cell(row, PRODUCT), cell(row, EXACT));
            let check = format!(
                "IF(ABS({product}-_xlfn.NUMBERVALUE({exact},\".\",\",\"))<={product}*1E-13,\"{agrees}\",\"{disagrees}\")"
            );
            cells.formula(CHECK, &check, &agrees, verdict);
        }
        Ok(())
    })
}

fn plan_width(book: &Book<'_>) -> u32 {
    width_of(10, 26, book.saved.quote.plans.iter().map(|plan| plan.code.as_str()))
}
