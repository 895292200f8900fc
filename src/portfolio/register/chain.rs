//! The hash chain by which the register proves itself.
//!
//! A run adds a link for each contract that it touches, and one for the book. A link holds, for each table, the sum of the hashes of the rows
//! that the run added, and a SHA-256 over these sums and the link before. The link of the book covers the rows of no contract and the links
//! of the contracts. The chain detects damage and changes by other programs; it is no signature: a program that computes it can forge it.
//!
//! The hashes are computed by triggers, so that no statement which adds rows can forget them; sums, so that the order of the rows does
//! not matter and memory does not grow with them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::RangeInclusive;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::functions::FunctionFlags;
use rusqlite::types::ValueRef;
use rusqlite::{CachedStatement, Connection, OptionalExtension, Rows, params};
use sha2::{Digest, Sha256};

use crate::base::digest::sha256;

/// The owner of rows that belong to no contract, and of the book's links.
const BOOK: i64 = 0;
/// The table of links.
const LINKS: &str = "link";
/// The table whose rows prove themselves: the key is the SHA-256 of the text.
const DOCUMENTS: &str = "document";
/// The name of the SQL function that adds the hash of a row.
const ADD_ROW: &str = "add_to_chain";

/// The range of all contracts and of the rows of the book.
pub const EVERYTHING: RangeInclusive<i64> = BOOK..=i64::MAX;

/// A table where the register does not have what a run recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokenLink {
    /// The number of the contract; `None` for rows of the whole book.
    pub number: Option<String>,
    /// The run.
    pub run: i64,
    /// The table, or the chain itself.
    pub table: String,
}

/// The sums of a run's rows by owner and table.
type Sums = BTreeMap<(i64, String), u128>;

/// A table of the register.
struct Table {
    name: String,
    columns: Vec<String>,
}

impl Table {
    /// The column with the contract to which a row belongs; `None` where rows belong to the book.
    fn owner(&self) -> Option<&'static str> {
        let has = |column: &str| self.columns.iter().any(|known| known == column);
        match self.name.as_str() {
            "contract" => Some("id"),
            // clinics know contracts by their numbers
            LINKS | "letter" | "sent_list" => None,
            _ => has("contract").then_some("contract"),
        }
    }

    /// The run that added a row, as an expression.
    fn run(&self) -> &'static str {
        match self.name.as_str() {
            "run" => "seq",
            "programme" => "(SELECT run FROM contract WHERE contract.id = programme.contract)",
            "row_group" => "(SELECT run FROM file WHERE file.id = row_group.file)",
            _ => "run",
        }
    }

    /// The condition of the rows that the chain covers.
    fn covered(&self, prefix: &str) -> String {
        // the link of the book covers the others
        if self.name == LINKS { format!("{prefix}contract <> {BOOK}") } else { "1".to_owned() }
    }

    /// The columns with a prefix, as a list.
    fn listed_columns(&self, prefix: &str) -> String {
        self.columns
            .iter()
            .map(|column| format!("{prefix}\"{}\"", column.replace('"', "\"\"")))
            .collect::<Vec<_>>()
            .join(", ")
    }
}

/// The hashing of the rows that a run adds.
pub(super) struct Chain {
    tables: Vec<Table>,
    sums: Arc<Mutex<Sums>>,
}

impl Chain {
    /// Begins to hash the rows that are added to any table.
    pub fn begin(register: &Connection) -> rusqlite::Result<Self> {
        let chain = Self { tables: tables(register)?, sums: Arc::default() };
        let sums = Arc::clone(&chain.sums);
        register.create_scalar_function(ADD_ROW, -1, FunctionFlags::SQLITE_UTF8, move |row| {
            let (owner, table) = (row.get::<i64>(0)?, row.get_raw(1).as_str()?);
            let hash = row_hash((2..row.len()).map(|column| row.get_raw(column)));
            let mut sums = sums.lock().unwrap_or_else(PoisonError::into_inner);
            let sum = sums.entry((owner, table.to_owned())).or_default();
            *sum = sum.wrapping_add(hash);
            Ok(0)
        })?;
        for table in &chain.tables {
            let name = &table.name;
            let owner = table.owner().map_or_else(|| BOOK.to_string(), |owner| format!("new.{owner}"));
            let (covered, columns) = (table.covered("new."), table.listed_columns("new."));
            register.execute_batch(&format!(
                "CREATE TEMP TRIGGER chain_{name} AFTER INSERT ON main.{name} WHEN {covered}
                 BEGIN SELECT {ADD_ROW}({owner}, '{name}', {columns}); END"
            ))?;
        }
        Ok(chain)
    }

