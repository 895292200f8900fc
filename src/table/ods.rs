//! A reader for workbooks of LibreOffice (OpenDocument): row by row, within limits, whatever the contents repeat.
//!
//! One pass at opening finds the sheets with what is hidden of them and proves that the whole content is well-formed and within the limits;
//! the rows of a sheet are read from where it begins. Contents may be indented. Comments, drawings and recorded changes are no cells.

mod cells;
mod formats;
mod styles;

use std::io::{Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::Event;
use zip::ZipArchive;

use crate::table::file_fault::FileFault;
use crate::table::found::Found;
use crate::table::hidden::Hidden;
use crate::table::sheet_xml::attribute;
use crate::table::zip_integrity::damaged;
use cells::{OdsRow, TableReader, broken};
use styles::Styles;

const CONTENT: &str = "content.xml";
const STYLES: &str = "styles.xml";
const MANIFEST: &str = "META-INF/manifest.xml";

/// A workbook, unpacked.
pub struct OdsBook {
    content: String,
    styles: Styles,
    /// The sheets, in their order.
    pub sheets: Vec<OdsSheet>,
}

/// A sheet.
pub struct OdsSheet {
    /// Its name.
    pub name: String,
    /// Whether LibreOffice does not show it.
    pub is_hidden: bool,
    /// What is hidden of it.
    pub hidden: Hidden,
    /// Where its element begins in the content.
    start: usize,
}

impl OdsBook {
    /// Opens a workbook.
    ///
    /// # Errors
    ///
    /// [`FileFault::Spanned`] where a sheet repeats more than any table needs, [`FileFault::Damaged`] or [`FileFault::Broken`] where it is
    /// damaged or no XML.
    pub fn open(bytes: &[u8]) -> Result<Self, FileFault> {
        let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|fault| FileFault::Broken(fault.to_string()))?;
        // without a password what is packed is no XML
        let is_encrypted = zip.index_for_name(MANIFEST).is_some()
            && unpack(&mut zip, MANIFEST).is_ok_and(|manifest| manifest.contains("encryption-data"));
        if is_encrypted {
            return Err(FileFault::Encrypted);
        }
        let common = if zip.index_for_name(STYLES).is_some() { unpack(&mut zip, STYLES)? } else { String::new() };
        Self::new(unpack(&mut zip, CONTENT)?, &common)
    }

    fn new(content: String, common_styles: &str) -> Result<Self, FileFault> {
        let mut styles = Styles::default();
        styles.add(common_styles);
        styles.add(&content);
        let mut sheets = Vec::new();
        let mut reader = Reader::from_str(&content);
        reader.config_mut().expand_empty_elements = true;
        let mut rows = TableReader::new(reader, &styles);
        let mut open = 0_u64;
        loop {
            let start = rows.position();
            match rows.read()? {
                Event::Start(element) => match element.name().as_ref() {
                    "table:table" => {
                        let mut hidden = Hidden::default();
                        while let Some(row) = rows.next_row(&mut hidden)? {
                            row.mark(&mut hidden);
                        }
                        let style = attribute(&element, "table:style-name");
                        let texts = style.iter().flat_map(|style| styles.page_texts(style));
                        texts.for_each(|text| hidden.add_page_text(text));
                        sheets.push(OdsSheet {
                            name: attribute(&element, "table:name").unwrap_or_default(),
                            is_hidden: style.is_some_and(|style| styles.hides_sheet(&style)),
                            hidden,
                            start,
                        });
                    }
                    // tables of other documents, and cells as they were before a change
                    "table:dde-links" | "table:tracked-changes" => rows.skip(&element)?,
                    _ => open += 1,
                },
                Event::End(_) => open = open.saturating_sub(1),
                Event::Eof if open == 0 => break,
                Event::Eof => return Err(broken(CONTENT)),
                _ => {}
            }
        }
        drop(rows);
        Ok(Self { content, styles, sheets })
    }

    /// The filled cells of a sheet, row by row.
    pub fn cells(&self, sheet: &OdsSheet) -> OdsCells<'_> {
        let mut reader = Reader::from_str(self.content.get(sheet.start..).unwrap_or_default());
        reader.config_mut().expand_empty_elements = true;
        OdsCells { rows: TableReader::new(reader, &self.styles), is_begun: false, row: None, hidden: Hidden::default() }
    }
}

