//! The register of a book: an SQLite database whose one commit makes a run true.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags, OptionalExtension, Transaction, TransactionBehavior, params};
use rust_decimal::Decimal;

use super::store::{Part, RowGroup, Stored};
use crate::contract::{ExpenseBasis, PriceDecrease, PriceTerms};
use crate::error::Error;
use crate::money::{Kopecks, decimal_as_written};
use crate::words::Message;

/// The register's file.
pub const NAME: &str = "register.sqlite";
/// By this an SQLite file says that it is the register of a book: `KOLL`.
const APPLICATION: i32 = 0x4b4f_4c4c;
/// The tables of `schema.sql`; another number is another program's version.
const SCHEMA: i32 = 1;
/// So long a reader waits for a commit that is just being made.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(10);

/// The register, opened.
#[derive(Debug)]
pub struct Register {
    connection: Connection,
    path: PathBuf,
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

/// A contract of the book as it was bound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoundContract {
    /// Its place in the register.
    pub id: i64,
    /// Its number.
    pub number: String,
    /// The run that bound it.
    pub run: i64,
    /// Who pays.
    pub policyholder: String,
    /// The first day.
    pub first_day: Date,
    /// The last day, as it was agreed.
    pub last_day: Date,
    /// The headcount at inception (`I1`).
    pub headcount: u32,
    /// What it says of price changes.
    pub price_terms: PriceTerms,
    /// SHA-256 of the text of its terms.
    pub terms: String,
    /// SHA-256 of the text of its tariff.
    pub tariff: String,
    /// Of the contract, its rosters and its tariff.
    pub fingerprint: String,
}

/// What a version of a contract came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VersionKind {
    /// It was put in force.
    Bound,
    /// Prices changed.
    Repriced,
    /// The policyholder refused a change.
    Refused,
    /// People joined, left or changed their plans.
    Endorsed,
}

impl VersionKind {
    /// The word of the register.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bound => "bound",
            Self::Repriced => "repriced",
            Self::Refused => "refused",
            Self::Endorsed => "endorsed",
        }
    }
}

impl FromSql for VersionKind {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let word = value.as_str()?;
        let kinds = [Self::Bound, Self::Repriced, Self::Refused, Self::Endorsed];
        kinds.into_iter().find(|kind| kind.as_str() == word).ok_or(FromSqlError::InvalidType)
    }
}

/// A contract as it stands from a day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// The run that made it.
    pub run: i64,
    /// What it came from.
    pub kind: VersionKind,
    /// The first day on which it holds.
    pub from_day: Date,
    /// The insured in force from then on.
    pub insured: u32,
    /// The lines of the contract, those that have ended too.
    pub lines: u64,
    /// The written premium.
    pub written: Kopecks,
    /// The price change that was applied or refused.
    pub change: Option<String>,
}

/// Where rows of a contract stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    /// The file.
    pub file: i64,
    /// The first row in it.
    pub first_row: u64,
    /// The number of rows.
    pub rows: u64,
}

/// A price change of the book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownChange {
    /// Its id.
    pub id: String,
    /// The run that brought it.
    pub run: i64,
    /// The day on which policyholders were told.
    pub notified: Date,
    /// The first day of the new prices.
    pub effective: Date,
    /// SHA-256 of what it says.
    pub fingerprint: String,
}

