//! Guarantee letters: refused with a reason, numbered without gaps and duplicates even if runs are killed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

use rust_xlsxwriter::Workbook;

use super::sample::{SampleBook, sample};
use crate::program::{Table, command, names, run};

#[test]
fn requests_are_refused_with_their_reasons() {
    let sample_book = SampleBook::new();
    sample_book.letters();
    let answers = Table::open(&sample_book.out("requests/requests.csv"));
    let rows = answers.columns(["row", "outcome", "letter", "last_day"]);
    assert_eq!(
        rows,
        [
            ["2", "issued", "ГП-000001", "2027-02-11"],
            // the same insured, clinic and day: one letter
            ["3", "issued", "ГП-000001", "2027-02-11"],
            ["4", "issued", "ГП-000002", "2027-01-31"],
            // the cover ends on 10 February
            ["5", "issued", "ГП-000003", "2027-02-10"],
            ["6", "issued", "ГП-000004", "2027-02-25"],
            // planned admission is excluded, implants are in no programme, the plan does not name the clinic, the cover has ended, the
            // clinic programme has the service, no insured has this name
            ["7", "refused", "", ""],
            ["8", "refused", "", ""],
            ["9", "refused", "", ""],
            ["10", "refused", "", ""],
            ["11", "refused", "", ""],
            ["12", "refused", "", ""],
        ]
    );
    let reasons: BTreeSet<&str> = answers.columns(["reason"]).into_iter().map(|[reason]| reason).collect();
    assert_eq!(reasons.len(), 7, "six different reasons and none: {reasons:?}");
    let register = Table::open(&sample_book.book().join("letters/letters.csv"));
    assert_eq!(register.columns(["letter", "supplements"])[4], ["ГП-000005", "ГП-000001"]);
}

#[test]
fn a_letter_has_the_telephone_of_the_dispatcher() {
    let sample_book = SampleBook::new();
    let template = sample_book.out("letter.typ");
    let check = "#let letter = json(\"letter.json\")\n#assert.eq(letter.dispatcher, \"+7 (000) 100-00-00\")\n";
    fs::write(&template, format!("{check}#letter.number")).unwrap();
    let template = template.to_str().unwrap();
    let addressed = ["--template", template, "--clinic", "dent-01"];
    let requests = sample_book.out("one.csv");
    fs::write(&requests, "№ полиса;Услуга;Дата письма\n0912-004;Т-02;12.01.2027\n").unwrap();
    sample_book.clinics("letter", Some(&requests), "one", &addressed).exits_with(0);
    // a clinic without the telephone
    fs::write(&requests, "№ полиса;Услуга;Дата письма\n0912-011;Аппендэктомия;25.01.2027\n").unwrap();
    let refused =
        sample_book.clinics("letter", Some(&requests), "two", &["--template", template, "--clinic", "hosp-01"]);
    refused.exits_with(3);
}

#[test]
fn a_letter_without_glyphs_is_refused_and_the_others_are_issued() {
    let sample_book = SampleBook::new();
    let (changes, book, out) = (sample_book.out("changes.csv"), sample_book.book(), sample_book.out("endorsed"));
    let heading = "Вид изменения;№ полиса;ФИО;Дата рождения;Группа риска;Вариант";
    fs::write(&changes, format!("{heading}\nприкрепить;0912-013;Лаптев 漢 Ильич;19.08.1990;1;Б\n")).unwrap();
    let fixed = ["endorse", "DMS-2026-0912", "--on", "2027-01-01"].map(AsRef::as_ref);
    let files = [changes.as_os_str(), "--portfolio".as_ref(), book.as_os_str(), "--out".as_ref(), out.as_os_str()];
    run(fixed.into_iter().chain(files)).exits_with(0);
    let requests = sample_book.out("two.csv");
    let rows = "0912-013;dent-01;Т-02;12.01.2027\n0912-004;dent-01;Т-02;12.01.2027\n";
    fs::write(&requests, format!("№ полиса;Клиника;Услуга;Дата письма\n{rows}")).unwrap();
    sample_book.clinics("letter", Some(&requests), "two", &["--lang", "en"]).exits_with(4);
    let answers = Table::open(&sample_book.out("two/requests.csv"));
    let [[first, number, reason], [second, other, _]] = answers.columns(["outcome", "letter", "reason"])[..] else {
        panic!()
    };
    assert_eq!([first, number, second, other], ["refused", "", "issued", "ГП-000001"]);
    assert!(reason.contains("characters that no font has: 漢"), "{reason}");
    assert_eq!(names(&sample_book.book().join("letters")), ["letters.csv", "ГП-000001.pdf"]);
}

