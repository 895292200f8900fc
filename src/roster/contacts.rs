//! Texts of the roster that no price depends on: kept as they are and copied into results.
//!
//! Every field whose columns are joined is kept, and every number of an insured beside the id. The contacts among them, for the clinics' lists, are kept only on the way into a portfolio.

use crate::roster::field::{Field, NUMBERS};
use crate::roster::value::is_no_number;
use crate::table::cell::Row;
use crate::table::field::ColumnRule;
use crate::table::layout::Layout;
use crate::table::text_column::TextColumn;

/// The contacts: how an insured is reached, and by what papers they are known; in the order of the clinics' lists.
pub const CONTACTS: [Field; 5] = [Field::Phone, Field::Email, Field::Address, Field::Passport, Field::Snils];

/// A value for each of the [`CONTACTS`].
pub type Contacts<T> = [T; CONTACTS.len()];

/// The kept texts of all rows: a column for each field that has any; a column stops at the last row with a text.
#[derive(Debug, Default, Clone)]
pub(super) struct KeptTexts(Vec<(Field, TextColumn)>);

impl KeptTexts {
    /// The text of a row; empty where it has none.
    pub fn get(&self, field: Field, at: usize) -> &str {
        let column = self.0.iter().find(|(of, _)| *of == field);
        column.and_then(|(_, texts)| texts.try_get(at)).unwrap_or_default()
    }

    /// Whether any row has a text of a field.
    pub fn has(&self, field: Field) -> bool {
        self.0.iter().any(|(of, _)| *of == field)
    }

    /// Adds the texts of the row after the first `rows`.
    pub fn push(&mut self, rows: usize, texts: &[(Field, String)]) {
        for (field, text) in texts.iter().filter(|(_, text)| !text.is_empty()) {
            let column = self.column(*field);
            column.extend_to(rows);
            column.push(text);
        }
    }

    /// Appends `other`, whose rows follow the first `rows`, draining it.
    pub fn append(&mut self, rows: usize, other: &mut Self, expected: usize) {
        for (field, texts) in other.0.iter_mut().filter(|(_, texts)| !texts.is_empty()) {
            let column = self.column(*field);
            column.extend_to(rows);
            column.append(texts, expected);
        }
    }

    fn column(&mut self, field: Field) -> &mut TextColumn {
        let place = self.0.iter().position(|(of, _)| *of == field).unwrap_or_else(|| {
            self.0.push((field, TextColumn::default()));
            self.0.len() - 1
        });
        &mut self.0[place].1
    }
}

/// Reads the kept texts of one row after another.
#[derive(Debug, Default)]
pub(super) struct TextReader {
    /// The fields with their columns.
    columns: Vec<(Field, Vec<usize>)>,
    texts: Vec<(Field, String)>,
}

impl TextReader {
    /// A reader for a table; without the contacts unless they are wanted.
    pub fn new(layout: &Layout, contacts: bool) -> Self {
        let is_second_number = |field: Field| {
            let is_first = NUMBERS.into_iter().find(|number| layout.column(*number).is_some()) == Some(field);
            field == Field::PolicyNumber || NUMBERS.contains(&field) && !is_first
        };
        let is_kept = |field: &&Field| {
            is_second_number(**field)
                || field.spec().columns == ColumnRule::Joined && (contacts || !CONTACTS.contains(field))
        };
        let columns_of = |field: Field| layout.columns().filter(move |(of, _)| *of == field.spec()).map(|(_, at)| at);
        let kept = Field::ALL.iter().filter(is_kept).map(|field| (*field, columns_of(*field).collect()));
        let columns: Vec<(Field, Vec<usize>)> = kept.filter(|(_, columns): &(_, Vec<_>)| !columns.is_empty()).collect();
        let texts = columns.iter().map(|(field, _)| (*field, String::new())).collect();
        Self { columns, texts }
    }

    /// Reads the texts of a row instead of those of the row before.
    pub fn read(&mut self, row: &(impl Row + ?Sized)) {
        for ((field, columns), (_, text)) in self.columns.iter().zip(&mut self.texts) {
            text.clear();
            let is_number = NUMBERS.contains(field);
            for column in columns {
                if is_number && is_no_number(row.cell(*column)) {
                    continue;
                }
                let before = text.len();
                if before > 0 {
                    text.push_str("; ");
                }
                let start = text.len();
                row.cell(*column).append_to(text);
                if text.len() == start {
                    text.truncate(before);
                }
            }
        }
    }

    /// The texts of the row that was read last.
    pub fn texts(&self) -> &[(Field, String)] {
        &self.texts
    }
}
