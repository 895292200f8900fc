//! Decoding of text files: UTF-8 and UTF-16 with or without a byte order mark, windows-1251 and the other Cyrillic encodings.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    Encoding, IBM866, ISO_8859_5, KOI8_R, KOI8_U, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1251, X_MAC_CYRILLIC,
};
use rayon::prelude::*;

use crate::table::delimited::PART_BYTES;
use crate::table::hashed_bytes::Contents;

/// A decoded text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The text without a byte order mark.
    pub text: String,
    /// Whether the encoding is only a guess: it was neither marked nor detected, and windows-1251 is the likeliest.
    pub guessed: bool,
}

/// Decodes the bytes of a file; `None` where they are no text.
#[must_use]
pub fn decode(contents: Contents) -> Option<Decoded> {
    let bytes = contents.as_bytes();
    let marked = Encoding::for_bom(bytes).map(|(marked, _)| marked).or_else(|| unmarked_utf_16(bytes));
    let (text, guessed) = match marked.filter(|marked| *marked != UTF_8) {
        Some(wide) => (decode_as(wide, bytes)?, false),
        None => match contents {
            Contents::Text(mut text) => {
                if text.starts_with('\u{feff}') {
                    text.drain(..'\u{feff}'.len_utf8());
                }
                (text, false)
            }
            // marked as UTF-8 and yet not UTF-8
            Contents::Bytes(_) if marked.is_some() => return None,
            Contents::Bytes(bytes) => {
                let (encoding, guessed) = detect(&bytes);
                (decode_as(encoding, &bytes)?, guessed)
            }
        },
    };
    // no text has this byte, and binary data soon has
    let is_binary = text.as_bytes().par_chunks(PART_BYTES).any(|part| memchr::memchr(0, part).is_some());
    (!is_binary).then_some(Decoded { text, guessed })
}

/// Decodes from one encoding; `None` where the bytes are not valid in a wide one.
fn decode_as(encoding: &'static Encoding, bytes: &[u8]) -> Option<String> {
    let (text, _, broken) = encoding.decode(bytes);
    let is_wide = matches!(encoding.name(), "UTF-16LE" | "UTF-16BE");
    (!broken || !is_wide).then(|| text.into_owned())
}

/// The encoding that the letters suggest, and whether it is only a guess.
fn detect(bytes: &[u8]) -> (&'static Encoding, bool) {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let found = detector.guess(Some(b"ru"), Utf8Detection::Deny);
    let cyrillic = [WINDOWS_1251, KOI8_R, KOI8_U, IBM866, ISO_8859_5, X_MAC_CYRILLIC];
    if cyrillic.contains(&found) { (found, false) } else { (WINDOWS_1251, true) }
}

/// UTF-16 without a mark: every second byte of the beginning is zero or the Cyrillic page.
fn unmarked_utf_16(bytes: &[u8]) -> Option<&'static Encoding> {
    const HEAD_BYTES: usize = 512;
    let head = &bytes[..bytes.len().min(HEAD_BYTES) & !1];
    if head.len() < 4 || !head.contains(&0) {
        return None;
    }
    let high = |place: usize| head.iter().skip(place).step_by(2).all(|byte| matches!(byte, 0 | 4 | 0x20 | 0x21));
    match (high(0), high(1)) {
        (false, true) => Some(UTF_16LE),
        (true, false) => Some(UTF_16BE),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "ФИО;Дата рождения\nИванов Иван;31.12.1980\n";

    fn utf_16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn every_usual_encoding_is_detected() {
        let marked = format!("\u{feff}{TABLE}");
        let tables = [
            TABLE.as_bytes().to_vec(),
            marked.as_bytes().to_vec(),
            utf_16(&marked, u16::to_le_bytes),
            utf_16(&marked, u16::to_be_bytes),
            utf_16(TABLE, u16::to_le_bytes),
            utf_16(TABLE, u16::to_be_bytes),
            WINDOWS_1251.encode(TABLE).0.into_owned(),
        ];
        for bytes in tables {
            let decoded = decode(bytes.into()).unwrap();
            assert_eq!(decoded.text, TABLE);
            assert!(!decoded.guessed);
        }
    }

    #[test]
    fn a_short_abbreviated_file_is_windows_1251() {
        let bytes = WINDOWS_1251.encode("ФИО;ДР\nИВАНОВ И И;31.12.1980\n").0.into_owned();
        assert_eq!(decode(bytes.into()).unwrap().text, "ФИО;ДР\nИВАНОВ И И;31.12.1980\n");
    }

    #[test]
    fn bytes_that_are_no_text_are_none() {
        assert_eq!(decode(vec![0, 1, 2, 3, 0, 0, 0, 7, 9].into()), None);
    }
}
