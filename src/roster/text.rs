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
    let mut folded = String::with_capacity(word.len());
    for letter in composed(word).chars().filter(|letter| kept(*letter)) {
        folded.extend(folded_letter(letter));
    }
    folded
}

/// The letter for comparing; none of spaces and invisible marks.
fn folded_letter(letter: char) -> impl Iterator<Item = char> {
    let shown = (!letter.is_whitespace() && !is_invisible(letter)).then(|| letter.to_lowercase());
    shown.into_iter().flatten().map(|letter| if letter == 'ё' { 'е' } else { look_alike(letter).unwrap_or(letter) })
}

/// What is added to the place of a small Russian letter, of which there are 32 without ё, where it is packed into a byte.
const SMALL: u8 = 0x80;
/// The first of them.
const FIRST_SMALL: u32 = 'а' as u32;
/// What stands before a letter that does not fit a byte.
const OTHER: u8 = 0xff;

/// What a byte of ASCII is packed into; 0 where it is neither shown nor a space.
const ASCII: [u8; 128] = {
    let mut folded = [0; 128];
    folded[b' ' as usize] = b' ';
    let mut byte = b'!';
    while byte <= b'~' {
        let small = byte.to_ascii_lowercase();
        folded[byte as usize] = match look_alike(small as char) {
            Some(letter) => SMALL | (letter as u32 - FIRST_SMALL).to_le_bytes()[0],
            None => small,
        };
        byte += 1;
    }
    folded
};

/// What a letter from U+0400 on is packed into; 0 where it is not Russian.
const CYRILLIC: [u8; 128] = {
    const CAPITALS: usize = 0x10;
    const CAPITAL_YO: usize = 0x01;
    const YO: usize = 0x51;
    let mut folded = [0; 128];
    let mut place = 0;
    while place < 32 {
        folded[CAPITALS + place as usize] = SMALL | place;
        folded[CAPITALS + 32 + place as usize] = SMALL | place;
        place += 1;
    }
    let ie = SMALL | 5;
    folded[CAPITAL_YO] = ie;
    folded[YO] = ie;
    folded
};

/// Packs the [`folded`] text into as few bytes as its letters need, one each as a rule: there is less to compare, and different
/// texts stay different. `room` is used again and again.
pub(super) fn pack(text: &str, room: &mut Vec<u8>) {
    if pack_plain(text, room) {
        return;
    }
    room.clear();
    for letter in composed(text).chars().flat_map(folded_letter) {
        match letter {
            '!'..='~' => room.push(u32::from(letter).to_le_bytes()[0]),
            'а'..='я' => room.push(SMALL | (u32::from(letter) - FIRST_SMALL).to_le_bytes()[0]),
            _ => {
                room.push(OTHER);
                room.extend_from_slice(&u32::from(letter).to_le_bytes());
            }
        }
    }
}

/// Packs a text of Russian letters and ASCII alone, as nearly every name and id is. Says whether it is one.
fn pack_plain(text: &str, room: &mut Vec<u8>) -> bool {
    room.clear();
    room.resize(text.len(), 0);
    let mut bytes = text.bytes();
    let mut filled = 0;
    while let Some(byte) = bytes.next() {
        let packed = match byte {
            0..=0x7f => ASCII[usize::from(byte)],
            // UTF-8 has two bytes of each letter up to U+047F
            0xd0 | 0xd1 => CYRILLIC[usize::from(byte & 1) << 6 | usize::from(bytes.next().unwrap_or(0) & 0x3f)],
            _ => 0,
        };
        if packed == 0 {
            return false;
        }
        room[filled] = packed;
        filled += usize::from(packed != b' ');
    }
    room.truncate(filled);
    true
}

/// The letters of a packed text as numbers: equal where the letters are.
pub(super) fn packed_letters(packed: &[u8]) -> impl Iterator<Item = u32> {
    let mut rest = packed;
    std::iter::from_fn(move || {
        let (first, after) = rest.split_first()?;
        match after.split_first_chunk() {
            Some((letter, after)) if *first == OTHER => {
                rest = after;
                Some(u32::from_le_bytes(*letter))
            }
            _ => {
                rest = after;
                Some(u32::from(*first))
            }
        }
    })
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
    fn words_are_compared_without_what_does_not_count() {
        assert_eq!(folded("Иванов  Пётр"), folded("ИВАНОВ ПЕТР"));
        assert_eq!(folded("Ceмёнов"), folded("Семенов")); // Latin C and e
        assert_eq!(folded("Андрей"), folded("Андреи\u{306}"));
        assert_ne!(folded("Иванов-Петров"), folded("Иванов Петров"));
        assert_eq!(folded_heading("Ф.И.О.\nзастрахованного"), "фиозастрахованного");
        assert_eq!(folded_heading("Таб. №"), "таб");
    }

    #[test]
    fn texts_are_packed_as_they_are_folded() {
        let every: String = ('А'..='я').chain(['Ё', 'ё']).chain(' '..='~').collect();
        let mut room = Vec::new();
        let plain = ["Иванов  Пётр", " ИВАНОВ-Петров Ян 2 ", "Ceмёнов", "AB-17/x", "", every.as_str()];
        let others = ["Іванов", "Андреи\u{306}", "О’Нил", "Ѓорѓи", "Иван\u{a0}Ильин", "Иван\tИльин", "Ѐ", "Ѷ", "中"];
        for (text, is_plain) in plain.into_iter().zip([true; 6]).chain(others.into_iter().zip([false; 9])) {
            assert_eq!(pack_plain(text, &mut room), is_plain, "{text}");
            pack(text, &mut room);
            let letters = packed_letters(&room).map(|letter| match u8::try_from(letter) {
                Ok(small @ SMALL..=0x9f) => char::from_u32(FIRST_SMALL + u32::from(small - SMALL)),
                _ => char::from_u32(letter),
            });
            assert_eq!(letters.collect::<Option<String>>(), Some(folded(text)));
        }
    }

    #[test]
    fn what_is_around_a_text_is_trimmed() {
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
    fn a_word_may_be_of_two_alphabets() {
        assert!(mixes_alphabets("Ceмёнов"));
        assert!(!mixes_alphabets("John Smith"));
        assert!(!mixes_alphabets("Семёнов"));
    }
}
