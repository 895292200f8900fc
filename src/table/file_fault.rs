//! Why a file cannot be read as a table, and what its sender can do.

use crate::base::diagnostic::column_letters;
use crate::base::error::Error;
use crate::base::messages::Message;
use crate::table::limits::{
    MAX_CELL_BYTES, MAX_COLUMNS, MAX_EMPTY_CELLS, MAX_FILE_BYTES, MAX_PART_BYTES, MAX_PARTS, MAX_ROWS,
    MAX_SPANNED_CELLS, MAX_UNPACKED_BYTES, MEBIBYTE,
};

/// Why a file cannot be read as a table.
#[derive(Debug)]
pub enum FileFault {
    /// It cannot be opened or read: an error of the run, and no fault of its content.
    Unread(Box<Error>),
    /// It is empty.
    Empty,
    /// It is larger than [`MAX_FILE_BYTES`].
    TooLarge(u64),
    /// A workbook with a password.
    Encrypted,
    /// A workbook that cannot be parsed, with the library's reason.
    Broken(String),
    /// A part of a workbook whose checksum, or whose entry in the zip's directory, is wrong.
    Damaged(String),
    /// This row, from 1, is stored after a later one.
    OutOfOrder(u32),
    /// A cell of this row, from 1, is stored twice.
    RepeatedCell(u32),
    /// This row, from 1, of a text is in another encoding than the rows before it.
    TwoEncodings(u32),
    /// A cell refers to a shared text by what is no number of one.
    TextNumber(String, String),
    /// Two sheets in one part of a workbook.
    SharedPart(String, String),
    /// More cell styles than Excel has, or very long ones.
    Styles,
    /// Sheets that span more cells than [`MAX_SPANNED_CELLS`], declare more than a sheet can have, or repeat more text than any table.
    Spanned,
    /// Its filled cells lie too far apart.
    Sparse,
    /// A zip without a workbook: a text document, pictures, anything.
    NoWorkbook,
    /// A workbook that unpacks to more than [`MAX_UNPACKED_BYTES`] or [`MAX_PART_BYTES`], or to suspiciously many bytes.
    Bomb,
    /// A zip of more than [`MAX_PARTS`] parts.
    ManyParts(usize),
    /// This row has more than [`MAX_COLUMNS`] columns.
    Wide(u32),
    /// This row is beyond [`MAX_ROWS`].
    Long(u32),
    /// The cell of this row and column holds more than [`MAX_CELL_BYTES`].
    LongText(u32, usize),
    /// A child of the program could not read it in the limits of memory and time.
    OverLimits,
    /// A web page under another name.
    Html,
    /// Bytes that are neither a workbook nor text.
    Binary,
    /// A quote in this row is never closed.
    OpenQuote(u32),
}

impl FileFault {
    /// What is wrong and what to do.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::Unread(error) => error.message(),
            Self::Empty => Message::new("roster-empty"),
            Self::TooLarge(bytes) => Message::new("roster-too-large")
                .with("size", bytes.div_ceil(MEBIBYTE))
                .with("limit", MAX_FILE_BYTES / MEBIBYTE),
            Self::Encrypted => Message::new("roster-encrypted"),
            Self::Broken(reason) => Message::new("roster-broken").with("reason", reason.as_str()),
            Self::Damaged(part) => Message::new("roster-damaged").with("part", part.as_str()),
            Self::OutOfOrder(row) => Message::new("roster-out-of-order").with("row", row.to_string()),
            Self::RepeatedCell(row) => Message::new("roster-repeated-cell").with("row", row.to_string()),
            Self::TwoEncodings(row) => Message::new("roster-two-encodings").with("row", row.to_string()),
            Self::TextNumber(cell, number) => {
                Message::new("roster-text-number").with("cell", cell.as_str()).with("number", number.as_str())
            }
            Self::SharedPart(first, second) => {
                Message::new("roster-shared-part").with("first", first.as_str()).with("second", second.as_str())
            }
            Self::Styles => Message::new("roster-styles"),
            Self::Sparse => Message::new("roster-sparse").with("limit", MAX_EMPTY_CELLS),
            Self::Spanned => Message::new("roster-spanned").with("limit", MAX_SPANNED_CELLS),
            Self::NoWorkbook => Message::new("roster-no-workbook"),
            Self::Bomb => Message::new("roster-bomb")
                .with("limit", MAX_UNPACKED_BYTES / MEBIBYTE)
                .with("part", MAX_PART_BYTES / MEBIBYTE),
            Self::ManyParts(parts) => Message::new("roster-many-parts").with("parts", *parts).with("limit", MAX_PARTS),
            Self::Wide(row) => Message::new("roster-wide").with("row", row.to_string()).with("limit", MAX_COLUMNS),
            Self::Long(row) => Message::new("roster-long").with("row", row.to_string()).with("limit", MAX_ROWS),
            Self::LongText(row, column) => {
                let column = column_letters(u32::try_from(*column).unwrap_or(u32::MAX));
                Message::new("roster-talkative")
                    .with("cell", format!("{column}{row}"))
                    .with("limit", MAX_CELL_BYTES / 4)
            }
            Self::OverLimits => Message::new("roster-over-limits"),
            Self::Html => Message::new("roster-html"),
            Self::Binary => Message::new("roster-binary"),
            Self::OpenQuote(row) => Message::new("roster-open-quote").with("row", row.to_string()),
        }
    }
}
