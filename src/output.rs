//! How results reach the disk: a folder that is complete or not there, its manifest, and the formats of its files.
//!
//! The same input gives the same bytes: no clock, no locale, no order of threads. This module knows files, tables, texts and
//! amounts, and nothing of insurance.

pub(crate) mod annotated_sheet;
pub(crate) mod csv;
pub mod csv_injection;
pub mod document;
mod early_sync;
pub mod edited;
pub mod excel_csv;
pub(crate) mod file_name;
pub mod folder;
pub(crate) mod html;
pub mod manifest;
pub(crate) mod page;
#[cfg(feature = "parquet")]
pub mod parquet;
pub mod pdf;
pub mod permissions;
pub(crate) mod saved_files;
pub(crate) mod staging;
pub(crate) mod value;
pub(crate) mod xlsx;

pub use file_name::folder_name;
