//! Rows below the headings that are no data: blank rows, sub-headings, totals, signatures, and the other lines of forms.
//!
//! A row is passed over only where it cannot be data; a row of data with missing values is read, and its faults are reported.

use crate::base::named_enum::named_enum;
use crate::table::cell::{Cell, Row};
use crate::table::field::ValueType;
use crate::table::form_row::{is_column_numbers, is_control, is_unit_cell, is_units};
use crate::table::free_text::{has_initials, is_name, is_sentence};
use crate::table::layout::{ColumnUse, Layout};
use crate::table::phrase::{Phrase, is_numbering, is_unit};
use crate::table::text::folded_heading;
use crate::table::value::is_day;

named_enum! {
    /// Why a row is passed over.
    pub enum Skip messages "skip-" {
        /// It is empty.
        Blank = "blank",
        /// The name of a department or the like.
        Heading = "sub-heading",
        /// A heading above those who left: «Уволенные».
        Left = "left-heading",
        /// «Итого».
        Total = "total",
        /// A signature under the table.
        Signature = "signature",
        /// The numbers of the columns under their headings.
        ColumnNumbers = "column-numbers",
        /// No column of a field has a value: a row numbered in advance, a remark.
        Unfilled = "unfilled",
        /// The headings once more, as a printed form repeats them on each page.
        RepeatedHeadings = "repeated-headings",
        /// The units or forms of the values under their headings: `дд.мм.гггг`.
        Units = "units",
        /// A footnote, or a line that a program prints under a table: «Дата выгрузки», «Страница 1 из 2».
        Footer = "footer",
        /// A line of words and no name: «Список составлен отделом кадров».
        Remark = "remark",
        /// Nothing but control characters: the end-of-file mark of old programs.
        EndMark = "end-mark",
    }
}

/// A greater number in a column of days may be a day.
const MOST_COUNTED: f64 = 2000.0;

/// What of a table the rows below its headings are judged by.
#[derive(Debug, Clone)]
pub struct RowJudge {
    /// The column that names what a row is about.
    name: Option<usize>,
    /// The column that nothing but data fills with a day.
    day: Option<usize>,
    /// The columns of all fields.
    fields: Vec<usize>,
    /// The headings by column, folded.
    headings: Vec<String>,
    /// Whether a column holds words about the row, such as posts, and not numbers.
    holds_words: Vec<bool>,
    /// Whether a column holds the numbers of rows.
    holds_numbers: Vec<bool>,
}

impl RowJudge {
    /// The judge of a table's rows: `name` is the column that names what a row is about, `day` the one that nothing but data fills with a
    /// day.
    #[must_use]
    pub fn new(layout: &Layout, name: Option<usize>, day: Option<usize>) -> Self {
        Self {
            name,
            day,
            fields: layout.columns().map(|(_, column)| column).collect(),
            headings: layout.headings.iter().map(|heading| folded_heading(heading)).collect(),
            holds_words: layout.uses().iter().zip(&layout.headings).map(holds_words).collect(),
            holds_numbers: layout.headings.iter().map(|heading| is_numbering(heading)).collect(),
        }
    }

    /// Why a row is no data, or `None` where it may be data.
    #[must_use]
    pub fn skip_reason(&self, row: &(impl Row + ?Sized)) -> Option<Skip> {
        let cell = |column: Option<usize>| column.map_or(Cell::Empty, |column| row.cell(column));
        let (name, day) = (cell(self.name), cell(self.day));
        // the common case
        if !name.is_empty() && is_day(day) && !is_number(name) {
            return self.reason_of_named_day(name, row);
        }
        let filled: Vec<usize> = (0..row.width()).filter(|column| !row.cell(*column).is_empty()).collect();
        let Some(first) = filled.first().copied() else { return Some(Skip::Blank) };
        if filled.iter().all(|column| is_control(row.cell(*column))) {
            return Some(Skip::EndMark);
        }
        // where signers sign: a dash alone is a value that is missing
        let is_line = |text: &str| text.chars().count() > 2 && Phrase::new(text).is_line();
        if filled.iter().all(|column| matches!(row.cell(*column), Cell::Text(text) if is_line(text))) {
            return Some(Skip::Footer);
        }
        if is_column_numbers(row) {
            return Some(Skip::ColumnNumbers);
        }
        if self.repeats_headings(row, &filled) {
            return Some(Skip::RepeatedHeadings);
        }
        if is_units(row, &filled) || self.has_form_of_day(row) {
            return Some(Skip::Units);
        }
        if !day.is_empty() {
            return self.reason_beside_day(row, first);
        }
        self.reason_without_day(row, &filled)
    }

