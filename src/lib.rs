//! `kollektiv` prices collective contracts of voluntary medical insurance (ДМС): exact to the kopeck, every factor with its clause.
//!
//! The way of a quote, one room after another:
//!
//! ```text
//! tariff.toml ──── tariff ─────────────────┐
//! contract.toml ── quote::contract ────────┼── pricing ── quote ── output ── premiums.csv, premiums.parquet, quote.json,
//! roster.xlsx ──── table ── roster ────────┘  (rate cube) (lines)            diagnostics.csv, manifest.json, documents
//! ```
//!
//! The rooms in the order of their dependencies; a room uses only rooms above it:
//!
//! - [`base`]: money, calendar, diagnostics, messages, TOML with places, errors.
//! - [`tariff`]: the tariff as data, proved complete at load.
//! - [`pricing`]: contract terms × age × risk group → exact rate with its factors. Pure.
//! - [`table`]: any table that people send, as cells, headings and values.
//! - [`output`]: result folders, CSV, Parquet, Excel, PDF, HTML.
//! - [`roster`]: tables → insured, with the diagnostics of every row.
//! - [`quote`]: one contract: rows admitted, lines priced, totals, files, documents.
//! - [`desk`]: the underwriter's questions about a quote.
//! - [`portfolio`]: contracts in force: bind, pay, reprice, endorse, refuse, verify.
//! - [`clinics`]: attached insured, guarantee letters, adjudicated registers.
//! - [`report`]: the accountant's report of a book on a day.
//! - [`scale_out`]: repricing by an engine of SQL, and rate tables for other engines.
//! - [`cli`]: one file a command.
//!
//! Without the default features the library has the rooms that price; the features `parquet`, `pdf`, `book`, `engines` and `cli` add
//! the others.
//!
//! # Example
//!
//! ```
#![doc = include_str!("../samples/price.rs")]
//! ```
//!
//! # Everywhere
//!
//! - A figure is exact until the one rounding: of the line, half away from zero, to kopecks ([`base::money`]). Totals are sums of
//!   rounded lines.
//! - Every row of data is priced, referred or rejected; the three add up to the rows read ([`quote::RowCounts`]). The problems of rows are
//!   [diagnostics](base::diagnostic), all reported in one run.
//! - Every number of the tariff is data with its clause ([`tariff`]), and every factor of a rate states it ([`pricing::trace`]).
//! - Equal inputs give equal bytes, on any machine, at any time, with any number of threads.
//! - A result folder is complete or absent ([`output::folder`]).
//!
//! `§2.6.7.1` is a clause of the tariff, `I9` an interpretation rule of `docs/rules.md`.
#![cfg_attr(
    not(feature = "engines"),
    allow(dead_code, unused_imports, reason = "some items of a room are there for the rooms of other features alone")
)]

pub mod base;
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "book")]
pub mod clinics;
pub mod desk;
pub mod output;
#[cfg(feature = "book")]
pub mod portfolio;
pub mod pricing;
pub mod quote;
#[cfg(feature = "book")]
pub mod report;
pub mod roster;
#[cfg(feature = "engines")]
pub mod scale_out;
pub mod table;
pub mod tariff;
