//! The rows of one table of an `.ods` workbook, and the values of its cells.

use calamine::{CellErrorType, DataRef};
use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};

use crate::table::cell_range::CellRange;
use crate::table::file_fault::FileFault;
use crate::table::found::UNCALCULATED;
use crate::table::hidden::Hidden;
use crate::table::limits::{MAX_CELL_BYTES, MAX_COLUMNS, MAX_REPEATED_LETTERS, MAX_ROWS, MAX_SPANNED_CELLS};
use crate::table::ods::formats::conditional_formats;
use crate::table::ods::styles::Styles;
use crate::table::sheet_xml::attribute;
use crate::table::value::{AmountUnit, amount_unit};

const TABLE: &str = "table:table";
const ROW: &str = "table:table-row";
const CELL: &str = "table:table-cell";
const COVERED: &str = "table:covered-table-cell";
/// The drawings of a sheet that stand in no cell.
const SHAPES: &str = "table:shapes";

/// A row, or some that hold the same.
#[derive(Debug, Default)]
pub struct OdsRow {
    /// The first row, from 0.
    pub number: u32,
    /// The number of rows.
    pub repeats: u32,
    /// The filled cells, by column.
    pub cells: Vec<(u32, DataRef<'static>)>,
    is_hidden: bool,
    is_struck_out: bool,
    is_invisible: bool,
    merged: Vec<CellRange>,
    /// The columns of cells with contents under a merge.
    covered: Vec<u32>,
    /// The columns of cells with a note.
    notes: Vec<u32>,
}

impl OdsRow {
    /// Adds what is hidden of the row.
    pub fn mark(self, hidden: &mut Hidden) {
        if self.is_hidden {
            hidden.hide_rows(self.number + 1..=self.number.saturating_add(self.repeats));
        }
        if self.is_struck_out {
            (1..=self.repeats.min(MAX_ROWS)).for_each(|row| hidden.strike_row(self.number.saturating_add(row)));
        }
        if self.is_invisible {
            (1..=self.repeats.min(MAX_ROWS)).for_each(|row| hidden.add_invisible_row(self.number.saturating_add(row)));
        }
        self.merged.into_iter().for_each(|merged| hidden.merge(merged));
        self.covered.into_iter().for_each(|column| hidden.cover(self.number + 1, column));
        self.notes.into_iter().for_each(|column| hidden.note(self.number + 1, column));
    }
}

/// Reads the rows of the tables of a content, one table after another.
pub struct TableReader<'c> {
    reader: Reader<&'c [u8]>,
    styles: &'c Styles,
    /// The rows and columns of the current table so far.
    rows: u32,
    columns: u32,
    /// The row and the column of the current cell, from 0.
    place: (u32, u32),
    /// Whether a part of the current cell's text is struck out.
    is_part_struck_out: bool,
    /// Whether the current cell has a note.
    has_note: bool,
    /// The drawings with a text in the current table so far.
    text_boxes: u32,
    /// The cells of the conditional format whose conditions follow.
    formatted: String,
    /// The filled cells of all tables so far, as often as they are repeated.
    filled: u64,
    /// The bytes of repeated cells so far: once in the file, many times in memory.
    repeated: u64,
}

impl<'c> TableReader<'c> {
    /// A reader from where `reader` stands.
    pub const fn new(reader: Reader<&'c [u8]>, styles: &'c Styles) -> Self {
        Self {
            reader,
            styles,
            rows: 0,
            columns: 0,
            place: (0, 0),
            is_part_struck_out: false,
            has_note: false,
            text_boxes: 0,
            formatted: String::new(),
            filled: 0,
            repeated: 0,
        }
    }

    /// Where the next event begins.
    pub fn position(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }

