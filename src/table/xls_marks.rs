//! What the records of a workbook before Excel 2007 hide: rows, columns, merged and struck-out cells, and the letters of old programs.

use std::collections::{BTreeMap, BTreeSet};

use crate::table::biff::{
    BEGINNING, END, FORMULA, NUMBER, RICH_TEXT, Record, SHEET, SMALL_NUMBER, SMALL_NUMBERS, TEXT, TEXT_BY_NUMBER,
    TRUTH_OR_FAULT, each_text, records, workbook,
};
use crate::table::bytes::{u16_at, u32_at};
use crate::table::cell_range::CellRange;
use crate::table::digit_pattern::{DigitPattern, DigitPatterns, PatternedCells};
use crate::table::hidden::Hidden;
use crate::table::hiding_rule::HidingRule;
use crate::table::sheet_tail::without_codes;
use crate::table::xlsx_styles::shows_nothing;

const NOTE: u16 = 0x001C;
const FONT: u16 = 0x0031;
const CODE_PAGE: u16 = 0x0042;
const COLUMNS: u16 = 0x007D;
const STYLE: u16 = 0x00E0;
const MERGED: u16 = 0x00E5;
/// A text of a shape, also of a note.
const SHAPE_TEXT: u16 = 0x01B6;
/// The text of a header and that of a footer of the pages.
const PAGE_TEXTS: [u16; 2] = [0x0014, 0x0015];
/// The cells of conditional formats, and each of these formats.
const FORMATTED_CELLS: u16 = 0x01B0;
const CONDITIONAL_FORMAT: u16 = 0x01B1;
const ROW: u16 = 0x0208;
const FORMAT: u16 = 0x041E;
/// The version of the records of Excel 5 and 95, whose letters are bytes.
const BYTE_LETTERS: u16 = 0x0500;

/// What is known of a workbook before its cells are read.
#[derive(Debug, Default)]
pub struct XlsMarks {
    /// What is hidden of each sheet, in their order.
    pub sheets: Vec<Hidden>,
    /// Whether texts hold letters beyond ASCII in a code page that the workbook does not name.
    pub lacks_code_page: bool,
    /// The cell styles that write a number with leading zeros or marks.
    pub patterns: DigitPatterns,
    /// The cells of each sheet in such a style, in the order of the sheets.
    pub patterned: Vec<PatternedCells>,
}

/// Searches the records of a workbook.
#[must_use]
pub fn find_marks(stream: &[u8]) -> XlsMarks {
    let struck_out = find_struck_out(stream);
    let begins = workbook(stream).filter(|record| record.kind == SHEET).map(|record| u32_at(record.body, 0));
    let begins: Vec<&[u8]> = begins.map(|at| at.and_then(|at| stream.get(at as usize..)).unwrap_or_default()).collect();
    let has_byte_letters =
        workbook(stream).any(|record| record.kind == BEGINNING && u16_at(record.body, 0) == Some(BYTE_LETTERS));
    let names_code_page = workbook(stream).any(|record| record.kind == CODE_PAGE);
    let has_foreign = |record: &Record<'_>| {
        matches!(record.kind, TEXT | RICH_TEXT | SHEET) && record.body.iter().skip(8).any(|byte| !byte.is_ascii())
    };
    let lacks_code_page = has_byte_letters
        && !names_code_page
        && (workbook(stream).any(|record| has_foreign(&record))
            || begins.iter().any(|begin| of_sheet(begin).any(|record| has_foreign(&record))));
    let patterns = patterns_of_styles(stream, has_byte_letters);
    let patterned = begins.iter().map(|begin| patterned_cells(begin, &patterns)).collect();
    let sheets = begins.iter().map(|begin| {
        let mut hidden = find_hidden(begin, &struck_out);
        find_page_texts(begin, has_byte_letters, &mut hidden);
        find_rules(begin, &mut hidden);
        hidden
    });
    let sheets = sheets.collect();
    XlsMarks { sheets, lacks_code_page, patterns, patterned }
}

