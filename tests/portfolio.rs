//! The book of contracts: what is bound, paid, repriced and refused, by the program as people run it; what may befall it; its
//! figures against a slow pricer.

pub mod book;
mod faults;
mod random;
mod rules;
