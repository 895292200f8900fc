//! Actions of a list of changes, in one of the words of `actions.toml`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::table::cell::Cell;
use crate::table::text::{folded, folded_heading};

/// What happens to an insured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// The insured joins (прикрепление).
    Join,
    /// The insured leaves (открепление).
    Leave,
    /// The insured changes the plan (смена варианта).
    ChangePlan,
    /// The risk group, the sum insured or the name changes from a day on (изменить).
    Change,
    /// A value was wrong from the first day (исправить).
    Correct,
}

static WORDS: LazyLock<BTreeMap<String, Action>> = LazyLock::new(|| {
    let listed: BTreeMap<Action, Vec<String>> =
        toml::from_str(include_str!("actions.toml")).expect("a list of words for each action");
    listed.iter().flat_map(|(action, words)| words.iter().map(|word| (word_key(word), *action))).collect()
});

/// The word folded; a lone sign stands for itself.
fn word_key(word: &str) -> String {
    let letters = folded_heading(word);
    if letters.is_empty() { folded(word) } else { letters }
}

/// Reads the action in a cell; `None` where the cell holds no known word.
#[must_use]
pub fn action(cell: Cell<'_>) -> Option<Action> {
    let Cell::Text(text) = cell else { return None };
    WORDS.get(&word_key(text)).copied()
}

/// The action that a title, the name of a sheet or the name of a file names; `None` where it names none or several.
#[must_use]
pub fn section_action(title: &str) -> Option<Action> {
    let named = named_actions(title);
    if let [action] = named.as_slice() { Some(*action) } else { None }
}

/// Every action that a title names, in their order.
#[must_use]
pub fn named_actions(title: &str) -> Vec<Action> {
    static STEMS: LazyLock<BTreeMap<Action, Vec<String>>> =
        LazyLock::new(|| toml::from_str(include_str!("sections.toml")).expect("a list of beginnings for each action"));
    let words: Vec<String> = title.split(|letter: char| !letter.is_alphabetic()).map(folded).collect();
    let is_named = |stems: &[String]| stems.iter().any(|stem| words.iter().any(|word| word.starts_with(&folded(stem))));
    STEMS.iter().filter(|(_, stems)| is_named(stems)).map(|(action, _)| *action).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_are_recognised_however_they_are_written() {
        for (text, expected) in [
            ("Прикрепить", Action::Join),
            ("ПРИКРЕПЛЕНИЕ", Action::Join),
            ("прикреплён", Action::Join),
            ("+", Action::Join),
            ("открепить", Action::Leave),
            ("Откр.", Action::Leave),
            ("−", Action::Leave),
            ("Смена  варианта", Action::ChangePlan),
            ("сменить программу", Action::ChangePlan),
            ("Change plan", Action::ChangePlan),
            ("leave", Action::Leave),
            ("Изменить", Action::Change),
            ("исправить", Action::Correct),
        ] {
            assert_eq!(action(Cell::Text(text)), Some(expected), "{text}");
        }
        for cell in [Cell::Text("?"), Cell::Text("смена климата"), Cell::Number(1.0), Cell::Empty] {
            assert_eq!(action(cell), None);
        }
    }

    #[test]
    fn titles_name_one_action_or_none() {
        for (title, expected) in [
            ("Прикрепить", Some(Action::Join)),
            ("Список сотрудников на ОТКРЕПЛЕНИЕ с 01.02.2027", Some(Action::Leave)),
            ("на прикрепление", Some(Action::Join)),
            ("Исключить из числа застрахованных:", Some(Action::Leave)),
            ("leavers-2027.xlsx", Some(Action::Leave)),
            ("Прикрепление / открепление", None),
            ("ООО «Ромашка»", None),
        ] {
            assert_eq!(section_action(title), expected, "{title}");
        }
    }

    #[test]
    fn no_word_has_two_meanings() {
        let listed: BTreeMap<Action, Vec<String>> = toml::from_str(include_str!("actions.toml")).unwrap();
        for (action, words) in &listed {
            for word in words {
                assert_eq!(WORDS[&word_key(word)], *action, "{word}");
            }
        }
    }
}
