//! The lines of a quote, those that cost the same counted together: what another choice is priced over.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::base::error::Error;
use crate::base::money::Kopecks;
use crate::pricing::cube::{Axes, Coordinates};
use crate::pricing::rating::{PricePoint, Rating};
use crate::quote::contract::Contract;
use crate::quote::{Price, Quote};
use crate::tariff::Tariff;

/// Every line of a quote, by its cell, its sum insured and its days.
///
/// Lines that agree in these cost the same wherever the contract stands, so that thousands of insured are priced anew by
/// pricing some hundreds of kinds of lines.
#[derive(Debug)]
pub struct Exposure<'q> {
    tariff: &'q Tariff,
    axes: &'q Axes,
    headcount: u32,
    kinds: Vec<Kind>,
}

/// Lines that cost the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kind {
    /// The cell, by its place in the cube.
    pub cell: usize,
    /// The sum insured.
    pub sum_insured: Kopecks,
    /// The days of cover.
    pub days: u32,
    /// How many there are.
    pub lines: u64,
}

impl<'q> Exposure<'q> {
    /// The lines of a priced quote.
    #[must_use]
    pub fn new(quote: &Quote<'q>, price: &'q Price<'q>) -> Self {
        let Quote { contract, tariff, roster, .. } = quote;
        let mut kinds: BTreeMap<(usize, Kopecks, u32), u64> = BTreeMap::new();
        for insured in &price.lines.admitted {
            for line in price.lines.of(insured, contract, &price.axes, &roster.insured) {
                *kinds.entry((line.cell_at, line.sum_insured, line.days)).or_default() += 1;
            }
        }
        let kinds = kinds.into_iter().map(|((cell, sum_insured, days), lines)| Kind { cell, sum_insured, days, lines });
        Self { tariff, axes: &price.axes, headcount: price.headcount, kinds: kinds.collect() }
    }

    /// The cells that some line is in, in the order of the cube.
    pub fn cells(&self) -> impl Iterator<Item = Coordinates> {
        self.kinds.chunk_by(|one, next| one.cell == next.cell).map(|kinds| self.axes.coordinates(kinds[0].cell))
    }

    /// What the same lines cost under a contract that differs from theirs only in where it stands in the ranges.
    ///
    /// # Errors
    ///
    /// As [`Rating::new`].
    ///
    /// # Panics
    ///
    /// If the contract has other plans than that of the lines.
    pub fn premium(&self, contract: &Contract) -> Result<Kopecks, Error> {
        self.premium_at(contract, self.headcount)
    }

    /// What the same lines would cost by the coefficient of another headcount.
    ///
    /// # Errors
    ///
    /// As [`Rating::new`].
    ///
    /// # Panics
    ///
    /// If the contract has other plans than that of the lines.
    pub fn premium_at(&self, contract: &Contract, headcount: u32) -> Result<Kopecks, Error> {
        let rating = Rating::new(self.tariff, contract, headcount)?;
        let cells: Vec<&[Kind]> = self.kinds.chunk_by(|one, next| one.cell == next.cell).collect();
        let of_cell = |kinds: &&[Kind]| {
            let at = self.axes.coordinates(kinds[0].cell);
            let cover = &contract.plans[at.plan].covers[at.cover];
            let trace = rating.trace(cover, &self.axes.ages[at.step], at.risk, PricePoint::Chosen);
            let trace = trace.expect("whether a cell has a rate does not depend on the ranges");
            let rate = trace.rate().prepare(contract.term.year_days());
            kinds.iter().map(|kind| rate.premium(kind.sum_insured, kind.days) * kind.lines).sum::<Kopecks>()
        };
        Ok(cells.par_iter().map(of_cell).sum())
    }
}
