//! Rows below the headings that are no data: blank rows, sub-headings, totals, signatures, and the other lines of forms.
//!
//! A row is passed over only where it cannot be data; a row of data with missing values is read, and its faults are reported.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::base::named_enum::named_enum;
use crate::table::cell::{Cell, Row};
use crate::table::layout::Layout;
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
        /// Nothing but control characters: the end-of-file mark of old programs.
        EndMark = "end-mark",
    }
}

/// The words of `skip.toml`; each is a list of its own words, folded.
#[derive(Deserialize)]
#[serde(from = "Listed")]
struct Words {
    total: Vec<Vec<String>>,
    total_at_end: Vec<Vec<String>>,
    signature: Vec<Vec<String>>,
    footer: Vec<Vec<String>>,
    footer_with_number: Vec<Vec<String>>,
    heading: Vec<Vec<String>>,
    unit: Vec<String>,
}

#[derive(Deserialize)]
struct Listed {
    total: Vec<String>,
    total_at_end: Vec<String>,
    signature: Vec<String>,
    footer: Vec<String>,
    footer_with_number: Vec<String>,
    heading: Vec<String>,
    unit: Vec<String>,
}

impl From<Listed> for Words {
    fn from(listed: Listed) -> Self {
        let phrases = |list: Vec<String>| list.iter().map(|phrase| words(phrase)).collect();
        Self {
            total: phrases(listed.total),
            total_at_end: phrases(listed.total_at_end),
            signature: phrases(listed.signature),
            footer: phrases(listed.footer),
            footer_with_number: phrases(listed.footer_with_number),
            heading: phrases(listed.heading),
            unit: listed.unit.iter().map(|unit| unit_key(unit)).collect(),
        }
    }
}

static WORDS: LazyLock<Words> =
    LazyLock::new(|| toml::from_str(include_str!("skip.toml")).expect("a table of lists of words"));

/// The words of a text, folded.
fn words(text: &str) -> Vec<String> {
    let words = text.split(|letter: char| letter.is_whitespace() || letter == ':').map(folded_heading);
    words.filter(|word| !word.is_empty()).collect()
}

/// A unit folded for comparison: «дд.мм.гггг» and «ДД/ММ/ГГГГ» are one.
fn unit_key(unit: &str) -> String {
    let key = folded_heading(unit);
    if key.is_empty() { unit.trim().to_owned() } else { key }
}

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
        let text = Phrase::new(text);
        if is_day(day) {
            return (text.is_footer() && self.is_only_day(row)).then_some(Skip::Footer);
        }
        if text.is_total() {
            return Some(Skip::Total);
        }
        // the signer's name under the days
        let is_signer = matches!(day, Cell::Text(text) if !text.bytes().any(|byte| byte.is_ascii_digit()));
        (is_signer && text.is_signature()).then_some(Skip::Signature)
    }

    /// Why a row with nothing in the column of days is no data.
    fn reason_without_day(&self, row: &(impl Row + ?Sized), filled: &[usize]) -> Option<Skip> {
        let first = filled[0];
        let is_unfilled = || self.fields.iter().all(|column| row.cell(*column).is_empty());
        let Cell::Text(written) = row.cell(first) else { return is_unfilled().then_some(Skip::Unfilled) };
        let text = Phrase::new(written);
        let has_name = self.name.is_some_and(|name| !row.cell(name).is_empty());
        let named_after = has_name && Some(first) != self.name;
        let only_numbers_follow = filled[1..].iter().all(|column| is_number(row.cell(*column)));
        if text.begins_with(&WORDS.total) || only_numbers_follow && text.ends_with(&WORDS.total_at_end) {
            return Some(Skip::Total);
        }
        if text.is_signature() && (!named_after || filled.len() == 2) {
            return Some(Skip::Signature);
        }
        // a name after another cell is data, whatever that cell holds
        if named_after {
            return None;
        }
        if only_numbers_follow && text.name_a_part() {
            return Some(Skip::Heading);
        }
        let is_alone = filled.len() == 1;
        if is_alone && text.is_footer() {
            return Some(Skip::Footer);
        }
        if is_alone && Some(first) != self.name && !written.bytes().any(|byte| byte.is_ascii_digit()) {
            return Some(Skip::Heading);
        }
        is_unfilled().then_some(Skip::Unfilled)
    }

    /// Why a row with a name and a day is no data: «Итого», or a line such as «Дата выгрузки | 01.11.2026».
    fn reason_of_named_day(&self, name: Cell<'_>, row: &(impl Row + ?Sized)) -> Option<Skip> {
        // hardly any name is so short
        const LONGEST_TOTAL: usize = 24;
        let Cell::Text(text) = name else { return None };
        if text.len() <= LONGEST_TOTAL && Phrase::new(text).is_written_apart(&WORDS.total) {
            return Some(Skip::Total);
        }
        (self.is_only_day(row) && Phrase::new(text).is_footer()).then_some(Skip::Footer)
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
        let is_named = match cell(self.name) {
            Cell::Empty => false,
            name => !is_unit(name),
        };
        !is_named && !cell(self.day).is_empty() && is_unit(cell(self.day))
    }
}

