//! `target`: the target premium is met within one step, and a quote with the proposed choices has the proposed premium.

use kollektiv::base::money::Kopecks;
use kollektiv::desk::choices_toml::{CoverLines, choices_section, cover_lines};
use kollektiv::desk::exposure::Exposure;
use kollektiv::desk::range_factor::{RangePosition, STEP};
use kollektiv::desk::target::{TargetChoices, TargetOutcome, solve_target};
use kollektiv::quote::Quote;
use kollektiv::quote::contract::Contract;
use proptest::prelude::*;
use rust_decimal::Decimal;
use serde_json::Value;

use super::{BASE, cases, write};
use crate::program::{run, sample, write_contract};
use crate::properties::generators::scenario;
use crate::support::{Case, ContractText, contract, roster};

fn solved(quote: &Quote<'_>, target: Kopecks, moves: impl Fn(&RangePosition) -> bool) -> TargetOutcome {
    let price = quote.price.as_ref().unwrap();
    let exposure = Exposure::new(quote, price);
    let factors: Vec<RangePosition> = RangePosition::all(quote, price, &exposure).into_iter().filter(moves).collect();
    solve_target(&exposure, quote.contract, &factors, target).unwrap()
}

/// The premium with every moved range factor this number of steps away from the answer, inside its range.
fn nearby(quote: &Quote<'_>, choices: &TargetChoices, steps: i32) -> Kopecks {
    let mut contract: Contract = choices.contract.clone();
    for (position, coefficient) in &choices.moved {
        let moved = *coefficient + STEP * Decimal::from(steps);
        position.factor.set(&mut contract, moved.clamp(position.range.low, position.range.high));
    }
    Exposure::new(quote, quote.price.as_ref().unwrap()).premium(&contract).unwrap()
}

/// The text of a contract with the proposed choices.
fn with_choices(text: &str, choices: &TargetChoices) -> String {
    let factors: Vec<_> = choices.moved.iter().map(|(position, _)| position.factor).collect();
    let of_covers = cover_lines(&choices.contract, &BASE, &factors);
    paste(text, &choices_section(&choices.contract.terms.choices), &of_covers)
}

