//! The table of booked clinic registers in the database of the portfolio. Rows are only added.

use rusqlite::{Connection, Row, Transaction, params};

/// The table: a register that another one replaces is no longer in effect.
const TABLE: &str = "
    create table if not exists claim_register (
        id integer primary key,
        run integer not null references run (seq),
        clinic text not null,
        -- as the clinic numbers it; empty if it has no number
        number text not null,
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
    let exists =
        book.prepare("select 1 from sqlite_master where type = 'table' and name = 'claim_register'")?.exists([])?;
    if !exists {
        return Ok(Vec::new());
    }
    let query = "select id, clinic, number, file_name, fingerprint, rows, file, replaces from claim_register as booked
                 where not exists (select 1 from claim_register as later where later.replaces = booked.id) order by id";
    let mut query = book.prepare(query)?;
    let registers = query.query_map([], booked_register)?;
    registers.collect()
}

/// Adds a register with its id and the id of the file of its claims.
pub fn add(commit: &Transaction<'_>, run: i64, register: &BookedRegister, file: i64) -> rusqlite::Result<()> {
    commit.execute_batch(TABLE)?;
    let add = "insert into claim_register (id, run, clinic, number, file_name, fingerprint, rows, file, replaces)
               values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    let BookedRegister { id, clinic, number, file_name, fingerprint, rows, replaces, .. } = register;
    commit.execute(add, params![id, run, clinic, number, file_name, fingerprint, rows, file, replaces]).map(drop)
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
    })
}
