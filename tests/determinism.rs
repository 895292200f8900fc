//! The same inputs give the same bytes, whatever the folder, the clock, the environment and the number of threads.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::program::{Run, command, complete_manifest, files, project, write_contract};
use crate::support::{contract, roster};

/// The files of a quote, run from its own working folder.
fn quoted(inputs: &Path, more: &[&str], environment: &[(&str, &str)], code: i32) -> BTreeMap<String, Vec<u8>> {
    let mut command = command(["quote", "contract.toml", "--out", "result"]);
    command.args(more).current_dir(inputs).envs(environment.iter().copied());
    Run::new(command.output().unwrap()).exits_with(code);
    complete_manifest(&inputs.join("result"));
    files(&inputs.join("result"))
}

/// Copies the files of a folder in another order and with other times.
fn copy_inputs(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for (name, bytes) in files(from).into_iter().rev() {
        fs::write(to.join(name), bytes).unwrap();
    }
}

fn assert_same(inputs: &Path, name: &str, more: &[&str], code: i32) {
    let folder = tempfile::tempdir().unwrap();
    let [first, second] = ["a", "further/down/b"].map(|place| folder.path().join(place));
    copy_inputs(inputs, &first);
    let one = quoted(&first, &[more, &["--threads", "1"]].concat(), &[("TZ", "UTC"), ("LANG", "C")], code);
    // a zip stores times in steps of two seconds
    std::thread::sleep(Duration::from_millis(2100));
    copy_inputs(inputs, &second);
    let environment = [("TZ", "Asia/Kamchatka"), ("LANG", "ru_RU.UTF-8"), ("HOME", "/nowhere"), ("COLUMNS", "40")];
    for threads in [&["--threads", "2"][..], &["--threads", "7"], &[]] {
        let other = quoted(&second, &[more, threads].concat(), &environment, code);
        assert!(one.keys().eq(other.keys()), "{name}");
        for (file, bytes) in &one {
            assert!(*bytes == other[file], "{name}: {file} with {threads:?} is not what it is with one thread");
        }
    }
}

#[test]
fn a_large_contract_gives_the_same_bytes_every_time() {
    assert_same(&project().join("samples/zavod"), "zavod", &["--documents", "xlsx,html"], 0);
}

#[test]
fn a_roster_with_mistakes_gives_the_same_bytes_every_time() {
    assert_same(&project().join("samples/mistakes"), "mistakes", &[], 3);
    assert_same(&project().join("samples/mistakes"), "mistakes, preliminary", &["--preliminary"], 0);
}

#[test]
fn a_roster_that_is_processed_in_many_parts_gives_the_same_bytes_every_time() {
    const INSURED: usize = 140_000;
    let folder = tempfile::tempdir().unwrap();
    let terms = contract()
        .with("roster = \"roster.csv\"\ninstalments = [2026-01-01, 2026-05-17]")
        .plan("A")
        .cover("16", "exclude = ['dental']")
        .plan("B")
        .cover("16", "")
        .cover("8", "");
    write_contract(folder.path(), &terms, &roster());
    let mut rows = roster().to_string();
    for at in 0..INSURED {
        let (year, month, day) = (1950 + at * 7 % 60, 1 + at % 12, 1 + at % 28);
        let plan = if at % 3 == 0 { "B" } else { "A" };
        // some insured without a birth date, listed twice, without a risk group, with own days
        let birth = if at % 5003 == 17 { String::new() } else { format!("{day:02}.{month:02}.{year}") };
        let name = if at % 7001 == 3 { at - 1 } else { at };
        let risk = if at % 9001 == 5 { 9 } else { at % 5 };
        let from = if at % 11 == 0 { format!("{day:02}.{month:02}.2026") } else { String::new() };
        writeln!(rows, "{at};Иванов Пётр {name};{birth};{risk};{plan};;{from};").unwrap();
    }
    fs::write(folder.path().join("roster.csv"), rows).unwrap();
    assert_same(folder.path(), "many parts", &["--preliminary"], 0);
}
