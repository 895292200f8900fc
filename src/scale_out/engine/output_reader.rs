//! Reads the Parquet output of an engine row by row.

use std::collections::VecDeque;
use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use polars::prelude::{ArrowSchema, DataType, Series};
use polars_buffer::Buffer;
use polars_parquet::read::{FileMetadata, infer_schema, read_metadata};

use crate::portfolio::store::decode;

/// The rows of a folder of Parquet files with columns of whole numbers; one row group is in memory at a time.
pub struct Rows<const N: usize> {
    names: [&'static str; N],
    files: VecDeque<PathBuf>,
    open: Option<OpenFile>,
    columns: Vec<Vec<i128>>,
    at: usize,
}

/// A file that is being read.
struct OpenFile {
    file: File,
    metadata: FileMetadata,
    schema: ArrowSchema,
    next_group: usize,
}

/// The output of an engine is not what the SQL asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreadable;

impl<const N: usize> Rows<N> {
    /// Opens the files of a folder in the order of their numbers.
    ///
    /// # Errors
    ///
    /// [`Unreadable`] where the folder is missing.
    pub fn open(folder: &Path, names: [&'static str; N]) -> Result<Self, Unreadable> {
        let files = numbered_files(folder)?;
        let files = files.into_iter().map(|(_, path)| path).collect();
        Ok(Self { names, files, open: None, columns: Vec::new(), at: 0 })
    }

    /// The next row, without advancing; `None` at the end.
    ///
    /// # Errors
    ///
    /// [`Unreadable`] where a file is no Parquet with these columns, or a value is null.
    pub fn peek(&mut self) -> Result<Option<[i128; N]>, Unreadable> {
        while self.columns.first().is_none_or(|column| self.at >= column.len()) {
            if !self.decode_next_group()? {
                return Ok(None);
            }
        }
        Ok(Some(std::array::from_fn(|column| self.columns[column][self.at])))
    }

    /// Advances by one row.
    pub fn advance(&mut self) {
        self.at += 1;
    }

    /// Decodes the next row group; `false` at the end.
    fn decode_next_group(&mut self) -> Result<bool, Unreadable> {
        loop {
            if let Some(open) = &mut self.open {
                if open.next_group < open.metadata.row_groups.len() {
                    let group = open.next_group;
                    open.next_group += 1;
                    let columns = self.names.iter().map(|name| open.column(group, name));
                    self.columns = columns.collect::<Result<_, _>>()?;
                    self.at = 0;
                    return Ok(true);
                }
                self.open = None;
            }
            let Some(path) = self.files.pop_front() else { return Ok(false) };
            self.open = Some(OpenFile::open(&path).ok_or(Unreadable)?);
        }
    }
}

/// The files of a folder with their numbers, in the order of these.
pub(super) fn numbered_files(folder: &Path) -> Result<Vec<(i128, PathBuf)>, Unreadable> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(|_| Unreadable)? {
        let entry = entry.map_err(|_| Unreadable)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if let Some(name) = name.strip_prefix("part-")
            && name.ends_with(".parquet")
        {
            let number: String = name.chars().take_while(char::is_ascii_digit).collect();
            files.push((number.parse().map_err(|_| Unreadable)?, entry.path()));
        }
    }
    files.sort_unstable();
    Ok(files)
}

impl OpenFile {
    fn open(path: &Path) -> Option<Self> {
        let mut file = File::open(path).ok()?;
        let metadata = read_metadata(&mut file).ok()?;
        let schema = infer_schema(&metadata).ok()?;
        Some(Self { file, metadata, schema, next_group: 0 })
    }

    fn column(&self, group: usize, name: &str) -> Result<Vec<i128>, Unreadable> {
        let chunk = |range: std::ops::Range<u64>| {
            let mut bytes = vec![0; usize::try_from(range.end - range.start).ok()?];
            self.file.read_exact_at(&mut bytes, range.start).ok()?;
            Some(Buffer::from(bytes))
        };
        let series = decode::column(&self.metadata, &self.schema, group, name, chunk).map_err(|_| Unreadable)?;
        whole_numbers(&series).ok_or(Unreadable)
    }
}

/// The whole numbers of a column; `None` where it has another type or a null.
fn whole_numbers(series: &Series) -> Option<Vec<i128>> {
    match series.dtype() {
        DataType::Int32 => series.i32().ok()?.iter().map(|value| value.map(i128::from)).collect(),
        DataType::Int64 => series.i64().ok()?.iter().map(|value| value.map(i128::from)).collect(),
        DataType::Date => series.date().ok()?.physical().iter().map(|value| value.map(i128::from)).collect(),
        DataType::Decimal(_, 0) => series.decimal().ok()?.physical().iter().collect(),
        _ => None,
    }
}
