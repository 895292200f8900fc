//! A contract while its events are folded: its roster, cells and lines after the days so far.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::base::calendar::days_since_1970;
use crate::base::messages::Message;
use crate::base::money::{Kopecks, Rate, parse_decimal, share};
use crate::portfolio::event::{End, EndReason, Event, EventKind, PersonRef, Values};
use crate::portfolio::fold::basis::Fold;
use crate::portfolio::fold::folded::{Ended, Folded};
use crate::portfolio::fold::roster::{Roster, unreadable};
use crate::portfolio::premium::line::days_between;
use crate::portfolio::premium::price_history::{CoveredDays, PriceHistory};
use crate::portfolio::premium::refund::Refund;
use crate::portfolio::rows::{CellRows, ContractRows, LineRows, Numbers};
use crate::pricing::rating::Rating;
use crate::pricing::terms::Plan;
use crate::quote::contract::{ExpenseBasis, HeadcountBasis};

/// A line while events are folded.
#[derive(Debug, Clone)]
pub(super) struct FoldedLine {
    /// The place of the insured's row.
    pub insured: usize,
    pub cell: usize,
    pub sum_insured: Kopecks,
    pub start: i32,
    pub end: i32,
    pub premium: Kopecks,
    pub kept: Kopecks,
}

/// The contract while events are folded.
pub(super) struct FoldedContract<'b, 'f> {
    pub fold: &'b Fold<'f>,
    prices: PriceHistory,
    /// The number of price changes that have been charged so far.
    charged: usize,
    roster: Roster,
    pub cells: CellRows,
    pub rates: Vec<Rate>,
    pub lines: Vec<FoldedLine>,
    headcount: Option<Decimal>,
    /// The run and row of events that have no effect.
    pub void: BTreeSet<(i64, u32)>,
    /// The coefficients by age of insured that the contract accepts outside of the tariff's ages (`I73`).
    accepted: BTreeMap<PersonRef, Decimal>,
}

impl<'b, 'f> FoldedContract<'b, 'f> {
    pub fn new(fold: &'b Fold<'f>, prices: PriceHistory, bound: ContractRows) -> Result<Self, Message> {
        let accepted =
            bound.accepted_ages().into_iter().map(|(insured, age)| (PersonRef::Bound(insured), age)).collect();
        let ContractRows { insured, cells, lines } = bound;
        let rates: Option<Vec<Rate>> = cells.rate.iter().map(|rate| Rate::parse(rate)).collect();
        let line = |at: usize| {
            let insured = (lines.insured[at] as usize).checked_sub(1)?;
            let cell = lines.cell[at] as usize;
            (cell < cells.cell.len()).then(|| FoldedLine {
                insured,
                cell,
                sum_insured: Kopecks::new(lines.sum_insured[at].into()),
                start: lines.start[at],
                end: lines.end[at],
                premium: Kopecks::new(lines.premium[at].into()),
                kept: Kopecks::ZERO,
            })
        };
        let lines: Option<Vec<FoldedLine>> = (0..lines.insured.len()).map(line).collect();
        let (Some(rates), Some(lines)) = (rates, lines) else { return Err(unreadable()) };
        Ok(Self {
            fold,
            prices,
            charged: 0,
            roster: Roster::new(insured),
            cells,
            rates,
            lines,
            headcount: None,
            void: BTreeSet::new(),
            accepted,
        })
    }

    /// Applies the corrections of insured that the contract was bound with, and prices their lines again from the first day.
    pub fn correct_bound(&mut self, events: &[Event]) -> Result<(), Message> {
        let mut corrected: BTreeMap<usize, Option<Kopecks>> = BTreeMap::new();
        for event in events {
            let EventKind::Corrected { who: who @ PersonRef::Bound(_), values } = &event.kind else { continue };
            let Some(at) = self.roster.first_row(*who) else {
                self.void.insert((event.run, event.row));
                continue;
            };
            let known_sum = corrected.get(&at).copied().unwrap_or_else(|| self.own_sum(at));
            let own_sum = self.corrected_sum(at, values, known_sum);
            self.roster.set_values(at, values);
            if values.changes_price() {
                corrected.insert(at, own_sum);
            }
        }
        if corrected.is_empty() {
            return Ok(());
        }
        let terms = self.terms_at(self.fold.headcount);
        let rating = self.rating(&terms, self.fold.headcount)?;
        for (at, own_sum) in corrected {
            self.lines.retain(|line| line.insured != at);
            self.open_lines(&rating, at, own_sum)?;
        }
        Ok(())
    }

    /// The own sum insured of a row after a correction: another plan has its own sums.
    fn corrected_sum(&self, at: usize, values: &Values, known_sum: Option<Kopecks>) -> Option<Kopecks> {
        let same_plan = values.plan.as_ref().is_none_or(|plan| *plan == self.roster.insured.plan[at]);
        values.sum_insured.map(|sum| Kopecks::new(sum.into())).or(known_sum.filter(|_| same_plan))
    }

