//! The rows of a contract after an endorsement: what is closed, what is opened, and what each costs (`I25`–`I28`).

use std::collections::{BTreeMap, HashMap};

use rust_decimal::Decimal;

use crate::base::calendar::days_since_1970;
use crate::base::money::{Kopecks, Rate, share};
use crate::portfolio::bind::ContractRows;
use crate::portfolio::endorse::price::{Days, Prices, count};
use crate::portfolio::rows::{CellRows, InsuredRows, LineRows};
use crate::pricing::cube::Axes;
use crate::pricing::rating::{PricePoint, Rating};
use crate::quote::Admitted;
use crate::quote::contract::{Contract, Cover, ExpenseBasis};
use crate::roster::Roster;
use crate::table::value::Action;
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
pub struct TouchedLine {
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

/// How many people a list of changes moves.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Moves {
    /// Who joins.
    pub joined: usize,
    /// Who leaves.
    pub left: usize,
    /// Who changes plans.
    pub changed: usize,
}

/// A contract after an endorsement.
#[derive(Debug, Default)]
pub struct Rewritten {
    /// Its rows.
    pub rows: ContractRows,
    /// The lines that are closed or opened, in the order of the insured.
    pub touched: Vec<TouchedLine>,
    /// The people who are moved.
    pub moves: Moves,
    /// The premium of all lines.
    pub written: Kopecks,
}

/// Everything that an endorsement is worked out from.
pub struct Desk<'d> {
    /// The terms.
    pub contract: &'d Contract,
    /// The edition that the contract was bound with.
    pub tariff: &'d Tariff,
    /// The axes of the contract's cells.
    pub axes: &'d Axes,
    /// By which headcount new lines are rated.
    pub rating: &'d Rating<'d>,
    /// Whether everybody's days to come are rated by it too (`I28`).
    pub everybody: bool,
    /// How prices have gone.
    pub prices: &'d Prices,
    /// The share of expenses of those who leave.
    pub load: Decimal,
    /// The day, in days since 1970.
    pub on: i32,
}

/// The list of changes, understood.
pub struct Changes<'c> {
    /// The list.
    pub roster: &'c Roster,
    /// For each of its rows the insured whom it is about, by their place.
    pub meant: &'c [Option<usize>],
    /// Those of its rows that are priced.
    pub admitted: &'c [Admitted],
}

impl Desk<'_> {
    /// Works an endorsement out; `before` are the contract's rows as they stand.
    ///
    /// `None` where a rate cannot be read, which no book of this program holds.
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
        let rates: Option<Vec<Rate>> = cells.rate.iter().map(|rate| Rate::as_written(rate)).collect();
        let mut book = Book { desk: self, cells, rates: rates?, after: Rewritten::default(), rerated: BTreeMap::new() };
        for at in 0..lines.insured.len() {
            let person = (lines.insured[at] as usize).checked_sub(1)?;
            book.line(&lines, at, causes.get(&person).copied())?;
        }
        let mut insured = insured;
        for (at, cause) in changes.meant.iter().flatten().filter_map(|at| Some((*at, *causes.get(at)?))) {
            // whoever has had no day of cover keeps a row without a day
            insured.end[at] = if insured.start[at] < self.on { self.on - 1 } else { insured.start[at] - 1 };
            match cause {
                Cause::Leave => book.after.moves.left += 1,
                _ => book.after.moves.changed += 1,
            }
        }
        book.open_new(&mut insured, changes)?;
        let Book { cells, mut after, .. } = book;
        after.rows.insured = insured;
        after.rows.cells = cells;
        after.written = after.rows.lines.premium.iter().map(|premium| Kopecks::new((*premium).into())).sum();
        Some(after)
    }
}

/// The rows on their way from before to after.
struct Book<'b> {
    desk: &'b Desk<'b>,
    cells: CellRows,
    /// The rates of the cells at inception.
    rates: Vec<Rate>,
    after: Rewritten,
    /// The cells of the headcount's new coefficient, by those of the old; none where that is the same.
    rerated: BTreeMap<u32, Option<u32>>,
}

