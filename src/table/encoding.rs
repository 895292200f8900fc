//! Decoding of text files: UTF-8 and UTF-16 with or without a byte order mark, windows-1251 and the other Cyrillic encodings.

mod detect;
mod two_encodings;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use rayon::prelude::*;

use crate::table::delimited::PART_BYTES;
use crate::table::file_fault::FileFault;
use crate::table::hashed_bytes::Contents;
use detect::detect;
use two_encodings::row_of_another_encoding;

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

/// Decodes from one encoding, or from that of a mark, in parts on all cores; `None` where the bytes are not valid in a wide one.
fn decode_as(encoding: &'static Encoding, bytes: &[u8]) -> Option<String> {
    let (encoding, mark_bytes) = Encoding::for_bom(bytes).unwrap_or((encoding, 0));
    let bytes = &bytes[mark_bytes..];
    let is_wide = encoding == UTF_16LE || encoding == UTF_16BE;
    let parts: Vec<&[u8]> = if is_wide {
        wide_parts(bytes, usize::from(encoding == UTF_16LE))
    } else if encoding.is_single_byte() {
        bytes.chunks(PART_BYTES).collect()
    } else {
        vec![bytes]
    };
    let mut text = String::with_capacity(bytes.len().saturating_mul(2));
    // a few parts at a time, so that the memory of one wave serves the next
    for wave in parts.chunks(2 * rayon::current_num_threads()) {
        let decode = |part: &&[u8]| {
            let (text, has_faults) = encoding.decode_without_bom_handling(part);
            (!has_faults || !is_wide).then(|| text.into_owned())
        };
        let decoded: Vec<Option<String>> = wave.par_iter().map(decode).collect();
        for part in decoded {
            text.push_str(&part?);
        }
    }
    Some(text)
}

/// Parts of a text of two-byte units that break no letter of two units; `high` is the place of a unit's higher byte.
fn wide_parts(bytes: &[u8], high: usize) -> Vec<&[u8]> {
    let mut parts = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let mut end = PART_BYTES.min(rest.len());
        // the second unit of such a letter
        if rest.get(end + high).is_some_and(|byte| matches!(byte, 0xDC..=0xDF)) {
            end += 2;
        }
        let (part, others) = rest.split_at(end.min(rest.len()));
        parts.push(part);
        rest = others;
    }
    parts
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

    use encoding_rs::WINDOWS_1251;

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
    fn parts_are_decoded_as_the_whole() {
        // letters of two units lie across the ends of parts
        for shift in 0..2 {
            let text = "х".repeat(shift) + &"😀я".repeat(PART_BYTES / 2);
            for (encoding, bytes) in [
                (UTF_16LE, utf_16(&text, u16::to_le_bytes)),
                (UTF_16BE, utf_16(&text, u16::to_be_bytes)),
                (UTF_8, text.as_bytes().to_vec()),
            ] {
                assert!(decode_as(encoding, &bytes).unwrap() == text, "{} {shift}", encoding.name());
                assert_eq!(decode_as(encoding, &bytes[..bytes.len() - 1]).is_none(), encoding != UTF_8);
            }
        }
        let text = "Щука №5;".repeat(PART_BYTES);
        assert!(decode_as(WINDOWS_1251, &WINDOWS_1251.encode(&text).0).unwrap() == text);
        let half = utf_16("😀", u16::to_le_bytes);
        assert_eq!(decode_as(UTF_16LE, &half[..2]), None);
    }
}
