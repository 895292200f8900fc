//! Reads a file of the book; every byte is proved by its hash before it is decoded.

use std::fs::File;
use std::io::{self, Cursor};
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::Path;

use polars::prelude::{ArrowSchema, DataFrame, IntoColumn, PolarsResult, Series};
use polars_buffer::Buffer;
use polars_parquet::read::{FileMetadata, infer_schema, read_metadata};

use crate::base::digest::sha256;
use crate::base::error::Error;
use crate::base::input_file::InputFile;
use crate::portfolio::store::decode;
use crate::portfolio::store::stored_file::{Damage, FOLDER, RowGroup, StoredFile};

/// A file of the book, opened; its footer is proved.
#[derive(Debug)]
pub struct Reader {
    stored: StoredFile,
    file: File,
    metadata: FileMetadata,
    schema: ArrowSchema,
}

impl Reader {
    /// Opens a file and proves its footer.
    ///
    /// # Errors
    ///
    /// [`Damage`] where the file is missing, unreadable or not as it was written.
    pub fn open(folder: &Path, stored: &StoredFile) -> Result<Self, Damage> {
        Self::open_file(&folder.join(FOLDER).join(&stored.name), stored)
    }

    /// As [`Reader::open`], for a file at `path`.
    ///
    /// # Errors
    ///
    /// As [`Reader::open`].
    pub fn open_file(path: &Path, stored: &StoredFile) -> Result<Self, Damage> {
        let damage = |message| Damage::changed(&stored.name, message);
        let InputFile { file, bytes } = InputFile::open(path).map_err(|error| match error {
            Error::Missing { .. } => damage("portfolio-file-missing"),
            Error::NotAFile { .. } => damage("portfolio-file-damaged"),
            _ => Damage::unreadable(&stored.name),
        })?;
        if bytes != stored.bytes {
            return Err(damage("portfolio-file-damaged"));
        }
        let (at, length) = (stored.footer_at, stored.bytes - stored.footer_at);
        let footer = read_proved(&file, &stored.name, at..at + length, &stored.footer_sha256)?;
        let metadata = read_metadata(&mut Cursor::new(footer)).map_err(|_| damage("portfolio-file-damaged"))?;
        let schema = infer_schema(&metadata).map_err(|_| damage("portfolio-file-damaged"))?;
        let rows = metadata.row_groups.iter().map(|group| group.num_rows() as u64);
        if !rows.eq(stored.groups.iter().map(|group| group.rows)) {
            return Err(damage("portfolio-file-damaged"));
        }
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

    /// The places of the row groups that hold a range of rows.
    #[must_use]
    pub fn groups_of(&self, first_row: u64, rows: u64) -> Range<usize> {
        self.stored.groups_of(first_row, rows)
    }

    /// Proves a row group and decodes the named columns of it; `None` for a column that the file does not have.
    ///
    /// # Errors
    ///
    /// [`Damage`] where the bytes are not as they were written.
    pub fn columns(&self, group: usize, names: &[&str]) -> Result<Vec<Option<Series>>, Damage> {
        let bytes = Buffer::from(self.bytes(group)?);
        let column = |name: &&str| {
            self.schema.contains(name).then(|| self.column(group, &bytes, name).map_err(|_| self.damage())).transpose()
        };
        names.iter().map(column).collect()
    }

    /// Proves a row group and decodes all of it.
    ///
    /// # Errors
    ///
    /// [`Damage`] where the bytes are not as they were written.
    pub fn frame(&self, group: usize) -> Result<DataFrame, Damage> {
        let names: Vec<&str> = self.schema.iter_names().map(AsRef::as_ref).collect();
        let columns = self.columns(group, &names)?.into_iter().flatten().map(IntoColumn::into_column).collect();
        let rows = usize::try_from(self.groups()[group].rows).map_err(|_| self.damage())?;
        DataFrame::new(rows, columns).map_err(|_| self.damage())
    }

    /// The damage to report where decoded rows cannot be what was written.
    #[must_use]
    pub fn damage(&self) -> Damage {
        Damage::changed(&self.stored.name, "portfolio-file-damaged")
    }

    fn column(&self, group: usize, bytes: &Buffer<u8>, name: &str) -> PolarsResult<Series> {
        let start = self.stored.groups[group].at;
        let chunk = |range: Range<u64>| {
            let place = |at: u64| usize::try_from(at.checked_sub(start)?).ok().filter(|at| *at <= bytes.len());
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
        self.bytes(group).map(drop)
    }

    fn bytes(&self, group: usize) -> Result<Vec<u8>, Damage> {
        let stored = &self.stored.groups[group];
        read_proved(&self.file, &self.stored.name, stored.at..stored.at + stored.bytes, &stored.sha256)
    }
}

/// The bytes of a range of a file, which have the hash.
fn read_proved(file: &File, name: &str, range: Range<u64>, hash: &str) -> Result<Vec<u8>, Damage> {
    let damaged = || Damage::changed(name, "portfolio-file-damaged");
    let length = range.end.checked_sub(range.start).and_then(|length| usize::try_from(length).ok());
    let mut read = vec![0; length.ok_or_else(damaged)?];
    file.read_exact_at(&mut read, range.start).map_err(|fault| match fault.kind() {
        io::ErrorKind::UnexpectedEof => damaged(),
        _ => Damage::unreadable(name),
    })?;
    if sha256(&read) == hash { Ok(read) } else { Err(damaged()) }
}
