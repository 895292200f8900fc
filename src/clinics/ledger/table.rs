//! The table of booked clinic registers in the database of the portfolio. Rows are only added.

use jiff::civil::Date;
use rusqlite::types::Type;
use rusqlite::{Connection, Row, Transaction, params};

use crate::base::calendar::Period;

/// The table: a register that another one replaces is no longer in effect.
const TABLE: &str = "
    create table if not exists claim_register (
        id integer primary key,
        run integer not null references run (seq),
        clinic text not null,
        -- as the clinic numbers it; empty if it has no number
        number text not null,
        -- the first and the last day of its period, such as 2027-01-31; null if neither title nor rows have a day
        first_day text,
        last_day text,
        file_name text not null,
        -- SHA-256 over the clinic and the rows: whether the same register comes again
        fingerprint text not null,
        rows integer not null,
        file integer references file (id),
        replaces integer references claim_register (id)
    ) strict;
    create index if not exists claim_register_of_clinic on claim_register (clinic, number);
    create index if not exists claim_register_replaced on claim_register (replaces);
";

/// A clinic register that is booked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookedRegister {
    /// The id in the table; later registers have greater ones.
    pub id: i64,
    /// The code of the clinic.
    pub clinic: String,
    /// The number of the register, in the form for comparing; empty if it has none.
    pub number: String,
    /// The period: that of the title, or else the month of the last day; `None` if no row has a day.
    pub period: Option<Period>,
    /// The name of its file.
    pub file_name: String,
    /// SHA-256 over the clinic and the rows.
    pub fingerprint: String,
    /// The number of rows.
    pub rows: u64,
    /// The id of the file of claims; `None` without rows.
    pub file: Option<i64>,
    /// The id of the register that it replaces.
    pub replaces: Option<i64>,
}

/// The registers in effect, in the order in which they were booked; empty without the table.
pub fn in_effect(book: &Connection) -> rusqlite::Result<Vec<BookedRegister>> {
    in_effect_before(book, i64::MAX)
}

/// The registers that were in effect before a run.
pub fn in_effect_before(book: &Connection, run: i64) -> rusqlite::Result<Vec<BookedRegister>> {
    registers(book, "not exists", run)
}

/// The registers that others have replaced, in the order in which they were booked; empty without the table.
pub fn replaced(book: &Connection) -> rusqlite::Result<Vec<BookedRegister>> {
    registers(book, "exists", i64::MAX)
}

/// The registers, of those that were booked before a run, for which a later one that replaces them does or does not exist.
fn registers(book: &Connection, replacement: &str, before: i64) -> rusqlite::Result<Vec<BookedRegister>> {
    let exists =
        book.prepare("select 1 from sqlite_master where type = 'table' and name = 'claim_register'")?.exists([])?;
    if !exists {
        return Ok(Vec::new());
    }
    let query = format!(
        "select id, clinic, number, file_name, fingerprint, rows, file, replaces, first_day, last_day
         from claim_register as booked
         where run < ?1 and {replacement} (
             select 1 from claim_register as later where later.replaces = booked.id and later.run < ?1) order by id"
    );
    let mut query = book.prepare(&query)?;
    let registers = query.query_map([before], booked_register)?;
    registers.collect()
}

/// Adds a register with its id and the id of the file of its claims.
pub fn add(commit: &Transaction<'_>, run: i64, register: &BookedRegister, file: i64) -> rusqlite::Result<()> {
    commit.execute_batch(TABLE)?;
    let add = "insert into claim_register
               (id, run, clinic, number, first_day, last_day, file_name, fingerprint, rows, file, replaces)
               values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
    let BookedRegister { id, clinic, number, period, file_name, fingerprint, rows, replaces, .. } = register;
    let (first, last) = period.map(|period| (period.first().to_string(), period.last().to_string())).unzip();
    let row = params![id, run, clinic, number, first, last, file_name, fingerprint, rows, file, replaces];
    commit.execute(add, row).map(drop)
}

fn booked_register(row: &Row<'_>) -> rusqlite::Result<BookedRegister> {
    Ok(BookedRegister {
        id: row.get(0)?,
        clinic: row.get(1)?,
        number: row.get(2)?,
        file_name: row.get(3)?,
        fingerprint: row.get(4)?,
        rows: row.get(5)?,
        file: row.get(6)?,
        replaces: row.get(7)?,
        period: day(row, 8)?.zip(day(row, 9)?).and_then(|(first, last)| Period::new(first, last)),
    })
}

fn day(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Date>> {
    let written: Option<String> = row.get(column)?;
    let parsed = written.map(|written| written.parse()).transpose();
    parsed.map_err(|fault| rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(fault)))
}
