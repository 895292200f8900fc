//! The first sheet: the premium and its corridor, the checks by Excel, and the instalments.

use rust_xlsxwriter::{ChartType, Workbook, XlsxError};

use crate::base::messages::Message;
use crate::output::xlsx::is_exact;
use crate::quote::documents::workbook::book::Book;
use crate::quote::documents::workbook::chart::Series;
use crate::quote::documents::workbook::page::{Column, HEADING_ROW, Page, columns, share};
use crate::quote::documents::workbook::place::{Place, cell};
use crate::quote::documents::workbook::{plans, premiums};

/// The column in which the charts begin.
const CHARTS: u16 = 6;
/// The column in which they end.
const LAST_PRINTED: u16 = CHARTS + 9;

/// Writes the sheet.
pub fn write(workbook: &mut Workbook, book: &Book<'_>) -> Result<(), XlsxError> {
    let widths = [42, 22, 22, 22, 16].map(|width| Column { heading: "", width });
    let name = book.words("book-summary");
    let title = book.words("book-summary-title");
    let mut page = Page::new(workbook, book, (&name, &title), &widths)?;
    let row = facts(&mut page, HEADING_ROW)?;
    let row = corridor(&mut page, row + 1)?;
    let row = checks(&mut page, row + 1)?;
    let instalments = instalments(&mut page, row + 1, &name)?;
    let under_charts = charts(&mut page, &instalments)?;
    page.sheet.set_print_area(0, 0, under_charts.max(instalments.last() + 1), LAST_PRINTED)?;
    page.sheet.set_print_fit_to_pages(1, 1);
    Ok(())
}

/// Writes the facts of the contract, one row each; returns the row after them.
fn facts(page: &mut Page<'_>, first: u32) -> Result<u32, XlsxError> {
    let Book { saved, language, styles, .. } = page.book;
    let quote = &saved.quote;
    let status = if quote.is_preliminary() { "book-preliminary" } else { "book-issued" };
    let rows = Message::new("rows-counted")
        .with("read", language.count(quote.rows.read))
        .with("priced", language.count(quote.rows.priced))
        .with("referred", language.count(quote.rows.referred))
        .with("rejected", language.count(quote.rows.rejected));
    let facts = [
        ("book-status", page.book.words(status)),
        ("book-tariff", format!("{} · {}", quote.tariff.code, quote.tariff.title)),
        ("book-roster", language.render(&rows)),
        ("heading-insured", language.count(quote.headcount)),
        ("book-lines", language.count(quote.lines)),
        ("book-year-days", quote.year_days.to_string()),
    ];
    for (row, (label, fact)) in (first..).zip(&facts) {
        page.text(row, 0, &page.book.words(label), &styles.subtitle)?;
        page.text(row, 1, fact, &styles.plain)?;
    }
    Ok(first + u32::try_from(facts.len()).unwrap_or(0))
}

/// Writes the premium in its corridor; returns the row after it.
fn corridor(page: &mut Page<'_>, first: u32) -> Result<u32, XlsxError> {
    let Book { saved, styles, .. } = page.book;
    let quote = &saved.quote;
    let (low, high) = (quote.corridor.low, quote.corridor.high);
    page.section(first, 0, "heading-premium")?;
    let headings = columns([
        ("book-corridor-low", 0),
        ("heading-premium", 0),
        ("book-corridor-high", 0),
        ("book-corridor-place", 0),
    ]);
    page.headings(first + 1, &headings)?;
    let row = first + 2;
    page.money(row, 0, low, &styles.money)?;
    page.money(row, 1, quote.premium, &styles.headline)?;
    page.money(row, 2, high, &styles.money)?;
    if is_exact(high) {
        let [low_cell, premium, high_cell] = [0, 1, 2].map(|column| cell(row, column));
        let formula = format!("=IF({high_cell}={low_cell},0,({premium}-{low_cell})/({high_cell}-{low_cell}))");
        page.formula(row, 3, &formula, share(quote.premium - low, high - low), &styles.share)?;
    }
    Ok(row + 1)
}

