//! Files of Parquet that are never changed once they are written, proved row group by row group.
//!
//! The register knows the SHA-256 of every row group and of the footer, so that nothing is decoded that is not as it was
//! written, what is damaged costs only the contracts that stand in it, and a run reads no more than it works on.

pub mod decode;

use std::fs::File;
use std::io::{self, BufWriter, Cursor, Write};
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use polars::io::parquet::write::BatchedWriter;
use polars::prelude::{
    ArrowSchema, CompatLevel, DataFrame, ParquetCompression, ParquetWriter, PolarsError, PolarsResult, Schema, Series,
    StatisticsOptions,
};
use polars_buffer::Buffer;
use polars_parquet::read::{FileMetadata, infer_schema, read_metadata};
use polars_parquet::write::{CompressedPage, ParquetType};
use sha2::{Digest, Sha256};

use crate::base::digest::{hexadecimal, sha256};
use crate::base::error::Error;
use crate::base::messages::Message;
use crate::output::parquet::column::Column;
use crate::output::parquet::io_error::{CaptureIoError, Refusal, unmade};
use crate::portfolio::rows::Rows;

/// The folder of a book in which its files stand.
pub const FOLDER: &str = "data";
/// So many digits of a hash stand in the name of a file.
const NAME_DIGITS: usize = 32;

/// What a file holds the rows of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The insured.
    Insured,
    /// The cells of the contracts with their rates.
    Cells,
    /// The lines.
    Lines,
    /// What a price change did to lines.
    Repriced,
}

impl Part {
    /// Every part.
    pub const ALL: [Self; 4] = [Self::Insured, Self::Cells, Self::Lines, Self::Repriced];

    /// The word of the register and of the files' names.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Insured => "insured",
            Self::Cells => "cells",
            Self::Lines => "lines",
            Self::Repriced => "repriced",
        }
    }
}

impl Part {
    /// Whether the book gives a file of some part this name.
    #[must_use]
    pub fn names(name: &str) -> bool {
        let hash = Self::ALL.iter().find_map(|part| name.strip_prefix(part.as_str())?.strip_prefix('-'));
        let hash = hash.and_then(|rest| rest.strip_suffix(".parquet"));
        hash.is_some_and(|hash| hash.len() == NAME_DIGITS && hash.bytes().all(|digit| digit.is_ascii_hexdigit()))
    }
}

/// What the register knows of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// What it holds.
    pub part: Part,
    /// Its name, which is made of what it holds.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// Where its row groups end.
    pub footer_at: u64,
    /// SHA-256 of everything from there to its end.
    pub footer_sha256: String,
    /// Its row groups, in order.
    pub groups: Vec<RowGroup>,
}

/// Rows that are read and proved together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowGroup {
    /// How many rows stand before it in the file.
    pub first_row: u64,
    /// Its rows.
    pub rows: u64,
    /// Where its bytes begin.
    pub at: u64,
    /// Their number.
    pub bytes: u64,
    /// Their SHA-256.
    pub sha256: String,
}

impl Stored {
    /// The number of rows.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.groups.last().map_or(0, |group| group.first_row + group.rows)
    }

    /// The row groups that hold the rows of a range, by their places.
    #[must_use]
    pub fn groups_of(&self, first_row: u64, rows: u64) -> Range<usize> {
        let begins = self.groups.partition_point(|group| group.first_row + group.rows <= first_row);
        let ends = self.groups.partition_point(|group| group.first_row < first_row + rows);
        begins..ends.max(begins)
    }
}

/// What is wrong with a file of the book: its name, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage(pub Message);

impl Damage {
    fn new(name: &str, kind: &'static str) -> Self {
        Self(Message::new(kind).with("file", format!("{FOLDER}/{name}")))
    }
}

/// A file on its way into the book.
pub struct Writer {
    part: Part,
    encoder: Encoder,
    batched: BatchedWriter<Recorder>,
    recorder: Recorder,
    refusal: Refusal,
    groups: Vec<RowGroup>,
}

/// What makes rows ready for a file, by several threads at once and while others are written.
#[derive(Clone)]
pub struct Encoder {
    path: PathBuf,
    /// What the schema says of the columns.
    kinds: Vec<ParquetType>,
}

/// Rows made ready to be written.
pub struct Encoded {
    rows: u64,
    columns: Vec<Vec<CompressedPage>>,
}

impl Encoder {
    /// Encodes the columns of so many rows as one row group.
    ///
    /// # Errors
    ///
    /// [`Error::Parquet`] where the library refuses.
    pub(crate) fn encode(&self, rows: usize, columns: Vec<Column>) -> Result<Encoded, Error> {
        if rows == 0 {
            return Ok(Encoded { rows: 0, columns: Vec::new() });
        }
        let pages = |(column, kind): (Column, &ParquetType)| column.pages(kind, StatisticsOptions::empty());
        let columns = columns.into_iter().zip(&self.kinds).map(pages).collect::<PolarsResult<_>>();
        Ok(Encoded { rows: rows as u64, columns: columns.map_err(|fault| unmade(&self.path, &fault))? })
    }
}

