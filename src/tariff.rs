//! The tariff: an edition as data, every number with its clause, proved at load.
//!
//! The built-in edition is `tariff/base.toml`; an insurer's own has the same form. A [`Tariff`] is complete once it
//! exists: its bands have neither gap nor overlap, its ranges are in order, every service that it names is known, every
//! set of exclusions is listed. No coefficient stands anywhere else in the program. This module knows neither contracts
//! nor rosters; only its reader opens a file and reports faults.

pub mod band;
pub mod catalogue;
pub mod cited;
pub mod edition;
pub mod programme;
pub mod range;
mod read;

pub use catalogue::{Catalogue, CatalogueOrigin, NoEdition};
pub use cited::Cited;
pub use edition::{Edition, EditionId, EditionSource, EditionStatus, PriceChange, RiskGroup, Tariff};
