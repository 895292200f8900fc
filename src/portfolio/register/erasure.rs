//! What an erasing run replaces in the register.
//!
//! Every function returns an error only where the database cannot be read or written.

use std::collections::BTreeMap;

use rusqlite::functions::FunctionFlags;
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::portfolio::event::{Event, EventKind};
use crate::portfolio::register::values::Day;
use crate::portfolio::store::StoredFile;

/// The contracts that share a part of a file, by the file and the first row: contract, run and number of rows.
pub type Holders = BTreeMap<(i64, u64), Vec<(i64, i64, u64)>>;

/// The contracts and runs to which the rows of the files of insured belong.
pub fn holders_of_insured(register: &Connection) -> rusqlite::Result<Holders> {
    let query = "SELECT file, first_row, contract, segment.run, segment.rows FROM segment
                 JOIN file ON file.id = segment.file WHERE kind = 'insured'";
    let mut query = register.prepare(query)?;
    let mut rows = query.query([])?;
    let mut holders = Holders::new();
    while let Some(row) = rows.next()? {
        let of_segment = holders.entry((row.get(0)?, row.get(1)?)).or_default();
        of_segment.push((row.get(2)?, row.get(3)?, row.get(4)?));
    }
    Ok(holders)
}

/// Passes every event of the book to `visit` with its contract, annulled ones too, in the order of contracts, runs and rows.
pub fn each_event(
    register: &Connection,
    contract: Option<i64>,
    mut visit: impl FnMut(i64, Event),
) -> rusqlite::Result<()> {
    let query = "SELECT contract, run, row, valid_day, payload FROM event
                 WHERE ?1 IS NULL OR contract = ?1 ORDER BY contract, run, row";
    let mut query = register.prepare_cached(query)?;
    let mut rows = query.query([contract])?;
    while let Some(row) = rows.next()? {
        let payload: String = row.get(4)?;
        let kind: EventKind = serde_json::from_str(&payload)
            .map_err(|fault| rusqlite::Error::FromSqlConversionFailure(4, Type::Text, fault.into()))?;
        visit(row.get(0)?, Event { run: row.get(1)?, row: row.get(2)?, day: row.get::<_, Day>(3)?.0, kind });
    }
    Ok(())
}

/// Replaces the payload of an event.
pub fn replace_event(commit: &Transaction<'_>, contract: i64, event: &Event) -> rusqlite::Result<()> {
    let replace = "UPDATE event SET payload = ?4 WHERE contract = ?1 AND run = ?2 AND row = ?3";
    let payload =
        serde_json::to_string(&event.kind).map_err(|fault| rusqlite::Error::ToSqlConversionFailure(fault.into()))?;
    commit.prepare_cached(replace)?.execute(params![contract, event.run, event.row, payload]).map(drop)
}

/// Replaces a file by another one with the same numbers of rows.
pub fn replace_file(commit: &Transaction<'_>, file: i64, stored: &StoredFile) -> rusqlite::Result<()> {
    let replace = "UPDATE file SET name = ?2, bytes = ?3, footer_at = ?4, footer_sha256 = ?5 WHERE id = ?1";
    commit.execute(replace, params![file, stored.name, stored.bytes, stored.footer_at, stored.footer_sha256])?;
    let replace = "UPDATE row_group SET at = ?3, bytes = ?4, sha256 = ?5 WHERE file = ?1 AND place = ?2";
    let mut replace = commit.prepare_cached(replace)?;
    for (place, group) in stored.groups.iter().enumerate() {
        replace.execute(params![file, place, group.at, group.bytes, group.sha256])?;
    }
    Ok(())
}

/// Replaces the text of a contract's terms, and removes the old text where no contract has it.
pub fn replace_terms(commit: &Transaction<'_>, contract: i64, before: &str, after: &str) -> rusqlite::Result<()> {
    commit.execute("UPDATE contract SET terms = ?2 WHERE id = ?1", params![contract, after])?;
    let remove = "DELETE FROM document WHERE sha256 = ?1
                  AND NOT EXISTS (SELECT 1 FROM contract WHERE terms = ?1 OR tariff = ?1)";
    commit.execute(remove, [before]).map(drop)
}

