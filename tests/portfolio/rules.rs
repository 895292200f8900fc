//! Rules I19–I22 and the commands of the portfolio, with the arithmetic of every figure.
//!
//! By default the contract runs over the 365 days of 2026, and one insured of 40 in risk group 1 has
//! programme 1 for 100 000 RUB with every range at its low end: rate 38.74 × 1.20 × 1.00 × 1.00 = 46.488, premium
//! 46 488.00.

use std::fs;
use std::path::PathBuf;

use super::book::{Book, change};
use crate::program::{Table, complete_manifest, files, names};
use crate::support::{ContractText, RosterText, contract, contract_over, roster};

fn low() -> ContractText {
    contract().with("roster = \"roster.csv\"").choose("ranges = 'low'")
}

fn one() -> ContractText {
    low().cover("1", "")
}

fn forty() -> RosterText {
    roster().aged(40, 1)
}

fn book(contract: &ContractText) -> Book {
    let book = Book::new();
    book.bound("T-1", contract, &forty());
    book
}

#[test]
fn i21_the_additional_premium_is_for_the_unexpired_days() {
    let book = book(&one());
    let (run, repriced) = book.reprice("may", &change("may", "2026-07-01", &[("1", "1.12")]), &[]);
    run.exits_with(0);
    let columns = ["insured", "lines", "lines_repriced", "written", "annual_before", "annual_after"];
    // 46 488.00 × 1.12 = 52 066.56
    assert_eq!(repriced.row("T-1", columns), ["1", "1", "1", "46488.00", "46488.00", "52066.56"]);
    // 1 July – 31 December: 184 days; 46 488 × 0.12 × 184 / 365 = 2 812.2056…; 46 488 × 184 / 365 = 23 435.0465…
    let columns = ["additional", "credit", "unexpired", "paid", "expenses", "refund_if_refused", "status"];
    assert_eq!(repriced.row("T-1", columns), ["2812.21", "0.00", "23435.05", "0.00", "", "", "repriced"]);
    let impact = repriced.impact();
    assert_eq!(impact["written"]["before"], "46488.00");
    // 46 488.00 + 2 812.21
    assert_eq!(impact["written"]["after"], "49300.21");
    assert_eq!(impact["programmes"][0]["additional"], "2812.21");
    assert_eq!(impact["proof"]["premium_of_untouched"]["before"], "0.00");
    assert_eq!(impact["proof"]["premium_of_untouched"]["after"], "0.00");
    complete_manifest(repriced.folder());
    book.verified();
}

#[test]
fn i20_days_count_from_the_later_of_the_change_and_the_start_of_the_line() {
    let book = Book::new();
    let people = forty().aged(40, 1).from("2026-09-01").aged(40, 1).until("2026-06-30").aged(40, 1).until("2026-07-01");
    book.bound("T-1", &one(), &people);
    let (run, repriced) = book.reprice("may", &change("may", "2026-07-01", &[("1", "1.12")]), &[]);
    run.exits_with(0);
    // 184 days: 2 812.21; 1 September – 31 December, 122 days: 46 488 × 0.12 × 122 / 365 = 1 864.6145…; none; one day:
    // 46 488 × 0.12 / 365 = 15.2837…
    let columns = ["lines", "lines_repriced", "additional"];
    assert_eq!(repriced.row("T-1", columns), ["4", "3", "4692.10"]);
    // three lines that have not ended: 3 × 46 488.00
    assert_eq!(repriced.row("T-1", ["annual_before"]), ["139464.00"]);
    assert_eq!(repriced.impact()["proof"]["untouched"], 1);
    book.verified();
}

#[test]
fn i19_changes_multiply_the_rate_in_force() {
    let book = book(&one());
    book.reprice("may", &change("may", "2026-07-01", &[("1", "1.12")]), &[]).0.exits_with(0);
    let (run, repriced) = book.reprice("august", &change("august", "2026-10-01", &[("*", "1.5")]), &[]);
    run.exits_with(0);
    // 46 488.00 + 2 812.21; 46 488 × 1.12 = 52 066.56; × 1.5 = 78 099.84
    let columns = ["written", "annual_before", "annual_after", "additional", "unexpired"];
    // 1 October – 31 December: 92 days; 52 066.56 × 0.5 × 92 / 365 = 6 561.8130…; 52 066.56 × 92 / 365 = 13 123.6260…
    assert_eq!(repriced.row("T-1", columns), ["49300.21", "52066.56", "78099.84", "6561.81", "13123.63"]);
    book.verified();
    // 49 300.21 + 6 561.81
    assert!(book.show("T-1", None).contains("55,862.02"));
}

