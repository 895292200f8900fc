//! I72, I74 and I75: coefficients that a contract leaves out, named additional services, remarks on plans.

use kollektiv::base::rule::Rule;
use kollektiv::desk::exposure::Exposure;
use kollektiv::desk::outlook::Outlook;
use kollektiv::desk::range_factor::{RangeFactor, RangePosition};
use kollektiv::pricing::choice::ChosenBy;
use kollektiv::quote::remarks::remarks;
use serde_json::Value;

use super::{low, rate, refused_cover};
use crate::program::{Table, json, run, write_contract};
use crate::support::{Case, ContractText, RosterText, contract, quote, refused, roster};

fn neither() -> ContractText {
    contract().choose("headcount = 'none'").choose("risk = { 0 = 'none', 2 = 'high' }")
}

#[test]
fn i72_a_coefficient_that_is_left_out_is_one_in_all_three_prices() {
    let people = roster().aged(40, 0).aged(40, 1).aged(40, 2);
    let result = quote(&neither().cover("16", ""), &people);
    // headcount 1, age 1.00
    assert_eq!(
        result.rates(),
        [
            "13.031",   // 13.031 × 1 × 1.00 × 1
            "16.28875", // 13.031 × 1 × 1.00 × 1.25, the middle of 1.00–1.50
            "24.7589",  // 13.031 × 1 × 1.00 × 1.90
        ]
    );
    let corridor = |line: usize| {
        let premium = result.lines[line].premium;
        [premium.low, premium.chosen, premium.high].map(|premium| premium.to_string())
    };
    assert_eq!(corridor(0), ["13031.00"; 3]); // 1000 × 13.031
    assert_eq!(corridor(1), ["13031.00", "16288.75", "19546.50"]); // 1000 × 13.031 × 1.00, 1.25, 1.50
    assert_eq!(corridor(2), ["20849.60", "24758.90", "24758.90"]); // 1000 × 13.031 × 1.60, 1.90, 1.90
}

#[test]
fn i72_the_trace_keeps_the_step_with_its_clause() {
    let case = Case::open(&neither().cover("16", ""), &roster().aged(40, 0)).unwrap();
    let quote = case.quote(false).unwrap();
    let price = quote.price.as_ref().unwrap();
    let headcount = price.rating.headcount();
    assert_eq!((headcount.by, price.rating.headcount_rule()), (ChosenBy::NotApplied, Rule::I72));
    let left_out: Vec<u8> =
        price.rating.risk().filter(|(_, chosen)| chosen.rule() == Rule::I72).map(|(group, _)| group).collect();
    assert_eq!(left_out, [0]);
}

#[test]
fn i72_only_headcount_and_risk_can_be_left_out() {
    assert_eq!(refused(&contract().choose("ranges = 'none'").cover("1", ""), &roster().aged(40, 1)), ["word-unknown"]);
    assert_eq!(refused_cover("6", "base_rate = 'none'"), ["word-unknown"]);
    assert_eq!(
        refused_cover("2", "exclude = [{ service = 'planned_admission', coefficient = 'none' }]"),
        ["word-unknown"]
    );
}

#[test]
fn i72_the_desk_does_not_move_what_is_left_out() {
    let people = roster().crowd(9).aged(40, 0);
    let case = Case::open(&neither().cover("16", ""), &people).unwrap();
    let quote = case.quote(false).unwrap();
    let price = quote.price.as_ref().unwrap();
    let factors: Vec<RangeFactor> =
        RangePosition::all(&quote, price, &Exposure::new(&quote, price)).iter().map(|at| at.factor).collect();
    assert_eq!(factors, [RangeFactor::Risk(1)]);
    let bands = Outlook::new(&quote, price).unwrap().bands;
    let found: Vec<_> = bands.iter().map(|band| (band.coefficient.to_string(), band.premium_of_present)).collect();
    // 9 × 16.28875 × 1000 + 13.031 × 1000 = 159629.75, in every band
    assert_eq!(price.totals.premium.chosen.to_string(), "159629.75");
    assert_eq!(found, vec![("1".to_owned(), price.totals.premium.chosen); bands.len()]);
}

