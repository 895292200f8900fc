//! A repricing by workers: the same bytes as by the program itself, and every lie of a worker is found by the check for it.

mod liars;
mod spark;

use std::fs;
use std::path::{Path, PathBuf};

use super::book::{Book, change};
use super::faults::Book as Content;
use super::parts::book_of_two_parts;
use crate::program::{PROGRAM, Run, files};
use crate::support::{contract, roster};

/// A price change that raises one programme and lowers another.
pub fn spring() -> String {
    change("spring", "2026-04-05", &[("16", "1.1237"), ("8", "0.9")])
}

/// A book of two contracts in one part, whose lines differ in their sums insured.
pub fn small_book() -> Book {
    let book = Book::new();
    for (number, insured) in [("W-1", 12), ("W-2", 30)] {
        let text = contract().with("roster = \"roster.csv\"\nprice_decrease = \"credit\"");
        let text = text.plan("A").cover("16", "").plan("B").cover("8", "");
        let people = (0..insured).fold(roster(), |roster, at: u16| {
            let plan = if at % 3 == 2 { "B" } else { "A" };
            roster.aged(20 + at, 1).on(plan).with_sum(&format!("{}.17", 50_000 + 1_000 * u32::from(at)))
        });
        book.bound(number, &text, &people);
    }
    book
}

/// A program for workers: a script with `WORK` for the call of the program.
pub fn script(book: &Book, name: &str, text: &str) -> PathBuf {
    let path = book.beside(name);
    fs::write(&path, format!("#!/bin/sh\n{}\n", text.replace("WORK", &format!("'{PROGRAM}' \"$@\"")))).unwrap();
    fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    path
}

/// The folders of runs beside a book.
pub fn work_folders(book: &Book) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(book.beside("")).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| path.file_name().unwrap().to_string_lossy().starts_with(".kollektiv-"));
    found
}

/// Asserts that two results are equal, file by file.
#[track_caller]
pub fn assert_equal(own: &Path, other: &Path) {
    let (expected, found) = (files(own), files(other));
    assert!(expected.keys().eq(found.keys()), "{:?} {:?}", expected.keys(), found.keys());
    for (name, bytes) in &expected {
        assert!(found[name] == *bytes, "{name}");
    }
}

/// Reprices the small book with a script as the program of one worker.
fn reprice_by(book: &Book, program: &Path, more: &[&str]) -> Run {
    let words = ["--workers", "1", "--worker-program", program.to_str().unwrap()];
    book.reprice("spring", &spring(), &[&words, more].concat()).0
}

#[test]
fn any_number_of_workers_gives_the_same_bytes() {
    let (own, other) = (book_of_two_parts(), book_of_two_parts());
    for (name, coefficient, day) in [("one", "1.1237", "2026-04-05"), ("four", "0.9", "2026-06-01")] {
        let change = change(name, day, &[("16", coefficient)]);
        let (run, expected) = own.reprice(name, &change, &[]);
        run.exits_with(0);
        let workers = if name == "one" { "1" } else { "4" };
        let (run, dry) = other.reprice(&format!("{name}-dry"), &change, &["--workers", workers, "--dry-run"]);
        run.exits_with(0);
        assert_equal(expected.folder(), dry.folder());
        let (run, found) = other.reprice(name, &change, &["--workers", workers]);
        run.exits_with(0);
        assert_equal(expected.folder(), found.folder());
        assert!(work_folders(&other).is_empty(), "nothing is left");
    }
    Content::read(&own.folder()).assert_same(&Content::read(&other.folder()), "the books");
    other.verified();
}

#[test]
fn a_worker_that_fails_is_started_again() {
    let book = small_book();
    let (run, own) = book.reprice("own", &spring(), &["--dry-run"]);
    run.exits_with(0);
    // fails twice, and is killed once
    let failing = "f=\"$6/failures\"; echo >> \"$f\"; n=$(wc -l < \"$f\"); \
                   [ $n -lt 3 ] && exit 1; [ $n = 3 ] && kill -9 $$; WORK";
    let program = script(&book, "failing", failing);
    reprice_by(&book, &program, &[]).exits_with(0);
    assert_equal(own.folder(), &book.beside("spring-result"));
    book.verified();
}

#[test]
fn a_run_without_workers_ends_by_itself_and_the_same_command_takes_up_what_is_there() {
    let book = book_of_two_parts();
    let before = Content::read(&book.folder());
    let (run, own) = book.reprice("own", &spring(), &["--dry-run"]);
    run.exits_with(0);
    // the first part is made, the second never ends
    let hanging = script(&book, "hanging", "case \"$2\" in *00002.json) exec sleep 600;; esac; WORK");
    let run = reprice_by(&book, &hanging, &["--patience", "2"]).exits_with(1);
    assert!(run.err.contains("1 of 2 are missing"), "{}", run.err);
    Content::read(&book.folder()).assert_same(&before, "the book is as before");
    assert_eq!(work_folders(&book).len(), 1);
    // the part that is there is not made again
    let second = script(&book, "second", "case \"$2\" in *00001.json) exit 1;; esac; WORK");
    reprice_by(&book, &second, &[]).exits_with(0);
    assert_equal(own.folder(), &book.beside("spring-result"));
    assert!(work_folders(&book).is_empty());
    book.verified();
}

#[test]
fn a_part_that_always_fails_ends_the_run_with_the_workers_message() {
    let book = small_book();
    let before = Content::read(&book.folder());
    let program = script(&book, "broken", "echo 'Error: no memory' >&2; exit 7");
    let run = reprice_by(&book, &program, &[]).exits_with(1);
    assert!(run.err.contains("part 1 has failed 4 times") && run.err.contains("no memory"), "{}", run.err);
    Content::read(&book.folder()).assert_same(&before, "the book is as before");
}

#[test]
fn a_commit_fails_where_another_process_has_taken_the_book() {
    let book = small_book();
    let before = Content::read(&book.folder());
    // another machine takes the book while the workers work, as on a file system whose locks it does not see
    let program = script(&book, "taker", "printf 'bind, 7\nlease 99\n' > \"$4/lock\"; WORK");
    let run = reprice_by(&book, &program, &[]).exits_with(1);
    assert!(run.err.contains("bind, 7"), "{}", run.err);
    Content::read(&book.folder()).assert_same(&before, "the book is as before");
    // and ends
    reprice_by(&book, &script(&book, "honest", "WORK"), &[]).exits_with(0);
    assert!(fs::read_to_string(book.folder().join("lock")).unwrap().contains("lease 100"));
    book.verified();
}
