//! Problems of a list of payments.

use std::path::Path;

use crate::base::diagnostic::{Diagnostic, column_letters};
use crate::base::messages::{Language, Message};

/// A problem of a list of payments; it contains no value of the list, so that it can be logged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The row, from 1; 0 for the whole file.
    pub row: u32,
    /// The column, from 0, if the problem has one.
    pub column: Option<u32>,
    /// The problem and its remedy.
    pub message: Message,
}

impl From<Diagnostic> for Problem {
    fn from(found: Diagnostic) -> Self {
        Self { row: found.place.row, column: found.place.column, message: found.message }
    }
}

impl Problem {
    pub(super) fn of_file(message: Message) -> Self {
        Self { row: 0, column: None, message }
    }

    /// The problem as a line of text: file, cell, problem and remedy.
    #[must_use]
    pub fn render(&self, file: &Path, language: Language) -> String {
        let place = match (self.row, self.column) {
            (0, _) => String::new(),
            (row, None) => format!(", {row}"),
            (row, Some(column)) => format!(", {}{row}", column_letters(column)),
        };
        format!("{}{place}: {}", file.display(), language.render(&self.message))
    }
}
