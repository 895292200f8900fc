//! Copies the XML of a sheet row by row, and takes apart only the rows that change.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use memchr::memmem;

use crate::base::diagnostic::Severity;
use crate::output::xlsx::own_workbook::formula::{Formulas, has_formula};
use crate::output::xlsx::own_workbook::row::{RowEdit, row_number};
use crate::output::xlsx::own_workbook::sheet_head::with_margin;
use crate::output::xlsx::own_workbook::style_book::StyleBook;
use crate::output::xlsx::own_workbook::tag::tag_end;
use crate::output::xlsx::own_workbook::unkept::Unkept;

/// The most bytes of a row, or of what stands before the rows: a row of Excel has 16,384 cells.
const MAX_BYTES: usize = 64 * 1024 * 1024;
/// The number of bytes that are read at once; about as many are packed at once.
const CHUNK_BYTES: usize = 1 << 19;

/// The changes of a sheet; none for a sheet that is copied as it is.
#[derive(Debug, Default)]
pub struct SheetEdits {
    /// The marked cells, by row from 1 and column from 0.
    pub marks: BTreeMap<(u32, u32), Severity>,
    /// The texts in the margin, by row.
    pub reasons: BTreeMap<u32, String>,
    /// The margin; `None` where nothing stands in it.
    pub margin: Option<Margin>,
}

/// The column of the reasons.
#[derive(Debug)]
pub struct Margin {
    /// Its place, from 0.
    pub column: u32,
    /// Its width, in letters.
    pub width: u32,
    /// Its heading, and the row of all headings.
    pub heading: (String, u32),
    /// The column beside it, whose heading gives it its format.
    pub beside: u32,
    /// Whether it takes the place of reasons that the sheet has already.
    pub replaces: bool,
}

/// Copies a sheet with its changes.
pub struct SheetRewriter<'s, R> {
    part: &'s str,
    reader: R,
    buffer: Vec<u8>,
    /// Where what is not yet copied begins.
    start: usize,
    is_read: bool,
    edits: &'s SheetEdits,
    /// The rows that change and have not come yet.
    missing: BTreeSet<u32>,
    formulas: Formulas,
}

impl<'s, R: Read> SheetRewriter<'s, R> {
    pub fn new(part: &'s str, reader: R, edits: &'s SheetEdits) -> Self {
        let mut missing: BTreeSet<u32> = edits.marks.keys().map(|(row, _)| *row).collect();
        missing.extend(edits.reasons.keys());
        missing.extend(edits.margin.as_ref().map(|margin| margin.heading.1));
        let (buffer, formulas) = (Vec::new(), Formulas::default());
        Self { part, reader, buffer, start: 0, is_read: false, edits, missing, formulas }
    }

    /// Copies the sheet to `write`, chunk by chunk; returns whether a formula was left out.
    ///
    /// # Errors
    ///
    /// [`Unkept::Workbook`] where the sheet is not as nearly all programs write it, or a row that changes is not there, and the errors of
    /// `write`.
    pub fn copy(
        mut self,
        styles: &mut StyleBook,
        write: &mut dyn FnMut(Vec<u8>) -> Result<(), Unkept>,
    ) -> Result<bool, Unkept> {
        let part = self.part;
        let form = || Unkept::form(part);
        let head_end = self.find("<sheetData", 0)?.ok_or_else(form)?;
        let head = std::str::from_utf8(&self.rest()[..head_end]).map_err(|_| form())?;
        // a comment or a text that is not taken apart could hide what looks like a row
        if head.contains("<!") {
            return Err(form());
        }
        let margin = self.edits.margin.as_ref().map(|margin| (margin.column, margin.width));
        let mut chunk = with_margin(head, margin).ok_or_else(form)?.into_bytes();
        self.start += head_end;
        let (data, is_empty) = self.tag()?;
        chunk.extend_from_slice(&self.rest()[..data]);
        self.start += data;
        let mut last_row = 0;
        loop {
            if is_empty {
                break;
            }
            self.skip_space(&mut chunk)?;
            if self.rest().starts_with(b"</sheetData>") {
                break;
            }
            let length = self.row_length()?;
            let row = std::str::from_utf8(&self.buffer[self.start..self.start + length]).map_err(|_| form())?;
            last_row =
                Self::copy_row(row, last_row, self.edits, &mut self.missing, &mut self.formulas, styles, &mut chunk)
                    .ok_or_else(form)?;
            self.start += length;
            if chunk.len() >= CHUNK_BYTES {
                write(std::mem::take(&mut chunk))?;
            }
        }
        if !self.missing.is_empty() {
            return Err(form());
        }
        loop {
            chunk.extend_from_slice(self.rest());
            self.start = self.buffer.len();
            write(std::mem::take(&mut chunk))?;
            if !self.fill()? {
                return Ok(self.formulas.has_left_out);
            }
        }
    }

