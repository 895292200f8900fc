//! The price list: the factors of each rate in cells, their product as a formula, and the exact rate beside it.

use rust_xlsxwriter::{Workbook, XlsxError};

use crate::base::messages::{Language, Message};
use crate::quote::documents::workbook::book::Book;
use crate::quote::documents::workbook::page::{FIRST_ROW, Page, columns, width_for, width_of};
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

/// Writes the sheet and names its columns.
pub fn write(workbook: &mut Workbook, book: &Book<'_>) -> Result<(), XlsxError> {
    let rates = &book.saved.rates;
    let plan_width = width_of(10, 26, book.saved.quote.plans.iter().map(|plan| plan.code.as_str()));
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
    let agrees = book.words("book-agrees");
    let disagrees = book.words("book-disagrees");
    let mut page = Page::new(workbook, book, (&book.rates.sheet, &book.words("book-rates-title")), &columns)?;
    page.table(&columns, book.rates.rows)?;
    for ((row, count), rate) in (FIRST_ROW..).zip(1..).zip(rates) {
        let plan = &book.saved.quote.plans[rate.plan];
        page.fit(row, &[(&plan.code, plan_width as usize)])?;
        page.count(row, 0, count, &styles.count)?;
        page.text(row, PLAN, &plan.code, &styles.wrapped)?;
        page.text(row, PROGRAMME, &plan.covers[rate.cover].programme, &styles.text)?;
        page.count(row, AGE_FROM, usize::from(rate.ages.from), &styles.count)?;
        page.count(row, AGE_TO, usize::from(rate.ages.to), &styles.count)?;
        page.count(row, RISK, usize::from(rate.risk_group), &styles.count)?;
        for (column, factor) in (FIRST_FACTOR..).zip(&rate.factors) {
            match factor {
                Some(factor) => page.decimal(row, column, factor.as_str(), &styles.number)?,
                None => page.text(row, column, "", &styles.number)?,
            }
        }
        let product = format!("=PRODUCT({}:{})", cell(row, FIRST_FACTOR), cell(row, LAST_FACTOR));
        page.formula(row, PRODUCT, &product, rate.rate.as_str(), &styles.number)?;
        page.text(row, EXACT, rate.rate.as_str(), &styles.fixed)?;
        // the text has a point in every locale; a product of doubles has some 14 exact digits
        let (product, exact) = (cell(row, PRODUCT), cell(row, EXACT));
        let check = format!(
            "=IF(ABS({product}-NUMBERVALUE({exact},\".\",\",\"))<={product}*1E-13,\"{agrees}\",\"{disagrees}\")"
        );
        page.formula(row, CHECK, &check, agrees.as_str(), &styles.verdict)?;
    }
    page.verdicts(book.rates.first, book.rates.last(), CHECK)
}
