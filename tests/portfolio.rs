//! The book of contracts: what is bound, paid, repriced and refused, by the program as people run it.

pub mod book;
mod rules;
