//! The insured of a contract by number and by name, for lists of changes and rosters that mean them.

use std::collections::{BTreeMap, HashMap};

use crate::portfolio::policy_number::{is_issued_form, policy_number};
use crate::portfolio::rows::InsuredRows;
use crate::table::text::{folded, folded_number};

/// The insured of a contract by name and by number.
pub struct InsuredNames<'i> {
    /// The rows of the contract.
    pub rows: &'i InsuredRows,
    /// By folded name and day of birth.
    by_name: HashMap<(String, i32), Vec<usize>>,
    /// By folded name.
    by_name_alone: HashMap<String, Vec<usize>>,
    /// By the folded name without the surname, and day of birth.
    by_given_names: HashMap<(String, i32), Vec<usize>>,
    /// By folded number: the id, the policy number, or the one that the book has issued.
    by_number: HashMap<String, Vec<usize>>,
    /// The folded number of the contract, with which issued numbers begin.
    contract: String,
    /// The rows of each insured.
    by_person: HashMap<u32, Vec<usize>>,
}

/// What a row states of an insured.
#[derive(Debug, Clone, Copy)]
pub struct Sought<'s> {
    /// The number; empty where there is none.
    pub id: &'s str,
    /// The policy number beside another number; empty where there is none.
    pub policy_number: &'s str,
    /// The name; empty where there is none.
    pub name: &'s str,
    /// The day of birth, in days since 1970.
    pub birth_date: Option<i32>,
    /// The insured is covered on this day or later, in days since 1970.
    pub on: i32,
    /// Whether the name, and whether the birth date, may be a new one.
    pub may_differ: [bool; 2],
}

/// Why a row matches no insured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MatchFailure {
    /// No insured fits.
    None,
    /// The insured is covered until an earlier day: the last one, in days since 1970.
    Left(i32),
    /// Several fit.
    Several,
    /// The id is of one insured, the name or the birth date of another.
    Another,
    /// The numbers are of different insured, or one of them is of none.
    Numbers,
}

/// The name without its first word, the surname; `None` where it has one word.
#[must_use]
pub fn given_names(name: &str) -> Option<String> {
    let (_, given) = name.trim().split_once(char::is_whitespace)?;
    Some(folded(given)).filter(|given| !given.is_empty())
}

impl<'i> InsuredNames<'i> {
    /// Indexes the insured of a contract that have a day of cover; the contract was bound with `bound` insured.
    #[must_use]
    pub fn new(rows: &'i InsuredRows, contract: &str, bound: u32) -> Self {
        let mut index = Self {
            rows,
            by_name: HashMap::new(),
            by_name_alone: HashMap::new(),
            by_given_names: HashMap::new(),
            by_number: HashMap::new(),
            contract: folded_number(contract),
            by_person: HashMap::new(),
        };
        for at in 0..rows.insured.len() {
            index.by_person.entry(rows.person_of(at)).or_default().push(at);
        }
        for at in (0..rows.insured.len()).filter(|at| rows.end[*at] >= rows.start[*at]) {
            let (name, born) = (folded(&rows.name[at]), rows.birth_date[at]);
            if let Some(given) = given_names(&rows.name[at]) {
                index.by_given_names.entry((given, born)).or_default().push(at);
            }
            index.by_name_alone.entry(name.clone()).or_default().push(at);
            index.by_name.entry((name, born)).or_default().push(at);
            let policy_number = policy_number(rows, at, contract, bound);
            let numbers = [Some(rows.id[at].as_str()), policy_number.as_deref()];
            let keys: Vec<String> = numbers.into_iter().flatten().map(folded_number).collect();
            for (place, key) in keys.iter().enumerate().filter(|(_, key)| !key.is_empty()) {
                if !keys[..place].contains(key) {
                    index.by_number.entry(key.clone()).or_default().push(at);
                }
            }
        }
        index
    }

    /// The rows of the insured of a row.
    #[must_use]
    pub fn rows_of(&self, at: usize) -> &[usize] {
        self.by_person.get(&self.rows.person_of(at)).map_or(&[], Vec::as_slice)
    }

    /// The rows, of those found, by which insured are covered on a day or later: the first row of each insured. Of several with one name and
    /// birth date, those who are covered on the day.
    fn covered(&self, found: Option<&Vec<usize>>, on: i32) -> Vec<usize> {
        let rows = self.rows;
        let mut covered: Vec<usize> = found.into_iter().flatten().copied().collect();
        covered.retain(|at| rows.end[*at] >= on.max(rows.start[*at]));
        covered.sort_by_key(|at| (rows.person_of(*at), rows.start[*at]));
        covered.dedup_by_key(|at| rows.person_of(*at));
        let who = |at: usize| (folded(&rows.name[at]), rows.birth_date[at]);
        let is_one = covered.len() > 1 && covered.iter().all(|at| who(*at) == who(covered[0]));
        if is_one && covered.iter().any(|at| rows.start[*at] <= on) {
            // an insured who has left joins again later
            covered.retain(|at| rows.start[*at] <= on);
        }
        covered
    }