/// The text of a contract with another section `[choices]` and with lines for covers, each in the place of the line with its key.
pub fn paste(text: &str, section: &str, of_covers: &[CoverLines<'_>]) -> String {
    let (head, rest) = text.split_once("[choices]").unwrap();
    let mut new = format!("{head}{section}");
    let (mut plan, mut programme) = ("", "");
    for line in rest[rest.find("[[plan]]").unwrap()..].lines() {
        let value = |key: &str| line.strip_prefix(key).map(|value| value.trim_matches('"'));
        plan = value("code = ").unwrap_or(plan);
        let key = line.split(" = ").next().unwrap();
        let of_cover = of_covers.iter().find(|lines| (lines.plan, lines.programme) == (plan, programme));
        let is_replaced =
            of_cover.is_some_and(|lines| lines.lines.iter().any(|line| line.split(" = ").next() == Some(key)));
        if !is_replaced {
            new.push_str(line);
            new.push('\n');
        }
        if let Some(code) = value("programme = ") {
            programme = code;
            let of_cover = of_covers.iter().find(|lines| (lines.plan, lines.programme) == (plan, programme));
            of_cover.into_iter().flat_map(|lines| &lines.lines).for_each(|line| new.extend([line, "\n"]));
        }
    }
    new
}

proptest! {
    #![proptest_config(cases(48))]

    #[test]
    fn any_reachable_target_is_met_within_one_step_and_its_choices_give_the_proposed_premium(
        scenario in scenario(&BASE, 1..60_usize),
        share in 0..=10_000_u64,
        kept in 0..4_u8,
    ) {
        let (text, people) = (scenario.contract(&BASE).to_string(), scenario.roster(&BASE));
        let case = Case::open_with(BASE.clone(), &text, &people).unwrap();
        let quote = case.quote(false).unwrap();
        let keep = ["", "headcount", "risk", "exclude"][usize::from(kept)];
        let moves = |position: &RangePosition| !position.factor.matches_word(keep);
        let TargetOutcome::OutOfReach { lowest, highest } = solved(&quote, Kopecks::new(-1), moves) else { panic!("nothing costs less than nothing") };
        prop_assert!(lowest <= highest);
        let target = Kopecks::new(lowest.get() + (highest - lowest).get() * i128::from(share) / 10_000);
        let TargetOutcome::Reached(reached) = solved(&quote, target, moves) else { panic!("{target} is between {lowest} and {highest}") };
        prop_assert!(nearby(&quote, &reached, -1) <= target && target <= nearby(&quote, &reached, 1));
        for (position, coefficient) in &reached.moved {
            prop_assert!(position.range.contains(*coefficient) && coefficient.scale() <= 4);
        }
        let again = Case::open_with(BASE.clone(), &with_choices(&text, &reached), &people).unwrap();
        let again = again.quote(false).unwrap().price.unwrap().totals.premium.chosen;
        prop_assert_eq!(again, reached.premium);
        let TargetOutcome::Reached(there) = solved(&quote, reached.premium, moves) else { panic!("what was reached is within reach") };
        prop_assert_eq!(there.premium, reached.premium);
    }
}

#[test]
fn one_range_factor_is_at_the_computed_coefficient() {
    // ten insured of 40 in risk group 1: 10 × 100 000 / 100 × 13.031 × headcount × 1.05 × 1.25 with 1.10–1.20 (§2.1);
    // 171 031.875 × headcount = 195 000 → 1.140137…, so 1.1401 gives 194 993.45 and 1.1402 gives 195 010.55
    let text = contract().cover("16", "");
    let case = Case::open(&text, &roster().crowd(10)).unwrap();
    let quote = case.quote(false).unwrap();
    let only = |position: &RangePosition| position.factor.matches_word("headcount");
    let per_one = quote.price.as_ref().unwrap().totals.premium.chosen;
    let TargetOutcome::Reached(reached) = solved(&quote, per_one, only) else {
        panic!("where it stands is within reach")
    };
    assert_eq!(reached.moved[0].1.to_string(), "1.15");
    assert_eq!(reached.premium, per_one);
    assert_eq!(reached.share_per_10_000, 5_000);
}

#[test]
fn the_answer_for_the_sample_gives_the_proposed_premium() {
    let folder = tempfile::tempdir().unwrap();
    let contract = sample("zavod");
    let target = |words: &[&str]| {
        run(["target".as_ref(), contract.as_os_str()].into_iter().chain(words.iter().map(AsRef::as_ref)))
    };
    let answer: Value =
        serde_json::from_str(&target(&["--premium", "120 000 000,00", "--json"]).exits_with(0).out).unwrap();
    let text = std::fs::read_to_string(&contract).unwrap();
    let (head, rest) = text.split_once("[choices]").unwrap();
    let plans = &rest[rest.find("[[plan]]").unwrap()..];
    let new = format!("{head}{}\n{plans}", answer["choices"].as_str().unwrap());
    let path = write(folder.path(), "contract.toml", &new);
    std::fs::copy(contract.with_file_name("roster.xlsx"), folder.path().join("roster.xlsx")).unwrap();
    let out = folder.path().join("out");
    crate::program::quote(&path, &out, &[]).exits_with(0);
    assert_eq!(crate::program::json(&out.join("quote.json"))["premium"], answer["premium"]);

    let kept: Value =
        serde_json::from_str(&target(&["--per-insured", "29000", "--keep", "risk", "--json"]).exits_with(0).out)
            .unwrap();
    assert_eq!(kept["ranges"].as_array().unwrap().len(), 1);
    assert_eq!(kept["aim"], "121800000.00");
    let outside = target(&["--premium", "1000000"]).exits_with(3);
    assert!(outside.err.contains("106") && outside.err.contains("148"), "{}", outside.err);
    assert!(outside.out.is_empty());
    let unknown = target(&["--premium", "120000000", "--only", "base_rate"]).exits_with(3);
    assert!(unknown.err.contains("`headcount`"), "{}", unknown.err);
    for nonsense in ["0", "-5", "1e9", "много"] {
        let answer = target(&[&format!("--premium={nonsense}")]).exits_with(3);
        assert!(answer.err.contains(nonsense), "{}", answer.err);
    }
    for language in ["ru", "en"] {
        let printed = target(&["--premium", "120000000", "--lang", language]).exits_with(0).out;
        assert!(printed.lines().all(|line| line.chars().count() <= 100), "{printed}");
        assert!(printed.contains("[choices]"), "{printed}");
    }
}

#[test]
fn an_impossible_target_is_answered_with_the_reachable_premiums() {
    let folder = tempfile::tempdir().unwrap();
    let plan =
        |text: ContractText, code: &str| text.plan(code).cover("6", "").cover("2", "exclude = ['planned_admission']");
    let text = plan(plan(contract().with("roster = 'roster.csv'"), "A"), "B");
    let file = write_contract(folder.path(), &text, &roster().aged(30, 1).on("A").aged(30, 2).on("B"));
    let file = file.to_str().unwrap();
    let target = |words: &[&str]| run(["target", file].iter().chain(words));
    // each range once, whatever its covers
    let unknown = target(&["--premium", "20000", "--only", "foo"]).exits_with(3).err;
    assert!(unknown.contains("`headcount`, `risk`, `risk.1`, `risk.2`, `base_rate`, `exclude`"), "{unknown}");
    assert_eq!(unknown.matches("`exclude`").count(), 1, "{unknown}");
    // a premium above any sum insured is unreachable, not unreadable
    let beyond = target(&["--premium", "2000000000000"]).exits_with(3).err;
    assert!(beyond.contains("недостижима"), "{beyond}");
    let beyond = target(&["--per-insured", "2000000000000"]).exits_with(3).err;
    assert!(beyond.contains("недостижима"), "{beyond}");
    let unreadable = target(&["--per-insured", &"9".repeat(40)]).exits_with(3).err;
    assert!(unreadable.contains("не читается"), "{unreadable}");
    let nothing = target(&[]).exits_with(2).err;
    assert!(nothing.contains("--premium") && nothing.contains("--per-insured"), "{nothing}");
    target(&["--premium", "20000", "--per-insured", "10000"]).exits_with(2);
    let without_insured = run(["explain", file]).exits_with(2).err;
    assert!(without_insured.contains("--insured") && without_insured.contains("--age"), "{without_insured}");
}
