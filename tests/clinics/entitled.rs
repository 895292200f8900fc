//! The entitled outside the book (`I66`): the discount while their right lasts, and what is wrong with their list.

use std::fs;
use std::path::PathBuf;

use super::sample::{SampleBook, sample};
use crate::program::{Table, run};

const LIST: &str = "ФИО;Дата рождения;Степень родства;Сотрудник;Организация;Право с;Право по\n\
    Орлова Нина Петровна;01.02.1985;жена;Орлов Пётр Ильич;ООО «Маяк»;01.01.2027;30.06.2027\n\
    Орлов Пётр Ильич;03.04.1980;сотрудник;;ООО «Маяк»;01.01.2027;30.06.2027\n\
    Орлова Вера Ильинична;05.05.1955;мать;Орлов Пётр Ильич;ООО «Маяк»;01.01.2027;30.06.2027\n\
    Орлов Лев Петрович;31.02.2010;сын;Орлов Пётр Ильич;ООО «Маяк»;01.01.2027;30.06.2027\n";

/// The sample's file of clinics with a list of the entitled beside it.
fn clinics(book: &SampleBook, list: &str) -> PathBuf {
    let folder = book.out("network");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("entitled.csv"), list).unwrap();
    fs::copy(sample("clinics.toml"), folder.join("clinics.toml")).unwrap();
    folder.join("clinics.toml")
}

fn register(book: &SampleBook, name: &str, rows: &[&str]) -> PathBuf {
    let path = book.out(name);
    fs::write(&path, format!("Пациент;Д.р.;№ полиса;Дата приёма;Код;Стоимость\n{}\n", rows.join("\n"))).unwrap();
    path
}

#[test]
fn i66_the_entitled_have_the_discount_while_their_right_lasts() {
    let book = SampleBook::new();
    let clinics = clinics(&book, LIST);
    let rows = [
        // 4200 × 7 % = 294
        "ОРЛОВА НИНА ПЕТРОВНА;01.02.1985;;30.06.2027;Т-02;4200",
        "Орлова Нина Петровна;01.02.1985;;30.06.2027;Т-02;4200",
        "Орлова Нина Петровна;01.02.1985;;01.07.2027;Т-02;4200",
        "Орлов Петр Ильич;03.04.1980;;15.01.2027;Т-02;4200",
        // surgery has no discount
        "Орлов Петр Ильич;03.04.1980;;15.01.2027;Х-01;2900",
        "Орлова Вера Ильинична;05.05.1955;;15.01.2027;Т-02;4200",
        "Орлов Петр Ильич;03.04.1980;0912-001;16.01.2027;Т-02;4200",
    ];
    let file = register(&book, "r.csv", &rows);
    let options = ["--clinic", "dent-01", "--lang", "en"];
    let settled = book.clinics_of(&clinics, "settle", Some(&file), "s", &options).exits_with(0);
    for code in ["unknown-relation", "bad-birth-date"] {
        assert!(settled.err.contains(code), "{}", settled.err);
    }
    let table = Table::open(&book.out("s").join("settled.csv"));
    let expected = [
        ["loyalty", "3906.00", "294.00"],
        ["duplicate", "0.00", "0.00"],
        ["unknown", "4200.00", "0.00"],
        ["loyalty", "3906.00", "294.00"],
        ["unknown", "2900.00", "0.00"],
        ["unknown", "4200.00", "0.00"],
        ["unknown", "4200.00", "0.00"],
    ];
    assert_eq!(table.columns(["verdict", "patient", "discount"]), expected);
    let [reason] = table.columns(["reason"])[3];
    assert!(reason.contains("employee of a legal entity"), "{reason}");
    // another register has the same service again
    let again = register(&book, "again.csv", &rows[..1]);
    book.clinics_of(&clinics, "settle", Some(&again), "again", &options).exits_with(0);
    let table = Table::open(&book.out("again").join("settled.csv"));
    assert_eq!(table.columns(["verdict"]), [["duplicate"]]);
}

#[test]
fn i66_the_list_of_a_day_has_the_entitled_outside_the_book() {
    let book = SampleBook::new();
    let clinics = clinics(&book, LIST);
    book.clinics_of(&clinics, "loyalty", None, "on", &["--as-of", "2027-01-15"]).exits_with(0);
    let rights = |out: &str| {
        let table = Table::open(&book.out(out).join("loyalty.csv"));
        let rows = table.columns(["name", "right"]).into_iter().filter(|[name, _]| name.starts_with("Орлов"));
        rows.map(|row| row.map(str::to_owned)).collect::<Vec<_>>()
    };
    let expected = [["Орлов Пётр Ильич", "service-contract"], ["Орлова Нина Петровна", "next-of-kin"]];
    assert_eq!(rights("on"), expected);
    book.clinics_of(&clinics, "loyalty", None, "after", &["--as-of", "2027-07-01"]).exits_with(0);
    assert!(rights("after").is_empty());
}

#[test]
fn a_list_of_the_entitled_is_checked_and_refused_without_its_columns() {
    let book = SampleBook::new();
    let file = clinics(&book, LIST);
    let check = |code| {
        run(["clinics".as_ref(), "check".as_ref(), file.as_os_str(), "--lang".as_ref(), "en".as_ref()]).exits_with(code)
    };
    let checked = check(3);
    assert!(checked.out.contains("entitled.csv: 2 rows give"), "{}", checked.out);
    clinics(&book, &LIST.lines().take(3).collect::<Vec<_>>().join("\n"));
    check(0);
    clinics(&book, "ФИО;Дата рождения;Степень родства\nОрлова Нина Петровна;01.02.1985;жена\n");
    let refused = check(3);
    assert!(refused.err.contains("entitled.csv cannot be read"), "{}", refused.err);
}
