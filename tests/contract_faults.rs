//! Contract files: a bad one for each kind of fault, and what is said of it on which line; and good ones with every key.
//!
//! `contracts/bad/NAME.txt` lists the faults of `NAME.toml` in order, each as its line, the name of the message, and then
//! the kind of value that is wanted or the key that is near, where the message says one. A contract without a fault of its
//! own is priced with its roster.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use kollektiv::base::error::Error;
use kollektiv::base::messages::{Language, Value};
use kollektiv::base::source_file::Fault;
use kollektiv::quote::Quote;
use kollektiv::quote::contract::choice::{HeadcountChoice, RangeChoice};
use kollektiv::quote::contract::schema::schema;
use kollektiv::quote::contract::{ClinicMode, Contract, ExpenseBasis, HeadcountBasis, PriceDecrease};
use kollektiv::roster::Roster;
use kollektiv::roster::spec::SheetChoice;
use kollektiv::tariff::Tariff;
use kollektiv::tariff::range::Stand;

use crate::support::{Case, contract, roster};

/// Words of the contract file that look like names of messages.
const WORDS: [&str; 1] = ["by-fact"];
/// Faults of contracts that are too long for a file here; each has a test of its own.
const OF_LONG_CONTRACTS: [&str; 1] = ["plans-many"];

pub fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files of a folder that end so, in order.
pub fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(project().join(folder)).expect("a folder of the project");
    let files = entries.map(|entry| entry.expect("an entry of the folder").path());
    let mut files: Vec<_> = files.filter(|path| path.extension().is_some_and(|found| found == extension)).collect();
    files.sort();
    files
}

/// What stops the contract, in reading it or in pricing it with its roster.
fn refusal(path: &Path, tariff: &Tariff) -> Option<Error> {
    let contract = match Contract::open(path, tariff) {
        Ok(contract) => contract,
        Err(error) => return Some(error),
    };
    let rosters: Vec<PathBuf> = contract.rosters.iter().map(|at| contract.folder().join(&at.value)).collect();
    let roster = Roster::read(&rosters, &contract.wanted(tariff), &());
    Quote::new(&contract, tariff, roster, true).err()
}

/// The name of the message, and what is wanted or near.
pub fn shown(fault: &Fault) -> String {
    let name = fault.message.name();
    match fault.message.value("wanted").or_else(|| fault.message.value("near")) {
        Some(Value::Said(inner)) => format!("{name} {}", inner.name()),
        Some(Value::Text(near)) => format!("{name} {near}"),
        _ => name.to_owned(),
    }
}