impl Book<'_> {
    /// Takes over a line of before: as it is, closed, or closed and opened again.
    fn line(&mut self, lines: &LineRows, at: usize, cause: Option<Cause>) -> Option<()> {
        let desk = self.desk;
        let (cell, start, end) = (lines.cell[at], lines.start[at], lines.end[at]);
        let rate = self.rates.get(cell as usize)?.clone();
        let programme = self.cells.programme.get(cell as usize)?.clone();
        let sum_insured = Kopecks::new(lines.sum_insured[at].into());
        let days = |first, last| Days { programme: &programme, rate: &rate, sum_insured, first, last };
        let premium = Kopecks::new(lines.premium[at].into()) + desk.prices.since_written(days(start, end));
        let insured = lines.insured[at];
        let is_over = end < desk.on.max(start);
        let again = if cause.is_none() && desk.everybody && !is_over { self.rerated(cell)? } else { None };
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
        let first = start.max(desk.on);
        let mut closed = TouchedLine {
            cause,
            insured,
            cell,
            sum_insured,
            rate: desk.prices.rate_on(&programme, &rate, first).to_string(),
            start,
            end_before: Some(end),
            end_after: None,
            premium_before: premium,
            premium_after: Kopecks::ZERO,
            returned: premium,
            expenses: Kopecks::ZERO,
        };
        if first > start {
            // not more than was charged, by however many kopecks the roundings differ
            let returned = desk.prices.of(days(first, end)).min(premium);
            let expenses = if cause == Cause::Leave { desk.expenses(returned, premium) } else { Kopecks::ZERO };
            closed.returned = returned;
            closed.expenses = expenses;
            closed.end_after = Some(desk.on - 1);
            closed.premium_after = premium - returned + expenses;
            self.push(insured, cell, sum_insured, start, desk.on - 1, closed.premium_after);
        }
        self.after.touched.push(closed);
        if let Some(again) = again {
            self.open(Cause::Headcount, insured, again, sum_insured, (first, end))?;
        }
        Some(())
    }

    /// Opens the lines of those who join, or who are on another plan, and adds their rows.
    fn open_new(&mut self, insured: &mut InsuredRows, changes: &Changes<'_>) -> Option<()> {
        let columns = &changes.roster.insured;
        let has_families = insured.head.iter().any(Option::is_some);
        let heads = columns.family_heads();
        let before = insured.insured.len();
        let old_of = |at: usize| changes.meant.get(at).copied().flatten();
        // whoever changes plans is who they were
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
            let plan = &self.desk.contract.plans[usize::from(admitted.plan)];
            let group = self.desk.tariff.risk.value[usize::from(admitted.risk)].group;
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
            // families follow the person, not the row
            insured.head.push(old.map_or(joins_family, |old| insured.head[old]));
            insured.plan.push(plan.code.clone());
            insured.age.push(admitted.age_years.into());
            insured.risk_group.push(group.into());
            insured.start.push(first);
            insured.end.push(last);
            // whoever changes plans keeps what the list does not say anew
            let known = old.map(|old| insured.contacts(old).map(|contact| contact.map(str::to_owned)));
            let mut contacts = known.unwrap_or_default();
            for (contact, told) in contacts.iter_mut().zip(columns.contacts(at)).filter(|(_, told)| !told.is_empty()) {
                *contact = Some(told.to_owned());
            }
            insured.push_contacts(contacts);
            insured.person.push(Some(person).filter(|person| *person != ordinal));
            for cover in &plan.covers {
                let cell = self.cell(&plan.code, cover, admitted.step, admitted.risk)?;
                let sum_insured = columns.sum_insured(at).unwrap_or(cover.sum_insured);
                self.open(cause, ordinal, cell, sum_insured, (first, last))?;
            }
        }
        Some(())
    }

    /// Opens a line for days from the first to the last.
    fn open(
        &mut self,
        cause: Cause,
        insured: u32,
        cell: u32,
        sum_insured: Kopecks,
        (first, last): (i32, i32),
    ) -> Option<()> {
        let desk = self.desk;
        let rate = self.rates.get(cell as usize)?;
        let programme = self.cells.programme.get(cell as usize)?;
        let premium = desk.prices.opened(Days { programme, rate, sum_insured, first, last });
        self.after.touched.push(TouchedLine {
            cause,
            insured,
            cell,
            sum_insured,
            rate: desk.prices.rate_on(programme, rate, first).to_string(),
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

    /// The cell of these coordinates as new lines are rated, which is added where there is none.
    fn cell(&mut self, plan: &str, cover: &Cover, step: u8, risk: u8) -> Option<u32> {
        let desk = self.desk;
        let ages = &desk.axes.ages[usize::from(step)];
        let rate = desk.rating.trace(cover, ages, usize::from(risk), PricePoint::Chosen).ok()?.rate();
        let programme = &desk.tariff.programmes[cover.programme].code;
        let group = u32::from(desk.tariff.risk.value[usize::from(risk)].group);
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
        cells.level.push(cover.level().to_string());
        cells.rate.push(rate.to_string());
        self.rates.push(rate);
        Some(at)
    }

    /// The cell that takes a cell's place; none where its rate stays.
    #[expect(clippy::option_option, reason = "the outer is whether a cell can be read")]
    fn rerated(&mut self, cell: u32) -> Option<Option<u32>> {
        if let Some(known) = self.rerated.get(&cell) {
            return Some(*known);
        }
        let (desk, at) = (self.desk, cell as usize);
        let plan = desk.contract.plans.iter().find(|plan| plan.code == self.cells.plan[at])?;
        let programme = desk.tariff.programme(&self.cells.programme[at])?;
        let cover = plan.covers.iter().find(|cover| cover.programme == programme)?;
        let step = desk.axes.step(u16::try_from(self.cells.age_from[at]).ok()?)?;
        let risk = desk.axes.risk(u8::try_from(self.cells.risk_group[at]).ok()?)?;
        let found = Some(self.cell(&plan.code, cover, step, risk)?).filter(|found| *found != cell);
        self.rerated.insert(cell, found);
        Some(found)
    }
}

impl Desk<'_> {
    /// What is kept of the premium that comes back to those who leave, and not more than that (`I27`).
    fn expenses(&self, returned: Kopecks, premium: Kopecks) -> Kopecks {
        let basis = match self.contract.price_terms.expense_basis {
            ExpenseBasis::Unexpired => returned,
            ExpenseBasis::Written => premium,
        };
        share(basis, self.load).min(returned)
    }
}

/// The people of a contract who are covered on a day or later.
#[must_use]
pub fn in_force(insured: &InsuredRows, on: i32) -> u32 {
    let covered = (0..insured.insured.len()).filter(|at| count(insured.start[*at].max(on), insured.end[*at]) > 0);
    u32::try_from(covered.count()).unwrap_or(u32::MAX)
}
