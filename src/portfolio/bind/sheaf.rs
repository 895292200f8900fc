//! Sheaves: the rows of contracts that stand together, a row group in each file.
//!
//! A sheaf is whole contracts until they have some thousands of lines; a contract that has more is a sheaf of its own, of
//! several row groups. Who works on a contract reads its sheaf and no more.

use rayon::prelude::*;
use tempfile::NamedTempFile;

use super::{ContractRows, PARTS};
use crate::error::Error;
use crate::portfolio::Portfolio;
use crate::portfolio::rows::Rows;
use crate::portfolio::store::{Part, Stored, Writer};

/// A sheaf ends with the contract that brings it to so many lines.
const LINES_PER_SHEAF: usize = 16 * 1024;
/// No row group is longer.
const ROWS_PER_GROUP: usize = 64 * 1024;

/// The sheaves of a run on their way into the book.
#[derive(Default)]
pub struct Sheaves {
    /// The one that is being filled.
    open: ContractRows,
    /// Those that wait to be written.
    full: Vec<ContractRows>,
    files: Option<[Begun; 3]>,
}

/// A file on its way into the book.
struct Begun {
    writer: Writer,
    file: NamedTempFile,
}

impl Begun {
    fn new<R: Rows>(book: &Portfolio, part: Part, none: &R) -> Result<Self, Error> {
        let file = book.begin()?;
        Ok(Self { writer: Writer::begin(part, file.path(), none)?, file })
    }
}

impl Sheaves {
    /// Adds the rows of a contract.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] or [`Error::Parquet`] where they cannot be written.
    pub fn add(&mut self, book: &Portfolio, rows: ContractRows) -> Result<(), Error> {
        self.open.insured.append(rows.insured);
        self.open.cells.append(rows.cells);
        self.open.lines.append(rows.lines);
        if self.open.lines.len() >= LINES_PER_SHEAF {
            self.full.push(std::mem::take(&mut self.open));
        }
        if self.full.len() >= 2 * rayon::current_num_threads() { self.write(book) } else { Ok(()) }
    }

    /// Writes what is left, puts the files into their places and says what the register has to know of them, part by part.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] or [`Error::Parquet`] where they cannot be written.
    pub fn end(mut self, book: &Portfolio) -> Result<Vec<Stored>, Error> {
        self.full.push(std::mem::take(&mut self.open));
        self.write(book)?;
        let mut stored = Vec::new();
        for begun in self.files.into_iter().flatten() {
            let written = begun.writer.end()?;
            book.adopt(&begun.file.into_temp_path(), &written)?;
            stored.push(written);
        }
        Ok(stored)
    }

    fn write(&mut self, book: &Portfolio) -> Result<(), Error> {
        let full = std::mem::take(&mut self.full);
        let [insured, cells, lines] = match &mut self.files {
            Some(files) => files,
            none => none.insert(begin(book)?),
        };
        put(&mut insured.writer, &full, |rows| &rows.insured)?;
        put(&mut cells.writer, &full, |rows| &rows.cells)?;
        put(&mut lines.writer, &full, |rows| &rows.lines)
    }
}

fn begin(book: &Portfolio) -> Result<[Begun; 3], Error> {
    let ContractRows { insured, cells, lines } = ContractRows::default();
    Ok([
        Begun::new(book, PARTS[0], &insured)?,
        Begun::new(book, PARTS[1], &cells)?,
        Begun::new(book, PARTS[2], &lines)?,
    ])
}

/// Writes one part of each sheaf.
fn put<R: Rows + Sync>(
    writer: &mut Writer,
    sheaves: &[ContractRows],
    part: impl Fn(&ContractRows) -> &R + Sync,
) -> Result<(), Error> {
    let encode = |sheaf: &ContractRows| {
        let frame = writer.frame(part(sheaf))?;
        let groups = (0..frame.height()).step_by(ROWS_PER_GROUP);
        let group = |first: usize| writer.encode(&frame.slice(first.cast_signed() as i64, ROWS_PER_GROUP));
        groups.map(group).collect::<Result<Vec<_>, _>>()
    };
    let encoded: Result<Vec<_>, Error> = sheaves.par_iter().map(encode).collect();
    encoded?.into_iter().flatten().try_for_each(|group| writer.put(group))
}
