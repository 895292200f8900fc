//! A reader for the binary workbooks of Excel (`.xlsb`): every record that holds a cell, short ones included, and what is hidden of a sheet.
//!
//! A short record has no column of its own: its cell follows the one before. A sheet is read to its end, where its checksum is compared.

mod conditional;
mod records;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufReader, Cursor, Read};
use std::sync::Arc;

use calamine::{CellErrorType, DataRef, ExcelDateTime, ExcelDateTimeType};
use zip::ZipArchive;
use zip::read::ZipFile;

use crate::table::bytes::{f64_at, u16_at, u32_at};
use crate::table::cell_range::CellRange;
use crate::table::digit_pattern::{DigitPattern, DigitPatterns};
use crate::table::file_fault::FileFault;
use crate::table::found::Found;
use crate::table::hidden::Hidden;
use crate::table::limits::MAX_ROWS;
use crate::table::number_format;
use crate::table::sheet_xml::{attribute, count_text_boxes, each_element, part_of_notes};
use crate::table::text_column::TextColumn;
use crate::table::xlsx_styles::shows_nothing;
use crate::table::zip_integrity::damaged;
use conditional::{formatted_cells, is_white_font, page_texts, rules, strikes_out_conditionally};
use records::{Records, broken, wide_text};

const FOLDER: &str = "xl/";
const WORKBOOK: &str = "xl/workbook.bin";
const RELATED: &str = "xl/_rels/workbook.bin.rels";
const STYLES: &str = "xl/styles.bin";
const TEXTS: &str = "xl/sharedStrings.bin";

type Zip = ZipArchive<Cursor<Arc<[u8]>>>;

/// A part of it, unpacked while it is read.
type Part<'z> = BufReader<ZipFile<'z, Cursor<Arc<[u8]>>>>;

/// A workbook, open for reading.
pub struct XlsbBook {
    zip: Zip,
    /// Whether its days count from 1904.
    pub epoch_1904: bool,
    /// The sheets, in their order.
    pub sheets: Vec<XlsbSheet>,
    shared: Shared,
}

/// A sheet.
pub struct XlsbSheet {
    /// Its name.
    pub name: String,
    /// Whether Excel does not show it.
    pub is_hidden: bool,
    /// What is hidden of it.
    pub hidden: Hidden,
    part: String,
}

/// What the cells of all sheets refer to.
#[derive(Default)]
struct Shared {
    texts: TextColumn,
    /// The numbers of the texts with a part that is struck out.
    struck_texts: BTreeSet<u32>,
    styles: Vec<Style>,
    /// Whether each font is struck out.
    struck_fonts: Vec<bool>,
    /// The styles of conditional formats that strike out, by number.
    hiding_styles: BTreeSet<u32>,
    /// The styles that write a number with leading zeros or marks.
    patterns: DigitPatterns,
    epoch_1904: bool,
}

/// A style of cells.
#[derive(Debug, Clone, Copy, Default)]
struct Style {
    /// Whether it shows a number as a day or as a duration.
    shows: Option<ExcelDateTimeType>,
    strikes_out: bool,
    /// Whether it shows white letters on no colour, or nothing.
    is_invisible: bool,
}

impl XlsbBook {
    /// Opens a workbook, and reads its sheets once for what is hidden of them.
    ///
    /// # Errors
    ///
    /// [`FileFault`] where a part is missing, damaged or no list of records.
    pub fn open(bytes: &Arc<[u8]>) -> Result<Self, FileFault> {
        let mut zip =
            ZipArchive::new(Cursor::new(Arc::clone(bytes))).map_err(|fault| FileFault::Broken(fault.to_string()))?;
        let parts = parts_by_id(bytes).ok_or_else(|| damaged(RELATED))?;
        let mut shared = Shared::default();
        let mut sheets: Vec<XlsbSheet> = Vec::new();
        let mut records = Records::new(part(&mut zip, WORKBOOK)?);
        while let Some((kind, body)) = records.next()? {
            match kind {
                // the properties of the workbook
                0x99 => shared.epoch_1904 = body.first().is_some_and(|flags| flags & 1 != 0),
                // a sheet
                0x9C => {
                    let (id, rest) = wide_text(body.get(8..).unwrap_or_default())?;
                    let (name, _) = wide_text(rest)?;
                    let part = parts.get(&id).ok_or_else(|| damaged(RELATED))?.clone();
                    if let Some(other) = sheets.iter().find(|sheet| sheet.part == part) {
                        return Err(FileFault::SharedPart(other.name.clone(), name));
                    }
                    let is_hidden = u32_at(body, 0) != Some(0);
                    sheets.push(XlsbSheet { name, is_hidden, hidden: Hidden::default(), part });
                }
                _ => {}
            }
        }
        drop(records);
        // sheets of charts and of macros hold no cells
        sheets.retain(|sheet| sheet.part.contains("worksheets/"));
        read_styles(&mut zip, &mut shared)?;
        read_texts(&mut zip, &mut shared)?;
        let mut book = Self { zip, epoch_1904: shared.epoch_1904, sheets: Vec::new(), shared };
        for sheet in &mut sheets {
            let mut cells = book.cells(&sheet.part)?;
            while cells.next()?.is_some() {}
            sheet.hidden = std::mem::take(&mut cells.hidden);
            drop(cells);
            for (row, column) in notes(&mut book.zip, &sheet.part)? {
                sheet.hidden.note(row, column);
            }
            sheet.hidden.text_boxes = count_text_boxes(&mut book.zip, &sheet.part);
        }
        book.sheets = sheets;
        Ok(book)
    }

