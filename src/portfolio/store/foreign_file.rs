//! A file that another program has written, taken as it is: its bytes are hashed and not decoded.

use std::fs::File;
use std::io::{self, Read as _, Seek as _};
use std::path::Path;

use polars_parquet::read::{ColumnChunkMetadata, read_metadata};
use sha2::{Digest as _, Sha256};

use crate::base::digest::hexadecimal;
use crate::portfolio::store::stored_file::{FileKind, RowGroup, StoredFile, file_name};

/// The number of bytes that are hashed at once.
const BUFFER_BYTES: usize = 1 << 18;

impl StoredFile {
    /// What the register has to know of a Parquet file by another program, and the SHA-256 of all its bytes; the file is synced. `None`
    /// where it is no Parquet file whose row groups follow each other.
    ///
    /// # Errors
    ///
    /// The system's error where the file cannot be read.
    pub fn of_foreign(kind: FileKind, path: &Path) -> io::Result<Option<(Self, String)>> {
        let mut file = File::open(path)?;
        file.sync_all()?;
        let bytes = file.metadata()?.len();
        let Ok(metadata) = read_metadata(&mut file) else { return Ok(None) };
        // the first group includes the four bytes with which the format begins
        let (mut at, mut first_row, mut ends) = (0, 0, Vec::new());
        for group in &metadata.row_groups {
            let rows = group.num_rows() as u64;
            let ranges = group.parquet_columns().iter().map(ColumnChunkMetadata::byte_range);
            let (start, end) =
                ranges.fold((u64::MAX, 0), |(start, end), range| (start.min(range.start), end.max(range.end)));
            if start < at || end <= start || end > bytes || rows == 0 {
                return Ok(None);
            }
            ends.push((first_row, rows, end));
            (at, first_row) = (end, first_row + rows);
        }
        file.rewind()?;
        let mut hashed = HashedFile { file, whole: Sha256::new() };
        let mut groups = Vec::with_capacity(ends.len());
        let mut at = 0;
        for (first_row, rows, end) in ends {
            let sha256 = hashed.section(end - at)?;
            groups.push(RowGroup { first_row, rows, at, bytes: end - at, sha256 });
            at = end;
        }
        let footer_sha256 = hashed.section(bytes - at)?;
        let name = file_name(kind, &groups, &footer_sha256);
        let stored = Self { kind, name, bytes, footer_at: at, footer_sha256, groups };
        Ok(Some((stored, hexadecimal(&hashed.whole.finalize()))))
    }
}

/// A file that is hashed section by section.
struct HashedFile {
    file: File,
    /// Over all bytes so far.
    whole: Sha256,
}

impl HashedFile {
    /// SHA-256 of the next bytes.
    fn section(&mut self, bytes: u64) -> io::Result<String> {
        let (mut hash, mut left) = (Sha256::new(), bytes);
        let mut buffer = vec![0; BUFFER_BYTES];
        while left > 0 {
            let length = usize::try_from(left).unwrap_or(BUFFER_BYTES).min(BUFFER_BYTES);
            self.file.read_exact(&mut buffer[..length])?;
            hash.update(&buffer[..length]);
            self.whole.update(&buffer[..length]);
            left -= length as u64;
        }
        Ok(hexadecimal(&hash.finalize()))
    }
}
