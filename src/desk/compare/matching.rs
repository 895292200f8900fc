//! Who of one quote is who of the other.
//!
//! First the same name and birth date, by the folding that finds duplicates in a roster. Then, among those left over, the
//! same id where no other has it, if the birth date or the name agrees too: a name that was corrected, or changed by
//! marriage. Where nobody is named, plan, age and risk group stand for the person, one for one.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::desk::compare::compared_quote::{ComparedQuote, Person};
use crate::table::text::folded;

/// What tells an insured from the others of a quote.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key<'s> {
    Named(String, Option<Date>),
    Unnamed(&'s str, u16, u8),
}

/// The pairs of two quotes, by their places among the people: everybody before, in order, with whom they are after, if
/// anybody; then those who are only after, in order.
pub fn pairs(before: &ComparedQuote, after: &ComparedQuote) -> Vec<(Option<usize>, Option<usize>)> {
    let mut place_after: Vec<Option<usize>> = vec![None; before.people.len()];
    let mut is_paired = vec![false; after.people.len()];
    let mut by_key = numbered(after);
    for (key, at) in numbered(before) {
        if let Some(other) = by_key.remove(&key) {
            place_after[at] = Some(other);
            is_paired[other] = true;
        }
    }
    let left = single_ids(before, |at| place_after[at].is_none());
    let came = single_ids(after, |at| !is_paired[at]);
    for (id, at) in left {
        let Some(other) = came.get(&id) else { continue };
        let (person, candidate) = (&before.people[at], &after.people[*other]);
        if person.birth_date == candidate.birth_date || folded(&person.name) == folded(&candidate.name) {
            place_after[at] = Some(*other);
            is_paired[*other] = true;
        }
    }
    let of_before = place_after.into_iter().enumerate().map(|(at, other)| (Some(at), other));
    let joined = is_paired.iter().enumerate().filter(|(_, paired)| !**paired).map(|(at, _)| (None, Some(at)));
    of_before.chain(joined).collect()
}

/// Everybody by key; those whom the key does not tell apart are numbered in roster order.
fn numbered(side: &ComparedQuote) -> BTreeMap<(Key<'_>, usize), usize> {
    let mut alike: BTreeMap<Key<'_>, usize> = BTreeMap::new();
    let mut found = BTreeMap::new();
    for (at, person) in side.people.iter().enumerate() {
        let key = key(side, person);
        let number = alike.entry(key.clone()).or_default();
        found.insert((key, *number), at);
        *number += 1;
    }
    found
}

fn key<'s>(side: &'s ComparedQuote, person: &Person) -> Key<'s> {
    if person.name.is_empty() {
        Key::Unnamed(&side.plans[person.plan], person.age_years, person.risk_group)
    } else {
        Key::Named(folded(&person.name), person.birth_date)
    }
}

/// The ids that exactly one of those meant has.
fn single_ids(side: &ComparedQuote, is_meant: impl Fn(usize) -> bool) -> BTreeMap<String, usize> {
    let mut found: BTreeMap<String, Option<usize>> = BTreeMap::new();
    for (at, person) in side.people.iter().enumerate().filter(|(at, person)| is_meant(*at) && !person.id.is_empty()) {
        found.entry(folded(&person.id)).and_modify(|known| *known = None).or_insert(Some(at));
    }
    found.into_iter().filter_map(|(id, at)| Some((id, at?))).collect()
}
