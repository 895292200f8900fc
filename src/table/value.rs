//! The values of single cells: days, money, ages and counts.
//!
//! A reader takes a cell and gives its value, or the one reason why it has none; it knows nothing of rows.

mod ages;
mod date;
mod money;

pub use ages::{Ages, ages, count};
pub use date::{DateFault, Day, day, is_day};
pub use money::{price, roubles};
