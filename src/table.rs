//! Tables as people send them: workbooks (xlsx, xls, xlsb, ods) and delimited texts in any usual encoding.
//!
//! The room opens a file within the [`limits`] of memory, finds the headings by the [`dictionary`](dictionary::Dictionary) of the kind of
//! table that is wanted, and gives the rows with their numbers, the values of single cells, and the reasons why rows are no data. Every
//! column with a heading has exactly one [use](layout::ColumnUse); hostile and damaged files are refused with a reason, never half read.
//!
//! It knows nothing of insurance: each kind of table brings its fields ([`field`]), its headings and its needs ([`spec`]) from outside.

mod biff;
mod bytes;
mod catch_panic;
pub mod cell;
pub mod cell_faults;
pub mod cell_range;
mod cfb;
mod column_widths;
pub mod column_words;
mod covered_cells;
pub mod date_order;
pub mod delimited;
pub mod dictionary;
mod digit_pattern;
pub mod display_names;
pub mod encoding;
pub mod field;
pub mod file_fault;
mod form_row;
mod found;
pub mod free_text;
mod hashed_bytes;
pub mod head;
pub mod hidden;
mod hiding_rule;
pub mod layout;
pub mod likeness;
pub mod limits;
mod number_format;
mod ods;
pub mod other_columns;
pub mod phrase;
mod sheet_tail;
mod sheet_xml;
pub mod sheets;
pub mod skip;
pub mod source;
pub mod spare_columns;
pub mod spec;
pub mod streamed_text;
pub mod tables;
pub mod text;
pub mod text_column;
pub mod trial;
pub mod trial_reading;
pub mod value;
pub mod workbook;
mod xls_marks;
mod xlsb;
mod xlsx_marks;
mod xlsx_part;
mod xlsx_patterns;
mod xlsx_styles;
mod zip_integrity;
mod zip_limits;
