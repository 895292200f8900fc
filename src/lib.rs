//! x
pub mod calendar;
pub mod contract;
pub mod diagnostic;
pub mod document;
pub mod error;
pub mod money;
pub mod progress;
pub mod quote;
pub mod rating;
pub mod roster;
pub mod sex;
pub mod tariff;
pub mod words;
