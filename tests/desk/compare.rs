//! `compare`: the causes of any two quotes add up to the kopeck, and a quote has no difference from itself.

use std::path::Path;

use jiff::ToSpan;
use kollektiv::base::money::Kopecks;
use kollektiv::desk::compare::{Cause, CauseAmounts, ComparedQuote, Comparison};
use kollektiv::quote::Quote;
use kollektiv::quote::saved_quote::SavedQuote;
use proptest::collection::vec;
use proptest::prelude::*;

use super::{BASE, cases, write};
use crate::program::{Table, run};
use crate::properties::generators::{Choice, Scenario, scenario};
use crate::support::{Case, ContractText, RosterText, contract, contract_over, roster};

fn side(quote: &Quote<'_>) -> ComparedQuote {
    ComparedQuote::priced(quote, quote.price.as_ref().unwrap())
}

/// The quote of a contract and its roster.
fn quoted(contract: &ContractText, roster: &RosterText) -> ComparedQuote {
    side(&Case::open(contract, roster).unwrap().quote(false).unwrap())
}

fn parts(before: ComparedQuote, after: ComparedQuote) -> Vec<(Cause, String)> {
    let comparison = Comparison::new(before, after);
    assert_adds_up(&comparison);
    comparison.causes.iter().map(|(part, amount)| (part, amount.to_string())).collect()
}

/// Asserts that every breakdown adds up to the difference.
fn assert_adds_up(comparison: &Comparison) {
    let difference = comparison.difference();
    assert_eq!(comparison.causes.sum(), difference);
    assert_eq!(comparison.insured.iter().map(|person| person.causes.sum()).sum::<Kopecks>(), difference);
    let mut of_plans = CauseAmounts::default();
    for plan in &comparison.plans {
        assert_eq!(plan.causes.sum(), plan.after - plan.before, "{}", plan.code);
        for (part, amount) in plan.causes.iter() {
            of_plans.add(part, amount);
        }
    }
    for part in Cause::ALL {
        assert_eq!(of_plans.amount(*part), comparison.causes.amount(*part), "{part:?} of all plans");
    }
    let (before, after) = (&comparison.before, &comparison.after);
    for person in &comparison.insured {
        let was = person.before.map_or(Kopecks::ZERO, |at| before.premium_of(&before.insured[at]));
        let is = person.after.map_or(Kopecks::ZERO, |at| after.premium_of(&after.insured[at]));
        assert_eq!(person.causes.sum(), is - was);
    }
    let moved = comparison.distribution.iter().map(|moved| moved.difference).sum::<Kopecks>();
    let came_and_went = comparison.causes.amount(Cause::Left) + comparison.causes.amount(Cause::Joined);
    assert_eq!(moved + came_and_went, difference);
}

