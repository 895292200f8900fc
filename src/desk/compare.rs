//! Where the money went between two quotes: parts that add up to the difference to the kopeck.
//!
//! The insured of both are paired (see [`pairs`]), and each pair is walked from the price before to the price after (see
//! [`walk`]): one cause after another takes its later value, in the order of [`Part`], the premium is rounded as a line is,
//! and the step's difference is that cause's part. The steps of a walk add up to the difference because they follow one
//! another; that order, and no order of rows, decides what belongs to whom.

pub(crate) mod attribution;
pub(crate) mod cause;
pub(crate) mod compared_quote;
pub(crate) mod matching;

pub use cause::{Part, Parts};
pub use compared_quote::{ComparedQuote, Person};

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::base::money::Kopecks;
use attribution::Walks;
use matching::pairs;

/// Two quotes and everything that lies between them.
#[derive(Debug)]
pub struct Comparison {
    /// The quote before.
    pub before: ComparedQuote,
    /// The quote after.
    pub after: ComparedQuote,
    /// The difference of the contract, by cause.
    pub parts: Parts,
    /// The same by plan, those of the quote before first.
    pub plans: Vec<PlanDifference>,
    /// Every insured who left, joined, changed plan or whose premium a cause has moved: those of the quote before in its order,
    /// then those who joined.
    pub people: Vec<PersonDifference>,
    /// How many insured are on another plan than before, whatever that did to the price.
    pub changed_plan: usize,
    /// How many premiums moved by how much, from the greatest fall to the greatest rise.
    pub distribution: Vec<Moved>,
}

/// What happened to a plan.
///
/// Who changes plan leaves one with the premium before, comes into the other with it, and is walked there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanDifference {
    /// The code.
    pub code: String,
    /// The premium before; zero where there was no such plan.
    pub before: Kopecks,
    /// The premium after; zero where there is none any more.
    pub after: Kopecks,
    /// The difference, by cause.
    pub parts: Parts,
}

/// What happened to an insured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonDifference {
    /// The place among the people before; none for those who joined.
    pub before: Option<usize>,
    /// The place among the people after; none for those who left.
    pub after: Option<usize>,
    /// The difference, by cause.
    pub parts: Parts,
}

/// Insured on both sides whose premiums moved alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    /// By how much.
    pub by: Share,
    /// How many insured.
    pub insured: usize,
    /// The sum of their differences.
    pub difference: Kopecks,
}

/// By how much a premium moved, as a share of the premium before; ordered from the greatest fall to the greatest rise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Share(
    /// The place of the step in [`Share::STEPS`] counted from 1, negative where the premium fell, 0 where it is the same.
    i8,
);

impl Share {
    /// The steps between which moves are told apart, in percent.
    const STEPS: [u8; 6] = [0, 1, 5, 10, 20, 50];

    fn of(before: Kopecks, after: Kopecks) -> Self {
        let moved = (after - before).get().unsigned_abs();
        // a premium of nothing rises beyond every share
        let exceeds = |percent: &u8| moved * 100 > before.get().unsigned_abs() * u128::from(*percent);
        let step = Self::STEPS.iter().zip(1..).filter(|(percent, _)| exceeds(percent)).map(|(_, place)| place).last();
        let step: i8 = step.unwrap_or_default();
        Self(if after < before { -step } else { step })
    }

    /// Whether the premium fell, is the same or rose.
    #[must_use]
    pub fn direction(self) -> Ordering {
        self.0.cmp(&0)
    }

    /// More than the first and at most the second of these percents; no second where there is no limit, nothing where the
    /// premium is the same.
    #[must_use]
    pub fn percents(self) -> Option<(u8, Option<u8>)> {
        let place = usize::from(self.0.unsigned_abs()).checked_sub(1)?;
        Some((Self::STEPS[place], Self::STEPS.get(place + 1).copied()))
    }
}