#[test]
fn i19_a_contract_with_a_level_outside_the_limits_is_set_aside_and_the_others_are_repriced() {
    let book = Book::new();
    // 4.6 × 1.12 = 5.152, over 5.0; 4.4 × 1.12 = 4.928
    book.bound("HIGH", &low().cover("1", "price_change = \"4.6\""), &forty());
    book.bound("FITS", &low().cover("1", "price_change = \"4.4\""), &forty());
    let (run, repriced) = book.reprice("may", &change("may", "2026-07-01", &[("1", "1.12")]), &[]);
    let run = run.exits_with(4);
    assert!(
        run.err.contains("HIGH: programme 1: the price level 4.6 × 1.12 = 5.152 would leave 0.1–5.0 (§2.3, rule I19)"),
        "{}",
        run.err
    );
    // 46 488 × 4.6 = 213 844.80, and nothing after it
    let columns = ["status", "annual_before", "annual_after", "additional", "lines_repriced"];
    assert_eq!(repriced.row("HIGH", columns), ["set-aside", "213844.80", "", "", "0"]);
    assert_eq!(repriced.row("FITS", ["status"]), ["repriced"]);
    let contracts = &repriced.impact()["contracts"];
    assert_eq!((&contracts["repriced"], &contracts["set_aside"]), (&1.into(), &1.into()));
    book.verified();
    // the next change does not reprice it either
    assert_eq!(book.reprice("may", &change("may", "2026-07-01", &[("1", "1.12")]), &[]).0.code, Some(4));
    assert!(book.show("HIGH", None).contains("213,844.80"));
}

#[test]
fn i19_the_price_level_includes_earlier_changes() {
    let book = book(&one());
    book.reprice("first", &change("first", "2026-07-01", &[("1", "2.5")]), &[]).0.exits_with(0);
    // 2.5 × 2 = 5.0 is the highest level; × 1.0001 exceeds it
    book.reprice("second", &change("second", "2026-08-01", &[("1", "2")]), &[]).0.exits_with(0);
    let run = book.reprice("third", &change("third", "2026-09-01", &[("1", "1.0001")]), &[]).0.exits_with(4);
    assert!(run.err.contains("5 × 1.0001 = 5.0005"), "{}", run.err);
}

#[test]
fn i21_a_price_fall_is_ignored_or_credited() {
    let fall = change("fall", "2026-07-01", &[("1", "0.9")]);
    let keeps = book(&one());
    let (run, repriced) = keeps.reprice("fall", &fall, &[]);
    run.exits_with(0);
    let columns = ["status", "lines_repriced", "annual_before", "annual_after", "credit"];
    assert_eq!(repriced.row("T-1", columns), ["unchanged", "0", "46488.00", "46488.00", "0.00"]);
    let credits = book(&one().with("price_decrease = \"credit\""));
    let (run, repriced) = credits.reprice("fall", &fall, &[]);
    run.exits_with(0);
    // 46 488 × 0.9 = 41 839.20; 46 488 × 0.1 × 184 / 365 = 2 343.5046…
    assert_eq!(repriced.row("T-1", columns), ["repriced", "1", "46488.00", "41839.20", "2343.50"]);
    credits.verified();
    // 46 488.00 − 2 343.50
    assert!(credits.show("T-1", None).contains("44,144.50"));
}

#[test]
fn i21_a_contract_that_ignores_price_falls_still_gets_rises() {
    let book = book(&low().cover("1", "").cover("16", ""));
    let both = change("both", "2026-07-01", &[("1", "1.12"), ("16", "0.5")]);
    let (run, repriced) = book.reprice("both", &both, &[]);
    run.exits_with(0);
    assert_eq!(repriced.row("T-1", ["lines_repriced", "additional", "credit"]), ["1", "2812.21", "0.00"]);
}