#[test]
fn i72_every_file_and_screen_shows_what_is_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let text = neither().with("roster = 'roster.csv'").cover("16", "");
    let file = write_contract(folder.path(), &text, &roster().aged(40, 0).aged(40, 2));
    let out = folder.path().join("out");
    let printed = run(["quote", file.to_str().unwrap(), "--out", out.to_str().unwrap()]).exits_with(0);
    assert!(printed.out.contains("не применяется (§2.1, I72)"), "{}", printed.out);
    let manifest = json(&out.join("manifest.json"));
    let overrides: Vec<String> = manifest["overrides"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| format!("{} {} {} {}", entry["factor"], entry["value"], entry["clause"], entry["rule"]))
        .collect();
    assert_eq!(overrides, [r#""headcount" "none" "2.1" "I72""#, r#""risk" "none" "2.5" "I72""#]);
    let headcount = &json(&out.join("quote.json"))["coefficients"]["headcount"];
    assert_eq!((&headcount["value"], &headcount["by"]), (&"1".into(), &"not_applied".into()));
    let rates = Table::open(&out.join("rates.csv"));
    assert_eq!(rates.columns(["headcount", "risk"]), [["", ""], ["", "1.90"]]);
    let printed = run(["explain", file.to_str().unwrap(), "--insured", "1"]).exits_with(0);
    let lines: Vec<&str> = printed.out.lines().filter(|line| line.contains("не применяется")).collect();
    assert!(lines.len() == 2 && lines[0].contains("§2.1, I72") && lines[1].contains("§2.5, I72"), "{}", printed.out);
}

#[test]
fn i72_comparing_with_a_contract_that_applies_the_coefficient_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let people = roster().aged(40, 1);
    let write = |name: &str, text: &ContractText| {
        let folder = folder.path().join(name);
        std::fs::create_dir(&folder).unwrap();
        write_contract(&folder, &text.clone().with("roster = 'roster.csv'"), &people).to_str().unwrap().to_owned()
    };
    let before = write("before", &low().choose("headcount = 'none'").cover("16", ""));
    let after = write("after", &low().cover("16", ""));
    let printed = run(["compare", &before, &after, "--json", "-q"]).exits_with(0);
    let answer: Value = serde_json::from_str(&printed.out).unwrap();
    // 13.031 × (1.20 − 1) × 1000
    assert_eq!(answer["parts"], serde_json::json!({ "headcount": "2606.20" }));
}

#[test]
fn i74_additional_services_have_a_name() {
    let named = "additional_services = { coefficient = '1.25', services = 'Выезд врача за город' }";
    assert_eq!(rate("16", named), "19.5465"); // 13.031 × 1.20 × 1.25
    assert_eq!(rate("16", "additional_services = '1.25'"), "19.5465"); // 13.031 × 1.20 × 1.25
    for (bad, fault) in [
        ("{ coefficient = '1.05', services = 'Выезд' }", "choice-outside"),
        ("{ coefficient = '1.25' }", "key-missing"),
        ("{ services = 'Выезд' }", "key-missing"),
        ("{ coefficient = '1.25', services = ' ' }", "text-blank"),
    ] {
        assert_eq!(refused_cover("16", &format!("additional_services = {bad}")), [fault], "{bad}");
    }
}

/// The rule and the values of each remark.
fn remarked(contract: &ContractText, roster: &RosterText) -> Vec<String> {
    let case = Case::open(contract, roster).unwrap();
    let quote = case.quote(true).unwrap();
    let value = |remark: &kollektiv::quote::remarks::Remark| {
        let text = kollektiv::base::messages::Language::En.render(&remark.message);
        format!("{}: {text}", remark.rule)
    };
    remarks(&quote).iter().map(value).collect()
}

#[test]
fn i74_the_bare_coefficient_is_remarked() {
    let found = remarked(&low().cover("16", "additional_services = '1.25'"), &roster().aged(40, 1));
    assert_eq!(found.len(), 1);
    assert!(
        found[0]
            .starts_with("I74: plan A, programme 16: the additional services of coefficient 1.25 (§2.4) have no name"),
        "{found:?}"
    );
    let named = "additional_services = { coefficient = '1.25', services = 'Выезд врача за город' }";
    assert_eq!(remarked(&low().cover("16", named), &roster().aged(40, 1)), [""; 0]);
}

#[test]
fn i75_care_that_two_covers_give_is_remarked_with_both_clauses() {
    let of = |text: ContractText| remarked(&text, &roster().aged(40, 1));
    let found = of(low().cover("3a", "").cover("7", ""));
    assert_eq!(
        found,
        [
            "I75: plan A: dental care is in programme 3a (§2.6.3.1) and in programme 7 (§1); exclude it from one of them or \
             keep one programme"
        ]
    );
    assert_eq!(of(low().cover("3a", "exclude = ['dental']").cover("7", "")), [""; 0]);
    assert_eq!(of(low().cover("16", "").cover("17", "")), [""; 0]);
    // 3a × 2, 3a × 4
    assert_eq!(of(low().cover("3a", "").cover("2", "").cover("4", "")).len(), 2);
    // each on a plan of its own
    assert_eq!(of(low().cover("3a", "").plan("B").cover("7", "")), [""; 0]);
}

#[test]
fn i75_an_adult_programme_for_children_is_remarked_with_both_clauses() {
    let children = roster().aged(7, 1).aged(15, 1).aged(16, 1).aged(40, 1);
    let found = remarked(&low().cover("16", ""), &children);
    assert_eq!(
        found,
        [
            "I75: plan A: 2 insured are at most 15 years old, and programme 16 (§1) is for adults; the tariff has programme \
             18 (§1) for children"
        ]
    );
    assert_eq!(remarked(&low().cover("16", ""), &roster().aged(16, 1)), [""; 0]);
    assert_eq!(remarked(&low().cover("18", ""), &roster().aged(7, 1)), [""; 0]);
}
