//! Workers, how to reach them, and the paths of a run as they see them.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::base::error::Error;
use crate::portfolio::reprice::work_folder::WorkFolder;
use crate::scale_out::workers::watch::Watch;

/// How long the head sleeps between two looks for receipts.
pub(super) const PAUSE: Duration = Duration::from_millis(100);

/// Who starts the workers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scheduler {
    /// This process, so many at a time.
    Local(u16),
    /// Apache Spark: the master's URL.
    Spark(String),
}

/// Workers and how to reach them.
#[derive(Debug, Clone)]
pub struct Workers {
    /// Who starts them.
    pub scheduler: Scheduler,
    /// The program that they run; this one by default.
    pub program: Option<PathBuf>,
    /// `spark-submit`; by default that of `SPARK_HOME` or of the search path.
    pub spark_submit: Option<PathBuf>,
    /// Settings of Spark, each `key=value`.
    pub settings: Vec<String>,
    /// The workers' path of the folder of the book, where that is not its path here.
    pub book_as_seen: Option<String>,
    /// The folder in which the folder of the run stands; beside the result by default.
    pub work: Option<PathBuf>,
    /// The workers' path of that folder, where that is not its path here.
    pub work_as_seen: Option<String>,
    /// How long the head waits for the next receipt.
    pub patience: Duration,
}

/// The paths of a run as the workers see them.
pub(super) struct WorkerPaths {
    /// The folder of the book.
    pub book: String,
    /// The folder of the run.
    pub work: String,
}

/// Workers that have been started; dropping them ends those that still run on this machine.
pub(super) trait RunningWorkers {
    /// Starts workers for waiting parts, and checks those that have ended.
    ///
    /// # Errors
    ///
    /// [`Error::Engine`] where a part fails again and again.
    fn supervise(&mut self, watch: &Watch<'_>) -> Result<(), Error>;

    /// Ends with all receipts there.
    fn finish(&mut self) {}
}

impl Workers {
    /// The program that the workers run.
    pub(super) fn program(&self) -> Result<PathBuf, Error> {
        let own = || std::env::current_exe().map_err(|fault| Error::reading(Path::new("/proc/self/exe"), fault));
        self.program
            .clone()
            .map_or_else(own, |program| std::path::absolute(&program).map_err(|fault| Error::reading(&program, fault)))
    }

    /// The paths of a run as the workers see them.
    pub(super) fn worker_paths(&self, book: &Path, work: &WorkFolder) -> Result<WorkerPaths, Error> {
        let book = match &self.book_as_seen {
            Some(seen) => seen.clone(),
            None => std::path::absolute(book).map_err(|fault| Error::reading(book, fault))?.display().to_string(),
        };
        let folder = work.folder();
        let work = match (&self.work_as_seen, folder.file_name()) {
            (Some(seen), Some(name)) => format!("{}/{}", seen.trim_end_matches('/'), name.to_string_lossy()),
            _ => folder.display().to_string(),
        };
        Ok(WorkerPaths { book, work })
    }
}
