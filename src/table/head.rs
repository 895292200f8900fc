//! The first rows of a sheet, in which the headings are looked for.

use crate::table::cell::{Cell, Row};
use crate::table::free_text::{is_name, is_person};
use crate::table::limits::MAX_COLUMNS;
use crate::table::phrase::is_unit;
use crate::table::value::{is_day, roubles};

/// The number of first filled rows among which the headings are searched; fewer where the rows are very wide.
const HEAD_ROWS: usize = 100;
/// The number of cells after which no more rows are searched for headings.
const HEAD_CELLS: usize = 100_000;
/// A longer text is cut before it is compared with headings.
const HEADING_LETTERS: usize = 300;

/// The first rows of a sheet.
#[derive(Debug, Default)]
pub struct Head {
    pub(super) rows: Vec<HeadRow>,
}

/// A row of a head.
#[derive(Debug)]
pub(super) struct HeadRow {
    /// Its number, from 1.
    pub number: u32,
    /// The texts, by column; empty where a cell holds none.
    pub headings: Vec<String>,
    /// Whether a cell holds anything, by column.
    filled: Vec<bool>,
    /// Whether one cell holds a day and another a name.
    is_person: bool,
    /// Whether a cell holds a name with a patronymic, or a patronymic.
    has_patronymic: bool,
    /// Whether one cell holds a day and another a number.
    has_dated_number: bool,
}

impl HeadRow {
    /// Whether a column holds anything.
    pub fn is_filled(&self, column: usize) -> bool {
        self.filled.get(column).is_some_and(|filled| *filled)
    }

    /// Whether a column holds one word of letters alone.
    pub fn is_word(&self, column: usize) -> bool {
        let text = self.headings.get(column).map_or("", String::as_str);
        !text.is_empty() && text.chars().all(|letter| letter.is_alphabetic() || letter == '-')
    }
}

impl HeadRow {
    /// Whether the row has units or forms of values and no person: `дд.мм.гггг`.
    pub fn has_units(&self) -> bool {
        let mut texts = self.headings.iter().filter(|text| !text.is_empty());
        !self.is_person && !self.has_patronymic && texts.any(|text| is_unit(text))
    }
}

impl Head {
    /// Adds the next row, and returns whether more rows are needed.
    pub fn push(&mut self, row: &dyn Row) -> bool {
        let cells = || (0..row.width().min(MAX_COLUMNS)).map(|column| row.cell(column));
        let (headings, filled) = (cells().map(heading).collect(), cells().map(|cell| !cell.is_empty()).collect());
        let has_name = || cells().any(|cell| matches!(cell, Cell::Text(text) if is_name(text)));
        let has_patronymic = cells().any(|cell| matches!(cell, Cell::Text(text) if is_person(text)));
        let is_person = (has_patronymic || has_name()) && cells().any(is_day);
        let has_number = || cells().any(|cell| !is_day(cell) && roubles(cell).is_some());
        let has_dated_number = cells().any(is_day) && has_number();
        self.rows.push(HeadRow { number: row.number(), headings, filled, is_person, has_patronymic, has_dated_number });
        self.rows.len() < HEAD_ROWS && self.rows.iter().map(|row| row.filled.len()).sum::<usize>() < HEAD_CELLS
    }

    /// Whether a filled row stands below this one.
    #[must_use]
    pub fn has_rows_below(&self, row: u32) -> bool {
        self.rows.last().is_some_and(|last| last.number > row)
    }

    /// Whether sums of days may be there, whatever the headings: some row holds a day and a number.
    #[must_use]
    pub fn may_hold_sums(&self) -> bool {
        self.rows.iter().any(|row| row.has_dated_number)
    }

    /// Whether people may be there, whatever the headings: some row holds a day and a name, or several rows hold a patronymic.
    #[must_use]
    pub fn may_hold_people(&self) -> bool {
        self.rows.iter().any(|row| row.is_person) || self.rows.iter().filter(|row| row.has_patronymic).count() > 1
    }
}

/// The text of a cell; only text is a heading.
fn heading(cell: Cell<'_>) -> String {
    match cell {
        Cell::Text(text) => text.chars().take(HEADING_LETTERS).collect(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Cells(u32, &'static [&'static str]);

    impl Row for Cells {
        fn number(&self) -> u32 {
            self.0
        }

        fn width(&self) -> usize {
            self.1.len()
        }

        fn cell(&self, column: usize) -> Cell<'_> {
            if self.1[column].is_empty() { Cell::Empty } else { Cell::Text(self.1[column]) }
        }
    }

    fn head(rows: &[&'static [&'static str]]) -> Head {
        let mut head = Head::default();
        for (number, cells) in (1..).zip(rows) {
            head.push(&Cells(number, cells));
        }
        head
    }

    #[test]
    fn people_are_found_whatever_the_headings() {
        let (list, born) = (&["Список"][..], &["Егоров Пётр", "12.01.1985"][..]);
        assert!(head(&[list, born]).may_hold_people());
        assert!(head(&[&["Егоров Пётр Ильич", "1"], &["Лунина Анна Олеговна", "2"]]).may_hold_people());
        assert!(!head(&[&["Список", "12.01.1985"]]).may_hold_people());
        assert!(!head(&[&["Егоров Пётр Ильич"], &["Отдел"]]).may_hold_people());
        assert!(!head(&[&["Егоров Пётр", "1"]]).may_hold_people());
    }

    #[test]
    fn sums_are_found_by_a_day_and_a_number_in_one_row() {
        assert!(head(&[&["Платежи"], &["12.01.2027", "4200,00"]]).may_hold_sums());
        assert!(!head(&[&["12.01.2027", "да"], &["4200,00", "1"]]).may_hold_sums());
    }

    #[test]
    fn a_row_has_words_and_rows_below_it() {
        let head = head(&[&["ФИО", "Петров-Водкин", "А1", ""], &["Егоров"]]);
        assert_eq!([0, 1, 2, 3, 4].map(|column| head.rows[0].is_word(column)), [true, true, false, false, false]);
        assert_eq!([0, 1, 2].map(|row| head.has_rows_below(row)), [true, true, false]);
    }
}
