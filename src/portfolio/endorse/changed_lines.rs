//! The lines that a run closes, opens or prices anew: the difference of a contract's rows before and after it.

use std::collections::{BTreeMap, HashMap};

use crate::base::calendar::days_since_1970;
use crate::base::money::{Kopecks, Rate};
use crate::portfolio::event::{Event, EventKind, PersonRef};
use crate::portfolio::fold::Folded;
use crate::portfolio::premium::price_history::{ChangesSince, CoveredDays, PriceHistory};
use crate::portfolio::rows::{CellRows, ContractRows};

/// Why a line is closed, opened or priced anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The insured joins.
    Join,
    /// The insured leaves.
    Leave,
    /// The plan of the insured changes.
    ChangePlan,
    /// Another value of the insured changes.
    Change,
    /// A value of the insured was wrong from the first day (`I33`).
    Correct,
    /// The headcount has another coefficient (`I28`), or late news comes before what was known (`I31`).
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
            Self::Change => "change",
            Self::Correct => "correct",
            Self::Headcount => "headcount",
        }
    }
}

/// A line that an endorsement closes, opens or prices anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedLine {
    /// Why.
    pub cause: Cause,
    /// The insured's place in the contract afterwards.
    pub insured: u32,
    /// The cell's place in the contract afterwards.
    pub cell: u32,
    /// The sum insured.
    pub sum_insured: Kopecks,
    /// The rate in force on the first of the days that are taken away or added.
    pub rate: String,
    /// The first day, in days since 1970.
    pub start: i32,
    /// The last day before the endorsement; `None` for a line that it opens.
    pub end_before: Option<i32>,
    /// The last day after the endorsement; `None` for a line that it removes.
    pub end_after: Option<i32>,
    /// The premium before.
    pub premium_before: Kopecks,
    /// The premium after.
    pub premium_after: Kopecks,
    /// The returned premium, before expenses.
    pub returned: Kopecks,
    /// The part of it that is kept for expenses (`I27`).
    pub expenses: Kopecks,
}

/// What identifies a line across runs: the insured, the coordinates and the rate of its cell, and its first day.
type LineKey = (PersonRef, String, String, u32, u32, String, i32);

/// The rows of a contract before a run.
pub(super) struct Before<'b> {
    /// The rows as they were last written.
    pub rows: &'b ContractRows,
    /// The fold of the events until then, whose rows are the same but for price changes.
    pub folded: &'b Folded,
    /// The run that wrote the rows.
    pub rows_run: i64,
}

fn key(rows: &ContractRows, people: &[PersonRef], at: usize) -> Option<LineKey> {
    let (lines, cells) = (&rows.lines, &rows.cells);
    let cell = lines.cell[at] as usize;
    Some((
        *people.get((lines.insured[at] as usize).checked_sub(1)?)?,
        cells.plan.get(cell)?.clone(),
        cells.programme[cell].clone(),
        cells.age_from[cell],
        cells.risk_group[cell],
        cells.rate[cell].clone(),
        lines.start[at],
    ))
}

/// The lines that differ, in the order of the insured, and the cells that they name: those afterwards, then others of removed lines.
pub(super) fn changed_lines(
    before: &Before<'_>,
    after: &Folded,
    new: &[Event],
    prices: &PriceHistory,
) -> (Vec<ChangedLine>, CellRows) {
    let causes = causes(new);
    let mut known: HashMap<LineKey, (i32, Kopecks, Kopecks)> = HashMap::new();
    let rows = before.rows;
    let since = prices.since(before.rows_run);
    for at in 0..rows.lines.insured.len() {
        let Some(key) = key(rows, &before.folded.people, at) else { continue };
        let premium = premium_now(rows, at, &since);
        let kept = before.folded.kept.get(at).copied().unwrap_or_default();
        known.insert(key, (rows.lines.end[at], premium, kept));
    }
    let mut changed = Vec::new();
    let (lines, cells) = (&after.rows.lines, &after.rows.cells);
    for at in 0..lines.insured.len() {
        let Some(key) = key(&after.rows, &after.people, at) else { continue };
        let (who, programme) = (key.0, key.2.clone());
        let premium = Kopecks::new(lines.premium[at].into());
        let before = known.remove(&key);
        if before.is_some_and(|(end, before, _)| (end, before) == (lines.end[at], premium)) {
            continue;
        }
        let (start, end) = (lines.start[at], lines.end[at]);
        let first = before.map_or(start, |_| start.max(end + 1));
        let rate = Rate::parse(&cells.rate[lines.cell[at] as usize]);
        let expenses = after.kept[at] - before.map_or(Kopecks::ZERO, |(.., kept)| kept);
        changed.push(ChangedLine {
            cause: cause_on(&causes, who, first),
            insured: lines.insured[at],
            cell: lines.cell[at],
            sum_insured: Kopecks::new(lines.sum_insured[at].into()),
            rate: rate.map(|rate| prices.rate_on(&programme, &rate, first).to_string()).unwrap_or_default(),
            start,
            end_before: before.map(|(end, ..)| end),
            end_after: Some(end),
            premium_before: before.map_or(Kopecks::ZERO, |(_, before, _)| before),
            premium_after: premium,
            returned: before.map_or(Kopecks::ZERO, |(_, before, _)| before - premium + expenses),
            expenses,
        });
    }
    let mut cells = after.rows.cells.clone();
    removed(before, (after, &mut cells), &known, &causes, prices, &mut changed);
    changed.sort_by_key(|line| (line.insured, line.end_before.is_none(), line.start));
    (changed, cells)
}

