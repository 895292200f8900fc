//! The head of a run by workers: starts them and waits for receipts.

use std::path::Path;
use std::thread::sleep;

use crate::base::error::Error;
use crate::base::progress::Progress;
use crate::portfolio::reprice::part_workers::PartWorkers;
use crate::portfolio::reprice::work_folder::WorkFolder;
use crate::scale_out::workers::settings::{PAUSE, RunningWorkers, Scheduler, Workers};
use crate::scale_out::workers::watch::Watch;
use crate::scale_out::workers::{local, spark};

impl PartWorkers for Workers {
    fn work_folder(&self) -> Option<&Path> {
        self.work.as_deref()
    }

    fn run(&self, book: &Path, work: &WorkFolder, progress: &dyn Progress) -> Result<(), Error> {
        let mut watch = Watch::new(work, self.patience, progress);
        if watch.is_complete() {
            return Ok(());
        }
        let paths = self.worker_paths(book, work)?;
        let mut running: Box<dyn RunningWorkers + '_> = match &self.scheduler {
            Scheduler::Local(processes) => Box::new(local::Processes::new(self, paths, work, usize::from(*processes))?),
            Scheduler::Spark(master) => Box::new(spark::Submitted::new(self, master, &paths, work, &watch)?),
        };
        loop {
            running.supervise(&watch)?;
            watch.count_receipts();
            if watch.is_complete() {
                running.finish();
                return Ok(());
            }
            watch.check_patience()?;
            sleep(PAUSE);
        }
    }
}
