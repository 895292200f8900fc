//! An output folder that is complete or not there.
//!
//! Files are written into a hidden folder beside the wanted one, synced, and put into its place by one rename; an earlier
//! result leaves in the same instant. What a killed run left beside is removed by the next.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use rustix::fs::{CWD, RenameFlags, renameat_with};
use sha2::{Digest, Sha256};
use tempfile::{NamedTempFile, TempDir};

use crate::base::digest::{hexadecimal, sha256};
use crate::base::error::Error;
use crate::base::messages::Message;

/// The name of the file that lists the others; a folder with it is a result of this program.
pub const MANIFEST: &str = "manifest.json";

/// A result on its way into place.
#[derive(Debug)]
pub struct Folder {
    target: PathBuf,
    staging: TempDir,
    /// Held as long as the run lives, so that nobody sweeps the staging folder up.
    _lock: File,
    written: Mutex<BTreeMap<String, Written>>,
}

/// A file of the result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// Their number.
    pub bytes: u64,
}

impl Folder {
    /// Makes room beside `target`, after a look whether it may be replaced at the end.
    ///
    /// # Errors
    ///
    /// [`Error::ForeignFolder`] where `target` holds what this program has not written, [`Error::Io`] where the system
    /// refuses.
    pub fn stage(target: &Path) -> Result<Self, Error> {
        // a link stays a link, and `.` has a name: the result goes to where they lead
        let leads_on = target.is_symlink() || target.file_name().is_none() && target.exists();
        let followed = leads_on.then(|| fs::canonicalize(target)).transpose();
        let followed = followed.map_err(|fault| Error::writing(target, fault))?;
        let target = followed.as_deref().unwrap_or(target);
        let parent = parent_of(target);
        fs::create_dir_all(parent).map_err(|fault| Error::writing(parent, fault))?;
        let name = target.file_name().map(|name| name.to_string_lossy().into_owned());
        let name = name.ok_or_else(|| Error::writing(target, io::ErrorKind::InvalidFilename.into()))?;
        let prefix = format!(".{name}.partial-");
        // one run at a time sweeps and stages, so that nobody's new folder is taken for a killed run's
        let _turn = turn(parent)?;
        refuse_foreign(target)?;
        let (room, lock) = swept_room(parent, &prefix)?;
        Ok(Self { target: target.to_owned(), staging: room, _lock: lock, written: Mutex::default() })
    }

