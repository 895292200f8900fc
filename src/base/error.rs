//! What stops a run: input that is refused whole, and what could not be done.
//!
//! Problems of single rows are never errors but [diagnostics](crate::base::diagnostic).

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::base::messages::{Language, Message};
use crate::base::source_file::{Fault, SourceFile};

/// Why a run ended without what it was asked for.
#[derive(Debug)]
pub enum Error {
    /// There is no such file.
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// There is no file of this name, and it cannot be read as a pattern of names.
    NotAPattern {
        /// The name, in its folder.
        path: PathBuf,
    },
    /// There is a file where a new one was to be written.
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// A new file was to be written to a folder that is not there.
    NoFolder {
        /// The folder.
        path: PathBuf,
    },
    /// The system refused: no permission, a full disk, a broken device.
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        fault: io::Error,
    },
    /// The file is larger than any of its kind.
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its size.
        bytes: u64,
        /// The largest size that is read.
        limit: u64,
    },
    /// The file is not text in UTF-8.
    NotText {
        /// The file.
        path: PathBuf,
    },
    /// A contract, a tariff, a price change, a file of clinics or a template of a document with faults, all of them.
    Refused {
        /// The file.
        document: Box<SourceFile>,
        /// What is wrong with it, in the order of its lines.
        faults: Vec<Fault>,
    },
    /// An output folder that holds what this program has not written.
    ForeignFolder {
        /// The folder.
        path: PathBuf,
        /// One of the strange files.
        file: String,
    },
    /// A folder that was to be read as a quote and is none, or none that can be trusted.
    NotAQuote {
        /// The folder.
        folder: PathBuf,
        /// What is wrong with it and what to do.
        reason: Message,
    },
    /// A folder that was to be read as a book of contracts and is none, or not one of this version.
    NotABook {
        /// The folder.
        folder: PathBuf,
        /// What is wrong with it and what to do.
        reason: Message,
    },
    /// Somebody else is changing the book.
    Held {
        /// The folder of the book.
        folder: PathBuf,
        /// What they have left word of: what they do, and the number of their process.
        holder: String,
    },
    /// The register of a book could not be read or written.
    Register {
        /// Its file.
        path: PathBuf,
        /// What the library says.
        reason: String,
    },
    /// A file of a book is missing or not as it was written.
    Damaged {
        /// The folder of the book.
        folder: PathBuf,
        /// Which file, and what to do.
        reason: Message,
    },
    /// What was asked for goes against the terms, the tariff or what the book says.
    Unlawful {
        /// What is wrong and what to do.
        reason: Message,
    },
    /// An engine of SQL has not done what it was asked for.
    Engine {
        /// What is wrong and what to do.
        reason: Message,
    },
    /// A Parquet file could not be made.
    Parquet {
        /// The file.
        path: PathBuf,
        /// What the library says.
        reason: String,
    },
    /// A workbook stands where a document was expected.
    Table {
        /// The file.
        path: PathBuf,
    },
    /// A text that does not begin as TOML stands where a document was expected; it may be a list of people, and nothing of it is shown.
    NotToml {
        /// The file.
        path: PathBuf,
        /// The first line that says anything.
        line: usize,
    },
    /// A text of a document has letters that no face has.
    NoFace {
        /// The letters, each once.
        letters: String,
    },
    /// A file that was read is another by now.
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// A workbook could not be made.
    Workbook {
        /// The file.
        path: PathBuf,
        /// What the library says.
        reason: String,
    },
}

impl Error {
    /// What the system says of a file that was to be read.
    #[must_use]
    pub fn reading(path: &Path, fault: io::Error) -> Self {
        match fault.kind() {
            io::ErrorKind::NotFound => Self::Missing { path: path.to_owned() },
            _ => Self::Io { path: path.to_owned(), fault },
        }
    }

    /// What the system says of a file or folder that was to be written.
    #[must_use]
    pub fn writing(path: &Path, fault: io::Error) -> Self {
        Self::Io { path: path.to_owned(), fault }
    }

    /// Whether the input is at fault, and not the system or the program.
    #[must_use]
    pub const fn is_refusal(&self) -> bool {
        match self {
            Self::Missing { .. }
            | Self::NotAPattern { .. }
            | Self::TooLarge { .. }
            | Self::NotText { .. }
            | Self::Table { .. }
            | Self::NotToml { .. }
            | Self::Refused { .. }
            | Self::NotAQuote { .. }
            | Self::NotABook { .. }
            | Self::Unlawful { .. }
            | Self::NoFace { .. } => true,
            Self::Exists { .. }
            | Self::NoFolder { .. }
            | Self::Io { .. }
            | Self::ForeignFolder { .. }
            | Self::Held { .. }
            | Self::Register { .. }
            | Self::Damaged { .. }
            | Self::Engine { .. }
            | Self::Parquet { .. }
            | Self::Changed { .. }
            | Self::Workbook { .. } => false,
        }
    }

    /// What is wrong and what to do.
    #[must_use]
    pub fn message(&self) -> Message {
        let named = |name, path: &Path| Message::new(name).with("path", path.display().to_string());
        match self {
            Self::Missing { path } => named("file-missing", path),
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
            Self::Refused { document, faults } => {
                named("document-refused", &document.path).with("faults", faults.len())
            }
            Self::NoFace { letters } => Message::new("face-missing").with("letters", letters.as_str()),
            Self::ForeignFolder { path, file } => named("folder-foreign", path).with("file", file.as_str()),
            Self::NotAQuote { folder, reason } => named("written-unusable", folder).with("reason", reason.clone()),
            Self::NotABook { folder, reason } | Self::Damaged { folder, reason } => {
                named("portfolio-unusable", folder).with("reason", reason.clone())
            }
            Self::Held { folder, holder } => named("portfolio-held", folder).with("holder", holder.as_str()),
            Self::Register { path, reason } => named("portfolio-register", path).with("reason", reason.as_str()),
            Self::Unlawful { reason } | Self::Engine { reason } => reason.clone(),
            Self::Parquet { path, reason } | Self::Workbook { path, reason } => {
                named("file-not-made", path).with("reason", reason.as_str())
            }
        }
    }
}

/// Why the system refuses and what to do, in words where it says so often.
#[must_use]
pub fn io_reason(fault: &io::Error) -> Message {
    match fault.kind() {
        io::ErrorKind::PermissionDenied => Message::new("io-permission"),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Message::new("io-full"),
        io::ErrorKind::FileTooLarge => Message::new("io-too-large"),
        io::ErrorKind::ReadOnlyFilesystem => Message::new("io-read-only"),
        io::ErrorKind::IsADirectory => Message::new("io-folder"),
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => Message::new("io-no-folder"),
        io::ErrorKind::InvalidFilename => Message::new("io-name"),
        io::ErrorKind::NotFound => Message::new("io-missing"),
        _ => Message::new("io-other").with("reason", fault.to_string()),
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Language::En.say(&self.message()))?;
        if let Self::Refused { document, faults } = self {
            let mut lines = document.lines();
            for fault in faults {
                write!(f, "\n{}:{}: ", document.path.display(), lines.of(fault.span.start))?;
                f.write_str(&Language::En.say(&fault.message))?;
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
