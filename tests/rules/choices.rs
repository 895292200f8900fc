//! §2.3, §2.4, §2.5 and rules I2, I13, I14: choices in ranges, price changes, additional services and risk groups.

use kollektiv::base::diagnostic::Code;
use kollektiv::base::rule::Rule;
use kollektiv::pricing::choice::ChosenBy;
use kollektiv::pricing::trace::Factor;

use super::{headcount, low, rate, refused_cover};
use crate::support::{Case, contract, quote, refused, roster};

#[test]
fn i2_the_contract_chooses_the_headcount_coefficient() {
    let rate = |choice: &str| {
        let text = contract().choose("risk = { 1 = 'low' }").choose(choice).cover("1", "");
        quote(&text, &roster().aged(40, 1)).rates()[0].to_owned()
    };
    assert_eq!(rate("headcount = 'low'"), "46.488"); // 38.74 × 1.20
    assert_eq!(rate("headcount = 'mid'"), "50.362"); // 38.74 × 1.30
    assert_eq!(rate("headcount = 'high'"), "54.236"); // 38.74 × 1.40
    assert_eq!(rate("headcount = '1.3333'"), "51.652042"); // 38.74 × 1.3333
    assert_eq!(rate("headcount = 1.3333"), "51.652042"); // 38.74 × 1.3333
    // both ends are inside, and zeros are no decimals
    assert_eq!(rate("headcount = '1.20000'"), "46.488"); // 38.74 × 1.20
    assert_eq!(rate("headcount = '1.4'"), "54.236"); // 38.74 × 1.40
    assert_eq!(rate("ranges = 'high'"), "54.236"); // 38.74 × 1.40
    assert_eq!(rate(""), "50.362"); // 38.74 × 1.30
}

#[test]
fn i2_the_middle_is_the_exact_mean() {
    // (0.88 + 0.85) / 2 = 0.865, (0.85 + 0.80) / 2 = 0.825
    let text = contract().cover("1", "");
    assert_eq!(headcount(&text, 1000).coefficient.normalize().to_string(), "0.865");
    assert_eq!(headcount(&text, 4001).coefficient.normalize().to_string(), "0.825");
}

#[test]
fn i2_a_range_without_a_choice_is_at_its_middle_and_marked_as_default() {
    let lines = "exclude = ['planned_admission']";
    let chosen_by = |choice: &str, base_rate: &str, lines: &str| {
        let text = contract().choose(choice).cover("6", base_rate).cover("2", lines);
        let case = Case::open(&text, &roster().aged(40, 1)).unwrap();
        let quote = case.quote(false).unwrap();
        let rating = &quote.price.as_ref().unwrap().rating;
        let covers = &case.contract.terms.plans[0].covers;
        let base_rate = rating.base_rate(&covers[0]).unwrap();
        let exclusion = rating.exclusion(&covers[1], &covers[1].exclude[0]).unwrap();
        let (_, risk) = rating.risk().find(|(group, _)| *group == 1).unwrap();
        [rating.headcount(), risk, base_rate, exclusion].map(|placed| (placed.coefficient.to_string(), placed.by))
    };
    let marked = |coefficients: [&str; 4], by| coefficients.map(|coefficient| (coefficient.to_owned(), by));
    // (1.20 + 1.40) / 2, (1.00 + 1.50) / 2, (0.70 + 1.50) / 2, (0.40 + 0.70) / 2
    let middle = ["1.30", "1.25", "1.10", "0.55"];
    assert_eq!(chosen_by("", "", lines), marked(middle, ChosenBy::Default));
    assert_eq!(chosen_by("ranges = 'mid'", "", lines), marked(middle, ChosenBy::Ranges));
    assert_eq!(chosen_by("ranges = 'high'", "", lines), marked(["1.40", "1.50", "1.50", "0.70"], ChosenBy::Ranges));
    let named = "exclude = [{ service = 'planned_admission', coefficient = 'mid' }]";
    let all = "headcount = 'mid'\nrisk = { 1 = 'mid' }";
    assert_eq!(chosen_by(all, "base_rate = 'mid'", named), marked(middle, ChosenBy::Contract));
    // a choice for one range leaves the others to `ranges`
    let found = chosen_by("ranges = 'low'\nrisk = { 1 = '1.2345' }", "", lines);
    assert_eq!(found[0], ("1.20".to_owned(), ChosenBy::Ranges));
    assert_eq!(found[1], ("1.2345".to_owned(), ChosenBy::Contract));
}

