//! Pricing outside this process: repricing by workers or by an SQL engine, and the rate table that other programs read.
//!
//! [`portfolio`](crate::portfolio) does not depend on it: it knows only the traits
//! [`LineEngine`](crate::portfolio::reprice::line_engine::LineEngine) and
//! [`PartWorkers`](crate::portfolio::reprice::part_workers::PartWorkers). A repricing by an engine gives the same kopecks as one by this program,
//! or it fails and changes nothing.

pub mod engine;
pub mod rate_table;
pub mod workers;
