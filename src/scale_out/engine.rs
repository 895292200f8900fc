//! Repricing by an engine of SQL: a cluster with Apache Spark, or `DuckDB`.
//!
//! Everything that is decided once for a contract or a cell is decided by the program and given to the engine as a small table. The engine
//! reads the lines, joins, multiplies, rounds, writes the repriced lines and adds up ([`sql`]). The program reads the sums, proves by them
//! what was read, written and rounded, and takes the files of lines as they are. A job that dies leaves the book as it was.
//!
//! A batch that an engine cannot process is repriced by the program: one with a contract whose rates have more digits than the engine's
//! decimals, or in a damaged file. So the rows of the result are the same with and without an engine.

mod certificate;
pub mod dialect;
mod explain;
mod job;
mod limbs;
mod output_reader;
mod patience;
pub(super) mod process;
mod result;
mod settings;
pub mod sql;
mod table;
mod written_files;

pub use explain::explain;
pub use settings::Engine;
