//! The encoding of an exchange file: that in which the name of its version can be read.

use encoding_rs::{Encoding, IBM866, UTF_8, WINDOWS_1251};

use crate::base::messages::Message;
use crate::portfolio::payments::Problem;
use crate::portfolio::payments::bank_exchange::MARK;

/// Words of the head of every exchange file, one of which has to be readable.
const WORDS: [&str; 3] = ["ВерсияФормата", "Кодировка", "РасчСчет"];
/// The head is searched for them in so many bytes.
const HEAD_BYTES: usize = 4096;

/// The text of an exchange file; `None` where the bytes are another file.
///
/// # Errors
///
/// The problem, with its line, where the encoding is none of the three, or changes within the file.
pub fn decode(bytes: &[u8]) -> Option<Result<String, Problem>> {
    if let Some((encoding, length)) = Encoding::for_bom(bytes)
        && encoding != UTF_8
    {
        let text = encoding.decode_without_bom_handling(&bytes[length..]).0;
        return decode(text.as_bytes());
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let first = bytes.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
    if first.len() < bytes.len() && !bytes.contains(&b'\n') && first.trim_ascii() == MARK.as_bytes() {
        // the line ends of old Macs
        let lines: Vec<u8> = bytes.iter().map(|byte| if *byte == b'\r' { b'\n' } else { *byte }).collect();
        return decode(&lines);
    }
    if first.trim_ascii() != MARK.as_bytes() {
        return None;
    }
    if bytes.trim_ascii().len() == MARK.len() {
        return Some(Ok(MARK.to_owned()));
    }
    let head = &bytes[..bytes.len().min(HEAD_BYTES)];
    let names_its_head = |encoding: &&'static Encoding| {
        let text = encoding.decode_without_bom_handling(head).0;
        text.lines().any(|line| line.split_once('=').is_some_and(|(key, _)| WORDS.contains(&key.trim())))
    };
    let Some(encoding) = [UTF_8, WINDOWS_1251, IBM866].into_iter().find(|encoding| names_its_head(encoding)) else {
        return Some(Err(Problem { row: 2, column: None, message: Message::new("exchange-encoding") }));
    };
    let text = if encoding == UTF_8 {
        match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(fault) => {
                let row = line_at(bytes, fault.valid_up_to());
                return Some(Err(Problem { row, column: None, message: Message::new("exchange-encoding") }));
            }
        }
    } else {
        encoding.decode_without_bom_handling(bytes).0.into_owned()
    };
    let is_binary = |letter: char| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t' | '\u{1a}');
    if let Some(at) = text.find(is_binary) {
        let row = line_at(text.as_bytes(), at);
        return Some(Err(Problem { row, column: None, message: Message::new("exchange-encoding") }));
    }
    // the end mark of old programs
    Some(Ok(text.trim_end_matches(['\u{1a}', '\n', '\r']).to_owned()))
}

/// The line of a byte, from 1.
fn line_at(bytes: &[u8], at: usize) -> u32 {
    let breaks = memchr::memchr_iter(b'\n', &bytes[..at]).count();
    u32::try_from(breaks + 1).unwrap_or(u32::MAX)
}
