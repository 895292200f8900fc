//! A draft: what a run is going to add to the register, kept on the disk until one commit makes it true.
//!
//! It is a database of its own with the register's tables, beside what the run writes. Whatever a run has to remember of each contract
//! goes there, so that its memory does not grow with the book: what is kept in memory of the draft itself is a few megabytes of pages.
//! Nothing reads it but the run that has begun it; it is gone when that ends.

use std::path::Path;

use rusqlite::types::ToSqlOutput;
use rusqlite::{Connection, ErrorCode, Statement, Transaction};
use rustix::io::Errno;
use tempfile::NamedTempFile;

use crate::base::error::Error;
use crate::portfolio::register::{TABLES, steady};

/// So much of a draft is kept in memory.
const CACHE: &str = "-2048";
/// What the name of a draft in the folder of a result begins with.
const BEGUN: &str = ".draft-";

/// What a run has to add, in the order in which the register takes it.
#[derive(Debug)]
pub struct StagingDb {
    connection: Connection,
    /// Removed when the draft is dropped.
    file: NamedTempFile,
}

impl StagingDb {
    /// Begins a draft in a folder that is not yet anybody's result.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] where the system refuses.
    pub fn in_folder(folder: &Path, more: &str) -> Result<Self, Error> {
        let file = tempfile::Builder::new().prefix(BEGUN).tempfile_in(folder);
        Self::begin(file.map_err(|fault| Error::writing(folder, fault))?, more)
    }

    /// Begins a draft in a file, with the tables of the register and more.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] where the system refuses.
    pub fn begin(file: NamedTempFile, more: &str) -> Result<Self, Error> {
        let refused = |fault| unwritable(file.path(), &fault);
        let connection = Connection::open(file.path()).map_err(refused)?;
        // nobody will read it after a fault, and what its rows stand on is in the register
        let begin = || {
            steady(&connection)?;
            for (name, value) in
                [("journal_mode", "off"), ("synchronous", "off"), ("foreign_keys", "off"), ("cache_size", CACHE)]
            {
                connection.pragma_update(None, name, value)?;
            }
            connection.execute_batch(&format!("BEGIN; {TABLES} {more} COMMIT"))
        };
        begin().map_err(refused)?;
        Ok(Self { connection, file })
    }

    /// Adds something.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] where the disk is full or broken.
    pub fn add<T>(&mut self, add: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>) -> Result<T, Error> {
        let refused = |fault| unwritable(self.file.path(), &fault);
        let adding = self.connection.transaction().map_err(refused)?;
        let added = add(&adding).map_err(refused)?;
        adding.commit().map_err(refused)?;
        Ok(added)
    }

    /// What `read` finds in the draft.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] where the disk is broken.
    pub fn read<T>(&self, read: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, Error> {
        read(&self.connection).map_err(|fault| unwritable(self.file.path(), &fault))
    }

    /// Copies everything into the register. Segments have named a file by its place among those of the run; `files` says what each
    /// is in the register.
    ///
    /// # Errors
    ///
    /// Where either cannot be read or written.
    pub fn copy(&self, commit: &Transaction<'_>, files: &[i64]) -> rusqlite::Result<()> {
        // what others stand on comes first; a text that the book has already, and a contract that is set aside again, stay as they are
        for (table, add) in [
            ("document", "INSERT OR IGNORE"),
            ("contract", "INSERT"),
            ("programme", "INSERT"),
            ("version", "INSERT"),
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

/// Hands the values of a row on as they are.
fn bind_row(add: &mut Statement<'_>, row: &rusqlite::Row<'_>) -> rusqlite::Result<()> {
    (0..row.as_ref().column_count())
        .try_for_each(|at| add.raw_bind_parameter(at + 1, ToSqlOutput::Borrowed(row.get_ref(at)?)))
}

fn unwritable(path: &Path, fault: &rusqlite::Error) -> Error {
    let said = match fault.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => Errno::NOSPC.into(),
        _ => std::io::Error::other(fault.to_string()),
    };
    Error::writing(path, said)
}
