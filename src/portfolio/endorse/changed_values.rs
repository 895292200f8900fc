//! The values of insured that a list changes or corrects: what they were and what they are, whatever becomes of their lines.

use std::collections::HashMap;

use crate::base::calendar::{day_after_1970, days_since_1970};
use crate::base::money::Kopecks;
use crate::portfolio::event::{Event, EventKind, PersonRef, Values};
use crate::portfolio::fold::Folded;
use crate::portfolio::rows::InsuredRows;

/// A value of an insured that a list changes or corrects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedValue {
    /// The place of the insured's row afterwards.
    pub insured: usize,
    /// Whether it was wrong from the first day.
    pub is_corrected: bool,
    /// The first day on which the new value counts, in days since 1970.
    pub from: i32,
    /// The field: `name`, `birth_date`, `relation`, `plan`, `risk_group`, `sum_insured`.
    pub field: &'static str,
    /// The value before; empty where the book has none.
    pub before: String,
    /// The value after.
    pub after: String,
}

/// The changed values of events, in the order of the list.
pub(super) fn changed_values(before: &Folded, after: &Folded, events: &[Event]) -> Vec<ChangedValue> {
    let rows = &before.rows.insured;
    let mut known_rows: HashMap<PersonRef, Vec<usize>> = HashMap::new();
    for (at, who) in before.people.iter().enumerate() {
        known_rows.entry(*who).or_default().push(at);
    }
    let mut places: HashMap<PersonRef, usize> = HashMap::new();
    for (at, who) in after.people.iter().enumerate() {
        places.entry(*who).or_insert(at);
    }
    let mut changed = Vec::new();
    for event in events {
        let (who, values, is_corrected) = match &event.kind {
            EventKind::Changed { who, values } => (*who, values, false),
            EventKind::Corrected { who, values } => (*who, values, true),
            EventKind::Joined(_) | EventKind::Left { .. } | EventKind::Ended(_) => continue,
        };
        if after.void.contains(&(event.run, event.row)) {
            continue;
        }
        let day = days_since_1970(event.day);
        let own = known_rows.get(&who).map_or(&[][..], Vec::as_slice);
        let covered = own.iter().copied().find(|at| rows.end[*at] >= day.max(rows.start[*at]));
        let Some(at) = covered.or(own.first().copied()) else { continue };
        let from = if is_corrected { rows.start[own[0]] } else { day };
        let place = places.get(&who).copied().unwrap_or(at);
        for (field, value) in stated(values) {
            let before = known(rows, at, field);
            changed.push(ChangedValue { insured: place, is_corrected, from, field, before, after: value });
        }
    }
    changed
}

fn day(days: i32) -> String {
    day_after_1970(days).map(|day| day.to_string()).unwrap_or_default()
}

/// The values that are stated, by field.
fn stated(values: &Values) -> Vec<(&'static str, String)> {
    let sum = |kopecks: i64| Kopecks::new(kopecks.into()).to_string();
    [
        ("name", values.name.clone()),
        ("birth_date", values.birth_date.map(day)),
        ("relation", values.relation.clone()),
        ("plan", values.plan.clone()),
        ("risk_group", values.risk_group.map(|group| group.to_string())),
        ("sum_insured", values.sum_insured.map(sum)),
    ]
    .into_iter()
    .filter_map(|(field, value)| Some((field, value?)))
    .collect()
}

/// The value of a field in the book; empty where the rows of insured do not have it.
fn known(rows: &InsuredRows, at: usize, field: &str) -> String {
    match field {
        "name" => rows.name[at].clone(),
        "birth_date" => day(rows.birth_date[at]),
        "relation" => rows.relation[at].clone().unwrap_or_default(),
        "plan" => rows.plan[at].clone(),
        "risk_group" => rows.risk_group[at].to_string(),
        _ => String::new(),
    }
}
