//! Files of clinics: a bad one for each kind of fault, and what is said of it on which line.
//!
//! `tests/clinics/bad/NAME.txt` lists the faults of `NAME.toml` in order, each as its line and the name of the message.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use kollektiv::base::error::Error;
use kollektiv::clinics::network::Network;
use kollektiv::clinics::network::schema::schema;
use kollektiv::tariff::Tariff;

use crate::contract_faults::{message_names, shown};
use crate::program::project;

fn files(extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(project().join("tests/clinics/bad")).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = entries.filter(|path| path.extension().is_some_and(|found| found == extension)).collect();
    files.sort();
    files
}

#[test]
fn every_fault_of_a_file_of_clinics_is_said_with_its_line() {
    let tariff = Tariff::base();
    let mut wrong = Vec::new();
    for path in files("toml") {
        let Err(Error::Refused { document, faults }) = Network::open(&path, &tariff) else {
            wrong.push(format!("{}: not refused", path.display()));
            continue;
        };
        let said = faults.iter().map(|fault| format!("{}: {}\n", document.line(fault.span.start), shown(fault)));
        let said: String = said.collect();
        let expected = fs::read_to_string(path.with_extension("txt")).unwrap_or_default();
        if said != expected {
            wrong.push(format!("{}\nsaid:\n{said}expected:\n{expected}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_kind_of_fault_has_a_bad_file() {
    let mut expected = BTreeSet::new();
    for path in files("txt") {
        expected.extend(fs::read_to_string(path).unwrap().split_whitespace().map(str::to_owned));
    }
    let source = fs::read_to_string(project().join("src/clinics/network/read.rs")).unwrap();
    let missing: Vec<_> = message_names(&source).filter(|name| !expected.contains(name)).collect();
    assert!(missing.is_empty(), "no bad file for {missing:?}");
}

/// Every key of a value stands in its schema, with a description.
fn walk(value: &toml::Value, schema: &serde_json::Value, path: &str) {
    match value {
        toml::Value::Table(table) => {
            assert_eq!(schema["additionalProperties"], false, "{path}");
            for (key, value) in table {
                let of_key = &schema["properties"][key];
                assert!(of_key["description"].is_string(), "{path}.{key}");
                walk(value, of_key, &format!("{path}.{key}"));
            }
        }
        toml::Value::Array(values) => values.iter().for_each(|value| walk(value, &schema["items"], path)),
        _ => {}
    }
}

#[test]
fn the_schema_has_the_keys_of_the_sample_and_every_key_is_described() {
    let text = fs::read_to_string(project().join("samples/clinics/clinics.toml")).unwrap();
    let sample: toml::Value = toml::from_str(&text).unwrap();
    walk(&sample, &schema(), "");
}
