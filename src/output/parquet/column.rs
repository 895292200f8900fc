//! One column of a row group: its different values, and for every row the place of its own.
//!
//! The library would find equal values by hashing that of every row. The caller knows them: the value of a row is that of
//! the entity on which it depends, and many rows depend on one entity.

use std::hash::Hash;

use polars::prelude::{PlHashMap, PlRandomState, PolarsError, PolarsResult};
use polars_arrow::array::{Array, DictionaryArray, PrimitiveArray, Utf8ViewArray};
use polars_arrow::bitmap::Bitmap;
use polars_arrow::datatypes::ArrowDataType;
use polars_parquet::write::{
    CompressedPage, Encoding, ParquetType, StatisticsOptions, array_to_columns, compress, get_dtype_encoding,
};

use crate::output::parquet::coded_pages::{CODEC, PlainTexts, coded_pages, write_options};

/// Different values, in the order of their first appearance.
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
    /// No value yet, with capacity for `values` values.
    pub fn with_capacity(values: usize) -> Self {
        let places = PlHashMap::with_capacity_and_hasher(values, PlRandomState::default());
        Self { values: Vec::with_capacity(values), places }
    }

    /// The place of a value, which is added if it is new.
    pub fn place(&mut self, value: T) -> u32 {
        *self.places.entry(value.clone()).or_insert_with(|| {
            self.values.push(value);
            place_of_last(&self.values)
        })
    }

    /// The places of a sequence of values; a value equal to the one before is not looked up again.
    fn places(&mut self, values: impl Iterator<Item = T>) -> Vec<u32> {
        let mut last: Option<(T, u32)> = None;
        let place = |value: T| match &last {
            Some((before, place)) if *before == value => *place,
            _ => last.insert((value.clone(), self.place(value))).1,
        };
        values.map(place).collect()
    }

    /// The values, by their places.
    pub fn values(&self) -> &[T] {
        &self.values
    }
}

/// The place of the last value.
///
/// # Panics
///
/// Where there is no value, or there are 2³²: a row group has fewer.
pub fn place_of_last<T>(values: &[T]) -> u32 {
    u32::try_from(values.len() - 1).expect("a row group has fewer than 2^32 rows")
}

/// The content of a column.
pub enum Column {
    /// Different values, and the place of its own for every row.
    Coded {
        /// The places.
        places: Vec<u32>,
        /// The rows that have a value, where some have none.
        present: Option<Bitmap>,
        /// The different values.
        values: Box<dyn Array>,
    },
    /// Texts without statistics, and the place of its own for every row.
    Texts {
        /// The places.
        places: Vec<u32>,
        /// The texts.
        texts: PlainTexts,
    },
    /// Numbers that mostly grow by little from row to row.
    Growing(Vec<u32>),
    /// Values of which it is not known how many are equal.
    Any(Box<dyn Array>),
}

impl Column {
    /// The compressed pages of the column, whose type in the schema is `kind`.
    ///
    /// # Errors
    ///
    /// The library's own.
    pub fn pages(self, kind: &ParquetType, statistics: StatisticsOptions) -> PolarsResult<Vec<CompressedPage>> {
        match self {
            Self::Coded { places, present: None, values } => coded_pages(&places, values, kind, statistics),
            Self::Texts { places, texts } => texts.pages(&places, kind),
            Self::Coded { places, present, values } => {
                let places = PrimitiveArray::from_vec(places).with_validity(present);
                pages(
                    DictionaryArray::try_from_keys(places, values, false)?.boxed(),
                    kind,
                    Encoding::RleDictionary,
                    statistics,
                )
            }
            Self::Growing(numbers) => {
                pages(PrimitiveArray::from_vec(numbers).boxed(), kind, Encoding::DeltaBinaryPacked, statistics)
            }
            Self::Any(values) => {
                let encoding = get_dtype_encoding(values.dtype()).first().copied().unwrap_or(Encoding::Plain);
                pages(values, kind, encoding, statistics)
            }
        }
    }
}

fn pages(
    array: Box<dyn Array>,
    kind: &ParquetType,
    encoding: Encoding,
    statistics: StatisticsOptions,
) -> PolarsResult<Vec<CompressedPage>> {
    let columns = array_to_columns(array, kind.clone(), write_options(statistics), &[encoding])?;
    let compressed = |page| compress(page?, Vec::new(), CODEC).map_err(PolarsError::from);
    columns.into_iter().flatten().map(compressed).collect()
}

/// Different values, and for every row the place of its own.
pub struct Values<T> {
    places: Vec<u32>,
    values: Distinct<T>,
}

impl<T: Clone + Eq + Hash> Values<T> {
    /// The values of entities, where `on` is the entity of every row.
    pub fn new(on: &[u32], of: impl ExactSizeIterator<Item = T>) -> Self {
        let mut values = Distinct::with_capacity(of.len());
        let place = values.places(of);
        Self { places: compose(on, &place), values }
    }

