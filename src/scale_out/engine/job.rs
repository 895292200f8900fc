//! One repricing by an engine: its input is written batch by batch, it runs, and its output is read batch by batch.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use rayon::prelude::*;
use tempfile::TempDir;

use crate::base::calendar::days_since_1970;
use crate::base::digest::sha256;
use crate::base::error::Error;
use crate::output::permissions::create_shared_folder;
use crate::output::staging::staging_folder;
use crate::portfolio::Files;
use crate::portfolio::groups::RowGroups;
use crate::portfolio::premium::price_change::RateCache;
use crate::portfolio::reprice::batch::AffectedContract;
use crate::portfolio::reprice::line_engine::{EngineBatch, EngineJob, LineEngine};
use crate::portfolio::reprice::part_files::PartFile;
use crate::portfolio::rows::RateRows;
use crate::portfolio::store::{Reader, Writer};
use crate::scale_out::engine::output_reader::Rows;
use crate::scale_out::engine::result::Output;
use crate::scale_out::engine::settings::{Engine, unreadable_output};
use crate::scale_out::engine::sql::CUBE;
use crate::scale_out::engine::table::Cells;
use crate::scale_out::engine::written_files::WrittenFiles;
use crate::scale_out::engine::{process, result, sql, table};

/// The approximate number of rows of a row group of the engine's input.
const ROWS_PER_GROUP: usize = 64 * 1024;

/// A repricing by an engine.
pub(super) struct Job<'e> {
    engine: &'e Engine,
    effective: Date,
    folder: PathBuf,
    /// Removes the folder on drop; `None` for a folder of the user.
    _temporary: Option<(TempDir, File)>,
    /// The engine's table of cells, until it is complete.
    table: Option<Writer>,
    waiting: Cells,
    /// For each batch whether the engine prices it.
    given: Vec<bool>,
    /// The number of contracts of all batches.
    contracts: usize,
    /// The number of contracts that the engine prices.
    priced: usize,
    /// By id of a file whether it is undamaged.
    undamaged: BTreeMap<i64, bool>,
    /// The names of the files of lines that the engine has to read, in the order of the book.
    lines: Vec<String>,
    /// The engine's output, once it has run.
    output: Option<Output>,
    /// The places of the batches that are repriced here as well.
    repeated: BTreeSet<usize>,
    /// The number of batches whose results were read, and that of their contracts.
    read: (usize, usize),
}

/// The number of batches that are repriced here as well.
const REPEATED_BATCHES: usize = 32;

impl LineEngine for Engine {
    fn start(&self, effective: Date, out: &Path) -> Result<Box<dyn EngineJob + '_>, Error> {
        let beside = out.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let temporary = staging_folder(self.work.as_deref().unwrap_or(beside), ".kollektiv-engine-")?;
        let folder = temporary.0.path().to_owned();
        Ok(Box::new(Job::new(self, effective, &folder, Some(temporary))?))
    }
}

impl<'e> Job<'e> {
    /// A job in a folder of the user, where its input stays.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] where the system refuses.
    pub fn in_folder(engine: &'e Engine, effective: Date, folder: &Path) -> Result<Self, Error> {
        create_shared_folder(folder).map_err(|fault| Error::writing(folder, fault))?;
        Self::new(engine, effective, folder, None)
    }

    fn new(
        engine: &'e Engine,
        effective: Date,
        folder: &Path,
        temporary: Option<(TempDir, File)>,
    ) -> Result<Self, Error> {
        let folder = std::path::absolute(folder).map_err(|fault| Error::writing(folder, fault))?;
        process::create_output_folders(engine.dialect, &folder)?;
        Ok(Self {
            engine,
            effective,
            table: Some(table::create_file(&folder.join(CUBE))?),
            folder,
            _temporary: temporary,
            waiting: Cells::default(),
            given: Vec::new(),
            contracts: 0,
            priced: 0,
            undamaged: BTreeMap::new(),
            lines: Vec::new(),
            output: None,
            repeated: BTreeSet::new(),
            read: (0, 0),
        })
    }

    /// Adds batches of contracts, in the order of their lines.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] or [`Error::Parquet`] where the table cannot be written.
    pub fn add_batches(&mut self, files: &Files, batches: &[Vec<AffectedContract>]) -> Result<(), Error> {
        let mut numbered = Vec::with_capacity(batches.len());
        for contracts in batches {
            let file = contracts.first().map(|affected| affected.planned.lines.file);
            let is_undamaged =
                file.is_some_and(|file| *self.undamaged.entry(file).or_insert_with(|| is_undamaged(files, file)));
            numbered.push((contracts, self.contracts, is_undamaged));
            self.contracts += contracts.len();
        }
        let effective = days_since_1970(self.effective);
        let cells = |(contracts, first, is_undamaged): &(&Vec<AffectedContract>, usize, bool)| {
            is_undamaged.then(|| batch_cells(files, contracts, *first, effective))?
        };
        let cells: Vec<Option<Cells>> = numbered.par_iter().map(cells).collect();
        for (cells, (contracts, ..)) in cells.into_iter().zip(numbered) {
            self.given.push(cells.is_some());
            let Some(cells) = cells else { continue };
            self.priced += contracts.len();
            let reader = contracts.first().and_then(|affected| files.get(affected.planned.lines.file).ok());
            if let Some(name) =
                reader.map(Reader::name).filter(|name| self.lines.last().is_none_or(|last| last != name))
            {
                self.lines.push(name.to_owned());
            }
            self.waiting.append(cells);
            if self.waiting.len() >= ROWS_PER_GROUP {
                self.write_waiting()?;
            }
        }
        Ok(())
    }