    /// The filled cells of the sheet at a place in [`XlsbBook::sheets`].
    ///
    /// # Errors
    ///
    /// [`FileFault::Damaged`] where there is none.
    pub fn cells_of(&mut self, sheet: usize) -> Result<XlsbCells<'_, impl Read>, FileFault> {
        let part = self.sheets.get(sheet).map(|sheet| sheet.part.clone()).ok_or_else(|| damaged(WORKBOOK))?;
        self.cells(&part)
    }

    fn cells(&mut self, name: &str) -> Result<XlsbCells<'_, Part<'_>>, FileFault> {
        let records = Records::new(part(&mut self.zip, name)?);
        Ok(XlsbCells {
            shared: &self.shared,
            records,
            row: 0,
            column: None,
            hidden: Hidden::default(),
            formatted: Vec::new(),
        })
    }
}

/// The filled cells of a sheet in the order of its records, and what was hidden of it so far.
pub struct XlsbCells<'b, R> {
    shared: &'b Shared,
    records: Records<R>,
    row: u32,
    /// The column of the cell before.
    column: Option<u32>,
    hidden: Hidden,
    /// The cells of the conditional formats whose records follow.
    formatted: Vec<CellRange>,
}

impl<'b, R: Read> XlsbCells<'b, R> {
    /// The next cell; none at the end.
    ///
    /// # Errors
    ///
    /// [`FileFault`] where a record is damaged.
    pub fn next(&mut self) -> Result<Option<Found<'b>>, FileFault> {
        while let Some((kind, body)) = self.records.next()? {
            // the beginning of a cell: its column, unless the record is short, and its style
            let rest = match kind {
                1..=11 | 62 => {
                    self.column = Some(u32_at(body, 0).ok_or_else(broken)?);
                    body.get(4..)
                }
                12..=18 => {
                    self.column = Some(self.column.map_or(0, |before| before.saturating_add(1)));
                    Some(body)
                }
                _ => {
                    self.note(kind)?;
                    continue;
                }
            };
            let rest = rest.ok_or_else(broken)?;
            let style = u32_at(rest, 0).ok_or_else(broken)? & 0x00FF_FFFF;
            let number = style as usize;
            let style = self.shared.styles.get(number).copied().unwrap_or_default();
            let is_part_struck_out = self.shared.strikes_out_a_part(kind, &rest[4..]);
            let value = match self.shared.value(kind, &rest[4..], style)? {
                DataRef::Float(value) => {
                    self.shared.patterns.text(number, value).map_or(DataRef::Float(value), DataRef::String)
                }
                value => value,
            };
            let Some(column) = self.column.filter(|_| !matches!(value, DataRef::Empty)) else { continue };
            if style.strikes_out || is_part_struck_out {
                self.hidden.strike_row(self.row.saturating_add(1));
            }
            if style.is_invisible {
                self.hidden.add_invisible_row(self.row.saturating_add(1));
            }
            return Ok(Some(Found { row: self.row, column, value }));
        }
        Ok(None)
    }

    /// Notes the record that was read last, which is no cell.
    fn note(&mut self, kind: u16) -> Result<(), FileFault> {
        let body = self.records.body();
        let number = |at: usize| u32_at(body, at).ok_or_else(broken);
        match kind {
            // a row
            0 => {
                self.row = number(0)?;
                self.column = None;
                if body.get(11).ok_or_else(broken)? & 0x10 != 0 {
                    self.hidden.hide_rows(self.row.saturating_add(1)..=self.row.saturating_add(1));
                }
            }
            // columns
            0x3C if u16_at(body, 16).ok_or_else(broken)? & 1 != 0 => {
                self.hidden.hide_columns(number(0)? as usize..number(4)?.saturating_add(1) as usize);
            }
            // merged cells
            0xB0 => {
                let rows = number(0)?.saturating_add(1)..=number(4)?.saturating_add(1);
                self.hidden.merge(CellRange { rows, columns: number(8)?..=number(12)? });
            }
            // the cells of conditional formats, and each of these formats
            0x1CD => self.formatted = formatted_cells(body),
            0x1CF if u32_at(body, 8).is_some_and(|style| self.shared.hiding_styles.contains(&style)) => {
                self.hidden.add_rules(rules(&self.formatted));
            }
            // the headers and footers of the pages
            0x1DF => page_texts(body).iter().for_each(|text| self.hidden.add_page_text(text)),
            _ => {}
        }
        Ok(())
    }
}

