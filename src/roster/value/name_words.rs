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
    /// All words that are no names as a whole: those of `machine` and `whole`.
    #[serde(skip)]
    pub never_whole: WordList,
    /// All words that begin no name: those of `machine`, `whole`, `vacancy` and `sample`.
    #[serde(skip)]
    pub never_first: WordList,
}

/// Words in lower case.
#[derive(Default, Deserialize)]
#[serde(from = "Vec<String>")]
pub(super) struct WordList {
    /// The words with their first letters, by their length in bytes. Nearly every name has another length, or another first letter, and is not
    /// compared.
    by_length: Vec<Vec<(char, String)>>,
}

impl From<Vec<String>> for WordList {
    fn from(words: Vec<String>) -> Self {
        let longest = words.iter().map(String::len).max().unwrap_or_default();
        let mut by_length = vec![Vec::new(); longest + 1];
        for word in words {
            let first = word.chars().next().unwrap_or_default();
            by_length[word.len()].push((first, word));
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
        let Some(first) = text.chars().next().and_then(|letter| small_letter(letter).next()) else { return false };
        words.iter().any(|(begin, word)| *begin == first && word.chars().eq(text.chars().flat_map(small_letter)))
    }

    /// The words of several lists.
    fn of_all(lists: &[&Self]) -> Self {
        lists
            .iter()
            .flat_map(|list| list.by_length.iter().flatten())
            .map(|(_, word)| word.clone())
            .collect::<Vec<_>>()
            .into()
    }
}

/// The letter in lower case; Russian and Latin ones are found without the tables of Unicode.
fn small_letter(letter: char) -> impl Iterator<Item = char> {
    let plain = match letter {
        'а'..='я' | 'ё' | ' '..='@' | 'a'..='z' => Some(letter),
        'А'..='Я' => char::from_u32(u32::from(letter) + 32),
        'A'..='Z' => Some(letter.to_ascii_lowercase()),
        _ => None,
    };
    let other = plain.is_none().then(|| letter.to_lowercase());
    plain.into_iter().chain(other.into_iter().flatten())
}

pub(super) static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let mut words: Words = toml::from_str(include_str!("not_names.toml")).expect("a table of lists of words");
    words.never_whole = WordList::of_all(&[&words.machine, &words.whole]);
    words.never_first = WordList::of_all(&[&words.machine, &words.whole, &words.vacancy, &words.sample]);
    words
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_small_as_the_library_has_them() {
        for letter in ('\0'..='\u{24ff}').chain(['Σ', 'İ', 'ẞ', 'Ａ', '😀']) {
            assert!(small_letter(letter).eq(letter.to_lowercase()), "{letter:?}");
        }
    }

    #[test]
    fn words_are_found_in_any_case() {
        for (text, is_listed) in
            [("Вакансия", true), ("ВАКАНСИЯ", true), ("вакансиЯ", true), ("Вакансий", false), ("", false)]
        {
            assert_eq!(WORDS.vacancy.contains_bare(text), is_listed, "{text}");
            assert_eq!(WORDS.never_first.contains_bare(text), is_listed, "{text}");
        }
        assert!(WORDS.never_whole.contains("«null»") && !WORDS.never_whole.contains_bare("Вакансия"));
    }
}
