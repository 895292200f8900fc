//! A sheet to copy, and the additions to it.

use std::collections::BTreeMap;
use std::collections::btree_map::Range;
use std::iter::Peekable;
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

/// The additions to one sheet: marks on cells, and the content of the margin.
pub(crate) struct Marks {
    /// The worst severity of each marked cell, by row and column.
    pub cells: BTreeMap<(u32, u32), Severity>,
    /// The cells of the margin, by row.
    pub margin: BTreeMap<u32, Vec<MarginCell>>,
}

impl Marks {
    /// The marks of the rows from this one on.
    pub(super) fn of_rows_from(&self, row: u32) -> RowMarks<'_> {
        RowMarks { cells: self.cells.range((row, 0)..).peekable(), margin: self.margin.range(row..).peekable() }
    }
}

/// The marks of cells that are asked for row by row, and in a row from left to right: most rows have none.
pub(super) struct RowMarks<'m> {
    cells: Peekable<Range<'m, (u32, u32), Severity>>,
    margin: Peekable<Range<'m, u32, Vec<MarginCell>>>,
}

impl<'m> RowMarks<'m> {
    /// The worst severity of a cell.
    pub fn cell(&mut self, row: u32, column: u32) -> Option<Severity> {
        while self.cells.next_if(|(place, _)| **place < (row, column)).is_some() {}
        self.cells.next_if(|(place, _)| **place == (row, column)).map(|(_, severity)| *severity)
    }

    /// The cells in the margin of a row.
    pub fn margin(&mut self, row: u32) -> Option<&'m [MarginCell]> {
        while self.margin.next_if(|(other, _)| **other < row).is_some() {}
        self.margin.next_if(|(other, _)| **other == row).map(|(_, cells)| cells.as_slice())
    }
}

/// A sheet that is to be copied, and the place of its table.
pub(super) struct Original<'s> {
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
