//! The export of a book: each row once, and sums that are the figures of the book.

use std::fs::File;
use std::path::Path;

use calamine::{Reader, Xlsx};
use polars::prelude::{DataFrame, ParquetReader, SerReader};
use serde_json::Value;

use super::book::Book;
use crate::program::json;
use crate::support::{contract_over, roster};

fn table(folder: &Path, name: &str) -> DataFrame {
    ParquetReader::new(File::open(folder.join(format!("{name}.parquet"))).unwrap()).finish().unwrap()
}

/// The sum of a column of amounts, in kopecks.
fn sum(table: &DataFrame, column: &str) -> i128 {
    table.column(column).unwrap().decimal().unwrap().physical().iter().flatten().sum()
}

/// A book with an endorsed, a repriced and a terminated contract.
fn eventful() -> Book {
    let book = Book::new();
    let terms =
        || contract_over("2026-01-01", "2026-12-31").with("roster = 'roster.csv'").with("expense_load = '0.20'");
    book.bound("T-1", &terms().cover("16", ""), &roster().crowd(3));
    book.bound("T-2", &terms().cover("16", "").cover("8", ""), &roster().crowd(2));
    book.paid("T-2", "2026-01-10", "200000.00");
    book.endorse_reprice_and_terminate();
    book
}

#[test]
fn the_sums_of_lines_and_of_charges_are_the_written_premium() {
    let book = eventful();
    let listed = json_of(&book, &["portfolio", "list"]);
    let written: i128 =
        listed["contracts"].as_array().unwrap().iter().map(|of| kopecks(of["written"].as_str().unwrap())).sum();
    let out = book.beside("tables");
    let answer = json_of(&book, &["portfolio", "export", "--as-of", "2026-12-31", "--to", out.to_str().unwrap()]);
    assert_eq!(kopecks(answer["written"].as_str().unwrap()), written);
    let lines = table(&out, "lines");
    assert_eq!(sum(&lines, "premium"), written);
    assert_eq!(sum(&table(&out, "charges"), "amount"), written);
    assert_eq!(sum(&table(&out, "contracts"), "written"), written);
    assert_eq!(sum(&table(&out, "payments"), "amount"), 20_000_000);
    // three lines and five: one has ended, and those of the terminated contract end too
    assert_eq!(
        (lines.height(), table(&out, "insured").height()),
        (3 + 4 + 1, 5),
        "the expenses are a line of their own"
    );
    let schema = json(&out.join("schema.json"));
    for of in schema["tables"].as_array().unwrap() {
        let documented: Vec<&str> =
            of["columns"].as_array().unwrap().iter().map(|column| column["name"].as_str().unwrap()).collect();
        let written = table(&out, of["table"].as_str().unwrap());
        assert_eq!(written.get_column_names().iter().map(|name| name.as_str()).collect::<Vec<_>>(), documented);
    }
    assert!(out.join("export.xlsx").exists() && out.join("manifest.json").exists());
}

#[test]
fn an_export_as_known_at_an_earlier_run_has_nothing_of_later_ones() {
    let book = eventful();
    let out = book.beside("tables");
    let export = |options: &[&str]| {
        let fixed = ["portfolio", "export", "--to", out.to_str().unwrap()];
        json_of(&book, &[&fixed[..], options].concat())
    };
    // the two bindings alone
    let then = export(&["--as-of", "2026-12-31", "--known-at", "2"]);
    assert_eq!((&then["contracts"], &then["charges"], &then["payments"]), (&2.into(), &2.into(), &0.into()));
    // nothing but the bindings and the payment counts on a day in winter
    let winter = export(&["--as-of", "2026-02-01"]);
    assert_eq!((&winter["charges"], &winter["payments"], &winter["written"]), (&2.into(), &1.into(), &then["written"]));
    assert_eq!(export(&["--as-of", "2025-12-31"])["contracts"], 0);
}

#[test]
fn the_workbook_of_a_book_with_one_contract_has_its_texts() {
    let book = Book::new();
    let terms = contract_over("2026-01-01", "2026-12-31").with("roster = 'roster.csv'");
    book.bound("T-1", &terms.cover("16", ""), &roster().crowd(1));
    let out = book.beside("tables");
    json_of(&book, &["portfolio", "export", "--as-of", "2026-12-31", "--to", out.to_str().unwrap()]);
    let mut workbook: Xlsx<_> = calamine::open_workbook(out.join("export.xlsx")).unwrap();
    let mut cells = |sheet: &str, row: usize| -> Vec<String> {
        let range = workbook.worksheet_range(sheet).unwrap();
        range.rows().nth(row).unwrap().iter().map(ToString::to_string).collect()
    };
    for sheet in ["contracts", "insured", "lines", "charges"] {
        let column = cells(sheet, 0).iter().position(|name| name == "number").unwrap();
        assert_eq!(cells(sheet, 1)[column], "T-1", "{sheet}");
    }
    let status = cells("contracts", 0).iter().position(|name| name == "status").unwrap();
    assert_eq!(cells("contracts", 1)[status], "in-force");
}

fn kopecks(roubles: &str) -> i128 {
    roubles.replace('.', "").parse().unwrap()
}

fn json_of(book: &Book, arguments: &[&str]) -> Value {
    let arguments = [arguments, &["--json", "--quiet"]].concat();
    serde_json::from_str(&book.run(&arguments).exits_with(0).out).unwrap()
}
