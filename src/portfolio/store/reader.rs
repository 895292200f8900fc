//! Reads a file of the book; every byte is proved by its hash before it is decoded.

use std::fs::File;
use std::io::{self, Cursor};
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::Path;

use polars::prelude::{ArrowSchema, PolarsResult, Series};
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
    /// [`Damage`] where the file is missing or not as it was written.
    pub fn open(folder: &Path, stored: &StoredFile) -> Result<Self, Damage> {
        let damage = |message| Damage::new(&stored.name, message);
        let InputFile { file, bytes } =
            InputFile::open(&folder.join(FOLDER).join(&stored.name)).map_err(|error| match error {
                Error::Missing { .. } => damage("portfolio-file-missing"),
                Error::NotAFile { .. } => damage("portfolio-file-damaged"),
                _ => damage("portfolio-file-unreadable"),
            })?;
        if bytes != stored.bytes {
            return Err(damage("portfolio-file-damaged"));
        }
        let footer = read_proved(&file, stored.footer_at, stored.bytes - stored.footer_at, &stored.footer_sha256);
        let footer = footer.map_err(damage)?;
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

    /// The damage to report where decoded rows cannot be what was written.
    #[must_use]
    pub fn damage(&self) -> Damage {
        Damage::new(&self.stored.name, "portfolio-file-damaged")
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
        read_proved(&self.file, stored.at, stored.bytes, &stored.sha256)
            .map_err(|message| Damage::new(&self.stored.name, message))
    }
}

/// The bytes at an offset of a file; where they cannot be read or do not have the hash, the name of the message.
fn read_proved(file: &File, at: u64, bytes: u64, hash: &str) -> Result<Vec<u8>, &'static str> {
    const DAMAGED: &str = "portfolio-file-damaged";
    let mut read = vec![0; usize::try_from(bytes).map_err(|_| DAMAGED)?];
    file.read_exact_at(&mut read, at).map_err(|fault| match fault.kind() {
        io::ErrorKind::UnexpectedEof => DAMAGED,
        _ => "portfolio-file-unreadable",
    })?;
    if sha256(&read) == hash { Ok(read) } else { Err(DAMAGED) }
}
