//! Sums of frames: rows with the same keys become one, as a group and as a join of several tables with the same keys.

use polars::prelude::{Column, DataFrame, PolarsError, PolarsResult, SortMultipleOptions};

use crate::portfolio::export::table::Table;

/// The sums of rows by their keys, to which rows are added batch by batch.
pub(super) struct Sums {
    keys: &'static [&'static str],
    measures: &'static [&'static str],
    frame: Option<DataFrame>,
}

impl Sums {
    pub const fn new(keys: &'static [&'static str], measures: &'static [&'static str]) -> Self {
        Self { keys, measures, frame: None }
    }

    /// Adds rows, of whose columns the keys and measures count.
    pub fn add(&mut self, rows: &DataFrame) -> PolarsResult<()> {
        let columns = self.keys.iter().chain(self.measures).copied();
        let rows = rows.select(columns)?;
        let all = match self.frame.take() {
            Some(before) => before.vstack(&rows)?,
            None => rows,
        };
        self.frame = Some(sum_by(&all, self.keys, self.measures)?);
        Ok(())
    }

    /// The sums in the order of the keys, nulls last; `None` where no row was added.
    pub fn into_frame(self) -> Option<DataFrame> {
        self.frame
    }
}

/// One row for each combination of keys, with the sums of the measures, in the order of the keys, nulls last.
///
/// Amounts are decimals and counts whole numbers, so that the sums are exact.
#[expect(deprecated, reason = "the lazy frames that should replace it more than double the build, for the same sums")]
pub(super) fn sum_by(rows: &DataFrame, keys: &[&str], measures: &[&str]) -> PolarsResult<DataFrame> {
    let sums = rows.group_by_stable(keys.iter().copied())?.select(measures.iter().copied()).sum()?;
    // the library appends a word to the names of the sums
    let names = keys.iter().chain(measures);
    let columns: Vec<Column> =
        sums.columns().iter().zip(names).map(|(column, name)| column.clone().with_name((*name).into())).collect();
    let sums = DataFrame::new(sums.height(), columns)?;
    sums.sort(keys.iter().copied(), SortMultipleOptions::default().with_nulls_last(true))
}

/// The rows of sums as those of a table.
pub(super) fn typed_rows<T: Table>(sums: &DataFrame) -> PolarsResult<T> {
    T::rows(sums).ok_or_else(|| PolarsError::ComputeError("an amount has more than 18 digits".into()))
}