#[test]
fn i22_a_refusal_ends_the_contract_and_returns_the_unexpired_premium() {
    let book = book(&one().with("expense_load = \"0.20\""));
    book.paid("T-1", "2026-01-15", "46488.00");
    let (run, repriced) = book.reprice("may", &change("may", "2026-07-01", &[("1", "1.12")]), &[]);
    run.exits_with(0);
    // 0.20 × 23 435.05 = 4 687.01; 23 435.05 − (46 488.00 − 46 488.00) − 4 687.01 = 18 748.04
    let columns = ["paid", "expenses", "refund_if_refused"];
    assert_eq!(repriced.row("T-1", columns), ["46488.00", "4687.01", "18748.04"]);
    let run = book.run(&["refuse", "T-1", "--change", "may"]).exits_with(0);
    // 46 488.00 − 23 435.05 = 23 052.95
    for amount in ["18,748.04", "4,687.01", "23,052.95"] {
        assert!(run.out.contains(amount), "{}", run.out);
    }
    assert!(run.err.contains("2026-07-01"), "{}", run.err);
    assert_eq!(book.run(&["refuse", "T-1", "--change", "may"]).exits_with(0).out, run.out);
    book.verified();
    assert!(book.show("T-1", Some("2026-06-30")).contains("insured: 1"));
    assert!(book.show("T-1", Some("2026-07-01")).contains("insured: 0"));
    // it is no longer repriced
    let (run, repriced) = book.reprice("next", &change("next", "2026-08-01", &[("1", "1.12")]), &[]);
    run.exits_with(0);
    assert!(repriced.contracts().rows.is_empty());
    // the refused change still gives its original result
    let (run, repriced) = book.reprice("may", &change("may", "2026-07-01", &[("1", "1.12")]), &[]);
    run.exits_with(0);
    assert_eq!(repriced.row("T-1", columns), ["46488.00", "4687.01", "18748.04"]);
}

#[test]
fn i22_expenses_may_be_a_share_of_the_written_premium() {
    let book = book(&one().with("expense_load = \"0.20\"").with("expense_basis = \"written\""));
    book.paid("T-1", "2026-01-15", "40000.00");
    let (run, repriced) = book.reprice("may", &change("may", "2026-07-01", &[("1", "1.12")]), &[]);
    run.exits_with(0);
    // 0.20 × 46 488.00 = 9 297.60; 23 435.05 − (46 488.00 − 40 000.00) − 9 297.60 = 7 649.45
    assert_eq!(repriced.row("T-1", ["expenses", "refund_if_refused"]), ["9297.60", "7649.45"]);
}

#[test]
fn i22_a_share_of_expenses_may_have_26_decimals() {
    let book = book(&one().with("expense_load = 0.12345678901234567890123456"));
    book.paid("T-1", "2026-01-15", "46488.00");
    let (run, repriced) = book.reprice("may", &change("may", "2026-07-01", &[("1", "1.12")]), &[]);
    run.exits_with(0);
    // 0.12345678… × 23 435.05 = 2 893.216…; 23 435.05 − 2 893.22 = 20 541.83
    assert_eq!(repriced.row("T-1", ["expenses", "refund_if_refused"]), ["2893.22", "20541.83"]);
    book.verified();
}

#[test]
fn an_impossible_refusal_is_reported() {
    let book = book(&one().with("price_decrease = \"credit\""));
    book.bound("T-2", &low().cover("16", ""), &forty());
    book.reprice("fall", &change("fall", "2026-07-01", &[("1", "0.9")]), &[]).0.exits_with(0);
    let refused = |number: &str, id: &str| book.run(&["refuse", number, "--change", id]).exits_with(3).err;
    assert!(refused("T-1", "fall").contains("has not raised the price"));
    assert!(refused("T-2", "fall").contains("has not changed the price"));
    assert!(refused("T-3", "fall").contains("no contract `T-3`"));
    assert!(refused("T-1", "other").contains("no change `other`"));
    book.reprice("rise", &change("rise", "2026-08-01", &[("*", "1.5")]), &[]).0.exits_with(0);
    book.reprice("again", &change("again", "2026-09-01", &[("*", "1.5")]), &[]).0.exits_with(0);
    // I35: an earlier change may be refused all the same; the later one does not apply
    let run = book.run(&["refuse", "T-1", "--change", "rise"]).exits_with(0);
    assert!(run.err.contains("2026-08-01"), "{}", run.err);
    assert!(refused("T-1", "again").contains("has ended"), "{}", refused("T-1", "again"));
    book.verified();
}

