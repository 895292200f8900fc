//! The statement of account (акт сверки) of a contract between two days: the balance before, what was charged and paid in the order of the
//! days, the balance after.
//!
//! What is charged, or taken back of a payment, stands in the debit; what is paid, or credited, in the credit. The balance after equals the
//! debt of [`debts`](crate::portfolio::debts) on the last day, less what is credited.

mod account;
mod document;
mod files;

pub use account::{Entry, EntryCause, Statement};
pub use document::template;
pub use files::write;
