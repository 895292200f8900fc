//! Price changes of the book, and endorsements.
//!
//! Every function returns an error only where the database cannot be read or written.

#![expect(clippy::missing_errors_doc, reason = "the module documents it")]

use std::collections::BTreeMap;

use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::portfolio::premium::price_history::AppliedChange;
use crate::portfolio::register::values::{Day, Number};

/// A price change of the book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownChange {
    /// Its id.
    pub id: String,
    /// The run that added it.
    pub run: i64,
    /// The day on which policyholders were notified.
    pub notified: Date,
    /// The first day of the new prices.
    pub effective: Date,
    /// SHA-256 of its content.
    pub fingerprint: String,
}

/// The price changes of the book, in the order of their runs.
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

/// The price changes before a run in a contract, in the order of their runs; also of a staging database.
pub fn applied(register: &Connection, contract: i64, before: i64) -> rusqlite::Result<Vec<AppliedChange>> {
    let query = "SELECT run, change, from_day, programme, coefficient FROM applied
                 WHERE contract = ?1 AND run < ?2 AND run NOT IN (
                     SELECT annulled FROM annulment WHERE contract = ?1 AND run < ?2)
                 ORDER BY run, programme";
    register
        .prepare_cached(query)?
        .query_map([contract, before], |row| {
            Ok(AppliedChange {
                run: row.get(0)?,
                change: row.get(1)?,
                effective: row.get::<_, Day>(2)?.0,
                programme: row.get(3)?,
                coefficient: row.get::<_, Number>(4)?.0,
                factor: None,
            })
        })?
        .collect()
}

/// The contracts to which a price change of a later day is applied, each with the first run that applied one. Without such a change in the
/// book no contract is read.
pub fn with_prices_after(register: &Connection, day: Date) -> rusqlite::Result<BTreeMap<i64, i64>> {
    let later = "SELECT EXISTS (SELECT 1 FROM price_change WHERE effective > ?1)";
    if !register.query_row(later, [Day(day)], |row| row.get::<_, bool>(0))? {
        return Ok(BTreeMap::new());
    }
    let query = "SELECT contract, min(run) FROM applied WHERE from_day > ?1 GROUP BY contract";
    register.prepare(query)?.query_map([Day(day)], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}

/// Records that a change could not reprice a contract.
pub fn add_set_aside(commit: &Transaction<'_>, run: i64, contract: i64, change: &str) -> rusqlite::Result<()> {
    let add = "INSERT OR IGNORE INTO set_aside (contract, change, run) VALUES (?1, ?2, ?3)";
    commit.prepare_cached(add)?.execute(params![contract, change, run]).map(drop)
}

/// Adds a coefficient that a run has applied to a programme of a contract.
pub fn add_applied(commit: &Transaction<'_>, contract: i64, applied: &AppliedChange) -> rusqlite::Result<()> {
    let add = "INSERT INTO applied (contract, run, change, from_day, programme, coefficient)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let AppliedChange { run, change, effective, programme, coefficient, .. } = applied;
    let values = params![contract, run, change, Day(*effective), programme, coefficient.to_string()];
    commit.prepare_cached(add)?.execute(values).map(drop)
}

/// The run that has endorsed a contract with a list of this fingerprint, if any and not annulled.
pub fn endorsement(register: &Connection, contract: i64, fingerprint: &str) -> rusqlite::Result<Option<i64>> {
    let query = "SELECT run FROM endorsement WHERE contract = ?1 AND fingerprint = ?2 AND run NOT IN (
                     SELECT annulled FROM annulment WHERE contract = ?1)";
    register.prepare_cached(query)?.query_row(params![contract, fingerprint], |row| row.get(0)).optional()
}

/// Adds an endorsement.
pub fn add_endorsement(commit: &Transaction<'_>, run: i64, contract: i64, fingerprint: &str) -> rusqlite::Result<()> {
    let add = "INSERT INTO endorsement (contract, run, fingerprint) VALUES (?1, ?2, ?3)";
    commit.execute(add, params![contract, run, fingerprint]).map(drop)
}
