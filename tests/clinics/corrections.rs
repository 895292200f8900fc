//! Corrected registers, registers of other periods, and rows that take others back: every service is paid at most once.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use super::sample::SampleBook;
use crate::program::{Run, Table, run};

/// Writes a register whose rows are day, code, quantity and price of an insured by fact.
fn register(book: &SampleBook, name: &str, title: &str, rows: &[[&str; 4]]) -> PathBuf {
    let mut text = format!("{title};;;;\n№ полиса;Дата приёма;Код;Кол-во;Стоимость\n");
    for [day, code, quantity, price] in rows {
        writeln!(text, "0912-004;{day};{code};{quantity};{price}").unwrap();
    }
    let path = book.out(name);
    fs::write(&path, text).unwrap();
    path
}

/// Settles a register of rows; the result has the name of the register.
fn settle(book: &SampleBook, name: &str, title: &str, rows: &[[&str; 4]]) -> Run {
    let path = register(book, &format!("{name}.csv"), title, rows);
    book.clinics("settle", Some(&path), name, &["--clinic", "dent-01", "--lang", "en"]).exits_with(0)
}

/// The verdicts and the insurer's amounts of a result.
fn paid(book: &SampleBook, out: &str) -> Vec<[String; 2]> {
    let table = Table::open(&book.out(out).join("settled.csv"));
    table.columns(["verdict", "insurer"]).into_iter().map(|row| row.map(str::to_owned)).collect()
}

/// A book with a letter to an insured for one service of Т-02, from 11 January.
fn book_with_a_letter() -> SampleBook {
    let book = SampleBook::new();
    let requests = book.out("requests.csv");
    fs::write(&requests, "№ полиса;Клиника;Услуга;Дата письма\n0912-004;dent-01;Т-02;11.01.2027\n").unwrap();
    book.clinics("letter", Some(&requests), "letters", &[]).exits_with(0);
    book
}

fn verify(book: &SampleBook) {
    run(["portfolio".as_ref(), "verify".as_ref(), "--portfolio".as_ref(), book.book().as_os_str()]).exits_with(0);
}

const FIRST: [&str; 4] = ["15.01.2027", "Т-02", "1", "4200"];
const SECOND: [&str; 4] = ["16.01.2027", "Т-02", "1", "4200"];
const THIRD: [&str; 4] = ["17.01.2027", "Т-02", "1", "4200"];
const BACK: [&str; 4] = ["15.01.2027", "Т-02", "-1", "4200"];

#[test]
fn i60_the_number_and_the_period_together_identify_a_register() {
    let book = SampleBook::new();
    settle(&book, "january", "Реестр № 1 за январь 2027 г.", &[FIRST]);
    // the same number of another month replaces nothing, whether the title states the month or only the days do
    let february = [["01.02.2027", "Т-04", "1", "3500"]];
    let run = settle(&book, "february", "Реестр № 1 за февраль 2027 г.", &february);
    assert!(run.err.contains("booked, 1 row"), "{}", run.err);
    let run = settle(&book, "march", "Реестр № 01", &[["01.03.2027", "Т-04", "1", "3500"]]);
    assert!(run.err.contains("booked, 1 row"), "{}", run.err);
    // without a period in the title it is the month of the last day
    let run = settle(&book, "corrected", "Реестр № 001", &[FIRST, SECOND]);
    assert!(run.err.contains("in place of the register of the same number and period"), "{}", run.err);
    // another clinic numbers its registers itself
    let path = register(&book, "other.csv", "Реестр № 1 за январь 2027 г.", &[["20.01.2027", "Т-02", "1", "4200"]]);
    let run = book.clinics("settle", Some(&path), "other", &["--clinic", "hosp-01", "--lang", "en"]).exits_with(0);
    assert!(run.err.contains("booked, 1 row"), "{}", run.err);
    // under another number its rows are duplicates
    settle(&book, "again", "Реестр № 77 за январь 2027 г.", &[FIRST, SECOND]);
    assert_eq!(paid(&book, "again"), [["duplicate", "0.00"], ["duplicate", "0.00"]]);
    let reasons = Table::open(&book.out("again/settled.csv"));
    let [reason] = reasons.columns(["reason"])[0];
    assert!(reason.contains("No. 1 for 01.01.2027–31.01.2027 (corrected.csv)"), "{reason}");
    // the command line states what the title lacks
    let path = register(&book, "stated.csv", "Реестр", &[THIRD]);
    let stated = ["--clinic", "dent-01", "--number", "1", "--period", "2027-01", "--lang", "en"];
    let run = book.clinics("settle", Some(&path), "stated", &stated).exits_with(0);
    assert!(run.err.contains("in place of the register"), "{}", run.err);
    verify(&book);
}

