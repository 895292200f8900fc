//! The portfolio, or book: the contracts in force, and every change of them.
//!
//! A book is a folder. Its [register] is an `SQLite` database; the insured, cells and lines of its contracts are Parquet files that are
//! never changed ([`store`]). A run writes its files first and then adds its rows to the register in one transaction; a run that fails or
//! is killed before that commit leaves the book as it was. One process at a time changes a book ([`lock`]); reading is always possible.
//! The arithmetic of what contracts cost is pure and separate ([`premium`]). This module knows neither clinics nor engines of SQL:
//! [`reprice`] accepts any [`reprice::line_engine::LineEngine`].

pub mod annul;
mod batch_writer;
pub mod bind;
mod book;
pub mod change;
pub mod charged_contract;
pub mod charges;
pub mod contract_state;
pub mod day_state;
pub mod debts;
pub mod edition_effect;
pub mod endorse;
pub mod event;
pub mod export;
mod files;
pub mod fold;
pub mod forget;
pub mod groups;
pub mod invoices;
pub mod life;
pub mod lock;
pub mod notice;
pub mod pay;
pub mod payments;
pub mod policy_number;
pub mod premium;
pub mod reconcile;
pub mod refuse;
pub mod register;
pub mod renew;
pub mod reprice;
mod roster_sheet;
pub mod rows;
pub(crate) mod staging;
pub mod statement;
pub mod store;
pub mod terms;
pub mod verify;
pub mod warning;

pub use book::Portfolio;
pub use files::Files;
