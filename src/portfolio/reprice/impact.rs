//! What a change does to the book: before and after, by programme, by plan, by size of change, and the proof of what stays.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use crate::base::money::Kopecks;
use crate::portfolio::change::PriceChange;
use crate::portfolio::reprice::batch::{GroupSums, Sums};
use crate::portfolio::reprice::{Outcome, Status};

/// So many of the hardest hit are named.
const HARDEST_HIT: usize = 10;
/// The ends of the buckets of change, in per cent of the full-year premium; a bucket holds its lower end.
const BUCKETS: [i64; 13] = [-90, -50, -25, -10, 0, 5, 10, 25, 50, 100, 200, 300, 400];

/// The change worked out over the book; amounts are roubles as text.
#[derive(Debug, Clone, Serialize)]
pub struct Impact {
    change: Terms,
    /// The contracts of the book.
    pub contracts: Contracts,
    /// The written premium of the whole book.
    pub written: Pair,
    /// Full-year premium of the contracts that the change touches.
    pub annual: Pair,
    /// What is to be paid more for the unexpired term.
    #[serde(serialize_with = "as_text")]
    pub additional: Kopecks,
    /// What is credited.
    #[serde(serialize_with = "as_text")]
    pub credit: Kopecks,
    /// The lines of each programme that are repriced.
    pub programmes: Vec<Part>,
    /// The same lines by plan.
    pub plans: Vec<Part>,
    /// The contracts that are repriced, by the change of their full-year premium.
    pub sizes: Vec<Bucket>,
    /// Those that pay most more.
    pub hardest_hit: Vec<TopContract>,
    /// That nothing else has changed.
    pub proof: Proof,
}

#[derive(Debug, Clone, Serialize)]
struct Terms {
    id: String,
    notified: String,
    effective: String,
    coefficients: BTreeMap<String, String>,
}

/// How many contracts there are of each kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Contracts {
    /// In the book.
    pub in_book: u64,
    /// Touched by the change.
    pub touched: usize,
    /// With another price.
    pub repriced: usize,
    /// With the price that they had.
    pub unchanged: usize,
    /// Left to an underwriter.
    pub set_aside: usize,
}

/// An amount before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pair {
    /// Before the change.
    #[serde(serialize_with = "as_text")]
    pub before: Kopecks,
    /// After it.
    #[serde(serialize_with = "as_text")]
    pub after: Kopecks,
}

/// Roubles with a point and two decimals.
fn as_text<S: Serializer>(amount: &Kopecks, out: S) -> Result<S::Ok, S::Error> {
    out.collect_str(amount)
}

/// The lines of a programme or plan that are repriced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Part {
    /// The code.
    pub code: String,
    /// The lines.
    pub lines: u64,
    /// Their full-year premium before.
    #[serde(serialize_with = "as_text")]
    pub annual_before: Kopecks,
    /// And after.
    #[serde(serialize_with = "as_text")]
    pub annual_after: Kopecks,
    /// What is to be paid more.
    #[serde(serialize_with = "as_text")]
    pub additional: Kopecks,
    /// What is credited.
    #[serde(serialize_with = "as_text")]
    pub credit: Kopecks,
}

/// The contracts whose full-year premium changes by so much.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bucket {
    /// From so many per cent on.
    pub from_percent: i64,
    /// To less than so many; the last takes in its end.
    pub to_percent: i64,
    /// The contracts.
    pub contracts: usize,
    /// Their full-year premium before.
    #[serde(serialize_with = "as_text")]
    pub annual_before: Kopecks,
    /// And after.
    #[serde(serialize_with = "as_text")]
    pub annual_after: Kopecks,
    /// What they are to pay more.
    #[serde(serialize_with = "as_text")]
    pub additional: Kopecks,
    /// What they are credited.
    #[serde(serialize_with = "as_text")]
    pub credit: Kopecks,
}

/// A contract among the hardest hit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TopContract {
    /// Its number.
    pub number: String,
    /// Who pays.
    pub policyholder: String,
    /// Full-year premium before.
    #[serde(serialize_with = "as_text")]
    pub annual_before: Kopecks,
    /// And after.
    #[serde(serialize_with = "as_text")]
    pub annual_after: Kopecks,
    /// What is to be paid more.
    #[serde(serialize_with = "as_text")]
    pub additional: Kopecks,
}

/// That every line is accounted for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Proof {
    /// The lines of the book.
    pub lines_in_book: u64,
    /// Those of the contracts that the change touches: they were read.
    pub lines_read: u64,
    /// Of those read, the ones with another price.
    pub repriced: u64,
    /// Of those read, the ones with the price that they had.
    pub untouched: u64,
    /// The premium of all that is not repriced: contracts as they are written, and in those that are repriced the lines with the
    /// price that they had. Before from these lines; after from the contracts as they are written then, less what their repriced
    /// lines account for.
    pub premium_of_untouched: Pair,
}

