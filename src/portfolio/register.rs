//! The register of a book: an SQLite database whose one commit makes a run true.

pub(crate) mod changes;
pub(crate) mod contracts;
pub(crate) mod payments;
pub(crate) mod stored;
pub(crate) mod versions;

pub use changes::*;
pub use contracts::*;
pub use payments::*;
pub use stored::*;
pub use versions::*;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use rusqlite::config::DbConfig;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension, Transaction, TransactionBehavior};
use rust_decimal::Decimal;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::money::{Kopecks, decimal_as_written};
use crate::portfolio::lock::BookLock;

/// The register's file.
pub const NAME: &str = "register.sqlite";
/// By this an SQLite file says that it is the register of a book: `KOLL`.
const APPLICATION: i32 = 0x4b4f_4c4c;
/// The tables of `schema.sql`; another number is another program's version.
const SCHEMA: i32 = 1;
/// What makes the tables of a new register.
pub(crate) const TABLES: &str = include_str!("schema.sql");
/// So many statements stay prepared: more than any run has, so that none is prepared for each contract anew.
const STATEMENTS: usize = 64;
/// So long a reader waits for a commit that is just being made.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(10);

/// The register, opened.
#[derive(Debug)]
pub struct Register {
    connection: Connection,
    path: PathBuf,
    /// Held where nothing else would keep the register as it is while it is read.
    _still: Option<BookLock>,
}

/// A day in the register.
struct Day(Date);

impl ToSql for Day {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.to_string().into())
    }
}

impl FromSql for Day {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_str()?.parse().map(Self).map_err(|_| FromSqlError::InvalidType)
    }
}

/// A share or a coefficient in the register.
struct Number(Decimal);

impl FromSql for Number {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        decimal_as_written(value.as_str()?).map(Self).ok_or(FromSqlError::InvalidType)
    }
}

/// An amount in the register.
struct Amount(Kopecks);

impl ToSql for Amount {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let kopecks = i64::try_from(self.0.get());
        kopecks.map(Into::into).map_err(|fault| rusqlite::Error::ToSqlConversionFailure(Box::new(fault)))
    }
}

impl FromSql for Amount {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Ok(Self(Kopecks::new(value.as_i64()?.into())))
    }
}

