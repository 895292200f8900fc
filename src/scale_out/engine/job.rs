//! A job for an engine: contracts are laid into its table sheaf by sheaf, then it is run.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use rayon::prelude::*;
use tempfile::TempDir;

use crate::base::calendar::days_since_1970;
use crate::base::error::Error;
use crate::output::folder::room;
use crate::portfolio::Files;
use crate::portfolio::groups::Groups;
use crate::portfolio::reprice::batch::AffectedContract;
use crate::portfolio::reprice::prices::KnownRates;
use crate::portfolio::rows::RateRows;
use crate::portfolio::store::Writer;
use crate::scale_out::engine::output_reader::Rows;
use crate::scale_out::engine::sql;
use crate::scale_out::engine::sql::CUBE;
use crate::scale_out::engine::table;
use crate::scale_out::engine::table::Cells;
use crate::scale_out::engine::{Engine, Figures, process, result, unreadable};

/// A row group of the table has about so many rows.
const ROWS_PER_GROUP: usize = 64 * 1024;

/// A job that is being made ready.
pub struct Job<'e> {
    engine: &'e Engine,
    effective: Date,
    folder: PathBuf,
    /// Where the folder stands; none where it is the user's own.
    room: Option<(TempDir, File)>,
    writer: Writer,
    waiting: Cells,
    /// Whether the engine is given a sheaf, sheaf by sheaf.
    given: Vec<bool>,
    contracts: usize,
    worked: usize,
    /// Whether a file is all as it was written, by its place in the register.
    sound: BTreeMap<i64, bool>,
    /// The files of lines that the engine has to read.
    lines: BTreeSet<String>,
}

impl<'e> Job<'e> {
    /// Begins a job of a change effective on a day; `out` is the folder of the result.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] where the system refuses.
    pub fn begin(engine: &'e Engine, effective: Date, out: &Path) -> Result<Self, Error> {
        let beside = out.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let room = room(engine.work.as_deref().unwrap_or(beside), ".kollektiv-engine-")?;
        let folder = room.0.path().to_owned();
        Self::within(engine, effective, &folder, Some(room))
    }

    /// Begins a job in a folder that stays, for somebody else to run.
    ///
    /// # Errors
    ///
    /// As [`Job::begin`].
    pub fn explained(engine: &'e Engine, effective: Date, folder: &Path) -> Result<Self, Error> {
        fs::create_dir_all(folder).map_err(|fault| Error::writing(folder, fault))?;
        Self::within(engine, effective, folder, None)
    }

    fn within(
        engine: &'e Engine,
        effective: Date,
        folder: &Path,
        room: Option<(TempDir, File)>,
    ) -> Result<Self, Error> {
        let folder = std::path::absolute(folder).map_err(|fault| Error::writing(folder, fault))?;
        process::rooms(engine.dialect, &folder)?;
        Ok(Self {
            engine,
            effective,
            writer: table::begin(&folder.join(CUBE))?,
            folder,
            room,
            waiting: Cells::default(),
            given: Vec::new(),
            contracts: 0,
            worked: 0,
            sound: BTreeMap::new(),
            lines: BTreeSet::new(),
        })
    }

    /// Adds sheaves of contracts, the next in the order of their lines.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] or [`Error::Parquet`] where the table cannot be written.
    pub fn add<S: AsRef<[AffectedContract]> + Sync>(&mut self, files: &Files, sheaves: &[S]) -> Result<(), Error> {
        let mut numbered = Vec::with_capacity(sheaves.len());
        for contracts in sheaves.iter().map(AsRef::as_ref) {
            let file = contracts.first().map(|touched| touched.lines.file);
            let is_sound = file.is_some_and(|file| *self.sound.entry(file).or_insert_with(|| is_sound(files, file)));
            numbered.push((contracts, self.contracts, is_sound));
            self.contracts += contracts.len();
        }
        let effective = days_since_1970(self.effective);
        let cells = |(contracts, first, is_sound): &(&[AffectedContract], usize, bool)| {
            is_sound.then(|| cells(files, contracts, *first, effective))?
        };
        let cells: Vec<Option<Cells>> = numbered.par_iter().map(cells).collect();
        for (cells, (contracts, ..)) in cells.into_iter().zip(numbered) {
            self.given.push(cells.is_some());
            let Some(cells) = cells else { continue };
            self.worked += contracts.len();
            let named = contracts.first().and_then(|touched| files.get(touched.lines.file).ok());
            self.lines.extend(named.map(|reader| reader.name().to_owned()));
            self.waiting.append(cells);
            if self.waiting.len() >= ROWS_PER_GROUP {
                self.put()?;
            }
        }
        Ok(())
    }

