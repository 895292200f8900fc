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
    for part in ["basic", "dental", "rich", "A, per insured", "44,468.29", "22,234.15", "-11,117.08", "Total"] {
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

/// The three options in one contract, as `[[option]]` tables.
fn one_contract(folder: &TempDir) {
    let basic = contract().plan("A").cover("16", "").plan("B").cover("16", "").cover("17", "");
    write(folder.path(), "one.toml", &basic);
    let path = folder.path().join("one.toml");
    let cover = |programme: &str, sum: &str, more: &str| {
        format!("[[option.plan.cover]]\nprogramme = '{programme}'\nsum_insured = {sum}\n{more}\n")
    };
    let tables = [
        "\n[[option]]\nname = 'basic'\n".to_owned(),
        "[[option]]\nname = 'dental'\n[[option.plan]]\ncode = 'A'\n".to_owned(),
        cover("16", "100000", "exclude = ['dental']"),
        "[[option]]\nname = 'rich'\nchoices = { ranges = 'low' }\n[[option.plan]]\ncode = 'A'\n".to_owned(),
        cover("16", "200000", ""),
        "[[option.plan]]\ncode = 'B'\n".to_owned(),
        cover("16", "100000", ""),
    ];
    let text = fs::read_to_string(&path).unwrap() + &tables.concat();
    fs::write(path, text).unwrap();
}

#[test]
fn options_of_one_contract_equal_those_of_separate_files() {
    let folder = options();
    one_contract(&folder);
    let line = "options basic.toml dental.toml rich.toml --lang en --out files";
    let files = run(&folder, line).exits_with(0);
    let tables = run(&folder, "options one.toml --lang en --out tables").exits_with(0);
    assert_eq!(tables.out, files.out);
    let bytes = |path: &str| fs::read(folder.path().join(path)).unwrap();
    assert_eq!(bytes("tables/options.pdf"), bytes("files/options.pdf"));
    for name in ["basic", "dental", "rich"] {
        for file in ["premiums.csv", "premiums.parquet", "rates.csv", "groups.csv", "quote.json"] {
            assert_eq!(
                bytes(&format!("tables/{name}/{file}")),
                bytes(&format!("files/{name}/{file}")),
                "{name}/{file}"
            );
        }
        assert_eq!(complete_manifest(&folder.path().join("tables").join(name))["option"], name);
    }
}

#[test]
fn an_option_of_a_contract_is_priced_by_its_name() {
    let folder = options();
    one_contract(&folder);
    for name in ["basic", "dental", "rich"] {
        for command in ["quote {} --json -q --out {out}", "explain {} --insured roster.csv:3", "outlook {} --json"] {
            let of = |contract: &str| command.replace("{}", contract).replace("{out}", "out");
            let tables = run(&folder, &format!("{} --option {name}", of("one.toml"))).exits_with(0);
            assert_eq!(tables.out, run(&folder, &of(&format!("{name}.toml"))).exits_with(0).out, "{name}: {command}");
        }
    }
    // without a name it is the contract as it stands
    let plain = run(&folder, "quote one.toml --json -q --out out").exits_with(0);
    assert_eq!(plain.out, run(&folder, "quote basic.toml --json -q --out out").exits_with(0).out);
    run(&folder, "quote one.toml --option dental -q").exits_with(0);
    assert!(folder.path().join("output/T-1-dental/quote.json").exists());
    let unknown = run(&folder, "quote one.toml --option lux --lang en").exits_with(3);
    assert!(unknown.err.contains("no option “lux”; it has `basic`, `dental`, `rich`"), "{}", unknown.err);
    run(&folder, "quote basic.toml --option lux").exits_with(3);
    let bound = run(&folder, "bind one.toml --portfolio book --lang en").exits_with(3);
    assert!(bound.err.contains("[[option]]"), "{}", bound.err);
}

#[test]
fn a_target_is_found_for_each_option() {
    let folder = options();
    one_contract(&folder);
    // basic 49449.79–86537.13, dental 41240.26–72170.46, rich 79280.60–138741.06: low and high ends of 1.20–1.40 × 1.00–1.50
    let each = run(&folder, "target one.toml --premium 80000 --lang en").exits_with(3);
    let single =
        |name: &str, code: i32| run(&folder, &format!("target {name}.toml --premium 80000 --lang en")).exits_with(code);
    assert_eq!(
        each.out,
        format!(
            "Option “basic”\n{}\nOption “dental”\n\nOption “rich”\n{}",
            single("basic", 0).out,
            single("rich", 0).out
        )
    );
    let refused = single("dental", 3);
    assert!(each.err.contains(refused.err.lines().next().unwrap()), "{}", each.err);
    for (name, premium) in [("basic", "60000"), ("dental", "60000"), ("rich", "90000")] {
        let tables = run(&folder, &format!("target one.toml --option {name} --premium {premium} --json")).exits_with(0);
        assert_eq!(
            tables.out,
            run(&folder, &format!("target {name}.toml --premium {premium} --json")).exits_with(0).out
        );
    }
    let json = run(&folder, "target one.toml --premium 80000 --json --lang en").exits_with(3);
    assert!(json.err.contains("--option") && json.out.is_empty(), "{}", json.err);
}
