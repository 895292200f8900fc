//! Rules I15–I17: the days of a contract and of an insured, and the bounds of a sum insured.

use kollektiv::base::diagnostic::Code;
use kollektiv::quote::Status;

use super::low;
use crate::support::{contract_over, preliminary, quote, refused, roster};

#[test]
fn i15_the_contract_year_has_365_or_366_days() {
    let premium = |start: &str, end: &str| {
        let result =
            quote(&contract_over(start, end).choose("ranges = 'low'").cover("1", ""), &roster().born("01.01.1986", 1));
        (result.lines[0].days, result.lines[0].premium.chosen.to_string())
    };
    let expected = |days, premium: &str| (days, premium.to_owned());
    // whole years: 100 000 / 100 × 46.488; and parts of them
    assert_eq!(premium("2026-01-01", "2026-12-31"), expected(365, "46488.00")); // 1000 × 46.488
    assert_eq!(premium("2028-01-01", "2028-12-31"), expected(366, "46488.00")); // 1000 × 46.488
    assert_eq!(premium("2026-01-01", "2026-01-01"), expected(1, "127.36")); // 1000 × 46.488 × 1 / 365
    assert_eq!(premium("2026-01-01", "2026-06-30"), expected(181, "23052.95")); // 1000 × 46.488 × 181 / 365
    assert_eq!(premium("2028-01-01", "2028-06-30"), expected(182, "23116.98")); // 1000 × 46.488 × 182 / 366
    // the year from 1 March 2027 contains 29 February 2028, even if the contract ends earlier
    assert_eq!(premium("2027-03-01", "2028-02-29"), expected(366, "46488.00")); // 1000 × 46.488
    assert_eq!(premium("2027-03-01", "2027-03-31"), expected(31, "3937.51")); // 1000 × 46.488 × 31 / 366
    // the year from 29 February 2028 ends on 28 February 2029 and has 365 days
    assert_eq!(premium("2028-02-29", "2029-02-27"), expected(365, "46488.00")); // 1000 × 46.488
    assert_eq!(premium("2028-02-29", "2028-03-29"), expected(30, "3820.93")); // 1000 × 46.488 × 30 / 365
}

#[test]
fn i15_a_contract_runs_at_most_one_year() {
    let of = |start: &str, end: &str| refused(&contract_over(start, end).cover("1", ""), &roster().aged(40, 1));
    assert_eq!(of("2026-01-01", "2027-01-01"), ["term-over-a-year"]);
    assert_eq!(of("2028-01-01", "2029-01-01"), ["term-over-a-year"]);
    assert_eq!(of("2028-02-29", "2029-02-28"), ["term-over-a-year"]);
    assert_eq!(of("2027-03-01", "2028-03-01"), ["term-over-a-year"]);
    assert_eq!(of("2026-01-02", "2026-01-01"), ["term-order"]);
}

#[test]
fn i16_own_days_inside_the_term_are_counted() {
    let insured = roster()
        .aged(40, 1)
        .aged(40, 1)
        .from("01.01.2026")
        .until("31.12.2026")
        .aged(40, 1)
        .from("01.12.2026")
        .aged(40, 1)
        .until("31.01.2026")
        .aged(40, 1)
        .from("15.02.2026")
        .until("15.02.2026");
    let result = quote(&low().cover("1", ""), &insured);
    let found: Vec<_> = result.lines.iter().map(|line| (line.days, line.premium.chosen.to_string())).collect();
    let expected = [
        (365, "46488.00"), // 1000 × 46.488
        (365, "46488.00"), // 1000 × 46.488
        (31, "3948.30"),   // 1000 × 46.488 × 31 / 365
        (31, "3948.30"),   // 1000 × 46.488 × 31 / 365
        (1, "127.36"),     // 1000 × 46.488 × 1 / 365
    ];
    assert_eq!(found, expected.map(|(days, premium)| (days, premium.to_owned())));
}

#[test]
fn i16_own_days_outside_the_term_are_an_error_on_the_insured() {
    let insured = roster()
        .aged(40, 1)
        .from("31.12.2025")
        .aged(40, 1)
        .until("01.01.2027")
        .aged(40, 1)
        .from("02.02.2026")
        .until("01.02.2026")
        .aged(40, 1)
        .from("01.01.2027")
        .aged(40, 1)
        .until("31.12.2025")
        .aged(40, 1);
    let result = quote(&low().cover("1", ""), &insured);
    assert_eq!(result.status, Status::Refused);
    assert_eq!((result.rows.read, result.rows.priced, result.rows.rejected), (6, 1, 5));
    let found: Vec<_> = result.diagnostics.iter().map(|(row, code, _)| (*row, *code)).collect();
    assert_eq!(found, [2, 3, 4, 5, 6].map(|row| (row, Code::BadCoverDates)));
}

#[test]
fn i17_the_sum_insured_of_a_cover_is_inside_its_bounds() {
    let of = |sum: &str| low().cover_of("1", sum, "");
    let premium = |sum: &str| quote(&of(sum), &roster().aged(40, 1)).premiums()[0].clone();
    // the rate is 46.488
    assert_eq!(premium("'0.01'"), "0.00"); // 0.0001 × 46.488
    assert_eq!(premium("0.02"), "0.01"); // 0.0002 × 46.488
    assert_eq!(premium("99999.99"), "46488.00"); // 999.9999 × 46.488
    assert_eq!(premium("1000000000000"), "464880000000.00"); // 10000000000 × 46.488
    assert_eq!(premium("'1000000000000.00'"), "464880000000.00"); // 10000000000 × 46.488
    for sum in ["0", "'0.00'", "'1000000000000.01'", "1000000000001", "'0.001'", "'100.005'"] {
        assert_eq!(refused(&of(sum), &roster().aged(40, 1)), ["sum-insured-bounds"], "{sum}");
    }
    assert_eq!(refused(&of("-1"), &roster().aged(40, 1)), ["sum-insured-bounds"]);
}

#[test]
fn i17_an_insured_may_have_a_sum_insured_of_their_own() {
    let text = low().plan("A").cover("1", "").plan("B").cover("1", "").cover("4", "");
    let own = ["0,01", "64 000,50", "1000000000000", "0", "1000000000000,01", "100,005", "-5"];
    let insured = own.iter().fold(roster(), |roster, sum| roster.aged(40, 1).on("A").with_sum(sum));
    let insured = insured.aged(40, 1).on("B").with_sum("64000").aged(40, 1).on("A");
    let result = quote(&text, &insured);
    let found: Vec<_> = result.diagnostics.iter().map(|(row, code, _)| (*row, *code)).collect();
    // plan B has two covers: the own sum would be ambiguous
    assert_eq!(found, [5, 6, 7, 8, 9].map(|row| (row, Code::BadSumInsured)));
    let clean = preliminary(&text, &insured);
    assert_eq!(
        clean.premiums(),
        [
            "0.00",            // 0.0001 × 46.488
            "29752.55",        // 640.005 × 46.488
            "464880000000.00", // 10000000000 × 46.488
            "46488.00",        // 1000 × 46.488
        ]
    );
}
