//! The exposure of a quote: its lines, counted by what their premium depends on.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::base::error::Error;
use crate::base::money::Kopecks;
use crate::pricing::choice::PricePoint;
use crate::pricing::cube::{Axes, Coordinates};
use crate::quote::contract::Contract;
use crate::quote::{Price, Quote};
use crate::tariff::Tariff;

/// The lines of a quote, counted by cell of the cube, sum insured and days of cover.
///
/// Lines that agree in these three have the same premium under any choices of the contract: thousands of insured are repriced by
/// pricing some hundreds of exposure cells.
#[derive(Debug)]
pub struct Exposure<'q> {
    tariff: &'q Tariff,
    axes: &'q Axes,
    headcount: u32,
    cells: Vec<ExposureCell>,
}

/// Lines with the same premium.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct ExposureCell {
    /// Index of the cell in the cube.
    cell: usize,
    sum_insured: Kopecks,
    days: u32,
    /// The number of lines.
    lines: u64,
}

impl<'q> Exposure<'q> {
    /// Counts the lines of a priced quote.
    #[must_use]
    pub fn new(quote: &Quote<'q>, price: &'q Price<'q>) -> Self {
        let Quote { contract, tariff, roster, .. } = quote;
        let mut counts: BTreeMap<(usize, Kopecks, u32), u64> = BTreeMap::new();
        for insured in &price.lines.admitted {
            for line in price.lines.of(insured, contract, &price.axes, &roster.insured) {
                *counts.entry((line.cell_at, line.sum_insured, line.days)).or_default() += 1;
            }
        }
        let cells = counts
            .into_iter()
            .map(|((cell, sum_insured, days), lines)| ExposureCell { cell, sum_insured, days, lines })
            .collect();
        Self { tariff, axes: &price.axes, headcount: price.headcount, cells }
    }

    /// The cells of the cube that have lines, in the order of the cube.
    pub fn coordinates(&self) -> impl Iterator<Item = Coordinates> {
        self.cells.chunk_by(|one, next| one.cell == next.cell).map(|cells| self.axes.coordinates(cells[0].cell))
    }

    /// The premium of the same lines under a contract that differs only in its choices in the tariff's ranges.
    ///
    /// # Errors
    ///
    /// As [`Contract::rating`].
    ///
    /// # Panics
    ///
    /// If the plans of the contract are not those of the quote.
    pub fn premium(&self, contract: &Contract) -> Result<Kopecks, Error> {
        self.premium_at(contract, self.headcount)
    }

    /// As [`Exposure::premium`], with the coefficient of another headcount (§2.1).
    ///
    /// # Errors
    ///
    /// As [`Contract::rating`].
    ///
    /// # Panics
    ///
    /// If the plans of the contract are not those of the quote.
    pub fn premium_at(&self, contract: &Contract, headcount: u32) -> Result<Kopecks, Error> {
        let rating = contract.rating(self.tariff, headcount)?;
        let by_rate: Vec<&[ExposureCell]> = self.cells.chunk_by(|one, next| one.cell == next.cell).collect();
        let premium = |cells: &&[ExposureCell]| {
            let at = self.axes.coordinates(cells[0].cell);
            let cover = &contract.terms.plans[at.plan].covers[at.cover];
            let trace = rating.trace(cover, &self.axes.ages[at.age_class], at.risk, PricePoint::Chosen);
            let trace = trace.expect("whether a cell has a rate does not depend on the ranges");
            let rate = trace.rate().prepare(contract.term().year_days());
            cells.iter().map(|cell| rate.premium(cell.sum_insured, cell.days) * cell.lines).sum::<Kopecks>()
        };
        Ok(by_rate.par_iter().map(premium).sum())
    }
}
