//! What every module uses: money, days, diagnostics, errors, messages, and files of TOML.
//!
//! It guarantees that money is exact and rounded in one place, that ages and periods are counted one way, and
//! that every sentence for a reader stands in `messages/{ru,en}.ftl`. It knows neither the tariff nor contracts,
//! rosters or tables.

pub mod as_text;
pub mod calendar;
pub mod cell_fault;
pub mod diagnostic;
pub mod digest;
pub mod error;
pub mod input_file;
pub mod keys;
pub mod messages;
pub mod money;
pub(crate) mod named_enum;
pub mod parallel;
pub mod progress;
pub mod rule;
pub mod sex;
pub mod source_file;
pub mod toml_edits;
pub mod toml_file;
