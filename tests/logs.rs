//! `--log json`: every line of standard error is a JSON object. `privacy.rs` tests that it names no insured.

use std::fs;

use serde_json::Value;

use crate::clinics::sample::SampleBook;
use crate::program::{Run, quote, run, sample, small_contract, write_contract};
use crate::support::roster;

/// The events of a run with this exit code, one a line.
#[track_caller]
fn events(run: Run, code: i32) -> Vec<Value> {
    let run = run.exits_with(code);
    let events: Vec<Value> = run
        .err
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|fault| panic!("{fault}: {line}")))
        .collect();
    for event in &events {
        assert!(["info", "warning", "error"].contains(&event["level"].as_str().unwrap()), "{event}");
        assert!(event["event"].is_string(), "{event}");
    }
    let last = events.last().unwrap();
    assert_eq!((&last["event"], &last["exit_code"]), (&"finished".into(), &code.into()), "{last}");
    assert_eq!(events.iter().filter(|event| event["event"] == "finished").count(), 1);
    events
}

#[test]
fn a_run_ends_with_its_totals() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("zavod");
    let logged = events(quote(&sample("zavod"), &out, &["--log", "json"]), 0);
    let last = logged.last().unwrap();
    let priced: Value = serde_json::from_slice(&fs::read(out.join("quote.json")).unwrap()).unwrap();
    for (total, logged) in [("number", "number"), ("status", "status"), ("premium", "premium")] {
        assert_eq!(last[total], priced[logged], "{last}");
    }
    assert_eq!((&last["level"], &last["command"]), (&"info".into(), &"quote".into()));
    assert_eq!(last["priced"], priced["rows"]["priced"]);
    assert!(logged.iter().any(|event| event["event"] == "note"), "where the result is");
}

#[test]
fn quiet_leaves_the_warnings_and_the_totals() {
    let folder = tempfile::tempdir().unwrap();
    let logged = events(quote(&sample("zavod"), &folder.path().join("out"), &["--quiet", "--log", "json"]), 0);
    assert!(logged.iter().all(|event| event["level"] != "info" || event["event"] == "finished"), "{logged:?}");
}

#[test]
fn diagnostics_are_events() {
    let folder = tempfile::tempdir().unwrap();
    let logged = events(quote(&sample("mistakes"), &folder.path().join("out"), &["--log", "json"]), 3);
    let found = logged.iter().find(|event| event["code"] == "bad-birth-date").unwrap();
    assert_eq!((&found["event"], &found["level"]), (&"diagnostic".into(), &"error".into()));
    assert!(found["place"].as_str().unwrap().contains(", "), "{found}");
    let last = logged.last().unwrap();
    assert_eq!((&last["level"], &last["status"]), (&"error".into(), &"refused".into()));
}

#[test]
fn diagnostics_of_clinics_tables_are_the_same_events() {
    let sample_book = SampleBook::new();
    let file = sample_book.out("register.csv");
    let bad = "Белова Ксения Ильинична;11.11.1990;31.11.2026;Т-02;1000\n".repeat(21);
    fs::write(&file, format!("Пациент;Дата рождения;Дата услуги;Услуга;Сумма\n{bad}")).unwrap();
    let logged =
        sample_book.clinics("route", Some(&file), "out", &["--clinic", "dent-01", "--log", "json", "--lang", "en"]);
    let logged = events(logged, 3);
    let found: Vec<&Value> = logged.iter().filter(|event| event["event"] == "diagnostic").collect();
    assert_eq!(found.len(), 20);
    assert_eq!((&found[0]["code"], &found[0]["level"]), (&"bad-day".into(), &"error".into()));
    assert!(found[0]["place"].as_str().unwrap().contains(", "), "{}", found[0]);
    let more =
        logged.iter().find(|event| event["message"].as_str().is_some_and(|message| message.contains("bad-day 21")));
    assert!(more.is_some(), "how many there are of each kind: {logged:?}");
    let last = &logged[logged.len() - 2];
    assert!(last["message"].as_str().unwrap().contains("roster-checked.xlsx"), "{last}");
}

#[test]
fn faults_of_a_contract_have_their_file_and_line() {
    let folder = tempfile::tempdir().unwrap();
    let contract = write_contract(folder.path(), &small_contract(), &roster().crowd(3));
    let text = fs::read_to_string(&contract).unwrap();
    fs::write(&contract, format!("{text}\nstranger = 1\n")).unwrap();
    let lines = text.lines().count();
    let logged = events(run(["check".as_ref(), contract.as_os_str(), "--log".as_ref(), "json".as_ref()]), 3);
    let fault = &logged[0];
    assert_eq!(fault["event"], "key-unknown");
    assert_eq!(fault["line"], lines + 2);
    assert_eq!(fault["file"], contract.to_str().unwrap());
    assert_eq!(logged[1]["event"], "document-refused");
    let missing = events(run(["check", "nowhere.toml", "--log", "json"]), 3);
    assert_eq!(missing[0]["event"], "file-missing");
}

#[test]
fn the_same_run_logs_the_same_events() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let logged = || quote(&sample("mistakes"), &out, &["--preliminary", "--log", "json"]).exits_with(0).err;
    assert_eq!(logged(), logged());
}