/// The patterns of the cell styles.
fn patterns_of_styles(stream: &[u8], has_byte_letters: bool) -> DigitPatterns {
    let formats: BTreeMap<u16, DigitPattern> = workbook(stream)
        .filter(|record| record.kind == FORMAT)
        .filter_map(|record| {
            let code = format_code(record.body.get(2..)?, has_byte_letters)?;
            Some((u16_at(record.body, 0)?, DigitPattern::of_code(&code)?))
        })
        .collect();
    let styles = workbook(stream).filter(|record| record.kind == STYLE);
    let of_format = |format: u16| formats.get(&format).cloned().or_else(|| DigitPattern::of_built_in(format));
    DigitPatterns::new(styles.map(|style| of_format(u16_at(style.body, 2)?)).collect())
}

/// The text of a number format: its length, and since Excel 97 how wide its letters are. Letters beyond ASCII in a code page are marks,
/// whatever they are.
fn format_code(body: &[u8], has_byte_letters: bool) -> Option<String> {
    if has_byte_letters {
        return Some(body.get(1..)?.iter().map(|byte| char::from(*byte)).collect());
    }
    let (letters, is_wide, text) = (usize::from(u16_at(body, 0)?), body.get(2)? & 1 != 0, body.get(3..)?);
    if is_wide {
        let letters = (0..letters).map_while(|at| u16_at(text, 2 * at));
        return char::decode_utf16(letters).collect::<Result<String, _>>().ok();
    }
    Some(text.iter().take(letters).map(|byte| char::from(*byte)).collect())
}

/// The cells of the sheet that begins here in a style with a pattern.
fn patterned_cells(begin: &[u8], patterns: &DigitPatterns) -> PatternedCells {
    let mut cells = PatternedCells::default();
    if patterns.is_empty() {
        return cells;
    }
    for Record { kind, body } in of_sheet(begin) {
        let places: &[usize] = match kind {
            FORMULA | NUMBER | SMALL_NUMBER => &[4],
            _ => &[],
        };
        let Some((row, first)) = u16_at(body, 0).zip(u16_at(body, 2)) else { continue };
        let several =
            if kind == SMALL_NUMBERS { (4..body.len().saturating_sub(2)).step_by(6) } else { (0..0).step_by(6) };
        for (column, at) in (u32::from(first)..).zip(places.iter().copied().chain(several)) {
            if let Some(style) = u16_at(body, at).map(usize::from).filter(|style| patterns.has(*style)) {
                cells.add((row.into(), column), style);
            }
        }
    }
    cells
}

/// Finds the texts of the headers and footers of the sheet that begins here.
fn find_page_texts(begin: &[u8], has_byte_letters: bool, hidden: &mut Hidden) {
    for record in of_sheet(begin).filter(|record| PAGE_TEXTS.contains(&record.kind)) {
        if let Some(text) = format_code(record.body, has_byte_letters) {
            hidden.add_page_text(&without_codes(&text));
        }
    }
}

/// Finds the conditional formats of the sheet that begins here that strike out; their conditions are not evaluated.
fn find_rules(begin: &[u8], hidden: &mut Hidden) {
    /// The number and the bytes of the ranges of cells follow the range around them.
    const COUNT_AT: usize = 12;
    const RANGE_BYTES: usize = 8;
    let mut cells = Vec::new();
    for Record { kind, body } in of_sheet(begin) {
        if kind == FORMATTED_CELLS {
            let count = u16_at(body, COUNT_AT).map_or(0, usize::from);
            let places = (0..count).map(|range| COUNT_AT + 2 + range * RANGE_BYTES);
            cells = places.map_while(|at| merged_at(body, at)).collect();
        } else if kind == CONDITIONAL_FORMAT && strikes_out_conditionally(body) {
            hidden.add_rules(cells.iter().map(|cells| HidingRule { cells: cells.clone(), condition: None }));
        }
    }
}

