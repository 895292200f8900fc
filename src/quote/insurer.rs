//! The insurer: the file `insurer.toml`, whose values stand on every paper.
//!
//! The numbers of the tax office and of the bank are proved by their control digits when the file is read, so that a slip is found before a
//! client pays to a wrong account.

mod control_digits;
mod details;
pub mod keys;
mod letterhead;
mod logo;
mod read;
mod template;

pub use details::{BankAccount, Insurer, Signatory};
pub use letterhead::{paper_template, with_insurer};
pub use logo::Logo;
pub use template::template;
