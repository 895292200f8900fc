//! The insured of the book that a policy number, or a name with a birth date, may mean.
//!
//! An [`InsuredIndex`] is built from the queries of a table and then filled with the whole book in one pass. It keeps only the insured
//! that a query may mean: its memory grows with the table, not with the book.

mod insured_match;
mod keys;

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
    query_hash, surname,
};

/// The insured as a row of a table states them: a policy number, or a name with a birth date, or both.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InsuredQuery {
    /// The policy number; empty if the row has none.
    pub policy: String,
    /// The name; empty if the row has none.
    pub name: String,
    /// The day of birth.
    pub birth_date: Option<Date>,
}

impl InsuredQuery {
    /// The key by which the query is looked up, with its policy number in the form for comparing.
    fn policy_hash(&self, policy: &str) -> u64 {
        query_hash(policy, &self.name, self.birth_date)
    }
}

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
            wanted.extend(query.birth_date.and_then(|day| name_hash(&query.name, day)));
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
            let by_name = query.birth_date.and_then(|day| name_hash(&query.name, day));
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
mod tests {
    use std::sync::Arc;

    use jiff::civil::date;

    use super::*;
    use crate::base::calendar::Period;
    use crate::clinics::insured_view::{InsuredContract, InsuredPlan};
    use crate::roster::contacts::Contacts;

    const BORN: Date = date(1980, 5, 4);
    const DAY: Date = date(2026, 7, 1);

    fn contract(number: &str) -> Arc<InsuredContract> {
        let days = Period::new(date(2026, 1, 1), date(2026, 12, 31)).unwrap();
        let plan = InsuredPlan { code: "A".to_owned(), covers: Vec::new(), clinics: Vec::new() };
        Arc::new(InsuredContract {
            number: number.to_owned(), policyholder: "ООО".to_owned(), days, plans: vec![plan]
        })
    }

