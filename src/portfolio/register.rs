//! The register of a book: an SQLite database, to which each run adds its rows in one transaction.

pub(crate) mod chain;
pub(crate) mod changes;
pub(crate) mod contracts;
pub(crate) mod erasure;
pub(crate) mod events;
pub(crate) mod files;
pub(crate) mod payments;
mod values;
pub(crate) mod versions;
pub(crate) mod warnings;

pub use chain::{BrokenLink, EVERYTHING, ProvedTables, broken_links};
pub use changes::*;
pub use contracts::*;
pub use events::*;
pub use files::*;
pub use payments::*;
pub use versions::*;
pub use warnings::*;

use std::fmt::Write as _;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension, Transaction, TransactionBehavior};

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::output::permissions::create_file;
use crate::portfolio::lock::{BookLock, Lease};
use crate::portfolio::register::chain::Chain;

/// The name of the register's file.
pub const NAME: &str = "register.sqlite";
/// The application id of a register: `KOLL`.
const APPLICATION: i32 = 0x4b4f_4c4c;
/// The version of the tables in `schema.sql`.
const SCHEMA: i32 = 5;
/// The statements that create the tables.
pub(crate) const TABLES: &str = include_str!("schema.sql");
/// The number of statements that stay prepared: more than any run uses, so that none is prepared for each contract.
const STATEMENTS: usize = 64;
/// The journal of a register: readers and writers do not wait for each other.
const JOURNAL: &str = "wal";
/// The journal while personal data are erased, and until the file is written anew.
const JOURNAL_OF_ERASURE: &str = "delete";
/// The compiler keeps a connection to one thread at a time, so that the library needs no lock for each value.
const ONE_THREAD: OpenFlags = OpenFlags::SQLITE_OPEN_NO_MUTEX;
/// How long a reader waits for a commit in progress.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(10);

/// The register, opened.
#[derive(Debug)]
pub struct Register {
    connection: Connection,
    path: PathBuf,
    /// Who runs what comes, and why.
    pub signature: Signature,
    /// The number under which a process that changes the book holds it.
    pub lease: Option<Lease>,
    /// Held where no snapshot of SQLite keeps other processes from changing the register while it is read.
    _lock: Option<BookLock>,
}

/// Who runs something, and why; it stands in the register and in no figure.
#[derive(Debug, Default, Clone)]
pub struct Signature {
    /// Who.
    pub by: Option<String>,
    /// Why.
    pub note: Option<String>,
}