    fn put(&mut self) -> Result<(), Error> {
        let waiting = std::mem::take(&mut self.waiting);
        self.writer.put(table::encode(&self.writer, &waiting)?)
    }

    /// Ends the table; the SQL that works on it and on the files of the book.
    ///
    /// # Errors
    ///
    /// [`Error::Engine`] where a path cannot stand in it; [`Error::Io`] or [`Error::Parquet`] where the table cannot be written.
    pub fn text(mut self, book: &Path) -> Result<String, Error> {
        self.put()?;
        self.writer.end()?;
        let seen = self.engine.work_as_seen.as_deref();
        let lines = self.lines.into_iter().collect();
        Ok(sql::text(self.engine.dialect, &self.engine.places(book, lines, &self.folder, seen)?, self.effective))
    }

    /// Has the engine do its work; it is not started where it is given nothing.
    ///
    /// # Errors
    ///
    /// As [`Job::text`]; [`Error::Engine`] where the engine is missing, fails, or leaves what cannot be read.
    pub fn run(mut self, book: &Path) -> Result<Option<Figures>, Error> {
        let Some(room) = self.room.take() else { return Ok(None) };
        let (engine, folder) = (self.engine, self.folder.clone());
        let (given, worked) = (std::mem::take(&mut self.given), self.worked);
        // in the folder that the two share stands one for this run
        let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let inside = |work: &String| format!("{}/{name}", work.trim_end_matches('/'));
        let own = Engine { work_as_seen: engine.work_as_seen.as_ref().map(inside), ..engine.clone() };
        let text = Job { engine: &own, ..self }.text(book)?;
        if worked > 0 {
            process::run(engine, &text, &folder, folder.parent().unwrap_or(&folder))?;
        }
        let open = |name| if worked > 0 { Some(folder.join(name)) } else { None };
        let sums = Rows::open(open(sql::SUMS).as_deref(), result::SUMS);
        let lines = Rows::open(open(sql::LINES).as_deref(), result::LINES);
        let engine = engine.dialect.as_str();
        let (Ok(sums), Ok(lines)) = (sums, lines) else { return Err(unreadable(engine)) };
        Ok(Some(Figures { engine, given, sums, lines, sheaves: 0, contracts: 0, worked, _room: room }))
    }
}

/// Whether a file is all as it was written: an engine stumbles over whatever is damaged in it, be it of contracts that nobody
/// asks for.
fn is_sound(files: &Files, file: i64) -> bool {
    let proved = files
        .get(file)
        .and_then(|reader| (0..reader.groups().len()).into_par_iter().try_for_each(|group| reader.prove(group)));
    proved.is_ok()
}

/// The cells of a sheaf, the first of whose contracts is the `first` of all; none where an engine cannot be given it.
fn cells(files: &Files, contracts: &[AffectedContract], first: usize, effective: i32) -> Option<Cells> {
    let rows = Groups::<RateRows>::read(files, contracts.iter().map(|touched| touched.cells));
    let mut known = KnownRates::default();
    let mut cells = Cells::default();
    for (touched, contract) in contracts.iter().zip(first..) {
        let prices = touched.prices(&rows.of(touched.cells).ok()?, effective, &mut known).ok()?;
        let file = files.get(touched.lines.file).ok()?.name();
        cells.add((file, contract), touched, &prices)?;
    }
    Some(cells)
}
