//! A price change of an earlier day than one in the book, by the program (`I31`): its files, its letters, a dry run, and the same again.

use std::fs;

use serde_json::Value;

use super::book::{Book, change};
use crate::offer::text;
use crate::program::files;
use crate::support::{contract, roster};

/// Two contracts of one insured for 15637.20 each; the later change, from September, leaves out the second one.
fn book() -> Book {
    let book = Book::new();
    for number in ["N-1", "N-2"] {
        let terms = contract().with("roster = 'roster.csv'").with("expense_load = '0.20'").choose("ranges = 'low'");
        book.bound(number, &terms.cover("16", ""), &roster().aged(40, 1));
        book.paid(number, "2026-01-15", "15637.20");
    }
    let later = format!("except = ['N-2']\n{}", change("later", "2026-09-01", &[("16", "1.5")]));
    book.reprice("later", &later, &[]).0.exits_with(0);
    book
}

fn earlier() -> String {
    change("earlier", "2026-05-01", &[("16", "1.12")])
}

#[test]
fn i31_the_result_of_an_earlier_change_states_it_and_what_it_makes_of_the_later_one() {
    let book = book();
    let register = fs::read(book.folder().join("register.sqlite")).unwrap();
    let options = ["--notices", "--documents", "xlsx,html", "--json"];
    let (dry, dry_result) = book.reprice("earlier", &earlier(), &[&options[..], &["--dry-run"]].concat());
    dry.exits_with(0);
    let dry_files = files(dry_result.folder());
    assert_eq!(fs::read(book.folder().join("register.sqlite")).unwrap(), register, "a dry run");
    let (run, result) = book.reprice("earlier", &earlier(), &options);
    let run = run.exits_with(0);
    assert!(run.err.contains("worked out again"), "{}", run.err);
    let answer: Value = serde_json::from_str(&run.out).unwrap();
    // 2 × 0.12 × 15637.20 × 245 / 365 = 2 × 1259.54; of N-1 0.5 × 1.12 instead of 0.5: 2926.94 − 2613.34
    assert_eq!([&answer["additional"], &answer["worked_out_again"]], ["2519.08", "313.60"]);
    assert_eq!(answer["refolded"], 1);
    // 2 × 15637.20 + 2613.34, then + 2519.08 + 313.60
    assert_eq!([&answer["written_before"], &answer["written_after"]], ["33887.74", "36720.42"]);
    assert_eq!(result.impact()["written"]["after"], "36720.42");
    let columns = ["additional", "unexpired", "refund_if_refused", "status"];
    // a refusal ends each contract on 1 May, without the later change: 15637.20 × 245 / 365 = 10496.20, × 0.80 = 8396.96
    for number in ["N-1", "N-2"] {
        assert_eq!(result.row(number, columns), ["1259.54", "10496.20", "8396.96", "repriced"], "{number}");
    }
    let reasons = ["N-1", "N-2"].map(|number| result.row(number, ["reason"])[0].clone());
    assert!(reasons[0].contains("313.60") && reasons[1].is_empty(), "{reasons:?}");
    if let Some(letter) = text(&fs::read(result.folder().join("notices/N-1.pdf")).unwrap()) {
        assert!(letter.contains("1,259.54") && letter.contains("8,396.96"), "{letter}");
        let words = letter.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains("by another ₽313.60"), "what the later change costs more: {words}");
    }
    assert!(files(result.folder()) == dry_files, "a dry run writes the same");
    book.verified();

    let (again, _) = book.reprice("earlier", &earlier(), &options);
    assert!(again.exits_with(0).err.contains("has this change already"));
    assert!(files(result.folder()) == dry_files, "the same change again gives the same result");
    let listed: Value = serde_json::from_str(&book.run(&["portfolio", "list", "--json"]).exits_with(0).out).unwrap();
    let written: Vec<&str> =
        listed["contracts"].as_array().unwrap().iter().map(|of| of["written"].as_str().unwrap()).collect();
    // 15637.20 + 1259.54 + 2926.94 and 15637.20 + 1259.54
    assert_eq!(written, ["19823.68", "16896.74"]);
    book.run(&["refuse", "N-1", "--change", "earlier"]).exits_with(0);
    // earned 15637.20 − 10496.20 = 5141.00, and the fifth that is kept: 15637.20 − 8396.96
    assert!(book.show("N-1", None).contains("7,240.24"));
    book.verified();
    let runs: Value = serde_json::from_str(&book.run(&["portfolio", "runs", "--json"]).exits_with(0).out).unwrap();
    let refusal = runs["runs"].as_array().unwrap().last().unwrap()["run"].to_string();
    let annulled = book.run(&["annul", refusal.trim_matches('"'), "--json"]).exits_with(0).out;
    let annulled: Value = serde_json::from_str(&annulled).unwrap();
    assert_eq!(annulled["in_force_again"], serde_json::json!(["N-1"]), "I32");
}

#[test]
fn i50_what_an_earlier_change_makes_of_a_later_one_is_due_with_the_later_one() {
    let book = book();
    book.reprice("earlier", &earlier(), &[]).0.exits_with(0);
    let charges = || {
        let shown = book.run(&["portfolio", "show", "N-1", "--json"]).exits_with(0).out;
        let shown: Value = serde_json::from_str(&shown).unwrap();
        let mut due = std::collections::BTreeMap::<String, i64>::new();
        for charge in shown["charges"].as_array().unwrap() {
            let amount: i64 = charge["amount"].as_str().unwrap().replace('.', "").parse().unwrap();
            *due.entry(charge["due"].as_str().unwrap().to_owned()).or_default() += amount;
        }
        due.retain(|_, amount| *amount != 0);
        due.into_iter().collect::<Vec<_>>()
    };
    let due =
        |amounts: &[(&str, i64)]| amounts.iter().map(|(day, amount)| ((*day).to_owned(), *amount)).collect::<Vec<_>>();
    assert_eq!(charges(), due(&[("2026-01-01", 1_563_720), ("2026-04-30", 125_954), ("2026-08-31", 292_694)]));
    // without the earlier change the later one is charged as before
    let runs = book.run(&["portfolio", "runs", "--json"]).exits_with(0).out;
    let runs: Value = serde_json::from_str(&runs).unwrap();
    let runs = runs["runs"].as_array().unwrap();
    let earlier = runs.iter().rfind(|run| run["kind"] == "reprice").unwrap()["run"].to_string();
    book.run(&["annul", &earlier]).exits_with(0);
    assert_eq!(charges(), due(&[("2026-01-01", 1_563_720), ("2026-08-31", 261_334)]));
    book.verified();
}
