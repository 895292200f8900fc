//! A walk over the commands of a contract's life and of the clinics: what they print and log has no personal data, and of their files only
//! those about insured have any. Every table of the walk comes once as it should be and once with its cells shifted.

use std::ffi::OsStr;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::Secrets;
use crate::program::{Run, command, project};

/// The files about insured, and those of a person.
const ABOUT_INSURED: [&str; 14] = [
    "premiums.csv",
    "premiums.parquet",
    "quote.xlsx",
    "endorsement.csv",
    "values.csv",
    "changes.xlsx",
    "roster.xlsx",
    "insured.parquet",
    "register.sqlite",
    "letters.csv",
    "requests.csv",
    "settled.csv",
    "settled.xlsx",
    "loyalty.csv",
];
/// The list for a clinic, the tables of a book, and papers, whose contents are packed.
const LISTS_AND_PAPERS: [&str; 3] = ["dent-01.xlsx", "export.xlsx", ".pdf"];

/// The commands in their order; `{}` is a table of the walk, each in a folder of the same name.
const COMMANDS: [&str; 36] = [
    "check contract.toml",
    "quote contract.toml --out quoted --documents xlsx,html,html-client,pdf",
    "explain contract.toml --age 30 --risk 1 --plan А --programme 8",
    "outlook contract.toml",
    "target contract.toml --premium 700000",
    "compare contract.toml contract.toml",
    "cube contract.toml --out rates",
    "bind contract.toml --portfolio book",
    "pay payments.csv --portfolio book",
    "pay statement.txt --portfolio book",
    "endorse DMS-2026-0912 changes.csv --on 2027-01-12 --expense-load 0.20 --portfolio book --out endorsed --documents pdf",
    "reconcile DMS-2026-0912 roster.csv --on 2027-02-01 --portfolio book --out reconciled",
    "renew DMS-2026-0912 --start 2027-12-01 --portfolio book --out renewed",
    "terminate DMS-2026-0912 --on 2027-03-01 --reason agreement --portfolio book --dry-run",
    "reprice change.toml --portfolio book --out repriced --notices",
    "refuse DMS-2026-0912 --change 2027-A --portfolio book --dry-run",
    "annul 3 --portfolio book --dry-run",
    "portfolio list --portfolio book",
    "portfolio show DMS-2026-0912 --portfolio book",
    "portfolio runs --portfolio book",
    "portfolio export --as-of 2027-01-31 --to tables --portfolio book",
    "portfolio debts --as-of 2027-01-31 --out debts --portfolio book",
    "portfolio report --as-of 2027-01-31 --propose 0.7 --out report --portfolio book",
    "portfolio invoices --due 2027-01-31 --out invoices --portfolio book",
    "portfolio statement DMS-2026-0912 --from 2026-12-01 --to 2027-01-31 --out statement --portfolio book",
    "portfolio verify --portfolio book",
    "clinics check clinics.toml contract.toml --register register.csv --requests requests.csv --clinic dent-01",
    "clinics lists --portfolio book --clinics clinics.toml --as-of 2027-01-20 --since 2026-12-01 --out lists",
    "clinics letter requests.csv --portfolio book --clinics clinics.toml --out letters",
    "clinics settle register.csv --clinic dent-01 --portfolio book --clinics clinics.toml --out settled",
    "clinics act dent-01 --month 2027-01 --portfolio book --clinics clinics.toml --out act",
    "clinics export --portfolio book --to claims",
    "clinics route questions.csv --clinic dent-01 --portfolio book --clinics clinics.toml --out routed",
    "clinics route --clinic dent-01 --policy 0912-012 --service Т-02 --day 2027-02-08 --portfolio book --clinics clinics.toml",
    "clinics loyalty --as-of 2027-02-08 --portfolio book --clinics clinics.toml --out loyal",
    "clinics loyalty --as-of 2027-02-08 --policy 0912-008 --portfolio book --clinics clinics.toml",
];

