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
}

impl Section {
    /// Adds a title: the next one after rows begins a new section, and one right below another completes it.
    pub fn add(&mut self, title: SectionTitle, text: String) {
        if self.is_used && title.action.is_some() {
            *self = Self::default();
        }
        self.is_used = false;
        self.action = title.action.or(self.action);
        if !title.days.is_empty() {
            (self.days, self.text, self.is_certain) = (title.days, text, title.action.is_some());
        }
    }
}
