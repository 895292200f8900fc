//! Rows beside those of insured that matter: lines that order who is insured, headings once more, headings of a further table.

use crate::base::calendar::format_day;
use crate::base::diagnostic::{Code, masked};
use crate::base::messages::Message;
use crate::roster::field::Field;
use crate::roster::row::{RowReader, lone_text};
use crate::roster::spec::RowKind;
use crate::roster::value;
use crate::table::cell::{Cell, Row};
use crate::table::dictionary::Meaning;

impl RowReader<'_> {
    /// Reports a line that orders who is insured: it is no row, and its order is not carried out.
    pub(super) fn check_line(&mut self, row: &(impl Row + ?Sized)) {
        if self.spec.rows != RowKind::Insured {
            return;
        }
        let first = format_day(self.spec.period.first());
        if let Some(text) = lone_text(row).filter(|text| value::orders_cover(text, &first)) {
            self.report_value(Code::OrderingLine, row, None, masked(&text), Message::new("ordering-line"));
        }
    }

    /// Whether a row has the headings of a further table, whose columns stand otherwise; its rows cannot be read here.
    pub(super) fn begins_table(&mut self, row: &(impl Row + ?Sized)) -> bool {
        let is_word = |text: &str| text.bytes().all(|byte| !byte.is_ascii_digit());
        if !matches!(self.columns.cell(row, Field::BirthDate), Cell::Text(text) if is_word(text)) {
            return false;
        }
        let dictionary = self.spec.table().dictionary;
        let field = |column: usize| match row.cell(column) {
            Cell::Text(text) => match dictionary.meaning(text) {
                Some(Meaning::Field(field)) => Field::from_name(field.name),
                _ => None,
            },
            _ => None,
        };
        let fields: Vec<Field> = (0..row.width()).filter_map(field).collect();
        let is_table = fields.len() > 1 && fields.contains(&Field::BirthDate);
        if is_table {
            self.report_value(Code::AmbiguousColumn, row, None, String::new(), Message::new("further-table"));
        }
        is_table
    }

    /// Whether a row has the headings of its columns in other words: «дата рождения» under «Д.р.».
    pub(super) fn repeats_headings(&self, row: &(impl Row + ?Sized)) -> bool {
        let is_word = |text: &str| text.bytes().all(|byte| !byte.is_ascii_digit());
        // a person has a day there, or nothing
        if !matches!(self.columns.cell(row, Field::BirthDate), Cell::Text(text) if is_word(text)) {
            return false;
        }
        let dictionary = self.spec.table().dictionary;
        let is_heading = |column: usize| {
            let Cell::Text(text) = row.cell(column) else { return row.cell(column).is_empty() };
            match dictionary.meaning(text) {
                Some(Meaning::Field(field) | Meaning::Perhaps(field)) => {
                    Field::from_name(field.name).and_then(|field| self.columns.get(field)) == Some(column)
                }
                Some(_) => true,
                None => false,
            }
        };
        (0..row.width()).all(is_heading)
    }
}
