//! How a list is read beside the terms of its contract: terms that come with the list, because those of a contract in force stay as they are.

use std::fmt;

use crate::roster::field::Field;
use crate::roster::spec::{DetachDay, RosterSpec};

/// What a user states about the columns, the sheets and the days of a list.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct ReadingTerms {
    /// Which day a day of detachment is (`I26`).
    pub detach_day: Option<DetachDay>,
    /// The headings of fields, which win over those of the contract.
    pub columns: Vec<(Field, String)>,
    /// The headings of columns that are ignored.
    pub ignored: Vec<String>,
    /// The names of sheets that are ignored.
    pub ignored_sheets: Vec<String>,
}

impl ReadingTerms {
    /// The reading of a list by the terms of its contract and by these.
    #[must_use]
    pub fn apply(&self, mut spec: RosterSpec) -> RosterSpec {
        spec.columns.retain(|(field, _)| !self.columns.iter().any(|(own, _)| own == field));
        spec.columns.extend(self.columns.iter().cloned());
        spec.ignored.extend(self.ignored.iter().cloned());
        spec.ignored_sheets.extend(self.ignored_sheets.iter().cloned());
        spec.changes.detach_day = self.detach_day.or(spec.changes.detach_day);
        spec.by_options = true;
        spec
    }
}

impl fmt::Display for ReadingTerms {
    /// One term a line, in the order in which they were given; nothing where there is none.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(day) = self.detach_day {
            writeln!(formatter, "detach-day {}", day.as_str())?;
        }
        for (field, heading) in &self.columns {
            writeln!(formatter, "column {}={heading}", field.name())?;
        }
        for heading in &self.ignored {
            writeln!(formatter, "ignore-column {heading}")?;
        }
        self.ignored_sheets.iter().try_for_each(|sheet| writeln!(formatter, "ignore-sheet {sheet}"))
    }
}