/// The filled cells of a sheet.
pub struct OdsCells<'b> {
    rows: TableReader<'b>,
    is_begun: bool,
    /// The row whose cells come next, and how many of them were given.
    row: Option<(OdsRow, usize)>,
    hidden: Hidden,
}

impl OdsCells<'_> {
    /// The next cell; none at the end.
    ///
    /// # Errors
    ///
    /// Those of [`OdsBook::open`].
    pub fn next<'f>(&mut self) -> Result<Option<Found<'f>>, FileFault> {
        if !self.is_begun {
            // the element of the sheet itself
            self.rows.read()?;
            self.is_begun = true;
        }
        loop {
            if let Some((row, given)) = &mut self.row {
                if let Some((column, value)) = row.cells.get(*given) {
                    *given += 1;
                    return Ok(Some(Found { row: row.number, column: *column, value: value.clone() }));
                }
                if row.repeats > 1 && !row.cells.is_empty() {
                    (row.repeats, row.number, *given) = (row.repeats - 1, row.number.saturating_add(1), 0);
                    continue;
                }
            }
            match self.rows.next_row(&mut self.hidden)? {
                Some(row) => self.row = Some((row, 0)),
                None => return Ok(None),
            }
        }
    }
}

fn unpack(zip: &mut ZipArchive<Cursor<&[u8]>>, part: &str) -> Result<String, FileFault> {
    let mut content = Vec::new();
    zip.by_name(part).map_err(|_| damaged(part))?.read_to_end(&mut content).map_err(|_| damaged(part))?;
    let content = String::from_utf8(content).map_err(|_| broken(part))?;
    Ok(content.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(content))
}

#[cfg(test)]
mod tests {
    use calamine::DataRef;

    use super::*;
    use crate::table::found::UNCALCULATED;
    use crate::table::limits::MAX_CELL_BYTES;

    const VALUE: &str = "office:value-type=\"float\" office:value=\"1\"";

    fn document(tables: &str) -> String {
        format!(
            "<office:document-content><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
        )
    }

    fn open(table: &str) -> Result<OdsBook, FileFault> {
        OdsBook::new(document(&format!("<table:table table:name=\"Список\">{table}</table:table>")), "")
    }

    /// The cells of the only sheet, as they are shown.
    fn cells(table: &str) -> Vec<(u32, u32, String)> {
        let book = open(table).unwrap();
        let mut cells = book.cells(&book.sheets[0]);
        let mut found = Vec::new();
        while let Some(Found { row, column, value }) = cells.next().unwrap() {
            found.push((row, column, display(&value)));
        }
        found
    }

    fn display(value: &DataRef<'_>) -> String {
        match value {
            DataRef::String(text) | DataRef::DateTimeIso(text) => text.clone(),
            DataRef::Float(number) => number.to_string(),
            DataRef::Bool(truth) => truth.to_string(),
            DataRef::Error(UNCALCULATED) => "not calculated".to_owned(),
            DataRef::Error(fault) => fault.to_string(),
            other => panic!("{other:?}"),
        }
    }

    fn cell(attributes: &str, text: &str) -> String {
        format!("<table:table-cell {attributes}>{text}</table:table-cell>")
    }

    fn row(cells: &str) -> String {
        format!("<table:table-row>{cells}</table:table-row>")
    }

    fn found(row: u32, column: u32, text: &str) -> (u32, u32, String) {
        (row, column, text.to_owned())
    }

