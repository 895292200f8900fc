//! `explain`: every line of every golden contract, and how an insured is named on the command line.

use std::path::Path;

use kollektiv::base::money::Rate;
use kollektiv::desk::explain::Derivation;
use kollektiv::quote::Quote;
use kollektiv::quote::contract::Contract;
use kollektiv::roster::Roster;
use serde_json::Value;

use super::{BASE, write};
use crate::program::{Table, run, sample};
use crate::support::{contract, roster};

/// Whether a clause of the tariff has coefficients.
fn is_a_clause(clause: &str) -> bool {
    !clause.is_empty() && clause.split('.').all(|part| part.parse::<u8>().is_ok())
}

#[test]
fn every_line_of_every_golden_contract_has_its_trace() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut lines = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let folder = entry.unwrap().path();
        if !folder.is_dir() {
            continue;
        }
        let contract = Contract::open(&folder.join("contract.toml"), &BASE).unwrap();
        let roster = Roster::read(&[folder.join("roster.csv")], &contract.roster_spec(&BASE), &()).unwrap();
        let quote = Quote::new(&contract, &BASE, roster, false).unwrap();
        let price = quote.price.as_ref().unwrap();
        let mut derived = Vec::new();
        for insured in &price.lines.admitted {
            for line in Derivation::for_insured(&quote, price, insured) {
                let printed = folder.display();
                let product = line.trace.steps.iter().map(|step| Rate::product([step.coefficient])).product::<Rate>();
                assert_eq!(line.products.last(), Some(&product), "{printed}: the steps multiply to the rate");
                assert_eq!(line.products.len(), line.trace.steps.len());
                for step in &line.trace.steps {
                    assert!(is_a_clause(step.clause), "{printed}: {step:?} names its clause");
                    if let Some((range, _)) = step.choice {
                        assert!(range.contains(step.coefficient), "{printed}: {step:?} is inside its range");
                    }
                }
                let id = quote.roster.insured.id.get(insured.at as usize);
                let programme = &BASE.programmes[line.cover.programme].code;
                let age = insured.age_years;
                derived.push(format!("{id},{programme},{age},{},{product},{}", line.days, line.premium));
            }
        }
        let expected = std::fs::read_to_string(folder.join("expected.csv")).unwrap();
        assert_eq!(derived, expected.lines().skip(1).collect::<Vec<_>>(), "{}", folder.display());
        lines += derived.len();
    }
    assert!(lines > 1000, "{lines} lines are derived");
}

#[test]
fn the_displayed_trace_is_that_of_the_saved_line() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("zavod");
    crate::program::quote(&sample("zavod"), &out, &[]).exits_with(0);
    let premiums = Table::open(&out.join("premiums.csv"));
    let of_row: Vec<[&str; 5]> = premiums
        .columns(["row", "programme", "rate", "days", "premium"])
        .into_iter()
        .filter(|[row, ..]| *row == "17")
        .collect();
    assert_eq!(of_row.len(), 3, "row 17 has three covers");
    let contract = sample("zavod");
    let answer =
        run(["explain".as_ref(), contract.as_os_str(), "--insured".as_ref(), "17".as_ref(), "--json".as_ref()]);
    let answer: Value = serde_json::from_str(&answer.exits_with(0).out).unwrap();
    let covers: Vec<[&str; 3]> = answer["covers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|cover| ["programme", "rate", "premium"].map(|key| cover[key].as_str().unwrap()))
        .collect();
    assert_eq!(
        covers,
        of_row.iter().map(|[_, programme, rate, _, premium]| [*programme, *rate, *premium]).collect::<Vec<_>>()
    );
    let last = answer["covers"][2]["steps"].as_array().unwrap().last().unwrap();
    assert_eq!(last["product"], answer["covers"][2]["rate"]);
    assert_eq!(
        (&last["factor"], &last["clause"], &last["rule"]),
        (&"inclusion".into(), &"2.6.7.2".into(), &"I11".into())
    );

    let printed =
        run(["explain".as_ref(), contract.as_os_str(), "--insured".as_ref(), "17".as_ref()]).exits_with(0).out;
    for [_, _, rate, _, _] in &of_row {
        assert!(printed.contains(&rate.replace('.', ",")), "{rate}\n{printed}");
    }
    assert!(printed.lines().all(|line| line.chars().count() <= 100), "{printed}");
}

