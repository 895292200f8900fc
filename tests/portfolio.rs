//! The portfolio: binding, payments, repricing and refusals, its behaviour under faults, and its figures against a reference.

pub mod book;
mod dry_runs;
pub mod engine;
mod exceptions;
mod export;
mod faults;
mod impact;
mod money;
mod papers;
mod payment_lists;
mod random;
mod renewal;
mod report;
mod rules;
