//! Columns of Parquet, decoded row group by row group, whoever has written the file.

use std::io::Cursor;
use std::ops::Range;

use polars::prelude::{ArrowSchema, PolarsError, PolarsResult, Series};
use polars_buffer::Buffer;
use polars_parquet::read::{BasicDecompressor, FileMetadata, PageReader, column_iter_to_arrays};

/// A column of a row group; `chunk` gives the bytes of the file from one place to another.
///
/// # Errors
///
/// What the library says of the bytes, or that there is no such column.
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
