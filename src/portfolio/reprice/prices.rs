//! What a price change does to lines: exact, and rounded line by line (`I20`, `I21`).

use std::collections::BTreeMap;
use std::sync::Arc;

use polars::prelude::PlHashMap;
use rust_decimal::Decimal;

use crate::base::money::{Kopecks, PreparedRate, Rate};
use crate::portfolio::contract_state::Standing;
use crate::portfolio::groups::RowSlice;
use crate::portfolio::rows::{LineRows, RateRows};

/// A cell with its rates before and after a change.
#[derive(Debug)]
pub struct CellPrices {
    /// The plan.
    pub plan: Arc<str>,
    /// The programme, by its place in [`Prices::programmes`].
    pub programme: usize,
    /// The risk group.
    pub risk_group: u32,
    /// The rates.
    pub rates: Arc<CellRates>,
}

/// A rate before and after a change.
#[derive(Debug)]
pub struct CellRates {
    /// The rate in force before the change, every digit.
    pub before: String,
    /// The rate after it; none where the change leaves it.
    pub after: Option<String>,
    prepared: PreparedRate,
    change: Option<Change>,
}

/// Rates that are worked out already: the cells of many contracts have the same.
#[derive(Debug, Default)]
pub struct KnownRates {
    terms: Vec<Terms>,
    /// By the place of the terms and by the rate as it is written in the book.
    rates: Vec<PlHashMap<Arc<str>, Arc<CellRates>>>,
}

/// All that a programme's rates before and after depend on but the rate in the book.
#[derive(Debug, PartialEq)]
struct Terms {
    /// What the rate has been multiplied by since it was written; none where by nothing.
    growth: Option<Rate>,
    /// What it is multiplied by now.
    coefficient: Option<Decimal>,
    year_days: u32,
}

impl KnownRates {
    /// The place of terms.
    fn place(&mut self, terms: Terms) -> usize {
        self.terms.iter().position(|known| *known == terms).unwrap_or_else(|| {
            self.terms.push(terms);
            self.rates.push(PlHashMap::default());
            self.terms.len() - 1
        })
    }

    /// The rates of a cell on terms; none where its rate cannot be read.
    fn of(&mut self, place: usize, written: &Arc<str>) -> Option<Arc<CellRates>> {
        let known = &mut self.rates[place];
        if let Some(rates) = known.get(written) {
            return Some(rates.clone());
        }
        let rates = Arc::new(self.terms[place].rates(written)?);
        known.insert(written.clone(), rates.clone());
        Some(rates)
    }
}

impl Terms {
    /// The rates of a cell, from its rate as it is written.
    fn rates(&self, written: &str) -> Option<CellRates> {
        let first = Rate::as_written(written)?;
        let (rate, before) = match &self.growth {
            None => (first, written.to_owned()),
            Some(growth) => {
                let rate = first * growth.clone();
                let before = rate.to_string();
                (rate, before)
            }
        };
        let after = self.coefficient.map(|coefficient| rate.clone() * Rate::from(coefficient));
        let change = self.coefficient.zip(after.as_ref()).map(|(coefficient, after)| Change {
            after: after.prepare(self.year_days),
            step: (rate.clone() * Rate::from((coefficient - Decimal::ONE).abs())).prepare(self.year_days),
            rises: coefficient >= Decimal::ONE,
        });
        let after = after.map(|rate| rate.to_string());
        Some(CellRates { before, after, prepared: rate.prepare(self.year_days), change })
    }
}

/// What changes in a cell.
#[derive(Debug)]
struct Change {
    after: PreparedRate,
    /// The rate before × the distance of the coefficient from 1.
    step: PreparedRate,
    rises: bool,
}

/// The cells of a contract, priced before and after a change.
#[derive(Debug)]
pub struct Prices {
    /// The cells, by their places in the contract.
    pub cells: Vec<CellPrices>,
    /// The programmes of the contract.
    pub programmes: Vec<Arc<str>>,
    year_days: u32,
    effective: i32,
}

