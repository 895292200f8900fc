//! The insured of the book that a policy number, or a name with a birth date, may mean.
//!
//! An [`InsuredIndex`] is built from the queries of a table and then filled with the whole book in one pass. It keeps only the insured
//! that a query may mean: its memory grows with the table, not with the book.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use jiff::civil::Date;

use crate::base::messages::Message;
use crate::clinics::insured_view::{InsuredRecord, InsuredView};
use crate::table::text::folded;

/// The insured as a row of a table states them: a policy number, or a name with a birth date, or both.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InsuredQuery {
    /// The policy number; empty if the row has none.
    pub policy: String,
    /// The name; empty if the row has none.
    pub name: String,
    /// The day of birth.
    pub birth_date: Option<Date>,
}

/// The insured that a query means on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InsuredMatch<'f> {
    /// The one insured whose cover includes the day.
    Insured(&'f InsuredRecord),
    /// The insured that the query may mean, all of them outside their cover on the day; at least one.
    Outside(Vec<&'f InsuredRecord>),
    /// No insured, or more than one.
    None(MatchFailure),
}

/// The reason why a query has no match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MatchFailure {
    /// No insured has the policy number, and none has the name and birth date.
    NotFound,
    /// The policy number belongs to an insured with another name or birth date.
    PolicyOfAnother,
    /// The insured with the name and birth date has another policy number.
    PolicyDiffers,
    /// Several insured, this many, have the name and birth date, and the query has no policy number.
    Ambiguous(usize),
}

impl MatchFailure {
    /// The failure for a reader, with what to do; without personal data.
    #[must_use]
    pub fn message(self) -> Message {
        match self {
            Self::NotFound => Message::new("match-not-found"),
            Self::PolicyOfAnother => Message::new("match-policy-of-another"),
            Self::PolicyDiffers => Message::new("match-policy-differs"),
            Self::Ambiguous(count) => Message::new("match-ambiguous").with("count", count),
        }
    }
}

impl<'f> InsuredMatch<'f> {
    /// The insured that decides on a day: the match, or of several outside their cover the first with a discount, else the first.
    #[must_use]
    pub fn insured(&self, day: Date) -> Option<&'f InsuredRecord> {
        match self {
            Self::None(_) => None,
            Self::Insured(insured) => Some(insured),
            Self::Outside(candidates) => {
                let eligible = candidates.iter().find(|insured| insured.discount_eligibility(day).is_some());
                eligible.or(candidates.first()).copied()
            }
        }
    }
}

/// The insured of the book that the queries of a table may mean.
#[derive(Debug, Default)]
pub struct InsuredIndex {
    /// The hashes of the policies and names of all queries.
    wanted: HashSet<u64>,
    records: Vec<InsuredRecord>,
    by_policy: HashMap<u64, Vec<u32>>,
    by_name: HashMap<u64, Vec<u32>>,
}

