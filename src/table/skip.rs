//! Rows below the headings that are no data: blank rows, sub-headings, totals, signatures.
//!
//! A row is passed over only where it cannot be data; a row of data with missing values is read, and its faults are reported.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::base::named_enum::named_enum;
use crate::table::cell::{Cell, Row};
use crate::table::text::folded_heading;
use crate::table::value::is_day;

named_enum! {
    /// Why a row is passed over.
    pub enum Skip messages "skip-" {
        /// It is empty.
        Blank = "blank",
        /// The name of a department or the like.
        Heading = "sub-heading",
        /// «Итого».
        Total = "total",
        /// A signature under the table.
        Signature = "signature",
        /// The numbers of the columns under their headings.
        ColumnNumbers = "column-numbers",
        /// No column of a field has a value: a row numbered in advance, a remark.
        Unfilled = "unfilled",
    }
}

/// The words of `skip.toml` in the form for comparing.
#[derive(Deserialize)]
struct Words {
    total: Vec<String>,
    signature: Vec<String>,
    heading: Vec<String>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let mut words: Words = toml::from_str(include_str!("skip.toml")).expect("a table of three lists of words");
    for list in [&mut words.total, &mut words.signature, &mut words.heading] {
        for word in list {
            *word = folded_heading(word);
        }
    }
    words
});

/// Why a row is no data, or `None` where it may be data.
///
/// `name` is the column that names what a row is about, `day` the one that nothing but data fills with a day, `fields` are the columns of all
/// fields.
#[must_use]
pub fn skip_reason(
    row: &(impl Row + ?Sized),
    name: Option<usize>,
    day: Option<usize>,
    fields: &[usize],
) -> Option<Skip> {
    // the common case: a name and a day
    let has = |column: Option<usize>| column.is_some_and(|column| !row.cell(column).is_empty());
    if has(name) && has(day) {
        let name = name.map_or(Cell::Empty, |name| row.cell(name));
        return match name {
            Cell::Text(text) if is_total_alone(text) => Some(Skip::Total),
            name => (is_number(name) && is_column_numbers(row)).then_some(Skip::ColumnNumbers),
        };
    }
    let filled: Vec<usize> = (0..row.width()).filter(|column| !row.cell(*column).is_empty()).collect();
    let Some(first) = filled.first().copied() else { return Some(Skip::Blank) };
    if has(day) {
        let is_no_day = day.is_some_and(|column| !is_day(row.cell(column)));
        let is_total = is_no_day && !has(name) && matches!(row.cell(first), Cell::Text(text) if is_total_alone(text));
        return is_total.then_some(Skip::Total);
    }
    if is_column_numbers(row) {
        return Some(Skip::ColumnNumbers);
    }
    let Cell::Text(text) = row.cell(first) else {
        return fields.iter().all(|column| row.cell(*column).is_empty()).then_some(Skip::Unfilled);
    };
    let words = WordList::new(text);
    if words.begin_with(&WORDS.total) {
        return Some(Skip::Total);
    }
    let named_after = has(name) && Some(first) != name;
    if words.begin_with(&WORDS.signature) && (!named_after || filled.len() == 2) {
        return Some(Skip::Signature);
    }
    // a name after another cell is data, whatever that cell holds
    if named_after {
        return None;
    }
    let only_numbers_follow = filled[1..].iter().all(|column| is_number(row.cell(*column)));
    if only_numbers_follow && words.name_a_part() {
        return Some(Skip::Heading);
    }
    let is_alone = filled.len() == 1 && Some(first) != name && !text.bytes().any(|byte| byte.is_ascii_digit());
    if is_alone {
        return Some(Skip::Heading);
    }
    fields.iter().all(|column| row.cell(*column).is_empty()).then_some(Skip::Unfilled)
}

/// Whether a text begins a row of totals.
#[must_use]
pub fn is_total(text: &str) -> bool {
    WordList::new(text).begin_with(&WORDS.total)
}

/// Whether a text is a word for a total and nothing more, so that it cannot be a name.
fn is_total_alone(text: &str) -> bool {
    // hardly any name is so short
    const LONGEST: usize = 24;
    text.len() <= LONGEST && WORDS.total.contains(&folded_heading(text))
}

/// A text and its words in the form for comparing.
struct WordList {
    whole: String,
    words: Vec<String>,
}

impl WordList {
    fn new(text: &str) -> Self {
        let words = text.split(|letter: char| letter.is_whitespace() || letter == ':').map(folded_heading);
        Self { whole: folded_heading(text), words: words.filter(|word| !word.is_empty()).collect() }
    }

    fn begin_with(&self, list: &[String]) -> bool {
        list.iter().any(|listed| *listed == self.whole || self.words.first() == Some(listed))
    }

    /// Whether a word names a part of an organisation.
    fn name_a_part(&self) -> bool {
        WORDS.heading.iter().any(|listed| *listed == self.whole || self.words.contains(listed))
    }
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

    /// The columns are №, personnel number, name, birth date; the first is no field.
    fn reason(cells: &'static [&'static str]) -> Option<Skip> {
        skip_reason(&Cells(cells), Some(2), Some(3), &[1, 2, 3])
    }

    #[test]
    fn rows_that_are_no_data_are_recognised() {
        assert_eq!(reason(&["", "", "", ""]), Some(Skip::Blank));
        assert_eq!(reason(&["Отдел продаж", "", "", ""]), Some(Skip::Heading));
        assert_eq!(reason(&["Отдел продаж", "12", "", ""]), Some(Skip::Heading));
        assert_eq!(reason(&["", "", "Механосборочное производство", ""]), Some(Skip::Heading));
        assert_eq!(reason(&["Итого:", "", "38 чел.", ""]), Some(Skip::Total));
        assert_eq!(reason(&["", "", "Итого:", "38"]), Some(Skip::Total));
        assert_eq!(reason(&["Всего", "", "", "38"]), Some(Skip::Total));
        assert_eq!(reason(&["Генеральный директор", "", "Воронцов А. П.", ""]), Some(Skip::Signature));
        assert_eq!(reason(&["1", "2", "3", "4"]), Some(Skip::ColumnNumbers));
        assert_eq!(reason(&["39", "", "", ""]), Some(Skip::Unfilled));
    }

    #[test]
    fn rows_that_may_be_data_are_read() {
        for cells in [
            &["1", "101", "Иванов Иван", "31.12.1980"],
            &["1", "101", "Иванов Иван", ""],
            &["", "", "Иванов Иван", ""],
            &["", "", "", "31.12.1980"],
            &["", "Т-105", "", ""],
            &["Директор", "101", "Иванов Иван", ""],
            &["Итого", "", "", "31.12.1980"],
        ] {
            assert_eq!(reason(cells), None, "{cells:?}");
        }
    }
}
