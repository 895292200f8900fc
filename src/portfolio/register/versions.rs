//! The versions of contracts: one for each run that has changed a contract.
//!
//! Every function returns an error only where the database cannot be read or written.

#![expect(clippy::missing_errors_doc, reason = "the module documents it")]

use jiff::civil::Date;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ValueRef};
use rusqlite::{Connection, Transaction, params};

use crate::base::money::Kopecks;
use crate::portfolio::register::values::{Amount, Day};

/// What has made a version of a contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VersionKind {
    /// The contract was bound.
    Bound,
    /// Prices changed.
    Repriced,
    /// The policyholder refused a change.
    Refused,
    /// Insured joined, left or changed their plans.
    Endorsed,
    /// The contract ended before its last day.
    Terminated,
    /// A run was taken out of the contract's life.
    Annulled,
    /// The contract was folded again after a price change, because later events were known (`I31`).
    Refolded,
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
            Self::Terminated => "terminated",
            Self::Annulled => "annulled",
            Self::Refolded => "refolded",
        }
    }
}

impl FromSql for VersionKind {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let word = value.as_str()?;
        let kinds = [
            Self::Bound,
            Self::Repriced,
            Self::Refused,
            Self::Endorsed,
            Self::Terminated,
            Self::Annulled,
            Self::Refolded,
        ];
        kinds.into_iter().find(|kind| kind.as_str() == word).ok_or(FromSqlError::InvalidType)
    }
}

/// The figures of a contract after a run, from a day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// The run that made it.
    pub run: i64,
    /// What made it.
    pub kind: VersionKind,
    /// The first day on which it holds.
    pub from_day: Date,
    /// The insured in force from then on.
    pub insured: u32,
    /// The lines of the contract, including those that have ended.
    pub lines: u64,
    /// The written premium.
    pub written: Kopecks,
    /// The expenses in it that are charged at the end of the contract, beside its lines (`I22`).
    pub expenses: Kopecks,
    /// The first day without cover, where the contract ends before its last day.
    pub ended: Option<Date>,
    /// The price change that was applied or refused.
    pub change: Option<String>,
}

/// Adds a version of a contract.
pub fn add_version(commit: &Transaction<'_>, contract: i64, version: &Version) -> rusqlite::Result<()> {
    commit
        .prepare_cached(
            "INSERT INTO version (contract, run, kind, from_day, insured, lines, written, expenses, ended, change)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?
        .execute(params![
            contract,
            version.run,
            version.kind.as_str(),
            Day(version.from_day),
            version.insured,
            version.lines,
            Amount(version.written),
            Amount(version.expenses),
            version.ended.map(Day),
            version.change,
        ])
        .map(drop)
}

/// The versions of a contract before a run, in order; the last one is in force.
pub fn versions(register: &Connection, contract: i64, before: i64) -> rusqlite::Result<Vec<Version>> {
    let query = "SELECT run, kind, from_day, insured, lines, written, expenses, ended, change FROM version
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
                expenses: row.get::<_, Amount>(6)?.0,
                ended: row.get::<_, Option<Day>>(7)?.map(|day| day.0),
                change: row.get(8)?,
            })
        })?
        .collect()
}

/// The numbers of contracts and lines, and the written premium, of the book before a run.
pub fn sums(register: &Connection, before: i64) -> rusqlite::Result<(u64, u64, Kopecks)> {
    let query = "WITH last AS (SELECT contract, max(run) AS run FROM version WHERE run < ?1 GROUP BY contract)
                 SELECT count(*), coalesce(sum(lines), 0), coalesce(sum(written), 0)
                 FROM last JOIN version USING (contract, run)";
    register.query_row(query, [before], |row| Ok((row.get(0)?, row.get(1)?, row.get::<_, Amount>(2)?.0)))
}
