//! How a price came about: factor by factor, with the product after each, and the one rounding.

use crate::base::messages::Message;
use crate::base::money::{Kopecks, Rate, Unrounded};
use crate::pricing::cube::AgeClass;
use crate::pricing::rating::{PricePoint, Rating};
use crate::pricing::trace::{Factor, Refusal, Trace};
use crate::quote::contract::{Contract, Cover};
use crate::quote::{Admitted, Price, Quote};
use crate::tariff::Tariff;

/// The derivation of one line's premium; its steps multiply to the rate exactly.
#[derive(Debug, Clone)]
pub struct Derivation<'c> {
    /// The cover.
    pub cover: &'c Cover,
    /// The factors with their clauses.
    pub trace: Trace<'c>,
    /// The product of the factors up to each, the last of which is the rate.
    pub products: Vec<Rate>,
    /// The sum insured.
    pub sum_insured: Kopecks,
    /// The days of cover.
    pub days: u32,
    /// The days of the contract year.
    pub year_days: u32,
    /// `sum insured / 100 × rate × days / contract year` before the rounding.
    pub unrounded: Unrounded,
    /// The same, rounded to kopecks.
    pub premium: Kopecks,
}

impl<'c> Derivation<'c> {
    /// The derivation of a cell's premium for a sum insured and some days; `risk` is the place of the group in the tariff.
    ///
    /// # Errors
    ///
    /// [`Refusal`] where the programme, or an exclusion of it, does not exist at these ages (`I6`, `I8`).
    pub fn of_cell(
        rating: &Rating<'c>,
        contract: &'c Contract,
        cover: &'c Cover,
        (ages, risk): (&AgeClass, usize),
        (sum_insured, days): (Kopecks, u32),
    ) -> Result<Self, Refusal> {
        let trace = rating.trace(cover, ages, risk, PricePoint::Chosen)?;
        let coefficients = |steps: usize| trace.steps[..steps].iter().map(|step| step.coefficient);
        let products: Vec<Rate> = (1..=trace.steps.len()).map(|steps| Rate::product(coefficients(steps))).collect();
        let year_days = contract.term.year_days();
        let rate = trace.rate().prepare(year_days);
        let (unrounded, premium) = (rate.unrounded(sum_insured, days), rate.premium(sum_insured, days));
        Ok(Self { cover, trace, products, sum_insured, days, year_days, unrounded, premium })
    }

    /// The derivations of an insured's lines, in the plan's order of covers.
    ///
    /// # Panics
    ///
    /// If the insured is not one of those that the price admits.
    #[must_use]
    pub fn of_insured(quote: &Quote<'c>, price: &Price<'c>, insured: &Admitted) -> Vec<Self> {
        let contract = quote.contract;
        let covers = &contract.plans[usize::from(insured.plan)].covers;
        let cell = (&price.axes.ages[usize::from(insured.step)], usize::from(insured.risk));
        let lines = price.lines.of(insured, contract, &price.axes, &quote.roster.insured).zip(covers);
        let derive = |(line, cover): (crate::quote::Line<'_>, &'c Cover)| {
            Self::of_cell(&price.rating, contract, cover, cell, (line.sum_insured, line.days))
                .expect("an admitted insured has a rate for every cover of the plan")
        };
        lines.map(derive).collect()
    }
}

/// What a factor stands for, in words; `headcount` and the ages are those of the cell.
#[must_use]
pub fn factor_words(factor: &Factor, tariff: &Tariff, headcount: u32, ages: &AgeClass) -> Message {
    match factor {
        Factor::Base => Message::new("factor-base"),
        Factor::Headcount => Message::new("factor-headcount").with("headcount", headcount),
        Factor::Age => Message::new("factor-age").with("ages", tariff.age.value[ages.age_band].years.to_string()),
        Factor::Risk(group) => Message::new("factor-risk").with("group", group.to_string()),
        Factor::PriceChange => Message::new("factor-price-change"),
        Factor::AdditionalServices => Message::new("factor-additional"),
        Factor::Exclusion(services) => {
            Message::new("factor-exclusion").with("services", tariff.service_names(services))
        }
        Factor::Inclusion(service) => {
            Message::new("factor-inclusion").with("service", tariff.service_names(&[*service]))
        }
        Factor::Collective => Message::new("factor-collective"),
    }
}
