//! The files of a book, their row groups, and the segments of contracts in them.
//!
//! Every function returns an error only where the database cannot be read or written.

#![expect(clippy::missing_errors_doc, reason = "the module documents it")]

use std::collections::BTreeSet;
use std::ops::Range;

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ValueRef};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::portfolio::store::{FileKind, RowGroup, StoredFile};

/// Consecutive rows of a contract in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    /// The id of the file.
    pub file: i64,
    /// The first row in the file.
    pub first_row: u64,
    /// The number of rows.
    pub rows: u64,
}

impl Segment {
    /// The places of the segment's rows in a row group that begins with `first_row` of the file and has `rows` rows.
    #[must_use]
    pub fn range_in(self, first_row: u64, rows: usize) -> Range<usize> {
        let place = |row: u64| usize::try_from(row.saturating_sub(first_row)).unwrap_or(usize::MAX).min(rows);
        place(self.first_row)..place(self.first_row + self.rows)
    }
}

/// Adds a file with its row groups and returns its id; a file with the same name has the same contents and is not added again.
pub fn add_file(commit: &Transaction<'_>, run: i64, stored: &StoredFile) -> rusqlite::Result<i64> {
    let same = commit.prepare_cached("SELECT id FROM file WHERE name = ?1")?;
    if let Some(known) = { same }.query_row([&stored.name], |row| row.get(0)).optional()? {
        return Ok(known);
    }
    commit.execute(
        "INSERT INTO file (run, kind, name, rows, bytes, footer_at, footer_sha256) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            run,
            stored.kind.as_str(),
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

/// The files of the book with their ids, in the order in which they were added.
pub fn files(register: &Connection) -> rusqlite::Result<Vec<(i64, StoredFile)>> {
    let mut groups = register
        .prepare_cached("SELECT first_row, rows, at, bytes, sha256 FROM row_group WHERE file = ?1 ORDER BY place")?;
    let mut files = register.prepare("SELECT id, kind, name, bytes, footer_at, footer_sha256 FROM file ORDER BY id")?;
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
        let stored = StoredFile {
            kind: row.get(1)?,
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

/// Passes every segment of the book to `visit`, in the order of the rows; one that several runs of a contract share comes once.
pub fn each_segment(register: &Connection, mut visit: impl FnMut(Segment)) -> rusqlite::Result<()> {
    let query = "SELECT file, first_row, rows, contract FROM segment ORDER BY file, first_row, rows, contract";
    let mut query = register.prepare(query)?;
    let mut rows = query.query([])?;
    let mut before = None;
    while let Some(row) = rows.next()? {
        let segment = Segment { file: row.get(0)?, first_row: row.get(1)?, rows: row.get(2)? };
        let this = Some((segment, row.get::<_, i64>(3)?));
        if this != before {
            visit(segment);
        }
        before = this;
    }
    Ok(())
}

impl FromSql for FileKind {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let word = value.as_str()?;
        Self::ALL.into_iter().find(|kind| kind.as_str() == word).ok_or(FromSqlError::InvalidType)
    }
}

/// Adds a segment of a contract.
pub fn add_segment(commit: &Transaction<'_>, contract: i64, run: i64, segment: &Segment) -> rusqlite::Result<()> {
    let add = "INSERT INTO segment (contract, run, file, first_row, rows) VALUES (?1, ?2, ?3, ?4, ?5)";
    let values = params![contract, run, segment.file, segment.first_row, segment.rows];
    commit.prepare_cached(add)?.execute(values).map(drop)
}

/// The segment of one kind that a run has written for a contract.
pub fn segment(register: &Connection, contract: i64, run: i64, kind: FileKind) -> rusqlite::Result<Option<Segment>> {
    let query = "SELECT file, first_row, segment.rows FROM segment JOIN file ON file.id = segment.file
                 WHERE contract = ?1 AND segment.run = ?2 AND kind = ?3";
    register
        .prepare_cached(query)?
        .query_row(params![contract, run, kind.as_str()], |row| {
            Ok(Segment { file: row.get(0)?, first_row: row.get(1)?, rows: row.get(2)? })
        })
        .optional()
}

/// All segments of a contract, with the run that wrote them and the kind of their rows.
pub fn segments(register: &Connection, contract: i64) -> rusqlite::Result<Vec<(i64, FileKind, Segment)>> {
    let query =
        "SELECT segment.run, kind, file, first_row, segment.rows FROM segment JOIN file ON file.id = segment.file
                 WHERE contract = ?1 ORDER BY segment.run, file";
    register
        .prepare_cached(query)?
        .query_map([contract], |row| {
            Ok((row.get(0)?, row.get(1)?, Segment { file: row.get(2)?, first_row: row.get(3)?, rows: row.get(4)? }))
        })?
        .collect()
}
