//! Which columns of a table hold the number, the date and the amount.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::base::diagnostic::column_letters;
use crate::base::messages::Message;
use crate::portfolio::payments::Problem;
use crate::table::cell::{Cell, Row};
use crate::table::delimited::{DELIMITERS, Text};
use crate::table::text::folded_heading;

/// The headings are among so many first rows that hold anything.
const HEAD_ROWS: usize = 100;
/// Headings stand in one of so many first columns.
const HEAD_COLUMNS: usize = 1_000;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Field {
    Number,
    Date,
    Amount,
}

impl Field {
    const ALL: [Self; 3] = [Self::Number, Self::Date, Self::Amount];

    /// The heading to write, in the words of this name.
    const fn words(self) -> &'static str {
        match self {
            Self::Number => "payments-heading-number",
            Self::Date => "payments-heading-date",
            Self::Amount => "payments-heading-amount",
        }
    }
}

/// How surely a heading means its field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Certainty {
    /// Where no other column is surer.
    Also,
    /// In any case.
    Only,
}

#[derive(Deserialize)]
struct Words {
    only: Vec<String>,
    also: Vec<String>,
}

/// The dictionary `payments.toml`, by folded heading.
static HEADINGS: LazyLock<BTreeMap<String, (Field, Certainty)>> = LazyLock::new(|| {
    let listed: BTreeMap<Field, Words> =
        toml::from_str(include_str!("../payments.toml")).expect("two lists of words for each field");
    let mut headings = BTreeMap::new();
    for (field, Words { only, also }) in listed {
        headings.extend(only.iter().map(|word| (folded_heading(word), (field, Certainty::Only))));
        headings.extend(also.iter().map(|word| (folded_heading(word), (field, Certainty::Also))));
    }
    headings
});

/// Where the columns are.
#[derive(Debug)]
pub struct Columns {
    /// The row of the headings.
    pub header_row: u32,
    /// The column of the contract's number.
    pub number: usize,
    /// The column of the date.
    pub date: usize,
    /// The column of the amount.
    pub amount: usize,
}

/// A claim of a column to a field.
type Claim = (Field, Certainty, usize);

/// The most telling of the first rows of a sheet.
#[derive(Debug, Default)]
pub struct Head {
    rows: usize,
    header_row: u32,
    claims: Vec<Claim>,
}

impl Head {
    /// Takes a row; whether more are wanted.
    pub fn take(&mut self, row: &dyn Row) -> bool {
        let claim = |column: usize| {
            let Cell::Text(text) = row.cell(column) else { return None };
            let (field, certainty) = HEADINGS.get(&folded_heading(text)).copied()?;
            Some((field, certainty, column))
        };
        let claims: Vec<Claim> = (0..row.width().min(HEAD_COLUMNS)).filter_map(claim).collect();
        if fields(&claims) > fields(&self.claims) {
            (self.header_row, self.claims) = (row.number(), claims);
        }
        self.rows += 1;
        self.rows < HEAD_ROWS
    }

    /// The columns, or what is wrong with them; `None` where no row looks like headings.
    pub fn columns(&self) -> Option<Result<Columns, Problem>> {
        if fields(&self.claims) < 2 {
            return None;
        }
        let column = |field| self.column(field);
        let columns = column(Field::Number).and_then(|number| {
            Ok(Columns {
                header_row: self.header_row,
                number,
                date: column(Field::Date)?,
                amount: column(Field::Amount)?,
            })
        });
        Some(columns)
    }

    /// The one column of a field.
    fn column(&self, wanted: Field) -> Result<usize, Problem> {
        let of_field = || self.claims.iter().filter(|(field, ..)| *field == wanted);
        let surest = of_field().map(|(_, certainty, _)| *certainty).max();
        let mut found = of_field().filter(|(_, certainty, _)| Some(*certainty) == surest).map(|(.., column)| *column);
        let problem = |column: Option<usize>, message: Message| Problem {
            row: self.header_row,
            column: column.and_then(|column| u32::try_from(column).ok()),
            message: message.with("heading", Message::new(wanted.words())),
        };
        match (found.next(), found.next()) {
            (Some(column), None) => Ok(column),
            (None, _) => Err(problem(None, Message::new("payments-column-missing"))),
            (Some(first), Some(second)) => {
                let letters = column_letters(u32::try_from(first).unwrap_or(u32::MAX));
                Err(problem(Some(second), Message::new("payments-column-twice").with("first", letters)))
            }
        }
    }
}

/// How many fields are claimed.
fn fields(claims: &[Claim]) -> usize {
    Field::ALL.iter().filter(|wanted| claims.iter().any(|(field, ..)| field == *wanted)).count()
}

/// What stands between the columns of a text: the candidate that makes the most of its headings.
pub fn delimiter(text: &Text) -> u8 {
    let known = |delimiter: u8| {
        let mut head = Head::default();
        // a wrong delimiter may find more columns than there can be
        let _ = text.whole(delimiter).rows(|row| head.take(row));
        fields(&head.claims)
    };
    // of equals the first of the list, which stands in the order of their likelihood
    DELIMITERS.into_iter().rev().max_by_key(|delimiter| known(*delimiter)).unwrap_or(DELIMITERS[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_heading_has_two_meanings() {
        let listed: BTreeMap<Field, Words> = toml::from_str(include_str!("../payments.toml")).unwrap();
        assert_eq!(listed.len(), Field::ALL.len());
        for (field, Words { only, also }) in listed {
            for (words, certainty) in [(only, Certainty::Only), (also, Certainty::Also)] {
                for word in words {
                    assert_eq!(HEADINGS[&folded_heading(&word)], (field, certainty), "{word}");
                }
            }
        }
    }
}
