//! The cells of one row, as XML.

use std::io::Write;

use rust_xlsxwriter::XlsxError;

use crate::output::xlsx::rows::{RowSpan, Rows};
use crate::output::xlsx::xml::{Digits, has_outer_space, is_decimal, push_column, push_text};

/// The number of a cell format in its workbook; [`ChunkQueue::styles`](crate::output::xlsx::chunk_queue::ChunkQueue::styles) gives them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style(pub(super) u32);

impl Style {
    /// The look of a cell without a format.
    pub const PLAIN: Self = Self(0);
}

/// The cells of one row, written from left to right; the row ends where this is dropped.
#[derive(Debug)]
pub struct Cells<'r> {
    rows: &'r mut Rows,
    row: u32,
    /// The row as names of cells have it, from 1.
    number: Digits,
    /// Where the row begins in the XML.
    start: usize,
    /// Whether the row may stand where it is.
    is_open: bool,
    has_height: bool,
    /// The first column that may follow.
    next_column: u16,
}

impl Rows {
    /// A row, counted from 0, of this height; `None` is the height that rows usually have.
    ///
    /// A row without cells and without a height leaves no trace.
    pub fn row(&mut self, row: u32, height_points: Option<u32>) -> Cells<'_> {
        let next_row = self.span.map_or(self.area.first_row, |span| span.last + 1);
        let is_open = if row >= self.area.end_row {
            self.record(XlsxError::RowColumnLimitError)
        } else if row < next_row {
            self.record(XlsxError::RowColumnOrderError)
        } else {
            true
        };
        Cells::new(self, row, height_points, is_open)
    }
}

impl<'r> Cells<'r> {
    fn new(rows: &'r mut Rows, row: u32, height_points: Option<u32>, is_open: bool) -> Self {
        let start = rows.xml.len();
        let number = Digits::new(u64::from(row) + 1);
        if is_open {
            rows.xml.extend_from_slice(b"<row r=\"");
            rows.xml.extend_from_slice(number.as_bytes());
            if let Some(points) = height_points {
                rows.xml.extend_from_slice(b"\" ht=\"");
                rows.xml.extend_from_slice(Digits::new(points).as_bytes());
                rows.xml.extend_from_slice(b"\" customHeight=\"1");
            }
            rows.xml.extend_from_slice(b"\">");
        }
        Self { rows, row, number, start, is_open, has_height: height_points.is_some(), next_column: 0 }
    }

    /// Writes an empty cell with a format; without one it leaves no trace.
    pub fn blank(&mut self, column: u16, style: Style) {
        if style != Style::PLAIN && self.open_cell(column, style) {
            self.rows.xml.extend_from_slice(b"\"/>");
        }
    }

    /// Writes a text, which is never taken for a formula; an empty one is a blank cell.
    pub fn text(&mut self, column: u16, text: &str, style: Style) {
        const LONGEST: usize = 32_767;
        // no letter has less than a byte
        if text.len() > LONGEST && text.chars().count() > LONGEST {
            self.rows.record(XlsxError::MaxStringLengthExceeded);
        } else if text.is_empty() {
            self.blank(column, style);
        } else if self.open_cell(column, style) {
            let xml = &mut self.rows.xml;
            xml.extend_from_slice(b"\" t=\"inlineStr\"><is><t");
            if has_outer_space(text) {
                xml.extend_from_slice(b" xml:space=\"preserve\"");
            }
            xml.push(b'>');
            push_text(text, xml);
            xml.extend_from_slice(b"</t></is></c>");
        }
    }

    /// Writes a whole number.
    pub fn integer(&mut self, column: u16, number: i64, style: Style) {
        self.numeric(column, style, |xml| {
            if number < 0 {
                xml.push(b'-');
            }
            xml.extend_from_slice(Digits::new(number.unsigned_abs()).as_bytes());
        });
    }

    /// Writes a number so that it is read back bit by bit; where it is none that Excel has, a text: `NAN`, `INF`, `-INF`.
    pub fn number(&mut self, column: u16, number: f64, style: Style) {
        if number.is_finite() {
            self.numeric(column, style, |xml| {
                // a vector takes everything
                let _ = write!(xml, "{number}");
            });
        } else if number.is_nan() {
            self.text(column, "NAN", style);
        } else {
            self.text(column, if number.is_sign_negative() { "-INF" } else { "INF" }, style);
        }
    }