/// Whether a text begins a row of totals.
#[must_use]
pub fn is_total(text: &str) -> bool {
    Phrase::new(text).begins_with(&WORDS.total)
}

/// A text as its words, folded.
struct Phrase<'t> {
    text: &'t str,
    words: Vec<String>,
}

impl<'t> Phrase<'t> {
    fn new(text: &'t str) -> Self {
        Self { text, words: words(text) }
    }

    fn begins_with(&self, list: &[Vec<String>]) -> bool {
        list.iter().any(|phrase| self.words.starts_with(phrase)) || self.is_written_apart(list)
    }

    fn ends_with(&self, list: &[Vec<String>]) -> bool {
        list.iter().any(|phrase| self.words.ends_with(phrase))
    }

    fn is_total(&self) -> bool {
        self.begins_with(&WORDS.total) || self.ends_with(&WORDS.total_at_end)
    }

    fn is_signature(&self) -> bool {
        self.begins_with(&WORDS.signature)
    }

    /// Whether it is a footnote, or a line that a program prints.
    fn is_footer(&self) -> bool {
        let is_ruled_line =
            || self.text.chars().all(|letter| matches!(letter, '_' | '-' | '—' | '–' | '=' | '.' | ' '));
        let has_number = || self.text.bytes().any(|byte| byte.is_ascii_digit());
        self.text.starts_with(['*', '¹', '²', '³'])
            || self.begins_with(&WORDS.footer)
            || has_number() && self.begins_with(&WORDS.footer_with_number)
            || is_ruled_line()
    }

    /// Whether a word names a part of an organisation.
    fn name_a_part(&self) -> bool {
        let is_inside = |phrase: &Vec<String>| self.words.windows(phrase.len()).any(|words| words == phrase);
        WORDS.heading.iter().any(is_inside) || self.is_written_apart(&WORDS.heading)
    }

    /// Whether the whole is a listed phrase, written with other spaces: «И т о г о».
    fn is_written_apart(&self, list: &[Vec<String>]) -> bool {
        let whole = self.words.concat();
        list.iter().any(|phrase| phrase.concat() == whole)
    }
}

/// Whether a cell holds a unit or the form of a value, perhaps in brackets.
fn is_unit(cell: Cell<'_>) -> bool {
    // longer texts are no units, and hardly any name is so short
    const LONGEST: usize = 80;
    let Cell::Text(text) = cell else { return false };
    text.len() <= LONGEST && WORDS.unit.contains(&unit_key(text))
}

/// Whether every cell is a unit.
fn is_units(row: &(impl Row + ?Sized), filled: &[usize]) -> bool {
    filled.iter().all(|column| is_unit(row.cell(*column)))
}

/// Whether a cell holds nothing but control characters.
fn is_control(cell: Cell<'_>) -> bool {
    matches!(cell, Cell::Text(text) if text.chars().all(char::is_control))
}

fn is_number(cell: Cell<'_>) -> bool {
    match cell {
        Cell::Number(_) => true,
        Cell::Text(text) => text.bytes().all(|byte| byte.is_ascii_digit()),
        _ => false,
    }
}

