//! More files and sheets than a process may open: rosters of many files, many contracts in one run, many registers of a clinic.

use std::fs;
use std::path::Path;
use std::process::Command;

use rust_xlsxwriter::Workbook;
use tempfile::TempDir;

use crate::program::{PROGRAM, Run, json, project, small_contract, write_contract};
use crate::support::roster;

/// The usual limit of a shell, and more files.
const USUAL_LIMIT: usize = 1024;
const FILES: usize = 1100;
/// A limit for runs that cost more a file, and more files.
const LOW_LIMIT: usize = 96;
const CONTRACTS: usize = 110;
/// Fewer files than a book of many files needs at once.
const TOO_LOW_LIMIT: usize = 40;

const HEADINGS: &str = "ФИО;Дата рождения;Группа риска\n";

/// A name for a number.
fn name(number: usize) -> String {
    let letters: Vec<char> = "абвгдежзиклмнопрст".chars().collect();
    let word: String = (0..4).map(|place| letters[number / 18_usize.pow(place) % 18]).collect();
    format!("Ж{word}ов Иван Ильич")
}

/// Runs the program in a folder with a limit of open files.
fn limited(folder: &Path, limit: usize, words: &[&str]) -> Run {
    let mut command = Command::new("sh");
    command.args(["-c", &format!("ulimit -n {limit}; exec \"$0\" \"$@\""), PROGRAM]).args(words);
    command.args(["--lang", "en", "--threads", "2"]).env("NO_COLOR", "1");
    Run::new(command.current_dir(folder).output().unwrap())
}

/// A folder with a contract whose line of the roster is another one.
fn office(keys: &str, tables: &str) -> TempDir {
    let office = tempfile::tempdir().unwrap();
    let file = write_contract(office.path(), &small_contract(), &roster().aged(40, 1));
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.contains("roster = \"roster.csv\""), "{text}");
    fs::write(&file, text.replace("roster = \"roster.csv\"", keys) + tables).unwrap();
    office
}

fn write_parts(office: &Path) {
    fs::create_dir(office.join("parts")).unwrap();
    for at in 0..FILES {
        let row = format!("{HEADINGS}{};01.02.{};1\n", name(at), 1960 + at % 30);
        fs::write(office.join(format!("parts/{at:05}.csv")), row).unwrap();
    }
}

#[track_caller]
fn assert_insured(office: &Path, limit: usize) {
    limited(office, limit, &["quote", "contract.toml", "--out", "out", "--quiet"]).exits_with(0);
    let quote = json(&office.join("out/quote.json"));
    assert_eq!(quote["rows"]["read"], FILES, "{}", quote["rows"]);
}

#[test]
fn a_pattern_of_more_files_than_may_be_open_is_one_roster() {
    let office = office("roster = \"parts/*.csv\"", "");
    write_parts(office.path());
    assert_insured(office.path(), USUAL_LIMIT);
}

#[test]
fn more_tables_of_rosters_than_files_may_be_open_are_one_roster() {
    let tables: Vec<String> = (0..FILES).map(|at| format!("\n[[roster]]\nfile = \"parts/{at:05}.csv\"\n")).collect();
    let office = office("", &tables.concat());
    write_parts(office.path());
    assert_insured(office.path(), USUAL_LIMIT);
}

#[test]
fn a_workbook_of_more_sheets_than_files_may_be_open_is_one_roster() {
    let office = office("roster = \"sheets.xlsx\"\nsheet = \"*\"", "");
    let mut workbook = Workbook::new();
    for at in 0..FILES {
        let sheet = workbook.add_worksheet();
        for (column, heading) in (0..).zip(HEADINGS.trim().split(';')) {
            sheet.write_string(0, column, heading).unwrap();
        }
        sheet.write_string(1, 0, name(at)).unwrap();
        sheet.write_string(1, 1, "01.02.1975").unwrap();
        sheet.write_number(1, 2, 1).unwrap();
    }
    workbook.save(office.path().join("sheets.xlsx")).unwrap();
    assert_insured(office.path(), USUAL_LIMIT);
}

#[test]
fn more_contracts_than_files_may_be_open_are_quoted_and_bound() {
    let office = tempfile::tempdir().unwrap();
    for at in 0..CONTRACTS {
        let file = write_contract(&office.path().join(at.to_string()), &small_contract(), &roster().aged(40, 1));
        let text = fs::read_to_string(&file).unwrap().replace("\"T-1\"", &format!("\"T-{at}\""));
        fs::write(&file, text).unwrap();
    }
    limited(office.path(), LOW_LIMIT, &["quote", "*/contract.toml", "--quiet"]).exits_with(0);
    let results = fs::read_dir(office.path().join("output")).unwrap().map(|entry| entry.unwrap().path());
    assert_eq!(results.filter(|result| result.join("premiums.csv").exists()).count(), CONTRACTS);
    limited(office.path(), LOW_LIMIT, &["bind", "*/contract.toml", "--portfolio", "book", "--quiet"]).exits_with(0);
    let listed = limited(office.path(), LOW_LIMIT, &["portfolio", "list", "--portfolio", "book"]).exits_with(0).out;
    assert!(listed.contains(&format!("T-{}", CONTRACTS - 1)), "{listed}");
}

#[test]
fn more_registers_than_files_may_be_open_are_settled_in_one_run() {
    let office = tempfile::tempdir().unwrap();
    for name in ["contract.toml", "roster.csv", "clinics.toml"] {
        fs::copy(project().join("samples/clinics").join(name), office.path().join(name)).unwrap();
    }
    limited(office.path(), LOW_LIMIT, &["bind", "contract.toml", "--portfolio", "book", "--quiet"]).exits_with(0);
    let registers: Vec<String> = (0..CONTRACTS).map(|at| format!("register-{at:03}.csv")).collect();
    for (at, register) in registers.iter().enumerate() {
        let text = format!(
            "Реестр № {at} услуг, оказанных с 01.01.2027 по 31.01.2027\n\
             Пациент;Д.р.;№ полиса ДМС;Дата приёма;Код;Наименование услуги;Кол-во;Стоимость, руб.\n\
             Громова Дарья Павловна;08.01.1995;0912-006;{:02}.01.2027;Т-01;Осмотр;1;900,00\n",
            at % 28 + 1
        );
        fs::write(office.path().join(register), text).unwrap();
    }
    let fixed =
        ["clinics", "settle", "--clinic", "dent-01", "--clinics", "clinics.toml", "--portfolio", "book", "--quiet"];
    let words: Vec<&str> = fixed.into_iter().chain(registers.iter().map(String::as_str)).collect();
    let run = limited(office.path(), LOW_LIMIT, &words);
    assert!(matches!(run.code, Some(0 | 4)), "{}{}", run.out, run.err);
    limited(office.path(), LOW_LIMIT, &["portfolio", "verify", "--portfolio", "book"]).exits_with(0);
    // too low a limit is a fault of the system and none of the book
    let failed = limited(office.path(), TOO_LOW_LIMIT, &["portfolio", "verify", "--portfolio", "book"]).exits_with(1);
    assert!(failed.err.contains("again") && !failed.err.contains("backup"), "{}", failed.err);
}
