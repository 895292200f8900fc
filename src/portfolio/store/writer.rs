//! Writes a file of the book, and hashes each row group while it is written.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use polars::io::parquet::write::BatchedWriter;
use polars::prelude::{
    CompatLevel, DataFrame, ParquetCompression, ParquetWriter, PolarsError, PolarsResult, Schema, StatisticsOptions,
};
use polars_parquet::write::{CompressedPage, ParquetType};
use sha2::{Digest, Sha256};

use crate::base::digest::hexadecimal;
use crate::base::error::Error;
use crate::output::parquet::column::Column;
use crate::output::parquet::io_error::{CaptureIoError, RecordedError, write_error};
use crate::output::permissions::create_file;
use crate::portfolio::store::stored_file::{FileKind, RowGroup, StoredFile, file_name};

/// A file that is being written.
pub struct Writer {
    kind: FileKind,
    encoder: Encoder,
    batched: BatchedWriter<HashingFile>,
    file: HashingFile,
    recorded: RecordedError,
    groups: Vec<RowGroup>,
}

/// Encodes row groups for a file, on several threads and while others are written.
#[derive(Clone)]
pub struct Encoder {
    path: PathBuf,
    /// The types of the columns.
    types: Vec<ParquetType>,
}

/// An encoded row group.
pub struct Encoded {
    rows: u64,
    columns: Vec<Vec<CompressedPage>>,
}

impl Encoder {
    /// Encodes columns of `rows` values each as one row group.
    ///
    /// # Errors
    ///
    /// [`Error::Parquet`] where the library refuses.
    pub(crate) fn encode(&self, rows: usize, columns: Vec<Column>) -> Result<Encoded, Error> {
        if rows == 0 {
            return Ok(Encoded { rows: 0, columns: Vec::new() });
        }
        let pages = |(column, kind): (Column, &ParquetType)| column.pages(kind, StatisticsOptions::empty());
        let columns = columns.into_iter().zip(&self.types).map(pages).collect::<PolarsResult<_>>();
        Ok(Encoded { rows: rows as u64, columns: columns.map_err(|fault| write_error(&self.path, &fault))? })
    }
}

impl Writer {
    /// Creates a file at `path` for frames of this schema.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] where the system refuses, [`Error::Parquet`] where the library does.
    pub fn create(kind: FileKind, path: &Path, schema: &Schema) -> Result<Self, Error> {
        const BUFFER_BYTES: usize = 1 << 20;
        let file = create_file(path).map_err(|fault| Error::writing(path, fault))?;
        let (file, recorded) = CaptureIoError::new(BufWriter::with_capacity(BUFFER_BYTES, file));
        let file =
            HashingFile(Arc::new(Mutex::new(Hashing { file, hash: Sha256::new(), whole: Sha256::new(), bytes: 0 })));
        let mut batched = ParquetWriter::new(file.clone())
            .with_compression(ParquetCompression::Snappy)
            .with_statistics(StatisticsOptions::empty())
            .set_parallel(false)
            .batched(schema)
            .map_err(|fault| recorded.write_error(path, &fault))?;
        let encoder = Encoder { path: path.to_owned(), types: batched.parquet_schema().fields().to_vec() };
        Ok(Self { kind, encoder, batched, file, recorded, groups: Vec::new() })
    }

    /// The error where the library refuses rows of this file.
    #[must_use]
    pub fn write_error(&self, fault: &PolarsError) -> Error {
        self.recorded.write_error(&self.encoder.path, fault)
    }

    /// Encodes a frame as one row group; several threads may do so at once.
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

    /// The encoder for this file.
    #[must_use]
    pub fn encoder(&self) -> Encoder {
        self.encoder.clone()
    }

    /// Writes a row group; an empty one is left out.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] where the disk is full or broken.
    #[expect(clippy::needless_pass_by_value, reason = "what is written is not kept")]
    pub fn write(&mut self, encoded: Encoded) -> Result<(), Error> {
        if encoded.rows == 0 {
            return Ok(());
        }
        // the first group includes the four bytes with which the format begins
        let at = self.file.cut().bytes;
        self.batched.write_row_group(encoded.rows, &encoded.columns).map_err(|fault| self.write_error(&fault))?;
        let cut = self.file.cut();
        let first_row = self.groups.last().map_or(0, |group| group.first_row + group.rows);
        let bytes = cut.bytes - at;
        self.groups.push(RowGroup { first_row, rows: encoded.rows, at, bytes, sha256: cut.sha256 });
        Ok(())
    }

    /// Writes the footer and syncs the file: what the register has to know of it.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] where the disk is full or broken.
    pub fn finish(self) -> Result<StoredFile, Error> {
        self.finish_hashed().map(|(stored, _)| stored)
    }

    /// As [`Writer::finish`], with the SHA-256 of the whole file.
    ///
    /// # Errors
    ///
    /// As [`Writer::finish`].
    pub fn finish_hashed(self) -> Result<(StoredFile, String), Error> {
        let Self { kind, encoder: Encoder { path, .. }, batched, file, recorded, groups } = self;
        let footer_at = file.cut().bytes;
        batched.finish().map_err(|fault| recorded.write_error(&path, &fault))?;
        let footer = file.cut();
        let sync =
            |hashing: &mut Hashing| hashing.file.flush().and_then(|()| hashing.file.inner().get_ref().sync_all());
        file.with(sync).map_err(|fault| Error::writing(&path, fault))?;
        let whole = file.with(|hashing| hexadecimal(&hashing.whole.finalize_reset()));
        let name = file_name(kind, &groups, &footer.sha256);
        Ok((StoredFile { kind, name, bytes: footer.bytes, footer_at, footer_sha256: footer.sha256, groups }, whole))
    }
}

/// The file behind the library's writer; it counts and hashes the bytes that pass.
#[derive(Clone)]
struct HashingFile(Arc<Mutex<Hashing>>);

struct Hashing {
    file: CaptureIoError<BufWriter<File>>,
    /// Over the bytes since the last cut.
    hash: Sha256,
    /// Over all bytes.
    whole: Sha256,
    bytes: u64,
}

/// The hash of the bytes since the last cut, and the number of all bytes so far.
struct Cut {
    sha256: String,
    bytes: u64,
}

impl HashingFile {
    fn with<T>(&self, act: impl FnOnce(&mut Hashing) -> T) -> T {
        act(&mut self.0.lock().expect("no writer panics while it holds the file"))
    }

    fn cut(&self) -> Cut {
        self.with(|hashing| Cut { sha256: hexadecimal(&hashing.hash.finalize_reset()), bytes: hashing.bytes })
    }
}

impl Write for HashingFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.with(|hashing| {
            let written = hashing.file.write(bytes)?;
            hashing.hash.update(&bytes[..written]);
            hashing.whole.update(&bytes[..written]);
            hashing.bytes += written as u64;
            Ok(written)
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.with(|hashing| hashing.file.flush())
    }
}
