//! The workbook of an edition: out and back again with the same bytes, and every kind of fault with its sheet and cell.

mod random_edition;
mod sheets;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use kollektiv::base::error::Error;
use kollektiv::base::messages::Language;
use kollektiv::base::source_file::SourceFile;
use kollektiv::desk::edition_test::{EditionTest, TestRun};
use kollektiv::desk::edition_workbook::{export, import};
use kollektiv::tariff::Tariff;
use proptest::prelude::*;

use crate::faults::message_names;
use crate::program::run;
use random_edition::random_edition;
use sheets::{Sheets, Value};

fn tariff(text: &str) -> Tariff {
    Tariff::read(&SourceFile { path: "edition.toml".into(), text: text.to_owned() }).unwrap()
}

/// The edition that the workbook of another one gives back, with the bytes of both workbooks.
fn round_trip(edition: &Tariff) -> (Tariff, [Vec<u8>; 2]) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("edition.xlsx");
    let first = export(edition).unwrap();
    fs::write(&file, &first).unwrap();
    let back = tariff(&import(&file).unwrap_or_else(|fault| panic!("{fault}\n{}", edition.source.text)));
    let second = export(&back).unwrap();
    (back, [first, second])
}

/// Everything of an edition but its text.
fn content(edition: &Tariff) -> String {
    let tests: Vec<String> = EditionTest::read_all(edition)
        .unwrap()
        .iter()
        .map(|test| {
            format!("{:?} {} {} {} {:?}", test.name, test.age_years, test.risk_group, test.headcount, test.expected)
        })
        .collect();
    let Tariff { edition: about, services, programmes, .. } = edition;
    format!("{about:?}\n{services:#?}\n{programmes:#?}\n{tests:#?}").replace(".880\"", ".88\"")
}

#[track_caller]
fn assert_survives(edition: &Tariff) {
    let (back, [first, second]) = round_trip(edition);
    assert!(first == second, "{}\n\n{}", edition.source.text, back.source.text);
    assert!(back.prices_like(edition) && edition.edition == back.edition, "{}", back.source.text);
    assert_eq!(back.accepted_age, edition.accepted_age);
    assert_eq!(back.services, edition.services);
    assert_eq!(back.programmes, edition.programmes);
    assert_eq!(EditionTest::read_all(&back).unwrap().len(), EditionTest::read_all(edition).unwrap().len());
    assert!(TestRun::new(&back).unwrap().failed.is_empty());
}

#[test]
fn the_built_in_edition_survives_the_workbook() {
    assert_survives(&Tariff::base());
    assert!(!content(&Tariff::base()).is_empty());
}

#[test]
fn a_sheet_for_each_clause_names_it() {
    let sheets = Sheets::of(&Tariff::base());
    let names = sheets.names();
    assert_eq!(
        names[..9],
        [
            "Редакция",
            "2.1 Численность",
            "2.2 Возраст",
            "2.3 Изменение цен",
            "2.4 Доп. услуги",
            "2.5 Группы риска",
            "1 Дети",
            "Услуги",
            "Программы"
        ]
    );
    for name in ["2.6.7.1 исключение 16", "2.6.7.2 включение 16", "2.6.6 исключение 10", "Проверки"]
    {
        assert!(names.contains(&name.to_owned()), "{names:?}");
    }
    assert_eq!(sheets.value("2.2 Возраст", "C7"), Some(&Value::Number(1.45)));
    assert_eq!(sheets.value("2.6.7.1 исключение 16", "A8"), Some(&Value::Text("dental, home_care".to_owned())));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn a_random_edition_survives_the_workbook(seed in any::<u64>()) {
        assert_survives(&random_edition(seed));
    }
}

/// The names and places of the faults of a workbook.
fn faults(path: &Path) -> Vec<String> {
    match import(path) {
        Err(Error::RefusedCells { faults, .. }) => faults
            .iter()
            .map(|fault| {
                // every message can be rendered
                assert!(!Language::Ru.render(&fault.message).is_empty());
                format!("{} {}", fault.message.name(), fault.place()).trim_end().to_owned()
            })
            .collect(),
        Ok(_) => vec!["none".to_owned()],
        Err(other) => panic!("not refused with cells: {other}"),
    }
}

fn text(words: &str) -> Value {
    Value::Text(words.to_owned())
}

const AGE: &str = "2.2 Возраст";
const HEADCOUNT: &str = "2.1 Численность";
const PROGRAMMES: &str = "Программы";
const POLYCLINIC: &str = "2.6.7.1 исключение 16";
const TESTS: &str = "Проверки";

