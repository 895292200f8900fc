//! The derivation of a premium: its factors with the product after each, and the one rounding.

use crate::base::messages::Message;
use crate::base::money::{Kopecks, Rate, Unrounded};
use crate::pricing::cube::AgeClass;
use crate::pricing::rating::NoRate;
use crate::pricing::rating::Rating;
use crate::pricing::terms::Cover;
use crate::pricing::trace::{Factor, Trace};
use crate::quote::contract::Contract;
use crate::quote::{Admitted, Price, Quote};
use crate::tariff::Tariff;

/// The derivation of the premium of one line; the product of its steps is exactly the rate.
#[derive(Debug, Clone)]
pub struct Derivation<'c> {
    /// The cover.
    pub cover: &'c Cover,
    /// The factors with their clauses.
    pub trace: Trace<'c>,
    /// The product of the factors up to each step; the last is the rate.
    pub products: Vec<Rate>,
    /// The sum insured.
    pub sum_insured: Kopecks,
    /// The days of cover.
    pub days: u32,
    /// The days of the contract year.
    pub year_days: u32,
    /// `sum insured / 100 × rate × days / days of the contract year` before the rounding.
    pub unrounded: Unrounded,
    /// The premium: `unrounded` rounded half away from zero to kopecks.
    pub premium: Kopecks,
}

impl<'c> Derivation<'c> {
    /// Derives the premium of a cell for a sum insured and a number of days; `risk` is the index of the risk group in the tariff.
    ///
    /// # Errors
    ///
    /// [`NoRate`] if the tariff has no rate of the programme, or no coefficient of an exclusion, at these ages (`I6`, `I8`).
    pub fn for_cell(
        rating: &Rating<'c>,
        contract: &'c Contract,
        cover: &'c Cover,
        (ages, risk): (&AgeClass, usize),
        (sum_insured, days): (Kopecks, u32),
    ) -> Result<Self, NoRate> {
        let trace = rating.trace(cover, ages, risk)?;
        let coefficients = |steps: usize| trace.steps[..steps].iter().map(|step| step.coefficient);
        let products: Vec<Rate> = (1..=trace.steps.len()).map(|steps| Rate::product(coefficients(steps))).collect();
        let year_days = contract.term().year_days();
        let rate = trace.rate().prepare(year_days);
        let (unrounded, premium) = (rate.unrounded(sum_insured, days), rate.premium(sum_insured, days));
        Ok(Self { cover, trace, products, sum_insured, days, year_days, unrounded, premium })
    }

    /// Derives the premiums of an insured, one for each cover of the plan, in its order.
    ///
    /// # Panics
    ///
    /// If the insured is not among `price.lines.admitted`.
    #[must_use]
    pub fn for_insured(quote: &Quote<'c>, price: &Price<'c>, insured: &Admitted) -> Vec<Self> {
        let contract = quote.contract;
        let covers = &contract.terms.plans[usize::from(insured.plan)].covers;
        let cell = (&price.axes.ages[usize::from(insured.age_class)], usize::from(insured.risk));
        let lines = price.lines.of_insured(insured, contract, &price.axes, &quote.roster.insured).zip(covers);
        let derive = |(line, cover): (crate::quote::Line<'_>, &'c Cover)| {
            Self::for_cell(&price.rating, contract, cover, cell, (line.sum_insured, line.days))
                .expect("an admitted insured has a rate for every cover of the plan")
        };
        lines.map(derive).collect()
    }
}

/// The name of a factor for a reader; `headcount` and `ages` are those of the cell.
#[must_use]
pub fn factor_message(factor: &Factor, tariff: &Tariff, headcount: u32, ages: &AgeClass) -> Message {
    match factor {
        Factor::Base => Message::new("factor-base"),
        Factor::Headcount => Message::new("factor-headcount").with("headcount", headcount),
        Factor::Age => Message::new("factor-age").with("ages", tariff.age_band_name(ages.age_band)),
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
