//! What a roster is read for: the contract's side of the reading.

use jiff::civil::Date;

use crate::base::calendar::Period;

use crate::roster::field::Field;

/// Everything about a contract that the reading of its roster depends on.
#[derive(Debug, Clone)]
pub struct RosterSpec {
    /// The days of the contract; an insured's own days lie inside (`I16`).
    pub period: Period,
    /// What a row is to stand for.
    pub rows: RowKind,
    /// The plans; at least one.
    pub plans: Vec<PlanSpec>,
    /// The risk groups of the tariff.
    pub risk_groups: Vec<u8>,
    /// The risk group of rows that state none.
    pub default_risk_group: Option<u8>,
    /// The roster's own headings of fields that are not recognised.
    pub columns: Vec<(Field, String)>,
    /// Which sheets to take.
    pub sheet: SheetChoice,
    /// Whether what the clinics are told is read too.
    pub contacts: bool,
}

impl RosterSpec {
    /// What a table of a clinic's is read for; `columns` are the clinic's own headings.
    #[must_use]
    pub fn of_clinic(rows: RowKind, columns: Vec<(Field, String)>, sheet: SheetChoice) -> Self {
        let day = Date::constant(2000, 1, 1);
        Self {
            // a clinic's table has no plans, no risk groups and no cover of its own
            period: Period::of_day(day),
            rows,
            plans: Vec::new(),
            risk_groups: Vec::new(),
            default_risk_group: Some(0),
            columns,
            sheet,
            contacts: false,
        }
    }
}

/// What a row of a table stands for.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum RowKind {
    /// One insured: a roster.
    #[default]
    Insured,
    /// How many insured there are of a plan, an age and a risk group: a census.
    Counts,
    /// What happens to one insured: a list of changes.
    Changes,
    /// A service that a clinic says it has done: a clinic's register.
    Services,
    /// A service that a guarantee letter is asked for.
    Requests,
    /// A service that a clinic's desk asks about.
    Questions,
}

impl RowKind {
    /// Whether the table is one of a clinic's, and not of an employer's.
    #[must_use]
    pub const fn is_of_clinic(self) -> bool {
        matches!(self, Self::Services | Self::Requests | Self::Questions)
    }
}

/// A plan as rosters name it.
#[derive(Debug, Clone)]
pub struct PlanSpec {
    /// The code.
    pub code: String,
    /// The name, if it has one.
    pub name: Option<String>,
    /// Whether an insured may have a sum insured of their own: only where the plan has one cover.
    pub own_sum_insured: bool,
}

/// Which sheets of a workbook to take.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub enum SheetChoice {
    /// The only one that holds a roster.
    #[default]
    TheOne,
    /// The one of this name.
    Named(String),
    /// Every one that holds a roster.
    Every,
}

impl SheetChoice {
    /// The choice as the contract file says it: a name, or `*`.
    #[must_use]
    pub fn from_word(word: &str) -> Self {
        if word.trim() == "*" { Self::Every } else { Self::Named(word.trim().to_owned()) }
    }
}
