//! The answers of commands as JSON: each has a name, a version and a schema, which `kollektiv schema NAME` prints.
//!
//! An answer is a structure whose fields are the properties of its schema, described by their comments. The answers of the desk and of `quote`
//! are built from values; their schemas stand in `schema/*.json`. A change that a reader of an answer could notice makes a new version.

use clap::Args;
use schemars::{JsonSchema, schema_for};
use serde_json::{Value, json};

use crate::base::error::Error;
use crate::base::messages::{Message, listed};
use crate::cli::outcome::Outcome;
use crate::cli::screen::{Screen, print_json};
use crate::cli::{bind, check, clinics, cube, doctor, endorse, pay, portfolio, refuse, report, reprice, tariff};

/// The schema of an answer.
type Schema = fn() -> Value;

/// Every answer: its name, its version and its schema.
const ANSWERS: [(&str, u32, Schema); 27] = [
    ("bind", 1, schema_of::<bind::Answer>),
    ("check", 1, schema_of::<check::Answer>),
    ("clinics-check", 1, schema_of::<clinics::check::Answer>),
    ("clinics-letter", 1, schema_of::<clinics::letter::Answer>),
    ("clinics-lists", 1, schema_of::<clinics::lists::Answer>),
    ("clinics-loyalty", 1, schema_of::<clinics::loyalty::Answer>),
    ("clinics-loyalty-one", 1, schema_of::<clinics::loyalty::OneAnswer>),
    ("clinics-route", 1, schema_of::<clinics::route::Answers>),
    ("clinics-route-one", 1, schema_of::<clinics::route::OneAnswer>),
    ("clinics-settle", 1, schema_of::<clinics::settle::Answer>),
    ("compare", 1, || file(include_str!("schema/compare.json"))),
    ("cube", 1, schema_of::<cube::Answer>),
    ("doctor", 1, schema_of::<doctor::Answer>),
    ("endorse", 1, schema_of::<endorse::Answer>),
    ("explain", 1, || file(include_str!("schema/explain.json"))),
    ("outlook", 1, || file(include_str!("schema/outlook.json"))),
    ("pay", 1, schema_of::<pay::Answer>),
    ("portfolio-list", 1, schema_of::<portfolio::list::Answer>),
    ("portfolio-show", 1, schema_of::<portfolio::show::Answer>),
    ("portfolio-verify", 1, schema_of::<portfolio::verify::Answer>),
    ("quote", 1, || file(include_str!("schema/quote.json"))),
    ("refuse", 1, schema_of::<refuse::Answer>),
    ("report", 1, schema_of::<report::Answer>),
    ("reprice", 1, schema_of::<reprice::Answer>),
    ("target", 1, || file(include_str!("schema/target.json"))),
    ("tariff-check", 1, schema_of::<tariff::CheckAnswer>),
    ("tariff-show", 1, schema_of::<tariff::ShowAnswer>),
];

#[derive(Debug, Args)]
pub struct Arguments {
    /// Name of the answer, such as quote; all names by default
    #[arg(value_name = "NAME", value_parser = NAMES)]
    name: Option<String>,
}

/// The names of the answers.
const NAMES: [&str; ANSWERS.len()] = {
    let mut names = [""; ANSWERS.len()];
    let mut at = 0;
    while at < names.len() {
        names[at] = ANSWERS[at].0;
        at += 1;
    }
    names
};

/// Prints the schema of an answer, or the names of all.
pub fn run(arguments: &Arguments, screen: &Screen) -> Result<Outcome, Error> {
    match &arguments.name {
        Some(name) => print_json(&schema(name))?,
        None => screen.print(&screen.paragraph(&Message::new("schema-names").with("names", listed(NAMES))))?,
    }
    Ok(Outcome::Done)
}

/// The schema of an answer with its identifier and title.
fn schema(name: &str) -> Value {
    let (name, version, schema) = ANSWERS.iter().find(|(known, _, _)| *known == name).expect("clap knows the names");
    let mut schema = schema();
    schema["$id"] = format!("urn:kollektiv:{name}:{version}").into();
    schema["title"] = format!("kollektiv {name}").into();
    schema
}

fn schema_of<T: JsonSchema>() -> Value {
    json!(schema_for!(T))
}

fn file(text: &str) -> Value {
    serde_json::from_str(text).expect("a test reads the schemas")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_has_a_schema_of_an_object_and_the_names_are_in_order() {
        assert!(NAMES.is_sorted());
        for name in NAMES {
            let schema = schema(name);
            assert_eq!(schema["type"], "object", "{name}");
            assert_eq!(schema["$id"], format!("urn:kollektiv:{name}:1"));
            assert!(schema["properties"].as_object().is_some_and(|properties| !properties.is_empty()), "{name}");
        }
    }
}
