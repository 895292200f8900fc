//! The insured of the book that a policy number, or a name with a birth date, may mean.
//!
//! An [`InsuredIndex`] is built from the queries of a table and then filled with the whole book in one pass. It keeps only the insured
//! that a query may mean: its memory grows with the table, not with the book.

mod insured_match;
mod keys;
mod query;

use std::collections::{BTreeSet, HashMap, HashSet};

use jiff::civil::Date;
use rayon::prelude::*;

use crate::base::calendar::Period;
use crate::clinics::entitled::{Entitled, identity};
use crate::clinics::insured_view::{InsuredRecord, InsuredView};
use crate::clinics::loyalty::DiscountEligibility;
use crate::table::text::folded;
pub use insured_match::{InsuredMatch, MatchFailure};
use keys::{
    POLICY_ALONE, POLICY_AND_BIRTH_DATE, POLICY_AND_SURNAME, hash, name_hash, names_agree, policy_hash, policy_key,
    surname,
};
pub use query::InsuredQuery;

/// Insured by the numbers of their contracts and their ordinals; the entitled outside the book by their identities and 0.
pub type InsuredKeys = HashMap<String, HashSet<u32>>;

/// The insured of the book that the queries of a table may mean.
///
/// A query with a policy number is looked up together with its birth date, or else its surname: where every employer numbers its people
/// from 1, a number alone has as many insured as the book has employers.
#[derive(Debug, Default)]
pub struct InsuredIndex {
    /// The keys of all queries.
    wanted: HashSet<u64>,
    /// The policy numbers of the queries that the book has, whatever name and birth date they have there.
    known_policies: HashSet<u64>,
    records: Vec<InsuredRecord>,
    by_key: HashMap<u64, Vec<u32>>,
    /// Days and rights of the entitled outside the book, by identity.
    entitled: HashMap<String, Vec<(Period, DiscountEligibility)>>,
}

