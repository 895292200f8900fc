//! The events of contracts, and the runs that are annulled.
//!
//! Every function returns an error only where the database cannot be read or written.

#![expect(clippy::missing_errors_doc, reason = "the module documents it")]

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::portfolio::event::{Event, EventKind};
use crate::portfolio::register::contracts::{BoundContract, contract_at};
use crate::portfolio::register::payments::paid_until;
use crate::portfolio::register::values::Day;

/// Adds an event of a contract.
pub fn add_event(commit: &Transaction<'_>, contract: i64, run: i64, event: &Event) -> rusqlite::Result<()> {
    let add = "INSERT INTO event (contract, run, row, kind, valid_day, payload) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let payload =
        serde_json::to_string(&event.kind).map_err(|fault| rusqlite::Error::ToSqlConversionFailure(fault.into()))?;
    let values = params![contract, run, event.row, event.kind.as_str(), Day(event.day), payload];
    commit.prepare_cached(add)?.execute(values).map(drop)
}

/// The events of a contract before a run, without those that are annulled before it, in the order of their runs and rows. An end counts the
/// payments that are not annulled.
pub fn events(register: &Connection, contract: i64, before: i64) -> rusqlite::Result<Vec<Event>> {
    let query = "SELECT run, row, valid_day, payload FROM event
                 WHERE contract = ?1 AND run < ?2 AND run NOT IN (
                     SELECT annulled FROM annulment WHERE contract = ?1 AND run < ?2)
                 ORDER BY run, row";
    let mut query = register.prepare_cached(query)?;
    let events = query.query_map([contract, before], |row| {
        let payload: String = row.get(3)?;
        let kind: EventKind = serde_json::from_str(&payload)
            .map_err(|fault| rusqlite::Error::FromSqlConversionFailure(3, Type::Text, fault.into()))?;
        Ok(Event { run: row.get(0)?, row: row.get(1)?, day: row.get::<_, Day>(2)?.0, kind })
    })?;
    let mut events: Vec<Event> = events.collect::<rusqlite::Result<_>>()?;
    for event in &mut events {
        if let EventKind::Ended(end) = &mut event.kind {
            let paid = paid_until(register, contract, event.run, before)?;
            end.paid = i64::try_from(paid.get()).unwrap_or(i64::MAX);
        }
    }
    Ok(events)
}

