//! Comparison of words as people write them: without regard to case, spaces, ё, and Latin letters that look Cyrillic.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// The word folded for comparison: lower case, without spaces, ё as е, Latin look-alikes as Cyrillic.
///
/// ```
/// # use kollektiv::table::text::folded;
/// assert_eq!(folded("Семёнов Пётр"), folded("СЕМЕНОВ  ПЕТР"));
/// ```
#[must_use]
pub fn folded(word: &str) -> String {
    fold(word, |_| true)
}

/// The heading folded for comparison: as [`folded`], and without dots and other marks.
#[must_use]
pub fn folded_heading(heading: &str) -> String {
    fold(heading, |letter| is_letter(letter) || letter.is_numeric())
}

/// Whether a character is a letter; Russian ones are found without the tables of Unicode.
pub(crate) fn is_letter(letter: char) -> bool {
    matches!(letter, 'А'..='я' | 'Ё' | 'ё') || letter.is_alphabetic()
}

/// A personnel or policy number in the form for comparing: as [`folded`], and without marks; as [`folded`] where it has nothing but marks.
#[must_use]
pub fn folded_number(number: &str) -> String {
    let key = folded_heading(number);
    if key.is_empty() { folded(number) } else { key }
}

/// The word in lower case and without spaces, ё as е: letters that look alike stay different.
#[must_use]
pub fn lowered(word: &str) -> String {
    let shown = composed(word);
    let shown = shown.chars().filter(|letter| !letter.is_whitespace() && !is_invisible(*letter));
    shown.flat_map(char::to_lowercase).map(|letter| if letter == 'ё' { 'е' } else { letter }).collect()
}

fn fold(word: &str, kept: impl Fn(char) -> bool) -> String {
    let mut folded = String::with_capacity(word.len());
    for letter in composed(word).chars().filter(|letter| kept(*letter)) {
        match lowered_russian(letter) {
            Some(small) => folded.push(small),
            None => folded.extend(folded_letter(letter)),
        }
    }
    folded
}

/// The letter folded for comparison; nothing for spaces and invisible marks.
pub(crate) fn folded_letter(letter: char) -> impl Iterator<Item = char> {
    let plain = lowered_russian(letter);
    let is_shown = plain.is_none() && !letter.is_whitespace() && !is_invisible(letter);
    let other = is_shown.then(|| letter.to_lowercase().map(|letter| look_alike(letter).unwrap_or(letter)));
    plain.into_iter().chain(other.into_iter().flatten())
}

/// The small letter of a Russian one, ё as е, found without the tables of Unicode; `None` for all other characters.
const fn lowered_russian(letter: char) -> Option<char> {
    Some(match letter {
        'а'..='я' => letter,
        'А'..='Я' => match char::from_u32(letter as u32 + ('а' as u32 - 'А' as u32)) {
            Some(small) => small,
            None => return None,
        },
        'Ё' | 'ё' => 'е',
        _ => return None,
    })
}

/// The text with letters and their marks composed: й as one letter, not as и with a breve.
pub(crate) fn composed(word: &str) -> Cow<'_, str> {
    // the first byte of combining marks
    let may_have_marks = memchr::memchr2(0xcc, 0xcd, word.as_bytes()).is_some();
    if may_have_marks && word.chars().any(|letter| matches!(letter, '\u{300}'..='\u{36f}')) {
        Cow::Owned(word.nfc().collect())
    } else {
        Cow::Borrowed(word)
    }
}

/// Whether a mark has no width; text from the web has them.
const fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
}

/// Whether a text has a control character, such as NUL, that is no tab and no line break. No program shows one: two texts that differ
/// in it alone look the same.
#[must_use]
pub fn has_control(text: &str) -> bool {
    let is_hidden = |letter: char| letter.is_control() && !matches!(letter, '\t' | '\n' | '\r');
    // nearly every text has no byte that can begin one
    text.bytes().any(|byte| byte < b' ' || matches!(byte, 0x7f | 0xc2)) && text.contains(is_hidden)
}

/// The Cyrillic letter that a small Latin letter, or its capital, looks like.
pub(crate) const fn look_alike(letter: char) -> Option<char> {
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
    // no early return: the loop compares sixteen bytes at once
    word.bytes().fold(false, |latin, byte| latin | byte.is_ascii_alphabetic())
        && word.chars().any(|letter| matches!(letter, '\u{400}'..='\u{4ff}'))
}

/// The text without the spaces and invisible marks around it.
#[must_use]
#[inline]
pub fn trimmed(text: &str) -> &str {
    // Latin and Cyrillic letters, figures and marks at both ends: nearly every cell
    let is_shown = |byte: u8| byte.is_ascii_graphic();
    let is_cyrillic = |first_of_two: u8| matches!(first_of_two, 0xd0 | 0xd1);
    if let [first, .., before, last] = text.as_bytes()
        && (is_shown(*first) || is_cyrillic(*first))
        && (is_shown(*last) || is_cyrillic(*before))
    {
        return text;
    }
    text.trim_matches(|letter: char| letter.is_whitespace() || is_invisible(letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_spaces_and_look_alikes_do_not_count() {
        assert_eq!(folded("Иванов  Пётр"), folded("ИВАНОВ ПЕТР"));
        assert_eq!(folded("Ceмёнов"), folded("Семенов")); // Latin C and e
        assert_eq!(folded("Андрей"), folded("Андреи\u{306}"));
        assert_ne!(folded("Иванов-Петров"), folded("Иванов Петров"));
        assert_eq!(lowered(" План  ё"), lowered("ПЛАН Е"));
        assert_ne!(lowered("B"), lowered("В")); // Latin and Cyrillic
        assert_eq!(folded_heading("Ф.И.О.\nзастрахованного"), "фиозастрахованного");
        assert_eq!(folded_heading("Таб. №"), "таб");
    }

    #[test]
    fn spaces_and_invisible_marks_around_a_text_are_trimmed() {
        for text in ["Иванов", " Иванов\u{a0}", "\u{feff}Иванов", "Иванов\u{200b} ", "\t Иванов"]
        {
            assert_eq!(trimmed(text), "Иванов");
        }
        for (text, bare) in
            [("", ""), (" ", ""), ("1", "1"), (" 1", "1"), ("1 ", "1"), ("я ", "я"), ("12 ", "12"), ("€", "€")]
        {
            assert_eq!(trimmed(text), bare);
        }
    }

    #[test]
    fn words_of_two_alphabets_are_recognised() {
        assert!(mixes_alphabets("Ceмёнов"));
        assert!(!mixes_alphabets("John Smith"));
        assert!(!mixes_alphabets("Семёнов"));
    }
}
