//! The answers of commands as JSON: each has a name, a version and a schema, which `kollektiv schema NAME` prints.
//!
//! An answer is a structure whose fields are the properties of its schema, described by their comments. The answers of the desk and of `quote`
//! are built from values; their schemas stand in `schema/*.json`. A change that a reader of an answer could notice makes a new version.

use clap::Args;
use serde_json::Value;

use crate::base::error::Error;
use crate::cli::answer::Described;
use crate::cli::outcome::Outcome;
use crate::cli::screen::{print_json, print_result};
use crate::cli::{
    annul, bind, check, clinics, config, cube, doctor, endorse, insurer, options, pay, portfolio, quote, reconcile,
    refuse, renew, report, reprice, tariff,
};

/// The schema of an answer.
type Schema = fn() -> Value;

/// Every answer: its name, its version and its schema.
const ANSWERS: [(&str, u32, Schema); 45] = [
    ("annul", 1, <annul::Answer as Described>::schema),
    ("bind", 1, <bind::Answer as Described>::schema),
    ("check", 1, <check::Answer as Described>::schema),
    ("clinics-act", 1, <clinics::act::Answer as Described>::schema),
    ("clinics-check", 1, <clinics::check::Answer as Described>::schema),
    ("clinics-export", 1, <clinics::export::Answer as Described>::schema),
    ("clinics-letter", 1, <clinics::letter::Answer as Described>::schema),
    ("clinics-lists", 1, <clinics::lists::Answer as Described>::schema),
    ("clinics-loyalty", 1, <clinics::loyalty::Answer as Described>::schema),
    ("clinics-loyalty-one", 1, <clinics::loyalty::OneAnswer as Described>::schema),
    ("clinics-route", 1, <clinics::route::Answers as Described>::schema),
    ("clinics-route-one", 1, <clinics::route::OneAnswer as Described>::schema),
    ("clinics-settle", 1, <clinics::settle::Answer as Described>::schema),
    ("compare", 1, || file(include_str!("schema/compare.json"))),
    ("config-show", 1, <config::Answer as Described>::schema),
    ("cube", 1, <cube::Answer as Described>::schema),
    ("doctor", 1, <doctor::Answer as Described>::schema),
    ("endorse", 1, <endorse::Answer as Described>::schema),
    ("explain", 1, || file(include_str!("schema/explain.json"))),
    ("insurer-check", 1, <insurer::Answer as Described>::schema),
    ("options", 1, <options::Answer as Described>::schema),
    ("outlook", 1, || file(include_str!("schema/outlook.json"))),
    ("pay", 1, <pay::Answer as Described>::schema),
    ("portfolio-debts", 1, <portfolio::debts::Answer as Described>::schema),
    ("portfolio-export", 1, <portfolio::export::Answer as Described>::schema),
    ("portfolio-invoices", 1, <portfolio::invoices::Answer as Described>::schema),
    ("portfolio-list", 1, <portfolio::list::Answer as Described>::schema),
    ("portfolio-report", 1, <portfolio::report::Answer as Described>::schema),
    ("portfolio-runs", 1, <portfolio::runs::Answer as Described>::schema),
    ("portfolio-show", 1, <portfolio::show::Answer as Described>::schema),
    ("portfolio-statement", 1, <portfolio::statement::Answer as Described>::schema),
    ("portfolio-verify", 1, <portfolio::verify::Answer as Described>::schema),
    ("quote", 1, || file(include_str!("schema/quote.json"))),
    ("quote-contracts", 1, <quote::batch::Answer as Described>::schema),
    ("reconcile", 1, <reconcile::Answer as Described>::schema),
    ("refuse", 1, <refuse::Answer as Described>::schema),
    ("renew", 1, <renew::Answer as Described>::schema),
    ("report", 1, <report::Answer as Described>::schema),
    ("reprice", 1, <reprice::Answer as Described>::schema),
    ("target", 1, || file(include_str!("schema/target.json"))),
    ("tariff-check", 1, <tariff::check::Answer as Described>::schema),
    ("tariff-compare", 1, <tariff::compare::Answer as Described>::schema),
    ("tariff-list", 1, <tariff::list::Answer as Described>::schema),
    ("tariff-show", 1, <tariff::show::Answer as Described>::schema),
    ("terminate", 1, <refuse::Answer as Described>::schema),
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

/// Prints the schema of an answer, or the names of all, one a line.
pub fn run(arguments: &Arguments) -> Result<Outcome, Error> {
    match &arguments.name {
        Some(name) => print_json(&schema(name))?,
        None => print_result(&format!("{}\n", NAMES.join("\n")))?,
    }
    Ok(Outcome::Done)
}

/// The schema of an answer with its identifier and title.
fn schema(name: &str) -> Value {
    let (name, version, schema) = ANSWERS.iter().find(|(known, _, _)| *known == name).expect("clap knows the names");
    let mut schema = schema();
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema".into();
    schema["$id"] = format!("urn:kollektiv:{name}:{version}").into();
    schema["title"] = format!("kollektiv {name}").into();
    schema
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
