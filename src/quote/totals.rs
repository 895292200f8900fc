//! Everything that is added up: groups, plans, programmes, instalments, the corridor.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::base::calendar::Period;
use crate::base::money::{Kopecks, portion};
use crate::pricing::cube::{Axes, PriceCorridor};
use crate::quote::admission::Admitted;
use crate::quote::contract::Contract;
use crate::quote::lines::Lines;
use crate::roster::insured::Insured;

/// So many insured are added up at once.
const INSURED_AT_ONCE: usize = 16 * 1024;

/// The sums of a quote's lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Totals {
    /// The premium of the contract and the two ends of its corridor.
    pub premium: PriceCorridor,
    /// The collective by plan, programme, age band and risk group, in that order; those that have insured.
    pub groups: Vec<Group>,
    /// The plans, in the order of the contract.
    pub plans: Vec<PlanTotal>,
    /// The programmes that are covered, in the order of the tariff.
    pub programmes: Vec<ProgrammeTotal>,
    /// What is due in each payment period.
    pub instalments: Vec<Kopecks>,
}

/// The insured of one plan and programme, one age band and one risk group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The plan, by its place in the contract.
    pub plan: usize,
    /// The programme, by its place in the tariff.
    pub programme: usize,
    /// The age band, by its place in the tariff.
    pub age_band: usize,
    /// The risk group, by its place in the tariff.
    pub risk: usize,
    /// Their number.
    pub insured: u64,
    /// The sum of their sums insured.
    pub sum_insured: Kopecks,
    /// The sum of their premiums.
    pub premium: Kopecks,
}

/// A plan's insured and premium.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct PlanTotal {
    /// The number of insured.
    pub insured: u64,
    /// The sum of their premiums.
    pub premium: Kopecks,
}

/// A programme's lines and premium over all plans.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgrammeTotal {
    /// The programme, by its place in the tariff.
    pub programme: usize,
    /// The number of lines.
    pub lines: u64,
    /// The sum of the sums insured.
    pub sum_insured: Kopecks,
    /// The sum of the premiums.
    pub premium: Kopecks,
}

/// What the lines of one cell add up to.
#[derive(Debug, Default, Clone, Copy)]
struct CellTotal {
    /// Lines with the cover's sum insured and the contract's whole term: they are all alike, and added up at the end.
    whole: u64,
    /// The other lines.
    others: u64,
    /// The sum of their sums insured.
    sum_insured: Kopecks,
    /// The sum of their premiums.
    premium: PriceCorridor,
}

impl CellTotal {
    const fn lines(&self) -> u64 {
        self.whole + self.others
    }
}

/// The sums of some of the lines.
struct Part {
    cells: Vec<CellTotal>,
    /// By payment period, of the lines that are not whole.
    instalments: Vec<Kopecks>,
}

impl Totals {
    /// Adds up every line.
    #[must_use]
    pub fn new(contract: &Contract, columns: &Insured, axes: &Axes, lines: &Lines) -> Self {
        let blank = || Part {
            cells: vec![CellTotal::default(); axes.cells()],
            instalments: vec![Kopecks::ZERO; contract.instalments.len()],
        };
        let part = lines
            .admitted
            .par_chunks(INSURED_AT_ONCE)
            .fold(blank, |mut part, insured| {
                for insured in insured {
                    part.add(contract, columns, axes, lines, insured);
                }
                part
            })
            .reduce(blank, Part::joined);
        part.into_totals(contract, axes, lines)
    }
}

impl Part {
    fn add(&mut self, contract: &Contract, columns: &Insured, axes: &Axes, lines: &Lines, insured: &Admitted) {
        for line in lines.of(insured, contract, axes, columns) {
            let total = &mut self.cells[line.cell_at];
            if line.is_whole() {
                total.whole += 1;
            } else {
                total.others += 1;
                total.sum_insured += line.sum_insured;
                let premium = line.corners();
                add(&mut total.premium, premium, 1);
                split(premium.chosen, line.period, &contract.instalments, 1, &mut self.instalments);
            }
        }
    }

    fn joined(mut self, other: Self) -> Self {
        for (total, other) in self.cells.iter_mut().zip(other.cells) {
            total.whole += other.whole;
            total.others += other.others;
            total.sum_insured += other.sum_insured;
            add(&mut total.premium, other.premium, 1);
        }
        for (due, other) in self.instalments.iter_mut().zip(other.instalments) {
            *due += other;
        }
        self
    }

