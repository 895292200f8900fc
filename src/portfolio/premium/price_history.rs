//! The price changes that a contract has gone through, and what days of cover cost under them (`I19`, `I21`).

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::base::calendar::days_since_1970;
use crate::base::money::{Kopecks, Rate};
use crate::portfolio::premium::line::days_between;
use crate::portfolio::premium::price_change::PriceTerms;
use crate::quote::contract::PriceDecrease;

/// The price changes of the book in one contract, in the order of their first days, then of their runs.
///
/// Two levels follow from them for each programme (`I19`): the cost level is the product of all coefficients; the charged level is the
/// same, or, where the contract keeps its price when prices fall, the highest cost level reached, at least 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceHistory {
    /// The changes.
    pub applied: Vec<AppliedChange>,
    /// The number of days of the contract year.
    pub year_days: u32,
    decrease: PriceDecrease,
}

/// A price change of one programme of a contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppliedChange {
    /// The run that applied it.
    pub run: i64,
    /// The id of the change.
    pub change: String,
    /// The first day of the new price.
    pub effective: Date,
    /// The code of the programme.
    pub programme: String,
    /// The coefficient of the change: the factor of the cost level.
    pub coefficient: Decimal,
    /// The factor of the charged level; `None` where that level stays.
    pub factor: Option<Rate>,
}

/// Consecutive days of cover in a programme.
#[derive(Debug, Clone, Copy)]
pub struct CoveredDays<'d> {
    /// The code of the programme.
    pub programme: &'d str,
    /// The rate at inception, before any price change of the book.
    pub rate: &'d Rate,
    /// The sum insured.
    pub sum_insured: Kopecks,
    /// The first day, in days since 1970.
    pub first: i32,
    /// The last day.
    pub last: i32,
}

impl PriceHistory {
    /// The history of a contract with these changes, in any order.
    #[must_use]
    pub fn new(applied: Vec<AppliedChange>, decrease: PriceDecrease, year_days: u32) -> Self {
        let mut history = Self { applied, year_days, decrease };
        history.charge();
        history
    }

    /// The history with more changes.
    #[must_use]
    pub fn with(&self, more: Vec<AppliedChange>) -> Self {
        Self::new(self.applied.iter().cloned().chain(more).collect(), self.decrease, self.year_days)
    }

    /// Keeps the changes that meet a condition, and charges them anew.
    pub fn retain(&mut self, keeps: impl Fn(&AppliedChange) -> bool) {
        self.applied.retain(keeps);
        self.charge();
    }

    /// Sorts the changes, and works out by how much each changes the charged level.
    fn charge(&mut self) {
        self.applied.sort_by(|one, other| {
            (one.effective, one.run, &one.programme).cmp(&(other.effective, other.run, &other.programme))
        });
        for at in 0..self.applied.len() {
            let (before, rest) = self.applied.split_at_mut(at);
            let applied = &mut rest[0];
            let before = before.iter().filter(|before| before.programme == applied.programme);
            applied.factor = charged_factor(before, applied.coefficient, self.decrease);
        }
    }

    /// Whether a change of the book is among these.
    #[must_use]
    pub fn has(&self, change: &str) -> bool {
        self.applied.iter().any(|applied| applied.change == change)
    }

    /// The factor by which a new change of a programme changes its charged level on a day; `None` where the level stays.
    #[must_use]
    pub fn factor(&self, programme: &str, coefficient: Decimal, effective: Date) -> Option<Rate> {
        charged_factor(self.changes_until(programme, effective), coefficient, self.decrease)
    }

    /// The terms of a new change that is effective on a day, with its factors of the charged levels by programme: later changes count after it.
    #[must_use]
    pub fn terms(&self, factors: BTreeMap<String, Rate>, effective: Date) -> PriceTerms {
        let mut growth: BTreeMap<String, Rate> = BTreeMap::new();
        for applied in self.applied.iter().filter(|applied| applied.factor.is_some() && applied.effective <= effective)
        {
            let programme = &applied.programme;
            growth.entry(programme.clone()).or_insert_with(|| self.growth_on(programme, effective));
        }
        PriceTerms { year_days: self.year_days, growth, factors }
    }

    /// The cost levels of a programme from a new change on, each as the level before a coefficient and that coefficient: of the new change,
    /// then of the later ones (`I19`).
    #[must_use]
    pub fn cost_steps(&self, programme: &str, coefficient: Decimal, effective: Date) -> Vec<(Rate, Decimal)> {
        let later = self.changes(programme).filter(|applied| applied.effective > effective);
        let coefficients = std::iter::once(coefficient).chain(later.map(|applied| applied.coefficient));
        let mut level: Rate =
            self.changes_until(programme, effective).map(|applied| Rate::from(applied.coefficient)).product();
        let step = |coefficient: Decimal| {
            let before = level.clone();
            level = before.clone() * Rate::from(coefficient);
            (before, coefficient)
        };
        coefficients.map(step).collect()
    }

    /// The cost level of a programme: the product of all coefficients (`I19`).
    #[must_use]
    pub fn cost_level(&self, programme: &str) -> Rate {
        self.changes(programme).map(|applied| Rate::from(applied.coefficient)).product()
    }

    /// The charged level of a programme (`I19`).
    #[must_use]
    pub fn growth(&self, programme: &str) -> Rate {
        self.growth_on(programme, Date::MAX)
    }

