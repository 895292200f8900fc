//! The insured of a roster, column by column.

use std::num::NonZeroU64;

use jiff::civil::Date;

use crate::base::calendar::{Period, age_years};
use crate::base::money::Kopecks;
use crate::base::sex::Sex;
use crate::roster::contacts::{ContactColumns, Contacts};
use crate::table::value::{Action, Ages, Relation};

/// Nobody who was born before this year is insured.
pub const FIRST_BIRTH_YEAR: i16 = 1900;

/// One row of data, as far as it could be read.
#[derive(Debug, Default, Clone)]
pub struct Person<'r> {
    /// The number of the row in its sheet.
    pub row: u32,
    /// The id, empty where there is none.
    pub id: &'r str,
    /// The name as written, empty where there is none.
    pub name: &'r str,
    /// The day of birth, also one on which nobody of the contract can have been born.
    pub birth_date: Option<Date>,
    /// The sex.
    pub sex: Option<Sex>,
    /// The number of the risk group.
    pub risk_group: Option<u8>,
    /// The place of the plan in the contract.
    pub plan: Option<u16>,
    /// The insured's own sum insured.
    pub sum_insured: Option<Kopecks>,
    /// The days of cover.
    pub cover: Option<Period>,
    /// What the insured is to the employee.
    pub relation: Option<Relation>,
    /// The ages of those that a row of a census counts.
    pub ages: Option<Ages>,
    /// What happens to the insured of a list of changes.
    pub action: Option<Action>,
    /// What the clinics are told; empty where nobody wants it.
    pub contacts: Contacts<&'r str>,
    /// Whether the row has an error.
    pub rejected: bool,
    /// Whether the id has lost its last digits, so that it says nothing of who is who.
    pub id_is_damaged: bool,
}

/// Every row of data, one after another in roster order, in columns of equal length; those that hardly a roster has end with the last
/// row that has anything in them.
///
/// A row without an error has all that pricing needs.
#[derive(Debug, Default, Clone)]
pub struct Insured {
    /// The sheet, by its place in [`Roster::sheets`](crate::roster::Roster::sheets).
    pub sheet: Vec<u16>,
    /// The number of the row in its sheet.
    pub row: Vec<u32>,
    /// The ids, empty where there is none.
    pub id: Texts,
    /// The names as written.
    pub name: Texts,
    /// The days of birth; of rows with an error also those on which nobody of the contract can have been born.
    pub birth_date: Vec<Option<Date>>,
    /// The sexes.
    pub sex: Vec<Option<Sex>>,
    /// The numbers of the risk groups.
    pub risk_group: Vec<Option<u8>>,
    /// The plans, by their place in the contract.
    pub plan: Vec<Option<u16>>,
    /// The insured's own sums insured, in kopecks, as far as the last row that has one.
    own_sum: Vec<Option<NonZeroU64>>,
    /// The days of cover.
    pub cover: Vec<Option<Period>>,
    /// Whether the row has an error.
    pub rejected: Vec<bool>,
    /// What the insured are to the employee, as far as the last row that says it.
    relation: Vec<Option<Relation>>,
    /// The ages of those that a census counts; empty in a roster.
    ages: Vec<Option<Ages>>,
    /// What happens to the insured of a list of changes; empty in a roster.
    action: Vec<Option<Action>>,
    /// What the clinics are told; empty where nobody wants it.
    contacts: ContactColumns,
    /// Whether the ids have lost their last digits, so that they say nothing of who is who.
    pub(crate) id_is_damaged: Vec<bool>,
}

