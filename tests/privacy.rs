//! Personal data of a roster is in no message, and in no file except those about insured.

mod walk;

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::program::{Run, command, run, sample, write_contract};
use crate::support::{contract, roster};

/// The files without personal data.
const OPEN: [&str; 7] =
    ["diagnostics.csv", "quote.json", "groups.csv", "rates.csv", "manifest.json", "PRELIMINARY.txt", "quote.html"];

/// The personal data of some insured.
#[derive(Debug, Default)]
struct Secrets {
    /// Surnames, given names, patronymics; folded.
    names: BTreeSet<String>,
    /// Days, numbers and addresses in several notations.
    values: BTreeSet<String>,
}

impl Secrets {
    fn name(&mut self, name: &str) {
        // two letters may be initials or the code of a plan
        self.names.extend(words(name).filter(|word| word.chars().count() > 2));
    }

    fn value(&mut self, value: &str) {
        if !value.trim().is_empty() {
            self.values.insert(value.trim().to_owned());
        }
    }

    /// A day as `day.month.year`, and in other notations.
    fn birth_date(&mut self, day: &str) {
        self.value(day);
        let parts: Vec<&str> = day.split(['.', '/', '-']).collect();
        if let [day, month, year] = parts[..] {
            let shapes = [[day, month, year], [year, month, day], [month, day, year]];
            for separator in ["-", ".", "/", ""] {
                for shape in shapes {
                    self.value(&shape.join(separator));
                }
            }
        }
    }

    /// The secrets in a text.
    fn found_in(&self, text: &str) -> Vec<&str> {
        let words_of_text: BTreeSet<String> = words(text).collect();
        let numbers: BTreeSet<&str> = text.split(|letter: char| !letter.is_alphanumeric()).collect();
        let is_seen = |value: &&String| {
            if value.bytes().all(|byte| byte.is_ascii_digit()) {
                numbers.contains(value.as_str())
            } else {
                text.contains(value.as_str())
            }
        };
        let names = self.names.iter().filter(|name| words_of_text.contains(*name));
        names.chain(self.values.iter().filter(is_seen)).map(String::as_str).collect()
    }
}

/// The words of a text, folded.
fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    let words = text.split(|letter: char| !letter.is_alphabetic()).filter(|word| !word.is_empty());
    words.map(|word| word.to_lowercase().replace('ё', "е"))
}

/// Asserts that the output of a run and its files without personal data have no secret.
#[track_caller]
fn assert_discreet(secrets: &Secrets, run: &Run, out: &Path, about: &str) {
    assert_eq!(secrets.found_in(&run.out), [""; 0], "{about}: standard output\n{}", run.out);
    assert_eq!(secrets.found_in(&run.err), [""; 0], "{about}: standard error\n{}", run.err);
    for name in OPEN {
        let Ok(text) = fs::read_to_string(out.join(name)) else { continue };
        assert_eq!(secrets.found_in(&text), [""; 0], "{about}: {name}\n{text}");
    }
}

#[test]
fn the_sample_with_mistakes_reveals_no_insured() {
    let bytes = fs::read(sample("mistakes").with_file_name("roster.csv")).unwrap();
    let (text, ..) = encoding_rs::WINDOWS_1251.decode(&bytes);
    let (mut secrets, mut ids) = (Secrets::default(), Secrets::default());
    for row in text
        .lines()
        .skip(4)
        .map(|row| row.split(';').collect::<Vec<_>>())
        .filter(|row| !row[6].is_empty() || !row[2].is_empty())
    {
        ids.value(row[1]);
        secrets.name(row[2]);
        secrets.birth_date(row[3]);
    }
    assert!(secrets.names.len() > 90 && secrets.values.len() > 300 && ids.values.len() > 25);
    let folder = tempfile::tempdir().unwrap();
    let contract = sample("mistakes");
    for (command, more, code) in [
        ("quote", &[][..], 3),
        ("quote", &["--preliminary"], 0),
        ("quote", &["--json", "--lang", "en"], 3),
        ("check", &[], 3),
        ("quote", &["--log", "json"], 3),
        ("check", &["--log", "json", "--lang", "en"], 3),
    ] {
        let out = folder.path().join("out");
        let fixed = [command.as_ref(), contract.as_os_str(), "--out".as_ref(), out.as_os_str()];
        let run = run(fixed.into_iter().chain(more.iter().map(AsRef::as_ref))).exits_with(code);
        assert_discreet(&secrets, &run, &out, &format!("{command} {more:?}"));
        // an id of three digits may occur in an amount
        if code == 3 {
            assert_discreet(&ids, &run, &out, &format!("{command} {more:?}, ids"));
        }
    }
}