#[test]
fn a_value_in_a_wrong_column_is_reported_by_its_shape() {
    let sample_book = SampleBook::new();
    let file = sample_book.out("shifted.csv");
    let heading = "№ полиса;Клиника;Услуга;Дата письма;Дополнение к письму";
    let rows = [
        "0912-004;Петровский Олег;Т-02;12.01.2027;",
        "0912-004;dent-01;Петровский Олег;12.01.2027;",
        "0912-004;dent-01;Т-02;12.01.2027;Петровский Олег",
        "0912-004;dent-001;Т-02;12.01.2027;",
    ];
    fs::write(&file, format!("{heading}\n{}\n", rows.join("\n"))).unwrap();
    let refused = sample_book.clinics("letter", Some(&file), "shifted", &["--lang", "en"]).exits_with(3);
    let table = Table::open(&sample_book.out("shifted/requests.csv"));
    let reasons: Vec<&str> = table.columns(["reason"]).into_iter().map(|[reason]| reason).collect();
    assert_eq!(reasons.len(), rows.len(), "{reasons:?}");
    for reason in &reasons[..3] {
        assert!(reason.contains("П********* О***"), "{reason}");
    }
    assert!(reasons[3].contains("dent-001"), "what is almost a known code is not masked: {}", reasons[3]);
    for text in reasons.iter().copied().chain([refused.err.as_str(), refused.out.as_str()]) {
        assert!(!text.contains("Петровский") && !text.contains("Олег"), "{text}");
    }
}

#[test]
fn repeated_requests_issue_nothing() {
    let sample_book = SampleBook::new();
    sample_book.letters();
    let before = fs::read(sample_book.book().join("letters/letters.csv")).unwrap();
    sample_book.letters();
    assert_eq!(fs::read(sample_book.book().join("letters/letters.csv")).unwrap(), before);
}

/// The files of a result by name.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    names(folder).into_iter().map(|name| (name.clone(), fs::read(folder.join(name)).unwrap())).collect()
}

#[test]
fn a_repeated_run_answers_the_requests_with_the_same_files() {
    let sample_book = SampleBook::new();
    let issue = || sample_book.clinics("letter", Some(&sample("requests.csv")), "requests", &["--lang", "en"]);
    let first = issue().exits_with(4);
    assert!(first.out.contains("Letters issued: 4 (ГП-000001–ГП-000004)"), "{}", first.out);
    let (answers, letters) = (files(&sample_book.out("requests")), files(&sample_book.book().join("letters")));
    let again = issue().exits_with(4);
    assert!(again.out.contains("Letters issued: 0. Requests answered before: 5"), "{}", again.out);
    assert_eq!(files(&sample_book.out("requests")), answers);
    assert_eq!(files(&sample_book.book().join("letters")), letters);
}

#[test]
fn a_dry_run_answers_the_requests_and_issues_nothing() {
    let sample_book = SampleBook::new();
    let before = names(&sample_book.book());
    let dry = sample_book.clinics("letter", Some(&sample("requests.csv")), "dry", &["--dry-run", "--lang", "en"]);
    assert!(dry.exits_with(4).err.contains("No letter is issued"));
    assert!(!sample_book.book().join("letters").exists());
    assert_eq!(names(&sample_book.book()), before);
    sample_book.clinics("letter", Some(&sample("requests.csv")), "requests", &["--lang", "en"]).exits_with(4);
    let answers = |out: &str| fs::read_to_string(sample_book.out(out).join("requests.csv")).unwrap();
    assert_eq!(answers("dry"), answers("requests"), "a dry run has the numbers that a run gives");
}

