//! The values of single cells: days, money, ages and counts.
//!
//! A reader takes a cell and gives its value, or the one reason why it has none; it knows nothing of rows.

mod ages;
mod date;
mod event;
mod money;

pub use ages::{Ages, ages, count};
pub use date::{DateFault, DateOrder, Day, OrderEvidence, day, day_in_order, is_day, order_evidence, order_of_heading};
pub use event::{EventTimes, day_of_event};
pub use money::{price, roubles, signed_roubles};