impl Register {
    /// Opens the register of a book.
    ///
    /// # Errors
    ///
    /// [`Error::NotABook`] where there is none, or its tables are of another version.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        let path = folder.join(NAME);
        match std::fs::metadata(&path) {
            Ok(found) if found.is_file() => {}
            Err(fault) if !matches!(fault.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                return Err(Error::reading(&path, fault));
            }
            _ => return Err(Error::NotABook { folder: folder.to_owned(), reason: Message::new("portfolio-none") }),
        }
        let opened = Self::connect(folder, &path);
        if let Err(Error::NotABook { .. }) = opened {
            // SQLite reports an unreadable disk as damage
            let read = std::fs::File::open(&path).and_then(|mut file| std::io::copy(&mut file, &mut std::io::sink()));
            read.map_err(|fault| Error::reading(&path, fault))?;
            return Self::connect(folder, &path);
        }
        opened
    }

    /// Connects to a register, and checks that it is one of this version.
    fn connect(folder: &Path, path: &Path) -> Result<Self, Error> {
        // a reader recovers the journal of a killed run, for which it needs to write
        let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | ONE_THREAD)
            .or_else(|_| Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | ONE_THREAD))
            .map_err(|fault| register_error(path, &fault))?;
        Self { connection, path: path.to_owned(), signature: Signature::default(), lease: None, _lock: None }
            .checked(folder)
    }

    /// Opens the register of a book to read it as it is now, unaffected by other processes.
    ///
    /// # Errors
    ///
    /// As [`Register::open`].
    pub fn open_snapshot(folder: &Path) -> Result<Self, Error> {
        let opened = Self::open(folder).and_then(|register| {
            register.take_snapshot()?;
            Ok(register)
        });
        match opened {
            Err(fault @ Error::Register { .. }) => Self::open_immutable(folder).ok_or(fault),
            opened => opened,
        }
    }

    /// Opens the register where SQLite cannot create its shared files, because the folder is read-only or the disk full. The shared
    /// lock keeps other processes from changing the book.
    fn open_immutable(folder: &Path) -> Option<Self> {
        let lock = BookLock::acquire_shared(folder)?;
        let path = folder.join(NAME);
        // an immutable database ignores its journals, so there may be none to recover
        let unfinished = ["-wal", "-journal"].map(|end| folder.join(format!("{NAME}{end}")));
        if unfinished.iter().any(|path| std::fs::metadata(path).is_ok_and(|found| found.len() > 0)) {
            return None;
        }
        let mut name = String::from("file:");
        for byte in std::path::absolute(&path).ok()?.to_str()?.bytes() {
            let _ = if byte.is_ascii_alphanumeric() || b"/-_.".contains(&byte) {
                write!(name, "{}", char::from(byte))
            } else {
                write!(name, "%{byte:02X}")
            };
        }
        name.push_str("?immutable=1");
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | ONE_THREAD;
        let connection = Connection::open_with_flags(name, flags).ok()?;
        Self { connection, path, signature: Signature::default(), lease: None, _lock: Some(lock) }.checked(folder).ok()
    }

    /// Configures the connection, and checks that this is a register of this version.
    fn checked(self, folder: &Path) -> Result<Self, Error> {
        let register = self;
        register.connection.busy_timeout(PATIENCE).map_err(|fault| register.fault(&fault))?;
        register.connection.set_prepared_statement_cache_capacity(STATEMENTS);
        keep_query_plans(&register.connection).map_err(|fault| register.fault(&fault))?;
        let pragma = |name| register.connection.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
        match (pragma("application_id"), pragma("user_version")) {
            (Ok(APPLICATION), Ok(SCHEMA)) => Ok(register),
            (Ok(APPLICATION), Ok(_)) => {
                Err(Error::NotABook { folder: folder.to_owned(), reason: Message::new("portfolio-version") })
            }
            (Ok(_), Ok(_)) => {
                Err(Error::NotABook { folder: folder.to_owned(), reason: Message::new("portfolio-none") })
            }
            (Err(fault), _) | (_, Err(fault)) => match fault.sqlite_error_code() {
                Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
                    Err(Error::NotABook { folder: folder.to_owned(), reason: Message::new("portfolio-no-register") })
                }
                _ => Err(register.fault(&fault)),
            },
        }
    }

    /// Starts a read transaction, which sees the register as it is now.
    fn take_snapshot(&self) -> Result<(), Error> {
        // the snapshot is taken by the first read
        let read = "BEGIN; SELECT count(*) FROM run";
        self.connection.execute_batch(read).map_err(|fault| self.fault(&fault))
    }

    /// Creates the register of a new book, or opens the one that exists.
    ///
    /// # Errors
    ///
    /// As [`Register::open`]; [`Error::Register`] where the system refuses.
    pub fn create(folder: &Path) -> Result<Self, Error> {
        let path = folder.join(NAME);
        // where the system does not answer, a book may be there
        if !path.try_exists().map_err(|fault| Error::reading(&path, fault))? {
            Self::create_file(folder, &path)?;
        }
        Self::open(folder)
    }

    /// The register of a book that does not exist yet: in memory, and without rows.
    ///
    /// # Errors
    ///
    /// [`Error::Register`] where the library refuses.
    pub fn empty(folder: &Path) -> Result<Self, Error> {
        let path = folder.join(NAME);
        let refused = |fault| register_error(&path, &fault);
        let connection = Connection::open_in_memory().map_err(refused)?;
        connection.execute_batch(TABLES).map_err(refused)?;
        Ok(Self { connection, path, signature: Signature::default(), lease: None, _lock: None })
    }

    /// Creates an empty register under another name first, so that a killed run leaves no incomplete one.
    fn create_file(folder: &Path, path: &Path) -> Result<(), Error> {
        let aside = folder.join(format!(".{NAME}.new"));
        let refused = |fault| register_error(path, &fault);
        let _ = std::fs::remove_file(&aside);
        // with the permissions of a book: the library's files beside it follow it
        create_file(&aside).map_err(|fault| Error::writing(&aside, fault))?;
        let connection = Connection::open(&aside).map_err(refused)?;
        connection.pragma_update(None, "application_id", APPLICATION).map_err(refused)?;
        connection.pragma_update(None, "user_version", SCHEMA).map_err(refused)?;
        connection.execute_batch(TABLES).map_err(refused)?;
        connection.close().map_err(|(_, fault)| refused(fault))?;
        std::fs::rename(&aside, path)
            .and_then(|()| std::fs::File::open(folder)?.sync_all())
            .map_err(|fault| Error::writing(path, fault))
    }

    fn fault(&self, fault: &rusqlite::Error) -> Error {
        register_error(&self.path, fault)
    }

    /// Runs a query.
    ///
    /// # Errors
    ///
    /// [`Error::Register`] where it cannot be read.
    pub fn read<T>(&self, read: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, Error> {
        read(&self.connection).map_err(|fault| self.fault(&fault))
    }

    /// Adds a run and the rows that `add` writes for it, in one transaction; `add` receives the number of the run.
    ///
    /// # Errors
    ///
    /// [`Error::Register`] where the disk is full or broken, [`Error::BookLocked`] where another process has taken the book since this one has; the
    /// register is as it was.
    pub fn commit<T>(
        &mut self,
        kind: &str,
        add: impl FnOnce(&Transaction<'_>, i64) -> rusqlite::Result<T>,
    ) -> Result<T, Error> {
        self.commit_runs(|runs| runs.add(kind, add))
    }

    /// Adds the runs that `add` asks for, one after another, in one transaction: all of them become true together.
    ///
    /// # Errors
    ///
    /// As [`Register::commit`].
    pub fn commit_runs<T>(&mut self, add: impl FnOnce(&OpenRuns<'_>) -> rusqlite::Result<T>) -> Result<T, Error> {
        let path = self.path.clone();
        let refused = |fault| register_error(&path, &fault);
        self.connection.pragma_update(None, "synchronous", "full").map_err(refused)?;
        let commit = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(refused)?;
        let added = add(&OpenRuns { commit: &commit, signature: &self.signature }).map_err(refused)?;
        if let Some(lease) = &self.lease {
            lease.check()?;
        }
        commit.commit().map_err(refused)?;
        Ok(added)
    }

    /// Adds a run that may also replace rows, in one transaction.
    ///
    /// The journal with the rows before ends with the transaction. From before it until [`Register::write_anew`] the register is marked, so
    /// that the next change of the book completes what a killed run has left.
    ///
    /// # Errors
    ///
    /// [`Error::Register`] where another process reads the book, or the disk is full or broken; the register is as it was.
    pub fn replace<T>(
        &mut self,
        kind: &str,
        replace: impl FnOnce(&Transaction<'_>, i64) -> rusqlite::Result<T>,
    ) -> Result<T, Error> {
        // frames of earlier commits would keep the rows; without them every journal is short-lived
        self.read(|register| register.pragma_update(None, "journal_mode", JOURNAL_OF_ERASURE))?;
        self.read(|register| register.pragma_update(None, "secure_delete", true))?;
        self.commit_runs(|runs| runs.add_chained(Chain::begin_replacing, kind, replace))
    }

    /// Whether an erasing run has left the register before it was complete.
    ///
    /// # Errors
    ///
    /// [`Error::Register`] where the register cannot be read.
    pub(super) fn is_marked(&self) -> Result<bool, Error> {
        let mode: String = self.read(|register| register.pragma_query_value(None, "journal_mode", |row| row.get(0)))?;
        Ok(mode != JOURNAL)
    }

    /// Writes the file anew, so that it holds nothing but its rows, has `act` done, and takes the mark away.
    ///
    /// # Errors
    ///
    /// [`Error::Register`] where the disk is full or broken; as `act`.
    pub(super) fn write_anew(&self, act: impl FnOnce() -> Result<(), Error>) -> Result<(), Error> {
        self.read(|register| register.execute_batch("VACUUM"))?;
        act()?;
        self.read(|register| register.pragma_update(None, "journal_mode", JOURNAL))
    }
}

/// The runs of a transaction that is not committed yet.
pub struct OpenRuns<'c> {
    commit: &'c Transaction<'c>,
    signature: &'c Signature,
}

impl OpenRuns<'_> {
    /// Adds a run and the rows that `add` writes for it; `add` receives the number of the run.
    ///
    /// # Errors
    ///
    /// As `add`; where the rows cannot be written.
    pub fn add<T>(
        &self,
        kind: &str,
        add: impl FnOnce(&Transaction<'_>, i64) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        self.add_chained(Chain::begin_adding, kind, add)
    }

    /// Adds a run whose rows a chain hashes.
    fn add_chained<T>(
        &self,
        begin_chain: impl FnOnce(&Connection) -> rusqlite::Result<Chain>,
        kind: &str,
        add: impl FnOnce(&Transaction<'_>, i64) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        let Self { commit, signature: Signature { by, note } } = self;
        let chain = begin_chain(commit)?;
        commit.execute("INSERT INTO run (kind, by, note) VALUES (?1, ?2, ?3)", rusqlite::params![kind, by, note])?;
        let run = commit.last_insert_rowid();
        let added = add(commit, run)?;
        chain.finish(commit, run)?;
        Ok(added)
    }
}

/// Keeps the plans of prepared statements: otherwise SQLite plans a range query again for each new value, which takes several times
/// as long as the query.
///
/// # Errors
///
/// Where the library does not support it.
pub fn keep_query_plans(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map(drop)
}

fn register_error(path: &Path, fault: &rusqlite::Error) -> Error {
    Error::Register { path: path.to_owned(), reason: fault.to_string() }
}

/// The number of the next run.
///
/// # Errors
///
/// Where the database cannot be read.
pub fn next_run(register: &Connection) -> rusqlite::Result<i64> {
    register.query_row("SELECT coalesce(max(seq), 0) + 1 FROM run", [], |row| row.get(0))
}

/// The first fault of the database itself, if there is one.
///
/// # Errors
///
/// Where the database cannot be read.
pub fn integrity(register: &Connection) -> rusqlite::Result<Option<String>> {
    let verdict: String = register.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    let orphan: Option<String> = register.query_row("PRAGMA foreign_key_check", [], |row| row.get(0)).optional()?;
    Ok(if verdict == "ok" { orphan } else { Some(verdict) })
}