    fn into_totals(self, contract: &Contract, axes: &Axes, lines: &Lines) -> Totals {
        let mut premium = PriceCorridor::default();
        let mut groups: BTreeMap<[usize; 4], Group> = BTreeMap::new();
        let mut plans = vec![PlanTotal::default(); contract.plans.len()];
        let mut programmes: BTreeMap<usize, ProgrammeTotal> = BTreeMap::new();
        let mut instalments = self.instalments;
        for (cell_at, total) in self.cells.iter().enumerate().filter(|(_, total)| total.lines() > 0) {
            let at = axes.coordinates(cell_at);
            let cover = &contract.plans[at.plan].covers[at.cover];
            let age_band = axes.ages[at.step].age_band;
            let cell = lines.cell(cell_at).expect("every cell of a line is rated");
            let mut of_cell = total.premium;
            add(&mut of_cell, cell.whole, total.whole);
            let sum_insured = total.sum_insured + cover.sum_insured * total.whole;
            split(cell.whole.chosen, contract.term.period(), &contract.instalments, total.whole, &mut instalments);
            add(&mut premium, of_cell, 1);
            let blank = Group {
                plan: at.plan,
                programme: cover.programme,
                age_band,
                risk: at.risk,
                insured: 0,
                sum_insured: Kopecks::ZERO,
                premium: Kopecks::ZERO,
            };
            let group = groups.entry([at.plan, at.cover, age_band, at.risk]).or_insert(blank);
            group.insured += total.lines();
            group.sum_insured += sum_insured;
            group.premium += of_cell.chosen;
            plans[at.plan].premium += of_cell.chosen;
            if at.cover == 0 {
                plans[at.plan].insured += total.lines();
            }
            let programme = cover.programme;
            let blank = ProgrammeTotal { programme, lines: 0, sum_insured: Kopecks::ZERO, premium: Kopecks::ZERO };
            let of_programme = programmes.entry(programme).or_insert(blank);
            of_programme.lines += total.lines();
            of_programme.sum_insured += sum_insured;
            of_programme.premium += of_cell.chosen;
        }
        Totals {
            premium,
            groups: groups.into_values().collect(),
            plans,
            programmes: programmes.into_values().collect(),
            instalments,
        }
    }
}

fn add(sum: &mut PriceCorridor, more: PriceCorridor, times: u64) {
    sum.low += more.low * times;
    sum.chosen += more.chosen * times;
    sum.high += more.high * times;
}

/// Splits the premium of a line by the days of its cover that fall into each payment period, and adds the parts, so many
/// times, to what is due.
///
/// Rounded cumulatively: what is due until the end of a period is the share of the days until then, so that the parts add
/// up to the premium.
fn split(premium: Kopecks, cover: Period, periods: &[Period], times: u64, due: &mut [Kopecks]) {
    let mut due_before = Kopecks::ZERO;
    for (period, due) in periods.iter().zip(due) {
        let due_until = portion(premium, cover.days_through(period.last()), cover.days());
        *due += (due_until - due_before) * times;
        due_before = due_until;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn instalments_of_a_line_add_up_to_its_premium() {
        let period = |first, last| Period::new(first, last).unwrap();
        let quarters = [
            period(date(2026, 12, 1), date(2027, 2, 28)),
            period(date(2027, 3, 1), date(2027, 5, 31)),
            period(date(2027, 6, 1), date(2027, 11, 30)),
        ];
        let mut due = [Kopecks::ZERO; 3];
        // 10 days of cover, 28 February to 9 March: 1 + 9 + 0; 0.05 × 1 / 10 = 0.005 → 0.01, then 0.05 − 0.01
        split(Kopecks::new(5), period(date(2027, 2, 28), date(2027, 3, 9)), &quarters, 1, &mut due);
        assert_eq!(due, [Kopecks::new(1), Kopecks::new(4), Kopecks::ZERO]);
        // the whole year of 365 days: 90 + 92 + 183; 100.00 × 90 / 365 = 24.657… → 24.66; × 182 / 365 = 49.863… → 49.86
        let mut due = [Kopecks::ZERO; 3];
        split(Kopecks::new(10_000), period(date(2026, 12, 1), date(2027, 11, 30)), &quarters, 2, &mut due);
        assert_eq!(due, [Kopecks::new(4_932), Kopecks::new(5_040), Kopecks::new(10_028)]);
    }
}