#[test]
fn i2_the_trace_of_a_rate_marks_defaults() {
    let case = Case::open(&contract().choose("headcount = '1.25'").cover("1", ""), &roster().aged(40, 1)).unwrap();
    let quote = case.quote(false).unwrap();
    let price = quote.price.as_ref().unwrap();
    let at = price.axes.coordinates(price.axes.first_cell(
        0,
        price.axes.age_class(40).unwrap(),
        price.axes.risk(1).unwrap(),
    ));
    let cover = &case.contract.terms.plans[0].covers[0];
    let trace = price.rating.trace(cover, &price.axes.ages[at.age_class], at.risk).unwrap();
    let found: Vec<_> =
        trace.steps.iter().map(|step| (&step.factor, step.choice.map(|(_, by)| by), step.rule)).collect();
    let expected = [
        (&Factor::Base, None, None),
        (&Factor::Headcount, Some(ChosenBy::Contract), Some(Rule::I2)),
        (&Factor::Age, None, Some(Rule::I7)),
        (&Factor::Risk(1), Some(ChosenBy::Default), Some(Rule::I2)),
    ];
    assert_eq!(found, expected);
}

#[test]
fn i2_a_number_outside_its_range_is_refused() {
    let text = |choice: &str| contract().choose(choice).cover("1", "");
    let one = roster().aged(40, 1);
    // 1.20 … 1.40 up to nine insured
    assert_eq!(refused(&text("headcount = '1.1999'"), &one), ["headcount-outside"]);
    assert_eq!(refused(&text("headcount = '1.4001'"), &one), ["headcount-outside"]);
    // 1.10 … 1.20 from ten insured on: the roster decides whether a number is inside
    let choice = text("headcount = '1.25'");
    assert_eq!(headcount(&choice, 9).coefficient.to_string(), "1.25");
    assert_eq!(refused(&choice, &roster().crowd(10)), ["headcount-outside"]);
    // 1.00 … 1.50 in group 1
    assert_eq!(refused(&text("risk = { 1 = '0.9999' }"), &one), ["choice-outside"]);
    assert_eq!(refused(&text("risk = { 1 = '1.5001' }"), &one), ["choice-outside"]);
    assert_eq!(refused(&text("headcount = -1"), &one), ["headcount-outside"]);
    assert_eq!(refused(&text("headcount = '1.30001'"), &one), ["choice-decimals"]);
    assert_eq!(refused(&text("risk = { 1 = '1.00001' }"), &one), ["choice-decimals"]);
    assert_eq!(refused(&text("ranges = '1.2'"), &one), ["word-unknown"]);
    // a choice needs a range
    assert_eq!(refused_cover("1", "base_rate = 'low'"), ["base-rate-fixed"]);
    assert_eq!(refused_cover("1", "exclude = [{ service = 'dental', coefficient = '0.80' }]"), ["exclusion-fixed"]);
}

#[test]
fn clause_2_3_a_price_change_multiplies_the_rate() {
    assert_eq!(rate("1", "price_change = '1.10'"), "51.1368"); // 38.74 × 1.20 × 1.00 × 1.00 × 1.10
    assert_eq!(rate("1", "price_change = 0.9"), "41.8392"); // 38.74 × 1.20 × 1.00 × 1.00 × 0.9
    assert_eq!(rate("1", "price_change = '1.2345'"), "57.389436"); // 38.74 × 1.20 × 1.00 × 1.00 × 1.2345
    let result = quote(&low().cover("1", "price_change = '1.10'"), &roster().aged(40, 1));
    assert_eq!(result.factors(), ["1: 38.74", "2.1: 1.20", "2.2: 1.00", "2.5: 1.00", "2.3: 1.10"]);
}

#[test]
fn i13_a_price_change_is_up_or_down_and_not_between() {
    assert_eq!(rate("1", "price_change = '1.0'"), "46.488"); // 38.74 × 1.20 × 1.0
    assert_eq!(rate("1", "price_change = '5.0'"), "232.44"); // 38.74 × 1.20 × 5.0
    assert_eq!(rate("1", "price_change = '0.1'"), "4.6488"); // 38.74 × 1.20 × 0.1
    assert_eq!(rate("1", "price_change = '0.9'"), "41.8392"); // 38.74 × 1.20 × 0.9
    for outside in ["0.95", "0.9001", "0.9999", "0.0999", "5.0001", "0"] {
        assert_eq!(refused_cover("1", &format!("price_change = '{outside}'")), ["price-change-outside"], "{outside}");
    }
    assert_eq!(refused_cover("1", "price_change = '1.00001'"), ["choice-decimals"]);
}

