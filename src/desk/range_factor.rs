//! The tariff's ranges that move the price of a contract, and the contract's coefficient in each.

use std::collections::BTreeMap;

use rust_decimal::{Decimal, RoundingStrategy};

use crate::base::messages::Message;
use crate::desk::exposure::Exposure;
use crate::pricing::choice::{ChosenBy, HeadcountChoice, RangeChoice, RiskChoice};
use crate::pricing::trace::Factor;
use crate::quote::contract::Contract;
use crate::quote::contract::MAX_COEFFICIENT_DECIMALS;
use crate::quote::{Price, Quote};
use crate::tariff::Tariff;
use crate::tariff::programme::ServiceId;
use crate::tariff::range::Range;

/// The smallest step of a coefficient that a contract file can state: 0.0001 (`I2`).
pub const STEP: Decimal = Decimal::from_parts(1, 0, 0, false, MAX_COEFFICIENT_DECIMALS);

/// A factor of the rate that the tariff gives as a range, named by the key of the contract file that chooses in it (`I2`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RangeFactor {
    /// `headcount` of `[choices]` (§2.1).
    Headcount,
    /// The group of this number in `risk` of `[choices]` (§2.5).
    Risk(u8),
    /// `base_rate` of a cover (§1, programme 6).
    BaseRate {
        /// Index of the plan in the contract.
        plan: usize,
        /// Index of the cover in the plan.
        cover: usize,
    },
    /// The coefficient of one service in `exclude` of a cover (§2.6.2).
    Exclusion {
        /// Index of the plan in the contract.
        plan: usize,
        /// Index of the cover in the plan.
        cover: usize,
        /// The excluded service.
        service: ServiceId,
    },
}

/// A range factor of a contract with its range and its current coefficient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RangePosition {
    /// The factor.
    pub factor: RangeFactor,
    /// The tariff's range.
    pub range: Range,
    /// The contract's coefficient in the range.
    pub coefficient: Decimal,
    /// What chose the coefficient: the contract, its `ranges`, or the default.
    pub chosen_by: ChosenBy,
    /// The clause that gives the range.
    pub clause: String,
}

impl RangeFactor {
    /// The word of the factor on the command line and in JSON: the key of the contract file, `risk.2` for one risk group.
    #[must_use]
    pub fn code(self) -> String {
        match self {
            Self::Headcount => "headcount".to_owned(),
            Self::Risk(group) => format!("risk.{group}"),
            Self::BaseRate { .. } => "base_rate".to_owned(),
            Self::Exclusion { .. } => "exclude".to_owned(),
        }
    }

    /// Whether a word of the command line selects the factor: its own code, or `risk` for every risk group.
    #[must_use]
    pub fn matches_word(self, word: &str) -> bool {
        word == self.code() || (word == "risk" && matches!(self, Self::Risk(_)))
    }

    /// The name of the factor for a reader.
    #[must_use]
    pub fn message(self, contract: &Contract, tariff: &Tariff) -> Message {
        let (plan, programme) = self.cover_codes(contract, tariff).unwrap_or_default();
        match self {
            Self::Headcount => Message::new("range-factor-headcount"),
            Self::Risk(group) => Message::new("factor-risk").with("group", group.to_string()),
            Self::BaseRate { .. } => {
                Message::new("range-factor-base-rate").with("plan", plan).with("programme", programme)
            }
            Self::Exclusion { service, .. } => {
                let service = tariff.service_names(&[service]);
                Message::new("range-factor-exclusion")
                    .with("plan", plan)
                    .with("programme", programme)
                    .with("service", service)
            }
        }
    }

