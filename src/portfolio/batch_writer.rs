//! Writes the rows of bound contracts in batches: whole contracts whose rows are one row group of each file.
//!
//! A batch ends with the contract that brings it to some thousands of lines; a larger contract is a batch of its own, of several row
//! groups. Code that needs the rows of a contract reads its batch and no more.

use rayon::prelude::*;
use tempfile::{NamedTempFile, TempPath};

use crate::base::error::Error;
use crate::portfolio::book::Portfolio;
use crate::portfolio::rows::{CellRows, ContractRows, InsuredRows, LineRows, Rows, create_file};
use crate::portfolio::store::{FileKind, StoredFile, Writer};

/// A batch ends with the contract that brings it to this number of lines.
const LINES_PER_BATCH: usize = 16 * 1024;
/// A file ends with this number of batches: writers and readers keep the table of its row groups in memory.
const BATCHES_PER_FILE: usize = 64;
/// The largest row group.
const ROWS_PER_GROUP: usize = 64 * 1024;

/// Writes the batches of a run into the book.
#[derive(Default)]
pub struct BatchWriter {
    /// The batch that is being filled.
    open: Option<ContractRows>,
    /// The batches that wait to be written.
    full: Vec<ContractRows>,
    /// The number of batches that have been filled.
    filled: usize,
    /// The files that are being written, one of each kind.
    files: Option<[OpenFile; 3]>,
    /// The files that are complete.
    complete: Vec<(TempPath, StoredFile)>,
}

/// A file that is being written.
struct OpenFile {
    writer: Writer,
    file: NamedTempFile,
}

impl OpenFile {
    fn create<R: Rows>(book: &Portfolio, kind: FileKind) -> Result<Self, Error> {
        let file = book.create_temporary_file()?;
        Ok(Self { writer: create_file::<R>(kind, file.path())?, file })
    }
}

impl BatchWriter {
    /// Adds the rows of a contract; the place of their files among the files of each kind.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] or [`Error::Parquet`] where they cannot be written.
    pub fn add(&mut self, book: &Portfolio, rows: ContractRows) -> Result<usize, Error> {
        let place = self.filled / BATCHES_PER_FILE;
        let open = self.open.get_or_insert_default();
        open.insured.append(rows.insured);
        open.cells.append(rows.cells);
        open.lines.append(rows.lines);
        if open.lines.len() >= LINES_PER_BATCH {
            self.full.extend(self.open.take());
            self.filled += 1;
            let is_last = self.filled.is_multiple_of(BATCHES_PER_FILE);
            if is_last || self.full.len() >= 2 * rayon::current_num_threads() {
                self.write(book)?;
            }
            if is_last {
                self.finish_files()?;
            }
        }
        Ok(place)
    }

    /// Writes the rest and moves the files into the book. The files are returned in the order first of each kind, second of each
    /// kind, and so on.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] or [`Error::Parquet`] where they cannot be written.
    pub fn finish(mut self, book: &Portfolio) -> Result<Vec<StoredFile>, Error> {
        self.full.extend(self.open.take());
        if !self.full.is_empty() {
            self.write(book)?;
        }
        self.finish_files()?;
        let adopt = |(path, stored): (TempPath, StoredFile)| book.adopt_file(&path, &stored).map(|()| stored);
        self.complete.into_iter().map(adopt).collect()
    }

    fn finish_files(&mut self) -> Result<(), Error> {
        for open in self.files.take().into_iter().flatten() {
            let stored = open.writer.finish()?;
            self.complete.push((open.file.into_temp_path(), stored));
        }
        Ok(())
    }

    fn write(&mut self, book: &Portfolio) -> Result<(), Error> {
        let full = std::mem::take(&mut self.full);
        let [insured, cells, lines] = match &mut self.files {
            Some(files) => files,
            none => none.insert(create_files(book)?),
        };
        write_rows(&mut insured.writer, &full, |rows| &rows.insured)?;
        write_rows(&mut cells.writer, &full, |rows| &rows.cells)?;
        write_rows(&mut lines.writer, &full, |rows| &rows.lines)
    }
}

fn create_files(book: &Portfolio) -> Result<[OpenFile; 3], Error> {
    let [insured, cells, lines] = ContractRows::KINDS;
    Ok([
        OpenFile::create::<InsuredRows>(book, insured)?,
        OpenFile::create::<CellRows>(book, cells)?,
        OpenFile::create::<LineRows>(book, lines)?,
    ])
}

/// Writes the rows of one kind of each batch.
fn write_rows<R: Rows + Sync>(
    writer: &mut Writer,
    batches: &[ContractRows],
    rows: impl Fn(&ContractRows) -> &R + Sync,
) -> Result<(), Error> {
    let encode = |batch: &ContractRows| {
        let frame = rows(batch).frame().map_err(|fault| writer.write_error(&fault))?;
        let groups = (0..frame.height()).step_by(ROWS_PER_GROUP);
        let group = |first: usize| writer.encode(&frame.slice(first.cast_signed() as i64, ROWS_PER_GROUP));
        groups.map(group).collect::<Result<Vec<_>, _>>()
    };
    let encoded: Result<Vec<_>, Error> = batches.par_iter().map(encode).collect();
    encoded?.into_iter().flatten().try_for_each(|group| writer.write(group))
}
