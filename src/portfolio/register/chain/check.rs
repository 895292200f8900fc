//! Checks the links of the chain against the rows of the register.

use std::collections::BTreeMap;
use std::iter;
use std::ops::RangeInclusive;

use rusqlite::{CachedStatement, Connection, OptionalExtension, Rows, params};

use crate::portfolio::register::chain::table::{
    BOOK, Differences, HashedRow, LINKS, Table, WARNINGS, link_hash, next_row, rows_query, sums_text, tables,
};

/// The range of all contracts and of the rows of the book.
pub const EVERYTHING: RangeInclusive<i64> = BOOK..=i64::MAX;

/// Which tables of a register are proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProvedTables {
    /// Every table.
    All,
    /// Every table but the warnings, which may be a hundred times the rest, for commands that read none of them.
    WithoutWarnings,
}

impl ProvedTables {
    fn contain(self, table: &str) -> bool {
        self == Self::All || table != WARNINGS
    }
}

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

/// The first link of each of these contracts, and of the book where the range has 0, that does not agree with the rows of these tables.
///
/// # Errors
///
/// Where the database cannot be read.
pub fn broken_links(
    register: &Connection,
    contracts: RangeInclusive<i64>,
    proved: ProvedTables,
) -> rusqlite::Result<Vec<BrokenLink>> {
    let tables = tables(register)?;
    let is_proved =
        |table: &&Table| proved.contain(&table.name) && (table.owner().is_some() || contracts.contains(&BOOK));
    let tables: Vec<&Table> = tables.iter().filter(is_proved).collect();
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
    let differences = differences(register, &contracts)?;
    let mut broken = Vec::new();
    loop {
        let owners = cursors.iter().filter_map(|cursor| cursor.pending.as_ref().map(|row| row.owner));
        let Some(owner) = owners.chain(link.as_ref().map(|link| link.owner)).min() else { return Ok(broken) };
        let mut sums: BTreeMap<i64, BTreeMap<&str, u128>> = BTreeMap::new();
        for cursor in &mut cursors {
            cursor.add_rows_of(owner, &mut sums)?;
        }
        for ((_, of_run, table), difference) in of_owner(&differences, owner) {
            if let Some(sum) = sums.get_mut(of_run).and_then(|sums| sums.get_mut(table.as_str())) {
                *sum = sum.wrapping_add(*difference);
            }
        }
        let mut before = None;
        let mut first = None;
        while let Some(Link { run, sums: stored, sha256, .. }) = link.take_if(|link| link.owner == owner) {
            let found = sums.remove(&run).unwrap_or_default();
            let is_chained = link_hash(before.as_deref(), owner, run, &stored) == sha256;
            let found_text = sums_text(found.iter().map(|(table, sum)| (*table, *sum)));
            if first.is_none() && !(is_chained && found_text.lines().eq(sums_of(&stored, proved))) {
                first = Some((run, differing_table(&found, sums_of(&stored, proved))));
            }
            before = Some(sha256);
            link = next_link(&mut links)?;
        }
        let without_link = || sums.into_iter().next().map(|(run, found)| (run, differing_table(&found, iter::empty())));
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

/// What replaced rows of these contracts had more than those in their place.
fn differences(register: &Connection, contracts: &RangeInclusive<i64>) -> rusqlite::Result<Differences> {
    let mut differences = Differences::new();
    let query = "SELECT contract, of_run, of_table, difference FROM erasure WHERE contract BETWEEN ?1 AND ?2";
    let mut query = register.prepare_cached(query)?;
    let mut rows = query.query(params![contracts.start(), contracts.end()])?;
    while let Some(row) = rows.next()? {
        let added = u128::from_str_radix(row.get_ref(3)?.as_str()?, 16).unwrap_or_default();
        let difference = differences.entry((row.get(0)?, row.get(1)?, row.get(2)?)).or_default();
        *difference = difference.wrapping_add(added);
    }
    Ok(differences)
}

/// The differences of one owner.
fn of_owner(differences: &Differences, owner: i64) -> impl Iterator<Item = (&(i64, i64, String), &u128)> {
    differences.range((owner, i64::MIN, String::new())..).take_while(move |((of, _, _), _)| *of == owner)
}

/// The stored sums of the tables that are proved, a line each.
fn sums_of(stored: &str, proved: ProvedTables) -> impl Iterator<Item = &str> {
    stored.lines().filter(move |line| line.split_once(' ').is_none_or(|(table, _)| proved.contain(table)))
}

/// The first table whose sums differ, or that of the links.
fn differing_table<'s>(found: &BTreeMap<&str, u128>, stored: impl Iterator<Item = &'s str>) -> String {
    let stored: BTreeMap<&str, &str> = stored.filter_map(|line| line.split_once(' ')).collect();
    let differs =
        |table: &&str| found.get(*table).map(|sum| format!("{sum:032x}")).as_deref() != stored.get(*table).copied();
    let tables = found.keys().copied().chain(stored.keys().copied());
    tables.filter(differs).min().unwrap_or(LINKS).to_owned()
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
