//! The payments of policyholders.
//!
//! Every function returns an error only where the database cannot be read or written.

#![expect(clippy::missing_errors_doc, reason = "the module documents it")]

use jiff::civil::Date;
use rusqlite::{Connection, Transaction, params};

use crate::base::money::Kopecks;
use crate::portfolio::register::values::{Amount, Day};

/// A payment of the book.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct BookedPayment {
    /// The id of the contract.
    pub contract: i64,
    /// The day.
    pub day: Date,
    /// The amount.
    pub amount: Kopecks,
    /// The number of its document; empty where there is none.
    pub document: String,
}

/// Adds a payment.
pub fn add_payment(commit: &Transaction<'_>, run: i64, payment: &BookedPayment) -> rusqlite::Result<()> {
    let add = "INSERT INTO payment (contract, day, amount, document, place, run)
               SELECT ?1, ?2, ?3, ?4, coalesce(max(place) + 1, 0), ?5 FROM payment
               WHERE contract = ?1 AND day = ?2 AND amount = ?3 AND document = ?4";
    let BookedPayment { contract, day, amount, document } = payment;
    commit.prepare_cached(add)?.execute(params![contract, Day(*day), Amount(*amount), document, run]).map(drop)
}

/// The number of payments of the book that are equal to this one (`I51`): with the same document number, or, where it has none, with any.
pub fn equal_payments(register: &Connection, payment: &BookedPayment) -> rusqlite::Result<u64> {
    let query = "SELECT count(*) FROM payment
                 WHERE contract = ?1 AND day = ?2 AND amount = ?3 AND ?4 IN ('', document)
                 AND run NOT IN (SELECT annulled FROM annulment WHERE contract = ?1)";
    let BookedPayment { contract, day, amount, document } = payment;
    register.prepare_cached(query)?.query_row(params![contract, Day(*day), Amount(*amount), document], |row| row.get(0))
}

/// The sum of the payments for a contract before a run.
pub fn paid(register: &Connection, contract: i64, before: i64) -> rusqlite::Result<Kopecks> {
    paid_until(register, contract, before, before)
}

/// The sum of the payments for a contract before the run `until`, without those that are annulled before a run.
pub fn paid_until(register: &Connection, contract: i64, until: i64, before: i64) -> rusqlite::Result<Kopecks> {
    let query = "SELECT coalesce(sum(amount), 0) FROM payment
                 WHERE contract = ?1 AND run < ?2 AND run NOT IN (
                     SELECT annulled FROM annulment WHERE contract = ?1 AND run < ?3)";
    register.prepare_cached(query)?.query_row([contract, until, before], |row| Ok(row.get::<_, Amount>(0)?.0))
}

/// A payment of a contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedPayment {
    /// Its day.
    pub day: Date,
    /// Its amount.
    pub amount: Kopecks,
    /// The number of the document; empty where there is none.
    pub document: String,
    /// The run that added it.
    pub run: i64,
}

/// The payments of a contract as known before a run, by day.
pub fn payments(register: &Connection, contract: i64, before: i64) -> rusqlite::Result<Vec<ListedPayment>> {
    let query = "SELECT day, amount, document, run FROM payment
                 WHERE contract = ?1 AND run < ?2 AND run NOT IN (
                     SELECT annulled FROM annulment WHERE contract = ?1 AND run < ?2)
                 ORDER BY day, amount, document, place";
    let payment = |row: &rusqlite::Row<'_>| {
        Ok(ListedPayment {
            day: row.get::<_, Day>(0)?.0,
            amount: row.get::<_, Amount>(1)?.0,
            document: row.get(2)?,
            run: row.get(3)?,
        })
    };
    register.prepare_cached(query)?.query_map([contract, before], payment)?.collect()
}
