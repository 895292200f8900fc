//! Every answer of `--json` is as its schema describes it, from the first quote to the desk of a clinic.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use crate::program::{self, command, project, run};

/// The sessions of one folder, in order: the answer, the command line and the exit code.
pub const SESSIONS: &[(&str, &str, i32)] = &[
    ("doctor", "doctor", 0),
    ("tariff-show", "tariff show", 0),
    ("tariff-check", "tariff check", 0),
    ("check", "check samples/zavod/contract.toml", 0),
    ("check", "check samples/mistakes/contract.toml", 3),
    ("quote", "quote samples/zavod/contract.toml --out zavod", 0),
    ("quote", "quote samples/mistakes/contract.toml --out mistakes", 3),
    ("quote", "quote samples/census/contract.toml --out census", 0),
    ("report", "report zavod --documents html,xlsx", 0),
    ("explain", "explain samples/zavod/contract.toml --insured 17", 0),
    ("explain", "explain samples/zavod/contract.toml --age 40 --plan А", 0),
    ("target", "target samples/zavod/contract.toml --premium 120000000", 0),
    ("outlook", "outlook samples/zavod/contract.toml", 0),
    ("outlook", "outlook samples/census/contract.toml", 0),
    ("compare", "compare samples/zavod/contract.toml zavod", 0),
    ("compare", "compare zavod samples/census/contract.toml", 0),
    ("options", "options samples/zavod/contract.toml samples/census/contract.toml --out options", 0),
    ("quote-contracts", "quote samples/zavod/contract.toml samples/census/contract.toml --out many", 0),
    ("tariff-compare", "tariff compare base-1 base-1 samples/zavod/contract.toml", 0),
    ("config-show", "config show", 0),
    ("insurer-check", "insurer check samples/insurer.toml", 0),
    ("tariff-list", "tariff list", 0),
    ("cube", "cube samples/zavod/contract.toml --out cube", 0),
    ("bind", "bind samples/zavod/contract.toml samples/mistakes/contract.toml --dry-run --portfolio book", 4),
    ("bind", "bind samples/zavod/contract.toml samples/clinics/contract.toml --portfolio book", 0),
    ("pay", "pay samples/portfolio/payments.csv --portfolio book", 0),
    (
        "endorse",
        "endorse DMS-2026-1201 samples/portfolio/changes.csv --on 2026-12-15 --documents pdf --portfolio book",
        0,
    ),
    ("reprice", "reprice samples/portfolio/change.toml --portfolio book", 0),
    ("portfolio-list", "portfolio list --portfolio book", 0),
    ("portfolio-show", "portfolio show DMS-2026-1201 --portfolio book", 0),
    ("portfolio-runs", "portfolio runs --portfolio book", 0),
    ("terminate", "terminate DMS-2026-1201 --on 2027-02-01 --reason agreement --dry-run --portfolio book", 0),
    ("annul", "annul 3 --dry-run --portfolio book", 0),
    ("reconcile", "reconcile DMS-2026-1201 samples/zavod/roster.xlsx --on 2027-01-15 --portfolio book --out list", 0),
    ("renew", "renew DMS-2026-1201 --start 2027-12-01 --portfolio book --out renewed", 4),
    ("portfolio-export", "portfolio export --as-of 2027-01-31 --to tables --portfolio book", 0),
    ("portfolio-debts", "portfolio debts --as-of 2027-01-31 --portfolio book", 0),
    ("portfolio-report", "portfolio report --as-of 2027-01-31 --propose 0.7 --out report --portfolio book", 0),
    (
        "portfolio-invoices",
        "portfolio invoices --due 2027-03-01 --issued 2027-02-10 --insurer samples/insurer.toml --out invoices --portfolio book",
        0,
    ),
    (
        "portfolio-statement",
        "portfolio statement DMS-2026-1201 --from 2026-12-01 --to 2027-03-31 --out statement --portfolio book",
        0,
    ),
    ("refuse", "refuse DMS-2026-1201 --change 2027-01-clinics --portfolio book", 0),
    ("portfolio-show", "portfolio show DMS-2026-1201 --portfolio book --as-of 2026-12-31", 0),
    ("portfolio-verify", "portfolio verify --portfolio book", 0),
    ("clinics-check", "clinics check samples/clinics/clinics.toml samples/clinics/contract.toml", 0),
    ("clinics-lists", "clinics lists --clinics samples/clinics/clinics.toml --portfolio book --as-of 2027-01-20", 0),
    (
        "clinics-letter",
        "clinics letter samples/clinics/requests.csv --clinics samples/clinics/clinics.toml --portfolio book",
        4,
    ),
    (
        "clinics-settle",
        "clinics settle samples/clinics/register.csv --clinic dent-01 --clinics samples/clinics/clinics.toml --portfolio book",
        0,
    ),
    (
        "clinics-route",
        "clinics route samples/clinics/questions.csv --clinic dent-01 --clinics samples/clinics/clinics.toml --portfolio book",
        0,
    ),
    (
        "clinics-route-one",
        "clinics route --clinic dent-01 --policy 0912-012 --service Т-01 --day 2027-02-08 --clinics samples/clinics/clinics.toml \
         --portfolio book",
        0,
    ),
    ("clinics-act", "clinics act dent-01 --month 2027-01 --clinics samples/clinics/clinics.toml --portfolio book", 0),
    ("clinics-export", "clinics export --portfolio book --to claims", 0),
    (
        "clinics-loyalty",
        "clinics loyalty --as-of 2027-02-08 --clinics samples/clinics/clinics.toml --portfolio book",
        0,
    ),
    (
        "clinics-loyalty-one",
        "clinics loyalty --as-of 2027-02-08 --policy 0912-008 --clinics samples/clinics/clinics.toml --portfolio book",
        0,
    ),
];

