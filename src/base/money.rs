//! Exact money: kopecks, rates, and the only rounding.
//!
//! | operation | result |
//! |---|---|
//! | [`Kopecks`] + − × count | exact, in 128 bits; an overflow panics, and the limits of tariffs and contracts rule it out |
//! | [`Rate`] × rate, + rate | exact, in integers that grow |
//! | [`PreparedRate::premium`] | rounded once, half away from zero, to kopecks |
//! | [`portion`], [`share`] | rounded once, half away from zero, to kopecks |
//!
//! Decimals of files are read digit by digit ([`parse_decimal`]), never through a binary float.

mod digits;
mod kopecks;
mod rate;
mod rounding;

pub(crate) use digits::split_digits;
pub use digits::{group_thousands, parse_decimal};
pub use kopecks::{Kopecks, MAX_SUM_INSURED, NotAnAmount};
pub use rate::{PreparedRate, Rate, Unrounded};
pub use rounding::{portion, share};
