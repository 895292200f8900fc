//! What the records of a workbook before Excel 2007 hide: rows, columns, merged and struck-out cells, and the letters of old programs.

use crate::table::biff::{
    BEGINNING, END, FORMULA, NUMBER, RICH_TEXT, Record, SHEET, SMALL_NUMBER, SMALL_NUMBERS, TEXT, TEXT_BY_NUMBER,
    TRUTH_OR_FAULT, records, workbook,
};
use crate::table::bytes::{u16_at, u32_at};
use crate::table::hidden::{Hidden, Merged};

const FONT: u16 = 0x0031;
const CODE_PAGE: u16 = 0x0042;
const COLUMNS: u16 = 0x007D;
const STYLE: u16 = 0x00E0;
const MERGED: u16 = 0x00E5;
const ROW: u16 = 0x0208;
/// The version of the records of Excel 5 and 95, whose letters are bytes.
const BYTE_LETTERS: u16 = 0x0500;

/// What is known of a workbook before its cells are read.
#[derive(Debug, Default)]
pub struct XlsMarks {
    /// What is hidden of each sheet, in their order.
    pub sheets: Vec<Hidden>,
    /// Whether texts hold letters beyond ASCII in a code page that the workbook does not name.
    pub lacks_code_page: bool,
}

/// Searches the records of a workbook.
#[must_use]
pub fn find_marks(stream: &[u8]) -> XlsMarks {
    let struck_out = struck_out_styles(stream);
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
    XlsMarks { sheets: begins.iter().map(|begin| find_hidden(begin, &struck_out)).collect(), lacks_code_page }
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

/// Whether the font of each style is struck out.
fn struck_out_styles(stream: &[u8]) -> Vec<bool> {
    const STRIKES_OUT: u16 = 0x8;
    /// There is no font of this number.
    const MISSING: usize = 4;
    let fonts: Vec<bool> = workbook(stream)
        .filter(|record| record.kind == FONT)
        .map(|record| u16_at(record.body, 2).is_some_and(|flags| flags & STRIKES_OUT != 0))
        .collect();
    let font = |record: Record<'_>| u16_at(record.body, 0).map(usize::from);
    let styles = workbook(stream).filter(|record| record.kind == STYLE).map(font);
    let place = |font: usize| if font > MISSING { font - 1 } else { font };
    styles.map(|font| font.and_then(|font| fonts.get(place(font)).copied()).unwrap_or(false)).collect()
}

fn find_hidden(begin: &[u8], struck_out: &[bool]) -> Hidden {
    const IS_HIDDEN_ROW: u16 = 0x20;
    const IS_HIDDEN_COLUMN: u16 = 0x1;
    let is_struck_out =
        |style: Option<u16>| style.and_then(|style| struck_out.get(usize::from(style))).is_some_and(|struck| *struck);
    let mut hidden = Hidden::default();
    for Record { kind, body } in of_sheet(begin) {
        let row = u16_at(body, 0).map_or(1, |row| u32::from(row) + 1);
        match kind {
            ROW if u16_at(body, 12).is_some_and(|flags| flags & IS_HIDDEN_ROW != 0) => hidden.hide_rows(row..=row),
            COLUMNS if u16_at(body, 8).is_some_and(|flags| flags & IS_HIDDEN_COLUMN != 0) => {
                if let Some((first, last)) = u16_at(body, 0).zip(u16_at(body, 2)) {
                    hidden.hide_columns(usize::from(first)..usize::from(last) + 1);
                }
            }
            MERGED => {
                for at in (2..body.len()).step_by(8) {
                    if let [Some(top), Some(bottom), Some(left), Some(right)] =
                        [0, 2, 4, 6].map(|place| u16_at(body, at + place).map(u32::from))
                    {
                        hidden.merge(Merged { rows: top + 1..=bottom + 1, columns: left..=right });
                    }
                }
            }
            // the row, the first column, the style and the number of each cell, the last column
            SMALL_NUMBERS if (4..body.len()).step_by(6).any(|at| is_struck_out(u16_at(body, at))) => {
                hidden.strike_row(row);
            }
            FORMULA | NUMBER | SMALL_NUMBER | TEXT | TEXT_BY_NUMBER | RICH_TEXT | TRUTH_OR_FAULT
                if is_struck_out(u16_at(body, 4)) =>
            {
                hidden.strike_row(row);
            }
            _ => {}
        }
    }
    hidden
}
