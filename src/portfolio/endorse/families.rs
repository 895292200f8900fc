//! The families of insured who leave with a list (`I39`).

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::base::calendar::days_since_1970;
use crate::portfolio::event::{Event, EventKind, PersonRef};
use crate::portfolio::fold::Folded;
use crate::portfolio::life::Life;

/// Those who left with the list of a run, with the day and the share of expenses.
pub(super) fn leavers(life: &Life, list: i64) -> BTreeMap<PersonRef, (Date, Option<String>)> {
    let left = life.events.iter().filter(|event| event.run == list).filter_map(|event| match &event.kind {
        EventKind::Left { who, load } => Some((*who, (event.day, load.clone()))),
        _ => None,
    });
    left.collect()
}

/// The relatives of leavers who are covered after them: their places, with the day and the share of expenses.
pub(super) fn families_of_leavers(
    before: &Folded,
    leavers: &BTreeMap<PersonRef, (Date, Option<String>)>,
) -> Vec<(usize, Date, Option<String>)> {
    let insured = &before.rows.insured;
    let head_leaves = |at: usize| {
        let head = insured.head[at].filter(|head| *head != insured.person_of(at))?;
        leavers.get(before.people.get((head as usize).checked_sub(1)?)?)
    };
    let stays = |at: usize| {
        let (day, load) = head_leaves(at).filter(|_| !leavers.contains_key(&before.people[at]))?;
        let is_covered = insured.end[at] >= days_since_1970(*day).max(insured.start[at]);
        is_covered.then(|| (at, *day, load.clone()))
    };
    let mut seen = BTreeSet::new();
    (0..insured.insured.len()).filter_map(stays).filter(|(at, ..)| seen.insert(before.people[*at])).collect()
}

/// The events by which the families of those who left with an earlier list leave.
pub(super) fn families(life: &Life, before: &Folded, list: i64, run: i64) -> Option<Vec<Event>> {
    let families = families_of_leavers(before, &leavers(life, list));
    let event = |(row, (at, day, load)): (u32, (usize, Date, Option<String>))| Event {
        run,
        row,
        day,
        kind: EventKind::Left { who: before.people[at], load },
    };
    let events: Vec<Event> = (1..).zip(families).map(event).collect();
    (!events.is_empty()).then_some(events)
}