    /// The charged level of a programme on a day.
    #[must_use]
    pub fn growth_on(&self, programme: &str, day: Date) -> Rate {
        self.changes_until(programme, day).filter_map(|applied| applied.factor.clone()).product()
    }

    /// The rate in force on a day, from the rate at inception.
    #[must_use]
    pub fn rate_on(&self, programme: &str, rate: &Rate, day: i32) -> Rate {
        let effective = self.changes(programme).filter(|applied| days_since_1970(applied.effective) <= day);
        rate.clone() * effective.filter_map(|applied| applied.factor.clone()).product()
    }

    /// The price changes of each run after a run, by what was known then: what they added does not depend on runs that came later.
    #[must_use]
    pub fn since(&self, run: i64) -> ChangesSince {
        let runs: BTreeSet<i64> = self.applied.iter().map(|applied| applied.run).filter(|of| *of > run).collect();
        let known_after = |run: i64| {
            let mut known = self.clone();
            known.retain(|applied| applied.run <= run);
            (run, known)
        };
        ChangesSince(runs.into_iter().map(known_after).collect())
    }

    /// The amount that one of the changes adds to the premium of days, or takes from it (`I21`).
    #[must_use]
    pub fn added_by(&self, at: usize, days: CoveredDays<'_>) -> Kopecks {
        let applied = &self.applied[at];
        let unexpired = days_between(days.first.max(days_since_1970(applied.effective)), days.last);
        let Some(factor) = applied.factor.as_ref().filter(|_| applied.programme == days.programme && unexpired > 0)
        else {
            return Kopecks::ZERO;
        };
        let before = self.applied[..at].iter().filter(|before| before.programme == days.programme);
        let before: Rate = before.filter_map(|before| before.factor.clone()).product();
        let step = days.rate.clone() * before * factor.distance_from_one();
        let amount = step.prepare(self.year_days).premium(days.sum_insured, unexpired);
        if *factor >= Rate::from(Decimal::ONE) { amount } else { -amount }
    }

    fn changes<'h>(&'h self, programme: &'h str) -> impl Iterator<Item = &'h AppliedChange> {
        self.applied.iter().filter(move |applied| applied.programme == programme)
    }

    /// The changes of a programme that are effective on a day or earlier.
    fn changes_until<'h>(&'h self, programme: &'h str, day: Date) -> impl Iterator<Item = &'h AppliedChange> {
        self.changes(programme).filter(move |applied| applied.effective <= day)
    }
}

/// The price changes of a contract that runs have applied since its rows were written, each run with the history as known after it.
#[derive(Debug)]
pub struct ChangesSince(Vec<(i64, PriceHistory)>);

impl ChangesSince {
    /// The amount that these runs have added to the premium of a line.
    #[must_use]
    pub fn added(&self, days: CoveredDays<'_>) -> Kopecks {
        let by_run = |(run, known): &(i64, PriceHistory)| {
            let of_run = (0..known.applied.len()).filter(|at| known.applied[*at].run == *run);
            of_run.map(|at| known.added_by(at, days)).sum::<Kopecks>()
        };
        self.0.iter().map(by_run).sum()
    }
}

/// The factor of the charged level of a change after those before it.
///
/// Where falls are kept, that is the product of all coefficients since the charged level was last reached, if it is above 1.
fn charged_factor<'c>(
    before: impl Iterator<Item = &'c AppliedChange>,
    coefficient: Decimal,
    decrease: PriceDecrease,
) -> Option<Rate> {
    let one = Rate::from(Decimal::ONE);
    if decrease == PriceDecrease::Credit {
        return Some(Rate::from(coefficient)).filter(|factor| *factor != one);
    }
    let mut pending = one.clone();
    for applied in before {
        pending = pending * Rate::from(applied.coefficient);
        if pending > one {
            pending = one.clone();
        }
    }
    Some(pending * Rate::from(coefficient)).filter(|factor| *factor > one)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn factors(decrease: PriceDecrease, coefficients: &[&str]) -> Vec<String> {
        let applied = coefficients.iter().zip(1..).map(|(coefficient, run)| AppliedChange {
            run: run.into(),
            change: run.to_string(),
            effective: date(2027, run, 1),
            programme: "16".to_owned(),
            coefficient: coefficient.parse().unwrap(),
            factor: None,
        });
        let history = PriceHistory::new(applied.collect(), decrease, 365);
        let factor = |applied: &AppliedChange| applied.factor.as_ref().map_or("-".to_owned(), Rate::to_string);
        history.applied.iter().map(factor).collect()
    }

    #[test]
    fn i19_a_kept_fall_is_used_up_before_a_rise_is_charged() {
        let kept = |coefficients: &[&str]| factors(PriceDecrease::Keep, coefficients);
        // 0.5 × 2 = 1: nothing above what is charged already
        assert_eq!(kept(&["0.5", "2"]), ["-", "-"]);
        // 0.5 × 3 = 1.5
        assert_eq!(kept(&["0.5", "3"]), ["-", "1.5"]);
        // charged 1.2, cost 1.2 × 0.9 = 1.08, then 1.08 × 1.5 = 1.62 = 1.2 × 1.35
        assert_eq!(kept(&["1.2", "0.9", "1.5"]), ["1.2", "-", "1.35"]);
        assert_eq!(kept(&["1.5", "1.2"]), ["1.5", "1.2"]);
        assert_eq!(factors(PriceDecrease::Credit, &["0.5", "2", "1.0"]), ["0.5", "2", "-"]);
    }
}
