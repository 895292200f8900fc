//! Sexes as people write them: `М`, `муж.`, `female`.

use crate::base::sex::Sex;
use crate::table::cell::Cell;
use crate::table::text::folded;

/// Reads the sex in a cell; `None` where the cell holds anything else.
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
