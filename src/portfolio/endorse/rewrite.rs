//! The rows of a contract after an endorsement: lines are closed and opened, and priced (`I25`–`I28`).

use std::collections::{BTreeMap, HashMap};

use rust_decimal::Decimal;

use crate::base::calendar::days_since_1970;
use crate::base::money::{Kopecks, Rate, share};
use crate::portfolio::premium::line::days_between;
use crate::portfolio::premium::price_history::{CoveredDays, PriceHistory};
use crate::portfolio::rows::{CellRows, ContractRows, InsuredRows, LineRows};
use crate::pricing::choice::PricePoint;
use crate::pricing::cube::Axes;
use crate::pricing::rating::Rating;
use crate::pricing::terms::Cover;
use crate::quote::Admitted;
use crate::quote::contract::{Contract, ExpenseBasis};
use crate::roster::Roster;
use crate::roster::value::Action;
use crate::tariff::Tariff;

/// Why a line is closed or opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The insured joins.
    Join,
    /// The insured leaves.
    Leave,
    /// The insured changes plans.
    ChangePlan,
    /// The headcount has another coefficient (`I28`).
    Headcount,
}

impl Cause {
    /// The word of the files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Join => "join",
            Self::Leave => "leave",
            Self::ChangePlan => "change-plan",
            Self::Headcount => "headcount",
        }
    }
}

/// A line that an endorsement closes or opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedLine {
    /// Why.
    pub cause: Cause,
    /// The insured's place in the contract.
    pub insured: u32,
    /// The cell's place in the contract.
    pub cell: u32,
    /// The sum insured.
    pub sum_insured: Kopecks,
    /// The rate in force on the first of the days that are taken away or added.
    pub rate: String,
    /// The first day of cover, in days since 1970.
    pub start: i32,
    /// The last day before; none where the line is new.
    pub end_before: Option<i32>,
    /// The last day after; none where no day is left.
    pub end_after: Option<i32>,
    /// The premium before; 0 where the line is new.
    pub premium_before: Kopecks,
    /// The premium after; 0 where no day is left.
    pub premium_after: Kopecks,
    /// The premium of the days that are taken away (`I26`).
    pub returned: Kopecks,
    /// What of that is kept for expenses (`I27`).
    pub expenses: Kopecks,
}

/// The numbers of insured that a list of changes moves.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Moves {
    /// Those who join.
    pub joined: usize,
    /// Those who leave.
    pub left: usize,
    /// Those who change plans.
    pub changed: usize,
}

/// A contract after an endorsement.
#[derive(Debug, Default)]
pub struct Rewritten {
    /// Its rows.
    pub rows: ContractRows,
    /// The lines that are closed or opened, in the order of the insured.
    pub changed_lines: Vec<ChangedLine>,
    /// The numbers of insured who are moved.
    pub moves: Moves,
    /// The premium of all lines.
    pub written: Kopecks,
}

/// Rewrites the rows of a contract for a list of changes.
pub struct Endorser<'e> {
    /// The terms.
    pub contract: &'e Contract,
    /// The edition that the contract was bound with.
    pub tariff: &'e Tariff,
    /// The axes of the contract's cells.
    pub axes: &'e Axes,
    /// The rating of new lines.
    pub rating: &'e Rating<'e>,
    /// Whether the coming days of all other insured are rated by it too (`I28`).
    pub rerate_all: bool,
    /// The price changes of the contract.
    pub prices: &'e PriceHistory,
    /// The run that wrote the rows: their premiums include the price changes until then.
    pub rows_run: i64,
    /// The share of expenses for insured who leave (`I27`).
    pub load: Decimal,
    /// The day from which the changes count, in days since 1970.
    pub on: i32,
}

/// A list of changes, matched with the insured.
pub struct Changes<'c> {
    /// The list.
    pub roster: &'c Roster,
    /// For each row the place of the insured that it matches.
    pub meant: &'c [Option<usize>],
    /// The rows that are priced.
    pub admitted: &'c [Admitted],
}

