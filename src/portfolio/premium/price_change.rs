//! The lines of a contract before and after a price change: exact, and rounded line by line (`I20`, `I21`).

use std::collections::BTreeMap;
use std::sync::Arc;

use polars::prelude::PlHashMap;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::base::money::{Kopecks, PreparedRate, Rate};
use crate::portfolio::premium::line::{Line, days_between};

/// The terms by which a change reprices a contract: everything that a price depends on beside cells and lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceTerms {
    /// The number of days of the contract year.
    pub year_days: u32,
    /// The charged levels before the change, by programme; a programme that is left out has its level at inception.
    pub growth: BTreeMap<String, Rate>,
    /// The factors of the charged levels that the change changes, by programme.
    pub factors: BTreeMap<String, Rate>,
}

/// A cell of a contract as the book has it.
#[derive(Debug, Clone, Copy)]
pub struct BookedCell<'c> {
    /// The plan.
    pub plan: &'c Arc<str>,
    /// The code of the programme.
    pub programme: &'c Arc<str>,
    /// The risk group.
    pub risk_group: u32,
    /// The rate at inception, with every digit.
    pub rate: &'c Arc<str>,
}

/// The cells of a contract, priced before and after a change.
#[derive(Debug)]
pub struct ContractPrices {
    /// The cells, in the order of the contract.
    pub cells: Vec<CellPrices>,
    /// The programmes of the contract.
    pub programmes: Vec<Arc<str>>,
    year_days: u32,
    effective: i32,
}

/// A cell with its rates before and after a change.
#[derive(Debug)]
pub struct CellPrices {
    /// The plan.
    pub plan: Arc<str>,
    /// The programme's place in [`ContractPrices::programmes`].
    pub programme: usize,
    /// The risk group.
    pub risk_group: u32,
    /// The rates.
    pub rates: Arc<CellRates>,
}

/// A rate before and after a change.
#[derive(Debug)]
pub struct CellRates {
    /// The rate in force before the change, with every digit.
    pub before: String,
    /// The rate after it; `None` where the change leaves it.
    pub after: Option<String>,
    prepared: PreparedRate,
    change: Option<PreparedChange>,
}

/// A change of a rate, ready to be applied to lines.
#[derive(Debug)]
struct PreparedChange {
    after: PreparedRate,
    /// The rate before × the distance of the coefficient from 1.
    step: PreparedRate,
    rises: bool,
}

/// The premiums of a line before and after, in kopecks.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct LinePrices {
    /// The days from the change, or from the line's first day where that is later, to its last (`I20`).
    pub unexpired_days: u32,
    /// The premium of those days at the rate before.
    pub unexpired: i64,
    /// The premium of a full contract year at the rate before.
    pub annual_before: i64,
    /// The premium of a full contract year at the rate after.
    pub annual_after: i64,
    /// The additional premium; negative where it is a credit (`I21`).
    pub amount: i64,
}

/// Rates that have been computed already: cells of many contracts share them.
#[derive(Debug, Default)]
pub struct RateCache {
    factors: Vec<RateFactors>,
    /// By the place of the factors and by the rate at inception as the book writes it.
    rates: Vec<PlHashMap<Arc<str>, Arc<CellRates>>>,
}

/// Everything but the rate at inception that determines the rates before and after.
#[derive(Debug, PartialEq)]
struct RateFactors {
    /// The product of the earlier changes; `None` where there is none.
    growth: Option<Rate>,
    /// The factor of the charged level by this change; `None` where it stays.
    factor: Option<Rate>,
    year_days: u32,
}

impl RateCache {
    fn place(&mut self, factors: RateFactors) -> usize {
        self.factors.iter().position(|known| *known == factors).unwrap_or_else(|| {
            self.factors.push(factors);
            self.rates.push(PlHashMap::default());
            self.factors.len() - 1
        })
    }

    /// The rates of a cell; `None` where its rate cannot be parsed.
    fn rates(&mut self, place: usize, written: &Arc<str>) -> Option<Arc<CellRates>> {
        let known = &mut self.rates[place];
        if let Some(rates) = known.get(written) {
            return Some(rates.clone());
        }
        let rates = Arc::new(self.factors[place].rates(written)?);
        known.insert(written.clone(), rates.clone());
        Some(rates)
    }
}

