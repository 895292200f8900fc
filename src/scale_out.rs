//! Pricing outside this process: repricing by an SQL engine, and the rate table that other programs read.
//!
//! [`portfolio`](crate::portfolio) does not depend on it: it knows only the trait
//! [`LineEngine`](crate::portfolio::reprice::line_engine::LineEngine). A repricing by an engine gives the same kopecks as one by this program,
//! or it fails and changes nothing.

pub mod engine;
pub mod rate_table;