/// The contracts with an event of a day or later days, each with the first run that recorded one.
pub fn with_events_from(register: &Connection, day: Date) -> rusqlite::Result<BTreeMap<i64, i64>> {
    let query = "SELECT contract, min(run) FROM event WHERE valid_day >= ?1 GROUP BY contract";
    register.prepare(query)?.query_map([Day(day)], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}

/// The number of insured who joined a contract before a run, by annulled events too.
pub fn joined_before(register: &Connection, contract: i64, run: i64) -> rusqlite::Result<u32> {
    let query = "SELECT count(*) FROM event WHERE contract = ?1 AND kind = 'joined' AND run < ?2";
    register.prepare_cached(query)?.query_row([contract, run], |row| row.get(0))
}

/// Takes the events of a run out of the life of a contract (`I32`).
pub fn add_annulment(commit: &Transaction<'_>, contract: i64, run: i64, annulled: i64) -> rusqlite::Result<()> {
    let add = "INSERT INTO annulment (contract, run, annulled) VALUES (?1, ?2, ?3)";
    commit.prepare_cached(add)?.execute(params![contract, run, annulled]).map(drop)
}

/// The kind of a run, if there is one of this number.
pub fn run_kind(register: &Connection, run: i64) -> rusqlite::Result<Option<String>> {
    register.query_row("SELECT kind FROM run WHERE seq = ?1", [run], |row| row.get(0)).optional()
}

/// The contracts that a run has touched and for which it is not annulled, in the order of the book.
pub fn touched_by(register: &Connection, run: i64) -> rusqlite::Result<Vec<BoundContract>> {
    let query = "SELECT id FROM contract WHERE id IN (
                     SELECT contract FROM version WHERE run = ?1
                     UNION SELECT contract FROM applied WHERE run = ?1
                     UNION SELECT contract FROM payment WHERE run = ?1)
                 AND id NOT IN (SELECT contract FROM annulment WHERE annulled = ?1)
                 ORDER BY id";
    let ids: Vec<i64> =
        register.prepare(query)?.query_map([run], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    ids.into_iter().map(|id| contract_at(register, id)).collect()
}

/// Whether the run that bound a contract is annulled before a run.
pub fn is_annulled(register: &Connection, contract: &BoundContract, before: i64) -> rusqlite::Result<bool> {
    let query = "SELECT count(*) FROM annulment WHERE contract = ?1 AND annulled = ?2 AND run < ?3";
    register.prepare_cached(query)?.query_row([contract.id, contract.run, before], |row| Ok(row.get::<_, i64>(0)? > 0))
}

/// The run by which the binding of a contract is annulled, if it is.
pub fn annulled_by(register: &Connection, contract: &BoundContract) -> rusqlite::Result<Option<i64>> {
    let query = "SELECT min(run) FROM annulment WHERE contract = ?1 AND annulled = ?2";
    register.prepare_cached(query)?.query_row([contract.id, contract.run], |row| row.get(0))
}

/// The annulling runs of a contract before a run, with the run that each annuls.
pub fn annulled_runs(register: &Connection, contract: i64, before: i64) -> rusqlite::Result<BTreeMap<i64, i64>> {
    let query = "SELECT run, annulled FROM annulment WHERE contract = ?1 AND run < ?2";
    register.prepare_cached(query)?.query_map([contract, before], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}

/// The last day on which an event or a price change of a contract before a run counts, annulled ones too.
pub fn last_valid_day(register: &Connection, contract: i64, before: i64) -> rusqlite::Result<Option<Date>> {
    let query = "SELECT max(day) FROM (
                     SELECT max(valid_day) AS day FROM event WHERE contract = ?1 AND run < ?2
                     UNION SELECT max(from_day) FROM applied WHERE contract = ?1 AND run < ?2)";
    let last = |row: &rusqlite::Row<'_>| Ok(row.get::<_, Option<Day>>(0)?.map(|day| day.0));
    register.prepare_cached(query)?.query_row([contract, before], last)
}

/// A run of the book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Its number.
    pub run: i64,
    /// What it was.
    pub kind: String,
    /// Who ran it, if that was given.
    pub by: Option<String>,
    /// The note that it was given.
    pub note: Option<String>,
    /// The number of contracts that it changed or booked a payment for.
    pub contracts: u64,
    /// The number of contracts for which it is annulled.
    pub annulled: u64,
}

/// The runs of the book, in their order.
pub fn runs(register: &Connection) -> rusqlite::Result<Vec<Run>> {
    let query = "WITH touched AS (
                     SELECT run, contract FROM version
                     UNION SELECT run, contract FROM applied
                     UNION SELECT run, contract FROM payment
                     UNION SELECT run, contract FROM erasure WHERE contract > 0)
                 SELECT seq, kind, by, note,
                     (SELECT count(*) FROM touched WHERE touched.run = seq),
                     (SELECT count(DISTINCT contract) FROM annulment WHERE annulled = seq)
                 FROM run ORDER BY seq";
    let run = |row: &rusqlite::Row<'_>| {
        Ok(Run {
            run: row.get(0)?,
            kind: row.get(1)?,
            by: row.get(2)?,
            note: row.get(3)?,
            contracts: row.get(4)?,
            annulled: row.get(5)?,
        })
    };
    register.prepare(query)?.query_map([], run)?.collect()
}

/// The number of guarantee letters of contracts. The clinics create their table with the first letter.
pub fn letters(register: &Connection, contracts: &BTreeSet<i64>) -> rusqlite::Result<u64> {
    let table = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'letter'";
    if register.query_row(table, [], |row| row.get::<_, i64>(0))? == 0 {
        return Ok(0);
    }
    let mut count =
        register.prepare("SELECT count(*) FROM letter WHERE contract = (SELECT number FROM contract WHERE id = ?1)")?;
    contracts.iter().map(|id| count.query_row([id], |row| row.get::<_, u64>(0))).sum()
}