#[test]
fn a_change_counts_once_and_gives_the_same_result_again() {
    let book = book(&one());
    let may = change("may", "2026-07-01", &[("1", "1.12")]);
    let (run, repriced) = book.reprice("may", &may, &[]);
    let first = (run.exits_with(0).out, files(repriced.folder()), files(&book.folder().join("data")));
    // a later payment does not change the result
    book.paid("T-1", "2026-07-05", "100.00");
    let (run, repriced) = book.reprice("may", &may, &[]);
    let run = run.exits_with(0);
    assert!(run.err.contains("has this change already"), "{}", run.err);
    assert_eq!((run.out, files(repriced.folder()), files(&book.folder().join("data"))), first);
    // the same change in another notation
    let spelled = format!("# of May\n{}", may.replace("\"1.12\"", "1.120"));
    assert!(book.reprice("spelled", &spelled, &[]).0.exits_with(0).err.contains("has this change already"));
    let other = book.reprice("other", &change("may", "2026-07-01", &[("1", "1.13")]), &[]).0.exits_with(3);
    assert!(other.err.contains("another price change under the id `may`"), "{}", other.err);
    // I31: a change of an earlier day is applied, and the later one is worked out again
    let earlier = book.reprice("early", &change("early", "2026-06-30", &[("1", "1.13")]), &[]).0.exits_with(0);
    assert!(earlier.err.contains("rule I31"), "{}", earlier.err);
    book.verified();
}

#[test]
fn a_dry_run_writes_the_same_result_and_leaves_the_book_unchanged() {
    let book = book(&one());
    let may = change("may", "2026-07-01", &[("1", "1.12")]);
    let before = files(&book.folder().join("data"));
    let dry = book.reprice("may", &may, &["--dry-run"]);
    dry.0.exits_with(0);
    let dry = files(dry.1.folder());
    assert_eq!(files(&book.folder().join("data")), before);
    assert!(book.show("T-1", None).contains("46,488.00"));
    let (run, repriced) = book.reprice("may", &may, &[]);
    run.exits_with(0);
    assert_eq!(files(repriced.folder()), dry);
    // the book keeps the figures of the result
    let kept: Vec<_> =
        files(&book.folder().join("data")).into_iter().filter(|(name, _)| !before.contains_key(name)).collect();
    assert_eq!(kept.len(), 1);
    assert_eq!(Some(&kept[0].1), dry.get("lines.parquet"));
}

#[test]
fn notices_are_for_contracts_with_a_price_rise() {
    let book = book(&one());
    book.bound("T/2", &low().cover("16", ""), &forty());
    book.bound("T-3", &low().cover("5", ""), &forty());
    let mixed = change("mixed", "2026-07-01", &[("1", "1.12"), ("16", "2"), ("5", "0.9")]);
    let (run, repriced) = book.reprice("mixed", &mixed, &["--notices"]);
    run.exits_with(0);
    assert_eq!(names(&repriced.folder().join("notices")), ["T%2F2.pdf", "T-1.pdf"]);
    // a later result without notices replaces it
    let (run, repriced) = book.reprice("mixed", &mixed, &[]);
    run.exits_with(0);
    assert!(!repriced.folder().join("notices").exists());
}

#[test]
fn a_name_without_glyphs_stops_no_other_notice() {
    let book = book(&one());
    let path = book.contract("T-2", &low().cover("16", ""), &forty());
    fs::write(&path, fs::read_to_string(&path).unwrap().replace("Проверка", "漢字")).unwrap();
    book.run(&["bind", path.to_str().unwrap()]).exits_with(0);
    let change = change("both", "2026-07-01", &[("1", "1.12"), ("16", "1.12")]);
    let (run, repriced) = book.reprice("both", &change, &["--notices"]);
    let run = run.exits_with(4);
    assert!(
        run.err.contains("T-2: the notice to the policyholder is not made: the policyholder's name has characters that no font has: 漢字"),
        "{}",
        run.err
    );
    assert_eq!(names(&repriced.folder().join("notices")), ["T-1.pdf"]);
    let contracts = Table::open(&repriced.folder().join("contracts.csv"));
    let [_, [status, reason]] = contracts.columns(["status", "reason"])[..] else { panic!() };
    assert!(status == "repriced" && reason.contains("漢字"), "{status} {reason}");
}