    fn view<'b>(contract: &'b Arc<InsuredContract>, ordinal: u32, policy: &'b str, name: &'b str) -> InsuredView<'b> {
        let cover = contract.days;
        InsuredView {
            contract,
            ordinal,
            policy,
            id: policy,
            name,
            birth_date: BORN,
            relation: None,
            head_cover: None,
            contacts: Contacts::default(),
            plan: 0,
            cover,
            periods: &[],
        }
    }

    fn query(policy: &str, name: &str, birth_date: Option<Date>) -> InsuredQuery {
        InsuredQuery { policy: policy.to_owned(), name: name.to_owned(), birth_date }
    }

    /// The ordinal of the match in a book.
    fn find(book: &[InsuredView<'_>], query: &InsuredQuery) -> Result<u32, MatchFailure> {
        let mut index = InsuredIndex::new([query]);
        for view in book {
            index.insert(view);
        }
        match index.find(query, DAY) {
            InsuredMatch::Insured(insured) => Ok(insured.ordinal),
            InsuredMatch::SeveralContracts(covers) => Ok(covers[0].ordinal),
            InsuredMatch::None(failure) => Err(failure),
            found => panic!("{found:?}"),
        }
    }

    #[test]
    fn spelling_of_policy_and_name_does_not_matter() {
        let one = contract("1");
        let book = [view(&one, 1, "АВ-1", "Семёнов Пётр Ильич"), view(&one, 2, "АВ-2", "Семёнова Анна")];
        for (policy, name, birth_date) in [
            ("АВ-1", "", None),
            ("ав - 1", "", None),
            ("АВ1", "", None),
            ("АВ № 1", "Семенов", None),
            // Latin A and B
            ("AB-1", "", None),
            ("", "Семёнов Пётр Ильич", Some(BORN)),
            ("", "СЕМЕНОВ  ПЕТР ИЛЬИЧ", Some(BORN)),
            // Latin C and e
            ("", "Ceменов Петр Ильич", Some(BORN)),
            ("АВ-1", "Семенов П. И.", Some(BORN)),
            ("АВ-1", "Семенов П.И.", None),
            ("АВ-1", "Семенов", None),
        ] {
            assert_eq!(find(&book, &query(policy, name, birth_date)), Ok(1), "{policy} {name}");
        }
    }

    #[test]
    fn contradictory_and_ambiguous_queries_have_no_match() {
        let (one, other) = (contract("1"), contract("2"));
        let book = [
            view(&one, 1, "АВ-1", "Семёнов Пётр Ильич"),
            view(&one, 2, "АВ-2", "Иванов Иван"),
            view(&other, 3, "АВ-3", "Иванов Иван"),
        ];
        for (policy, name, birth_date, failure) in [
            ("", "Семенов П. И.", Some(BORN), MatchFailure::NotFound),
            ("", "Семенов Петр Ильич", Some(date(1980, 5, 5)), MatchFailure::NotFound),
            ("АВ-1", "Семенова Петр Ильич", None, MatchFailure::PolicyOfAnother),
            ("АВ-1", "Семенов Иван Ильич", None, MatchFailure::PolicyOfAnother),
            ("АВ-1", "Семенов П. И.", Some(date(1981, 5, 4)), MatchFailure::PolicyOfAnother),
            ("АВ-9", "Семенов Петр Ильич", Some(BORN), MatchFailure::PolicyDiffers),
            ("АВ-9", "", None, MatchFailure::NotFound),
        ] {
            assert_eq!(find(&book, &query(policy, name, birth_date)), Err(failure), "{policy} {name}");
        }
        assert_eq!(find(&book, &query("АВ-3", "Иванов Иван", Some(BORN))), Ok(3));
        let same_contract = [view(&one, 2, "АВ-2", "Иванов Иван"), view(&one, 3, "АВ-3", "Иванов Иван")];
        let named = query("", "Иванов Иван", Some(BORN));
        assert_eq!(find(&same_contract, &named), Err(MatchFailure::Ambiguous));
        let numbered = [view(&one, 2, "1", "Иванов Иван"), view(&other, 3, "1", "Петров Пётр")];
        assert_eq!(find(&numbered, &query("1", "", None)), Err(MatchFailure::Ambiguous));
    }

    #[test]
    fn i40_numbers_are_compared_without_marks_and_leading_zeros() {
        let one = contract("1");
        let book = [view(&one, 1, "120", "Семёнов Пётр"), view(&one, 2, "П-001", "Иванов Иван")];
        for (policy, ordinal) in [
            ("00000120", 1),
            ("120", 1),
            ("№ 0120", 1),
            ("№0000120", 1),
            ("No. 120", 1),
            ("Полис № 120", 1),
            (" 0120\u{a0}", 1),
            ("П001", 2),
            ("полис п-001", 2),
            ("п 001", 2),
            ("П/001", 2),
        ] {
            assert_eq!(find(&book, &query(policy, "", None)), Ok(ordinal), "{policy}");
        }
        for policy in ["1200", "12", "П-01", "П-0010"] {
            assert_eq!(find(&book, &query(policy, "", None)), Err(MatchFailure::NotFound), "{policy}");
        }
        // a number that is the same with its marks is meant first
        let alike = [view(&one, 1, "1-12", "Семёнов Пётр"), view(&one, 2, "11-2", "Семёнов Пётр")];
        assert_eq!(find(&alike, &query("11-2", "", None)), Ok(2));
        assert_eq!(find(&alike, &query("112", "", None)), Err(MatchFailure::Ambiguous));
    }

    #[test]
    fn i69_one_person_in_two_contracts_is_no_contradiction() {
        let (one, other) = (contract("1"), contract("2"));
        let later = Period::new(date(2026, 3, 1), date(2026, 12, 31)).unwrap();
        let book = [
            InsuredView { cover: later, ..view(&one, 1, "7", "Иванов Иван") },
            view(&other, 2, "8", "Иванов Иван"),
            view(&other, 3, "7", "Петров Пётр"),
        ];
        for policy in ["", "7", "8"] {
            assert_eq!(
                find(&book, &query(policy, "Иванов Иван", Some(BORN))),
                Ok(2),
                "{policy}: the earlier first day"
            );
        }
    }

    #[test]
    fn without_a_policy_in_the_book_name_and_birth_date_decide() {
        let one = contract("1");
        for issued in ["", "1-00001"] {
            let book = [InsuredView { policy: issued, ..view(&one, 1, "", "Семёнов Пётр") }];
            assert_eq!(find(&book, &query("АВ-7", "Семенов Петр", Some(BORN))), Ok(1));
            assert_eq!(find(&book, &query("АВ-7", "", None)), Err(MatchFailure::NotFound));
        }
    }

    #[test]
    fn the_policy_number_and_the_personnel_number_mean_the_insured() {
        let one = contract("T-1");
        let book = [1, 2].map(|ordinal| {
            let (policy, id) = if ordinal == 1 { ("T-1-00001", "77") } else { ("T-1-00002", "78") };
            InsuredView { policy, id, ..view(&one, ordinal, "", "Семёнов Пётр") }
        });
        for (number, ordinal) in [("T-1-00001", 1), ("t1 00002", 2), ("77", 1), ("0078", 2)] {
            assert_eq!(find(&book, &query(number, "", None)), Ok(ordinal), "{number}");
        }
        assert_eq!(find(&book, &query("T-1-00003", "", None)), Err(MatchFailure::NotFound));
        assert_eq!(find(&book, &query("79", "Семёнов Пётр", Some(BORN))), Err(MatchFailure::PolicyDiffers));
    }

    #[test]
    fn of_two_contracts_the_one_in_force_matches() {
        let (last_year, this_year) = (contract("1"), contract("2"));
        let ended = Period::new(date(2025, 1, 1), date(2025, 12, 31)).unwrap();
        let book = [
            InsuredView { cover: ended, ..view(&last_year, 1, "", "Семёнов Пётр") },
            view(&this_year, 2, "", "Семёнов Пётр"),
        ];
        assert_eq!(find(&book, &query("", "Семенов Петр", Some(BORN))), Ok(2));
        let query = query("", "Семенов Петр", Some(BORN));
        let mut index = InsuredIndex::new([&query]);
        for view in &book {
            index.insert(view);
        }
        let InsuredMatch::Outside { insured, .. } = index.find(&query, date(2027, 1, 1)) else { panic!() };
        assert_eq!(insured.contract.number, "1");
    }

    #[test]
    fn queries_that_are_looked_up_together_mean_what_each_means_alone() {
        // every employer numbers its people from 1
        let contracts: Vec<_> = (1..=40).map(|number| contract(&number.to_string())).collect();
        let names = ["Семёнов Пётр", "Иванов Иван", "Семёнова Анна"];
        let book: Vec<InsuredView<'_>> =
            contracts.iter().zip(names.iter().cycle()).map(|(contract, name)| view(contract, 1, "1", name)).collect();
        let queries = [query("1", "", None), query("1", names[0], Some(BORN)), query("", names[1], Some(BORN))];
        let queries = [&queries[..], &[query("2", "", None)], &queries[..]].concat();
        let mut index = InsuredIndex::new(&queries);
        for view in &book {
            index.insert(view);
        }
        let days = [Some(DAY), None, Some(date(2030, 1, 1))];
        let asked: Vec<_> = queries.iter().zip(days.into_iter().cycle()).collect();
        let alone = |(query, day): &(&InsuredQuery, Option<Date>)| {
            day.map_or(InsuredMatch::None(MatchFailure::NotFound), |day| index.find(query, day))
        };
        let expected: Vec<_> = asked.iter().map(alone).collect();
        assert_eq!(index.find_all(asked), expected);
        assert_eq!(index.keys_of(&queries), index.keys());
    }
}
