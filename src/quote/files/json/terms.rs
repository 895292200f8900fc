//! What a quote says of its terms: the edition, the covers of each plan, and every coefficient with its clause.

use serde::Serialize;

use crate::pricing::rating::PricePoint;
use crate::pricing::trace::{Factor, Step};
use crate::quote::contract::Cover;
use crate::quote::contract::choice::ChosenBy;
use crate::quote::{Price, Quote};
use crate::tariff::Tariff;
use crate::tariff::programme::ServiceId;
use crate::tariff::range::Range;

/// The edition of the tariff.
#[derive(Serialize)]
pub struct Edition<'q> {
    #[serde(rename = "edition")]
    code: &'q str,
    title: &'q str,
    valid_from: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_to: Option<String>,
}

impl<'q> Edition<'q> {
    pub fn new(tariff: &'q Tariff) -> Self {
        let edition = &tariff.edition;
        Self {
            code: &edition.code,
            title: &edition.title,
            valid_from: edition.valid_from.to_string(),
            valid_to: edition.valid_to.map(|day| day.to_string()),
        }
    }
}

/// The coefficients by age.
#[derive(Serialize)]
pub struct Ages<'q> {
    clause: &'q str,
    rule: &'static str,
    bands: Vec<ByAge>,
}

impl<'q> Ages<'q> {
    pub fn new(tariff: &'q Tariff) -> Self {
        let bands = tariff.age.value.iter().map(|band| ByAge {
            from: band.years.from,
            to: band.years.to,
            value: band.coefficient.to_string(),
        });
        Self { clause: &tariff.age.clause, rule: "I7", bands: bands.collect() }
    }
}

/// What a number is at some ages, in completed years.
#[derive(Serialize, Clone, PartialEq, Eq)]
struct ByAge {
    from: u16,
    to: u16,
    value: String,
}

/// A programme of a plan.
#[derive(Serialize)]
pub struct PlanCover<'q> {
    programme: &'q str,
    name: &'q str,
    name_en: &'q str,
    sum_insured: String,
    exclude: Vec<Service<'q>>,
    include: Vec<Service<'q>>,
    /// The factors of its rates in the order of the formula, but for those that the whole contract has.
    factors: Vec<CoverFactor<'q>>,
}

#[derive(Serialize)]
struct Service<'q> {
    #[serde(rename = "service")]
    code: &'q str,
    name: &'q str,
    name_en: &'q str,
}

/// A factor of a cover's rates: one value, or one for each of the children's ages.
#[derive(Serialize)]
struct CoverFactor<'q> {
    factor: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    services: Vec<&'q str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    by_age: Vec<ByAge>,
    #[serde(flatten)]
    choice: Option<Choice>,
    clause: &'q str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'static str>,
}

/// The range that a coefficient was taken from.
#[derive(Serialize)]
struct Choice {
    low: String,
    high: String,
    chosen: bool,
    by: &'static str,
}

impl From<(Range, ChosenBy)> for Choice {
    fn from((range, by): (Range, ChosenBy)) -> Self {
        let (low, high) = (range.low.to_string(), range.high.to_string());
        Self { low, high, chosen: by != ChosenBy::Nobody, by: by.as_str() }
    }
}

impl<'q> PlanCover<'q> {
    pub fn new(quote: &'q Quote<'_>, price: &'q Price<'_>, cover: &'q Cover) -> Self {
        let tariff = quote.tariff;
        let programme = &tariff.programmes[cover.programme];
        let service = |id: ServiceId| {
            let service = &tariff.services[id.0];
            Service { code: &service.code, name: &service.name, name_en: &service.name_en }
        };
        Self {
            programme: &programme.code,
            name: &programme.name,
            name_en: &programme.name_en,
            sum_insured: cover.sum_insured.to_string(),
            exclude: cover.exclude.iter().map(|excluded| service(excluded.service)).collect(),
            include: cover.include.iter().copied().map(service).collect(),
            factors: factors(tariff, price, cover),
        }
    }
}

/// The factors of a cover at all the ages that it has a rate for, put together.
fn factors<'q>(tariff: &'q Tariff, price: &'q Price<'_>, cover: &Cover) -> Vec<CoverFactor<'q>> {
    let mut factors: Vec<CoverFactor<'q>> = Vec::new();
    for ages in &price.axes.ages {
        let Ok(trace) = price.rating.trace(cover, ages, 0, PricePoint::Chosen) else { continue };
        let own = trace.steps.into_iter().filter(|step| is_of_cover(&step.factor));
        for (place, step) in own.enumerate() {
            let value = step.coefficient.to_string();
            if factors.len() == place {
                factors.push(factor(tariff, &step));
            }
            let by_age = &mut factors[place].by_age;
            match by_age.last_mut().filter(|last| last.value == value) {
                Some(last) => last.to = ages.years.to,
                None => by_age.push(ByAge { from: ages.years.from, to: ages.years.to, value }),
            }
        }
    }
    for factor in &mut factors {
        if let [always] = factor.by_age.as_slice() {
            factor.value = Some(always.value.clone());
            factor.by_age.clear();
        }
    }
    factors
}

/// Whether a cover has the factor for itself, and not with the whole contract.
const fn is_of_cover(factor: &Factor) -> bool {
    !matches!(factor, Factor::Headcount | Factor::Age | Factor::Risk(_))
}

fn factor<'q>(tariff: &'q Tariff, step: &Step<'q>) -> CoverFactor<'q> {
    CoverFactor {
        factor: step.factor.as_str(),
        services: tariff.service_codes(step.factor.services().iter().copied()),
        value: None,
        by_age: Vec::new(),
        choice: step.choice.map(Choice::from),
        clause: step.clause,
        rule: step.rule,
    }
}