#[test]
fn a_letter_pays_once_whatever_is_corrected_and_sent_again() {
    let book = book_with_a_letter();
    let (first, second) = ("Реестр № 1 за январь 2027", "Реестр № 2 за январь 2027");
    settle(&book, "one", first, &[FIRST]);
    settle(&book, "two", second, &[FIRST, SECOND]);
    assert_eq!(paid(&book, "one"), [["letter", "4200.00"]]);
    assert_eq!(paid(&book, "two"), [["duplicate", "0.00"], ["needs-agreement", "0.00"]]);
    // the correction is judged in the place of its register: what the second one repeats of it is no earlier service
    settle(&book, "corrected", first, &[FIRST, THIRD]);
    assert_eq!(paid(&book, "corrected"), [["letter", "4200.00"], ["needs-agreement", "0.00"]]);
    // the second register again is as it was booked, although the first one has been replaced since
    let run = settle(&book, "two", second, &[FIRST, SECOND]);
    assert!(run.err.contains("booked already"), "{}", run.err);
    assert_eq!(paid(&book, "two"), [["duplicate", "0.00"], ["needs-agreement", "0.00"]]);
    // what a correction leaves out is free for the letter again
    settle(&book, "shorter", first, &[["15.01.2027", "Т-04", "1", "3500"]]);
    settle(&book, "three", "Реестр № 3 за январь 2027", &[THIRD, ["18.01.2027", "Т-02", "1", "4200"]]);
    assert_eq!(paid(&book, "three"), [["letter", "4200.00"], ["needs-agreement", "0.00"]]);
    verify(&book);
}

#[test]
fn what_a_correction_has_replaced_does_not_come_back_by_itself() {
    let book = SampleBook::new();
    settle(&book, "one", "Реестр № 1 за январь 2027", &[FIRST]);
    settle(&book, "corrected", "Реестр № 1 за январь 2027", &[SECOND]);
    let clinic = ["--clinic", "dent-01", "--lang", "en"];
    let refused = book.clinics("settle", Some(&book.out("one.csv")), "again", &clinic).exits_with(3);
    assert!(
        refused.err.contains("was replaced by the register No. 1 for 01.01.2027–31.01.2027 (corrected.csv)"),
        "{}",
        refused.err
    );
    let again = book.clinics("settle", Some(&book.out("corrected.csv")), "again", &clinic).exits_with(0);
    assert!(again.err.contains("booked already"), "{}", again.err);
    let back = book.clinics("settle", Some(&book.out("one.csv")), "back", &[&clinic[..], &["--again"]].concat());
    assert!(back.exits_with(0).err.contains("in place of the register"));
    verify(&book);
}

#[test]
fn a_register_that_comes_again_is_as_it_was_booked() {
    let book = SampleBook::new();
    settle(&book, "one", "Реестр № 1 за январь 2027", &[FIRST]);
    assert_eq!(paid(&book, "one"), [["call-dispatcher", "0.00"]]);
    let requests = book.out("requests.csv");
    fs::write(&requests, "№ полиса;Клиника;Услуга;Дата письма\n0912-004;dent-01;Т-02;11.01.2027\n").unwrap();
    book.clinics("letter", Some(&requests), "letters", &[]).exits_with(0);
    settle(&book, "one", "Реестр № 1 за январь 2027", &[FIRST]);
    assert_eq!(paid(&book, "one"), [["call-dispatcher", "0.00"]], "the letter came later");
    let table = Table::open(&book.out("one/settled.csv"));
    let [reason] = table.columns(["reason"])[0];
    assert!(reason.contains("as it was booked") && reason.contains("by guarantee letter"), "{reason}");
}