impl Register {
    /// Opens the register of a book to read it.
    ///
    /// # Errors
    ///
    /// [`Error::NotABook`] where there is none, or one of another version of the program.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        let path = folder.join(NAME);
        let none = || Error::NotABook { folder: folder.to_owned(), reason: Message::new("portfolio-none") };
        if !path.is_file() {
            return Err(none());
        }
        // a reader brings what a killed run has left in order, and needs the right to write for it
        let connection = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_WRITE)
            .or_else(|_| Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY));
        let register = Self { connection: connection.map_err(|fault| unusable(&path, &fault))?, path };
        register.connection.busy_timeout(PATIENCE).map_err(|fault| register.fault(&fault))?;
        let pragma = |name| register.connection.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
        match (pragma("application_id"), pragma("user_version")) {
            (Ok(APPLICATION), Ok(SCHEMA)) => Ok(register),
            (Ok(APPLICATION), Ok(_)) => {
                Err(Error::NotABook { folder: folder.to_owned(), reason: Message::new("portfolio-version") })
            }
            (Ok(_), Ok(_)) => Err(none()),
            (Err(fault), _) | (_, Err(fault)) => Err(register.fault(&fault)),
        }
    }

    /// Makes the register of a new book, or opens the one that is there.
    ///
    /// # Errors
    ///
    /// As [`Register::open`]; [`Error::Register`] where the system refuses.
    pub fn create(folder: &Path) -> Result<Self, Error> {
        let path = folder.join(NAME);
        if path.exists() {
            return Self::open(folder);
        }
        // made aside, so that a killed run leaves no half of it
        let aside = folder.join(format!(".{NAME}.new"));
        let refused = |fault| unusable(&path, &fault);
        let _ = std::fs::remove_file(&aside);
        let connection = Connection::open(&aside).map_err(refused)?;
        connection.pragma_update(None, "application_id", APPLICATION).map_err(refused)?;
        connection.pragma_update(None, "user_version", SCHEMA).map_err(refused)?;
        connection.execute_batch(include_str!("schema.sql")).map_err(refused)?;
        connection.close().map_err(|(_, fault)| refused(fault))?;
        std::fs::rename(&aside, &path).map_err(|fault| Error::writing(&path, fault))?;
        let register = Self::open(folder)?;
        register.connection.pragma_update(None, "journal_mode", "wal").map_err(|fault| register.fault(&fault))?;
        Ok(register)
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

fn unusable(path: &Path, fault: &rusqlite::Error) -> Error {
    Error::Register { path: path.to_owned(), reason: fault.to_string() }
}

/// The number of the run that comes next.
pub fn next_run(register: &Connection) -> rusqlite::Result<i64> {
    register.query_row("SELECT coalesce(max(seq), 0) + 1 FROM run", [], |row| row.get(0))
}

/// The contract of this number.
pub fn contract(register: &Connection, number: &str) -> rusqlite::Result<Option<BoundContract>> {
    let query = format!("{CONTRACT} WHERE number = ?1");
    register.prepare_cached(&query)?.query_row([number], bound).optional()
}

/// Every contract that was bound before a run, by number.
pub fn contracts(register: &Connection, before: i64) -> rusqlite::Result<Vec<BoundContract>> {
    let query = format!("{CONTRACT} WHERE run < ?1 ORDER BY number");
    register.prepare(&query)?.query_map([before], bound)?.collect()
}

const CONTRACT: &str =
    "SELECT id, number, run, policyholder, first_day, last_day, headcount, terms, tariff, fingerprint,
     price_decrease, expense_load, expense_basis FROM contract";

fn bound(row: &rusqlite::Row<'_>) -> rusqlite::Result<BoundContract> {
    Ok(BoundContract {
        id: row.get(0)?,
        number: row.get(1)?,
        run: row.get(2)?,
        policyholder: row.get(3)?,
        first_day: row.get::<_, Day>(4)?.0,
        last_day: row.get::<_, Day>(5)?.0,
        headcount: row.get(6)?,
        terms: row.get(7)?,
        tariff: row.get(8)?,
        fingerprint: row.get(9)?,
        price_terms: PriceTerms {
            price_decrease: row.get(10)?,
            expense_load: row.get::<_, Option<Share>>(11)?.map(|share| share.0),
            expense_basis: row.get(12)?,
        },
    })
}

/// A share in the register.
struct Share(Decimal);

impl FromSql for Share {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        decimal_as_written(value.as_str()?).map(Self).ok_or(FromSqlError::InvalidType)
    }
}

impl FromSql for PriceDecrease {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let word = value.as_str()?;
        [Self::Keep, Self::Credit].into_iter().find(|known| known.as_str() == word).ok_or(FromSqlError::InvalidType)
    }
}

