//! The errors that stop a run: input that is refused as a whole, and operations that failed.
//!
//! Problems of single rows are never errors but [diagnostics](crate::base::diagnostic).

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use rustix::io::Errno;

use crate::base::cell_fault::CellFault;
use crate::base::messages::{Language, Message};
use crate::base::source_file::{Fault, SourceFile};

/// Why a run ended without its result.
#[derive(Debug)]
pub enum Error {
    /// There is no such file.
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// The path leads to something that is no regular file.
    NotAFile {
        /// The path.
        path: PathBuf,
        /// A folder, a FIFO, a device or a socket.
        kind: Message,
    },
    /// There is no file of this name, and the name is no valid pattern either.
    NotAPattern {
        /// The name with its folder.
        path: PathBuf,
    },
    /// A new file would replace one that exists.
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The folder of a new file does not exist.
    NoFolder {
        /// The folder.
        path: PathBuf,
    },
    /// The system refused: no permission, a full disk, a broken device.
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The system's error.
        fault: io::Error,
    },
    /// The file exceeds the limit of its kind.
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its size, in bytes.
        bytes: u64,
        /// The limit, in bytes.
        limit: u64,
    },
    /// The file is not text in UTF-8.
    NotText {
        /// The file.
        path: PathBuf,
    },
    /// A contract, a tariff, a price change, a network of clinics or a template with faults.
    Refused {
        /// The file.
        source: Box<SourceFile>,
        /// All its faults, in the order of its lines.
        faults: Vec<Fault>,
    },
    /// A workbook with faults.
    RefusedCells {
        /// The file.
        path: PathBuf,
        /// All its faults, each with its cell.
        faults: Vec<CellFault>,
    },
    /// A result folder holds a file that this program has not written.
    ForeignFolder {
        /// The folder.
        path: PathBuf,
        /// One such file.
        file: String,
    },
    /// A folder does not hold a complete and unchanged quote.
    NotAQuote {
        /// The folder.
        folder: PathBuf,
        /// What is wrong with it and what to do.
        reason: Message,
    },
    /// A folder does not hold a book of contracts of this version.
    NotABook {
        /// The folder.
        folder: PathBuf,
        /// What is wrong with it and what to do.
        reason: Message,
    },
    /// Another process is changing the book.
    BookLocked {
        /// The folder of the book.
        folder: PathBuf,
        /// What the process does, and its number.
        holder: String,
    },
    /// The database of a book could not be read or written.
    Register {
        /// Its file.
        path: PathBuf,
        /// The library's error.
        reason: String,
    },
    /// A file of a book is missing or differs from what was written.
    Damaged {
        /// The folder of the book.
        folder: PathBuf,
        /// Which file, and what to do.
        reason: Message,
    },
    /// The request violates the terms, the tariff or the state of the book.
    Unlawful {
        /// What is wrong and what to do.
        reason: Message,
    },
    /// An SQL engine failed or returned a wrong result.
    Engine {
        /// What is wrong and what to do.
        reason: Message,
    },
    /// A Parquet file could not be written.
    Parquet {
        /// The file.
        path: PathBuf,
        /// The library's error.
        reason: String,
    },
    /// The file is a workbook where a TOML file was expected.
    Table {
        /// The file.
        path: PathBuf,
    },
    /// The file does not begin as TOML. It may be a list of people, so that no line of it is shown.
    NotToml {
        /// The file.
        path: PathBuf,
        /// The first line with content.
        line: usize,
    },
    /// A document needs letters that no typeface has.
    NoFace {
        /// The letters, each once.
        letters: String,
    },
    /// A file changed after it was read.
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// This build of the library lacks a feature.
    NotBuilt {
        /// The feature, as `Cargo.toml` names it.
        feature: &'static str,
    },
    /// A workbook could not be written.
    Workbook {
        /// The file.
        path: PathBuf,
        /// The library's error.
        reason: String,
    },
}

impl Error {
    /// The error of reading a file.
    #[must_use]
    pub fn reading(path: &Path, fault: io::Error) -> Self {
        match fault.kind() {
            io::ErrorKind::NotFound => Self::Missing { path: path.to_owned() },
            _ => Self::Io { path: path.to_owned(), fault },
        }
    }

    /// The error of writing a file or folder.
    #[must_use]
    pub fn writing(path: &Path, fault: io::Error) -> Self {
        Self::Io { path: path.to_owned(), fault }
    }

