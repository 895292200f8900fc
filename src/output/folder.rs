//! An output folder that is complete or not there.
//!
//! Files are written into a hidden folder beside the target and synced. One rename puts the folder in place; an earlier
//! result leaves in the same instant. The next run removes what a killed run left behind.

mod earlier_result;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Read as _, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use rustix::fs::{CWD, RenameFlags, renameat_with};
use serde::Serialize;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::base::digest::hexadecimal;
use crate::base::error::Error;
use crate::base::input_file::InputFile;
use crate::base::messages::Message;
use crate::output::early_sync::EarlySync;
use crate::output::excel_csv;
use crate::output::manifest::{FileEntry, MANIFEST, Program, Sealed};
use crate::output::permissions::{create_file, create_folder, folder_mode};
use crate::output::staging::{lock_parent, make_removable, new_staging_folder, parent_of};
pub use earlier_result::refusal_target;
use earlier_result::refuse_foreign;

/// A result folder that is being written.
///
/// # Example
///
/// ```
/// use std::io::Write as _;
///
/// use kollektiv::output::folder::Folder;
///
/// let parent = tempfile::tempdir()?;
/// let target = parent.path().join("result");
/// let folder = Folder::stage(&target)?;
/// folder.write("note.txt", |file| writeln!(file, "done"))?;
/// assert!(!target.exists());
/// folder.publish()?;
/// assert_eq!(std::fs::read_to_string(target.join("note.txt"))?, "done\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Folder {
    target: PathBuf,
    staging: TempDir,
    /// Keeps other runs from removing the staging folder.
    _lock: File,
    files: Mutex<BTreeMap<String, FileEntry>>,
}

impl Folder {
    /// Stages a folder beside `target`, if `target` may be replaced at the end.
    ///
    /// # Errors
    ///
    /// [`Error::ForeignFolder`] where `target` holds a file that this program has not written, [`Error::Io`] where the
    /// system refuses.
    pub fn stage(target: &Path) -> Result<Self, Error> {
        // a link stays a link, and `.` has no name: the result goes to where they lead
        let leads_on = target.is_symlink() || target.file_name().is_none() && target.exists();
        let followed = leads_on.then(|| fs::canonicalize(target)).transpose();
        let followed = followed.map_err(|fault| Error::writing(target, fault))?;
        let target = followed.as_deref().unwrap_or(target);
        let parent = parent_of(target);
        create_folder(parent).map_err(|fault| Error::writing(parent, fault))?;
        let name = target.file_name().map(|name| name.to_string_lossy().into_owned());
        let name = name.ok_or_else(|| Error::writing(target, io::ErrorKind::InvalidFilename.into()))?;
        // one run at a time, so that none removes the new folder of another as abandoned
        let _parent_lock = lock_parent(parent)?;
        refuse_foreign(target)?;
        let (staging, lock) = new_staging_folder(parent, &format!(".{name}.partial-"), folder_mode())?;
        Ok(Self { target: target.to_owned(), staging, _lock: lock, files: Mutex::default() })
    }

