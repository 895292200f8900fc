//! `target`: the aim is met within one step, and the answer pasted into the contract quotes to what it promised.

use kollektiv::base::money::Kopecks;
use kollektiv::desk::choices_toml::{choices, cover_lines};
use kollektiv::desk::exposure::Exposure;
use kollektiv::desk::range_factor::{STEP, Standing};
use kollektiv::desk::target::{Aimed, Target, target};
use kollektiv::quote::Quote;
use kollektiv::quote::contract::Contract;
use proptest::prelude::*;
use rust_decimal::Decimal;
use serde_json::Value;

use super::{BASE, cases, write};
use crate::program::{put, run, sample};
use crate::properties::world::world;
use crate::support::{Case, ContractText, contract, roster};

fn aimed(quote: &Quote<'_>, aim: Kopecks, moves: impl Fn(&Standing) -> bool) -> Aimed {
    let price = quote.price.as_ref().unwrap();
    let mix = Exposure::new(quote, price);
    let levers: Vec<Standing> = Standing::all(quote, price, &mix).into_iter().filter(moves).collect();
    target(&mix, quote.contract, &levers, aim).unwrap()
}

/// What the contract costs with every lever that moved so many steps away from the answer, inside its range.
fn nearby(quote: &Quote<'_>, target: &Target, steps: i32) -> Kopecks {
    let mut contract: Contract = target.contract.clone();
    for (standing, coefficient) in &target.moved {
        let moved = *coefficient + STEP * Decimal::from(steps);
        standing.lever.set(&mut contract, moved.clamp(standing.range.low, standing.range.high));
    }
    Exposure::new(quote, quote.price.as_ref().unwrap()).premium(&contract).unwrap()
}

/// The text of a contract with the lines of an answer in it.
fn pasted(text: &str, target: &Target) -> String {
    let levers: Vec<_> = target.moved.iter().map(|(standing, _)| standing.lever).collect();
    let of_covers = cover_lines(&target.contract, &BASE, &levers);
    let (head, rest) = text.split_once("[choices]").unwrap();
    let mut new = format!("{head}{}", choices(&target.contract.choices));
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
    fn any_aim_within_reach_is_met_within_one_step_and_quotes_to_what_was_promised(
        world in world(&BASE, 1..60_usize),
        share in 0..=10_000_u64,
        kept in 0..4_u8,
    ) {
        let (text, people) = (world.contract(&BASE).to_string(), world.roster(&BASE));
        let case = Case::open_by(BASE.clone(), &text, &people).unwrap();
        let quote = case.quote(false).unwrap();
        let keep = ["", "headcount", "risk", "exclude"][usize::from(kept)];
        let moves = |standing: &Standing| !standing.lever.is_named(keep);
        let Aimed::Outside { lowest, highest } = aimed(&quote, Kopecks::new(-1), moves) else { panic!("nothing costs less than nothing") };
        prop_assert!(lowest <= highest);
        let aim = Kopecks::new(lowest.get() + (highest - lowest).get() * i128::from(share) / 10_000);
        let Aimed::Reached(reached) = aimed(&quote, aim, moves) else { panic!("{aim} is between {lowest} and {highest}") };
        prop_assert!(nearby(&quote, &reached, -1) <= aim && aim <= nearby(&quote, &reached, 1));
        for (standing, coefficient) in &reached.moved {
            prop_assert!(standing.range.contains(*coefficient) && coefficient.scale() <= 4);
        }
        let again = Case::open_by(BASE.clone(), &pasted(&text, &reached), &people).unwrap();
        let again = again.quote(false).unwrap().price.unwrap().totals.premium.chosen;
        prop_assert_eq!(again, reached.premium);
        let Aimed::Reached(there) = aimed(&quote, reached.premium, moves) else { panic!("what was reached is within reach") };
        prop_assert_eq!(there.premium, reached.premium);
    }
}

#[test]
fn one_lever_stands_where_arithmetic_puts_it() {
    // ten of forty years in risk group 1: 10 × 100 000 / 100 × 13.031 × headcount × 1.05 × 1.25 with 1.10–1.20 (§2.1);
    // 171 031.875 × headcount = 195 000 → 1.140137…, so 1.1401 gives 194 993.45 and 1.1402 gives 195 010.55
    let text = contract().cover("16", "");
    let case = Case::open(&text, &roster().crowd(10)).unwrap();
    let quote = case.quote(false).unwrap();
    let only = |standing: &Standing| standing.lever.is_named("headcount");
    let per_one = quote.price.as_ref().unwrap().totals.premium.chosen;
    let Aimed::Reached(reached) = aimed(&quote, per_one, only) else { panic!("where it stands is within reach") };
    assert_eq!(reached.moved[0].1.to_string(), "1.15");
    assert_eq!(reached.premium, per_one);
    assert_eq!(reached.dial, 5_000);
}

