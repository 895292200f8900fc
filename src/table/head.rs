//! The first rows of a sheet, in which the headings are looked for.

use crate::table::cell::{Cell, Row};
use crate::table::free_text::{is_name, is_person};
use crate::table::limits::MAX_COLUMNS;
use crate::table::phrase::is_unit;
use crate::table::value::{is_day, roubles};

/// The number of first filled rows among which the headings are searched; fewer where the rows are very wide.
pub(super) const HEAD_ROWS: usize = 100;
/// The number of cells after which no more rows are searched for headings.
const HEAD_CELLS: usize = 100_000;
/// A longer text is cut before it is compared with headings.
const HEADING_LETTERS: usize = 300;

/// The first rows of a sheet.
#[derive(Debug, Default)]
pub struct Head {
    pub(super) rows: Vec<HeadRow>,
    /// The number of their cells.
    cells: usize,
}

/// A row of a head. Its texts are kept, and judged when it is asked what they are: of most rows nothing is asked.
#[derive(Debug, Default)]
pub(super) struct HeadRow {
    /// Its number, from 1.
    pub number: u32,
    /// The texts, by column; empty where a cell holds none.
    pub headings: Vec<String>,
    /// Whether a cell holds anything, by column.
    filled: Vec<bool>,
    /// Whether a cell that is not among the texts holds a day.
    has_other_day: bool,
    /// Whether a cell that is not among the texts holds a number.
    has_other_number: bool,
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

    /// Adds the next cell.
    fn push(&mut self, cell: Cell<'_>) {
        let heading = heading(cell);
        // what is no text, and a text that is cut here, is judged now
        if !matches!(cell, Cell::Text(text) if text.len() == heading.len()) {
            self.has_other_day |= is_day(cell);
            self.has_other_number = self.has_other_number || is_number(cell);
        }
        self.filled.push(!cell.is_empty());
        self.headings.push(heading);
    }

    fn texts(&self) -> impl Iterator<Item = &str> {
        self.headings.iter().map(String::as_str).filter(|text| !text.is_empty())
    }

    fn has_day(&self) -> bool {
        self.has_other_day || self.texts().any(|text| is_day(Cell::Text(text)))
    }

    /// Whether one cell holds a day and another a name.
    fn is_person(&self) -> bool {
        (self.has_patronymic() || self.texts().any(is_name)) && self.has_day()
    }

    /// Whether a cell holds a name with a patronymic, or a patronymic.
    fn has_patronymic(&self) -> bool {
        self.texts().any(is_person)
    }

    /// Whether one cell holds a day and another a number.
    fn has_dated_number(&self) -> bool {
        self.has_day() && (self.has_other_number || self.texts().any(|text| is_number(Cell::Text(text))))
    }

    /// Whether the row has units or forms of values and no person: `дд.мм.гггг`.
    pub fn has_units(&self) -> bool {
        self.texts().any(is_unit) && !self.is_person() && !self.has_patronymic()
    }
}

impl Head {
    /// Adds the next row, and returns whether more rows are needed.
    pub fn push(&mut self, row: &dyn Row) -> bool {
        let width = row.width().min(MAX_COLUMNS);
        let (headings, filled) = (Vec::with_capacity(width), Vec::with_capacity(width));
        let mut added = HeadRow { number: row.number(), headings, filled, ..HeadRow::default() };
        (0..width).for_each(|column| added.push(row.cell(column)));
        self.cells += width;
        self.rows.push(added);
        self.rows.len() < HEAD_ROWS && self.cells < HEAD_CELLS
    }

    /// Whether a filled row stands below this one.
    #[must_use]
    pub fn has_rows_below(&self, row: u32) -> bool {
        self.rows.last().is_some_and(|last| last.number > row)
    }

    /// Whether sums of days may be there, whatever the headings: some row holds a day and a number.
    #[must_use]
    pub fn may_hold_sums(&self) -> bool {
        self.rows.iter().any(HeadRow::has_dated_number)
    }

    /// Whether people may be there, whatever the headings: some row holds a day and a name, or several rows hold a patronymic.
    #[must_use]
    pub fn may_hold_people(&self) -> bool {
        self.rows.iter().any(HeadRow::is_person) || self.rows.iter().filter(|row| row.has_patronymic()).nth(1).is_some()
    }
}

/// The text of a cell; only text is a heading.
fn heading(cell: Cell<'_>) -> String {
    let Cell::Text(text) = cell else { return String::new() };
    // a letter has at least a byte
    if text.len() <= HEADING_LETTERS { text.to_owned() } else { text.chars().take(HEADING_LETTERS).collect() }
}

/// Whether a cell holds a number that is no day.
fn is_number(cell: Cell<'_>) -> bool {
    !is_day(cell) && roubles(cell).is_some()
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
