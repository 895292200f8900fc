//! The exposure of a quote: its lines, counted by what their premium depends on.

use rayon::prelude::*;

use crate::base::error::Error;
use crate::base::money::Kopecks;
use crate::pricing::cube::{Axes, Coordinates};
use crate::quote::contract::Contract;
use crate::quote::exposure_cell::{ExposureCell, by_rate, count_lines};
use crate::quote::{Price, Quote};
use crate::tariff::Tariff;

/// The lines of a quote, counted by cell of the cube, sum insured and days of cover.
#[derive(Debug)]
pub struct Exposure<'q> {
    tariff: &'q Tariff,
    axes: &'q Axes,
    headcount: u32,
    cells: Vec<ExposureCell>,
}

impl<'q> Exposure<'q> {
    /// Counts the lines of a priced quote.
    #[must_use]
    pub fn new(quote: &Quote<'q>, price: &'q Price<'q>) -> Self {
        let Quote { contract, tariff, roster, .. } = quote;
        let lines = price.lines.admitted.iter().flat_map(|insured| {
            let lines = price.lines.of_insured(insured, contract, &price.axes, &roster.insured);
            lines.map(|line| (line.cell_at, line.sum_insured, line.days))
        });
        let cells = count_lines(lines);
        Self { tariff, axes: &price.axes, headcount: price.headcount, cells }
    }

    /// The cells of the cube that have lines, in the order of the cube.
    pub fn coordinates(&self) -> impl Iterator<Item = Coordinates> {
        by_rate(&self.cells).map(|cells| self.axes.coordinates(cells[0].rate))
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
        let rates: Vec<&[ExposureCell]> = by_rate(&self.cells).collect();
        let premium = |cells: &&[ExposureCell]| {
            let at = self.axes.coordinates(cells[0].rate);
            let cover = &contract.terms.plans[at.plan].covers[at.cover];
            let trace = rating.trace(cover, &self.axes.ages[at.age_class], at.risk);
            let trace = trace.expect("whether a cell has a rate does not depend on the ranges");
            let rate = trace.rate().prepare(contract.term().year_days());
            cells.iter().map(|cell| rate.premium(cell.sum_insured, cell.days) * cell.lines).sum::<Kopecks>()
        };
        Ok(rates.par_iter().map(premium).sum())
    }
}
