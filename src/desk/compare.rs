//! The difference between two quotes, divided among its causes to the kopeck.
//!
//! The insured of both quotes are matched (`matching`). For each pair the price before is turned into the price after (`attribution`):
//! one [`Cause`] after another takes its later value, in the fixed order of [`Cause::ALL`]; the premium is rounded after each as a line
//! is, and the change of the premium is the amount of that cause. The amounts therefore add up to the difference exactly, and do not
//! depend on the order of rows.

mod attribution;
mod cause;
mod compared_quote;
mod matching;

pub use cause::{Cause, CauseAmounts};
pub use compared_quote::{ComparedInsured, ComparedQuote};

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::base::money::Kopecks;
use attribution::Attribution;
use matching::match_insured;

/// Two quotes and their difference.
#[derive(Debug)]
pub struct Comparison {
    /// The quote before.
    pub before: ComparedQuote,
    /// The quote after.
    pub after: ComparedQuote,
    /// The difference of the contracts, by cause.
    pub causes: CauseAmounts,
    /// The difference of each plan: the plans of the quote before, then those that only the quote after has.
    pub plans: Vec<PlanDifference>,
    /// The insured who left, joined, changed plan or whose premium a cause changed: those of the quote before in its order, then the
    /// joiners.
    pub insured: Vec<InsuredDifference>,
    /// The number of insured who changed plan, at whatever price.
    pub changed_plan: usize,
    /// The number of insured by the change of their premium, from the largest fall to the largest rise.
    pub distribution: Vec<ChangeCount>,
}

/// The difference of a plan.
///
/// An insured who changes plan leaves the old plan with the premium before and enters the new one with it; the causes count in the new
/// plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanDifference {
    /// The code.
    pub code: String,
    /// The premium before; zero if the quote before has no such plan.
    pub before: Kopecks,
    /// The premium after; zero if the quote after has no such plan.
    pub after: Kopecks,
    /// The difference, by cause.
    pub causes: CauseAmounts,
}

/// The difference of an insured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InsuredDifference {
    /// Index of the insured in the quote before; `None` for a joiner.
    pub before: Option<usize>,
    /// Index of the insured in the quote after; `None` for a leaver.
    pub after: Option<usize>,
    /// The difference, by cause.
    pub causes: CauseAmounts,
}

/// The insured of both quotes whose premiums changed by a similar share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangeCount {
    /// The share.
    pub band: ChangeBand,
    /// The number of insured.
    pub insured: usize,
    /// The sum of their differences.
    pub difference: Kopecks,
}

/// A band of shares by which premiums change; ordered from the largest fall to the largest rise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ChangeBand(
    /// One-based index of the lower bound in [`ChangeBand::BOUNDS`], negative for a fall, 0 for no change.
    i8,
);

impl ChangeBand {
    /// The lower bounds of the bands, in percent of the premium before.
    const BOUNDS: [u8; 6] = [0, 1, 5, 10, 20, 50];

    /// The band of a change from one premium to another.
    #[must_use]
    pub fn new(before: Kopecks, after: Kopecks) -> Self {
        let change = (after - before).get().unsigned_abs();
        // a rise from zero exceeds every bound
        let exceeds = |percent: &u8| change * 100 > before.get().unsigned_abs() * u128::from(*percent);
        let band = Self::BOUNDS.iter().zip(1..).filter(|(percent, _)| exceeds(percent)).map(|(_, place)| place).last();
        let band: i8 = band.unwrap_or_default();
        Self(if after < before { -band } else { band })
    }

    /// Whether the premium fell, is the same or rose.
    #[must_use]
    pub fn direction(self) -> Ordering {
        self.0.cmp(&0)
    }

    /// The bounds of the band in percent: more than the first, at most the second; no second for the last band, `None` for no change.
    #[must_use]
    pub fn percents(self) -> Option<(u8, Option<u8>)> {
        let place = usize::from(self.0.unsigned_abs()).checked_sub(1)?;
        Some((Self::BOUNDS[place], Self::BOUNDS.get(place + 1).copied()))
    }
}

