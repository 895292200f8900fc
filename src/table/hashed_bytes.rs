//! The bytes of a file, hashed and checked for UTF-8 while they are read.

use std::io::{self, Read};

use crate::base::digest::read_hashed;

/// All bytes of a file.
#[derive(Debug, PartialEq, Eq)]
pub enum Contents {
    /// They are UTF-8.
    Text(String),
    /// They are not UTF-8.
    Bytes(Vec<u8>),
}

impl Contents {
    /// Reads everything, about `size` bytes, and its SHA-256 in hexadecimal.
    ///
    /// # Errors
    ///
    /// The reader's.
    pub fn read(reader: impl Read, size: u64) -> io::Result<(Self, String)> {
        let mut check =
            Utf8Check { text: String::with_capacity(usize::try_from(size).unwrap_or(0)), ..Utf8Check::default() };
        let sha256 = read_hashed(reader, |part| check.push(part))?;
        Ok((check.finish(), sha256))
    }

    /// The bytes.
    pub const fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Bytes(bytes) => bytes.as_slice(),
        }
    }

    /// The bytes, whether they are text or not.
    pub fn into_bytes(self) -> Vec<u8> {
        match self {
            Self::Text(text) => text.into_bytes(),
            Self::Bytes(bytes) => bytes,
        }
    }
}

impl From<Vec<u8>> for Contents {
    fn from(bytes: Vec<u8>) -> Self {
        String::from_utf8(bytes).map_or_else(|fault| Self::Bytes(fault.into_bytes()), Self::Text)
    }
}

/// Collects bytes that come in parts: as text as long as they are UTF-8.
#[derive(Debug, Default)]
struct Utf8Check {
    text: String,
    /// The bytes of a letter that is continued in the next part.
    cut: Vec<u8>,
    /// All bytes, once a part is not UTF-8.
    bytes: Option<Vec<u8>>,
}

impl Utf8Check {
    fn push(&mut self, mut part: &[u8]) {
        if let Some(bytes) = &mut self.bytes {
            return bytes.extend_from_slice(part);
        }
        while !self.cut.is_empty()
            && let Some((next, rest)) = part.split_first()
        {
            self.cut.push(*next);
            part = rest;
            match std::str::from_utf8(&self.cut) {
                Ok(letter) => {
                    self.text.push_str(letter);
                    self.cut.clear();
                }
                Err(fault) if fault.error_len().is_none() => {}
                Err(_) => return self.give_up(part),
            }
        }
        match simdutf8::compat::from_utf8(part) {
            Ok(part) => self.text.push_str(part),
            Err(fault) if fault.error_len().is_none() => {
                let (whole, cut) = part.split_at(fault.valid_up_to());
                self.text.push_str(simdutf8::basic::from_utf8(whole).expect("checked just now"));
                self.cut.extend_from_slice(cut);
            }
            Err(_) => self.give_up(part),
        }
    }

    fn give_up(&mut self, part: &[u8]) {
        let mut bytes = std::mem::take(&mut self.text).into_bytes();
        bytes.append(&mut self.cut);
        bytes.extend_from_slice(part);
        self.bytes = Some(bytes);
    }

    fn finish(mut self) -> Contents {
        if !self.cut.is_empty() {
            self.give_up(&[]);
        }
        self.bytes.map_or(Contents::Text(self.text), Contents::Bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn collect(parts: &[&[u8]]) -> Contents {
        let mut check = Utf8Check::default();
        for part in parts {
            check.push(part);
        }
        check.finish()
    }

    #[test]
    fn utf_8_is_recognised_wherever_it_is_cut() {
        let (text, broken) = ("Ёж, 中 и 😀!".as_bytes(), "Ёж, \u{e0} и 😀".as_bytes());
        let wrong = [&broken[..5], b"\xff", &broken[5..]].concat();
        for bytes in [text, &text[..text.len() - 3], &wrong, b""] {
            let whole = Contents::from(bytes.to_vec());
            for first in 0..=bytes.len() {
                for second in first..=bytes.len() {
                    let parts = [&bytes[..first], &bytes[first..second], &bytes[second..]];
                    assert_eq!(collect(&parts), whole, "{first} {second}");
                }
            }
        }
        assert!(matches!(collect(&[text]), Contents::Text(_)));
        assert!(matches!(collect(&[&text[..1]]), Contents::Bytes(_)));
    }
}
