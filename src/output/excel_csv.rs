//! Copies of CSV files for people who open them in a Russian Excel: a byte order mark, `;` between the cells, a decimal comma.
//!
//! The promised files stay as they are. The copy of `premiums.csv` is `premiums-excel.csv`, with the same rows and columns. A column is one of
//! decimals if each of its values is a decimal number or empty; only in such a column a point becomes a comma, so that a number of a contract
//! or a version stays what it is. Every other cell is protected against formulas, as in the promised file.

use std::io::{self, Read, Write};
use std::sync::OnceLock;

use crate::output::csv_injection::{defused, undefused};

/// The byte order mark, by which Excel recognises UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";
/// The end of the name of a copy.
const COPY: &str = "-excel.csv";

static COPIES: OnceLock<()> = OnceLock::new();

/// Turns the copies on for every result folder of this process.
pub fn write_copies() {
    // a process runs one command
    let _ = COPIES.set(());
}

/// The name of the copy of a file; `None` where copies are off, and for files without a copy.
#[must_use]
pub(crate) fn copy_name(name: &str) -> Option<String> {
    COPIES.get()?;
    let stem = name.strip_suffix(".csv").filter(|_| !name.ends_with(COPY))?;
    Some(format!("{stem}{COPY}"))
}

/// Writes the copy of a file, which is read twice: to find the columns of decimals, and to copy the rows.
///
/// # Errors
///
/// Where the system refuses, or the file is no CSV.
pub(crate) fn write_copy<R: Read>(open: impl Fn() -> io::Result<R>, mut copy: impl Write) -> io::Result<()> {
    let decimals = decimal_columns(open()?)?;
    copy.write_all(BYTE_ORDER_MARK)?;
    let mut rows = csv::WriterBuilder::new().delimiter(b';').terminator(csv::Terminator::CRLF).from_writer(copy);
    for (at, row) in reader(open()?).into_records().enumerate() {
        let row = row?;
        let cells = row.iter().zip(&decimals).map(|(cell, is_decimal)| {
            if at > 0 && *is_decimal { cell.replace('.', ",") } else { defused(&undefused(cell)).into_owned() }
        });
        rows.write_record(cells)?;
    }
    rows.flush()
}

fn reader<R: Read>(file: R) -> csv::Reader<R> {
    csv::ReaderBuilder::new().has_headers(false).from_reader(file)
}

/// Whether each column has decimal numbers under its heading and nothing else.
fn decimal_columns(file: impl Read) -> io::Result<Vec<bool>> {
    let mut columns: Vec<bool> = Vec::new();
    for (at, row) in reader(file).into_records().enumerate() {
        let row = row?;
        if at == 0 {
            columns = vec![true; row.len()];
            continue;
        }
        for (column, cell) in columns.iter_mut().zip(&row) {
            *column &= cell.is_empty() || is_decimal(cell);
        }
    }
    Ok(columns)
}

/// Whether a text is a number in digits, with or without decimals: a number with a leading zero is a name.
fn is_decimal(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    digits(whole) && digits(fraction) && (whole.len() == 1 || !whole.starts_with('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn copy(text: &str) -> String {
        let mut copied = Vec::new();
        write_copy(|| Ok(text.as_bytes()), &mut copied).unwrap();
        String::from_utf8(copied).unwrap()
    }

    #[test]
    fn decimals_have_a_comma_and_names_stay() {
        assert_eq!(
            copy("number,name,rate,premium\n1.2,\"a;b\",0.825,10.50\nv1.2,'=1,,-3\n"),
            "\u{feff}number;name;rate;premium\r\n1.2;\"a;b\";0,825;10,50\r\nv1.2;'=1;;-3\r\n"
        );
        assert_eq!(copy("a\n"), "\u{feff}a\r\n");
        assert_eq!(copy("id\n007.5\n"), "\u{feff}id\r\n007.5\r\n", "a number with leading zeros is a name");
    }

    #[test]
    fn what_the_promised_file_has_not_defused_is_defused() {
        assert_eq!(copy("name\n=1+1\n'=2\na;@b\n"), "\u{feff}name\r\n'=1+1\r\n'=2\r\n\"a;'@b\"\r\n");
    }

    proptest::proptest! {
        #[test]
        fn every_row_comes_back(rows in proptest::collection::vec(proptest::collection::vec("[a1;=+@'\"\n,. -]{0,8}", 2..=2), 1..8)) {
            let mut promised = csv::Writer::from_writer(Vec::new());
            promised.write_record(["first", "second"]).unwrap();
            for row in &rows {
                promised.write_record(row.iter().map(|cell| defused(cell).into_owned())).unwrap();
            }
            let promised = promised.into_inner().unwrap();
            let mut copied = Vec::new();
            write_copy(|| Ok(promised.as_slice()), &mut copied).unwrap();
            let body = copied.strip_prefix(BYTE_ORDER_MARK).unwrap();
            let mut read = csv::ReaderBuilder::new().delimiter(b';').from_reader(body);
            let found: Vec<Vec<String>> = read.records().map(|row| row.unwrap().iter().map(|cell| undefused(cell).into_owned()).collect()).collect();
            for (found, row) in found.iter().zip(&rows) {
                for (found, cell) in found.iter().zip(row) {
                    proptest::prop_assert!(found == cell || *found == cell.replace('.', ","), "{:?} of {:?}", found, cell);
                }
            }
            proptest::prop_assert_eq!(found.len(), rows.len());
        }
    }
}