    /// The insured with a name and a day of birth who are covered on a day or later.
    #[must_use]
    pub fn named(&self, name: &str, birth_date: Option<i32>, on: i32) -> Vec<usize> {
        let key = birth_date.map(|birth_date| (folded(name), birth_date));
        self.covered(key.and_then(|key| self.by_name.get(&key)), on)
    }

    /// The insured with a number who are covered on a day or later.
    #[must_use]
    pub fn with_number(&self, number: &str, on: i32) -> Vec<usize> {
        self.covered(self.by_number.get(&folded_number(number)).filter(|_| !number.is_empty()), on)
    }

    /// The insured with a day of birth, the given name and the patronymic of a name, who are covered on a day or later.
    fn with_given_names(&self, name: &str, birth_date: Option<i32>, on: i32) -> Vec<usize> {
        let key = given_names(name).zip(birth_date);
        self.covered(key.and_then(|key| self.by_given_names.get(&key)), on)
    }

    /// The rows of all insured with the number, or with the name and birth date.
    #[must_use]
    pub fn candidates(&self, sought: &Sought<'_>) -> Vec<usize> {
        let mut found = self.with_number(sought.id, sought.on);
        found.extend(self.named(sought.name, sought.birth_date, sought.on));
        found
    }

    /// The insured with the number, or else with the name and birth date; never a guess.
    ///
    /// # Errors
    ///
    /// [`MatchFailure`] where no insured fits, or not for certain.
    pub fn find(&self, sought: &Sought<'_>) -> Result<usize, MatchFailure> {
        let found = self.find_by_id(sought)?;
        let number = folded_number(sought.policy_number);
        if number.is_empty() || number == folded_number(sought.id) {
            return Ok(found);
        }
        let is_own = |at: &usize| self.rows.person_of(*at) == self.rows.person_of(found);
        let contradicts = match self.by_number.get(&number) {
            Some(known) => !known.iter().any(is_own),
            // an insurer may have given the policy a number that the book never had
            None => self.has_own_policy_number(found) || is_issued_form(&self.contract, &number),
        };
        if contradicts { Err(MatchFailure::Numbers) } else { Ok(found) }
    }

    fn find_by_id(&self, sought: &Sought<'_>) -> Result<usize, MatchFailure> {
        let Sought { id, name, birth_date, on, may_differ, .. } = *sought;
        match *self.with_number(id, on) {
            [at] => {
                let same_name = name.is_empty() || folded(name) == folded(&self.rows.name[at]);
                let same_day = birth_date.is_none_or(|birth_date| birth_date == self.rows.birth_date[at]);
                // a new name and a new birth date at once are another insured
                let is_same = same_name && (same_day || may_differ[1]) || same_day && may_differ[0];
                if is_same { Ok(at) } else { Err(MatchFailure::Another) }
            }
            [] => match *self.named(name, birth_date, on) {
                [] => Err(self.left(sought)),
                // an unknown personnel number does not contradict an insured without one
                [at] if id.is_empty()
                    || self.rows.id[at].is_empty() && !is_issued_form(&self.contract, &folded_number(id)) =>
                {
                    Ok(at)
                }
                [_] => Err(MatchFailure::Another),
                _ => Err(MatchFailure::Several),
            },
            // a family shares a personnel number
            ref family => {
                let named = self.named(name, birth_date, on);
                match named.into_iter().filter(|at| family.contains(at)).collect::<Vec<_>>()[..] {
                    [at] => Ok(at),
                    _ => Err(MatchFailure::Several),
                }
            }
        }
    }

    /// Whether the roster or a list of changes has a policy number of an insured.
    fn has_own_policy_number(&self, at: usize) -> bool {
        let number = self.rows.policy_number[at].as_deref();
        number.is_some_and(|number| !is_issued_form(&self.contract, &folded_number(number)))
    }

    /// Why no insured fits: the one who is meant may have left.
    fn left(&self, sought: &Sought<'_>) -> MatchFailure {
        let ever = Sought { on: i32::MIN, ..*sought };
        let last = self.candidates(&ever).into_iter().map(|at| {
            let rows = self.rows_of(at).iter();
            rows.map(|at| self.rows.end[*at]).max().unwrap_or(i32::MIN)
        });
        last.max().filter(|last| *last < sought.on).map_or(MatchFailure::None, MatchFailure::Left)
    }

    /// The only insured that a row without a known number corrects or changes: with the same name and another birth date, or with the same
    /// birth date, given name and patronymic and another surname. `None` where there are several, or none.
    #[must_use]
    pub fn corrected(&self, sought: &Sought<'_>) -> Option<usize> {
        let Sought { id, name, birth_date, on, may_differ, .. } = *sought;
        let same_name = || self.covered(self.by_name_alone.get(&folded(name)), on);
        let same_day = || self.with_given_names(name, birth_date, on);
        let found: Vec<usize> =
            [may_differ[1].then(same_name), may_differ[0].then(same_day)].into_iter().flatten().flatten().collect();
        let by_person: BTreeMap<u32, usize> = found.iter().map(|at| (self.rows.person_of(*at), *at)).collect();
        let mut only = by_person.into_values();
        only.next().filter(|at| only.next().is_none() && (id.is_empty() || self.rows.id[*at].is_empty()))
    }
}