    /// The next event.
    ///
    /// # Errors
    ///
    /// [`FileFault::Broken`] where there is no XML.
    pub fn read(&mut self) -> Result<Event<'c>, FileFault> {
        self.reader.read_event().map_err(|fault| FileFault::Broken(fault.to_string()))
    }

    /// Passes over an element that was just begun.
    ///
    /// # Errors
    ///
    /// [`FileFault::Broken`] where it does not end.
    pub fn skip(&mut self, element: &BytesStart<'_>) -> Result<(), FileFault> {
        self.reader.read_to_end(element.name()).map(drop).map_err(|fault| FileFault::Broken(fault.to_string()))
    }

    /// Passes over a drawing, or all drawings of a sheet, and counts those with a text.
    fn skip_drawing(&mut self, element: &BytesStart<'_>) -> Result<(), FileFault> {
        // a frame and a group are counted by what is in them
        let is_shape = |name: &str| name.starts_with("draw:") && !matches!(name, "draw:frame" | "draw:g");
        let (mut open, mut is_counted) = (1_u64, !is_shape(element.name().as_ref()));
        while open > 0 {
            match self.read()? {
                Event::Start(inner) => {
                    open += 1;
                    if is_shape(inner.name().as_ref()) {
                        is_counted = false;
                    }
                }
                Event::End(_) => open -= 1,
                Event::Text(text) if !is_counted && !text.trim().is_empty() => {
                    is_counted = true;
                    self.text_boxes = self.text_boxes.saturating_add(1);
                }
                Event::Eof => return Err(broken("a drawing without an end")),
                _ => {}
            }
        }
        Ok(())
    }

    /// The next row of the table that was begun; none at its end. Hidden columns before it are added.
    ///
    /// # Errors
    ///
    /// [`FileFault`] where the table is broken or repeats more than any.
    pub fn next_row(&mut self, hidden: &mut Hidden) -> Result<Option<OdsRow>, FileFault> {
        loop {
            match self.read()? {
                Event::Start(element) => match element.name().as_ref() {
                    ROW => return self.row(&element).map(Some),
                    "table:table-column" => {
                        let first = self.columns;
                        self.columns = first.saturating_add(repeats(&element, "table:number-columns-repeated"));
                        if is_hidden(&element) {
                            hidden.hide_columns(first as usize..self.columns as usize);
                        }
                    }
                    TABLE => return Err(broken("a table in a table")),
                    SHAPES => self.skip_drawing(&element)?,
                    // the cells of a conditional format, and its conditions
                    "calcext:conditional-format" => {
                        self.formatted = attribute(&element, "calcext:target-range-address").unwrap_or_default();
                    }
                    "calcext:condition" => {
                        let style = attribute(&element, "calcext:apply-style-name");
                        if style.is_some_and(|style| self.styles.strikes_out_displayed(&style)) {
                            let stated = attribute(&element, "calcext:value").unwrap_or_default();
                            hidden.add_rules(conditional_formats(&self.formatted, &stated));
                        }
                    }
                    "calcext:conditional-formats"
                    | "table:table-row-group"
                    | "table:table-rows"
                    | "table:table-header-rows"
                    | "table:table-column-group"
                    | "table:table-columns"
                    | "table:table-header-columns" => {}
                    _ => self.skip(&element)?,
                },
                Event::End(element) if element.name().as_ref() == TABLE => {
                    (self.rows, self.columns) = (0, 0);
                    hidden.text_boxes = std::mem::take(&mut self.text_boxes);
                    return Ok(None);
                }
                Event::Eof => return Err(broken("a table without an end")),
                _ => {}
            }
        }
    }

    fn row(&mut self, element: &BytesStart<'c>) -> Result<OdsRow, FileFault> {
        let mut row = OdsRow {
            number: self.rows,
            repeats: repeats(element, "table:number-rows-repeated"),
            is_hidden: is_hidden(element),
            ..OdsRow::default()
        };
        self.rows = row.number.saturating_add(row.repeats);
        let default_style = attribute(element, "table:default-cell-style-name");
        let mut column = 0;
        loop {
            match self.read()? {
                Event::Start(element) => match element.name().as_ref() {
                    CELL | COVERED => self.cell(&element, &mut row, &mut column, default_style.as_deref())?,
                    _ => self.skip(&element)?,
                },
                Event::End(element) if element.name().as_ref() == ROW => return Ok(row),
                Event::Eof => return Err(broken("a row without an end")),
                _ => {}
            }
        }
    }

    /// Adds a cell to its row; `column` becomes the one after it.
    fn cell(
        &mut self,
        element: &BytesStart<'c>,
        row: &mut OdsRow,
        column: &mut u32,
        default_style: Option<&str>,
    ) -> Result<(), FileFault> {
        let first = *column;
        let repeats =
            repeats(element, "table:number-columns-repeated").min(u32::try_from(MAX_COLUMNS).unwrap_or(u32::MAX));
        *column = first.saturating_add(repeats);
        self.place = (row.number, first);
        (self.is_part_struck_out, self.has_note) = (false, false);
        let text = self.text(element)?;
        if self.has_note {
            row.notes.push(first);
        }
        let value = value(element, text)?;
        if matches!(value, DataRef::Empty) {
            row.merged.extend(merged(element, row.number, first));
            return Ok(());
        }
        if element.name().as_ref() == COVERED {
            row.covered.push(first);
            return Ok(());
        }
        row.merged.extend(merged(element, row.number, first));
        let shown = u64::from(repeats) * u64::from(row.repeats);
        self.filled = self.filled.saturating_add(shown);
        self.repeated = self.repeated.saturating_add((shown - 1).saturating_mul(bytes(&value)));
        if self.filled > MAX_SPANNED_CELLS || self.repeated > MAX_REPEATED_LETTERS {
            return Err(FileFault::Spanned);
        }
        let style = attribute(element, "table:style-name");
        let style = style.as_deref().or(default_style);
        row.is_struck_out |= self.is_part_struck_out || style.is_some_and(|style| self.styles.strikes_out(style));
        row.is_invisible |= style.is_some_and(|style| self.styles.is_invisible(style));
        row.cells.extend((first..first + repeats).map(|column| (column, value.clone())));
        Ok(())
    }

    /// The text of the cell that was just begun, up to its end: its paragraphs, each a line. `None` without a paragraph.
    fn text(&mut self, cell: &BytesStart<'c>) -> Result<Option<String>, FileFault> {
        let (mut text, mut paragraphs) = (String::new(), 0_u64);
        loop {
            match self.read()? {
                Event::Start(element) => match element.name().as_ref() {
                    "text:p" | "text:h" => {
                        if paragraphs > 0 {
                            text.push('\n');
                        }
                        paragraphs += 1;
                        self.paragraph(&mut text)?;
                    }
                    TABLE => return Err(broken("a table in a cell")),
                    name if name.starts_with("draw:") => self.skip_drawing(&element)?,
                    name => {
                        self.has_note |= name == "office:annotation";
                        self.skip(&element)?;
                    }
                },
                Event::End(element) if element.name() == cell.name() => break,
                Event::Eof => return Err(broken("a cell without an end")),
                _ => {}
            }
        }
        Ok((paragraphs > 0).then_some(text))
    }

    /// Adds the text of the paragraph that was just begun, up to its end. White space is one space, and none at the ends.
    fn paragraph(&mut self, text: &mut String) -> Result<(), FileFault> {
        let (mut open, start) = (1_u64, text.len());
        while open > 0 {
            match self.read()? {
                Event::Start(element) => {
                    open += 1;
                    match element.name().as_ref() {
                        "text:s" => {
                            let count =
                                attribute(&element, "text:c").map_or(1, |count| count.parse().unwrap_or(u64::MAX));
                            let count = usize::try_from(count).unwrap_or(usize::MAX).min(MAX_CELL_BYTES);
                            text.extend(std::iter::repeat_n(' ', count));
                        }
                        "text:span" => {
                            let style = attribute(&element, "text:style-name");
                            self.is_part_struck_out |= style.is_some_and(|style| self.styles.strikes_out(&style));
                        }
                        "text:tab" => text.push('\t'),
                        "text:line-break" => text.push('\n'),
                        // text of their own
                        "office:annotation" | "text:note" | "text:ruby-text" => {
                            self.skip(&element)?;
                            open -= 1;
                        }
                        TABLE => return Err(broken("a table in a cell")),
                        _ => {}
                    }
                }
                Event::End(_) => open -= 1,
                Event::Text(piece) => push_folded(text, start, &piece),
                Event::CData(piece) => push_folded(text, start, &piece),
                Event::GeneralRef(entity) => {
                    let letter = entity.resolve_char_ref().map_err(|fault| FileFault::Broken(fault.to_string()))?;
                    match (letter, resolve_predefined_entity(&entity)) {
                        (Some(letter), _) => text.push(letter),
                        (None, Some(known)) => text.push_str(known),
                        (None, None) => return Err(broken(&entity)),
                    }
                }
                Event::Eof => return Err(broken("a paragraph without an end")),
                _ => {}
            }
            if text.len() > MAX_CELL_BYTES {
                return Err(FileFault::LongText(self.place.0.saturating_add(1), self.place.1 as usize));
            }
        }
        text.truncate(start + text[start..].trim_end_matches(' ').len());
        Ok(())
    }
}

