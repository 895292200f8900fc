//! The sums of a price change: of one contract, and of its lines by plan and programme.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::base::money::Kopecks;
use crate::portfolio::premium::price_change::LinePrices;

/// The figures of a change in one contract.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Sums {
    /// The number of lines that were read.
    pub lines: u64,
    /// The number of them that are repriced.
    pub repriced: u64,
    /// Full-year premium of the lines that have not ended, at the old rates.
    pub annual_before: Kopecks,
    /// Full-year premium of these lines at the new rates.
    pub annual_after: Kopecks,
    /// The additional premium.
    pub additional: Kopecks,
    /// The credit.
    pub credit: Kopecks,
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
    /// Full-year premium at the old rates.
    pub annual_before: Kopecks,
    /// Full-year premium at the new rates.
    pub annual_after: Kopecks,
    /// The additional premium.
    pub additional: Kopecks,
    /// The credit.
    pub credit: Kopecks,
}

impl GroupSums {
    /// Adds the sums of another.
    pub fn add(&mut self, other: &Self) {
        self.lines += other.lines;
        self.annual_before += other.annual_before;
        self.annual_after += other.annual_after;
        self.additional += other.additional;
        self.credit += other.credit;
    }
}

impl From<LinePrices> for GroupSums {
    fn from(line: LinePrices) -> Self {
        let amount = |kopecks: i64| Kopecks::new(kopecks.into());
        Self {
            lines: 1,
            annual_before: amount(line.annual_before),
            annual_after: amount(line.annual_after),
            additional: amount(line.amount.max(0)),
            credit: amount(line.amount.min(0).abs()),
        }
    }
}

impl Sums {
    pub(super) fn add(&mut self, other: Self) {
        self.lines += other.lines;
        self.repriced += other.repriced;
        self.annual_before += other.annual_before;
        self.annual_after += other.annual_after;
        self.additional += other.additional;
        self.credit += other.credit;
        self.unexpired += other.unexpired;
        self.premium += other.premium;
        self.premium_of_untouched += other.premium_of_untouched;
        for (key, group) in other.groups {
            self.groups.entry(key).or_default().add(&group);
        }
    }
}
