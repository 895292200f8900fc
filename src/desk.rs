//! The underwriter's desk: questions about a quote, none of which changes it.
//!
//! - [`explain`]: the factors of the price of one insured or one cell.
//! - [`target`]: the choices in the tariff's ranges at which the contract costs a given premium.
//! - [`outlook`]: the effect of headcount, of birthdays until the renewal, and of every range on the premium.
//! - [`compare`]: the difference between two quotes, cause by cause.
//! - [`options`]: several variants of a contract side by side.
//! - [`edition_difference`], [`edition_effect`]: what differs between two editions of the tariff, and what that does to contracts.
//! - [`edition_test`]: the tests of an edition of the tariff, which its own tables have to pass.
//!
//! Every answer is computed by the code that prices a quote, on a copy of the contract with other choices, so that a quote with these
//! choices has the same premium to the kopeck. The desk knows nothing of portfolios and clinics.

pub mod choices_toml;
pub mod compare;
pub mod csv_lists;
pub mod edition_difference;
pub mod edition_effect;
pub mod edition_test;
pub mod edition_workbook;
pub mod explain;
pub mod exposure;
pub mod find_insured;
pub mod options;
pub mod outlook;
pub mod range_factor;
pub mod target;