    /// Copies a row; returns its number.
    fn copy_row(
        row: &str,
        last_row: u32,
        edits: &SheetEdits,
        missing: &mut BTreeSet<u32>,
        formulas: &mut Formulas,
        styles: &mut StyleBook,
        chunk: &mut Vec<u8>,
    ) -> Option<u32> {
        if memmem::find(row.as_bytes(), b"<!").is_some() {
            return None;
        }
        let (end, _) = tag_end(row.as_bytes())?;
        let number = row_number(&row[..=end]).filter(|number| *number > last_row)?;
        let margin = edits.margin.as_ref();
        let replaces = margin.is_some_and(|margin| margin.replaces && number > margin.heading.1);
        let changes = missing.remove(&number);
        if !changes && !replaces && !has_formula(row) {
            chunk.extend_from_slice(row.as_bytes());
            return Some(number);
        }
        let heading = margin.filter(|margin| margin.heading.1 == number);
        let text = heading.map_or_else(|| edits.reasons.get(&number), |margin| Some(&margin.heading.0));
        let marks = edits.marks.range((number, 0)..=(number, u32::MAX));
        let edit = RowEdit {
            number,
            marks: marks.map(|((_, column), severity)| (*column, *severity)).collect(),
            margin: margin.filter(|_| text.is_some() || replaces).map(|margin| margin.column),
            text: text.map(String::as_str),
            heading_beside: heading.map(|margin| margin.beside),
        };
        chunk.extend_from_slice(edit.apply(row, formulas, styles)?.as_bytes());
        Some(number)
    }

    /// What is not yet copied.
    fn rest(&self) -> &[u8] {
        &self.buffer[self.start..]
    }

    /// Reads more; `false` at the end of the sheet.
    fn fill(&mut self) -> Result<bool, Unkept> {
        self.buffer.drain(..self.start);
        self.start = 0;
        if self.is_read {
            return Ok(false);
        }
        if self.buffer.len() > MAX_BYTES {
            return Err(Unkept::form(self.part));
        }
        let before = self.buffer.len();
        let read = self.reader.by_ref().take(CHUNK_BYTES as u64).read_to_end(&mut self.buffer);
        read.map_err(|_| Unkept::form(self.part))?;
        self.is_read = self.buffer.len() == before;
        Ok(!self.is_read)
    }

    /// The place of a text in what is not yet copied, from `from` on.
    fn find(&mut self, text: &str, from: usize) -> Result<Option<usize>, Unkept> {
        let mut from = from;
        loop {
            if let Some(at) = self.rest().get(from..).and_then(|rest| memmem::find(rest, text.as_bytes())) {
                return Ok(Some(from + at));
            }
            // the text may be cut in two
            from = from.max(self.rest().len().saturating_sub(text.len()));
            if !self.fill()? {
                return Ok(None);
            }
        }
    }

    /// The length of the tag that begins here, and whether it ends its element.
    fn tag(&mut self) -> Result<(usize, bool), Unkept> {
        loop {
            if let Some((end, is_empty)) = tag_end(self.rest()) {
                return Ok((end + 1, is_empty));
            }
            if !self.fill()? {
                return Err(Unkept::form(self.part));
            }
        }
    }

    /// The length of the row that begins here.
    fn row_length(&mut self) -> Result<usize, Unkept> {
        let (tag, is_empty) = self.tag()?;
        let is_row =
            self.rest().starts_with(b"<row") && matches!(self.rest().get(4), Some(b' ' | b'\t' | b'\r' | b'\n'));
        if !is_row {
            return Err(Unkept::form(self.part));
        }
        if is_empty {
            return Ok(tag);
        }
        let end = self.find("</row>", tag)?.ok_or_else(|| Unkept::form(self.part))?;
        Ok(end + "</row>".len())
    }

    /// Copies white space between rows, so that a whole tag follows.
    fn skip_space(&mut self, chunk: &mut Vec<u8>) -> Result<(), Unkept> {
        const LONGEST_TAG: usize = "</sheetData>".len();
        loop {
            let space = self.rest().iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            chunk.extend_from_slice(&self.rest()[..space]);
            self.start += space;
            if self.rest().len() >= LONGEST_TAG {
                return Ok(());
            }
            if !self.fill()? {
                return Err(Unkept::form(self.part));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STYLES: &str = "<styleSheet><fonts><font/></fonts><fills><fill/></fills><cellXfs><xf/><xf numFmtId=\"14\"/></cellXfs></styleSheet>";

    /// A reader that gives so many bytes at once.
    struct Slow<'b>(&'b [u8], usize);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let length = self.1.min(buffer.len());
            (&mut self.0).take(length as u64).read(buffer)
        }
    }

