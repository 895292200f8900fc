//! The clinics: verdicts, totals to the kopeck, gapless letters, consistent lists.

mod act;
mod adjudication;
mod columns;
mod corrections;
mod entitled;
mod export;
mod faults;
pub mod fixtures;
mod kills;
mod ledger;
mod letters;
mod list_layout;
mod policy_numbers;
mod runs;
pub mod sample;
mod verdicts;