    /// Writes a decimal number as it stands, such as `-12.50`; what is no decimal becomes a text.
    pub fn decimal(&mut self, column: u16, decimal: &str, style: Style) {
        if is_decimal(decimal) {
            self.numeric(column, style, |xml| xml.extend_from_slice(decimal.as_bytes()));
        } else {
            self.text(column, decimal, style);
        }
    }

    /// Writes a formula, without its equals sign, and its result for readers that calculate nothing: a number where it is a
    /// decimal, else a text.
    pub fn formula(&mut self, column: u16, formula: &str, result: &str, style: Style) {
        if self.open_formula(column, result, style) {
            self.push_formula(formula);
            self.close_formula(result);
        }
    }

    /// Writes the formula that a column repeats from row to row, and this row's result.
    ///
    /// `formula` gives the formula of this row, and is called for the first row of a chunk only. Every other row must have
    /// the same one with its relative references shifted by as many rows: Excel takes it for that.
    pub fn shared_formula(&mut self, column: u16, formula: impl FnOnce() -> String, result: &str, style: Style) {
        if self.open_formula(column, result, style) {
            match self.rows.open_shared(self.row, column) {
                Some(false) => {}
                Some(true) => {
                    push_text(&formula(), &mut self.rows.xml);
                    self.rows.xml.extend_from_slice(b"</f>");
                }
                None => self.push_formula(&formula()),
            }
            self.close_formula(result);
        }
    }

    fn numeric(&mut self, column: u16, style: Style, write: impl FnOnce(&mut Vec<u8>)) {
        if self.open_cell(column, style) {
            self.rows.xml.extend_from_slice(b"\"><v>");
            write(&mut self.rows.xml);
            self.rows.xml.extend_from_slice(b"</v></c>");
        }
    }

    fn open_formula(&mut self, column: u16, result: &str, style: Style) -> bool {
        let is_open = self.open_cell(column, style);
        if is_open {
            self.rows.xml.extend_from_slice(if is_decimal(result) { b"\">" } else { b"\" t=\"str\">".as_slice() });
        }
        is_open
    }

    fn push_formula(&mut self, formula: &str) {
        self.rows.xml.extend_from_slice(b"<f>");
        push_text(formula, &mut self.rows.xml);
        self.rows.xml.extend_from_slice(b"</f>");
    }

    fn close_formula(&mut self, result: &str) {
        self.rows.xml.extend_from_slice(b"<v>");
        push_text(result, &mut self.rows.xml);
        self.rows.xml.extend_from_slice(b"</v></c>");
    }

    /// Opens the tag of a cell up to the value of its last attribute; `false` where the cell may not stand there.
    fn open_cell(&mut self, column: u16, style: Style) -> bool {
        if !self.is_open {
            return false;
        }
        if column >= self.rows.area.columns {
            return self.rows.record(XlsxError::RowColumnLimitError);
        }
        if column < self.next_column {
            return self.rows.record(XlsxError::RowColumnOrderError);
        }
        self.next_column = column + 1;
        let xml = &mut self.rows.xml;
        xml.extend_from_slice(b"<c r=\"");
        push_column(column, xml);
        xml.extend_from_slice(self.number.as_bytes());
        if style != Style::PLAIN {
            xml.extend_from_slice(b"\" s=\"");
            xml.extend_from_slice(Digits::new(style.0).as_bytes());
        }
        true
    }
}