impl InsuredIndex {
    /// An empty index for these queries; [`InsuredIndex::insert`] fills it.
    #[must_use]
    pub fn new<'a>(queries: impl IntoIterator<Item = &'a InsuredQuery>) -> Self {
        let mut wanted = HashSet::new();
        for query in queries {
            if let Some(policy) = policy_key(&query.policy) {
                wanted.insert(policy_hash(&policy));
                wanted.insert(query.policy_hash(&policy));
            }
            wanted.extend(query.name_hash());
        }
        Self { wanted, ..Self::default() }
    }

    /// Adds an insured of the book if a query may mean them.
    ///
    /// # Panics
    ///
    /// If the index would hold more than 2³² insured.
    pub fn insert(&mut self, view: &InsuredView<'_>) {
        let mut keys: Vec<u64> = name_hash(view.name, view.birth_date).into_iter().collect();
        let id = if view.id == view.policy { "" } else { view.id };
        for policy in [view.policy, id].into_iter().filter_map(policy_key) {
            if !self.wanted.contains(&policy_hash(&policy)) {
                continue;
            }
            self.known_policies.insert(policy_hash(&policy));
            keys.push(hash(&(POLICY_AND_BIRTH_DATE, &policy, view.birth_date)));
            keys.push(hash(&(POLICY_AND_SURNAME, &policy, surname(view.name))));
            keys.push(hash(&(POLICY_ALONE, &policy)));
        }
        keys.retain(|key| self.wanted.contains(key));
        if keys.is_empty() {
            return;
        }
        let at = u32::try_from(self.records.len()).expect("fewer than 2^32 insured");
        self.records.push(view.to_record());
        for key in keys {
            self.by_key.entry(key).or_default().push(at);
        }
    }

    /// Adds one of the list of the entitled if a query may mean them.
    pub fn insert_entitled(&mut self, entitled: &Entitled) {
        if name_hash(&entitled.name, entitled.birth_date).is_some_and(|key| self.wanted.contains(&key)) {
            let rights = self.entitled.entry(identity(&entitled.name, entitled.birth_date)).or_default();
            rights.push((entitled.days, entitled.right));
        }
    }

    /// The identity and the right on a day of the entitled that a query means.
    fn right(&self, query: &InsuredQuery, day: Date) -> Option<(&str, DiscountEligibility)> {
        let (identity, rights) = self.entitled.get_key_value(&identity(&query.name, query.birth_date?))?;
        let on_day = rights.iter().filter(|(days, _)| days.contains(day)).map(|(_, right)| *right);
        Some((identity, on_day.min()?))
    }

    /// The identities in the ledger of those that some query may mean.
    #[must_use]
    pub fn keys(&self) -> InsuredKeys {
        let mut keys = InsuredKeys::new();
        self.records.iter().for_each(|record| insert_key(&mut keys, record.key()));
        self.entitled.keys().for_each(|identity| insert_key(&mut keys, (identity, 0)));
        keys
    }

    /// The identities in the ledger of those that these queries may mean, which are some of the queries of the index.
    #[must_use]
    pub fn keys_of<'a>(&self, queries: impl IntoIterator<Item = &'a InsuredQuery>) -> InsuredKeys {
        let mut keys = InsuredKeys::new();
        for query in queries.into_iter().collect::<BTreeSet<_>>() {
            let by_policy = policy_key(&query.policy).map(|policy| query.policy_hash(&policy));
            let by_name = query.name_hash();
            self.at(by_policy).chain(self.at(by_name)).for_each(|record| insert_key(&mut keys, record.key()));
            let identity = query.birth_date.map(|day| identity(&query.name, day));
            if let Some(identity) = identity.filter(|identity| self.entitled.contains_key(identity)) {
                insert_key(&mut keys, (&identity, 0));
            }
        }
        keys
    }

    /// The insured that queries mean on their days, in the order of the queries; without a day none.
    ///
    /// Equal queries are looked up once: where every employer numbers its people from 1, a number alone may mean very many.
    #[must_use]
    pub fn find_all<'q>(
        &self,
        queries: impl IntoIterator<Item = (&'q InsuredQuery, Option<Date>)>,
    ) -> Vec<InsuredMatch<'_>> {
        let mut places: HashMap<&InsuredQuery, HashMap<Date, Vec<usize>>> = HashMap::new();
        let mut count = 0;
        for (query, day) in queries {
            if let Some(day) = day {
                places.entry(query).or_default().entry(day).or_default().push(count);
            }
            count += 1;
        }
        let find = |(query, days): (&InsuredQuery, HashMap<Date, Vec<usize>>)| {
            let candidates = self.candidates(query);
            let found = |(day, places)| (self.find_among(&candidates, query, day), places);
            days.into_iter().map(found).collect::<Vec<_>>()
        };
        let mut matches = vec![InsuredMatch::None(MatchFailure::NotFound); count];
        for (found, places) in places.into_par_iter().flat_map_iter(find).collect::<Vec<_>>() {
            for place in places {
                matches[place] = found.clone();
            }
        }
        matches
    }

    /// The insured that a query means on a day (`I40`, `I69`).
    ///
    /// A policy number decides unless the name or the birth date of the query contradicts it. Without a policy number the name and the
    /// birth date must both agree. Names are compared folded, as in rosters. Of several candidates the one covered on the day is the
    /// match; two covered candidates are a failure unless they are one person in two contracts.
    #[must_use]
    pub fn find(&self, query: &InsuredQuery, day: Date) -> InsuredMatch<'_> {
        self.find_among(&self.candidates(query), query, day)
    }

    /// As [`InsuredIndex::find`], with the insured that the query may mean on any day.
    fn find_among<'f>(
        &'f self,
        candidates: &Result<Vec<&'f InsuredRecord>, MatchFailure>,
        query: &InsuredQuery,
        day: Date,
    ) -> InsuredMatch<'f> {
        let candidates = match candidates {
            Ok(candidates) => candidates,
            Err(failure) => {
                let right = self.right(query, day).filter(|_| *failure == MatchFailure::NotFound);
                return right.map_or(InsuredMatch::None(*failure), |(identity, right)| InsuredMatch::Entitled {
                    right,
                    identity,
                });
            }
        };
        let mut covered = candidates.iter().copied().filter(|insured| insured.is_insured(day));
        let Some(first) = covered.next() else {
            let eligible = candidates.iter().find(|insured| insured.discount_eligibility(day).is_some());
            let Some(insured) = eligible.or(candidates.first()).copied() else {
                return InsuredMatch::None(MatchFailure::NotFound);
            };
            return InsuredMatch::Outside { insured, entitled: self.right(query, day).map(|(_, right)| right) };
        };
        let mut covers = vec![first];
        for other in covered {
            if !covers.iter().all(|cover| cover.is_same_person(other)) {
                return InsuredMatch::None(MatchFailure::Ambiguous);
            }
            covers.push(other);
        }
        if covers.len() == 1 {
            return InsuredMatch::Insured(first);
        }
        let key = policy_key(&query.policy);
        let is_named = |insured: &InsuredRecord| insured.numbers().map(policy_key).contains(&key);
        covers.sort_by_key(|insured| (insured.cover.first(), !is_named(insured), &insured.contract.number));
        InsuredMatch::SeveralContracts(covers)
    }

    /// The insured that a query may mean, on any day; at least one.
    fn candidates(&self, query: &InsuredQuery) -> Result<Vec<&InsuredRecord>, MatchFailure> {
        let named = self.with_name(query);
        let Some(policy) = policy_key(&query.policy) else {
            return if named.is_empty() { Err(MatchFailure::NotFound) } else { Ok(named) };
        };
        let mut agreeing = self.with_policy(query, &policy);
        // a number that is the same with its marks is meant before one that is the same without them
        let written = folded(&query.policy);
        let has_written = |insured: &&InsuredRecord| insured.numbers().map(folded).contains(&written);
        if agreeing.iter().any(has_written) {
            agreeing.retain(has_written);
        }
        if !agreeing.is_empty() {
            let of_other_contracts =
                named.into_iter().filter(|named| agreeing.iter().all(|own| own.is_same_person(named)));
            let others: Vec<&InsuredRecord> = of_other_contracts.collect();
            agreeing.extend(others);
            return Ok(agreeing);
        }
        if self.known_policies.contains(&policy_hash(&policy)) {
            return Err(MatchFailure::PolicyOfAnother);
        }
        // a number that only the book has issued does not contradict the query's
        let without_policy: Vec<&InsuredRecord> =
            named.iter().copied().filter(|insured| insured.has_only_issued_number()).collect();
        match (without_policy.is_empty(), named.is_empty()) {
            (false, _) => Ok(without_policy),
            (true, false) => Err(MatchFailure::PolicyDiffers),
            (true, true) => Err(MatchFailure::NotFound),
        }
    }

    fn with_name(&self, query: &InsuredQuery) -> Vec<&InsuredRecord> {
        let Some(day) = query.birth_date else { return Vec::new() };
        let name = folded(&query.name);
        let key = name_hash(&query.name, day);
        self.at(key).filter(|insured| insured.birth_date == day && folded(&insured.name) == name).collect()
    }

    /// The insured with a policy number, unless their name or birth date contradicts the query.
    fn with_policy(&self, query: &InsuredQuery, policy: &str) -> Vec<&InsuredRecord> {
        let agrees = |insured: &&InsuredRecord| {
            insured.numbers().into_iter().filter_map(policy_key).any(|known| known == policy)
                && (query.name.is_empty() || names_agree(&query.name, &insured.name))
                && query.birth_date.is_none_or(|day| day == insured.birth_date)
        };
        self.at(Some(query.policy_hash(policy))).filter(agrees).collect()
    }

    fn at(&self, key: Option<u64>) -> impl Iterator<Item = &InsuredRecord> {
        let places = key.and_then(|key| self.by_key.get(&key));
        places.into_iter().flatten().map(|at| &self.records[*at as usize])
    }
}

fn insert_key(keys: &mut InsuredKeys, (contract, ordinal): (&str, u32)) {
    match keys.get_mut(contract) {
        Some(ordinals) => _ = ordinals.insert(ordinal),
        None => _ = keys.insert(contract.to_owned(), HashSet::from([ordinal])),
    }
}

#[cfg(test)]
mod tests;
