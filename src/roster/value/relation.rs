//! Relations of insured to the employee, in one of the words of `relations.toml`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;

use crate::base::named_enum::named_enum;
use crate::table::cell::Cell;
use crate::table::free_text::has_initials;
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
        /// Stated in words that are not understood: no right of a relative or an employee follows from it.
        Unknown = "unknown",
    }
}

impl Relation {
    /// Whether it is a relative of the employee.
    #[must_use]
    pub const fn is_relative(self) -> bool {
        !matches!(self, Self::Employee | Self::Unknown)
    }
}

/// The words of `relations.toml` in the form for comparing.
struct Words {
    relations: BTreeMap<String, Relation>,
    /// Words beside a relation that change nothing: `сотрудника` in `мать сотрудника`.
    beside: BTreeSet<String>,
}

#[derive(Deserialize)]
struct ListedWords {
    relations: BTreeMap<Relation, Vec<String>>,
    beside: Vec<String>,
}

fn listed_words() -> ListedWords {
    toml::from_str(include_str!("relations.toml")).expect("a list of words for each relation")
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let ListedWords { relations, beside } = listed_words();
    let relations =
        relations.iter().flat_map(|(relation, words)| words.iter().map(|word| (folded_heading(word), *relation)));
    Words { relations: relations.collect(), beside: beside.iter().map(|word| folded_heading(word)).collect() }
});

/// Reads the relation in a cell; `None` where the cell is empty or a dash. No price depends on it.
///
/// [`Relation::Unknown`] is any other content whose words are not those of one relation: `жена брата` is no wife of the employee.
#[must_use]
pub fn relation(cell: Cell<'_>) -> Option<Relation> {
    let text = match cell {
        Cell::Empty => return None,
        Cell::Text(text) => text,
        _ => return Some(Relation::Unknown),
    };
    let whole = folded_heading(text);
    if whole.is_empty() {
        return None;
    }
    Some(WORDS.relations.get(&whole).copied().or_else(|| of_words(text)).unwrap_or(Relation::Unknown))
}

/// The one relation that the words of a text state; words beside it, ages, and a surname with initials change nothing.
fn of_words(text: &str) -> Option<Relation> {
    let is_beside =
        |word: &String| word.bytes().all(|byte| byte.is_ascii_digit()) || WORDS.beside.contains(word.as_str());
    let text = without_short_name(text);
    let words = text.split(|letter: char| !letter.is_alphanumeric()).map(folded_heading);
    let stated: Vec<String> = words.filter(|word| !is_beside(word)).collect();
    let mut relations = stated.iter().map(|word| WORDS.relations.get(word).copied());
    let first = relations.next()??;
    relations.all(|other| other == Some(first)).then_some(first)
}

/// The text without a surname and its initials: «Супруга Егорова П.И.» is whose wife it is.
fn without_short_name(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let Some(first) = words.iter().position(|word| has_initials(word)) else { return text.to_owned() };
    let after = words[first..].iter().position(|word| !has_initials(word)).map_or(words.len(), |count| first + count);
    let is_surname = |at: usize| {
        words[at].starts_with(char::is_uppercase) && !WORDS.relations.contains_key(&folded_heading(words[at]))
    };
    let surname = [first.checked_sub(1), Some(after)];
    let surname = surname.into_iter().flatten().find(|at| *at < words.len() && is_surname(*at));
    let kept = words.iter().enumerate().filter(|(at, word)| !has_initials(word) && Some(*at) != surname);
    kept.map(|(_, word)| *word).collect::<Vec<_>>().join(" ")
}

/// Whether a text names a relative: «+ сын Илья».
#[must_use]
pub fn names_relative(text: &str) -> bool {
    let mut words = text.split(|letter: char| !letter.is_alphanumeric()).map(folded_heading);
    words.any(|word| WORDS.relations.get(&word).is_some_and(|relation| relation.is_relative()))
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
            ("мать сотрудника", Relation::Parent),
            ("Супруга сотрудника", Relation::Spouse),
            ("жена (супруга) работника", Relation::Spouse),
            ("приёмный сын", Relation::Child),
            ("сын работника 2", Relation::Child),
            ("жена брата", Relation::Unknown),
            ("жена, мать", Relation::Unknown),
            ("инженер", Relation::Unknown),
            ("wife of the insured", Relation::Spouse),
            ("гражданская жена", Relation::Spouse),
            ("Супруга Егорова П.И.", Relation::Spouse),
            ("сын П. И. Егорова", Relation::Child),
            ("Супруга Егорова Дина Олеговна", Relation::Unknown),
            ("Сын (12 лет)", Relation::Child),
            ("ребенок до 18 лет", Relation::Child),
            ("приемный ребенок", Relation::Child),
            ("сын застрахованного лица", Relation::Child),
            ("Сын жены", Relation::Child),
            ("Мать супруги", Relation::Parent),
            ("Dependent spouse", Relation::Spouse),
            ("EE", Relation::Employee),
            ("SP", Relation::Spouse),
            ("CH", Relation::Child),
            ("Осн.", Relation::Employee),
            ("Род.", Relation::Other),
        ] {
            assert_eq!(relation(Cell::Text(text)), Some(expected), "{text}");
        }
        assert_eq!(relation(Cell::Number(1.0)), Some(Relation::Unknown));
        for cell in [Cell::Text("—"), Cell::Text(" - "), Cell::Empty] {
            assert_eq!(relation(cell), None);
        }
    }

    #[test]
    fn no_word_has_two_meanings() {
        for (relation, words) in &listed_words().relations {
            for word in words {
                assert_eq!(WORDS.relations[&folded_heading(word)], *relation, "{word}");
                assert!(!WORDS.beside.contains(&folded_heading(word)), "{word}");
            }
        }
    }
}
