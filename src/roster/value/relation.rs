//! Relations of insured to the employee, in one of the words of `relations.toml`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::base::named_enum::named_enum;
use crate::table::cell::Cell;
use crate::table::text::folded_heading;

named_enum! {
    /// What an insured is to the employee through which they are insured.
    #[derive(Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Relation {
        /// The employee.
        Employee = "employee",
        /// Husband or wife.
        Spouse = "spouse",
        /// Son, daughter, ward.
        Child = "child",
        /// Father, mother, also of the spouse.
        Parent = "parent",
        /// Another relative, or a relative of an unstated kind.
        Other = "other",
    }
}

impl Relation {
    /// Whether it is a relative of the employee.
    #[must_use]
    pub const fn is_relative(self) -> bool {
        !matches!(self, Self::Employee)
    }
}

static WORDS: LazyLock<BTreeMap<String, Relation>> = LazyLock::new(|| {
    let listed: BTreeMap<Relation, Vec<String>> =
        toml::from_str(include_str!("relations.toml")).expect("a list of words for each relation");
    listed.iter().flat_map(|(relation, words)| words.iter().map(|word| (folded_heading(word), *relation))).collect()
});

/// Reads the relation in a cell; `None` where the cell holds no known word. No price depends on it.
#[must_use]
pub fn relation(cell: Cell<'_>) -> Option<Relation> {
    let Cell::Text(text) = cell else { return None };
    WORDS.get(&folded_heading(text)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relations_are_recognised_however_they_are_written() {
        for (text, expected) in [
            ("Работник", Relation::Employee),
            ("СОТРУДНИК", Relation::Employee),
            ("супруг(а)", Relation::Spouse),
            ("Жена", Relation::Spouse),
            ("Ребёнок", Relation::Child),
            ("дочь", Relation::Child),
            ("мать", Relation::Parent),
            ("Член семьи", Relation::Other),
            ("Employee", Relation::Employee),
            ("child", Relation::Child),
        ] {
            assert_eq!(relation(Cell::Text(text)), Some(expected), "{text}");
        }
        for cell in [Cell::Text("инженер"), Cell::Number(1.0), Cell::Empty] {
            assert_eq!(relation(cell), None);
        }
    }

    #[test]
    fn no_word_has_two_meanings() {
        let listed: BTreeMap<Relation, Vec<String>> = toml::from_str(include_str!("relations.toml")).unwrap();
        for (relation, words) in &listed {
            for word in words {
                assert_eq!(WORDS[&folded_heading(word)], *relation, "{word}");
            }
        }
    }
}
