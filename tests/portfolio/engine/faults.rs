//! Engines that are missing, fail, die, or say what is not so: the book is as it was.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::super::book::{Book, change};
use super::super::faults::Book as Content;
use super::{crowd, plain, tools};
use crate::program::{command, names};
use crate::support::contract;

/// A book with two contracts.
fn book() -> Book {
    let book = Book::new();
    for number in ["N-1", "N-2"] {
        book.bound(number, &plain(contract().with("roster = \"roster.csv\"")), &crowd(30));
    }
    book
}

fn spring() -> String {
    change("spring", "2026-04-05", &[("16", "1.1237")])
}

/// A program that a shell runs.
fn script(path: &Path, text: &str) -> String {
    fs::write(path, format!("#!/bin/sh\n{text}\n")).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    path.to_string_lossy().into_owned()
}

/// Reprices by an engine that does not do as it should; what is said.
#[track_caller]
fn refused(book: &Book, engine: &[&str]) -> String {
    let before = Content::read(&book.folder());
    let (run, repriced) = book.reprice("spring", &spring(), engine);
    let said = run.ended(1).err;
    assert!(!repriced.folder().exists());
    before.assert_same(&Content::read(&book.folder()), &said);
    let beside = names(&book.beside(""));
    assert!(!beside.iter().any(|name| name.starts_with('.')), "{beside:?}");
    said
}

#[test]
fn an_engine_that_is_not_there_is_asked_for() {
    let book = book();
    let said = refused(&book, &["--engine", "duckdb", "--engine-program", "/nowhere/duckdb"]);
    assert!(said.contains("/nowhere/duckdb") && said.contains("--engine-program"), "{said}");
    let said = refused(&book, &["--engine", "spark", "--master", "local[1]", "--engine-program", "/nowhere/spark-sql"]);
    assert!(said.contains("SPARK_HOME"), "{said}");
}

#[test]
fn an_engine_that_fails_is_told_of_and_its_words_are_kept() {
    let book = book();
    let program = script(&book.beside("fails"), "echo begun; echo 'Fatal Error: the disk is full' >&2; exit 7");
    let said = refused(&book, &["--engine", "duckdb", "--engine-program", &program]);
    assert!(said.contains("Fatal Error: the disk is full") && said.contains('7'), "{said}");
    assert!(fs::read_to_string(book.beside("kollektiv-duckdb.log")).unwrap().contains("begun"));
    // where the words cannot be kept, the fault is the engine's all the same
    fs::remove_file(book.beside("kollektiv-duckdb.log")).unwrap();
    fs::create_dir(book.beside("kollektiv-duckdb.log")).unwrap();
    let said = refused(&book, &["--engine", "duckdb", "--engine-program", &program]);
    assert!(said.contains("Fatal Error: the disk is full") && !said.contains("kollektiv-duckdb.log"), "{said}");
    // one that says that all is well and has written nothing
    let program = script(&book.beside("lazy"), "exit 0");
    let said = refused(&book, &["--engine", "spark", "--master", "local[1]", "--engine-program", &program]);
    assert!(said.contains("spark"), "{said}");
}

#[test]
fn an_engine_that_says_what_is_not_so_is_found_out() {
    let Some(engine) = tools::duckdb() else { return };
    let book = book();
    for edit in [
        // another product, a line too few, a line twice, other sums, a contract too few, nothing at all
        "s/of_days \\* step_high/of_days * step_high * 2/",
        "s/^WHERE repriced$/WHERE repriced AND place > 3/",
        "s/^FROM doubled/FROM (FROM doubled UNION ALL (FROM doubled LIMIT 1))/",
        "s/count(\\*) AS lines/count(*) + 1 AS lines/",
        "s/greatest(amount, 0)/greatest(amount, 0) + 1/",
        "s/^FROM line JOIN cube ON /FROM line JOIN cube ON contract > 0 AND /",
        "s/^FROM dated/FROM dated WHERE false/",
        "s/ORDER BY contract, place/ORDER BY place, contract DESC/",
    ] {
        let program = script(&book.beside("liar"), &format!("sed '{edit}' | exec {engine} \"$@\""));
        let said = refused(&book, &["--engine", "duckdb", "--engine-program", &program]);
        assert!(said.contains("portfolio") && !said.contains("has not done its work"), "{edit}: {said}");
    }
    let (run, _) = book.reprice("spring", &spring(), &["--engine", "duckdb", "--engine-program", &engine]);
    run.ended(0);
    book.verified();
}

#[test]
fn a_run_that_is_killed_with_its_engine_leaves_the_book_and_the_next_sweeps_up() {
    let Some(engine) = tools::duckdb() else { return };
    let book = book();
    let before = Content::read(&book.folder());
    let (file, out, folder) = (book.beside("spring.toml"), book.beside("spring-result"), book.folder());
    fs::write(&file, spring()).unwrap();
    let program = script(&book.beside("sleeps"), "touch begun; exec sleep 20");
    let words = ["reprice".as_ref(), file.as_os_str(), "--out".as_ref(), out.as_os_str(), "--portfolio".as_ref()];
    let mut run =
        command(words).arg(&folder).args(["--engine", "duckdb", "--engine-program", &program]).spawn().unwrap();
    let begun = |beside: &Path| {
        let rooms = names(beside).into_iter().filter(|name| name.starts_with(".kollektiv-engine-"));
        rooms.map(|room| beside.join(room).join("begun")).any(|path| path.exists())
    };
    let since = Instant::now();
    while !begun(&book.beside("")) {
        assert!(since.elapsed() < Duration::from_mins(1), "the engine is started");
        sleep(Duration::from_millis(20));
    }
    run.kill().unwrap();
    run.wait().unwrap();
    before.assert_same(&Content::read(&book.folder()), "killed");
    let (run, _) = book.reprice("spring", &spring(), &["--engine", "duckdb", "--engine-program", &engine]);
    run.ended(0);
    let left: Vec<String> = names(&book.beside("")).into_iter().filter(|name| name.starts_with('.')).collect();
    assert_eq!(left, [""; 0]);
    book.verified();
}

#[test]
fn what_does_not_go_together_is_said_before_anything_is_done() {
    let book = book();
    for (words, says) in [
        (&["--engine", "spark"][..], "--master"),
        (&["--master", "spark://host:7077"], "--engine spark"),
        (&["--engine", "duckdb", "--spark-conf", "spark.a=b"], "--spark-conf"),
        (&["--engine", "spark", "--master", "http://host"], "spark://host:port"),
        (&["--engine-work", "/tmp"], "--engine"),
        (&["--engine", "spark", "--master", "local", "--spark-conf", "a=b"], "spark.some.key=value"),
    ] {
        let (run, repriced) = book.reprice("spring", &spring(), words);
        let run = run.ended(2);
        assert!(run.err.contains(says), "{words:?}: {}", run.err);
        assert!(!repriced.folder().exists());
    }
    // a name that would be a pattern, or the end of a text
    let work = book.beside("it's");
    let (run, _) = book.reprice("spring", &spring(), &["--engine", "duckdb", "--engine-work", work.to_str().unwrap()]);
    assert!(run.ended(1).err.contains("it's"));
}
