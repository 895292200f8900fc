//! The ranges of the tariff that a contract's price depends on, each a lever that the underwriter can move.

use std::collections::BTreeMap;

use rust_decimal::{Decimal, RoundingStrategy};

use crate::base::messages::Message;
use crate::base::source_file::Spanned;
use crate::desk::exposure::Exposure;
use crate::pricing::rating::PricePoint;
use crate::pricing::trace::Factor;
use crate::quote::contract::Contract;
use crate::quote::contract::choice::{ChosenBy, HeadcountChoice, MAX_DECIMALS, RangeChoice};
use crate::quote::{Price, Quote};
use crate::tariff::Tariff;
use crate::tariff::programme::ServiceId;
use crate::tariff::range::Range;

/// One step of a coefficient: the last decimal that a contract may state (`I2`).
pub const STEP: Decimal = Decimal::from_parts(1, 0, 0, false, MAX_DECIMALS);

/// A range of the tariff, by where a contract file chooses in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RangeFactor {
    /// `headcount` of `[choices]` (§2.1).
    Headcount,
    /// The group of this number in `risk` of `[choices]` (§2.5).
    Risk(u8),
    /// `base_rate` of a cover (§1, programme 6).
    BaseRate {
        /// The plan, by its place in the contract.
        plan: usize,
        /// The cover, by its place in the plan.
        cover: usize,
    },
    /// The coefficient of something in `exclude` of a cover (§2.6.2).
    Exclusion {
        /// The plan, by its place in the contract.
        plan: usize,
        /// The cover, by its place in the plan.
        cover: usize,
        /// What is excluded.
        service: ServiceId,
    },
}

/// A lever of a contract, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The lever.
    pub lever: RangeFactor,
    /// Its range.
    pub range: Range,
    /// The coefficient of the contract.
    pub coefficient: Decimal,
    /// Who chose it.
    pub by: ChosenBy,
    /// The clause that gives the range.
    pub clause: String,
}

impl RangeFactor {
    /// The word for it: that of the contract file, and `risk.2` for a single group.
    #[must_use]
    pub fn code(self) -> String {
        match self {
            Self::Headcount => "headcount".to_owned(),
            Self::Risk(group) => format!("risk.{group}"),
            Self::BaseRate { .. } => "base_rate".to_owned(),
            Self::Exclusion { .. } => "exclude".to_owned(),
        }
    }

    /// Whether a word means the lever: its own, or `risk` for every group.
    #[must_use]
    pub fn is_named(self, word: &str) -> bool {
        word == self.code() || (word == "risk" && matches!(self, Self::Risk(_)))
    }

    /// What it is, for people.
    #[must_use]
    pub fn words(self, contract: &Contract, tariff: &Tariff) -> Message {
        let (plan, programme) = self.of_cover(contract, tariff).unwrap_or_default();
        match self {
            Self::Headcount => Message::new("lever-headcount"),
            Self::Risk(group) => Message::new("factor-risk").with("group", group.to_string()),
            Self::BaseRate { .. } => Message::new("lever-base-rate").with("plan", plan).with("programme", programme),
            Self::Exclusion { service, .. } => {
                let service = tariff.service_names(&[service]);
                Message::new("lever-exclusion").with("plan", plan).with("programme", programme).with("service", service)
            }
        }
    }

