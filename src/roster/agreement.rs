//! Proves that a roster read while its text is read is the roster of the text read whole.

use std::path::Path;

use crate::base::digest::sha256;
use crate::roster::Roster;
use crate::roster::spec::tests::spec;

const HEADINGS: &str = "Таб. №;ФИО;Дата рождения;Группа риска;План;Действует с;Действует по;Подразделение\n";

/// Rows of a text that is long enough to be read in parts; some have something to report.
fn rows() -> String {
    const ROWS: usize = 4_000;
    // long texts make a long file of few rows
    let department = "Отдел сбыта и логистики ".repeat(10);
    let row = |at: usize| {
        let name = ["Иванов Пётр Ильич", "Ли Анна", "Ceмёнов Ян", "Вакансия", "Петрова-Ким Ия"][at / 70 % 5];
        let (day, month, year) = (at % 28 + 1, at / 28 % 12 + 1, 1950 + at / 336 % 60);
        match at {
            at if at % 100 == 7 => format!("{at};{name};31.02.1980;1;A;;;{department}\n"),
            at if at % 100 == 13 => format!(";\"{name}\";{day:02}.{month:02}.{year};9;Я;01.01.2030;;{department}\n"),
            at if at % 100 == 21 => "Итого;;;;;;\r\n\n".to_owned(),
            at if at % 100 == 34 => format!("{};{name};{day:02}.{month:02}.{year};1;A;;\n", at - 30),
            _ => format!("{at};{name} {};{day:02}.{month:02}.{year};1;A;;;{department}\n", at % 9),
        }
    };
    (0..ROWS).map(row).collect()
}

/// What is read of a text, and the SHA-256 of its file.
fn read(folder: &Path, text: &str) -> (String, String) {
    let path = folder.join("roster.csv");
    std::fs::write(&path, text).unwrap();
    let Roster { tables, insured, .. } = Roster::read(&[path], &spec(), &()).unwrap();
    let sha256 = tables.files[0].sha256.clone();
    (format!("{insured:?}{:?}{:?}{}", tables.diagnostics, tables.sheets, tables.incomplete), sha256)
}

/// Both ways read this text alike; programs of the DOS time end a text with a sign that the fast way leaves to the other.
fn assert_alike(text: &str) {
    assert!(text.len() > 5 << 18, "long enough for two parts");
    let folder = tempfile::tempdir().unwrap();
    let (streamed, streamed_sha256) = read(folder.path(), text);
    let (whole, whole_sha256) = read(folder.path(), &format!("{text}\u{1a}"));
    assert!(streamed == whole);
    assert_eq!(streamed_sha256, sha256(text.as_bytes()));
    assert_eq!(whole_sha256, sha256(format!("{text}\u{1a}").as_bytes()));
}

#[test]
fn a_text_is_read_in_parts_as_it_is_whole() {
    let rows = rows();
    assert_alike(&(HEADINGS.to_owned() + &rows));
    assert_alike(&("\u{feff}Список;;;;;;\n\n".to_owned() + HEADINGS + rows.trim_end()));
}

#[test]
fn a_text_that_must_be_known_whole_is_read_again() {
    let rows = rows();
    // the last row decides the order of day and month, or is in quotes over two lines
    for last in
        ["1;Ким Ян;12/31/1980;1;A;;\n", "1;\"Ким\nЯн\";31.12.1980;1;A;;\n", "1;Ким Ян;31.12.1980;1;A;;\r2;Ли А;;;;;\n"]
    {
        assert_alike(&(HEADINGS.to_owned() + &rows + last));
    }
    // headings that are not recognised, and columns that may change the price
    assert_alike(&("а;б;в;г;д;е;ж\n".to_owned() + &rows));
    assert_alike(&(HEADINGS.replace("План", "Премия") + &rows));
}
