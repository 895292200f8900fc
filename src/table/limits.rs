//! The limits of files and tables: anything larger is refused before it fills the memory.
//!
//! The message about an exceeded limit names it, or the nearest limit that the sender can act on.

/// The most bytes of a file.
pub const MAX_FILE_BYTES: u64 = 4 * 1024 * MEBIBYTE;
/// The most bytes of all parts of a workbook, unpacked.
pub const MAX_UNPACKED_BYTES: u64 = 2 * 1024 * MEBIBYTE;
/// The most bytes of a workbook's part that is held in memory whole, unpacked.
pub const MAX_PART_BYTES: u64 = 512 * MEBIBYTE;
/// The largest ratio of unpacked to packed bytes for parts of more than [`MAX_UNSUSPECTED_BYTES`]; tables stay under 50.
pub const MAX_UNPACKED_RATIO: u64 = 250;
/// The size up to which a part is harmless, however well it is packed.
pub const MAX_UNSUSPECTED_BYTES: u64 = 16 * MEBIBYTE;
/// The most parts of a workbook.
pub const MAX_PARTS: usize = 10_000;
/// The most columns of a sheet, as in Excel.
pub const MAX_COLUMNS: usize = 16_384;
/// The most rows of a workbook's sheet, as in Excel.
pub const MAX_ROWS: u32 = 1_048_576;
/// The most bytes of a cell's text: Excel allows 32 767 letters, each at most four bytes.
pub const MAX_CELL_BYTES: usize = 4 * 32_767;
/// The most cells of a sheet before Excel 2007: 65 536 rows of 256 columns.
pub const MAX_DECLARED_CELLS: u64 = 65_536 * 256;
/// The most cells between the first and the last ones of all sheets of a workbook before Excel 2007 or of LibreOffice: the library allocates
/// them all, filled or not.
pub const MAX_SPANNED_CELLS: u64 = 65_536 * 128;
/// The most empty cells between filled ones of the rows of a sheet: a million rows have a good many columns.
pub const MAX_EMPTY_CELLS: u64 = 64 * MEBIBYTE;
/// The most letters of texts that several cells of such a workbook share, counted as often as they are shown.
pub const MAX_REPEATED_LETTERS: u64 = 64 * MEBIBYTE;
/// The most styles of a workbook's cells: Excel has 65 490, and another list of those that they are derived from.
pub const MAX_STYLES: u64 = 2 * 65_490;
/// A text of more bytes counts as long: longer than any name, address or note.
pub const LONG_TEXT_BYTES: usize = 2048;
/// The most bytes of all long texts of a workbook's sheet, counted as often as they are shown.
pub const MAX_LONG_TEXTS_BYTES: u64 = 64 * MEBIBYTE;
/// A mebibyte, the unit in which messages state sizes.
pub const MEBIBYTE: u64 = 1024 * 1024;
