//! Row groups that are worked on together, each read once.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use rayon::prelude::*;

use crate::portfolio::register::Segment;
use crate::portfolio::rows::Rows;
use crate::portfolio::store::Damage;
use crate::portfolio::{Files, contract_state};

/// The row groups that some segments stand in, each read once.
pub struct Groups<'f, R> {
    files: &'f Files,
    groups: BTreeMap<(i64, usize), Result<R, Damage>>,
}

/// Rows of a segment that stand in one row group.
pub struct RowSlice<'g, R> {
    /// The rows of the group.
    pub rows: &'g R,
    /// Which of them are the segment's.
    pub range: Range<usize>,
}

impl<'f, R: Rows + Sync> Groups<'f, R> {
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

    /// The rows of one of the segments.
    ///
    /// # Errors
    ///
    /// [`Damage`] where a group of it is not as it was written.
    pub fn of(&self, segment: Segment) -> Result<Vec<RowSlice<'_, R>>, Damage> {
        let reader = self.files.get(segment.file)?;
        let mut pieces = Vec::new();
        for group in reader.groups_of(segment.first_row, segment.rows) {
            let Some(rows) = self.groups.get(&(segment.file, group)) else { continue };
            let rows = rows.as_ref().map_err(Clone::clone)?;
            let first_row = reader.groups()[group].first_row;
            pieces.push(RowSlice { rows, range: contract_state::within(segment, first_row, rows.len()) });
        }
        Ok(pieces)
    }
}