#[test]
fn a_template_that_does_not_end_issues_no_letter_and_leaves_the_book_free() {
    let sample_book = SampleBook::new();
    let template = sample_book.out("endless.typ");
    // the trial of a letter without its number would end
    let text = "#let letter = json(\"letter.json\")\n#let count(n) = { let sum = 0; for i in range(n) { for j in range(n) { sum += 1 } }; sum }\n\
                #if letter.number != \"ГП-000000\" [#count(1000000)]\n";
    fs::write(&template, text).unwrap();
    let requests = sample_book.out("one.csv");
    fs::write(&requests, "№ полиса;Клиника;Услуга;Дата письма\n0912-004;dent-01;Т-02;12.01.2027\n").unwrap();
    let own = ["--template", template.to_str().unwrap(), "--lang", "en"];
    let refused = sample_book.clinics("letter", Some(&requests), "one", &own).exits_with(3);
    assert!(refused.err.contains("longer than 30 seconds"), "{}", refused.err);
    assert!(!sample_book.out("one").exists() && names(&sample_book.book().join("letters")).is_empty());
    sample_book.clinics("letter", Some(&requests), "one", &[]).exits_with(0);
    let answers = Table::open(&sample_book.out("one/requests.csv"));
    assert_eq!(answers.columns(["outcome", "letter"]), [["issued", "ГП-000001"]], "the number is not used up");
}

#[test]
fn rows_of_several_sheets_are_distinguished() {
    let sample_book = SampleBook::new();
    let workbook = |name: &str, heading: [&str; 4], rows: [[&str; 4]; 2]| {
        let mut book = Workbook::new();
        for (sheet, row) in ["Январь", "Февраль"].into_iter().zip(rows) {
            let sheet = book.add_worksheet().set_name(sheet).unwrap();
            sheet.write_row(0, 0, heading).unwrap();
            sheet.write_row(1, 0, row).unwrap();
        }
        let path = sample_book.out(name);
        book.save(&path).unwrap();
        path
    };
    let requests = workbook(
        "requests.xlsx",
        ["№ полиса", "Клиника", "Услуга", "Дата письма"],
        // the clinic programme of the second insured has the service
        [["0912-004", "dent-01", "Т-02", "12.01.2027"], ["0912-001", "dent-01", "Т-02", "12.01.2027"]],
    );
    let run = sample_book.clinics("letter", Some(&requests), "sheets", &["--sheet", "*", "--lang", "en"]).exits_with(4);
    let rows = Table::open(&sample_book.out("sheets/requests.csv"));
    assert_eq!(rows.columns(["row", "outcome", "sheet"]), [["2", "issued", "Январь"], ["2", "refused", "Февраль"]]);
    assert!(run.err.contains("row 2 (Февраль): refused"), "{}", run.err);
    let questions = workbook(
        "questions.xlsx",
        ["№ полиса", "ФИО", "Услуга", "Дата"],
        [["0912-004", "", "Т-02", "12.01.2027"], ["0912-001", "", "Т-02", "12.01.2027"]],
    );
    sample_book.clinics("route", Some(&questions), "route", &["--clinic", "dent-01", "--sheet", "*"]).exits_with(0);
    let rows = Table::open(&sample_book.out("route/route.csv"));
    assert_eq!(rows.columns(["row", "way", "sheet"]), [["2", "letter", "Январь"], ["2", "advance", "Февраль"]]);
}

#[test]
fn a_letter_keeps_its_services_if_the_codes_are_written_differently_later() {
    let sample_book = SampleBook::new();
    sample_book.letters();
    let text = fs::read_to_string(sample("clinics.toml")).unwrap();
    // small letters, a Latin T, capitals
    let (before, after) = (["\"Т-02\"", "\"Т-03\"", "\"dent-01\""], ["\"т-02\"", "\"T-03\"", "\"DENT-01\""]);
    let text = before.iter().zip(after).fold(text, |text, (before, after)| {
        assert!(text.contains(before), "{before}");
        text.replace(before, after)
    });
    let later = sample_book.out("later.toml");
    fs::write(&later, text).unwrap();
    let letters = fs::read(sample_book.book().join("letters/letters.csv")).unwrap();
    sample_book.clinics_of(&later, "letter", Some(&sample("requests.csv")), "again", &[]).exits_with(4);
    assert_eq!(fs::read(sample_book.book().join("letters/letters.csv")).unwrap(), letters, "no second letter");
    let settle = ["--clinic", "dent-01"];
    sample_book.clinics("settle", Some(&sample("register.csv")), "settled", &settle).exits_with(0);
    sample_book.clinics_of(&later, "settle", Some(&sample("register.csv")), "settled-later", &settle).exits_with(0);
    let verdicts =
        |out: &str| Table::open(&sample_book.out(out).join("settled.csv")).columns(["verdict"]).concat().concat();
    assert_eq!(verdicts("settled-later"), verdicts("settled"));
}

