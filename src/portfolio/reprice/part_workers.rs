//! The interface to workers that price the parts of a run in other processes, on this machine or elsewhere.

use std::fmt;
use std::path::Path;

use crate::base::error::Error;
use crate::base::progress::Progress;
use crate::portfolio::reprice::work_folder::WorkFolder;

/// Workers, each of which prices one part at a time by [`work`](crate::portfolio::reprice::worker::work).
pub trait PartWorkers: fmt::Debug {
    /// The folder in which the folder of the run stands; beside the result by default. The workers write to it.
    fn work_folder(&self) -> Option<&Path>;

    /// Works until every part has its receipt; `book` is the folder of the book. A part that has one already is not worked on again.
    ///
    /// # Errors
    ///
    /// [`Error::Engine`] where a part fails again and again, or no receipt comes for too long.
    fn run(&self, book: &Path, work: &WorkFolder, progress: &dyn Progress) -> Result<(), Error>;
}
