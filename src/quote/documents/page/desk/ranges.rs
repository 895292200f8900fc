//! The ranges of the tariff in which an underwriter moves a saved quote, and the contract's choice in each (`I2`, `I72`).

use serde::Serialize;

use crate::base::messages::{Language, Message};
use crate::base::money::Rate;
use crate::base::rule::Rule;
use crate::pricing::choice::{ChosenBy, NOT_APPLIED};
use crate::quote::documents::coefficient::chosen_by;
use crate::quote::exact::Exact;
use crate::quote::quote_json::{Choice, Coefficient, Cover, CoverFactor, Figure, QuoteJson};
use crate::quote::saved_quote::RatedCell;
use crate::tariff::range::RangePoint;

/// The word of the contract file for the straight line along the headcount band (`I3`).
const INTERPOLATE: &str = "interpolate";

/// The factor to which a range belongs, by the key of the contract file that chooses in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case", tag = "key")]
pub enum RangeKey {
    /// `headcount` of `[choices]` (§2.1).
    Headcount,
    /// A group of `risk` in `[choices]` (§2.5).
    Risk {
        /// The number of the group.
        group: u8,
    },
    /// `base_rate` of a cover (§1).
    BaseRate {
        /// The plan, by its place in the quote.
        plan: usize,
        /// The cover, by its place in the plan.
        cover: usize,
    },
    /// The coefficient of one service in `exclude` of a cover (§2.6.2).
    Exclude {
        /// The plan, by its place in the quote.
        plan: usize,
        /// The cover, by its place in the plan.
        cover: usize,
        /// The service, by its place in `exclude`.
        service: usize,
    },
}

/// A range with the contract's choice in it.
#[derive(Debug, Clone, Serialize)]
pub struct RangeData {
    /// The factor.
    #[serde(flatten)]
    pub key: RangeKey,
    /// Its name for a reader.
    pub name: String,
    /// The clause of the tariff.
    pub clause: String,
    /// The lower end.
    pub low: Exact,
    /// The higher end.
    pub high: Exact,
    /// The coefficient in the quote; 1 where the contract leaves it out.
    pub value: Exact,
    /// The contract's own choice in this range: a word of the contract file or a number; none where `ranges` or the default decides.
    pub choice: Option<String>,
    /// Which line of the contract chose, for a reader.
    pub chosen_by: String,
    /// The point that `ranges` of the contract chose here.
    #[serde(skip)]
    by_ranges: Option<RangePoint>,
}

/// The ranges of a quote.
pub struct Ranges {
    /// The ranges that a line uses and whose ends differ, in the order of [`RangeKey`].
    pub moved: Vec<RangeData>,
    /// The choice of `ranges` in the contract, where a range follows it.
    pub point: Option<RangePoint>,
}

impl Ranges {
    /// The ranges that the price list of a saved quote uses.
    pub fn new(quote: &QuoteJson, rates: &[RatedCell], language: Language) -> Self {
        let uses_group = |group: u8| rates.iter().any(|rate| rate.risk_group == group);
        let mut all = whole_contract(quote, language);
        for (plan_at, plan) in quote.plans.iter().enumerate() {
            for (cover_at, cover) in plan.covers.iter().enumerate() {
                let of_cover = cover.factors.iter().filter_map(|factor| {
                    let key = cover_key(cover, factor, (plan_at, cover_at))?;
                    let name = cover_name(key, &plan.code, cover, language);
                    let choice = factor.choice.as_ref()?;
                    Some(range_of_cover(key, name, factor, choice, language))
                });
                all.extend(of_cover);
            }
        }
        all.sort_by_key(|range| range.key);
        let is_wide = |range: &RangeData| range.low.value() < range.high.value();
        let point = all.iter().filter(|range| is_wide(range)).find_map(|range| range.by_ranges);
        let is_used = |key: RangeKey| match key {
            RangeKey::Headcount => true,
            RangeKey::Risk { group } => uses_group(group),
            RangeKey::BaseRate { plan, cover } | RangeKey::Exclude { plan, cover, .. } => {
                rates.iter().any(|rate| (rate.plan, rate.cover) == (plan, cover))
            }
        };
        all.retain(|range| is_wide(range) && is_used(range.key));
        Self { moved: all, point }
    }

    /// The place of a range among those that are moved.
    pub fn place(&self, key: RangeKey) -> Option<usize> {
        self.moved.iter().position(|range| range.key == key)
    }
}

