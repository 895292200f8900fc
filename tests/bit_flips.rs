//! Single bits flipped in small workbooks, in the files of a book and in its register: the result is the same, or the file is refused.
//!
//! Of workbooks and of the files of a book every bit is flipped. A register has a million: the suite takes a sample, and with
//! `KOLLEKTIV_EVERY_CALL` in the environment all of them.

use std::fs;
use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use kollektiv::portfolio::Portfolio;
use kollektiv::portfolio::store::Reader;
use kollektiv::portfolio::verify::verify;
use kollektiv::table::cell::Row;
use kollektiv::table::source::{FileBytes, Source};
use rayon::prelude::*;

use crate::portfolio::book::Book;
use crate::program::project;
use crate::support::{contract, roster};
use crate::system_faults::{EVERY_CALL, register_rows};

/// Small workbooks of three formats.
const WORKBOOKS: [&str; 3] = ["three-people.xlsx", "three-people.ods", "short-records.xlsb"];
/// The bits of a register that the suite flips: every one of so many, which is no multiple of any size in the file.
const REGISTER_STEP: usize = 1009;

/// How flipped bits ended.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Ends {
    same: usize,
    refused: usize,
}

impl Ends {
    fn count(self, name: &str) -> Self {
        let text = format!(
            "{name}: of {} bits {} are refused, {} harmless\n",
            self.same + self.refused,
            self.refused,
            self.same
        );
        std::io::stderr().write_all(text.as_bytes()).unwrap();
        self
    }
}

/// Flips the bits that `at` gives, each in a copy of its own; `read` gives what the bytes are read as, `None` where they are refused.
fn flip<T: PartialEq + Send + Sync>(
    name: &str,
    bytes: &[u8],
    step: usize,
    read: impl Fn(Vec<u8>) -> Option<T> + Sync,
) -> Ends {
    let whole = read(bytes.to_vec());
    assert!(whole.is_some(), "{name} is good");
    let ends: Vec<bool> = (0..bytes.len() * 8)
        .into_par_iter()
        .step_by(step)
        .map(|at| {
            let mut flipped = bytes.to_vec();
            flipped[at / 8] ^= 1 << (at % 8);
            let found = catch_unwind(AssertUnwindSafe(|| read(flipped)));
            let found = found.unwrap_or_else(|_| panic!("{name}: bit {at} panics"));
            assert!(found.is_none() || found == whole, "{name}: with bit {at} it is read as something else");
            found.is_some()
        })
        .collect();
    let same = ends.iter().filter(|same| **same).count();
    Ends { same, refused: ends.len() - same }.count(name)
}

/// The cells of every sheet of a workbook, with what is hidden; `None` where it is refused.
fn cells(bytes: Vec<u8>) -> Option<Vec<String>> {
    let mut source = Source::open(FileBytes::from(bytes), |_| b';').ok()?;
    let mut found = Vec::new();
    for sheet in source.sheets() {
        let mut rows = Vec::new();
        let mut visit = |row: &dyn Row| {
            let cells: Vec<String> = (0..row.width()).map(|column| format!("{:?}", row.cell(column))).collect();
            rows.push(format!("{}: {}", row.number(), cells.join(" ")));
        };
        source.rows_and_hidden(&sheet, &mut visit).ok()?;
        found.push(sheet);
        found.append(&mut rows);
    }
    Some(found)
}

#[test]
fn a_flipped_bit_of_a_workbook_changes_no_cell() {
    for name in WORKBOOKS {
        let bytes = fs::read(project().join("tests/formats").join(name)).unwrap();
        let ends = flip(name, &bytes, 1, cells);
        assert!(ends.refused > bytes.len() * 4, "most bits are those of packed parts: {ends:?}");
    }
}

/// A book of one contract with an endorsement and a payment.
fn book() -> Book {
    let book = Book::new();
    book.bound(
        "T-1",
        &contract()
            .with("roster = 'roster.csv'")
            .with("expense_load = '0.20'")
            .choose("ranges = 'low'")
            .cover("16", ""),
        &roster().aged(40, 3),
    );
    book.paid("T-1", "2026-01-15", "1000.50");
    let changes = book.beside("changes.csv");
    fs::write(&changes, "Вид изменения;ФИО;Дата рождения;Группа риска\nприкрепить;Лаптев Игорь Ильич;19.08.1990;1\n")
        .unwrap();
    let out = book.beside("endorsed");
    let arguments = ["endorse", "T-1", changes.to_str().unwrap(), "--on", "2026-06-01", "--out", out.to_str().unwrap()];
    book.run(&arguments).exits_with(0);
    book
}

#[test]
fn a_flipped_bit_of_a_file_of_a_book_is_found() {
    let book = book();
    let opened = Portfolio::open(&book.folder()).unwrap();
    let files = opened.files().unwrap();
    for id in files.ids().iter() {
        let stored = files.stored(*id).unwrap();
        let bytes = fs::read(opened.file(&stored.name)).unwrap();
        let prove = |bytes: Vec<u8>| {
            let room = tempfile::tempdir().unwrap();
            fs::create_dir(room.path().join("data")).unwrap();
            fs::write(room.path().join("data").join(&stored.name), bytes).unwrap();
            let reader = Reader::open(room.path(), stored).ok()?;
            (0..reader.groups().len()).all(|group| reader.prove(group).is_ok()).then_some(())
        };
        let ends = flip(stored.kind.as_str(), &bytes, 1, prove);
        assert_eq!(ends.same, 0, "every byte is proved");
    }
}

#[test]
fn a_flipped_bit_of_a_register_is_harmless_or_found() {
    let book = book();
    let bytes = fs::read(book.folder().join("register.sqlite")).unwrap();
    let step = if std::env::var_os(EVERY_CALL).is_some() { 1 } else { REGISTER_STEP };
    let read = |bytes: Vec<u8>| {
        let room = tempfile::tempdir().unwrap();
        copy_files(&book.folder(), room.path());
        let path = room.path().join("register.sqlite");
        fs::write(&path, bytes).unwrap();
        let verified = verify(&Portfolio::open(room.path()).ok()?, &()).ok()?;
        (verified.findings.is_empty()).then(|| register_rows(&path))
    };
    let ends = flip("register.sqlite", &bytes, step, read);
    assert!(ends.refused > 0, "{ends:?}");
}

fn copy_files(from: &Path, to: &Path) {
    fs::create_dir(to.join("data")).unwrap();
    for entry in fs::read_dir(from.join("data")).unwrap().map(|entry| entry.unwrap()) {
        fs::hard_link(entry.path(), to.join("data").join(entry.file_name())).unwrap();
    }
}
