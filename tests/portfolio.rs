//! The book of contracts: what is bound, paid, repriced and refused, what may befall it, and its figures against a slow pricer.

pub mod book;
pub mod engine;
mod faults;
mod random;
mod rules;
