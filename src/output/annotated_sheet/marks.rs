//! A sheet to copy, and the additions to it.

use std::collections::BTreeMap;
use std::path::Path;

use crate::base::diagnostic::Severity;
use crate::base::money::Kopecks;

/// A judgement of a cell in the margin, shown by its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Highlight {
    /// As it should be.
    Good,
    /// Something is to be done.
    Doubtful,
    /// Not as it should be.
    Bad,
}

/// The content of a cell in the margin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum MarginCell {
    /// Nothing.
    Blank,
    /// Text.
    Text(String),
    /// Text on a coloured ground.
    Highlighted(String, Highlight),
    /// An amount.
    Amount(Kopecks),
}

/// A column of the margin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MarginColumn {
    /// The heading.
    pub heading: String,
    /// The width, in letters.
    pub width: u32,
}

/// The additions to one sheet: marks on cells, and the margin.
pub(crate) struct Marks {
    /// The worst severity of each marked cell, by row and column.
    pub cells: BTreeMap<(u32, u32), Severity>,
    /// The columns of the margin.
    pub columns: Vec<MarginColumn>,
    /// Their cells, by row.
    pub margin: BTreeMap<u32, Vec<MarginCell>>,
}

impl Marks {
    /// The marked columns of a row; most rows have none.
    pub(super) fn of_row(&self, row: u32) -> Vec<(u32, Severity)> {
        self.cells.range((row, 0)..=(row, u32::MAX)).map(|((_, column), severity)| (*column, *severity)).collect()
    }
}

/// A sheet that is to be copied, and the place of its table.
pub(crate) struct Original<'s> {
    /// The path of the file.
    pub path: &'s Path,
    /// The name of the file for readers.
    pub file: &'s str,
    /// The name of the sheet; empty in a file without sheets.
    pub name: &'s str,
    /// The number of the heading row.
    pub header_row: u32,
    /// The headings, by column.
    pub headings: &'s [String],
    /// The columns of dates.
    pub date_columns: Vec<usize>,
}