    #[test]
    fn values_are_read_by_their_type() {
        for (attributes, text, shown) in [
            ("office:value-type=\"string\"", "<text:p>Соколова  Анна</text:p>", "Соколова Анна"),
            ("office:value-type=\"string\"", "<text:p>Соколова<text:s text:c=\"2\"/>Анна</text:p>", "Соколова  Анна"),
            ("office:value-type=\"string\"", "<text:p>А<text:tab/>Б</text:p><text:p>В</text:p>", "А\tБ\nВ"),
            ("office:value-type=\"string\"", "<text:p>A &amp; &#1041;</text:p>", "A & Б"),
            (
                "office:value-type=\"string\"",
                "<text:p><text:span>Пе</text:span><text:a>тров</text:a></text:p>",
                "Петров",
            ),
            ("office:value-type=\"string\" office:string-value=\"001\"", "<text:p>1</text:p>", "001"),
            (
                "office:value-type=\"string\"",
                "<office:annotation><text:p>Кто?</text:p></office:annotation><text:p>Я</text:p>",
                "Я",
            ),
            ("office:value-type=\"float\" office:value=\"1.5\"", "<text:p>1,50</text:p>", "1.5"),
            ("office:value-type=\"percentage\" office:value=\"0.2\"", "<text:p>20%</text:p>", "20%"),
            ("office:value-type=\"currency\" office:value=\"500\"", "<text:p>500 ₽</text:p>", "500"),
            ("office:value-type=\"date\" office:date-value=\"1990-06-05\"", "<text:p>05.06.90</text:p>", "1990-06-05"),
            ("office:value-type=\"boolean\" office:boolean-value=\"true\"", "<text:p>ИСТИНА</text:p>", "true"),
            (
                "table:formula=\"of:=1/0\" office:value-type=\"string\" office:string-value=\"\" calcext:value-type=\"error\"",
                "<text:p>#DIV/0!</text:p>",
                "#DIV/0!",
            ),
            ("table:formula=\"of:=[.A1]\"", "", "not calculated"),
            ("", "<text:p>без типа</text:p>", "без типа"),
        ] {
            assert_eq!(cells(&row(&cell(attributes, text))), [found(0, 0, shown)], "{attributes} {text}");
        }
    }

    #[test]
    fn contents_may_be_indented_and_repeated() {
        let table = "\n <table:table-column/>\n <table:table-header-rows>\n  <table:table-row>\n   <table:table-cell office:value-type=\"string\">\n    \
                     <text:p>\n Имя\n </text:p>\n   </table:table-cell>\n  </table:table-row>\n </table:table-header-rows>\n\
                     <table:table-row table:number-rows-repeated=\"3\"><table:table-cell/></table:table-row>\
                     <table:table-row table:number-rows-repeated=\"2\"><table:table-cell table:number-columns-repeated=\"2\"/>\
                     <table:table-cell table:number-columns-repeated=\"2\" office:value-type=\"float\" office:value=\"7\"/></table:table-row>\
                     <table:table-row table:number-rows-repeated=\"1048576\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>";
        let expected = [found(0, 0, "Имя"), found(4, 2, "7"), found(4, 3, "7"), found(5, 2, "7"), found(5, 3, "7")];
        assert_eq!(cells(table), expected);
    }

    #[test]
    fn contents_under_a_merge_are_not_shown_and_reported() {
        let first =
            row(&cell(&format!("table:number-rows-spanned=\"2\" table:number-columns-spanned=\"1\" {VALUE}"), ""));
        let table = format!("{first}<table:table-row><table:covered-table-cell {VALUE}/></table:table-row>");
        assert_eq!(cells(&table), [found(0, 0, "1")]);
        let hidden = &open(&table).unwrap().sheets[0].hidden;
        assert_eq!((hidden.merged.len(), hidden.covered.as_slice()), (1, [(2, 0)].as_slice()));
    }