    /// Writes one file of the result through `fill`, and syncs it.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] where the system refuses.
    pub fn write(&self, name: &str, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Error> {
        self.fill(name, fill).and_then(|hashed| self.finish(hashed))
    }

    /// As [`Folder::write`], for a CSV file in a form that its readers have agreed on: it has no copy for Excel.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] where the system refuses.
    pub fn write_agreed(&self, name: &str, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Error> {
        self.fill(name, fill).and_then(|hashed| self.finish_alone(hashed))
    }

    fn fill(&self, name: &str, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<HashedFile, Error> {
        let mut hashed = self.create(name)?;
        fill(&mut hashed).map_err(|error| Error::writing(&self.target_path(name), error))?;
        Ok(hashed)
    }

    /// Writes a value as indented JSON with a line break at the end.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] where the system refuses.
    pub fn write_json(&self, name: &str, content: &impl Serialize) -> Result<(), Error> {
        self.write(name, |file| {
            serde_json::to_writer_pretty(&mut *file, content)?;
            file.write_all(b"\n")
        })
    }

    /// Creates one file of the result, also in an inner folder (`notices/1.pdf`); [`Folder::finish`] completes it.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] where the system refuses.
    pub fn create(&self, name: &str) -> Result<HashedFile, Error> {
        const BUFFER_BYTES: usize = 1 << 18;
        let refused = |fault| Error::writing(&self.target_path(name), fault);
        let path = self.staging.path().join(name);
        if let Some((folder, _)) = name.rsplit_once('/') {
            create_folder(&self.staging.path().join(folder)).map_err(refused)?;
        }
        let file = create_file(&path).map_err(refused)?;
        let file = BufWriter::with_capacity(BUFFER_BYTES, file);
        Ok(HashedFile { name: name.to_owned(), file, hash: Sha256::new(), bytes: 0, sync: EarlySync::default() })
    }

    /// Syncs a created file and adds it to the result, and a copy for Excel where a CSV file has one.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] where the system refuses.
    pub fn finish(&self, file: HashedFile) -> Result<(), Error> {
        let name = file.name.clone();
        self.finish_alone(file)?;
        let Some(copy_name) = excel_csv::copy_name(&name) else { return Ok(()) };
        let mut copy = self.create(&copy_name)?;
        let written = excel_csv::write_copy(|| File::open(self.staging.path().join(&name)), &mut copy);
        written.map_err(|fault| Error::writing(&self.target_path(&copy_name), fault))?;
        self.finish_alone(copy)
    }

    fn finish_alone(&self, mut file: HashedFile) -> Result<(), Error> {
        let name = file.name.clone();
        let refused = |fault| Error::writing(&self.target_path(&name), fault);
        file.sync.finish().map_err(refused)?;
        let entry = FileEntry { sha256: hexadecimal(&file.hash.finalize()), bytes: file.bytes };
        let inner = file.file.into_inner().map_err(|fault| refused(fault.into_error()))?;
        inner.sync_all().map_err(refused)?;
        self.add_entry(&name, entry);
        Ok(())
    }

    /// Adds a file that another writer has written and synced under [`Folder::staging_path`].
    ///
    /// # Errors
    ///
    /// [`Error::Io`] where the system refuses.
    pub fn add(&self, name: &str) -> Result<(), Error> {
        let refused = |fault| Error::writing(&self.target_path(name), fault);
        let mut file = File::open(self.staging.path().join(name)).map_err(refused)?;
        let mut hash = HashWriter(Sha256::new());
        let bytes = io::copy(&mut file, &mut hash).map_err(refused)?;
        self.add_entry(name, FileEntry { sha256: hexadecimal(&hash.0.finalize()), bytes });
        Ok(())
    }

    /// Copies a file of another result, and proves that it has the SHA-256 of that result's manifest.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] where the system refuses, [`Error::NotAQuote`] where the file has changed.
    pub fn copy_verified(&self, name: &str, from: &Path, sha256: &str) -> Result<(), Error> {
        let path = from.join(name);
        let changed =
            || Error::NotAQuote { folder: from.to_owned(), reason: Message::new("written-changed").with("file", name) };
        let opened = InputFile::open(&path).map_err(|error| if error.is_refusal() { changed() } else { error })?;
        self.write(name, |copy| io::copy(&mut opened.file.take(opened.bytes), copy).map(drop))?;
        let is_same = self.files().get(name).is_some_and(|entry| entry.sha256 == sha256);
        if is_same { Ok(()) } else { Err(changed()) }
    }

    /// The folder of the files until they are published.
    #[must_use]
    pub fn staging_path(&self) -> &Path {
        self.staging.path()
    }

    /// The files that are complete, by name.
    ///
    /// # Panics
    ///
    /// If a writer has panicked.
    #[must_use]
    pub fn files(&self) -> BTreeMap<String, FileEntry> {
        self.files.lock().expect("no writer panics while it holds the list").clone()
    }

    /// The path of a file in the published folder, for messages.
    #[must_use]
    pub fn target_path(&self, name: &str) -> PathBuf {
        self.target.join(name)
    }

    /// Writes the manifest: this program, the facts of the result (inputs, options, counts), and every file so far.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] where the system refuses.
    pub fn seal(&self, facts: &impl Serialize) -> Result<(), Error> {
        self.write_json(MANIFEST, &Sealed { program: Program::this(), facts, files: self.files() })
    }

    /// Puts the result into its place by one rename.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] where the system refuses; the earlier result is as it was.
    pub fn publish(self) -> Result<(), Error> {
        let Self { target, staging, .. } = self;
        let refused = |fault: io::Error| Error::writing(&target, fault);
        File::open(staging.path()).and_then(|folder| folder.sync_all()).map_err(refused)?;
        // one run at a time, so that no folder comes between the check and the rename
        let _parent_lock = lock_parent(parent_of(&target))?;
        refuse_foreign(&target)?;
        if target.exists() {
            renameat_with(CWD, staging.path(), CWD, &target, RenameFlags::EXCHANGE)
                .map_err(|fault| refused(fault.into()))?;
            // the hidden folder now holds the earlier result
            make_removable(staging.path());
            drop(staging);
        } else {
            fs::rename(staging.path(), &target).map_err(refused)?;
            let _ = staging.keep();
        }
        File::open(parent_of(&target)).and_then(|folder| folder.sync_all()).map_err(refused)
    }

    /// Adds a file that another writer has hashed, written and synced under [`Folder::staging_path`].
    ///
    /// # Panics
    ///
    /// If a writer has panicked.
    pub fn add_entry(&self, name: &str, entry: FileEntry) {
        self.files.lock().expect("no writer panics while it holds the list").insert(name.to_owned(), entry);
    }
}

/// A writer that only hashes.
struct HashWriter(Sha256);

impl Write for HashWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A file that is hashed while it is written.
#[derive(Debug)]
pub struct HashedFile {
    name: String,
    file: BufWriter<File>,
    hash: Sha256,
    bytes: u64,
    sync: EarlySync,
}

impl Write for HashedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.bytes += written as u64;
        self.sync.add(written, self.file.get_ref())?;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Publishes a folder of these files, each with its content.
    fn publish(target: &Path, files: &[(&str, &str)]) {
        let folder = Folder::stage(target).unwrap();
        for (name, content) in files {
            folder.write(name, |file| write!(file, "{content}")).unwrap();
        }
        folder.seal(&json!({})).unwrap();
        folder.publish().unwrap();
    }

    #[test]
    fn a_result_replaces_an_earlier_one() {
        let parent = tempfile::tempdir().unwrap();
        let target = parent.path().join("T-1");
        publish(&target, &[("a.txt", "first")]);
        publish(&target, &[("a.txt", "second")]);
        assert_eq!(fs::read_to_string(target.join("a.txt")).unwrap(), "second");
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_folder_with_a_foreign_file_is_not_replaced() {
        for (files, foreign) in [(["a.txt"], "notes.txt"), (["inner/a.txt"], "inner/notes.txt")] {
            let parent = tempfile::tempdir().unwrap();
            let target = parent.path().join("T-1");
            publish(&target, &files.map(|name| (name, "first")));
            drop(Folder::stage(&target).unwrap());
            fs::write(target.join(foreign), "mine").unwrap();
            let fault = Folder::stage(&target).unwrap_err();
            assert!(matches!(fault, Error::ForeignFolder { file, .. } if file == foreign));
        }
    }

    #[test]
    fn a_refusal_stands_beside_a_good_result_only() {
        let parent = tempfile::tempdir().unwrap();
        let target = parent.path().join("T-1");
        let beside = parent.path().join("T-1.refused");
        assert_eq!(refusal_target(&target).unwrap(), target);
        publish(&target, &[("diagnostics.csv", ""), ("roster-checked.xlsx", "")]);
        assert_eq!(refusal_target(&target).unwrap(), target, "the findings of a check");
        publish(&target, &[("premiums.csv", "")]);
        assert_eq!(refusal_target(&target).unwrap(), beside);
        assert_eq!(refusal_target(&target.join("../T-1/.")).unwrap(), target.join("../T-1.refused"));
        let refused = Folder::stage(&target).unwrap();
        refused.write("quote.json", |file| write!(file, "{{}}")).unwrap();
        refused.seal(&json!({ "status": "refused" })).unwrap();
        refused.publish().unwrap();
        assert_eq!(refusal_target(&target).unwrap(), target, "an earlier refusal");
    }

    #[test]
    fn an_unfinished_result_leaves_the_earlier_one_and_no_trace() {
        let parent = tempfile::tempdir().unwrap();
        let target = parent.path().join("T-1");
        publish(&target, &[("a.txt", "first")]);
        let folder = Folder::stage(&target).unwrap();
        folder.write("a.txt", |file| write!(file, "second")).unwrap();
        drop(folder);
        assert_eq!(fs::read_to_string(target.join("a.txt")).unwrap(), "first");
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 1);
    }

    #[test]
    fn the_folder_of_a_killed_run_is_removed_and_that_of_a_living_run_is_not() {
        let parent = tempfile::tempdir().unwrap();
        let target = parent.path().join("T-1");
        let left = parent.path().join(".T-1.partial-killed");
        fs::create_dir(&left).unwrap();
        fs::write(left.join("a.txt"), "half").unwrap();
        let living = Folder::stage(&target).unwrap();
        assert!(!left.exists());
        publish(&target, &[("a.txt", "second")]);
        assert!(living.staging_path().exists());
    }
}