impl Shared {
    /// Whether a part of the text in a cell whose record, after its style, holds this is struck out.
    fn strikes_out_a_part(&self, kind: u16, body: &[u8]) -> bool {
        match kind {
            7 | 18 => u32_at(body, 0).is_some_and(|number| self.struck_texts.contains(&number)),
            62 => body.get(1..).is_some_and(|text| self.has_struck_part(text)),
            _ => false,
        }
    }

    /// Whether a text with fonts of its own after it has a part that is struck out.
    fn has_struck_part(&self, bytes: &[u8]) -> bool {
        const RUN_BYTES: usize = 4;
        let Ok((_, after)) = wide_text(bytes) else { return false };
        let runs = u32_at(after, 0).map_or(0, |count| count as usize);
        let fonts =
            after.get(4..).unwrap_or_default().chunks_exact(RUN_BYTES).take(runs).filter_map(|run| u16_at(run, 2));
        fonts.map(usize::from).any(|font| self.struck_fonts.get(font).copied().unwrap_or(false))
    }

    /// The value of a cell whose record, after its style, holds this.
    fn value(&self, kind: u16, body: &[u8], style: Style) -> Result<DataRef<'_>, FileFault> {
        let byte = || body.first().copied().ok_or_else(broken);
        Ok(match kind {
            2 | 13 => self.number(packed_number(u32_at(body, 0).ok_or_else(broken)?), style),
            3 | 11 | 14 => DataRef::Error(fault(byte()?)),
            4 | 10 | 15 => DataRef::Bool(byte()? != 0),
            5 | 9 | 16 => self.number(f64_at(body, 0).ok_or_else(broken)?, style),
            6 | 8 | 17 => text(wide_text(body)?.0),
            // with fonts of its own for some letters
            62 => text(wide_text(body.get(1..).ok_or_else(broken)?)?.0),
            7 | 18 => {
                let number = u32_at(body, 0).ok_or_else(broken)?;
                DataRef::SharedString(self.texts.try_get(number as usize).ok_or_else(broken)?)
            }
            _ => DataRef::Empty,
        })
    }

    fn number(&self, number: f64, style: Style) -> DataRef<'static> {
        match style.shows {
            Some(kind) => DataRef::DateTime(ExcelDateTime::new(number, kind, self.epoch_1904)),
            None => DataRef::Float(number),
        }
    }
}

fn text(text: String) -> DataRef<'static> {
    if text.is_empty() { DataRef::Empty } else { DataRef::String(text) }
}

/// A number of 30 bits and two flags: hundredths, and a whole number rather than the upper part of a double.
fn packed_number(packed: u32) -> f64 {
    const IS_HUNDREDTHS: u32 = 1;
    const IS_WHOLE: u32 = 2;
    let number = if packed & IS_WHOLE != 0 {
        f64::from(packed.cast_signed() >> 2)
    } else {
        f64::from_bits(u64::from(packed & !3) << 32)
    };
    #[expect(clippy::float_arithmetic, reason = "as Excel stores it")]
    let hundredths = number / 100.0;
    if packed & IS_HUNDREDTHS != 0 { hundredths } else { number }
}

fn fault(code: u8) -> CellErrorType {
    match code {
        0x00 => CellErrorType::Null,
        0x07 => CellErrorType::Div0,
        0x17 => CellErrorType::Ref,
        0x1D => CellErrorType::Name,
        0x24 => CellErrorType::Num,
        0x2A => CellErrorType::NA,
        _ => CellErrorType::Value,
    }
}

