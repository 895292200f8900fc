//! The clinics: every verdict, totals to the kopeck, letters without gaps, lists that add up.

mod faults;
mod judged;
mod letters;
pub mod sample;
mod settled;
pub mod world;