impl Writer {
    /// Begins a file at `path` for rows of the kind of `none`, which are none.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] where the system refuses, [`Error::Parquet`] where the library does.
    pub fn begin<R: Rows>(part: Part, path: &Path, none: &R) -> Result<Self, Error> {
        let frame = none.frame().map_err(|fault| unmade(path, &fault))?;
        Self::of_schema(part, path, frame.schema())
    }

    /// Begins a file at `path` for frames of this schema.
    ///
    /// # Errors
    ///
    /// As [`Writer::begin`].
    pub fn of_schema(part: Part, path: &Path, schema: &Schema) -> Result<Self, Error> {
        const BUFFER_BYTES: usize = 1 << 20;
        let file = File::create(path).map_err(|fault| Error::writing(path, fault))?;
        let (file, refusal) = CaptureIoError::new(BufWriter::with_capacity(BUFFER_BYTES, file));
        let recorder = Recorder(Arc::new(Mutex::new(Recording { file, hash: Sha256::new(), bytes: 0 })));
        let mut batched = ParquetWriter::new(recorder.clone())
            .with_compression(ParquetCompression::Snappy)
            .with_statistics(StatisticsOptions::empty())
            .set_parallel(false)
            .batched(schema)
            .map_err(|fault| refusal.unmade(path, &fault))?;
        let encoder = Encoder { path: path.to_owned(), kinds: batched.parquet_schema().fields().to_vec() };
        Ok(Self { part, encoder, batched, recorder, refusal, groups: Vec::new() })
    }

    /// The rows as a frame.
    ///
    /// # Errors
    ///
    /// [`Error::Parquet`] where the library refuses.
    pub fn frame<R: Rows>(&self, rows: &R) -> Result<DataFrame, Error> {
        rows.frame().map_err(|fault| self.unmade(&fault))
    }

    /// What to say where the library refuses rows of this file.
    #[must_use]
    pub fn unmade(&self, fault: &PolarsError) -> Error {
        self.refusal.unmade(&self.encoder.path, fault)
    }

    /// Encodes rows as one row group; may be done by several threads at once.
    ///
    /// # Errors
    ///
    /// [`Error::Parquet`] where the library refuses.
    pub fn encode(&self, frame: &DataFrame) -> Result<Encoded, Error> {
        let array = |column: &polars::prelude::Column| {
            let series = column.as_materialized_series().rechunk();
            Column::Any(series.to_arrow(0, CompatLevel::newest()))
        };
        self.encoder.encode(frame.height(), frame.columns().iter().map(array).collect())
    }

    /// What makes rows ready for this file.
    #[must_use]
    pub fn encoder(&self) -> Encoder {
        self.encoder.clone()
    }

    /// How many rows the file has by now.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.groups.last().map_or(0, |group| group.first_row + group.rows)
    }

    /// Writes encoded rows.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] where the disk is full or broken.
    #[expect(clippy::needless_pass_by_value, reason = "what is written is not kept")]
    pub fn put(&mut self, encoded: Encoded) -> Result<(), Error> {
        if encoded.rows == 0 {
            return Ok(());
        }
        // the format begins with four bytes of its own, which belong to the first group here
        let at = self.recorder.cut().bytes;
        self.batched.write_row_group(encoded.rows, &encoded.columns).map_err(|fault| self.unmade(&fault))?;
        let cut = self.recorder.cut();
        let (first_row, bytes) = (self.rows(), cut.bytes - at);
        self.groups.push(RowGroup { first_row, rows: encoded.rows, at, bytes, sha256: cut.sha256 });
        Ok(())
    }

    /// Ends the file: everything is on the disk, and what the register has to know of it is known.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] where the disk is full or broken.
    pub fn end(self) -> Result<Stored, Error> {
        let Self { part, encoder: Encoder { path, .. }, batched, recorder, refusal, groups } = self;
        let footer_at = recorder.cut().bytes;
        batched.finish().map_err(|fault| refusal.unmade(&path, &fault))?;
        let footer = recorder.cut();
        let on_disk = |recording: &mut Recording| {
            recording.file.flush().and_then(|()| recording.file.inner().get_ref().sync_all())
        };
        recorder.with(on_disk).map_err(|fault| Error::writing(&path, fault))?;
        let mut name = Sha256::new();
        for sha256 in groups.iter().map(|group| &group.sha256).chain([&footer.sha256]) {
            name.update(sha256);
        }
        let name = format!("{}-{}.parquet", part.as_str(), &hexadecimal(&name.finalize())[..NAME_DIGITS]);
        Ok(Stored { part, name, bytes: footer.bytes, footer_at, footer_sha256: footer.sha256, groups })
    }
}

/// The file behind the library's writer, whose bytes are counted and hashed as they pass.
#[derive(Clone)]
struct Recorder(Arc<Mutex<Recording>>);

