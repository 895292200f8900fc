//! The contracts of a book as they were bound, with their programmes and the texts of their terms.
//!
//! Every function returns an error only where the database cannot be read or written.

#![expect(clippy::missing_errors_doc, reason = "the module documents it")]

use jiff::civil::Date;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, Type, ValueRef};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::base::calendar::Term;
use crate::portfolio::register::files::Segment;
use crate::portfolio::register::values::{Day, Number};
use crate::quote::contract::{ExpenseBasis, PriceDecrease, PriceTerms};

/// A contract of the book as it was bound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoundContract {
    /// Its id in the register: the order in which contracts were bound.
    pub id: i64,
    /// Its number.
    pub number: String,
    /// The run that bound it.
    pub run: i64,
    /// The policyholder.
    pub policyholder: String,
    /// The first day.
    pub first_day: Date,
    /// The last day as agreed.
    pub last_day: Date,
    /// The headcount at inception (`I1`).
    pub headcount: u32,
    /// Its terms for price changes.
    pub price_terms: PriceTerms,
    /// SHA-256 of the contract file.
    pub terms: String,
    /// SHA-256 of the tariff file.
    pub tariff: String,
    /// SHA-256 over the hashes of the contract, its rosters and its tariff.
    pub fingerprint: String,
}

/// The contract with a number.
pub fn contract(register: &Connection, number: &str) -> rusqlite::Result<Option<BoundContract>> {
    let query = format!("{CONTRACT} WHERE number = ?1");
    register.prepare_cached(&query)?.query_row([number], parse_contract).optional()
}

/// The contract with an id.
pub fn contract_at(register: &Connection, id: i64) -> rusqlite::Result<BoundContract> {
    let query = format!("{CONTRACT} WHERE id = ?1");
    register.prepare_cached(&query)?.query_row([id], parse_contract)
}

/// Passes the contracts after an id to `visit`, in the order of their ids, until it returns `false`.
pub fn each_contract_after(
    register: &Connection,
    id: i64,
    mut visit: impl FnMut(BoundContract) -> rusqlite::Result<bool>,
) -> rusqlite::Result<()> {
    let query = format!("{CONTRACT} WHERE id > ?1 ORDER BY id");
    let mut query = register.prepare_cached(&query)?;
    let mut rows = query.query([id])?;
    while let Some(row) = rows.next()?
        && visit(parse_contract(row)?)?
    {}
    Ok(())
}

/// The number of contracts.
pub fn count(register: &Connection) -> rusqlite::Result<u64> {
    register.query_row("SELECT count(*) FROM contract", [], |row| row.get(0))
}

/// The id of the next contract.
pub fn next_contract(register: &Connection) -> rusqlite::Result<i64> {
    register.query_row("SELECT coalesce(max(id), 0) + 1 FROM contract", [], |row| row.get(0))
}

/// The contracts that were bound before a run, by number.
pub fn contracts(register: &Connection, before: i64) -> rusqlite::Result<Vec<BoundContract>> {
    let query = format!("{CONTRACT} WHERE run < ?1 ORDER BY number");
    register.prepare(&query)?.query_map([before], parse_contract)?.collect()
}

/// The first contract that was bound with each edition of the tariff, in the order in which they were bound.
pub fn first_contracts_of_tariffs(register: &Connection) -> rusqlite::Result<Vec<BoundContract>> {
    let query = format!("{CONTRACT} WHERE id IN (SELECT min(id) FROM contract GROUP BY tariff) ORDER BY id");
    register.prepare(&query)?.query_map([], parse_contract)?.collect()
}

/// The first day of the book: of its contracts, their versions and payments; `None` where it has no contract.
pub fn first_day(register: &Connection) -> rusqlite::Result<Option<Date>> {
    let query = "SELECT min(day) FROM (
                     SELECT min(first_day) AS day FROM contract
                     UNION SELECT min(from_day) FROM version
                     UNION SELECT min(day) FROM payment)";
    register.query_row(query, [], |row| Ok(row.get::<_, Option<Day>>(0)?.map(|day| day.0)))
}

/// The numbers of all contracts.
pub fn contract_numbers(register: &Connection) -> rusqlite::Result<Vec<String>> {
    register.prepare("SELECT number FROM contract ORDER BY number")?.query_map([], |row| row.get(0))?.collect()
}

const CONTRACT: &str =
    "SELECT id, number, run, policyholder, first_day, last_day, headcount, terms, tariff, fingerprint,
     price_decrease, expense_load, expense_basis, price_fixed, price_changes_included FROM contract";

fn parse_contract(row: &rusqlite::Row<'_>) -> rusqlite::Result<BoundContract> {
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
            price_fixed: row.get(13)?,
            included_changes: serde_json::from_str(&row.get::<_, String>(14)?)
                .map_err(|fault| rusqlite::Error::FromSqlConversionFailure(14, Type::Text, fault.into()))?,
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
        Self::parse(word).ok_or(FromSqlError::InvalidType)
    }
}

/// Adds a contract.
pub fn add_contract(commit: &Transaction<'_>, contract: &BoundContract) -> rusqlite::Result<()> {
    commit
        .prepare_cached(
            "INSERT INTO contract (id, number, run, policyholder, first_day, last_day, headcount, terms, tariff,
             fingerprint, price_decrease, expense_load, expense_basis, price_fixed, price_changes_included)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
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
            contract.price_terms.price_fixed,
            serde_json::json!(contract.price_terms.included_changes).to_string(),
        ])
        .map(drop)
}