impl FromSql for ExpenseBasis {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let word = value.as_str()?;
        [Self::Unexpired, Self::Written]
            .into_iter()
            .find(|known| known.as_str() == word)
            .ok_or(FromSqlError::InvalidType)
    }
}

/// Adds a contract and returns its place.
pub fn add_contract(commit: &Transaction<'_>, contract: &BoundContract) -> rusqlite::Result<i64> {
    commit
        .prepare_cached(
            "INSERT INTO contract (number, run, policyholder, first_day, last_day, headcount, terms, tariff, fingerprint,
             price_decrease, expense_load, expense_basis)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        )?
        .execute(params![
            contract.number,
            contract.run,
            contract.policyholder,
            Day(contract.first_day),
            Day(contract.last_day),
            contract.headcount,
            contract.terms,
            contract.tariff,
            contract.fingerprint,
            contract.price_terms.price_decrease.as_str(),
            contract.price_terms.expense_load.map(|load| load.to_string()),
            contract.price_terms.expense_basis.as_str(),
        ])?;
    Ok(commit.last_insert_rowid())
}

/// Adds a programme of a contract with the price level at which a cover of it begins.
pub fn add_programme(commit: &Transaction<'_>, contract: i64, programme: &str, level: &str) -> rusqlite::Result<()> {
    let add = "INSERT OR IGNORE INTO programme (contract, programme, level) VALUES (?1, ?2, ?3)";
    commit.prepare_cached(add)?.execute(params![contract, programme, level]).map(drop)
}

/// Keeps a text that terms are read from.
pub fn add_document(commit: &Transaction<'_>, sha256: &str, name: &str, text: &str) -> rusqlite::Result<()> {
    let add = "INSERT OR IGNORE INTO document (sha256, name, text) VALUES (?1, ?2, ?3)";
    commit.prepare_cached(add)?.execute(params![sha256, name, text]).map(drop)
}

/// The name and the text of a kept document.
pub fn document(register: &Connection, sha256: &str) -> rusqlite::Result<(String, String)> {
    let query = "SELECT name, text FROM document WHERE sha256 = ?1";
    register.prepare_cached(query)?.query_row([sha256], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Adds a version of a contract.
pub fn add_version(commit: &Transaction<'_>, contract: i64, version: &Version) -> rusqlite::Result<()> {
    commit
        .prepare_cached(
            "INSERT INTO version (contract, run, kind, from_day, insured, lines, written, change)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            contract,
            version.run,
            version.kind.as_str(),
            Day(version.from_day),
            version.insured,
            version.lines,
            Amount(version.written),
            version.change,
        ])
        .map(drop)
}

/// The versions of a contract that were made before a run, in order; the last one is in force.
pub fn versions(register: &Connection, contract: i64, before: i64) -> rusqlite::Result<Vec<Version>> {
    let query = "SELECT run, kind, from_day, insured, lines, written, change FROM version
                 WHERE contract = ?1 AND run < ?2 ORDER BY run";
    register
        .prepare_cached(query)?
        .query_map([contract, before], |row| {
            Ok(Version {
                run: row.get(0)?,
                kind: row.get(1)?,
                from_day: row.get::<_, Day>(2)?.0,
                insured: row.get(3)?,
                lines: row.get(4)?,
                written: row.get::<_, Amount>(5)?.0,
                change: row.get(6)?,
            })
        })?
        .collect()
}

/// Adds a file with its row groups and returns its place.
pub fn add_file(commit: &Transaction<'_>, run: i64, stored: &Stored) -> rusqlite::Result<i64> {
    commit.execute(
        "INSERT INTO file (run, part, name, rows, bytes, footer_at, footer_sha256) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            run,
            stored.part.as_str(),
            stored.name,
            stored.rows(),
            stored.bytes,
            stored.footer_at,
            stored.footer_sha256
        ],
    )?;
    let file = commit.last_insert_rowid();
    let mut add = commit.prepare_cached(
        "INSERT INTO row_group (file, place, first_row, rows, at, bytes, sha256) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    for (place, group) in stored.groups.iter().enumerate() {
        add.execute(params![file, place, group.first_row, group.rows, group.at, group.bytes, group.sha256])?;
    }
    Ok(file)
}

