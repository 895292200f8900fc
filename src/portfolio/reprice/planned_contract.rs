//! A contract as its lines are repriced: without its state, its policyholder and its insured.

use std::sync::Arc;

use crate::base::messages::Message;
use crate::base::money::Kopecks;
use crate::portfolio::groups::RowSlice;
use crate::portfolio::premium::price_change::{ContractPrices, PriceTerms, RateCache};
use crate::portfolio::register::files::Segment;
use crate::portfolio::rows::RateRows;
use crate::portfolio::store::Damage;

/// All that the repricing of a contract's lines depends on, beside the rows themselves and the first day of the new prices.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedContract {
    /// The number of the contract.
    pub number: String,
    /// The written premium before the change.
    pub written: Kopecks,
    /// The levels before the change and its factors; no factor where the contract is set aside.
    pub terms: Arc<PriceTerms>,
    /// Its cells.
    pub cells: Segment,
    /// Its lines.
    pub lines: Segment,
}

impl PlannedContract {
    /// Prices its cells before and after.
    pub(crate) fn prices(
        &self,
        cells: &[RowSlice<'_, RateRows>],
        effective: i32,
        cache: &mut RateCache,
    ) -> Result<ContractPrices, Damage> {
        let cells = cells.iter().flat_map(RowSlice::each_row).map(|(rows, at)| rows.cell(at));
        let prices = ContractPrices::new(cells, &self.terms, effective, cache);
        prices.ok_or_else(|| Damage::Changed(Message::new("reprice-unreadable")))
    }
}
