//! The folder of a run by workers: its tasks, its receipts and the files of its parts.
//!
//! Its name is made of the tasks. The same command on the same book finds it again and takes up the receipts that are there. Workers write each
//! file under its contents' name, and the receipt last, so that a second attempt at a task writes the same files.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

use crate::base::digest::sha256;
use crate::base::error::Error;
use crate::base::messages::Message;
use crate::output::permissions::{create_file, create_shared_folder};
use crate::output::staging::{lock_parent, staging_folder};
use crate::portfolio::reprice::receipt::Receipt;
use crate::portfolio::reprice::task::{Task, TaskText};
use crate::portfolio::reprice::worker;

/// The prefix of the folder's name.
const PREFIX: &str = ".kollektiv-work-";
/// The prefix of a folder whose tasks are not complete.
const UNPLANNED: &str = ".kollektiv-plan-";
/// How often the removal of a folder is tried, and the pause between two attempts.
const ATTEMPTS: usize = 20;
const PAUSE: Duration = Duration::from_millis(50);
/// The number of digits of a hash in the folder's name.
const DIGITS: usize = 16;

/// The folder of a run by workers.
#[derive(Debug)]
pub struct WorkFolder {
    folder: PathBuf,
    /// Held while the run works on it.
    _lock: File,
    /// SHA-256 of each task, and the number of its contracts.
    tasks: Vec<(String, usize)>,
}

/// The tasks of a run that is being planned.
pub(super) struct Plan {
    parent: PathBuf,
    staging: tempfile::TempDir,
    _lock: File,
    tasks: Vec<(String, usize)>,
}

impl Plan {
    /// A plan without tasks; its run's folder will stand in `parent`.
    pub fn new(parent: &Path) -> Result<Self, Error> {
        let (staging, lock) = staging_folder(parent, UNPLANNED)?;
        let parent = std::path::absolute(parent).map_err(|fault| Error::writing(parent, fault))?;
        Ok(Self { parent, staging, _lock: lock, tasks: Vec::new() })
    }

    /// The number of tasks.
    pub const fn len(&self) -> usize {
        self.tasks.len()
    }

    /// Adds the task of the next part.
    pub fn add(&mut self, task: &Task) -> Result<(), Error> {
        let TaskText { text, sha256 } = task.text();
        let path = self.staging.path().join(task_name(self.tasks.len()));
        write_synced(&path, text.as_bytes())?;
        self.tasks.push((sha256, task.contracts()));
        Ok(())
    }

    /// The folder of the run; `key` names the book and the change, and folders of other plans for them are removed.
    pub fn finish(self, key: &str) -> Result<WorkFolder, Error> {
        let Self { parent, staging, tasks, .. } = self;
        let hashes: String = tasks.iter().map(|(sha256, _)| sha256.as_str()).collect();
        let of_key = format!("{PREFIX}{}-", &sha256(key.as_bytes())[..DIGITS]);
        let folder = parent.join(format!("{of_key}{}", &sha256(hashes.as_bytes())[..DIGITS]));
        let refused = |fault| Error::writing(&folder, fault);
        let _parent_lock = lock_parent(&parent)?;
        create_shared_folder(&folder).map_err(refused)?;
        let lock = File::open(&folder).map_err(refused)?;
        if lock.try_lock().is_err() {
            let reason = Message::new("work-folder-locked").with("folder", folder.display().to_string());
            return Err(Error::Engine { reason });
        }
        for place in 0..tasks.len() {
            // a rename, so that a worker of an earlier attempt reads the whole task
            let path = folder.join(task_name(place));
            fs::rename(staging.path().join(task_name(place)), &path).map_err(|fault| Error::writing(&path, fault))?;
        }
        remove_others(&parent, &of_key, &folder);
        Ok(WorkFolder { folder, _lock: lock, tasks })
    }
}

impl WorkFolder {
    /// The path of the folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The number of parts.
    #[must_use]
    pub const fn parts(&self) -> usize {
        self.tasks.len()
    }

    /// The number of contracts of a part.
    #[must_use]
    pub fn contracts(&self, part: usize) -> usize {
        self.tasks[part].1
    }

    /// The name of the task of a part in the folder.
    #[must_use]
    pub fn task_name(part: usize) -> String {
        task_name(part)
    }

    /// The path of a file of repriced lines.
    #[must_use]
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// SHA-256 of the task of a part.
    pub(super) fn sha256(&self, part: usize) -> &str {
        &self.tasks[part].0
    }

    /// Whether the receipt of a part is there.
    #[must_use]
    pub fn has_receipt(&self, part: usize) -> bool {
        self.folder.join(worker::receipt_name(part + 1)).is_file()
    }

    /// The receipt of a part, and its SHA-256.
    pub(super) fn receipt(&self, part: usize) -> Result<(Receipt, String), Error> {
        let path = self.folder.join(worker::receipt_name(part + 1));
        let bytes = worker::read_limited(&path)?;
        if let Ok(receipt) = serde_json::from_slice(&bytes) {
            return Ok((receipt, sha256(&bytes)));
        }
        self.refuse(part);
        Err(Error::Engine { reason: Message::new("receipt-unreadable").with("part", part + 1) })
    }

    /// The task of a part, as it was planned.
    pub(super) fn task(&self, part: usize) -> Result<Task, Error> {
        let path = self.folder.join(task_name(part));
        let bytes = worker::read_limited(&path)?;
        let task = Some(bytes).filter(|bytes| sha256(bytes) == self.sha256(part));
        task.and_then(|bytes| Task::parse(&bytes)).ok_or_else(|| {
            let reason = Message::new("work-task-unreadable").with("path", path.display().to_string());
            Error::Engine { reason }
        })
    }

    /// Renames a receipt that has not passed a check, so that the next run of the command makes it again; the file stays for inspection.
    pub(super) fn refuse(&self, part: usize) {
        let name = worker::receipt_name(part + 1);
        // the check that failed matters more
        let _ = fs::rename(self.folder.join(&name), self.folder.join(format!("refused-{name}")));
    }

    /// Removes the folder at the end of a run.
    pub(super) fn remove(self) {
        // a worker of a killed run may be writing its last file; what stays is replaced by the next run of the same command
        for _ in 0..ATTEMPTS {
            if fs::remove_dir_all(&self.folder).is_ok() {
                break;
            }
            sleep(PAUSE);
        }
    }
}

fn task_name(part: usize) -> String {
    format!("task-{:05}.json", part + 1)
}

fn write_synced(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let written = create_file(path).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written.map_err(|fault| Error::writing(path, fault))
}

/// Removes the folders of earlier plans that no run works on.
fn remove_others(parent: &Path, prefix: &str, own: &Path) {
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        let is_other = entry.file_name().to_string_lossy().starts_with(prefix) && entry.path() != own;
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_other && is_folder && File::open(entry.path()).is_ok_and(|folder| folder.try_lock().is_ok()) {
            // a folder that cannot be removed now is left for the next run
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
