//! `kollektiv` prices collective contracts of voluntary medical insurance (ДМС): exact to the kopeck, explained by clause.
//!
//! The way of the data, a module a step:
//!
//! ```text
//! contract.toml ─ document ─ contract ──┐                       ┌─ premiums.csv, premiums.parquet
//! tariff.toml ─── document ─ tariff ────┼─ rating ─── quote ─── report ─ groups, rates, diagnostics, quote.json
//! roster.xlsx ─── source ─ layout ─ row ┘  (cube)   (lines)     └─ roster-checked.xlsx, manifest.json
//! ```
//!
//! What holds everywhere:
//!
//! - A figure is exact until the one rounding, on the line, half away from zero, to kopecks ([`money`]). Totals are sums of
//!   rounded lines.
//! - Every row of data ends as priced, referred or rejected; the three add up to the rows read ([`quote::RowCounts`]).
//!   Problems of rows are [diagnostics](diagnostic), all of them in one run.
//! - Every number of the tariff is data with its clause ([`tariff`]), and every factor of a rate can name it
//!   ([`rating::trace`]).
//! - The same inputs give the same bytes, whatever the clock, the machine or the number of threads ([`report`]).
//! - A result folder is complete or not there ([`files::folder`]).
//!
//! `§2.6.7.1` is a clause of the tariff, `I9` a rule by which it is read; the rules are listed in `docs/rules.md`.

pub mod base;
pub mod cli;
pub mod clinics;
pub mod desk;
pub mod output;
pub mod portfolio;
pub mod pricing;
pub mod quote;
pub mod roster;
pub mod scale_out;
pub mod table;
pub mod tariff;

use crate::base::money;
use crate::pricing::rating;
use crate::quote::files;
