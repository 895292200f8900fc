//! `compare`: the parts close to the kopeck whatever the two quotes are, and the same quote has no difference to itself.

use std::path::Path;

use jiff::ToSpan;
use kollektiv::base::money::Kopecks;
use kollektiv::desk::compare::{ComparedQuote, Comparison, Part, Parts};
use kollektiv::quote::Quote;
use kollektiv::quote::saved_quote::Written;
use proptest::collection::vec;
use proptest::prelude::*;

use super::{BASE, cases, write};
use crate::program::{Table, run};
use crate::properties::world::{Choice, World, world};
use crate::support::{Case, ContractText, RosterText, contract, contract_over, roster};

fn side(quote: &Quote<'_>) -> ComparedQuote {
    ComparedQuote::priced(quote, quote.price.as_ref().unwrap())
}

/// The side of a contract and its roster.
fn of(contract: &ContractText, roster: &RosterText) -> ComparedQuote {
    side(&Case::open(contract, roster).unwrap().quote(false).unwrap())
}

fn parts(before: ComparedQuote, after: ComparedQuote) -> Vec<(Part, String)> {
    let comparison = Comparison::new(before, after);
    closes(&comparison);
    comparison.parts.iter().map(|(part, amount)| (part, amount.to_string())).collect()
}

/// Every breakdown adds up to the difference.
fn closes(comparison: &Comparison) {
    let difference = comparison.difference();
    assert_eq!(comparison.parts.sum(), difference);
    assert_eq!(comparison.people.iter().map(|person| person.parts.sum()).sum::<Kopecks>(), difference);
    let mut of_plans = Parts::default();
    for plan in &comparison.plans {
        assert_eq!(plan.parts.sum(), plan.after - plan.before, "{}", plan.code);
        for (part, amount) in plan.parts.iter() {
            of_plans.add(part, amount);
        }
    }
    for part in Part::ALL {
        assert_eq!(of_plans.of(*part), comparison.parts.of(*part), "{part:?} of all plans");
    }
    let (before, after) = (&comparison.before, &comparison.after);
    for person in &comparison.people {
        let was = person.before.map_or(Kopecks::ZERO, |at| before.premium_of(&before.people[at]));
        let is = person.after.map_or(Kopecks::ZERO, |at| after.premium_of(&after.people[at]));
        assert_eq!(person.parts.sum(), is - was);
    }
    let moved = comparison.distribution.iter().map(|moved| moved.difference).sum::<Kopecks>();
    let came_and_went = comparison.parts.of(Part::Left) + comparison.parts.of(Part::Joined);
    assert_eq!(moved + came_and_went, difference);
}

/// What is changed between the world before and the world after.
#[derive(Debug, Clone)]
struct Changes {
    /// Whether the contract has other ranges, another place in those of the risk groups, a shorter term, other covers.
    contract: [bool; 4],
    leavers: usize,
    joiners: usize,
    /// For each insured: 0–3 nothing, 4 another risk group, 5 another plan, 6 five years older, 7 no own days.
    people: Vec<u8>,
}

fn changes() -> impl Strategy<Value = Changes> {
    (any::<[bool; 4]>(), 0..8_usize, 0..8_usize, vec(0..8_u8, 60))
        .prop_map(|(contract, leavers, joiners, people)| Changes { contract, leavers, joiners, people })
}