/// Whether a conditional format strikes out by its font.
fn strikes_out_conditionally(body: &[u8]) -> bool {
    const FLAGS_AT: usize = 6;
    const STYLE_AT: usize = 12;
    const HAS_NUMBER_FORMAT: u32 = 1 << 25;
    const HAS_FONT: u32 = 1 << 26;
    const IS_OWN_NUMBER_FORMAT: u16 = 1;
    /// The places in a font of its attributes, and of those among them that it does not state.
    const ATTRIBUTES_AT: usize = 68;
    const UNSTATED_AT: usize = 88;
    const STRIKES_OUT: u32 = 0x80;
    let Some((flags, more)) = u32_at(body, FLAGS_AT).zip(u16_at(body, FLAGS_AT + 4)) else { return false };
    let number_format = match (flags & HAS_NUMBER_FORMAT != 0, more & IS_OWN_NUMBER_FORMAT != 0) {
        (false, _) => 0,
        (true, false) => 2,
        (true, true) => u16_at(body, STYLE_AT).map_or(0, usize::from),
    };
    let font = STYLE_AT + number_format;
    flags & HAS_FONT != 0
        && u32_at(body, font + ATTRIBUTES_AT).is_some_and(|attributes| attributes & STRIKES_OUT != 0)
        && u32_at(body, font + UNSTATED_AT).is_some_and(|unstated| unstated & STRIKES_OUT == 0)
}

/// The cells whose first and last row and first and last column stand at this place.
fn merged_at(body: &[u8], at: usize) -> Option<CellRange> {
    let [Some(top), Some(bottom), Some(left), Some(right)] =
        [0, 2, 4, 6].map(|place| u16_at(body, at + place).map(u32::from))
    else {
        return None;
    };
    Some(CellRange { rows: top + 1..=bottom + 1, columns: left..=right })
}

/// The records of the sheet that begins here, without those of pictures in it.
fn of_sheet(begin: &[u8]) -> impl Iterator<Item = Record<'_>> {
    let mut inside = 0_u32;
    records(begin).take_while(move |record| {
        match record.kind {
            BEGINNING => inside += 1,
            END => inside = inside.saturating_sub(1),
            _ => {}
        }
        record.kind != END || inside > 0
    })
}

/// The styles and texts of a workbook that are struck out.
struct StruckOut {
    /// Whether each font is struck out.
    fonts: Vec<bool>,
    /// Whether the font of each style is struck out.
    styles: Vec<bool>,
    /// Whether each style shows white letters on no colour, or nothing.
    invisible: Vec<bool>,
    /// The numbers of the shared texts with a part that is.
    texts: BTreeSet<u32>,
}

/// What is struck out: styles by their fonts, and texts by the fonts of their parts.
fn find_struck_out(stream: &[u8]) -> StruckOut {
    const STRIKES_OUT: u16 = 0x8;
    let fonts: Vec<bool> = workbook(stream)
        .filter(|record| record.kind == FONT)
        .map(|record| u16_at(record.body, 2).is_some_and(|flags| flags & STRIKES_OUT != 0))
        .collect();
    let is_struck_out = |font: u16| is_marked(&fonts, font);
    let styles = workbook(stream).filter(|record| record.kind == STYLE).map(|record| u16_at(record.body, 0));
    let styles = styles.map(|font| font.is_some_and(is_struck_out)).collect();
    let (mut texts, mut number) = (BTreeSet::new(), 0);
    if fonts.contains(&true) {
        each_text(stream, |text| {
            if text.fonts.iter().any(|font| is_struck_out(*font)) {
                texts.insert(number);
            }
            number += 1;
        });
    }
    StruckOut { fonts, styles, invisible: invisible_styles(stream), texts }
}

/// Whether each style shows white letters on no colour, or by its number format nothing; unknown, and so none, before Excel 97.
fn invisible_styles(stream: &[u8]) -> Vec<bool> {
    const STYLE_BYTES: usize = 20;
    const FILL_AT: usize = 14;
    const FILL_SHIFT: u32 = 26;
    let is_white = |record: &Record<'_>| matches!(u16_at(record.body, 4), Some(1 | 9));
    let fonts: Vec<bool> =
        workbook(stream).filter(|record| record.kind == FONT).map(|record| is_white(&record)).collect();
    let is_empty = |record: &Record<'_>| {
        let code = record.body.get(2..).and_then(|code| format_code(code, false));
        record.kind == FORMAT && code.is_some_and(|code| shows_nothing(&code))
    };
    let empty_formats: BTreeSet<u16> =
        workbook(stream).filter(is_empty).filter_map(|record| u16_at(record.body, 0)).collect();
    let styles = workbook(stream).filter(|record| record.kind == STYLE);
    let is_invisible = |body: &[u8]| {
        let is_white = u16_at(body, 0).is_some_and(|font| is_marked(&fonts, font));
        let has_no_fill = u32_at(body, FILL_AT).is_some_and(|fill| fill >> FILL_SHIFT == 0);
        let is_empty = u16_at(body, 2).is_some_and(|format| empty_formats.contains(&format));
        body.len() == STYLE_BYTES && (is_white && has_no_fill || is_empty)
    };
    styles.map(|style| is_invisible(style.body)).collect()
}

