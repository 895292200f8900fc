//! An edition of the tariff as a workbook, as actuaries keep tables: a sheet for each clause, and back into the edition's file.
//!
//! `sheet_kind.rs` declares the sheets with their facts and columns once, for the writer and the reader. The reader turns the cells into the text
//! of an edition and keeps the cell of each value, so that a workbook is proved by the very code that proves a file, and each fault has its
//! cell. Equal editions give equal bytes: a workbook that is exported, imported and exported again is the same.

mod cell_places;
mod edition_sheet;
mod grid;
mod import;
mod sheet_kind;
mod toml_text;
mod values;
mod write;

pub use import::import;
pub use write::{export, export_to};
