//! §2.2 and rules I4–I8: ages, and the bands of children.

use kollektiv::base::diagnostic::Code;
use kollektiv::quote::Status;

use super::{child_rate, low};
use crate::support::{contract_over, preliminary, quote, roster};

#[test]
fn clause_2_2_ages_at_the_edges_of_their_bands() {
    let ages = [
        0, 2, 3, 4, 5, 9, 10, 14, 15, 17, 18, 24, 25, 29, 30, 34, 35, 39, 40, 44, 45, 49, 50, 54, 55, 59, 60, 64, 65,
        79,
    ];
    let insured = ages.iter().fold(roster(), |roster, age| roster.aged(*age, 1));
    let result = quote(&low().cover("1", ""), &insured);
    let found: Vec<_> = result.lines.iter().map(|line| line.age_years).collect();
    assert_eq!(found, ages);
    // thirty insured: 1.10
    let edges = [
        "66.0517",  // 38.74 × 1.10 × 1.55
        "61.7903",  // 38.74 × 1.10 × 1.45
        "53.2675",  // 38.74 × 1.10 × 1.25
        "40.4833",  // 38.74 × 1.10 × 0.95
        "34.94348", // 38.74 × 1.10 × 0.82
        "37.07418", // 38.74 × 1.10 × 0.87
        "38.3526",  // 38.74 × 1.10 × 0.90
        "39.63102", // 38.74 × 1.10 × 0.93
        "41.33558", // 38.74 × 1.10 × 0.97
        "42.614",   // 38.74 × 1.10 × 1.00
        "46.8754",  // 38.74 × 1.10 × 1.10
        "49.0061",  // 38.74 × 1.10 × 1.15
        "53.2675",  // 38.74 × 1.10 × 1.25
        "57.5289",  // 38.74 × 1.10 × 1.35
        "61.7903",  // 38.74 × 1.10 × 1.45
    ];
    let both_ends: Vec<_> = edges.iter().flat_map(|rate| [*rate, *rate]).collect();
    assert_eq!(result.rates(), both_ends);
}

#[test]
fn i4_age_is_completed_years_on_the_first_day_of_the_own_cover() {
    let insured = roster()
        .born("1996-01-02", 1) // 30 tomorrow
        .born("1996-01-01", 1) // 30 today
        .born("1996-06-15", 1)
        .from("2026-06-14")
        .born("1996-06-15", 1)
        .from("2026-06-15")
        .born("1996-06-15", 1)
        .until("2026-06-15"); // only the first day of cover counts
    let result = quote(&low().cover("1", ""), &insured);
    let found: Vec<_> = result.lines.iter().map(|line| (line.age_years, line.rate.as_str())).collect();
    let expected = [
        (29, "41.8392"),  // 38.74 × 1.20 × 0.90
        (30, "43.23384"), // 38.74 × 1.20 × 0.93
        (29, "41.8392"),  // 38.74 × 1.20 × 0.90
        (30, "43.23384"), // 38.74 × 1.20 × 0.93
        (29, "41.8392"),  // 38.74 × 1.20 × 0.90
    ];
    assert_eq!(found, expected);
}

#[test]
fn i4_an_insured_born_on_29_february_completes_the_year_on_1_march_of_a_common_year() {
    let age_on = |start: &str, end: &str, own_first_day: &str| {
        let text = contract_over(start, end).cover("1", "");
        quote(&text, &roster().born("29.02.1996", 1).from(own_first_day)).lines[0].age_years
    };
    assert_eq!(age_on("2026-01-01", "2026-12-31", "2026-02-28"), 29);
    assert_eq!(age_on("2026-01-01", "2026-12-31", "2026-03-01"), 30);
    assert_eq!(age_on("2026-02-28", "2026-12-31", ""), 29);
    assert_eq!(age_on("2026-03-01", "2026-12-31", ""), 30);
    assert_eq!(age_on("2028-01-01", "2028-12-31", "2028-02-28"), 31);
    assert_eq!(age_on("2028-01-01", "2028-12-31", "2028-02-29"), 32);
}

#[test]
fn i5_eighty_and_older_is_referred() {
    let text = low().cover("1", "");
    let insured = roster().aged(79, 1).born("1946-01-02", 1).aged(80, 1).aged(100, 1);
    let result = quote(&text, &insured);
    assert_eq!((result.status, result.headcount), (Status::Refused, 0));
    assert_eq!((result.rows.read, result.rows.priced, result.rows.referred, result.rows.rejected), (4, 2, 2, 0));
    let referral = |row| (row, Code::AgeOutsideTariff, "age-outside-tariff");
    assert_eq!(result.diagnostics, [referral(4), referral(5)]);
    let clean = preliminary(&text, &insured);
    assert_eq!((clean.status, clean.headcount), (Status::Preliminary, 2));
    let found: Vec<_> = clean.lines.iter().map(|line| (line.age_years, line.rate.as_str())).collect();
    let expected = [
        (79, "67.4076"), // 38.74 × 1.20 × 1.45
        (79, "67.4076"), // 38.74 × 1.20 × 1.45
    ];
    assert_eq!(found, expected);
}

