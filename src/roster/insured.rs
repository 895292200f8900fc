//! The insured of a roster, column by column.

use std::num::NonZeroU64;

use jiff::civil::Date;

use crate::calendar::Period;
use crate::money::Kopecks;
use crate::sex::Sex;

/// One row of data, as far as it could be read.
#[derive(Debug, Clone)]
pub struct Person<'r> {
    /// The number of the row in its sheet.
    pub row: u32,
    /// The id, empty where there is none.
    pub id: &'r str,
    /// The name as written, empty where there is none.
    pub name: &'r str,
    /// The day of birth.
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
    /// Whether the row has an error.
    pub rejected: bool,
}

/// Every row of data, one after another in roster order, in columns of equal length.
///
/// A row without an error has all that pricing needs.
#[derive(Debug, Default, Clone)]
pub struct Insured {
    /// The sheet, by its place in [`Roster::sheets`](super::Roster::sheets).
    pub sheet: Vec<u16>,
    /// The number of the row in its sheet.
    pub row: Vec<u32>,
    /// The ids, empty where there is none.
    pub id: Texts,
    /// The names as written.
    pub name: Texts,
    /// The days of birth.
    pub birth_date: Vec<Option<Date>>,
    /// The sexes.
    pub sex: Vec<Option<Sex>>,
    /// The numbers of the risk groups.
    pub risk_group: Vec<Option<u8>>,
    /// The plans, by their place in the contract.
    pub plan: Vec<Option<u16>>,
    /// The insured's own sums insured, in kopecks.
    own_sum: Vec<Option<NonZeroU64>>,
    /// The days of cover.
    pub cover: Vec<Option<Period>>,
    /// Whether the row has an error.
    pub rejected: Vec<bool>,
    /// Fingerprints of the folded names; 0 where there is no name.
    pub(super) name_print: Vec<u64>,
    /// Fingerprints of the folded ids; 0 where there is no id.
    pub(super) id_print: Vec<u64>,
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

    /// The insured's own sum insured, if there is one.
    #[must_use]
    pub fn sum_insured(&self, at: usize) -> Option<Kopecks> {
        self.own_sum[at].map(|kopecks| Kopecks::new(i128::from(kopecks.get())))
    }

    /// Adds a row with the fingerprints of its name and id.
    pub(super) fn push(&mut self, sheet: u16, person: &Person<'_>, name_print: u64, id_print: u64) {
        self.sheet.push(sheet);
        self.row.push(person.row);
        self.id.push(person.id);
        self.name.push(person.name);
        self.birth_date.push(person.birth_date);
        self.sex.push(person.sex);
        self.risk_group.push(person.risk_group);
        self.plan.push(person.plan);
        let kopecks = person.sum_insured.and_then(|sum| u64::try_from(sum.get()).ok());
        self.own_sum.push(kopecks.and_then(NonZeroU64::new));
        self.cover.push(person.cover);
        self.rejected.push(person.rejected);
        self.name_print.push(name_print);
        self.id_print.push(id_print);
    }

    /// Adds the rows of another after these.
    pub(super) fn append(&mut self, mut other: Self) {
        self.sheet.append(&mut other.sheet);
        self.row.append(&mut other.row);
        self.id.append(&other.id);
        self.name.append(&other.name);
        self.birth_date.append(&mut other.birth_date);
        self.sex.append(&mut other.sex);
        self.risk_group.append(&mut other.risk_group);
        self.plan.append(&mut other.plan);
        self.own_sum.append(&mut other.own_sum);
        self.cover.append(&mut other.cover);
        self.rejected.append(&mut other.rejected);
        self.name_print.append(&mut other.name_print);
        self.id_print.append(&mut other.id_print);
    }
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

    /// Adds a text at the end.
    pub fn push(&mut self, text: &str) {
        self.bytes.push_str(text);
        self.ends.push(self.bytes.len());
    }

    fn append(&mut self, other: &Self) {
        let start = self.bytes.len();
        self.bytes.push_str(&other.bytes);
        self.ends.extend(other.ends.iter().map(|end| start + end));
    }
}