    /// The codes of the plan and the programme that it belongs to, if it belongs to one cover.
    #[must_use]
    pub fn of_cover<'c>(self, contract: &'c Contract, tariff: &'c Tariff) -> Option<(&'c str, &'c str)> {
        let (Self::BaseRate { plan, cover } | Self::Exclusion { plan, cover, .. }) = self else { return None };
        let plan = &contract.plans[plan];
        Some((plan.code.as_str(), tariff.programmes[plan.covers[cover].programme].code.as_str()))
    }

    /// Moves the lever of a contract to a coefficient inside the range.
    ///
    /// # Panics
    ///
    /// If the contract has no such cover, or the cover does not exclude the service.
    pub fn set(self, contract: &mut Contract, coefficient: Decimal) {
        let pick = RangeChoice::Number(coefficient);
        match self {
            Self::Headcount => {
                let span = contract.choices.headcount.take().map_or(0..0, |at| at.span);
                contract.choices.headcount = Some(Spanned { value: HeadcountChoice::RangeChoice(pick), span });
            }
            Self::Risk(group) => {
                let risk = &mut contract.choices.risk;
                match risk.iter_mut().find(|(named, _)| *named == group) {
                    Some((_, chosen)) => *chosen = pick,
                    None => risk.push((group, pick)),
                }
            }
            Self::BaseRate { plan, cover } => contract.plans[plan].covers[cover].base_rate = Some(pick),
            Self::Exclusion { plan, cover, service } => {
                let exclude = &mut contract.plans[plan].covers[cover].exclude;
                let excluded = exclude.iter_mut().find(|excluded| excluded.service == service);
                excluded.expect("a lever belongs to something that is excluded").pick = Some(pick);
            }
        }
    }
}

/// The words that mean some of these levers, each once, `risk` before its groups.
#[must_use]
pub fn known(levers: &[Standing]) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for lever in levers.iter().map(|standing| standing.lever) {
        let whole = matches!(lever, RangeFactor::Risk(_)).then(|| "risk".to_owned());
        for word in whole.into_iter().chain([lever.code()]) {
            if !words.contains(&word) {
                words.push(word);
            }
        }
    }
    words
}

impl Standing {
    /// The levers that move the price of a quote, in the order headcount, risk groups, base rates, exclusions.
    ///
    /// A range that no line meets, or that has but one coefficient, is no lever.
    #[must_use]
    pub fn all(quote: &Quote<'_>, price: &Price<'_>, mix: &Exposure<'_>) -> Vec<Self> {
        let mut found = BTreeMap::new();
        for at in mix.cells() {
            let cover = &quote.contract.plans[at.plan].covers[at.cover];
            let trace = price.rating.trace(cover, &price.axes.ages[at.step], at.risk, PricePoint::Chosen);
            for step in trace.map(|trace| trace.steps).unwrap_or_default() {
                let Some((range, by)) = step.choice.filter(|(range, _)| range.low < range.high) else { continue };
                let (plan, cover) = (at.plan, at.cover);
                let lever = match step.factor {
                    Factor::Headcount => RangeFactor::Headcount,
                    Factor::Risk(group) => RangeFactor::Risk(group),
                    Factor::Base => RangeFactor::BaseRate { plan, cover },
                    Factor::Exclusion(services) => RangeFactor::Exclusion { plan, cover, service: services[0] },
                    _ => continue,
                };
                let standing = Self { lever, range, coefficient: step.coefficient, by, clause: step.clause.to_owned() };
                found.entry(lever).or_insert(standing);
            }
        }
        found.into_values().collect()
    }

    /// How many steps of [`STEP`] there are between the two ends.
    ///
    /// The ends of an edition with more decimals than a contract may state are taken as the nearest that it may, inside.
    #[must_use]
    pub fn steps(&self) -> u32 {
        let (low, high) = self.ends();
        u32::try_from(((high - low) / STEP).trunc().mantissa()).unwrap_or(0)
    }

    /// The coefficient so many steps above the lower end.
    #[must_use]
    pub fn at(&self, step: u32) -> Decimal {
        let mut coefficient = (self.ends().0 + STEP * Decimal::from(step)).normalize();
        coefficient.rescale(coefficient.scale().max(2));
        coefficient
    }

    fn ends(&self) -> (Decimal, Decimal) {
        let low = self.range.low.round_dp_with_strategy(MAX_DECIMALS, RoundingStrategy::ToPositiveInfinity);
        let high = self.range.high.round_dp_with_strategy(MAX_DECIMALS, RoundingStrategy::ToNegativeInfinity);
        (low, high.max(low))
    }
}
