//! An engine and how to reach it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::portfolio::store::FOLDER;
use crate::scale_out::engine::dialect::Dialect;
use crate::scale_out::engine::sql::Places;

/// An engine, and how to reach it.
#[derive(Debug, Clone)]
pub struct Engine {
    /// Its dialect of SQL.
    pub dialect: Dialect,
    /// Its program; by default `spark-sql` of `SPARK_HOME` or of the search path, or `duckdb`.
    pub program: Option<PathBuf>,
    /// The cluster, for Spark.
    pub master: Option<String>,
    /// Settings of Spark, each `key=value`.
    pub settings: Vec<String>,
    /// The engine's name of the folder of the book, where that is not its path.
    pub book: Option<String>,
    /// The folder for the engine's input and output; beside the result by default.
    pub work: Option<PathBuf>,
    /// The engine's name of that folder, where that is not its path.
    pub work_as_seen: Option<String>,
    /// How long Spark may give no sign of life.
    pub patience: Duration,
}

impl Engine {
    /// The engine's names of the folder of the book's files and of its working folder.
    ///
    /// # Errors
    ///
    /// [`Error::Engine`] where a name cannot be written in SQL.
    pub(super) fn places(
        &self,
        book: &Path,
        lines: Vec<String>,
        folder: &Path,
        work: Option<&str>,
    ) -> Result<Places, Error> {
        let seen = |named: Option<&str>, path: &Path| match named {
            Some(named) => named.trim_end_matches('/').to_owned(),
            None if self.dialect == Dialect::Spark => format!("file://{}", path.display()),
            None => path.display().to_string(),
        };
        let book = std::path::absolute(book).map_err(|fault| Error::writing(book, fault))?;
        let data = format!("{}/{FOLDER}", seen(self.book.as_deref(), &book));
        let places = Places { data, lines, work: seen(work, folder) };
        for place in [&places.data, &places.work] {
            // Spark and DuckDB would treat these letters as patterns or as the end of the text
            if place.chars().any(|letter| letter.is_control() || "'\"`\\{}[]*?,;".contains(letter)) {
                return Err(Error::Engine { reason: Message::new("engine-path").with("path", place.as_str()) });
            }
        }
        Ok(places)
    }
}

/// The error for output of an engine that cannot be read.
pub(super) fn unreadable_output(engine: &'static str) -> Error {
    Error::Engine { reason: Message::new("engine-unreadable").with("engine", engine) }
}