impl Endorser<'_> {
    /// Rewrites the rows of the contract.
    ///
    /// `None` where a rate cannot be parsed, which no book of this program holds.
    #[must_use]
    pub fn rewrite(&self, before: ContractRows, changes: &Changes<'_>) -> Option<Rewritten> {
        let ContractRows { insured, cells, lines } = before;
        let mut causes: HashMap<usize, Cause> = HashMap::new();
        for (row, at) in changes.meant.iter().enumerate() {
            let cause = match changes.roster.insured.action(row) {
                Some(Action::Leave) => Cause::Leave,
                Some(Action::ChangePlan) => Cause::ChangePlan,
                _ => continue,
            };
            causes.extend(at.map(|at| (at, cause)));
        }
        let rates: Option<Vec<Rate>> = cells.rate.iter().map(|rate| Rate::parse(rate)).collect();
        let mut rewriter =
            Rewriter { endorser: self, cells, rates: rates?, after: Rewritten::default(), rerated: BTreeMap::new() };
        for at in 0..lines.insured.len() {
            let person = (lines.insured[at] as usize).checked_sub(1)?;
            rewriter.rewrite_line(&lines, at, causes.get(&person).copied())?;
        }
        let mut insured = insured;
        for (at, cause) in changes.meant.iter().flatten().filter_map(|at| Some((*at, *causes.get(at)?))) {
            // an insured without any day of cover keeps a row without days
            insured.end[at] = if insured.start[at] < self.on { self.on - 1 } else { insured.start[at] - 1 };
            match cause {
                Cause::Leave => rewriter.after.moves.left += 1,
                _ => rewriter.after.moves.changed += 1,
            }
        }
        rewriter.open_new(&mut insured, changes)?;
        let Rewriter { cells, mut after, .. } = rewriter;
        after.rows.insured = insured;
        after.rows.cells = cells;
        after.written = after.rows.lines.premium.iter().map(|premium| Kopecks::new((*premium).into())).sum();
        Some(after)
    }
}

/// The rows while they are rewritten.
struct Rewriter<'r> {
    endorser: &'r Endorser<'r>,
    cells: CellRows,
    /// The rates of the cells at inception.
    rates: Vec<Rate>,
    after: Rewritten,
    /// The cells by the new headcount, by those of the old; `None` where the rate stays.
    rerated: BTreeMap<u32, Option<u32>>,
}

