//! The calendar of money (I50–I54), with the arithmetic of every figure.
//!
//! One insured of 40 in risk group 1 has programme 16 for 100 000 RUB with every range at its low end: 13.031 × 1.20 = 15.6372, premium
//! 15 637.20 for the 365 days of 2026. The contract is paid by quarters of 90, 91, 92 and 92 days: until their ends
//! 15 637.20 × 90 / 365 = 3 855.75, × 181 / 365 = 7 754.34, × 273 / 365 = 11 695.77, 15 637.20 are due.

use std::fs;

use serde_json::Value;

use super::book::{Book, change};
use crate::program::Table;
use crate::support::{ContractText, contract, roster};

const QUARTERS: &str = "instalments = [2026-01-01, 2026-04-01, 2026-07-01, 2026-10-01]";

fn quarterly() -> ContractText {
    let text = contract().with("roster = 'roster.csv'").with("expense_load = '0.20'").with(QUARTERS);
    text.choose("ranges = 'low'").cover("16", "")
}

/// A book with one insured in the contract `T-1`.
fn book_of_one(contract: &ContractText) -> Book {
    let book = Book::new();
    book.bound("T-1", contract, &roster().crowd(1));
    book
}

fn endorse(book: &Book, rows: &str, on: &str) {
    let (list, out) = (book.beside("changes.csv"), book.beside(&format!("endorsed-{on}")));
    fs::write(&list, format!("Вид изменения;Таб. №;ФИО;Дата рождения;Группа риска\n{rows}")).unwrap();
    let [list, out] = [&list, &out].map(|path| path.to_str().unwrap());
    book.run(&["endorse", "T-1", list, "--on", on, "--out", out]).exits_with(0);
}

fn answer(book: &Book, arguments: &[&str]) -> Value {
    let arguments = [arguments, &["--json", "--quiet"]].concat();
    serde_json::from_str(&book.run(&arguments).exits_with(0).out).unwrap()
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap()
}

/// The charges of `T-1` after a run on, as `run due amount`; their sum is the written premium.
fn charges_from(book: &Book, run: u64) -> Vec<String> {
    let shown = answer(book, &["portfolio", "show", "T-1"]);
    let charges = shown["charges"].as_array().unwrap();
    let sum: i128 = charges.iter().map(|charge| kopecks(text(charge, "amount"))).sum();
    assert_eq!(sum, kopecks(text(&shown, "written")));
    let charges = charges.iter().filter(|charge| charge["run"].as_u64().unwrap() >= run);
    charges.map(|charge| format!("{} {} {}", charge["run"], text(charge, "due"), text(charge, "amount"))).collect()
}

fn kopecks(roubles: &str) -> i128 {
    roubles.replace('.', "").parse().unwrap()
}

fn debts(book: &Book, day: &str) -> Value {
    answer(book, &["portfolio", "debts", "--as-of", day])
}

const JOINER: &str = "прикрепить;2;Ли Анна;01.01.1986;1\n";

#[test]
fn i50_the_instalments_are_charges_from_the_binding_on() {
    let book = book_of_one(&quarterly());
    let instalments = ["1 2026-01-01 3855.75", "1 2026-04-01 3898.59", "1 2026-07-01 3941.43", "1 2026-10-01 3941.43"];
    assert_eq!(charges_from(&book, 1), instalments);
    assert_eq!(charges_from(&book_of_one(&contract_at_once()), 1), ["1 2026-01-01 15637.20"]);
}

/// The same contract, paid at once.
fn contract_at_once() -> ContractText {
    contract().with("roster = 'roster.csv'").with("expense_load = '0.20'").choose("ranges = 'low'").cover("16", "")
}

#[test]
fn i50_joiners_pay_with_the_instalments_to_come_and_leavers_reduce_the_nearest() {
    let book = book_of_one(&quarterly());
    // 231 days: 15637.20 × 231 / 365 = 9896.42; until 30 September × 139 / 231 = 5954.99
    endorse(&book, JOINER, "2026-05-15");
    assert_eq!(charges_from(&book, 2), ["2 2026-07-01 5954.99", "2 2026-10-01 3941.43"]);
    // 153 days: 15637.20 × 153 / 365 = 6554.77, of which 1310.95 are kept
    endorse(&book, "открепить;1;;;\n", "2026-08-01");
    assert_eq!(charges_from(&book, 3), ["3 2026-10-01 -5243.82"]);
    // another 61 days of the second: 15637.20 × 61 / 365 = 2613.34, 522.67 are kept; 2639.04 are still due in October
    endorse(&book, "открепить;2;;;\n", "2026-11-01");
    assert_eq!(charges_from(&book, 4), ["4 2026-11-01 -2090.67"], "none is to come");
    book.run(&["annul", "3"]).exits_with(0);
    assert_eq!(charges_from(&book, 5), ["5 2026-10-01 5243.82"]);
    book.verified();
}

