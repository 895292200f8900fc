//! The cells of a plainly written sheet, one after another.

use std::io::{self, Read, Seek};
use std::sync::Mutex;

use calamine::{DataRef, ExcelDateTime};
use either::Either;
use zip::ZipArchive;

use crate::table::workbook::fast_xlsx::book::PlainBook;
use crate::table::workbook::fast_xlsx::parts::{Content, content_of};
use crate::table::workbook::fast_xlsx::pieces::{Piece, Pieces};
use crate::table::workbook::fast_xlsx::window::{Attributes, NotPlain, Tokens, Window, decoded};

/// The next thing in a sheet.
pub enum Plain<'b> {
    /// A cell.
    Cell {
        /// Its row and column, from 0.
        place: (u32, u32),
        /// Its value, or the result of its formula.
        value: DataRef<'b>,
        /// Whether it has a formula.
        has_formula: bool,
    },
    /// No cell: the sheet ends.
    End,
    /// Something that only the library may read: the reader must not be asked again.
    Strange,
}

/// The cells of a plain sheet in the order of its text.
pub struct PlainCells<'b, R> {
    book: &'b PlainBook,
    window: Window<R>,
    /// The place of the next cell, if it does not give its own.
    row: u32,
    column: u32,
    is_in_row: bool,
    /// Whether the text is a piece, which ends after any row.
    is_piece: bool,
    /// Whether the end of the rows was read.
    is_closed: bool,
}

impl<'b, R: Read> PlainCells<'b, R> {
    /// The cells of a sheet, of which `sheet_data` is the text after `<sheetData>`.
    fn new(book: &'b PlainBook, sheet_data: R) -> Self {
        Self::of_window(book, Window::new(sheet_data), false)
    }

    const fn of_window(book: &'b PlainBook, window: Window<R>, is_piece: bool) -> Self {
        Self { book, window, row: 0, column: 0, is_in_row: false, is_piece, is_closed: false }
    }

    /// The next cell.
    pub fn next(&mut self) -> Plain<'b> {
        self.read().unwrap_or(Plain::Strange)
    }

    fn read(&mut self) -> Result<Plain<'b>, NotPlain> {
        loop {
            let mut tokens = self.window.tokens()?;
            tokens.spaces();
            if self.is_in_row && tokens.take(b"<c") {
                let attributes = tokens.attributes()?;
                let place = attributes.reference.map_or(Ok((self.row, self.column)), place)?;
                let (value, has_formula) = self.book.content(attributes, &mut tokens)?;
                self.column = place.1 + 1;
                let left = tokens.left();
                self.window.move_to(left);
                return Ok(Plain::Cell { place, value, has_formula });
            }
            let is_row = !self.is_in_row && tokens.take(b"<row");
            if is_row {
                let attributes = tokens.attributes()?;
                self.row = attributes.reference.map_or(Ok(self.row), |row| index(row, MOST_DIGITS))?;
                self.is_in_row = !attributes.is_empty;
            } else if self.is_in_row {
                tokens.expect(b"</row>")?;
                self.is_in_row = false;
            } else if self.is_piece && tokens.left() == 0 {
                return Ok(Plain::End);
            } else {
                tokens.expect(b"</sheetData>")?;
                self.is_closed = true;
                return Ok(Plain::End);
            }
            if !self.is_in_row {
                self.row += 1;
                self.column = 0;
            }
            let left = tokens.left();
            self.window.move_to(left);
        }
    }
}

impl<'b> PlainCells<'b, io::Empty> {
    /// The cells of a piece of a sheet.
    pub fn of_piece(book: &'b PlainBook, piece: Piece) -> Self {
        Self::of_window(book, Window::whole(piece.buffer, piece.end), true)
    }

    /// The buffer of a piece whose cells have been read, and whether the rows of the sheet end with them.
    pub fn finish(self) -> (Vec<u8>, bool) {
        (self.window.into_buffer(), self.is_closed)
    }
}

impl PlainBook {
    /// The pieces of the sheet in a part, in buffers of some bytes; `None` where it does not begin plainly.
    pub fn pieces<'z, 's, Z: Read + Seek>(
        zip: &'z mut ZipArchive<Z>,
        part: &str,
        buffer_bytes: usize,
        spare: &'s Mutex<Vec<Vec<u8>>>,
    ) -> Option<Pieces<'s, impl Read + use<'z, Z>>> {
        match content_of(zip, part, "sheetData")? {
            Content::After(content) => Some(Pieces::new(content, buffer_bytes, spare)),
            Content::Empty => None,
        }
    }