    /// As [`Values::new`], where equal numbers mean equal values; numbers near each other are found in a table and not by hashes.
    pub fn by_number(on: &[u32], of: impl ExactSizeIterator<Item = (i32, T)> + Clone) -> Self {
        const LARGEST_TABLE: usize = 1 << 17;
        const NONE: u32 = u32::MAX;
        let numbers = || of.clone().map(|(number, _)| number);
        let (least, most) = (numbers().min().unwrap_or(0), numbers().max().unwrap_or(0));
        if most.abs_diff(least) as usize >= LARGEST_TABLE {
            return Self::new(on, of.map(|(_, value)| value));
        }
        let mut table = vec![NONE; most.abs_diff(least) as usize + 1];
        let mut values = Vec::new();
        let place = of.map(|(number, value)| {
            let place = &mut table[number.abs_diff(least) as usize];
            if *place == NONE {
                values.push(value);
                *place = place_of_last(&values);
            }
            *place
        });
        let place: Vec<u32> = place.collect();
        Self { places: compose(on, &place), values: Distinct { values, places: PlHashMap::default() } }
    }

    /// As [`Values::new`], where each value has a key that is compared faster; equal keys mean equal values.
    pub fn by_key<K: Clone + Eq + Hash>(on: &[u32], of: impl Iterator<Item = (K, T)> + Clone) -> Self {
        let (mut kinds, mut values) = (Distinct::default(), Distinct::default());
        let kind = kinds.places(of.clone().map(|(kind, _)| kind));
        let mut place_of_kind = Vec::new();
        for (kind, (_, value)) in kind.iter().zip(of) {
            if *kind as usize == place_of_kind.len() {
                place_of_kind.push(values.place(value));
            }
        }
        Self { places: compose(on, &compose(&kind, &place_of_kind)), values }
    }
}

/// The place of the value of every row, by its entity.
fn compose(on: &[u32], place: &[u32]) -> Vec<u32> {
    on.iter().map(|on| place[*on as usize]).collect()
}

impl<T: Clone + Eq + Hash> FromIterator<T> for Values<T> {
    /// The values by row.
    fn from_iter<I: IntoIterator<Item = T>>(of_rows: I) -> Self {
        let mut values = Distinct::default();
        Self { places: values.places(of_rows.into_iter()), values }
    }
}

impl<'t> Values<&'t str> {
    /// The texts of entities; equal texts mostly have one address, which is compared first.
    pub fn by_address(on: &[u32], of: impl Iterator<Item = &'t str> + Clone) -> Self {
        Self::by_key(on, of.map(|text| ((text.as_ptr(), text.len()), text)))
    }
}

impl<T: AsRef<str> + Clone + Eq + Hash> Values<T> {
    /// The column of texts.
    pub fn texts(self) -> Column {
        coded(self.places, Utf8ViewArray::from_slice_values(self.values.values()).boxed())
    }
}

impl Values<u32> {
    /// The column of whole numbers.
    pub fn counts(self) -> Column {
        coded(self.places, PrimitiveArray::from_slice(self.values.values()).boxed())
    }
}

impl Values<i32> {
    /// The column of days since 1970.
    pub fn days(self) -> Column {
        coded(self.places, dates(self.values.values()))
    }
}

impl Values<i64> {
    /// The column of money in kopecks, with at most 18 digits.
    pub fn money(self) -> Column {
        coded(self.places, PrimitiveArray::from_slice(self.values.values()).boxed())
    }
}

impl Values<Option<i32>> {
    /// The column of days that may be missing.
    pub fn days_if_any(self) -> Column {
        let days = self.values.values();
        let present = days
            .iter()
            .any(Option::is_none)
            .then(|| self.places.iter().map(|place| days[*place as usize].is_some()).collect::<Bitmap>());
        let stored: Vec<i32> = days.iter().map(|day| day.unwrap_or_default()).collect();
        Column::Coded { places: self.places, present, values: dates(&stored) }
    }
}

/// A column without missing values.
pub fn coded(places: Vec<u32>, values: Box<dyn Array>) -> Column {
    Column::Coded { places, present: None, values }
}

fn dates(days: &[i32]) -> Box<dyn Array> {
    PrimitiveArray::from_slice(days).to(ArrowDataType::Date32).boxed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_the_places_of_other_values() {
        let on = [0, 0, 1, 2, 2, 3, 4, 5];
        for numbers in [[7, -3, 7, 0, 12_000, -3], [i32::MIN, i32::MAX, 0, i32::MAX, 5, i32::MIN]] {
            let (plain, found) = (
                Values::new(&on, numbers.into_iter()),
                Values::by_number(&on, numbers.into_iter().map(|number| (number, number))),
            );
            assert_eq!((found.places, found.values.values), (plain.places, plain.values.values));
        }
        let none = Values::by_number(&[], std::iter::empty::<(i32, i32)>());
        assert!(none.places.is_empty() && none.values.values().is_empty());
    }
}