/// Each kind of fault: the cell that is changed, its new value, and the fault with its cell.
fn table() -> Vec<(&'static str, &'static str, Value, &'static str)> {
    let number = Value::Number;
    vec![
        (AGE, "A1", text("Таблица"), "edition-workbook-title «2.2 Возраст», A1"),
        (AGE, "A1", text("Коэффициенты по численности"), "edition-workbook-heading «2.2 Возраст», C5"),
        (AGE, "A2", text("Раздел"), "edition-workbook-fact «2.2 Возраст», A2"),
        (AGE, "A4", text("Пункт тарифа"), "edition-workbook-twice «2.2 Возраст», A4"),
        (AGE, "C2", text("примечание"), "edition-workbook-outside «2.2 Возраст», C2"),
        (AGE, "E9", text("примечание"), "edition-workbook-outside «2.2 Возраст», E9"),
        (AGE, "A5", Value::Empty, "edition-workbook-no-table «2.2 Возраст», A1"),
        (AGE, "C5", text("Множитель"), "edition-workbook-heading «2.2 Возраст», C5"),
        (AGE, "C5", Value::Empty, "edition-workbook-column «2.2 Возраст», A5"),
        (AGE, "C5", text("До"), "edition-workbook-twice «2.2 Возраст», C5"),
        (AGE, "C8", text("много"), "value-kind «2.2 Возраст», C8"),
        (AGE, "C8", text("#REF!"), "edition-workbook-formula «2.2 Возраст», C8"),
        (AGE, "C8", number(10.5), "tariff-number «2.2 Возраст», C8"),
        (AGE, "C8", number(-1.25), "value-kind «2.2 Возраст», C8"),
        (AGE, "C8", number(0.300_000_000_000_000_04), "tariff-number «2.2 Возраст», C8"),
        (AGE, "C8", Value::Empty, "key-missing «2.2 Возраст», C8"),
        (AGE, "A8", number(5.5), "value-kind «2.2 Возраст», A8"),
        (AGE, "A8", number(6.0), "bands-gap «2.2 Возраст», A8"),
        (AGE, "A8", number(4.0), "bands-overlap «2.2 Возраст», A8"),
        (AGE, "B20", number(151.0), "age-limit «2.2 Возраст», B20"),
        (AGE, "B3", number(6.0), "range-order «2.2 Возраст», B3"),
        (AGE, "B2", Value::Empty, "key-missing «2.2 Возраст», A1"),
        (HEADCOUNT, "C4", number(1.5), "range-order «2.1 Численность», C4"),
        (HEADCOUNT, "B10", number(5000.0), "bands-closed «2.1 Численность», A1"),
        ("Редакция", "B4", text("завтра"), "value-kind «Редакция», B4"),
        ("Редакция", "B5", text("31.12.1999"), "edition-dates «Редакция», B5"),
        ("Редакция", "B6", text("новая"), "word-unknown «Редакция», B6"),
        ("Редакция", "B2", Value::Empty, "key-missing «Редакция», A1"),
        ("1 Дети", "B6", Value::Empty, "key-missing «1 Дети», B6"),
        ("2.5 Группы риска", "A5", number(0.0), "risk-groups-order «2.5 Группы риска», A5"),
        ("Услуги", "A4", text("dental"), "code-twice «Услуги», A4"),
        ("Услуги", "D6", text("unknown"), "service-unknown «Услуги», D6"),
        (PROGRAMMES, "I4", text("dental, unknown"), "service-unknown «Программы», I4"),
        (PROGRAMMES, "A7", text("5"), "code-twice «Программы», A8"),
        (PROGRAMMES, "F3", number(1.0), "edition-workbook-forms «Программы», F3"),
        (PROGRAMMES, "E3", Value::Empty, "key-missing «Программы», E3"),
        (PROGRAMMES, "H15", text("жен"), "sex-word «Программы», H15"),
        (PROGRAMMES, "J5", text("99"), "programme-unknown «Программы», J5"),
        (PROGRAMMES, "P13", text("нет"), "value-kind «Программы», P13"),
        (POLYCLINIC, "B2", text("99"), "programme-unknown «2.6.7.1 исключение 16», B2"),
        (POLYCLINIC, "B2", text("18"), "edition-workbook-sheet-twice «2.6.9 исключение 18», A1"),
        (POLYCLINIC, "A9", text("dental, home_care"), "set-twice «2.6.7.1 исключение 16», A9"),
        (POLYCLINIC, "A8", text("dental, unknown"), "service-unknown «2.6.7.1 исключение 16», A8"),
        (POLYCLINIC, "E8", text("Набор"), "edition-workbook-set «2.6.7.1 исключение 16», E8"),
        (POLYCLINIC, "A6", text("dental"), "service-twice «2.6.7.1 исключение 16», A6"),
        (TESTS, "P3", text("24.6"), "test-failed «Проверки», P3"),
        (TESTS, "P3", text("сколько"), "test-rate-form «Проверки», P3"),
        (TESTS, "I3", text("0 low"), "edition-workbook-choices «Проверки», I3"),
        (TESTS, "I3", text("0 = low, 0 = mid"), "edition-workbook-choices «Проверки», I3"),
        (TESTS, "I3", text("9 = low"), "risk-group-unknown «Проверки», I3"),
        (TESTS, "K5", text("planned_admission = "), "edition-workbook-choices «Проверки», K5"),
        (TESTS, "K5", text("planned_admission = 0.9"), "choice-outside «Проверки», K5"),
        (TESTS, "B3", text("99"), "programme-unknown «Проверки», B3"),
        (TESTS, "D3", Value::Empty, "key-missing «Проверки», D3"),
    ]
}