/// The key of a factor of a cover that the tariff gives as a range.
pub fn cover_key(cover: &Cover, factor: &CoverFactor, (plan, cover_at): (usize, usize)) -> Option<RangeKey> {
    factor.choice.as_ref()?;
    match (factor.factor.as_str(), factor.services.as_slice()) {
        ("base", _) => Some(RangeKey::BaseRate { plan, cover: cover_at }),
        ("exclusion", [code]) => {
            let service = cover.exclude.iter().position(|excluded| excluded.code == *code)?;
            Some(RangeKey::Exclude { plan, cover: cover_at, service })
        }
        _ => None,
    }
}

/// The contract's own choice for a coefficient of a whole contract, in the form of the contract file.
pub fn own_choice(coefficient: &Coefficient) -> Option<String> {
    if coefficient.rule == Rule::I3.to_string() {
        return Some(INTERPOLATE.to_owned());
    }
    choice_word(&coefficient.by, &coefficient.value, (&coefficient.low, &coefficient.high))
}

/// The headcount and every risk group.
fn whole_contract(quote: &QuoteJson, language: Language) -> Vec<RangeData> {
    let range = |key: RangeKey, name: Message, coefficient: &Coefficient| {
        let choice = coefficient.choice();
        let (low, high) = match &coefficient.tariff_range {
            Some(ends) => (ends.low.clone(), ends.high.clone()),
            None => (choice.low.clone(), choice.high.clone()),
        };
        RangeData {
            key,
            name: language.render(&name),
            clause: coefficient.clause.clone(),
            by_ranges: point_by_ranges(&choice, &coefficient.value),
            low,
            high,
            value: coefficient.value.clone(),
            choice: own_choice(coefficient),
            chosen_by: chosen_by(&choice.by, language),
        }
    };
    let coefficients = &quote.coefficients;
    let headcount = range(RangeKey::Headcount, Message::new("range-factor-headcount"), &coefficients.headcount);
    let groups = coefficients.risk.iter().map(|(group, risk)| {
        let name = Message::new("factor-risk").with("group", group.to_string());
        range(RangeKey::Risk { group: *group }, name, risk)
    });
    std::iter::once(headcount).chain(groups).collect()
}

fn range_of_cover(key: RangeKey, name: String, factor: &CoverFactor, choice: &Choice, language: Language) -> RangeData {
    let value = match &factor.figure {
        Figure::Always(value) => value.clone(),
        // the tariff gives no range by age
        Figure::ByAge(values) => values.first().map_or_else(|| choice.low.clone(), |value| value.value.clone()),
    };
    RangeData {
        key,
        name,
        clause: factor.clause.clone(),
        by_ranges: point_by_ranges(choice, &value),
        choice: choice_word(&choice.by, &value, (&choice.low, &choice.high)),
        low: choice.low.clone(),
        high: choice.high.clone(),
        value,
        chosen_by: chosen_by(&choice.by, language),
    }
}

fn cover_name(key: RangeKey, plan: &str, cover: &Cover, language: Language) -> String {
    let name = match key {
        RangeKey::Exclude { service, .. } => {
            Message::new("range-factor-exclusion").with("service", cover.exclude[service].name(language))
        }
        _ => Message::new("range-factor-base-rate"),
    };
    language.render(&name.with("plan", plan).with("programme", cover.programme.as_str()))
}

/// The choice that the contract names for a range: the point at which the coefficient is, or its number.
fn choice_word(by: &str, value: &Exact, ends: (&Exact, &Exact)) -> Option<String> {
    match ChosenBy::parse(by)? {
        ChosenBy::NotApplied => Some(NOT_APPLIED.to_owned()),
        ChosenBy::Contract => Some(point_at(value, ends).map_or_else(|| value.to_string(), |point| point.to_string())),
        ChosenBy::Default | ChosenBy::Ranges | ChosenBy::Accepted => None,
    }
}

/// The point of a range that `ranges` of the contract chose, where it decides this range.
fn point_by_ranges(choice: &Choice, value: &Exact) -> Option<RangePoint> {
    (ChosenBy::parse(&choice.by)? == ChosenBy::Ranges).then(|| point_at(value, (&choice.low, &choice.high)))?
}

/// The point of a range at which a coefficient is.
fn point_at(value: &Exact, (low, high): (&Exact, &Exact)) -> Option<RangePoint> {
    let (value, low, high): (Rate, Rate, Rate) = (value.value(), low.value(), high.value());
    let is_middle = value.clone() + value.clone() == low.clone() + high.clone();
    match () {
        () if is_middle => Some(RangePoint::Mid),
        () if value == low => Some(RangePoint::Low),
        () if value == high => Some(RangePoint::High),
        () => None,
    }
}
