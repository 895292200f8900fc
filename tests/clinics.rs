//! The clinics: verdicts, totals to the kopeck, gapless letters, consistent lists.

mod adjudication;
mod faults;
pub mod fixtures;
mod letters;
pub mod sample;
mod verdicts;
