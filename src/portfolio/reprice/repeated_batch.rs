//! A batch that others have repriced, repriced here once more.

use std::iter::repeat_n;
use std::path::Path;

use crate::base::error::Error;
use crate::portfolio::files::Files;
use crate::portfolio::groups::rows_of;
use crate::portfolio::register::files::Segment;
use crate::portfolio::reprice::batch;
use crate::portfolio::reprice::batch::RepricedContract;
use crate::portfolio::reprice::planned_contract::PlannedContract;
use crate::portfolio::reprice::repriced_lines;
use crate::portfolio::rows::{RepricedRows, Rows as _};
use crate::portfolio::store::{Damage, Reader};

/// A batch as it is repriced here: its figures and its repriced lines.
pub(crate) struct RepeatedBatch<'c> {
    /// The contracts.
    pub contracts: Vec<RepricedContract>,
    planned: &'c [&'c PlannedContract],
    rows: RepricedRows,
}

impl<'c> RepeatedBatch<'c> {
    /// Reprices contracts; `effective` is in days since 1970, and `folder` takes a temporary file.
    ///
    /// # Errors
    ///
    /// As [`batch::reprice`]; [`Error::Io`] where the folder cannot be written.
    pub fn new(
        files: &Files,
        planned: &'c [&'c PlannedContract],
        effective: i32,
        folder: &Path,
    ) -> Result<Self, Error> {
        let file = tempfile::NamedTempFile::new_in(folder).map_err(|fault| Error::writing(folder, fault))?;
        let mut writer = repriced_lines::create_file(file.path())?;
        let repriced = batch::reprice(files, planned, effective, &writer.encoder())?;
        repriced.lines.into_iter().try_for_each(|encoded| writer.write(encoded))?;
        let stored = writer.finish()?;
        // a file that was just written can be read
        let read = || {
            let all = Segment { file: 0, first_row: 0, rows: stored.rows() };
            rows_of(&Reader::open_file(file.path(), &stored)?, all)
        };
        let rows = read().map_err(|damage: Damage| damage.into_error(folder))?;
        Ok(Self { contracts: repriced.contracts, planned, rows })
    }

    /// The number of repriced lines.
    pub fn lines(&self) -> usize {
        self.rows.len()
    }

    /// Whether the rows of a file from `first_row` on are these lines, in this order.
    pub fn agrees(&self, reader: &Reader, first_row: u64) -> bool {
        let segment = Segment { file: 0, first_row, rows: self.lines() as u64 };
        rows_of::<RepricedRows>(reader, segment).is_ok_and(|rows| rows == self.rows)
            && self.has_numbers(reader, segment).unwrap_or(false)
    }

    /// Whether each row of a segment has the number of its contract.
    fn has_numbers(&self, reader: &Reader, segment: Segment) -> Result<bool, Damage> {
        let each = self.planned.iter().zip(&self.contracts);
        let mut expected =
            each.flat_map(|(planned, repriced)| repeat_n(planned.number.as_str(), repriced.lines_written()));
        for group in reader.groups_of(segment.first_row, segment.rows) {
            let numbers = reader.columns(group, &["number"])?.into_iter().next().flatten();
            let numbers = numbers.ok_or_else(|| reader.damage())?;
            let range = segment.range_in(reader.groups()[group].first_row, numbers.len());
            let Ok(texts) = numbers.str() else { return Ok(false) };
            if range.clone().any(|at| texts.get(at).is_none_or(|number| expected.next() != Some(number))) {
                return Ok(false);
            }
        }
        Ok(expected.next().is_none())
    }
}