/// Whether the row holds 1, 2, 3 … under the headings.
fn is_column_numbers(row: &(impl Row + ?Sized)) -> bool {
    let mut count = 0_u32;
    for column in 0..row.width() {
        let cell = row.cell(column);
        if cell.is_empty() {
            continue;
        }
        count += 1;
        let is_next = match cell {
            Cell::Text(text) => text.parse() == Ok(count),
            Cell::Number(number) => number.total_cmp(&f64::from(count)).is_eq(),
            _ => false,
        };
        if !is_next {
            return false;
        }
    }
    count > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Cells(&'static [&'static str]);

    impl Row for Cells {
        fn number(&self) -> u32 {
            9
        }

        fn width(&self) -> usize {
            self.0.len()
        }

        fn cell(&self, column: usize) -> Cell<'_> {
            match self.0[column] {
                "" => Cell::Empty,
                text => Cell::Text(text),
            }
        }
    }

    /// The columns are №, personnel number, name, birth date, risk group; the first is no field.
    fn reason(cells: &'static [&'static str]) -> Option<Skip> {
        let headings = ["№", "Таб. №", "ФИО застрахованного", "Дата рождения", "Риск"];
        let judge = RowJudge {
            name: Some(2),
            day: Some(3),
            fields: vec![1, 2, 3, 4],
            headings: headings.iter().map(|heading| folded_heading(heading)).collect(),
        };
        judge.skip_reason(&Cells(cells))
    }

    #[test]
    fn rows_that_are_no_data_are_recognised() {
        let table: &[(&[&str], Skip)] = &[
            (&["", "", "", "", ""], Skip::Blank),
            (&["Отдел продаж", "", "", "", ""], Skip::Heading),
            (&["Отдел продаж", "12", "", "", ""], Skip::Heading),
            (&["", "", "Механосборочное производство", "", ""], Skip::Heading),
            (&["", "", "Члены семей", "", ""], Skip::Heading),
            (&["Итого:", "", "38 чел.", "", ""], Skip::Total),
            (&["", "", "Итого:", "38", ""], Skip::Total),
            (&["", "", "И т о г о", "", "38"], Skip::Total),
            (&["", "", "Итог", "", "4"], Skip::Total),
            (&["", "", "Итого по отделу", "", "4"], Skip::Total),
            (&["", "", "Итого по отделу", "4", ""], Skip::Total),
            (&["", "", "Цех 1 Итог", "", "4"], Skip::Total),
            (&["", "", "Цех 1 Итог", "4", ""], Skip::Total),
            (&["", "", "Общее количество застрахованных: 4", "", ""], Skip::Total),
            (&["Всего", "", "", "38", ""], Skip::Total),
            (&["Генеральный директор", "", "Воронцов А. П.", "", ""], Skip::Signature),
            (&["", "", "Генеральный директор", "Карпова Е. А.", ""], Skip::Signature),
            (&["", "", "Исполнитель: Карпова Е. А., тел. 12-34", "", ""], Skip::Signature),
            (&["", "", "Подготовила: Карпова", "", ""], Skip::Signature),
            (&["1", "2", "3", "4", "5"], Skip::ColumnNumbers),
            (&["39", "", "", "", ""], Skip::Unfilled),
            (&["№", "Таб. №", "ФИО застрахованного", "Дата рождения", "Риск"], Skip::RepeatedHeadings),
            (&["", "", "ФИО", "ДАТА  РОЖДЕНИЯ", ""], Skip::RepeatedHeadings),
            (&["", "", "", "дд.мм.гггг", "0-4"], Skip::Units),
            (&["", "", "(полностью)", "ДД/ММ/ГГГГ", ""], Skip::Units),
            (&["№", "", "", "", "код"], Skip::Units),
            (&["", "", "* по состоянию на 01.12.2026", "", ""], Skip::Footer),
            (&["", "", "Распечатано из программы 01.11.2026", "", ""], Skip::Footer),
            (&["Страница 1 из 1", "", "", "", ""], Skip::Footer),
            (&["", "", "Отборы: Организация Равно \"Пример\"", "", ""], Skip::Footer),
            (&["", "", "Дата выгрузки", "01.11.2026", ""], Skip::Footer),
            (&["Дата выгрузки", "", "", "01.11.2026", ""], Skip::Footer),
            (&["", "", "Лист 1 из 2", "", ""], Skip::Footer),
            (&["", "", "Дата: 01.11.2026", "", ""], Skip::Footer),
            (&["", "", "____________", "", ""], Skip::Footer),
            (&["", "", "Итого", "01.11.2026", ""], Skip::Total),
            (&["\u{1a}", "", "", "", ""], Skip::EndMark),
        ];
        for (cells, expected) in table {
            assert_eq!(reason(cells), Some(*expected), "{cells:?}");
        }
    }

    #[test]
    fn rows_that_may_be_data_are_read() {
        let table: &[&[&str]] = &[
            &["1", "101", "Иванов Иван", "31.12.1980", "1"],
            &["1", "101", "Иванов Иван", "", ""],
            &["", "", "Иванов Иван", "", ""],
            &["", "", "", "31.12.1980", ""],
            &["", "Т-105", "", "", ""],
            &["Директор", "101", "Иванов Иван", "", ""],
            &["Итого", "", "", "31.12.1980", ""],
            // surnames that begin as a word of the lists, or are one
            &["", "", "Итогов Лев Ильич", "", ""],
            &["", "", "Начальников Пётр Ильич", "неизвестно", ""],
            &["", "", "Дата Нана Гелаевна", "13.09.1988", ""],
            &["", "", "Лист Ференц", "13.09.1988", "1"],
            &["", "", "Лист Ференц", "", ""],
            &["", "", "????? ????", "", ""],
            &["", "", "—", "01.11.1986", "1"],
            &["", "", "Примечание", "13.09.1988", "1"],
            // a day that cannot be read, or is a number, is no signer
            &["", "", "Начальник Пётр", "12.1985", "1"],
            &["", "", "Петров Пётр", "дд.мм.гггг", "1"],
            &["", "", "Петров Пётр", "неизвестно", ""],
            &["", "", "Страница", "", "1"],
            &["", "", "ФИО", "", ""],
            &["", "", "", "01.11.2026", "0-4"],
        ];
        for cells in table {
            assert_eq!(reason(cells), None, "{cells:?}");
        }
    }
}
