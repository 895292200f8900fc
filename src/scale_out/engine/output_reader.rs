//! What an engine has written, read back row by row in its order.

use std::collections::VecDeque;
use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use polars::prelude::{ArrowSchema, DataType, Series};
use polars_buffer::Buffer;
use polars_parquet::read::{FileMetadata, infer_schema, read_metadata};

use crate::portfolio::store::decode;

/// The rows of a folder of Parquet files, whose columns are whole numbers; one row group is in memory at a time.
pub struct Rows<const N: usize> {
    names: [&'static str; N],
    files: VecDeque<PathBuf>,
    open: Option<Open>,
    columns: Vec<Vec<i128>>,
    at: usize,
}

/// A file that is being read.
struct Open {
    file: File,
    metadata: FileMetadata,
    schema: ArrowSchema,
    next_group: usize,
}

/// What an engine has left is not what it was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreadable;

impl<const N: usize> Rows<N> {
    /// The rows of a folder, its files in the order of their numbers; no rows where there is none.
    ///
    /// # Errors
    ///
    /// [`Unreadable`] where the folder is not there.
    pub fn open(folder: Option<&Path>, names: [&'static str; N]) -> Result<Self, Unreadable> {
        let files = folder.map(parts).transpose()?.unwrap_or_default();
        Ok(Self { names, files, open: None, columns: Vec::new(), at: 0 })
    }

    /// The next row, which stays the next until it is [taken](Rows::take); none at the end.
    ///
    /// # Errors
    ///
    /// [`Unreadable`] where a file is no Parquet with these columns, or one of them has nothing in a row.
    pub fn peek(&mut self) -> Result<Option<[i128; N]>, Unreadable> {
        while self.columns.first().is_none_or(|column| self.at >= column.len()) {
            if !self.advance()? {
                return Ok(None);
            }
        }
        Ok(Some(std::array::from_fn(|column| self.columns[column][self.at])))
    }

    /// Goes on to the row after the next.
    pub fn take(&mut self) {
        self.at += 1;
    }

    /// Decodes the next row group; false where there is none.
    fn advance(&mut self) -> Result<bool, Unreadable> {
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
            self.open = Some(Open::new(&path).ok_or(Unreadable)?);
        }
    }
}

/// The files of a folder, in the order of their numbers.
fn parts(folder: &Path) -> Result<VecDeque<PathBuf>, Unreadable> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(|_| Unreadable)? {
        let name = entry.map_err(|_| Unreadable)?.file_name().to_string_lossy().into_owned();
        if name.starts_with("part-") && name.ends_with(".parquet") {
            // part-00010 comes after part-00009, and part-100000 after both
            let digits = name.split(['-', '.']).nth(1).map_or(0, str::len);
            files.push((digits, name));
        }
    }
    files.sort_unstable();
    Ok(files.into_iter().map(|(_, name)| folder.join(name)).collect())
}

impl Open {
    fn new(path: &Path) -> Option<Self> {
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
        whole(&series).ok_or(Unreadable)
    }
}

/// The whole numbers of a column; none where it holds something else, or nothing in a row.
fn whole(series: &Series) -> Option<Vec<i128>> {
    match series.dtype() {
        DataType::Int32 => series.i32().ok()?.iter().map(|value| value.map(i128::from)).collect(),
        DataType::Int64 => series.i64().ok()?.iter().map(|value| value.map(i128::from)).collect(),
        DataType::Date => series.date().ok()?.physical().iter().map(|value| value.map(i128::from)).collect(),
        DataType::Decimal(_, 0) => series.decimal().ok()?.physical().iter().collect(),
        _ => None,
    }
}
