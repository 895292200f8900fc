//! The premium of one contract by programme, age band and risk group, and what is earned of it on some days: pure.

use std::collections::BTreeMap;

use crate::base::calendar::days_since_1970;
use crate::base::money::Kopecks;
use crate::portfolio::contract_state::ContractState;
use crate::portfolio::premium::earned::EarnedPremium;
use crate::portfolio::rows::{CellRows, LineRows};
use crate::tariff::Tariff;
use crate::tariff::band::Band;

/// The age band and risk group of lines; all null for expenses.
type Group = (Option<u32>, Option<u32>, Option<u32>);

/// The lines of one programme and group.
#[derive(Default)]
struct GroupLines {
    lines: u32,
    written: Kopecks,
    /// The premium by first and last day.
    by_days: BTreeMap<(i32, i32), Kopecks>,
}

/// The premium of a programme in one age band and risk group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct GroupPremium {
    pub age_from: Option<u32>,
    pub age_to: Option<u32>,
    pub risk_group: Option<u32>,
    pub lines: u32,
    pub written: Kopecks,
    /// The earned part; those of a programme add up to what is rounded once for the programme.
    pub earned: Kopecks,
}

/// The premium of a programme of a contract.
pub(super) struct ProgrammePremium {
    /// The code; `None` for the expenses that are kept at the end of the contract.
    pub programme: Option<String>,
    pub groups: Vec<GroupPremium>,
    by_days: BTreeMap<(i32, i32), Kopecks>,
}

impl ProgrammePremium {
    /// What is earned until the end of a day, in days since 1970, rounded once (`I54`).
    pub fn earned_on(&self, day: i32) -> Kopecks {
        earned(&self.by_days, day)
    }
}

fn earned(by_days: &BTreeMap<(i32, i32), Kopecks>, day: i32) -> Kopecks {
    let mut earned = EarnedPremium::on(day);
    for ((first, last), premium) in by_days {
        earned.add(*premium, *first, *last);
    }
    earned.rounded()
}

/// The programmes of a contract with their premium, in the order of their codes; `None` where its rows contradict each other.
pub(super) fn programme_premiums(
    state: &ContractState,
    cells: &CellRows,
    lines: &LineRows,
    tariff: &Tariff,
    day: i32,
) -> Option<Vec<ProgrammePremium>> {
    let premiums = state.line_premiums(cells, lines)?;
    let mut programmes: BTreeMap<Option<String>, BTreeMap<Group, GroupLines>> = BTreeMap::new();
    for (at, premium) in premiums.into_iter().enumerate() {
        let cell = lines.cell[at] as usize;
        let age = cells.age_from[cell];
        let is_of_age = |years: &Band| (u32::from(years.from)..=u32::from(years.to)).contains(&age);
        let band = tariff.age.value.iter().map(|band| &band.years).find(|years| is_of_age(years));
        let (from, to) = match band {
            Some(band) => (band.from.into(), band.to.into()),
            // outside of the table are those that the contract accepts (I73)
            None => (cells.accepted_age(cell).map(|_| age)?, cells.age_to[cell]),
        };
        let group = (Some(from), Some(to), Some(cells.risk_group[cell]));
        let programme = programmes.entry(Some(cells.programme[cell].clone())).or_default();
        programme.entry(group).or_default().add(premium, lines.start[at], lines.end[at], 1);
    }
    let expenses = state.version().expenses;
    if expenses != Kopecks::ZERO {
        let end = days_since_1970(state.last_day());
        programmes.entry(None).or_default().entry((None, None, None)).or_default().add(expenses, end, end, 0);
    }
    let premium = |(programme, groups): (Option<String>, BTreeMap<Group, GroupLines>)| {
        let mut by_days: BTreeMap<(i32, i32), Kopecks> = BTreeMap::new();
        let (mut premiums, mut before) = (Vec::new(), Kopecks::ZERO);
        for ((age_from, age_to, risk_group), of_group) in groups {
            for (days, premium) in of_group.by_days {
                *by_days.entry(days).or_default() += premium;
            }
            // cumulative rounding, so that the groups add up to the programme
            let until = earned(&by_days, day);
            let (lines, written) = (of_group.lines, of_group.written);
            premiums.push(GroupPremium { age_from, age_to, risk_group, lines, written, earned: until - before });
            before = until;
        }
        ProgrammePremium { programme, groups: premiums, by_days }
    };
    Some(programmes.into_iter().map(premium).collect())
}

impl GroupLines {
    fn add(&mut self, premium: Kopecks, first: i32, last: i32, lines: u32) {
        self.lines += lines;
        self.written += premium;
        *self.by_days.entry((first, last)).or_default() += premium;
    }
}
