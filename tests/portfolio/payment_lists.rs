//! Payments from the exchange file of banks and 1C, and from tables with columns of other meaning (`I51`, `I53`).

use std::fmt::Write as _;
use std::fs;

use serde_json::Value;

use super::book::Book;
use crate::support::{contract_over, roster};

pub const ACCOUNT: &str = "40701810900000000001";

/// A document of the statement: payer and payee, amount, purpose.
pub struct Document<'d>(pub &'d str, pub &'d str, pub &'d str, pub &'d str);

/// A statement of [`ACCOUNT`] with these documents and right totals.
pub fn statement(documents: &[Document<'_>]) -> String {
    let sum = |own: fn(&Document<'_>) -> &'static str, wanted: &str| {
        let amounts = documents.iter().filter(|document| own(document) == wanted).map(|document| kopecks(document.2));
        let kopecks: i128 = amounts.sum();
        format!("{}.{:02}", kopecks / 100, kopecks % 100)
    };
    let side = |document: &Document<'_>| if document.1 == ACCOUNT { "in" } else { "out" };
    let (received, paid) = (sum(side, "in"), sum(side, "out"));
    let mut text = format!(
        "1CClientBankExchange\r\nВерсияФормата=1.03\r\nКодировка=Windows\r\nРасчСчет={ACCOUNT}\r\nСекцияРасчСчет\r\n\
         РасчСчет={ACCOUNT}\r\nВсегоПоступило={received}\r\nВсегоСписано={paid}\r\nКонецРасчСчет\r\n"
    );
    for (number, Document(payer, payee, amount, purpose)) in (1..).zip(documents) {
        let day = if *payee == ACCOUNT { "ДатаПоступило" } else { "ДатаСписано" };
        let _ = write!(
            text,
            "СекцияДокумент=Платежное поручение\r\nНомер={number}\r\nДата=10.02.2026\r\nСумма={amount}\r\nПлательщикСчет={payer}\r\n\
             ПолучательСчет={payee}\r\n{day}=11.02.2026\r\nНазначениеПлатежа={purpose}\r\nКонецДокумента\r\n"
        );
    }
    text + "КонецФайла\r\n"
}

pub fn kopecks(roubles: &str) -> i128 {
    roubles.replace('.', "").parse().unwrap()
}

/// A book with the contracts `ДМС-1` and `ДМС-12/26` of 46 488.00 each.
pub fn book() -> Book {
    let book = Book::new();
    let terms = || contract_over("2026-01-01", "2026-12-31").with("roster = 'roster.csv'").choose("ranges = 'low'");
    book.bound("ДМС-1", &terms().cover("1", ""), &roster().crowd(1));
    let file = book.contract("C-2", &terms().cover("1", ""), &roster().crowd(1));
    let text = fs::read_to_string(&file).unwrap().replace("\"C-2\"", "\"ДМС-12/26\"");
    fs::write(&file, text).unwrap();
    book.run(&["bind", file.to_str().unwrap()]).exits_with(0);
    book
}

fn pay(book: &Book, name: &str, bytes: &[u8], code: i32) -> (Value, String) {
    let file = book.beside(name);
    fs::write(&file, bytes).unwrap();
    let run = book.run(&["pay", file.to_str().unwrap(), "--json"]).exits_with(code);
    (serde_json::from_str(&run.out).unwrap(), run.err)
}

/// Books a file, whatever its outcomes; returns the answer.
pub fn outcomes_of(book: &Book, name: &str, bytes: &[u8]) -> Value {
    let file = book.beside(name);
    fs::write(&file, bytes).unwrap();
    let run = book.run(&["pay", file.to_str().unwrap(), "--json"]);
    assert!(matches!(run.code, Some(0 | 3 | 4)), "{}", run.err);
    serde_json::from_str(&run.out).unwrap()
}

pub const CLIENT: &str = "40702810000000000777";

#[test]
fn i51_the_outcomes_of_a_statement_add_up_to_its_receipts() {
    let book = book();
    let text = statement(&[
        Document(CLIENT, ACCOUNT, "20000.00", "Взнос по договору ДМС-1 от 25.12.2025, НДС не облагается"),
        Document(CLIENT, ACCOUNT, "10000.50", "Оплата по дог. № дмс-12/26"),
        Document(CLIENT, ACCOUNT, "70000.00", "Договор ДМС-1, взнос за год"),
        Document(CLIENT, ACCOUNT, "300.00", "Оплата по счёту 15"),
        Document(CLIENT, ACCOUNT, "400.00", "Договоры ДМС-1 и ДМС-12/26"),
        Document(ACCOUNT, CLIENT, "5000.00", "Возврат по договору ДМС-1"),
    ]);
    let bytes = encoding_rs::WINDOWS_1251.encode(&text).0;
    let (answer, err) = pay(&book, "statement.txt", &bytes, 4);
    let sums = ["amount", "doubted_amount", "known_amount", "unmatched_amount", "total", "outgoing_amount"];
    // 20000.00 + 70000.00 are more than 46488.00
    assert_eq!(
        sums.map(|key| answer[key].as_str().unwrap()),
        ["100000.50", "70000.00", "0.00", "700.00", "100700.50", "5000.00"]
    );
    assert_eq!(["new", "doubted", "known", "unmatched"].map(|key| answer[key].as_u64().unwrap()), [3, 1, 0, 2]);
    // the lines of the documents, and no purpose
    assert!(err.contains("statement.txt, 37: ") && err.contains("statement.txt, 46: "), "{err}");
    assert!(err.contains("`ДМС-1`, `ДМС-12/26`") && !err.contains("счёту"), "{err}");
    // the same statement in UTF-8: known by the document numbers
    let (again, _) = pay(&book, "again.txt", text.as_bytes(), 4);
    assert_eq!(
        sums.map(|key| again[key].as_str().unwrap()),
        ["0.00", "0.00", "100000.50", "700.00", "100700.50", "5000.00"]
    );
    let shown = book.show("ДМС-12/26", None);
    assert!(shown.contains("Paid ₽10,000.50") || shown.contains("10,000.50"), "{shown}");
    book.verified();
}

#[test]
fn i51_a_broken_statement_books_nothing() {
    let book = book();
    let text = statement(&[
        Document(CLIENT, ACCOUNT, "20000.00", "Взнос по договору ДМС-1"),
        Document(CLIENT, ACCOUNT, "10000.00", "Взнос по договору ДМС-1"),
    ]);
    let cut = text.split_inclusive("КонецДокумента\r\n").next().unwrap();
    let wrong = text.replace("ВсегоПоступило=30000.00", "ВсегоПоступило=40000.00");
    let without_sum = text.replacen("Сумма=20000.00\r\n", "", 1);
    for (name, text, place) in
        [("cut", cut, "cut.txt, 18: "), ("wrong", &wrong, "wrong.txt, 7: "), ("sum", &without_sum, "sum.txt, 10: ")]
    {
        let file = book.beside(&format!("{name}.txt"));
        fs::write(&file, encoding_rs::WINDOWS_1251.encode(text).0).unwrap();
        let run = book.run(&["pay", file.to_str().unwrap()]).exits_with(3);
        assert!(run.err.contains(place), "{}", run.err);
    }
    assert!(book.show("ДМС-1", None).contains("0.00"), "nothing is paid");
    book.verified();
}

#[test]
fn i51_rows_that_are_no_premium_are_not_booked() {
    let book = book();
    let list = "Номер договора;Дата;Сумма;Валюта;Статус;Вид операции\n\
                ДМС-1;10.02.2026;100,00;RUB;Исполнен;Поступление\n\
                ДМС-1;11.02.2026;200,00;USD;Исполнен;Поступление\n\
                ДМС-1;12.02.2026;300,00;руб.;Не исполнен;Поступление\n\
                ДМС-1;13.02.2026;400,00;RUR;Проведён;Сторно\n\
                ДМС-1;14.02.2026;500,00;;;\n";
    let (answer, err) = pay(&book, "list.csv", list.as_bytes(), 4);
    assert_eq!((answer["amount"].as_str(), answer["wrong"].as_u64()), (Some("600.00"), Some(3)));
    for place in ["list.csv, D3: ", "list.csv, E4: ", "list.csv, F5: "] {
        assert!(err.contains(place), "{place}: {err}");
    }
    let marked = "number,date,amount,reversal\nДМС-1,2026-02-15,1.00,no\nДМС-1,2026-02-16,2.00,yes\n";
    let (answer, _) = pay(&book, "marked.csv", marked.as_bytes(), 4);
    assert_eq!((answer["amount"].as_str(), answer["wrong"].as_u64()), (Some("1.00"), Some(1)));
}

#[test]
fn i51_many_equal_payments_and_their_reversals_are_matched_one_by_one() {
    const ROWS: usize = 3000;
    let book = book();
    let rows = |amount: &str| "ДМС-1,2026-02-10,".to_owned() + amount + "\n";
    let list = |amount: &str| format!("number,date,amount\n{}", rows(amount).repeat(ROWS));
    let (paid, _) = pay(&book, "paid.csv", list("1.00").as_bytes(), 0);
    assert_eq!((paid["new"].as_u64(), paid["amount"].as_str()), (Some(3000), Some("3000.00")));
    assert_eq!(pay(&book, "paid.csv", list("1.00").as_bytes(), 0).0["known"], 3000);
    assert_eq!(pay(&book, "back.csv", list("-1.00").as_bytes(), 0).0["amount"], "-3000.00");
    assert_eq!(pay(&book, "more.csv", list("-1.00").as_bytes(), 0).0["known"], 3000);
    book.verified();
}
