//! The collective by age band and risk group, as heat maps of insured and premium.

use rust_xlsxwriter::{ChartType, Color, ConditionalFormat2ColorScale, Workbook, XlsxError};

use crate::base::messages::Message;
use crate::output::xlsx::exact_number;
use crate::quote::documents::collective;
use crate::quote::documents::collective::Field;
use crate::quote::documents::workbook::book::Book;
use crate::quote::documents::workbook::chart::Series;
use crate::quote::documents::workbook::page::{Column, FIRST_ROW, HEADING_ROW, Page};
use crate::quote::documents::workbook::place::{Place, cell};

/// The colours of the least and the most.
const HEAT: (Color, Color) = (Color::RGB(0xF7_FBFD), Color::RGB(0x4A_9DB8));

/// Writes the sheet.
pub fn write(workbook: &mut Workbook, book: &Book<'_>) -> Result<(), XlsxError> {
    let quote = &book.saved.quote;
    let bands = collective::band_names(quote);
    let groups: Vec<u8> = quote.coefficients.risk.keys().copied().collect();
    let fields = collective::fields(book.saved);
    let rows = u32::try_from(bands.len()).unwrap_or(u32::MAX);
    let name = book.words("book-collective-sheet");
    let counts = Place { sheet: name.clone(), first: FIRST_ROW, rows };
    let amounts = Place { sheet: name.clone(), first: counts.last() + 5, rows };
    let total = u16::try_from(groups.len()).unwrap_or(u16::MAX) + 1;
    let mut columns = vec![Column { heading: "book-age-band", width: 22 }];
    columns.extend((1..=total).map(|_| Column { heading: "", width: 18 }));
    let mut page = Page::new(workbook, book, (&name, &book.words("book-collective-title")), &columns)?;
    page.sheet.set_freeze_panes(0, 1)?;
    let field = |band: usize, group: u8| fields.get(&(band, group)).copied().unwrap_or_default();
    let count =
        |page: &mut Page<'_>, row, column, field: Field| page.count(row, column, field.insured, &book.styles.count);
    let money =
        |page: &mut Page<'_>, row, column, field: Field| page.money(row, column, field.premium, &book.styles.money);
    let sum_of = |fields: &mut dyn Iterator<Item = Field>| {
        fields.fold(Field::default(), |sum, field| Field {
            insured: sum.insured + field.insured,
            premium: sum.premium + field.premium,
        })
    };
    for (place, is_count) in [(&counts, true), (&amounts, false)] {
        let part = if is_count { "book-by-count" } else { "book-by-premium" };
        headings(&mut page, place.first - 1, part, &groups)?;
        let total_row = place.last() + 1;
        for ((row, band), at) in (place.first..).zip(&bands).zip(0..) {
            page.text(row, 0, band, &book.styles.text)?;
            for (column, group) in (1..).zip(&groups) {
                let field = field(at, *group);
                if field.insured == 0 {
                    page.text(row, column, "", &book.styles.count)?;
                } else if is_count {
                    count(&mut page, row, column, field)?;
                } else {
                    money(&mut page, row, column, field)?;
                }
            }
            let sum = sum_of(&mut groups.iter().map(|group| field(at, *group)));
            let formula = format!("=SUM({}:{})", cell(row, 1), cell(row, total - 1));
            total_cell(&mut page, (row, total), &formula, sum, is_count)?;
        }
        page.text(total_row, 0, &book.words("book-total"), &book.styles.total_label)?;
        for (column, group) in (1..).zip(&groups) {
            let sum = sum_of(&mut (0..bands.len()).map(|band| field(band, *group)));
            let formula = format!("=SUM({}:{})", cell(place.first, column), cell(place.last(), column));
            total_cell(&mut page, (total_row, column), &formula, sum, is_count)?;
        }
        let all = sum_of(&mut fields.values().copied());
        let formula = format!("=SUM({}:{})", cell(place.first, total), cell(place.last(), total));
        total_cell(&mut page, (total_row, total), &formula, all, is_count)?;
        let scale = ConditionalFormat2ColorScale::new().set_minimum_color(HEAT.0).set_maximum_color(HEAT.1);
        page.sheet.add_conditional_format(place.first, 1, place.last(), total - 1, &scale)?;
    }
    for (place, title, labelled) in [(&counts, "book-chart-ages", true), (&amounts, "book-chart-ages-premium", false)] {
        let title = book.words(title);
        let series = Series { form: ChartType::Column, title: &title, place, names: 0, values: total, labelled };
        page.sheet.insert_chart(place.first - 1, total + 2, &series.chart(&title))?;
    }
    page.sheet.set_print_area(0, 0, amounts.last() + 1, total + 12)?;
    Ok(())
}

fn headings(page: &mut Page<'_>, row: u32, part: &'static str, groups: &[u8]) -> Result<(), XlsxError> {
    let book = page.book;
    if row > HEADING_ROW {
        page.section(row - 1, 0, part)?;
    }
    let heading = &book.styles.heading;
    page.text(row, 0, &book.words("book-age-band"), heading)?;
    for (column, group) in (1..).zip(groups) {
        let message = Message::new("book-risk-group").with("group", group.to_string());
        page.text(row, column, &book.language.render(&message), heading)?;
    }
    let total = u16::try_from(groups.len()).unwrap_or(u16::MAX) + 1;
    page.text(row, total, &book.words("book-total"), heading)
}

fn total_cell(
    page: &mut Page<'_>,
    (row, column): (u32, u16),
    formula: &str,
    sum: Field,
    is_count: bool,
) -> Result<(), XlsxError> {
    let styles = &page.book.styles;
    match (is_count, exact_number(sum.premium)) {
        (true, _) => page.formula(row, column, formula, sum.insured.to_string(), &styles.sum_count),
        (false, Some(_)) => page.formula(row, column, formula, sum.premium.to_string(), &styles.sum_money),
        (false, None) => page.money(row, column, sum.premium, &styles.sum_money),
    }
}
