//! Engines that are missing, fail, die or return wrong results: the book is unchanged.

use std::fs;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::super::book::{Book, change};
use super::super::faults::Book as Content;
use super::tools::script;
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

/// Reprices with a faulty engine; returns standard error.
#[track_caller]
fn refused(book: &Book, engine: &[&str]) -> String {
    let before = Content::read(&book.folder());
    let (run, repriced) = book.reprice("spring", &spring(), engine);
    let message = run.exits_with(1).err;
    assert!(!repriced.folder().exists());
    before.assert_same(&Content::read(&book.folder()), &message);
    let beside = names(&book.beside(""));
    assert!(!beside.iter().any(|name| name.starts_with('.')), "{beside:?}");
    message
}

#[test]
fn a_missing_engine_is_reported_with_the_option_that_names_it() {
    let book = book();
    let message = refused(&book, &["--engine", "duckdb", "--engine-program", "/nowhere/duckdb"]);
    assert!(message.contains("/nowhere/duckdb") && message.contains("--engine-program"), "{message}");
    let message =
        refused(&book, &["--engine", "spark", "--master", "local[1]", "--engine-program", "/nowhere/spark-sql"]);
    assert!(message.contains("SPARK_HOME"), "{message}");
}

#[test]
fn a_failing_engine_is_reported_and_its_output_is_kept() {
    let book = book();
    let program = script(&book.beside("fails"), "echo begun; echo 'Fatal Error: the disk is full' >&2; exit 7");
    let message = refused(&book, &["--engine", "duckdb", "--engine-program", &program]);
    assert!(message.contains("Fatal Error: the disk is full") && message.contains('7'), "{message}");
    assert!(fs::read_to_string(book.beside("kollektiv-duckdb.log")).unwrap().contains("begun"));
    // the report names the engine even if its output cannot be kept
    fs::remove_file(book.beside("kollektiv-duckdb.log")).unwrap();
    fs::create_dir(book.beside("kollektiv-duckdb.log")).unwrap();
    let message = refused(&book, &["--engine", "duckdb", "--engine-program", &program]);
    assert!(
        message.contains("Fatal Error: the disk is full") && !message.contains("kollektiv-duckdb.log"),
        "{message}"
    );
    // an engine that exits with 0 and writes nothing
    let program = script(&book.beside("lazy"), "exit 0");
    let message = refused(&book, &["--engine", "spark", "--master", "local[1]", "--engine-program", &program]);
    assert!(message.contains("spark"), "{message}");
}

#[test]
fn an_engine_without_a_sign_of_life_is_stopped() {
    let book = book();
    // Spark without free executors complains for ever, and its progress stays
    let waits = "for i in 1 2 3 4 5 6 7 8 9; do printf '\\r[Stage 0:> (0 + 0) / 1]'; echo 'WARN Initial job has not accepted any resources' >&2; sleep 1; done";
    let program = script(&book.beside("waits"), waits);
    let began = Instant::now();
    let spark = ["--engine", "spark", "--master", "local[1]", "--engine-program", &program, "--patience", "2"];
    let message = refused(&book, &spark);
    assert!(message.contains("not accepted any resources") && message.contains("--patience"), "{message}");
    assert!(began.elapsed() < Duration::from_secs(8), "{:?}", began.elapsed());
    // one whose tasks end is waited for
    let works = "for i in 1 2 3 4 5; do printf \"\\r[Stage 0:> ($i + 1) / 9]\"; sleep 1; done; exit 7";
    let program = script(&book.beside("works"), works);
    let message =
        refused(&book, &["--engine", "spark", "--master", "local[1]", "--engine-program", &program, "--patience", "2"]);
    assert!(message.contains('7') && !message.contains("--patience"), "{message}");
}

#[test]
fn a_run_killed_with_its_engine_leaves_the_book_unchanged_and_the_next_run_cleans_up() {
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
    run.exits_with(0);
    let left: Vec<String> = names(&book.beside("")).into_iter().filter(|name| name.starts_with('.')).collect();
    assert_eq!(left, [""; 0]);
    book.verified();
}

#[test]
fn contradictory_options_are_reported_before_the_run() {
    let book = book();
    for (words, message) in [
        (&["--engine", "spark"][..], "--master"),
        (&["--master", "spark://host:7077"], "--engine spark"),
        (&["--engine", "duckdb", "--spark-conf", "spark.a=b"], "--spark-conf"),
        (&["--engine", "spark", "--master", "http://host"], "spark://host:port"),
        (&["--engine-work", "/tmp"], "--engine"),
        (&["--engine", "spark", "--master", "local", "--spark-conf", "a=b"], "spark.some.key=value"),
    ] {
        let (run, repriced) = book.reprice("spring", &spring(), words);
        let run = run.exits_with(2);
        assert!(run.err.contains(message), "{words:?}: {}", run.err);
        assert!(!repriced.folder().exists());
    }
    // a name that is a pattern or ends a text in SQL
    let work = book.beside("it's");
    let (run, _) = book.reprice("spring", &spring(), &["--engine", "duckdb", "--engine-work", work.to_str().unwrap()]);
    assert!(run.exits_with(1).err.contains("it's"));
}
