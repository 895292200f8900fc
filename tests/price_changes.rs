//! Files of price changes: a bad file for each kind of fault, with the line and the name of the fault.

use kollektiv::base::error::Error;
use kollektiv::base::messages::{Language, Value};
use kollektiv::portfolio::change::PriceChange;
use kollektiv::tariff::Tariff;

use crate::faults::{assert_faults, assert_listed, message_names, toml_files};
use crate::program::project;

const BAD_CHANGES: &str = "tests/changes/bad";

#[test]
fn every_fault_of_a_price_change_has_its_line() {
    let tariff = Tariff::base();
    assert_faults(BAD_CHANGES, |path| PriceChange::open(path, &tariff).err());
}

#[test]
fn every_kind_of_fault_has_a_bad_price_change() {
    let mut names = message_names(&["src/portfolio/change.rs", "src/portfolio/change"]);
    names.retain(|name| name.starts_with("change-") || name.starts_with("changes-"));
    assert_eq!(names.len(), 6, "{names:?}");
    assert_listed(BAD_CHANGES, &names);
}

#[test]
fn a_programme_that_is_changed_twice_is_reported_with_its_first_line() {
    let path = project().join("tests/changes/bad/programme-twice-every.toml");
    let Err(Error::Refused { faults, .. }) = PriceChange::open(&path, &Tariff::base()) else { panic!() };
    let found: Vec<[Option<&Value>; 3]> =
        faults.iter().map(|fault| ["programme", "before", "line"].map(|name| fault.message.value(name))).collect();
    let text = |text: &str| Value::from(text);
    let (every, sixteen, seventeen, six, ten) = (text("*"), text("16"), text("17"), text("6"), text("10"));
    assert_eq!(
        found,
        [[Some(&every), Some(&sixteen), Some(&six)], [Some(&seventeen), Some(&every), Some(&ten)]],
        "in the order of the lines"
    );
    assert!(Language::En.render(&faults[0].message).contains("by `16` on line 6"));
}

#[test]
fn good_price_changes_are_read() {
    let tariff = Tariff::base();
    let changes = toml_files("tests/changes/good");
    let ids: Vec<String> = changes.iter().map(|path| PriceChange::open(path, &tariff).unwrap().id).collect();
    assert_eq!(ids, ["цены-2027.1", "2026-12-clinics"]);
}