/// Adds a programme of a contract with the price level of a cover at inception.
pub fn add_programme(commit: &Transaction<'_>, contract: i64, programme: &str, level: &str) -> rusqlite::Result<()> {
    let add = "INSERT OR IGNORE INTO programme (contract, programme, level) VALUES (?1, ?2, ?3)";
    commit.prepare_cached(add)?.execute(params![contract, programme, level]).map(drop)
}

/// Stores a text that terms are read from; a text that is stored already stays.
pub fn add_document(commit: &Transaction<'_>, sha256: &str, text: &str) -> rusqlite::Result<()> {
    let add = "INSERT OR IGNORE INTO document (sha256, text) VALUES (?1, ?2)";
    commit.prepare_cached(add)?.execute(params![sha256, text]).map(drop)
}

/// The text of a stored document; the caller has to prove its hash.
pub fn document(register: &Connection, sha256: &str) -> rusqlite::Result<Option<String>> {
    let query = "SELECT text FROM document WHERE sha256 = ?1";
    register.prepare_cached(query)?.query_row([sha256], |row| row.get(0)).optional()
}

/// The programmes that the contracts of the book cover.
pub fn all_programmes(register: &Connection) -> rusqlite::Result<Vec<String>> {
    register
        .prepare("SELECT DISTINCT programme FROM programme ORDER BY programme")?
        .query_map([], |row| row.get(0))?
        .collect()
}

/// The programmes of a contract with the price levels of their covers at inception.
pub fn programmes(register: &Connection, contract: i64) -> rusqlite::Result<Vec<(String, String)>> {
    let query = "SELECT programme, level FROM programme WHERE contract = ?1 ORDER BY programme, level";
    register.prepare_cached(query)?.query_map([contract], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}

/// A contract that a price change may affect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chosen {
    /// The id of the contract.
    pub contract: i64,
    /// The run before which the change finds it.
    pub before: i64,
    /// Its lines at that time.
    pub lines: Segment,
}

/// The conditions for contracts that a price change may affect.
#[derive(Debug)]
pub struct Choice<'c> {
    /// The contract covers one of these programmes.
    pub programmes: &'c [String],
    /// It has not ended before this day.
    pub day: Date,
    /// The run of the change; a contract that was bound later has to begin before the change is effective (`I36`).
    pub run: i64,
    /// The id of the change; a contract that has gone through it already is found as it was before that run.
    pub change: &'c str,
    /// The next run; a contract that the change has set aside, or that was bound later, is found as it is now.
    pub next: i64,
}

/// Passes the contracts that meet the conditions to `visit`, in no particular order.
pub fn each_chosen<E>(
    register: &Connection,
    choice: &Choice<'_>,
    mut visit: impl FnMut(Chosen) -> Result<(), E>,
) -> rusqlite::Result<Result<(), E>> {
    let marks = vec!["?"; choice.programmes.len()].join(", ");
    let query = format!(
        // materialized: otherwise SQLite computes it again at each use
        "WITH chosen AS MATERIALIZED (
             SELECT id AS contract, coalesce(
                 (SELECT min(run) FROM applied WHERE contract = id AND change = ?1 AND run NOT IN (
                     SELECT annulled FROM annulment WHERE contract = id)),
                 (SELECT ?4 FROM set_aside WHERE contract = id AND change = ?1),
                 (SELECT ?4 FROM annulment WHERE contract = id AND annulled = ?3),
                 iif(run < ?3, ?3, ?4)
             ) AS state_before
             FROM contract
             WHERE last_day >= ?2 AND (run < ?3 OR first_day < ?2)
             AND id IN (SELECT contract FROM programme WHERE programme IN ({marks}))
         )
         SELECT chosen.contract, state_before, segment.file, first_row, segment.rows
         FROM chosen
         JOIN segment ON segment.contract = chosen.contract AND segment.run = (
             SELECT max(run) FROM version
             WHERE contract = chosen.contract AND run < state_before AND kind != 'repriced')
         JOIN file ON file.id = segment.file AND file.kind = 'lines'
         WHERE NOT EXISTS (
             SELECT 1 FROM version AS last
             WHERE contract = chosen.contract AND ended <= ?2 AND run = (
                 SELECT max(run) FROM version WHERE contract = last.contract AND run < state_before))"
    );
    let mut query = register.prepare(&query)?;
    let day = Day(choice.day);
    let fixed: [&dyn ToSql; 4] = [&choice.change, &day, &choice.run, &choice.next];
    let programmes = choice.programmes.iter().map(|programme| programme as &dyn ToSql);
    let mut rows = query.query(rusqlite::params_from_iter(fixed.into_iter().chain(programmes)))?;
    while let Some(row) = rows.next()? {
        let lines = Segment { file: row.get(2)?, first_row: row.get(3)?, rows: row.get(4)? };
        let visited = visit(Chosen { contract: row.get(0)?, before: row.get(1)?, lines });
        if visited.is_err() {
            return Ok(visited);
        }
    }
    Ok(Ok(()))
}
