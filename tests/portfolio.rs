//! The portfolio: binding, payments, repricing and refusals, its behaviour under faults, and its figures against a reference.

pub mod book;
mod dry_runs;
pub mod engine;
mod exceptions;
mod export;
mod faults;
mod forget;
mod impact;
mod late_prices;
mod money;
mod papers;
mod parts;
mod payment_lists;
mod random;
mod random_statements;
mod renewal;
mod report;
mod rules;
mod show;
mod workers;