impl Rewriter<'_> {
    /// Keeps a line, closes it, or closes it and opens another.
    fn rewrite_line(&mut self, lines: &LineRows, at: usize, cause: Option<Cause>) -> Option<()> {
        let endorser = self.endorser;
        let (cell, start, end) = (lines.cell[at], lines.start[at], lines.end[at]);
        let rate = self.rates.get(cell as usize)?.clone();
        let programme = self.cells.programme.get(cell as usize)?.clone();
        let sum_insured = Kopecks::new(lines.sum_insured[at].into());
        let days = |first, last| CoveredDays { programme: &programme, rate: &rate, sum_insured, first, last };
        let premium =
            Kopecks::new(lines.premium[at].into()) + endorser.prices.added_since(endorser.rows_run, days(start, end));
        let insured = lines.insured[at];
        let is_over = end < endorser.on.max(start);
        let again = if cause.is_none() && endorser.rerate_all && !is_over { self.rerated(cell)? } else { None };
        let cause = match (cause, again) {
            _ if is_over => None,
            (Some(cause), _) => Some(cause),
            (None, Some(_)) => Some(Cause::Headcount),
            (None, None) => None,
        };
        let Some(cause) = cause else {
            self.push(insured, cell, sum_insured, start, end, premium);
            return Some(());
        };
        let first = start.max(endorser.on);
        let mut closed = ChangedLine {
            cause,
            insured,
            cell,
            sum_insured,
            rate: endorser.prices.rate_on(&programme, &rate, first).to_string(),
            start,
            end_before: Some(end),
            end_after: None,
            premium_before: premium,
            premium_after: Kopecks::ZERO,
            returned: premium,
            expenses: Kopecks::ZERO,
        };
        if first > start {
            // roundings may differ by kopecks, but no more than the premium is returned
            let returned = endorser.prices.premium(days(first, end)).min(premium);
            let expenses = if cause == Cause::Leave { endorser.expenses(returned, premium) } else { Kopecks::ZERO };
            closed.returned = returned;
            closed.expenses = expenses;
            closed.end_after = Some(endorser.on - 1);
            closed.premium_after = premium - returned + expenses;
            self.push(insured, cell, sum_insured, start, endorser.on - 1, closed.premium_after);
        }
        self.after.changed_lines.push(closed);
        if let Some(again) = again {
            self.open(Cause::Headcount, insured, again, sum_insured, (first, end))?;
        }
        Some(())
    }

    /// Adds the rows of insured who join or change plans, and opens their lines.
    fn open_new(&mut self, insured: &mut InsuredRows, changes: &Changes<'_>) -> Option<()> {
        let columns = &changes.roster.insured;
        let has_families = insured.head.iter().any(Option::is_some);
        let heads = columns.family_heads();
        let before = insured.insured.len();
        let old_of = |at: usize| changes.meant.get(at).copied().flatten();
        // an insured who changes plans keeps the place of the first row
        let mut persons: HashMap<usize, u32> = HashMap::new();
        for (place, at) in changes.admitted.iter().map(|admitted| admitted.at as usize).enumerate() {
            let ordinal = u32::try_from(before + place + 1).ok()?;
            persons.insert(at, old_of(at).map_or(ordinal, |old| insured.person_of(old)));
        }
        for admitted in changes.admitted {
            let at = admitted.at as usize;
            let person = *persons.get(&at)?;
            let ordinal = u32::try_from(insured.insured.len() + 1).ok()?;
            let cover = columns.cover[at]?;
            let plan = &self.endorser.contract.terms.plans[usize::from(admitted.plan)];
            let group = self.endorser.tariff.risk.value[usize::from(admitted.risk)].group;
            let (first, last) = (days_since_1970(cover.first()), days_since_1970(cover.last()));
            let old = old_of(at);
            let cause = if old.is_some() { Cause::ChangePlan } else { Cause::Join };
            self.after.moves.joined += usize::from(old.is_none());
            let own_head =
                heads.as_ref().and_then(|heads| persons.get(&(heads[at] as usize)).copied()).unwrap_or(person);
            let joins_family = (has_families || heads.is_some()).then_some(own_head);
            insured.insured.push(ordinal);
            insured.id.push(old.map_or_else(|| columns.id.get(at).to_owned(), |old| insured.id[old].clone()));
            insured.name.push(old.map_or_else(|| columns.name.get(at).to_owned(), |old| insured.name[old].clone()));
            insured.birth_date.push(days_since_1970(columns.birth_date[at]?));
            insured.relation.push(match old {
                Some(old) => insured.relation[old].clone(),
                None => columns.relation(at).map(|relation| relation.as_str().to_owned()),
            });
            // families refer to the first row of an insured
            insured.head.push(old.map_or(joins_family, |old| insured.head[old]));
            insured.plan.push(plan.code.clone());
            insured.age.push(admitted.age_years.into());
            insured.risk_group.push(group.into());
            insured.start.push(first);
            insured.end.push(last);
            // an insured who changes plans keeps the contacts that the list does not name
            let known = old.map(|old| insured.contacts(old).map(|contact| contact.map(str::to_owned)));
            let mut contacts = known.unwrap_or_default();
            for (contact, listed) in
                contacts.iter_mut().zip(columns.contacts(at)).filter(|(_, listed)| !listed.is_empty())
            {
                *contact = Some(listed.to_owned());
            }
            insured.push_contacts(contacts);
            insured.person.push(Some(person).filter(|person| *person != ordinal));
            for cover in &plan.covers {
                let cell = self.cell(&plan.code, cover, admitted.age_class, admitted.risk)?;
                let sum_insured = columns.sum_insured(at).unwrap_or(cover.sum_insured);
                self.open(cause, ordinal, cell, sum_insured, (first, last))?;
            }
        }
        Some(())
    }

    /// Opens a line.
    fn open(
        &mut self,
        cause: Cause,
        insured: u32,
        cell: u32,
        sum_insured: Kopecks,
        (first, last): (i32, i32),
    ) -> Option<()> {
        let endorser = self.endorser;
        let rate = self.rates.get(cell as usize)?;
        let programme = self.cells.programme.get(cell as usize)?;
        let premium = endorser.prices.premium_of_new_line(CoveredDays { programme, rate, sum_insured, first, last });
        self.after.changed_lines.push(ChangedLine {
            cause,
            insured,
            cell,
            sum_insured,
            rate: endorser.prices.rate_on(programme, rate, first).to_string(),
            start: first,
            end_before: None,
            end_after: Some(last),
            premium_before: Kopecks::ZERO,
            premium_after: premium,
            returned: Kopecks::ZERO,
            expenses: Kopecks::ZERO,
        });
        self.push(insured, cell, sum_insured, first, last, premium);
        Some(())
    }

    fn push(&mut self, insured: u32, cell: u32, sum_insured: Kopecks, start: i32, end: i32, premium: Kopecks) {
        let kopecks = |amount: Kopecks| i64::try_from(amount.get()).unwrap_or(i64::MAX);
        let lines = &mut self.after.rows.lines;
        lines.insured.push(insured);
        lines.cell.push(cell);
        lines.sum_insured.push(kopecks(sum_insured));
        lines.start.push(start);
        lines.end.push(end);
        lines.premium.push(kopecks(premium));
    }

    /// The cell of these coordinates by the new rating; it is added where there is none.
    fn cell(&mut self, plan: &str, cover: &Cover, step: u8, risk: u8) -> Option<u32> {
        let endorser = self.endorser;
        let ages = &endorser.axes.ages[usize::from(step)];
        let rate = endorser.rating.trace(cover, ages, usize::from(risk), PricePoint::Chosen).ok()?.rate();
        let programme = &endorser.tariff.programmes[cover.programme].code;
        let group = u32::from(endorser.tariff.risk.value[usize::from(risk)].group);
        let age_from = u32::from(ages.years.from);
        let cells = &mut self.cells;
        let same = |at: &usize| {
            cells.plan[*at] == plan
                && cells.programme[*at] == *programme
                && cells.age_from[*at] == age_from
                && cells.risk_group[*at] == group
                && self.rates[*at] == rate
        };
        if let Some(at) = (0..cells.cell.len()).find(same) {
            return u32::try_from(at).ok();
        }
        let at = u32::try_from(cells.cell.len()).ok()?;
        cells.cell.push(at);
        cells.plan.push(plan.to_owned());
        cells.programme.push(programme.clone());
        cells.age_from.push(age_from);
        cells.age_to.push(ages.years.to.into());
        cells.risk_group.push(group);
        cells.level.push(cover.price_level().to_string());
        cells.rate.push(rate.to_string());
        self.rates.push(rate);
        Some(at)
    }

    /// The cell that replaces a cell; an inner `None` where its rate stays.
    #[expect(clippy::option_option, reason = "the outer is whether the cell exists")]
    fn rerated(&mut self, cell: u32) -> Option<Option<u32>> {
        if let Some(known) = self.rerated.get(&cell) {
            return Some(*known);
        }
        let (endorser, at) = (self.endorser, cell as usize);
        let plan = endorser.contract.terms.plans.iter().find(|plan| plan.code == self.cells.plan[at])?;
        let programme = endorser.tariff.programme(&self.cells.programme[at])?;
        let cover = plan.covers.iter().find(|cover| cover.programme == programme)?;
        let step = endorser.axes.age_class(u16::try_from(self.cells.age_from[at]).ok()?)?;
        let risk = endorser.axes.risk(u8::try_from(self.cells.risk_group[at]).ok()?)?;
        let found = Some(self.cell(&plan.code, cover, step, risk)?).filter(|found| *found != cell);
        self.rerated.insert(cell, found);
        Some(found)
    }
}

impl Endorser<'_> {
    /// The part of the returned premium of an insured who leaves that is kept for expenses; at most all of it (`I27`).
    fn expenses(&self, returned: Kopecks, premium: Kopecks) -> Kopecks {
        let basis = match self.contract.price_terms.expense_basis {
            ExpenseBasis::Unexpired => returned,
            ExpenseBasis::Written => premium,
        };
        share(basis, self.load).min(returned)
    }
}

/// The number of insured who are covered on a day or later.
#[must_use]
pub fn in_force(insured: &InsuredRows, on: i32) -> u32 {
    let covered =
        (0..insured.insured.len()).filter(|at| days_between(insured.start[*at].max(on), insured.end[*at]) > 0);
    u32::try_from(covered.count()).unwrap_or(u32::MAX)
}