    /// Why a row with something in the column of days is no data.
    fn reason_beside_day(&self, row: &(impl Row + ?Sized), first: usize) -> Option<Skip> {
        let day = self.day.map_or(Cell::Empty, |column| row.cell(column));
        let has_name = self.name.is_some_and(|name| !row.cell(name).is_empty());
        let Cell::Text(text) = row.cell(first) else { return None };
        if has_name && self.name != Some(first) {
            return None;
        }
        let (written, text) = (text, Phrase::new(text));
        if is_day(day) {
            return ((text.is_footer() || text.is_label()) && self.is_only_day(row)).then_some(Skip::Footer);
        }
        if is_count(day) && text.is_before_number() && self.is_only_day(row) {
            return Some(Skip::Footer);
        }
        if text.is_total(is_count(day)) || is_count(day) && text.ends_as_total() {
            return Some(Skip::Total);
        }
        let is_line = is_sentence(written) || written.starts_with(char::is_lowercase);
        let is_counted_line =
            is_line && is_number(day) && !matches!(day, Cell::Number(serial) if serial > MOST_COUNTED);
        if is_counted_line && self.is_only_day(row) {
            return Some(Skip::Total);
        }
        // the signer's name or telephone under the days
        let is_signer =
            matches!(day, Cell::Text(text) if !text.bytes().any(|byte| byte.is_ascii_digit()) || is_telephone(text));
        (is_signer && text.is_signature()).then_some(Skip::Signature)
    }

    /// Why a row with nothing in the column of days is no data.
    fn reason_without_day(&self, row: &(impl Row + ?Sized), filled: &[usize]) -> Option<Skip> {
        let first = filled[0];
        let is_unfilled = || self.fields.iter().all(|column| row.cell(*column).is_empty());
        // a count in the column of names or of plans
        if filled.len() == 1 && is_number(row.cell(first)) && self.is_total_column(first) {
            return Some(Skip::Total);
        }
        let Cell::Text(written) = row.cell(first) else { return is_unfilled().then_some(Skip::Unfilled) };
        let text = Phrase::new(written);
        let name = self.name.map_or(Cell::Empty, |name| row.cell(name));
        if !name.is_empty() && Some(first) != self.name {
            return self.reason_before_name((first, &text), name, filled.len());
        }
        let is_alone = filled.len() == 1;
        let only_numbers_follow = filled[1..].iter().all(|column| is_number(row.cell(*column)));
        let only_values_follow =
            filled[1..].iter().all(|column| is_count(row.cell(*column)) || is_day(row.cell(*column)));
        let is_counted = filled[1..].iter().any(|column| is_count(row.cell(*column)));
        if text.is_total(is_counted) || is_alone && text.is_bare_total() || only_numbers_follow && text.ends_as_total()
        {
            return Some(Skip::Total);
        }
        let is_post =
            |column: &usize| matches!(row.cell(*column), Cell::Text(post) if Phrase::new(post).is_signature());
        if text.is_signature() || filled.len() == 2 && has_initials(written) && filled[1..].iter().any(is_post) {
            return Some(Skip::Signature);
        }
        if only_numbers_follow && text.name_a_part() {
            return Some(Skip::Heading);
        }
        if is_alone && (text.is_footer() || text.is_bare_footer())
            || !is_alone && is_counted && only_values_follow && text.is_before_number()
        {
            return Some(Skip::Footer);
        }
        if is_alone && Some(first) != self.name && !written.bytes().any(|byte| byte.is_ascii_digit()) {
            return Some(Skip::Heading);
        }
        if is_alone && is_sentence(written) {
            return Some(Skip::Remark);
        }
        is_unfilled().then_some(Skip::Unfilled)
    }

