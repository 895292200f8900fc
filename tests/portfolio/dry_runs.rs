//! Dry runs: each command gives the answer of the run itself, and the book stays as it was.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use super::book::{Book, change};
use crate::support::{contract_over, roster};

/// The bytes of the files of a folder and of those below it, without the shared files of SQLite.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        if entry.path().is_dir() {
            found.extend(files(&entry.path()).into_iter().map(|(below, bytes)| (format!("{name}/{below}"), bytes)));
        } else if !name.starts_with("register.sqlite-") {
            found.insert(name, fs::read(entry.path()).unwrap());
        }
    }
    found
}

/// The answer of a command, without the mark of a dry run and the folder of the result.
fn answer(book: &Book, arguments: &[&str]) -> Value {
    let run = book.run(&[arguments, &["--json"]].concat());
    assert!(matches!(run.code, Some(0 | 4)), "{arguments:?}\n{}", run.err);
    let mut answer: Value = serde_json::from_str(&run.out).unwrap_or_else(|fault| panic!("{fault}\n{}", run.out));
    for key in ["dry_run", "out"] {
        answer.as_object_mut().unwrap().remove(key);
    }
    answer
}

fn terms() -> crate::support::ContractText {
    contract_over("2026-01-01", "2026-12-31").with("roster = 'roster.csv'").with("expense_load = '0.20'")
}

#[test]
fn a_dry_run_of_each_command_has_its_answer_and_leaves_the_book_unchanged() {
    let book = Book::new();
    let one = book.contract("T-1", &terms().cover("16", ""), &roster().crowd(3));
    let old = book.contract("OLD", &terms().cover("16", ""), &roster().aged(85, 1));
    let write = |name: &str, text: &str| {
        let path = book.beside(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let payments = write("payments.csv", "number,date,amount\nT-1,2026-01-10,20000.00\nNONE,2026-01-10,1.00\n");
    let list = write("changes.csv", "Вид изменения;Таб. №\nоткрепить;2\n");
    let prices = write("dearer.toml", &change("dearer", "2026-06-01", &[("16", "1.12")]));
    let [one, old] = [&one, &old].map(|path| path.to_str().unwrap());
    let (endorsed, repriced) = (book.beside("endorsed"), book.beside("repriced"));
    let [endorsed, repriced] = [&endorsed, &repriced].map(|path| path.to_str().unwrap());
    let commands: [&[&str]; 7] = [
        &["bind", one, old],
        &["pay", &payments],
        &["endorse", "T-1", &list, "--on", "2026-08-01", "--out", endorsed],
        &["reprice", &prices, "--out", repriced],
        &["annul", "3"],
        &["terminate", "T-1", "--on", "2026-11-01", "--reason", "agreement"],
        &["refuse", "T-1", "--change", "dearer"],
    ];
    for command in commands {
        let before = book.folder().exists().then(|| files(&book.folder()));
        // a contract ends once: its refusal is tried before its termination is true
        let dry = answer(&book, &[command, &["--dry-run"]].concat());
        assert_eq!(before, book.folder().exists().then(|| files(&book.folder())), "{command:?}");
        if command[0] == "terminate" {
            continue;
        }
        assert_eq!(dry, answer(&book, command), "{command:?}");
        assert_ne!(before, Some(files(&book.folder())), "{command:?}");
        book.verified();
    }
}

#[test]
fn a_dry_run_of_bind_names_what_would_be_set_aside() {
    let book = Book::new();
    book.bound("T-1", &terms().cover("16", ""), &roster().crowd(3));
    let same = book.contract("T-1", &terms().cover("16", ""), &roster().crowd(3));
    let new = book.contract("T-2", &terms().cover("8", ""), &roster().crowd(2));
    let other = book.contract("other", &terms().cover("8", ""), &roster().crowd(2));
    fs::write(&other, fs::read_to_string(&other).unwrap().replace("\"other\"", "\"T-1\"")).unwrap();
    let [same, new, other] = [&same, &new, &other].map(|path| path.to_str().unwrap());
    let before = files(&book.folder());
    let run = book.run(&["bind", same, new, "--dry-run"]).exits_with(0);
    assert!(run.out.contains("bound: 1") && run.out.contains("in the portfolio already: 1"), "{}", run.out);
    let run = book.run(&["bind", other, new, "--dry-run"]).exits_with(4);
    assert!(run.err.contains("another contract is in force under the number `T-1`"), "{}", run.err);
    assert_eq!(files(&book.folder()), before);
    // where a book cannot be, the run itself would not make one
    fs::remove_dir_all(book.folder()).unwrap();
    fs::create_dir(book.folder()).unwrap();
    fs::write(book.folder().join("notes.txt"), "mine").unwrap();
    let run = book.run(&["bind", new, "--dry-run"]).exits_with(3);
    assert!(run.err.contains("notes.txt"), "{}", run.err);
    assert_eq!(files(&book.folder()).len(), 1);
}