    /// Adds the links of a run.
    pub fn finish(self, register: &Connection, run: i64) -> rusqlite::Result<()> {
        let sums = || std::mem::take(&mut *self.sums.lock().unwrap_or_else(PoisonError::into_inner));
        let mut added = sums();
        let is_new = |table: &&Table| self.tables.iter().all(|known| known.name != table.name);
        for table in tables(register)?.iter().filter(is_new) {
            let mut query = register.prepare(&rows_query(table))?;
            let mut rows = query.query(params![i64::MIN, i64::MAX])?;
            while let Some(row) = next_row(&mut rows)? {
                let sum = added.entry((row.owner, table.name.clone())).or_default();
                *sum = sum.wrapping_add(row.hash);
            }
        }
        let mut of_contracts = added.split_off(&(BOOK + 1, String::new())).into_iter().peekable();
        while let Some(((contract, table), sum)) = of_contracts.next() {
            let mut link = BTreeMap::from([(table, sum)]);
            while let Some(((_, table), sum)) = of_contracts.next_if(|((of, _), _)| *of == contract) {
                link.insert(table, sum);
            }
            add_link(register, contract, run, &link)?;
        }
        added.extend(sums());
        let of_book = added.into_iter().map(|((_, table), sum)| (table, sum)).collect();
        add_link(register, BOOK, run, &of_book)?;
        for table in &self.tables {
            register.execute_batch(&format!("DROP TRIGGER temp.chain_{}", table.name))?;
        }
        Ok(())
    }
}

/// Every table that the chain covers; the program gives tables no other names.
fn tables(register: &Connection) -> rusqlite::Result<Vec<Table>> {
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
fn row_hash<'v>(values: impl Iterator<Item = ValueRef<'v>>) -> u128 {
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
fn sums_text<'t>(sums: impl IntoIterator<Item = (&'t str, u128)>) -> String {
    let mut text = String::new();
    for (table, sum) in sums {
        let _ = writeln!(text, "{table} {sum:032x}");
    }
    text
}

/// The SHA-256 of a link; `before` is that of the link before.
fn link_hash(before: Option<&str>, contract: i64, run: i64, sums: &str) -> String {
    let link = format!("{}\n{contract} {run}\n{sums}", before.unwrap_or_default());
    sha256(link.as_bytes())
}

fn add_link(register: &Connection, contract: i64, run: i64, sums: &BTreeMap<String, u128>) -> rusqlite::Result<()> {
    let last = "SELECT sha256 FROM link WHERE contract = ?1 ORDER BY run DESC LIMIT 1";
    let before: Option<String> = register.prepare_cached(last)?.query_row([contract], |row| row.get(0)).optional()?;
    let sums = sums_text(sums.iter().map(|(table, sum)| (table.as_str(), *sum)));
    let hash = link_hash(before.as_deref(), contract, run, &sums);
    let add = "INSERT INTO link (contract, run, sums, sha256) VALUES (?1, ?2, ?3, ?4)";
    register.prepare_cached(add)?.execute(params![contract, run, sums, hash]).map(drop)
}