#[test]
fn the_sample_is_aimed_at_and_its_answer_quotes() {
    let folder = tempfile::tempdir().unwrap();
    let contract = sample("zavod");
    let aim = |words: &[&str]| {
        run(["target".as_ref(), contract.as_os_str()].into_iter().chain(words.iter().map(AsRef::as_ref)))
    };
    let told: Value = serde_json::from_str(&aim(&["--premium", "120 000 000,00", "--json"]).ended(0).out).unwrap();
    let text = std::fs::read_to_string(&contract).unwrap();
    let (head, rest) = text.split_once("[choices]").unwrap();
    let plans = &rest[rest.find("[[plan]]").unwrap()..];
    let new = format!("{head}{}\n{plans}", told["choices"].as_str().unwrap());
    let path = write(folder.path(), "contract.toml", &new);
    std::fs::copy(contract.with_file_name("roster.xlsx"), folder.path().join("roster.xlsx")).unwrap();
    let out = folder.path().join("out");
    crate::program::quote(&path, &out, &[]).ended(0);
    assert_eq!(crate::program::json(&out.join("quote.json"))["premium"], told["premium"]);

    let kept: Value =
        serde_json::from_str(&aim(&["--per-insured", "29000", "--keep", "risk", "--json"]).ended(0).out).unwrap();
    assert_eq!(kept["ranges"].as_array().unwrap().len(), 1);
    assert_eq!(kept["aim"], "121800000.00");
    let outside = aim(&["--premium", "1000000"]).ended(3);
    assert!(outside.err.contains("106") && outside.err.contains("148"), "{}", outside.err);
    assert!(outside.out.is_empty());
    let unknown = aim(&["--premium", "120000000", "--only", "base_rate"]).ended(3);
    assert!(unknown.err.contains("`headcount`"), "{}", unknown.err);
    for nonsense in ["0", "-5", "1e9", "много"] {
        let told = aim(&[&format!("--premium={nonsense}")]).ended(3);
        assert!(told.err.contains(nonsense), "{}", told.err);
    }
    for language in ["ru", "en"] {
        let shown = aim(&["--premium", "120000000", "--lang", language]).ended(0).out;
        assert!(shown.lines().all(|line| line.chars().count() <= 100), "{shown}");
        assert!(shown.contains("[choices]"), "{shown}");
    }
}

#[test]
fn what_cannot_be_aimed_at_is_told_what_can() {
    let folder = tempfile::tempdir().unwrap();
    let plan =
        |text: ContractText, code: &str| text.plan(code).cover("6", "").cover("2", "exclude = ['planned_admission']");
    let text = plan(plan(contract().with("roster = 'roster.csv'"), "A"), "B");
    let file = put(folder.path(), &text, &roster().aged(30, 1).on("A").aged(30, 2).on("B"));
    let file = file.to_str().unwrap();
    let aim = |words: &[&str]| run(["target", file].iter().chain(words));
    // each range once, whatever covers it belongs to
    let unknown = aim(&["--premium", "20000", "--only", "foo"]).ended(3).err;
    assert!(unknown.contains("`headcount`, `risk`, `risk.1`, `risk.2`, `base_rate`, `exclude`"), "{unknown}");
    assert_eq!(unknown.matches("`exclude`").count(), 1, "{unknown}");
    // a premium may be larger than any sum insured: it is beyond reach, and not unreadable
    let beyond = aim(&["--premium", "2000000000000"]).ended(3).err;
    assert!(beyond.contains("недостижима"), "{beyond}");
    let beyond = aim(&["--per-insured", "2000000000000"]).ended(3).err;
    assert!(beyond.contains("недостижима"), "{beyond}");
    let unreadable = aim(&["--per-insured", &"9".repeat(40)]).ended(3).err;
    assert!(unreadable.contains("не читается"), "{unreadable}");
    let nothing = aim(&[]).ended(2).err;
    assert!(nothing.contains("--premium") && nothing.contains("--per-insured"), "{nothing}");
    aim(&["--premium", "20000", "--per-insured", "10000"]).ended(2);
    let nobody = run(["explain", file]).ended(2).err;
    assert!(nobody.contains("--insured") && nobody.contains("--age"), "{nobody}");
}
