//! A census in the contract file itself: counts of insured instead of a table.

use std::path::Path;

use crate::base::calendar::Period;
use crate::roster::Roster;
use crate::roster::insured::{Insured, InsuredRow};
use crate::table::tables::{Sheet, Tables};
use crate::table::value::Ages;

/// The number of insured of a plan, an age and a risk group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts {
    /// The line in the contract file.
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
    /// The insured that a contract file counts, in its order; the lines of the file are the rows.
    #[must_use]
    pub fn from_counts(contract: &Path, counts: &[Counts], cover: Period) -> Self {
        let mut insured = Insured::default();
        for group in counts {
            let row = InsuredRow {
                row: group.line,
                risk_group: Some(group.risk_group),
                plan: Some(group.plan),
                cover: Some(cover),
                ages: Some(group.ages),
                ..InsuredRow::default()
            };
            for _ in 0..group.insured {
                insured.push(0, &row);
            }
        }
        let file = contract.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let sheet = Sheet { path: contract.to_owned(), file, ..Sheet::default() };
        Self { tables: Tables { sheets: vec![sheet], ..Tables::default() }, insured, census: true }
    }
}
