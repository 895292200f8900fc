//! `kollektiv options`: variants of a contract side by side, and one offer with all of them.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::program::{Run, command, complete_manifest};
use crate::support::{ContractText, contract, roster};

/// Two insured on plan A, one on plan B.
fn write(folder: &Path, name: &str, text: &ContractText) {
    fs::write(folder.join(name), text.clone().with("roster = 'roster.csv'").to_string()).unwrap();
    let list = roster().aged(40, 1).on("A").aged(47, 1).on("A").aged(20, 1).on("B");
    fs::write(folder.join("roster.csv"), list.to_string()).unwrap();
}

fn run(folder: &TempDir, line: &str) -> Run {
    Run::new(command(line.split(' ')).current_dir(folder.path()).output().unwrap())
}

/// The basic option, one without dental care for plan A, and one with a higher sum insured and without plan B's second programme.
fn options() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let basic = contract().plan("A").cover("16", "").plan("B").cover("16", "").cover("17", "");
    write(folder.path(), "basic.toml", &basic);
    let dental = contract().plan("A").cover("16", "exclude = ['dental']").plan("B").cover("16", "").cover("17", "");
    write(folder.path(), "dental.toml", &dental);
    let rich = contract().choose("ranges = 'low'").plan("A").cover_of("16", "200000", "").plan("B").cover("16", "");
    write(folder.path(), "rich.toml", &rich);
    folder
}

#[test]
fn options_stand_side_by_side_and_their_differences_have_causes_that_add_up() {
    let folder = options();
    let answer: Value =
        serde_json::from_str(&run(&folder, "options basic.toml dental.toml rich.toml --json").exits_with(0).out)
            .unwrap();
    let options = answer["options"].as_array().unwrap();
    let names: Vec<&str> = options.iter().map(|option| option["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["basic", "dental", "rich"]);
    // 1000 × 13.031 × 1.30 × 1.25 = 21 175.375 at 40 years and × 1.10 = 23 292.9125 at 47
    let plan = |option: usize, plan: usize| &options[option]["plans"][plan];
    assert_eq!(plan(0, 0)["premium"], "44468.29");
    assert_eq!(plan(0, 0)["per_insured"], "22234.15");
    // × 0.75: 15 881.53125 and 17 469.684375
    assert_eq!(plan(1, 0)["premium"], "33351.21");
    assert_eq!((&options[0]["difference"], &options[0]["causes"]), (&"0.00".into(), &Value::Array(Vec::new())));
    assert_eq!(options[1]["difference"], "-11117.08");
    assert_eq!(options[1]["causes"], serde_json::json!([{ "cause": "exclusions", "amount": "-11117.08" }]));
    let kopecks = |value: &Value| value.as_str().unwrap().replace('.', "").parse::<i64>().unwrap();
    for option in options {
        let causes: i64 = option["causes"].as_array().unwrap().iter().map(|cause| kopecks(&cause["amount"])).sum();
        assert_eq!(causes, kopecks(&option["difference"]), "{option}");
        let plans: i64 = option["plans"].as_array().unwrap().iter().map(|plan| kopecks(&plan["premium"])).sum();
        assert_eq!(plans, kopecks(&option["premium"]), "{option}");
        assert_eq!(kopecks(&option["premium"]) - kopecks(&options[0]["premium"]), kopecks(&option["difference"]));
    }
    let causes = options[2]["causes"].as_array().unwrap().iter().map(|cause| cause["cause"].as_str().unwrap());
    assert_eq!(causes.collect::<Vec<_>>(), ["covers", "sum_insured", "headcount", "risk"]);
}

#[test]
fn the_offer_has_all_options_and_the_same_bytes_again() {
    let folder = options();
    let text = run(&folder, "options basic.toml dental.toml rich.toml --lang en").exits_with(0).out;
    for part in ["basic", "dental", "rich", "A, per insured", "44,468.29", "22,234.15", "-11,117.08", "Together"] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
    let out = folder.path().join("output/options-T-1");
    for name in ["basic", "dental", "rich"] {
        assert_eq!(complete_manifest(&out.join(name))["status"], "issued");
    }
    let offer = fs::read(out.join("options.pdf")).unwrap();
    assert!(offer.starts_with(b"%PDF"));
    run(&folder, "options basic.toml dental.toml rich.toml --lang en --threads 1").exits_with(0);
    assert_eq!(fs::read(out.join("options.pdf")).unwrap(), offer);
    run(&folder, "options basic.toml dental.toml rich.toml").exits_with(0);
    assert_ne!(fs::read(out.join("options.pdf")).unwrap(), offer, "in Russian");
}

#[test]
fn an_option_without_a_price_stops_the_offer() {
    let folder = options();
    let wrong = contract().plan("A").cover("16", "").plan("C").cover("16", "");
    write(folder.path(), "wrong.toml", &wrong);
    let run = run(&folder, "options basic.toml wrong.toml").exits_with(3);
    assert!(run.err.contains("wrong.toml") && run.out.is_empty(), "{}", run.err);
    assert!(!folder.path().join("output/options-T-1/options.pdf").exists());
}

#[test]
fn options_of_one_name_have_those_of_their_folders() {
    let folder = options();
    for name in ["one", "two"] {
        fs::create_dir(folder.path().join(name)).unwrap();
        fs::copy(folder.path().join("basic.toml"), folder.path().join(name).join("contract.toml")).unwrap();
        fs::copy(folder.path().join("roster.csv"), folder.path().join(name).join("roster.csv")).unwrap();
    }
    let answer: Value =
        serde_json::from_str(&run(&folder, "options one/contract.toml two/contract.toml --json").exits_with(0).out)
            .unwrap();
    let names: Vec<&str> =
        answer["options"].as_array().unwrap().iter().map(|option| option["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["one/contract", "two/contract"]);
}
