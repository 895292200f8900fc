//! Counts of insured that a contract file gives itself: a census without a table.

use std::path::Path;

use crate::base::calendar::Period;
use crate::roster::insured::{Insured, Person};
use crate::roster::{Roster, Sheet};
use crate::table::value::Ages;

/// So many insured of a plan, an age and a risk group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts {
    /// The line of the contract file where it stands.
    pub line: u32,
    /// The plan, by its place in the contract.
    pub plan: u16,
    /// The ages, in completed years.
    pub ages: Ages,
    /// The number of the risk group.
    pub risk_group: u8,
    /// The number of insured.
    pub insured: u32,
}

impl Roster {
    /// The insured that a contract file counts, in its order; the lines of the file stand for the rows of a sheet.
    #[must_use]
    pub fn of_counts(contract: &Path, counts: &[Counts], cover: Period) -> Self {
        let mut insured = Insured::default();
        for group in counts {
            let person = Person {
                row: group.line,
                risk_group: Some(group.risk_group),
                plan: Some(group.plan),
                cover: Some(cover),
                ages: Some(group.ages),
                ..Person::default()
            };
            for _ in 0..group.insured {
                insured.push(0, &person);
            }
        }
        let file = contract.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let sheet = Sheet { path: contract.to_owned(), file, ..Sheet::default() };
        Self { sheets: vec![sheet], insured, census: true, ..Self::default() }
    }
}
