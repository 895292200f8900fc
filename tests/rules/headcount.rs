//! §2.1 and rules I1, I3: the headcount of the whole contract.

use kollektiv::pricing::choice::ChosenBy;
use kollektiv::pricing::choice::PricePoint;
use kollektiv::quote::Status;

use super::{headcount, low};
use crate::support::{contract, preliminary, quote, refused, roster};

#[test]
fn clause_2_1_headcount_bands_at_their_edges() {
    let edges = [
        (1, "1.20", "1.40"),
        (9, "1.20", "1.40"),
        (10, "1.10", "1.20"),
        (49, "1.10", "1.20"),
        (50, "1.00", "1.10"),
        (99, "1.00", "1.10"),
        (100, "0.94", "1.00"),
        (499, "0.94", "1.00"),
        (500, "0.88", "0.94"),
        (999, "0.88", "0.94"),
        (1000, "0.85", "0.88"),
        (4000, "0.85", "0.88"),
        (4001, "0.80", "0.85"),
    ];
    let text = contract().choose("headcount = 'high'").cover("1", "");
    for (insured, low, high) in edges {
        let placed = headcount(&text, insured);
        let found = [placed.at(PricePoint::Low), placed.at(PricePoint::Chosen), placed.at(PricePoint::High)];
        assert_eq!(found.map(|coefficient| coefficient.to_string()), [low, high, high], "{insured} insured");
    }
}

#[test]
fn i1_the_headcount_is_of_all_plans_together() {
    // 5 + 4 insured, and 5 + 5
    let text = low().plan("A").cover("1", "").plan("B").cover("4", "");
    let crowd = |insured, plan| (0..insured).fold(roster(), |roster, _| roster.aged(40, 1).on(plan));
    let joined = |left, right| (0..right).fold(crowd(left, "A"), |roster, _| roster.aged(40, 1).on("B"));
    let nine = quote(&text, &joined(5, 4));
    assert_eq!(nine.headcount, 9);
    assert_eq!(nine.rates()[0], "46.488"); // 38.74 × 1.20
    assert_eq!(nine.rates()[8], "9.888"); // 8.24 × 1.20
    let ten = quote(&text, &joined(5, 5));
    assert_eq!(ten.headcount, 10);
    assert_eq!(ten.rates()[0], "42.614"); // 38.74 × 1.10
    assert_eq!(ten.rates()[9], "9.064"); // 8.24 × 1.10
}

#[test]
fn i1_an_insured_with_several_covers_counts_once() {
    let result = quote(&low().cover("1", "").cover("4", ""), &roster().crowd(9));
    assert_eq!((result.headcount, result.lines.len()), (9, 18));
    assert_eq!(result.rates()[0], "46.488"); // 38.74 × 1.20
}

#[test]
fn i1_only_priced_insured_count() {
    // the tenth has no birth date: nine are priced, and by the coefficient of nine
    let text = low().cover("1", "");
    let result = preliminary(&text, &roster().crowd(9).born("", 1));
    assert_eq!((result.status, result.headcount), (Status::Preliminary, 9));
    assert_eq!(result.rates()[0], "46.488"); // 38.74 × 1.20
    assert_eq!(quote(&text, &roster().crowd(10)).rates()[0], "42.614"); // 38.74 × 1.10
}

#[test]
fn i3_the_headcount_coefficient_falls_linearly_inside_its_band() {
    let text = contract().choose("headcount = 'interpolate'").cover("1", "");
    let lines = [
        // the first of a band has the higher coefficient, the last the lower
        (1, "1.4"),
        (9, "1.2"),
        (10, "1.2"),
        (49, "1.1"),
        (50, "1.1"),
        (99, "1"),
        (100, "1"),
        (499, "0.94"),
        (500, "0.94"),
        (999, "0.88"),
        (1000, "0.88"),
        (4000, "0.85"),
        (2, "1.375"),    // 1.40 - 0.20 × 1 / 8
        (6, "1.275"),    // 1.40 - 0.20 × 5 / 8
        (20, "1.1744"),  // 1.20 - 0.10 × 10 / 39
        (75, "1.049"),   // 1.10 - 0.10 × 25 / 49
        (138, "0.9943"), // 1.00 - 0.06 × 38 / 399
        (750, "0.9099"), // 0.94 - 0.06 × 250 / 499
        (2500, "0.865"), // 0.88 - 0.03 × 1500 / 3000
        // the half goes away from zero: 0.87985 → 0.8799, 0.87995 → 0.88
        (1015, "0.8799"), // 0.88 - 0.03 × 15 / 3000
        (1005, "0.88"),   // 0.88 - 0.03 × 5 / 3000
    ];
    for (insured, coefficient) in lines {
        let placed = headcount(&text, insured);
        assert_eq!(placed.coefficient.normalize().to_string(), coefficient, "{insured} insured");
        assert_eq!(placed.by, ChosenBy::Contract);
    }
}

#[test]
fn i3_no_interpolation_above_4000_insured() {
    let text = contract().choose("headcount = 'interpolate'").cover("1", "");
    assert_eq!(refused(&text, &roster().crowd(4001)), ["interpolate-open-band"]);
    let number = contract().choose("headcount = '0.8123'").cover("1", "");
    assert_eq!(headcount(&number, 4001).coefficient.to_string(), "0.8123");
}

#[test]
fn i3_the_corridor_of_an_interpolated_headcount_is_the_bands() {
    let text = contract().choose("headcount = 'interpolate'").cover("1", "");
    let placed = headcount(&text, 138);
    assert_eq!([placed.at(PricePoint::Low), placed.at(PricePoint::High)].map(|end| end.to_string()), ["0.94", "1.00"]);
}
