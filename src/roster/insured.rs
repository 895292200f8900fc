//! The insured of a roster, column by column.

use std::num::NonZeroU64;

use jiff::civil::Date;

use crate::base::calendar::{Period, age_years};
use crate::base::money::Kopecks;
use crate::base::sex::Sex;
use crate::roster::contacts::{CONTACTS, Contacts, KeptTexts};
use crate::roster::field::Field;
use crate::roster::value::{Action, Relation};
use crate::table::text_column::{TextColumn, capacity};
use crate::table::value::Ages;

/// The first year of birth that is accepted.
pub const FIRST_BIRTH_YEAR: i16 = 1900;

/// One row of data, as far as it could be read.
#[derive(Debug, Default, Clone)]
pub(crate) struct InsuredRow<'r> {
    /// The number of the row in its sheet.
    pub row: u32,
    /// The id; empty where there is none.
    pub id: &'r str,
    /// Whether the id has lost its last digits, so that it identifies no insured.
    pub id_is_damaged: bool,
    /// The name as written; empty where there is none.
    pub name: &'r str,
    /// The day of birth, also an impossible one.
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
    /// The relation of the insured to the employee.
    pub relation: Option<Relation>,
    /// The ages of the insured that a row of a census counts.
    pub ages: Option<Ages>,
    /// What happens to the insured of a list of changes.
    pub action: Option<Action>,
    /// The first and the last day of cover that a row of a list of changes states beside the day of the change.
    pub stated_cover: [Option<Date>; 2],
    /// The texts that no price depends on.
    pub texts: &'r [(Field, String)],
    /// Whether the row has an error.
    pub rejected: bool,
}

/// Every row of data in roster order, in columns of equal length. Sparse columns may be shorter: they stop at the last row with a value.
///
/// A row without an error has everything that pricing needs.
#[derive(Debug, Default, Clone)]
pub struct Insured {
    /// The sheet, by its place in [`Tables::sheets`](crate::table::tables::Tables::sheets).
    pub sheet: Vec<u16>,
    /// The number of the row in its sheet.
    pub row: Vec<u32>,
    /// The ids: the personnel number, or else the policy number; empty where there is none.
    pub id: TextColumn,
    /// The names as written.
    pub name: TextColumn,
    /// The days of birth; of rows with an error also impossible ones.
    pub birth_date: Vec<Option<Date>>,
    /// The sexes.
    pub sex: Vec<Option<Sex>>,
    /// The numbers of the risk groups.
    pub risk_group: Vec<Option<u8>>,
    /// The plans, by their place in the contract.
    pub plan: Vec<Option<u16>>,
    /// The days of cover.
    pub cover: Vec<Option<Period>>,
    /// Whether the row has an error.
    pub rejected: Vec<bool>,
    /// Whether the ids have lost their last digits, so that they identify no insured.
    pub(super) id_is_damaged: Vec<bool>,
    /// The insured's own sums insured in kopecks; sparse.
    own_sum: Vec<Option<NonZeroU64>>,
    /// What the insured are to the employee; sparse.
    relation: Vec<Option<Relation>>,
    /// The ages in a census; empty in a roster.
    ages: Vec<Option<Ages>>,
    /// What happens in a list of changes; empty in a roster.
    action: Vec<Option<Action>>,
    /// The days of cover that a list of changes states beside the days of the changes; sparse.
    stated_cover: Vec<Option<[Option<Date>; 2]>>,
    /// The texts that no price depends on; sparse.
    texts: KeptTexts,
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

    /// The age of an insured on the first day of their own cover, in completed years (`I4`); `None` where a day is unknown or the day of birth
    /// is before [`FIRST_BIRTH_YEAR`].
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

    /// What an insured is to the employee, where the row states it in a known word.
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

    /// The first and the last day of cover that a row of a list of changes states beside the day of the change.
    #[must_use]
    pub fn stated_cover(&self, at: usize) -> [Option<Date>; 2] {
        self.stated_cover.get(at).copied().flatten().unwrap_or_default()
    }

    /// The text of a field that is kept as it is; empty where there is none.
    #[must_use]
    pub fn text(&self, field: Field, at: usize) -> &str {
        self.texts.get(field, at)
    }

    /// Whether any row has a text of a field that is kept as it is.
    #[must_use]
    pub fn has_texts(&self, field: Field) -> bool {
        self.texts.has(field)
    }