/// The tables with personal data, each with the commands that read it.
const TABLES: [(&str, &[&str]); 5] = [
    ("roster.csv", &["check contract.toml", "reconcile DMS-2026-0912 roster.csv --on 2027-02-01 --portfolio book"]),
    ("changes.csv", &["endorse DMS-2026-0912 changes.csv --on 2027-01-12 --expense-load 0.20 --portfolio book"]),
    ("requests.csv", &["clinics letter requests.csv --portfolio book --clinics clinics.toml"]),
    (
        "register.csv",
        &["clinics settle register.csv --clinic dent-01 --portfolio book --clinics clinics.toml --dry-run"],
    ),
    ("questions.csv", &["clinics route questions.csv --clinic dent-01 --portfolio book --clinics clinics.toml"]),
];

const CHANGES: &str = "Вид изменения;№ полиса;ФИО;Дата рождения;Группа риска;Вариант;Телефон\n\
     прикрепить;0912-501;Ларионова Вера Олеговна;14.05.1991;1;А;+7 (000) 100-55-01\n\
     открепить;0912-005;Власов Артём Игоревич;29.02.1976;;;\n\
     сменить вариант;0912-006;Громова Дарья Павловна;08.01.1995;;В;\n";

/// A bank's statement of two payments, one of them for an insured and for no contract.
const STATEMENT: &str = "1CClientBankExchange\nВерсияФормата=1.03\nРасчСчет=40701810900000000001\nСекцияДокумент=Платежное поручение\n\
     Номер=1\nДата=16.12.2026\nСумма=200.00\nПлательщикСчет=40702810000000000777\nПолучательСчет=40701810900000000001\n\
     НазначениеПлатежа=Договор DMS-2026-0912, за Ларионову Веру Олеговну\nКонецДокумента\nСекцияДокумент=Платежное поручение\n\
     Номер=2\nДата=17.12.2026\nСумма=300.00\nПлательщикСчет=40702810000000000777\nПолучательСчет=40701810900000000001\n\
     НазначениеПлатежа=Ларионова Вера Олеговна, полис 0912-501\nКонецДокумента\nКонецФайла\n";

/// A folder with the sample of the clinics and the other tables of the walk.
fn office() -> TempDir {
    let office = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(project().join("samples/clinics")).unwrap().map(|entry| entry.unwrap()) {
        fs::copy(entry.path(), office.path().join(entry.file_name())).unwrap();
    }
    let write = |name: &str, text: &str| fs::write(office.path().join(name), text).unwrap();
    write("changes.csv", CHANGES);
    write(
        "payments.csv",
        "Договор;Дата;Сумма;Назначение\nDMS-2026-0912;15.12.2026;1000,50;за Ларионову Веру Олеговну\n",
    );
    write("statement.txt", STATEMENT);
    write(
        "change.toml",
        "id = \"2027-A\"\nnotified = 2027-01-15\neffective = 2027-03-01\n\
         [[change]]\nprogrammes = [\"8\"]\ncoefficient = \"1.10\"\n",
    );
    office
}

/// The names, birth dates, policy numbers and telephones of the tables of the walk.
fn secrets(office: &Path) -> Secrets {
    let mut secrets = Secrets::default();
    for (table, _) in TABLES {
        let text = fs::read_to_string(office.join(table)).unwrap();
        for cell in text.lines().flat_map(|line| line.split(';')).map(str::trim) {
            let words: Vec<&str> = cell.split(' ').collect();
            let is_name = |word: &&str| word.chars().next().is_some_and(char::is_uppercase);
            if words.len() == 3 && words.iter().all(is_name) && !cell.contains(['.', '«']) {
                secrets.name(cell);
            } else if cell.starts_with("0912-") || cell.contains("+7") {
                secrets.value(cell);
            }
        }
    }
    // the day of a service or of a cover is in reasons, a birth date is not
    for line in fs::read_to_string(office.join("roster.csv")).unwrap().lines().skip(1) {
        secrets.birth_date(line.split(';').nth(2).unwrap());
    }
    assert!(secrets.names.len() > 30 && secrets.values.len() > 100, "{secrets:?}");
    secrets
}