    /// Why a row that begins with a text before a name is no data: a total with its count there, or a signature. A person whose post or
    /// department begins as a line of a form is data.
    fn reason_before_name(&self, (first, text): (usize, &Phrase<'_>), name: Cell<'_>, filled: usize) -> Option<Skip> {
        let Cell::Text(named) = name else { return text.is_total(is_count(name)).then_some(Skip::Total) };
        if text.is_total(is_count(name)) && !is_name(named) {
            return Some(Skip::Total);
        }
        let holds_words = self.holds_words.get(first).is_some_and(|holds| *holds);
        let is_signer = filled == 2 && (!holds_words || has_initials(named));
        (is_signer && text.is_signature()).then_some(Skip::Signature)
    }

    /// Why a row with a name and a day is no data: «Итого», or a line such as «Дата выгрузки | 01.11.2026».
    fn reason_of_named_day(&self, name: Cell<'_>, row: &(impl Row + ?Sized)) -> Option<Skip> {
        // hardly any name is so short
        const LONGEST_TOTAL: usize = 24;
        let Cell::Text(text) = name else { return None };
        if text.len() <= LONGEST_TOTAL && Phrase::new(text).is_bare_total() {
            return Some(Skip::Total);
        }
        if !self.is_only_day(row) {
            return None;
        }
        let phrase = Phrase::new(text);
        if phrase.is_signature() && has_initials(text) || self.begins_as_signature(row) {
            return Some(Skip::Signature);
        }
        (phrase.is_footer() || phrase.is_label()).then_some(Skip::Footer)
    }

    /// Whether a column of numbers before the names has a signer's post: «Исполнитель | Карпова Елена».
    fn begins_as_signature(&self, row: &(impl Row + ?Sized)) -> bool {
        let holds_numbers = |column: &usize| self.holds_numbers.get(*column) == Some(&true);
        let is_post = |column: usize| {
            let Cell::Text(text) = row.cell(column) else { return false };
            text.starts_with(char::is_alphabetic) && Phrase::new(text).is_signature()
        };
        (0..self.name.unwrap_or(0)).filter(holds_numbers).any(is_post)
    }

    /// Whether a lone number in a column is a count, since no data have one there: names, and words for the terms of a row.
    fn is_total_column(&self, column: usize) -> bool {
        Some(column) == self.name
            || self.holds_words.get(column).is_some_and(|holds| *holds) && self.fields.contains(&column)
    }

    /// Whether nothing but the names and the days has a value.
    fn is_only_day(&self, row: &(impl Row + ?Sized)) -> bool {
        let mut others = self.fields.iter().filter(|column| Some(**column) != self.name && Some(**column) != self.day);
        others.all(|column| row.cell(*column).is_empty())
    }

    /// Whether every filled cell is the heading of its column, or one of the two rows that it is joined of.
    fn repeats_headings(&self, row: &(impl Row + ?Sized), filled: &[usize]) -> bool {
        filled.len() > 1
            && filled.iter().all(|column| {
                let Cell::Text(text) = row.cell(*column) else { return false };
                let (text, heading) = (folded_heading(text), self.headings.get(*column).map_or("", String::as_str));
                if text.is_empty() {
                    heading.is_empty()
                } else {
                    heading.starts_with(&text) || heading.ends_with(&text)
                }
            })
    }

    /// Whether a row without a name has the form of a day where data has the day.
    fn has_form_of_day(&self, row: &(impl Row + ?Sized)) -> bool {
        let cell = |column: Option<usize>| column.map_or(Cell::Empty, |column| row.cell(column));
        // «как в паспорте» beside the form of a day is no name
        let is_named = match cell(self.name) {
            Cell::Empty => false,
            Cell::Text(text) => !is_unit(text) && !text.starts_with(char::is_lowercase) && !is_sentence(text),
            _ => true,
        };
        !is_named && is_unit_cell(cell(self.day))
    }
}

/// Whether a column holds words about a row: no field of numbers, days or names, and no numbers of rows.
fn holds_words((used, heading): (&Option<ColumnUse>, &String)) -> bool {
    match used {
        None => false,
        Some(ColumnUse::Field(field)) => field.holds == ValueType::Word,
        Some(_) => !is_numbering(heading),
    }
}

/// Whether a cell begins with a number: `38`, `38 чел.`.
fn is_count(cell: Cell<'_>) -> bool {
    matches!(cell, Cell::Number(_))
        || matches!(cell, Cell::Text(text) if text.starts_with(|first: char| first.is_ascii_digit()))
}

/// Whether a text is a telephone number: figures with the marks between them, and no point as in a day.
fn is_telephone(text: &str) -> bool {
    const FEWEST_FIGURES: usize = 6;
    let number = text.trim_start_matches(|letter: char| letter.is_alphabetic() || matches!(letter, '.' | ':' | ' '));
    let is_mark = |letter: char| matches!(letter, '+' | '-' | ' ' | '(' | ')' | '\u{a0}');
    number.bytes().filter(u8::is_ascii_digit).count() >= FEWEST_FIGURES
        && number.chars().all(|letter| letter.is_ascii_digit() || is_mark(letter))
}

fn is_number(cell: Cell<'_>) -> bool {
    match cell {
        Cell::Number(_) => true,
        Cell::Text(text) => text.bytes().all(|byte| byte.is_ascii_digit()),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