impl Comparison {
    /// Compares two quotes.
    #[must_use]
    pub fn new(before: ComparedQuote, after: ComparedQuote) -> Self {
        let mut sums = Sums::default();
        let mut attribution = Attribution::new(&before, &after);
        for (left, right) in match_insured(&before, &after) {
            let was = left.map(|at| &before.insured[at]);
            let is = right.map(|at| &after.insured[at]);
            let mut causes = CauseAmounts::default();
            let mut changes_plan = false;
            match (was, is) {
                (Some(was), Some(is)) => {
                    causes = attribution.attribute(was, is);
                    let [from, to] = [&before.plans[was.plan], &after.plans[is.plan]];
                    let premiums = (before.premium_of(was), after.premium_of(is));
                    changes_plan = from != to;
                    if changes_plan {
                        sums.count_change_of_plan(from, to, premiums.0);
                    }
                    sums.plan(to).join(&causes);
                    sums.count_change(premiums);
                }
                (Some(was), None) => {
                    causes.add(Cause::Left, -before.premium_of(was));
                    sums.plan(&before.plans[was.plan]).join(&causes);
                }
                (None, Some(is)) => {
                    causes.add(Cause::Joined, after.premium_of(is));
                    sums.plan(&after.plans[is.plan]).join(&causes);
                }
                (None, None) => unreachable!("a pair has at least one insured"),
            }
            sums.total.join(&causes);
            if !causes.is_empty() || changes_plan || left.is_none() || right.is_none() {
                sums.insured.push(InsuredDifference { before: left, after: right, causes });
            }
        }
        drop(attribution);
        let Sums { total, plans, insured, changed_plan, changes } = sums;
        let plans = plan_differences(&before, &after, &plans);
        let count = |(band, (insured, difference))| ChangeCount { band, insured, difference };
        let distribution = changes.into_iter().map(count).collect();
        Self { causes: total, plans, insured, changed_plan, distribution, before, after }
    }

    /// The premium after less the premium before; the amounts of the causes add up to it.
    #[must_use]
    pub fn difference(&self) -> Kopecks {
        self.after.premium() - self.before.premium()
    }
}

/// The sums over the pairs of insured.
#[derive(Default)]
struct Sums {
    total: CauseAmounts,
    plans: BTreeMap<String, CauseAmounts>,
    insured: Vec<InsuredDifference>,
    changed_plan: usize,
    changes: BTreeMap<ChangeBand, (usize, Kopecks)>,
}

impl Sums {
    fn plan(&mut self, code: &str) -> &mut CauseAmounts {
        self.plans.entry(code.to_owned()).or_default()
    }

    fn count_change_of_plan(&mut self, from: &str, to: &str, premium_before: Kopecks) {
        self.changed_plan += 1;
        self.plan(from).add(Cause::Plan, -premium_before);
        self.plan(to).add(Cause::Plan, premium_before);
    }

    fn count_change(&mut self, (before, after): (Kopecks, Kopecks)) {
        let (insured, difference) = self.changes.entry(ChangeBand::new(before, after)).or_default();
        *insured += 1;
        *difference += after - before;
    }
}

/// The difference of every plan of the two quotes.
fn plan_differences(
    before: &ComparedQuote,
    after: &ComparedQuote,
    causes: &BTreeMap<String, CauseAmounts>,
) -> Vec<PlanDifference> {
    let mut codes: Vec<&String> = before.plans.iter().collect();
    codes.extend(after.plans.iter().filter(|code| !before.plans.contains(code)));
    let difference = |code: &String| PlanDifference {
        code: code.clone(),
        before: before.premium_of_plan(code),
        after: after.premium_of_plan(code),
        causes: causes.get(code).cloned().unwrap_or_default(),
    };
    codes.into_iter().map(difference).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_of_premium_fall_into_bands_of_percent() {
        let band = |before, after| ChangeBand::new(Kopecks::new(before), Kopecks::new(after));
        assert_eq!(band(1000, 1000).percents(), None);
        // 0.1 %, 1 % exactly, 1.1 %, 50 %, 50.1 %
        assert_eq!(band(1000, 1001).percents(), Some((0, Some(1))));
        assert_eq!(band(1000, 990).percents(), Some((0, Some(1))));
        assert_eq!(band(1000, 1011).percents(), Some((1, Some(5))));
        assert_eq!(band(1000, 500).percents(), Some((20, Some(50))));
        assert_eq!(band(1000, 1501).percents(), Some((50, None)));
        assert_eq!(band(0, 1).percents(), Some((50, None)));
        assert!(band(1000, 400) < band(1000, 990) && band(1000, 990) < band(1000, 1000));
        assert_eq!(band(1000, 400).direction(), Ordering::Less);
    }
}
