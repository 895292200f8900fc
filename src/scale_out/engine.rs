//! Repricing by an engine of SQL: a cluster with Apache Spark, or `DuckDB`.
//!
//! What is decided once a contract or a cell is decided here and given to the engine as a small [table]; the engine reads the
//! lines, joins, multiplies, rounds and adds up ([sql]), and what it has [written] aside is read back, held against what is
//! known without it ([told]), and written as ever. Nothing becomes true before that: a job that dies leaves the book as it was.
//!
//! A sheaf that an engine cannot be given is worked on here: one with a contract whose rates have more digits than an engine's
//! decimals, or in a file that is not as it was written. So every outcome is what it would be without an engine.

pub(crate) mod job;
pub mod limbs;
pub(crate) mod output_reader;
pub(crate) mod process;
pub(crate) mod result;
pub mod sql;
pub(crate) mod table;

use std::fs::File;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::portfolio::store::FOLDER;
pub use job::Job;
use output_reader::{Rows, Unreadable};
pub use result::EngineResult;
use sql::{Dialect, Places};

/// An engine, and how it is reached.
#[derive(Debug, Clone)]
pub struct Engine {
    /// Which it is.
    pub dialect: Dialect,
    /// Its program; where none is named, `spark-sql` of `SPARK_HOME` or of the search path, or `duckdb`.
    pub program: Option<PathBuf>,
    /// The cluster, for Spark.
    pub master: Option<String>,
    /// Settings of Spark, each `key=value`.
    pub settings: Vec<String>,
    /// What the engine calls the folder of the book, where that is not its path.
    pub book: Option<String>,
    /// Where the table is put and the engine writes; beside the result where none is named.
    pub work: Option<PathBuf>,
    /// What the engine calls that folder, where that is not its path.
    pub work_as_seen: Option<String>,
}

/// What an engine has found out, in the order of the sheaves.
pub struct Figures {
    engine: &'static str,
    /// Whether the engine was given a sheaf.
    given: Vec<bool>,
    sums: Rows<{ result::SUMS.len() }>,
    lines: Rows<{ result::LINES.len() }>,
    /// How many sheaves and contracts have been told of.
    sheaves: usize,
    contracts: usize,
    /// How many contracts the engine has worked on.
    pub worked: usize,
    /// The files that are read, as long as they are.
    _room: (TempDir, File),
}

impl Engine {
    /// What the engine calls the folder of the book's files and that of its own work.
    fn places(&self, book: &Path, lines: Vec<String>, folder: &Path, work: Option<&str>) -> Result<Places, Error> {
        let seen = |named: Option<&str>, path: &Path| match named {
            Some(named) => named.trim_end_matches('/').to_owned(),
            None if self.dialect == Dialect::Spark => format!("file://{}", path.display()),
            None => path.display().to_string(),
        };
        let book = std::path::absolute(book).map_err(|fault| Error::writing(book, fault))?;
        let data = format!("{}/{FOLDER}", seen(self.book.as_deref(), &book));
        let places = Places { data, lines, work: seen(work, folder) };
        for place in [&places.data, &places.work] {
            // they stand in SQL, where Spark and DuckDB take them for patterns
            if place.chars().any(|letter| letter.is_control() || "'\"`\\{}[]*?,;".contains(letter)) {
                return Err(Error::Engine { reason: Message::new("engine-path").with("path", place.as_str()) });
            }
        }
        Ok(places)
    }
}

impl Figures {
    /// What the engine says of the next sheaf, which has so many contracts; none where it was not given it.
    ///
    /// # Errors
    ///
    /// [`Error::Engine`] where that cannot be read.
    pub fn next(&mut self, contracts: usize) -> Result<Option<EngineResult>, Error> {
        let first = self.contracts;
        let given = self.given.get(self.sheaves).copied().unwrap_or_default();
        self.sheaves += 1;
        self.contracts += contracts;
        if !given {
            return Ok(None);
        }
        let told = EngineResult::read(self.engine, first..first + contracts, &mut self.sums, &mut self.lines);
        told.map(Some).map_err(|_: Unreadable| unreadable(self.engine))
    }
}

fn unreadable(engine: &'static str) -> Error {
    Error::Engine { reason: Message::new("engine-unreadable").with("engine", engine) }
}
