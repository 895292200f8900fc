//! TODO room.

pub(crate) mod annotated_sheet;
pub mod csv_injection;
pub mod folder;
pub(crate) mod html;
pub mod parquet;
pub mod pdf;
pub(crate) mod xlsx;