    /// Whether the input is at fault, rather than the system or the program.
    #[must_use]
    pub const fn is_refusal(&self) -> bool {
        match self {
            Self::Missing { .. }
            | Self::NotAFile { .. }
            | Self::NotAPattern { .. }
            | Self::TooLarge { .. }
            | Self::NotText { .. }
            | Self::Table { .. }
            | Self::NotToml { .. }
            | Self::Refused { .. }
            | Self::RefusedCells { .. }
            | Self::NotAQuote { .. }
            | Self::NotABook { .. }
            | Self::Unlawful { .. }
            | Self::NoFace { .. } => true,
            Self::Exists { .. }
            | Self::NoFolder { .. }
            | Self::Io { .. }
            | Self::ForeignFolder { .. }
            | Self::BookLocked { .. }
            | Self::Register { .. }
            | Self::Damaged { .. }
            | Self::Engine { .. }
            | Self::Parquet { .. }
            | Self::Changed { .. }
            | Self::NotBuilt { .. }
            | Self::Workbook { .. } => false,
        }
    }

    /// What is wrong and what to do.
    #[must_use]
    pub fn message(&self) -> Message {
        let named = |name, path: &Path| Message::new(name).with("path", path.display().to_string());
        match self {
            Self::Missing { path } => named("file-missing", path),
            Self::NotAFile { path, kind } => named("file-special", path).with("kind", kind.clone()),
            Self::NotAPattern { path } => named("file-pattern", path),
            Self::Changed { path } => named("file-changed", path),
            Self::Exists { path } => named("file-exists", path),
            Self::NoFolder { path } => named("folder-missing", path),
            Self::Io { path, fault } => named("file-io", path).with("reason", io_reason(fault)),
            Self::TooLarge { path, bytes, limit } => named("file-too-large", path)
                .with("size", bytes.div_ceil(1024 * 1024))
                .with("limit", limit / (1024 * 1024)),
            Self::NotText { path } => named("file-not-text", path),
            Self::Table { path } => named("file-is-table", path),
            Self::NotToml { path, line } => named("file-not-toml", path).with("line", line.to_string()),
            Self::Refused { source, faults } => named("document-refused", &source.path).with("faults", faults.len()),
            Self::RefusedCells { path, faults } => named("document-refused", path).with("faults", faults.len()),
            Self::NotBuilt { feature } => Message::new("feature-not-built").with("feature", *feature),
            Self::NoFace { letters } => Message::new("face-missing").with("letters", letters.as_str()),
            Self::ForeignFolder { path, file } => named("folder-foreign", path).with("file", file.as_str()),
            Self::NotAQuote { folder, reason } => named("written-unusable", folder).with("reason", reason.clone()),
            Self::NotABook { folder, reason } | Self::Damaged { folder, reason } => {
                named("portfolio-unusable", folder).with("reason", reason.clone())
            }
            Self::BookLocked { folder, holder } => named("portfolio-held", folder).with("holder", holder.as_str()),
            Self::Register { path, reason } => named("portfolio-register", path).with("reason", reason.as_str()),
            Self::Unlawful { reason } | Self::Engine { reason } => reason.clone(),
            Self::Parquet { path, reason } | Self::Workbook { path, reason } => {
                named("file-not-made", path).with("reason", reason.as_str())
            }
        }
    }
}

/// The reason of a system error and what to do; a sentence of ours for the common kinds.
fn io_reason(fault: &io::Error) -> Message {
    match fault.kind() {
        io::ErrorKind::PermissionDenied => Message::new("io-permission"),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Message::new("io-full"),
        io::ErrorKind::FileTooLarge => Message::new("io-too-large"),
        io::ErrorKind::ReadOnlyFilesystem => Message::new("io-read-only"),
        io::ErrorKind::IsADirectory => Message::new("io-folder"),
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => Message::new("io-no-folder"),
        io::ErrorKind::InvalidFilename => Message::new("io-name"),
        io::ErrorKind::NotFound => Message::new("io-missing"),
        io::ErrorKind::OutOfMemory => Message::new("io-memory"),
        _ if fault.raw_os_error() == Some(Errno::IO.raw_os_error()) => Message::new("io-device"),
        _ if is_out_of_descriptors(fault) => Message::new("io-open-files"),
        _ => Message::new("io-other").with("reason", fault.to_string()),
    }
}

/// Whether the process, or the whole system, has as many open files as it may have.
fn is_out_of_descriptors(fault: &io::Error) -> bool {
    [Errno::MFILE, Errno::NFILE].iter().any(|limit| fault.raw_os_error() == Some(limit.raw_os_error()))
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Language::En.render(&self.message()))?;
        if let Self::Refused { source, faults } = self {
            let mut lines = source.lines();
            for fault in faults {
                write!(f, "\n{}:{}: ", source.path.display(), lines.line(fault.span.start))?;
                f.write_str(&Language::En.render(&fault.message))?;
            }
        }
        if let Self::RefusedCells { faults, .. } = self {
            for fault in faults {
                write!(f, "\n{}: {}", fault.place(), Language::En.render(&fault.message))?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { fault, .. } => Some(fault),
            _ => None,
        }
    }
}
