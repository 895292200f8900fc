//! The request for a report, and the figures of its result.

use std::path::Path;

use jiff::civil::Date;

use crate::base::messages::Language;
use crate::base::money::Kopecks;
use crate::report::proposal::{Proposal, TargetRatio};

/// What a report is about.
#[derive(Debug, Clone)]
pub struct Request<'r> {
    /// The day: events, price changes and payments of later days do not count.
    pub as_of: Date,
    /// The first day of the period of the months, claims and loss ratios; the first day of the book by default.
    pub since: Option<Date>,
    /// Contracts that end within so many days after the day are listed.
    pub ending_within_days: u32,
    /// The loss ratio for which coefficients of price changes are proposed, where that is wanted.
    pub target: Option<TargetRatio>,
    /// The folder of the result.
    pub out: &'r Path,
    /// The language of the workbook.
    pub language: Language,
}

/// The figures of a report.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reported {
    /// The number of contracts.
    pub contracts: usize,
    /// The written premium.
    pub written: Kopecks,
    /// The part of it that is earned until the day.
    pub earned: Kopecks,
    /// The payments until the day.
    pub paid: Kopecks,
    /// What is overdue on the day.
    pub overdue: Kopecks,
    /// What the insurer pays for the claims of the period, advances included.
    pub claims: Kopecks,
    /// The earned premium of the period.
    pub earned_in_period: Kopecks,
    /// The number of contracts that end soon.
    pub ending: usize,
    /// The proposed coefficients, by programme.
    pub proposals: Vec<Proposal>,
    /// Whether the tables fit into a workbook.
    pub has_workbook: bool,
}
