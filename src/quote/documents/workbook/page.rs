//! A sheet of the workbook: its head, its tables, its print layout.

use jiff::civil::Date;
use num_bigint::BigInt;
use rust_xlsxwriter::{
    ConditionalFormatCell, ConditionalFormatCellRule, Format, Formula, Workbook, Worksheet, XlsxError,
};

use crate::base::money::Kopecks;
use crate::output::xlsx::layout::{line_width, row_height};
use crate::output::xlsx::{cell_text, exact_number, nearest_number, write_day};
use crate::quote::documents::workbook::book::Book;

/// The row of the subject.
const ABOUT_ROW: u32 = 1;
/// The row of a sheet's first heading: under the title, the subject and a blank row.
pub const HEADING_ROW: u32 = 3;
/// The first row of a sheet's first table.
pub const FIRST_ROW: u32 = HEADING_ROW + 1;

/// A column of a table.
pub struct Column {
    /// The name of the heading's words.
    pub heading: &'static str,
    /// Its width, in letters.
    pub width: u32,
}

/// Columns by headings and widths.
pub fn columns<const N: usize>(columns: [(&'static str, u32); N]) -> [Column; N] {
    columns.map(|(heading, width)| Column { heading, width })
}

/// A sheet that is being written.
pub struct Page<'b> {
    pub sheet: &'b mut Worksheet,
    pub book: &'b Book<'b>,
}

impl<'b> Page<'b> {
    /// A sheet of this name and these columns with its title.
    pub fn new(
        workbook: &'b mut Workbook,
        book: &'b Book<'b>,
        (name, title): (&str, &str),
        columns: &[Column],
    ) -> Result<Self, XlsxError> {
        const A4: u8 = 9;
        let sheet = workbook.add_worksheet();
        let quote = &book.saved.quote;
        sheet.set_name(name)?;
        sheet.set_screen_gridlines(false).set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0);
        sheet.set_margins(0.4, 0.4, 0.6, 0.6, 0.3, 0.3);
        // `&` starts a code in a footer
        let number = quote.number.replace('&', "&&");
        sheet.set_footer(format!("&L&8{number} · &A&R&8&P / &N"));
        sheet.write_string_with_format(0, 0, title, &book.styles.title)?;
        let mut page = Self { sheet, book };
        page.widths(columns)?;
        page.about(columns)?;
        if let Some(notice) = quote.preliminary_notice() {
            page.text(2, 0, &book.words(notice), &book.styles.alarm)?;
        }
        Ok(page)
    }

    /// The subject of the quote, wrapped over the columns of the sheet where it is longer.
    fn about(&mut self, columns: &[Column]) -> Result<(), XlsxError> {
        let about = cell_text(&self.book.language.render(&self.book.saved.quote.about())).into_owned();
        let width = columns.iter().map(|column| column.width).sum::<u32>() as usize;
        if line_width(&about) <= width {
            return self.text(ABOUT_ROW, 0, &about, &self.book.styles.subtitle);
        }
        let last = u16::try_from(columns.len()).unwrap_or(u16::MAX) - 1;
        self.fit(ABOUT_ROW, &[(&about, width)])?;
        self.sheet.merge_range(ABOUT_ROW, 0, ABOUT_ROW, last, &about, &self.book.styles.about)?;
        Ok(())
    }

    /// Writes the headings of a table.
    pub fn headings(&mut self, row: u32, columns: &[Column]) -> Result<(), XlsxError> {
        const HEIGHT: u32 = 32;
        self.sheet.set_row_height(row, HEIGHT)?;
        for (column, Column { heading, .. }) in (0..).zip(columns) {
            self.sheet.write_string_with_format(row, column, self.book.words(heading), &self.book.styles.heading)?;
        }
        Ok(())
    }

    /// Sets the widths of columns, so that no word of a heading is broken.
    fn widths(&mut self, columns: &[Column]) -> Result<(), XlsxError> {
        for (column, Column { heading, width }) in (0..).zip(columns) {
            let heading = if heading.is_empty() { String::new() } else { self.book.words(heading) };
            let longest = heading.split_whitespace().map(line_width).max().unwrap_or(0);
            self.sheet.set_column_width(column, u32::try_from(longest).unwrap_or(*width).max(*width))?;
        }
        Ok(())
    }

    /// Lays out a table that fills the sheet: its headings stay visible and are printed on each page, and have filters.
    pub fn table(&mut self, columns: &[Column], rows: u32) -> Result<(), XlsxError> {
        let last_column = u16::try_from(columns.len()).unwrap_or(u16::MAX) - 1;
        let last_row = HEADING_ROW + rows;
        self.headings(HEADING_ROW, columns)?;
        self.sheet.set_freeze_panes(FIRST_ROW, 0)?.set_repeat_rows(HEADING_ROW, HEADING_ROW)?;
        self.sheet.set_print_area(0, 0, last_row, last_column)?;
        if rows > 0 {
            self.sheet.autofilter(HEADING_ROW, 0, last_row, last_column)?;
        }
        Ok(())
    }

    /// Writes the heading of a section.
    pub fn section(&mut self, row: u32, column: u16, heading: &'static str) -> Result<(), XlsxError> {
        self.sheet.write_string_with_format(row, column, self.book.words(heading), &self.book.styles.section)?;
        Ok(())
    }

    /// Writes a text, which is never a formula.
    pub fn text(&mut self, row: u32, column: u16, text: &str, style: &Format) -> Result<(), XlsxError> {
        if text.is_empty() {
            self.sheet.write_blank(row, column, style)?;
        } else {
            self.sheet.write_string_with_format(row, column, cell_text(text), style)?;
        }
        Ok(())
    }

    /// Sets the height of a row to that of its longest wrapped text; each text comes with the width of its column.
    pub fn fit(&mut self, row: u32, texts: &[(&str, usize)]) -> Result<(), XlsxError> {
        if let Some(points) = row_height(texts) {
            self.sheet.set_row_height(row, points)?;
        }
        Ok(())
    }

    /// Writes a count.
    pub fn count(&mut self, row: u32, column: u16, count: usize, style: &Format) -> Result<(), XlsxError> {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        self.sheet.write_number_with_format(row, column, count, style)?;
        Ok(())
    }

    /// Writes an amount; as text where it has more digits than Excel keeps.
    pub fn money(&mut self, row: u32, column: u16, amount: Kopecks, style: &Format) -> Result<(), XlsxError> {
        match exact_number(amount) {
            Some(number) => self.sheet.write_number_with_format(row, column, number, style)?,
            None => self.sheet.write_string_with_format(row, column, amount.to_string(), style)?,
        };
        Ok(())
    }

    /// Writes a decimal of a file.
    pub fn decimal(&mut self, row: u32, column: u16, decimal: &str, style: &Format) -> Result<(), XlsxError> {
        self.sheet.write_number_with_format(row, column, nearest_number(decimal), style)?;
        Ok(())
    }

    /// Writes a day.
    pub fn day(&mut self, row: u32, column: u16, day: Date, style: &Format) -> Result<(), XlsxError> {
        write_day(self.sheet, row, column, day, style)
    }

    /// Writes a formula with its result.
    pub fn formula(
        &mut self,
        row: u32,
        column: u16,
        formula: &str,
        result: impl Into<String>,
        style: &Format,
    ) -> Result<(), XlsxError> {
        self.sheet.write_formula_with_format(row, column, Formula::new(formula).set_result(result), style)?;
        Ok(())
    }

    /// Colours the results of checks.
    pub fn verdicts(&mut self, first_row: u32, last_row: u32, column: u16) -> Result<(), XlsxError> {
        let styles = &self.book.styles;
        for (name, style) in
            [("book-agrees", &styles.good), ("book-at-half", &styles.doubtful), ("book-disagrees", &styles.bad)]
        {
            let rule = ConditionalFormatCellRule::EqualTo(self.book.words(name));
            let format = ConditionalFormatCell::new().set_rule(rule).set_format(style);
            self.sheet.add_conditional_format(first_row, column, last_row, column, &format)?;
        }
        Ok(())
    }
}

/// A share as a decimal, with the number of digits that a formula gives.
pub fn share(part: Kopecks, whole: Kopecks) -> String {
    const DIGITS: i128 = 10_i128.pow(16);
    let shares = if whole == Kopecks::ZERO { BigInt::ZERO } else { BigInt::from(part.get()) * DIGITS / whole.get() };
    let shares = i128::try_from(shares).unwrap_or_default();
    format!("{}.{:016}", shares / DIGITS, shares.abs() % DIGITS)
}
