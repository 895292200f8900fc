//! Rows among the data that hold no insured: blank ones, sub-headings, sums, signatures.
//!
//! A row is passed over only where it cannot be anybody; whatever could be an insured whose values are missing is read,
//! and its faults are reported.

use std::sync::LazyLock;

use serde::Deserialize;

use super::cell::{Cell, Row};
use super::text::folded_heading;

/// Why a row is passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Skip {
    /// Nothing stands in it.
    Blank,
    /// The name of a department and the like.
    Heading,
    /// «Итого».
    Total,
    /// A signature under the table.
    Signature,
    /// The numbers of the columns under their headings.
    ColumnNumbers,
    /// Nothing stands in the column of any field: a row numbered in advance, a remark.
    Unfilled,
}

impl Skip {
    /// The word in the files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Blank => "blank",
            Self::Heading => "sub-heading",
            Self::Total => "total",
            Self::Signature => "signature",
            Self::ColumnNumbers => "column-numbers",
            Self::Unfilled => "unfilled",
        }
    }
}

impl Skip {
    /// The name of the words for a reader.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Blank => "skip-blank",
            Self::Heading => "skip-heading",
            Self::Total => "skip-total",
            Self::Signature => "skip-signature",
            Self::ColumnNumbers => "skip-column-numbers",
            Self::Unfilled => "skip-unfilled",
        }
    }
}

/// The words of `skip.toml`, folded.
#[derive(Deserialize)]
struct Words {
    total: Vec<String>,
    signature: Vec<String>,
    heading: Vec<String>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let mut words: Words = toml::from_str(include_str!("skip.toml")).expect("a table of three lists of words");
    for list in [&mut words.total, &mut words.signature, &mut words.heading] {
        list.iter_mut().for_each(|word| *word = folded_heading(word));
    }
    words
});

/// Why a row holds no insured, or `None` where it may hold one; `fields` are the columns of all fields.
#[must_use]
pub fn skip(
    row: &(impl Row + ?Sized),
    name: Option<usize>,
    birth_date: Option<usize>,
    fields: &[usize],
) -> Option<Skip> {
    // the common case: somebody with a name and a birth date
    let has = |column: Option<usize>| column.is_some_and(|column| !row.cell(column).is_empty());
    if has(name) && has(birth_date) {
        return is_column_numbers(row).then_some(Skip::ColumnNumbers);
    }
    let mut filled = (0..row.width()).filter(|column| !row.cell(*column).is_empty());
    let Some(first) = filled.next() else { return Some(Skip::Blank) };
    let alone = filled.next().is_none();
    if is_column_numbers(row) {
        return Some(Skip::ColumnNumbers);
    }
    // a name that follows some other cell is somebody, whatever that cell says
    if has(name) && Some(first) != name {
        return None;
    }
    let unfilled = fields.iter().all(|column| row.cell(*column).is_empty()).then_some(Skip::Unfilled);
    let Cell::Text(text) = row.cell(first) else { return unfilled };
    let (first_word, whole) = (first_word(text), folded_heading(text));
    let begins = |words: &[String]| words.iter().any(|word| *word == first_word || whole == *word);
    if begins(&WORDS.total) && !has(birth_date) {
        return Some(Skip::Total);
    }
    if begins(&WORDS.signature) && !has(birth_date) {
        return Some(Skip::Signature);
    }
    if alone && (Some(first) != name || begins(&WORDS.heading)) && !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Skip::Heading);
    }
    unfilled
}

fn first_word(text: &str) -> String {
    folded_heading(text.split(|letter: char| letter.is_whitespace() || letter == ':').next().unwrap_or(""))
}

/// Whether the row says 1, 2, 3 … under its headings.
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
