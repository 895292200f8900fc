//! The editions of an insurer (`I70`, `I71`) and its settings: which edition prices a contract, and where results name it.

use std::fs;
use std::path::{Path, PathBuf};

use kollektiv::base::digest::sha256;
use kollektiv::tariff::Tariff;
use serde_json::Value;
use tempfile::TempDir;

use crate::program::{Run, Table, command, complete_manifest, json};
use crate::support::{contract_over, roster};
use crate::tariff_faults::without_tests;

/// The folder of an insurer with the settings, two approved editions, a draft, and a contract on each side of the day on which the new
/// edition comes into force.
struct Insurer {
    folder: TempDir,
}

impl Insurer {
    fn new() -> Self {
        let insurer = Self { folder: tempfile::tempdir().unwrap() };
        insurer.write("kollektiv.toml", "portfolio = \"book\"\noutput = \"results\"\nlanguage = \"en\"\n");
        fs::create_dir(insurer.path("tariffs")).unwrap();
        insurer.write("tariffs/2026.toml", &edition("2026", "2026-01-01", "approved", "13.031"));
        insurer.write("tariffs/2027.toml", &edition("2027", "2027-01-01", "approved", "14.031"));
        insurer.write("tariffs/2028.toml", &edition("2028", "2027-01-01", "draft", "15.031"));
        insurer.contract("old", "2026-12-31", "2027-12-30", "");
        insurer.contract("new", "2027-01-01", "2027-12-31", "");
        insurer
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    /// Writes a contract whose only insured is 40 or 41 years old, in risk group 1, on programme 16 with 100 000 RUB.
    fn contract(&self, number: &str, start: &str, end: &str, line: &str) {
        let text = contract_over(start, end).with(&format!("roster = \"{number}.csv\"")).with(line).cover("16", "");
        self.write(&format!("{number}.toml"), &text.to_string().replace("T-1", number));
        self.write(&format!("{number}.csv"), &roster().aged(40, 1).to_string());
    }

    /// Runs the program in the folder.
    fn run(&self, line: &str) -> Run {
        run_in(self.folder.path(), line)
    }

    fn hash(&self, edition: &str) -> String {
        sha256(&fs::read(self.path(&format!("tariffs/{edition}.toml"))).unwrap())
    }
}

fn run_in(folder: &Path, line: &str) -> Run {
    Run::new(command(line.split(' ')).current_dir(folder).output().unwrap())
}

/// The built-in edition with another code, first day, status and base rate of programme 16.
fn edition(code: &str, valid_from: &str, status: &str, base_rate: &str) -> String {
    let text = Tariff::base().source.text;
    let text = text.replacen("code = \"base-1\"", &format!("code = \"{code}\""), 1);
    let head = format!("valid_from = {valid_from}\nstatus = \"{status}\"");
    let text = text.replacen("valid_from = 2000-01-01\nstatus = \"approved\"", &head, 1);
    let changed = text.replacen("\"13.031\"", &format!("\"{base_rate}\""), 1);
    if changed == text { text } else { without_tests(&changed) }
}

/// A message as one line: a long one is broken on the screen.
fn unbroken(text: &str) -> String {
    text.replace("\n  │ ", " ").replace("- ", "-")
}

fn parsed(run: Run) -> Value {
    serde_json::from_str(&run.exits_with(0).out).unwrap()
}

/// The codes and the hashes that an answer names for a list of things.
fn editions(list: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let edition = |entry: &Value| (text(&entry["tariff"]["edition"]), text(&entry["tariff"]["sha256"]));
    list.as_array().unwrap().iter().map(edition).collect()
}

/// 100 000 / 100 × 13.031 × 1.30 × 1.00 × 1.25 = 21 175.375, and with 14.031 22 800.375
const PREMIUMS: [(&str, &str); 2] = [("old", "21175.38"), ("new", "22800.38")];

#[test]
fn i70_contracts_on_both_sides_of_a_day_have_their_editions_in_one_run_and_one_book() {
    let insurer = Insurer::new();
    let expected = [("2027".to_owned(), insurer.hash("2027")), ("2026".to_owned(), insurer.hash("2026"))];
    let bound = parsed(insurer.run("bind old.toml new.toml --json"));
    assert_eq!(bound["bound"], 2);
    assert_eq!(editions(&bound["contracts"]), expected);
    let listed = parsed(insurer.run("portfolio list --json"));
    assert_eq!(editions(&listed["contracts"]), expected);
    for (number, premium) in PREMIUMS {
        let shown = parsed(insurer.run(&format!("portfolio show {number} --json")));
        assert_eq!(shown["written"], premium, "{number}");
    }
    insurer.run("cube old.toml new.toml").exits_with(0);
    let named = &complete_manifest(&insurer.path("results/cube"))["tariffs"];
    let codes: Vec<&str> = named.as_array().unwrap().iter().map(|named| named["edition"].as_str().unwrap()).collect();
    assert_eq!(codes, ["2026", "2027"]);
    // the same contracts again
    let again = parsed(insurer.run("bind old.toml new.toml --json"));
    assert_eq!((&again["bound"], &again["known"]), (&0.into(), &2.into()));
}

#[test]
fn i71_a_book_keeps_the_edition_of_each_contract_when_the_folder_changes() {
    let insurer = Insurer::new();
    let (old, new) = (insurer.hash("2026"), insurer.hash("2027"));
    insurer.run("bind old.toml new.toml").exits_with(0);
    for name in ["2026", "2027"] {
        fs::remove_file(insurer.path(&format!("tariffs/{name}.toml"))).unwrap();
    }
    let shown =
        |number: &str| parsed(insurer.run(&format!("portfolio show {number} --json")))["tariff"]["sha256"].clone();
    assert_eq!((shown("old"), shown("new")), (old.clone().into(), new.clone().into()));
    let text = insurer.run("portfolio show old").exits_with(0).out;
    assert!(text.contains("2026") && text.contains(&old), "{text}");
    insurer.run("portfolio verify").exits_with(0);
    insurer.run("cube --portfolio book").exits_with(0);
    let named = complete_manifest(&insurer.path("results/cube"));
    assert_eq!(named["tariffs"][0]["sha256"], old);
    insurer.run("portfolio export --as-of 2027-02-01 --to export").exits_with(0);
    let schema = json(&insurer.path("export/schema.json"));
    assert!(schema.to_string().contains("tariff_sha256"));
}

#[test]
fn i70_a_day_without_an_approved_edition_is_refused_with_the_days() {
    let insurer = Insurer::new();
    insurer.contract("early", "2025-12-31", "2026-12-30", "");
    for command in ["quote early.toml", "check early.toml", "explain early.toml --age 40 --risk 1", "cube early.toml"] {
        let run = insurer.run(command).exits_with(3);
        for part in ["early.toml", "2025-12-31", "2026 from 2026-01-01, approved", "2028 from 2027-01-01, draft"] {
            assert!(unbroken(&run.err).contains(part), "{command}: {part} in\n{}", run.err);
        }
    }
    let run = insurer.run("bind early.toml new.toml").exits_with(4);
    assert!(run.err.contains("early.toml"), "{}", run.err);
}

#[test]
fn i70_a_draft_prices_only_what_names_it() {
    let insurer = Insurer::new();
    insurer.contract("pinned", "2027-02-01", "2028-01-31", "tariff = \"2028\"");
    insurer.contract("earlier", "2026-02-01", "2027-01-31", "tariff = \"2028\"");
    insurer.contract("withdrawn", "2027-02-01", "2028-01-31", "tariff = \"gone\"");
    insurer.write("tariffs/gone.toml", &edition("gone", "2026-06-01", "withdrawn", "16.031"));
    let edition_of = |line: &str| parsed(insurer.run(line))["tariff"]["edition"].clone();
    assert_eq!(edition_of("quote new.toml --json"), "2027");
    assert_eq!(edition_of("quote pinned.toml --json"), "2028");
    assert_eq!(edition_of("quote earlier.toml --json"), "2028");
    assert_eq!(edition_of("quote withdrawn.toml --json"), "gone");
    assert_eq!(edition_of("quote new.toml --tariff tariffs/2028.toml --json"), "2028");
    let run = insurer.run("quote pinned.toml --tariff tariffs/2027.toml").exits_with(3);
    assert!(run.err.contains("`2028`") && run.err.contains("`2027`"), "{}", run.err);
    insurer.contract("unknown", "2027-02-01", "2028-01-31", "tariff = \"2029\"");
    let run = insurer.run("quote unknown.toml").exits_with(3);
    assert!(run.err.contains("unknown.toml:6") && run.err.contains("`2027`"), "{}", run.err);
}

#[test]
fn i70_two_editions_that_begin_on_one_day_have_to_be_chosen_between() {
    let insurer = Insurer::new();
    insurer.write("tariffs/2028.toml", &edition("2028", "2027-01-01", "approved", "15.031"));
    let run = insurer.run("quote new.toml").exits_with(3);
    assert!(unbroken(&run.err).contains("`2027`, `2028`"), "{}", run.err);
    insurer.run("quote old.toml").exits_with(0);
}

#[test]
fn i70_one_code_with_two_contents_is_refused_everywhere_by_both_files() {
    let insurer = Insurer::new();
    insurer.write("tariffs/copy.toml", &edition("2027", "2027-01-01", "approved", "14.032"));
    let commands = [
        "quote old.toml",
        "check old.toml",
        "bind old.toml",
        "cube old.toml",
        "tariff list",
        "tariff check",
        "explain old.toml --age 40 --risk 1",
        "compare old.toml new.toml",
        "contract new --start 2027-02-01",
    ];
    for command in commands {
        let run = insurer.run(command).exits_with(3);
        assert!(["tariffs/2027.toml", "tariffs/copy.toml"].iter().all(|file| run.err.contains(file)), "{}", run.err);
    }
    fs::rename(insurer.path("tariffs/copy.toml"), insurer.path("mine.toml")).unwrap();
    for command in [
        "quote new.toml --tariff mine.toml",
        "compare old.toml old.toml --after-tariff mine.toml",
        "tariff check mine.toml",
    ] {
        let run = insurer.run(command).exits_with(3);
        assert!(["tariffs/2027.toml", "mine.toml"].iter().all(|file| run.err.contains(file)), "{}", run.err);
    }
    // comments are no contents
    let text = fs::read_to_string(insurer.path("tariffs/2027.toml")).unwrap();
    insurer.write("mine.toml", &format!("# a copy\n{text}"));
    insurer.run("quote new.toml --tariff mine.toml").exits_with(0);
}

#[test]
fn i70_a_book_refuses_other_contents_under_a_code_that_it_has() {
    let insurer = Insurer::new();
    insurer.run("bind new.toml").exits_with(0);
    insurer.write("tariffs/2027.toml", &edition("2027", "2027-01-01", "approved", "14.5"));
    insurer.contract("next", "2027-03-01", "2028-02-29", "");
    let run = insurer.run("bind next.toml old.toml").exits_with(4);
    assert!(run.err.contains("`2027`") && run.err.contains("tariffs/2027.toml"), "{}", run.err);
    let listed = parsed(insurer.run("portfolio list --json"));
    assert_eq!(listed["contracts"].as_array().unwrap().len(), 2);
    // an edition that is withdrawn later has the same prices
    insurer.write("tariffs/2027.toml", &edition("2027", "2027-01-01", "withdrawn", "14.031"));
    insurer.contract("pinned", "2027-03-01", "2028-02-29", "tariff = \"2027\"");
    insurer.run("bind pinned.toml").exits_with(0);
}

#[test]
fn i71_every_screen_and_file_of_a_quote_names_the_edition() {
    let insurer = Insurer::new();
    let hash = insurer.hash("2027");
    let named = |text: &str| text.contains("2027") && text.contains(&hash);
    let commands = [
        "quote new.toml --documents xlsx,html,pdf",
        "check new.toml",
        "explain new.toml --age 40 --risk 1",
        "explain new.toml --insured 1",
        "compare new.toml results/new",
        "outlook new.toml",
        "target new.toml --premium 22000",
        "tariff show 2027",
        "tariff check",
    ];
    for command in commands {
        let run = insurer.run(command).exits_with(0);
        assert!(named(&run.out), "{command}:\n{}", run.out);
    }
    let result = insurer.path("results/new");
    let manifest = complete_manifest(&result);
    assert_eq!(
        (&manifest["tariff"]["edition"], &manifest["tariff"]["sha256"]),
        (&"2027".into(), &hash.as_str().into())
    );
    assert_eq!(json(&result.join("quote.json"))["tariff"]["sha256"], hash.as_str());
    assert!(named(&fs::read_to_string(result.join("quote.html")).unwrap()));
    let compared = parsed(insurer.run("compare old.toml new.toml --json"));
    assert_eq!(
        (&compared["before"]["tariff"]["edition"], &compared["after"]["tariff"]["edition"]),
        (&"2026".into(), &"2027".into())
    );
}

#[test]
fn i70_a_comparison_asks_what_a_contract_would_cost_whatever_its_days_and_its_pin() {
    let insurer = Insurer::new();
    insurer.contract("pinned", "2026-12-31", "2027-12-30", "tariff = \"2026\"");
    for number in ["old", "pinned"] {
        let answer = parsed(insurer.run(&format!("compare {number}.toml {number}.toml --after-tariff 2027 --json")));
        assert_eq!(answer["after"]["tariff"]["edition"], "2027", "{number}");
        // 22 800.38 − 21 175.38
        assert_eq!(answer["parts"], serde_json::json!({ "base": "1625.00" }), "{number}");
    }
    let run = insurer.run("compare old.toml old.toml --after-tariff 2031").exits_with(3);
    assert!(run.err.contains("`2031`") && run.err.contains("`2027`"), "{}", run.err);
}

#[test]
fn i70_a_new_term_and_a_change_of_prices_have_the_edition_of_their_first_day() {
    let insurer = Insurer::new();
    insurer.contract("pinned", "2026-06-01", "2027-05-31", "tariff = \"2026\"");
    insurer.run("bind pinned.toml").exits_with(0);
    let renewed = parsed(insurer.run("renew pinned --start 2027-06-01 --json"));
    assert_eq!(renewed["tariff"]["edition"], "2027");
    let text = fs::read_to_string(insurer.path("results/renew-pinned-2027-06-01/contract.toml")).unwrap();
    assert!(!text.contains("tariff ="), "{text}");
    let change = "id = \"c\"\nnotified = 2026-10-01\neffective = 2027-01-01\n[[change]]\nprogrammes = [\"16\"]\ncoefficient = \"1.1\"\n";
    insurer.write("change.toml", change);
    insurer.run("reprice change.toml --notices").exits_with(0);
    let contracts = Table::open(&insurer.path("results/reprice-c/contracts.csv"));
    assert_eq!(contracts.columns(["number", "status"]), [["pinned", "repriced"]]);
    insurer.write("early.toml", &change.replace("2027-01-01", "2025-12-01").replace("2026-10-01", "2025-10-01"));
    let run = insurer.run("reprice early.toml").exits_with(3);
    assert!(run.err.contains("early.toml:3"), "{}", run.err);
}

#[test]
fn settings_hold_from_folders_below_and_give_way_to_the_environment_and_to_options() {
    let insurer = Insurer::new();
    let below = insurer.path("contracts/2027");
    fs::create_dir_all(&below).unwrap();
    run_in(&below, "bind ../../new.toml").exits_with(0);
    assert!(insurer.path("book/register.sqlite").exists());
    let shown = |run: Run| {
        let answer = parsed(run);
        let settings = answer["settings"].as_array().unwrap().clone();
        move |key: &str| {
            let found = settings.iter().find(|setting| setting["key"] == key).unwrap();
            ["value", "source", "place"].map(|part| found[part].as_str().unwrap_or("none").to_owned())
        }
    };
    let of = shown(run_in(&below, "config show --json"));
    assert_eq!(of("portfolio"), ["../../book", "file", "../../kollektiv.toml:1"]);
    assert_eq!(of("language"), ["en", "file", "../../kollektiv.toml:3"]);
    assert_eq!(of("tariffs"), ["../../tariffs", "default", "none"]);
    assert_eq!(of("mode"), ["600", "default", "none"]);
    let environment = command(["config", "show", "--json"]).current_dir(&below).env("KOLLEKTIV_LANG", "ru").output();
    let of = shown(Run::new(environment.unwrap()));
    assert_eq!(of("language"), ["ru", "environment", "KOLLEKTIV_LANG"]);
    let options = ["config", "show", "--json", "--lang", "en", "--mode", "640", "--tariffs", "elsewhere"];
    let options = command(options).current_dir(&below).env("KOLLEKTIV_LANG", "ru").output();
    let of = shown(Run::new(options.unwrap()));
    assert_eq!(of("language"), ["en", "option", "none"]);
    assert_eq!(of("mode"), ["640", "option", "none"]);
    assert_eq!(of("tariffs"), ["elsewhere", "option", "none"]);
    // an option replaces the portfolio of the file
    run_in(&below, "bind ../../old.toml --portfolio other").exits_with(0);
    assert!(below.join("other/register.sqlite").exists());
    // faults of the command line and help are in the language of the file too
    let fault = run_in(&below, "portfolio list --surprise").exits_with(2);
    assert!(fault.err.contains("Usage: kollektiv portfolio list"), "{}", fault.err);
    assert!(run_in(&below, "quote --help").exits_with(0).out.contains("Usage: kollektiv quote"));
    let text = run_in(&below, "config show").exits_with(0).out;
    assert!(text.contains("../../kollektiv.toml:3"), "{text}");
}

#[test]
fn a_wrong_file_of_settings_is_refused_at_its_line_and_help_needs_none() {
    let insurer = Insurer::new();
    insurer.write("kollektiv.toml", "portfolio = \"book\"\ntarifs = \"x\"\n");
    for command in ["portfolio list", "quote new.toml", "config show"] {
        let run = insurer.run(command).exits_with(3);
        assert!(run.err.contains("kollektiv.toml:2") && run.err.contains("tariffs"), "{}", run.err);
    }
    insurer.run("quote --help").exits_with(0);
    insurer.run("--version").exits_with(0);
    insurer.run("quote new.toml --config missing.toml").exits_with(3);
    insurer.write("own.toml", "tariffs = \"tariffs\"\n");
    insurer.run("quote new.toml --config own.toml").exits_with(0);
    assert!(insurer.path("output/new/quote.json").exists());
    // without a setting the portfolio is still an argument
    insurer.run("portfolio list --config own.toml").exits_with(2);
}

#[test]
fn the_docs_name_every_setting() {
    let schema = parsed(Insurer::new().run("config schema"));
    let docs = include_str!("../docs/tariff.md");
    for key in schema["properties"].as_object().unwrap().keys() {
        assert!(docs.contains(&format!("\n{key} = ")), "{key}");
    }
}

#[test]
fn the_folder_of_templates_has_the_template_of_the_offer() {
    let insurer = Insurer::new();
    insurer.write("kollektiv.toml", "templates = \"templates\"\n");
    fs::create_dir(insurer.path("templates")).unwrap();
    insurer.run("quote new.toml --documents pdf").exits_with(0);
    assert_eq!(complete_manifest(&insurer.path("output/new"))["documents"]["offer.pdf"].get("template"), None);
    insurer.write("templates/offer.typ", "#json(\"offer.json\").tariff");
    insurer.run("quote new.toml --documents pdf").exits_with(0);
    let template = &complete_manifest(&insurer.path("output/new"))["documents"]["offer.pdf"]["template"]["sha256"];
    assert_eq!(template, &sha256(b"#json(\"offer.json\").tariff"));
}

#[test]
fn i71_every_step_of_a_contract_s_life_names_its_edition() {
    let insurer = Insurer::new();
    insurer.run("bind old.toml new.toml").exits_with(0);
    let edition = |name: &str| serde_json::json!({ "edition": name, "sha256": insurer.hash(name) });
    insurer.write("payments.csv", "number,date,amount\nold,2027-01-15,1000.00\nnew,2027-01-15,1000.00\n");
    let paid = insurer.run("pay payments.csv").exits_with(0);
    for name in ["2026", "2027"] {
        assert!(paid.out.contains(&insurer.hash(name)), "{}", paid.out);
    }
    let mut tariffs = parsed(insurer.run("pay payments.csv --json"))["tariffs"].as_array().unwrap().clone();
    tariffs.sort_by_key(|tariff| tariff["edition"].to_string());
    assert_eq!(tariffs, [edition("2026"), edition("2027")]);
    insurer.write(
        "c.toml",
        "id = 'c'\nnotified = 2027-01-01\neffective = 2027-03-01\n[[change]]\nprogrammes = ['16']\ncoefficient = '1.10'\n",
    );
    insurer.run("reprice c.toml").exits_with(0);
    let contracts = Table::open(&insurer.path("results/reprice-c/contracts.csv"));
    let [old, new] = ["2026", "2027"].map(|name| insurer.hash(name));
    assert_eq!(
        contracts.columns(["number", "tariff", "tariff_sha256"]),
        [["new", "2027", new.as_str()], ["old", "2026", old.as_str()]]
    );
    for line in ["refuse old --change c", "terminate old --on 2027-06-01 --reason agreement"] {
        let answer = parsed(insurer.run(&format!("{line} --dry-run --json")));
        assert_eq!(answer["tariff"], edition("2026"), "{line}");
        assert!(insurer.run(&format!("{line} --dry-run")).exits_with(0).out.contains(&old), "{line}");
    }
    let answer = parsed(insurer.run("annul 1 --dry-run --json"));
    let of = |number: &str| {
        let contracts = answer["contracts"].as_array().unwrap();
        contracts.iter().find(|contract| contract["number"] == number).unwrap()["tariff"].clone()
    };
    assert_eq!((of("old"), of("new")), (edition("2026"), edition("2027")));
    assert!(insurer.run("annul 1 --dry-run").exits_with(0).out.contains(&new));
}

#[test]
fn the_folder_of_templates_has_the_template_of_the_options() {
    let insurer = Insurer::new();
    insurer.write("kollektiv.toml", "templates = \"templates\"\n");
    insurer.run("options new.toml").exits_with(0);
    let offer = || fs::read(insurer.path("output/options-new/options.pdf")).unwrap();
    let built_in = offer();
    fs::create_dir(insurer.path("templates")).unwrap();
    insurer.write("templates/offer.typ", "#panic(\"of another document\")");
    insurer.run("options new.toml").exits_with(0);
    assert_eq!(offer(), built_in);
    insurer.write("templates/options.typ", "#json(\"options.json\").policyholder");
    insurer.run("options new.toml").exits_with(0);
    assert_ne!(offer(), built_in);
}

/// The answer of `tariff check` for a file in the folder, and the exit code.
fn checked(insurer: &Insurer, text: &str) -> (Value, Run) {
    insurer.write("own.toml", text);
    let run = insurer.run("tariff check own.toml --json");
    (serde_json::from_str(&run.out).unwrap_or_default(), run)
}

#[test]
fn the_built_in_edition_passes_its_tests_and_has_one_for_every_programme() {
    let insurer = Insurer { folder: tempfile::tempdir().unwrap() };
    let answer = parsed(insurer.run("tariff check --json"));
    let edition = &answer["editions"][0];
    let file: toml::Table = Tariff::base().source.text.parse().unwrap();
    let tests = file["test"].as_array().unwrap();
    assert_eq!((edition["edition"].as_str(), edition["tests"].as_u64()), (Some("base-1"), Some(tests.len() as u64)));
    assert_eq!(edition["failed"], Value::Array(Vec::new()));
    for programme in Tariff::base().programmes {
        let tested = tests.iter().filter(|test| test["programme"].as_str() == Some(&programme.code));
        assert!(tested.count() > 0, "{}", programme.code);
    }
}

#[test]
fn a_test_that_fails_is_reported_at_its_line_with_both_rates_and_the_factors() {
    let insurer = Insurer::new();
    // §2.2: 18 to 24 years; the two tests of programme 1 are of these ages
    let text = edition("own", "2027-01-01", "draft", "13.031");
    let text = text.replacen("to = 24, coefficient = \"0.87\"", "to = 24, coefficient = \"0.88\"", 1);
    let (answer, run) = checked(&insurer, &text);
    let run = run.exits_with(3);
    let failed = answer["editions"][0]["failed"].as_array().unwrap();
    assert_eq!(failed.len(), 2, "{failed:?}");
    let line = text.lines().position(|line| line == "rate = \"24.59029248\"").unwrap() + 1;
    assert_eq!(failed[0]["line"], line);
    // 38.74 × 1.20 × 0.88 × 0.80 × 0.80 × 0.95
    assert_eq!((&failed[0]["expected"], &failed[0]["computed"]), (&"24.59029248".into(), &"24.87293952".into()));
    assert_eq!(failed[0]["factors"][2], "Age 18-24 (§2.2) 0.88");
    for part in [format!("own.toml:{line}"), "24.59029248".into(), "24.87293952".into(), "§2.6.1".into()] {
        assert!(run.err.contains(&part), "{part} in\n{}", run.err);
    }
}

#[test]
fn a_cell_without_a_rate_can_be_expected() {
    let insurer = Insurer::new();
    let test = |line: &str| {
        format!(
            "{}\n[[test]]\nname = \"dash\"\nrisk = 1\nheadcount = 10\n{line}\n",
            edition("own", "2027-01-01", "draft", "13.031")
        )
    };
    let failed = |line: &str| checked(&insurer, &test(line)).0["editions"][0]["failed"].clone();
    let cases = [
        // §2.6.6 has a dash below a year
        ("programme = \"10\"\nage = 0\nexclude = [\"dental\"]\nrate = \"none\"", None),
        // 37.25 × 1.15 × 1.55 × 1.25
        ("programme = \"10\"\nage = 0\nrate = \"none\"", Some("82.99765625")),
        // the table of §2.2 ends at 79
        ("programme = \"16\"\nage = 80\nrate = \"none\"", None),
        // 13.031 × 1.15 × 1.55 × 1.25, with zeros at the end
        ("programme = \"16\"\nage = 0\nrate = \"29.0346968750\"", Some("29.034696875")),
    ];
    for (line, computed) in cases.into_iter().take(3) {
        let failed = failed(line);
        match computed {
            None => assert_eq!(failed, Value::Array(Vec::new()), "{line}"),
            Some(computed) => {
                assert_eq!((&failed[0]["name"], &failed[0]["expected"]), (&"dash".into(), &Value::Null), "{line}");
                assert_eq!(failed[0]["computed"], computed, "{line}");
            }
        }
    }
    assert_eq!(failed(cases[3].0), Value::Array(Vec::new()), "zeros at the end are the same rate");
}

#[test]
fn faults_of_tests_are_reported_at_their_lines() {
    let insurer = Insurer::new();
    let text = edition("own", "2027-01-01", "draft", "13.031");
    let tests = "[[test]]\nprogramme = \"13\"\nage = 40\nrisk = 9\nheadcount = 0\nrate = \"x\"\n\n[[test]]\nprogramme = \"16\"\nage = 40\nrisk = 1\nheadcont = 5\nexclude = [\"dentist\"]\nrate = \"1\"\n";
    let (_, run) = checked(&insurer, &format!("{text}\n{tests}"));
    let run = run.exits_with(3);
    let first = text.lines().count() + 2;
    // the programme is for women, group 9, headcount 0, no rate; the missing headcount, its misspelt key, an unknown service
    for line in [first, first + 3, first + 4, first + 5, first + 7, first + 11, first + 12] {
        assert!(run.err.contains(&format!("own.toml:{line}:")), "{line} in\n{}", run.err);
    }
    // such an edition still prices: only the check reads the tests
    insurer.run("quote new.toml --tariff own.toml").exits_with(0);
    let run = checked(&insurer, &text.replacen("\n[[test]]", "\n[[tests]]", 1)).1.exits_with(3);
    assert!(run.err.contains("tests"), "{}", run.err);
}
