//! The warnings about the rosters and lists of changes from which the contracts of a book were made: a book keeps what a quote shows.

use crate::base::diagnostic::{Code, Diagnostic};
use crate::base::messages::{Language, Message};
use crate::quote::diagnostic_text::place_text;
use crate::table::tables::Tables;

/// The most warnings of a run that a book keeps for a contract, so that one contract does not fill the register.
pub const MOST_WARNINGS: usize = 1000;

/// A warning about a table from which a contract was made.
#[derive(Debug, Clone)]
pub struct Warning {
    /// The code.
    pub code: Code,
    /// File, sheet, row and cell.
    pub place: String,
    /// What is unusual and what to do.
    pub message: Message,
}

/// A warning as the register has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptWarning {
    /// The run that kept it.
    pub run: i64,
    /// The code.
    pub code: String,
    /// File, sheet, row and cell.
    pub place: String,
    /// The message in Russian and in English.
    pub messages: [String; 2],
}

impl Warning {
    /// The diagnostics of tables that were read without an error, the first [`MOST_WARNINGS`] of them.
    #[must_use]
    pub fn of_tables(tables: &Tables) -> Vec<Self> {
        let warning = |found: &Diagnostic| Self {
            code: found.code,
            place: place_text(tables, found),
            message: found.message.clone(),
        };
        tables.diagnostics.iter().take(MOST_WARNINGS).map(warning).collect()
    }

    /// The message in Russian and in English.
    #[must_use]
    pub fn messages(&self) -> [String; 2] {
        [Language::Ru, Language::En].map(|language| language.render(&self.message))
    }
}

impl KeptWarning {
    /// The message in a language.
    #[must_use]
    pub fn message(&self, language: Language) -> &str {
        &self.messages[usize::from(language == Language::En)]
    }
}
