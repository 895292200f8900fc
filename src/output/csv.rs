//! CSV as every file of a result has it: UTF-8, comma, decimal point, a header, a line feed after each row.

use std::io::{self, Write as _};

use jiff::civil::Date;

use crate::base::money::Kopecks;

/// Rows of CSV in memory.
pub(crate) type Rows = csv::Writer<Vec<u8>>;

/// No rows yet.
pub(crate) fn rows() -> Rows {
    csv::Writer::from_writer(Vec::new())
}

/// The text of rows.
///
/// # Errors
///
/// None: memory accepts what is written to it.
pub(crate) fn text(rows: Rows) -> io::Result<Vec<u8>> {
    rows.into_inner().map_err(|fault| io::Error::other(fault.to_string()))
}

/// The text of a header.
///
/// # Errors
///
/// As [`text`].
pub(crate) fn header<'c>(columns: impl IntoIterator<Item = &'c str>) -> io::Result<Vec<u8>> {
    let mut rows = rows();
    rows.write_record(columns)?;
    text(rows)
}

/// Appends a field and the comma after it, quoted where that is needed.
pub(crate) fn push_field(row: &mut Vec<u8>, text: &str) {
    // no early return: the loop compares sixteen bytes at once
    let is_special = |byte: u8| matches!(byte, b'"' | b',' | b'\n' | b'\r');
    if text.bytes().fold(false, |special, byte| special | is_special(byte)) {
        row.push(b'"');
        for part in text.split_inclusive('"') {
            row.extend_from_slice(part.as_bytes());
            if part.ends_with('"') {
                row.push(b'"');
            }
        }
        row.push(b'"');
    } else {
        row.extend_from_slice(text.as_bytes());
    }
    row.push(b',');
}

/// Appends an amount and the comma after it.
pub(crate) fn push_amount(row: &mut Vec<u8>, amount: Kopecks) {
    let _ = write!(row, "{amount},");
}

/// Appends a whole number and the comma after it.
pub(crate) fn push_count(row: &mut Vec<u8>, count: u32) {
    const MOST_DIGITS: usize = u32::MAX.ilog10() as usize + 1;
    let mut digits = [b'0'; MOST_DIGITS];
    let (mut rest, mut first) = (count, digits.len());
    loop {
        first -= 1;
        digits[first] = b'0' + (rest % 10).to_le_bytes()[0];
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    row.extend_from_slice(&digits[first..]);
    row.push(b',');
}

/// Appends a day of a four-digit year as `2026-12-01`, and the comma after it.
pub(crate) fn push_day(row: &mut Vec<u8>, day: Date) {
    let digit = |value: i16, unit: i16| b'0' + u8::try_from(value / unit % 10).unwrap_or(0);
    let (year, month, day) = (day.year(), i16::from(day.month()), i16::from(day.day()));
    row.extend_from_slice(&[digit(year, 1000), digit(year, 100), digit(year, 10), digit(year, 1), b'-']);
    row.extend_from_slice(&[digit(month, 10), digit(month, 1), b'-', digit(day, 10), digit(day, 1), b',']);
}

/// Ends a row: the last comma becomes a line feed.
pub(crate) fn end_row(row: &mut [u8]) {
    if let Some(comma) = row.last_mut() {
        *comma = b'\n';
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_as_the_library_quotes_them() {
        let texts = ["", "Иванов", "a,b", "\"", "a\"\"b\"", "a\nb", "a\rb", " a ", "#a", "'=1", ";", "\t", "\"a\""];
        let mut own = Vec::new();
        for text in texts {
            push_field(&mut own, text);
        }
        end_row(&mut own);
        assert_eq!(String::from_utf8(own), String::from_utf8(header(texts).unwrap()));
    }

    #[test]
    fn counts_and_amounts_are_written_as_rust_displays_them() {
        for count in [0, 9, 10, 99, 100, 12_345, 999_999_999, 1_000_000_000, u32::MAX] {
            let mut row = Vec::new();
            push_count(&mut row, count);
            push_amount(&mut row, Kopecks::new(i128::from(count)));
            assert_eq!(String::from_utf8(row).unwrap(), format!("{count},{}.{:02},", count / 100, count % 100));
        }
    }

    #[test]
    fn days_are_written_as_iso() {
        let mut row = Vec::new();
        for (year, month, day) in [(1907, 2, 9), (2026, 12, 31)] {
            push_day(&mut row, jiff::civil::date(year, month, day));
        }
        assert_eq!(row, b"1907-02-09,2026-12-31,");
    }
}
