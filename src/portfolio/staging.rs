//! The staging database: the rows that a run is going to add to the register, on disk until the commit copies them.
//!
//! It has the register's tables, and tables of the run's own. A run keeps there what it needs for each contract, so that its memory does
//! not grow with the book. Only the run that creates it reads it; it is removed when the run ends.

use std::path::Path;

use rusqlite::types::ToSqlOutput;
use rusqlite::{Connection, ErrorCode, Statement, Transaction};
use rustix::io::Errno;
use tempfile::NamedTempFile;

use crate::base::error::Error;
use crate::portfolio::register::{TABLES, keep_query_plans};

/// The size of its page cache: 2 MiB.
const CACHE: &str = "-2048";
/// The prefix of its name in the folder of a result.
const PREFIX: &str = ".draft-";

/// The rows of a run that is not committed yet.
#[derive(Debug)]
pub struct StagingDb {
    connection: Connection,
    /// Removed on drop; `None` where the library keeps the rows in a file of its own.
    file: Option<NamedTempFile>,
}

impl StagingDb {
    /// Creates a staging database in the folder of an unpublished result.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] where the system refuses.
    pub fn create_in(folder: &Path, more: &str) -> Result<Self, Error> {
        let file = tempfile::Builder::new().prefix(PREFIX).tempfile_in(folder);
        Self::create(file.map_err(|fault| Error::writing(folder, fault))?, more)
    }

    /// Creates a staging database in a file, with the tables of the register and those of `more`.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] where the system refuses.
    pub fn create(file: NamedTempFile, more: &str) -> Result<Self, Error> {
        Self::open(Some(file), more)
    }

    /// Creates a staging database outside of books and results: rows beyond its cache go to a temporary file of the system.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] where the system refuses.
    pub fn create_apart(more: &str) -> Result<Self, Error> {
        Self::open(None, more)
    }

    fn open(file: Option<NamedTempFile>, more: &str) -> Result<Self, Error> {
        let refused = |fault| write_error(file.as_ref(), &fault);
        let connection = Connection::open(file.as_ref().map_or(Path::new(""), NamedTempFile::path)).map_err(refused)?;
        // after a fault the database is discarded, and its foreign keys refer to rows of the register
        let set_up = || {
            keep_query_plans(&connection)?;
            for (name, value) in
                [("journal_mode", "off"), ("synchronous", "off"), ("foreign_keys", "off"), ("cache_size", CACHE)]
            {
                connection.pragma_update(None, name, value)?;
            }
            connection.execute_batch(&format!("BEGIN; {TABLES} {more} COMMIT"))
        };
        set_up().map_err(refused)?;
        Ok(Self { connection, file })
    }

    /// Runs `add` in a transaction.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] where the disk is full or broken.
    pub fn add<T>(&mut self, add: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>) -> Result<T, Error> {
        let refused = |fault| write_error(self.file.as_ref(), &fault);
        let adding = self.connection.transaction().map_err(refused)?;
        let added = add(&adding).map_err(refused)?;
        adding.commit().map_err(refused)?;
        Ok(added)
    }

    /// Runs a query.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] where the disk is broken.
    pub fn read<T>(&self, read: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, Error> {
        read(&self.connection).map_err(|fault| write_error(self.file.as_ref(), &fault))
    }

    /// Copies the rows into the register. Segments refer to files by their places among the files of the run; `files` gives their ids in
    /// the register.
    ///
    /// # Errors
    ///
    /// Where either cannot be read or written.
    pub fn copy(&self, commit: &Transaction<'_>, files: &[i64]) -> rusqlite::Result<()> {
        // referenced tables come first; a stored text, and a contract that is set aside again, stay as they are
        for (table, add) in [
            ("document", "INSERT OR IGNORE"),
            ("contract", "INSERT"),
            ("programme", "INSERT"),
            ("version", "INSERT"),
            ("warning", "INSERT"),
            ("applied", "INSERT"),
            ("set_aside", "INSERT OR IGNORE"),
        ] {
            self.copy_table(commit, table, add)?;
        }
        let mut segments = self.connection.prepare("SELECT contract, run, file, first_row, rows FROM segment")?;
        let mut add =
            commit.prepare("INSERT INTO segment (contract, run, file, first_row, rows) VALUES (?1, ?2, ?3, ?4, ?5)")?;
        let mut rows = segments.query([])?;
        while let Some(row) = rows.next()? {
            bind_row(&mut add, row)?;
            let place: usize = row.get(2)?;
            add.raw_bind_parameter(3, files.get(place))?;
            add.raw_execute()?;
        }
        Ok(())
    }

    fn copy_table(&self, commit: &Transaction<'_>, table: &str, add: &str) -> rusqlite::Result<()> {
        let mut read = self.connection.prepare(&format!("SELECT * FROM {table}"))?;
        let marks = vec!["?"; read.column_count()].join(", ");
        let mut add = commit.prepare(&format!("{add} INTO {table} VALUES ({marks})"))?;
        let mut rows = read.query([])?;
        while let Some(row) = rows.next()? {
            bind_row(&mut add, row)?;
            add.raw_execute()?;
        }
        Ok(())
    }
}

/// Binds the values of a row unchanged.
fn bind_row(add: &mut Statement<'_>, row: &rusqlite::Row<'_>) -> rusqlite::Result<()> {
    (0..row.as_ref().column_count())
        .try_for_each(|at| add.raw_bind_parameter(at + 1, ToSqlOutput::Borrowed(row.get_ref(at)?)))
}

fn write_error(file: Option<&NamedTempFile>, fault: &rusqlite::Error) -> Error {
    let fault = match fault.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => Errno::NOSPC.into(),
        _ => std::io::Error::other(fault.to_string()),
    };
    match file {
        Some(file) => Error::writing(file.path(), fault),
        None => Error::writing(&std::env::temp_dir(), fault),
    }
}
