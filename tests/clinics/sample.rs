//! The sample network: every verdict occurs in its register; from binding to adjudication.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use calamine::{Reader, Xlsx, open_workbook};
use kollektiv::clinics::claim::Verdict;
use tempfile::TempDir;

use crate::program::{Run, Table, complete_manifest, json, project, run};

/// A book with the sample's contract, and a folder for results.
pub struct SampleBook {
    folder: TempDir,
}

pub fn sample(file: &str) -> PathBuf {
    project().join("samples/clinics").join(file)
}

impl SampleBook {
    pub fn new() -> Self {
        let sample_book = Self { folder: tempfile::tempdir().unwrap() };
        run([
            "bind".as_ref(),
            sample("contract.toml").as_os_str(),
            "--portfolio".as_ref(),
            sample_book.book().as_os_str(),
        ])
        .exits_with(0);
        sample_book
    }

    pub fn book(&self) -> PathBuf {
        self.folder.path().join("book")
    }

    pub fn out(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs a command of `clinics` with its result in this folder.
    pub fn clinics(&self, command: &str, file: Option<&Path>, out: &str, more: &[&str]) -> Run {
        self.clinics_of(&sample("clinics.toml"), command, file, out, more)
    }

    /// Runs a command of `clinics` with another network.
    pub fn clinics_of(&self, clinics: &Path, command: &str, file: Option<&Path>, out: &str, more: &[&str]) -> Run {
        let (book, out) = (self.book(), self.out(out));
        let mut arguments = vec!["clinics".as_ref(), command.as_ref()];
        arguments.extend(file.map(Path::as_os_str));
        arguments.extend(["--portfolio".as_ref(), book.as_os_str(), "--clinics".as_ref(), clinics.as_os_str()]);
        arguments.extend(["--out".as_ref(), out.as_os_str()]);
        arguments.extend(more.iter().map(OsStr::new));
        run(arguments)
    }

    pub fn letters(&self) {
        self.clinics("letter", Some(&sample("requests.csv")), "requests", &[]).exits_with(4);
        self.clinics("letter", Some(&sample("addition.csv")), "addition", &[]).exits_with(0);
    }
}

/// The cells of a sheet as text, row by row.
pub fn cells(book: &Path, sheet: &str) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = open_workbook(book).unwrap();
    let range = book.worksheet_range(sheet).unwrap();
    range.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect()
}