struct Recording {
    file: CaptureIoError<BufWriter<File>>,
    hash: Sha256,
    bytes: u64,
}

/// What was written since the last cut, and how much in all.
struct Cut {
    sha256: String,
    bytes: u64,
}

impl Recorder {
    fn with<T>(&self, act: impl FnOnce(&mut Recording) -> T) -> T {
        act(&mut self.0.lock().expect("no writer panics with the file in hand"))
    }

    fn cut(&self) -> Cut {
        self.with(|recording| Cut { sha256: hexadecimal(&recording.hash.finalize_reset()), bytes: recording.bytes })
    }
}

impl Write for Recorder {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.with(|recording| {
            let written = recording.file.write(bytes)?;
            recording.hash.update(&bytes[..written]);
            recording.bytes += written as u64;
            Ok(written)
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.with(|recording| recording.file.flush())
    }
}

/// A file of the book, opened to be read.
#[derive(Debug)]
pub struct Reader {
    stored: Stored,
    file: File,
    metadata: FileMetadata,
    schema: ArrowSchema,
}

impl Reader {
    /// Opens a file and proves its footer.
    ///
    /// # Errors
    ///
    /// [`Damage`] where the file is missing or not as it was written.
    pub fn open(folder: &Path, stored: &Stored) -> Result<Self, Damage> {
        let damage = |kind| Damage::new(&stored.name, kind);
        let path = folder.join(FOLDER).join(&stored.name);
        let file = File::open(path).map_err(|fault| match fault.kind() {
            io::ErrorKind::NotFound => damage("portfolio-file-missing"),
            _ => damage("portfolio-file-unreadable"),
        })?;
        let length = file.metadata().map_err(|_| damage("portfolio-file-unreadable"))?.len();
        if length != stored.bytes {
            return Err(damage("portfolio-file-damaged"));
        }
        let footer = proved(&file, stored.footer_at, stored.bytes - stored.footer_at, &stored.footer_sha256);
        let footer = footer.ok_or_else(|| damage("portfolio-file-damaged"))?;
        let metadata = read_metadata(&mut Cursor::new(footer)).map_err(|_| damage("portfolio-file-damaged"))?;
        let schema = infer_schema(&metadata).map_err(|_| damage("portfolio-file-damaged"))?;
        Ok(Self { stored: stored.clone(), file, metadata, schema })
    }

    /// The name of the file.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.stored.name
    }

    /// The row groups.
    #[must_use]
    pub fn groups(&self) -> &[RowGroup] {
        &self.stored.groups
    }

    /// The row groups that hold the rows of a range, by their places.
    #[must_use]
    pub fn groups_of(&self, first_row: u64, rows: u64) -> Range<usize> {
        self.stored.groups_of(first_row, rows)
    }

    /// Proves a row group and decodes these of its columns, in their order; none for a column that the file does not have.
    ///
    /// # Errors
    ///
    /// [`Damage`] where the bytes are not as they were written.
    pub fn columns(&self, group: usize, names: &[&str]) -> Result<Vec<Option<Series>>, Damage> {
        let stored = &self.stored.groups[group];
        let bytes = proved(&self.file, stored.at, stored.bytes, &stored.sha256).ok_or_else(|| self.damage())?;
        let bytes = Buffer::from(bytes);
        let column = |name: &&str| {
            self.schema.contains(name).then(|| self.column(group, &bytes, name).map_err(|_| self.damage())).transpose()
        };
        names.iter().map(column).collect()
    }

    /// What to say where this file turns out not to be what it was.
    #[must_use]
    pub fn damage(&self) -> Damage {
        Damage::new(&self.stored.name, "portfolio-file-damaged")
    }

    fn column(&self, group: usize, bytes: &Buffer<u8>, name: &str) -> PolarsResult<Series> {
        let begin = self.stored.groups[group].at;
        let chunk = |range: Range<u64>| {
            let place = |at: u64| usize::try_from(at.checked_sub(begin)?).ok().filter(|at| *at <= bytes.len());
            Some(bytes.clone().sliced(place(range.start)?..place(range.end)?))
        };
        decode::column(&self.metadata, &self.schema, group, name, chunk)
    }

    /// Proves a row group without decoding it.
    ///
    /// # Errors
    ///
    /// [`Damage`] where the bytes are not as they were written.
    pub fn prove(&self, group: usize) -> Result<(), Damage> {
        let stored = &self.stored.groups[group];
        let found = proved(&self.file, stored.at, stored.bytes, &stored.sha256);
        found.map(drop).ok_or_else(|| self.damage())
    }
}

/// The bytes of a file at a place, if they are those of the hash.
fn proved(file: &File, at: u64, bytes: u64, hash: &str) -> Option<Vec<u8>> {
    let mut read = vec![0; usize::try_from(bytes).ok()?];
    file.read_exact_at(&mut read, at).ok()?;
    (sha256(&read) == hash).then_some(read)
}
