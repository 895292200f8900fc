//! The attribution of an insured's difference to causes: the price before turned into the price after, cause by cause.

use std::collections::BTreeMap;

use crate::base::money::{Kopecks, Rate};
use crate::desk::compare::cause::{Cause, CauseAmounts};
use crate::desk::compare::compared_quote::{ComparedCell, ComparedInsured, ComparedLine, ComparedQuote};
use crate::quote::files::rates::FACTOR_COLUMNS;

/// The factors that depend on the cover alone, not on the insured or the contract.
const COVER_FACTORS: [FactorColumn; 6] = [
    FactorColumn::Base,
    FactorColumn::PriceChange,
    FactorColumn::AdditionalServices,
    FactorColumn::Exclusions,
    FactorColumn::Inclusions,
    FactorColumn::Collective,
];

/// A column of factors of `rates.csv`, in the order of [`FACTOR_COLUMNS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FactorColumn {
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

/// The attribution between two quotes; equal pairs of lines are computed once.
pub struct Attribution<'s> {
    before: &'s ComparedQuote,
    after: &'s ComparedQuote,
    known: BTreeMap<(ComparedLine, ComparedLine, bool), CauseAmounts>,
}

/// The values on which the premium of a line depends.
#[derive(Clone)]
struct LineState {
    sum_insured: Kopecks,
    days: u32,
    year_days: u32,
    factors: [Rate; FACTOR_COLUMNS.len()],
}

impl<'s> Attribution<'s> {
    pub fn new(before: &'s ComparedQuote, after: &'s ComparedQuote) -> Self {
        Self { before, after, known: BTreeMap::new() }
    }

    /// Divides the difference of an insured of both quotes among the causes.
    ///
    /// A programme that only one of the quotes has counts as [`Cause::Plan`] if the insured changed plan, else as [`Cause::Covers`].
    pub fn attribute(&mut self, from: &ComparedInsured, to: &ComparedInsured) -> CauseAmounts {
        let other_plan = self.before.plans[from.plan] != self.after.plans[to.plan];
        let of_programme = if other_plan { Cause::Plan } else { Cause::Covers };
        let mut causes = CauseAmounts::default();
        let (lines, lines_after) = (self.before.lines_of(from), self.after.lines_of(to));
        let programme = |line: &ComparedLine| &self.before.cells[line.cell].programme;
        let programme_after = |line: &ComparedLine| &self.after.cells[line.cell].programme;
        let mut pairs = Vec::new();
        for line in lines {
            match lines_after.iter().find(|after| programme_after(after) == programme(line)) {
                Some(after) => pairs.push((*line, *after)),
                None => causes.add(of_programme, -line.premium),
            }
        }
        for after in
            lines_after.iter().filter(|after| !lines.iter().any(|line| programme(line) == programme_after(after)))
        {
            causes.add(of_programme, after.premium);
        }
        for (line, after) in pairs {
            let amounts = self.known.entry((line, after, other_plan));
            causes.join(amounts.or_insert_with(|| attribute_line(self.before, self.after, (line, after), other_plan)));
        }
        causes
    }
}

/// Divides the difference of a line whose programme both quotes have.
fn attribute_line(
    before: &ComparedQuote,
    after: &ComparedQuote,
    (from, to): (ComparedLine, ComparedLine),
    other_plan: bool,
) -> CauseAmounts {
    let (cell, cell_after) = (&before.cells[from.cell], &after.cells[to.cell]);
    let goal = LineState {
        sum_insured: to.sum_insured,
        days: to.days,
        year_days: after.year_days,
        factors: cell_after.factors.clone(),
    };
    let mut state = LineState {
        sum_insured: from.sum_insured,
        days: from.days,
        year_days: before.year_days,
        factors: cell.factors.clone(),
    };
    let mut causes = CauseAmounts::default();
    let mut premium = from.premium;
    for cause in Cause::ALL {
        state.apply(*cause, &goal, &LinePair { before, after, cell, cell_after, other_plan });
        let next = state.premium();
        causes.add(*cause, next - premium);
        premium = next;
    }
    causes
}

/// The two cells of a line, which decide to which cause the change of a factor belongs.
struct LinePair<'s> {
    before: &'s ComparedQuote,
    after: &'s ComparedQuote,
    cell: &'s ComparedCell,
    cell_after: &'s ComparedCell,
    other_plan: bool,
}

impl LinePair<'_> {
    /// Whether both quotes apply the headcount coefficient, each of another band; a coefficient that is only in one of
    /// them (`I72`) belongs to [`Cause::Headcount`].
    fn is_other_band(&self) -> bool {
        let ranges = (&self.before.headcount_range, &self.after.headcount_range);
        matches!(ranges, (Some(before), Some(after)) if before != after)
    }

    /// The factors that a cause sets to their later values.
    fn factors(&self, cause: Cause) -> Vec<FactorColumn> {
        let (cell, after) = (self.cell, self.cell_after);
        match cause {
            Cause::Plan if self.other_plan => COVER_FACTORS.to_vec(),
            Cause::AgeBand => {
                let by_age = [
                    (FactorColumn::Age, cell.age_band != after.age_band),
                    (FactorColumn::Base, cell.base_by_age && after.base_by_age && cell.ages != after.ages),
                    (
                        FactorColumn::Exclusions,
                        cell.exclusions_by_age && after.exclusions_by_age && cell.ages != after.ages,
                    ),
                ];
                by_age.into_iter().filter(|(_, moved)| *moved).map(|(column, _)| column).collect()
            }
            Cause::RiskGroup if cell.risk_group != after.risk_group => vec![FactorColumn::Risk],
            Cause::HeadcountBand if self.is_other_band() => vec![FactorColumn::Headcount],
            Cause::Base => vec![FactorColumn::Base],
            Cause::Headcount => vec![FactorColumn::Headcount],
            Cause::Age => vec![FactorColumn::Age],
            Cause::Risk => vec![FactorColumn::Risk],
            Cause::PriceChange => vec![FactorColumn::PriceChange],
            Cause::AdditionalServices => vec![FactorColumn::AdditionalServices],
            Cause::Exclusions => vec![FactorColumn::Exclusions],
            Cause::Inclusions => vec![FactorColumn::Inclusions],
            Cause::Collective => vec![FactorColumn::Collective],
            _ => Vec::new(),
        }
    }
}

impl LineState {
    /// Sets every value that belongs to a cause to its later value.
    fn apply(&mut self, cause: Cause, goal: &Self, pair: &LinePair<'_>) {
        match cause {
            Cause::Term => (self.days, self.year_days) = (goal.days, goal.year_days),
            Cause::SumInsured => self.sum_insured = goal.sum_insured,
            Cause::Plan if pair.other_plan => self.sum_insured = goal.sum_insured,
            _ => {}
        }
        for column in pair.factors(cause) {
            self.factors[column as usize].clone_from(&goal.factors[column as usize]);
        }
    }

    fn premium(&self) -> Kopecks {
        let rate: Rate = self.factors.iter().cloned().product();
        rate.prepare(self.year_days).premium(self.sum_insured, self.days)
    }
}