    fn copy(sheet: &str, edits: &SheetEdits) -> Option<String> {
        let mut styles = StyleBook::read(STYLES.to_owned()).unwrap();
        let mut copied = Vec::new();
        let rewriter = SheetRewriter::new("sheet1.xml", Slow(sheet.as_bytes(), 7), edits);
        let done = rewriter.copy(&mut styles, &mut |chunk| {
            copied.extend(chunk);
            Ok(())
        });
        done.ok().map(|_| String::from_utf8(copied).unwrap())
    }

    fn edits() -> SheetEdits {
        SheetEdits {
            marks: [((2, 0), Severity::Error), ((2, 3), Severity::Warning)].into(),
            reasons: [(2, "нет <ДР>".to_owned())].into(),
            margin: Some(Margin {
                column: 2,
                width: 80,
                heading: ("Ошибки".to_owned(), 1),
                beside: 1,
                replaces: false,
            }),
        }
    }

    const SHEET: &str = "<worksheet><dimension ref=\"A1:B3\"/><sheetData><row r=\"1\" spans=\"1:2\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" s=\"1\"/></row>\n\
        <row r=\"2\" hidden=\"1\" ht=\"30\"><c r=\"A2\" s=\"1\"><v>5</v></c></row><row r=\"3\"><c r=\"A3\"><f>[1]A!B1</f><v>7</v></c></row></sheetData>\
        <mergeCells count=\"1\"><mergeCell ref=\"A5:B5\"/></mergeCells></worksheet>";

    #[test]
    fn marks_and_reasons_are_added_and_all_else_stays() {
        let text = |cell: &str, format, text: &str| {
            format!("<c r=\"{cell}\" s=\"{format}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{text}</t></is></c>")
        };
        assert_eq!(
            copy(SHEET, &edits()).unwrap(),
            format!(
                "<worksheet><cols><col min=\"3\" max=\"3\" width=\"80\" customWidth=\"1\"/></cols><sheetData>\
                 <row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" s=\"1\"/>{}</row>\n\
                 <row r=\"2\" ht=\"30\"><c r=\"A2\" s=\"2\"><v>5</v></c>{}<c r=\"D2\" s=\"3\"/></row>\
                 <row r=\"3\"><c r=\"A3\"><v>7</v></c></row></sheetData>\
                 <mergeCells count=\"1\"><mergeCell ref=\"A5:B5\"/></mergeCells></worksheet>",
                text("C1", 1, "Ошибки"),
                text("C2", 0, "нет &lt;ДР&gt;")
            )
        );
        let plain = SHEET.replace("<f>[1]A!B1</f>", "");
        assert_eq!(copy(&plain, &SheetEdits::default()).unwrap(), plain.replace("<dimension ref=\"A1:B3\"/>", ""));
    }

    #[test]
    fn reasons_of_an_earlier_check_are_replaced() {
        let mut edits = edits();
        edits.margin.as_mut().unwrap().replaces = true;
        let sheet = SHEET.replace(
            "<c r=\"A3\"><f>[1]A!B1</f><v>7</v></c>",
            "<c r=\"A3\"/><c r=\"C3\" t=\"inlineStr\"><is><t>old</t></is></c>",
        );
        let copied = copy(&sheet, &edits).unwrap();
        assert!(copied.contains("<row r=\"3\"><c r=\"A3\"/></row>"), "{copied}");
    }

    #[test]
    fn a_sheet_that_is_written_otherwise_is_not_copied() {
        for (from, to) in [
            ("<row r=\"2\"", "<row"),
            ("<row r=\"2\"", "<row r=\"1\""),
            ("<row r=\"2\"", "<row r=\"4\""),
            ("r=\"A2\"", "r=\"A3\""),
            ("r=\"A2\"", ""),
            ("<v>5</v>", "<!-- </row> --><v>5</v>"),
            ("<v>5</v>", "<![CDATA[</row>]]>"),
            ("s=\"1\"><v>5", "s=\"9\"><v>5"),
            ("</sheetData>", ""),
            ("<worksheet>", "<!DOCTYPE a [<!ENTITY b \"c\">]><worksheet>"),
            ("<sheetData>", "<x:sheetData>"),
            ("</row>\n", "</row>text"),
        ] {
            let sheet = SHEET.replace(from, to);
            assert_ne!(sheet, SHEET);
            assert_eq!(copy(&sheet, &edits()), None, "{from} → {to}");
        }
        for cut in (0..SHEET.find("</sheetData>").unwrap()).step_by(5) {
            assert_eq!(copy(&SHEET[..cut], &edits()), None, "{cut}");
        }
    }
}
