//! TODO room.

pub mod engine;
pub mod rate_table;