fn changed(before: &World, other: &World, changes: &Changes) -> World {
    let [ranges, risk, term, covers] = changes.contract;
    let mut after = before.clone();
    // a number may be outside of the band of another headcount
    if matches!(after.headcount, Choice::Number(_) | Choice::Interpolate) {
        after.headcount = Choice::Unsaid;
    }
    if ranges {
        after.ranges.clone_from(&other.ranges);
    }
    if risk {
        after.risk.clone_from(&other.risk);
    }
    if term {
        after.end = after.start;
    }
    if covers {
        after.plans[0].clone_from(&other.plans[0]);
        after.plans.extend(other.plans.last().cloned());
    }
    let (plans, groups) = (after.plans.len(), BASE.risk.value.len());
    for (insured, change) in after.insured.iter_mut().zip(&changes.people) {
        match change {
            4 => insured.risk = (insured.risk + 1) % groups,
            5 => insured.plan = (insured.plan + 1) % plans,
            6 => insured.birth = insured.birth.saturating_sub(5.years()),
            7 => (insured.own_first, insured.own_last) = (None, None),
            _ => {}
        }
    }
    after.insured.truncate(after.insured.len().saturating_sub(changes.leavers).max(1));
    after.insured.extend(other.insured.iter().take(changes.joiners).cloned().map(|mut insured| {
        insured.plan %= plans;
        insured
    }));
    after.instalments.clear();
    after
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn the_parts_of_any_pair_close_to_the_kopeck(
        before in world(&BASE, 1..50_usize),
        other in world(&BASE, 1..50_usize),
        changes in changes(),
    ) {
        let after = changed(&before, &other, &changes);
        let case = |world: &World| Case::open_by(BASE.clone(), &world.contract(&BASE), &world.roster(&BASE)).unwrap();
        let (before, after) = (case(&before), case(&after));
        let (before, after) = (before.quote(true).unwrap(), after.quote(true).unwrap());
        prop_assume!(before.price.is_some() && after.price.is_some());
        closes(&Comparison::new(side(&before), side(&after)));
        closes(&Comparison::new(side(&after), side(&before)));
        for quote in [&before, &after] {
            let same = Comparison::new(side(quote), side(quote));
            prop_assert!(same.people.is_empty() && same.parts.is_empty());
            prop_assert_eq!(same.difference(), Kopecks::ZERO);
        }
    }

    #[test]
    fn the_order_of_rows_does_not_move_money_between_causes(
        before in world(&BASE, 2..40_usize),
        other in world(&BASE, 1..40_usize),
        changes in changes(),
        keys in vec(any::<u64>(), 60),
    ) {
        let after = changed(&before, &other, &changes);
        let first = Case::open_by(BASE.clone(), &before.contract(&BASE), &before.roster(&BASE)).unwrap();
        let text = after.roster(&BASE).to_string();
        let mut rows: Vec<_> = text.lines().skip(1).zip(keys).collect();
        rows.sort_by_key(|(_, key)| *key);
        let rows: Vec<&str> = text.lines().take(1).chain(rows.into_iter().map(|(row, _)| row)).collect();
        let straight = Case::open_by(BASE.clone(), &after.contract(&BASE), &text).unwrap();
        let shuffled = Case::open_by(BASE.clone(), &after.contract(&BASE), &format!("{}\n", rows.join("\n"))).unwrap();
        let (first, straight, shuffled) =
            (first.quote(true).unwrap(), straight.quote(true).unwrap(), shuffled.quote(true).unwrap());
        prop_assume!(first.price.is_some() && straight.price.is_some());
        let one = Comparison::new(side(&first), side(&straight));
        let two = Comparison::new(side(&first), side(&shuffled));
        prop_assert_eq!(one.parts, two.parts);
        prop_assert_eq!(one.plans, two.plans);
        prop_assert_eq!(one.distribution, two.distribution);
    }
}

#[test]
fn each_cause_alone_has_the_whole_difference() {
    let before = || contract().choose("ranges = 'mid'").cover("16", "exclude = ['dental']");
    let people = || roster().aged(40, 1).aged(40, 1).aged(40, 1);
    let alone = |contract: &ContractText, people: &RosterText| {
        let parts = parts(of(&before(), &roster().aged(40, 1).aged(40, 1).aged(40, 1)), of(contract, people));
        assert_eq!(parts.len(), 1, "{parts:?}");
        parts[0].0
    };
    let headcount =
        contract().choose("ranges = 'mid'").choose("headcount = 'high'").cover("16", "exclude = ['dental']");
    assert_eq!(alone(&headcount, &people()), Part::Headcount);
    let risk = contract().choose("ranges = 'mid'").choose("risk = { 1 = 'high' }").cover("16", "exclude = ['dental']");
    assert_eq!(alone(&risk, &people()), Part::Risk);
    assert_eq!(alone(&before(), &roster().aged(40, 2).aged(40, 1).aged(40, 1)), Part::RiskGroup);
    let with = |lines: &str| contract().choose("ranges = 'mid'").cover("16", &format!("exclude = ['dental']\n{lines}"));
    assert_eq!(alone(&with("price_change = '1.1'"), &people()), Part::PriceChange);
    assert_eq!(alone(&with("additional_services = '1.2'"), &people()), Part::AdditionalServices);
    assert_eq!(alone(&with("include = ['office_doctor']"), &people()), Part::Inclusions);
    assert_eq!(alone(&contract().choose("ranges = 'mid'").cover("16", ""), &people()), Part::Exclusions);
    let sum = contract().choose("ranges = 'mid'").cover_of("16", "120000", "exclude = ['dental']");
    assert_eq!(alone(&sum, &people()), Part::SumInsured);
    let programmes = with("").cover("5", "");
    assert_eq!(alone(&programmes, &people()), Part::Covers);
    let shorter =
        contract_over("2026-01-01", "2026-06-30").choose("ranges = 'mid'").cover("16", "exclude = ['dental']");
    assert_eq!(alone(&shorter, &people()), Part::Term);
    assert_eq!(alone(&before(), &people().aged(50, 2)), Part::Joined);
    assert_eq!(alone(&before(), &roster().aged(40, 1).aged(40, 1)), Part::Left);
}