    /// The cells of the sheet in a part; `None` where it does not begin plainly.
    pub fn cells<'b, 'z, Z: Read + Seek>(
        &'b self,
        zip: &'z mut ZipArchive<Z>,
        part: &str,
    ) -> Option<PlainCells<'b, impl Read + use<'b, 'z, Z>>> {
        let content = match content_of(zip, part, "sheetData")? {
            Content::After(content) => Either::Left(content),
            Content::Empty => Either::Right(b"</sheetData>".as_slice()),
        };
        Some(PlainCells::new(self, content))
    }

    /// The value of the cell whose attributes were just read, up to its end, and whether it has a formula.
    fn content(&self, attributes: Attributes<'_>, tokens: &mut Tokens<'_>) -> Result<(DataRef<'_>, bool), NotPlain> {
        if attributes.is_empty {
            return Ok((DataRef::Empty, false));
        }
        if attributes.kind == Some(b"inlineStr") {
            tokens.expect(b"<is>")?;
            let text = tokens.text_element()?.into_owned();
            tokens.expect(b"</is></c>")?;
            return Ok((DataRef::String(text), false));
        }
        let has_formula = tokens.take(b"<f>");
        if has_formula {
            let formula = tokens.text()?;
            // an unknown entity is a fault
            if formula.contains(&b'&') || std::str::from_utf8(formula).is_err() {
                return Err(NotPlain);
            }
            tokens.expect(b"</f>")?;
        }
        let value = if tokens.take(b"<v>") {
            let written = tokens.text()?;
            tokens.expect(b"</v>")?;
            self.value(written, attributes)?
        } else if tokens.take(b"<v/>") || tokens.take(b"<v />") {
            self.value(b"", attributes)?
        } else {
            DataRef::Empty
        };
        tokens.expect(b"</c>")?;
        Ok((value, has_formula))
    }

    /// The value of a cell with these attributes and this text.
    fn value(&self, written: &[u8], attributes: Attributes<'_>) -> Result<DataRef<'_>, NotPlain> {
        Ok(match attributes.kind {
            Some(b"str") => DataRef::String(decoded(written)?.into_owned()),
            None | Some(b"n" | b"s" | b"b" | b"e") if written.is_empty() => DataRef::Empty,
            Some(b"s") => {
                let text = self.texts.try_get(usize_of(written)?).ok_or(NotPlain)?;
                DataRef::SharedString(text)
            }
            None | Some(b"n") => {
                let number = number(written)?;
                let style = attributes.style.map(usize_of).transpose()?;
                if let Some(kind) = style.and_then(|style| self.days.get(style).copied().flatten()) {
                    return Ok(DataRef::DateTime(ExcelDateTime::new(number, kind, self.epoch_1904)));
                }
                let written = style.and_then(|style| self.patterns.text(style, number));
                written.map_or(DataRef::Float(number), DataRef::String)
            }
            Some(b"b") if written == b"1" => DataRef::Bool(true),
            Some(b"b") if written == b"0" => DataRef::Bool(false),
            Some(b"e") => {
                let fault = std::str::from_utf8(written).ok().and_then(|fault| fault.parse().ok());
                DataRef::Error(fault.ok_or(NotPlain)?)
            }
            Some(_) => return Err(NotPlain),
        })
    }
}

/// A row has no more digits.
const MOST_DIGITS: usize = 7;
/// A column has no more letters.
const MOST_LETTERS: usize = 3;

/// The row and column of a reference, from 0: `B7` is `(6, 1)`.
fn place(reference: &[u8]) -> Result<(u32, u32), NotPlain> {
    let (mut column, mut letters) = (0_u32, 0);
    for byte in reference.iter().take_while(|byte| byte.is_ascii_uppercase()).take(MOST_LETTERS) {
        column = column * 26 + u32::from(byte - b'A') + 1;
        letters += 1;
    }
    let column = column.checked_sub(1).ok_or(NotPlain)?;
    Ok((index(&reference[letters..], MOST_DIGITS)?, column))
}

/// A whole number that counts from 1, converted to count from 0.
fn index(digits: &[u8], most: usize) -> Result<u32, NotPlain> {
    let number = usize_of(digits)?;
    if digits.len() > most {
        return Err(NotPlain);
    }
    u32::try_from(number).ok().and_then(|number| number.checked_sub(1)).ok_or(NotPlain)
}

/// A whole number of a few digits.
fn usize_of(digits: &[u8]) -> Result<usize, NotPlain> {
    const MOST: usize = 9;
    if !(1..=MOST).contains(&digits.len()) {
        return Err(NotPlain);
    }
    let mut number = 0;
    for byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return Err(NotPlain);
        }
        number = number * 10 + usize::from(digit);
    }
    Ok(number)
}

/// A number as workbooks write it: `-12.5E-3`, but not `inf`.
fn number(written: &[u8]) -> Result<f64, NotPlain> {
    // nearly every number of a roster: a short whole one, a day among them
    if let Ok(whole) = usize_of(written).and_then(|whole| u32::try_from(whole).map_err(|_| NotPlain)) {
        return Ok(whole.into());
    }
    let is_of_number = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b'.' | b'E' | b'e');
    let unsigned = written.strip_prefix(b"-").unwrap_or(written);
    let has_digits_around =
        [unsigned.first(), unsigned.last()].into_iter().all(|end| end.is_some_and(u8::is_ascii_digit));
    if !has_digits_around || !written.iter().all(is_of_number) {
        return Err(NotPlain);
    }
    std::str::from_utf8(written).ok().and_then(|written| written.parse().ok()).ok_or(NotPlain)
}
