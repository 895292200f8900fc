//! What a roster says of the insured for the clinics, and no price needs: how they are reached, and by what papers they are known.
//!
//! Kept only where it is wanted: on the way into a book.

use crate::roster::field::Field;
use crate::roster::insured::Texts;
use crate::roster::row::messages::append_text;
use crate::table::cell::Row;
use crate::table::layout::Layout;

/// The fields, in the order in which clinics are told of them.
pub const FIELDS: [Field; 5] = [Field::Phone, Field::Email, Field::Address, Field::Passport, Field::Snils];

/// A text of each of the [`FIELDS`].
pub type Contacts<T> = [T; FIELDS.len()];

/// The contacts of all rows, column by column; a column ends with the last row that has anything in it.
#[derive(Debug, Default, Clone)]
pub struct ContactColumns(Contacts<Texts>);

impl ContactColumns {
    /// The contacts of a row; empty where it has none.
    #[must_use]
    pub fn get(&self, at: usize) -> Contacts<&str> {
        self.0.each_ref().map(|texts| texts.try_get(at).unwrap_or_default())
    }

    /// Adds the contacts of a row after so many.
    pub(crate) fn push(&mut self, rows: usize, contacts: &Contacts<&str>) {
        for (texts, text) in self.0.iter_mut().zip(contacts).filter(|(_, text)| !text.is_empty()) {
            texts.lengthen(rows);
            texts.push(text);
        }
    }

    /// Moves the contacts of further rows after these, which are so many; the first time room is made for so many like them.
    pub(crate) fn append(&mut self, rows: usize, other: &mut Self, expected: usize) {
        for (texts, other) in self.0.iter_mut().zip(&mut other.0).filter(|(_, other)| !other.is_empty()) {
            texts.lengthen(rows);
            texts.append(other, expected);
        }
    }
}

/// Reads the contacts of one row after another.
#[derive(Debug, Default)]
pub(crate) struct ContactReader {
    /// The columns, each with its field's place among the [`FIELDS`].
    columns: Vec<(usize, usize)>,
    texts: Contacts<String>,
}

impl ContactReader {
    /// A reader for a table.
    pub fn new(layout: &Layout) -> Self {
        let place = |field| FIELDS.iter().position(|known| *known == field);
        let columns = layout.columns().filter_map(|(field, column)| Some((place(field)?, column)));
        Self { columns: columns.collect(), texts: Contacts::default() }
    }

    /// Takes the contacts of a row, and forgets those of the row before; several columns of one field are listed.
    pub fn take(&mut self, row: &(impl Row + ?Sized)) {
        self.texts.iter_mut().for_each(String::clear);
        for (place, column) in &self.columns {
            let text = &mut self.texts[*place];
            let before = text.len();
            if before > 0 {
                text.push_str("; ");
            }
            let begins = text.len();
            append_text(text, row.cell(*column));
            if text.len() == begins {
                text.truncate(before);
            }
        }
    }

    /// What was taken.
    pub fn taken(&self) -> Contacts<&str> {
        self.texts.each_ref().map(String::as_str)
    }
}
