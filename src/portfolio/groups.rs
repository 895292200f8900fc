//! Row groups that several contracts share, each read once.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use rayon::prelude::*;

use crate::portfolio::files::Files;
use crate::portfolio::register::files::Segment;
use crate::portfolio::rows::Rows;
use crate::portfolio::store::{Damage, Reader};

/// The row groups of some segments, each read once.
pub struct RowGroups<'f, R> {
    files: &'f Files,
    groups: BTreeMap<(i64, usize), Result<R, Damage>>,
}

/// The rows of a segment in one row group.
pub struct RowSlice<'g, R> {
    /// The rows of the group.
    pub rows: &'g R,
    /// The places of the segment's rows among them.
    pub range: Range<usize>,
}

impl<'g, R> RowSlice<'g, R> {
    /// The row group once for each row of the segment, with the row's place in it.
    pub fn each_row(&self) -> impl Iterator<Item = (&'g R, usize)> {
        let rows = self.rows;
        self.range.clone().map(move |at| (rows, at))
    }
}

impl<'f, R: Rows + Sync> RowGroups<'f, R> {
    /// Reads the row groups of the segments, in parallel.
    #[must_use]
    pub fn read(files: &'f Files, segments: impl Iterator<Item = Segment>) -> Self {
        let readable = segments.filter_map(|segment| {
            let reader = files.get(segment.file).ok()?;
            Some(reader.groups_of(segment.first_row, segment.rows).map(move |group| (segment.file, group)))
        });
        let wanted: BTreeSet<(i64, usize)> = readable.flatten().collect();
        let read = |(file, group)| ((file, group), files.get(file).and_then(|reader| R::read(reader, group)));
        Self { files, groups: wanted.into_par_iter().map(read).collect() }
    }

    /// A copy of the rows of one of the segments, without the contract numbers.
    ///
    /// # Errors
    ///
    /// As [`RowGroups::slices`].
    pub fn rows(&self, segment: Segment) -> Result<R, Damage> {
        let mut rows = R::default();
        for slice in self.slices(segment)? {
            rows.append(slice.rows.copy_of(slice.range));
        }
        Ok(rows)
    }

    /// The rows of one of the segments.
    ///
    /// # Errors
    ///
    /// [`Damage`] where one of its row groups is not as it was written.
    pub fn slices(&self, segment: Segment) -> Result<Vec<RowSlice<'_, R>>, Damage> {
        if segment.rows == 0 {
            return Ok(Vec::new());
        }
        let reader = self.files.get(segment.file)?;
        let mut slices = Vec::new();
        for group in reader.groups_of(segment.first_row, segment.rows) {
            let Some(rows) = self.groups.get(&(segment.file, group)) else { continue };
            let rows = rows.as_ref().map_err(Clone::clone)?;
            let first_row = reader.groups()[group].first_row;
            slices.push(RowSlice { rows, range: segment.range_in(first_row, rows.len()) });
        }
        Ok(slices)
    }
}

/// Reads the rows of one segment.
///
/// # Errors
///
/// [`Damage`] where a file is not as it was written.
pub fn read_segment<R: Rows>(files: &Files, segment: Segment) -> Result<R, Damage> {
    rows_of(files.get(segment.file)?, segment)
}

/// Reads the rows of a segment of an open file.
///
/// # Errors
///
/// As [`read_segment`].
pub fn rows_of<R: Rows>(reader: &Reader, segment: Segment) -> Result<R, Damage> {
    let mut rows = R::default();
    for group in reader.groups_of(segment.first_row, segment.rows) {
        let first = reader.groups()[group].first_row;
        let mut of_group = R::read(reader, group)?;
        let range = segment.range_in(first, of_group.len());
        drop(of_group.split_off(range.end));
        rows.append(of_group.split_off(range.start));
    }
    Ok(rows)
}