/// Reads the shared texts.
fn read_texts(zip: &mut Zip, shared: &mut Shared) -> Result<(), FileFault> {
    const HAS_RUNS: u8 = 0x1;
    let mut number = 0;
    if zip.index_for_name(TEXTS).is_some() {
        let mut records = Records::new(part(zip, TEXTS)?);
        while let Some((kind, body)) = records.next()? {
            if kind == 0x13 {
                let text = body.get(1..).ok_or_else(broken)?;
                shared.texts.push(&wide_text(text)?.0);
                if body[0] & HAS_RUNS != 0 && shared.has_struck_part(text) {
                    shared.struck_texts.insert(number);
                }
                number += 1;
            }
        }
    }
    Ok(())
}

/// The cells of a sheet with a note: rows from 1, columns from 0.
fn notes(zip: &mut Zip, sheet: &str) -> Result<Vec<(u32, u32)>, FileFault> {
    const NOTE: u16 = 0x27B;
    let mut found = Vec::new();
    let Some(name) = part_of_notes(zip, sheet).filter(|name| zip.index_for_name(name).is_some()) else {
        return Ok(found);
    };
    let mut records = Records::new(part(zip, &name)?);
    while let Some((kind, body)) = records.next()? {
        // the author, then the first and the last row, and the columns
        if kind == NOTE
            && found.len() < MAX_ROWS as usize
            && let (Some(row), Some(column)) = (u32_at(body, 4), u32_at(body, 12))
        {
            found.push((row.saturating_add(1), column));
        }
    }
    Ok(found)
}

/// Reads the fonts and the styles of cells.
fn read_styles(zip: &mut Zip, shared: &mut Shared) -> Result<(), FileFault> {
    let mut formats = BTreeMap::new();
    let Shared { struck_fonts: struck_out, styles, hiding_styles, .. } = &mut *shared;
    let mut conditional_styles = 0;
    let (mut patterns, mut white_fonts, mut empty_formats) = (Vec::new(), Vec::new(), BTreeSet::new());
    if zip.index_for_name(STYLES).is_none() {
        return Ok(());
    }
    let mut is_of_cells = false;
    let mut records = Records::new(part(zip, STYLES)?);
    while let Some((kind, body)) = records.next()? {
        let number = |at: usize| u16_at(body, at).ok_or_else(broken);
        match kind {
            0x2C => {
                let code = wide_text(body.get(2..).ok_or_else(broken)?)?.0;
                if shows_nothing(&code) {
                    empty_formats.insert(number(0)?);
                }
                formats.insert(number(0)?, (number_format::of_code(&code), DigitPattern::of_code(&code)));
            }
            0x2B => {
                struck_out.push(number(2)? & 0x8 != 0);
                white_fonts.push(is_white_font(body));
            }
            // a style of conditional formats
            0x1FB => {
                if strikes_out_conditionally(body) {
                    hiding_styles.insert(conditional_styles);
                }
                conditional_styles += 1;
            }
            0x269 => is_of_cells = true,
            0x26A => is_of_cells = false,
            0x2F if is_of_cells => {
                let (format, font) = (number(2)?, number(4)?);
                let (shows, pattern) = formats
                    .get(&format)
                    .cloned()
                    .unwrap_or_else(|| (number_format::of_built_in(format), DigitPattern::of_built_in(format)));
                patterns.push(pattern);
                let strikes_out = struck_out.get(usize::from(font)).is_some_and(|struck_out| *struck_out);
                let is_white = white_fonts.get(usize::from(font)).is_some_and(|is_white| *is_white);
                let is_invisible = is_white && u16_at(body, 6) == Some(0) || empty_formats.contains(&format);
                styles.push(Style { shows, strikes_out, is_invisible });
            }
            _ => {}
        }
    }
    shared.patterns = DigitPatterns::new(patterns);
    Ok(())
}

/// The parts of the sheets by the ids that the workbook gives them.
fn parts_by_id(bytes: &[u8]) -> Option<BTreeMap<String, String>> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut parts = BTreeMap::new();
    each_element(&mut zip, RELATED, |element, found| {
        if element == "Relationship"
            && let Some((id, target)) = attribute(found, "Id").zip(attribute(found, "Target"))
        {
            let part = target.strip_prefix('/').map_or_else(|| format!("{FOLDER}{target}"), str::to_owned);
            parts.insert(id, part);
        }
        true
    })?;
    Some(parts)
}

fn part<'z>(zip: &'z mut Zip, name: &str) -> Result<Part<'z>, FileFault> {
    zip.by_name(name).map(BufReader::new).map_err(|_| damaged(name))
}
