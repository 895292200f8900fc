//! A section of a document: a heading and a table.

use crate::base::messages::{Language, Message};
use crate::output::value::Value;

/// A column: the message of its heading, and its width in a sheet, in letters.
pub type Column = (&'static str, u32);

/// A heading and a table.
#[derive(Debug)]
pub struct Section<'s> {
    /// Its name in the document, for links and layouts.
    pub id: &'static str,
    /// The message of its heading.
    pub title: &'static str,
    /// The columns.
    pub columns: &'static [Column],
    /// The rows, each with a value for every column.
    pub rows: Vec<Vec<Value<'s>>>,
    /// Whether the last row is a total.
    pub is_summed: bool,
}

impl Section<'_> {
    /// The heading.
    pub fn heading(&self, language: Language) -> String {
        language.render(&Message::new(self.title))
    }

    /// The columns with figures.
    pub fn figures(&self) -> Vec<bool> {
        let is_figure = |column: usize| self.rows.first().is_some_and(|row| row[column].is_figure());
        (0..self.columns.len()).map(is_figure).collect()
    }
}
