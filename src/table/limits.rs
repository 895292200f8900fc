//! How large the parts of a roster may be: whatever is larger is no roster, and is refused before it fills the memory.
//!
//! The sentence that is said where one is exceeded names it, or the nearest that somebody can do something about.

/// A file has at most so many bytes.
pub const MAX_FILE_BYTES: u64 = 4 * 1024 * MEBIBYTE;
/// The parts of a workbook have at most so many bytes when they are unpacked, all together.
pub const MAX_UNPACKED_BYTES: u64 = 2 * 1024 * MEBIBYTE;
/// A part of a workbook that is held in memory whole has at most so many bytes when it is unpacked.
pub const MAX_PART_BYTES: u64 = 512 * MEBIBYTE;
/// A part of more than [`MAX_UNSUSPECTED_BYTES`] is unpacked to at most so many times its size; tables stay under 50.
pub const MAX_UNPACKED_RATIO: u64 = 250;
/// A part of so many bytes is harmless, however well it is packed.
pub const MAX_UNSUSPECTED_BYTES: u64 = 16 * MEBIBYTE;
/// A workbook has at most so many parts.
pub const MAX_PARTS: usize = 10_000;
/// A sheet has at most so many columns, as Excel's have.
pub const MAX_COLUMNS: usize = 16_384;
/// A sheet of a workbook has at most so many rows, as Excel's have.
pub const MAX_ROWS: u32 = 1_048_576;
/// A cell has at most so many bytes of text: Excel's have 32 767 letters, of four bytes at the most.
pub const MAX_CELL_BYTES: usize = 4 * 32_767;
/// A sheet of a workbook of Excel before 2007 has at most so many cells: 65 536 rows of 256 columns.
pub const MAX_DECLARED_CELLS: u64 = 65_536 * 256;
/// Between the first and the last cells of the sheets of such a workbook, or of one of LibreOffice's, there is room for at
/// most so many, all together: their readers make it, whether anything stands there or not.
pub const MAX_SPANNED_CELLS: u64 = 65_536 * 128;
/// The cells of such workbooks show at most so many letters of texts that several of them share, as often as they do.
pub const MAX_REPEATED_LETTERS: u64 = 64 * MEBIBYTE;
/// A text of more bytes is a long one, longer than any name, address or note.
pub const LONG_TEXT_BYTES: usize = 2048;
/// The long texts of a workbook's sheet have at most so many bytes, one that stands in several cells as often.
pub const MAX_LONG_TEXTS_BYTES: u64 = 64 * MEBIBYTE;
/// A census counts at most so many insured, all together.
pub const MAX_CENSUS: usize = 1_000_000;
/// A mebibyte, in which sizes are shown.
pub const MEBIBYTE: u64 = 1024 * 1024;
