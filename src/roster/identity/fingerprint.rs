//! Hashes of folded names and ids: texts that are equal when [folded](crate::table::text::folded) have equal hashes.

use std::hash::BuildHasher;
use std::sync::LazyLock;

use foldhash::quality::RandomState;

use crate::table::text::{composed, folded_letter, look_alike};

/// The key of all hashes of a run. It is random, so that a roster of names with equal hashes cannot be prepared; no result depends on it.
static KEY: LazyLock<RandomState> = LazyLock::new(RandomState::default);

/// A Russian letter is folded to one byte: this, and the letter's place from а to я, 0 to 31; ё is folded to е.
const RUSSIAN: u8 = 0x80;
/// The first small Russian letter.
const FIRST_SMALL: u32 = 'а' as u32;
/// Precedes a letter that is neither Russian nor ASCII; the letter follows in four bytes.
const OTHER: u8 = 0xff;

/// The byte to which each ASCII byte is folded; 0 for spaces and control characters.
const ASCII: [u8; 128] = {
    let mut folded = [0; 128];
    let mut byte = b'!';
    while byte <= b'~' {
        let small = byte.to_ascii_lowercase();
        folded[byte as usize] = match look_alike(small as char) {
            Some(letter) => RUSSIAN | (letter as u32 - FIRST_SMALL).to_le_bytes()[0],
            None => small,
        };
        byte += 1;
    }
    folded
};

/// The byte to which each letter from U+0400 to U+047F is folded; 0 for a letter that is not Russian.
const CYRILLIC: [u8; 128] = {
    const CAPITALS: usize = 0x10;
    const CAPITAL_YO: usize = 0x01;
    const YO: usize = 0x51;
    let mut folded = [0; 128];
    let mut place = 0;
    while place < 32 {
        folded[CAPITALS + place as usize] = RUSSIAN | place;
        folded[CAPITALS + 32 + place as usize] = RUSSIAN | place;
        place += 1;
    }
    let ie = RUSSIAN | 5;
    folded[CAPITAL_YO] = ie;
    folded[YO] = ie;
    folded
};

/// Folds and hashes one text after another, reusing its buffers.
#[derive(Debug, Default)]
pub(super) struct NameHasher {
    /// The letters without the spaces between words.
    letters: Vec<u8>,
    /// Whether each letter is one byte.
    is_plain: bool,
    /// The end of each word in `letters`.
    ends: Vec<usize>,
    words: Vec<WordHash>,
}

/// The hash of a folded word, and the set of its letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WordHash {
    /// The hash, equal for equal words.
    pub hash: u64,
    /// The set of the letters: each sets the bit of its code modulo 32. Never 0.
    pub letter_bits: u32,
}

impl NameHasher {
    /// Folds the next text.
    pub fn fold(&mut self, text: &str) {
        self.is_plain = self.fold_plain(text);
        if !self.is_plain {
            self.fold_any(text);
        }
    }

    /// The hash of the text, equal for texts that are equal when [folded](crate::table::text::folded); `None` if nothing is left of it.
    pub fn hash(&self) -> Option<u64> {
        (!self.letters.is_empty()).then(|| KEY.hash_one(self.letters.as_slice()))
    }

    /// The number of words of the text.
    pub const fn word_count(&self) -> usize {
        self.ends.len()
    }

    /// The hashes of its words, in order.
    pub fn word_hashes(&mut self) -> &[WordHash] {
        let mut start = 0;
        self.words.clear();
        for end in &self.ends {
            let word = &self.letters[start..*end];
            let letter_bits = if self.is_plain { letter_bits_plain(word) } else { letter_bits(word) };
            self.words.push(WordHash { hash: KEY.hash_one(word), letter_bits });
            start = *end;
        }
        &self.words
    }

    /// Folds a text of Russian letters, visible ASCII and spaces alone, as nearly every name and id is. If the text has anything else, returns
    /// `false`, and the buffers are to be filled again.
    fn fold_plain(&mut self, text: &str) -> bool {
        self.ends.clear();
        self.letters.clear();
        self.letters.resize(text.len(), 0);
        let (letters, ends) = (self.letters.as_mut_slice(), &mut self.ends);
        let (mut rest, mut filled) = (text.as_bytes(), 0);
        loop {
            let folded;
            (folded, rest) = match rest {
                // UTF-8 has two bytes of each letter up to U+047F
                [first @ (0xd0 | 0xd1), second, rest @ ..] => {
                    (CYRILLIC[usize::from(first & 1) << 6 | usize::from(second & 0x3f)], rest)
                }
                [b' ', after @ ..] => {
                    end_word(ends, filled);
                    rest = after;
                    continue;
                }
                [byte @ 0..=0x7f, rest @ ..] => (ASCII[usize::from(*byte)], rest),
                [_, ..] => return false,
                [] => break,
            };
            if folded == 0 {
                return false;
            }
            letters[filled] = folded;
            filled += 1;
        }
        end_word(ends, filled);
        self.letters.truncate(filled);
        true
    }

