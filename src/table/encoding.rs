//! Decoding of text files: UTF-8 and UTF-16 with or without a byte order mark, windows-1251 and the other Cyrillic encodings.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    Encoding, IBM866, ISO_8859_5, KOI8_R, KOI8_U, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1251, X_MAC_CYRILLIC,
};
use rayon::prelude::*;

use crate::table::delimited::PART_BYTES;
use crate::table::file_fault::FileFault;
use crate::table::hashed_bytes::Contents;

/// A decoded text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The text without a byte order mark.
    pub text: String,
    /// Whether the encoding is only a guess: it was neither marked nor detected, and windows-1251 is the likeliest.
    pub guessed: bool,
}

/// Decodes the bytes of a file.
///
/// # Errors
///
/// [`FileFault::Binary`] where they are no text, [`FileFault::TwoEncodings`] where only some rows are UTF-8.
pub fn decode(contents: Contents) -> Result<Decoded, FileFault> {
    let bytes = contents.as_bytes();
    let marked = Encoding::for_bom(bytes).map(|(marked, _)| marked).or_else(|| unmarked_utf_16(bytes));
    let (text, guessed) = match marked.filter(|marked| *marked != UTF_8) {
        Some(wide) => (decode_as(wide, bytes).ok_or(FileFault::Binary)?, false),
        None => match contents {
            Contents::Text(mut text) => {
                if text.starts_with('\u{feff}') {
                    text.drain(..'\u{feff}'.len_utf8());
                }
                (text, false)
            }
            Contents::Bytes(bytes) => {
                if let Some(row) = row_of_another_encoding(&bytes, marked.is_some()) {
                    return Err(FileFault::TwoEncodings(row));
                }
                let (encoding, guessed) = detect(&bytes);
                (decode_as(encoding, &bytes).ok_or(FileFault::Binary)?, guessed)
            }
        },
    };
    // no text has this byte, and binary data soon has
    let is_binary = text.as_bytes().par_chunks(PART_BYTES).any(|part| memchr::memchr(0, part).is_some());
    if is_binary { Err(FileFault::Binary) } else { Ok(Decoded { text, guessed }) }
}

/// The first row, from 1, that is UTF-8 where the rows before it are not, or the other way round; `marked` where the file begins as UTF-8.
///
/// A row counts as UTF-8 from a few letters on: two bytes of windows-1251 may look like a letter, but not all bytes of a name.
fn row_of_another_encoding(bytes: &[u8], marked: bool) -> Option<u32> {
    const FEWEST_BYTES: usize = 8;
    let mut before = marked.then_some(true);
    for (row, line) in (1..).zip(bytes.split(|byte| *byte == b'\n')) {
        let foreign = line.iter().filter(|byte| !byte.is_ascii()).count();
        let is_utf_8 = simdutf8::basic::from_utf8(line).is_ok();
        if foreign == 0 || is_utf_8 && foreign < FEWEST_BYTES {
            continue;
        }
        match before {
            Some(before) if before != is_utf_8 => return Some(row),
            _ => before = Some(is_utf_8),
        }
    }
    None
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
        assert!(matches!(decode(vec![0, 1, 2, 3, 0, 0, 0, 7, 9].into()), Err(FileFault::Binary)));
    }

    #[test]
    fn two_encodings_in_one_file_are_refused_with_the_row() {
        let in_1251 = |text: &str| WINDOWS_1251.encode(text).0.into_owned();
        let appended = [TABLE.as_bytes(), &in_1251("Егоров Пётр;12.01.1985\n")].concat();
        assert!(matches!(decode(appended.into()), Err(FileFault::TwoEncodings(3))));
        let prepended = [&in_1251("ФИО;Дата рождения\n"), "1;2\nЕгоров Пётр;12.01.1985\n".as_bytes()].concat();
        assert!(matches!(decode(prepended.into()), Err(FileFault::TwoEncodings(3))));
        let marked = ["\u{feff}".as_bytes(), &in_1251(TABLE)].concat();
        assert!(matches!(decode(marked.into()), Err(FileFault::TwoEncodings(1))));
        assert!(decode(in_1251("Н° Р°\nИванов\n№ ° –\n").into()).is_ok(), "two letters that look like one of UTF-8");
    }
}
