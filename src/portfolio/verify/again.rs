//! A price change of a contract worked out once more, to be held against what the book has of it (`I20`–`I22`).

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::base::calendar::days_since_1970;
use crate::base::money::Kopecks;
use crate::portfolio::contract_state::Standing;
use crate::portfolio::groups::RowSlice;
use crate::portfolio::reprice::prices::{KnownRates, Prices};
use crate::portfolio::rows::{LineRows, RateRows, RepricedRows};

/// What a change does to the lines of a contract.
pub(crate) struct Again<'g> {
    prices: Prices,
    lines: &'g [RowSlice<'g, LineRows>],
}

impl<'g> Again<'g> {
    /// What these coefficients do from a day on to the lines of a contract that stands so; none where a rate cannot be read or a line
    /// has no cell.
    pub(crate) fn new(
        standing: &Standing,
        cells: &[RowSlice<'_, RateRows>],
        lines: &'g [RowSlice<'g, LineRows>],
        coefficients: &BTreeMap<String, Decimal>,
        effective: Date,
    ) -> Option<Self> {
        let effective = days_since_1970(effective);
        let prices = Prices::new(standing, cells, coefficients, effective, &mut KnownRates::default())?;
        let has_cell = |cell: &u32| (*cell as usize) < prices.cells.len();
        lines
            .iter()
            .all(|piece| piece.rows.cell[piece.range.clone()].iter().all(has_cell))
            .then_some(Self { prices, lines })
    }

    /// Whether these are the lines that are repriced, with their rates and amounts.
    pub(crate) fn is_written(&self, repriced: &[RowSlice<'_, RepricedRows>]) -> bool {
        let lines = rows(self.lines).filter(|(lines, at)| self.prices.touches(lines, *at));
        let mut written = rows(repriced);
        let all = lines.into_iter().all(|(lines, at)| {
            written.next().is_some_and(|(repriced, place)| self.is_line(lines, at, repriced, place))
        });
        all && written.next().is_none()
    }

    fn is_line(&self, lines: &LineRows, at: usize, repriced: &RepricedRows, place: usize) -> bool {
        let cell = &self.prices.cells[lines.cell[at] as usize];
        let line = self.prices.line(lines, at);
        let texts = [&repriced.plan, &repriced.programme, &repriced.rate_before, &repriced.rate_after];
        texts.map(|column| &*column[place])
            == [
                &*cell.plan,
                &*self.prices.programmes[cell.programme],
                &*cell.rates.before,
                cell.rates.after.as_deref().unwrap_or_default(),
            ]
            && [repriced.insured[place], repriced.risk_group[place], repriced.unexpired_days[place]]
                == [lines.insured[at], cell.risk_group, line.unexpired_days]
            && [repriced.from[place], repriced.end[place]] == [self.prices.from(lines, at), lines.end[at]]
            && [repriced.sum_insured[place], repriced.additional[place], repriced.credit[place]]
                == [lines.sum_insured[at], line.amount.max(0), line.amount.min(0).abs()]
    }

    /// The premium of the unexpired days at the rates before the change (`I22`).
    pub(crate) fn unexpired(&self) -> Kopecks {
        rows(self.lines).map(|(lines, at)| Kopecks::new(self.prices.line(lines, at).unexpired.into())).sum()
    }
}

/// Each row of some pieces.
fn rows<'p, R>(pieces: &'p [RowSlice<'p, R>]) -> impl Iterator<Item = (&'p R, usize)> {
    pieces.iter().flat_map(|RowSlice { rows, range }| range.clone().map(move |at| (*rows, at)))
}