impl Insured {
    /// The number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.row.len()
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.row.is_empty()
    }

    /// The age of an insured on the first day of the own cover, in completed years (`I4`); none where a day is not known, or where
    /// nobody can have been born that day.
    #[must_use]
    pub fn age_years(&self, at: usize) -> Option<u16> {
        let (birth, cover) = (self.birth_date[at]?, self.cover[at]?);
        age_years(birth, cover.first()).filter(|_| birth.year() >= FIRST_BIRTH_YEAR)
    }

    /// The insured's own sum insured, if there is one.
    #[must_use]
    pub fn sum_insured(&self, at: usize) -> Option<Kopecks> {
        let kopecks = self.own_sum.get(at).copied().flatten()?;
        Some(Kopecks::new(i128::from(kopecks.get())))
    }

    /// What an insured is to the employee, where the row says it in a word that is known.
    #[must_use]
    pub fn relation(&self, at: usize) -> Option<Relation> {
        self.relation.get(at).copied().flatten()
    }

    /// The ages that a census gives instead of a day of birth.
    #[must_use]
    pub fn ages(&self, at: usize) -> Option<Ages> {
        self.ages.get(at).copied().flatten()
    }

    /// What happens to an insured of a list of changes.
    #[must_use]
    pub fn action(&self, at: usize) -> Option<Action> {
        self.action.get(at).copied().flatten()
    }

    /// What the clinics are told of an insured, as far as it was wanted.
    #[must_use]
    pub fn contacts(&self, at: usize) -> Contacts<&str> {
        self.contacts.get(at)
    }

    /// For each row the place of the row that heads its family; `None` where no row says what anybody is to the employee.
    ///
    /// Whoever is not named a relative heads a family, and the relatives after it in the same sheet belong to it: blank cells
    /// in such a column are the employees'. A relative before any of them heads a family too.
    ///
    /// # Panics
    ///
    /// Never: a roster has fewer than 2³² rows.
    #[must_use]
    pub fn family_heads(&self) -> Option<Vec<u32>> {
        if self.relation.is_empty() {
            return None;
        }
        let mut head: Option<u32> = None;
        let heads = (0..self.len()).map(|at| {
            let is_other_sheet = at > 0 && self.sheet[at] != self.sheet[at - 1];
            let is_relative = self.relation(at).is_some_and(Relation::is_relative);
            let own = u32::try_from(at).expect("a roster has fewer than 2^32 rows");
            if is_other_sheet {
                head = None;
            }
            if !is_relative {
                head = Some(own);
            }
            head.unwrap_or(own)
        });
        Some(heads.collect())
    }

    /// Adds a row.
    pub(crate) fn push(&mut self, sheet: u16, person: &Person<'_>) {
        let kopecks = person.sum_insured.and_then(|sum| u64::try_from(sum.get()).ok()).and_then(NonZeroU64::new);
        push_sparse(&mut self.own_sum, self.row.len(), kopecks);
        push_sparse(&mut self.relation, self.row.len(), person.relation);
        push_sparse(&mut self.ages, self.row.len(), person.ages);
        push_sparse(&mut self.action, self.row.len(), person.action);
        self.contacts.push(self.row.len(), &person.contacts);
        self.sheet.push(sheet);
        self.row.push(person.row);
        self.id.push(person.id);
        self.name.push(person.name);
        self.birth_date.push(person.birth_date);
        self.sex.push(person.sex);
        self.risk_group.push(person.risk_group);
        self.plan.push(person.plan);
        self.cover.push(person.cover);
        self.rejected.push(person.rejected);
        self.id_is_damaged.push(person.id_is_damaged);
    }

    /// Moves the rows of another after these, and leaves its room to it; the first time room is made for so many like it.
    pub(crate) fn append(&mut self, other: &mut Self, expected: usize) {
        let before = self.len();
        append_sparse(&mut self.own_sum, before, &mut other.own_sum);
        append_sparse(&mut self.relation, before, &mut other.relation);
        append_sparse(&mut self.ages, before, &mut other.ages);
        append_sparse(&mut self.action, before, &mut other.action);
        self.contacts.append(before, &mut other.contacts, expected);
        self.id.append(&mut other.id, expected);
        self.name.append(&mut other.name, expected);
        append_column(&mut self.sheet, &mut other.sheet, expected);
        append_column(&mut self.row, &mut other.row, expected);
        append_column(&mut self.birth_date, &mut other.birth_date, expected);
        append_column(&mut self.sex, &mut other.sex, expected);
        append_column(&mut self.risk_group, &mut other.risk_group, expected);
        append_column(&mut self.plan, &mut other.plan, expected);
        append_column(&mut self.cover, &mut other.cover, expected);
        append_column(&mut self.rejected, &mut other.rejected, expected);
        append_column(&mut self.id_is_damaged, &mut other.id_is_damaged, expected);
    }
}

