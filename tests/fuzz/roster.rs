//! What holds for every roster, whatever the bytes of its file.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;
use std::sync::LazyLock;

use kollektiv::quote::contract::Contract;
use kollektiv::base::diagnostic::Severity;
use kollektiv::base::source_file::SourceFile;
use kollektiv::quote::Quote;
use kollektiv::roster::Roster;
use kollektiv::roster::spec::{SheetChoice, RosterSpec};
use kollektiv::tariff::Tariff;
use kollektiv::base::messages::Language;

/// The tariff in force.
pub static TARIFF: LazyLock<Tariff> = LazyLock::new(Tariff::base);

/// The contract of the test rosters.
pub static CONTRACT: LazyLock<Contract> = LazyLock::new(|| {
    let text = include_str!("../rosters/contract.toml").to_owned();
    Contract::read(&SourceFile { path: PathBuf::from("contract.toml"), text }, &TARIFF).expect("the contract is lawful")
});

/// What its rosters are read for, every sheet of them.
pub static WANTED: LazyLock<RosterSpec> = LazyLock::new(|| {
    let mut wanted = CONTRACT.wanted(&TARIFF);
    wanted.sheet = SheetChoice::Every;
    wanted
});

/// So many sentences of one roster are said at the most: saying them takes longer than finding them.
const SAID: usize = 8;

/// Reads a roster of one file of these bytes, judges its rows, prices the clean ones, and looks whether everything adds up.
///
/// # Panics
///
/// Where it does not.
pub fn read_and_judge(bytes: &[u8]) {
    let mut file = tempfile::NamedTempFile::new().expect("there is room for a file");
    file.write_all(bytes).expect("there is room for the bytes");
    let roster = Roster::read(&[file.path().to_owned()], &WANTED, &());
    check(&roster);
    let read = roster.insured.len();
    let Ok(quote) = Quote::new(&CONTRACT, &TARIFF, roster, true) else { return };
    let rows = quote.rows;
    assert_eq!(rows.read, read, "no row is lost");
    assert_eq!(rows.read, rows.priced + rows.referred + rows.rejected, "every row has one verdict");
    assert_eq!(quote.price.as_ref().map_or(0, |price| price.headcount as usize), {
        if quote.price.is_some() { rows.priced } else { 0 }
    });
    say(&quote.roster);
}

/// What holds for a roster that was read, before its rows are judged.
fn check(roster: &Roster) {
    let insured = &roster.insured;
    assert!(roster.incomplete || !insured.is_empty(), "a roster of nobody is incomplete");
    let mut faulty = BTreeSet::new();
    let mut refused = false;
    for found in &roster.diagnostics {
        assert!(usize::from(found.place.sheet) < roster.sheets.len(), "{:?} names a sheet", found.code);
        if found.code.severity() == Severity::Error {
            faulty.insert((found.place.sheet, found.place.row));
            refused = true;
        }
    }
    assert!(refused || !roster.incomplete, "what is incomplete is said to be");
    let mut before = None;
    for at in 0..insured.len() {
        let place = (insured.sheet[at], insured.row[at]);
        assert!(before < Some(place), "{place:?} comes after {before:?}");
        before = Some(place);
        let layout = roster.sheets[usize::from(place.0)].layout.as_ref().expect("rows are of a table");
        assert!(place.1 > layout.header_row, "{place:?} is above the headings");
        assert_eq!(insured.rejected[at], faulty.contains(&place), "{place:?} is rejected with a reason");
        if !insured.rejected[at] {
            let has_all = !insured.name.get(at).is_empty()
                && insured.birth_date[at].is_some()
                && insured.risk_group[at].is_some()
                && insured.plan[at].is_some()
                && insured.cover[at].is_some();
            assert!(has_all, "{place:?} can be priced");
        }
    }
    for (number, sheet) in roster.sheets.iter().enumerate() {
        for (row, _) in &sheet.skipped {
            let is_insured =
                (0..insured.len()).any(|at| (usize::from(insured.sheet[at]), insured.row[at]) == (number, *row));
            assert!(!is_insured, "{row} is passed over and read");
        }
    }
}

fn say(roster: &Roster) {
    for found in roster.diagnostics.iter().take(SAID) {
        for language in [Language::Ru, Language::En] {
            assert!(!language.say(&found.message).is_empty(), "{:?} can be said", found.code);
        }
    }
}
