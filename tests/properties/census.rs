//! A census has the price of the roster that it counts.

use std::collections::BTreeMap;
use std::fmt::Write;

use jiff::ToSpan;
use jiff::civil::Date;
use kollektiv::base::calendar::age_years;
use kollektiv::pricing::cube::Axes;
use kollektiv::quote::contract::Contract;
use kollektiv::quote::{Quote, RowCounts, Status};
use kollektiv::roster::Roster;
use proptest::prelude::*;

use super::generators::{Insured, Scenario, scenario};
use super::{BASE, case, cases, totals};

/// The census of a roster: plan, ages in this notation, risk group and count.
fn census(scenario: &Scenario, written: impl Fn(u16) -> String) -> String {
    let mut counts: BTreeMap<(usize, u16, u8), usize> = BTreeMap::new();
    for insured in &scenario.insured {
        let age = age_years(insured.birth, scenario.start).unwrap();
        *counts.entry((insured.plan, age, BASE.risk.value[insured.risk].group)).or_default() += 1;
    }
    let mut text = "Группа риска;Количество;План;Возраст\n".to_owned();
    for ((plan, age, group), count) in counts {
        writeln!(text, "{group};{count};P{plan};{}", written(age)).unwrap();
    }
    text
}

/// The insured without own days and own sum, which a census does not have, at the age of the first day of cover.
fn from_the_first_day(one: &Insured, start: Date) -> Insured {
    let birth = match one.own_first {
        None => one.birth,
        Some(first) => start - i32::from(age_years(one.birth, first).unwrap()).years(),
    };
    Insured { birth, own_sum: None, own_first: None, own_last: None, ..one.clone() }
}

fn read(contract: &Contract, text: &str) -> Roster {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("census.csv");
    std::fs::write(&file, text).unwrap();
    Roster::read(&[file], &contract.census_spec(&BASE), &()).unwrap()
}

proptest! {
    #![proptest_config(cases(32))]

    #[test]
    fn a_census_has_the_price_of_the_roster_that_it_counts(scenario in scenario(&BASE, 1..200_usize)) {
        let insured = scenario.insured.iter().map(|one| from_the_first_day(one, scenario.start)).collect();
        let scenario = Scenario { insured, ..scenario };
        let case = case(&BASE, &scenario);
        let of_roster = case.quote(false).unwrap();
        let axes = Axes::new(&BASE, &case.contract.terms);
        let step = |age: u16| axes.ages[usize::from(axes.age_class(age).unwrap())].years.to_string();
        for text in [census(&scenario, |age| age.to_string()), census(&scenario, step)] {
            let of_census = Quote::new(&case.contract, &BASE, read(&case.contract, &text), false).unwrap();
            prop_assert_eq!(of_census.status, Status::Preliminary, "{:?}", of_census.roster.tables.diagnostics);
            let RowCounts { read, priced, .. } = of_census.rows;
            prop_assert_eq!((read, priced), (text.lines().count() - 1, read), "a row is one, however many it counts");
            prop_assert_eq!(totals(&of_census), totals(&of_roster));
            prop_assert_eq!(of_census.price.unwrap().headcount, of_roster.price.as_ref().unwrap().headcount);
        }
    }
}