impl RateFactors {
    fn rates(&self, written: &str) -> Option<CellRates> {
        let first = Rate::parse(written)?;
        let (rate, before) = match &self.growth {
            None => (first, written.to_owned()),
            Some(growth) => {
                let rate = first * growth.clone();
                let before = rate.to_string();
                (rate, before)
            }
        };
        let after = self.factor.as_ref().map(|factor| rate.clone() * factor.clone());
        let change = self.factor.as_ref().zip(after.as_ref()).map(|(factor, after)| PreparedChange {
            after: after.prepare(self.year_days),
            step: (rate.clone() * factor.distance_from_one()).prepare(self.year_days),
            rises: *factor >= Rate::from(Decimal::ONE),
        });
        let after = after.map(|rate| rate.to_string());
        Some(CellRates { before, after, prepared: rate.prepare(self.year_days), change })
    }
}

impl ContractPrices {
    /// Prices the cells of a contract before and after a change that is effective on a day.
    ///
    /// `None` where a rate cannot be parsed, which no book of this program holds.
    #[must_use]
    pub fn new<'c>(
        cells: impl Iterator<Item = BookedCell<'c>>,
        terms: &PriceTerms,
        effective: i32,
        cache: &mut RateCache,
    ) -> Option<Self> {
        let year_days = terms.year_days;
        let mut programmes: Vec<Arc<str>> = Vec::new();
        let mut factors: Vec<usize> = Vec::new();
        let mut place = 0;
        let mut priced = Vec::new();
        for BookedCell { plan, programme, risk_group, rate } in cells {
            // the cells of a programme are adjacent
            if programmes.get(place) != Some(programme) {
                place = programmes.iter().position(|known| known == programme).unwrap_or(programmes.len());
            }
            if place == programmes.len() {
                // the rate in force includes every change that is effective before this one
                let [growth, factor] = [&terms.growth, &terms.factors].map(|rates| rates.get(&**programme).cloned());
                factors.push(cache.place(RateFactors { growth, factor, year_days }));
                programmes.push(programme.clone());
            }
            let rates = cache.rates(factors[place], rate)?;
            priced.push(CellPrices { plan: plan.clone(), programme: place, risk_group, rates });
        }
        Some(Self { cells: priced, programmes, year_days, effective })
    }

    /// The premiums of a line before and after; all 0 where the line has ended.
    #[must_use]
    pub fn price(&self, line: Line) -> LinePrices {
        let unexpired_days = self.unexpired_days(line);
        if unexpired_days == 0 {
            return LinePrices::default();
        }
        let rates = &self.cells[line.cell].rates;
        let sum = Kopecks::new(line.sum_insured.into());
        let unexpired = saturated(rates.prepared.premium(sum, unexpired_days));
        let annual_before = saturated(rates.prepared.premium(sum, self.year_days));
        let (annual_after, amount) = rates.change.as_ref().map_or((annual_before, 0), |change| {
            let step = saturated(change.step.premium(sum, unexpired_days));
            (saturated(change.after.premium(sum, self.year_days)), if change.rises { step } else { -step })
        });
        LinePrices { unexpired_days, unexpired, annual_before, annual_after, amount }
    }

    /// The days of a line from the change on; 0 where the line has ended.
    #[must_use]
    pub fn unexpired_days(&self, line: Line) -> u32 {
        days_between(self.first_day(line), line.end)
    }

    /// Whether the change reprices a line: its programme's price changes, and the line has not ended.
    #[must_use]
    pub fn reprices(&self, line: Line) -> bool {
        self.cells[line.cell].rates.change.is_some() && line.end >= self.first_day(line)
    }

    /// The first day of a line's new price.
    #[must_use]
    pub fn first_day(&self, line: Line) -> i32 {
        line.start.max(self.effective)
    }
}

/// An amount in the 64 bits of the book; `i64::MAX` where it does not fit, which puts the contract over the book's limit too.
fn saturated(amount: Kopecks) -> i64 {
    i64::try_from(amount.get()).unwrap_or(i64::MAX)
}
