//! The sums of a price change: of one contract, and of its lines by plan and programme.

use std::collections::BTreeMap;
use std::ops::AddAssign;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::base::as_text;
use crate::base::money::Kopecks;
use crate::portfolio::premium::price_change::LinePrices;

/// What a price change does to the premium of some lines.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PremiumEffect {
    /// Full-year premium of the lines that have not ended, at the old rates.
    #[serde(with = "as_text")]
    pub annual_before: Kopecks,
    /// Full-year premium of these lines at the new rates.
    #[serde(with = "as_text")]
    pub annual_after: Kopecks,
    /// The additional premium.
    #[serde(with = "as_text")]
    pub additional: Kopecks,
    /// The credit.
    #[serde(with = "as_text")]
    pub credit: Kopecks,
}

impl PremiumEffect {
    /// The additional premium less the credit: below zero where the policyholder gets something back.
    #[must_use]
    pub fn net(self) -> Kopecks {
        self.additional - self.credit
    }

    /// The amounts in their order.
    #[must_use]
    pub const fn amounts(self) -> [Kopecks; 4] {
        [self.annual_before, self.annual_after, self.additional, self.credit]
    }
}

impl From<[Kopecks; 4]> for PremiumEffect {
    fn from([annual_before, annual_after, additional, credit]: [Kopecks; 4]) -> Self {
        Self { annual_before, annual_after, additional, credit }
    }
}

impl AddAssign for PremiumEffect {
    fn add_assign(&mut self, other: Self) {
        self.annual_before += other.annual_before;
        self.annual_after += other.annual_after;
        self.additional += other.additional;
        self.credit += other.credit;
    }
}

/// The figures of a change in one contract.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Sums {
    /// The number of lines that were read.
    pub lines: u64,
    /// The number of them that are repriced.
    pub repriced: u64,
    /// The effect on its lines.
    pub effect: PremiumEffect,
    /// The premium of the unexpired days at the old rates (`I22`).
    pub unexpired: Kopecks,
    /// The premium of all lines as their rows have it, without later price changes.
    pub premium: Kopecks,
    /// That of the lines that are not repriced.
    pub premium_of_untouched: Kopecks,
    /// The repriced lines by plan and programme.
    pub groups: BTreeMap<(Arc<str>, Arc<str>), GroupSums>,
}

/// The figures of the repriced lines of a plan and programme.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct GroupSums {
    /// Their number.
    pub lines: u64,
    /// The effect on them.
    pub effect: PremiumEffect,
}

impl GroupSums {
    /// Adds the sums of another.
    pub fn add(&mut self, other: &Self) {
        self.lines += other.lines;
        self.effect += other.effect;
    }
}

impl From<LinePrices> for GroupSums {
    fn from(line: LinePrices) -> Self {
        let amount = |kopecks: i64| Kopecks::new(kopecks.into());
        Self {
            lines: 1,
            effect: PremiumEffect {
                annual_before: amount(line.annual_before),
                annual_after: amount(line.annual_after),
                additional: amount(line.amount.max(0)),
                credit: amount(line.amount.min(0).abs()),
            },
        }
    }
}

impl Sums {
    pub(super) fn add(&mut self, other: Self) {
        self.lines += other.lines;
        self.repriced += other.repriced;
        self.effect += other.effect;
        self.unexpired += other.unexpired;
        self.premium += other.premium;
        self.premium_of_untouched += other.premium_of_untouched;
        for (key, group) in other.groups {
            self.groups.entry(key).or_default().add(&group);
        }
    }
}
