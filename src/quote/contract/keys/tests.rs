//! Holds the reader of the contract file to the declaration of its keys, words and required keys.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::base::error::Error;
use crate::base::messages::{Message, Value as MessageValue};
use crate::base::source_file::SourceFile;
use crate::pricing::choice::NOT_APPLIED;
use crate::quote::contract::Contract;
use crate::tariff::Tariff;

/// Every table of the schema, with a text that has an unknown key there.
const TABLES: [(&str, &str); 23] = [
    ("", "zzz = 1"),
    ("roster", "[[roster]]\nfile = 'x'\nzzz = 1"),
    ("roster.columns", "[[roster]]\nfile = 'x'\n[roster.columns]\nzzz = 1"),
    ("census", "[[census]]\nzzz = 1"),
    ("termination", "[termination]\nzzz = 1"),
    ("accepted", "[[accepted]]\nid = '1'\nzzz = 1"),
    ("choices", "[choices]\nzzz = 1"),
    ("choices.risk", "[choices.risk]\nzzz = 1"),
    ("columns", "[columns]\nzzz = 1"),
    ("dates", "[dates]\nzzz = 1"),
    ("plan", "[[plan]]\nzzz = 1"),
    ("plan.cover", "[[plan]]\n[[plan.cover]]\nzzz = 1"),
    ("plan.cover.exclude", "[[plan]]\n[[plan.cover]]\nprogramme = '2'\nexclude = [{ zzz = 1 }]"),
    ("plan.cover.additional_services", "[[plan]]\n[[plan.cover]]\nadditional_services = { zzz = 1 }"),
    ("plan.clinic", "[[plan]]\n[[plan.clinic]]\nzzz = 1"),
    ("option", "[[option]]\nzzz = 1"),
    ("option.choices", "[[option]]\n[option.choices]\nzzz = 1"),
    ("option.choices.risk", "[[option]]\n[option.choices.risk]\nzzz = 1"),
    ("option.plan", "[[option]]\n[[option.plan]]\nzzz = 1"),
    ("option.plan.cover", "[[option]]\n[[option.plan]]\n[[option.plan.cover]]\nzzz = 1"),
    (
        "option.plan.cover.exclude",
        "[[option]]\n[[option.plan]]\n[[option.plan.cover]]\nprogramme = '2'\nexclude = [{ zzz = 1 }]",
    ),
    (
        "option.plan.cover.additional_services",
        "[[option]]\n[[option.plan]]\n[[option.plan.cover]]\nadditional_services = { zzz = 1 }",
    ),
    ("option.plan.clinic", "[[option]]\n[[option.plan]]\n[[option.plan.clinic]]\nzzz = 1"),
];

/// Every key of the schema that takes a word, with a text that has an unknown word there.
const WORDS: [(&str, &str); 17] = [
    ("detach_day", "detach_day = 'zzz'"),
    ("family", "family = 'zzz'"),
    ("expense_basis", "expense_basis = 'zzz'"),
    ("termination.expense_basis", "[termination]\nexpense_basis = 'zzz'"),
    ("price_decrease", "price_decrease = 'zzz'"),
    ("headcount_basis", "headcount_basis = 'zzz'"),
    ("dates.order", "[dates]\norder = 'zzz'"),
    ("choices.ranges", "[choices]\nranges = 'zzz'"),
    ("choices.headcount", "[choices]\nheadcount = 'zzz'"),
    ("plan.clinic.mode", "[[plan]]\n[[plan.clinic]]\nmode = 'zzz'"),
    ("plan.cover.base_rate", "[[plan]]\n[[plan.cover]]\nprogramme = '6'\nbase_rate = 'zzz'"),
    (
        "plan.cover.exclude.coefficient",
        "[[plan]]\n[[plan.cover]]\nprogramme = '2'\nexclude = [{ service = 'planned_admission', coefficient = 'zzz' }]",
    ),
    ("option.choices.ranges", "[[option]]\n[option.choices]\nranges = 'zzz'"),
    ("option.choices.headcount", "[[option]]\n[option.choices]\nheadcount = 'zzz'"),
    ("option.plan.clinic.mode", "[[option]]\n[[option.plan]]\n[[option.plan.clinic]]\nmode = 'zzz'"),
    (
        "option.plan.cover.base_rate",
        "[[option]]\n[[option.plan]]\n[[option.plan.cover]]\nprogramme = '6'\nbase_rate = 'zzz'",
    ),
    (
        "option.plan.cover.exclude.coefficient",
        "[[option]]\n[[option.plan]]\n[[option.plan.cover]]\nprogramme = '2'\nexclude = [{ service = 'planned_admission', coefficient = 'zzz' }]",
    ),
];

