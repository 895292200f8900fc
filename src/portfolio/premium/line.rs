//! A line of a contract as its premium depends on it, and a count of days.

/// The cover of one insured in one cell of a contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// The cell's place in the contract.
    pub cell: usize,
    /// The sum insured, in kopecks.
    pub sum_insured: i64,
    /// The first day of cover, in days since 1970.
    pub start: i32,
    /// The last day of cover.
    pub end: i32,
}

/// The number of days from one to another, both included; 0 where the last is before the first.
#[must_use]
pub fn days_between(first: i32, last: i32) -> u32 {
    u32::try_from(last - first + 1).unwrap_or(0)
}
