//! Formats of tables: forged files are refused by name, each format with each peculiarity has its answer, and a flipped bit is refused or
//! harmless.

mod peculiarities;
mod sheet;
mod written;

use std::fs;
use std::path::{Path, PathBuf};

use kollektiv::table::file_fault::FileFault;
use kollektiv::table::source::{FileBytes, Source};

use crate::program::project;

/// A sheet: its name, its rows with their numbers and cells as they are shown, and what is hidden of it.
#[derive(Debug, PartialEq, Eq)]
struct Sheet {
    name: String,
    rows: Vec<(u32, Vec<String>)>,
    hidden: String,
}

fn read(bytes: Vec<u8>) -> Result<Vec<Sheet>, FileFault> {
    let mut source = Source::open(FileBytes::from(bytes), |_| b';')?;
    let mut sheets = Vec::new();
    for sheet in source.sheets() {
        let mut rows = Vec::new();
        let hidden = source.rows_and_hidden(&sheet, &mut |row| {
            rows.push((row.number(), (0..row.width()).map(|column| row.cell(column).display()).collect()));
        })?;
        sheets.push(Sheet { name: sheet, rows, hidden: format!("{hidden:?}") });
    }
    Ok(sheets)
}

fn file(name: &str) -> Vec<u8> {
    let path: PathBuf = project().join("tests").join(name);
    fs::read(&path).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()))
}

fn fault_of(name: &str) -> FileFault {
    match read(file(&format!("formats/{name}"))) {
        Err(fault) => fault,
        Ok(_) => panic!("{name} is read"),
    }
}

#[test]
fn forged_workbooks_are_refused_by_name() {
    assert!(matches!(fault_of("decoy-of-shared-texts.xlsx"), FileFault::Bomb));
    assert!(matches!(fault_of("spaces-without-end.ods"), FileFault::LongText(..)));
    assert!(matches!(fault_of("sheets-of-one-part.xlsx"), FileFault::SharedPart(..)));
    assert!(matches!(fault_of("long-number-format.xlsx"), FileFault::Styles));
    assert!(matches!(fault_of("wrong-checksum.xlsx"), FileFault::Damaged(part) if part == "xl/worksheets/sheet1.xml"));
    assert!(matches!(fault_of("number-of-a-text-minus-1.xlsx"), FileFault::TextNumber(_, number) if number == "-1"));
    for name in ["cell-in-a-cell.ods", "entities-repeated.ods"] {
        assert!(matches!(fault_of(name), FileFault::Spanned | FileFault::LongText(..)), "{name}");
    }
    assert!(read(file("formats/right-checksum.xlsx")).is_ok());
    assert!(read(file("formats/hidden-columns-again-and-again.xlsx")).is_ok(), "16 384 columns, however often");
}

/// Whether the format of a file has no checksum.
fn has_no_checksum(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == "xls")
}

/// The files whose bits are flipped, one a format.
const FLIPPED: [&str; 4] = [
    "formats/right-checksum.xlsx",
    "cases/36-ods-with-indented-contents/roster.ods",
    "cases/08-xlsb-short-records/roster.xlsb",
    "cases/19-hidden-row-in-xls/roster.xls",
];

/// A prime, so that a sample has bits of every place in a byte; with this variable in the environment all bits are flipped.
const STEP: usize = 397;
const EVERY_BIT: &str = "KOLLEKTIV_EVERY_BIT";

#[test]
fn a_flipped_bit_is_refused_or_harmless() {
    let step = if std::env::var_os(EVERY_BIT).is_some() { 1 } else { STEP };
    for name in FLIPPED {
        let whole = file(name);
        let undamaged = read(whole.clone()).unwrap_or_else(|fault| panic!("{name}: {fault:?}"));
        let (mut refused, mut harmless, mut read_otherwise) = (0, 0, 0);
        for bit in (0..whole.len() * 8).step_by(step) {
            let mut damaged = whole.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            match read(damaged) {
                Err(_) => refused += 1,
                Ok(sheets) if sheets == undamaged => harmless += 1,
                // a letter that has become another letter cannot be found out
                Ok(_) if has_no_checksum(name) => read_otherwise += 1,
                Ok(sheets) => panic!("{name}, byte {}, bit {}: {sheets:?}", bit / 8, bit % 8),
            }
        }
        println!("{name}: {refused} refused, {harmless} harmless, {read_otherwise} read otherwise");
        assert!(refused > 0, "{name}");
    }
}
