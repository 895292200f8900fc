//! `kollektiv tariff compare`: what differs between two editions, and what the later one would do to contracts and to a book.

use std::fs;
use std::path::PathBuf;

use kollektiv::tariff::Tariff;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::{Run, command};
use crate::support::{contract, roster};
use crate::tariff_faults::without_tests;

/// A folder with two editions: the later one has another base rate of programme 16, another coefficient of 45 to 49 years and no
/// programme 20.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        let old = without_tests(&Tariff::base().source.text).replacen("\"base-1\"", "\"old\"", 1);
        let new = old.replacen("\"old\"", "\"new\"", 1).replacen("\"13.031\"", "\"14.031\"", 1);
        let new = new.replacen("to = 49, coefficient = \"1.10\"", "to = 49, coefficient = \"1.12\"", 1);
        let new = new.replacen("valid_from = 2000-01-01", "valid_from = 2027-01-01", 1);
        fs::create_dir_all(folder.path("tariffs")).unwrap();
        fs::write(folder.path("tariffs/old.toml"), &old).unwrap();
        fs::write(folder.path("tariffs/new.toml"), &new).unwrap();
        let last = new.rfind("[[programme]]").unwrap();
        fs::write(folder.path("short.toml"), new[..last].replacen("\"new\"", "\"short\"", 1)).unwrap();
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn contract(&self, number: &str, programmes: &[&str], ages: &[u16]) {
        let text = contract().with(&format!("roster = \"{number}.csv\""));
        let text = programmes.iter().fold(text, |text, programme| text.cover(programme, ""));
        fs::write(self.path(&format!("{number}.toml")), text.to_string().replace("T-1", number)).unwrap();
        let list = ages.iter().fold(roster(), |list, age| list.aged(*age, 1));
        fs::write(self.path(&format!("{number}.csv")), list.to_string()).unwrap();
    }

    fn run(&self, line: &str) -> Run {
        Run::new(command(line.split(' ')).current_dir(self.0.path()).output().unwrap())
    }

    fn answer(&self, line: &str, code: i32) -> Value {
        serde_json::from_str(&self.run(&format!("{line} --json")).exits_with(code).out).unwrap()
    }
}

fn kopecks(value: &Value) -> i64 {
    value.as_str().unwrap().replace('.', "").parse().unwrap()
}

/// Asserts that every list of sums adds up to the totals.
#[track_caller]
fn assert_closes(effect: &Value) {
    for list in ["programmes", "plans"] {
        for column in ["before", "after", "difference"] {
            let sum: i64 = effect[list].as_array().unwrap().iter().map(|row| kopecks(&row[column])).sum();
            assert_eq!(sum, kopecks(&effect[column]), "{list} {column}");
        }
    }
    let sizes = effect["sizes"].as_array().unwrap();
    assert_eq!(sizes.iter().map(|row| kopecks(&row["difference"])).sum::<i64>(), kopecks(&effect["difference"]));
    assert_eq!(sizes.iter().map(|row| row["contracts"].as_u64().unwrap()).sum::<u64>(), effect["contracts"]);
    assert_eq!(kopecks(&effect["after"]) - kopecks(&effect["before"]), kopecks(&effect["difference"]));
}

#[test]
fn the_difference_is_listed_clause_by_clause() {
    let folder = Folder::new();
    let answer = folder.answer("tariff compare old new --lang en", 0);
    let change = |clause: &str, item: &str, before: &str, after: &str| json!({ "clause": clause, "item": item, "before": before, "after": after });
    let expected =
        json!([change("1", "Base rate, programme 16", "13.031", "14.031"), change("2.2", "Age 45-49", "1.1", "1.12"),]);
    assert_eq!(answer["changes"], expected);
    assert_eq!((&answer["before"]["edition"], &answer["after"]["edition"]), (&"old".into(), &"new".into()));
    assert_eq!(answer["effect"], Value::Null);
    let short = folder.answer("tariff compare new short.toml --lang en", 0);
    let gone = json!({ "clause": "1", "item": "Base rate, programme 20", "before": "8.76", "after": null });
    assert_eq!(short["changes"], json!([gone]));
    let same = folder.run("tariff compare old tariffs/old.toml --lang en").exits_with(0).out;
    assert!(same.contains("do not differ"), "{same}");
    let unknown = folder.run("tariff compare old 2031 --lang en").exits_with(3);
    assert!(unknown.err.contains("`2031`") && unknown.err.contains("`old`, `new`"), "{}", unknown.err);
}