/// The place of a cell of other rows among the cells; it is added where there is none.
fn place_of(cells: &mut CellRows, other: &CellRows, at: usize) -> u32 {
    let is_same = |place: &usize| {
        (&cells.plan[*place], &cells.programme[*place], &cells.rate[*place])
            == (&other.plan[at], &other.programme[at], &other.rate[at])
            && [cells.age_from[*place], cells.risk_group[*place]] == [other.age_from[at], other.risk_group[at]]
            && cells.age_coefficient[*place] == other.age_coefficient[at]
    };
    let whole = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
    if let Some(place) = (0..cells.cell.len()).find(is_same) {
        return whole(place);
    }
    let place = whole(cells.cell.len());
    cells.cell.push(place);
    cells.plan.push(other.plan[at].clone());
    cells.programme.push(other.programme[at].clone());
    cells.age_from.push(other.age_from[at]);
    cells.age_to.push(other.age_to[at]);
    cells.risk_group.push(other.risk_group[at]);
    cells.level.push(other.level[at].clone());
    cells.rate.push(other.rate[at].clone());
    cells.age_coefficient.push(other.age_coefficient[at].clone());
    place
}

/// Adds the lines of which nothing remains.
fn removed(
    before: &Before<'_>,
    (after, cells): (&Folded, &mut CellRows),
    known: &HashMap<LineKey, (i32, Kopecks, Kopecks)>,
    causes: &Causes,
    prices: &PriceHistory,
    changed: &mut Vec<ChangedLine>,
) {
    let rows = before.rows;
    for at in 0..rows.lines.insured.len() {
        let Some(key) = key(rows, &before.folded.people, at) else { continue };
        let Some((end, premium, kept)) = known.get(&key).copied() else { continue };
        let (who, start) = (key.0, key.6);
        let cell = rows.lines.cell[at] as usize;
        let rate = Rate::parse(&rows.cells.rate[cell]);
        let place = after.people.iter().position(|person| *person == who);
        changed.push(ChangedLine {
            cause: cause_on(causes, who, start),
            insured: place.and_then(|place| u32::try_from(place + 1).ok()).unwrap_or(rows.lines.insured[at]),
            cell: place_of(cells, &rows.cells, cell),
            sum_insured: Kopecks::new(rows.lines.sum_insured[at].into()),
            rate: rate.map(|rate| prices.rate_on(&key.2, &rate, start).to_string()).unwrap_or_default(),
            start,
            end_before: Some(end),
            end_after: None,
            premium_before: premium,
            premium_after: Kopecks::ZERO,
            returned: premium - kept,
            expenses: -kept,
        });
    }
}

/// The premium of a line, with the price changes since it was written.
fn premium_now(rows: &ContractRows, at: usize, changes: &ChangesSince) -> Kopecks {
    let (lines, cell) = (&rows.lines, rows.lines.cell[at] as usize);
    let premium = Kopecks::new(lines.premium[at].into());
    let Some(rate) = rows.cells.rate.get(cell).and_then(|rate| Rate::parse(rate)) else { return premium };
    let days = CoveredDays {
        programme: &rows.cells.programme[cell],
        rate: &rate,
        sum_insured: Kopecks::new(lines.sum_insured[at].into()),
        first: lines.start[at],
        last: lines.end[at],
    };
    premium + changes.added(days)
}

/// What happens to each insured in a run, with the days, in days since 1970.
type Causes = BTreeMap<PersonRef, Vec<(i32, Cause)>>;

/// Why a line of an insured changes from a day on: by the change of that day, or else by the last one.
fn cause_on(causes: &Causes, who: PersonRef, day: i32) -> Cause {
    let of_insured = causes.get(&who).map_or(&[][..], Vec::as_slice);
    let on_day = of_insured.iter().rfind(|(from, _)| *from == day).or(of_insured.last());
    on_day.map_or(Cause::Headcount, |(_, cause)| *cause)
}

fn causes(new: &[Event]) -> Causes {
    let cause = |event: &Event| match &event.kind {
        EventKind::Joined(_) => Some((PersonRef::Joined(event.run, event.row), Cause::Join)),
        EventKind::Left { who, .. } => Some((*who, Cause::Leave)),
        EventKind::Changed { who, values } => {
            Some((*who, if values.plan.is_some() { Cause::ChangePlan } else { Cause::Change }))
        }
        EventKind::Corrected { who, .. } => Some((*who, Cause::Correct)),
        EventKind::Ended(_) => None,
    };
    let mut causes = Causes::new();
    for event in new {
        if let Some((who, cause)) = cause(event) {
            causes.entry(who).or_default().push((days_since_1970(event.day), cause));
        }
    }
    causes
}

/// How many insured join, leave and change.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Moves {
    /// Those who join.
    pub joined: usize,
    /// Those who leave.
    pub left: usize,
    /// Those who change plans or other values, or whose values are corrected.
    pub changed: usize,
    /// Those of them who change plans.
    pub changed_plan: usize,
}

impl Moves {
    /// Counts the insured of events.
    #[must_use]
    pub fn count(events: &[Event]) -> Self {
        let of = |cause: fn(&EventKind) -> bool| events.iter().filter(|event| cause(&event.kind)).count();
        Self {
            joined: of(|kind| matches!(kind, EventKind::Joined(_))),
            left: of(|kind| matches!(kind, EventKind::Left { .. })),
            changed: of(|kind| matches!(kind, EventKind::Changed { .. } | EventKind::Corrected { .. })),
            changed_plan: of(|kind| matches!(kind, EventKind::Changed { values, .. } if values.plan.is_some())),
        }
    }
}
