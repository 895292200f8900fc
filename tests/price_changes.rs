//! Files of price changes: a bad one for each kind of fault, and what is said of it on which line.
//!
//! `changes/bad/NAME.txt` lists the faults of `NAME.toml` in order, each as its line and the name of the message.

use std::collections::BTreeSet;

use kollektiv::base::error::Error;
use kollektiv::base::messages::{Language, Value};
use kollektiv::portfolio::change::PriceChange;
use kollektiv::tariff::Tariff;

use crate::contract_faults::{files, message_names, project, shown};

#[test]
fn every_fault_of_a_price_change_is_said_with_its_line() {
    let tariff = Tariff::base();
    let changes = files("tests/changes/bad", "toml");
    let lists: Vec<_> = files("tests/changes/bad", "txt").iter().map(|path| path.with_extension("toml")).collect();
    assert_eq!(changes, lists, "each file with its list of faults");
    let mut wrong = Vec::new();
    for path in &changes {
        let Err(Error::Refused { document, faults }) = PriceChange::open(path, &tariff) else {
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
fn every_kind_of_fault_has_a_bad_price_change() {
    let mut expected = BTreeSet::new();
    for path in files("tests/changes/bad", "txt") {
        expected.extend(std::fs::read_to_string(path).unwrap().split_whitespace().map(str::to_owned));
    }
    let source = std::fs::read_to_string(project().join("src/portfolio/change.rs")).unwrap();
    let names: BTreeSet<String> =
        message_names(&source).filter(|name| name.starts_with("change-") || name.starts_with("changes-")).collect();
    assert_eq!(names.len(), 5, "{names:?}");
    let missing: Vec<_> = names.difference(&expected).collect();
    assert!(missing.is_empty(), "no bad price change for {missing:?}");
}

#[test]
fn a_programme_that_is_changed_twice_is_shown_with_its_first_place() {
    let path = project().join("tests/changes/bad/programme-twice-every.toml");
    let Err(Error::Refused { faults, .. }) = PriceChange::open(&path, &Tariff::base()) else { panic!() };
    let said: Vec<[Option<&Value>; 3]> =
        faults.iter().map(|fault| ["programme", "before", "line"].map(|name| fault.message.value(name))).collect();
    let text = |text: &str| Value::from(text);
    let (every, sixteen, seventeen, six, ten) = (text("*"), text("16"), text("17"), text("6"), text("10"));
    assert_eq!(
        said,
        [[Some(&every), Some(&sixteen), Some(&six)], [Some(&seventeen), Some(&every), Some(&ten)]],
        "in the order of the lines"
    );
    assert!(Language::En.say(&faults[0].message).contains("by `16` on line 6"));
}

#[test]
fn good_price_changes_are_read() {
    let tariff = Tariff::base();
    let changes = files("tests/changes/good", "toml");
    let ids: Vec<String> = changes.iter().map(|path| PriceChange::open(path, &tariff).unwrap().id).collect();
    assert_eq!(ids, ["цены-2027.1", "2026-12-clinics"]);
}
