//! The cube of cells: the exact rates of every combination that occurs in a contract, ready for its lines.

use crate::base::money::{Kopecks, PreparedRate, Rate};
use crate::pricing::rating::{PricePoint, Rating};
use crate::pricing::trace::Refusal;
use crate::quote::contract::{Contract, Cover};
use crate::tariff::Tariff;
use crate::tariff::band::Band;

/// Ages that no table of the tariff tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AgeClass {
    /// The ages, in completed years.
    pub years: Band,
    /// Their band in the table of §2.2.
    pub age_band: usize,
    /// Their band among the children's, if they are children (`I6`).
    pub child_band: Option<usize>,
}

/// Where everything stands in a cube: the axes, and the place of a cell by its coordinates.
#[derive(Debug, Clone)]
pub struct Axes {
    /// The ages, step by step, from 0 to the last of §2.2.
    pub ages: Vec<AgeClass>,
    /// The step of each age.
    step_of_age: Vec<u8>,
    /// The place of each plan's first cover among all covers.
    first_cover: Vec<usize>,
    covers: Vec<(usize, usize)>,
    risk_groups: Vec<u8>,
}

impl Axes {
    /// The axes of a contract.
    ///
    /// # Panics
    ///
    /// Never for a proved tariff: its ages have no gap and end by 150 years.
    #[must_use]
    pub fn new(tariff: &Tariff, contract: &Contract) -> Self {
        let mut ages: Vec<AgeClass> = Vec::new();
        let mut step_of_age = Vec::new();
        for years in 0..=tariff.last_age() {
            let age_band = tariff.age_band(years).expect("the bands of ages have no gap");
            let child_band = tariff.child_band(years);
            match ages.last_mut().filter(|step| (step.age_band, step.child_band) == (age_band, child_band)) {
                Some(step) => step.years.to = years,
                None => ages.push(AgeClass { years: Band { from: years, to: years }, age_band, child_band }),
            }
            step_of_age.push(u8::try_from(ages.len() - 1).expect("an edition ends at 150 years"));
        }
        let covers: Vec<(usize, usize)> = contract
            .plans
            .iter()
            .enumerate()
            .flat_map(|(plan, terms)| (0..terms.covers.len()).map(move |cover| (plan, cover)))
            .collect();
        let first_cover = (0..contract.plans.len())
            .map(|plan| covers.iter().position(|(of, _)| *of == plan).unwrap_or(covers.len()))
            .collect();
        let risk_groups = tariff.risk.value.iter().map(|row| row.group).collect();
        Self { ages, step_of_age, first_cover, covers, risk_groups }
    }

    /// The step of an age, or `None` past the last age of the tariff (`I5`).
    #[must_use]
    pub fn step(&self, age_years: u16) -> Option<u8> {
        self.step_of_age.get(usize::from(age_years)).copied()
    }

    /// The place of a risk group, or `None` where the tariff has no such group.
    #[must_use]
    pub fn risk(&self, group: u8) -> Option<u8> {
        self.risk_groups.iter().position(|listed| *listed == group).and_then(|place| u8::try_from(place).ok())
    }

    /// How many cells there are.
    #[must_use]
    pub fn cells(&self) -> usize {
        self.covers.len() * self.ages.len() * self.risk_groups.len()
    }

    /// The place of the cell of a plan's first cover; the next covers of the plan follow, [`Axes::stride`] apart.
    #[must_use]
    pub fn first_cell(&self, plan: usize, step: u8, risk: u8) -> usize {
        self.first_cover[plan] * self.stride() + usize::from(step) * self.risk_groups.len() + usize::from(risk)
    }

    /// How far the cells of one cover are from those of the next.
    #[must_use]
    pub fn stride(&self) -> usize {
        self.ages.len() * self.risk_groups.len()
    }

    /// The coordinates of a cell.
    #[must_use]
    pub fn coordinates(&self, cell: usize) -> Coordinates {
        let (plan, cover) = self.covers[cell / self.stride()];
        let rest = cell % self.stride();
        Coordinates { plan, cover, step: rest / self.risk_groups.len(), risk: rest % self.risk_groups.len() }
    }
}

/// Where a cell stands on every axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coordinates {
    /// The plan, by its place in the contract.
    pub plan: usize,
    /// The cover, by its place in the plan.
    pub cover: usize,
    /// The ages, by their place in [`Axes::ages`].
    pub step: usize,
    /// The risk group, by its place in the tariff.
    pub risk: usize,
}

/// A rated cell.
#[derive(Debug, Clone)]
pub struct Cell {
    /// The chosen rate with every digit, as the files show it.
    pub rate: String,
    /// The premium of a line that has the cover's sum insured and the contract's whole term: most lines.
    pub whole: PriceCorridor,
    sum_insured: Kopecks,
    days: u32,
    low: PreparedRate,
    chosen: PreparedRate,
    high: PreparedRate,
}

/// The same amount in the three prices.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct PriceCorridor {
    /// Every range at its low end.
    pub low: Kopecks,
    /// Where the contract stands.
    pub chosen: Kopecks,
    /// Every range at its high end.
    pub high: Kopecks,
}

impl Cell {
    /// Rates a cell of a cover.
    ///
    /// # Errors
    ///
    /// [`Refusal`] where there is no rate at these ages.
    pub fn rate(
        rating: &Rating<'_>,
        contract: &Contract,
        cover: &Cover,
        ages: &AgeClass,
        risk: usize,
    ) -> Result<Self, Refusal> {
        let rate = |corner| rating.trace(cover, ages, risk, corner).map(|trace| trace.rate());
        let chosen: Rate = rate(PricePoint::Chosen)?;
        let year_days = contract.term.year_days();
        let mut cell = Self {
            rate: chosen.to_string(),
            whole: PriceCorridor::default(),
            sum_insured: cover.sum_insured,
            days: contract.term.period().days(),
            low: rate(PricePoint::Low)?.prepare(year_days),
            chosen: chosen.prepare(year_days),
            high: rate(PricePoint::High)?.prepare(year_days),
        };
        cell.whole = cell.priced(cell.sum_insured, cell.days);
        Ok(cell)
    }

    /// The premium of a line with this sum insured and so many days of cover.
    #[must_use]
    pub fn premium(&self, sum_insured: Kopecks, days: u32) -> Kopecks {
        if self.is_whole(sum_insured, days) { self.whole.chosen } else { self.chosen.premium(sum_insured, days) }
    }

    /// The premium of such a line in the three prices.
    #[must_use]
    pub fn corners(&self, sum_insured: Kopecks, days: u32) -> PriceCorridor {
        if self.is_whole(sum_insured, days) { self.whole } else { self.priced(sum_insured, days) }
    }

    /// Whether a line has the cover's sum insured and the contract's whole term.
    #[must_use]
    pub fn is_whole(&self, sum_insured: Kopecks, days: u32) -> bool {
        sum_insured == self.sum_insured && days == self.days
    }

    fn priced(&self, sum_insured: Kopecks, days: u32) -> PriceCorridor {
        PriceCorridor {
            low: self.low.premium(sum_insured, days),
            chosen: self.chosen.premium(sum_insured, days),
            high: self.high.premium(sum_insured, days),
        }
    }
}
