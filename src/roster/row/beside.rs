//! Rows beside those of insured that matter: lines that order who is insured, headings once more, headings of a further table.

use jiff::civil::Date;

use crate::base::calendar::format_day;
use crate::base::diagnostic::{Code, masked};
use crate::base::messages::Message;
use crate::roster::field::Field;
use crate::roster::row::{RowReader, lone_text};
use crate::roster::spec::RowKind;
use crate::roster::value::{self, NamePart, is_usual_name, name_fault};
use crate::table::cell::{Cell, Row};
use crate::table::dictionary::Meaning;
use crate::table::free_text::{has_initials, is_name};
use crate::table::layout::SplitColumns;
use crate::table::value::{DateOrder, day_in_order, is_day};

impl RowReader<'_> {
    /// Reports a line that orders who is insured, and whether it does: it is no row, and its order is not carried out.
    pub(super) fn check_line(&mut self, row: &(impl Row + ?Sized)) -> bool {
        if self.spec.rows != RowKind::Insured {
            return false;
        }
        let first = format_day(self.spec.period.first());
        let ordering = lone_text(row).filter(|text| value::orders_cover(text, &first));
        if let Some(text) = &ordering {
            self.report_value(Code::OrderingLine, row, None, masked(text), Message::new("ordering-line"));
        }
        ordering.is_some()
    }

    /// Reports a name that is no usual one beside a day that may be that of a document, not a birth: «Дата заявки | 01.11.2026».
    pub(super) fn check_newborn(&mut self, row: &(impl Row + ?Sized), birth_date: Option<Date>) {
        if birth_date.is_some_and(|day| day > self.newborn_after)
            && self.columns.name.first().is_some()
            && (!is_usual_name(&self.name) || has_initials(&self.name))
            && !self.name.is_empty()
            && name_fault(Cell::Text(&self.name), NamePart::Whole).is_none()
        {
            let value = masked(&self.name);
            self.report_value(Code::BadName, row, self.columns.name.first(), value, Message::new("bad-name"));
        }
    }

    /// Reports a row above the headings that holds an insured: a name and a birth date in their columns.
    pub(super) fn check_row_above(&mut self, row: &(impl Row + ?Sized)) {
        let cell = |column: Option<usize>| column.map_or(Cell::Empty, |column| row.cell(column));
        let birth = self.columns.cell(row, Field::BirthDate);
        let read = day_in_order(birth, self.epoch, Some(DateOrder::DayFirst));
        // the day of a document is not so long ago
        let is_birth = is_day(birth) && !matches!(read, Ok(Some(day)) if day.date > self.newborn_after);
        let name = cell(self.columns.name.first());
        let is_whole = matches!(self.columns.name, SplitColumns::Whole(_));
        if is_birth && matches!(name, Cell::Text(text) if is_name(text) || !is_whole) {
            let value = masked(&name.display());
            self.report_value(Code::OrderingLine, row, None, value, Message::new("row-above-headings"));
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