/// Whether the font of this number is one of the marked ones.
fn is_marked(fonts: &[bool], font: u16) -> bool {
    /// There is no font of this number.
    const MISSING: usize = 4;
    let font = usize::from(font);
    fonts.get(if font > MISSING { font - 1 } else { font }).copied().unwrap_or(false)
}

/// Whether a part of a text of Excel 5 has a font that is struck out: after its letters the number of parts, and for each the place of its
/// first letter and its font, a byte each.
fn has_struck_part(body: &[u8], fonts: &[bool]) -> bool {
    let letters = u16_at(body, 6).map_or(usize::MAX, usize::from);
    let parts = body.get(8..).and_then(|text| text.get(letters..)).and_then(|parts| parts.split_first());
    parts.is_some_and(|(count, parts)| {
        let mut parts = parts.chunks_exact(2).take(usize::from(*count));
        parts.any(|part| is_marked(fonts, part[1].into()))
    })
}

/// The styles of the cells of a record.
fn styles_of_cells(kind: u16, body: &[u8]) -> impl Iterator<Item = u16> + '_ {
    let places = match kind {
        // the row, the first column, the style and the number of each cell, the last column
        SMALL_NUMBERS => (4..body.len().saturating_sub(2)).step_by(6),
        FORMULA | NUMBER | SMALL_NUMBER | TEXT | TEXT_BY_NUMBER | RICH_TEXT | TRUTH_OR_FAULT => (4..5).step_by(1),
        _ => (0..0).step_by(1),
    };
    places.filter_map(|at| u16_at(body, at))
}

fn find_hidden(begin: &[u8], struck_out: &StruckOut) -> Hidden {
    const IS_HIDDEN_ROW: u16 = 0x20;
    const HEIGHT: u16 = 0x7fff;
    const IS_HIDDEN_COLUMN: u16 = 0x1;
    let mut hidden = Hidden::default();
    let mut shape_texts = 0_u32;
    for Record { kind, body } in of_sheet(begin) {
        let row = u16_at(body, 0).map_or(1, |row| u32::from(row) + 1);
        for style in styles_of_cells(kind, body) {
            let is_in = |styles: &[bool]| styles.get(usize::from(style)).is_some_and(|is_in| *is_in);
            if is_in(&struck_out.styles) {
                hidden.strike_row(row);
            }
            if is_in(&struck_out.invisible) {
                hidden.add_invisible_row(row);
            }
        }
        match kind {
            // a height or a width of 0 shows nothing
            ROW if u16_at(body, 12).is_some_and(|flags| flags & IS_HIDDEN_ROW != 0)
                || u16_at(body, 6).is_some_and(|height| height & HEIGHT == 0) =>
            {
                hidden.hide_rows(row..=row);
            }
            COLUMNS
                if u16_at(body, 8).is_some_and(|flags| flags & IS_HIDDEN_COLUMN != 0) || u16_at(body, 4) == Some(0) =>
            {
                if let Some((first, last)) = u16_at(body, 0).zip(u16_at(body, 2)) {
                    hidden.hide_columns(usize::from(first)..usize::from(last) + 1);
                }
            }
            MERGED => {
                let ranges = (2..body.len()).step_by(8).filter_map(|at| merged_at(body, at));
                ranges.for_each(|merged| hidden.merge(merged));
            }
            NOTE => hidden.note(row, u16_at(body, 2).map_or(0, u32::from)),
            SHAPE_TEXT if u16_at(body, 10).is_some_and(|letters| letters > 0) => shape_texts += 1,
            TEXT_BY_NUMBER if u32_at(body, 6).is_some_and(|text| struck_out.texts.contains(&text)) => {
                hidden.strike_row(row);
            }
            RICH_TEXT if has_struck_part(body, &struck_out.fonts) => hidden.strike_row(row),
            _ => {}
        }
    }
    hidden.text_boxes = shape_texts.saturating_sub(u32::try_from(hidden.notes.len()).unwrap_or(u32::MAX));
    hidden
}
