//! A book of many small files, as left by many runs: only the files in use are open at once.

use std::process::Command;

use super::{Office, ran};
use crate::clinics::sample::sample;
use crate::program::{PROGRAM, Table};

/// More files than a process may open.
const RUNS: usize = 100;
const OPEN_AT_ONCE: usize = 96;

/// The program with a limit of open files and two threads.
fn limited(office: &Office, arguments: &[&str]) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", &format!("ulimit -n {OPEN_AT_ONCE}; exec \"$0\" \"$@\""), PROGRAM]);
    command.args(arguments).args(["--portfolio", "book", "--lang", "en", "--quiet"]);
    command.env("RAYON_NUM_THREADS", "2").current_dir(office.path(""));
    command
}

#[test]
fn a_book_with_more_files_than_the_limit_of_open_files_is_repriced_verified_and_shown() {
    let office = Office::new(&[3; RUNS]);
    for place in 1..=RUNS {
        office.run(&["bind", &format!("contract-{place}/contract.toml")], "book").exits_with(0);
    }
    assert!(office.book("book").data.len() > OPEN_AT_ONCE);
    ran(limited(&office, &["reprice", "change.toml", "--out", "out"])).exits_with(0);
    let contracts = Table::open(&office.path("out/contracts.csv"));
    assert_eq!(contracts.rows.len(), RUNS);
    assert!(contracts.columns(["status"]).iter().all(|status| *status == ["repriced"]));
    ran(limited(&office, &["portfolio", "verify"])).exits_with(0);
    ran(limited(&office, &["cube", "--out", "cube"])).exits_with(0);
    let clinics = sample("clinics.toml");
    let on = ["--as-of", "2026-02-01", "--clinics", clinics.to_str().unwrap(), "--out", "loyalty"];
    ran(limited(&office, &[&["clinics", "loyalty"], on.as_slice()].concat())).exits_with(0);
    // all are insured on that day
    assert_eq!(Table::open(&office.path("loyalty/loyalty.csv")).rows.len(), 3 * RUNS);
}
