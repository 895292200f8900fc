//! The derivation of a rate: its factors, each with its clause and rule.

use rust_decimal::Decimal;

use crate::base::money::Rate;
use crate::base::rule::Rule;
use crate::pricing::choice::{ChosenBy, ChosenCoefficient, PricePoint};
use crate::tariff::programme::ServiceId;
use crate::tariff::range::Range;

/// The derivation of one rate, which is the exact product of its steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace<'c> {
    /// The factors, in the order of the formula; the first is the base rate.
    pub steps: Vec<TraceStep<'c>>,
}

impl Trace<'_> {
    /// The exact product of the factors: the rate with the contract's choices.
    #[must_use]
    pub fn rate(&self) -> Rate {
        self.rate_at(PricePoint::Chosen)
    }

    /// The exact product of the factors in one of the three prices.
    #[must_use]
    pub fn rate_at(&self, point: PricePoint) -> Rate {
        Rate::product(self.steps.iter().map(|step| step.at(point)))
    }
}

/// One factor of a rate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceStep<'c> {
    /// What the factor stands for.
    pub factor: Factor,
    /// Its value with the contract's choices.
    pub coefficient: Decimal,
    /// The range in which it was chosen and by which line; none where the tariff gives one number.
    pub choice: Option<(Range, ChosenBy)>,
    /// The clause of the tariff that gives it.
    pub clause: &'c str,
    /// The rule by which the clause is read (`I2`), where one is needed.
    pub rule: Option<Rule>,
}

impl<'c> TraceStep<'c> {
    /// Whether the coefficient depends on the children's band (`I6`, `I8`).
    #[must_use]
    pub fn is_by_child_band(&self) -> bool {
        matches!(self.rule, Some(Rule::I6 | Rule::I8))
    }

    /// Whether the contract leaves the coefficient out (`I72`): it is 1, and files leave its column empty.
    #[must_use]
    pub fn is_left_out(&self) -> bool {
        matches!(self.choice, Some((_, ChosenBy::NotApplied)))
    }

    /// Whether the contract sets the factor aside from the tariff's table: it leaves it out (`I72`), or an underwriter chose it for an
    /// insured outside of the table (`I73`).
    #[must_use]
    pub fn is_override(&self) -> bool {
        self.is_left_out() || matches!(self.choice, Some((_, ChosenBy::Accepted)))
    }

    /// The range in which the coefficient was chosen; none where the tariff gives one number or the contract leaves the
    /// coefficient out.
    #[must_use]
    pub fn range(&self) -> Option<Range> {
        self.choice.filter(|_| !self.is_left_out()).map(|(range, _)| range)
    }

    /// The coefficient in one of the three prices; one that an underwriter chose is the same in all of them (`I73`).
    #[must_use]
    pub fn at(&self, point: PricePoint) -> Decimal {
        match self.choice {
            Some((range, by)) if by != ChosenBy::Accepted => {
                ChosenCoefficient { coefficient: self.coefficient, range, by }.at(point)
            }
            _ => self.coefficient,
        }
    }

    /// The word for where the coefficient comes from: `tariff`, or that of [`ChosenBy`].
    #[must_use]
    pub const fn chosen_by(&self) -> &'static str {
        match (&self.choice, &self.factor) {
            (Some((_, by)), _) => by.as_str(),
            (None, Factor::PriceChange | Factor::AdditionalServices) => ChosenBy::Contract.as_str(),
            (None, _) => "tariff",
        }
    }

    pub(super) fn fixed(factor: Factor, coefficient: Decimal, clause: &'c str, rule: Option<Rule>) -> Self {
        Self { factor, coefficient, choice: None, clause, rule }
    }

    pub(super) fn chosen(factor: Factor, chosen: ChosenCoefficient, clause: &'c str, rule: Rule) -> Self {
        let choice = Some((chosen.range, chosen.by));
        Self { factor, coefficient: chosen.coefficient, choice, clause, rule: Some(rule) }
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
    /// Excluded services with one coefficient together (§2.6).
    Exclusion(Vec<ServiceId>),
    /// An included service (§2.6.7.2).
    Inclusion(ServiceId),
    /// The collective contract (§2.6.5).
    Collective,
}

impl Factor {
    /// The word in files; exclusions have one, whatever the services, and so have inclusions.
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

    /// The services that are excluded or included; none for the other factors.
    #[must_use]
    pub fn services(&self) -> &[ServiceId] {
        match self {
            Self::Exclusion(services) => services,
            Self::Inclusion(service) => std::slice::from_ref(service),
            _ => &[],
        }
    }
}
