//! The values of single cells: days, money, ages and counts.
//!
//! A reader takes a cell and gives its value, or the one reason why it has none; it knows nothing of rows.

mod ages;
mod amount_unit;
mod date;
mod event;
mod money;
mod month;
mod order_evidence;
mod signed_money;

pub use ages::{Ages, ages, count};
pub use amount_unit::{AmountUnit, amount_unit};
pub use date::{DateFault, DateOrder, Day, day, day_in_order, is_day};
pub use event::{EventTimes, day_of_event};
pub use money::roubles;
pub use month::month_of_name;
pub use order_evidence::{OrderEvidence, order_evidence, order_of_heading};
pub use signed_money::signed_roubles;
