//! The clinics: verdicts, totals to the kopeck, gapless letters, consistent lists.

mod adjudication;
mod faults;
pub mod fixtures;
mod ledger;
mod letters;
pub mod sample;
mod verdicts;