#[test]
fn i5_eighty_on_the_first_day_of_the_own_cover_is_referred() {
    let insured = roster().born("1946-06-15", 1).born("1946-06-15", 1).from("2026-06-14").born("1946-06-15", 1);
    let result = quote(&low().cover("1", ""), &insured.from("2026-06-15"));
    assert_eq!((result.rows.priced, result.rows.referred), (2, 1));
}

#[test]
fn i6_children_of_0_1_7_8_and_15_are_in_their_bands_and_of_16_in_none() {
    for programme in ["10", "18", "19"] {
        let text = low().cover(programme, "");
        let insured = roster().aged(15, 1).born("2010-01-02", 1).aged(16, 1).aged(40, 1);
        let result = quote(&text, &insured);
        assert_eq!(result.status, Status::Refused, "{programme}");
        assert_eq!((result.rows.priced, result.rows.rejected), (2, 2), "{programme}");
        let error = |row| (row, Code::AgeOutsideProgramme, "age-outside-programme");
        assert_eq!(result.diagnostics, [error(4), error(5)], "{programme}");
    }
    // one year old on the first day, and one day before that
    let text = low().cover("10", "");
    let result =
        quote(&text, &roster().born("2025-01-01", 1).born("2025-01-02", 1).born("2018-01-01", 1).born("2018-01-02", 1));
    assert_eq!(
        result.rates(),
        [
            "50.778", // 27.30 × 1.20 × 1.55
            "69.285", // 37.25 × 1.20 × 1.55
            "26.625", // 17.75 × 1.20 × 1.25
            "40.95",  // 27.30 × 1.20 × 1.25
        ]
    );
}

#[test]
fn i6_a_plan_with_a_programme_of_children_is_for_children() {
    let result = quote(&low().cover("1", "").cover("18", ""), &roster().aged(16, 1));
    assert_eq!(result.diagnostics, [(2, Code::AgeOutsideProgramme, "age-outside-programme")]);
}

#[test]
fn i7_the_age_coefficient_applies_to_the_programmes_of_children() {
    assert_eq!(child_rate("18", "", 2), "33.93198"); // 18.243 × 1.20 × 1.55
    assert_eq!(child_rate("18", "", 3), "31.74282"); // 18.243 × 1.20 × 1.45
    assert_eq!(child_rate("18", "", 5), "27.3645"); // 18.243 × 1.20 × 1.25
    assert_eq!(child_rate("18", "", 10), "13.51812"); // 11.858 × 1.20 × 0.95
    assert_eq!(child_rate("18", "", 15), "11.668272"); // 11.858 × 1.20 × 0.82
}

#[test]
fn i8_the_columns_follow_completed_years() {
    let rate = |age| child_rate("10", "exclude = ['planned_admission']", age);
    assert_eq!(rate(1), "47.73132"); // 27.30 × 1.20 × 1.55 × 0.94
    assert_eq!(rate(7), "38.493"); // 27.30 × 1.20 × 1.25 × 0.94
    assert_eq!(rate(8), "24.495"); // 17.75 × 1.20 × 1.25 × 0.92
    assert_eq!(rate(15), "16.06872"); // 17.75 × 1.20 × 0.82 × 0.92
}

#[test]
fn i8_a_dash_is_an_error_on_the_insured() {
    let text = low().cover("10", "exclude = ['home_care', 'dental']");
    let result = quote(&text, &roster().aged(0, 1).born("2025-01-02", 1).born("2025-01-01", 1));
    assert_eq!(result.status, Status::Refused);
    assert_eq!((result.rows.priced, result.rows.rejected), (1, 2));
    let error = |row| (row, Code::AgeOutsideProgramme, "exclusion-not-at-age");
    assert_eq!(result.diagnostics, [error(2), error(3)]);
    let clean = preliminary(&text, &roster().aged(0, 1).aged(1, 1));
    assert_eq!(clean.rates(), ["43.41519"]); // 27.30 × 1.20 × 1.55 × 0.95 × 0.90
}

#[test]
fn i5_and_i6_eighty_on_a_childrens_programme_is_an_error_and_not_only_a_referral() {
    let result = quote(&low().cover("18", ""), &roster().aged(80, 1).aged(7, 1));
    assert_eq!((result.rows.priced, result.rows.referred, result.rows.rejected), (1, 0, 1));
    let expected =
        [(2, Code::AgeOutsideProgramme, "age-outside-programme"), (2, Code::AgeOutsideTariff, "age-outside-tariff")];
    assert_eq!(result.diagnostics, expected);
}