#[test]
fn every_kind_of_fault_is_refused_with_sheet_and_cell() {
    let (base, folder) = (Sheets::of(&Tariff::base()), tempfile::tempdir().unwrap());
    let file = folder.path().join("edition.xlsx");
    let mut wrong = Vec::new();
    let mut named: BTreeSet<String> = BTreeSet::new();
    for (sheet, cell, value, fault) in table() {
        let mut changed = base.clone();
        changed.set(sheet, cell, value);
        fs::write(&file, changed.bytes()).unwrap();
        let found = faults(&file);
        named.extend(found.iter().filter_map(|fault| fault.split(' ').next()).map(str::to_owned));
        if !found.iter().any(|found| found == fault) {
            wrong.push(format!("{sheet} {cell}: {fault}, found {found:?}"));
        }
    }
    let mut refused = |name: &str, bytes: Vec<u8>, expected: &[&str]| {
        fs::write(&file, bytes).unwrap();
        let found = faults(&file);
        named.extend(found.iter().filter_map(|fault| fault.split(' ').next()).map(str::to_owned));
        if found != expected {
            wrong.push(format!("{name}: {expected:?}, found {found:?}"));
        }
    };
    let mut without = base.clone();
    without.remove("2.2 Возраст");
    refused("no sheet", without.bytes(), &["edition-workbook-sheet"]);
    let mut twice = base.clone();
    twice.copy("2.2 Возраст", "2.2 Возраст (копия)");
    refused("a sheet twice", twice.bytes(), &["edition-workbook-sheet-twice «2.2 Возраст (копия)», A1"]);
    let mut long = base.clone();
    (0..10_001).for_each(|row| long.set(AGE, &format!("A{}", row + 30), Value::Number(1.0)));
    refused("a long sheet", long.bytes(), &["edition-workbook-large «2.2 Возраст»"]);
    refused("a text", "код;название\n1;Поликлиника\n".into(), &["edition-workbook-text"]);
    refused("no workbook", b"PK\x03\x04nothing".to_vec(), &["roster-broken"]);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let mut own: BTreeSet<String> = message_names(&["src/desk/edition_workbook"]);
    own.retain(|name| name.starts_with("edition-workbook-") && name != "edition-workbook-code");
    assert_eq!(own.difference(&named).collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn several_faults_are_refused_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("edition.xlsx");
    let mut sheets = Sheets::of(&Tariff::base());
    sheets.set(AGE, "C8", text("много"));
    sheets.set(HEADCOUNT, "C4", Value::Number(1.5));
    fs::write(&file, sheets.bytes()).unwrap();
    assert_eq!(faults(&file), ["range-order «2.1 Численность», C4", "value-kind «2.2 Возраст», C8"]);
}

#[test]
fn numbers_as_people_type_them_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("edition.xlsx");
    let mut sheets = Sheets::of(&Tariff::base());
    sheets.set(AGE, "C8", text("1,25"));
    sheets.set(AGE, "A8", text("5"));
    sheets.set(PROGRAMMES, "A3", Value::Number(1.0));
    sheets.set(TESTS, "P3", Value::Number(24.590_292_48));
    fs::write(&file, sheets.bytes()).unwrap();
    assert!(tariff(&import(&file).unwrap()).prices_like(&Tariff::base()));
}

#[test]
fn a_code_with_a_separator_is_refused_on_the_way_out() {
    let base = Tariff::base();
    let own = tariff(&base.source.text.replace("\"ambulance\"", "\"ambulance, urgent\""));
    let Err(Error::Unlawful { reason }) = export(&own) else { panic!("not refused") };
    assert_eq!(reason.name(), "edition-workbook-code");
}

#[test]
fn the_commands_write_and_read_the_workbook() {
    let folder = tempfile::tempdir().unwrap();
    let [book, own] = ["own.xlsx", "own.toml"].map(|name| folder.path().join(name).to_str().unwrap().to_owned());
    let printed = run(["tariff", "export", "--xlsx", &book, "--lang", "en"]).exits_with(0);
    assert!(printed.err.contains("base-1") && printed.err.contains("tariff import"), "{}", printed.err);
    run(["tariff", "export", "--xlsx", &book]).exits_with(1);
    run(["tariff", "import", &book, "--out", &own]).exits_with(0);
    run(["tariff", "check", &own]).exits_with(0);
    let printed = run(["tariff", "import", &book]).exits_with(0);
    assert_eq!(printed.out, fs::read_to_string(&own).unwrap());
    let mut sheets = Sheets::of(&Tariff::base());
    sheets.set(AGE, "A8", Value::Number(6.0));
    fs::write(&book, sheets.bytes()).unwrap();
    let printed = run(["tariff", "import", &book, "--lang", "en"]).exits_with(3);
    assert!(printed.err.contains("own.xlsx, «2.2 Возраст», A8: ") && printed.out.is_empty(), "{}", printed.err);
}