#[test]
fn documents_have_the_values_of_the_register_and_are_reproducible() {
    let sample_book = SampleBook::new();
    sample_book.letters();
    let letter = sample_book.book().join("letters/ГП-000005.pdf");
    let bytes = fs::read(&letter).unwrap();
    assert!(bytes.starts_with(b"%PDF-"));
    fs::remove_file(&letter).unwrap();
    sample_book.letters();
    assert_eq!(fs::read(&letter).unwrap(), bytes);
    run(["portfolio".as_ref(), "verify".as_ref(), "--portfolio".as_ref(), sample_book.book().as_os_str()])
        .exits_with(0);
}

/// A file with this number of requests of one insured, one a day.
fn requests(folder: &Path, count: i8) -> PathBuf {
    let mut text = "№ полиса;Клиника;Услуга;Дата письма\n".to_owned();
    for day in 1..=count {
        let _ = writeln!(text, "0912-004;dent-01;Т-02;{day:02}.01.2027");
        let _ = writeln!(text, "0912-005;dent-01;Т-0{};{day:02}.01.2027", 1 + day % 5);
    }
    let path = folder.join("many.csv");
    fs::write(&path, text).unwrap();
    path
}

#[test]
fn killed_runs_leave_neither_gaps_nor_duplicates() {
    const DAYS: i8 = 12;
    let sample_book = SampleBook::new();
    let file = requests(&sample_book.out(""), DAYS);
    let (book, clinics, out) = (sample_book.book(), sample("clinics.toml"), sample_book.out("many"));
    let start = || {
        let fixed = ["clinics".as_ref(), "letter".as_ref(), file.as_os_str(), "--quiet".as_ref()];
        let where_to = [
            "--portfolio".as_ref(),
            book.as_os_str(),
            "--clinics".as_ref(),
            clinics.as_os_str(),
            "--out".as_ref(),
            out.as_os_str(),
        ];
        let mut command = command(fixed.into_iter().chain(where_to));
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().unwrap()
    };
    // the length of a run is measured with the sample's requests
    let begun = Instant::now();
    sample_book.clinics("letter", Some(&sample("requests.csv")), "requests", &[]).exits_with(4);
    let whole = begun.elapsed() * 4;
    let mut killed = 0;
    for part in [1_u32, 2, 3, 5, 8, 12, 16, 20, 26, 32] {
        let mut run = start();
        sleep(Duration::from_micros(u64::try_from(whole.as_micros()).unwrap()) * part / 32);
        killed += u32::from(run.try_wait().unwrap().is_none());
        let _ = run.kill();
        run.wait().unwrap();
        let letters = fs::read_to_string(book.join("letters/letters.csv")).unwrap();
        assert!(letters.ends_with('\n'), "the register of letters is whole");
    }
    assert!(killed > 0, "a run was killed");
    assert!(start().wait().unwrap().success());
    let register = Table::open(&book.join("letters/letters.csv"));
    let numbers: Vec<&str> = register.columns(["letter"]).into_iter().map(|[number]| number).collect();
    // four letters of the sample and two a day
    let expected: Vec<String> = (1..=4 + 2 * i32::from(DAYS)).map(|number| format!("ГП-{number:06}")).collect();
    assert_eq!(numbers, expected);
    let asked: BTreeSet<[&str; 3]> = register.columns(["issued", "policy", "services"]).into_iter().collect();
    assert_eq!(asked.len(), numbers.len(), "no request has two letters");
    let files: Vec<String> = names(&book.join("letters"));
    let documents = expected.iter().map(|number| format!("{number}.pdf")).chain(["letters.csv".to_owned()]);
    assert_eq!(files.into_iter().collect::<BTreeSet<_>>(), documents.collect());
}