#[test]
fn a_cell_without_insured_has_a_trace() {
    let folder = tempfile::tempdir().unwrap();
    let text = contract().choose("headcount = '0.83'").choose("risk = { 2 = '1.75' }").cover_of(
        "16",
        "50000",
        "exclude = ['dental', 'home_care']",
    );
    let path = write(folder.path(), "contract.toml", &text.to_string());
    let cell = |age: &str| {
        let fixed = ["explain", "--age", age, "--risk", "2", "--headcount", "5000", "--json"];
        run(fixed.into_iter().chain([path.to_str().unwrap()]))
    };
    let answer: Value = serde_json::from_str(&cell("47").exits_with(0).out).unwrap();
    // 13.031 × 0.83 × 1.10 × 1.75 × the coefficient of the pair
    let steps = answer["covers"][0]["steps"].as_array().unwrap();
    let values: Vec<&str> = steps.iter().map(|step| step["value"].as_str().unwrap()).collect();
    assert_eq!(values[..4], ["13.031", "0.83", "1.10", "1.75"]);
    assert_eq!(steps[4]["services"], serde_json::json!(["dental", "home_care"]));
    let chosen: Vec<&str> = steps.iter().map(|step| step["chosen_by"].as_str().unwrap()).collect();
    assert_eq!(chosen, ["tariff", "contract", "tariff", "contract", "tariff"]);
    assert!(answer["insured"].is_null() && answer["headcount"] == 5000);

    let old = cell("80").exits_with(3);
    assert!(old.err.contains("79") && old.err.contains("2.2"), "{}", old.err);
}

#[test]
fn a_missing_or_ambiguous_insured_is_reported_with_places_and_without_names() {
    let folder = tempfile::tempdir().unwrap();
    let text = contract().with("roster = 'roster.csv'").cover("16", "");
    let path = write(folder.path(), "contract.toml", &text.to_string());
    write(folder.path(), "roster.csv", &roster().aged(30, 1).aged(40, 1).aged(50, 2).aged(90, 2).to_string());
    let explain = |word: &str, more: &[&str]| {
        run(["explain", path.to_str().unwrap(), "--insured", word].into_iter().chain(more.iter().copied()))
    };
    let refused = explain("2", &[]).exits_with(3);
    assert!(refused.err.contains("age-outside-tariff"), "no price where a row is referred: {}", refused.err);
    // row 2 is the first insured, and the second one has the id 2
    let both = explain("2", &["--preliminary"]).exits_with(3);
    assert!(both.err.contains("roster.csv"), "{}", both.err);
    assert!(both.out.is_empty() && !both.err.contains("Иванов"), "{}{}", both.out, both.err);
    let one = explain("roster.csv:2", &["--preliminary"]).exits_with(0);
    assert!(one.out.contains("30"), "{}", one.out);
    assert!(!one.out.contains("Иванов"), "{}", one.out);
    let named = explain("  иванов пЕтр 3", &["--preliminary", "--lang", "en"]).exits_with(0);
    assert!(named.out.contains("50 years"), "{}", named.out);
    let several = explain("Иванов", &["--preliminary"]).exits_with(3);
    assert_eq!(several.err.matches("roster.csv,").count(), 4, "{}", several.err);
    assert!(explain("Сидоров", &["--preliminary"]).exits_with(3).out.is_empty());
    let referred = explain("Иванов Пётр 4", &["--preliminary"]).exits_with(3);
    assert!(referred.err.contains("79") && referred.out.is_empty(), "{}", referred.err);
}
