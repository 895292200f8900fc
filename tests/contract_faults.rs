//! Contract files: a bad file for each kind of fault, with the line and the name of the fault; and good files with every key.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use kollektiv::base::error::Error;
use kollektiv::base::messages::{Language, Value};
use kollektiv::base::source_file::Fault;
use kollektiv::pricing::choice::{HeadcountChoice, RangeChoice, RiskChoice};
use kollektiv::quote::Quote;
use kollektiv::quote::contract::keys::schema;
use kollektiv::quote::contract::{ClinicMode, Contract, ExpenseBasis, HeadcountBasis, PriceDecrease};
use kollektiv::roster::Roster;
use kollektiv::table::spec::SheetChoice;
use kollektiv::tariff::Tariff;
use kollektiv::tariff::range::RangePoint;

use crate::faults::{assert_faults, assert_listed, described, message_names, toml_files};
use crate::program::project;
use crate::support::{Case, contract, roster};

const BAD_CONTRACTS: &str = "tests/contracts/bad";
/// A word of the contract file, faults of contracts too long for a test file and of other editions, which have their own tests, two diagnostics of rows, and the
/// faults of a folder of editions, which `tests/editions.rs` has.
const NOT_IN_FILES: [&str; 12] = [
    "by-fact",
    "plans-many",
    "accepted-many",
    "options-many",
    "accepted-no-range",
    "age-outside-programme",
    "exclusion-not-at-age",
    "edition-unknown",
    "edition-none-in-force",
    "editions-several-in-force",
    "edition-days",
    "edition-days-open",
];

/// The error of reading the contract, or of pricing it with its roster.
fn refusal(path: &Path, tariff: &Tariff) -> Option<Error> {
    let contract = match Contract::open(path, tariff) {
        Ok(contract) => contract,
        Err(error) => return Some(error),
    };
    let rosters: Vec<PathBuf> = contract.rosters.iter().map(|at| contract.folder().join(&at.files.value)).collect();
    let roster = Roster::read(&rosters, &contract.roster_spec(tariff), &()).unwrap();
    Quote::new(&contract, tariff, roster, true).err()
}

#[test]
fn every_fault_of_a_contract_has_its_line() {
    let tariff = Tariff::base();
    assert_faults(BAD_CONTRACTS, |path| refusal(path, &tariff));
}

#[test]
fn every_kind_of_fault_has_a_bad_contract() {
    let files = ["src/quote/contract", "src/quote/contract.rs", "src/base/toml_file.rs", "src/base/toml_file"];
    let descriptions = message_names(&["src/quote/contract/keys.rs", "src/quote/contract/keys"]);
    let mut names = message_names(&files);
    names.retain(|name| !descriptions.contains(name));
    assert!(names.len() >= 43, "{names:?}");
    names.retain(|name| !NOT_IN_FILES.contains(&name.as_str()));
    assert_listed(BAD_CONTRACTS, &names);
}

#[test]
fn a_number_outside_its_range_is_refused_with_the_range_and_its_clause() {
    let choices = ["headcount = '99999999999999999999999999999999'", "risk = { 1 = -1 }"];
    let text = contract().choose(choices[0]).choose(choices[1]).cover("16", "price_change = -1.1");
    let Err(Error::Refused { faults, .. }) = Case::open(&text, &roster()) else { panic!("{text}") };
    let messages: Vec<String> = faults.iter().map(|fault| Language::En.render(&fault.message)).collect();
    let outside = |number, range| format!("{number} is outside the range {range}: give a number inside it");
    assert_eq!(messages[0], outside("99999999999999999999999999999999", "0.80–1.40 (§2.1)"));
    assert_eq!(messages[1], outside("-1", "1.00–1.50 (§2.5)"));
    assert!(["-1.1", "§2.3", "1.0–5.0", "0.1–0.9"].iter().all(|part| messages[2].contains(part)), "{messages:?}");
}

#[test]
fn a_contract_has_at_most_a_thousand_plans() {
    let plans = |count: usize| (1..=count).fold(contract(), |text, plan| text.plan(&plan.to_string()).cover("16", ""));
    let open = |count| Case::open(&plans(count), &roster().aged(40, 1).on("1000"));
    let largest = open(1000).unwrap();
    assert_eq!(largest.quote(false).unwrap().rows.priced, 1);
    let found = |opened: Result<Case, Error>| {
        let Err(Error::Refused { source, faults }) = opened else { panic!("too many plans are accepted") };
        assert_eq!(faults[0].message.value("limit"), Some(&Value::Count(1000)));
        let found = |fault: &Fault| (source.text[fault.span.start..].to_owned(), described(fault));
        faults.iter().map(found).collect::<Vec<_>>()
    };
    let [(place, name)] = &found(open(1001))[..] else { panic!("one fault") };
    assert!(place.starts_with("[[plan]]\ncode = \"1001\"") && name == "plans-many", "{place}: {name}");
    // more plans than 16 bits can count
    let plan = |code: u32| format!("{{code='{code}',cover=[{{programme='16',sum_insured=1}}]}},");
    let many: String = (1..=65_537).map(plan).collect();
    let text = contract().with(&format!("plan = [{many}]"));
    let [(place, name)] = &found(Case::open(&text, &roster()))[..] else { panic!("one fault") };
    assert!(place.starts_with("{code='1001'") && name == "plans-many", "{name}");
}

