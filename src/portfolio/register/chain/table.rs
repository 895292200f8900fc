//! The tables of the register as the chain sees them: the columns, the owner, the run and the hash of each row.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Rows};
use sha2::{Digest, Sha256};

use crate::base::digest::sha256;

/// The owner of rows that belong to no contract, and of the book's links.
pub(super) const BOOK: i64 = 0;
/// The table of links.
pub(super) const LINKS: &str = "link";
/// The table of what the book keeps of the diagnostics of rosters: up to a thousand rows a contract and run.
pub(super) const WARNINGS: &str = "warning";
/// The table whose rows prove themselves: the key is the SHA-256 of the text.
const DOCUMENTS: &str = "document";

/// What replaced rows had more than those in their place, by owner, run and table.
pub(super) type Differences = BTreeMap<(i64, i64, String), u128>;

/// A table of the register.
pub(super) struct Table {
    pub name: String,
    columns: Vec<String>,
}

impl Table {
    /// The column with the contract to which a row belongs; `None` where rows belong to the book.
    pub fn owner(&self) -> Option<&'static str> {
        let has = |column: &str| self.columns.iter().any(|known| known == column);
        match self.name.as_str() {
            "contract" => Some("id"),
            // clinics know contracts by their numbers
            LINKS | "letter" | "sent_list" => None,
            _ => has("contract").then_some("contract"),
        }
    }

    /// The run that added a row, as an expression; `row` is the name of the row.
    pub fn run(&self, row: &str) -> String {
        match self.name.as_str() {
            "run" => format!("{row}.seq"),
            "programme" => format!("(SELECT run FROM contract WHERE contract.id = {row}.contract)"),
            "row_group" => format!("(SELECT run FROM file WHERE file.id = {row}.file)"),
            _ => format!("{row}.run"),
        }
    }

    /// The owner of a row, as an expression; `row` is the name of the row.
    pub fn owner_of(&self, row: &str) -> String {
        self.owner().map_or_else(|| BOOK.to_string(), |owner| format!("{row}.{owner}"))
    }

    /// The condition of the rows that the chain covers.
    pub fn covered(&self, prefix: &str) -> String {
        // the link of the book covers the others
        if self.name == LINKS { format!("{prefix}contract <> {BOOK}") } else { "1".to_owned() }
    }

    /// The columns with a prefix, as a list.
    pub fn listed_columns(&self, prefix: &str) -> String {
        self.columns
            .iter()
            .map(|column| format!("{prefix}\"{}\"", column.replace('"', "\"\"")))
            .collect::<Vec<_>>()
            .join(", ")
    }
}

/// Every table that the chain covers; the program gives tables no other names.
pub(super) fn tables(register: &Connection) -> rusqlite::Result<Vec<Table>> {
    let mut names = register.prepare_cached(
        "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> ?1
         AND name NOT GLOB '*[^a-z_]*'",
    )?;
    let names: Vec<String> = names.query_map([DOCUMENTS], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    let mut columns = register.prepare_cached("SELECT name FROM pragma_table_info(?1)")?;
    let mut table = |name: String| {
        let columns = columns.query_map([&name], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        Ok(Table { name, columns })
    };
    names.into_iter().map(&mut table).collect()
}

/// The first half of the SHA-256 of a row.
pub(super) fn row_hash<'v>(values: impl Iterator<Item = ValueRef<'v>>) -> u128 {
    // hashed at once: many short pieces cost more than the hash
    let mut row = Vec::with_capacity(512);
    for value in values {
        let (kind, bytes): (u8, &[u8]) = match value {
            ValueRef::Null => (0, &[]),
            ValueRef::Integer(number) => {
                row.push(1);
                row.extend_from_slice(&number.to_le_bytes());
                continue;
            }
            ValueRef::Real(number) => {
                row.push(2);
                row.extend_from_slice(&number.to_le_bytes());
                continue;
            }
            ValueRef::Text(bytes) => (3, bytes),
            ValueRef::Blob(bytes) => (4, bytes),
        };
        row.push(kind);
        row.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
        row.extend_from_slice(bytes);
    }
    let hash: [u8; 32] = Sha256::digest(&row).into();
    hash[..16].iter().fold(0, |number, byte| number << 8 | u128::from(*byte))
}

/// The sums of a link as they are stored: a line for each table.
pub(super) fn sums_text<'t>(sums: impl IntoIterator<Item = (&'t str, u128)>) -> String {
    let mut text = String::new();
    for (table, sum) in sums {
        let _ = writeln!(text, "{table} {sum:032x}");
    }
    text
}

/// The SHA-256 of a link; `before` is that of the link before.
pub(super) fn link_hash(before: Option<&str>, contract: i64, run: i64, sums: &str) -> String {
    let link = format!("{}\n{contract} {run}\n{sums}", before.unwrap_or_default());
    sha256(link.as_bytes())
}

/// The rows of a table, in the order of their owners: owner, run and every column.
pub(super) fn rows_query(table: &Table) -> String {
    let (name, run, columns) = (&table.name, table.run(&table.name), table.listed_columns(""));
    let covered = table.covered("");
    match table.owner() {
        Some(owner) => format!(
            "SELECT {owner}, {run}, {columns} FROM main.{name} WHERE {owner} BETWEEN ?1 AND ?2 ORDER BY {owner}"
        ),
        None => {
            format!("SELECT {BOOK}, {run}, {columns} FROM main.{name} WHERE {BOOK} BETWEEN ?1 AND ?2 AND {covered}")
        }
    }
}

/// A row as the chain sees it.
pub(super) struct HashedRow {
    pub owner: i64,
    pub run: i64,
    pub hash: u128,
}

pub(super) fn next_row(rows: &mut Rows<'_>) -> rusqlite::Result<Option<HashedRow>> {
    let Some(row) = rows.next()? else { return Ok(None) };
    let hash = row_hash((2..row.as_ref().column_count()).filter_map(|column| row.get_ref(column).ok()));
    // a row whose run is unknown belongs to none
    let run = row.get::<_, Option<i64>>(1)?.unwrap_or_default();
    Ok(Some(HashedRow { owner: row.get(0)?, run, hash }))
}