/// The files of the book with their places, in the order in which they came.
pub fn files(register: &Connection) -> rusqlite::Result<Vec<(i64, Stored)>> {
    let mut groups = register
        .prepare_cached("SELECT first_row, rows, at, bytes, sha256 FROM row_group WHERE file = ?1 ORDER BY place")?;
    let mut files = register.prepare("SELECT id, part, name, bytes, footer_at, footer_sha256 FROM file ORDER BY id")?;
    let mut found = files.query([])?;
    let mut files = Vec::new();
    while let Some(row) = found.next()? {
        let id: i64 = row.get(0)?;
        let groups = groups.query_map([id], |row| {
            Ok(RowGroup {
                first_row: row.get(0)?,
                rows: row.get(1)?,
                at: row.get(2)?,
                bytes: row.get(3)?,
                sha256: row.get(4)?,
            })
        })?;
        let stored = Stored {
            part: row.get(1)?,
            name: row.get(2)?,
            bytes: row.get(3)?,
            footer_at: row.get(4)?,
            footer_sha256: row.get(5)?,
            groups: groups.collect::<rusqlite::Result<_>>()?,
        };
        files.push((id, stored));
    }
    Ok(files)
}

impl FromSql for Part {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let word = value.as_str()?;
        Self::ALL.into_iter().find(|part| part.as_str() == word).ok_or(FromSqlError::InvalidType)
    }
}

/// Says where rows of a contract stand.
pub fn add_segment(commit: &Transaction<'_>, contract: i64, run: i64, segment: &Segment) -> rusqlite::Result<()> {
    let add = "INSERT INTO segment (contract, run, file, first_row, rows) VALUES (?1, ?2, ?3, ?4, ?5)";
    let values = params![contract, run, segment.file, segment.first_row, segment.rows];
    commit.prepare_cached(add)?.execute(values).map(drop)
}

/// Where the rows of one part that a run has written for a contract stand.
pub fn segment(register: &Connection, contract: i64, run: i64, part: Part) -> rusqlite::Result<Option<Segment>> {
    let query = "SELECT file, first_row, segment.rows FROM segment JOIN file ON file.id = segment.file
                 WHERE contract = ?1 AND segment.run = ?2 AND part = ?3";
    register
        .prepare_cached(query)?
        .query_row(params![contract, run, part.as_str()], |row| {
            Ok(Segment { file: row.get(0)?, first_row: row.get(1)?, rows: row.get(2)? })
        })
        .optional()
}

/// Where all rows of a contract stand, by the run that wrote them and the part.
pub fn segments(register: &Connection, contract: i64) -> rusqlite::Result<Vec<(i64, Part, Segment)>> {
    let query =
        "SELECT segment.run, part, file, first_row, segment.rows FROM segment JOIN file ON file.id = segment.file
                 WHERE contract = ?1 ORDER BY segment.run, file";
    register
        .prepare_cached(query)?
        .query_map([contract], |row| {
            Ok((row.get(0)?, row.get(1)?, Segment { file: row.get(2)?, first_row: row.get(3)?, rows: row.get(4)? }))
        })?
        .collect()
}

/// What is wrong with the database itself, if anything is.
pub fn integrity(register: &Connection) -> rusqlite::Result<Option<String>> {
    let says: String = register.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    let orphan: Option<String> = register.query_row("PRAGMA foreign_key_check", [], |row| row.get(0)).optional()?;
    Ok(if says == "ok" { orphan } else { Some(says) })
}

/// Adds a payment; `false` where the book has the very same already.
pub fn add_payment(
    commit: &Transaction<'_>,
    run: i64,
    contract: i64,
    day: Date,
    amount: Kopecks,
) -> rusqlite::Result<bool> {
    let add = "INSERT OR IGNORE INTO payment (contract, day, amount, run) VALUES (?1, ?2, ?3, ?4)";
    Ok(commit.prepare_cached(add)?.execute(params![contract, Day(day), Amount(amount), run])? == 1)
}

