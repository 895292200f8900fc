//! The records of a part of a binary workbook.

use std::io::Read;

use crate::table::bytes::{u16_at, u32_at};
use crate::table::file_fault::FileFault;

/// Reads records one after another.
pub struct Records<R> {
    part: R,
    body: Vec<u8>,
}

impl<R: Read> Records<R> {
    /// The records of a part.
    pub const fn new(part: R) -> Self {
        Self { part, body: Vec::new() }
    }

    /// The kind and the body of the next record; none at the end of the part.
    ///
    /// # Errors
    ///
    /// [`FileFault::Broken`] where a record is cut off or the part is damaged.
    pub fn next(&mut self) -> Result<Option<(u16, &[u8])>, FileFault> {
        const HAS_MORE: u8 = 0x80;
        const MOST_LENGTH_BYTES: u32 = 4;
        let Some(first) = self.byte()? else { return Ok(None) };
        let second = if first & HAS_MORE == 0 { 0 } else { self.byte()?.ok_or_else(broken)? };
        let kind = u16::from(first & !HAS_MORE) | u16::from(second & !HAS_MORE) << 7;
        let mut length = 0_u64;
        for place in 0..MOST_LENGTH_BYTES {
            let byte = self.byte()?.ok_or_else(broken)?;
            length |= u64::from(byte & !HAS_MORE) << (7 * place);
            if byte & HAS_MORE == 0 {
                break;
            }
        }
        self.body.clear();
        // as much as there is, whatever the record states
        let read = (&mut self.part).take(length).read_to_end(&mut self.body).map_err(|_| broken())?;
        if read as u64 == length { Ok(Some((kind, &self.body))) } else { Err(broken()) }
    }

    /// The body of the record that was read last.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    fn byte(&mut self) -> Result<Option<u8>, FileFault> {
        let mut byte = [0];
        let read = self.part.read(&mut byte).map_err(|_| broken())?;
        Ok((read == 1).then_some(byte[0]))
    }
}

/// A text of 16-bit letters after their number, and what stands after it.
///
/// # Errors
///
/// [`FileFault::Broken`] where it is cut off.
pub fn wide_text(bytes: &[u8]) -> Result<(String, &[u8]), FileFault> {
    const NONE: u32 = u32::MAX;
    let letters = u32_at(bytes, 0).ok_or_else(broken)?;
    let length = if letters == NONE { 0 } else { (letters as usize).checked_mul(2).ok_or_else(broken)? };
    let text = bytes.get(4..).and_then(|rest| rest.get(..length)).ok_or_else(broken)?;
    let letters = (0..length).step_by(2).filter_map(|at| u16_at(text, at));
    let decoded = char::decode_utf16(letters).map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    Ok((decoded, &bytes[4 + length..]))
}

/// The fault of records that no program writes.
pub fn broken() -> FileFault {
    FileFault::Broken("record of .xlsb".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_and_lengths_are_of_one_or_more_bytes() {
        let long = [&[0x9C, 0x01, 0x80, 0x01][..], &[7; 128]].concat();
        let bytes = [&[0x05, 0x02, 1, 2][..], &long].concat();
        let mut records = Records::new(bytes.as_slice());
        assert!(matches!(records.next(), Ok(Some((5, [1, 2])))));
        assert!(matches!(records.next(), Ok(Some((0x9C, body))) if body == [7; 128]));
        assert!(matches!(records.next(), Ok(None)));
        assert!(Records::new([0x05, 0x02, 1].as_slice()).next().is_err(), "cut off");
        assert!(Records::new([0x05, 0xFF, 0xFF, 0xFF, 0x7F].as_slice()).next().is_err(), "longer than the part");
    }

    #[test]
    fn texts_are_of_wide_letters() {
        assert!(matches!(wide_text(&[1, 0, 0, 0, 0x10, 0x04, 9]), Ok((text, [9])) if text == "А"));
        assert!(matches!(wide_text(&[0xFF; 4]), Ok((text, [])) if text.is_empty()));
        assert!(wide_text(&[2, 0, 0, 0, 0x10, 0x04]).is_err());
    }
}