    /// Writes one file of the result through `fill`, and syncs it.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] where the system refuses.
    pub fn write(&self, name: &str, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Error> {
        let shown = self.target.join(name);
        let mut begun = self.create(name)?;
        fill(&mut begun).map_err(|fault| Error::writing(&shown, fault))?;
        self.keep(begun)
    }

    /// Begins one file of the result, be it in a folder of its own (`notices/1.pdf`); [`Folder::keep`] ends it.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] where the system refuses.
    pub fn create(&self, name: &str) -> Result<HashedFile, Error> {
        const BUFFER_BYTES: usize = 1 << 18;
        let refused = |fault| Error::writing(&self.target.join(name), fault);
        let path = self.staging.path().join(name);
        if let Some((folder, _)) = name.rsplit_once('/') {
            fs::create_dir_all(self.staging.path().join(folder)).map_err(refused)?;
        }
        let file = File::create(path).map_err(refused)?;
        let file = BufWriter::with_capacity(BUFFER_BYTES, file);
        Ok(HashedFile { name: name.to_owned(), file, hash: Sha256::new(), bytes: 0 })
    }

    /// Ends a file: everything is on the disk, and its hash is known.
    ///
    /// # Panics
    ///
    /// If another writer has panicked.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] where the system refuses.
    pub fn keep(&self, file: HashedFile) -> Result<(), Error> {
        let shown = self.target.join(&file.name);
        let written = Written { sha256: hexadecimal(&file.hash.finalize()), bytes: file.bytes };
        let inner = file.file.into_inner().map_err(|fault| Error::writing(&shown, fault.into_error()))?;
        inner.sync_all().map_err(|fault| Error::writing(&shown, fault))?;
        self.written.lock().expect("no writer panics with the list in hand").insert(file.name, written);
        Ok(())
    }

    /// Takes in a file that somebody else has written and synced where [`Folder::room`] is.
    ///
    /// # Panics
    ///
    /// If another writer has panicked.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] where the system refuses.
    pub fn take(&self, name: &str) -> Result<(), Error> {
        let refused = |fault| Error::writing(&self.target.join(name), fault);
        let mut file = File::open(self.staging.path().join(name)).map_err(refused)?;
        let mut hash = Hash(Sha256::new());
        let bytes = io::copy(&mut file, &mut hash).map_err(refused)?;
        let written = Written { sha256: hexadecimal(&hash.0.finalize()), bytes };
        self.written.lock().expect("no writer panics with the list in hand").insert(name.to_owned(), written);
        Ok(())
    }

    /// Copies a file of another result, which has this SHA-256 by its manifest.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] where the system refuses, [`Error::NotAQuote`] where the file is not as it was written.
    pub fn adopt(&self, name: &str, from: &Path, sha256: &str) -> Result<(), Error> {
        let path = from.join(name);
        let changed =
            || Error::NotAQuote { folder: from.to_owned(), reason: Message::new("written-changed").with("file", name) };
        // nothing but a file ends
        fs::metadata(&path).ok().filter(fs::Metadata::is_file).ok_or_else(changed)?;
        let mut file = File::open(&path).map_err(|fault| Error::reading(&path, fault))?;
        self.write(name, |copy| io::copy(&mut file, copy).map(drop))?;
        let same = self.written().get(name).is_some_and(|written| written.sha256 == sha256);
        if same { Ok(()) } else { Err(changed()) }
    }

    /// Where the files are until they are published.
    #[must_use]
    pub fn room(&self) -> &Path {
        self.staging.path()
    }

    /// The files that are complete, by name.
    ///
    /// # Panics
    ///
    /// If a writer has panicked.
    #[must_use]
    pub fn written(&self) -> BTreeMap<String, Written> {
        self.written.lock().expect("no writer panics with the list in hand").clone()
    }

    /// Where the file will be, for messages.
    #[must_use]
    pub fn shown(&self, name: &str) -> PathBuf {
        self.target.join(name)
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
        // one run at a time, so that no folder comes between the look and the rename
        let _turn = turn(parent_of(&target))?;
        refuse_foreign(&target)?;
        if target.exists() {
            renameat_with(CWD, staging.path(), CWD, &target, RenameFlags::EXCHANGE)
                .map_err(|fault| refused(fault.into()))?;
            // what is in the hidden folder now is the earlier result
            lift_protection(staging.path());
            drop(staging);
        } else {
            fs::rename(staging.path(), &target).map_err(refused)?;
            let _ = staging.keep();
        }
        File::open(parent_of(&target)).and_then(|folder| folder.sync_all()).map_err(refused)
    }
}

/// Where bytes go only to be hashed.
struct Hash(Sha256);

impl Write for Hash {
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
}

impl Write for HashedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// A hidden folder for a run alone: it is removed when it is dropped, and where the run was killed by the next that asks for one
/// of this prefix. The file is to be held as long as the folder is used.
///
/// # Errors
///
/// [`Error::Io`] where the system refuses.
pub fn room(parent: &Path, prefix: &str) -> Result<(TempDir, File), Error> {
    fs::create_dir_all(parent).map_err(|fault| Error::writing(parent, fault))?;
    let _turn = turn(parent)?;
    swept_room(parent, prefix)
}

/// The same, where it is the caller's turn.
fn swept_room(parent: &Path, prefix: &str) -> Result<(TempDir, File), Error> {
    sweep(parent, prefix);
    let room = tempfile::Builder::new()
        .prefix(prefix)
        .permissions(fs::Permissions::from_mode(0o777))
        .tempdir_in(parent)
        .map_err(|fault| Error::writing(parent, fault))?;
    let lock = File::open(room.path()).map_err(|fault| Error::writing(room.path(), fault))?;
    lock.lock().map_err(|fault| Error::writing(room.path(), fault))?;
    Ok((room, lock))
}

/// The name of a file that is not finished begins so, wherever a finished one is to stand alone; what a killed run left can be known
/// by it.
pub const BEGUN: &str = ".new-";

/// A file that is not finished, in the folder where it is to stand: hidden, and removed where it is dropped before. Once it is in its
/// place it may be read by whom any other result may be read by.
///
/// # Errors
///
/// What the system says where it refuses.
pub fn begun_file(folder: &Path) -> io::Result<NamedTempFile> {
    // of which the system takes what the user has asked it to (`umask`)
    let permissions = fs::Permissions::from_mode(0o666);
    tempfile::Builder::new().prefix(BEGUN).permissions(permissions).tempfile_in(folder)
}

/// The folder in which the target stands.
pub(crate) fn parent_of(target: &Path) -> &Path {
    target.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Why a new file, which replaces no other, could not be made.
pub(crate) fn not_made(path: &Path, fault: io::Error) -> Error {
    match fault.kind() {
        io::ErrorKind::AlreadyExists => Error::Exists { path: path.to_owned() },
        io::ErrorKind::NotFound => Error::NoFolder { path: parent_of(path).to_owned() },
        _ => Error::writing(path, fault),
    }
}

/// The right to change what stands in a folder of results, until it is dropped: runs that meet wait for each other.
fn turn(parent: &Path) -> Result<File, Error> {
    let taken = File::open(parent).and_then(|folder| folder.lock().map(|()| folder));
    taken.map_err(|fault| Error::writing(parent, fault))
}

/// Refuses to replace a folder that holds anything but a result of this program.
fn refuse_foreign(target: &Path) -> Result<(), Error> {
    let entries = match fs::read_dir(target) {
        Ok(entries) => entries,
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(fault) => return Err(Error::writing(target, fault)),
    };
    let manifest: serde_json::Value =
        fs::read(target.join(MANIFEST)).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
    let own = |name: &str| name == MANIFEST && manifest["program"].is_object() || !manifest["files"][name].is_null();
    let refused = |fault| Error::writing(target, fault);
    for entry in entries {
        let entry = entry.map_err(refused)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let mut names = vec![name.clone()];
        if entry.file_type().map_err(refused)?.is_dir() {
            let inner = fs::read_dir(entry.path()).map_err(refused)?.map(|inner| {
                inner.map(|inner| format!("{name}/{}", inner.file_name().to_string_lossy())).map_err(refused)
            });
            names = inner.collect::<Result<_, _>>()?;
        }
        let foreign = if names.is_empty() { Some(name) } else { names.into_iter().find(|name| !own(name)) };
        if let Some(file) = foreign {
            return Err(Error::ForeignFolder { path: target.to_owned(), file });
        }
    }
    Ok(())
}

/// Removes what killed runs left: hidden folders that nobody holds.
fn sweep(parent: &Path, prefix: &str) {
    let Ok(entries) = fs::read_dir(parent) else { return };
    for entry in entries.flatten().filter(|entry| entry.file_name().to_string_lossy().starts_with(prefix)) {
        let free = File::open(entry.path()).is_ok_and(|folder| folder.try_lock().is_ok());
        if free {
            lift_protection(&entry.path());
            // what cannot be removed now is left for the next run
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Makes a folder removable whose owner has protected it against writing.
fn lift_protection(folder: &Path) {
    // a link is removed as a link; what it leads to stays what it is
    if fs::symlink_metadata(folder).is_ok_and(|found| found.is_dir()) {
        // somebody else's folder stays protected, and is left
        let _ = fs::set_permissions(folder, fs::Permissions::from_mode(0o700));
    }
}

/// A number of a contract as the name of a folder: what a file system or a shell takes amiss is written as `%2F`.
#[must_use]
pub fn folder_name(number: &str) -> String {
    let mut name = String::new();
    for (place, letter) in number.chars().enumerate() {
        let safe = match letter {
            '.' => place > 0,
            ' ' | '-' | '_' | '(' | ')' | '№' | '+' | ',' => true,
            _ => letter.is_alphanumeric(),
        };
        if safe {
            name.push(letter);
        } else {
            let mut bytes = [0; 4];
            for byte in letter.encode_utf8(&mut bytes).bytes() {
                name.push('%');
                name.push_str(&hexadecimal(&[byte]).to_uppercase());
            }
        }
    }
    shortened(name, number)
}

/// The name, or where a file system would not take it, as much of it as goes and a fingerprint of the whole number.
fn shortened(mut name: String, number: &str) -> String {
    const LONGEST_BYTES: usize = 200;
    const FINGERPRINT_DIGITS: usize = 16;
    if name.len() > LONGEST_BYTES {
        let end = (0..=LONGEST_BYTES).rev().find(|end| name.is_char_boundary(*end)).unwrap_or(0);
        name.truncate(end);
        name.push('~');
        name.push_str(&sha256(number.as_bytes())[..FINGERPRINT_DIGITS]);
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(target: &Path, content: &str) {
        let folder = Folder::stage(target).unwrap();
        folder.write("a.txt", |file| write!(file, "{content}")).unwrap();
        let files = folder.written().into_keys().map(|name| (name, serde_json::Value::Bool(true)));
        let manifest = serde_json::json!({ "program": {}, "files": files.collect::<serde_json::Map<_, _>>() });
        folder.write(MANIFEST, |file| write!(file, "{manifest}")).unwrap();
        folder.publish().unwrap();
    }

    #[test]
    fn a_result_takes_the_place_of_an_earlier_one() {
        let parent = tempfile::tempdir().unwrap();
        let target = parent.path().join("T-1");
        put(&target, "first");
        put(&target, "second");
        assert_eq!(fs::read_to_string(target.join("a.txt")).unwrap(), "second");
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_is_not_ours_is_not_replaced() {
        let parent = tempfile::tempdir().unwrap();
        let target = parent.path().join("T-1");
        put(&target, "first");
        fs::write(target.join("notes.txt"), "mine").unwrap();
        let fault = Folder::stage(&target).unwrap_err();
        assert!(matches!(fault, Error::ForeignFolder { file, .. } if file == "notes.txt"));
    }

    #[test]
    fn what_is_not_ours_in_an_inner_folder_is_not_replaced_either() {
        let parent = tempfile::tempdir().unwrap();
        let target = parent.path().join("T-1");
        let folder = Folder::stage(&target).unwrap();
        folder.write("inner/a.txt", |file| write!(file, "a")).unwrap();
        folder.write(MANIFEST, |file| write!(file, r#"{{"program":{{}},"files":{{"inner/a.txt":{{}}}}}}"#)).unwrap();
        folder.publish().unwrap();
        drop(Folder::stage(&target).unwrap());
        fs::write(target.join("inner/notes.txt"), "mine").unwrap();
        let fault = Folder::stage(&target).unwrap_err();
        assert!(matches!(fault, Error::ForeignFolder { file, .. } if file == "inner/notes.txt"));
    }

    #[test]
    fn an_unfinished_result_leaves_the_earlier_one_and_no_trace() {
        let parent = tempfile::tempdir().unwrap();
        let target = parent.path().join("T-1");
        put(&target, "first");
        let folder = Folder::stage(&target).unwrap();
        folder.write("a.txt", |file| write!(file, "second")).unwrap();
        drop(folder);
        assert_eq!(fs::read_to_string(target.join("a.txt")).unwrap(), "first");
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_a_killed_run_left_is_swept_up_but_not_what_a_living_one_holds() {
        let parent = tempfile::tempdir().unwrap();
        let target = parent.path().join("T-1");
        let left = parent.path().join(".T-1.partial-killed");
        fs::create_dir(&left).unwrap();
        fs::write(left.join("a.txt"), "half").unwrap();
        let living = Folder::stage(&target).unwrap();
        assert!(!left.exists());
        put(&target, "second");
        assert!(living.staging.path().exists());
    }

    #[test]
    fn a_number_with_slashes_stays_in_its_folder() {
        assert_eq!(folder_name("DMS-2026-0417"), "DMS-2026-0417");
        assert_eq!(folder_name("77/2026 ДМС"), "77%2F2026 ДМС");
        assert_eq!(folder_name("../../etc"), "%2E.%2F..%2Fetc");
        let (long, other) = (folder_name(&"/".repeat(80)), folder_name(&"/".repeat(79)));
        assert!(long.len() <= 217 && long != other, "{long}");
    }
}
