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

/// What a text shows one after another when it is folded.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Folded {
    /// A small Russian letter, as its place in the alphabet with [`SMALL`] added, or a letter, figure or mark of ASCII.
    Plain(u8),
    /// Any other letter or mark that counts.
    Other(char),
    /// What stands between words.
    Space,
}

/// What is added to the place of a small Russian letter, of which there are 32 without ё.
const SMALL: u8 = 0x80;
/// The first of them.
const FIRST_SMALL: u32 = 'а' as u32;

impl Folded {
    fn of(letter: char) -> Self {
        match letter {
            '!'..='~' => u8::try_from(letter).map_or(Self::Other(letter), Self::Plain),
            'а'..='я' => Self::Plain(SMALL | (u32::from(letter) - FIRST_SMALL).to_le_bytes()[0]),
            _ => Self::Other(letter),
        }
    }
}

/// What a byte of ASCII is folded to; 0 where it is neither shown nor a space.
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

/// What a letter from U+0400 on is folded to; 0 where it is not Russian.
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

/// Folds a text of Russian letters and ASCII alone, as nearly every name and id is, to a byte a letter; with its spaces or without
/// them. Says whether it is such a text.
fn fold_plain(text: &str, with_spaces: bool, room: &mut Vec<u8>) -> bool {
    room.clear();
    room.resize(text.len(), 0);
    let mut bytes = text.bytes();
    let mut filled = 0;
    while let Some(byte) = bytes.next() {
        let folded = match byte {
            0..=0x7f => ASCII[usize::from(byte)],
            // UTF-8 has two bytes of each letter up to U+047F
            0xd0 | 0xd1 => CYRILLIC[usize::from(byte & 1) << 6 | usize::from(bytes.next().unwrap_or(0) & 0x3f)],
            _ => 0,
        };
        if folded == 0 {
            return false;
        }
        room[filled] = folded;
        filled += usize::from(with_spaces || folded != b' ');
    }
    room.truncate(filled);
    true
}

/// Shows any folded text to `show`.
fn each_of(text: &str, mut show: impl FnMut(Folded)) {
    for letter in composed(text).chars() {
        if letter.is_whitespace() {
            show(Folded::Space);
        } else {
            folded_letter(letter).for_each(|letter| show(Folded::of(letter)));
        }
    }
}

/// A fingerprint of the [`folded`] text, never 0; 0 of an empty one. `room` is used again and again.
///
/// Equal ones may be of different texts, but nobody can make many such texts: whoever finds equal ones compares the texts.
pub(super) fn folded_print(text: &str, room: &mut Vec<u8>) -> u64 {
    if text.is_empty() {
        return 0;
    }
    if !fold_plain(text, false, room) {
        room.clear();
        each_of(text, |shown| pack(room, shown));
    }
    let mut hasher = DefaultHasher::new();
    room.hash(&mut hasher);
    hasher.finish().max(1)
}

/// Packs a letter into as few bytes as it needs, one as a rule: there is less to hash, and different texts stay different.
fn pack(room: &mut Vec<u8>, shown: Folded) {
    const OTHER: u8 = 0xff;
    match shown {
        Folded::Plain(letter) => room.push(letter),
        Folded::Other(letter) => {
            room.push(OTHER);
            room.extend_from_slice(&u32::from(letter).to_le_bytes());
        }
        Folded::Space => {}
    }
}

/// What is known of a folded word without keeping it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct WordPrint {
    /// A fingerprint.
    pub print: u64,
    /// Which letters it has, a bit for several each.
    pub letters: u32,
}

/// A print of each folded word of a text, in order. `room` is used again and again.
pub(super) fn word_prints(text: &str, room: &mut Vec<u8>, prints: &mut Vec<WordPrint>) {
    let mut word = WordPrint::NONE;
    prints.clear();
    if fold_plain(text, true, room) {
        for byte in room {
            word.take(if *byte == b' ' { Folded::Space } else { Folded::Plain(*byte) }, prints);
        }
    } else {
        each_of(text, |shown| word.take(shown, prints));
    }
    word.take(Folded::Space, prints);
}

impl WordPrint {
    const NONE: Self = Self { print: 0xcbf2_9ce4_8422_2325, letters: 0 };

    /// Takes in a letter, or ends the word.
    #[inline]
    fn take(&mut self, shown: Folded, prints: &mut Vec<Self>) {
        let letter = match shown {
            Folded::Plain(letter) => u32::from(letter),
            Folded::Other(letter) => u32::from(letter),
            Folded::Space => {
                if *self != Self::NONE {
                    // the last letters count for all bits
                    self.print = (self.print ^ (self.print >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
                    prints.push(*self);
                    *self = Self::NONE;
                }
                return;
            }
        };
        self.print = (self.print ^ u64::from(letter)).wrapping_mul(0x0000_0100_0000_01b3);
        self.letters |= 1 << (letter % 32);
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
    fn plain_names_fold_as_all_others_do() {
        let every: String = ('А'..='я').chain(['Ё', 'ё']).chain(' '..='~').collect();
        let mut plain = Vec::new();
        for text in ["Иванов  Пётр", " ИВАНОВ-Петров Ян 2 ", "Ceмёнов", "AB-17/x", "", every.as_str()]
        {
            let mut all = Vec::new();
            assert!(fold_plain(text, false, &mut plain));
            each_of(text, |shown| pack(&mut all, shown));
            assert_eq!(plain, all, "{text}");
        }
        for text in ["Іванов", "Андреи\u{306}", "О’Нил", "Ѓорѓи", "Иван\u{a0}Ильин", "Иван\tИльин", "Ѐ", "Ѷ", "中"]
        {
            assert!(!fold_plain(text, false, &mut plain), "{text}");
        }
    }

    #[test]
    fn prints_are_equal_where_folded_texts_are() {
        let texts = [
            "Иванов Пётр",
            "ИВАНОВ ПЕТР",
            "Иванов-Петр",
            "Ivanov",
            "Ивановпетр",
            "Ceмёнов",
            "Семенов",
            "\u{80}",
            "\u{430}",
        ];
        let print = |text: &str| folded_print(text, &mut Vec::new());
        for (one, other) in texts.iter().flat_map(|one| texts.iter().map(move |other| (one, other))) {
            assert_eq!(print(one) == print(other), folded(one) == folded(other), "{one} {other}");
        }
        assert_eq!(print(""), 0);
        let words = |text: &str| {
            let mut prints = Vec::new();
            word_prints(text, &mut Vec::new(), &mut prints);
            prints
        };
        assert_eq!(words("Иванов  Пётр "), words("ИВАНОВ\u{a0}ПЕТР"));
        assert_eq!(words("Иванов Пётр")[1], words("пЕтр")[0]);
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