/// A line before and after.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct LinePrices {
    /// The days from the change, or the line's first day where that is later, to its last (`I20`).
    pub unexpired_days: u32,
    /// The premium of those days at the rate before.
    pub unexpired: i64,
    /// The premium of a full contract year at the rate before.
    pub annual_before: i64,
    /// And at the rate after.
    pub annual_after: i64,
    /// What is charged more; negative where it is less (`I21`).
    pub amount: i64,
}

impl Prices {
    /// The cells of a contract, changed by these coefficients from a day on, in days since 1970.
    ///
    /// `None` where a rate cannot be read, which no book of this program holds.
    #[must_use]
    pub fn new(
        standing: &Standing,
        cells: &[RowSlice<'_, RateRows>],
        coefficients: &BTreeMap<String, Decimal>,
        effective: i32,
        known: &mut KnownRates,
    ) -> Option<Self> {
        let year_days = standing.year_days();
        let mut programmes: Vec<Arc<str>> = Vec::new();
        let mut terms: Vec<usize> = Vec::new();
        let mut place = 0;
        let mut priced = Vec::with_capacity(cells.iter().map(|piece| piece.range.len()).sum());
        for (rows, at) in cells.iter().flat_map(|piece| piece.range.clone().map(|at| (piece.rows, at))) {
            let programme = &rows.programme[at];
            // the cells of a programme stand together
            if programmes.get(place) != Some(programme) {
                place = programmes.iter().position(|known| known == programme).unwrap_or(programmes.len());
            }
            if place == programmes.len() {
                // the rate in force is the one after every change so far: none is effective later than this one
                let growth = standing.has_grown(programme).then(|| standing.growth(programme));
                let coefficient = coefficients.get(&**programme).copied();
                terms.push(known.place(Terms { growth, coefficient, year_days }));
                programmes.push(programme.clone());
            }
            let rates = known.of(terms[place], &rows.rate[at])?;
            priced.push(CellPrices {
                plan: rows.plan[at].clone(),
                programme: place,
                risk_group: rows.risk_group[at],
                rates,
            });
        }
        Some(Self { cells: priced, programmes, year_days, effective })
    }

    /// A line before and after; nothing of it changes where it has ended.
    #[must_use]
    pub fn line(&self, lines: &LineRows, at: usize) -> LinePrices {
        let unexpired_days = self.unexpired_days(lines, at);
        if unexpired_days == 0 {
            return LinePrices::default();
        }
        let rates = &self.cells[lines.cell[at] as usize].rates;
        let sum = Kopecks::new(lines.sum_insured[at].into());
        let unexpired = short(rates.prepared.premium(sum, unexpired_days));
        let annual_before = short(rates.prepared.premium(sum, self.year_days));
        let (annual_after, amount) = rates.change.as_ref().map_or((annual_before, 0), |change| {
            let step = short(change.step.premium(sum, unexpired_days));
            (short(change.after.premium(sum, self.year_days)), if change.rises { step } else { -step })
        });
        LinePrices { unexpired_days, unexpired, annual_before, annual_after, amount }
    }

    /// The days that are left of a line when it changes; 0 where it has ended.
    #[must_use]
    pub fn unexpired_days(&self, lines: &LineRows, at: usize) -> u32 {
        u32::try_from(lines.end[at] - self.from(lines, at) + 1).unwrap_or(0)
    }

    /// Whether the change touches a line: its programme's price changes, and it has not ended.
    #[must_use]
    pub fn touches(&self, lines: &LineRows, at: usize) -> bool {
        self.cells[lines.cell[at] as usize].rates.change.is_some()
            && lines.end[at] >= self.effective.max(lines.start[at])
    }

    /// The first day of a line's new price, in days since 1970.
    #[must_use]
    pub fn from(&self, lines: &LineRows, at: usize) -> i32 {
        lines.start[at].max(self.effective)
    }
}

/// An amount of a line, which a book keeps in 64 bits: `i64::MAX` where it would not fit, and then the contract is over the
/// book's limit too.
fn short(amount: Kopecks) -> i64 {
    i64::try_from(amount.get()).unwrap_or(i64::MAX)
}
