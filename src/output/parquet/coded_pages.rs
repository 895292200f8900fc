//! The pages of a column of different values: the same bytes as the library makes of an array of them, without the array.
//!
//! The library encodes the different values with their statistics, and compresses all pages; the places are encoded here.

use polars::prelude::{PolarsError, PolarsResult};
use polars_arrow::array::{Array, DictionaryArray, PrimitiveArray};
use polars_parquet::parquet::CowBuffer;
use polars_parquet::parquet::metadata::Descriptor;
use polars_parquet::parquet::page::{DataPage, DataPageHeader, DataPageHeaderV1, DictPage};
use polars_parquet::parquet::schema::Repetition;
use polars_parquet::write::{
    CompressedPage, CompressionOptions, Encoding, Page, ParquetType, StatisticsOptions, Version, WriteOptions,
    array_to_columns, compress, write_def_levels,
};

use crate::output::parquet::index_runs;

/// The codec of all pages.
pub const CODEC: CompressionOptions = CompressionOptions::Snappy;

/// The rows of a page, as the library divides a column: a mebibyte by the four bytes of a place and one more.
const ROWS_PER_PAGE: usize = (1 << 20) / (size_of::<u32>() + 1);

/// How the library is to encode an array.
pub const fn write_options(statistics: StatisticsOptions) -> WriteOptions {
    WriteOptions { statistics, version: Version::V1, compression: CODEC, data_page_size: None }
}

/// Texts, one after another as the pages of different values hold them.
#[derive(Debug, Default)]
pub struct PlainTexts {
    bytes: Vec<u8>,
    count: u32,
}

impl PlainTexts {
    /// No texts yet, with capacity for `bytes` bytes of `texts` texts.
    pub fn with_capacity(texts: usize, bytes: usize) -> Self {
        Self { bytes: Vec::with_capacity(bytes + texts * size_of::<u32>()), count: 0 }
    }

    /// Adds a text and returns its place.
    ///
    /// # Panics
    ///
    /// Where the text has 4 GiB, or there are 2³² texts: a cell and a row group have fewer.
    pub fn push(&mut self, text: &str) -> u32 {
        let length = u32::try_from(text.len()).expect("a cell has fewer than 2^32 bytes");
        self.bytes.extend_from_slice(&length.to_le_bytes());
        self.bytes.extend_from_slice(text.as_bytes());
        self.count = self.count.checked_add(1).expect("a row group has fewer than 2^32 rows");
        self.count - 1
    }

    /// The pages of a column without statistics whose rows have these places among the texts.
    ///
    /// # Errors
    ///
    /// The library's own.
    ///
    /// # Panics
    ///
    /// Where a place has no text.
    pub fn pages(self, places: &[u32], kind: &ParquetType) -> PolarsResult<Vec<CompressedPage>> {
        assert!(places.is_empty() || index_runs::most(places) < self.count, "every place has a text");
        let header = DataPageHeaderV1 {
            num_values: 0,
            encoding: Encoding::RleDictionary.into(),
            definition_level_encoding: Encoding::Rle.into(),
            repetition_level_encoding: Encoding::Rle.into(),
            statistics: None,
        };
        let dictionary = DictPage::new(CowBuffer::Owned(self.bytes), self.count as usize, false);
        all_pages(dictionary, places, &header, kind)
    }
}

/// The pages of a column whose rows have these places among the different values; every row has a value.
///
/// # Errors
///
/// The library's own.
///
/// # Panics
///
/// Where a place has no value.
pub fn coded_pages(
    places: &[u32],
    values: Box<dyn Array>,
    kind: &ParquetType,
    statistics: StatisticsOptions,
) -> PolarsResult<Vec<CompressedPage>> {
    assert!(places.is_empty() || (index_runs::most(places) as usize) < values.len(), "every place has a value");
    // one row is enough for the library to encode the values and their statistics
    let first = PrimitiveArray::from_vec(vec![0_u32; values.len().min(1)]);
    let row = DictionaryArray::try_from_keys(first, values, false)?.boxed();
    let columns = array_to_columns(row, kind.clone(), write_options(statistics), &[Encoding::RleDictionary])?;
    let (mut dictionary, mut header) = (None, None);
    for page in columns.into_iter().flatten() {
        match page? {
            Page::Dict(page) => dictionary = Some(page),
            Page::Data(page) => header = Some(page.header().clone()),
        }
    }
    match (dictionary, header) {
        (Some(dictionary), Some(DataPageHeader::V1(header))) => all_pages(dictionary, places, &header, kind),
        // a column without rows
        (Some(dictionary), _) => Ok(vec![compress(Page::Dict(dictionary), Vec::new(), CODEC)?]),
        (None, _) => Err(PolarsError::ComputeError("a column of different values has a page of them".into())),
    }
}