impl Drop for Cells<'_> {
    fn drop(&mut self) {
        if self.is_open && (self.has_height || self.next_column > 0) {
            self.rows.xml.extend_from_slice(b"</row>");
            let first = self.rows.span.map_or(self.row, |span| span.first);
            self.rows.span = Some(RowSpan { first, last: self.row });
        } else {
            self.rows.xml.truncate(self.start);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::xlsx::rows::Area;

    fn xml(fill: impl FnOnce(&mut Rows)) -> String {
        let mut rows = Rows::new(Vec::new(), Area { first_row: 4, end_row: 1_048_576, columns: 16_384 }, 1);
        fill(&mut rows);
        String::from_utf8(rows.finish().unwrap().0).unwrap()
    }

    fn fault(fill: impl FnOnce(&mut Rows)) -> XlsxError {
        let mut rows = Rows::new(Vec::new(), Area { first_row: 4, end_row: 10, columns: 3 }, 0);
        fill(&mut rows);
        rows.finish().unwrap_err()
    }

    #[test]
    fn cells_are_written_as_excel_reads_them() {
        let written = xml(|rows| {
            let mut row = rows.row(4, Some(30));
            row.integer(0, -7, Style(3));
            row.number(1, 0.5, Style::PLAIN);
            row.decimal(2, "12.50", Style(2));
            row.decimal(3, "1e3", Style::PLAIN);
            row.text(26, " <a>", Style(1));
            row.blank(27, Style(1));
            row.formula(16_383, "A5&\"x\"", "-7x", Style::PLAIN);
        });
        assert_eq!(
            written,
            r#"<row r="5" ht="30" customHeight="1"><c r="A5" s="3"><v>-7</v></c><c r="B5"><v>0.5</v></c>"#.to_owned()
                + r#"<c r="C5" s="2"><v>12.50</v></c><c r="D5" t="inlineStr"><is><t>1e3</t></is></c>"#
                + r#"<c r="AA5" s="1" t="inlineStr"><is><t xml:space="preserve"> &lt;a&gt;</t></is></c>"#
                + r#"<c r="AB5" s="1"/><c r="XFD5" t="str"><f>A5&amp;"x"</f><v>-7x</v></c></row>"#
        );
    }

    #[test]
    fn a_formula_that_a_column_repeats_stands_once() {
        let written = xml(|rows| {
            for row in [7, 9, 1_048_575] {
                rows.row(row, None).shared_formula(1, || format!("A{}*2", row + 1), "4", Style::PLAIN);
            }
        });
        let rest = |row: u32| format!(r#"<row r="{row}"><c r="B{row}"><f t="shared" si="8"/><v>4</v></c></row>"#);
        let first = r#"<row r="8"><c r="B8"><f t="shared" ref="B8:B1048576" si="8">A8*2</f><v>4</v></c></row>"#;
        assert_eq!(written, format!("{first}{}{}", rest(10), rest(1_048_576)));
    }

    #[test]
    fn more_formulas_than_are_shared_are_written_in_full() {
        let written = xml(|rows| {
            for row in 4..6 {
                let mut cells = rows.row(row, None);
                for column in 0..10 {
                    cells.shared_formula(column, || "1+1".to_owned(), "2", Style::PLAIN);
                }
            }
        });
        assert_eq!(written.matches("<f t=\"shared\" ref=").count(), 8);
        assert_eq!(written.matches("<f t=\"shared\" si=").count(), 8);
        assert_eq!(written.matches("<f>1+1</f>").count(), 4);
    }

    #[test]
    fn rows_without_cells_leave_no_trace_but_a_height_does() {
        let written = xml(|rows| {
            rows.row(5, None).blank(0, Style::PLAIN);
            rows.row(6, Some(15));
            rows.row(7, None).text(0, "", Style::PLAIN);
        });
        assert_eq!(written, r#"<row r="7" ht="15" customHeight="1"></row>"#);
    }

    #[test]
    fn what_would_break_the_sheet_is_a_fault() {
        let order = |fault| assert!(matches!(fault, XlsxError::RowColumnOrderError));
        let limit = |fault| assert!(matches!(fault, XlsxError::RowColumnLimitError));
        order(fault(|rows| {
            let mut row = rows.row(4, None);
            row.integer(1, 1, Style::PLAIN);
            row.integer(1, 1, Style::PLAIN);
        }));
        order(fault(|rows| {
            rows.row(5, None).integer(1, 1, Style::PLAIN);
            rows.row(5, None).integer(1, 1, Style::PLAIN);
        }));
        order(fault(|rows| rows.row(3, None).integer(1, 1, Style::PLAIN)));
        limit(fault(|rows| rows.row(10, None).integer(1, 1, Style::PLAIN)));
        limit(fault(|rows| rows.row(4, None).integer(3, 1, Style::PLAIN)));
        let long = "ж".repeat(32_768);
        let too_long = fault(|rows| rows.row(4, None).text(0, &long, Style::PLAIN));
        assert!(matches!(too_long, XlsxError::MaxStringLengthExceeded));
        assert!(xml(|rows| rows.row(4, None).text(0, &long[2..], Style::PLAIN)).contains(&long[2..]));
    }
}