#[test]
fn matches_of_a_name_are_listed_by_row_only() {
    let folder = tempfile::tempdir().unwrap();
    let path = write_contract(folder.path(), &contract().with("roster = \"roster.csv\"").cover("16", ""), &roster());
    let text = "Таб. №;ФИО;Дата рождения;Группа риска\n\
                48213077;Вяземцева Ия Львовна;14.03.1986;1\n\
                48213078;Вяземцева Яна Ильинична;29.11.1991;1\n";
    fs::write(folder.path().join("roster.csv"), text).unwrap();
    let mut secrets = Secrets::default();
    for name in ["Вяземцева", "Львовна", "Ильинична", "Яна"] {
        secrets.name(name);
    }
    for (id, born) in [("48213077", "14.03.1986"), ("48213078", "29.11.1991")] {
        secrets.value(id);
        secrets.birth_date(born);
    }
    for (word, rows) in [("Вяземцева", ["2", "3"].as_slice()), ("Вяземцевы", &[])] {
        for log in [&["--log", "json"][..], &[]] {
            let fixed = ["explain", path.to_str().unwrap(), "--insured", word];
            let run = run(fixed.into_iter().chain(log.iter().copied())).exits_with(3);
            assert_discreet(&secrets, &run, folder.path(), &format!("explain {word} {log:?}"));
            assert!(rows.iter().all(|row| run.err.contains(&format!("roster.csv, строка {row}"))), "{}", run.err);
        }
    }
}

const HEADINGS: [&str; 16] = [
    "Таб. №",
    "Фамилия",
    "Имя",
    "Отчество",
    "Дата рождения",
    "Пол",
    "Группа риска",
    "План",
    "Страховая сумма",
    "Действует с",
    "Действует по",
    "Телефон",
    "Паспорт",
    "СНИЛС",
    "Адрес",
    "E-mail",
];

/// Some insured, by heading.
const PEOPLE: [[&str; 16]; 4] = [
    [
        "48213077",
        "Вяземцева",
        "Ия",
        "Львовна",
        "14.03.1986",
        "Ж",
        "1",
        "А",
        "",
        "",
        "",
        "+7 (000) 917-45-38",
        "4508 617293",
        "112-233-445 95",
        "ул. Заозёрная, 17, кв. 83",
        "iya@example.org",
    ],
    [
        "48213078",
        "Крутояров",
        "Лев",
        "Ильич",
        "29.11.1991",
        "М",
        "1",
        "А",
        "",
        "",
        "",
        "8-000-555-81-62",
        "4511 902746",
        "198-764-021 33",
        "пер. Садовый, 4",
        "krut@example.org",
    ],
    [
        "ЦХ-7731",
        "Тиходонский",
        "Мирон",
        "Евстафьевич",
        "1978-08-30",
        "М",
        "2",
        "А",
        "",
        "",
        "",
        "80006667788",
        "4499 330012",
        "15533377799",
        "наб. Речная, 2/9",
        "m.t@example.org",
    ],
    [
        "ЦХ-7732",
        "Гай",
        "Яна",
        "",
        "05.06.2001",
        "Ж",
        "0",
        "А",
        "",
        "",
        "",
        "+70001112233",
        "4603 118822",
        "177 000 111 22",
        "Мира 5",
        "yana@example.org",
    ],
];

/// The data of the insured except sex, risk group and plan.
fn secrets() -> Secrets {
    let mut secrets = Secrets::default();
    for person in PEOPLE {
        person[1..4].iter().for_each(|name| secrets.name(name));
        let [year_last, year_first] = [person[4].split('.').collect::<Vec<_>>(), person[4].split('-').rev().collect()];
        secrets.birth_date(&if year_last.len() == 3 { year_last } else { year_first }.join("."));
        for value in [person[0]].iter().chain(&person[11..]) {
            secrets.value(value);
            let digits: String = value.chars().filter(char::is_ascii_digit).collect();
            if digits.len() > 6 {
                secrets.value(&digits);
            }
        }
    }
    secrets
}

/// A roster with its data rotated by this number of columns to the right.
fn shifted(headings: &[&str], people: &[Vec<&str>], by: usize) -> String {
    let mut text = headings.join(";") + "\n";
    // one insured is in the right columns, so that a preliminary quote has a price
    let clean = ["1", "Первый", "Первый", "Первый", "01.01.1980", "М", "1", "А"];
    let place = |heading: &&str| HEADINGS.iter().position(|known| known == heading);
    let clean: Vec<&str> =
        headings.iter().map(|heading| place(heading).and_then(|at| clean.get(at)).copied().unwrap_or("")).collect();
    writeln!(text, "{}", clean.join(";")).unwrap();
    for person in people {
        let mut cells = person.clone();
        cells.rotate_right(by);
        writeln!(text, "{}", cells.join(";")).unwrap();
    }
    text
}

