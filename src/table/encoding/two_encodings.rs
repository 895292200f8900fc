//! Files of which only some rows are UTF-8.

use rayon::prelude::*;

use crate::table::delimited::PART_BYTES;

/// The rows of a part of a file that have letters beyond ASCII.
#[derive(Debug, Default)]
struct PartRows {
    rows: u32,
    /// Whether the first of them is UTF-8.
    first: Option<(u32, bool)>,
    /// The first that is not as the one before.
    changed: Option<u32>,
    /// Whether the last before a change is UTF-8.
    last: Option<bool>,
}

/// The first row, from 1, that is UTF-8 where the rows before it are not, or the other way round; `marked` where the file begins as UTF-8.
///
/// A row counts as UTF-8 from a few letters on: two bytes of windows-1251 may look like a letter, but not all bytes of a name.
pub(super) fn row_of_another_encoding(bytes: &[u8], marked: bool) -> Option<u32> {
    let parts: Vec<PartRows> = parts_of_rows(bytes).into_par_iter().map(examine).collect();
    let (mut before, mut rows) = (marked.then_some(true), 0);
    for part in parts {
        if let Some((row, is_utf_8)) = part.first
            && before.is_some_and(|before| before != is_utf_8)
        {
            return Some(rows + row);
        }
        if let Some(row) = part.changed {
            return Some(rows + row);
        }
        before = part.last.or(before);
        rows += part.rows;
    }
    None
}

/// Parts of about equal size that end where a row does.
fn parts_of_rows(bytes: &[u8]) -> Vec<&[u8]> {
    let mut parts = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let from = PART_BYTES.min(rest.len());
        let end = memchr::memchr(b'\n', &rest[from..]).map_or(rest.len(), |at| from + at + 1);
        let (part, others) = rest.split_at(end);
        parts.push(part);
        rest = others;
    }
    parts
}

fn examine(part: &[u8]) -> PartRows {
    let mut found = PartRows::default();
    for line in part.split_inclusive(|byte| *byte == b'\n') {
        found.rows += 1;
        let Some(is_utf_8) = is_utf_8(line) else { continue };
        found.first.get_or_insert((found.rows, is_utf_8));
        if found.last.is_some_and(|last| last != is_utf_8) {
            found.changed = Some(found.rows);
            break;
        }
        found.last = Some(is_utf_8);
    }
    found
}

/// Whether a row is UTF-8; none where it has too few letters beyond ASCII to decide.
fn is_utf_8(line: &[u8]) -> Option<bool> {
    const FEWEST_BYTES: usize = 8;
    if simdutf8::basic::from_utf8(line).is_err() {
        return Some(false);
    }
    let is_decided = line.iter().filter(|byte| !byte.is_ascii()).nth(FEWEST_BYTES - 1).is_some();
    is_decided.then_some(true)
}

#[cfg(test)]
mod tests {
    use encoding_rs::WINDOWS_1251;

    use super::*;

    #[test]
    fn the_first_row_of_another_encoding_is_found_in_any_part() {
        let (utf_8, ascii) = ("Егоров Пётр;12.01.1985\n", "Petrov;12.01.1985\n");
        let in_1251 = WINDOWS_1251.encode(utf_8).0.into_owned();
        for rows in [1, 100_000] {
            let before = in_1251.repeat(rows);
            let neutral = ascii.repeat(rows);
            let row = u32::try_from(2 * rows + 1).unwrap();
            let text = [&before, neutral.as_bytes(), utf_8.as_bytes(), &before].concat();
            assert_eq!(row_of_another_encoding(&text, false), Some(row));
            let text = [utf_8.repeat(rows).as_bytes(), neutral.as_bytes(), &in_1251].concat();
            assert_eq!(row_of_another_encoding(&text, true), Some(row));
            assert_eq!(row_of_another_encoding(&[&before, neutral.as_bytes(), &before].concat(), false), None);
            assert_eq!(
                row_of_another_encoding(&[neutral.as_bytes(), &before].concat(), true),
                Some(row - u32::try_from(rows).unwrap())
            );
        }
    }

    #[test]
    fn two_encodings_in_one_file_are_found_with_the_row() {
        let in_1251 = |text: &str| WINDOWS_1251.encode(text).0.into_owned();
        let table = "ФИО;Дата рождения\nИванов Иван;31.12.1980\n";
        let appended = [table.as_bytes(), &in_1251("Егоров Пётр;12.01.1985\n")].concat();
        assert_eq!(row_of_another_encoding(&appended, false), Some(3));
        let prepended = [&in_1251("ФИО;Дата рождения\n"), "1;2\nЕгоров Пётр;12.01.1985\n".as_bytes()].concat();
        assert_eq!(row_of_another_encoding(&prepended, false), Some(3));
        assert_eq!(row_of_another_encoding(&in_1251(table), true), Some(1));
        let doubtful = in_1251("Н° Р°\nИванов\n№ ° –\n");
        assert_eq!(row_of_another_encoding(&doubtful, false), None, "two letters that look like one of UTF-8");
    }
}