#[test]
fn a_refund_is_at_most_the_payments() {
    let book = Book::new();
    let terms = contract_over("2027-06-01", "2028-05-31").with("roster = 'roster.csv'").with("expense_load = '0'");
    let covers = terms.cover("16", "").cover_of("17", "33333", "").cover_of("8", "12345.67", "");
    let path = book.contract("T-1", &covers, &roster());
    let born = [1971, 1972, 1973, 1974, 1975, 1960, 1970, 1980, 1990];
    let row = |(at, year): (u32, i32)| format!("Ли Ян;01.0{at}.{year};1;0{at}.03.2028\n");
    let rows: String = (1..).zip(born).map(row).collect();
    fs::write(path.with_file_name("roster.csv"), format!("ФИО;ДР;Группа риска;Действует по\n{rows}")).unwrap();
    book.run(&["bind", path.to_str().unwrap()]).exits_with(0);
    for (id, day, coefficient) in [("a", "01", "1.1131"), ("b", "02", "1.1132"), ("c", "03", "1.1133")] {
        let all = ["16", "17", "8"].map(|programme| (programme, coefficient));
        book.reprice(id, &change(id, &format!("2027-03-{day}"), &all), &[]).0.exits_with(0);
    }
    // before inception and without payments
    let run = book.run(&["refuse", "T-1", "--change", "c"]).exits_with(0);
    assert!(run.out.lines().any(|line| line.starts_with(" To be returned") && line.ends_with(" 0.00")), "{}", run.out);
    book.run(&["portfolio", "verify"]).exits_with(0);
}

#[test]
fn a_change_without_affected_contracts_is_reported_and_blocks_no_later_change() {
    let book = book(&one());
    // a typing error in the year
    let (run, repriced) = book.reprice("late", &change("late", "2077-07-01", &[("1", "1.12")]), &[]);
    assert!(run.exits_with(0).err.contains("affects no contract and is not written to the portfolio"));
    assert!(repriced.folder().join("impact.json").exists());
    book.reprice("right", &change("late", "2026-07-01", &[("1", "1.12")]), &[]).0.exits_with(0);
    assert!(book.show("T-1", None).contains("2026-07-01"));
}

#[test]
fn many_notices_are_made() {
    // nested documents on the threads of Typst once overflowed the stack
    const CONTRACTS: usize = 300;
    let book = Book::new();
    let numbers: Vec<String> = (0..CONTRACTS).map(|at| format!("T-{at:03}")).collect();
    let one = roster().aged(40, 1);
    let paths: Vec<PathBuf> =
        numbers.iter().map(|number| book.contract(number, &low().cover("16", ""), &one)).collect();
    let paths = paths.iter().map(|path| path.to_str().unwrap());
    book.run(&["bind"].into_iter().chain(paths).collect::<Vec<_>>()).exits_with(0);
    let (run, repriced) =
        book.reprice("many", &change("many", "2026-07-01", &[("16", "1.1")]), &["--notices", "--threads", "1"]);
    run.exits_with(0);
    assert_eq!(names(&repriced.folder().join("notices")).len(), CONTRACTS);
}

#[test]
fn a_later_payment_does_not_count_on_an_earlier_day() {
    let book = book(&one());
    book.paid("T-1", "2026-02-10", "100.50");
    book.paid("T-1", "2026-03-10", "200");
    for (day, paid) in [("2026-02-09", "Paid ₽0.00"), ("2026-02-10", "Paid ₽100.50"), ("2026-03-10", "Paid ₽300.50")]
    {
        let shown = book.show("T-1", Some(day));
        assert!(shown.contains(paid), "{day}: {shown}");
    }
}

#[test]
fn a_contract_is_bound_once() {
    let book = book(&one());
    let path = book.contract("T-1", &one(), &forty());
    let again = book.run(&["bind", path.to_str().unwrap()]).exits_with(0);
    assert!(again.out.contains("in the portfolio already: 1"), "{}", again.out);
    let other = book.contract("T-1", &one().with("expense_load = 0.1"), &forty());
    let other = book.run(&["bind", other.to_str().unwrap()]).exits_with(3);
    assert!(other.err.contains("another contract is in force under the number `T-1`"), "{}", other.err);
    let older = book.contract("T-1", &one(), &roster().aged(41, 1));
    book.run(&["bind", older.to_str().unwrap()]).exits_with(3);
    assert!(book.show("T-1", None).contains("46,488.00"));
}

