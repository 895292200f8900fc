//! The insured of one quote matched with those of the other.
//!
//! First by name and birth date, folded as for duplicates in a roster. Then, among the unmatched, by an id that is unique on both sides,
//! if the birth date or the name agrees too: a name that was corrected, or changed by marriage. Insured without a name are matched by
//! plan, age and risk group.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::desk::compare::compared_quote::{ComparedInsured, ComparedQuote};
use crate::table::text::{folded, folded_number};

/// The key by which insured are matched.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key<'s> {
    Named(String, Option<Date>),
    Unnamed(&'s str, u16, u8),
}

/// The pairs of insured of two quotes, as indices: every insured before, in order, with the match after if there is one; then the
/// insured who are only after, in order.
pub fn match_insured(before: &ComparedQuote, after: &ComparedQuote) -> Vec<(Option<usize>, Option<usize>)> {
    let mut place_after: Vec<Option<usize>> = vec![None; before.insured.len()];
    let mut is_paired = vec![false; after.insured.len()];
    let mut by_key = index_by_key(after);
    for (key, at) in index_by_key(before) {
        if let Some(other) = by_key.remove(&key) {
            place_after[at] = Some(other);
            is_paired[other] = true;
        }
    }
    let leavers = unique_ids(before, |at| place_after[at].is_none());
    let joiners = unique_ids(after, |at| !is_paired[at]);
    for (id, at) in leavers {
        let Some(other) = joiners.get(&id) else { continue };
        let (insured, candidate) = (&before.insured[at], &after.insured[*other]);
        if insured.birth_date == candidate.birth_date || folded(&insured.name) == folded(&candidate.name) {
            place_after[at] = Some(*other);
            is_paired[*other] = true;
        }
    }
    let of_before = place_after.into_iter().enumerate().map(|(at, other)| (Some(at), other));
    let joined = is_paired.iter().enumerate().filter(|(_, paired)| !**paired).map(|(at, _)| (None, Some(at)));
    of_before.chain(joined).collect()
}

/// The insured by key; insured with the same key are numbered in roster order.
fn index_by_key(quote: &ComparedQuote) -> BTreeMap<(Key<'_>, usize), usize> {
    let mut alike: BTreeMap<Key<'_>, usize> = BTreeMap::new();
    let mut found = BTreeMap::new();
    for (at, insured) in quote.insured.iter().enumerate() {
        let key = key(quote, insured);
        let number = alike.entry(key.clone()).or_default();
        found.insert((key, *number), at);
        *number += 1;
    }
    found
}

fn key<'s>(quote: &'s ComparedQuote, insured: &ComparedInsured) -> Key<'s> {
    if insured.name.is_empty() {
        Key::Unnamed(&quote.plans[insured.plan], insured.age_years, insured.risk_group)
    } else {
        Key::Named(folded(&insured.name), insured.birth_date)
    }
}

/// The ids that exactly one of the chosen insured has.
fn unique_ids(quote: &ComparedQuote, is_chosen: impl Fn(usize) -> bool) -> BTreeMap<String, usize> {
    let mut found: BTreeMap<String, Option<usize>> = BTreeMap::new();
    for (at, insured) in
        quote.insured.iter().enumerate().filter(|(at, insured)| is_chosen(*at) && !insured.id.is_empty())
    {
        found.entry(folded_number(&insured.id)).and_modify(|known| *known = None).or_insert(Some(at));
    }
    found.into_iter().filter_map(|(id, at)| Some((id, at?))).collect()
}
