//! How written words are compared: without regard to case, spaces, ё, and letters that only look Cyrillic.

use std::borrow::Cow;
use std::hash::{DefaultHasher, Hash, Hasher};

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
    let mut folded = String::with_capacity(word.len());
    fold_into(&mut folded, word, kept);
    folded
}

fn fold_into(folded: &mut String, word: &str, kept: impl Fn(char) -> bool) {
    for letter in composed(word).chars().filter(|letter| kept(*letter)) {
        each_folded(letter, |letter| folded.push(letter));
    }
}

/// The folded letter of a Cyrillic one, as nearly all of a name are.
fn small(letter: char) -> Option<char> {
    match letter {
        'а'..='я' => Some(letter),
        'А'..='Я' => char::from_u32(u32::from(letter) + 32),
        _ => None,
    }
}

/// The letter for comparing; none of spaces and invisible marks.
fn folded_letter(letter: char) -> impl Iterator<Item = char> {
    let shown = (!letter.is_whitespace() && !is_invisible(letter)).then(|| letter.to_lowercase());
    shown.into_iter().flatten().map(|letter| if letter == 'ё' { 'е' } else { look_alike(letter).unwrap_or(letter) })
}

/// Shows what a letter is folded to: one as a rule, none of spaces, now and then several.
fn each_folded(letter: char, mut show: impl FnMut(char)) {
    match small(letter) {
        Some(letter) => show(letter),
        None => folded_letter(letter).for_each(show),
    }
}

/// A fingerprint of the [`folded`] text, never 0; 0 of an empty one. `room` is for the folded text, used again and again.
///
/// Equal ones may be of different texts, but nobody can make many such texts: whoever finds equal ones compares the texts.
pub(super) fn folded_print(text: &str, room: &mut String) -> u64 {
    if text.is_empty() {
        return 0;
    }
    room.clear();
    fold_into(room, text, |_| true);
    let mut hasher = DefaultHasher::new();
    room.hash(&mut hasher);
    hasher.finish().max(1)
}

/// What is known of a folded word without keeping it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct WordPrint {
    /// A fingerprint.
    pub print: u64,
    /// Which letters it has, a bit for several each.
    pub letters: u32,
}

/// A print of each folded word of a text, in order.
pub(super) fn word_prints(text: &str, prints: &mut Vec<WordPrint>) {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    const NONE: WordPrint = WordPrint { print: OFFSET, letters: 0 };
    prints.clear();
    let mut word = NONE;
    for letter in composed(text).chars().chain([' ']) {
        if letter.is_whitespace() {
            if word != NONE {
                // the last letters count for all bits
                word.print = (word.print ^ (word.print >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
                prints.push(word);
            }
            word = NONE;
        } else {
            each_folded(letter, |letter| {
                word.print = (word.print ^ u64::from(letter)).wrapping_mul(PRIME);
                word.letters |= 1 << (u32::from(letter) % 32);
            });
        }
    }
}

/// The text with letters and their marks joined: й as one letter, and not as и with a breve.
fn composed(word: &str) -> Cow<'_, str> {
    // the first byte of the marks' two
    let may_have_marks = memchr::memchr2(0xcc, 0xcd, word.as_bytes()).is_some();
    if may_have_marks && word.chars().any(|letter| matches!(letter, '\u{300}'..='\u{36f}')) {
        Cow::Owned(word.nfc().collect())
    } else {
        Cow::Borrowed(word)
    }
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

/// Whether a word has letters of both alphabets.
#[must_use]
pub fn mixes_alphabets(word: &str) -> bool {
    word.bytes().any(|byte| byte.is_ascii_alphabetic())
        && word.chars().any(|letter| matches!(letter, '\u{400}'..='\u{4ff}'))
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
    fn a_word_may_be_of_two_alphabets() {
        assert!(mixes_alphabets("Ceмёнов"));
        assert!(!mixes_alphabets("John Smith"));
        assert!(!mixes_alphabets("Семёнов"));
    }
}