#[test]
fn i50_one_list_with_a_joiner_and_a_leaver_books_both() {
    let book = book_of_one(&quarterly());
    endorse(&book, &format!("{JOINER}открепить;1;;;\n"), "2026-05-15");
    // the leaver: 9896.42 − 1979.28 = 7917.14, all of July (3941.43 + 5954.99) less
    assert_eq!(charges_from(&book, 2), ["2 2026-07-01 -1962.15", "2 2026-10-01 3941.43"]);
}

#[test]
fn i50_an_additional_premium_is_due_by_the_day_before_and_its_refusal_cancels_it() {
    let book = book_of_one(&quarterly());
    // 214 days: 0.12 × 15637.20 × 214 / 365 = 1100.17
    book.reprice("dearer", &change("dearer", "2026-06-01", &[("16", "1.12")]), &[]).0.exits_with(0);
    assert_eq!(charges_from(&book, 2), ["2 2026-05-31 1100.17"]);
    book.paid("T-1", "2026-04-10", "8000.00");
    assert_eq!(
        debts(&book, "2026-05-31")["additional_premiums"].as_array().unwrap().len(),
        0,
        "not before its deadline"
    );
    // 8000.00 pay the two quarters, 7754.34, and 245.66 of the additional premium
    let unpaid = debts(&book, "2026-06-01");
    let additional = &unpaid["additional_premiums"][0];
    let shown = ["number", "change", "deadline", "amount", "unpaid"].map(|key| text(additional, key));
    assert_eq!(shown, ["T-1", "dearer", "2026-05-31", "1100.17", "854.51"]);
    assert_eq!(text(&unpaid, "overdue_1_30"), "854.51");
    book.run(&["refuse", "T-1", "--change", "dearer"]).exits_with(0);
    // earned until 31 May, 151 days: 15637.20 − 15637.20 × 214 / 365 = 6469.09; (8000.00 − 6469.09) × 0.80 = 1224.73 go back
    let refused = ["4 2026-05-31 -1100.17", "4 2026-06-01 -979.07", "4 2026-07-01 -3941.43", "4 2026-10-01 -3941.43"];
    assert_eq!(charges_from(&book, 4), refused);
    let settled = debts(&book, "2026-06-01");
    assert_eq!(["due", "credit", "outstanding"].map(|key| text(&settled, key)), ["6775.27", "1224.73", "0.00"]);
    assert!(settled["additional_premiums"].as_array().unwrap().is_empty(), "the contract has ended");
    book.verified();
}

#[test]
fn i52_debts_have_ages_by_contract_and_policyholder() {
    let book = book_of_one(&quarterly());
    book.bound("T-2", &contract_at_once(), &roster().crowd(1));
    book.paid("T-1", "2026-04-10", "5000.00");
    book.paid("T-2", "2026-07-02", "20000.00");
    // unpaid on 1 July: 2754.34 of April, for 91 days, and July on its due day; all of T-2 for 181 days
    let of_july = debts(&book, "2026-07-01");
    let keys =
        ["due", "paid", "outstanding", "overdue_1_30", "overdue_31_60", "overdue_61_90", "overdue_over_90", "credit"];
    let sums = |value: &Value| keys.map(|key| text(value, key).to_owned());
    let first = &of_july["contracts"][0];
    assert_eq!((text(first, "number"), text(first, "oldest_due")), ("T-1", "2026-04-01"));
    assert_eq!(sums(first), ["11695.77", "5000.00", "6695.77", "0.00", "0.00", "0.00", "2754.34", "0.00"]);
    assert_eq!(
        sums(&of_july),
        ["27332.97", "5000.00", "22332.97", "0.00", "0.00", "0.00", "18391.54", "0.00"],
        "the totals"
    );
    let both = &of_july["policyholders"][0];
    assert_eq!((both["contracts"].as_u64(), text(both, "overdue")), (Some(2), "18391.54"));
    // a day later T-2 is paid, and 4362.80 are ahead; July is overdue by one day
    let out = book.beside("debts");
    let arguments = ["portfolio", "debts", "--as-of", "2026-07-02", "--out", out.to_str().unwrap()];
    let later = answer(&book, &arguments);
    assert_eq!(sums(&later), ["27332.97", "25000.00", "6695.77", "3941.43", "0.00", "0.00", "2754.34", "4362.80"]);
    let table = Table::open(&out.join("debts.csv"));
    assert_eq!(
        table.columns(["number", "outstanding", "credit"]),
        [["T-1", "6695.77", "0.00"], ["T-2", "0.00", "4362.80"]]
    );
    let table = Table::open(&out.join("policyholders.csv"));
    assert_eq!(table.columns(["contracts", "overdue_over_90"]), [["2", "2754.34"]]);
    assert!(out.join("additional-premiums.csv").exists() && out.join("manifest.json").exists());
    let shown = book.run(&arguments).exits_with(0).out;
    assert!(shown.contains("2,754.34") && shown.contains("Contracts with debts: 1"), "{shown}");
    assert!(!shown.contains("T-2"), "a contract without debts: {shown}");
}
