//! The files of a book, their row groups, and whose rows stand where.
//!
//! Every function fails where the database cannot be read or written, and for nothing else.

#![expect(clippy::missing_errors_doc, reason = "said once for all of them")]

use std::collections::BTreeSet;

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ValueRef};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::portfolio::store::{Part, RowGroup, Stored};

/// Where rows of a contract stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    /// The file.
    pub file: i64,
    /// The first row in it.
    pub first_row: u64,
    /// The number of rows.
    pub rows: u64,
}

/// Adds a file with its row groups and returns its place; the book has a file once, whoever writes the same rows again.
pub fn add_file(commit: &Transaction<'_>, run: i64, stored: &Stored) -> rusqlite::Result<i64> {
    let same = commit.prepare_cached("SELECT id FROM file WHERE name = ?1")?;
    if let Some(known) = { same }.query_row([&stored.name], |row| row.get(0)).optional()? {
        return Ok(known);
    }
    commit.execute(
        "INSERT INTO file (run, part, name, rows, bytes, footer_at, footer_sha256) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            run,
            stored.part.as_str(),
            stored.name,
            stored.rows(),
            stored.bytes,
            stored.footer_at,
            stored.footer_sha256
        ],
    )?;
    let file = commit.last_insert_rowid();
    let mut add = commit.prepare_cached(
        "INSERT INTO row_group (file, place, first_row, rows, at, bytes, sha256) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    for (place, group) in stored.groups.iter().enumerate() {
        add.execute(params![file, place, group.first_row, group.rows, group.at, group.bytes, group.sha256])?;
    }
    Ok(file)
}

/// The files of the book with their places, in the order in which they came.
pub fn files(register: &Connection) -> rusqlite::Result<Vec<(i64, Stored)>> {
    let mut groups = register
        .prepare_cached("SELECT first_row, rows, at, bytes, sha256 FROM row_group WHERE file = ?1 ORDER BY place")?;
    let mut files = register.prepare("SELECT id, part, name, bytes, footer_at, footer_sha256 FROM file ORDER BY id")?;
    let mut found = files.query([])?;
    let mut files = Vec::new();
    while let Some(row) = found.next()? {
        let id: i64 = row.get(0)?;
        let groups = groups.query_map([id], |row| {
            Ok(RowGroup {
                first_row: row.get(0)?,
                rows: row.get(1)?,
                at: row.get(2)?,
                bytes: row.get(3)?,
                sha256: row.get(4)?,
            })
        })?;
        let stored = Stored {
            part: row.get(1)?,
            name: row.get(2)?,
            bytes: row.get(3)?,
            footer_at: row.get(4)?,
            footer_sha256: row.get(5)?,
            groups: groups.collect::<rusqlite::Result<_>>()?,
        };
        files.push((id, stored));
    }
    Ok(files)
}

/// The names of the book's files.
pub fn file_names(register: &Connection) -> rusqlite::Result<BTreeSet<String>> {
    register.prepare("SELECT name FROM file")?.query_map([], |row| row.get(0))?.collect()
}

/// Shows every segment of the book, in the order of the rows; one that several versions of a contract have is shown once.
pub fn each_segment(register: &Connection, mut show: impl FnMut(Segment)) -> rusqlite::Result<()> {
    let query = "SELECT file, first_row, rows, contract FROM segment ORDER BY file, first_row, rows, contract";
    let mut query = register.prepare(query)?;
    let mut rows = query.query([])?;
    let mut before = None;
    while let Some(row) = rows.next()? {
        let segment = Segment { file: row.get(0)?, first_row: row.get(1)?, rows: row.get(2)? };
        let this = Some((segment, row.get::<_, i64>(3)?));
        if this != before {
            show(segment);
        }
        before = this;
    }
    Ok(())
}

impl FromSql for Part {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let word = value.as_str()?;
        Self::ALL.into_iter().find(|part| part.as_str() == word).ok_or(FromSqlError::InvalidType)
    }
}

/// Says where rows of a contract stand.
pub fn add_segment(commit: &Transaction<'_>, contract: i64, run: i64, segment: &Segment) -> rusqlite::Result<()> {
    let add = "INSERT INTO segment (contract, run, file, first_row, rows) VALUES (?1, ?2, ?3, ?4, ?5)";
    let values = params![contract, run, segment.file, segment.first_row, segment.rows];
    commit.prepare_cached(add)?.execute(values).map(drop)
}

/// Where the rows of one part that a run has written for a contract stand.
pub fn segment(register: &Connection, contract: i64, run: i64, part: Part) -> rusqlite::Result<Option<Segment>> {
    let query = "SELECT file, first_row, segment.rows FROM segment JOIN file ON file.id = segment.file
                 WHERE contract = ?1 AND segment.run = ?2 AND part = ?3";
    register
        .prepare_cached(query)?
        .query_row(params![contract, run, part.as_str()], |row| {
            Ok(Segment { file: row.get(0)?, first_row: row.get(1)?, rows: row.get(2)? })
        })
        .optional()
}

/// Where all rows of a contract stand, by the run that wrote them and the part.
pub fn segments(register: &Connection, contract: i64) -> rusqlite::Result<Vec<(i64, Part, Segment)>> {
    let query =
        "SELECT segment.run, part, file, first_row, segment.rows FROM segment JOIN file ON file.id = segment.file
                 WHERE contract = ?1 ORDER BY segment.run, file";
    register
        .prepare_cached(query)?
        .query_map([contract], |row| {
            Ok((row.get(0)?, row.get(1)?, Segment { file: row.get(2)?, first_row: row.get(3)?, rows: row.get(4)? }))
        })?
        .collect()
}
