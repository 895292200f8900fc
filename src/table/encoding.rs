//! Bytes → text: UTF-8 with or without a mark, UTF-16, windows-1251 and the other Cyrillic encodings.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    Encoding, IBM866, ISO_8859_5, KOI8_R, KOI8_U, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1251, X_MAC_CYRILLIC,
};
use rayon::prelude::*;

use crate::table::delimited::PART_BYTES;
use crate::table::hashed_bytes::Contents;

/// A text and how sure its encoding is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The text, without a mark at its head.
    pub text: String,
    /// The encoding was neither marked nor found: the text is read as windows-1251 on the chance.
    pub guessed: bool,
}

/// The text of the bytes, or `None` where they are no text at all.
#[must_use]
pub fn decoded(contents: Contents) -> Option<Decoded> {
    let bytes = contents.as_bytes();
    let told = Encoding::for_bom(bytes).map(|(marked, _)| marked).or_else(|| unmarked_utf_16(bytes));
    let (text, guessed) = match told.filter(|told| *told != UTF_8) {
        Some(wide) => (text_in(wide, bytes)?, false),
        None => match contents {
            Contents::Text(mut text) => {
                if text.starts_with('\u{feff}') {
                    text.drain(..'\u{feff}'.len_utf8());
                }
                (text, false)
            }
            // it has the mark of UTF-8
            Contents::Bytes(_) if told.is_some() => return None,
            Contents::Bytes(bytes) => {
                let (encoding, guessed) = found(&bytes);
                (text_in(encoding, &bytes)?, guessed)
            }
        },
    };
    // no text has this byte, and everything that only passes for text soon does
    let is_binary = text.as_bytes().par_chunks(PART_BYTES).any(|part| memchr::memchr(0, part).is_some());
    (!is_binary).then_some(Decoded { text, guessed })
}

/// The text, or `None` where the bytes are not of the encoding though it is a wide one.
fn text_in(encoding: &'static Encoding, bytes: &[u8]) -> Option<String> {
    let (text, _, broken) = encoding.decode(bytes);
    let is_wide = matches!(encoding.name(), "UTF-16LE" | "UTF-16BE");
    (!broken || !is_wide).then(|| text.into_owned())
}

/// The encoding that the letters tell, and whether it is only guessed.
fn found(bytes: &[u8]) -> (&'static Encoding, bool) {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let found = detector.guess(Some(b"ru"), Utf8Detection::Deny);
    let cyrillic = [WINDOWS_1251, KOI8_R, KOI8_U, IBM866, ISO_8859_5, X_MAC_CYRILLIC];
    if cyrillic.contains(&found) { (found, false) } else { (WINDOWS_1251, true) }
}

/// UTF-16 without a mark: every second byte of a table's head is zero or the Cyrillic page.
fn unmarked_utf_16(bytes: &[u8]) -> Option<&'static Encoding> {
    const LOOKED_AT: usize = 512;
    let head = &bytes[..bytes.len().min(LOOKED_AT) & !1];
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
    fn every_encoding_of_an_employer_is_found() {
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
            let decoded = decoded(bytes.into()).unwrap();
            assert_eq!(decoded.text, TABLE);
            assert!(!decoded.guessed);
        }
    }

    #[test]
    fn a_short_abbreviated_file_is_windows_1251() {
        let bytes = WINDOWS_1251.encode("ФИО;ДР\nИВАНОВ И И;31.12.1980\n").0.into_owned();
        assert_eq!(decoded(bytes.into()).unwrap().text, "ФИО;ДР\nИВАНОВ И И;31.12.1980\n");
    }

    #[test]
    fn bytes_that_are_no_text_are_none() {
        assert_eq!(decoded(vec![0, 1, 2, 3, 0, 0, 0, 7, 9].into()), None);
    }
}
