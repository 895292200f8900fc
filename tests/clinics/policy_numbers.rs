//! Policy numbers: a book issues them where a roster has none, once and for ever; clinics' lists, letters and the export show them.

use std::fs::{self, File};
use std::path::PathBuf;

use polars::prelude::{DataFrame, ParquetReader, SerReader};

use super::sample::{cells, sample};
use crate::program::{Run, Table, run};

/// A book in whose roster the sample's policy numbers are personnel numbers.
struct Book {
    folder: tempfile::TempDir,
}

impl Book {
    fn new() -> Self {
        let book = Self { folder: tempfile::tempdir().unwrap() };
        for name in ["contract.toml", "roster.csv", "clinics.toml"] {
            let text = fs::read_to_string(sample(name)).unwrap().replace("№ полиса", "Таб. №");
            fs::write(book.file(name), text).unwrap();
        }
        book.run(&["bind", &book.path("contract.toml"), "--portfolio", &book.path("book")]);
        book
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn path(&self, name: &str) -> String {
        self.file(name).to_str().unwrap().to_owned()
    }

    #[track_caller]
    fn run(&self, arguments: &[&str]) -> Run {
        run(arguments).exits_with(0)
    }

    fn endorse(&self, name: &str, rows: &str, on: &str) {
        let text = format!("Вид изменения;ФИО;Дата рождения;Группа риска;Вариант\n{rows}");
        fs::write(self.file(name), text).unwrap();
        let (list, book, out) = (self.path(name), self.path("book"), self.path(&format!("{name}-out")));
        let load = ["--expense-load", "0.20", "--portfolio", &book, "--out", &out];
        self.run(&[&["endorse", "DMS-2026-0912", &list, "--on", on], &load[..]].concat());
    }

    /// The names and policy numbers on the list of the clinic for a day.
    fn listed(&self, day: &str) -> Vec<[String; 2]> {
        let (book, clinics, out) = (self.path("book"), self.path("clinics.toml"), self.path("lists"));
        self.run(&["clinics", "lists", "--as-of", day, "--portfolio", &book, "--clinics", &clinics, "--out", &out]);
        let rows = cells(&self.file("lists/dent-01.xlsx"), "Прикреплены").into_iter().skip(4);
        rows.map(|row| [row[1].clone(), row[3].clone()]).collect()
    }

    /// The names and policy numbers in the export.
    fn exported(&self) -> Vec<[String; 2]> {
        let (book, out) = (self.path("book"), self.path("tables"));
        self.run(&["portfolio", "export", "--as-of", "2027-06-01", "--to", &out, "--portfolio", &book]);
        let file = File::open(self.file("tables/insured.parquet")).unwrap();
        let table: DataFrame = ParquetReader::new(file).finish().unwrap();
        let [names, numbers] = ["name", "policy_number"].map(|column| table.column(column).unwrap().str().unwrap());
        let row = |(name, number): (Option<&str>, Option<&str>)| [name, number].map(|text| text.unwrap().to_owned());
        names.iter().zip(numbers.iter()).map(row).collect()
    }
}

fn number(rows: &[[String; 2]], name: &str) -> Option<String> {
    rows.iter().find(|[of, _]| of == name).map(|[_, number]| number.clone())
}

const JOINER: &str = "прикрепить;Лаптев Егор Ильич;19.08.1990;1;А\n";
const LATE: &str = "прикрепить;Зорина Вера Павловна;11.02.1988;1;А\n";

#[test]
fn issued_policy_numbers_are_on_lists_letters_and_in_the_export_and_never_change() {
    let book = Book::new();
    let first = book.listed("2027-01-20");
    assert_eq!(number(&first, "Аверин Максим Олегович").as_deref(), Some("DMS-2026-0912-00001"));
    let bound = book.exported();
    assert_eq!(bound.len(), 12, "the insured of the roster");
    // the next numbers, in the order of the runs; late news and annulments move none
    book.endorse("one.csv", JOINER, "2027-03-01");
    book.endorse("two.csv", LATE, "2027-02-01");
    let then = book.exported();
    assert_eq!(number(&then, "Лаптев Егор Ильич").as_deref(), Some("DMS-2026-0912-00013"));
    assert_eq!(number(&then, "Зорина Вера Павловна").as_deref(), Some("DMS-2026-0912-00014"));
    book.run(&["annul", "2", "--portfolio", &book.path("book")]);
    book.endorse("three.csv", "прикрепить;Орлов Пётр Ильич;01.01.1991;1;А\n", "2027-03-01");
    let last = book.exported();
    assert_eq!(number(&last, "Лаптев Егор Ильич"), None);
    assert_eq!(number(&last, "Зорина Вера Павловна").as_deref(), Some("DMS-2026-0912-00014"));
    assert_eq!(number(&last, "Орлов Пётр Ильич").as_deref(), Some("DMS-2026-0912-00015"));
    for row in &bound {
        assert!(last.contains(row), "{row:?}");
    }
    let attached = book.listed("2027-04-01");
    for name in ["Аверин Максим Олегович", "Зорина Вера Павловна", "Орлов Пётр Ильич"]
    {
        assert_eq!(number(&attached, name), number(&last, name), "{name}");
    }
    book.run(&["portfolio", "verify", "--portfolio", &book.path("book")]);
}

#[test]
fn a_clinic_may_write_the_issued_policy_number_or_the_personnel_number() {
    let book = Book::new();
    let requests = "№ полиса;ФИО;Дата рождения;Клиника;Услуга\n\
        DMS-2026-0912-00005;;;dent-01;Лечение пульпита одноканального зуба\n";
    fs::write(book.file("requests.csv"), requests).unwrap();
    let (folder, clinics) = (book.path("book"), book.path("clinics.toml"));
    let fixed = ["--portfolio", &folder, "--clinics", &clinics];
    let out = book.path("letters");
    let letter = ["clinics", "letter", &book.path("requests.csv"), "--issued", "2027-01-20", "--out", &out];
    book.run(&[&letter[..], &fixed].concat());
    let letters = Table::open(&book.file("book/letters/letters.csv"));
    assert_eq!(letters.columns(["policy"]), [["DMS-2026-0912-00005"]]);
    let register = "№ полиса;ФИО;Дата рождения;Дата услуги;Код;Стоимость\n\
        DMS-2026-0912-00005;;;25.01.2027;Т-03;7850,50\n0912-001;;;25.01.2027;Т-01;100,00\n";
    fs::write(book.file("register.csv"), register).unwrap();
    let out = book.path("settled");
    let settle = ["clinics", "settle", &book.path("register.csv"), "--clinic", "dent-01", "--out", &out];
    book.run(&[&settle[..], &fixed].concat());
    let verdicts = Table::open(&book.file("settled/settled.csv"));
    let verdicts: Vec<[&str; 1]> = verdicts.columns(["verdict"]);
    assert_eq!(verdicts[0], ["letter"]);
    assert_ne!(verdicts[1], ["unknown"]);
}
