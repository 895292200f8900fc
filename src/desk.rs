//! The underwriter's desk: questions about a quote, none of which changes it.
//!
//! - [`explain`]: how the price of one insured, or of one cell, came about.
//! - [`target`]: where in the tariff's ranges the contract must stand to cost so much.
//! - [`outlook`]: what the headcount, the next birthdays and every range do to the price.
//! - [`compare`]: where the money went between two quotes.
//!
//! Whatever is asked is answered by the way that prices a quote, on a copy of the contract that stands elsewhere in the
//! ranges: what the desk promises is what the quote gives.

pub mod choices_toml;
pub mod compare;
pub mod explain;
pub mod exposure;
pub mod find_insured;
pub mod list;
pub mod outlook;
pub mod range_factor;
pub mod target;
