//! The cells of contract files that a line of the roster needs.

use std::path::PathBuf;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::money::Rate;
use crate::base::rule::Rule;
use crate::pricing::choice::PricePoint;
use crate::pricing::cube::AgeClass;
use crate::pricing::rating::NoRate;
use crate::pricing::rating::Rating;
use crate::pricing::terms::Cover;
use crate::pricing::trace::TraceStep;
use crate::quote::contract::Contract;
use crate::quote::rosters::read_roster;
use crate::quote::{Price, Quote};
use crate::scale_out::rate_table::cells::{Cell, CellSource, ContractCells, Factor};
use crate::tariff::{Catalogue, Tariff};

/// Contract files, with the editions of the tariff that price them.
pub struct Quoted<'t> {
    /// The files.
    pub contracts: Vec<PathBuf>,
    /// The editions.
    pub editions: &'t Catalogue,
}

impl CellSource for Quoted<'_> {
    fn visit_contracts(&self, visit: &mut dyn FnMut(ContractCells) -> Result<(), Error>) -> Result<(), Error> {
        self.contracts.iter().try_for_each(|path| {
            let (contract, tariff) = Contract::open_by(path, self.editions)?;
            let roster = read_roster(&[], &contract, &tariff, &())?;
            let quote = Quote::new(&contract, &tariff, roster, false)?;
            let unpriced = || Message::new("cube-unpriced").with("path", path.display().to_string());
            let price = quote.price.as_ref().ok_or_else(|| Error::Unlawful { reason: unpriced() })?;
            visit(cells(&quote, price))
        })
    }
}

fn cells(quote: &Quote<'_>, price: &Price<'_>) -> ContractCells {
    let Quote { contract, tariff, status, .. } = quote;
    let (first_day, last_day) = contract.days();
    let needed = (0..price.axes.cells()).filter(|at| price.lines.cell(*at).is_some());
    let cell = |(at, place): (usize, u32)| {
        let at = price.axes.coordinates(at);
        let plan = &contract.terms.plans[at.plan];
        let (cover, ages) = (&plan.covers[at.cover], &price.axes.ages[at.age_class]);
        let Ok(priced) = Priced::new(&price.rating, tariff, cover, ages, at.risk) else {
            unreachable!("a rated cell has a derivation");
        };
        Cell {
            cell: place,
            plan: plan.code.clone(),
            programme: tariff.programmes[cover.programme].code.clone(),
            age_from: ages.years.from.into(),
            age_to: ages.years.to.into(),
            risk_group: tariff.risk.value[at.risk].group.into(),
            sum_insured: cover.sum_insured,
            rates: priced.rates,
            factors: priced.factors,
        }
    };
    ContractCells {
        number: contract.number.clone(),
        tariff: tariff.id(),
        status: *status,
        first_day,
        last_day,
        year_days: contract.term().year_days(),
        cells: needed.zip(0..).map(cell).collect(),
    }
}

/// The rates of a cell with their derivation.
pub(crate) struct Priced {
    /// With every range at its low end, with the contract's choices, and with every range at its high end.
    pub rates: [Rate; 3],
    /// The factors of the contract's rate.
    pub factors: Vec<Factor>,
}

impl Priced {
    /// Derives a cell's rates.
    pub fn new(
        rating: &Rating<'_>,
        tariff: &Tariff,
        cover: &Cover,
        ages: &AgeClass,
        risk: usize,
    ) -> Result<Self, NoRate> {
        let trace = rating.trace(cover, ages, risk)?;
        let factors = trace.steps.iter().map(|step| factor(step, tariff)).collect();
        Ok(Self {
            rates: [PricePoint::Low, PricePoint::Chosen, PricePoint::High].map(|point| trace.rate_at(point)),
            factors,
        })
    }
}

fn factor(step: &TraceStep<'_>, tariff: &Tariff) -> Factor {
    let services = step.factor.services().iter().map(|id| tariff.services[id.0].code.as_str());
    Factor {
        factor: step.factor.as_str(),
        services: services.collect::<Vec<_>>().join(" "),
        coefficient: Rate::from(step.coefficient),
        range: step.range().map(|range| [Rate::from(range.low), Rate::from(range.high)]),
        chosen_by: step.chosen_by(),
        clause: step.clause.to_owned(),
        rule: step.rule.map(Rule::as_str),
        effective: None,
    }
}
