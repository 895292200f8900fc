//! The basis of a fold: the terms of a contract and its prices.

use crate::portfolio::premium::price_history::PriceHistory;
use crate::pricing::cube::Axes;
use crate::quote::contract::Contract;
use crate::tariff::Tariff;

/// Everything that a fold depends on but the events.
pub struct Fold<'f> {
    /// The terms.
    pub contract: &'f Contract,
    /// The edition that the contract was bound with.
    pub tariff: &'f Tariff,
    /// The axes of the contract's cells.
    pub axes: &'f Axes,
    /// The price changes of the contract.
    pub prices: &'f PriceHistory,
    /// The headcount at inception.
    pub headcount: u32,
}
