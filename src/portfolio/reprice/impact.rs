//! The figures of a change in the book: before and after, by programme, by plan, by size of change, and the proof that all lines are
//! accounted for.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::base::as_text;
use crate::base::money::Kopecks;
use crate::portfolio::change::PriceChange;
use crate::portfolio::reprice::outcome::{Outcome, Status};
use crate::portfolio::reprice::sums::{GroupSums, PremiumEffect, Sums};
use crate::tariff::Tariff;

/// The number of contracts that are named as hardest hit.
const HARDEST_HIT: usize = 10;
/// The bounds of the buckets of change, in per cent of the full-year premium; a bucket includes its lower bound.
const BUCKETS: [i64; 13] = [-90, -50, -25, -10, 0, 5, 10, 25, 50, 100, 200, 300, 400];

/// The figures of a change in the book; amounts are roubles as text.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Impact {
    /// The change.
    pub change: ChangeSummary,
    /// The contracts of the book.
    pub contracts: Contracts,
    /// The written premium of the whole book.
    pub written: Pair,
    /// Full-year premium of the affected contracts.
    pub annual: Pair,
    /// The additional premium for the unexpired term.
    #[serde(with = "as_text")]
    pub additional: Kopecks,
    /// The credit.
    #[serde(with = "as_text")]
    pub credit: Kopecks,
    /// The amount that later events and prices change when they are worked out again at the new prices (`I31`).
    #[serde(with = "as_text")]
    pub worked_out_again: Kopecks,
    /// The repriced lines by programme.
    pub programmes: Vec<CodeImpact>,
    /// The repriced lines by plan.
    pub plans: Vec<CodeImpact>,
    /// The repriced contracts by the change of their full-year premium.
    pub sizes: Vec<Bucket>,
    /// The contracts with the largest additional premium.
    pub hardest_hit: Vec<TopContract>,
    /// The proof that nothing else has changed.
    pub proof: Proof,
}

/// The price change of an impact.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChangeSummary {
    /// Its id.
    pub id: String,
    /// The day on which policyholders are notified.
    #[serde(with = "as_text")]
    pub notified: Date,
    /// The first day of the new prices.
    #[serde(with = "as_text")]
    pub effective: Date,
    /// The coefficients by programme; `*` is every other one.
    pub coefficients: BTreeMap<String, String>,
}

/// The numbers of contracts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contracts {
    /// In the book.
    pub in_book: u64,
    /// Affected by the change.
    pub touched: usize,
    /// Repriced.
    pub repriced: usize,
    /// Affected, but with an unchanged price.
    pub unchanged: usize,
    /// Left to an underwriter.
    pub set_aside: usize,
}

/// An amount before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair {
    /// Before the change.
    #[serde(with = "as_text")]
    pub before: Kopecks,
    /// After it.
    #[serde(with = "as_text")]
    pub after: Kopecks,
}

/// The repriced lines of a programme or plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeImpact {
    /// The code.
    pub code: String,
    /// The names of a programme in the edition of the tariff that is in force on the first day of the new prices; none of a plan.
    #[serde(flatten)]
    pub names: Option<Names>,
    /// The number of lines.
    pub lines: u64,
    /// The effect on them.
    #[serde(flatten)]
    pub effect: PremiumEffect,
}

/// The names of a programme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Names {
    /// In Russian.
    pub name: String,
    /// In English.
    pub name_en: String,
}

/// The repriced contracts of a range of change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bucket {
    /// The lower bound in per cent, included.
    pub from_percent: i64,
    /// The upper bound in per cent; only the last bucket includes it.
    pub to_percent: i64,
    /// The number of contracts.
    pub contracts: usize,
    /// The effect on them.
    #[serde(flatten)]
    pub effect: PremiumEffect,
}

/// A contract with one of the largest additional premiums.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopContract {
    /// Its number.
    pub number: String,
    /// The policyholder.
    pub policyholder: String,
    /// Full-year premium before.
    #[serde(with = "as_text")]
    pub annual_before: Kopecks,
    /// And after the change.
    #[serde(with = "as_text")]
    pub annual_after: Kopecks,
    /// The additional premium.
    #[serde(with = "as_text")]
    pub additional: Kopecks,
}

