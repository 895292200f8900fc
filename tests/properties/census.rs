//! A census is priced as the roster that it counts.

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

use super::world::{Insured, World, world};
use super::{BASE, case, cases, totals};

/// The rows of the world's census: plan, ages as written, risk group and how many.
fn census(world: &World, written: impl Fn(u16) -> String) -> String {
    let mut counts: BTreeMap<(usize, u16, u8), usize> = BTreeMap::new();
    for insured in &world.insured {
        let age = age_years(insured.birth, world.start).unwrap();
        *counts.entry((insured.plan, age, BASE.risk.says[insured.risk].group)).or_default() += 1;
    }
    let mut text = "Группа риска;Количество;План;Возраст\n".to_owned();
    for ((plan, age, group), count) in counts {
        writeln!(text, "{group};{count};P{plan};{}", written(age)).unwrap();
    }
    text
}

/// The same without days and a sum of their own, which a census cannot tell, and of the age that they had on their first day.
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
    Roster::read(&[file], &contract.wanted_census(&BASE), &())
}

proptest! {
    #![proptest_config(cases(32))]

    #[test]
    fn a_census_has_the_price_of_the_roster_that_it_counts(world in world(&BASE, 1..200_usize)) {
        let insured = world.insured.iter().map(|one| from_the_first_day(one, world.start)).collect();
        let world = World { insured, ..world };
        let case = case(&BASE, &world);
        let of_roster = case.quote(false).unwrap();
        let axes = Axes::new(&BASE, &case.contract);
        let step = |age: u16| axes.ages[usize::from(axes.step(age).unwrap())].years.to_string();
        for text in [census(&world, |age| age.to_string()), census(&world, step)] {
            let of_census = Quote::new(&case.contract, &BASE, read(&case.contract, &text), false).unwrap();
            prop_assert_eq!(of_census.status, Status::Preliminary, "{:?}", of_census.roster.diagnostics);
            let RowCounts { read, priced, .. } = of_census.rows;
            prop_assert_eq!((read, priced), (text.lines().count() - 1, read), "a row is one, however many it counts");
            prop_assert_eq!(totals(&of_census), totals(&of_roster));
            prop_assert_eq!(of_census.price.unwrap().headcount, of_roster.price.as_ref().unwrap().headcount);
        }
    }
}
