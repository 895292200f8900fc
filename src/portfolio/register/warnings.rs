//! The warnings that runs have kept for contracts.
//!
//! Every function returns an error only where the database cannot be read or written.

#![expect(clippy::missing_errors_doc, reason = "the module documents it")]

use rusqlite::{Connection, Transaction, params};

use crate::portfolio::warning::{KeptWarning, Warning};

/// Adds the warnings of a run about a contract.
pub fn add_warnings(commit: &Transaction<'_>, contract: i64, run: i64, warnings: &[Warning]) -> rusqlite::Result<()> {
    let mut add = commit.prepare_cached(
        "INSERT INTO warning (contract, run, ordinal, code, place, ru, en) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    for (ordinal, warning) in (1_i64..).zip(warnings) {
        let [ru, en] = warning.messages();
        add.execute(params![contract, run, ordinal, warning.code.as_str(), warning.place, ru, en])?;
    }
    Ok(())
}

/// The warnings about a contract of all runs before one, in order.
pub fn warnings(register: &Connection, contract: i64, before: i64) -> rusqlite::Result<Vec<KeptWarning>> {
    register
        .prepare_cached(
            "SELECT run, code, place, ru, en FROM warning WHERE contract = ?1 AND run < ?2 ORDER BY run, ordinal",
        )?
        .query_map([contract, before], |row| {
            let messages = [row.get(3)?, row.get(4)?];
            Ok(KeptWarning { run: row.get(0)?, code: row.get(1)?, place: row.get(2)?, messages })
        })?
        .collect()
}