/// Moves a column after another.
fn append_column<T>(column: &mut Vec<T>, other: &mut Vec<T>, expected: usize) {
    if column.is_empty() {
        column.reserve(room(other.len(), expected));
    }
    column.append(other);
}

/// Adds a value, if there is one, to a column that is empty as long as nobody has anything in it, after so many rows.
fn push_sparse<T: Copy>(column: &mut Vec<Option<T>>, rows: usize, value: Option<T>) {
    if value.is_some() {
        column.resize(rows, None);
        column.push(value);
    }
}

/// Moves a column that is empty as long as nobody has anything in it, after so many rows.
fn append_sparse<T: Copy>(column: &mut Vec<Option<T>>, rows: usize, other: &mut Vec<Option<T>>) {
    if !other.is_empty() {
        column.resize(rows, None);
        column.append(other);
    }
}

/// Room for so many like the first of so many parts, which are never quite of one size.
const fn room(first: usize, expected: usize) -> usize {
    let all = first.saturating_mul(expected);
    if expected > 1 { all.saturating_add(all / 16) } else { all }
}

/// Texts one after another in one piece of memory.
#[derive(Debug, Default, Clone)]
pub struct Texts {
    bytes: String,
    ends: Vec<usize>,
}

impl Texts {
    /// The text at a place.
    #[must_use]
    pub fn get(&self, at: usize) -> &str {
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.bytes[start..self.ends[at]]
    }

    /// The text at a place, if there are so many.
    #[must_use]
    pub fn try_get(&self, at: usize) -> Option<&str> {
        (at < self.ends.len()).then(|| self.get(at))
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Adds empty texts until there are so many.
    pub(crate) fn lengthen(&mut self, count: usize) {
        self.ends.resize(count.max(self.ends.len()), self.bytes.len());
    }

    /// Adds a text at the end.
    pub fn push(&mut self, text: &str) {
        self.bytes.push_str(text);
        self.ends.push(self.bytes.len());
    }

    /// Moves texts after these; the first time room is made for so many like them.
    pub(crate) fn append(&mut self, other: &mut Self, expected: usize) {
        if self.ends.is_empty() {
            self.bytes.reserve(room(other.bytes.len(), expected));
            self.ends.reserve(room(other.ends.len(), expected));
        }
        let start = self.bytes.len();
        self.bytes.push_str(&other.bytes);
        self.ends.extend(other.ends.iter().map(|end| start + end));
        other.bytes.clear();
        other.ends.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(sheet: u16, relations: &[Option<Relation>]) -> Insured {
        let mut insured = Insured::default();
        for relation in relations {
            let person = Person { row: 2, relation: *relation, ..Person::default() };
            insured.push(sheet, &person);
        }
        insured
    }

    #[test]
    fn relatives_belong_to_whom_they_follow() {
        let (employee, child, spouse) = (Some(Relation::Employee), Some(Relation::Child), Some(Relation::Spouse));
        let mut roster = rows(0, &[spouse, employee, child, spouse, None]);
        // read in parts, the family goes on; in another sheet it does not
        roster.append(&mut rows(0, &[child, employee, None]), 1);
        roster.append(&mut rows(1, &[child, None, child]), 1);
        assert_eq!(roster.family_heads().unwrap(), [0, 1, 1, 1, 4, 4, 6, 7, 8, 9, 9]);
        assert_eq!((roster.relation(3), roster.relation(4), roster.relation(10)), (spouse, None, child));
    }

    #[test]
    fn rosters_without_relations_have_no_families() {
        let mut roster = rows(0, &[None, None]);
        roster.append(&mut rows(0, &[None]), 1);
        assert_eq!(roster.family_heads(), None);
        assert_eq!(roster.relation(2), None);
    }
}
