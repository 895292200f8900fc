//! An `.xlsx`, opened: what is plain of it is read by the program itself, and the library reads the rest after a [`Trial`].
//!
//! A workbook needs no trial as long as everything that is read of it is: its zip ends plainly and is small, its parts beside texts and sheets
//! are small, its texts are plain, no cell may be struck out, and its sheets are plain up to where they are read. All that is then held in
//! memory is bounded by the size of the file's parts as the zip states them, and every loop ends with its part; the library sees the small
//! parts alone.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;
use std::sync::Arc;

use calamine::{Reader, SheetType, SheetVisible};
use zip::ZipArchive;

use crate::table::catch_panic::catch_panic;
use crate::table::digit_pattern::DigitPatterns;
use crate::table::file_fault::FileFault;
use crate::table::hidden::Hidden;
use crate::table::trial::Trial;
use crate::table::workbook::fast_xlsx::{PlainBook, TEXTS, begins_soon};
use crate::table::workbook::sheet::Sheet;
use crate::table::workbook::xlsx_library::{Bytes, XlsxLibrary};
use crate::table::xlsx_marks::{STRIKE, find_strikes, search_sheets};
use crate::table::xlsx_part::parts_of_sheets;
use crate::table::xlsx_patterns::patterns_of_styles;
use crate::table::zip_integrity::{check_parts, is_text};

/// The parts beside texts and sheets are larger only in workbooks that are tried.
const MOST_SMALL_BYTES: u64 = 4 * 1024 * 1024;

/// An opened `.xlsx`.
pub struct XlsxBook {
    pub library: XlsxLibrary,
    /// The zip, opened once: its directory is as long as the workbook has sheets.
    pub zip: ZipArchive<Bytes>,
    /// What the cells of plainly written sheets refer to, if the workbook has such sheets.
    pub plain: Option<PlainBook>,
    /// The part of each sheet.
    pub parts: BTreeMap<String, String>,
    /// The cell styles that write a number with leading zeros or marks.
    pub patterns: DigitPatterns,
    /// Whether days are counted from 1904.
    pub epoch_1904: bool,
}

impl XlsxBook {
    /// Opens a workbook, and gives its sheets that hold cells.
    ///
    /// # Errors
    ///
    /// [`FileFault`] where it is encrypted, broken or damaged, and as [`Trial::pass`].
    pub fn open(bytes: Arc<[u8]>, trial: Trial) -> Result<(Self, Vec<Sheet>), FileFault> {
        let zip = open_zip(bytes.clone())?;
        if !has_small_parts(&zip) {
            trial.pass()?;
        }
        let parts = parts_of_sheets(&mut zip.clone())?;
        if !parts.values().all(|part| begins_soon(&mut zip.clone(), part)) {
            trial.pass()?;
        }
        let plain = || catch_panic(|| Ok(PlainBook::open(&zip, &parts))).ok().flatten();
        let (plain, searched) = rayon::join(plain, || catch_panic(|| search_sheets(&zip, &parts)));
        let mut library = XlsxLibrary::new(bytes, trial);
        let (listed, epoch_1904) = if let Some(plain) = &plain {
            (plain.sheets.clone(), plain.epoch_1904)
        } else {
            let opened = library.open()?;
            (opened.sheets_metadata().to_vec(), opened.has_1904_epoch())
        };
        let mut marks = searched?;
        let sheets: BTreeSet<&str> = parts.values().map(String::as_str).collect();
        let is_read =
            |part: &str| part.contains("/worksheets/") && sheets.contains(part) || plain.is_some() && part == TEXTS;
        let mut with_strikes = check_parts(&zip, |part| !is_read(part), STRIKE)?;
        with_strikes.extend(plain.as_ref().filter(|plain| plain.has_strikes).map(|_| TEXTS.to_owned()));
        catch_panic(|| find_strikes(&zip, &parts, &with_strikes, &mut marks, || library.trial().pass()))?;
        let with_cells = listed.into_iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
        let sheets = with_cells.map(|sheet| Sheet {
            hidden: marks.remove(&sheet.name).map_or_else(Hidden::unknown, |marks| marks.hidden),
            is_hidden: sheet.visible != SheetVisible::Visible,
            name: sheet.name,
        });
        let sheets = sheets.collect();
        let patterns = patterns_of_styles(&mut zip.clone());
        let plain = plain.map(|plain| plain.with_patterns(patterns.clone()));
        Ok((Self { library, zip, plain, parts, patterns, epoch_1904 }, sheets))
    }
}

/// Whether all parts beside texts, sheets and pictures unpack to few bytes.
fn has_small_parts(zip: &ZipArchive<Bytes>) -> bool {
    let mut zip = zip.clone();
    let mut bytes = 0_u64;
    (0..zip.len()).all(|part| {
        let Ok(entry) = zip.by_index_raw(part) else { return false };
        let Ok(name) = entry.name() else { return false };
        let is_sheet = name.contains("/worksheets/") && !name.contains("/_rels/");
        let is_read = is_text(&name) && !is_sheet && name != TEXTS;
        bytes = bytes.saturating_add(if is_read { entry.size() } else { 0 });
        bytes <= MOST_SMALL_BYTES
    })
}

/// Opens the zip of a workbook.
///
/// # Errors
///
/// [`FileFault::Broken`] where it is none.
pub fn open_zip(bytes: Arc<[u8]>) -> Result<ZipArchive<Bytes>, FileFault> {
    ZipArchive::new(Cursor::new(bytes)).map_err(|fault| FileFault::Broken(fault.to_string()))
}
