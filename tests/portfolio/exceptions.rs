//! Price changes and the contracts that they leave alone: bound late, fixed or excepted, and changes that look like a slip (`I36`, `I37`).
//!
//! As in the rules: one insured of 40 with programme 1 at the low ends, 46 488.00 for the 365 days of 2026; 0.12 of it from 1 July on is
//! 46 488 × 0.12 × 184 / 365 = 2 812.2056…

use super::book::{Book, change};
use crate::support::{ContractText, contract_over, roster};

const RISE: [(&str, &str); 1] = [("1", "1.12")];

fn terms(first: &str, last: &str) -> ContractText {
    contract_over(first, last).with("roster = 'roster.csv'").choose("ranges = 'low'").cover("1", "")
}

fn year() -> ContractText {
    terms("2026-01-01", "2026-12-31")
}

fn written(book: &Book, number: &str) -> String {
    let shown: serde_json::Value =
        serde_json::from_str(&book.run(&["portfolio", "show", number, "--json", "--quiet"]).exits_with(0).out).unwrap();
    shown["written"].as_str().unwrap().to_owned()
}

#[test]
fn i36_the_same_change_again_reprices_contracts_that_were_bound_since() {
    let book = Book::new();
    let one = || roster().aged(40, 1);
    book.bound("T-1", &year(), &one());
    let may = change("may", "2026-07-01", &RISE);
    book.reprice("may", &may, &[]).0.exits_with(0);
    book.bound("T-2", &year(), &one());
    book.bound("T-3", &year().with("price_changes_included = ['may']"), &one());
    // one that begins on the first day of the new prices or later was bound at prices that hold then
    book.bound("T-4", &terms("2026-07-01", "2027-06-30"), &one());
    let (run, repriced) = book.reprice("may", &may, &[]);
    run.exits_with(0);
    let columns = ["number", "status", "additional"];
    let contracts = repriced.contracts();
    assert_eq!(
        contracts.columns(columns),
        [["T-1", "repriced", "2812.21"], ["T-2", "repriced", "2812.21"], ["T-3", "unchanged", ""]]
    );
    assert!(repriced.row("T-3", ["reason"])[0].contains("price_changes_included"));
    // 46 488.00 + 2 812.21, once
    for (number, premium) in [("T-1", "49300.21"), ("T-2", "49300.21"), ("T-3", "46488.00"), ("T-4", "46488.00")] {
        assert_eq!(written(&book, number), premium, "{number}");
    }
    let (again, _) = book.reprice("may", &may, &[]);
    assert!(again.exits_with(0).err.contains("already"), "nothing is left to do");
    assert_eq!(written(&book, "T-2"), "49300.21");
    book.verified();
}

#[test]
fn i37_fixed_prices_and_exceptions_keep_contracts_out_and_are_listed() {
    let book = Book::new();
    let one = || roster().aged(40, 1);
    book.bound("T-1", &year().with("price_fixed = true"), &one());
    book.bound("T-2", &year(), &one());
    book.bound("T-3", &year(), &one());
    let may = change("may", "2026-07-01", &RISE).replace("confirmed = true\n", "confirmed = true\nexcept = ['T-2']\n");
    let (run, repriced) = book.reprice("may", &may, &[]);
    run.exits_with(0);
    let rows = ["T-1", "T-2", "T-3"].map(|number| repriced.row(number, ["status", "additional", "reason"]));
    assert!(rows[0][2].contains("price_fixed") && rows[1][2].contains("I37"), "{rows:?}");
    assert_eq!(
        rows.each_ref().map(|[status, additional, _]| [status.as_str(), additional]),
        [["unchanged", ""], ["unchanged", ""], ["repriced", "2812.21"]]
    );
    for (number, premium) in [("T-1", "46488.00"), ("T-2", "46488.00"), ("T-3", "49300.21")] {
        assert_eq!(written(&book, number), premium, "{number}");
    }
    book.verified();
}

#[test]
fn a_coefficient_that_looks_like_a_slip_is_held_back_until_it_is_confirmed() {
    let book = Book::new();
    book.bound("T-1", &year().with("price_decrease = 'credit'"), &roster().aged(40, 1));
    // 0.12 is −88 %; +12 % is 1.12
    for (id, coefficient, percent) in [("low", "0.12", "−88"), ("high", "2.5", "+150")] {
        let slip = change(id, "2026-07-01", &[("1", coefficient)]).replace("confirmed = true\n", "");
        let (run, repriced) = book.reprice(id, &slip, &[]);
        let run = run.exits_with(3);
        assert!(run.err.contains(percent) && run.err.contains("--confirm"), "{}", run.err);
        assert_eq!(repriced.row("T-1", ["status"]), ["repriced"], "the result shows what it would do");
        assert_eq!(written(&book, "T-1"), "46488.00", "the book is as it was");
    }
    let slip = change("high", "2026-07-01", &[("1", "2.5")]).replace("confirmed = true\n", "");
    book.reprice("high", &slip, &["--confirm"]).0.exits_with(0);
    // 46 488.00 + 46 488 × 1.5 × 184 / 365 = 46 488.00 + 35 152.5698…
    assert_eq!(written(&book, "T-1"), "81640.57");
    book.verified();
}
