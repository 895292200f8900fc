//! The portfolio: the book of contracts in force.

pub mod change;
pub mod notice;
pub mod payments;
