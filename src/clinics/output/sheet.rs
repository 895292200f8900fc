//! A sheet of the clinics' workbooks: a title and a table, ready to filter and print.

use jiff::civil::Date;
use rust_xlsxwriter::{Workbook, XlsxError};

use crate::base::messages::{Language, Message};
use crate::base::money::Kopecks;
use crate::output::xlsx::style::Styles;
use crate::output::xlsx::{cell_text, exact_number, write_day};

/// The row of the headings, below title, subtitle and a blank row.
const HEADING_ROW: u32 = 3;

/// A cell of a table.
#[derive(Debug, Clone)]
pub enum Value<'v> {
    /// A text, never taken for a formula.
    Text(&'v str),
    /// A text of the program.
    Words(String),
    /// A count.
    Count(usize),
    /// A day.
    Day(Date),
    /// An amount.
    Amount(Kopecks),
}

/// A table with its sheet.
pub struct Table<'t> {
    /// The name of the sheet.
    pub name: String,
    /// The title.
    pub title: String,
    /// The line under the title.
    pub subtitle: String,
    /// The message of each heading, and the width of its column in characters.
    pub columns: &'t [(&'static str, u32)],
    /// Whether the last row is a total.
    pub summed: bool,
}

/// Adds a sheet with a table; the rows are written as they come and not kept in memory.
pub fn add_table<'v, R: IntoIterator<Item = Value<'v>>>(
    workbook: &mut Workbook,
    styles: &Styles,
    language: Language,
    table: &Table<'_>,
    rows: impl ExactSizeIterator<Item = R>,
) -> Result<(), XlsxError> {
    const A4: u8 = 9;
    let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    let last_column = u16::try_from(table.columns.len()).unwrap_or(u16::MAX) - 1;
    let sheet = workbook.add_worksheet_with_constant_memory()?;
    sheet.set_name(&table.name)?;
    sheet.set_screen_gridlines(false).set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0);
    sheet.set_margins(0.4, 0.4, 0.6, 0.6, 0.3, 0.3);
    sheet.set_footer("&L&8&A&R&8&P / &N");
    for (column, (_, width)) in (0..).zip(table.columns) {
        sheet.set_column_width(column, *width)?;
    }
    sheet.set_freeze_panes(HEADING_ROW + 1, 0)?.set_repeat_rows(HEADING_ROW, HEADING_ROW)?;
    let filtered = count - u32::from(table.summed && count > 0);
    if filtered > 0 {
        sheet.autofilter(HEADING_ROW, 0, HEADING_ROW + filtered, last_column)?;
    }
    sheet.write_string_with_format(0, 0, &table.title, &styles.title)?;
    sheet.write_string_with_format(1, 0, &table.subtitle, &styles.subtitle)?;
    sheet.set_row_height(HEADING_ROW, 32)?;
    for (column, (heading, _)) in (0..).zip(table.columns) {
        let words = language.render(&Message::new(heading));
        sheet.write_string_with_format(HEADING_ROW, column, words, &styles.heading)?;
    }
    for (row, values) in (HEADING_ROW + 1..).zip(rows) {
        let is_sum = table.summed && row == HEADING_ROW + count;
        for (column, value) in (0..).zip(values) {
            let text_style = if is_sum { &styles.total_label } else { &styles.text };
            match value {
                Value::Text("") => sheet.write_blank(row, column, text_style)?,
                Value::Text(text) => sheet.write_string_with_format(row, column, cell_text(text), text_style)?,
                Value::Words(text) => sheet.write_string_with_format(row, column, text, text_style)?,
                Value::Count(count) => {
                    let style = if is_sum { &styles.sum_count } else { &styles.count };
                    sheet.write_number_with_format(row, column, u32::try_from(count).unwrap_or(u32::MAX), style)?
                }
                Value::Amount(amount) => {
                    let style = if is_sum { &styles.sum_money } else { &styles.money };
                    match exact_number(amount) {
                        Some(number) => sheet.write_number_with_format(row, column, number, style)?,
                        None => sheet.write_string_with_format(row, column, amount.to_string(), style)?,
                    }
                }
                Value::Day(day) => {
                    write_day(sheet, row, column, day, &styles.date)?;
                    continue;
                }
            };
        }
    }
    Ok(())
}
