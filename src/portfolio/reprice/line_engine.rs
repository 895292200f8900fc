//! The interface to engines that price the lines of a change outside this process.
//!
//! Without an engine the program prices the lines itself. An engine must come to the same kopecks: it receives all batches first, works and
//! writes the repriced lines, and then returns the figures batch by batch in the same order.

use std::fmt;
use std::path::Path;

use jiff::civil::Date;

use crate::base::error::Error;
use crate::portfolio::files::Files;
use crate::portfolio::reprice::batch::{AffectedContract, RepricedContract};
use crate::portfolio::reprice::part_files::PartFile;
use crate::portfolio::reprice::planned_contract::PlannedContract;

/// An engine that prices lines.
pub trait LineEngine: fmt::Debug {
    /// Starts a job for a change that is effective on a day; `out` is the folder of the result.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] where the system refuses.
    fn start(&self, effective: Date, out: &Path) -> Result<Box<dyn EngineJob + '_>, Error>;
}

/// The work of an engine on one change.
pub trait EngineJob {
    /// Adds batches of contracts, in the order of their lines.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] or [`Error::Parquet`] where the engine's input cannot be written.
    fn add(&mut self, files: &Files, batches: &[Vec<AffectedContract>]) -> Result<(), Error>;

    /// Prices everything that was added; `book` is the folder of the book. Returns the number of files of repriced lines that the engine
    /// has written.
    ///
    /// # Errors
    ///
    /// [`Error::Engine`] where the engine is missing, fails, or leaves unreadable results.
    fn run(&mut self, book: &Path) -> Result<usize, Error>;

    /// The figures of the next batch, which has these contracts; `None` where the program has to price the batch itself.
    ///
    /// # Errors
    ///
    /// [`Error::Engine`] where the results are unreadable, or the lines of a contract are not in their place.
    fn next_batch(&mut self, contracts: &[AffectedContract]) -> Result<Option<Box<dyn EngineBatch>>, Error>;

    /// Ends the run, after the last batch: the files of repriced lines, in their order, each row of which belongs to a contract.
    ///
    /// # Errors
    ///
    /// [`Error::Engine`] where a file has other rows.
    fn finish(&mut self) -> Result<Vec<PartFile>, Error>;

    /// The number of contracts that the engine has priced.
    fn priced_contracts(&self) -> usize;
}

/// The figures of an engine for one batch.
pub trait EngineBatch: Send + Sync {
    /// Checks the figures against the book; `effective` is in days since 1970. The lines are in the engine's files.
    ///
    /// # Errors
    ///
    /// [`Error::Engine`] with the check that the figures do not pass; [`Error::Damaged`] where the book cannot be read.
    fn check(
        &self,
        files: &Files,
        contracts: &[&PlannedContract],
        effective: i32,
    ) -> Result<Vec<RepricedContract>, Error>;
}
