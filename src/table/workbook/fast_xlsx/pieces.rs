//! The text of a plain sheet in pieces of whole rows, cut while it is unpacked: any thread walks any piece, and no piece waits for another.
//!
//! A sheet that is not written plainly from its first to its last row has no pieces: it is read from its beginning in order. The pieces have
//! the cells of the sheet, each once, in the order of their places.

use std::io::Read;
use std::sync::Mutex;

use memchr::memmem;

use crate::table::workbook::fast_xlsx::window::NotPlain;

/// How a row begins that states its number, so that it can be walked without the rows before it.
const ROW: &[u8] = b"<row r=\"";
/// The end of the rows.
const END: &[u8] = b"</sheetData>";

/// A piece of a sheet's text.
#[derive(Debug)]
pub struct Piece {
    /// Its place among the pieces, from 0.
    pub place: usize,
    /// A buffer that begins with whole rows.
    pub buffer: Vec<u8>,
    /// The end of the rows in it; of the last piece, of the tag that ends the rows.
    pub end: usize,
    /// Whether no piece follows.
    pub is_last: bool,
}

/// Cuts the text after `<sheetData>` into pieces.
pub struct Pieces<'s, R> {
    content: R,
    /// The beginning of the next piece.
    rest: Vec<u8>,
    place: usize,
    is_over: bool,
    /// The bytes of a buffer, of which a piece fills nearly all.
    buffer_bytes: usize,
    spare: &'s Mutex<Vec<Vec<u8>>>,
}

impl<'s, R: Read> Pieces<'s, R> {
    /// The pieces of a text, whose buffers of some bytes are taken from `spare` where there are any.
    pub const fn new(content: R, buffer_bytes: usize, spare: &'s Mutex<Vec<Vec<u8>>>) -> Self {
        Self { content, rest: Vec::new(), place: 0, is_over: false, buffer_bytes, spare }
    }

    fn cut(&mut self) -> Result<Piece, NotPlain> {
        let spare = self.spare.lock().map_err(|_| NotPlain)?.pop();
        let mut buffer = spare.unwrap_or_else(|| vec![0; self.buffer_bytes]);
        let mut filled = self.rest.len();
        buffer[..filled].copy_from_slice(&self.rest);
        let mut is_all = false;
        while filled < buffer.len() && !is_all {
            let read = self.content.read(&mut buffer[filled..]).map_err(|_| NotPlain)?;
            filled += read;
            is_all = read == 0;
        }
        let text = &buffer[..filled];
        // a row at the beginning was cut off from the piece before
        let last_row = memmem::rfind(text, ROW).filter(|at| *at > 0 && !is_all);
        let end = match last_row {
            Some(at) => at,
            None => memmem::find(text, END).ok_or(NotPlain)? + END.len(),
        };
        self.rest.clear();
        if last_row.is_some() {
            self.rest.extend_from_slice(&text[end..]);
        }
        self.is_over = last_row.is_none();
        self.place += 1;
        Ok(Piece { place: self.place - 1, buffer, end, is_last: self.is_over })
    }
}

impl<R: Read> Iterator for Pieces<'_, R> {
    type Item = Result<Piece, NotPlain>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        let piece = self.cut();
        self.is_over |= piece.is_err();
        Some(piece)
    }
}
