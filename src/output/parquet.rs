//! Parquet files: columns that are encoded by what their values depend on, and row groups that are encoded in parallel.

pub(crate) mod coded_pages;
pub(crate) mod column;
mod index_runs;
pub(crate) mod io_error;

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::mpsc::sync_channel;

use polars::prelude::{DataType, KeyValueMetadata, ParquetCompression, ParquetWriter, PolarsResult, Schema};
use polars_arrow::array::{Array, FixedSizeBinaryArray, PrimitiveArray};
use polars_arrow::datatypes::ArrowDataType;
use polars_parquet::write::{CompressedPage, ParquetType, StatisticsOptions};
use rayon::prelude::*;

use crate::base::money::Kopecks;

/// A row group, ready to be written: the number of its rows, and the pages of each column.
pub(crate) type RowGroup = (usize, Vec<Vec<CompressedPage>>);

/// Writes a file of row groups. They are encoded in parallel, and written in order while others are encoded.
///
/// `encode` is given the types of the columns by the schema, and encodes statistics itself.
///
/// # Errors
///
/// The library's own.
pub(crate) fn write_row_groups<G: Send>(
    file: impl Write + Send,
    schema: &Schema,
    metadata: Vec<(String, String)>,
    groups: impl Iterator<Item = G> + Send,
    encode: impl Fn(G, &[ParquetType]) -> PolarsResult<RowGroup> + Sync,
) -> PolarsResult<()> {
    let mut writer = ParquetWriter::new(file)
        .with_compression(ParquetCompression::Snappy)
        .with_statistics(StatisticsOptions::empty())
        .with_key_value_metadata(Some(KeyValueMetadata::from_static(metadata)))
        .batched(schema)?;
    let types = writer.parquet_schema().fields().to_vec();
    std::thread::scope(|threads| {
        // groups are encoded out of order
        let (sender, encoded) = sync_channel::<(usize, PolarsResult<RowGroup>)>(1);
        let writing = threads.spawn(move || {
            let (mut next, mut waiting) = (0, BTreeMap::new());
            for (place, group) in encoded {
                waiting.insert(place, group);
                while let Some(group) = waiting.remove(&next) {
                    let (rows, columns) = group?;
                    writer.write_row_group(rows as u64, &columns)?;
                    next += 1;
                }
            }
            writer.finish().map(drop)
        });
        let send = |(place, group)| sender.send((place, encode(group, &types)));
        // send fails once the writer has stopped; its error is returned by `join`
        let _ = groups.enumerate().par_bridge().try_for_each(send);
        drop(sender);
        writing.join().expect("the writer does not panic")
    })
}

/// The width of amounts: decimals with two places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MoneyWidth {
    /// 18 digits, which every reader holds in 64 bits.
    Short,
    /// 38 digits, the most that the format holds.
    Long,
}

impl MoneyWidth {
    /// The width that holds every amount up to `largest`.
    pub const fn for_amounts_to(largest: Kopecks) -> Self {
        const SHORT_END: i128 = 10_i128.pow(18);
        if largest.get() < SHORT_END { Self::Short } else { Self::Long }
    }

    /// The type of a column.
    pub const fn data_type(self) -> DataType {
        match self {
            Self::Short => DataType::Decimal(18, 2),
            Self::Long => DataType::Decimal(38, 2),
        }
    }

    /// The amounts as the format stores them.
    ///
    /// # Panics
    ///
    /// Where an amount is wider than this.
    pub fn array(self, kopecks: &[Kopecks]) -> Box<dyn Array> {
        match self {
            Self::Short => {
                let short = |amount: &Kopecks| i64::try_from(amount.get()).expect("no amount exceeds the largest");
                PrimitiveArray::from_vec(kopecks.iter().map(short).collect::<Vec<i64>>()).boxed()
            }
            Self::Long => {
                const BYTES: usize = size_of::<i128>();
                let bytes: Vec<u8> = kopecks.iter().flat_map(|amount| amount.get().to_be_bytes()).collect();
                FixedSizeBinaryArray::new(ArrowDataType::FixedSizeBinary(BYTES), bytes.into(), None).boxed()
            }
        }
    }
}
