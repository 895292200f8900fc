//! A contract's choices in the tariff's ranges (`I2`, `I3`, `I72`), and the coefficients that they give.

use std::fmt;

use rust_decimal::{Decimal, RoundingStrategy};

use crate::base::named_enum::named_enum;
use crate::base::rule::Rule;
use crate::tariff::range::{Range, RangePoint};

/// The decimals of a coefficient that keeps its share of a range (`I38`).
const SHARE_DECIMALS: u32 = 4;

/// The coefficient that has the same share of one range as a number has of another, rounded half away from zero to four decimals; the
/// middle where the other range has no width (`I38`).
#[must_use]
pub fn same_share(number: Decimal, here: Range, there: Range) -> Decimal {
    if here.low >= here.high {
        return there.mid();
    }
    let share = (number - here.low) / (here.high - here.low);
    let coefficient = there.low + share * (there.high - there.low);
    coefficient.round_dp_with_strategy(SHARE_DECIMALS, RoundingStrategy::MidpointAwayFromZero).normalize()
}

/// One of the three prices of a contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PricePoint {
    /// With every range at its low end.
    Low,
    /// With the contract's choices.
    Chosen,
    /// With every range at its high end.
    High,
}

/// A coefficient that was chosen in a range of the tariff.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChosenCoefficient {
    /// The coefficient.
    pub coefficient: Decimal,
    /// The range.
    pub range: Range,
    /// Which line of the contract file chose it.
    pub by: ChosenBy,
}

impl ChosenCoefficient {
    pub(super) fn new(range: Range, (choice, by): (RangeChoice, ChosenBy)) -> Self {
        Self { coefficient: choice.coefficient(range), range, by }
    }

    /// The coefficient that a contract leaves out (`I72`): 1 in all three prices.
    #[must_use]
    pub const fn not_applied() -> Self {
        let range = Range { low: Decimal::ONE, high: Decimal::ONE };
        Self { coefficient: Decimal::ONE, range, by: ChosenBy::NotApplied }
    }

    /// The rule by which the coefficient was found: `I2`, or `I72` where the contract leaves it out.
    #[must_use]
    pub fn rule(self) -> Rule {
        if self.by == ChosenBy::NotApplied { Rule::I72 } else { Rule::I2 }
    }

    /// The coefficient in one of the three prices.
    #[must_use]
    pub fn at(self, point: PricePoint) -> Decimal {
        match point {
            PricePoint::Low => self.range.low,
            PricePoint::Chosen => self.coefficient,
            PricePoint::High => self.range.high,
        }
    }
}

/// A contract's choice in a range of the tariff (`I2`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RangeChoice {
    /// An end or the middle, whatever the range.
    Point(RangePoint),
    /// A number inside the range.
    Number(Decimal),
}

impl RangeChoice {
    /// The coefficient that is chosen in this range.
    #[must_use]
    pub fn coefficient(self, range: Range) -> Decimal {
        match self {
            Self::Point(point) => range.at(point),
            Self::Number(number) => number,
        }
    }
}

impl fmt::Display for RangeChoice {
    /// As the contract file writes it: `mid`, `0.87`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Point(point) => point.fmt(f),
            Self::Number(number) => number.fmt(f),
        }
    }
}

/// A contract's choice for the headcount coefficient (§2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeadcountChoice {
    /// In the range of the band of the headcount (`I2`).
    InBand(RangeChoice),
    /// On the straight line along the band (`I3`).
    Interpolate,
    /// The coefficient is left out (`I72`).
    NotApplied,
}

/// A contract's choice for the coefficient of a risk group (§2.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RiskChoice {
    /// In the range of the group (`I2`).
    InRange(RangeChoice),
    /// The coefficient is left out (`I72`).
    NotApplied,
}

/// The word of the contract file for a coefficient that is left out (`I72`).
pub const NOT_APPLIED: &str = "none";

impl fmt::Display for RiskChoice {
    /// As the contract file writes it: `mid`, `0.87`, `none`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InRange(choice) => choice.fmt(f),
            Self::NotApplied => f.write_str(NOT_APPLIED),
        }
    }
}

named_enum! {
    /// Which line of the contract file chose a coefficient in a range.
    pub enum ChosenBy {
        /// None: the middle is taken, and the quote marks the coefficient as not chosen (`I2`).
        Default = "nobody",
        /// `ranges`, the choice for every range that has none of its own.
        Ranges = "ranges",
        /// The choice for this very range.
        Contract = "contract",
        /// The contract leaves the coefficient out (`I72`).
        NotApplied = "not_applied",
        /// An underwriter, for an insured outside of the tariff (`I73`).
        Accepted = "accepted",
    }
}

/// A contract's choices in the tariff's ranges; those for base rates and exclusions
/// stand in the covers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choices {
    /// For every range that has no choice of its own.
    pub ranges: Option<RangePoint>,
    /// For the headcount.
    pub headcount: Option<HeadcountChoice>,
    /// For risk groups, by the number of the group, in the order of the contract file.
    pub risk: Vec<(u8, RiskChoice)>,
}

impl Choices {
    /// The choices in another headcount band: a number chosen for the headcount keeps its share of the range (`I38`).
    #[must_use]
    pub fn in_band(&self, here: Range, there: Range) -> Self {
        let headcount = match self.headcount {
            Some(HeadcountChoice::InBand(RangeChoice::Number(number))) if here != there => {
                Some(HeadcountChoice::InBand(RangeChoice::Number(same_share(number, here, there))))
            }
            headcount => headcount,
        };
        Self { headcount, ..self.clone() }
    }

    /// The choice for a range whose own choice is `own`, and which line made it.
    #[must_use]
    pub fn resolve(&self, own: Option<RangeChoice>) -> (RangeChoice, ChosenBy) {
        match (own, self.ranges) {
            (Some(choice), _) => (choice, ChosenBy::Contract),
            (None, Some(point)) => (RangeChoice::Point(point), ChosenBy::Ranges),
            (None, None) => (RangeChoice::Point(RangePoint::default()), ChosenBy::Default),
        }
    }

    /// The coefficient of a risk group with this range, and which line chose it.
    #[must_use]
    pub fn risk(&self, group: u8, range: Range) -> ChosenCoefficient {
        let own = match self.risk.iter().find(|(named, _)| *named == group) {
            Some((_, RiskChoice::NotApplied)) => return ChosenCoefficient::not_applied(),
            Some((_, RiskChoice::InRange(choice))) => Some(*choice),
            None => None,
        };
        ChosenCoefficient::new(range, self.resolve(own))
    }
}