#[test]
fn every_answer_is_valid_by_its_schema_and_every_schema_is_used() {
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(project().join("samples"), folder.path().join("samples")).unwrap();
    let mut left: BTreeSet<String> = names();
    for (name, line, code) in SESSIONS {
        let mut command = command(line.split_whitespace().chain(["--json", "--quiet"]));
        let run = program::Run::new(command.current_dir(folder.path()).output().unwrap());
        assert_eq!(run.code, Some(*code), "{line}\n{}\n{}", run.out, run.err);
        let answer: Value =
            serde_json::from_str(&run.out).unwrap_or_else(|fault| panic!("{line}: {fault}\n{}", run.out));
        let schema = schema(name);
        let mut faults = Vec::new();
        validate(&answer, &schema, &schema, "", &mut faults);
        assert!(faults.is_empty(), "{line}: {faults:#?}");
        left.remove(*name);
    }
    assert!(left.is_empty(), "no session for {left:?}");
}

#[test]
fn the_validator_finds_a_missing_property_a_wrong_type_and_an_unknown_word() {
    let schema: Value = serde_json::from_str(
        r##"{"type": "object", "required": ["a"], "properties": {
            "a": {"$ref": "#/$defs/word"}, "b": {"type": "array", "items": {"type": "integer", "minimum": 0}}},
            "$defs": {"word": {"type": "string", "enum": ["x", "y"]}}}"##,
    )
    .unwrap();
    for (answer, faults) in [
        (r#"{"a": "x", "b": [1]}"#, 0),
        (r#"{"b": []}"#, 1),
        (r#"{"a": "z", "b": ["1", -1]}"#, 3),
        (r#"{"a": "x", "c": 1}"#, 1),
    ] {
        let mut found = Vec::new();
        validate(&serde_json::from_str(answer).unwrap(), &schema, &schema, "", &mut found);
        assert_eq!(found.len(), faults, "{answer}: {found:?}");
    }
}

/// The names of all schemas, as the program lists them.
fn names() -> BTreeSet<String> {
    let listed = run(["schema"]).exits_with(0).out;
    listed.lines().map(str::to_owned).collect()
}

fn schema(name: &str) -> Value {
    serde_json::from_str(&run(["schema", name]).exits_with(0).out).unwrap()
}

/// Adds what of a value is not as a schema describes it. Only the words of JSON Schema that the program uses are known, and a property
/// without a description is a fault.
fn validate(value: &Value, schema: &Value, root: &Value, path: &str, faults: &mut Vec<String>) {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = root.pointer(reference.trim_start_matches('#')).expect("a definition");
        return validate(value, target, root, path, faults);
    }
    if let Some(any) = schema["anyOf"].as_array().or_else(|| schema["oneOf"].as_array()) {
        let is_valid = |schema: &Value| {
            let mut faults = Vec::new();
            validate(value, schema, root, path, &mut faults);
            faults.is_empty()
        };
        if !any.iter().any(is_valid) {
            faults.push(format!("{path}: {value} is none of {any:?}"));
        }
        return;
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::String(name) => vec![name],
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    if !types.is_empty() && !types.contains(&type_name(value)) {
        faults.push(format!("{path}: {value} is no {types:?}"));
        return;
    }
    let is_listed = |words: &Vec<Value>| words.contains(value);
    if schema["enum"].as_array().is_some_and(|words| !is_listed(words))
        || schema.get("const").is_some_and(|word| word != value)
    {
        faults.push(format!("{path}: {value} is an unknown word"));
    }
    if value.as_i64().zip(schema["minimum"].as_i64()).is_some_and(|(number, least)| number < least) {
        faults.push(format!("{path}: {value} is too small"));
    }
    if value.is_string() && schema["pattern"] == r"^-?\d+\.\d\d$" {
        let is_amount =
            value.as_str().and_then(|text| text.split_once('.')).is_some_and(|(_, kopecks)| kopecks.len() == 2);
        if !is_amount {
            faults.push(format!("{path}: {value} is no amount"));
        }
    }
    if let (Some(items), Some(values)) = (schema.get("items"), value.as_array()) {
        values.iter().enumerate().for_each(|(at, value)| validate(value, items, root, &format!("{path}/{at}"), faults));
    }
    if let Some(object) = value.as_object() {
        let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
        faults.extend(
            required.filter(|name| !object.contains_key(*name)).map(|name| format!("{path}: {name} is missing")),
        );
        for (name, value) in object {
            match schema["properties"].get(name).or_else(|| schema.get("additionalProperties")) {
                Some(schema) => validate(value, schema, root, &format!("{path}/{name}"), faults),
                None => faults.push(format!("{path}/{name} is not described")),
            }
        }
    }
}

fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

#[test]
fn metrics_are_a_file_for_the_collector() {
    let folder = tempfile::tempdir().unwrap();
    let (out, metrics) = (folder.path().join("out"), folder.path().join("kollektiv.prom"));
    let option = ["--metrics", metrics.to_str().unwrap()];
    program::quote(&program::sample("mistakes"), &out, &option).exits_with(3);
    let text = std::fs::read_to_string(&metrics).unwrap();
    assert!(text.contains("kollektiv_run_exit_code{command=\"quote\"} 3"), "{text}");
    assert!(text.contains("kollektiv_run_total{command=\"quote\",total=\"priced\"}"), "{text}");
    assert!(text.ends_with('\n') && !text.contains("NaN"), "{text}");
    let missing = Path::new("/nowhere/kollektiv.prom");
    let option = ["--metrics", missing.to_str().unwrap()];
    let run = program::quote(&program::sample("census"), &out, &option).exits_with(1);
    assert!(run.err.contains("/nowhere"), "{}", run.err);
}

#[test]
fn a_shell_completes_commands_contracts_plans_and_programmes() {
    let folder = tempfile::tempdir().unwrap();
    let book = folder.path().join("book");
    let contract = program::sample("zavod");
    run(["bind".as_ref(), contract.as_os_str(), "--portfolio".as_ref(), book.as_os_str()]).exits_with(0);
    let complete = |words: &[&str]| {
        let mut command = command(["--", "kollektiv"].iter().chain(words));
        command.env("KOLLEKTIV_COMPLETE", "bash").env("_CLAP_COMPLETE_INDEX", words.len().to_string());
        command.env("_CLAP_IFS", "\n").env("_CLAP_COMPLETE_COMP_TYPE", "9").env("_CLAP_COMPLETE_SPACE", "false");
        program::Run::new(command.output().unwrap()).exits_with(0).out
    };
    let (book, contract) = (book.to_str().unwrap(), contract.to_str().unwrap());
    assert!(complete(&["rep"]).lines().eq(["report", "reprice"]), "{}", complete(&["rep"]));
    assert!(complete(&["portfolio", "show", "--portfolio", book, "DMS"]).contains("DMS-2026-1201"));
    let plans = complete(&["explain", contract, "--age", "40", "--plan", ""]);
    assert!(["А", "Б", "В", "Г"].iter().all(|plan| plans.lines().any(|line| line == *plan)), "{plans}");
    assert!(complete(&["explain", contract, "--programme", "1"]).lines().any(|line| line == "16"));
    assert_eq!(complete(&["portfolio", "show", "--portfolio", "/nowhere", "D"]), "", "no candidate is no error");
    for shell in ["bash", "zsh", "fish"] {
        assert!(run(["completions", shell]).exits_with(0).out.contains("KOLLEKTIV_COMPLETE"));
    }
}

#[test]
fn the_manual_has_a_page_for_every_command() {
    let folder = tempfile::tempdir().unwrap();
    for language in ["ru", "en"] {
        run(["manual".as_ref(), folder.path().as_os_str(), "--lang".as_ref(), language.as_ref()]).exits_with(0);
        let page = std::fs::read_to_string(folder.path().join("kollektiv-portfolio-show.1")).unwrap();
        assert!(page.contains(if language == "ru" { "НОМЕР" } else { "NUMBER" }), "{page}");
        assert!(folder.path().join("kollektiv.1").exists());
    }
}