impl Register {
    /// Opens the register of a book to read it.
    ///
    /// # Errors
    ///
    /// [`Error::NotABook`] where there is none, or one of another version of the program.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        let path = folder.join(NAME);
        if !path.is_file() {
            return Err(Error::NotABook { folder: folder.to_owned(), reason: Message::new("portfolio-none") });
        }
        // a reader brings what a killed run has left in order, and needs the right to write for it
        let connection = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_WRITE)
            .or_else(|_| Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY))
            .map_err(|fault| unusable(&path, &fault))?;
        Self { connection, path, _still: None }.proved(folder)
    }

    /// Opens the register of a book as it is at this moment, whatever others add to it meanwhile.
    ///
    /// # Errors
    ///
    /// As [`Register::open`].
    pub fn open_still(folder: &Path) -> Result<Self, Error> {
        let opened = Self::open(folder).and_then(|register| {
            register.stand_still()?;
            Ok(register)
        });
        match opened {
            Err(fault @ Error::Register { .. }) => Self::of_still_folder(folder).ok_or(fault),
            opened => opened,
        }
    }

    /// Opens the register where the files cannot be made in which readers and writers meet: the folder may not be written, or
    /// the disk is full. Nobody changes the book as long as it is open.
    fn of_still_folder(folder: &Path) -> Option<Self> {
        let turn = BookLock::share(folder)?;
        let path = folder.join(NAME);
        // what a killed run has left to be brought in order cannot be passed over
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
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
        let connection = Connection::open_with_flags(name, flags).ok()?;
        Self { connection, path, _still: Some(turn) }.proved(folder).ok()
    }

    /// The same register, if it is one of this version.
    fn proved(self, folder: &Path) -> Result<Self, Error> {
        let register = self;
        register.connection.busy_timeout(PATIENCE).map_err(|fault| register.fault(&fault))?;
        register.connection.set_prepared_statement_cache_capacity(STATEMENTS);
        steady(&register.connection).map_err(|fault| register.fault(&fault))?;
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

    /// From now on the register is seen as it is at this moment, whatever others add to it.
    fn stand_still(&self) -> Result<(), Error> {
        // the moment is that of the first look
        let look = "BEGIN; SELECT count(*) FROM run";
        self.connection.execute_batch(look).map_err(|fault| self.fault(&fault))
    }

    /// Makes the register of a new book, or opens the one that is there.
    ///
    /// # Errors
    ///
    /// As [`Register::open`]; [`Error::Register`] where the system refuses.
    pub fn create(folder: &Path) -> Result<Self, Error> {
        let path = folder.join(NAME);
        if !path.exists() {
            Self::make(folder, &path)?;
        }
        let register = Self::open(folder)?;
        // readers do not wait for who writes, nor the other way round; again, in case that a run was killed before it
        register.connection.pragma_update(None, "journal_mode", "wal").map_err(|fault| register.fault(&fault))?;
        Ok(register)
    }

    /// Makes an empty register, aside first, so that a killed run leaves no half of it.
    fn make(folder: &Path, path: &Path) -> Result<(), Error> {
        let aside = folder.join(format!(".{NAME}.new"));
        let refused = |fault| unusable(path, &fault);
        let _ = std::fs::remove_file(&aside);
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
        unusable(&self.path, fault)
    }

    /// What `read` finds in the register.
    ///
    /// # Errors
    ///
    /// [`Error::Register`] where it cannot be read.
    pub fn read<T>(&self, read: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, Error> {
        read(&self.connection).map_err(|fault| self.fault(&fault))
    }

    /// Adds what a run has to add, all of it or nothing; `add` is told the number of the run.
    ///
    /// # Errors
    ///
    /// [`Error::Register`] where the disk is full or broken; the register is as it was.
    pub fn commit<T>(
        &mut self,
        kind: &str,
        add: impl FnOnce(&Transaction<'_>, i64) -> rusqlite::Result<T>,
    ) -> Result<T, Error> {
        let path = self.path.clone();
        let refused = |fault| unusable(&path, &fault);
        self.connection.pragma_update(None, "synchronous", "full").map_err(refused)?;
        let commit = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(refused)?;
        commit.execute("INSERT INTO run (kind) VALUES (?1)", [kind]).map_err(refused)?;
        let run = commit.last_insert_rowid();
        let added = add(&commit, run).map_err(refused)?;
        commit.commit().map_err(refused)?;
        Ok(added)
    }
}

/// Has statements stay prepared: without it one that looks for a range is planned anew whenever it is given other values, which takes
/// several times as long as the look.
///
/// # Errors
///
/// Where the library does not know of it.
pub fn steady(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map(drop)
}

fn unusable(path: &Path, fault: &rusqlite::Error) -> Error {
    Error::Register { path: path.to_owned(), reason: fault.to_string() }
}

/// The number of the run that comes next.
///
/// # Errors
///
/// Where the database cannot be read.
pub fn next_run(register: &Connection) -> rusqlite::Result<i64> {
    register.query_row("SELECT coalesce(max(seq), 0) + 1 FROM run", [], |row| row.get(0))
}

/// What is wrong with the database itself, if anything is.
///
/// # Errors
///
/// Where the database cannot be read.
pub fn integrity(register: &Connection) -> rusqlite::Result<Option<String>> {
    let says: String = register.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    let orphan: Option<String> = register.query_row("PRAGMA foreign_key_check", [], |row| row.get(0)).optional()?;
    Ok(if says == "ok" { orphan } else { Some(says) })
}
