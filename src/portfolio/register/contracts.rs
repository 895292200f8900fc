//! The contracts of a book as they were bound.
//!
//! Every function fails where the database cannot be read or written, and for nothing else.

#![expect(clippy::missing_errors_doc, reason = "said once for all of them")]

use jiff::civil::Date;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, Type, ValueRef};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::base::calendar::Term;
use crate::portfolio::register::{Day, Number, Segment};
use crate::quote::contract::{ExpenseBasis, PriceDecrease, PriceTerms};

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

/// The contract of this number.
pub fn contract(register: &Connection, number: &str) -> rusqlite::Result<Option<BoundContract>> {
    let query = format!("{CONTRACT} WHERE number = ?1");
    register.prepare_cached(&query)?.query_row([number], bound).optional()
}

/// The contract at a place.
pub fn contract_at(register: &Connection, id: i64) -> rusqlite::Result<BoundContract> {
    let query = format!("{CONTRACT} WHERE id = ?1");
    register.prepare_cached(&query)?.query_row([id], bound)
}

/// Shows the contracts after a place by their places, which is the order of their rows in the book, until `show` has enough.
pub fn each_contract_after(
    register: &Connection,
    id: i64,
    mut show: impl FnMut(BoundContract) -> rusqlite::Result<bool>,
) -> rusqlite::Result<()> {
    let query = format!("{CONTRACT} WHERE id > ?1 ORDER BY id");
    let mut query = register.prepare_cached(&query)?;
    let mut rows = query.query([id])?;
    while let Some(row) = rows.next()?
        && show(bound(row)?)?
    {}
    Ok(())
}

/// How many contracts there are.
pub fn count(register: &Connection) -> rusqlite::Result<u64> {
    register.query_row("SELECT count(*) FROM contract", [], |row| row.get(0))
}

/// The place that the next contract of the book gets.
pub fn next_contract(register: &Connection) -> rusqlite::Result<i64> {
    register.query_row("SELECT coalesce(max(id), 0) + 1 FROM contract", [], |row| row.get(0))
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
    let (first_day, last_day) = (row.get::<_, Day>(4)?.0, row.get::<_, Day>(5)?.0);
    let unlawful = || rusqlite::Error::FromSqlConversionFailure(5, Type::Text, "no lawful term".into());
    Term::new(first_day, last_day).map_err(|_| unlawful())?;
    Ok(BoundContract {
        id: row.get(0)?,
        number: row.get(1)?,
        run: row.get(2)?,
        policyholder: row.get(3)?,
        first_day,
        last_day,
        headcount: row.get(6)?,
        terms: row.get(7)?,
        tariff: row.get(8)?,
        fingerprint: row.get(9)?,
        price_terms: PriceTerms {
            price_decrease: row.get(10)?,
            expense_load: row.get::<_, Option<Number>>(11)?.map(|share| share.0),
            expense_basis: row.get(12)?,
        },
    })
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

/// Adds a contract at its place.
pub fn add_contract(commit: &Transaction<'_>, contract: &BoundContract) -> rusqlite::Result<()> {
    commit
        .prepare_cached(
            "INSERT INTO contract (id, number, run, policyholder, first_day, last_day, headcount, terms, tariff,
             fingerprint, price_decrease, expense_load, expense_basis)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
        )?
        .execute(params![
            contract.id,
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
        ])
        .map(drop)
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

/// The name and the text of a kept document; whether it is the one of the hash is for whoever reads it to prove.
pub fn document(register: &Connection, sha256: &str) -> rusqlite::Result<Option<(String, String)>> {
    let query = "SELECT name, text FROM document WHERE sha256 = ?1";
    register.prepare_cached(query)?.query_row([sha256], |row| Ok((row.get(0)?, row.get(1)?))).optional()
}

/// Every programme that is covered by a contract of the book.
pub fn all_programmes(register: &Connection) -> rusqlite::Result<Vec<String>> {
    register
        .prepare("SELECT DISTINCT programme FROM programme ORDER BY programme")?
        .query_map([], |row| row.get(0))?
        .collect()
}

/// The programmes of a contract with the levels at which their covers begin.
pub fn programmes(register: &Connection, contract: i64) -> rusqlite::Result<Vec<(String, String)>> {
    let query = "SELECT programme, level FROM programme WHERE contract = ?1 ORDER BY programme, level";
    register.prepare_cached(query)?.query_map([contract], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}

/// A contract that a change may touch: where its lines stood before a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chosen {
    /// The contract.
    pub contract: i64,
    /// The run.
    pub before: i64,
    /// Its lines, as they stood then.
    pub lines: Segment,
}

/// Which contracts are looked for.
#[derive(Debug)]
pub struct Choice<'c> {
    /// They cover one of these programmes.
    pub programmes: &'c [String],
    /// They have not ended before this day.
    pub day: Date,
    /// They were bound before this run.
    pub bound_before: i64,
    /// The change that may have been applied to them; they stood before it as they did before the run that applied it.
    pub change: &'c str,
    /// The run before which those stand that the change has set aside.
    pub next: i64,
}

/// Shows the contracts of a choice, in no order that could matter.
pub fn each_chosen<E>(
    register: &Connection,
    choice: &Choice<'_>,
    mut show: impl FnMut(Chosen) -> Result<(), E>,
) -> rusqlite::Result<Result<(), E>> {
    let marks = vec!["?"; choice.programmes.len()].join(", ");
    let query = format!(
        // materialized: else it is worked out anew wherever it is named
        "WITH chosen AS MATERIALIZED (
             SELECT id AS contract, coalesce(
                 (SELECT run FROM version WHERE contract = id AND change = ?1 AND kind = 'repriced'),
                 (SELECT ?4 FROM set_aside WHERE contract = id AND change = ?1),
                 ?3
             ) AS stood
             FROM contract
             WHERE last_day >= ?2 AND run < ?3
             AND id IN (SELECT contract FROM programme WHERE programme IN ({marks}))
         )
         SELECT chosen.contract, stood, segment.file, first_row, segment.rows
         FROM chosen
         JOIN segment ON segment.contract = chosen.contract AND segment.run = (
             SELECT max(run) FROM version
             WHERE contract = chosen.contract AND run < stood AND kind IN ('bound', 'endorsed'))
         JOIN file ON file.id = segment.file AND part = 'lines'
         WHERE NOT EXISTS (
             SELECT 1 FROM version
             WHERE contract = chosen.contract AND run < stood AND kind = 'refused' AND from_day <= ?2)"
    );
    let mut query = register.prepare(&query)?;
    let day = Day(choice.day);
    let fixed: [&dyn ToSql; 4] = [&choice.change, &day, &choice.bound_before, &choice.next];
    let programmes = choice.programmes.iter().map(|programme| programme as &dyn ToSql);
    let mut rows = query.query(rusqlite::params_from_iter(fixed.into_iter().chain(programmes)))?;
    while let Some(row) = rows.next()? {
        let lines = Segment { file: row.get(2)?, first_row: row.get(3)?, rows: row.get(4)? };
        let shown = show(Chosen { contract: row.get(0)?, before: row.get(1)?, lines });
        if shown.is_err() {
            return Ok(shown);
        }
    }
    Ok(Ok(()))
}