#[test]
fn an_age_band_takes_the_childrens_base_rate_with_it() {
    // a year later on the same programme: 7 → 8 changes the base rate of programme 10 (I6) within the band 5-9
    let at = |start: &str, end: &str| of(&contract_over(start, end).cover("10", ""), &roster().aged(7, 1));
    let found = parts(at("2026-01-01", "2026-12-31"), at("2027-01-01", "2027-12-31"));
    assert_eq!(found.iter().map(|(part, _)| *part).collect::<Vec<_>>(), [Part::AgeBand]);
}

#[test]
fn who_changes_plan_leaves_one_and_comes_into_the_other() {
    let plans = || contract().plan("A").cover("16", "").plan("B").cover("16", "exclude = ['dental']").cover("5", "");
    let on = |plan: &str| of(&plans(), &roster().aged(40, 1).on(plan).aged(50, 1).on("A"));
    let comparison = Comparison::new(on("A"), on("B"));
    closes(&comparison);
    assert_eq!(comparison.parts.iter().map(|(part, _)| part).collect::<Vec<_>>(), [Part::Plan]);
    let [from, to] = &comparison.plans[..] else { panic!("two plans") };
    assert!(from.parts.of(Part::Plan) < Kopecks::ZERO && to.parts.of(Part::Plan) > Kopecks::ZERO);
    assert_eq!(comparison.people.len(), 1);
}

#[test]
fn a_corrected_name_is_the_same_person_by_id_and_birth_date() {
    let people = roster().aged(40, 1).aged(50, 1).to_string();
    let married = people.replace("Иванов Пётр 2", "Петрова Анна");
    let side_of = |people: &str| {
        let case = Case::open(&contract().cover("16", ""), &people.to_owned()).unwrap();
        side(&case.quote(false).unwrap())
    };
    assert!(Comparison::new(side_of(&people), side_of(&married)).people.is_empty());
    // another id and another name: one left, one joined
    let another = people.replace("2;Иванов Пётр 2", "7;Петрова Анна");
    let comparison = Comparison::new(side_of(&people), side_of(&another));
    closes(&comparison);
    assert_eq!(comparison.parts.iter().map(|(part, _)| part).collect::<Vec<_>>(), [Part::Left, Part::Joined]);
}

#[test]
fn a_written_quote_compares_as_the_contract_it_was_made_from() {
    let folder = tempfile::tempdir().unwrap();
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    for name in ["000", "003", "007", "010"] {
        let path = golden.join(name);
        let out = folder.path().join(name);
        let contract = path.join("contract.toml");
        let roster = path.join("roster.csv");
        run(["quote".as_ref(), contract.as_os_str(), roster.as_os_str(), "--out".as_ref(), out.as_os_str()]).ended(0);
        let contract = kollektiv::quote::contract::Contract::open(&contract, &BASE).unwrap();
        let roster = kollektiv::roster::Roster::read(&[roster], &contract.wanted(&BASE), &());
        let quote = Quote::new(&contract, &BASE, roster, false).unwrap();
        let comparison = Comparison::new(ComparedQuote::written(&Written::open(&out).unwrap()), side(&quote));
        assert!(comparison.people.is_empty(), "{name}");
        assert_eq!(comparison.difference(), Kopecks::ZERO);
    }
}

