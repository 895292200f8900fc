//! The contracts of a book as they were bound.
//!
//! Every function fails where the database cannot be read or written, and for nothing else.
#![expect(clippy::missing_errors_doc, reason = "said once for all of them")]

use jiff::civil::Date;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ValueRef};
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use rust_decimal::Decimal;

use super::Day;
use crate::contract::{ExpenseBasis, PriceDecrease, PriceTerms};
use crate::money::decimal_as_written;

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
