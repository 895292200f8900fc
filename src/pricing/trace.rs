//! How a rate came about: the factors, each with its clause and rule.

use rust_decimal::Decimal;

use crate::base::messages::Message;
use crate::base::money::Rate;
use crate::pricing::rating::{Placed, PricePoint};
use crate::quote::contract::Cover;
use crate::quote::contract::choice::ChosenBy;
use crate::tariff::Tariff;
use crate::tariff::programme::ServiceId;
use crate::tariff::range::Range;

/// The derivation of one rate: its factors multiply to it exactly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace<'c> {
    /// The factors, in the order of the formula; the first is the base rate.
    pub steps: Vec<Step<'c>>,
}

impl Trace<'_> {
    /// The exact product of the factors.
    #[must_use]
    pub fn rate(&self) -> Rate {
        Rate::product(self.steps.iter().map(|step| step.coefficient))
    }
}

/// One factor of a rate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step<'c> {
    /// What it stands for.
    pub factor: Factor,
    /// Its value.
    pub coefficient: Decimal,
    /// The range that it was taken from and who chose, where the tariff gives a range.
    pub choice: Option<(Range, ChosenBy)>,
    /// The clause of the tariff that gives it.
    pub clause: &'c str,
    /// The rule by which the tariff was read, where one was needed.
    pub rule: Option<&'static str>,
}

impl<'c> Step<'c> {
    /// Whether the value is one of several by the children's bands (`I6`, `I8`).
    #[must_use]
    pub fn is_by_child_band(&self) -> bool {
        matches!(self.rule, Some("I6" | "I8"))
    }

    /// Who gave the factor its value: `tariff`, or the word of who chose.
    #[must_use]
    pub const fn chosen_by(&self) -> &'static str {
        match (&self.choice, &self.factor) {
            (Some((_, by)), _) => by.as_str(),
            (None, Factor::PriceChange | Factor::AdditionalServices) => ChosenBy::Name.as_str(),
            (None, _) => "tariff",
        }
    }

    pub(crate) fn fixed(factor: Factor, coefficient: Decimal, clause: &'c str, rule: Option<&'static str>) -> Self {
        Self { factor, coefficient, choice: None, clause, rule }
    }

    pub(crate) fn placed(
        factor: Factor,
        placed: Placed,
        corner: PricePoint,
        clause: &'c str,
        rule: &'static str,
    ) -> Self {
        let choice = Some((placed.range, placed.by));
        Self { factor, coefficient: placed.at(corner), choice, clause, rule: Some(rule) }
    }
}

/// What a factor of a rate stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Factor {
    /// The base rate (§1).
    Base,
    /// The headcount (§2.1).
    Headcount,
    /// The age (§2.2).
    Age,
    /// The risk group of this number (§2.5).
    Risk(u8),
    /// The price change (§2.3).
    PriceChange,
    /// The additional services (§2.4).
    AdditionalServices,
    /// Services excluded together by one coefficient (§2.6).
    Exclusion(Vec<ServiceId>),
    /// A service included (§2.6.7.2).
    Inclusion(ServiceId),
    /// The collective contract (§2.6.5).
    Collective,
}

impl Factor {
    /// The name for programs; those of exclusions and inclusions are alike whatever the service.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Base => "base",
            Self::Headcount => "headcount",
            Self::Age => "age",
            Self::Risk(_) => "risk",
            Self::PriceChange => "price_change",
            Self::AdditionalServices => "additional_services",
            Self::Exclusion(_) => "exclusion",
            Self::Inclusion(_) => "inclusion",
            Self::Collective => "collective",
        }
    }

    /// The services that it excludes or includes.
    #[must_use]
    pub fn services(&self) -> &[ServiceId] {
        match self {
            Self::Exclusion(services) => services,
            Self::Inclusion(service) => std::slice::from_ref(service),
            _ => &[],
        }
    }
}

/// Why a cell has no rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// A children's programme, and the insured is too old for it (`I6`).
    AgeOutsideProgramme,
    /// The tariff has a dash for this exclusion at this age (`I8`).
    ExclusionNotAtAge(ServiceId),
}

impl Refusal {
    /// What is wrong with somebody of this age on a cover, and what to do.
    #[must_use]
    pub fn message(self, tariff: &Tariff, cover: &Cover) -> Message {
        let programme = &tariff.programmes[cover.programme];
        match self {
            Self::AgeOutsideProgramme => {
                let last = tariff.child_bands.value.last().map_or(0, |band| band.to);
                Message::new("age-outside-programme")
                    .with("programme", programme.code.as_str())
                    .with("last", last.to_string())
                    .with("clause", tariff.child_bands.clause.as_str())
            }
            Self::ExclusionNotAtAge(service) => {
                let clause = programme.exclusions.as_ref().map_or("", |says| says.clause.as_str());
                Message::new("exclusion-not-at-age")
                    .with("service", tariff.service_names(&[service]))
                    .with("programme", programme.code.as_str())
                    .with("clause", clause)
            }
        }
    }
}
