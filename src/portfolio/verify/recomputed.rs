//! A price change of one contract, computed again and compared with the book (`I20`–`I22`).

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::base::calendar::days_since_1970;
use crate::base::money::Rate;
use crate::portfolio::groups::RowSlice;
use crate::portfolio::premium::price_change::{ContractPrices, RateCache};
use crate::portfolio::premium::price_history::PriceHistory;
use crate::portfolio::rows::{LineRows, RateRows, RepricedRows};

/// The lines of a contract, priced again before and after a change.
pub(super) struct RecomputedChange<'s> {
    prices: ContractPrices,
    lines: &'s [RowSlice<'s, LineRows>],
}

impl<'s> RecomputedChange<'s> {
    /// Prices the lines with these factors of the charged levels from a day on; `None` where a rate cannot be parsed or a line has no cell.
    pub fn new(
        history: &PriceHistory,
        cells: &[RowSlice<'_, RateRows>],
        lines: &'s [RowSlice<'s, LineRows>],
        factors: BTreeMap<String, Rate>,
        effective: Date,
    ) -> Option<Self> {
        let terms = history.terms(factors, effective);
        let effective = days_since_1970(effective);
        let cells = cells.iter().flat_map(RowSlice::each_row).map(|(rows, at)| rows.cell(at));
        let prices = ContractPrices::new(cells, &terms, effective, &mut RateCache::default())?;
        let mut rows = lines.iter().flat_map(RowSlice::each_row);
        rows.all(|(rows, at)| rows.line(at).cell < prices.cells.len()).then_some(Self { prices, lines })
    }

    /// Whether these are exactly the repriced lines, with their rates and amounts.
    pub fn agrees(&self, repriced: &[RowSlice<'_, RepricedRows>]) -> bool {
        let mut recorded = repriced.iter().flat_map(RowSlice::each_row);
        let mut lines = self.lines.iter().flat_map(RowSlice::each_row);
        let all = lines.all(|(lines, at)| {
            !self.prices.reprices(lines.line(at))
                || recorded.next().is_some_and(|(repriced, place)| self.agrees_at(lines, at, repriced, place))
        });
        all && recorded.next().is_none()
    }

    fn agrees_at(&self, lines: &LineRows, at: usize, repriced: &RepricedRows, place: usize) -> bool {
        let line = lines.line(at);
        let cell = &self.prices.cells[line.cell];
        let price = self.prices.price(line);
        let texts = [&repriced.plan, &repriced.programme, &repriced.rate_before, &repriced.rate_after];
        texts.map(|column| &*column[place])
            == [
                &*cell.plan,
                &*self.prices.programmes[cell.programme],
                &*cell.rates.before,
                cell.rates.after.as_deref().unwrap_or_default(),
            ]
            && [repriced.insured[place], repriced.risk_group[place], repriced.unexpired_days[place]]
                == [lines.insured[at], cell.risk_group, price.unexpired_days]
            && [repriced.from[place], repriced.end[place]] == [self.prices.first_day(line), line.end]
            && [repriced.sum_insured[place], repriced.additional[place], repriced.credit[place]]
                == [line.sum_insured, price.amount.max(0), price.amount.min(0).abs()]
    }
}