/// The proof that every line is accounted for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// The lines of the book.
    pub lines_in_book: u64,
    /// The lines of the affected contracts, which were read.
    pub lines_read: u64,
    /// Of the lines read, those that are repriced.
    pub repriced: u64,
    /// Of the lines read, those that are not.
    pub untouched: u64,
    /// The premium of everything that is not repriced: the written premium of the other contracts, and the lines of repriced contracts that
    /// keep their price. `before` adds up these lines; `after` subtracts the repriced lines from the new written premium, so that the two
    /// are computed independently.
    pub premium_of_untouched: Pair,
}

/// Adds up the figures of a change, contract by contract.
#[derive(Debug)]
pub struct Tally {
    contracts: Contracts,
    annual: Pair,
    additional: Kopecks,
    credit: Kopecks,
    worked_out_again: Kopecks,
    programmes: BTreeMap<String, GroupSums>,
    plans: BTreeMap<String, GroupSums>,
    sizes: [(usize, PremiumEffect); BUCKETS.len() - 1],
    /// The hardest hit so far, in their order.
    hits: Vec<TopContract>,
    lines_read: u64,
    lines_repriced: u64,
    /// The written premium of the affected contracts.
    written: Pair,
    /// The part of it that is not repriced, before and after.
    untouched: [Kopecks; 2],
}

impl Default for Tally {
    fn default() -> Self {
        let none = Pair { before: Kopecks::ZERO, after: Kopecks::ZERO };
        Self {
            contracts: Contracts { in_book: 0, touched: 0, repriced: 0, unchanged: 0, set_aside: 0 },
            annual: none.clone(),
            additional: Kopecks::ZERO,
            credit: Kopecks::ZERO,
            worked_out_again: Kopecks::ZERO,
            programmes: BTreeMap::new(),
            plans: BTreeMap::new(),
            sizes: Default::default(),
            hits: Vec::new(),
            lines_read: 0,
            lines_repriced: 0,
            written: none,
            untouched: [Kopecks::ZERO; 2],
        }
    }
}

impl Tally {
    /// Adds a contract.
    pub(crate) fn add(&mut self, outcome: &Outcome) {
        self.contracts.touched += 1;
        match outcome.status {
            Status::Repriced => self.contracts.repriced += 1,
            Status::Unchanged => self.contracts.unchanged += 1,
            Status::SetAside => self.contracts.set_aside += 1,
        }
        self.written.before += outcome.state.version().written;
        self.written.after += outcome.written_after();
        self.worked_out_again += outcome.worked_out_again().unwrap_or_default();
        for (sum, stays) in self.untouched.iter_mut().zip(untouched(outcome)) {
            *sum += stays;
        }
        let Some(sums) = &outcome.sums else { return };
        self.annual.before += sums.effect.annual_before;
        self.annual.after += sums.effect.annual_after;
        self.lines_read += sums.lines;
        self.lines_repriced += sums.repriced;
        for ((plan, programme), group) in &sums.groups {
            self.additional += group.effect.additional;
            self.credit += group.effect.credit;
            for (sums, code) in [(&mut self.programmes, programme), (&mut self.plans, plan)] {
                match sums.get_mut(&**code) {
                    Some(sum) => sum.add(group),
                    None => drop(sums.insert(code.to_string(), *group)),
                }
            }
        }
        if outcome.is_repriced() {
            let (contracts, effect) = &mut self.sizes[bucket_of(sums.effect.annual_before, sums.effect.annual_after)];
            *contracts += 1;
            *effect += sums.effect;
            self.add_hit(outcome, sums);
        }
    }

    /// Adds a contract to the hardest hit if it is one of them so far.
    fn add_hit(&mut self, outcome: &Outcome, sums: &Sums) {
        let contract = &outcome.state.contract;
        let PremiumEffect { annual_before, annual_after, additional, .. } = sums.effect;
        let is_harder = |hit: &TopContract| (hit.additional, &contract.number) > (additional, &hit.number);
        let place = self.hits.partition_point(is_harder);
        if place < HARDEST_HIT && additional > Kopecks::ZERO {
            let hit = TopContract {
                number: contract.number.clone(),
                policyholder: contract.policyholder.clone(),
                annual_before,
                annual_after,
                additional,
            };
            self.hits.insert(place, hit);
            self.hits.truncate(HARDEST_HIT);
        }
    }