/// What a change does to a book, added up contract by contract.
#[derive(Debug)]
pub struct Tally {
    contracts: Contracts,
    annual: Pair,
    additional: Kopecks,
    credit: Kopecks,
    programmes: BTreeMap<String, GroupSums>,
    plans: BTreeMap<String, GroupSums>,
    sizes: [(usize, GroupSums); BUCKETS.len() - 1],
    /// The hardest hit of those that came by, in their order.
    hits: Vec<TopContract>,
    lines_read: u64,
    lines_repriced: u64,
    /// What the contracts are written at.
    written: Pair,
    /// What of it stays.
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
        self.written.before += outcome.standing.version().written;
        self.written.after += outcome.written_after();
        for (sum, stays) in self.untouched.iter_mut().zip(untouched(outcome)) {
            *sum += stays;
        }
        let Some(sums) = &outcome.sums else { return };
        self.annual.before += sums.annual_before;
        self.annual.after += sums.annual_after;
        self.lines_read += sums.lines;
        self.lines_repriced += sums.repriced;
        for ((plan, programme), group) in &sums.groups {
            self.additional += group.additional;
            self.credit += group.credit;
            for (sums, code) in [(&mut self.programmes, programme), (&mut self.plans, plan)] {
                match sums.get_mut(&**code) {
                    Some(sum) => sum.add(group),
                    None => drop(sums.insert(code.to_string(), *group)),
                }
            }
        }
        if outcome.is_repriced() {
            let (contracts, bucket) = &mut self.sizes[bucket_of(sums.annual_before, sums.annual_after)];
            *contracts += 1;
            bucket.annual_before += sums.annual_before;
            bucket.annual_after += sums.annual_after;
            bucket.additional += sums.additional;
            bucket.credit += sums.credit;
            self.hit(outcome, sums);
        }
    }

    /// Keeps a contract among the hardest hit, if it is one of those by now.
    fn hit(&mut self, outcome: &Outcome, sums: &Sums) {
        let contract = &outcome.standing.contract;
        let is_harder = |hit: &TopContract| (hit.additional, &contract.number) > (sums.additional, &hit.number);
        let place = self.hits.partition_point(is_harder);
        if place < HARDEST_HIT && sums.additional > Kopecks::ZERO {
            let hit = TopContract {
                number: contract.number.clone(),
                policyholder: contract.policyholder.clone(),
                annual_before: sums.annual_before,
                annual_after: sums.annual_after,
                additional: sums.additional,
            };
            self.hits.insert(place, hit);
            self.hits.truncate(HARDEST_HIT);
        }
    }

    /// What the change does to a book of so many contracts and lines with this written premium.
    #[must_use]
    pub fn impact(self, (in_book, lines_in_book, written): (u64, u64, Kopecks), change: &PriceChange) -> Impact {
        let elsewhere = written - self.written.before;
        let [before, after] = self.untouched;
        Impact {
            change: Terms::new(change),
            contracts: Contracts { in_book, ..self.contracts },
            written: Pair { before: written, after: elsewhere + self.written.after },
            annual: self.annual,
            additional: self.additional,
            credit: self.credit,
            programmes: parts(self.programmes),
            plans: parts(self.plans),
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

/// What a contract's premium is, before and after, without the lines that are repriced.
fn untouched(outcome: &Outcome) -> [Kopecks; 2] {
    let (written, after) = (outcome.standing.version().written, outcome.written_after());
    let Some(sums) = outcome.sums.as_ref().filter(|_| outcome.is_repriced()) else { return [written, after] };
    let of_repriced = sums.premium - sums.premium_of_untouched;
    let changes_before = written - sums.premium;
    let mut charged = Kopecks::ZERO;
    for group in sums.groups.values() {
        charged = charged + group.additional - group.credit;
    }
    [sums.premium_of_untouched, after - changes_before - of_repriced - charged]
}

impl Terms {
    fn new(change: &PriceChange) -> Self {
        let coefficients = change.named().into_iter().map(|(code, coefficient)| (code, coefficient.to_string()));
        Self {
            id: change.id.clone(),
            notified: change.notified.to_string(),
            effective: change.effective.to_string(),
            coefficients: coefficients.collect(),
        }
    }
}

fn parts(sums: BTreeMap<String, GroupSums>) -> Vec<Part> {
    let part = |(code, sums): (String, GroupSums)| Part {
        code,
        lines: sums.lines,
        annual_before: sums.annual_before,
        annual_after: sums.annual_after,
        additional: sums.additional,
        credit: sums.credit,
    };
    sums.into_iter().map(part).collect()
}

fn buckets(sums: &[(usize, GroupSums)]) -> Vec<Bucket> {
    let bucket = |(ends, (contracts, sums)): (&[i64], &(usize, GroupSums))| Bucket {
        from_percent: ends[0],
        to_percent: ends[1],
        contracts: *contracts,
        annual_before: sums.annual_before,
        annual_after: sums.annual_after,
        additional: sums.additional,
        credit: sums.credit,
    };
    BUCKETS.windows(2).zip(sums).map(bucket).collect()
}

/// In which bucket a change falls: exact, in whole kopecks.
fn bucket_of(before: Kopecks, after: Kopecks) -> usize {
    // nothing that stays nothing has not risen
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
    fn a_bucket_holds_its_lower_end() {
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
