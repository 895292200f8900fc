//! The book of contracts in force: what may befall it, and its figures against a slow pricer.

mod faults;
mod random;
