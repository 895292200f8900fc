//! The hash chain by which the register proves itself.
//!
//! A run adds a link for each contract that it touches, and one for the book. A link holds, for each table, the sum of the hashes of the rows
//! that the run added, and a SHA-256 over these sums and the link before. The link of the book covers the rows of no contract and the links
//! of the contracts. The chain detects damage and changes by other programs; it is no signature: a program that computes it can forge it.
//!
//! The hashes are computed by triggers, so that no statement which adds rows can forget them; sums, so that the order of the rows does
//! not matter and memory does not grow with them.
//!
//! Rows are replaced in one case only, where personal data are erased. The links stay as they are: the erasing run records, for each run and
//! table whose rows it replaces, the difference of their sums before and after, and its own link covers these records. Rows and differences
//! together still give the sums of the links, so that everything else of the rows is proved as before.

mod check;
mod table;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, OptionalExtension, params};

pub use check::{BrokenLink, EVERYTHING, ProvedTables, broken_links};
use table::{BOOK, Differences, Table, link_hash, next_row, row_hash, rows_query, sums_text, tables};

/// The name of the SQL function that adds the hash of a row.
const ADD_ROW: &str = "add_to_chain";
/// The name of the SQL function that adds the hash of a row before or after it is replaced to the differences.
const REPLACE_ROW: &str = "replace_in_chain";

/// The sums of a run's rows by owner and table.
type Sums = BTreeMap<(i64, String), u128>;

/// The hashing of the rows that a run adds.
pub(super) struct Chain {
    tables: Vec<Table>,
    sums: Arc<Mutex<Sums>>,
    /// Where rows may be replaced.
    differences: Option<Arc<Mutex<Differences>>>,
}

impl Chain {
    /// Begins to hash the rows that are added to any table.
    pub fn begin_adding(register: &Connection) -> rusqlite::Result<Self> {
        let chain = Self { tables: tables(register)?, sums: Arc::default(), differences: None };
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
            let (owner, covered, columns) =
                (table.owner_of("new"), table.covered("new."), table.listed_columns("new."));
            register.execute_batch(&format!(
                "CREATE TEMP TRIGGER chain_{name} AFTER INSERT ON main.{name} WHEN {covered}
                 BEGIN SELECT {ADD_ROW}({owner}, '{name}', {columns}); END"
            ))?;
        }
        Ok(chain)
    }

    /// Begins to hash the rows that are added, and those that are replaced.
    pub fn begin_replacing(register: &Connection) -> rusqlite::Result<Self> {
        let differences: Arc<Mutex<Differences>> = Arc::default();
        let chain = Self { differences: Some(Arc::clone(&differences)), ..Self::begin_adding(register)? };
        register.create_scalar_function(REPLACE_ROW, -1, FunctionFlags::SQLITE_UTF8, move |row| {
            let (is_before, owner, run) = (row.get::<bool>(0)?, row.get::<i64>(1)?, row.get::<i64>(2)?);
            let table = row.get_raw(3).as_str()?.to_owned();
            let hash = row_hash((4..row.len()).map(|column| row.get_raw(column)));
            let mut differences = differences.lock().unwrap_or_else(PoisonError::into_inner);
            let difference = differences.entry((owner, run, table)).or_default();
            *difference = difference.wrapping_add(if is_before { hash } else { hash.wrapping_neg() });
            Ok(0)
        })?;
        for table in &chain.tables {
            let name = &table.name;
            let hashed = |is_before: bool, row: &str| {
                let (owner, run, columns) =
                    (table.owner_of(row), table.run(row), table.listed_columns(&format!("{row}.")));
                format!("SELECT {REPLACE_ROW}({is_before}, {owner}, {run}, '{name}', {columns});")
            };
            register.execute_batch(&format!(
                "CREATE TEMP TRIGGER replaced_{name} AFTER UPDATE ON main.{name} BEGIN {} {} END",
                hashed(true, "old"),
                hashed(false, "new")
            ))?;
        }
        Ok(chain)
    }

    /// Records the differences between the sums of replaced rows before and after a run.
    fn record_differences(&self, register: &Connection, run: i64) -> rusqlite::Result<()> {
        let Some(differences) = &self.differences else { return Ok(()) };
        let differences = std::mem::take(&mut *differences.lock().unwrap_or_else(PoisonError::into_inner));
        let add = "INSERT INTO erasure (contract, run, of_run, of_table, difference) VALUES (?1, ?2, ?3, ?4, ?5)";
        let mut add = register.prepare(add)?;
        for ((owner, of_run, of_table), difference) in differences.into_iter().filter(|(_, sum)| *sum != 0) {
            add.execute(params![owner, run, of_run, of_table, format!("{difference:032x}")])?;
        }
        for table in &self.tables {
            register.execute_batch(&format!("DROP TRIGGER temp.replaced_{}", table.name))?;
        }
        Ok(())
    }

    /// Adds the links of a run.
    pub fn finish(self, register: &Connection, run: i64) -> rusqlite::Result<()> {
        self.record_differences(register, run)?;
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

fn add_link(register: &Connection, contract: i64, run: i64, sums: &BTreeMap<String, u128>) -> rusqlite::Result<()> {
    let last = "SELECT sha256 FROM link WHERE contract = ?1 ORDER BY run DESC LIMIT 1";
    let before: Option<String> = register.prepare_cached(last)?.query_row([contract], |row| row.get(0)).optional()?;
    let sums = sums_text(sums.iter().map(|(table, sum)| (table.as_str(), *sum)));
    let hash = link_hash(before.as_deref(), contract, run, &sums);
    let add = "INSERT INTO link (contract, run, sums, sha256) VALUES (?1, ?2, ?3, ?4)";
    register.prepare_cached(add)?.execute(params![contract, run, sums, hash]).map(drop)
}