#[test]
fn the_effect_on_contracts_closes_and_names_those_that_rise_most() {
    let folder = Folder::new();
    folder.contract("A", &["16"], &[40]);
    folder.contract("B", &["16", "1"], &[47, 20]);
    folder.contract("C", &["1"], &[30]);
    let answer = folder.answer("tariff compare old new A.toml B.toml C.toml --lang en", 0);
    let effect = &answer["effect"];
    assert_closes(effect);
    // A: 1000 × 1.30 × 1.25 × 13.031 = 21 175.375 and × 14.031 = 22 800.375
    let row = |list: &str, at: usize| &effect[list][at];
    assert_eq!(row("hardest", 1)["code"], "A");
    assert_eq!((&row("hardest", 1)["before"], &row("hardest", 1)["after"]), (&"21175.38".into(), &"22800.38".into()));
    // B, programme 16: × (1.10 and 0.87) before, × (1.12 and 0.87) after; programme 1: 38.74 at 47 years
    assert_eq!((&row("hardest", 0)["code"], &row("hardest", 0)["lines"]), (&"B".into(), &4.into()));
    assert_eq!(effect["hardest"].as_array().unwrap().len(), 2);
    let codes = |list: &str| effect[list].as_array().unwrap().iter().map(|row| row["code"].clone()).collect::<Vec<_>>();
    assert_eq!((codes("programmes"), codes("plans")), (vec!["1".into(), "16".into()], vec!["A".into()]));
    let changes: Vec<&str> =
        effect["sizes"].as_array().unwrap().iter().map(|size| size["change"].as_str().unwrap()).collect();
    assert_eq!(changes, ["the same", "higher by 1–5 %", "higher by 5–10 %"]);
    let text = folder.run("tariff compare old new A.toml B.toml C.toml --lang en").exits_with(0).out;
    assert!(text.contains("21,175.38") && text.contains("22,800.38"), "{text}");
}

#[test]
fn the_effect_on_a_book_is_that_on_its_contracts() {
    let folder = Folder::new();
    folder.contract("A", &["16"], &[40, 47]);
    folder.contract("B", &["16", "20"], &[47, 20]);
    let bound = folder.answer("bind A.toml B.toml --portfolio book", 0);
    let by_book = folder.answer("tariff compare old new --portfolio book", 0);
    assert_closes(&by_book["effect"]);
    assert_eq!(by_book["effect"]["before"], bound["premium"]);
    let by_files = folder.answer("tariff compare old new A.toml B.toml", 0);
    assert_eq!(by_book["effect"], by_files["effect"]);
    // the question changes nothing
    folder.run("portfolio verify --portfolio book").exits_with(0);
    let back = folder.answer("tariff compare new old --portfolio book", 0);
    assert_eq!(kopecks(&back["effect"]["difference"]), -kopecks(&by_book["effect"]["difference"]));
    assert_eq!(back["effect"]["hardest"], json!([]));
}

#[test]
fn contracts_that_an_edition_does_not_price_are_set_aside() {
    let folder = Folder::new();
    folder.contract("A", &["16"], &[40]);
    folder.contract("B", &["20"], &[40]);
    for line in ["tariff compare old short.toml A.toml B.toml", "tariff compare old short.toml --portfolio book"] {
        if line.ends_with("book") {
            folder.run("bind A.toml B.toml --portfolio book").exits_with(0);
        }
        let run = folder.run(&format!("{line} --lang en --json")).exits_with(4);
        assert!(run.err.contains("`20`") || run.err.contains("20"), "{}", run.err);
        let answer: Value = serde_json::from_str(&run.out).unwrap();
        assert_eq!((&answer["effect"]["contracts"], &answer["effect"]["set_aside"]), (&1.into(), &1.into()));
        assert_closes(&answer["effect"]);
    }
}
