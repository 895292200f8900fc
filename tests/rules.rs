//! Every clause of the tariff and every rule I1–I17 and I72–I75 on a small contract, with the arithmetic of its price.
//!
//! By default the contract runs over the 365 days of 2026 and has fewer than ten insured; every range is
//! at its low end, so that the headcount is 1.20 and risk group 1 is 1.00; the insured is 40, which is 1.00; and the
//! sum insured is 100 000 RUB, so that the premium is 1000 × the rate.

mod accepted;
mod ages;
mod choices;
mod discretion;
mod headcount;
mod services;
mod term;

use kollektiv::pricing::choice::ChosenCoefficient;

use crate::support::{Case, ContractText, contract, quote, refused, roster};

/// A contract with every range at its low end.
fn low() -> ContractText {
    contract().choose("ranges = 'low'")
}

/// The rate of one insured of 40 with one cover, every range at its low end.
fn rate(programme: &str, lines: &str) -> String {
    quote(&low().cover(programme, lines), &roster().aged(40, 1)).rates()[0].to_owned()
}

/// The rate of one child with one cover, every range at its low end.
fn child_rate(programme: &str, lines: &str, age_years: u16) -> String {
    quote(&low().cover(programme, lines), &roster().aged(age_years, 1)).rates()[0].to_owned()
}

/// The names of the faults of a cover.
fn refused_cover(programme: &str, lines: &str) -> Vec<&'static str> {
    refused(&low().cover(programme, lines), &roster().aged(40, 1))
}

/// The headcount coefficient of a contract with this number of insured.
fn headcount(contract: &ContractText, insured: usize) -> ChosenCoefficient {
    let case = Case::open(contract, &roster().crowd(insured)).unwrap();
    let quote = case.quote(false).unwrap();
    let price = quote.price.as_ref().unwrap();
    assert_eq!(price.headcount as usize, insured);
    price.rating.headcount()
}

#[test]
fn clause_1_the_base_rate_of_every_programme() {
    let adults = ["1", "2", "3a", "3b", "4", "5", "6", "7", "8", "9", "11", "12", "13", "14", "15", "16", "17", "20"];
    let text = adults.iter().fold(low().plan("A"), |text, programme| text.cover(programme, ""));
    let text = ["10", "18", "19"].iter().fold(text.plan("B"), |text, programme| text.cover(programme, ""));
    let children = [0, 1, 7, 8, 15];
    let insured = children.iter().fold(roster().aged(40, 1).on("A"), |roster, age| roster.aged(*age, 1).on("B"));
    let result = quote(&text, &insured);
    let programmes: Vec<_> = result.lines.iter().map(|line| line.programme.as_str()).collect();
    assert_eq!(programmes[..18], adults);
    assert_eq!(programmes[18..], ["10", "18", "19"].repeat(5));
    assert_eq!(
        result.rates(),
        [
            "46.488",  // 38.74 × 1.20 × 1.00 × 1.00
            "12.516",  // 10.43 × 1.20 × 1.00 × 1.00
            "20.316",  // 16.93 × 1.20 × 1.00 × 1.00
            "23.4",    // 19.5 × 1.20 × 1.00 × 1.00
            "9.888",   // 8.24 × 1.20 × 1.00 × 1.00
            "11.724",  // 9.77 × 1.20 × 1.00 × 1.00
            "0.5964",  // 0.70 × 1.20 × 1.00 × 1.00 × 0.71
            "97.632",  // 81.36 × 1.20 × 1.00 × 1.00
            "72.996",  // 60.83 × 1.20 × 1.00 × 1.00
            "10.848",  // 9.04 × 1.20 × 1.00 × 1.00
            "3.768",   // 3.14 × 1.20 × 1.00 × 1.00
            "6.948",   // 5.79 × 1.20 × 1.00 × 1.00
            "5.232",   // 4.36 × 1.20 × 1.00 × 1.00
            "17.964",  // 14.97 × 1.20 × 1.00 × 1.00
            "40.248",  // 33.54 × 1.20 × 1.00 × 1.00
            "15.6372", // 13.031 × 1.20 × 1.00 × 1.00
            "3.456",   // 2.880 × 1.20 × 1.00 × 1.00
            "10.512",  // 8.76 × 1.20 × 1.00 × 1.00
            // 0 years
            "69.285",   // 37.25 × 1.20 × 1.55 × 1.00
            "46.29354", // 24.889 × 1.20 × 1.55 × 1.00
            "37.05306", // 19.921 × 1.20 × 1.55 × 1.00
            // 1 year
            "50.778",   // 27.30 × 1.20 × 1.55 × 1.00
            "33.93198", // 18.243 × 1.20 × 1.55 × 1.00
            "27.15972", // 14.602 × 1.20 × 1.55 × 1.00
            // 7 years
            "40.95",   // 27.30 × 1.20 × 1.25 × 1.00
            "27.3645", // 18.243 × 1.20 × 1.25 × 1.00
            "21.903",  // 14.602 × 1.20 × 1.25 × 1.00
            // 8 years
            "26.625",  // 17.75 × 1.20 × 1.25 × 1.00
            "17.787",  // 11.858 × 1.20 × 1.25 × 1.00
            "14.2365", // 9.491 × 1.20 × 1.25 × 1.00
            // 15 years
            "17.466",    // 17.75 × 1.20 × 0.82 × 1.00
            "11.668272", // 11.858 × 1.20 × 0.82 × 1.00
            "9.339144",  // 9.491 × 1.20 × 0.82 × 1.00
        ]
    );
}