/// Runs every command that reads a roster, and checks all output without personal data.
fn assert_discreet_about(text: &str, about: &str) {
    let folder = tempfile::tempdir().unwrap();
    let terms = contract().with("roster = \"roster.csv\"").plan("А").cover("16", "").plan("Б").cover("16", "");
    write_contract(folder.path(), &terms, &roster());
    fs::write(folder.path().join("roster.csv"), text).unwrap();
    let secrets = secrets();
    for arguments in [&["quote", "--preliminary", "--documents", "html"][..], &["check"]] {
        let mut command = command(["--lang", "ru"]);
        command.args(arguments).args(["contract.toml", "--out", "out"]).current_dir(folder.path());
        let run = Run::new(command.output().unwrap());
        assert!(matches!(run.code, Some(0 | 3)), "{about}: {}", run.err);
        assert_discreet(&secrets, &run, &folder.path().join("out"), about);
    }
}

#[test]
fn a_roster_with_shifted_columns_reveals_no_insured() {
    let parts: Vec<Vec<&str>> = PEOPLE.iter().map(|person| person.to_vec()).collect();
    for by in 0..HEADINGS.len() {
        assert_discreet_about(&shifted(&HEADINGS, &parts, by), &format!("shifted by {by}"));
    }
}

#[test]
fn a_roster_with_full_names_and_shifted_columns_reveals_no_insured() {
    let mut headings = HEADINGS.to_vec();
    headings.splice(1..4, ["ФИО"]);
    let names: Vec<String> = PEOPLE.iter().map(|person| person[1..4].join(" ")).collect();
    let whole = |(person, name): (&[&'static str; 16], _)| [&person[..1], &[name], &person[4..]].concat();
    let people: Vec<Vec<&str>> = PEOPLE.iter().zip(names.iter().map(String::as_str)).map(whole).collect();
    for by in 0..headings.len() {
        assert_discreet_about(&shifted(&headings, &people, by), &format!("whole names, shifted by {by}"));
    }
}

#[test]
fn a_row_with_a_cell_too_many_or_too_few_reveals_no_insured() {
    for at in 0..HEADINGS.len() {
        for cells in [1, 2, 4] {
            let mut text = HEADINGS.join(";") + "\n";
            for person in PEOPLE {
                let (before, after) = person.split_at(at);
                let empty = vec![""; cells];
                writeln!(text, "{}", [before, &empty, after].concat().join(";")).unwrap();
                writeln!(text, "{}", [before, after.get(cells..).unwrap_or(&[])].concat().join(";")).unwrap();
            }
            assert_discreet_about(&text, &format!("{cells} cells at {at}"));
        }
    }
}

#[test]
fn a_roster_without_known_headings_reveals_no_insured() {
    let rows: Vec<String> = PEOPLE.iter().map(|person| person.join(";")).collect();
    let rows = rows.join("\n");
    for headings in [
        "",
        "ФИО;Дата рождения\n",
        "Номер;Кто;Что;Где;Дата рождения;ФИО;Риск;План\n",
        "Фамилия;Имя;Дата рождения;План;Риск\n",
    ] {
        assert_discreet_about(&format!("{headings}{rows}\n"), headings.trim());
    }
}

#[test]
fn a_roster_given_as_a_contract_is_not_quoted_in_the_message() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("roster");
    let parts: Vec<Vec<&str>> = PEOPLE.iter().map(|person| person.to_vec()).collect();
    let text = shifted(&HEADINGS, &parts, 0);
    let with_codes = text.replacen("Пол", "Пол (1=муж, 2=жен)", 1);
    for (bytes, about, expected) in [
        (text.clone().into_bytes(), "a text", "correct line 1, or name another file"),
        (with_codes.into_bytes(), "a text with an equals sign", "correct line 1, or name another file"),
        (
            format!("[{text}").replacen(';', "];", 1).into_bytes(),
            "a text with brackets",
            "correct line 1, or name another file",
        ),
        (
            format!("\u{feff}\n{text}").into_bytes(),
            "a text with a mark and an empty row",
            "correct line 2, or name another file",
        ),
        (b"PK\x03\x04\x14\x00".to_vec(), "a workbook", "is a table, and a TOML file is needed here"),
    ] {
        fs::write(&file, bytes).unwrap();
        for arguments in [&["quote", "--lang", "en"][..], &["explain", "--lang", "en", "--insured", "1"]] {
            let run = run(arguments.iter().map(OsStr::new).chain([file.as_os_str()])).exits_with(3);
            let message = run.err.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(message.contains(expected), "{about}: {message}");
            assert_discreet(&secrets(), &run, folder.path(), about);
        }
    }
}
