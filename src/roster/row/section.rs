//! What the titles of a list of changes state for the rows below them.

use crate::roster::value::{Action, SectionTitle, StatedDays};

/// The action and the days of the last titles.
#[derive(Debug, Default)]
pub(super) struct Section {
    /// The action.
    pub action: Option<Action>,
    /// The days.
    pub days: StatedDays,
    /// The title that states the days.
    pub text: String,
    /// Whether that title names the action too, so that the day is surely that of the change.
    pub is_certain: bool,
    /// Whether a row below the titles was read.
    pub is_used: bool,
    /// The row of a day without an action, below the table's first rows, until a row below it was read.
    pub unused_day: Option<u32>,
}

impl Section {
    /// A row below the titles is read.
    pub fn begin_row(&mut self) {
        self.is_used = true;
        self.unused_day = None;
    }

    /// Adds a title in a row: the next one after rows begins a new section, and one right below another completes it.
    pub fn add(&mut self, title: SectionTitle, text: String, row: u32) {
        let is_below_rows = self.is_used;
        if self.is_used && title.action.is_some() {
            *self = Self::default();
        }
        if is_below_rows && title.action.is_none() && !title.days.is_empty() {
            self.unused_day = Some(row);
        }
        self.is_used = false;
        self.action = title.action.or(self.action);
        if !title.days.is_empty() {
            (self.days, self.text, self.is_certain) = (title.days, text, title.action.is_some());
        }
    }
}
