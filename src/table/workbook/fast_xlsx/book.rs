//! The texts and styles to which the cells of a plain workbook refer.

use std::io::Cursor;

use calamine::ExcelDateTimeType;
use zip::ZipArchive;

use crate::table::digit_pattern::DigitPatterns;
use crate::table::text_column::TextColumn;
use crate::table::workbook::fast_xlsx::parts::{STYLES, TEXTS, WORKBOOK, has_plain_names};
use crate::table::workbook::fast_xlsx::{styles, texts};
use crate::table::xlsx_part::workbook_part;

/// The texts and styles of a plain workbook.
#[derive(Debug, Default)]
pub struct PlainBook {
    /// The shared texts.
    pub(super) texts: TextColumn,
    /// The styles that show a number as a day or as a duration.
    pub(super) days: Vec<Option<ExcelDateTimeType>>,
    pub(super) epoch_1904: bool,
    /// The styles that write a number with leading zeros or marks.
    pub(super) patterns: DigitPatterns,
}

impl PlainBook {
    /// Reads the texts and styles of a workbook; `None` where they, or the zip, are not plain.
    pub fn open(bytes: &[u8]) -> Option<Self> {
        let mut zip = ZipArchive::new(Cursor::new(bytes)).ok()?;
        if !has_plain_names(&zip)? || workbook_part(&mut zip)? != WORKBOOK {
            return None;
        }
        let texts = if zip.index_for_name(TEXTS).is_some() { texts::read(&mut zip)? } else { TextColumn::default() };
        let days = if zip.index_for_name(STYLES).is_some() { styles::days(&mut zip)? } else { Vec::new() };
        Some(Self { texts, days, ..Self::default() })
    }

    /// Sets whether the workbook counts days from 1904.
    pub fn with_epoch(self, epoch_1904: bool) -> Self {
        Self { epoch_1904, ..self }
    }

    /// Sets the styles that write a number with leading zeros or marks, as which the cells are given then.
    pub fn with_patterns(self, patterns: DigitPatterns) -> Self {
        Self { patterns, ..self }
    }
}