#[test]
fn every_verdict_occurs_in_the_sample_with_its_amounts() {
    let sample_book = SampleBook::new();
    sample_book.letters();
    sample_book.clinics("settle", Some(&sample("register.csv")), "settled", &["--clinic", "dent-01"]).exits_with(0);
    let out = sample_book.out("settled");
    let settled = Table::open(&out.join("settled.csv"));
    let rows =
        settled.columns(["row", "verdict", "insurer", "patient", "discount", "disputed", "uncleared", "advance"]);
    let expected = [
        ["5", "advance", "0.00", "0.00", "0.00", "0.00", "0.00", "4200.00"],
        ["6", "advance", "0.00", "0.00", "0.00", "0.00", "0.00", "1300.00"],
        ["7", "duplicate", "0.00", "0.00", "0.00", "0.00", "4200.00", "0.00"],
        // surgery has no discount
        ["8", "outside-programme", "0.00", "6400.00", "0.00", "0.00", "0.00", "0.00"],
        // 9500 × 7 % = 665
        ["9", "outside-programme", "0.00", "8835.00", "665.00", "0.00", "0.00", "0.00"],
        // 3900 for what costs 3500
        ["10", "price", "0.00", "0.00", "0.00", "400.00", "0.00", "3500.00"],
        // 4200 × 7 % = 294
        ["11", "loyalty", "0.00", "3906.00", "294.00", "0.00", "0.00", "0.00"],
        ["12", "letter", "4200.00", "0.00", "0.00", "0.00", "0.00", "0.00"],
        ["13", "needs-agreement", "0.00", "7850.50", "0.00", "0.00", "0.00", "0.00"],
        // by the addition of the same day
        ["14", "letter", "7850.50", "0.00", "0.00", "0.00", "0.00", "0.00"],
        // the last day of the letter of 11 January
        ["15", "letter", "4200.00", "0.00", "0.00", "0.00", "0.00", "0.00"],
        ["16", "needs-agreement", "0.00", "4200.00", "0.00", "0.00", "0.00", "0.00"],
        // issued on 31 December: to 31 January
        ["17", "letter", "7850.50", "0.00", "0.00", "0.00", "0.00", "0.00"],
        ["18", "letter-expired", "0.00", "7850.50", "0.00", "0.00", "0.00", "0.00"],
        ["19", "call-dispatcher", "0.00", "900.00", "0.00", "0.00", "0.00", "0.00"],
        // 39000 × 7 % = 2730
        ["20", "outside-programme", "0.00", "36270.00", "2730.00", "0.00", "0.00", "0.00"],
        ["21", "outside-programme", "0.00", "3255.00", "245.00", "0.00", "0.00", "0.00"],
        // 7850.50 × 7 % = 549.535
        ["22", "loyalty", "0.00", "7300.96", "549.54", "0.00", "0.00", "0.00"],
        ["23", "not-in-force", "0.00", "900.00", "0.00", "0.00", "0.00", "0.00"],
        // the cover and the letter end on this day
        ["24", "letter", "4200.00", "0.00", "0.00", "0.00", "0.00", "0.00"],
        ["25", "not-in-force", "0.00", "2900.00", "0.00", "0.00", "0.00", "0.00"],
        ["26", "unknown", "0.00", "900.00", "0.00", "0.00", "0.00", "0.00"],
        ["27", "price", "0.00", "0.00", "0.00", "12000.00", "0.00", "0.00"],
    ];
    assert_eq!(rows, expected);
    let occurring: BTreeSet<&str> = rows.iter().map(|row| row[1]).collect();
    // the others have registers of their own in `ledger.rs`
    let others = [Verdict::Limit, Verdict::NoInsuredEvent, Verdict::Unreadable];
    let here = Verdict::ALL.iter().filter(|verdict| !others.contains(verdict));
    assert_eq!(occurring, here.map(|verdict| verdict.as_str()).collect());
    // the sum under the sample's own table
    let totals = json(&out.join("settled.json"));
    assert_eq!(totals["total"], "149852.50");
    complete_manifest(&out);
    let totals = Table::open(&out.join("totals.csv"));
    let amounts = totals.columns(["verdict", "amount"]);
    let cents = |amount: &str| amount.replace('.', "").parse::<i64>().unwrap();
    let (sum, verdicts) = amounts.split_last().unwrap();
    assert_eq!(verdicts.iter().map(|[_, amount]| cents(amount)).sum::<i64>(), cents(sum[1]));
    assert_eq!(*sum, ["total", "149852.50"]);
}

#[test]
fn the_returned_register_has_the_original_rows_with_their_verdicts() {
    let sample_book = SampleBook::new();
    sample_book.letters();
    sample_book
        .clinics("settle", Some(&sample("register.csv")), "settled", &["--clinic", "dent-01", "--lang", "en"])
        .exits_with(0);
    let sheet = cells(&sample_book.out("settled/settled.xlsx"), "register");
    assert_eq!(sheet[3][1], "Пациент");
    assert_eq!(&sheet[3][9..11], ["Verdict", "Reason"]);
    assert_eq!(sheet[4][1], "АВЕРИН МАКСИМ ОЛЕГОВИЧ");
    assert_eq!(&sheet[4][9..12], ["paid in advance", "in the clinic programme 2", "4200"]);
    // the returned register can be read again
    let again = sample_book.out("settled/settled.xlsx");
    let settled_again = sample_book
        .clinics("settle", Some(&again), "again", &["--clinic", "dent-01", "--sheet", "register"])
        .exits_with(0);
    assert_eq!(
        json(&sample_book.out("again/settled.json")),
        json(&sample_book.out("settled/settled.json")),
        "{}",
        settled_again.err
    );
}

