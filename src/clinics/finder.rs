//! Who is meant by a policy number, or by a name and a birth date.
//!
//! A [`InsuredIndex`] is told first who is asked for, and then shown everybody in the book once: it keeps those who may be meant, so
//! that its memory grows with the questions and not with the book.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use jiff::civil::Date;

use crate::clinics::insured_view::{InsuredView, Person};
use crate::table::text::folded;

/// Whom a row of a table means: a policy number, or a name and a birth date, or all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// The policy number; empty where there is none.
    pub policy: String,
    /// The name; empty where there is none.
    pub name: String,
    /// The day of birth.
    pub birth_date: Option<Date>,
}

/// Who was found on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found<'f> {
    /// The one who is insured on that day.
    Insured(&'f Person),
    /// Those who may be meant, none of whom is insured on that day; at least one.
    Outside(Vec<&'f Person>),
    /// Nobody, or nobody for certain.
    Nobody(MatchFailure),
}

/// Why nobody was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MatchFailure {
    /// Nobody has such a policy, and nobody has such a name and birth date.
    Stranger,
    /// The policy is of somebody whose name or birth date is another one.
    OthersPolicy,
    /// The name and the birth date are of somebody whose policy is another one.
    OtherPolicy,
    /// So many insured have the name and the birth date, and no policy number tells them apart.
    Several(usize),
}

/// Everybody of the book who may be meant by what is asked.
#[derive(Debug, Default)]
pub struct InsuredIndex {
    wanted: HashSet<u64>,
    kept: Vec<Person>,
    by_policy: HashMap<u64, Vec<u32>>,
    by_name: HashMap<u64, Vec<u32>>,
}

impl InsuredIndex {
    /// A finder for all who are asked for; the book is to be shown to it by [`InsuredIndex::show`].
    #[must_use]
    pub fn new<'a>(asked: impl IntoIterator<Item = &'a Asked>) -> Self {
        let mut wanted = HashSet::new();
        for asked in asked {
            wanted.extend(policy_print(&asked.policy));
            wanted.extend(asked.birth_date.and_then(|day| name_print(&asked.name, day)));
        }
        Self { wanted, ..Self::default() }
    }

    /// Shows somebody of the book, who is kept if they may be meant.
    ///
    /// # Panics
    ///
    /// If more than 2³² may be meant.
    pub fn show(&mut self, served: &InsuredView<'_>) {
        let policy = policy_print(served.policy);
        let name = name_print(served.name, served.birth_date);
        if !policy.iter().chain(&name).any(|print| self.wanted.contains(print)) {
            return;
        }
        let at = u32::try_from(self.kept.len()).expect("fewer than 2^32 persons");
        self.kept.push(served.kept());
        for (print, places) in [(policy, &mut self.by_policy), (name, &mut self.by_name)] {
            if let Some(print) = print {
                places.entry(print).or_default().push(at);
            }
        }
    }

    /// Who is meant on a day.
    ///
    /// A policy number decides where nothing else that is said contradicts it; without one, name and birth date have to be
    /// somebody's. Names are compared as the roster's are. Of several the one who is insured on the day is meant; where there
    /// are two of them, nobody is.
    #[must_use]
    pub fn find(&self, asked: &Asked, day: Date) -> Found<'_> {
        let candidates = match self.candidates(asked) {
            Ok(candidates) => candidates,
            Err(doubt) => return Found::Nobody(doubt),
        };
        let mut insured = candidates.iter().filter(|person| person.is_insured(day));
        match (insured.next(), insured.count()) {
            (Some(person), 0) => Found::Insured(person),
            (Some(_), more) => Found::Nobody(MatchFailure::Several(more + 1)),
            (None, _) => Found::Outside(candidates),
        }
    }

    /// Everybody who may be meant, whatever the day; at least one.
    fn candidates(&self, asked: &Asked) -> Result<Vec<&Person>, MatchFailure> {
        let named = self.named(asked);
        if asked.policy.is_empty() {
            return if named.is_empty() { Err(MatchFailure::Stranger) } else { Ok(named) };
        }
        let policy = folded(&asked.policy);
        let of_policy = policy_print(&asked.policy).and_then(|print| self.by_policy.get(&print));
        let of_policy: Vec<&Person> = self.at(of_policy).filter(|person| folded(&person.policy) == policy).collect();
        let agree = |person: &&Person| {
            (asked.name.is_empty() || names_agree(&asked.name, &person.name))
                && asked.birth_date.is_none_or(|day| day == person.birth_date)
        };
        let agreeing: Vec<&Person> = of_policy.iter().copied().filter(agree).collect();
        // the book has no number of them that could contradict
        let without: Vec<&Person> = named.iter().copied().filter(|person| person.policy.is_empty()).collect();
        match (agreeing.is_empty(), of_policy.is_empty(), without.is_empty(), named.is_empty()) {
            (false, ..) => Ok(agreeing),
            (true, false, ..) => Err(MatchFailure::OthersPolicy),
            (true, true, false, _) => Ok(without),
            (true, true, true, false) => Err(MatchFailure::OtherPolicy),
            (true, true, true, true) => Err(MatchFailure::Stranger),
        }
    }

    /// Everybody of the name and the birth date.
    fn named(&self, asked: &Asked) -> Vec<&Person> {
        let Some(day) = asked.birth_date else { return Vec::new() };
        let name = folded(&asked.name);
        let places = name_print(&asked.name, day).and_then(|print| self.by_name.get(&print));
        self.at(places).filter(|person| person.birth_date == day && folded(&person.name) == name).collect()
    }

    fn at<'f>(&'f self, places: Option<&'f Vec<u32>>) -> impl Iterator<Item = &'f Person> {
        places.into_iter().flatten().map(|at| &self.kept[*at as usize])
    }
}

