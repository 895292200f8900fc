//! Sheaves: the rows of contracts that stand together, a row group in each file.
//!
//! A sheaf is whole contracts until they have some thousands of lines; a contract that has more is a sheaf of its own, of
//! several row groups. Who works on a contract reads its sheaf and no more.

use rayon::prelude::*;
use tempfile::{NamedTempFile, TempPath};

use crate::base::error::Error;
use crate::portfolio::Portfolio;
use crate::portfolio::bind::{ContractRows, PARTS};
use crate::portfolio::rows::Rows;
use crate::portfolio::store::{Part, Stored, Writer};

/// A sheaf ends with the contract that brings it to so many lines.
const LINES_PER_SHEAF: usize = 16 * 1024;
/// A file ends with so many sheaves: whoever writes or reads it keeps a table of its row groups in memory.
const SHEAVES_PER_FILE: usize = 64;
/// No row group is longer.
const ROWS_PER_GROUP: usize = 64 * 1024;

/// The sheaves of a run on their way into the book.
#[derive(Default)]
pub struct BatchWriter {
    /// The one that is being filled.
    open: Option<ContractRows>,
    /// Those that wait to be written.
    full: Vec<ContractRows>,
    /// How many have been filled.
    filled: usize,
    /// The files that are being written, one of each part.
    files: Option<[Begun; 3]>,
    /// Those that are complete.
    complete: Vec<(TempPath, Stored)>,
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

impl BatchWriter {
    /// Adds the rows of a contract; in which of the files of each part they stand.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] or [`Error::Parquet`] where they cannot be written.
    pub fn add(&mut self, book: &Portfolio, rows: ContractRows) -> Result<usize, Error> {
        let place = self.filled / SHEAVES_PER_FILE;
        let open = self.open.get_or_insert_default();
        open.insured.append(rows.insured);
        open.cells.append(rows.cells);
        open.lines.append(rows.lines);
        if open.lines.len() >= LINES_PER_SHEAF {
            self.full.extend(self.open.take());
            self.filled += 1;
            let is_last = self.filled.is_multiple_of(SHEAVES_PER_FILE);
            if is_last || self.full.len() >= 2 * rayon::current_num_threads() {
                self.write(book)?;
            }
            if is_last {
                self.complete()?;
            }
        }
        Ok(place)
    }

    /// Writes what is left, puts the files into their places and says what the register has to know of them: the first of each
    /// part, the second of each part, and so on.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] or [`Error::Parquet`] where they cannot be written.
    pub fn end(mut self, book: &Portfolio) -> Result<Vec<Stored>, Error> {
        self.full.extend(self.open.take());
        if !self.full.is_empty() {
            self.write(book)?;
        }
        self.complete()?;
        let adopt = |(path, stored): (TempPath, Stored)| book.adopt(&path, &stored).map(|()| stored);
        self.complete.into_iter().map(adopt).collect()
    }

    /// Ends the files that are being written.
    fn complete(&mut self) -> Result<(), Error> {
        for begun in self.files.take().into_iter().flatten() {
            let stored = begun.writer.end()?;
            self.complete.push((begun.file.into_temp_path(), stored));
        }
        Ok(())
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
