//! The words of `not_names.toml`: texts in columns of names that are no names.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::table::text::is_letter;

/// The words of `not_names.toml`.
#[derive(Deserialize)]
pub(super) struct Words {
    /// The words that programs write for no value: `null`.
    pub machine: WordList,
    /// What people write instead of a whole name.
    pub whole: WordList,
    /// The first words of vacancies.
    pub vacancy: WordList,
    /// The first words of samples and of groups of people: «Образец».
    pub sample: WordList,
    /// The first words of names of firms.
    pub firm: WordList,
    /// Given names: after one of the first words above they make a name of it.
    pub given: WordList,
    /// What people write in brackets after a name, so that it is more than a name.
    pub beside: WordList,
    /// The first words of what belongs to a name though it is written in small letters: «урожд.».
    pub of_name: WordList,
    /// What people write instead of a patronymic.
    pub no_patronymic: WordList,
}

/// Words in lower case.
#[derive(Deserialize)]
#[serde(from = "Vec<String>")]
pub(super) struct WordList {
    /// The words by their length in bytes. Nearly every name has another length, or another first letter, and is not compared.
    by_length: Vec<Vec<String>>,
}

impl From<Vec<String>> for WordList {
    fn from(words: Vec<String>) -> Self {
        let longest = words.iter().map(String::len).max().unwrap_or_default();
        let mut by_length = vec![Vec::new(); longest + 1];
        for word in words {
            by_length[word.len()].push(word);
        }
        Self { by_length }
    }
}

impl WordList {
    /// Whether a text is one of the words, in any case and with or without marks around it.
    pub fn contains(&self, text: &str) -> bool {
        self.contains_bare(text.trim_matches(|letter| !is_letter(letter) && !letter.is_numeric()))
    }

    /// Whether a text without marks around it is one of the words, in any case.
    pub fn contains_bare(&self, text: &str) -> bool {
        let Some(words) = self.by_length.get(text.len()).filter(|words| !words.is_empty()) else { return false };
        let first = text.chars().next().and_then(|letter| letter.to_lowercase().next());
        words.iter().any(|word| word.chars().next() == first && *word == text.to_lowercase())
    }
}

pub(super) static WORDS: LazyLock<Words> =
    LazyLock::new(|| toml::from_str(include_str!("not_names.toml")).expect("a table of lists of words"));