#[test]
fn lists_add_up_and_contain_only_the_data_that_the_clinic_needs() {
    let sample_book = SampleBook::new();
    sample_book.clinics("lists", None, "lists", &["--as-of", "2027-01-20", "--since", "2026-12-01"]).exits_with(0);
    let book = sample_book.out("lists/dent-01.xlsx");
    let names =
        |sheet: &str| -> Vec<String> { cells(&book, sheet).into_iter().skip(4).map(|row| row[1].clone()).collect() };
    let today = names("Прикреплены");
    let (attach, detach) = (names("Прикрепить"), names("Открепить"));
    assert_eq!(
        today,
        ["Аверин Максим Олегович", "Аверина Елена Сергеевна", "Ильина Вера Николаевна", "Климов Олег Юрьевич"]
    );
    assert_eq!(attach, ["Климов Олег Юрьевич"]);
    assert_eq!(detach, ["Аверин Тимофей Максимович", "Жукова Полина Андреевна"]);
    // 5 attached on 1 December + 1 − 2 = 4
    let sums = cells(&book, "Сверка");
    assert_eq!(&sums.last().unwrap()[1..], ["5", "1", "2", "4"]);
    let manifest = complete_manifest(&sample_book.out("lists"));
    assert_eq!(manifest["clinics"][0]["before"], 5);
    let attached = cells(&book, "Прикреплены");
    let headings = ["№", "Фамилия, имя, отчество", "Дата рождения", "№ полиса", "Программа", "Название программы"];
    assert_eq!(attached[3], [&headings[..], &["Действует с", "Действует по", "Телефон"]].concat());
    let phones: Vec<&str> = attached[4..].iter().map(|row| row[8].as_str()).collect();
    let expected = ["+7 (000) 100-20-01", "+7 (000) 100-20-02", "+7 (000) 100-20-11; доб. 4", "+7 (000) 100-20-12"];
    assert_eq!(phones, expected);
    assert_eq!(cells(&book, "Открепить")[4][8], "", "the child has no telephone");
    sample_book.clinics("lists", None, "bad", &["--as-of", "2027-01-20", "--since", "2027-01-20"]).exits_with(3);
}

#[test]
fn an_insured_attached_to_an_unknown_clinic_is_reported() {
    let sample_book = SampleBook::new();
    let other = sample_book.out("clinics.toml");
    let text = std::fs::read_to_string(sample("clinics.toml")).unwrap();
    assert!(text.contains("\"dent-01\""));
    std::fs::write(&other, text.replace("\"dent-01\"", "\"dent-77\"")).unwrap();
    let (book, out) = (sample_book.book(), sample_book.out("lists"));
    let lists = ["clinics", "lists", "--lang", "en", "--as-of", "2027-01-20", "--portfolio"].map(OsStr::new);
    let files = [book.as_os_str(), "--clinics".as_ref(), other.as_os_str(), "--out".as_ref(), out.as_os_str()];
    let run = run(lists.into_iter().chain(files)).exits_with(4);
    assert!(
        run.err.contains("DMS-2026-0912: plan `А` names the clinic `dent-01`, which the file of clinics does not have"),
        "{}",
        run.err
    );
    complete_manifest(&out);
}

#[test]
fn lists_follow_endorsements_and_still_add_up() {
    let sample_book = SampleBook::new();
    let changes = sample_book.out("changes.csv");
    let rows = "открепить;0912-012;Климов Олег Юрьевич;19.08.1988;;;;\nприкрепить;0912-013;Лаптев Егор Ильич;19.08.1990;1;А;\
         000-13;laptev@example.org\nсменить вариант;0912-004;Белова Ксения Ильинична;11.11.1990;;А;;belova@example.org\n";
    let text = format!("Вид изменения;№ полиса;ФИО;Дата рождения;Группа риска;Вариант;Моб. телефон;E-mail\n{rows}");
    std::fs::write(&changes, text).unwrap();
    let (book, out) = (sample_book.book(), sample_book.out("endorsed"));
    let fixed = ["endorse", "DMS-2026-0912", "--on", "2027-02-01", "--expense-load", "0.20"].map(OsStr::new);
    let files = [changes.as_os_str(), "--portfolio".as_ref(), book.as_os_str(), "--out".as_ref(), out.as_os_str()];
    run(fixed.into_iter().chain(files)).exits_with(0);
    sample_book.clinics("lists", None, "lists", &["--as-of", "2027-02-01", "--since", "2027-01-31"]).exits_with(0);
    let list = sample_book.out("lists/dent-01.xlsx");
    let names = |sheet: &str| cells(&list, sheet).into_iter().skip(4).map(|row| row[1].clone()).collect::<Vec<_>>();
    assert_eq!(names("Прикрепить"), ["Белова Ксения Ильинична", "Лаптев Егор Ильич"]);
    let contacts: Vec<Vec<String>> =
        cells(&list, "Прикрепить").into_iter().skip(4).map(|row| row[8..].to_vec()).collect();
    // an insured who changes plans keeps the telephone that the list of changes does not have
    assert_eq!(contacts, [["+7 (000) 100-20-04", "belova@example.org"], ["000-13", "laptev@example.org"]]);
    assert_eq!(names("Открепить"), ["Климов Олег Юрьевич"]);
    // 4 attached on 31 January + 2 − 1 = 5
    assert_eq!(&cells(&list, "Сверка").last().unwrap()[1..], ["4", "2", "1", "5"]);
}

