//! `portfolio show`: the changes that are recorded and have no effect.

use std::fs;

use serde_json::{Value, json};

use super::book::Book;
use crate::support::{contract, roster};

impl Book {
    fn void(&self, more: &[&str]) -> Value {
        let shown = self.run(&[&["portfolio", "show", "T-1", "--json"], more].concat()).exits_with(0);
        serde_json::from_str::<Value>(&shown.out).unwrap()["void"].take()
    }

    fn endorse(&self, rows: &str, on: &str) {
        let list = self.beside("list.csv");
        fs::write(&list, format!("Вид изменения;Таб. №;ФИО;Дата рождения;Группа риска\n{rows}\n")).unwrap();
        let (list, out) = (list.display().to_string(), self.beside("out").display().to_string());
        self.run(&["endorse", "T-1", &list, "--on", on, "--out", &out]).exits_with(0);
    }
}

#[test]
fn changes_without_effect_are_listed_with_their_run_and_row() {
    let book = Book::new();
    let terms = contract().with("roster = 'roster.csv'").with("expense_load = '0.20'").choose("ranges = 'low'");
    book.bound("T-1", &terms.cover("16", ""), &roster().crowd(3));
    book.endorse("открепить;2;;;\nприкрепить;9;Новиков Олег Ильич;01.07.1996;1", "2026-08-01");
    book.endorse("изменить;3;;;2", "2026-09-01");
    assert_eq!(book.void(&[]), json!([]));
    assert!(!book.show("T-1", None).contains("without effect"));
    // an earlier leaver: the one of August has left already
    book.endorse("открепить;2;;;", "2026-07-01");
    let left = json!({ "run": 2, "row": 1, "kind": "left", "from": "2026-08-01" });
    assert_eq!(book.void(&[]), json!([left]));
    // an end before all of them
    book.run(&["terminate", "T-1", "--on", "2026-06-01", "--reason", "agreement"]).exits_with(0);
    let void = json!([
        left,
        { "run": 2, "row": 2, "kind": "joined", "from": "2026-08-01" },
        { "run": 3, "row": 1, "kind": "changed", "from": "2026-09-01" },
        { "run": 4, "row": 1, "kind": "left", "from": "2026-07-01" },
    ]);
    assert_eq!(book.void(&[]), void);
    assert_eq!(book.void(&["--known-at", "4"]), json!([left]), "as known before the end");
    let shown = book.show("T-1", None);
    assert!(shown.contains("Changes without effect: 4"), "{shown}");
    let rows = ["2026-08-01 leave 2 1", "2026-08-01 join 2 2", "2026-09-01 change of data 3 1", "2026-07-01 leave 4 1"];
    let lines: Vec<String> = shown.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    for row in rows {
        assert!(lines.iter().any(|line| line == row), "{row}: {shown}");
    }
    // the end is annulled: they have their effect again; an annulled change is no change
    book.run(&["annul", "5"]).exits_with(0);
    assert_eq!(book.void(&[]), json!([left]));
    book.run(&["annul", "4"]).exits_with(0);
    assert_eq!(book.void(&[]), json!([]));
    // of an annulled contract nothing is left to have an effect
    book.run(&["annul", "1"]).exits_with(0);
    assert_eq!(book.void(&[]), json!([]));
    book.verified();
}
