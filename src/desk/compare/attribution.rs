//! The walk of one insured from the price before to the price after, cause by cause.

use std::collections::BTreeMap;

use crate::base::money::{Kopecks, Rate};
use crate::desk::compare::cause::{Part, Parts};
use crate::desk::compare::compared_quote::{ComparedCell, ComparedLine, ComparedQuote, Person};
use crate::quote::files::rates::FACTOR_COLUMNS;

/// The columns of `rates.csv` that belong to a cover alone, and not to the person or the contract.
const OF_COVER: [Column; 6] = [
    Column::Base,
    Column::PriceChange,
    Column::AdditionalServices,
    Column::Exclusions,
    Column::Inclusions,
    Column::Collective,
];

/// A column of factors, by its place in [`FACTOR_COLUMNS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Base,
    Headcount,
    Age,
    Risk,
    PriceChange,
    AdditionalServices,
    Exclusions,
    Inclusions,
    Collective,
}

/// The walks between two quotes; lines that are alike on both sides are walked once.
pub struct Walks<'s> {
    before: &'s ComparedQuote,
    after: &'s ComparedQuote,
    known: BTreeMap<(ComparedLine, ComparedLine, bool), Parts>,
}

/// A line on its way: everything that its premium depends on.
#[derive(Clone)]
struct State {
    sum_insured: Kopecks,
    days: u32,
    year_days: u32,
    factors: [Rate; FACTOR_COLUMNS.len()],
}

impl<'s> Walks<'s> {
    pub fn new(before: &'s ComparedQuote, after: &'s ComparedQuote) -> Self {
        Self { before, after, known: BTreeMap::new() }
    }

    /// The parts of an insured who is on both sides.
    ///
    /// Covers of the same programme are walked; a programme that is on one side only is the plan's doing where the insured
    /// has changed plan, and otherwise a cover that came or went.
    pub fn walk(&mut self, from: &Person, to: &Person) -> Parts {
        let other_plan = self.before.plans[from.plan] != self.after.plans[to.plan];
        let of_programme = if other_plan { Part::Plan } else { Part::Covers };
        let mut parts = Parts::default();
        let (lines, lines_after) = (self.before.lines_of(from), self.after.lines_of(to));
        let programme = |line: &ComparedLine| &self.before.cells[line.cell].programme;
        let programme_after = |line: &ComparedLine| &self.after.cells[line.cell].programme;
        let mut pairs = Vec::new();
        for line in lines {
            match lines_after.iter().find(|after| programme_after(after) == programme(line)) {
                Some(after) => pairs.push((*line, *after)),
                None => parts.add(of_programme, Kopecks::ZERO - line.premium),
            }
        }
        for after in
            lines_after.iter().filter(|after| !lines.iter().any(|line| programme(line) == programme_after(after)))
        {
            parts.add(of_programme, after.premium);
        }
        for (line, after) in pairs {
            let walked = self.known.entry((line, after, other_plan));
            parts.join(walked.or_insert_with(|| walk_line(self.before, self.after, (line, after), other_plan)));
        }
        parts
    }
}

/// The parts of a line whose programme is on both sides.
fn walk_line(
    before: &ComparedQuote,
    after: &ComparedQuote,
    (from, to): (ComparedLine, ComparedLine),
    other_plan: bool,
) -> Parts {
    let (cell, cell_after) = (&before.cells[from.cell], &after.cells[to.cell]);
    let goal = State {
        sum_insured: to.sum_insured,
        days: to.days,
        year_days: after.year_days,
        factors: cell_after.factors.clone(),
    };
    let mut state = State {
        sum_insured: from.sum_insured,
        days: from.days,
        year_days: before.year_days,
        factors: cell.factors.clone(),
    };
    let mut parts = Parts::default();
    let mut premium = from.premium;
    for part in Part::ALL {
        state.take(*part, &goal, &Causes { before, after, cell, cell_after, other_plan });
        let next = state.premium();
        parts.add(*part, next - premium);
        premium = next;
    }
    parts
}

/// What decides to which cause a factor's change belongs.
struct Causes<'s> {
    before: &'s ComparedQuote,
    after: &'s ComparedQuote,
    cell: &'s ComparedCell,
    cell_after: &'s ComparedCell,
    other_plan: bool,
}

impl Causes<'_> {
    /// The columns that come to their later values with a cause, if they have not before.
    fn columns(&self, part: Part) -> Vec<Column> {
        let (cell, after) = (self.cell, self.cell_after);
        match part {
            Part::Plan if self.other_plan => OF_COVER.to_vec(),
            Part::AgeBand => {
                let by_age = [
                    (Column::Age, cell.age_band != after.age_band),
                    (Column::Base, cell.base_by_age && after.base_by_age && cell.ages != after.ages),
                    (Column::Exclusions, cell.exclusions_by_age && after.exclusions_by_age && cell.ages != after.ages),
                ];
                by_age.into_iter().filter(|(_, moved)| *moved).map(|(column, _)| column).collect()
            }
            Part::RiskGroup if cell.risk_group != after.risk_group => vec![Column::Risk],
            Part::HeadcountBand if self.before.headcount_range != self.after.headcount_range => vec![Column::Headcount],
            Part::Base => vec![Column::Base],
            Part::Headcount => vec![Column::Headcount],
            Part::Age => vec![Column::Age],
            Part::Risk => vec![Column::Risk],
            Part::PriceChange => vec![Column::PriceChange],
            Part::AdditionalServices => vec![Column::AdditionalServices],
            Part::Exclusions => vec![Column::Exclusions],
            Part::Inclusions => vec![Column::Inclusions],
            Part::Collective => vec![Column::Collective],
            _ => Vec::new(),
        }
    }
}

impl State {
    /// Gives everything that belongs to a cause its later value.
    fn take(&mut self, part: Part, goal: &Self, causes: &Causes<'_>) {
        match part {
            Part::Term => (self.days, self.year_days) = (goal.days, goal.year_days),
            Part::SumInsured => self.sum_insured = goal.sum_insured,
            Part::Plan if causes.other_plan => self.sum_insured = goal.sum_insured,
            _ => {}
        }
        for column in causes.columns(part) {
            self.factors[column as usize].clone_from(&goal.factors[column as usize]);
        }
    }

    fn premium(&self) -> Kopecks {
        let rate: Rate = self.factors.iter().cloned().product();
        rate.prepare(self.year_days).premium(self.sum_insured, self.days)
    }
}
