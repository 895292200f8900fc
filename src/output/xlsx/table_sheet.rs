//! A sheet with one table: a title, headings and rows, ready to filter and print.

use std::io::Write;

use rust_xlsxwriter::{Workbook, XlsxError};

use crate::base::messages::{Language, Message};
use crate::output::value::Value;
use crate::output::xlsx::layout::row_height;
use crate::output::xlsx::style::Styles;
use crate::output::xlsx::{BookWriter, LongSheet, cell_text};

/// The row of the headings, below title, subtitle and a blank row.
const HEADING_ROW: u32 = 3;

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
    /// How many rows it has.
    pub rows: usize,
    /// Whether the last row is a total.
    pub summed: bool,
}

impl Table<'_> {
    /// Adds the sheet to a workbook, without the rows.
    pub fn reserve(
        &self,
        workbook: &mut Workbook,
        styles: &Styles,
        language: Language,
    ) -> Result<LongSheet, XlsxError> {
        const A4: u8 = 9;
        let count = self.row_count();
        let columns = u16::try_from(self.columns.len()).unwrap_or(u16::MAX);
        let sheet = workbook.add_worksheet();
        sheet.set_name(&self.name)?;
        sheet.set_screen_gridlines(false).set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0);
        sheet.set_margins(0.4, 0.4, 0.6, 0.6, 0.3, 0.3);
        sheet.set_footer("&L&8&A&R&8&P / &N");
        for (column, (_, width)) in (0..).zip(self.columns) {
            sheet.set_column_width(column, *width)?;
        }
        sheet.set_freeze_panes(HEADING_ROW + 1, 0)?.set_repeat_rows(HEADING_ROW, HEADING_ROW)?;
        let filtered = count - u32::from(self.summed && count > 0);
        if filtered > 0 {
            sheet.autofilter(HEADING_ROW, 0, HEADING_ROW + filtered, columns - 1)?;
        }
        sheet.write_string_with_format(0, 0, &self.title, &styles.title)?;
        sheet.write_string_with_format(1, 0, &self.subtitle, &styles.subtitle)?;
        sheet.set_row_height(HEADING_ROW, 32)?;
        for (column, (heading, _)) in (0..).zip(self.columns) {
            let words = language.render(&Message::new(heading));
            sheet.write_string_with_format(HEADING_ROW, column, words, &styles.heading)?;
        }
        let formats = [
            &styles.text,
            &styles.count,
            &styles.money,
            &styles.date,
            &styles.share,
            &styles.wrapped,
            &styles.number,
            &styles.total_label,
            &styles.sum_count,
            &styles.sum_money,
        ];
        LongSheet::reserve(sheet, HEADING_ROW + 1..HEADING_ROW + 1 + count, columns, &formats)
    }

    /// Writes the rows as they come: none is kept in memory.
    pub fn write_rows<'v, R: IntoIterator<Item = Value<'v>>>(
        &self,
        sheet: &LongSheet,
        rows: impl IntoIterator<Item = R>,
        book: &mut BookWriter<impl Write>,
    ) -> Result<(), XlsxError> {
        let last = HEADING_ROW + self.row_count();
        book.write_sheet(sheet, |queue| {
            let [text_style, count_style, money_style, date, share, wrapped, number, total_label, sum_count, sum_money] =
                queue.styles()?;
            for (row, values) in (HEADING_ROW + 1..).zip(rows) {
                let [text_style, count_style, money_style] = if self.summed && row == last {
                    [total_label, sum_count, sum_money]
                } else {
                    [text_style, count_style, money_style]
                };
                let values: Vec<Value<'v>> = values.into_iter().collect();
                let widths = self.columns.iter().map(|(_, width)| *width as usize);
                let long = values.iter().zip(widths).filter_map(|(value, width)| match value {
                    Value::Long(text) => Some((*text, width)),
                    _ => None,
                });
                let mut cells = queue.row(row, row_height(&long.collect::<Vec<_>>()))?;
                for (column, value) in (0..).zip(values) {
                    match value {
                        Value::Text(text) => cells.text(column, &cell_text(text), text_style),
                        Value::Words(text) => cells.text(column, &cell_text(&text), text_style),
                        Value::Count(count) => cells.count(column, count, count_style),
                        Value::Amount(amount) => cells.amount(column, amount, money_style),
                        Value::Day(day) => cells.day(column, day, date),
                        Value::Long(text) => cells.text(column, &cell_text(text), wrapped),
                        Value::Share(Some(share_of)) => cells.decimal(column, &share_of.to_string(), share),
                        Value::Decimal("") => cells.blank(column, number),
                        Value::Decimal(text) => cells.decimal(column, text, number),
                        Value::Share(None) => cells.blank(column, share),
                    }
                }
            }
            Ok(())
        })
    }

    fn row_count(&self) -> u32 {
        u32::try_from(self.rows).unwrap_or(u32::MAX - HEADING_ROW - 1)
    }
}