fn run_in(folder: &Path, text: &str, more: &[&str]) -> Run {
    let arguments = text.split(' ').chain(more.iter().copied());
    Run::new(command(arguments.map(OsStr::new)).current_dir(folder).output().unwrap())
}

/// Asserts that neither output of a run has a secret which its own arguments do not have.
#[track_caller]
fn assert_silent(secrets: &Secrets, run: &Run, text: &str) {
    for (name, output) in [("standard output", &run.out), ("standard error", &run.err)] {
        let found = secrets.found_in(output);
        let found: Vec<&&str> = found.iter().filter(|secret| !text.contains(**secret)).collect();
        assert!(found.is_empty(), "`{text}` has {found:?} in {name}:\n{output}");
    }
}

fn files_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() { files_below(&entry, found) } else { found.push(entry) }
    }
}

/// The text of a file; of a workbook, that of its parts.
fn text_of(path: &Path) -> String {
    if path.extension().is_some_and(|extension| extension == "xlsx") {
        let mut workbook = zip::ZipArchive::new(fs::File::open(path).unwrap()).unwrap();
        let parts = (0..workbook.len()).map(|at| {
            let mut text = String::new();
            workbook.by_index(at).unwrap().read_to_string(&mut text).unwrap();
            text
        });
        return parts.collect();
    }
    String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned()
}

#[test]
fn the_commands_of_a_contract_and_of_the_clinics_print_no_personal_data() {
    let office = office();
    let secrets = secrets(office.path());
    let before: Vec<PathBuf> = {
        let mut before = Vec::new();
        files_below(office.path(), &mut before);
        before
    };
    for text in COMMANDS {
        let run = run_in(office.path(), text, &["--lang", "ru", "--log", "json"]);
        assert!(matches!(run.code, Some(0 | 4)), "`{text}`: {:?}\n{}", run.code, run.err);
        assert_silent(&secrets, &run, text);
    }
    let mut after = Vec::new();
    files_below(office.path(), &mut after);
    let written = after.iter().filter(|path| !before.contains(path));
    let open = written.filter(|path| {
        let name = path.file_name().unwrap().to_str().unwrap();
        let is_row_file = path.starts_with(office.path().join("book/data"));
        !is_row_file && !ABOUT_INSURED.contains(&name) && !LISTS_AND_PAPERS.iter().any(|end| name.ends_with(end))
    });
    let mut checked = 0;
    for path in open {
        let found = text_of(path);
        assert_eq!(secrets.found_in(&found), [""; 0], "{}", path.display());
        checked += 1;
    }
    assert!(checked > 25, "{checked} files");
}

#[test]
fn tables_with_shifted_cells_reveal_no_insured() {
    let office = office();
    let secrets = secrets(office.path());
    run_in(office.path(), "bind contract.toml --portfolio book", &[]).exits_with(0);
    for (table, commands) in TABLES {
        let path = office.path().join(table);
        let right = fs::read_to_string(&path).unwrap();
        let is_heading = |line: &str| ["ФИО", "Пациент"].iter().any(|heading| line.contains(heading));
        let heading = right.lines().position(is_heading).unwrap();
        let columns = right.lines().nth(heading).unwrap().split(';').count();
        for by in 1..columns {
            let rows = right.lines().enumerate().map(|(at, line)| {
                let mut cells: Vec<&str> = line.split(';').collect();
                if at > heading {
                    cells.rotate_right(by);
                }
                cells.join(";") + "\n"
            });
            fs::write(&path, rows.collect::<String>()).unwrap();
            for text in commands {
                for more in
                    [&["--lang", "ru", "--out", "shifted"][..], &["--lang", "en", "--log", "json", "--out", "shifted"]]
                {
                    let run = run_in(office.path(), text, more);
                    assert!(matches!(run.code, Some(0 | 3 | 4)), "`{text}`, {by}: {:?}\n{}", run.code, run.err);
                    assert_silent(&secrets, &run, text);
                }
            }
        }
        fs::write(&path, right).unwrap();
    }
}
