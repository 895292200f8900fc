//! How far a sheet reaches.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::output::annotated_sheet::marks::Original;
use crate::table::cell::{Cell, Row};
use crate::table::limits::{MAX_COLUMNS, MAX_ROWS};
use crate::table::source::Source;

/// The greatest width of a column, in letters.
const MAX_WIDTH: usize = 50;

/// The widths of a sheet's columns and its last rows.
#[derive(Debug, Default)]
pub(super) struct Extent {
    /// The width of each column, in letters of its longest text; 0 where the table has no text.
    pub widths: Vec<usize>,
    /// The last row of each page, both numbered from 0: a text may have more rows than a sheet.
    pub last_rows: BTreeMap<u32, u32>,
}

impl Extent {
    /// Measures a sheet; a text on all cores.
    pub fn measure(source: &mut Source, original: &Original<'_>) -> Self {
        // a file that cannot be read again is reported when its rows are copied
        let header_row = original.header_row;
        match source {
            Source::Text { text, delimiter, .. } => {
                let parts = text.whole(*delimiter).split().par_bridge().map(|part| {
                    let mut extent = Self::default();
                    let _ = part.rows(|row| extent.add(row, header_row));
                    extent
                });
                parts.reduce(Self::default, Self::join)
            }
            Source::Workbook(book) => {
                let mut extent = Self::default();
                let _ = book.rows(original.name, &mut |row| extent.add(row, header_row));
                extent
            }
        }
    }

    /// Adds a row; always `true`.
    fn add(&mut self, row: &(impl Row + ?Sized), header_row: u32) -> bool {
        let (page, at) = page_of(row.number());
        self.add_last_row(page, at);
        let width = row.width().min(MAX_COLUMNS);
        if self.widths.len() < width {
            self.widths.resize(width, 0);
        }
        if row.number() >= header_row {
            for (column, width) in self.widths.iter_mut().enumerate().take(width) {
                let letters = match row.cell(column) {
                    // no letter has less than a byte
                    Cell::Text(text) if text.len() <= *width => continue,
                    Cell::Text(text) => text.chars().count(),
                    Cell::Empty => continue,
                    _ => 10,
                };
                *width = letters.min(MAX_WIDTH).max(*width);
            }
        }
        true
    }

    fn add_last_row(&mut self, page: u32, row: u32) {
        let last = self.last_rows.entry(page).or_default();
        *last = row.max(*last);
    }

    fn join(mut self, other: Self) -> Self {
        self.widths.resize(self.widths.len().max(other.widths.len()), 0);
        for (width, other) in self.widths.iter_mut().zip(other.widths) {
            *width = other.max(*width);
        }
        for (page, row) in other.last_rows {
            self.add_last_row(page, row);
        }
        self
    }
}

/// The page of a row with this number, and its place on it, both from 0.
pub(super) const fn page_of(number: u32) -> (u32, u32) {
    ((number - 1) / MAX_ROWS, (number - 1) % MAX_ROWS)
}
