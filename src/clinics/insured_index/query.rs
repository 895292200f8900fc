//! What a row of a table states of an insured.

use jiff::civil::Date;

use crate::clinics::insured_index::keys::{name_hash, query_hash};

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
    pub(super) fn policy_hash(&self, policy: &str) -> u64 {
        query_hash(policy, &self.name, self.birth_date)
    }

    /// The key of the name and the birth date; `None` unless the query has both.
    pub(super) fn name_hash(&self) -> Option<u64> {
        name_hash(&self.name, self.birth_date?)
    }
}
