//! Tables of the reference that follow from the program: keys of files from their JSON schemas, codes from the list of codes.
//!
//! A generated table stands between `<!-- generated: COMMAND -->` and `<!-- end -->`, where COMMAND prints a JSON schema.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::process::Command;

use kollektiv::base::diagnostic::Code;
use serde_json::Value;

use super::read;
use crate::program::project;
use crate::source_code::sources_in;

const BEGIN: &str = "<!-- generated: ";
const END: &str = "<!-- end -->";

#[test]
fn the_keys_of_the_reference_are_those_of_the_schemas() {
    let path = project().join("docs/reference/contract.md");
    let text = read(&path);
    let mut expected = String::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once(BEGIN) {
        let (command, after) = after.split_once(" -->\n").unwrap();
        let (_, after) = after.split_once(END).unwrap();
        expected.extend([before, BEGIN, command, " -->\n", &keys(&schema(command)), END]);
        rest = after;
    }
    expected.push_str(rest);
    if std::env::var_os(super::UPDATE).is_some() {
        std::fs::write(&path, &expected).unwrap();
        return;
    }
    assert!(text.contains(BEGIN), "the page has generated tables");
    let changed = expected.lines().zip(text.lines()).find(|(expected, present)| expected != present);
    assert!(expected == text, "{changed:#?}; run again with {}=1", super::UPDATE);
}

#[test]
fn the_codes_of_the_reference_are_those_of_the_program() {
    let text = read(&project().join("docs/reference/codes.md"));
    let (_, table) = text.split_once("| code | severity | when |\n").unwrap();
    let rows = table.lines().skip(1).take_while(|line| line.starts_with('|'));
    let written: Vec<String> = rows.map(|row| row.split('|').take(3).collect::<Vec<_>>().join("|")).collect();
    let known = Code::ALL.iter().map(|code| format!("| `{}` | {} ", code.as_str(), code.severity().as_str()));
    assert_eq!(written, known.collect::<Vec<_>>());
}

#[test]
fn the_names_of_the_glossary_are_in_the_sources() {
    let sources = sources_in("src");
    let known: BTreeSet<&str> = sources.iter().flat_map(|source| &source.tokens).map(|token| &*token.text).collect();
    let text = read(&project().join("docs/glossary.md"));
    let rows = text.lines().filter(|line| line.starts_with("| ")).map(|line| line.split('|').collect::<Vec<_>>());
    let in_rust = rows.filter(|cells| cells.len() == 6).flat_map(|cells| cells[3].split('`').skip(1).step_by(2));
    let mut missing = in_rust.filter(|name| !known.contains(name.split('<').next().unwrap())).peekable();
    assert!(missing.peek().is_none(), "{:?}", missing.collect::<Vec<_>>());
}

/// The schema that a command prints.
fn schema(command: &str) -> Value {
    let printed = Command::new(env!("CARGO_BIN_EXE_kollektiv")).args(command.split(' ')).output().unwrap();
    serde_json::from_slice(&printed.stdout).unwrap()
}

/// The table of the keys of a schema.
fn keys(schema: &Value) -> String {
    let mut table = String::from("| key | needed | value | meaning |\n|---|---|---|---|\n");
    add_keys("", schema, &mut table);
    table
}

/// Adds a row for each key of a table of the file, and of the tables in it.
fn add_keys(path: &str, table: &Value, rows: &mut String) {
    let needed: Vec<&str> = list(table, "required").filter_map(Value::as_str).collect();
    for (key, value) in table["properties"].as_object().into_iter().flatten() {
        let mark = if needed.contains(&key.as_str()) { "yes" } else { "" };
        let meaning = meaning(value["description"].as_str().unwrap_or_default());
        writeln!(rows, "| `{path}{key}` | {mark} | {} | {meaning} |", kind(value)).unwrap();
        for form in forms(value).into_iter().filter(|form| form.get("properties").is_some()) {
            add_keys(&format!("{path}{key}."), form, rows);
        }
    }
}

/// How a value may be written.
fn kind(value: &Value) -> String {
    let mut kinds: Vec<String> = Vec::new();
    for form in alternatives(value) {
        let kind = match (form["enum"].as_array(), form["type"].as_str()) {
            (Some(words), _) => {
                words.iter().filter_map(Value::as_str).map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
            }
            (None, Some("array")) if form["items"].get("properties").is_some() => "tables".to_owned(),
            (None, Some("array")) => format!("list of {}", kind(&form["items"])),
            (None, Some("object")) => "table".to_owned(),
            (None, Some("integer")) => "whole number".to_owned(),
            (None, Some("string")) if form["format"] == "date" => "day".to_owned(),
            (None, Some(_)) => "text".to_owned(),
            (None, None) => "number".to_owned(),
        };
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    let default = value["default"].as_str().map(|word| format!(" (default `{word}`)")).unwrap_or_default();
    kinds.join(" or ") + &default
}

/// The description of a key in one line: its sentences, then the entries of its list.
fn meaning(description: &str) -> String {
    let lines = || description.lines().filter(|line| !line.is_empty());
    let sentences = lines().filter(|line| !line.starts_with("- ")).collect::<Vec<_>>().join(" ");
    let entries = lines().filter_map(|line| line.strip_prefix("- ")).collect::<Vec<_>>().join("; ");
    format!("{sentences} {entries}").trim_end().replace('|', "\\|")
}

/// A value and everything that its alternatives and lists hold.
fn forms(value: &Value) -> Vec<&Value> {
    let below = list(value, "anyOf").chain(value.get("items")).flat_map(forms);
    std::iter::once(value).chain(below).collect()
}

/// The alternatives of a value; the value itself without any.
fn alternatives(value: &Value) -> Vec<&Value> {
    match value.get("anyOf") {
        Some(_) => list(value, "anyOf").flat_map(alternatives).collect(),
        None => vec![value],
    }
}

fn list<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    value[key].as_array().into_iter().flatten()
}
