//! Files that a run reads: opened without blocking, and regular files only.

use std::fs::{self, File, FileType};
use std::io;
use std::os::unix::fs::FileTypeExt;
use std::path::Path;

use rustix::fs::{Mode, OFlags};

use crate::base::error::Error;
use crate::base::messages::Message;

/// A regular file, open for reading.
#[derive(Debug)]
pub struct InputFile {
    /// The open file.
    pub file: File,
    /// Its size in bytes when it was opened.
    pub bytes: u64,
}

impl InputFile {
    /// Opens a regular file and returns at once, whatever stands at the path: a FIFO without a writer would never open, and a device may
    /// never end.
    ///
    /// # Errors
    ///
    /// [`Error::Missing`] where there is no such file, [`Error::NotAFile`] where it is a folder, a FIFO, a device or a socket,
    /// [`Error::Io`] where the system refuses.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let failed = |fault: io::Error| Error::reading(path, fault);
        // opening a device may already act on it
        refuse_special(path, fs::metadata(path).map_err(failed)?.file_type())?;
        let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let file = File::from(rustix::fs::open(path, flags, Mode::empty()).map_err(|fault| failed(fault.into()))?);
        // the path may lead to another file by now
        let found = file.metadata().map_err(failed)?;
        refuse_special(path, found.file_type())?;
        Ok(Self { file, bytes: found.len() })
    }
}

fn refuse_special(path: &Path, kind: FileType) -> Result<(), Error> {
    let name = match kind {
        kind if kind.is_file() => return Ok(()),
        kind if kind.is_dir() => "kind-folder",
        kind if kind.is_fifo() => "kind-fifo",
        kind if kind.is_socket() => "kind-socket",
        _ => "kind-device",
    };
    Err(Error::NotAFile { path: path.to_owned(), kind: Message::new(name) })
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixListener;
    use std::process::Command;

    use super::*;

    #[test]
    fn only_a_regular_file_is_opened() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::write(path("file"), "text").unwrap();
        assert!(Command::new("mkfifo").arg(path("fifo")).status().unwrap().success());
        let _listener = UnixListener::bind(path("socket")).unwrap();
        std::os::unix::fs::symlink("fifo", path("link")).unwrap();
        assert_eq!(InputFile::open(&path("file")).unwrap().bytes, 4);
        assert!(matches!(InputFile::open(&path("none")), Err(Error::Missing { .. })));
        for (name, expected) in [
            ("", "kind-folder"),
            ("fifo", "kind-fifo"),
            ("link", "kind-fifo"),
            ("socket", "kind-socket"),
            ("/dev/zero", "kind-device"),
        ] {
            let Err(Error::NotAFile { kind, .. }) = InputFile::open(&path(name)) else {
                unreachable!("{name} is no regular file")
            };
            assert_eq!(kind.name(), expected, "{name}");
        }
    }
}
