//! x
pub mod calendar;
pub mod cli;
pub mod contract;
pub mod diagnostic;
pub mod digest;
pub mod document;
pub mod error;
pub mod money;
pub mod progress;
pub mod quote;
pub mod rating;
pub mod report;
pub mod roster;
pub mod sex;
pub mod tariff;
pub mod words;
