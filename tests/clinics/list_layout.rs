//! A clinic's own layout of lists: the same insured as in the built-in workbook, in the columns and files of the clinic.

use std::fs;
use std::path::PathBuf;

use super::sample::{SampleBook, cells, sample};
use crate::program::{complete_manifest, names};

/// The sample's file of clinics with a layout of the first clinic.
fn clinics(book: &SampleBook, layout: &str) -> PathBuf {
    let text = fs::read_to_string(sample("clinics.toml")).unwrap();
    let address = "address = \"г. Заречный, ул. Липовая, 7\"\n";
    let path = book.out("clinics.toml");
    fs::write(&path, text.replacen(address, &format!("{address}[clinic.lists]\n{layout}"), 1)).unwrap();
    path
}

const COLUMNS: &str = "[[clinic.lists.column]]\nfield = 'surname'\nheading = 'Фамилия'\n\
    [[clinic.lists.column]]\nfield = 'given_name'\nheading = 'Имя'\n[[clinic.lists.column]]\nfield = 'patronymic'\nheading = 'Отчество'\n\
    [[clinic.lists.column]]\nfield = 'birth_date'\nheading = 'ДР'\n[[clinic.lists.column]]\nfield = 'programme'\nheading = 'Программа'\n";
const DAYS: [&str; 4] = ["--as-of", "2027-01-20", "--since", "2026-12-01"];

/// The names of a sheet of the built-in workbook, in its order.
fn built_in(book: &SampleBook, sheet: &str) -> Vec<String> {
    let rows = cells(&book.out("built-in").join("dent-01.xlsx"), sheet);
    rows.into_iter().skip(4).map(|row| row[1].clone()).collect()
}

#[test]
fn a_clinic_has_its_lists_in_its_own_columns_and_files() {
    let book = SampleBook::new();
    book.clinics("lists", None, "built-in", &DAYS).exits_with(0);
    let csv = clinics(&book, &format!("format = 'csv'\n{COLUMNS}"));
    book.clinics_of(&csv, "lists", None, "csv", &DAYS).exits_with(0);
    complete_manifest(&book.out("csv"));
    let files = ["dent-01-attach.csv", "dent-01-change.csv", "dent-01-detach.csv", "dent-01.csv", "manifest.json"];
    assert_eq!(names(&book.out("csv")), files);
    for (file, sheet) in
        [("dent-01.csv", "Прикреплены"), ("dent-01-attach.csv", "Прикрепить"), ("dent-01-detach.csv", "Открепить")]
    {
        let text = fs::read_to_string(book.out("csv").join(file)).unwrap();
        let mut lines = text.lines().map(|line| line.split(';').collect::<Vec<_>>());
        assert_eq!(lines.next().unwrap(), ["Фамилия", "Имя", "Отчество", "ДР", "Программа"]);
        let people: Vec<String> = lines.map(|line| line[..3].join(" ")).collect();
        assert_eq!(people, built_in(&book, sheet), "{file}");
    }
    let xlsx = clinics(&book, COLUMNS);
    book.clinics_of(&xlsx, "lists", None, "xlsx", &DAYS).exits_with(0);
    let rows = cells(&book.out("xlsx").join("dent-01.xlsx"), "Прикреплены");
    assert_eq!(rows[0], ["Фамилия", "Имя", "Отчество", "ДР", "Программа"]);
    let people: Vec<String> = rows[1..].iter().map(|row| row[..3].join(" ")).collect();
    assert_eq!(people, built_in(&book, "Прикреплены"));
}