    /// The impact on a book with these numbers of contracts and lines and this written premium.
    #[must_use]
    pub fn impact(
        self,
        (in_book, lines_in_book, written): (u64, u64, Kopecks),
        change: &PriceChange,
        tariff: &Tariff,
    ) -> Impact {
        let elsewhere = written - self.written.before;
        let [before, after] = self.untouched;
        Impact {
            change: ChangeSummary::new(change),
            contracts: Contracts { in_book, ..self.contracts },
            written: Pair { before: written, after: elsewhere + self.written.after + self.worked_out_again },
            annual: self.annual,
            additional: self.additional,
            credit: self.credit,
            worked_out_again: self.worked_out_again,
            programmes: code_impacts(self.programmes, |code| names(tariff, code)),
            plans: code_impacts(self.plans, |_| None),
            sizes: buckets(&self.sizes),
            hardest_hit: self.hits,
            proof: Proof {
                lines_in_book,
                lines_read: self.lines_read,
                repriced: self.lines_repriced,
                untouched: self.lines_read - self.lines_repriced,
                premium_of_untouched: Pair { before: elsewhere + before, after: elsewhere + after },
            },
        }
    }
}

/// The premium of a contract without its repriced lines, before and after the change.
fn untouched(outcome: &Outcome) -> [Kopecks; 2] {
    let (written, after) = (outcome.state.version().written, outcome.written_after());
    let Some(sums) = outcome.sums.as_ref().filter(|_| outcome.is_repriced()) else { return [written, after] };
    let of_repriced = sums.premium - sums.premium_of_untouched;
    let changes_before = written - sums.premium;
    let mut charged = Kopecks::ZERO;
    for group in sums.groups.values() {
        charged += group.effect.net();
    }
    [sums.premium_of_untouched, after - changes_before - of_repriced - charged]
}

impl ChangeSummary {
    fn new(change: &PriceChange) -> Self {
        let coefficients = change.coefficients().into_iter().map(|(code, coefficient)| (code, coefficient.to_string()));
        Self {
            id: change.id.clone(),
            notified: change.notified,
            effective: change.effective,
            coefficients: coefficients.collect(),
        }
    }
}

fn names(tariff: &Tariff, code: &str) -> Option<Names> {
    let programme = &tariff.programmes[tariff.programme(code)?];
    Some(Names { name: programme.name.clone(), name_en: programme.name_en.clone() })
}

fn code_impacts(sums: BTreeMap<String, GroupSums>, names: impl Fn(&str) -> Option<Names>) -> Vec<CodeImpact> {
    let impact = |(code, sums): (String, GroupSums)| CodeImpact {
        names: names(&code),
        code,
        lines: sums.lines,
        effect: sums.effect,
    };
    sums.into_iter().map(impact).collect()
}

fn buckets(sums: &[(usize, PremiumEffect)]) -> Vec<Bucket> {
    let bucket = |(ends, (contracts, effect)): (&[i64], &(usize, PremiumEffect))| Bucket {
        from_percent: ends[0],
        to_percent: ends[1],
        contracts: *contracts,
        effect: *effect,
    };
    BUCKETS.windows(2).zip(sums).map(bucket).collect()
}

/// The place of a change's bucket, computed exactly in whole kopecks.
fn bucket_of(before: Kopecks, after: Kopecks) -> usize {
    // a premium of 0 that stays 0 has not risen
    let is_over = |end: &&i64| {
        after.get() * 100 >= before.get() * i128::from(100 + **end) && (**end <= 0 || after.get() > before.get())
    };
    let reached = BUCKETS.iter().skip(1).take_while(is_over).count();
    reached.min(BUCKETS.len() - 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_includes_its_lower_bound() {
        let bucket = |before, after| bucket_of(Kopecks::new(before), Kopecks::new(after));
        // 100 → 112 is 12 %: between 10 and 25; 100 → 110 is 10 % itself
        assert_eq!(BUCKETS[bucket(100, 112)], 10);
        assert_eq!(BUCKETS[bucket(100, 110)], 10);
        assert_eq!(BUCKETS[bucket(100, 100)], 0);
        assert_eq!(BUCKETS[bucket(100, 99)], -10);
        assert_eq!((BUCKETS[bucket(0, 0)], BUCKETS[bucket(0, 1)]), (0, 300));
        assert_eq!((BUCKETS[bucket(100, 500)], BUCKETS[bucket(1000, 100)]), (300, -90));
    }
}