impl Comparison {
    /// Compares two quotes.
    #[must_use]
    pub fn new(before: ComparedQuote, after: ComparedQuote) -> Self {
        let mut walks = Walks::new(&before, &after);
        let mut total = Parts::default();
        let mut plans: BTreeMap<&str, Parts> = BTreeMap::new();
        let (mut people, mut changed_plan) = (Vec::new(), 0);
        let mut moved: BTreeMap<Share, (usize, Kopecks)> = BTreeMap::new();
        for (one, other) in pairs(&before, &after) {
            let mut parts = Parts::default();
            let mut is_on_another = false;
            let left = one.map(|place| &before.people[place]);
            let came = other.map(|place| &after.people[place]);
            match (left, came) {
                (Some(left), Some(came)) => {
                    parts = walks.walk(left, came);
                    let [from, to] = [&before.plans[left.plan], &after.plans[came.plan]];
                    is_on_another = from != to;
                    if is_on_another {
                        changed_plan += 1;
                        let premium = before.premium_of(left);
                        plans.entry(from).or_default().add(Part::Plan, Kopecks::ZERO - premium);
                        plans.entry(to).or_default().add(Part::Plan, premium);
                    }
                    plans.entry(to).or_default().join(&parts);
                    let (premium, premium_after) = (before.premium_of(left), after.premium_of(came));
                    let (insured, difference) = moved.entry(Share::of(premium, premium_after)).or_default();
                    *insured += 1;
                    *difference += premium_after - premium;
                }
                (Some(left), None) => {
                    parts.add(Part::Left, Kopecks::ZERO - before.premium_of(left));
                    plans.entry(&before.plans[left.plan]).or_default().join(&parts);
                }
                (None, Some(came)) => {
                    parts.add(Part::Joined, after.premium_of(came));
                    plans.entry(&after.plans[came.plan]).or_default().join(&parts);
                }
                (None, None) => unreachable!("a pair has somebody"),
            }
            total.join(&parts);
            if !parts.is_empty() || is_on_another || one.is_none() || other.is_none() {
                people.push(PersonDifference { before: one, after: other, parts });
            }
        }
        let plans = plan_differences(&before, &after, &plans);
        let distribution =
            moved.into_iter().map(|(by, (insured, difference))| Moved { by, insured, difference }).collect();
        drop(walks);
        Self { parts: total, plans, people, changed_plan, distribution, before, after }
    }

    /// The premium after less the premium before; the parts add up to it.
    #[must_use]
    pub fn difference(&self) -> Kopecks {
        self.after.premium() - self.before.premium()
    }
}

/// The plans of both quotes, each once.
fn plan_differences(
    before: &ComparedQuote,
    after: &ComparedQuote,
    parts: &BTreeMap<&str, Parts>,
) -> Vec<PlanDifference> {
    let mut codes: Vec<&str> = before.plans.iter().map(String::as_str).collect();
    codes.extend(after.plans.iter().map(String::as_str).filter(|code| !before.plans.iter().any(|known| known == code)));
    let of = |code: &str| PlanDifference {
        code: code.to_owned(),
        before: before.premium_of_plan(code),
        after: after.premium_of_plan(code),
        parts: parts.get(code).cloned().unwrap_or_default(),
    };
    codes.into_iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moves_are_told_apart_by_steps_of_percent() {
        let share = |before, after| Share::of(Kopecks::new(before), Kopecks::new(after));
        assert_eq!(share(1000, 1000).percents(), None);
        // 0.1 %, 1 % exactly, 1.1 %, 50 %, 50.1 %
        assert_eq!(share(1000, 1001).percents(), Some((0, Some(1))));
        assert_eq!(share(1000, 990).percents(), Some((0, Some(1))));
        assert_eq!(share(1000, 1011).percents(), Some((1, Some(5))));
        assert_eq!(share(1000, 500).percents(), Some((20, Some(50))));
        assert_eq!(share(1000, 1501).percents(), Some((50, None)));
        assert_eq!(share(0, 1).percents(), Some((50, None)));
        assert!(share(1000, 400) < share(1000, 990) && share(1000, 990) < share(1000, 1000));
        assert_eq!(share(1000, 400).direction(), Ordering::Less);
    }
}