    /// The codes of the plan and the programme of a base rate or an exclusion; `None` for headcount and risk groups.
    #[must_use]
    pub fn cover_codes<'c>(self, contract: &'c Contract, tariff: &'c Tariff) -> Option<(&'c str, &'c str)> {
        let (Self::BaseRate { plan, cover } | Self::Exclusion { plan, cover, .. }) = self else { return None };
        let plan = &contract.terms.plans[plan];
        Some((plan.code.as_str(), tariff.programmes[plan.covers[cover].programme].code.as_str()))
    }

    /// Sets the factor of a contract to a coefficient inside the range.
    ///
    /// # Panics
    ///
    /// If the contract has no such cover, or the cover does not exclude the service.
    pub fn set(self, contract: &mut Contract, coefficient: Decimal) {
        let choice = RangeChoice::Number(coefficient);
        match self {
            Self::Headcount => {
                contract.terms.choices.headcount = Some(HeadcountChoice::InBand(choice));
            }
            Self::Risk(group) => {
                let risk = &mut contract.terms.choices.risk;
                match risk.iter_mut().find(|(named, _)| *named == group) {
                    Some((_, chosen)) => *chosen = RiskChoice::InRange(choice),
                    None => risk.push((group, RiskChoice::InRange(choice))),
                }
            }
            Self::BaseRate { plan, cover } => contract.terms.plans[plan].covers[cover].base_rate = Some(choice),
            Self::Exclusion { plan, cover, service } => {
                let exclude = &mut contract.terms.plans[plan].covers[cover].exclude;
                let excluded = exclude.iter_mut().find(|excluded| excluded.service == service);
                excluded.expect("an exclusion factor belongs to an excluded service of the cover").choice =
                    Some(choice);
            }
        }
    }
}

/// The words that select these factors, each once, with `risk` before the words of its groups.
#[must_use]
pub fn range_words(positions: &[RangePosition]) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for factor in positions.iter().map(|position| position.factor) {
        let all_groups = matches!(factor, RangeFactor::Risk(_)).then(|| "risk".to_owned());
        for word in all_groups.into_iter().chain([factor.code()]) {
            if !words.contains(&word) {
                words.push(word);
            }
        }
    }
    words
}

impl RangePosition {
    /// The factors that move the price of a quote: headcount, risk groups, base rates, exclusions, in this order.
    ///
    /// A range that no line uses, whose two ends are equal, or that the contract does not apply (`I72`) is left out.
    #[must_use]
    pub fn all(quote: &Quote<'_>, price: &Price<'_>, exposure: &Exposure<'_>) -> Vec<Self> {
        let mut found = BTreeMap::new();
        for at in exposure.coordinates() {
            let cover = &quote.contract.terms.plans[at.plan].covers[at.cover];
            let trace = price.rating.trace(cover, &price.axes.ages[at.age_class], at.risk);
            for step in trace.map(|trace| trace.steps).unwrap_or_default() {
                let Some((range, chosen_by)) = step.choice.filter(|(range, _)| range.low < range.high) else {
                    continue;
                };
                let (plan, cover) = (at.plan, at.cover);
                let factor = match step.factor {
                    Factor::Headcount => RangeFactor::Headcount,
                    Factor::Risk(group) => RangeFactor::Risk(group),
                    Factor::Base => RangeFactor::BaseRate { plan, cover },
                    Factor::Exclusion(services) => RangeFactor::Exclusion { plan, cover, service: services[0] },
                    _ => continue,
                };
                let clause = step.clause.to_owned();
                let position = Self { factor, range, coefficient: step.coefficient, chosen_by, clause };
                found.entry(factor).or_insert(position);
            }
        }
        found.into_values().collect()
    }

    /// The number of [`STEP`]s between the two ends of the range.
    ///
    /// An end with more decimals than a contract can state is rounded into the range.
    #[must_use]
    pub fn steps(&self) -> u32 {
        let (low, high) = self.ends();
        u32::try_from(((high - low) / STEP).trunc().mantissa()).unwrap_or(0)
    }

    /// The coefficient `step` steps above the lower end of the range.
    #[must_use]
    pub fn coefficient_at(&self, step: u32) -> Decimal {
        let mut coefficient = (self.ends().0 + STEP * Decimal::from(step)).normalize();
        coefficient.rescale(coefficient.scale().max(2));
        coefficient
    }

    fn ends(&self) -> (Decimal, Decimal) {
        let low = self.range.low.round_dp_with_strategy(MAX_COEFFICIENT_DECIMALS, RoundingStrategy::ToPositiveInfinity);
        let high =
            self.range.high.round_dp_with_strategy(MAX_COEFFICIENT_DECIMALS, RoundingStrategy::ToNegativeInfinity);
        (low, high.max(low))
    }
}
