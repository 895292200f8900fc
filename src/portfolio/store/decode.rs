//! Decodes single columns of Parquet row groups, in files of the book and of other programs.

use std::io::Cursor;
use std::ops::Range;

use polars::prelude::{ArrowSchema, PolarsError, PolarsResult, Series};
use polars_buffer::Buffer;
use polars_parquet::read::{BasicDecompressor, FileMetadata, PageReader, column_iter_to_arrays};

/// Decodes a column of a row group; `chunk` gives the bytes of the file in a range.
///
/// # Errors
///
/// The library's error where the bytes cannot be decoded, or there is no such column.
pub fn column(
    metadata: &FileMetadata,
    schema: &ArrowSchema,
    group: usize,
    name: &str,
    mut chunk: impl FnMut(Range<u64>) -> Option<Buffer<u8>>,
) -> PolarsResult<Series> {
    let missing = || PolarsError::ColumnNotFound(name.to_owned().into());
    let field = schema.get(name).ok_or_else(missing)?;
    let columns = metadata.row_groups[group].columns_under_root_iter(name).ok_or_else(missing)?;
    let (mut pages, mut types) = (Vec::new(), Vec::new());
    for column in columns {
        let bytes = chunk(column.byte_range()).ok_or_else(missing)?;
        let reader = PageReader::new(Cursor::new(bytes), column, Vec::new(), usize::MAX);
        pages.push(BasicDecompressor::new(reader, Vec::new()));
        types.push(&column.descriptor().descriptor.primitive_type);
    }
    let (arrays, _) = column_iter_to_arrays(pages, types, field.clone(), None)?;
    Series::try_from((field, arrays))
}
