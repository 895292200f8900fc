//! Rosters as employers send them: a file a case in `rosters/good` and `rosters/bad`, and beside it what is expected.
//!
//! `NAME.expect` is TOML: `status`, `rows`, the `diagnostics` as `code row column` (with the file and sheet in brackets past
//! the first), the rows `skipped` with their reason, the `insured` as `id | name | birth date | risk group | plan`, the names of
//! the messages that it `says`, and `files` where the roster is not the one file of that name. `NAME.contract.toml` stands in
//! for the common contract. `make.py` makes them all.

use std::path::{Path, PathBuf};

use kollektiv::contract::Contract;
use kollektiv::diagnostic::{Diagnostic, column_letters};
use kollektiv::quote::Quote;
use kollektiv::roster::Roster;
use kollektiv::tariff::Tariff;
use kollektiv::words::Language;
use serde::Deserialize;

/// What is expected of a roster.
#[derive(Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
struct Expected {
    status: String,
    rows: Rows,
    #[serde(default)]
    diagnostics: Vec<String>,
    #[serde(default)]
    skipped: Vec<String>,
    insured: Option<Vec<String>>,
    says: Option<Vec<String>>,
    #[serde(default)]
    files: Vec<String>,
}

#[derive(Debug, Deserialize, PartialEq, Eq)]
struct Rows {
    read: usize,
    priced: usize,
    referred: usize,
    rejected: usize,
}

#[test]
fn rosters_as_employers_send_them_are_read() {
    walk("good", "issued");
}

#[test]
fn rosters_that_cannot_be_priced_are_refused_with_every_reason() {
    walk("bad", "refused");
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rosters")
}

fn walk(kind: &str, status: &str) {
    let mut wrong = Vec::new();
    let mut cases = 0;
    for expect in glob::glob(&folder().join(kind).join("*.expect").to_string_lossy()).unwrap() {
        let expect = expect.unwrap();
        let shown = format!("{kind}/{}", expect.file_stem().unwrap().to_string_lossy());
        let expected: Expected = toml::from_str(&std::fs::read_to_string(&expect).unwrap()).expect(&shown);
        assert_eq!(expected.status, status, "{shown} is in the wrong folder");
        let read = read(&expect, &expected);
        if read != expected {
            wrong.push(format!("{shown}\n  expected {expected:?}\n  read     {read:?}"));
        }
        cases += 1;
    }
    assert!(cases > 40, "{cases} cases");
    assert!(wrong.is_empty(), "{} of {cases}:\n{}", wrong.len(), wrong.join("\n"));
}

/// The same about what is really there; what the case does not look at is as expected.
fn read(expect: &Path, expected: &Expected) -> Expected {
    let tariff = Tariff::base();
    let own = expect.with_extension("contract.toml");
    let contract = if own.exists() { own } else { folder().join("contract.toml") };
    let contract = Contract::open(&contract, &tariff).unwrap();
    let roster = Roster::read(&rosters(expect, expected), &contract.wanted(&tariff), &());
    let quote = Quote::new(&contract, &tariff, roster, false).unwrap();
    let roster = &quote.roster;
    for found in &roster.diagnostics {
        // every sentence can be said
        assert!(!Language::Ru.say(&found.message).is_empty());
    }
    let says = || roster.diagnostics.iter().map(|found| found.message.name().to_owned()).collect();
    let skipped = roster.sheets.iter().flat_map(|sheet| &sheet.skipped);
    Expected {
        status: quote.status.as_str().to_owned(),
        rows: Rows {
            read: quote.rows.read,
            priced: quote.rows.priced,
            referred: quote.rows.referred,
            rejected: quote.rows.rejected,
        },
        diagnostics: roster.diagnostics.iter().map(|found| shown(roster, found)).collect(),
        skipped: skipped.map(|(row, reason)| format!("{row} {}", reason.as_str())).collect(),
        insured: expected.insured.as_ref().map(|_| (0..roster.insured.len()).map(|at| insured(&quote, at)).collect()),
        says: expected.says.as_ref().map(|_| says()),
        files: expected.files.clone(),
    }
}

fn rosters(expect: &Path, expected: &Expected) -> Vec<PathBuf> {
    if !expected.files.is_empty() {
        return expected.files.iter().map(|file| expect.with_file_name(file)).collect();
    }
    let endings = ["xlsx", "xls", "xlsb", "ods", "csv", "txt"];
    let found: Vec<PathBuf> =
        endings.iter().map(|ending| expect.with_extension(ending)).filter(|path| path.exists()).collect();
    assert_eq!(found.len(), 1, "{}", expect.display());
    found
}

fn shown(roster: &Roster, found: &Diagnostic) -> String {
    let mut shown = format!("{} {}", found.code, found.place.row);
    if let Some(column) = found.place.column {
        shown.push_str(&format!(" {}", column_letters(column)));
    }
    if found.place.sheet > 0 {
        shown.push_str(&format!(" ({})", roster.sheets[usize::from(found.place.sheet)].shown()));
    }
    shown
}

fn insured(quote: &Quote<'_>, at: usize) -> String {
    let insured = &quote.roster.insured;
    let words = [
        insured.id.get(at).to_owned(),
        insured.name.get(at).to_owned(),
        insured.birth_date[at].map(|date| date.to_string()).unwrap_or_default(),
        insured.risk_group[at].map(|group| group.to_string()).unwrap_or_default(),
        insured.plan[at].map(|plan| quote.contract.plans[usize::from(plan)].code.clone()).unwrap_or_default(),
    ];
    words.join(" | ")
}