#[test]
fn clause_2_4_additional_services_multiply_the_rate() {
    assert_eq!(rate("1", "additional_services = '1.25'"), "58.11"); // 38.74 × 1.20 × 1.00 × 1.00 × 1.25
    let result = quote(&low().cover("1", "additional_services = 1.25\nprice_change = '1.10'"), &roster().aged(40, 1));
    assert_eq!(result.rates(), ["63.921"]); // 38.74 × 1.20 × 1.00 × 1.00 × 1.10 × 1.25
    assert_eq!(result.factors(), ["1: 38.74", "2.1: 1.20", "2.2: 1.00", "2.5: 1.00", "2.3: 1.10", "2.4: 1.25"]);
}

#[test]
fn i14_additional_services_are_a_number_and_never_a_default() {
    assert_eq!(rate("1", ""), "46.488"); // 38.74 × 1.20
    assert_eq!(rate("1", "additional_services = '1.1'"), "51.1368"); // 38.74 × 1.20 × 1.1
    assert_eq!(rate("1", "additional_services = '5.0'"), "232.44"); // 38.74 × 1.20 × 5.0
    for outside in ["1.0999", "1", "5.0001"] {
        assert_eq!(refused_cover("1", &format!("additional_services = '{outside}'")), ["choice-outside"], "{outside}");
    }
    assert_eq!(refused_cover("1", "additional_services = '1.12345'"), ["choice-decimals"]);
    for word in ["low", "mid", "high"] {
        assert_eq!(refused_cover("1", &format!("additional_services = '{word}'")), ["value-kind"], "{word}");
    }
}

#[test]
fn clause_2_5_risk_groups_at_both_ends_and_in_the_middle() {
    let insured = (0..=4).fold(roster(), |roster, group| roster.aged(40, group));
    let rates = |choice: &str| {
        let text = contract().choose("headcount = '1.20'").choose(choice).cover("1", "");
        quote(&text, &insured).rates().iter().map(|rate| (*rate).to_owned()).collect::<Vec<_>>()
    };
    let lower = [
        "37.1904",  // 38.74 × 1.20 × 1.00 × 0.80
        "46.488",   // 38.74 × 1.20 × 1.00 × 1.00
        "74.3808",  // 38.74 × 1.20 × 1.00 × 1.60
        "92.976",   // 38.74 × 1.20 × 1.00 × 2.00
        "120.8688", // 38.74 × 1.20 × 1.00 × 2.60
    ];
    assert_eq!(rates("ranges = 'low'"), lower);
    let middle = [
        "39.5148",  // 38.74 × 1.20 × 1.00 × 0.85
        "58.11",    // 38.74 × 1.20 × 1.00 × 1.25
        "81.354",   // 38.74 × 1.20 × 1.00 × 1.75
        "104.598",  // 38.74 × 1.20 × 1.00 × 2.25
        "141.7884", // 38.74 × 1.20 × 1.00 × 3.05
    ];
    assert_eq!(rates(""), middle);
    let upper = [
        "41.8392", // 38.74 × 1.20 × 1.00 × 0.90
        "69.732",  // 38.74 × 1.20 × 1.00 × 1.50
        "88.3272", // 38.74 × 1.20 × 1.00 × 1.90
        "116.22",  // 38.74 × 1.20 × 1.00 × 2.50
        "162.708", // 38.74 × 1.20 × 1.00 × 3.50
    ];
    assert_eq!(rates("ranges = 'high'"), upper);
    let each = [
        "37.1950488",  // 38.74 × 1.20 × 1.00 × 0.8001
        "69.732",      // 38.74 × 1.20 × 1.00 × 1.50
        "81.354",      // 38.74 × 1.20 × 1.00 × 1.75
        "92.976",      // 38.74 × 1.20 × 1.00 × 2.00
        "162.7033512", // 38.74 × 1.20 × 1.00 × 3.4999
    ];
    assert_eq!(rates("risk = { 0 = '0.8001', 1 = 'high', 3 = 'low', 4 = '3.4999' }"), each);
}

#[test]
fn clause_2_5_there_are_five_risk_groups() {
    let text = low().cover("1", "");
    assert_eq!(quote(&text, &roster().aged(40, 5)).diagnostics, [(2, Code::BadRiskGroup, "bad-risk-group")]);
    assert_eq!(refused(&low().choose("risk = { 5 = 'low' }").cover("1", ""), &roster()), ["risk-group-unknown"]);
}