/// The page of the different values, and those of the places, with everything but the number of rows as in `header`.
fn all_pages(
    dictionary: DictPage,
    places: &[u32],
    header: &DataPageHeaderV1,
    kind: &ParquetType,
) -> PolarsResult<Vec<CompressedPage>> {
    let ParquetType::PrimitiveType(primitive_type) = kind else {
        return Err(PolarsError::ComputeError("a column of different values has no columns in it".into()));
    };
    let is_optional = primitive_type.field_info.repetition != Repetition::Required;
    let places_pages = places.chunks(ROWS_PER_PAGE).map(|places| {
        let mut bytes = Vec::with_capacity(size_of_val(places));
        write_def_levels(&mut bytes, is_optional, None, places.len(), Version::V1)?;
        let bits = index_runs::width(places);
        bytes.push(u8::try_from(bits).expect("a place has 32 bits"));
        index_runs::encode(&mut bytes, places, bits);
        let num_values = i32::try_from(places.len()).expect("a page has fewer rows than a mebibyte has bytes");
        let header = DataPageHeader::V1(DataPageHeaderV1 { num_values, ..header.clone() });
        let descriptor = Descriptor { primitive_type: primitive_type.clone(), max_def_level: 0, max_rep_level: 0 };
        Ok(Page::Data(DataPage::new(header, CowBuffer::Owned(bytes), descriptor, places.len())))
    });
    let compressed = |page: PolarsResult<Page>| compress(page?, Vec::new(), CODEC).map_err(PolarsError::from);
    std::iter::once(Ok(Page::Dict(dictionary))).chain(places_pages).map(compressed).collect()
}

#[cfg(test)]
mod tests {
    use polars::prelude::{DataType, PlSmallStr, Schema};
    use polars_arrow::array::Utf8ViewArray;
    use polars_arrow::datatypes::ArrowDataType;
    use polars_parquet::write::CompressedDataPage;

    use super::*;

    /// The type of a column as a file of this program has it.
    fn parquet_type(data_type: DataType) -> ParquetType {
        let schema: Schema = std::iter::once((PlSmallStr::from_static("column"), data_type)).collect();
        let mut file = Vec::new();
        let mut writer = polars::prelude::ParquetWriter::new(&mut file).batched(&schema).unwrap();
        writer.parquet_schema().fields()[0].clone()
    }

    /// The pages as the library alone makes them.
    fn library_pages(
        places: &[u32],
        values: Box<dyn Array>,
        kind: &ParquetType,
        statistics: StatisticsOptions,
    ) -> Vec<CompressedPage> {
        let array = DictionaryArray::try_from_keys(PrimitiveArray::from_slice(places), values, false).unwrap();
        let options = write_options(statistics);
        let columns = array_to_columns(array.boxed(), kind.clone(), options, &[Encoding::RleDictionary]).unwrap();
        columns.into_iter().flatten().map(|page| compress(page.unwrap(), Vec::new(), CODEC).unwrap()).collect()
    }

    fn described(pages: Vec<CompressedPage>) -> Vec<String> {
        let data = |page: &CompressedDataPage| (page.num_values(), page.num_rows(), page.uncompressed_size());
        let described = |page: CompressedPage| match &page {
            CompressedPage::Data(data_page) => format!("{:?} {page:?}", data(data_page)),
            CompressedPage::Dict(_) => format!("{page:?}"),
        };
        pages.into_iter().map(described).collect()
    }

    #[test]
    fn pages_are_the_librarys() {
        let statistics = [StatisticsOptions::default(), StatisticsOptions::empty()];
        for rows in [0, 1, 1000, ROWS_PER_PAGE, ROWS_PER_PAGE + 1, 3 * ROWS_PER_PAGE - 5] {
            for different in [1, 2, 100, 5000] {
                let places: Vec<u32> = (0..rows).map(|row| u32::try_from(row * row / 7 % different).unwrap()).collect();
                let different = i32::try_from(different).unwrap();
                let days = || PrimitiveArray::from_vec((-1..different - 1).collect()).to(ArrowDataType::Date32).boxed();
                let texts: Vec<String> = (0..different).map(|text| format!("т{text}")).collect();
                let text_array = || Utf8ViewArray::from_slice_values(&texts).boxed();
                for statistics in statistics {
                    let kind = parquet_type(DataType::Date);
                    let own = coded_pages(&places, days(), &kind, statistics).unwrap();
                    assert!(described(own) == described(library_pages(&places, days(), &kind, statistics)), "{rows}");
                    let kind = parquet_type(DataType::String);
                    let own = coded_pages(&places, text_array(), &kind, statistics).unwrap();
                    let library = described(library_pages(&places, text_array(), &kind, statistics));
                    assert!(described(own) == library, "{rows}");
                    if statistics.is_empty() {
                        let mut plain = PlainTexts::with_capacity(texts.len(), 0);
                        for text in &texts {
                            plain.push(text);
                        }
                        assert!(described(plain.pages(&places, &kind).unwrap()) == library, "{rows}");
                    }
                }
            }
        }
    }

    #[test]
    #[should_panic(expected = "every place has a value")]
    fn a_place_without_a_value_is_never_written() {
        let values = PrimitiveArray::from_vec(vec![7_i32]).boxed();
        let _ = coded_pages(&[0, 1], values, &parquet_type(DataType::Int32), StatisticsOptions::empty());
    }
}