fn policy_print(policy: &str) -> Option<u64> {
    let folded = folded(policy);
    (!folded.is_empty()).then(|| print(&("policy", folded)))
}

fn name_print(name: &str, birth_date: Date) -> Option<u64> {
    let folded = folded(name);
    (!folded.is_empty()).then(|| print(&(folded, birth_date)))
}

fn print(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// Whether a name that stands beside a policy number does not contradict the book's: the same words, or initials of them, and
/// the last ones may be missing.
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

    fn served<'b>(contract: &'b Arc<InsuredContract>, ordinal: u32, policy: &'b str, name: &'b str) -> InsuredView<'b> {
        let cover = contract.days;
        InsuredView {
            contract,
            ordinal,
            policy,
            name,
            birth_date: BORN,
            relation: None,
            head: None,
            contacts: Contacts::default(),
            plan: 0,
            cover,
            stays: &[],
        }
    }

    fn asked(policy: &str, name: &str, birth_date: Option<Date>) -> Asked {
        Asked { policy: policy.to_owned(), name: name.to_owned(), birth_date }
    }

    /// The ordinal of who is found among these, or why nobody is.
    fn found(book: &[InsuredView<'_>], asked: &Asked) -> Result<u32, MatchFailure> {
        let mut finder = InsuredIndex::new([asked]);
        for served in book {
            finder.show(served);
        }
        match finder.find(asked, DAY) {
            Found::Insured(person) => Ok(person.ordinal),
            Found::Nobody(doubt) => Err(doubt),
            Found::Outside(persons) => panic!("{persons:?}"),
        }
    }

    #[test]
    fn people_are_found_however_they_are_written() {
        let one = contract("1");
        let book = [served(&one, 1, "АВ-1", "Семёнов Пётр Ильич"), served(&one, 2, "АВ-2", "Семёнова Анна")];
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
            assert_eq!(found(&book, &asked(policy, name, birth_date)), Ok(1), "{policy} {name}");
        }
    }

    #[test]
    fn nobody_is_guessed() {
        let (one, other) = (contract("1"), contract("2"));
        let book = [
            served(&one, 1, "АВ-1", "Семёнов Пётр Ильич"),
            served(&one, 2, "АВ-2", "Иванов Иван"),
            served(&other, 3, "АВ-3", "Иванов Иван"),
        ];
        for (policy, name, birth_date, doubt) in [
            ("", "Семенов П. И.", Some(BORN), MatchFailure::Stranger),
            ("", "Семенов Петр Ильич", Some(date(1980, 5, 5)), MatchFailure::Stranger),
            ("АВ-1", "Семенова Петр Ильич", None, MatchFailure::OthersPolicy),
            ("АВ-1", "Семенов Иван Ильич", None, MatchFailure::OthersPolicy),
            ("АВ-1", "Семенов П. И.", Some(date(1981, 5, 4)), MatchFailure::OthersPolicy),
            ("АВ-9", "Семенов Петр Ильич", Some(BORN), MatchFailure::OtherPolicy),
            ("АВ-9", "", None, MatchFailure::Stranger),
            ("", "Иванов Иван", Some(BORN), MatchFailure::Several(2)),
        ] {
            assert_eq!(found(&book, &asked(policy, name, birth_date)), Err(doubt), "{policy} {name}");
        }
        assert_eq!(found(&book, &asked("АВ-3", "Иванов Иван", Some(BORN))), Ok(3));
    }

    #[test]
    fn who_has_no_number_in_the_book_is_known_by_name_and_birth_date() {
        let one = contract("1");
        let book = [served(&one, 1, "", "Семёнов Пётр")];
        assert_eq!(found(&book, &asked("АВ-7", "Семенов Петр", Some(BORN))), Ok(1));
        assert_eq!(found(&book, &asked("АВ-7", "", None)), Err(MatchFailure::Stranger));
    }

    #[test]
    fn of_two_contracts_the_one_in_force_is_meant() {
        let (last_year, this_year) = (contract("1"), contract("2"));
        let ended = Period::new(date(2025, 1, 1), date(2025, 12, 31)).unwrap();
        let book = [
            InsuredView { cover: ended, ..served(&last_year, 1, "", "Семёнов Пётр") },
            served(&this_year, 2, "", "Семёнов Пётр"),
        ];
        assert_eq!(found(&book, &asked("", "Семенов Петр", Some(BORN))), Ok(2));
        let who = asked("", "Семенов Петр", Some(BORN));
        let mut finder = InsuredIndex::new([&who]);
        for served in &book {
            finder.show(served);
        }
        let Found::Outside(persons) = finder.find(&who, date(2027, 1, 1)) else { panic!() };
        assert_eq!(persons.len(), 2);
    }
}