/// Replaces texts by `replaced`: who ran a run and why, the warnings about these contracts, the names of files of clinic registers.
pub fn replace_texts(
    commit: &Transaction<'_>,
    contracts: &[i64],
    replaced: impl Fn(&str) -> String + Send + Sync + std::panic::UnwindSafe + std::panic::RefUnwindSafe + 'static,
) -> rusqlite::Result<usize> {
    commit.create_scalar_function("replaced", 1, FunctionFlags::SQLITE_UTF8, move |row| {
        Ok(row.get_raw(0).as_str_or_null()?.map(&replaced))
    })?;
    let runs = "UPDATE run SET by = replaced(by), note = replaced(note)
                WHERE by <> replaced(by) OR note <> replaced(note)";
    let mut count = commit.execute(runs, [])?;
    let warnings = "UPDATE warning SET place = replaced(place), ru = replaced(ru), en = replaced(en)
                    WHERE contract = ?1 AND (place <> replaced(place) OR ru <> replaced(ru) OR en <> replaced(en))";
    for contract in contracts {
        count += commit.execute(warnings, [contract])?;
    }
    if has_table(commit, "claim_register")? {
        let names = "UPDATE claim_register SET file_name = replaced(file_name) WHERE file_name <> replaced(file_name)";
        count += commit.execute(names, [])?;
    }
    Ok(count)
}

/// The guarantee letters of a contract: number, insured and birth date. The clinics create their table with the first letter.
pub fn letters_of(register: &Connection, contract: &str) -> rusqlite::Result<Vec<(i64, String, jiff::civil::Date)>> {
    if !has_table(register, "letter")? {
        return Ok(Vec::new());
    }
    register
        .prepare("SELECT number, insured, birth_date FROM letter WHERE contract = ?1 ORDER BY number")?
        .query_map([contract], |row| Ok((row.get(0)?, row.get(1)?, row.get::<_, Day>(2)?.0)))?
        .collect()
}

/// Replaces the insured of a guarantee letter, and empties the policy number.
pub fn replace_letter(
    commit: &Transaction<'_>,
    letter: i64,
    name: &str,
    birth_date: jiff::civil::Date,
) -> rusqlite::Result<()> {
    let replace = "UPDATE letter SET insured = ?2, birth_date = ?3, policy = '' WHERE number = ?1";
    commit.execute(replace, params![letter, name, Day(birth_date)]).map(drop)
}

/// Adds a document that a run removes, by its path in the folder of the book.
pub fn add_removed_document(commit: &Transaction<'_>, run: i64, path: &str) -> rusqlite::Result<()> {
    let add = "INSERT INTO removed_document (run, path) VALUES (?1, ?2)";
    commit.prepare_cached(add)?.execute(params![run, path]).map(drop)
}

/// The documents that the last run removes.
pub fn removed_documents(register: &Connection) -> rusqlite::Result<Vec<String>> {
    let query = "SELECT path FROM removed_document WHERE run = (SELECT max(seq) FROM run) ORDER BY path";
    register.prepare(query)?.query_map([], |row| row.get(0))?.collect()
}

/// The last run, if it was an erasing one.
pub fn last_erasure(register: &Connection) -> rusqlite::Result<Option<i64>> {
    let query = "SELECT seq FROM run WHERE kind = 'forget' AND seq = (SELECT max(seq) FROM run)";
    register.query_row(query, [], |row| row.get(0)).optional()
}

/// The numbers of the contracts whose rows a run has replaced.
pub fn erased_in(register: &Connection, run: i64) -> rusqlite::Result<Vec<String>> {
    let query = "SELECT number FROM contract WHERE id IN (SELECT contract FROM erasure WHERE run = ?1) ORDER BY number";
    register.prepare(query)?.query_map([run], |row| row.get(0))?.collect()
}

fn has_table(register: &Connection, name: &str) -> rusqlite::Result<bool> {
    register.prepare("SELECT 1 FROM main.sqlite_master WHERE type = 'table' AND name = ?1")?.exists([name])
}
