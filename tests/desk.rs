//! The underwriter's desk: explain, target, outlook, compare.

mod compare;
mod explain;
mod options;
mod outlook;
pub mod target;

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use kollektiv::tariff::Tariff;
use proptest::prelude::ProptestConfig;

use crate::program::{Table, run, write_contract};
use crate::support::{contract, roster};

static BASE: LazyLock<Tariff> = LazyLock::new(Tariff::base);

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

#[test]
fn every_answer_marks_a_preliminary_premium() {
    let folder = tempfile::tempdir().unwrap();
    let text = contract().with("roster = 'roster.csv'").cover("16", "");
    let file = write_contract(folder.path(), &text, &roster().aged(40, 1).born("1977-01-01", 1).aged(95, 1));
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (file, out) = (file.to_str().unwrap().to_owned(), path("out"));
    let answer_of = |arguments: &[&str]| -> serde_json::Value {
        let printed = run(arguments.iter().chain(&["--json", "-q"])).exits_with(0);
        assert!(printed.err.is_empty(), "{}", printed.err);
        serde_json::from_str(&printed.out).unwrap()
    };
    for question in [
        &["explain", &file, "--age", "40", "--risk", "1"][..],
        &["outlook", &file],
        &["target", &file, "--per-insured", "20000"],
    ] {
        let answer = answer_of(&[question, &["--preliminary"]].concat());
        assert_eq!(answer["status"], "preliminary", "{question:?}");
    }
    let supposed = answer_of(&["explain", &file, "--age", "40", "--risk", "1", "--headcount", "10"]);
    assert!(supposed["status"].is_null());
    // a saved preliminary quote stays preliminary
    run(["quote", &file, "--preliminary", "--out", &out]).exits_with(0);
    let clean = write(folder.path(), "clean.csv", &roster().aged(40, 1).to_string()).to_str().unwrap().to_owned();
    let compare = ["compare", &out, &file, "--after-roster", &clean];
    let answer = answer_of(&compare);
    assert_eq!([&answer["before"]["status"], &answer["after"]["status"]], ["preliminary", "issued"]);
    let printed = run(compare).exits_with(0);
    assert!(printed.out.contains("Предварительный расчёт (было)"), "{}", printed.out);
    assert!(printed.err.contains("Предварительный расчёт"), "{}", printed.err);
    // a census too, without mentioning clean rows
    let counts = contract().with("[[census]]\nage = 40\nrisk_group = 1\ninsured = 3").cover("16", "");
    let census = write(folder.path(), "census.toml", &counts.to_string()).to_str().unwrap().to_owned();
    let of_census = path("census");
    run(["quote", &census, "--out", &of_census]).exits_with(0);
    let printed = run(["compare", &of_census, &of_census]).exits_with(0);
    assert!(printed.err.contains("по численности") && !printed.err.contains("только строки"), "{}", printed.err);
    // standard output has the reason too
    for (question, why) in [
        (&["explain", &file, "--age", "40", "--risk", "1", "--preliminary"][..], "только строки"),
        (&["explain", &file, "--insured", "roster.csv:2", "--preliminary"], "только строки"),
        (&["outlook", &file, "--preliminary"], "только строки"),
        (&["target", &file, "--per-insured", "20000", "--preliminary"], "только строки"),
        (&["outlook", &census], "по численности"),
    ] {
        let printed = run(question).exits_with(0);
        assert!(printed.out.starts_with("Предварительный расчёт") && printed.out.contains(why), "{}", printed.out);
        assert!(!printed.err.contains(why), "one message: {}", printed.err);
    }
    let supposed = run(["explain", &file, "--age", "40", "--risk", "1", "--headcount", "10"]).exits_with(0);
    assert!(!supposed.out.contains("Предварительный"), "{}", supposed.out);
    // the lists too
    let (people, movers) = (path("people.csv"), path("movers.csv"));
    run(compare.iter().chain(&["--people", &people])).exits_with(0);
    let people = Table::open(Path::new(&people));
    let status = people.columns(["status_before", "status_after"]);
    assert!(!status.is_empty() && status.iter().all(|of| *of == ["preliminary", "issued"]), "{status:?}");
    run(["outlook", &file, "--preliminary", "--movers", &movers]).exits_with(0);
    let movers = Table::open(Path::new(&movers));
    let status = movers.columns(["status"]);
    assert!(!status.is_empty() && status.iter().all(|of| *of == ["preliminary"]), "{status:?}");
}

#[test]
fn lists_have_the_permissions_of_other_results() {
    let folder = tempfile::tempdir().unwrap();
    let text = contract().with("roster = 'roster.csv'").cover("16", "");
    let file = write_contract(folder.path(), &text, &roster().aged(40, 1));
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (file, people, movers) = (file.to_str().unwrap().to_owned(), path("people.csv"), path("movers.csv"));
    run(["compare", &file, &file, "--people", &people]).exits_with(0);
    run(["outlook", &file, "--movers", &movers, "--mode", "640"]).exits_with(0);
    let mode = |path: &str| std::fs::metadata(path).unwrap().permissions().mode();
    assert_eq!([people, movers].map(|list| mode(&list) & 0o777), [0o600, 0o640]);
}

/// A file with this text in a folder.
fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path
}