#[test]
fn a_premium_is_rounded_once_and_the_half_away_from_zero() {
    let premium = |sum: &str| quote(&low().cover_of("1", sum, ""), &roster().aged(40, 1)).premiums()[0].clone();
    // 1.875 × 46.488 = 87.165, which half to even would make 87.16
    assert_eq!(premium("187.50"), "87.17"); // 1.875 × 46.488
    assert_eq!(premium("62.50"), "29.06"); // 0.625 × 46.488
    assert_eq!(premium("187.49"), "87.16"); // 1.8749 × 46.488
    // a rate that needs more than 64 bits, with half a kopeck to round
    let text = contract().choose("headcount = '1.3125'").choose("risk = { 1 = '1.4375' }").cover_of(
        "16",
        "78643200",
        "price_change = '1.0625'\nadditional_services = '1.1875'",
    );
    let result = quote(&text, &roster().aged(55, 1));
    assert_eq!(result.rates(), ["38.775506572723388671875"]); // 13.031 × 1.3125 × 1.25 × 1.4375 × 1.0625 × 1.1875
    assert_eq!(result.premiums(), ["30494299.19"]); // 786432 × 38.775506572723388671875 = 30494299.185
    // nine coefficients: the rate has every digit, the premium has two decimals
    let text = contract()
        .choose("headcount = '1.2347'")
        .choose("risk = { 4 = '3.1417' }")
        .cover_of("16", "99999.99", "exclude = ['dental', 'home_care', 'ambulance']\ninclude = ['office_doctor', 'personal_doctor']\nprice_change = '1.2345'\nadditional_services = '2.7183'");
    let result = quote(&text, &roster().aged(35, 4));
    assert_eq!(result.rates(), ["231.01023739789096802188722"]); // 13.031 × 1.2347 × 0.97 × 3.1417 × 1.2345 × 2.7183 × 0.60 × 1.30 × 1.80
    assert_eq!(result.premiums(), ["231010.21"]); // 999.9999 × 13.031 × 1.2347 × 0.97 × 3.1417 × 1.2345 × 2.7183 × 0.60 × 1.30 × 1.80
}

#[test]
fn totals_are_sums_of_rounded_lines() {
    // 0.25 / 100 × 46.488 = 0.11622 → 0.12, and 9 × 0.12 = 1.08, where 9 × 0.11622 = 1.04598
    let result = quote(&low().cover_of("1", "0.25", ""), &roster().crowd(9));
    assert_eq!(result.premium.chosen.to_string(), "1.08");
}

#[test]
fn the_corridor_has_every_range_at_its_ends_and_leaves_the_facts_alone() {
    let text = contract()
        .cover("6", "price_change = '1.10'")
        .cover("2", "exclude = ['planned_admission']\nadditional_services = '1.25'");
    let result = quote(&text, &roster().aged(40, 3));
    let corridor = |line: usize| {
        let premium = result.lines[line].premium;
        [premium.low, premium.chosen, premium.high].map(|premium| premium.to_string())
    };
    let expected = [
        "1312.08", // 1000 × 0.70 × 1.20 × 1.00 × 2.00 × 1.10 × 0.71
        "2512.87", // 1000 × 1.10 × 1.30 × 1.00 × 2.25 × 1.10 × 0.71
        "4100.25", // 1000 × 1.50 × 1.40 × 1.00 × 2.50 × 1.10 × 0.71
    ];
    assert_eq!(corridor(0), expected);
    let expected = [
        "12516.00", // 1000 × 10.43 × 1.20 × 1.00 × 2.00 × 1.25 × 0.40
        "20974.08", // 1000 × 10.43 × 1.30 × 1.00 × 2.25 × 1.25 × 0.55
        "31941.88", // 1000 × 10.43 × 1.40 × 1.00 × 2.50 × 1.25 × 0.70
    ];
    assert_eq!(corridor(1), expected);
    let total = [result.premium.low, result.premium.chosen, result.premium.high].map(|premium| premium.to_string());
    let expected = [
        "13828.08", // 1312.08 + 12516.00
        "23486.95", // 2512.87 + 20974.08
        "36042.13", // 4100.25 + 31941.88
    ];
    assert_eq!(total, expected);
}