/// What had been paid for a contract before a run.
pub fn paid(register: &Connection, contract: i64, before: i64) -> rusqlite::Result<Kopecks> {
    let query = "SELECT coalesce(sum(amount), 0) FROM payment WHERE contract = ?1 AND run < ?2";
    register.prepare_cached(query)?.query_row([contract, before], |row| Ok(row.get::<_, Amount>(0)?.0))
}

/// The payments of a contract, by day.
pub fn payments(register: &Connection, contract: i64) -> rusqlite::Result<Vec<(Date, Kopecks)>> {
    let query = "SELECT day, amount FROM payment WHERE contract = ?1 ORDER BY day, amount";
    let payment = |row: &rusqlite::Row<'_>| Ok((row.get::<_, Day>(0)?.0, row.get::<_, Amount>(1)?.0));
    register.prepare_cached(query)?.query_map([contract], payment)?.collect()
}

/// The price changes of the book, in the order in which they came.
pub fn changes(register: &Connection) -> rusqlite::Result<Vec<KnownChange>> {
    let query = "SELECT id, run, notified, effective, fingerprint FROM price_change ORDER BY run";
    register
        .prepare(query)?
        .query_map([], |row| {
            Ok(KnownChange {
                id: row.get(0)?,
                run: row.get(1)?,
                notified: row.get::<_, Day>(2)?.0,
                effective: row.get::<_, Day>(3)?.0,
                fingerprint: row.get(4)?,
            })
        })?
        .collect()
}

/// Adds a price change.
pub fn add_change(commit: &Transaction<'_>, change: &KnownChange) -> rusqlite::Result<()> {
    commit
        .execute(
            "INSERT INTO price_change (id, run, notified, effective, fingerprint) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![change.id, change.run, Day(change.notified), Day(change.effective), change.fingerprint],
        )
        .map(drop)
}

/// What a price change multiplies in a contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// The first day of the new prices.
    pub effective: Date,
    /// The programme.
    pub programme: String,
    /// The coefficient.
    pub coefficient: String,
}

/// Adds what a run multiplies in a contract.
pub fn add_applied(
    commit: &Transaction<'_>,
    run: i64,
    contract: i64,
    programme: &str,
    coefficient: &str,
) -> rusqlite::Result<()> {
    let add = "INSERT INTO applied (contract, run, programme, coefficient) VALUES (?1, ?2, ?3, ?4)";
    commit.prepare_cached(add)?.execute(params![contract, run, programme, coefficient]).map(drop)
}

/// What the price changes before a run multiply in a contract, in the order of the changes.
pub fn applied(register: &Connection, contract: i64, before: i64) -> rusqlite::Result<Vec<Applied>> {
    let query = "SELECT from_day, programme, coefficient FROM applied JOIN version USING (contract, run)
                 WHERE contract = ?1 AND run < ?2 ORDER BY run, programme";
    register
        .prepare_cached(query)?
        .query_map([contract, before], |row| {
            Ok(Applied { effective: row.get::<_, Day>(0)?.0, programme: row.get(1)?, coefficient: row.get(2)? })
        })?
        .collect()
}

/// The run that applied a change to a contract, if any has.
pub fn applied_in(register: &Connection, contract: i64, change: &str) -> rusqlite::Result<Option<i64>> {
    let query = "SELECT run FROM version WHERE contract = ?1 AND change = ?2 AND kind = 'repriced'";
    register.prepare_cached(query)?.query_row(params![contract, change], |row| row.get(0)).optional()
}

/// Notes that a change could not reprice a contract.
pub fn add_set_aside(commit: &Transaction<'_>, run: i64, contract: i64, change: &str) -> rusqlite::Result<()> {
    let add = "INSERT OR IGNORE INTO set_aside (contract, change, run) VALUES (?1, ?2, ?3)";
    commit.prepare_cached(add)?.execute(params![contract, change, run]).map(drop)
}

/// The contracts that a change could not reprice when it came.
pub fn set_aside(register: &Connection, change: &str) -> rusqlite::Result<BTreeSet<i64>> {
    let query = "SELECT contract FROM set_aside WHERE change = ?1";
    register.prepare_cached(query)?.query_map([change], |row| row.get(0))?.collect()
}

