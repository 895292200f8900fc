//! The portfolio: the book of contracts in force.

pub mod change;
pub mod payments;
