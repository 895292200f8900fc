//! What single cells mean: dates, risk groups, money, sexes, relations, ages and counts.
//!
//! A reader takes a cell and gives its value or the one reason why it has none; it knows nothing of rows.

pub(crate) mod ages;
pub(crate) mod date;
pub(crate) mod money;

pub use crate::roster::value::action::{Action, action};
pub use crate::roster::value::relation::{Relation, relation};
pub use crate::roster::value::risk::risk_group;
pub use ages::{Ages, ages, count};
pub use date::{DateFault, Day, day, is_day};
pub use money::{price, roubles, sum_insured};

use crate::base::sex::Sex;
use crate::table::cell::Cell;
use crate::table::text::folded;

/// The sex that a cell names, or `None` where it names none.
#[must_use]
pub fn sex(cell: Cell<'_>) -> Option<Sex> {
    let Cell::Text(text) = cell else { return None };
    match folded(text).trim_end_matches('.') {
        "м" | "муж" | "мужской" | "мужчина" => Some(Sex::Male),
        "ж" | "жен" | "женский" | "женщина" | "f" | "w" => Some(Sex::Female),
        word if word == folded("male") || word == folded("man") => Some(Sex::Male),
        word if word == folded("female") || word == folded("woman") => Some(Sex::Female),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sexes_are_read_however_they_are_written() {
        for text in ["М", "муж.", "Мужской", "M", "male", "Man"] {
            assert_eq!(sex(Cell::Text(text)), Some(Sex::Male), "{text}");
        }
        for text in ["Ж", "жен.", "ЖЕНСКИЙ", "f", "Female", "woman"] {
            assert_eq!(sex(Cell::Text(text)), Some(Sex::Female), "{text}");
        }
        for cell in [Cell::Text("?"), Cell::Number(1.0), Cell::Empty] {
            assert_eq!(sex(cell), None);
        }
    }
}