#[test]
fn the_desk_gets_the_routing_of_a_patient() {
    let sample_book = SampleBook::new();
    sample_book.letters();
    sample_book.clinics("route", Some(&sample("questions.csv")), "route", &["--clinic", "dent-01"]).exits_with(0);
    let answers = Table::open(&sample_book.out("route/route.csv"));
    let ways = answers.columns(["way", "price", "patient_pays"]);
    assert_eq!(
        ways,
        [
            ["advance", "4200.00", "0.00"],
            // 16500 − 16500 × 7 %
            ["own-cost-less-discount", "16500.00", "15345.00"],
            ["letter", "4200.00", "0.00"],
            // as in a register: the patient pays until the insurer agrees
            ["dispatcher", "2900.00", "2900.00"],
            ["dispatcher", "900.00", "900.00"],
            // 3500 − 3500 × 7 %
            ["own-cost-less-discount", "3500.00", "3255.00"],
            ["own-cost", "900.00", "900.00"],
            ["unlisted", "", ""],
        ]
    );
    for [way, reason] in answers.columns(["way", "reason"]) {
        assert_eq!(way == "dispatcher", reason.ends_with("до согласования за счёт пациента"), "{way}: {reason}");
    }
}

#[test]
fn discount_eligibility_is_listed_and_looked_up() {
    let sample_book = SampleBook::new();
    sample_book.clinics("loyalty", None, "loyalty", &["--as-of", "2027-01-20"]).exits_with(0);
    let listed = Table::open(&sample_book.out("loyalty/loyalty.csv"));
    let rights = listed.columns(["name", "right"]);
    assert_eq!(rights.len(), 11);
    assert!(rights.contains(&["Аверин Тимофей Максимович", "next-of-kin"]));
    assert!(rights.contains(&["Егоров Илья Романович", "employee"]));
    assert!(!rights.iter().any(|[name, _]| name.starts_with("Жукова")));
    let (book, clinics) = (sample_book.book(), sample("clinics.toml"));
    let one = |policy: &str| {
        let fixed = ["clinics", "loyalty", "--as-of", "2027-01-20", "--lang", "en", "--policy", policy, "--portfolio"];
        let files = [book.as_os_str(), "--clinics".as_ref(), clinics.as_os_str()];
        run(fixed.iter().map(OsStr::new).chain(files)).exits_with(0).out
    };
    assert!(one("0912-003").contains("yes (spouse or child of an employee)"));
    assert!(one("0912-009").contains("discount: no (not insured on that day"));
    assert!(one("0000-000").contains("discount: no (no insured"));
}

#[test]
fn a_day_without_attached_insured_has_a_message_and_no_table() {
    let sample_book = SampleBook::new();
    let lists = sample_book.clinics("lists", None, "lists", &["--as-of", "2029-01-20"]).exits_with(0);
    assert!(lists.out.contains("никто не прикреплён") && !lists.out.contains('─'), "{}", lists.out);
    complete_manifest(&sample_book.out("lists"));
}

#[test]
fn the_network_of_the_sample_matches_its_contract() {
    let check = |contract: &Path| {
        run(["clinics".as_ref(), "check".as_ref(), sample("clinics.toml").as_os_str(), contract.as_os_str()])
    };
    check(&sample("contract.toml")).exits_with(0);
    let folder = tempfile::tempdir().unwrap();
    let text = std::fs::read_to_string(sample("contract.toml")).unwrap();
    let wrong = folder.path().join("contract.toml");
    std::fs::write(&wrong, text.replace("programme = \"2\"", "programme = \"9\"").replace("hosp-01", "hosp-09"))
        .unwrap();
    let refused = check(&wrong).exits_with(3);
    assert!(refused.err.contains("hosp-09") && refused.err.contains("`9`"), "{}", refused.err);
}