/// How a policyholder's refusal came out (`I22`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The run that brought it.
    pub run: i64,
    /// The change that is refused.
    pub change: String,
    /// The premium of the unexpired days.
    pub unexpired: Kopecks,
    /// What had been paid.
    pub paid: Kopecks,
    /// The expenses, where the contract names them.
    pub expenses: Option<Kopecks>,
    /// What is returned, where it can be stated.
    pub refund: Option<Kopecks>,
}

/// Adds a refusal.
pub fn add_refusal(commit: &Transaction<'_>, contract: i64, refusal: &Refusal) -> rusqlite::Result<()> {
    let add = "INSERT INTO refusal (contract, run, change, unexpired, paid, expenses, refund)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let values = params![
        contract,
        refusal.run,
        refusal.change,
        Amount(refusal.unexpired),
        Amount(refusal.paid),
        refusal.expenses.map(Amount),
        refusal.refund.map(Amount),
    ];
    commit.prepare_cached(add)?.execute(values).map(drop)
}

/// The refusal of a contract, if there is one.
pub fn refusal(register: &Connection, contract: i64) -> rusqlite::Result<Option<Refusal>> {
    let query = "SELECT run, change, unexpired, paid, expenses, refund FROM refusal WHERE contract = ?1";
    register
        .prepare_cached(query)?
        .query_row([contract], |row| {
            let amount = |at: usize| row.get::<_, Option<Amount>>(at).map(|amount| amount.map(|amount| amount.0));
            Ok(Refusal {
                run: row.get(0)?,
                change: row.get(1)?,
                unexpired: row.get::<_, Amount>(2)?.0,
                paid: row.get::<_, Amount>(3)?.0,
                expenses: amount(4)?,
                refund: amount(5)?,
            })
        })
        .optional()
}

/// Every programme that is covered by a contract of the book.
pub fn all_programmes(register: &Connection) -> rusqlite::Result<Vec<String>> {
    register
        .prepare("SELECT DISTINCT programme FROM programme ORDER BY programme")?
        .query_map([], |row| row.get(0))?
        .collect()
}

/// What the book holds before a run: its contracts, their lines and their written premium.
pub fn sums(register: &Connection, before: i64) -> rusqlite::Result<(u64, u64, Kopecks)> {
    let query = "WITH last AS (SELECT contract, max(run) AS run FROM version WHERE run < ?1 GROUP BY contract)
                 SELECT count(*), coalesce(sum(lines), 0), coalesce(sum(written), 0)
                 FROM last JOIN version USING (contract, run)";
    register.query_row(query, [before], |row| Ok((row.get(0)?, row.get(1)?, row.get::<_, Amount>(2)?.0)))
}

/// The programmes of a contract with the levels at which their covers begin.
pub fn programmes(register: &Connection, contract: i64) -> rusqlite::Result<Vec<(String, String)>> {
    let query = "SELECT programme, level FROM programme WHERE contract = ?1 ORDER BY programme, level";
    register.prepare_cached(query)?.query_map([contract], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}

/// The contracts bound before a run that have any of the programmes and last until a day or longer, by their places in the book.
pub fn contracts_with(
    register: &Connection,
    programmes: &[String],
    day: Date,
    before: i64,
) -> rusqlite::Result<Vec<BoundContract>> {
    let marks = vec!["?"; programmes.len()].join(", ");
    let query = format!(
        "{CONTRACT} WHERE id IN (SELECT contract FROM programme WHERE programme IN ({marks}))
         AND last_day >= ? AND run < ? ORDER BY id"
    );
    let mut values: Vec<Box<dyn ToSql>> = Vec::new();
    values.extend(programmes.iter().map(|programme| Box::new(programme.clone()) as Box<dyn ToSql>));
    values.push(Box::new(Day(day)));
    values.push(Box::new(before));
    register.prepare(&query)?.query_map(rusqlite::params_from_iter(values), bound)?.collect()
}
