//! Pages for any browser and for print: one file each, without a network, with tables that can be sorted and filtered.

pub(crate) mod builder;
pub(crate) mod picture;

/// The script that sorts and filters tables.
pub(crate) const TABLES: &str = include_str!("page/tables.js");