/// The first link of each of these contracts, and of the book where the range has 0, that does not agree with the rows of the register.
///
/// # Errors
///
/// Where the database cannot be read.
pub fn broken_links(register: &Connection, contracts: RangeInclusive<i64>) -> rusqlite::Result<Vec<BrokenLink>> {
    let tables = tables(register)?;
    let tables: Vec<&Table> =
        tables.iter().filter(|table| table.owner().is_some() || contracts.contains(&BOOK)).collect();
    let mut queries: Vec<CachedStatement<'_>> =
        tables.iter().map(|table| register.prepare_cached(&rows_query(table))).collect::<rusqlite::Result<_>>()?;
    let mut cursors = Vec::new();
    for (table, query) in tables.iter().zip(&mut queries) {
        let mut rows = query.query(params![contracts.start(), contracts.end()])?;
        let pending = next_row(&mut rows)?;
        cursors.push(Cursor { table: &table.name, rows, pending });
    }
    let mut links = register.prepare_cached(
        "SELECT contract, run, sums, sha256 FROM link WHERE contract BETWEEN ?1 AND ?2 ORDER BY contract, run",
    )?;
    let mut links = links.query(params![contracts.start(), contracts.end()])?;
    let mut link = next_link(&mut links)?;
    let mut broken = Vec::new();
    loop {
        let owners = cursors.iter().filter_map(|cursor| cursor.pending.as_ref().map(|row| row.owner));
        let Some(owner) = owners.chain(link.as_ref().map(|link| link.owner)).min() else { return Ok(broken) };
        let mut sums: BTreeMap<i64, BTreeMap<&str, u128>> = BTreeMap::new();
        for cursor in &mut cursors {
            cursor.add_rows_of(owner, &mut sums)?;
        }
        let mut before = None;
        let mut first = None;
        while let Some(Link { run, sums: stored, sha256, .. }) = link.take_if(|link| link.owner == owner) {
            let found = sums.remove(&run).unwrap_or_default();
            let is_chained = link_hash(before.as_deref(), owner, run, &stored) == sha256;
            if first.is_none() && !(is_chained && sums_text(found.iter().map(|(table, sum)| (*table, *sum))) == stored)
            {
                first = Some((run, differing_table(&found, &stored)));
            }
            before = Some(sha256);
            link = next_link(&mut links)?;
        }
        let without_link = || sums.into_iter().next().map(|(run, found)| (run, differing_table(&found, "")));
        if let Some((run, table)) = first.or_else(without_link) {
            let number = if owner == BOOK { None } else { Some(number_of(register, owner)?) };
            broken.push(BrokenLink { number, run, table });
        }
    }
}

/// The number of a contract; its id where the register has lost it.
fn number_of(register: &Connection, contract: i64) -> rusqlite::Result<String> {
    let number = "SELECT number FROM contract WHERE id = ?1";
    let number = register.query_row(number, [contract], |row| row.get(0)).optional()?;
    Ok(number.unwrap_or_else(|| contract.to_string()))
}

/// The first table whose sums differ, or that of the links.
fn differing_table(found: &BTreeMap<&str, u128>, stored: &str) -> String {
    let stored: BTreeMap<&str, &str> = stored.lines().filter_map(|line| line.split_once(' ')).collect();
    let differs =
        |table: &&str| found.get(*table).map(|sum| format!("{sum:032x}")).as_deref() != stored.get(*table).copied();
    let tables = found.keys().copied().chain(stored.keys().copied());
    tables.filter(differs).min().unwrap_or(LINKS).to_owned()
}

/// The rows of a table, in the order of their owners: owner, run and every column.
fn rows_query(table: &Table) -> String {
    let (name, run, columns) = (&table.name, table.run(), table.listed_columns(""));
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
struct HashedRow {
    owner: i64,
    run: i64,
    hash: u128,
}

fn next_row(rows: &mut Rows<'_>) -> rusqlite::Result<Option<HashedRow>> {
    let Some(row) = rows.next()? else { return Ok(None) };
    let hash = row_hash((2..row.as_ref().column_count()).filter_map(|column| row.get_ref(column).ok()));
    // a row whose run is unknown belongs to none
    let run = row.get::<_, Option<i64>>(1)?.unwrap_or_default();
    Ok(Some(HashedRow { owner: row.get(0)?, run, hash }))
}

/// The rows of a table that are still to be read.
struct Cursor<'r> {
    table: &'r str,
    rows: Rows<'r>,
    pending: Option<HashedRow>,
}

impl<'r> Cursor<'r> {
    /// Adds the rows of an owner, which are next, to the sums of their runs.
    fn add_rows_of(&mut self, owner: i64, sums: &mut BTreeMap<i64, BTreeMap<&'r str, u128>>) -> rusqlite::Result<()> {
        while let Some(row) = self.pending.take_if(|row| row.owner == owner) {
            let sum = sums.entry(row.run).or_default().entry(self.table).or_default();
            *sum = sum.wrapping_add(row.hash);
            self.pending = next_row(&mut self.rows)?;
        }
        Ok(())
    }
}

/// A link as it is stored.
struct Link {
    owner: i64,
    run: i64,
    sums: String,
    sha256: String,
}

fn next_link(links: &mut Rows<'_>) -> rusqlite::Result<Option<Link>> {
    let read = |row: &rusqlite::Row<'_>| {
        Ok(Link { owner: row.get(0)?, run: row.get(1)?, sums: row.get(2)?, sha256: row.get(3)? })
    };
    links.next()?.map(read).transpose()
}