    /// The contacts of an insured; empty texts unless they were read.
    #[must_use]
    pub fn contacts(&self, at: usize) -> Contacts<&str> {
        CONTACTS.map(|field| self.text(field, at))
    }

    /// For each row the place of the row that heads its family; `None` where no row states a relation.
    ///
    /// A row without a relation, or with that of an employee, heads a family, and the relatives after it in the same sheet belong to it:
    /// employers leave the employee's own cell blank. A relative before any of them heads a family too.
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
    pub(super) fn push(&mut self, sheet: u16, row: &InsuredRow<'_>) {
        let kopecks = row.sum_insured.and_then(|sum| u64::try_from(sum.get()).ok()).and_then(NonZeroU64::new);
        let before = self.len();
        push_sparse(&mut self.own_sum, before, kopecks);
        push_sparse(&mut self.relation, before, row.relation);
        push_sparse(&mut self.ages, before, row.ages);
        push_sparse(&mut self.action, before, row.action);
        let stated_cover = Some(row.stated_cover).filter(|days| days.iter().any(Option::is_some));
        push_sparse(&mut self.stated_cover, before, stated_cover);
        self.texts.push(before, row.texts);
        self.sheet.push(sheet);
        self.row.push(row.row);
        self.id.push(row.id);
        self.name.push(row.name);
        self.birth_date.push(row.birth_date);
        self.sex.push(row.sex);
        self.risk_group.push(row.risk_group);
        self.plan.push(row.plan);
        self.cover.push(row.cover);
        self.rejected.push(row.rejected);
        self.id_is_damaged.push(row.id_is_damaged);
    }

    /// Appends `other`, draining it so that its buffers can be reused; reserves for `expected` parts like it on the first call.
    pub(super) fn append(&mut self, other: &mut Self, expected: usize) {
        let before = self.len();
        append_sparse(&mut self.own_sum, before, &mut other.own_sum);
        append_sparse(&mut self.relation, before, &mut other.relation);
        append_sparse(&mut self.ages, before, &mut other.ages);
        append_sparse(&mut self.action, before, &mut other.action);
        append_sparse(&mut self.stated_cover, before, &mut other.stated_cover);
        self.texts.append(before, &mut other.texts, expected);
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

fn append_column<T>(column: &mut Vec<T>, other: &mut Vec<T>, expected: usize) {
    if column.is_empty() {
        column.reserve(capacity(other.len(), expected));
    }
    column.append(other);
}

/// Adds a value, if there is one, to a sparse column after the first `rows`.
fn push_sparse<T: Copy>(column: &mut Vec<Option<T>>, rows: usize, value: Option<T>) {
    if value.is_some() {
        column.resize(rows, None);
        column.push(value);
    }
}

/// Appends a sparse column whose rows follow the first `rows`, draining it.
fn append_sparse<T: Copy>(column: &mut Vec<Option<T>>, rows: usize, other: &mut Vec<Option<T>>) {
    if !other.is_empty() {
        column.resize(rows, None);
        column.append(other);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(sheet: u16, relations: &[Option<Relation>]) -> Insured {
        let mut insured = Insured::default();
        for relation in relations {
            insured.push(sheet, &InsuredRow { row: 2, relation: *relation, ..InsuredRow::default() });
        }
        insured
    }

    #[test]
    fn relatives_belong_to_the_employee_before_them() {
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

    #[test]
    fn kept_texts_stop_at_the_last_row_with_a_text() {
        let phone = |text: &str| [(Field::Phone, text.to_owned())];
        let mut roster = rows(0, &[None]);
        roster.push(0, &InsuredRow { texts: &phone("+7 000"), ..InsuredRow::default() });
        let mut below = rows(0, &[None]);
        below.push(0, &InsuredRow { texts: &phone("+7 001"), ..InsuredRow::default() });
        below.push(0, &InsuredRow { texts: &phone(""), ..InsuredRow::default() });
        roster.append(&mut below, 1);
        let phones: Vec<&str> = (0..roster.len()).map(|at| roster.text(Field::Phone, at)).collect();
        assert_eq!(phones, ["", "+7 000", "", "+7 001", ""]);
        assert_eq!(roster.contacts(3), ["+7 001", "", "", "", ""]);
    }
}