/// Adds a piece of a paragraph's text with white space as one space.
fn push_folded(text: &mut String, start: usize, piece: &str) {
    for letter in piece.chars() {
        if !matches!(letter, ' ' | '\t' | '\n' | '\r') {
            text.push(letter);
        } else if text.len() > start && !text.ends_with(' ') {
            text.push(' ');
        }
    }
}

/// The value of a cell with these attributes and this text.
fn value(cell: &BytesStart<'_>, text: Option<String>) -> Result<DataRef<'static>, FileFault> {
    let needed = |name: &str| attribute(cell, name).ok_or_else(|| broken(name));
    let has_formula = || attribute(cell, "table:formula").is_some();
    if attribute(cell, "calcext:value-type").as_deref() == Some("error") {
        return Ok(DataRef::Error(text.unwrap_or_default().parse().unwrap_or(CellErrorType::Value)));
    }
    Ok(match attribute(cell, "office:value-type").as_deref() {
        Some("float" | "currency" | "percentage") => {
            let written = needed("office:value")?;
            let number: f64 = written.parse().map_err(|_| broken(&written))?;
            if !number.is_finite() {
                return Err(broken(&written));
            }
            text.filter(|text| is_digit_pattern(text, &written)).map_or(DataRef::Float(number), DataRef::String)
        }
        Some("date") => DataRef::DateTimeIso(needed("office:date-value")?),
        Some("time") => DataRef::DurationIso(needed("office:time-value")?),
        Some("boolean") => DataRef::Bool(needed("office:boolean-value")? == "true"),
        kind => {
            match attribute(cell, "office:string-value").or(text) {
                // a formula with an empty text for its result has a type or a paragraph
                None if kind.is_none() && has_formula() => DataRef::Error(UNCALCULATED),
                Some(text) if !text.is_empty() => DataRef::String(text),
                None | Some(_) => DataRef::Empty,
            }
        }
    })
}

/// Whether a text is how a format with leading zeros or marks shows a whole number: `00100`, `П-001`, `12-34`.
fn is_digit_pattern(text: &str, number: &str) -> bool {
    let unit = text.strip_prefix(number).and_then(amount_unit);
    if text.ends_with('%') || matches!(unit, Some(AmountUnit::Thousands | AmountUnit::Millions | AmountUnit::Foreign)) {
        return true;
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let is_number = number.bytes().all(|byte| byte.is_ascii_digit()) && digits.trim_start_matches('0') == number;
    let has_mark_inside = text.trim_matches(|letter: char| !letter.is_ascii_digit()).contains(['-', '/']);
    is_number && (digits.len() > number.len() || has_mark_inside) && !text.contains(['.', ',', '%', '\u{a0}', ' '])
}

/// The bytes that a value takes in memory.
fn bytes(value: &DataRef<'_>) -> u64 {
    match value {
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.len() as u64,
        _ => 0,
    }
}

/// The cells that the cell of this row and column is merged with.
fn merged(cell: &BytesStart<'_>, row: u32, column: u32) -> Option<CellRange> {
    let rows = repeats(cell, "table:number-rows-spanned");
    let columns = repeats(cell, "table:number-columns-spanned");
    let is_merged = rows > 1 || columns > 1;
    is_merged.then(|| CellRange {
        rows: row.saturating_add(1)..=row.saturating_add(rows),
        columns: column..=column.saturating_add(columns - 1),
    })
}

/// How often something is repeated: once where nothing is stated.
fn repeats(element: &BytesStart<'_>, name: &str) -> u32 {
    attribute(element, name).and_then(|number| number.parse().ok()).map_or(1, |number: u32| number.clamp(1, MAX_ROWS))
}

fn is_hidden(element: &BytesStart<'_>) -> bool {
    matches!(attribute(element, "table:visibility").as_deref(), Some("collapse" | "filter"))
}

/// The fault of a content that no program writes.
pub fn broken(reason: &str) -> FileFault {
    FileFault::Broken(reason.to_owned())
}