/// The changes between the scenarios before and after.
#[derive(Debug, Clone)]
struct Changes {
    /// Whether the contract changes its ranges, its choices for risk groups, its term, its covers.
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

fn changed(before: &Scenario, other: &Scenario, changes: &Changes) -> Scenario {
    let [ranges, risk, term, covers] = changes.contract;
    let mut after = before.clone();
    // a number may be outside the range of another headcount band
    if matches!(after.headcount, Choice::Number(_) | Choice::Interpolate) {
        after.headcount = Choice::Default;
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
    fn the_causes_of_any_pair_add_up_to_the_kopeck(
        before in scenario(&BASE, 1..50_usize),
        other in scenario(&BASE, 1..50_usize),
        changes in changes(),
    ) {
        let after = changed(&before, &other, &changes);
        let case = |scenario: &Scenario| Case::open_with(BASE.clone(), &scenario.contract(&BASE), &scenario.roster(&BASE)).unwrap();
        let (before, after) = (case(&before), case(&after));
        let (before, after) = (before.quote(true).unwrap(), after.quote(true).unwrap());
        prop_assume!(before.price.is_some() && after.price.is_some());
        assert_adds_up(&Comparison::new(side(&before), side(&after)));
        assert_adds_up(&Comparison::new(side(&after), side(&before)));
        for quote in [&before, &after] {
            let same = Comparison::new(side(quote), side(quote));
            prop_assert!(same.insured.is_empty() && same.causes.is_empty());
            prop_assert_eq!(same.difference(), Kopecks::ZERO);
        }
    }

    #[test]
    fn the_order_of_rows_moves_no_money_between_causes(
        before in scenario(&BASE, 2..40_usize),
        other in scenario(&BASE, 1..40_usize),
        changes in changes(),
        keys in vec(any::<u64>(), 60),
    ) {
        let after = changed(&before, &other, &changes);
        let first = Case::open_with(BASE.clone(), &before.contract(&BASE), &before.roster(&BASE)).unwrap();
        let text = after.roster(&BASE).to_string();
        let mut rows: Vec<_> = text.lines().skip(1).zip(keys).collect();
        rows.sort_by_key(|(_, key)| *key);
        let rows: Vec<&str> = text.lines().take(1).chain(rows.into_iter().map(|(row, _)| row)).collect();
        let straight = Case::open_with(BASE.clone(), &after.contract(&BASE), &text).unwrap();
        let shuffled = Case::open_with(BASE.clone(), &after.contract(&BASE), &format!("{}\n", rows.join("\n"))).unwrap();
        let (first, straight, shuffled) =
            (first.quote(true).unwrap(), straight.quote(true).unwrap(), shuffled.quote(true).unwrap());
        prop_assume!(first.price.is_some() && straight.price.is_some());
        let one = Comparison::new(side(&first), side(&straight));
        let two = Comparison::new(side(&first), side(&shuffled));
        prop_assert_eq!(one.causes, two.causes);
        prop_assert_eq!(one.plans, two.plans);
        prop_assert_eq!(one.distribution, two.distribution);
    }
}

#[test]
fn a_single_cause_has_the_whole_difference() {
    let before = || contract().choose("ranges = 'mid'").cover("16", "exclude = ['dental']");
    let people = || roster().aged(40, 1).aged(40, 1).aged(40, 1);
    let alone = |contract: &ContractText, people: &RosterText| {
        let parts = parts(quoted(&before(), &roster().aged(40, 1).aged(40, 1).aged(40, 1)), quoted(contract, people));
        assert_eq!(parts.len(), 1, "{parts:?}");
        parts[0].0
    };
    let headcount =
        contract().choose("ranges = 'mid'").choose("headcount = 'high'").cover("16", "exclude = ['dental']");
    assert_eq!(alone(&headcount, &people()), Cause::Headcount);
    let risk = contract().choose("ranges = 'mid'").choose("risk = { 1 = 'high' }").cover("16", "exclude = ['dental']");
    assert_eq!(alone(&risk, &people()), Cause::Risk);
    assert_eq!(alone(&before(), &roster().aged(40, 2).aged(40, 1).aged(40, 1)), Cause::RiskGroup);
    let with = |lines: &str| contract().choose("ranges = 'mid'").cover("16", &format!("exclude = ['dental']\n{lines}"));
    assert_eq!(alone(&with("price_change = '1.1'"), &people()), Cause::PriceChange);
    assert_eq!(alone(&with("additional_services = '1.2'"), &people()), Cause::AdditionalServices);
    assert_eq!(alone(&with("include = ['office_doctor']"), &people()), Cause::Inclusions);
    assert_eq!(alone(&contract().choose("ranges = 'mid'").cover("16", ""), &people()), Cause::Exclusions);
    let sum = contract().choose("ranges = 'mid'").cover_of("16", "120000", "exclude = ['dental']");
    assert_eq!(alone(&sum, &people()), Cause::SumInsured);
    let programmes = with("").cover("5", "");
    assert_eq!(alone(&programmes, &people()), Cause::Covers);
    let shorter =
        contract_over("2026-01-01", "2026-06-30").choose("ranges = 'mid'").cover("16", "exclude = ['dental']");
    assert_eq!(alone(&shorter, &people()), Cause::Term);
    assert_eq!(alone(&before(), &people().aged(50, 2)), Cause::Joined);
    assert_eq!(alone(&before(), &roster().aged(40, 1).aged(40, 1)), Cause::Left);
}

#[test]
fn a_change_of_age_band_includes_the_base_rate_of_children() {
    // a year later on the same programme: 7 → 8 changes the base rate of programme 10 (I6) within the band 5-9
    let at = |start: &str, end: &str| quoted(&contract_over(start, end).cover("10", ""), &roster().aged(7, 1));
    let found = parts(at("2026-01-01", "2026-12-31"), at("2027-01-01", "2027-12-31"));
    assert_eq!(found.iter().map(|(part, _)| *part).collect::<Vec<_>>(), [Cause::AgeBand]);
}

#[test]
fn a_change_of_plan_is_counted_in_both_plans() {
    let plans = || contract().plan("A").cover("16", "").plan("B").cover("16", "exclude = ['dental']").cover("5", "");
    let on = |plan: &str| quoted(&plans(), &roster().aged(40, 1).on(plan).aged(50, 1).on("A"));
    let comparison = Comparison::new(on("A"), on("B"));
    assert_adds_up(&comparison);
    assert_eq!(comparison.causes.iter().map(|(part, _)| part).collect::<Vec<_>>(), [Cause::Plan]);
    let [from, to] = &comparison.plans[..] else { panic!("two plans") };
    assert!(from.causes.amount(Cause::Plan) < Kopecks::ZERO && to.causes.amount(Cause::Plan) > Kopecks::ZERO);
    assert_eq!(comparison.insured.len(), 1);
}

#[test]
fn a_corrected_name_is_matched_by_id_and_birth_date() {
    let people = roster().aged(40, 1).aged(50, 1).to_string();
    let married = people.replace("Иванов Пётр 2", "Петрова Анна");
    let side_of = |people: &str| {
        let case = Case::open(&contract().cover("16", ""), &people.to_owned()).unwrap();
        side(&case.quote(false).unwrap())
    };
    assert!(Comparison::new(side_of(&people), side_of(&married)).insured.is_empty());
    // another id and another name: one leaver, one joiner
    let another = people.replace("2;Иванов Пётр 2", "7;Петрова Анна");
    let comparison = Comparison::new(side_of(&people), side_of(&another));
    assert_adds_up(&comparison);
    assert_eq!(comparison.causes.iter().map(|(part, _)| part).collect::<Vec<_>>(), [Cause::Left, Cause::Joined]);
}

#[test]
fn a_saved_quote_compares_like_its_contract() {
    let folder = tempfile::tempdir().unwrap();
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    for name in ["000", "003", "007", "010"] {
        let path = golden.join(name);
        let out = folder.path().join(name);
        let contract = path.join("contract.toml");
        let roster = path.join("roster.csv");
        run(["quote".as_ref(), contract.as_os_str(), roster.as_os_str(), "--out".as_ref(), out.as_os_str()])
            .exits_with(0);
        let contract = kollektiv::quote::contract::Contract::open(&contract, &BASE).unwrap();
        let roster = kollektiv::roster::Roster::read(&[roster], &contract.roster_spec(&BASE), &()).unwrap();
        let quote = Quote::new(&contract, &BASE, roster, false).unwrap();
        let comparison = Comparison::new(ComparedQuote::saved(&SavedQuote::open(&out).unwrap()), side(&quote));
        assert!(comparison.insured.is_empty(), "{name}");
        assert_eq!(comparison.difference(), Kopecks::ZERO);
    }
}

#[test]
fn the_command_prints_the_causes_and_writes_the_affected_insured() {
    let folder = tempfile::tempdir().unwrap();
    let here = |name: &str, text: &str| write(folder.path(), name, text).to_str().unwrap().to_owned();
    let text = contract().with("roster = 'roster.csv'").cover("16", "");
    here("roster.csv", &roster().aged(40, 1).aged(50, 1).aged(30, 2).to_string());
    let new_roster = here("new.csv", &roster().aged(40, 1).aged(50, 2).to_string());
    let before = here("before.toml", &text.to_string());
    let list = folder.path().join("people.csv").to_str().unwrap().to_owned();
    let printed = run(["compare", &before, &before, "--after-roster", &new_roster, "--people", &list]).exits_with(0);
    assert!(printed.out.contains("Группа риска") && printed.out.contains("Откреплены"), "{}", printed.out);
    assert!(!printed.out.contains("Иванов"), "{}", printed.out);
    let people = Table::open(Path::new(&list));
    let rows = people.columns(["change", "name", "difference"]);
    assert_eq!(
        rows.iter().map(|[change, name, _]| (*change, *name)).collect::<Vec<_>>(),
        [("stayed", "Иванов Пётр 2"), ("left", "Иванов Пётр 3"),]
    );
    let same = run(["compare", &before, &before, "--lang", "en"]).exits_with(0);
    assert!(same.out.contains("the same to the kopeck"), "{}", same.out);
    let folder_and_roster = ["compare", &before, folder.path().to_str().unwrap(), "--after-roster", &new_roster];
    let ignored = run(folder_and_roster).exits_with(3);
    assert!(ignored.out.is_empty() && ignored.err.contains("записанный расчёт"), "{}", ignored.err);
    let nothing = run(["compare", &before, folder.path().to_str().unwrap()]).exits_with(3);
    assert!(nothing.out.is_empty() && !nothing.err.is_empty());
    let old = here("old.csv", &roster().aged(95, 1).to_string());
    let refused = run(["compare", &before, &before, "--after-roster", &old]).exits_with(3);
    assert!(refused.err.contains("age-outside-tariff") && refused.out.is_empty(), "{}", refused.err);
}

#[test]
fn two_editions_of_the_tariff_differ_by_their_figures() {
    let folder = tempfile::tempdir().unwrap();
    let text = contract().with("roster = 'roster.csv'").cover("16", "");
    let contract = write(folder.path(), "contract.toml", &text.to_string());
    write(folder.path(), "roster.csv", &roster().aged(40, 1).aged(50, 1).to_string());
    let edition = BASE.source.text.replacen("13.031", "14.031", 1).replacen("\"base-1\"", "\"own-1\"", 1);
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
    let answer: serde_json::Value = serde_json::from_str(&run(compare).exits_with(0).out).unwrap();
    let parts = answer["parts"].as_object().unwrap();
    assert_eq!(parts.keys().collect::<Vec<_>>(), ["base"]);
    assert_eq!(parts["base"], answer["difference"]);
}

#[test]
fn a_change_of_plan_at_the_same_price_is_printed_and_listed() {
    let folder = tempfile::tempdir().unwrap();
    let here = |name: &str, text: &str| write(folder.path(), name, text).to_str().unwrap().to_owned();
    let text = contract().with("roster = 'roster.csv'").plan("A").cover("16", "").plan("B").cover("16", "");
    let on = |plan: &str| roster().aged(40, 1).on("A").aged(50, 1).on(plan).to_string();
    here("roster.csv", &on("A"));
    let (file, after) = (here("contract.toml", &text.to_string()), here("after.csv", &on("B")));
    let list = folder.path().join("people.csv");
    let compare = ["compare", &file, &file, "--after-roster", &after];
    let printed = run(compare.iter().chain(&["--people", list.to_str().unwrap()])).exits_with(0).out;
    assert!(printed.contains("1 застрахованный сменил вариант") && !printed.contains("Расчёты совпадают"), "{printed}");
    assert!(printed.contains("Вариант A: было") && printed.contains("Вариант B: было"), "{printed}");
    let people = Table::open(&list);
    let rows = people.columns(["change", "name", "plan_before", "plan_after", "difference"]);
    assert_eq!(rows, [["stayed", "Иванов Пётр 2", "A", "B", "0.00"]]);
    let answer: serde_json::Value =
        serde_json::from_str(&run(compare.iter().chain(&["--json"])).exits_with(0).out).unwrap();
    assert_eq!(answer["people"], 1);
    assert!(answer["parts"].as_object().unwrap().is_empty());
}