impl InsuredIndex {
    /// An empty index for these queries; [`InsuredIndex::insert`] fills it.
    #[must_use]
    pub fn new<'a>(queries: impl IntoIterator<Item = &'a InsuredQuery>) -> Self {
        let mut wanted = HashSet::new();
        for query in queries {
            wanted.extend(policy_hash(&query.policy));
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
        let policy = policy_hash(view.policy);
        let name = name_hash(view.name, view.birth_date);
        if !policy.iter().chain(&name).any(|hash| self.wanted.contains(hash)) {
            return;
        }
        let at = u32::try_from(self.records.len()).expect("fewer than 2^32 insured");
        self.records.push(view.to_record());
        for (hash, places) in [(policy, &mut self.by_policy), (name, &mut self.by_name)] {
            if let Some(hash) = hash {
                places.entry(hash).or_default().push(at);
            }
        }
    }

    /// The insured that a query means on a day.
    ///
    /// A policy number decides unless the name or the birth date of the query contradicts it. Without a policy number the name and the
    /// birth date must both agree. Names are compared folded, as in rosters. Of several candidates the one covered on the day is the
    /// match; two covered candidates are a failure.
    #[must_use]
    pub fn find(&self, query: &InsuredQuery, day: Date) -> InsuredMatch<'_> {
        let candidates = match self.candidates(query) {
            Ok(candidates) => candidates,
            Err(failure) => return InsuredMatch::None(failure),
        };
        let mut covered = candidates.iter().filter(|insured| insured.is_insured(day));
        match (covered.next(), covered.count()) {
            (Some(insured), 0) => InsuredMatch::Insured(insured),
            (Some(_), more) => InsuredMatch::None(MatchFailure::Ambiguous(more + 1)),
            (None, _) => InsuredMatch::Outside(candidates),
        }
    }

    /// The insured that a query may mean, on any day; at least one.
    fn candidates(&self, query: &InsuredQuery) -> Result<Vec<&InsuredRecord>, MatchFailure> {
        let named = self.with_name(query);
        if query.policy.is_empty() {
            return if named.is_empty() { Err(MatchFailure::NotFound) } else { Ok(named) };
        }
        let with_policy = self.with_policy(&query.policy);
        let agrees = |insured: &&InsuredRecord| {
            (query.name.is_empty() || names_agree(&query.name, &insured.name))
                && query.birth_date.is_none_or(|day| day == insured.birth_date)
        };
        let agreeing: Vec<&InsuredRecord> = with_policy.iter().copied().filter(agrees).collect();
        // an insured without a policy number in the book cannot contradict the query's
        let without_policy: Vec<&InsuredRecord> =
            named.iter().copied().filter(|insured| insured.policy.is_empty()).collect();
        match (agreeing.is_empty(), with_policy.is_empty(), without_policy.is_empty(), named.is_empty()) {
            (false, ..) => Ok(agreeing),
            (true, false, ..) => Err(MatchFailure::PolicyOfAnother),
            (true, true, false, _) => Ok(without_policy),
            (true, true, true, false) => Err(MatchFailure::PolicyDiffers),
            (true, true, true, true) => Err(MatchFailure::NotFound),
        }
    }

    fn with_name(&self, query: &InsuredQuery) -> Vec<&InsuredRecord> {
        let Some(day) = query.birth_date else { return Vec::new() };
        let name = folded(&query.name);
        let places = name_hash(&query.name, day).and_then(|hash| self.by_name.get(&hash));
        self.at(places).filter(|insured| insured.birth_date == day && folded(&insured.name) == name).collect()
    }

    fn with_policy(&self, policy: &str) -> Vec<&InsuredRecord> {
        let wanted = folded(policy);
        let places = policy_hash(policy).and_then(|hash| self.by_policy.get(&hash));
        self.at(places).filter(|insured| folded(&insured.policy) == wanted).collect()
    }

    fn at<'f>(&'f self, places: Option<&'f Vec<u32>>) -> impl Iterator<Item = &'f InsuredRecord> {
        places.into_iter().flatten().map(|at| &self.records[*at as usize])
    }
}

fn policy_hash(policy: &str) -> Option<u64> {
    let folded = folded(policy);
    (!folded.is_empty()).then(|| hash(&("policy", folded)))
}

fn name_hash(name: &str, birth_date: Date) -> Option<u64> {
    let folded = folded(name);
    (!folded.is_empty()).then(|| hash(&(folded, birth_date)))
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// Whether the name beside a policy number agrees with the name in the book: the same words or their initials, in order; the last words
/// may be missing.
fn names_agree(written: &str, known: &str) -> bool {
    if folded(written) == folded(known) {
        return true;
    }
    let words = |name: &str| -> Vec<String> {
        let words = name.split(|letter: char| letter.is_whitespace() || letter == '.');
        words.map(folded).filter(|word| !word.is_empty()).collect()
    };
    let (written, known) = (words(written), words(known));
    let agrees = |(place, (written, known)): (usize, (&String, &String))| {
        written == known || place > 0 && written.chars().count() == 1 && known.starts_with(written.as_str())
    };
    !written.is_empty() && written.len() <= known.len() && written.iter().zip(&known).enumerate().all(agrees)
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
            InsuredMatch::None(failure) => Err(failure),
            InsuredMatch::Outside(candidates) => panic!("{candidates:?}"),
        }
    }

    #[test]
    fn spelling_of_policy_and_name_does_not_matter() {
        let one = contract("1");
        let book = [view(&one, 1, "АВ-1", "Семёнов Пётр Ильич"), view(&one, 2, "АВ-2", "Семёнова Анна")];
        for (policy, name, birth_date) in [
            ("АВ-1", "", None),
            ("ав - 1", "", None),
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
            ("", "Иванов Иван", Some(BORN), MatchFailure::Ambiguous(2)),
        ] {
            assert_eq!(find(&book, &query(policy, name, birth_date)), Err(failure), "{policy} {name}");
        }
        assert_eq!(find(&book, &query("АВ-3", "Иванов Иван", Some(BORN))), Ok(3));
    }

    #[test]
    fn without_a_policy_in_the_book_name_and_birth_date_decide() {
        let one = contract("1");
        let book = [view(&one, 1, "", "Семёнов Пётр")];
        assert_eq!(find(&book, &query("АВ-7", "Семенов Петр", Some(BORN))), Ok(1));
        assert_eq!(find(&book, &query("АВ-7", "", None)), Err(MatchFailure::NotFound));
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
        let InsuredMatch::Outside(candidates) = index.find(&query, date(2027, 1, 1)) else { panic!() };
        assert_eq!(candidates.len(), 2);
    }
}
