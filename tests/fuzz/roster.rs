//! Properties of every roster, whatever the bytes of its file.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;
use std::sync::LazyLock;

use kollektiv::base::diagnostic::{Code, Diagnostic, Severity};
use kollektiv::base::messages::Language;
use kollektiv::base::source_file::SourceFile;
use kollektiv::quote::Quote;
use kollektiv::quote::contract::Contract;
use kollektiv::roster::Roster;
use kollektiv::roster::spec::RosterSpec;
use kollektiv::table::cell::Row;
use kollektiv::table::source::Source;
use kollektiv::table::spec::SheetChoice;
use kollektiv::tariff::Tariff;

/// The built-in tariff.
pub static TARIFF: LazyLock<Tariff> = LazyLock::new(Tariff::base);

/// The contract of the test rosters.
pub static CONTRACT: LazyLock<Contract> = LazyLock::new(|| {
    let text = include_str!("../rosters/contract.toml").to_owned();
    Contract::read(&SourceFile { path: PathBuf::from("contract.toml"), text }, &TARIFF).expect("the contract is lawful")
});

/// The specification of its rosters, with every sheet.
pub static SPEC: LazyLock<RosterSpec> = LazyLock::new(|| {
    let mut spec = CONTRACT.roster_spec(&TARIFF);
    spec.sheet = SheetChoice::Every;
    spec
});

/// At most this number of messages of a roster are rendered: rendering takes longer than reading.
const MAX_RENDERED: usize = 8;

/// Reads a roster from these bytes, judges its rows, prices the clean ones and checks the totals.
///
/// # Panics
///
/// If a property does not hold.
pub fn read_and_judge(bytes: &[u8]) {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.write_all(bytes).expect("a disk with space");
    let roster = Roster::read(&[file.path().to_owned()], &SPEC, &()).expect("the roster is readable");
    check(&roster);
    let read = roster.insured.len();
    let Ok(quote) = Quote::new(&CONTRACT, &TARIFF, roster, true) else { return };
    let rows = quote.rows;
    assert_eq!(rows.read, read, "no row is lost");
    assert_eq!(rows.read, rows.priced + rows.referred + rows.rejected, "every row has one verdict");
    assert_eq!(quote.price.as_ref().map_or(0, |price| price.headcount as usize), {
        if quote.price.is_some() { rows.priced } else { 0 }
    });
    render_messages(&quote.roster);
}

/// Reads every sheet as a child on trial does, which leaves a streamed sheet after its first row, and then whole, as its parent does.
///
/// # Panics
///
/// If rows are not counted upwards, or the second reading has others than the first.
pub fn read_twice(bytes: &[u8]) {
    let open = || Source::open(bytes.to_vec().into(), |_| b';');
    let (Ok(mut child), Ok(mut parent)) = (open(), open()) else { return };
    assert_eq!(child.sheets(), parent.sheets(), "both find the same sheets");
    for sheet in child.sheets() {
        let is_streamed = matches!(&child, Source::Workbook(book) if book.is_streamed());
        let (mut first, mut whole) = (Vec::new(), Vec::new());
        let of_child = child.rows(&sheet, &mut |row| {
            first.push(shown(row));
            !is_streamed
        });
        let of_parent = parent.rows_and_hidden(&sheet, &mut |row| whole.push(shown(row)));
        assert!(whole.is_sorted_by(|before, after| before.0 < after.0), "rows are counted upwards");
        if of_parent.is_ok() {
            assert!(of_child.is_ok(), "the child reads what the parent reads");
            assert_eq!(whole.get(..first.len()), Some(&*first), "both read the same rows");
        }
    }
}

/// The number of a row and its cells as they are shown.
fn shown(row: &dyn Row) -> (u32, Vec<String>) {
    (row.number(), (0..row.width()).map(|column| row.cell(column).display()).collect())
}

/// Asserts the properties of a roster before its rows are judged.
fn check(roster: &Roster) {
    let insured = &roster.insured;
    assert!(roster.tables.incomplete || !insured.is_empty(), "a roster without insured is incomplete");
    let mut faulty = BTreeSet::new();
    let mut refused = false;
    // a title or the name of a sheet about those who left rejects every row
    let is_of_sheet = |found: &&Diagnostic| found.code == Code::LeftSection && found.place.row == 0;
    let left: BTreeSet<u16> =
        roster.tables.diagnostics.iter().filter(is_of_sheet).map(|found| found.place.sheet).collect();
    for found in &roster.tables.diagnostics {
        assert!(usize::from(found.place.sheet) < roster.tables.sheets.len(), "{:?} names a sheet", found.code);
        if found.code.severity() == Severity::Error {
            faulty.insert((found.place.sheet, found.place.row));
            refused = true;
        }
    }
    assert!(refused || !roster.tables.incomplete, "an incomplete roster has an error");
    let mut before = None;
    for at in 0..insured.len() {
        let place = (insured.sheet[at], insured.row[at]);
        assert!(before < Some(place), "{place:?} comes after {before:?}");
        before = Some(place);
        let layout = roster.tables.sheets[usize::from(place.0)].layout.as_ref().expect("rows are of a table");
        assert!(place.1 > layout.header_row, "{place:?} is above the headings");
        assert_eq!(
            insured.rejected[at],
            faulty.contains(&place) || left.contains(&place.0),
            "{place:?} is rejected with a reason"
        );
        if !insured.rejected[at] {
            let has_all = !insured.name.get(at).is_empty()
                && insured.birth_date[at].is_some()
                && insured.risk_group[at].is_some()
                && insured.plan[at].is_some()
                && insured.cover[at].is_some();
            assert!(has_all, "{place:?} can be priced");
        }
    }
    for (number, sheet) in roster.tables.sheets.iter().enumerate() {
        for (row, _) in &sheet.skipped {
            let is_insured =
                (0..insured.len()).any(|at| (usize::from(insured.sheet[at]), insured.row[at]) == (number, *row));
            assert!(!is_insured, "{row} is passed over and read");
        }
    }
}

fn render_messages(roster: &Roster) {
    for found in roster.tables.diagnostics.iter().take(MAX_RENDERED) {
        for language in [Language::Ru, Language::En] {
            assert!(!language.render(&found.message).is_empty(), "{:?} has a message", found.code);
        }
    }
}