/// Writes how many lines agree with Excel's arithmetic, and whether their sum does; returns the row after them.
fn checks(page: &mut Page<'_>, first: u32) -> Result<u32, XlsxError> {
    let Book { saved, language, styles, .. } = page.book;
    let (quote, places) = (&saved.quote, &page.book.premiums);
    page.section(first, 0, "book-proof")?;
    page.headings(
        first + 1,
        &columns([("book-proof-of", 0), ("book-proof-by-excel", 0), ("heading-premium", 0), ("book-check", 0)]),
    )?;
    let checked = saved.lines.lines.iter().filter(|line| is_exact(line.premium)).count();
    let mut row = first + 2;
    for (label, verdict, result) in [
        ("book-lines-agree", "book-agrees", checked),
        ("book-lines-at-half", "book-at-half", 0),
        ("book-lines-disagree", "book-disagrees", 0),
    ] {
        let verdict = page.book.words(verdict);
        let counts = places.iter().map(|place| format!("COUNTIF({},\"{verdict}\")", place.column(premiums::CHECK)));
        let formula = format!("={}", counts.collect::<Vec<_>>().join("+"));
        page.text(row, 0, &page.book.words(label), &styles.text)?;
        page.formula(row, 1, &formula, result.to_string(), &styles.count)?;
        row += 1;
    }
    page.text(row, 0, &page.book.words("book-lines-summed"), &styles.text)?;
    let sums = places.iter().map(|place| format!("SUM({})", place.column(premiums::PREMIUM)));
    let sums = format!("=ROUND({},2)", sums.collect::<Vec<_>>().join("+"));
    page.money(row, 2, quote.premium, &styles.money)?;
    plans::summed(page, row, (1, &sums), (2, quote.premium), 3)?;
    page.verdicts(row, row, 3)?;
    let note = Message::new("book-proof-note").with("days", quote.year_days.to_string());
    page.sheet.merge_range(row + 1, 0, row + 1, 4, &language.render(&note), &styles.note)?;
    page.sheet.set_row_height(row + 1, 64)?;
    Ok(row + 2)
}

/// Writes the instalments; returns their place.
fn instalments(page: &mut Page<'_>, first: u32, name: &str) -> Result<Place, XlsxError> {
    let Book { saved, styles, .. } = page.book;
    let quote = &saved.quote;
    page.section(first, 0, "book-instalments")?;
    page.headings(
        first + 1,
        &columns([("book-period-from", 0), ("book-period-to", 0), ("book-amount", 0), ("book-share", 0)]),
    )?;
    let rows = u32::try_from(quote.instalments.len()).unwrap_or(u32::MAX);
    let place = Place { sheet: name.to_owned(), first: first + 2, rows };
    for (row, instalment) in (place.first..).zip(&quote.instalments) {
        page.day(row, 0, instalment.from, &styles.date)?;
        page.day(row, 1, instalment.to, &styles.date)?;
        page.money(row, 2, instalment.amount, &styles.money)?;
        let formula =
            format!("=IF({total}=0,0,{part}/{total})", part = cell(row, 2), total = cell(place.last() + 1, 2));
        page.formula(row, 3, &formula, share(instalment.amount, quote.premium), &styles.share)?;
    }
    let row = place.last() + 1;
    page.text(row, 0, &page.book.words("book-total"), &styles.total_label)?;
    page.text(row, 1, "", &styles.total_label)?;
    let sum = format!("=SUM({}:{})", cell(place.first, 2), cell(place.last(), 2));
    if is_exact(quote.premium) {
        page.formula(row, 2, &sum, quote.premium.to_string(), &styles.total_money)?;
    } else {
        page.money(row, 2, quote.premium, &styles.total_money)?;
    }
    page.text(row, 3, "", &styles.total_label)?;
    Ok(place)
}

/// Adds the charts, one under the other; returns the row after them.
fn charts(page: &mut Page<'_>, instalments: &Place) -> Result<u32, XlsxError> {
    let Book { saved, language, .. } = page.book;
    let (by_programme, by_plan) = (plans::programmes_place(saved, *language), plans::plans_place(saved, *language));
    let mut row = HEADING_ROW;
    for (title, form, place, names, values) in [
        ("book-chart-programmes", ChartType::Bar, &by_programme, plans::CODE, plans::PREMIUM),
        ("book-chart-plans", ChartType::Bar, &by_plan, plans::CODE, plans::PREMIUM),
        ("book-chart-instalments", ChartType::Column, instalments, 0, 2),
    ] {
        const ROWS_OF_CHART: u32 = 17;
        let title = page.book.words(title);
        let series = Series { form, title: &title, place, names, values, labelled: true };
        page.sheet.insert_chart(row, CHARTS, &series.chart(&title))?;
        row += ROWS_OF_CHART;
    }
    Ok(row)
}
