//! The cube of a contract: plan × cover × age class × risk group, every combination that can have a rate of its own.

use rust_decimal::Decimal;

use crate::pricing::terms::Terms;
use crate::tariff::Tariff;
use crate::tariff::band::{Band, MAX_AGE};

/// Ages to which the tariff gives the same coefficients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AgeClass {
    /// The ages, in completed years.
    pub years: Band,
    /// Their band in the table of §2.2: its index; one past the last where the table has no such ages.
    pub age_band: usize,
    /// Their band among the children's (`I6`): its index; none for adults.
    pub child_band: Option<usize>,
    /// The coefficient that an underwriter chose, where the table has none (`I73`).
    pub accepted: Option<Decimal>,
}

/// The axes of a cube, by which the index of a cell follows from its coordinates and the other way round.
#[derive(Debug, Clone)]
pub struct Axes {
    /// The age classes: from age 0 to the last age of §2.2, then one for each accepted coefficient (`I73`).
    pub ages: Vec<AgeClass>,
    /// The class of each age.
    class_of_age: Vec<u8>,
    /// The index of each plan's first cover among all covers.
    first_cover: Vec<usize>,
    /// Every cover as (plan, cover in the plan).
    covers: Vec<(usize, usize)>,
    risk_groups: Vec<u8>,
}

impl Axes {
    /// The axes of a contract's cube.
    ///
    /// # Panics
    ///
    /// Never for a proved tariff: its ages have no gap and end by 150 years.
    #[must_use]
    pub fn new(tariff: &Tariff, terms: &Terms) -> Self {
        let mut ages: Vec<AgeClass> = Vec::new();
        let mut class_of_age = Vec::new();
        for years in 0..=tariff.last_age() {
            let age_band = tariff.age_band(years).expect("the bands of ages have no gap");
            let child_band = tariff.child_band(years);
            let is_same = |class: &&mut AgeClass| (class.age_band, class.child_band) == (age_band, child_band);
            if let Some(class) = ages.last_mut().filter(is_same) {
                class.years.to = years;
            } else {
                let years = Band { from: years, to: years };
                ages.push(AgeClass { years, age_band, child_band, accepted: None });
            }
            class_of_age.push(u8::try_from(ages.len() - 1).expect("an edition ends at 150 years"));
        }
        let years = Band { from: tariff.last_age() + 1, to: MAX_AGE };
        ages.extend(terms.accepted_ages.iter().map(|coefficient| AgeClass {
            years,
            age_band: tariff.age.value.len(),
            child_band: None,
            accepted: Some(*coefficient),
        }));
        let mut covers = Vec::new();
        let mut first_cover = Vec::new();
        for (at, plan) in terms.plans.iter().enumerate() {
            first_cover.push(covers.len());
            covers.extend((0..plan.covers.len()).map(|cover| (at, cover)));
        }
        let risk_groups = tariff.risk.value.iter().map(|row| row.group).collect();
        Self { ages, class_of_age, first_cover, covers, risk_groups }
    }

    /// The class of an age: its index in [`Axes::ages`]; `None` past the last age of the tariff (`I5`).
    #[must_use]
    pub fn age_class(&self, age_years: u16) -> Option<u8> {
        self.class_of_age.get(usize::from(age_years)).copied()
    }

    /// The class of insured with an accepted coefficient (`I73`): its index in [`Axes::ages`]; `None` where the terms have no such
    /// coefficient.
    #[must_use]
    pub fn accepted_class(&self, coefficient: Decimal) -> Option<u8> {
        self.ages.iter().position(|class| class.accepted == Some(coefficient)).and_then(|at| u8::try_from(at).ok())
    }

    /// The classes of the ages that the table of §2.2 has.
    pub fn tariff_ages(&self) -> impl Iterator<Item = &AgeClass> {
        self.ages.iter().filter(|class| class.accepted.is_none())
    }

    /// The index of a risk group in the tariff, or `None` where the tariff has no such group.
    #[must_use]
    pub fn risk(&self, group: u8) -> Option<u8> {
        self.risk_groups.iter().position(|listed| *listed == group).and_then(|at| u8::try_from(at).ok())
    }

    /// The number of cells.
    #[must_use]
    pub fn cells(&self) -> usize {
        self.covers.len() * self.stride()
    }

    /// The index of the cell of a plan's first cover; those of its next covers follow, [`Axes::stride`] apart.
    #[must_use]
    pub fn first_cell(&self, plan: usize, age_class: u8, risk: u8) -> usize {
        self.first_cover[plan] * self.stride() + usize::from(age_class) * self.risk_groups.len() + usize::from(risk)
    }

    /// The number of cells of one cover.
    #[must_use]
    pub fn stride(&self) -> usize {
        self.ages.len() * self.risk_groups.len()
    }

    /// The coordinates of a cell.
    #[must_use]
    pub fn coordinates(&self, cell: usize) -> Coordinates {
        let (plan, cover) = self.covers[cell / self.stride()];
        let rest = cell % self.stride();
        Coordinates { plan, cover, age_class: rest / self.risk_groups.len(), risk: rest % self.risk_groups.len() }
    }
}

/// The place of a cell on every axis of the cube.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coordinates {
    /// The index of the plan in the contract.
    pub plan: usize,
    /// The index of the cover in the plan.
    pub cover: usize,
    /// The index of the age class in [`Axes::ages`].
    pub age_class: usize,
    /// The index of the risk group in the tariff.
    pub risk: usize,
}
