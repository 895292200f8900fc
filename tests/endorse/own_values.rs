//! Own days of detachment, and own sums insured, of the rows of a list (`I26`, `I33`).

use super::*;
use crate::program::Run;

impl Book {
    /// Runs `endorse` with a list of these rows and columns.
    fn listed(&self, table: &str, on: &str) -> Run {
        let (list, folder, out) = (self.file("own.csv"), self.file("book"), self.file("own"));
        fs::write(&list, table).unwrap();
        let [list, folder, out] = [&list, &folder, &out].map(|path| path.to_str().unwrap());
        run(["endorse", "T-1", list, "--on", on, "--portfolio", folder, "--out", out, "--lang", "en"])
    }
}

#[test]
fn i26_a_day_of_detachment_has_two_readings_and_the_contract_decides() {
    let list = "Вид изменения;Таб. №;Дата открепления\nоткрепить;2;30.06.2026\n";
    let book = Book::bind(&small(), &roster().crowd(2));
    let refused = book.listed(list, "2026-07-01").exits_with(3);
    assert!(refused.err.contains("--detach-day last"), "{}", refused.err);
    // the last day of cover: 15637.20 × 184 / 365 = 7882.86 goes back, a fifth of it is kept
    let book = Book::bind(&small().with("detach_day = 'last'"), &roster().crowd(2));
    book.listed(list, "2026-07-01").exits_with(0);
    assert_eq!(book.lines()[1], line(2, YEAR[0], "2026-06-30", "9330.91"));
    // the first day without cover: 15637.20 × 185 / 365 = 7925.70 goes back
    let book = Book::bind(&small().with("detach_day = 'first-without-cover'"), &roster().crowd(2));
    book.listed(list, "2026-07-01").exits_with(0);
    assert_eq!(book.lines()[1], line(2, YEAR[0], "2026-06-29", "9296.64"));
    book.verify();
}

#[test]
fn i33_a_sum_insured_is_corrected_from_the_first_day_and_changed_from_its_own() {
    let list = |word, sum| format!("Вид изменения;Таб. №;Страховая сумма\n{word};2;{sum}\n");
    let book = Book::bind(&small(), &roster().crowd(2));
    // 200000 / 100 × 15.6372
    book.listed(&list("исправить", "200000"), "2026-07-01").exits_with(0);
    assert_eq!(book.lines()[1], line(2, YEAR[0], YEAR[1], "31274.40"));
    // 31274.40 × 184 / 365 = 15765.72 goes back without expenses; 50000 / 100 × 15.6372 × 184 / 365 = 3941.43
    book.listed(&list("изменить", "50000"), "2026-07-01").exits_with(0);
    assert_eq!(
        book.lines()[1..],
        [line(2, YEAR[0], "2026-06-30", "15508.68"), line(3, "2026-07-01", YEAR[1], "3941.43")]
    );
    // a later correction is from the first day: the change from July stays
    book.listed(&list("исправить", "100000"), "2026-09-01").exits_with(0);
    assert_eq!(
        book.lines()[1..],
        [line(2, YEAR[0], "2026-06-30", "7754.34"), line(3, "2026-07-01", YEAR[1], "3941.43")]
    );
    book.verify();
}

#[test]
fn i33_a_corrected_plan_has_its_own_sum_insured_and_the_last_correction_holds() {
    let text = contract().with("roster = 'roster.csv'").choose("ranges = 'low'").plan("A").cover("16", "");
    let text = text.plan("B").cover_of("16", "50000", "");
    let book = Book::bind(&text, &roster().aged(40, 1).on("A").aged(40, 1).on("A"));
    let plan = |plan| format!("Вид изменения;Таб. №;Вариант\nисправить;2;{plan}\n");
    let sum = |sum| format!("Вид изменения;Таб. №;Страховая сумма\nисправить;2;{sum}\n");
    // 50000 / 100 × 15.6372, and 100000 again
    for (list, premium) in [(plan("B"), "7818.60"), (plan("A"), "15637.20")] {
        book.listed(&list, "2026-07-01").exits_with(0);
        assert_eq!(book.lines()[1], line(2, YEAR[0], YEAR[1], premium));
    }
    // the larger sum first, then the smaller one, then one between: 300000, 20000, 40000 / 100 × 15.6372
    for (list, premium) in [(sum("300000"), "46911.60"), (sum("20000"), "3127.44"), (sum("40000"), "6254.88")] {
        book.listed(&list, "2026-07-01").exits_with(0);
        assert_eq!(book.lines()[1], line(2, YEAR[0], YEAR[1], premium));
    }
    // another plan has its own sum, also of a joiner
    book.listed(&plan("B"), "2026-08-01").exits_with(0);
    assert_eq!(book.lines()[1], line(2, YEAR[0], YEAR[1], "7818.60"));
    let joiner = "Вид изменения;Таб. №;ФИО;Дата рождения;Группа риска;Вариант;Страховая сумма\n\
                  прикрепить;9;Новикова Анна;01.07.1986;1;A;200000\n";
    book.listed(joiner, "2026-07-01").exits_with(0);
    // 200000 / 100 × 15.6372 × 184 / 365 = 15765.72; of plan B 3941.43
    assert_eq!(book.lines()[2], line(3, "2026-07-01", YEAR[1], "15765.72"));
    book.listed(&plan("B").replace(";2;", ";9;"), "2026-08-01").exits_with(0);
    assert_eq!(book.lines()[2], line(3, "2026-07-01", YEAR[1], "3941.43"));
    book.verify();
}