    #[test]
    fn hidden_and_struck_out_rows_and_hidden_columns_are_found() {
        let styles = "<office:automatic-styles><style:style style:name=\"out\" style:family=\"table-cell\">\
                      <style:text-properties style:text-line-through-style=\"solid\"/></style:style>\
                      <style:style style:name=\"child\" style:family=\"table-cell\" style:parent-style-name=\"out\"/>\
                      <style:style style:name=\"gone\" style:family=\"table\"><style:table-properties table:display=\"false\"/></style:style>\
                      </office:automatic-styles>";
        let hidden_row = format!("<table:table-row table:visibility=\"filter\">{}</table:table-row>", cell(VALUE, ""));
        let struck = |style: &str| row(&cell(&format!("table:style-name=\"{style}\" {VALUE}"), ""));
        let table = format!(
            "<table:table table:name=\"А\" table:style-name=\"gone\"><table:table-column table:number-columns-repeated=\"2\"/>\
             <table:table-column table:visibility=\"collapse\"/>{}{hidden_row}{}{}{}</table:table>",
            row(&cell(VALUE, "")),
            struck("out"),
            struck("child"),
            row(&cell("table:style-name=\"out\"", "")),
        );
        let content = format!("<office:document-content>{styles}{table}</office:document-content>");
        let book = OdsBook::new(content, "").unwrap();
        let sheet = &book.sheets[0];
        assert!(sheet.is_hidden);
        assert_eq!(
            (sheet.hidden.rows.as_slice(), sheet.hidden.columns.as_slice()),
            ([2..=2].as_slice(), [2].as_slice())
        );
        assert_eq!(sheet.hidden.struck_out, [3..=4]);
    }

    #[test]
    fn repeated_contents_count_as_often_as_they_are_shown() {
        let repeated = |repeats: u32, text: &str| {
            open(&row(&cell(
                &format!("office:value-type=\"string\" table:number-columns-repeated=\"{repeats}\""),
                text,
            )))
        };
        let long = format!("<text:p>{}</text:p>", "я".repeat(20_000));
        assert!(repeated(1000, &long).is_ok());
        assert!(matches!(repeated(10_000, &long), Err(FileFault::Spanned)));
        let entities = format!("<text:p>{}</text:p>", "&lt;".repeat(40_000));
        assert!(matches!(repeated(16_384, &entities), Err(FileFault::Spanned)));
        let nested = format!("<table:covered-table-cell/>{long}");
        assert!(matches!(repeated(16_384, &nested), Err(FileFault::Spanned)), "a cell in a cell is passed over");
        for spaces in ["60000000", "99999999999", "99999999999999999999999"] {
            let text = format!("<text:p>а<text:s text:c=\"{spaces}\"/>б</text:p>");
            assert!(matches!(repeated(1, &text), Err(FileFault::LongText(1, 0))), "{spaces}");
        }
        assert!(matches!(
            repeated(1, &format!("<text:p>{}</text:p>", "я".repeat(MAX_CELL_BYTES))),
            Err(FileFault::LongText(1, 0))
        ));
        let full = format!(
            "<table:table-row table:number-rows-repeated=\"1000000\">{}</table:table-row>",
            cell(&format!("table:number-columns-repeated=\"100\" {VALUE}"), "")
        );
        assert!(matches!(open(&full), Err(FileFault::Spanned)));
    }

    #[test]
    fn what_is_cut_off_or_nested_is_refused() {
        for content in ["<table:table><table:table-row>", "<a>", "<table:table></table:tab>"] {
            assert!(OdsBook::new(content.to_owned(), "").is_err(), "{content}");
        }
        assert!(open(&row(&cell("", "<table:table/>"))).is_err(), "a table in a cell");
        assert!(open(&row(&cell("", "<text:p>&unknown;</text:p>"))).is_err(), "an entity that is not known");
    }
}