    /// Folds any text.
    fn fold_any(&mut self, text: &str) {
        self.letters.clear();
        self.ends.clear();
        for letter in composed(text).chars() {
            if letter.is_whitespace() {
                end_word(&mut self.ends, self.letters.len());
            }
            for folded in folded_letter(letter) {
                match (u8::try_from(folded), folded) {
                    (Ok(byte), '!'..='~') => self.letters.push(byte),
                    (_, 'а'..='я') => self.letters.push(RUSSIAN | (u32::from(folded) - FIRST_SMALL).to_le_bytes()[0]),
                    _ => {
                        self.letters.push(OTHER);
                        self.letters.extend_from_slice(&u32::from(folded).to_le_bytes());
                    }
                }
            }
        }
        end_word(&mut self.ends, self.letters.len());
    }
}

/// Ends the current word at `end`, unless it is empty.
fn end_word(ends: &mut Vec<usize>, end: usize) {
    if ends.last().copied().unwrap_or(0) < end {
        ends.push(end);
    }
}

/// [`letter_bits`] of a word whose letters are one byte each.
fn letter_bits_plain(word: &[u8]) -> u32 {
    word.iter().fold(0, |bits, letter| bits | 1 << (letter % 32))
}

/// The set of the letters of a folded word: each sets the bit of its code modulo 32.
fn letter_bits(word: &[u8]) -> u32 {
    let mut bits = 0;
    let mut bytes = word.iter();
    while let Some(byte) = bytes.next() {
        let letter = match (*byte, bytes.as_slice()) {
            (OTHER, [one, two, three, four, rest @ ..]) => {
                bytes = rest.iter();
                u32::from_le_bytes([*one, *two, *three, *four])
            }
            (plain, _) => u32::from(plain),
        };
        bits |= 1 << (letter % 32);
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::text::folded;

    fn hasher(text: &str) -> NameHasher {
        let mut hasher = NameHasher::default();
        hasher.fold("a text before");
        hasher.fold(text);
        hasher
    }

    #[test]
    fn plain_names_fold_as_all_others_do() {
        let every: String = ('А'..='я').chain(['Ё', 'ё']).chain(' '..='~').collect();
        for text in ["Иванов  Пётр", " ИВАНОВ-Петров Ян 2 ", "Ceмёнов", "AB-17/x", "", " ", every.as_str()]
        {
            let (mut plain, mut any) = (NameHasher::default(), NameHasher::default());
            assert!(plain.fold_plain(text));
            any.fold_any(text);
            assert_eq!(letter_bits_plain(&plain.letters), letter_bits(&any.letters), "{text}");
            assert_eq!((plain.letters, plain.ends), (any.letters, any.ends), "{text}");
        }
        for text in ["Іванов", "Андреи\u{306}", "О’Нил", "Ѓорѓи", "Иван\u{a0}Ильин", "Иван\tИльин", "Ѐ", "Ѷ", "中"]
        {
            assert!(!NameHasher::default().fold_plain(text), "{text}");
        }
    }

    #[test]
    fn hashes_are_equal_where_folded_texts_are() {
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
            "",
        ];
        for (one, other) in texts.iter().flat_map(|one| texts.iter().map(move |other| (one, other))) {
            let is_same = hasher(one).hash() == hasher(other).hash();
            assert_eq!(is_same, folded(one) == folded(other), "{one} {other}");
        }
        assert_eq!(hasher("").hash(), None);
    }

    #[test]
    fn words_are_separated_by_spaces_of_all_kinds() {
        let words = |text: &str| hasher(text).word_hashes().to_vec();
        assert_eq!(words("Иванов  Пётр "), words("ИВАНОВ\u{a0}ПЕТР"));
        assert_eq!(words("Иванов Пётр")[1], words("пЕтр")[0]);
        assert_eq!(hasher(" Ли  Ян\tЧи ").word_count(), 3);
        assert_eq!(words("Ѓорѓи О")[0], words("ѓорѓи")[0]);
    }

    #[test]
    fn another_letter_changes_two_bits_at_most() {
        for (one, other) in [("Наталья", "Наталия"), ("Ѓорѓи", "Ѓорѕи"), ("中文", "中人"), ("Ан", "Ана")]
        {
            let bits = |text: &str| hasher(text).word_hashes().iter().fold(0, |all, word| all | word.letter_bits);
            assert!((bits(one) ^ bits(other)).count_ones() <= 2, "{one} {other}");
        }
    }
}
