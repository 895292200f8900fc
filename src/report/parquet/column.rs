//! One column of a row group: its values once each, and of every line which of them.
//!
//! The library's own way is to find out which values are the same, by hashing that of every line. A quote knows: a line's
//! values are those of its insured, of its cell, or of its days of cover.

use std::hash::Hash;

use polars::prelude::{PlHashMap, PlRandomState, PolarsError, PolarsResult};
use polars_arrow::array::{Array, DictionaryArray, PrimitiveArray};
use polars_arrow::bitmap::Bitmap;
use polars_parquet::write::{
    CompressedPage, CompressionOptions, Encoding, ParquetType, StatisticsOptions, Version, WriteOptions,
    array_to_columns, compress,
};

/// Different values, in the order in which they came.
#[derive(Debug)]
pub struct Distinct<T> {
    values: Vec<T>,
    places: PlHashMap<T, u32>,
}

impl<T> Default for Distinct<T> {
    fn default() -> Self {
        Self { values: Vec::new(), places: PlHashMap::default() }
    }
}

impl<T: Clone + Eq + Hash> Distinct<T> {
    /// No value yet, and room for so many.
    pub fn with_room(values: usize) -> Self {
        let places = PlHashMap::with_capacity_and_hasher(values, PlRandomState::default());
        Self { values: Vec::with_capacity(values), places }
    }

    /// The place of a value, a new one where it has not come yet.
    pub fn place(&mut self, value: T) -> u32 {
        *self.places.entry(value.clone()).or_insert_with(|| {
            self.values.push(value);
            place_of_last(&self.values)
        })
    }

    /// The values, by their places.
    pub fn values(&self) -> &[T] {
        &self.values
    }
}

/// The place of the last of some values, which are there.
///
/// # Panics
///
/// Never: a row group has fewer than 2³² lines.
pub fn place_of_last<T>(values: &[T]) -> u32 {
    u32::try_from(values.len() - 1).expect("a row group has fewer than 2^32 lines")
}

/// What stands in a column.
pub enum Column {
    /// Of every line the place of its value.
    Coded {
        /// The places.
        places: Vec<u32>,
        /// Which lines have a value, where some have none.
        present: Option<Bitmap>,
        /// The values, each once.
        values: Box<dyn Array>,
    },
    /// Numbers that mostly grow from line to line by little.
    Growing(Vec<u32>),
}

impl Column {
    /// The column's pages, compressed and ready to be written; `kind` is what the schema says of it.
    ///
    /// # Errors
    ///
    /// Whatever the library refuses.
    pub fn pages(self, kind: &ParquetType) -> PolarsResult<Vec<CompressedPage>> {
        match self {
            Self::Coded { places, present, values } => {
                let places = PrimitiveArray::from_vec(places).with_validity(present);
                pages(DictionaryArray::try_from_keys(places, values, false)?.boxed(), kind, Encoding::RleDictionary)
            }
            Self::Growing(numbers) => {
                pages(PrimitiveArray::from_vec(numbers).boxed(), kind, Encoding::DeltaBinaryPacked)
            }
        }
    }
}

fn pages(array: Box<dyn Array>, kind: &ParquetType, encoding: Encoding) -> PolarsResult<Vec<CompressedPage>> {
    let options = WriteOptions {
        statistics: StatisticsOptions::default(),
        version: Version::V1,
        compression: CompressionOptions::Snappy,
        data_page_size: None,
    };
    let columns = array_to_columns(array, kind.clone(), options, &[encoding])?;
    let compressed = |page| compress(page?, Vec::new(), options.compression).map_err(PolarsError::from);
    columns.into_iter().flatten().map(compressed).collect()
}
