//! The SQL of a repricing, for an engine that the user runs.

use std::path::Path;

use crate::base::error::Error;
use crate::portfolio::Portfolio;
use crate::portfolio::change::PriceChange;
use crate::portfolio::reprice::each_affected_batches;
use crate::scale_out::engine::job::Job;
use crate::scale_out::engine::settings::Engine;
use crate::tariff::Tariff;

/// The SQL by which an engine would reprice a book; its input is written to `folder` and stays there.
///
/// # Errors
///
/// As [`reprice`](crate::portfolio::reprice::reprice).
pub fn explain(
    book: &Portfolio,
    change: &PriceChange,
    tariff: &Tariff,
    engine: &Engine,
    folder: &Path,
) -> Result<String, Error> {
    let mut job = Job::in_folder(engine, change.effective, folder)?;
    each_affected_batches(book, change, tariff, folder, |files, batches| job.add_batches(files, batches))?;
    job.write_sql(book.folder())
}
