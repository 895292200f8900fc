//! Waits for the receipts of a run.

use std::cell::Cell;
use std::time::{Duration, Instant};

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::progress::Progress;
use crate::portfolio::reprice::work_folder::WorkFolder;

/// The parts of a run whose receipts have not come, and how long the last one is ago.
pub(super) struct Watch<'w> {
    work: &'w WorkFolder,
    patience: Duration,
    progress: &'w dyn Progress,
    missing: Vec<usize>,
    last: Cell<Instant>,
}

impl<'w> Watch<'w> {
    /// The parts without a receipt now; those with one count as progress.
    pub fn new(work: &'w WorkFolder, patience: Duration, progress: &'w dyn Progress) -> Self {
        let missing = (0..work.parts()).collect();
        let mut watch = Self { work, patience, progress, missing, last: Cell::new(Instant::now()) };
        watch.count_receipts();
        watch
    }

    /// The parts without a receipt.
    pub fn missing(&self) -> &[usize] {
        &self.missing
    }

    /// Whether every part has its receipt.
    pub fn is_complete(&self) -> bool {
        self.missing.is_empty()
    }

    /// Counts the receipts that are new.
    pub fn count_receipts(&mut self) {
        let Self { work, progress, last, .. } = self;
        self.missing.retain(|part| {
            let has_come = work.has_receipt(*part);
            if has_come {
                progress.advance(work.contracts(*part) as u64);
                last.set(Instant::now());
            }
            !has_come
        });
    }

    /// Fails where no receipt has come for too long.
    ///
    /// # Errors
    ///
    /// [`Error::Engine`] with the number of parts that are missing.
    pub fn check_patience(&self) -> Result<(), Error> {
        if self.last.get().elapsed() < self.patience {
            return Ok(());
        }
        let reason = Message::new("workers-patience")
            .with("seconds", self.patience.as_secs())
            .with("missing", self.missing.len())
            .with("parts", self.work.parts())
            .with("folder", self.work.folder().display().to_string());
        Err(Error::Engine { reason })
    }
}
