//! The payments of policyholders.
//!
//! Every function returns an error only where the database cannot be read or written.

#![expect(clippy::missing_errors_doc, reason = "the module documents it")]

use jiff::civil::Date;
use rusqlite::{Connection, Transaction, params};

use crate::base::money::Kopecks;
use crate::portfolio::register::values::{Amount, Day};

/// Adds a payment; `false` where the book has the same contract, day and amount already.
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

/// The sum of the payments for a contract before a run.
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