#[test]
fn every_fault_of_a_contract_is_said_with_its_line() {
    let tariff = Tariff::base();
    let contracts = files("tests/contracts/bad", "toml");
    let lists: Vec<_> = files("tests/contracts/bad", "txt").iter().map(|path| path.with_extension("toml")).collect();
    assert_eq!(contracts, lists, "each contract with its list of faults");
    let mut wrong = Vec::new();
    for path in &contracts {
        let Some(Error::Refused { document, faults }) = refusal(path, &tariff) else {
            wrong.push(format!("{}: not refused\n", path.display()));
            continue;
        };
        let said = faults.iter().map(|fault| format!("{}: {}\n", document.line(fault.span.start), shown(fault)));
        let said: String = said.collect();
        let expected = std::fs::read_to_string(path.with_extension("txt")).unwrap();
        if said != expected {
            wrong.push(format!("{}\nsaid:\n{said}expected:\n{expected}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_kind_of_fault_has_a_bad_contract() {
    let mut expected = BTreeSet::from(WORDS.map(str::to_owned));
    expected.extend(OF_LONG_CONTRACTS.map(str::to_owned));
    for path in files("tests/contracts/bad", "txt") {
        expected.extend(std::fs::read_to_string(path).unwrap().split_whitespace().map(str::to_owned));
    }
    let mut sources = files("src/contract", "rs");
    sources.push(project().join("src/document.rs"));
    sources.push(project().join("src/rating.rs"));
    let mut names = BTreeSet::new();
    for path in sources {
        names.extend(message_names(&std::fs::read_to_string(path).unwrap()));
    }
    assert!(names.len() >= 43, "{names:?}");
    let missing: Vec<_> = names.difference(&expected).collect();
    assert!(missing.is_empty(), "no bad contract for {missing:?}");
}

/// The names of messages in a source: small letters in quotes, with hyphens between them.
pub fn message_names(source: &str) -> impl Iterator<Item = String> + '_ {
    let is_name = |text: &&str| {
        text.contains('-')
            && text.split('-').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase()))
    };
    source.lines().flat_map(|line| line.split('"')).filter(is_name).map(str::to_owned)
}

#[test]
fn a_number_outside_its_range_is_refused_with_the_range_and_its_clause() {
    let choices = ["headcount = '99999999999999999999999999999999'", "risk = { 1 = -1 }"];
    let text = contract().choose(choices[0]).choose(choices[1]).cover("16", "price_change = -1.1");
    let Err(Error::Refused { faults, .. }) = Case::open(&text, &roster()) else { panic!("{text}") };
    let says: Vec<String> = faults.iter().map(|fault| Language::En.say(&fault.message)).collect();
    let outside = |number, range| format!("{number} is outside the range {range}: give a number inside it");
    assert_eq!(says[0], outside("99999999999999999999999999999999", "0.80–1.40 (§2.1)"));
    assert_eq!(says[1], outside("-1", "1.00–1.50 (§2.5)"));
    assert!(["-1.1", "§2.3", "1.0–5.0", "0.1–0.9"].iter().all(|part| says[2].contains(part)), "{says:?}");
}

#[test]
fn a_contract_has_at_most_a_thousand_plans() {
    let plans = |count: usize| (1..=count).fold(contract(), |text, plan| text.plan(&plan.to_string()).cover("16", ""));
    let open = |count| Case::open(&plans(count), &roster().aged(40, 1).on("1000"));
    let told = open(1000).unwrap();
    assert_eq!(told.quote(false).unwrap().rows.priced, 1);
    let said = |opened: Result<Case, Error>| {
        let Err(Error::Refused { document, faults }) = opened else { panic!("so many plans are read") };
        assert_eq!(faults[0].message.value("limit"), Some(&Value::Count(1000)));
        let said = |fault: &Fault| (document.text[fault.span.start..].to_owned(), shown(fault));
        faults.iter().map(said).collect::<Vec<_>>()
    };
    let [(place, name)] = &said(open(1001))[..] else { panic!("it is said once") };
    assert!(place.starts_with("[[plan]]\ncode = \"1001\"") && name == "plans-many", "{place}: {name}");
    // more than 16 bits can count
    let plan = |code: u32| format!("{{code='{code}',cover=[{{programme='16',sum_insured=1}}]}},");
    let many: String = (1..=65_537).map(plan).collect();
    let text = contract().with(&format!("plan = [{many}]"));
    let [(place, name)] = &said(Case::open(&text, &roster()))[..] else { panic!("it is said once") };
    assert!(place.starts_with("{code='1001'") && name == "plans-many", "{name}");
}

#[test]
fn good_contracts_are_read_and_have_every_key() {
    let tariff = Tariff::base();
    let contracts = files("tests/contracts/good", "toml");
    assert!(contracts.len() >= 3);
    let mut used = BTreeSet::new();
    for path in contracts {
        let contract = Contract::open(&path, &tariff).unwrap();
        keys_of_document("", &contract.source.text.parse::<toml::Table>().unwrap().into(), &mut used);
    }
    let mut known = BTreeSet::new();
    keys_of_schema("", &schema(), &mut known);
    // the groups are keys of the tariff, not of the form
    let of_form = |key: &String| !key.starts_with(".choices.risk.");
    used.retain(of_form);
    known.retain(of_form);
    assert_eq!(used, known);
}

/// Every key of a document, after those of the tables that it stands in.
fn keys_of_document(path: &str, value: &toml::Value, keys: &mut BTreeSet<String>) {
    match value {
        toml::Value::Table(table) => {
            for (key, value) in table {
                let path = format!("{path}.{key}");
                keys_of_document(&path, value, keys);
                keys.insert(path);
            }
        }
        toml::Value::Array(list) => list.iter().for_each(|value| keys_of_document(path, value, keys)),
        _ => {}
    }
}

/// Every key of a schema, after those of the tables that it stands in.
fn keys_of_schema(path: &str, schema: &serde_json::Value, keys: &mut BTreeSet<String>) {
    for form in schema["anyOf"].as_array().into_iter().flatten().chain(schema.get("items")) {
        keys_of_schema(path, form, keys);
    }
    for (key, value) in schema["properties"].as_object().into_iter().flatten() {
        let path = format!("{path}.{key}");
        keys_of_schema(&path, value, keys);
        keys.insert(path);
    }
}

#[test]
fn a_contract_with_every_key_says_what_stands_in_it() {
    let tariff = Tariff::base();
    let contract = Contract::open(&project().join("tests/contracts/good/every-key.toml"), &tariff).unwrap();
    let rosters: Vec<&str> = contract.rosters.iter().map(|at| at.value.as_str()).collect();
    assert_eq!(rosters, ["lists/*.xlsx", "Список.csv"]);
    assert_eq!(contract.sheet, SheetChoice::Every);
    assert_eq!(contract.default_risk_group, Some(1));
    assert_eq!(contract.price_terms.expense_basis, ExpenseBasis::Written);
    assert_eq!(contract.price_terms.price_decrease, PriceDecrease::Credit);
    assert_eq!(contract.headcount_basis, HeadcountBasis::Current);
    // 31 + 31 + 28, 31 + 30 + 31, 30 + 31 + 31, 30 + 31 + 30
    assert_eq!(contract.instalments.iter().map(|period| period.days()).collect::<Vec<_>>(), [90, 92, 92, 91]);
    assert_eq!(contract.choices.headcount.as_ref().unwrap().value, HeadcountChoice::Interpolate);
    let number = |text: &str| RangeChoice::Number(text.parse().unwrap());
    assert_eq!(contract.choices.risk, [(0, number("0.85")), (2, RangeChoice::Stand(Stand::High)), (4, number("2.6"))]);
    let covers = &contract.plans[0].covers;
    let programmes: Vec<&str> = covers.iter().map(|cover| &*tariff.programmes[cover.programme].code).collect();
    assert_eq!(programmes, ["16", "3a", "2", "6"]);
    let sums: Vec<String> = covers.iter().map(|cover| cover.sum_insured.to_string()).collect();
    assert_eq!(sums, ["120000.00", "99999.99", "1000000000000.00", "50000.50"]);
    assert_eq!(covers[2].exclude[0].pick, Some(number("0.60")));
    assert_eq!(covers[3].base_rate, Some(RangeChoice::Stand(Stand::Low)));
    let modes: Vec<&ClinicMode> = contract.plans[0].clinics.iter().map(|clinic| &clinic.mode).collect();
    assert_eq!(modes, [&ClinicMode::Attachment { programme: "2".to_owned() }, &ClinicMode::ByFact]);
}