#[test]
fn what_a_later_register_takes_back_stays_taken_back_in_a_correction() {
    let book = book_with_a_letter();
    settle(&book, "one", "Реестр № 1 за январь 2027", &[FIRST]);
    settle(&book, "back", "Реестр № 2 за январь 2027", &[BACK]);
    assert_eq!(paid(&book, "back"), [["letter", "-4200.00"]]);
    // the letter is free for one other service, and not for two
    settle(&book, "corrected", "Реестр № 1 за январь 2027", &[FIRST, SECOND, THIRD]);
    assert_eq!(
        paid(&book, "corrected"),
        [["letter", "4200.00"], ["letter", "4200.00"], ["needs-agreement", "0.00"]],
        "the first row is set off against the row that takes it back"
    );
    settle(&book, "three", "Реестр № 3 за январь 2027", &[["18.01.2027", "Т-02", "1", "4200"]]);
    assert_eq!(paid(&book, "three"), [["needs-agreement", "0.00"]]);
    // a correction without the row leaves the other register with nothing to take back, which frees nothing
    settle(&book, "shorter", "Реестр № 1 за январь 2027", &[SECOND, THIRD]);
    assert_eq!(paid(&book, "shorter"), [["letter", "4200.00"], ["needs-agreement", "0.00"]]);
    verify(&book);
}

#[test]
fn a_reversal_is_no_payment_however_it_is_written() {
    let heading = "№ полиса;Дата приёма;Код;Кол-во;Цена;Стоимость;Сторно";
    let service = "0912-001;15.01.2027;Т-02;1;4200;4200;";
    for (back, verdict, advance) in [
        ("0912-001;15.01.2027;Т-02;-1;4200;4200;", "advance", "-4200.00"),
        ("0912-001;15.01.2027;Т-02;-1;4200;;", "advance", "-4200.00"),
        ("0912-001;15.01.2027;Т-02;-1;;4200;", "advance", "-4200.00"),
        ("0912-001;15.01.2027;Т-02;1;4200;-4200;", "advance", "-4200.00"),
        ("0912-001;15.01.2027;Т-02;1;;(4 200,00);", "advance", "-4200.00"),
        ("0912-001;15.01.2027;Т-02;1;4200;4200;да", "advance", "-4200.00"),
        ("0912-001;15.01.2027;Т-02;1;4200;4200;Сторно", "advance", "-4200.00"),
        // not understood, of another price, of another day: each has a verdict of its own and is not paid
        ("0912-001;15.01.2027;Т-02;1;4200;4200;Кабинет", "unreadable", "0.00"),
        ("0912-001;15.01.2027;Т-02;-1;;2100;", "unreadable", "0.00"),
        ("0912-001;16.01.2027;Т-02;-1;;4200;", "unreadable", "0.00"),
        ("0912-001;15.01.2027;Т-02;-1;;0;", "unreadable", "0.00"),
    ] {
        for rows in [[service, back], [back, service]] {
            let book = SampleBook::new();
            let path = book.out("register.csv");
            fs::write(&path, format!("{heading}\n{}\n{}\n", rows[0], rows[1])).unwrap();
            book.clinics("settle", Some(&path), "out", &["--clinic", "dent-01"]).exits_with(0);
            let table = Table::open(&book.out("out/settled.csv"));
            let mut found = table.columns(["verdict", "advance"]);
            found.sort_by_key(|row| *row != ["advance", "4200.00"]);
            assert_eq!(found, [["advance", "4200.00"], [verdict, advance]], "{rows:?}");
        }
    }
}
