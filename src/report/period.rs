//! The period of a report, and its months.

use jiff::civil::Date;

/// The days that a report covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Period {
    /// The first day.
    pub since: Date,
    /// The last day: that of the report.
    pub as_of: Date,
}

impl Period {
    pub fn contains(self, day: Date) -> bool {
        self.since <= day && day <= self.as_of
    }

    /// The first days of the months from that of a day to that of another, inside the period, each with its last day in the period.
    pub fn months(self, from: Date, to: Date) -> Vec<(Date, Date)> {
        let (from, to) = (from.max(self.since), to.min(self.as_of));
        let mut months = Vec::new();
        let mut month = from.first_of_month();
        while month <= to {
            months.push((month, month.last_of_month().min(self.as_of)));
            let Ok(next) = month.last_of_month().tomorrow() else { break };
            month = next;
        }
        months
    }
}
