//! Writes the rows of bound contracts in batches: whole contracts whose rows are one row group of each file.
//!
//! A batch ends with the contract that brings it to some thousands of lines; a larger contract is a batch of its own, of several row
//! groups. Code that needs the rows of a contract reads its batch and no more.

use std::ops::Range;

use rayon::prelude::*;
use tempfile::{NamedTempFile, TempPath};

use crate::base::error::Error;
use crate::base::parallel::collect_in_order;
use crate::portfolio::book::Portfolio;
use crate::portfolio::rows::{CellRows, ContractRows, InsuredRows, LineRows, Rows, create_file};
use crate::portfolio::store::{FileKind, StoredFile, Writer};

/// A batch ends with the contract that brings it to this number of lines.
pub const LINES_PER_BATCH: usize = 16 * 1024;
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

/// The rows of a large contract, made when they are written.
pub trait RowSource: Sync {
    /// The number of rows of each kind.
    fn lengths(&self) -> [usize; 3];

    /// Some of its insured.
    fn insured(&self, range: Range<usize>) -> InsuredRows;

    /// Its cells, of which there are never many.
    fn cells(&self) -> CellRows;

    /// Some of its lines.
    fn lines(&self, range: Range<usize>) -> LineRows;
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

    /// Adds a contract that fills a batch: as [`BatchWriter::add`] of all its rows, which are made, encoded and written a few row groups at
    /// a time.
    ///
    /// # Errors
    ///
    /// As [`BatchWriter::add`].
    pub fn add_large(&mut self, book: &Portfolio, source: &impl RowSource) -> Result<usize, Error> {
        let place = self.filled / BATCHES_PER_FILE;
        // those that are full come first
        self.write(book)?;
        let ContractRows { insured: before, cells: mut all_cells, lines: lines_before } =
            self.open.take().unwrap_or_default();
        let [insured, cells, lines] = self.files(book)?;
        let [insured_count, _, line_count] = source.lengths();
        write_large(&mut insured.writer, before, insured_count, |range| source.insured(range))?;
        all_cells.append(source.cells());
        write_rows(&mut cells.writer, &[all_cells], |cells| cells)?;
        write_large(&mut lines.writer, lines_before, line_count, |range| source.lines(range))?;
        self.filled += 1;
        if self.filled.is_multiple_of(BATCHES_PER_FILE) {
            self.finish_files()?;
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
        let [insured, cells, lines] = self.files(book)?;
        write_rows(&mut insured.writer, &full, |rows| &rows.insured)?;
        write_rows(&mut cells.writer, &full, |rows| &rows.cells)?;
        write_rows(&mut lines.writer, &full, |rows| &rows.lines)
    }

    /// The files that are being written; new ones where there are none.
    fn files(&mut self, book: &Portfolio) -> Result<&mut [OpenFile; 3], Error> {
        match &mut self.files {
            Some(files) => Ok(files),
            none => Ok(none.insert(create_files(book)?)),
        }
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
fn write_rows<B: Sync, R: Rows + Sync>(
    writer: &mut Writer,
    batches: &[B],
    rows: impl Fn(&B) -> &R + Sync,
) -> Result<(), Error> {
    let encode = |batch: &B| {
        let frame = rows(batch).frame().map_err(|fault| writer.write_error(&fault))?;
        let groups = (0..frame.height()).step_by(ROWS_PER_GROUP);
        let group = |first: usize| writer.encode(&frame.slice(first.cast_signed() as i64, ROWS_PER_GROUP));
        groups.map(group).collect::<Result<Vec<_>, _>>()
    };
    let encoded = collect_in_order(batches.par_iter().map(encode));
    encoded?.into_iter().flatten().try_for_each(|group| writer.write(group))
}

/// Writes the rows of one kind of a batch: a few rows `before`, and `count` rows of a large contract, made group by group on all cores. The
/// groups are those that [`write_rows`] makes of all rows at once.
fn write_large<R: Rows + Sync>(
    writer: &mut Writer,
    mut before: R,
    count: usize,
    rows: impl Fn(Range<usize>) -> R + Sync,
) -> Result<(), Error> {
    let of_first = count.min(ROWS_PER_GROUP.saturating_sub(before.len()));
    before.append(rows(0..of_first));
    write_rows(writer, &[before], |first| first)?;
    let ranges = (of_first..count).step_by(ROWS_PER_GROUP).map(|first| first..count.min(first + ROWS_PER_GROUP));
    // as many at a time as there are threads, for the sake of memory
    for ranges in ranges.collect::<Vec<_>>().chunks(rayon::current_num_threads()) {
        let encode = |range: &Range<usize>| {
            let frame = rows(range.clone()).frame().map_err(|fault| writer.write_error(&fault))?;
            writer.encode(&frame)
        };
        let encoded = collect_in_order(ranges.par_iter().map(encode));
        encoded?.into_iter().try_for_each(|group| writer.write(group))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portfolio::rows::Numbers;

    /// All rows of a contract, as the source of some of them.
    struct Columns(ContractRows);

    impl RowSource for Columns {
        fn lengths(&self) -> [usize; 3] {
            self.0.lengths()
        }

        fn insured(&self, range: Range<usize>) -> InsuredRows {
            InsuredRows { number: Numbers::repeat("L-1", range.len()), ..self.0.insured.copy_of(range) }
        }

        fn cells(&self) -> CellRows {
            self.0.cells.clone()
        }

        fn lines(&self, range: Range<usize>) -> LineRows {
            LineRows { number: Numbers::repeat("L-1", range.len()), ..self.0.lines.copy_of(range) }
        }
    }

    /// A contract of so many insured, with a line each.
    fn contract(number: &str, insured: u32) -> ContractRows {
        let rows = insured as usize;
        let texts = |text: &str| (0..rows).map(|at| format!("{text} {}", at % 7_919)).collect::<Vec<_>>();
        let day = |days: i32| vec![days; rows];
        let mut contract = ContractRows {
            insured: InsuredRows {
                number: Numbers::default(),
                insured: (1..=insured).collect(),
                id: texts("id"),
                name: texts("Иванов"),
                birth_date: (0..insured).map(|at| 3_000 + (at % 9_000).cast_signed()).collect(),
                relation: vec![None; rows],
                head: vec![None; rows],
                plan: vec!["А".to_owned(); rows],
                age: vec![40; rows],
                risk_group: vec![1; rows],
                start: day(20_500),
                end: day(20_864),
                phone: texts("+7").into_iter().map(Some).collect(),
                email: vec![None; rows],
                address: vec![None; rows],
                passport: vec![None; rows],
                snils: vec![None; rows],
                person: vec![None; rows],
                policy_number: vec![None; rows],
            },
            cells: CellRows {
                number: Numbers::default(),
                cell: vec![0],
                plan: vec!["А".to_owned()],
                programme: vec!["16".to_owned()],
                age_from: vec![18],
                age_to: vec![59],
                risk_group: vec![1],
                level: vec!["1".to_owned()],
                rate: vec!["12.5".to_owned()],
                age_coefficient: vec![None],
            },
            lines: LineRows {
                number: Numbers::default(),
                insured: (1..=insured).collect(),
                cell: vec![0; rows],
                sum_insured: vec![12_000_000; rows],
                start: day(20_500),
                end: day(20_864),
                premium: (0..insured).map(|at| i64::from(at) * 7).collect(),
            },
        };
        contract.set_number(number);
        contract
    }

    #[test]
    fn a_large_contract_is_written_as_all_its_rows_at_once() {
        let large = || contract("L-1", 140_000);
        let written = |add: &dyn Fn(&mut BatchWriter, &Portfolio) -> usize| {
            let folder = tempfile::tempdir().unwrap();
            let book = Portfolio::create(&folder.path().join("book"), "bind").unwrap();
            let mut batches = BatchWriter::default();
            let first = batches.add(&book, contract("A-1", 5)).unwrap();
            let places = [first, add(&mut batches, &book), batches.add(&book, contract("B-1", 3)).unwrap()];
            (places, batches.finish(&book).unwrap())
        };
        let at_once = written(&|batches, book| batches.add(book, large()).unwrap());
        let by_groups = written(&|batches, book| batches.add_large(book, &Columns(large())).unwrap());
        assert_eq!(at_once, by_groups);
        // the three small and large contracts, and the small one after them
        assert_eq!(at_once.1[0].groups.len(), 4);
    }
}
