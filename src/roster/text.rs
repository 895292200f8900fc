//! How written words are compared: without regard to case, spaces, ё, and letters that only look Cyrillic.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// The word for comparing: lower case, without spaces, ё as е, Latin look-alikes as Cyrillic.
#[must_use]
pub fn folded(word: &str) -> String {
    fold(word, |_| true)
}

/// The heading for comparing: as [`folded`], and without dots and other marks.
#[must_use]
pub fn folded_heading(heading: &str) -> String {
    fold(heading, char::is_alphanumeric)
}

fn fold(word: &str, kept: impl Fn(char) -> bool) -> String {
    composed(word)
        .chars()
        .filter(|letter| !letter.is_whitespace() && !is_invisible(*letter) && kept(*letter))
        .flat_map(char::to_lowercase)
        .map(|letter| if letter == 'ё' { 'е' } else { look_alike(letter).unwrap_or(letter) })
        .collect()
}

/// The text with letters and their marks joined: й as one letter, and not as и with a breve.
fn composed(word: &str) -> Cow<'_, str> {
    let has_marks = word.chars().any(|letter| matches!(letter, '\u{300}'..='\u{36f}'));
    if has_marks { Cow::Owned(word.nfc().collect()) } else { Cow::Borrowed(word) }
}

/// Marks without a width that come along with text from the web.
const fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
}

/// The Cyrillic letter that a small Latin letter, or its capital, looks like.
const fn look_alike(letter: char) -> Option<char> {
    Some(match letter {
        'a' => 'а',
        'b' => 'в',
        'c' => 'с',
        'e' => 'е',
        'h' => 'н',
        'k' => 'к',
        'm' => 'м',
        'o' => 'о',
        'p' => 'р',
        't' => 'т',
        'x' => 'х',
        'y' => 'у',
        _ => return None,
    })
}

/// The Latin letters of a word that also has Cyrillic ones; `None` where the word is of one alphabet.
#[must_use]
pub fn strangers(word: &str) -> Option<String> {
    if word.bytes().all(|byte| !byte.is_ascii_alphabetic()) {
        return None;
    }
    let cyrillic = word.chars().any(|letter| matches!(letter, '\u{400}'..='\u{4ff}'));
    let latin: String = word.chars().filter(char::is_ascii_alphabetic).collect();
    (cyrillic && !latin.is_empty()).then_some(latin)
}

/// The text without the spaces and invisible marks around it.
#[must_use]
pub fn trimmed(text: &str) -> &str {
    text.trim_matches(|letter: char| letter.is_whitespace() || is_invisible(letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_compared_without_what_does_not_count() {
        assert_eq!(folded("Иванов  Пётр"), folded("ИВАНОВ ПЕТР"));
        assert_eq!(folded("Ceмёнов"), folded("Семенов")); // Latin C and e
        assert_eq!(folded("Андрей"), folded("Андреи\u{306}"));
        assert_ne!(folded("Иванов-Петров"), folded("Иванов Петров"));
        assert_eq!(folded_heading("Ф.И.О.\nзастрахованного"), "фиозастрахованного");
        assert_eq!(folded_heading("Таб. №"), "таб");
    }

    #[test]
    fn strangers_are_latin_letters_among_cyrillic() {
        assert_eq!(strangers("Ceмёнов").as_deref(), Some("Ce"));
        assert_eq!(strangers("John Smith"), None);
        assert_eq!(strangers("Семёнов"), None);
    }
}