#[test]
fn a_contract_that_cannot_be_bound_is_reported_and_the_others_are_bound() {
    let book = Book::new();
    let good = book.contract("GOOD", &one(), &forty());
    let referred = book.contract("OLD", &one(), &roster().aged(85, 1));
    let faulty = book.contract("FAULTY", &low().cover("99", ""), &forty());
    let counted = contract().choose("ranges = 'low'").cover("1", "").to_string();
    let counted = format!("{counted}\n[[census]]\nplan = \"A\"\nage = \"40\"\nrisk_group = 1\ninsured = 5\n");
    let census = book.beside("census.toml");
    fs::write(&census, counted).unwrap();
    let twin = book.beside("twin.toml");
    fs::write(&twin, fs::read_to_string(&good).unwrap().replace("roster.csv", "GOOD/roster.csv")).unwrap();
    let paths = [&good, &referred, &faulty, &census, &twin].map(|path| path.to_str().unwrap());
    let run = book.run(&[&["bind"], paths.as_slice()].concat()).exits_with(4);
    for message in ["wrong: 0, for an underwriter: 1", "99", "census cannot be bound", "the same number, `GOOD`"] {
        assert!(run.err.contains(message), "{message}: {}", run.err);
    }
    assert!(run.out.contains("bound: 1") && run.out.contains("set aside: 4"), "{}", run.out);
    book.verified();
    assert!(book.run(&["portfolio", "list"]).exits_with(0).out.contains("GOOD"));
}

#[test]
fn a_payment_counts_once() {
    let book = book(&one());
    book.paid("T-1", "2026-01-15", "1000.50");
    book.paid("T-1", "2026-01-15", "1000.50");
    book.paid("T-1", "2026-01-16", "1000.50");
    assert!(book.show("T-1", None).contains("₽2,001.00 of ₽46,488.00"), "{}", book.show("T-1", None));
    let list = book.beside("list.csv");
    fs::write(
        &list,
        "number,date,amount\nT-9,2026-01-15,5\nT-1,2026-02-30,5\nT-1,2026-03-01,5\nИванов Иван,2026-03-01,5\n",
    )
    .unwrap();
    let run = book.run(&["pay", list.to_str().unwrap()]).exits_with(4);
    assert!(run.err.contains("list.csv, A2: there is no contract `T-9`"), "{}", run.err);
    assert!(run.err.contains("list.csv, A5: there is no contract `И***** И***`"), "{}", run.err);
    assert!(run.out.contains("payments added: 1 (₽5.00)") && run.out.contains("to be corrected: 3"), "{}", run.out);
}

#[test]
fn guesses_and_skipped_rows_of_payments_are_reported() {
    let book = book(&one());
    let list = book.beside("list.csv");
    // capital letters leave the encoding ambiguous
    let text = "number;date;amount;Full name\nT-1;2026-01-15;5;ИВАНОВ И И\nTotal for January;;5;\n\
                T-1;2026-02-15;6;\nTotal;;11;\n";
    fs::write(&list, encoding_rs::WINDOWS_1251.encode(text).0).unwrap();
    let run = book.run(&["pay", list.to_str().unwrap()]).exits_with(0);
    assert!(run.err.contains("2 rows without a payment passed over: total (3, 5)"), "{}", run.err);
    assert!(run.err.contains("read as windows-1251"), "{}", run.err);
    fs::write(&list, text).unwrap();
    let run = book.run(&["pay", list.to_str().unwrap()]).exits_with(0);
    assert!(!run.err.contains("windows-1251"), "{}", run.err);
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write_row_matrix(0, 0, [["number", "date", "amount"], ["T-1", "2026-03-15", "7"]]).unwrap();
    sheet.set_row_hidden(1).unwrap();
    let list = book.beside("list.xlsx");
    workbook.save(&list).unwrap();
    let run = book.run(&["pay", list.to_str().unwrap()]).exits_with(0);
    assert!(run.out.contains("payments added: 1") && run.err.contains("in the hidden rows 2 (1)"), "{}", run.err);
}

#[test]
fn a_contract_is_shown_with_its_state_on_a_day() {
    let book = Book::new();
    book.bound("T-1", &one(), &forty().aged(40, 1).from("2026-09-01"));
    book.reprice("may", &change("may", "2026-07-01", &[("1", "1.12")]), &[]).0.exits_with(0);
    let on = |day| book.show("T-1", Some(day));
    assert!(on("2026-06-30").contains("insured: 1") && on("2026-06-30").contains("46,488.00"));
    // 46 488.00 × 1.12, for one and then for two
    assert!(on("2026-07-01").contains("52,066.56"));
    assert!(on("2026-09-01").contains("insured: 2") && on("2026-09-01").contains("104,133.12"));
    assert!(on("2027-01-01").contains("insured: 0"));
    let early = book.run(&["portfolio", "show", "T-1", "--as-of", "2025-12-31"]).exits_with(3);
    assert!(early.err.contains("in force from 2026-01-01"), "{}", early.err);
}
