//! The contract file: read, checked against the tariff, and turned into terms that can be priced.
//!
//! A [`Contract`] is lawful as far as it can be without its roster: the term, the plans, the covers and the choices are
//! within the tariff. [`Contract::rating`] checks the choice for the headcount, once that is known.

mod accepted;
pub mod census;
mod choice;
mod chosen_edition;
mod columns;
mod contract_file;
mod cover;
mod edition;
pub mod keys;
mod option;
mod plans;
mod read;
mod reading_terms;
mod refusal;
mod risk_group;
mod roster_files;
pub mod template;

pub use accepted::Accepted;
pub use choice::MAX_COEFFICIENT_DECIMALS;
pub(crate) use choice::choices;
pub use chosen_edition::no_edition_message;
pub use columns::Columns;
pub use contract_file::{
    ClinicMode, Contract, ContractOption, ExpenseBasis, ExpenseTerms, Family, HeadcountBasis, PlanClinic,
    PriceDecrease, PriceTerms,
};
pub(crate) use cover::{cover_without_sum, known_programme, price_change};
pub use read::MAX_SHARE_DECIMALS;
pub use reading_terms::ReadingTerms;
pub(crate) use refusal::{headcount_message, no_rate_message};
pub(crate) use risk_group::risk_group;
pub use roster_files::RosterFiles;
