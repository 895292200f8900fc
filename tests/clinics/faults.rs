//! Networks of clinics: a bad file for each kind of fault, with the line and the name of the fault.

use std::fs;

use kollektiv::clinics::network::Network;
use kollektiv::clinics::network::schema::schema;
use kollektiv::tariff::Tariff;

use crate::faults::{assert_faults, assert_listed, message_names};
use crate::program::project;

const BAD_NETWORKS: &str = "tests/clinics/bad";

#[test]
fn every_fault_of_a_network_has_its_line() {
    let tariff = Tariff::base();
    assert_faults(BAD_NETWORKS, |path| Network::open(path, &tariff).err());
}

#[test]
fn every_kind_of_fault_has_a_bad_network() {
    assert_listed(BAD_NETWORKS, &message_names(&["src/clinics/network/read.rs", "src/clinics/network/list_layout.rs"]));
}

/// Asserts that every key of a value is in its schema with a description.
fn assert_described(value: &toml::Value, schema: &serde_json::Value, path: &str) {
    match value {
        toml::Value::Table(table) => {
            assert_eq!(schema["additionalProperties"], false, "{path}");
            for (key, value) in table {
                let of_key = &schema["properties"][key];
                assert!(of_key["description"].is_string(), "{path}.{key}");
                assert_described(value, of_key, &format!("{path}.{key}"));
            }
        }
        toml::Value::Array(values) => values.iter().for_each(|value| assert_described(value, &schema["items"], path)),
        _ => {}
    }
}

#[test]
fn the_schema_describes_every_key_of_the_sample() {
    let text = fs::read_to_string(project().join("samples/clinics/clinics.toml")).unwrap();
    let sample: toml::Value = toml::from_str(&text).unwrap();
    assert_described(&sample, &schema(), "");
}
