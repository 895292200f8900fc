//! Diagnostics in words: the place in the roster, and the severity.

use crate::base::diagnostic::{Diagnostic, Severity, column_letters};
use crate::base::messages::{Language, Message};
use crate::table::tables::{Sheet, Tables};

/// The place of a diagnostic in a line of text: `roster.xlsx, «Список», D17`.
#[must_use]
pub fn place_text(tables: &Tables, found: &Diagnostic) -> String {
    let sheet = tables.sheets.get(usize::from(found.place.sheet)).map(Sheet::display_name).unwrap_or_default();
    let cell = match (found.place.row, found.place.column) {
        (0, _) => String::new(),
        (row, None) => row.to_string(),
        (row, Some(column)) => format!("{}{row}", column_letters(column)),
    };
    [sheet, cell].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

/// The severity in the reader's language.
#[must_use]
pub fn severity_word(severity: Severity, language: Language) -> String {
    language.render(&Message::new(match severity {
        Severity::Error => "severity-error",
        Severity::Referral => "severity-referral",
        Severity::Warning => "severity-warning",
    }))
}
