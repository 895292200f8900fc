//! The sums of the lines: groups, plans, programmes, instalments, the corridor.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::base::calendar::Period;
use crate::base::money::Kopecks;
use crate::pricing::cube::Axes;
use crate::pricing::premium::{PriceCorridor, instalments};
use crate::quote::admission::Admitted;
use crate::quote::contract::Contract;
use crate::quote::lines::Lines;
use crate::roster::insured::Insured;

/// The insured of one task.
const INSURED_PER_TASK: usize = 16 * 1024;

/// The sums of a quote's lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Totals {
    /// The premium of the contract and the two ends of its corridor.
    pub premium: PriceCorridor,
    /// The collective by plan, programme, age band and risk group, in that order; only groups with insured.
    pub groups: Vec<Group>,
    /// The plans, in the order of the contract.
    pub plans: Vec<PlanTotal>,
    /// The programmes that are covered, in the order of the tariff.
    pub programmes: Vec<ProgrammeTotal>,
    /// The instalments, by payment period.
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
    /// The number of insured.
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

/// The sums of the lines of one cell.
#[derive(Debug, Default, Clone, Copy)]
struct CellTotal {
    /// Lines with the cover's sum insured and the contract's whole term: all equal, and multiplied at the end.
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
struct PartialSums {
    cells: Vec<CellTotal>,
    /// By payment period, of the lines that are not whole.
    instalments: Vec<Kopecks>,
}

impl Totals {
    /// Adds up every line.
    #[must_use]
    pub fn new(contract: &Contract, columns: &Insured, axes: &Axes, lines: &Lines) -> Self {
        let blank = || PartialSums {
            cells: vec![CellTotal::default(); axes.cells()],
            instalments: vec![Kopecks::ZERO; contract.instalments.len()],
        };
        let part = lines
            .admitted
            .par_chunks(INSURED_PER_TASK)
            .fold(blank, |mut part, insured| {
                for insured in insured {
                    part.add(contract, columns, axes, lines, insured);
                }
                part
            })
            .reduce(blank, PartialSums::merge);
        part.into_totals(contract, axes, lines)
    }
}

impl PartialSums {
    fn add(&mut self, contract: &Contract, columns: &Insured, axes: &Axes, lines: &Lines, insured: &Admitted) {
        for line in lines.of_insured(insured, contract, axes, columns) {
            let total = &mut self.cells[line.cell_at];
            if line.is_whole() {
                total.whole += 1;
            } else {
                total.others += 1;
                total.sum_insured += line.sum_insured;
                let premium = line.corridor();
                total.premium += premium;
                add_instalments(&mut self.instalments, premium.chosen, line.period, contract, 1);
            }
        }
    }

    fn merge(mut self, other: Self) -> Self {
        for (total, other) in self.cells.iter_mut().zip(other.cells) {
            total.whole += other.whole;
            total.others += other.others;
            total.sum_insured += other.sum_insured;
            total.premium += other.premium;
        }
        for (due, other) in self.instalments.iter_mut().zip(other.instalments) {
            *due += other;
        }
        self
    }

    fn into_totals(self, contract: &Contract, axes: &Axes, lines: &Lines) -> Totals {
        let mut premium = PriceCorridor::default();
        let mut groups: BTreeMap<[usize; 4], Group> = BTreeMap::new();
        let mut plans = vec![PlanTotal::default(); contract.terms.plans.len()];
        let mut programmes: BTreeMap<usize, ProgrammeTotal> = BTreeMap::new();
        let mut instalments = self.instalments;
        for (cell_at, total) in self.cells.iter().enumerate().filter(|(_, total)| total.lines() > 0) {
            let at = axes.coordinates(cell_at);
            let cover = &contract.terms.plans[at.plan].covers[at.cover];
            let age_band = axes.ages[at.age_class].age_band;
            let cell = lines.cell(cell_at).expect("every cell of a line is rated");
            let mut of_cell = total.premium;
            of_cell += cell.whole * total.whole;
            let sum_insured = total.sum_insured + cover.sum_insured * total.whole;
            add_instalments(&mut instalments, cell.whole.chosen, contract.term().period(), contract, total.whole);
            premium += of_cell;
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

/// Adds the instalments of `lines` equal lines to what is due in each payment period.
fn add_instalments(due: &mut [Kopecks], premium: Kopecks, cover: Period, contract: &Contract, lines: u64) {
    for (due, part) in due.iter_mut().zip(instalments(premium, cover, &contract.instalments)) {
        *due += part * lines;
    }
}