    /// Completes the table; the SQL that reads it and the files of the book.
    ///
    /// # Errors
    ///
    /// [`Error::Engine`] where a path cannot be written in SQL; [`Error::Io`] or [`Error::Parquet`] where the table cannot be written.
    pub fn write_sql(&mut self, book: &Path) -> Result<String, Error> {
        self.sql(book, self.engine.work_as_seen.as_deref())
    }

    fn sql(&mut self, book: &Path, work_as_seen: Option<&str>) -> Result<String, Error> {
        self.write_waiting()?;
        if let Some(table) = self.table.take() {
            table.finish()?;
        }
        let lines = std::mem::take(&mut self.lines);
        let places = self.engine.places(book, lines, &self.folder, work_as_seen)?;
        Ok(sql::reprice(self.engine.dialect, &places, self.effective))
    }

    fn write_waiting(&mut self) -> Result<(), Error> {
        let waiting = std::mem::take(&mut self.waiting);
        let Some(table) = &mut self.table else { return Ok(()) };
        table.write(table::encode(table, &waiting)?)
    }
}

impl EngineJob for Job<'_> {
    fn add(&mut self, files: &Files, batches: &[Vec<AffectedContract>]) -> Result<(), Error> {
        self.add_batches(files, batches)
    }

    fn run(&mut self, book: &Path) -> Result<usize, Error> {
        let (engine, folder) = (self.engine, self.folder.clone());
        // the engine's name of the shared folder is extended by this run's folder in it
        let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let work_as_seen = engine.work_as_seen.as_ref().map(|work| format!("{}/{name}", work.trim_end_matches('/')));
        let text = self.sql(book, work_as_seen.as_deref())?;
        if self.priced == 0 {
            return Ok(0);
        }
        process::run(engine, &text, &folder, folder.parent().unwrap_or(&folder))?;
        let sums = Rows::open(&folder.join(sql::SUMS), result::SUMS);
        let audit = Rows::open(&folder.join(sql::AUDIT), result::AUDIT);
        let files = WrittenFiles::open(&folder.join(sql::LINES));
        let name = engine.dialect.as_str();
        let (Ok(sums), Ok(audit), Ok(files)) = (sums, audit, files) else { return Err(unreadable_output(name)) };
        let output = self.output.insert(Output::new(name, sums, audit, files));
        self.repeated = chosen_batches(&self.given, output.files());
        Ok(output.files().len())
    }

    fn next_batch(&mut self, contracts: &[AffectedContract]) -> Result<Option<Box<dyn EngineBatch>>, Error> {
        let (batch, first) = self.read;
        self.read = (batch + 1, first + contracts.len());
        let is_given = self.given.get(batch).copied().unwrap_or_default();
        let Some(output) = self.output.as_mut().filter(|_| is_given) else { return Ok(None) };
        let repeated = self.repeated.contains(&batch).then(|| self.folder.clone());
        Ok(Some(Box::new(output.read(first, contracts, repeated)?)))
    }

    fn finish(&mut self) -> Result<Vec<PartFile>, Error> {
        self.output.take().map_or_else(|| Ok(Vec::new()), Output::finish)
    }

    fn priced_contracts(&self) -> usize {
        self.priced
    }
}

/// The batches that are repriced here as well: all that the engine prices, or some that the hashes of its files choose, which no engine knows
/// before it has written them.
fn chosen_batches(given: &[bool], files: &[PartFile]) -> BTreeSet<usize> {
    let seed: String = files.iter().map(|file| file.sha256.as_str()).collect();
    let of_engine = given.iter().enumerate().filter(|(_, given)| **given);
    let mut by_lot: Vec<(String, usize)> =
        of_engine.map(|(batch, _)| (sha256(format!("{seed} {batch}").as_bytes()), batch)).collect();
    by_lot.sort_unstable();
    by_lot.into_iter().take(REPEATED_BATCHES).map(|(_, batch)| batch).collect()
}

/// Whether all row groups of a file are undamaged: an engine would fail on any damage, even of contracts that it does not price.
fn is_undamaged(files: &Files, file: i64) -> bool {
    let proved = files
        .get(file)
        .and_then(|reader| (0..reader.groups().len()).into_par_iter().try_for_each(|group| reader.prove(group)));
    proved.is_ok()
}

/// The cells of a batch, whose first contract is the `first` of all; `None` where the engine cannot price it.
fn batch_cells(files: &Files, contracts: &[AffectedContract], first: usize, effective: i32) -> Option<Cells> {
    let rows = RowGroups::<RateRows>::read(files, contracts.iter().map(|affected| affected.planned.cells));
    let mut cache = RateCache::default();
    let mut cells = Cells::default();
    for (affected, contract) in contracts.iter().zip(first..) {
        let planned = &affected.planned;
        let prices = planned.prices(&rows.slices(planned.cells).ok()?, effective, &mut cache).ok()?;
        let file = files.get(planned.lines.file).ok()?.name();
        cells.add((file, contract), planned, &prices)?;
    }
    Some(cells)
}
