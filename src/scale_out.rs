//! The room of work outside this process: repricing by an engine of SQL, and the table of rates for other programs.
//!
//! It hangs on the book from outside: the book knows only the trait
//! [`LineEngine`](crate::portfolio::reprice::line_engine::LineEngine). An engine comes to the same kopecks as the program, or the run fails.

pub mod engine;
pub mod rate_table;