#[test]
fn the_command_shows_the_causes_and_writes_who_is_concerned() {
    let folder = tempfile::tempdir().unwrap();
    let here = |name: &str, text: &str| write(folder.path(), name, text).to_str().unwrap().to_owned();
    let text = contract().with("roster = 'roster.csv'").cover("16", "");
    here("roster.csv", &roster().aged(40, 1).aged(50, 1).aged(30, 2).to_string());
    let new_roster = here("new.csv", &roster().aged(40, 1).aged(50, 2).to_string());
    let before = here("before.toml", &text.to_string());
    let list = folder.path().join("people.csv").to_str().unwrap().to_owned();
    let shown = run(["compare", &before, &before, "--after-roster", &new_roster, "--people", &list]).ended(0);
    assert!(shown.out.contains("Группа риска") && shown.out.contains("Выбыли"), "{}", shown.out);
    assert!(!shown.out.contains("Иванов"), "{}", shown.out);
    let people = Table::open(Path::new(&list));
    let rows = people.columns(["change", "name", "difference"]);
    assert_eq!(
        rows.iter().map(|[change, name, _]| (*change, *name)).collect::<Vec<_>>(),
        [("stayed", "Иванов Пётр 2"), ("left", "Иванов Пётр 3"),]
    );
    let same = run(["compare", &before, &before, "--lang", "en"]).ended(0);
    assert!(same.out.contains("the same to the kopeck"), "{}", same.out);
    let folder_and_roster = ["compare", &before, folder.path().to_str().unwrap(), "--after-roster", &new_roster];
    let ignored = run(folder_and_roster).ended(3);
    assert!(ignored.out.is_empty() && ignored.err.contains("записанный расчёт"), "{}", ignored.err);
    let nothing = run(["compare", &before, folder.path().to_str().unwrap()]).ended(3);
    assert!(nothing.out.is_empty() && !nothing.err.is_empty());
    let old = here("old.csv", &roster().aged(95, 1).to_string());
    let refused = run(["compare", &before, &before, "--after-roster", &old]).ended(3);
    assert!(refused.err.contains("age-outside-tariff") && refused.out.is_empty(), "{}", refused.err);
}

#[test]
fn two_editions_of_the_tariff_differ_by_what_they_print() {
    let folder = tempfile::tempdir().unwrap();
    let text = contract().with("roster = 'roster.csv'").cover("16", "");
    let contract = write(folder.path(), "contract.toml", &text.to_string());
    write(folder.path(), "roster.csv", &roster().aged(40, 1).aged(50, 1).to_string());
    let edition = BASE.source.text.replacen("13.031", "14.031", 1);
    assert_ne!(edition, BASE.source.text);
    let edition = write(folder.path(), "new.toml", &edition);
    let compare = [
        "compare".as_ref(),
        contract.as_os_str(),
        contract.as_os_str(),
        "--after-tariff".as_ref(),
        edition.as_os_str(),
        "--json".as_ref(),
    ];
    let told: serde_json::Value = serde_json::from_str(&run(compare).ended(0).out).unwrap();
    let parts = told["parts"].as_object().unwrap();
    assert_eq!(parts.keys().collect::<Vec<_>>(), ["base"]);
    assert_eq!(parts["base"], told["difference"]);
}

#[test]
fn a_change_of_plan_at_the_same_price_is_shown_and_listed() {
    let folder = tempfile::tempdir().unwrap();
    let here = |name: &str, text: &str| write(folder.path(), name, text).to_str().unwrap().to_owned();
    let text = contract().with("roster = 'roster.csv'").plan("A").cover("16", "").plan("B").cover("16", "");
    let on = |plan: &str| roster().aged(40, 1).on("A").aged(50, 1).on(plan).to_string();
    here("roster.csv", &on("A"));
    let (file, after) = (here("contract.toml", &text.to_string()), here("after.csv", &on("B")));
    let list = folder.path().join("people.csv");
    let compare = ["compare", &file, &file, "--after-roster", &after];
    let shown = run(compare.iter().chain(&["--people", list.to_str().unwrap()])).ended(0).out;
    assert!(shown.contains("1 застрахованный сменил вариант") && !shown.contains("Расчёты совпадают"), "{shown}");
    assert!(shown.contains("Вариант A: было") && shown.contains("Вариант B: было"), "{shown}");
    let people = Table::open(&list);
    let rows = people.columns(["change", "name", "plan_before", "plan_after", "difference"]);
    assert_eq!(rows, [["stayed", "Иванов Пётр 2", "A", "B", "0.00"]]);
    let told: serde_json::Value = serde_json::from_str(&run(compare.iter().chain(&["--json"])).ended(0).out).unwrap();
    assert_eq!(told["people"], 1);
    assert!(told["parts"].as_object().unwrap().is_empty());
}
