//! A repricing in parts: where they end depends on the book alone, and each has a file of its own in the result and in the book.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use super::book::{Book, change};
use crate::program::files;
use crate::support::{contract, roster};

/// The number of batches of a part: a run of `bind` begins a batch.
const BATCHES_PER_PART: usize = 64;

/// A book of more batches than a part has.
pub fn book_of_two_parts() -> Book {
    let book = Book::new();
    let text = contract().with("roster = \"roster.csv\"").cover("16", "").cover("8", "");
    for place in 1..=BATCHES_PER_PART + 3 {
        book.bound(&format!("P-{place:03}"), &text, &roster().crowd(2 + place % 3));
    }
    book
}

/// The files of a folder of Parquet by their contents.
fn contents(folder: &Path, begin: &str) -> BTreeMap<Vec<u8>, String> {
    let named = files(folder).into_iter().filter(|(name, _)| name.starts_with(begin));
    named.map(|(name, bytes)| (bytes, name)).collect()
}

#[test]
fn a_part_has_one_file_in_the_result_and_in_the_book() {
    let book = book_of_two_parts();
    let spring = change("spring", "2026-04-05", &[("16", "1.1237")]);
    let (run, one) = book.reprice("one", &spring, &["--dry-run", "--threads", "1"]);
    run.exits_with(0);
    let (run, two) = book.reprice("two", &spring, &["--threads", "2"]);
    run.exits_with(0);
    assert!(files(one.folder()) == files(two.folder()), "threads make no difference");
    let lines = contents(two.folder(), "lines");
    assert_eq!(lines.len(), 2);
    assert!(
        ["part-00001.parquet", "part-00002.parquet"]
            .iter()
            .all(|name| { two.folder().join("lines.parquet").join(name).is_file() })
    );
    let kept = contents(&book.folder().join("data"), "repriced");
    assert!(kept.keys().eq(lines.keys()), "the book has the same bytes");
    for (bytes, name) in &kept {
        let [own, result] = [book.folder().join("data").join(name), two.folder().join(&lines[bytes])]
            .map(|path| fs::metadata(path).unwrap());
        assert_eq!((own.dev(), own.ino()), (result.dev(), result.ino()), "{name} is not copied");
        assert_eq!(own.permissions().mode() & 0o222, 0, "{name} cannot be written to under its other name");
    }
    book.verified();
    let (run, again) = book.reprice("again", &spring, &[]);
    run.exits_with(0);
    assert!(files(again.folder()) == files(two.folder()));
    book.verified();
}