    /// The own sum insured of a row: that of its only line.
    fn own_sum(&self, at: usize) -> Option<Kopecks> {
        let plan = self.plan(at)?;
        let [cover] = plan.covers.as_slice() else { return None };
        let line = self.lines.iter().rev().find(|line| line.insured == at)?;
        Some(line.sum_insured).filter(|sum| *sum != cover.sum_insured)
    }

    fn plan(&self, at: usize) -> Option<&'f Plan> {
        let code = &self.roster.insured.plan[at];
        self.fold.contract.terms.plans.iter().find(|plan| plan.code == *code)
    }

    /// Charges the price changes that are effective on a day or earlier.
    pub fn reprice_until(&mut self, day: Date) {
        while let Some(applied) = self.prices.applied.get(self.charged).filter(|applied| applied.effective <= day) {
            if applied.factor.is_some() {
                for line in &mut self.lines {
                    let days = CoveredDays {
                        programme: &self.cells.programme[line.cell],
                        rate: &self.rates[line.cell],
                        sum_insured: line.sum_insured,
                        first: line.start,
                        last: line.end,
                    };
                    line.premium += self.prices.added_by(self.charged, days);
                }
            }
            self.charged += 1;
        }
    }

    /// The premium of days in a cell at the prices charged so far.
    pub fn premium(&self, cell: usize, sum_insured: Kopecks, first: i32, last: i32) -> Kopecks {
        let programme = &self.cells.programme[cell];
        let charged = self.prices.applied[..self.charged].iter().filter(|applied| applied.programme == *programme);
        let level: Rate = charged.filter_map(|applied| applied.factor.clone()).product();
        let rate = self.rates[cell].clone() * level;
        rate.prepare(self.prices.year_days).premium(sum_insured, days_between(first, last))
    }

    /// Takes the days of a line from a day on away; `load` is the share of the returned premium that is kept. `false` where no day of the
    /// line remains.
    pub fn close(&self, line: &mut FoldedLine, on: i32, load: Option<Decimal>) -> bool {
        if line.start >= on {
            return false;
        }
        let returned = self.premium(line.cell, line.sum_insured, on, line.end).min(line.premium);
        let expenses = load.map_or(Kopecks::ZERO, |load| {
            let basis = match self.fold.contract.price_terms.expense_basis {
                ExpenseBasis::Paid | ExpenseBasis::Unexpired => returned,
                ExpenseBasis::Written => line.premium,
            };
            share(basis, load).min(returned)
        });
        line.premium = line.premium - returned + expenses;
        line.kept += expenses;
        line.end = on - 1;
        true
    }

    /// Closes the lines of an insured's row from a day on.
    fn close_lines(&mut self, at: usize, on: i32, load: Option<Decimal>) {
        let lines = std::mem::take(&mut self.lines);
        let keeps = |mut line: FoldedLine| {
            let is_over = line.insured != at || line.end < on.max(line.start);
            (is_over || self.close(&mut line, on, load)).then_some(line)
        };
        self.lines = lines.into_iter().filter_map(keeps).collect();
    }

    /// Applies the events of one day: first insured leave, then the headcount is known, then the others are priced (`I28`).
    pub fn apply(&mut self, day: Date, of_day: &[&Event], events: &[Event]) -> Result<(), Message> {
        let on = days_since_1970(day);
        let mut opened = Vec::new();
        for event in of_day {
            match &event.kind {
                EventKind::Joined(new) => {
                    let who = PersonRef::Joined(event.run, event.row);
                    let mut own_sum = new.sum_insured.map(|sum| Kopecks::new(sum.into()));
                    let at = self.roster.join(who, new, on);
                    for values in corrections(events, who) {
                        own_sum = self.corrected_sum(at, values, own_sum);
                        self.roster.set_values(at, values);
                    }
                    opened.push((at, own_sum));
                }
                EventKind::Left { who, load } => match self.roster.covered_row(*who, on) {
                    Some(at) => {
                        let asked = load.as_deref().and_then(parse_decimal);
                        let load = self.fold.contract.price_terms.expense_load.or(asked);
                        self.close_lines(at, on, load);
                        self.roster.end_row(at, on);
                    }
                    None => drop(self.void.insert((event.run, event.row))),
                },
                EventKind::Changed { who, values } => match self.roster.covered_row(*who, on) {
                    Some(at) if values.changes_price() => {
                        let same_plan = values.plan.as_ref().is_none_or(|plan| *plan == self.roster.insured.plan[at]);
                        // the lines of this day are not open yet
                        let pending = opened.iter().find(|(of, _)| *of == at).and_then(|(_, sum)| *sum);
                        let known_sum = pending.or_else(|| self.own_sum(at)).filter(|_| same_plan);
                        let own_sum = values.sum_insured.map(|sum| Kopecks::new(sum.into())).or(known_sum);
                        self.close_lines(at, on, None);
                        let new = self.roster.change(at, on, values, (event.run, event.row));
                        // a second change of the same day replaces the first
                        opened.retain(|(before, _)| *before != at);
                        opened.push((new, own_sum));
                    }
                    Some(at) => self.roster.set_values(at, values),
                    None => drop(self.void.insert((event.run, event.row))),
                },
                EventKind::Corrected { .. } | EventKind::Ended(_) => {}
            }
        }
        let is_current = self.fold.contract.headcount_basis == HeadcountBasis::Current;
        let headcount = if is_current { self.roster.headcount(on).max(1) } else { self.fold.headcount };
        let terms = self.terms_at(headcount);
        let rating = self.rating(&terms, headcount)?;
        self.headcount = Some(rating.headcount().coefficient);
        if is_current {
            self.rate_again(&rating, on)?;
        }
        for (at, own_sum) in opened {
            self.roster.set_age(at)?;
            self.open_lines(&rating, at, own_sum)?;
        }
        Ok(())
    }

    /// Opens the lines of a row for all its days.
    fn open_lines(&mut self, rating: &Rating<'_>, at: usize, own_sum: Option<Kopecks>) -> Result<(), Message> {
        let insured = &self.roster.insured;
        let (start, end) = (insured.start[at], insured.end[at]);
        let axes = self.fold.axes;
        let age = u16::try_from(insured.age[at]).ok().and_then(|age| axes.age_class(age));
        let accepted = || axes.accepted_class(*self.accepted.get(&self.roster.person(at))?);
        let age = age.or_else(accepted);
        let risk = u8::try_from(insured.risk_group[at]).ok().and_then(|group| axes.risk(group));
        let (Some(plan), Some(age), Some(risk)) = (self.plan(at), age, risk) else { return Err(unreadable()) };
        if start > end {
            return Ok(());
        }
        for cover in &plan.covers {
            let cell = self.cell(rating, &plan.code, cover, age, risk).ok_or_else(unreadable)?;
            let sum_insured = own_sum.unwrap_or(cover.sum_insured);
            let premium = self.premium(cell, sum_insured, start, end);
            self.lines.push(FoldedLine { insured: at, cell, sum_insured, start, end, premium, kept: Kopecks::ZERO });
        }
        Ok(())
    }

    /// Ends the contract on a day, with the refund of its lines (`I22`).
    pub fn end(&mut self, day: Date, end: &End) -> Ended {
        let on = days_since_1970(day);
        let total = |lines: &[FoldedLine]| lines.iter().map(|line| line.premium).sum::<Kopecks>();
        let written = total(&self.lines);
        for at in 0..self.roster.insured.insured.len() {
            if self.roster.insured.end[at] >= on.max(self.roster.insured.start[at]) {
                self.close_lines(at, on, None);
                self.roster.end_row(at, on);
            }
        }
        let earned = total(&self.lines);
        let paid = Kopecks::new(end.paid.into());
        let contract = self.fold.contract;
        let terms =
            if end.reason == EndReason::Refusal { contract.price_terms.expenses() } else { contract.termination };
        let refund = Refund::new(terms, written, paid, written - earned);
        Ended { day, end: end.clone(), refund }
    }

    /// The rows, in an order that does not depend on the order of the runs.
    pub fn finish(self, ended: Option<Ended>) -> Folded {
        let Self { roster, mut cells, lines, headcount, void, .. } = self;
        let (insured, people, places) = roster.finish();
        let mut lines: Vec<FoldedLine> =
            lines.into_iter().map(|line| FoldedLine { insured: places[line.insured], ..line }).collect();
        lines.sort_by_key(|line| (line.insured, line.start));
        cells.number = Numbers::default();
        let kopecks = |amount: Kopecks| i64::try_from(amount.get()).unwrap_or(i64::MAX);
        let whole = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
        let rows = LineRows {
            number: Numbers::default(),
            insured: lines.iter().map(|line| whole(line.insured + 1)).collect(),
            cell: lines.iter().map(|line| whole(line.cell)).collect(),
            sum_insured: lines.iter().map(|line| kopecks(line.sum_insured)).collect(),
            start: lines.iter().map(|line| line.start).collect(),
            end: lines.iter().map(|line| line.end).collect(),
            premium: lines.iter().map(|line| kopecks(line.premium)).collect(),
        };
        Folded {
            rows: ContractRows { insured, cells, lines: rows },
            people,
            kept: lines.iter().map(|line| line.kept).collect(),
            written: lines.iter().map(|line| line.premium).sum(),
            headcount,
            ended,
            void,
        }
    }
}

/// The corrections of an insured, in the order of their runs.
fn corrections(events: &[Event], who: PersonRef) -> impl Iterator<Item = &Values> {
    events.iter().filter_map(move |event| match &event.kind {
        EventKind::Corrected { who: corrected, values } if *corrected == who => Some(&**values),
        _ => None,
    })
}
