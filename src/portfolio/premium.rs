//! What the contracts of a book cost over time: exact arithmetic, each amount rounded once.
//!
//! Everything here is pure: it knows no file, no register and no clock. Days are counted since 1970.

pub mod arrears;
pub mod charge;
pub mod earned;
pub mod line;
pub mod price_change;
pub mod price_history;
pub mod refund;
