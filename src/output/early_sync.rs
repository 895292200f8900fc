//! Syncs a long file while it is written, so that little is left to sync at its end.
//!
//! The system reports a lost write once, to the next sync: an error of this sync is kept, and returned by the next call.

use std::fs::File;
use std::io;
use std::thread::{Builder, JoinHandle};

/// The bytes that are written before the next sync begins.
const BYTES_AT_ONCE: u64 = 16 << 20;

/// The sync of one file in a thread of its own.
#[derive(Debug, Default)]
pub(super) struct EarlySync {
    unsynced: u64,
    syncing: Option<JoinHandle<io::Result<()>>>,
}

impl EarlySync {
    /// Counts bytes that were written, and begins a sync if they are many and no sync is under way.
    ///
    /// # Errors
    ///
    /// That of the sync before.
    pub fn add(&mut self, bytes: usize, file: &File) -> io::Result<()> {
        self.unsynced += bytes as u64;
        if self.unsynced < BYTES_AT_ONCE || self.syncing.as_ref().is_some_and(|syncing| !syncing.is_finished()) {
            return Ok(());
        }
        self.finish()?;
        // a file that cannot be synced now is synced at its end
        let Ok(file) = file.try_clone() else { return Ok(()) };
        self.syncing = Builder::new().spawn(move || file.sync_data()).ok();
        self.unsynced = 0;
        Ok(())
    }

    /// Waits for a sync that is under way.
    ///
    /// # Errors
    ///
    /// That of the sync.
    ///
    /// # Panics
    ///
    /// Never: syncing does not panic.
    pub fn finish(&mut self) -> io::Result<()> {
        self.syncing.take().map_or(Ok(()), |syncing| syncing.join().expect("syncing does not panic"))
    }
}

#[cfg(test)]
mod tests {
    use std::io::pipe;
    use std::os::fd::OwnedFd;

    use super::*;

    #[test]
    fn many_bytes_are_synced_and_few_are_not() {
        let file = tempfile::tempfile().unwrap();
        let mut sync = EarlySync::default();
        sync.add(1, &file).unwrap();
        assert!(sync.syncing.is_none());
        sync.add(usize::try_from(BYTES_AT_ONCE).unwrap(), &file).unwrap();
        assert!(sync.syncing.is_some() && sync.unsynced == 0);
        sync.finish().unwrap();
        assert!(sync.syncing.is_none());
    }

    #[test]
    fn the_error_of_a_sync_is_returned_once() {
        let (_reader, writer) = pipe().unwrap();
        // a pipe cannot be synced
        let file = File::from(OwnedFd::from(writer));
        let mut sync = EarlySync { unsynced: BYTES_AT_ONCE, ..EarlySync::default() };
        sync.add(0, &file).unwrap();
        sync.finish().unwrap_err();
        sync.finish().unwrap();
    }
}