/// Calls `visit` with every schema of a value and the path of its key.
fn walk(path: &str, schema: &Value, visit: &mut impl FnMut(&str, &Value)) {
    visit(path, schema);
    for form in schema["anyOf"].as_array().into_iter().flatten().chain(schema.get("items")) {
        walk(path, form, visit);
    }
    for (key, value) in schema["properties"].as_object().into_iter().flatten() {
        let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        walk(&path, value, visit);
    }
}

/// The words of the reader's only message with this value.
fn words_of_message(text: &str, value: &str) -> BTreeSet<String> {
    let source = SourceFile { path: "contract.toml".into(), text: text.to_owned() };
    let Err(Error::Refused { faults, .. }) = Contract::read(&source, &Tariff::base()) else { panic!("{text}") };
    let words = |message: &Message| match message.value(value)? {
        MessageValue::Text(words) => Some(words.clone()),
        _ => None,
    };
    let found: Vec<String> = faults.iter().filter_map(|fault| words(&fault.message)).collect();
    assert_eq!(found.len(), 1, "{text}");
    found[0].split(", ").map(|word| word.trim_matches('`').to_owned()).collect()
}

#[test]
fn the_schema_and_the_reader_know_the_same_keys() {
    let mut tables = BTreeMap::new();
    walk("", &schema(), &mut |path, schema| {
        if let Some(properties) = schema["properties"].as_object() {
            assert_eq!(schema["additionalProperties"], false, "{path}");
            tables.insert(path.to_owned(), properties.keys().cloned().collect());
        }
    });
    let read = TABLES.map(|(path, text)| (path.to_owned(), words_of_message(text, "known")));
    assert_eq!(tables, BTreeMap::from(read));
}

#[test]
fn the_schema_and_the_reader_know_the_same_words() {
    let mut words: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    walk("", &schema(), &mut |path, schema| {
        if let Some(listed) = schema["enum"].as_array() {
            words.insert(path.to_owned(), listed.iter().map(|word| word.as_str().unwrap().to_owned()).collect());
        }
    });
    // the choices of the risk groups are those of any range, and `none`
    words.retain(|path, listed| {
        !path.contains("choices.risk.")
            || *listed != BTreeSet::from(["low", "mid", "high", NOT_APPLIED].map(str::to_owned))
    });
    let read = WORDS.map(|(path, text)| (path.to_owned(), words_of_message(text, "words")));
    assert_eq!(words, BTreeMap::from(read));
}

#[test]
fn the_schema_and_the_reader_want_the_same_keys() {
    // a text of empty tables: the reader names every key that is missing
    let text = "default_risk_group = 1\n[[accepted]]\nid = '1'\n[[roster]]\n[[census]]\n[[plan]]\n[[plan.cover]]\nprogramme = '2'\nexclude = [{}]\nadditional_services = {}\n[[plan.clinic]]\n[[option]]\n";
    let source = SourceFile { path: "contract.toml".into(), text: text.to_owned() };
    let Err(Error::Refused { faults, .. }) = Contract::read(&source, &Tariff::base()) else { panic!() };
    let missing: BTreeSet<String> = faults
        .iter()
        .map(|fault| match fault.message.value("key") {
            Some(MessageValue::Text(key)) if fault.message.name() == "key-missing" => key.clone(),
            _ => panic!("{:?}", fault.message),
        })
        .collect();
    let mut required = BTreeSet::new();
    walk("", &schema(), &mut |_, schema| {
        required
            .extend(schema["required"].as_array().into_iter().flatten().map(|key| key.as_str().unwrap().to_owned()));
    });
    // these three are in the text
    required.retain(|key| !["plan", "cover", "programme"].contains(&key.as_str()));
    assert_eq!(required, missing);
}

#[test]
fn every_key_has_a_description_and_nothing_is_null() {
    let schema = schema();
    for properties in [&schema["properties"], &schema["properties"]["columns"]["properties"]] {
        assert!(!properties.as_object().unwrap().is_empty());
    }
    walk("", &schema, &mut |path, schema| {
        for (key, value) in schema["properties"].as_object().into_iter().flatten() {
            assert!(value["description"].as_str().is_some_and(|words| !words.is_empty()), "{path}.{key}");
        }
    });
    assert!(!schema.to_string().contains("null"), "{schema}");
}
