//! The encoding that the letters of a text suggest.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, IBM866, ISO_8859_5, KOI8_R, KOI8_U, WINDOWS_1251, X_MAC_CYRILLIC};
use rayon::prelude::*;

use crate::table::delimited::PART_BYTES;

/// So many bytes of the beginning are in the sample.
const HEAD_BYTES: usize = 1 << 16;
/// So many bytes of each later part are.
const PIECE_BYTES: usize = 1 << 11;

/// The encoding that the letters suggest, and whether it is only a guess.
///
/// The detector weighs some million bytes a second, so that a long text is judged by a sample: its beginning, a piece of each
/// later part, and every row with a byte that is not in the sample so far. So the detector weighs every
/// byte that occurs, wherever it stands.
pub(super) fn detect(bytes: &[u8]) -> (&'static Encoding, bool) {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    for piece in sample(bytes) {
        detector.feed(piece, false);
        // a word that a piece cuts is none with the next piece
        detector.feed(b"\n", false);
    }
    detector.feed(b"", true);
    let found = detector.guess(Some(b"ru"), Utf8Detection::Deny);
    let cyrillic = [WINDOWS_1251, KOI8_R, KOI8_U, IBM866, ISO_8859_5, X_MAC_CYRILLIC];
    if cyrillic.contains(&found) { (found, false) } else { (WINDOWS_1251, true) }
}

/// The sample: pieces of whole rows, as far as rows are of usual length.
fn sample(bytes: &[u8]) -> Vec<&[u8]> {
    let parts: Vec<&[u8]> = bytes.chunks(PART_BYTES).collect();
    let kinds: Vec<ByteSet> = parts.par_iter().map(|part| ByteSet::from_bytes(part)).collect();
    let mut known = ByteSet::default();
    let mut pieces = Vec::new();
    for (place, (part, kinds)) in parts.into_iter().zip(kinds).enumerate() {
        let piece = &part[..part.len().min(if place == 0 { HEAD_BYTES } else { PIECE_BYTES })];
        known.add(piece);
        pieces.push(piece);
        let mut rest = &part[piece.len()..];
        while known.lacks(&kinds)
            && let Some(at) = rest.iter().position(|byte| !known.contains(*byte))
        {
            let start = memchr::memrchr(b'\n', &rest[..at]).map_or(0, |before| before + 1);
            let end = memchr::memchr(b'\n', &rest[at..]).map_or(rest.len(), |after| at + after + 1);
            known.add(&rest[start..end]);
            pieces.push(&rest[start..end]);
            rest = &rest[end..];
        }
    }
    pieces
}

/// Which bytes occur.
struct ByteSet([bool; 256]);

impl Default for ByteSet {
    fn default() -> Self {
        Self([false; 256])
    }
}

impl ByteSet {
    fn from_bytes(bytes: &[u8]) -> Self {
        let mut set = Self::default();
        set.add(bytes);
        set
    }

    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0[usize::from(*byte)] = true;
        }
    }

    const fn contains(&self, byte: u8) -> bool {
        self.0[byte as usize]
    }

    /// Whether another set has a byte that this one has not.
    fn lacks(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).any(|(has, occurs)| *occurs && !has)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The judgement of the whole text.
    fn detect_whole(bytes: &[u8]) -> (&'static Encoding, bool) {
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
        detector.feed(bytes, true);
        let found = detector.guess(Some(b"ru"), Utf8Detection::Deny);
        let cyrillic = [WINDOWS_1251, KOI8_R, KOI8_U, IBM866, ISO_8859_5, X_MAC_CYRILLIC];
        if cyrillic.contains(&found) { (found, false) } else { (WINDOWS_1251, true) }
    }

    const ENCODINGS: [&Encoding; 5] = [WINDOWS_1251, KOI8_R, IBM866, ISO_8859_5, X_MAC_CYRILLIC];
    /// More than the beginning and some parts.
    const LONG: usize = 2 * PART_BYTES + 12_345;

    fn long(row: &str) -> String {
        row.repeat(LONG / row.len())
    }

    #[test]
    fn a_long_roster_has_the_encoding_that_all_of_it_suggests() {
        let rows = long("Щербакова Объедкова Эльвира;31.12.1980;вариант №2\nЁлкин Юрий Ильич;01.02.1975;«Стандарт»\n");
        for encoding in ENCODINGS {
            let bytes = encoding.encode(&rows).0;
            assert_eq!(detect(&bytes), detect_whole(&bytes), "{}", encoding.name());
        }
    }

    #[test]
    fn letters_at_the_very_end_decide() {
        let begins = [
            long("Ivanov Ivan;31.12.1980\n"),
            long("12345;31.12.1980;И\n"),
            long("ИИИ;31.12.1980\n"),
            long("№ 5;31.12.1980\n"),
        ];
        for begin in begins {
            for encoding in ENCODINGS {
                let text = format!("{begin}Серебрянников Егор Захарович;31.12.1980;стандартный вариант\n");
                let bytes = encoding.encode(&text).0;
                let found = detect(&bytes);
                assert_eq!(found, detect_whole(&bytes), "{} {:?}", encoding.name(), &text[..20]);
            }
        }
    }

    #[test]
    fn a_byte_that_no_letter_has_is_weighed_at_the_very_end() {
        let mut bytes = WINDOWS_1251.encode(&long("Ёлкин Юрий Ильич;01.02.1975\n")).0.into_owned();
        assert_eq!(detect(&bytes), (WINDOWS_1251, false));
        bytes.extend(b"\x98");
        assert_eq!(detect(&bytes), detect_whole(&bytes));
    }

    #[test]
    fn a_short_text_is_judged_whole() {
        let text = "ФИО;ДР\nИВАНОВ И И;31.12.1980\n".repeat(100);
        let bytes = WINDOWS_1251.encode(&text).0;
        assert_eq!(sample(&bytes), [&*bytes]);
    }
}
