//! The texts, styles and sheets of a plain workbook.

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use calamine::{ExcelDateTimeType, Sheet};
use zip::ZipArchive;

use crate::table::digit_pattern::DigitPatterns;
use crate::table::text_column::TextColumn;
use crate::table::workbook::fast_xlsx::parts::{WORKBOOK, has_plain_names};
use crate::table::workbook::fast_xlsx::skeleton::Skeleton;
use crate::table::workbook::fast_xlsx::texts;
use crate::table::xlsx_part::workbook_part;

/// What the cells of a plain workbook refer to, and its sheets.
#[derive(Debug, Default)]
pub struct PlainBook {
    /// The shared texts.
    pub(super) texts: TextColumn,
    /// Whether a part of a shared text may be struck out.
    pub has_strikes: bool,
    /// The styles that show a number as a day or as a duration.
    pub(super) days: Vec<Option<ExcelDateTimeType>>,
    /// Whether days are counted from 1904.
    pub epoch_1904: bool,
    /// The sheets, as the library lists them.
    pub sheets: Vec<Sheet>,
    /// The styles that write a number with leading zeros or marks.
    pub(super) patterns: DigitPatterns,
}

impl PlainBook {
    /// Reads the texts, the styles and the list of sheets of a workbook whose sheets are in these parts; `None` where they, or the zip, are
    /// not plain. A workbook that is read here the library opens too.
    pub fn open<R: Read + Seek + Clone + Send + Sync>(
        zip: &ZipArchive<R>,
        parts: &BTreeMap<String, String>,
    ) -> Option<Self> {
        if !has_plain_names(zip)? || workbook_part(&mut zip.clone())? != WORKBOOK {
            return None;
        }
        let Skeleton { sheets, days, epoch_1904 } = Skeleton::read(&mut zip.clone(), parts)?;
        let texts::PlainTexts { texts, has_strikes } = texts::read(&mut zip.clone())?;
        Some(Self { texts, has_strikes, days, epoch_1904, sheets, patterns: DigitPatterns::default() })
    }

    /// Sets the styles that write a number with leading zeros or marks, as which the cells are given then.
    pub fn with_patterns(self, patterns: DigitPatterns) -> Self {
        Self { patterns, ..self }
    }
}