#[test]
fn good_contracts_are_read_and_have_every_key() {
    let tariff = Tariff::base();
    let contracts = toml_files("tests/contracts/good");
    assert!(contracts.len() >= 3);
    let mut used = BTreeSet::new();
    for path in contracts {
        let contract = Contract::open(&path, &tariff).unwrap();
        keys_of_document("", &contract.source.text.parse::<toml::Table>().unwrap().into(), &mut used);
    }
    let mut known = BTreeSet::new();
    keys_of_schema("", &schema(), &mut known);
    // the risk groups are keys of the tariff, not of the form
    let of_form = |key: &String| !key.contains(".choices.risk.");
    used.retain(of_form);
    known.retain(of_form);
    assert_eq!(used, known);
}

/// Every key of a document, prefixed by those of its tables.
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

/// Every key of a schema, prefixed by those of its tables.
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
fn every_key_of_a_contract_is_read() {
    let tariff = Tariff::base();
    let contract = Contract::open(&project().join("tests/contracts/good/every-key.toml"), &tariff).unwrap();
    let rosters: Vec<&str> = contract.rosters.iter().map(|at| at.files.value.as_str()).collect();
    assert_eq!(rosters, ["lists/*.xlsx", "Список.csv"]);
    assert_eq!(contract.sheet, SheetChoice::Every);
    assert_eq!(
        (contract.ignored.as_slice(), contract.ignored_sheets.as_slice()),
        (&["Стаж".to_owned(), "Размер".to_owned()][..], &["Архив".to_owned()][..])
    );
    assert_eq!(contract.default_risk_group, Some(1));
    assert_eq!(contract.price_terms.expense_basis, ExpenseBasis::Written);
    assert_eq!(contract.price_terms.price_decrease, PriceDecrease::Credit);
    assert_eq!(contract.headcount_basis, HeadcountBasis::Current);
    // 31 + 31 + 28, 31 + 30 + 31, 30 + 31 + 31, 30 + 31 + 30
    assert_eq!(contract.instalments.iter().map(|period| period.days()).collect::<Vec<_>>(), [90, 92, 92, 91]);
    assert_eq!(contract.terms.choices.headcount, Some(HeadcountChoice::Interpolate));
    let number = |text: &str| RangeChoice::Number(text.parse().unwrap());
    let in_range = RiskChoice::InRange;
    assert_eq!(
        contract.terms.choices.risk,
        [
            (0, in_range(number("0.85"))),
            (2, in_range(RangeChoice::Point(RangePoint::High))),
            (4, in_range(number("2.6")))
        ]
    );
    let accepted = &contract.accepted[0];
    assert_eq!((accepted.id.as_deref(), accepted.coefficient.to_string().as_str()), (Some("000123"), "2.1"));
    assert_eq!(contract.options.iter().map(|option| option.name.as_str()).collect::<Vec<_>>(), ["Эконом"]);
    assert!(accepted.names(&["000 123"], "Зимин Лев  Петрович", Some(jiff::civil::date(1945, 5, 9))));
    let covers = &contract.terms.plans[0].covers;
    let programmes: Vec<&str> = covers.iter().map(|cover| &*tariff.programmes[cover.programme].code).collect();
    assert_eq!(programmes, ["16", "3a", "2", "6"]);
    let sums: Vec<String> = covers.iter().map(|cover| cover.sum_insured.to_string()).collect();
    assert_eq!(sums, ["120000.00", "99999.99", "1000000000000.00", "50000.50"]);
    assert_eq!(covers[2].exclude[0].choice, Some(number("0.60")));
    assert_eq!(covers[3].base_rate, Some(RangeChoice::Point(RangePoint::Low)));
    let modes: Vec<&ClinicMode> = contract.clinics.iter().map(|clinic| &clinic.mode).collect();
    assert_eq!(modes, [&ClinicMode::Attachment { programme: "2".to_owned() }, &ClinicMode::ByFact]);
}

#[test]
fn a_contract_has_at_most_twenty_options() {
    let text = format!("{}", contract().cover("16", ""));
    let option = |at: usize| format!("\n[[option]]\nname = \"{at}\"\n");
    let twenty: String = (1..=20).map(option).collect();
    assert!(Case::open(&format!("{text}{twenty}"), &roster()).is_ok());
    let Err(Error::Refused { faults, .. }) = Case::open(&format!("{text}{twenty}{}", option(21)), &roster()) else {
        panic!("not refused")
    };
    assert_eq!(faults.iter().map(|fault| fault.message.name()).collect::<Vec<_>>(), ["options-many"]);
}
