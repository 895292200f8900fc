//! The underwriter's desk: explain, target, outlook, compare.

mod compare;
mod explain;
mod outlook;
mod target;

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use kollektiv::tariff::Tariff;
use proptest::prelude::ProptestConfig;

use crate::program::{Table, put, run};
use crate::support::{contract, roster};

static BASE: LazyLock<Tariff> = LazyLock::new(Tariff::base);

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

#[test]
fn every_answer_says_whether_the_premium_is_preliminary() {
    let folder = tempfile::tempdir().unwrap();
    let text = contract().with("roster = 'roster.csv'").cover("16", "");
    let file = put(folder.path(), &text, &roster().aged(40, 1).born("1977-01-01", 1).aged(95, 1));
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (file, out) = (file.to_str().unwrap().to_owned(), path("out"));
    let told = |arguments: &[&str]| -> serde_json::Value {
        let shown = run(arguments.iter().chain(&["--json", "-q"])).ended(0);
        assert!(shown.err.is_empty(), "{}", shown.err);
        serde_json::from_str(&shown.out).unwrap()
    };
    for question in [
        &["explain", &file, "--age", "40", "--risk", "1"][..],
        &["outlook", &file],
        &["target", &file, "--per-insured", "20000"],
    ] {
        let answer = told(&[question, &["--preliminary"]].concat());
        assert_eq!(answer["status"], "preliminary", "{question:?}");
    }
    let supposed = told(&["explain", &file, "--age", "40", "--risk", "1", "--headcount", "10"]);
    assert!(supposed["status"].is_null());
    // a quote that was written as preliminary stays so
    run(["quote", &file, "--preliminary", "--out", &out]).ended(0);
    let clean = write(folder.path(), "clean.csv", &roster().aged(40, 1).to_string()).to_str().unwrap().to_owned();
    let compare = ["compare", &out, &file, "--after-roster", &clean];
    let answer = told(&compare);
    assert_eq!([&answer["before"]["status"], &answer["after"]["status"]], ["preliminary", "issued"]);
    let shown = run(compare).ended(0);
    assert!(shown.out.contains("Предварительный расчёт (было)"), "{}", shown.out);
    assert!(shown.err.contains("Предварительный расчёт"), "{}", shown.err);
    // and so does a census, for which nobody speaks of clean rows
    let counts = contract().with("[[census]]\nage = 40\nrisk_group = 1\ninsured = 3").cover("16", "");
    let census = write(folder.path(), "census.toml", &counts.to_string()).to_str().unwrap().to_owned();
    let of_census = path("census");
    run(["quote", &census, "--out", &of_census]).ended(0);
    let shown = run(["compare", &of_census, &of_census]).ended(0);
    assert!(shown.err.contains("по численности") && !shown.err.contains("только строки"), "{}", shown.err);
    // the reader of standard output alone is told why
    for (question, why) in [
        (&["explain", &file, "--age", "40", "--risk", "1", "--preliminary"][..], "только строки"),
        (&["explain", &file, "--insured", "roster.csv:2", "--preliminary"], "только строки"),
        (&["outlook", &file, "--preliminary"], "только строки"),
        (&["target", &file, "--per-insured", "20000", "--preliminary"], "только строки"),
        (&["outlook", &census], "по численности"),
    ] {
        let shown = run(question).ended(0);
        assert!(shown.out.starts_with("Предварительный расчёт") && shown.out.contains(why), "{}", shown.out);
        assert!(shown.err.is_empty(), "said once: {}", shown.err);
    }
    let supposed = run(["explain", &file, "--age", "40", "--risk", "1", "--headcount", "10"]).ended(0);
    assert!(!supposed.out.contains("Предварительный"), "{}", supposed.out);
    // and so do the lists
    let (people, movers) = (path("people.csv"), path("movers.csv"));
    run(compare.iter().chain(&["--people", &people])).ended(0);
    let people = Table::open(Path::new(&people));
    let status = people.columns(["status_before", "status_after"]);
    assert!(!status.is_empty() && status.iter().all(|of| *of == ["preliminary", "issued"]), "{status:?}");
    run(["outlook", &file, "--preliminary", "--movers", &movers]).ended(0);
    let movers = Table::open(Path::new(&movers));
    let status = movers.columns(["status"]);
    assert!(!status.is_empty() && status.iter().all(|of| *of == ["preliminary"]), "{status:?}");
}

#[test]
fn lists_may_be_read_by_whom_other_files_may_be_read_by() {
    let folder = tempfile::tempdir().unwrap();
    let text = contract().with("roster = 'roster.csv'").cover("16", "");
    let file = put(folder.path(), &text, &roster().aged(40, 1));
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (file, people, movers) = (file.to_str().unwrap().to_owned(), path("people.csv"), path("movers.csv"));
    run(["compare", &file, &file, "--people", &people]).ended(0);
    run(["outlook", &file, "--movers", &movers]).ended(0);
    let mode = |path: &str| std::fs::metadata(path).unwrap().permissions().mode();
    for list in [people, movers] {
        assert_eq!(mode(&list), mode(&file), "{list}");
    }
}

/// A file with this text in a folder.
fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path
}
