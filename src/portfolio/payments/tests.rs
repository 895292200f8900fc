//! Lists of payments in every spelling, and broken ones.

use std::io::{Cursor, Read, Write};

use jiff::civil::{Date, date};

use super::*;
use crate::base::messages::Language;
use crate::table::skip::Skip;

fn read(text: &str) -> Payments {
    read_bytes(text.as_bytes().to_vec())
}

fn read_bytes(bytes: Vec<u8>) -> Payments {
    Payments::read(FileBytes::from(bytes), "list", &ListTerms::default()).unwrap()
}

fn payment(number: &str, date: Date, kopecks: i128, row: u32) -> Payment {
    Payment {
        number: number.to_owned(),
        date,
        amount: Kopecks::new(kopecks),
        document: String::new(),
        purpose: String::new(),
        row,
    }
}

/// The problems, as their places and the names of their messages.
fn problems(payments: &Payments) -> Vec<(u32, Option<u32>, &'static str)> {
    payments.problems.iter().map(|found| (found.row, found.column, found.message.name())).collect()
}

#[test]
fn payments_are_read_in_every_spelling() {
    let expected = [payment("ДМС-1", date(2026, 12, 1), 12_000_050, 2), payment("0417", date(2027, 1, 31), 100, 3)];
    let russian = "Номер договора;Дата;Сумма\nДМС-1;01.12.2026;120 000,50\n0417;31/01/2027;1,00 руб.\n";
    let english = "amount,contract,date\n120000.50,ДМС-1,2026-12-01\n1,0417,2027-01-31\n";
    let tabs =
        "Договор №\tДата платежа\tСумма, руб.\r\nДМС-1\t1.12.2026\t120\u{a0}000,5\r\n0417\t31.01.2027 г.\t1 ₽\r\n";
    for text in [russian, english, tabs] {
        let payments = read(text);
        assert_eq!(problems(&payments), [], "{text}");
        assert_eq!(payments.payments, expected, "{text}");
    }
    let windows_1251 = encoding_rs::WINDOWS_1251.encode(russian).0.into_owned();
    assert_eq!(read_bytes(windows_1251).payments, expected);
    assert_eq!(read(russian).notes, []);
}

#[test]
fn a_midnight_of_another_zone_is_no_day_of_payment() {
    let list = |times: [&str; 3]| {
        let rows = times.iter().zip(14..).map(|(time, day)| format!("ДМС-1;{day}.01.2027 {time};100\n"));
        read(&format!("Договор;Дата;Сумма\n{}", rows.collect::<String>()))
    };
    let days = |payments: &Payments| payments.payments.iter().map(|payment| payment.date).collect::<Vec<_>>();
    let usual = list(["09:15:00", "14:30", "23:59:43"]);
    assert_eq!(days(&usual), [date(2027, 1, 14), date(2027, 1, 15), date(2027, 1, 17)]);
    let moscow = list(["09:15:00", "21:00:00", "14:30"]);
    assert_eq!(problems(&moscow), [(3, Some(1), "time-of-day")]);
    let shifted = list(["19:00:00"; 3]);
    assert_eq!((days(&shifted), problems(&shifted).len()), (Vec::new(), 3));
}

#[test]
fn titles_totals_and_other_columns_of_a_bank_are_skipped() {
    let payments = read(
        "Выписка по счёту за декабрь;;;;\n;;;;\nНомер;Дата;Плательщик;Номер договора;Сумма\n\
         17;01.12.2026;ООО «Ромашка»;ДМС-1;100,00\n;;;;\nИтого;;;;100,00\n",
    );
    assert_eq!(problems(&payments), []);
    assert_eq!(payments.payments, [payment("ДМС-1", date(2026, 12, 1), 10_000, 4)], "the number of the contract");
    assert_eq!(payments.tables.sheets[0].skipped, [(6, Skip::Total)]);
}

#[test]
fn i51_the_debit_of_a_card_of_money_is_received() {
    let card = |account: &str| {
        let text = format!(
            "Карточка счета {account}\nДата;Документ;Назначение;Дебет;Кредит\n02.12.2026;17;по договору ДМС-1;1000,00;\n\
             03.12.2026;18;по договору ДМС-2;;300,00\n"
        );
        let read = read(&text);
        let found: Vec<(Kopecks, String)> =
            read.transfers.into_iter().map(|found| (found.amount, found.purpose)).collect();
        (found, read.outgoing.1)
    };
    let purpose = |number: &str| format!("по договору {number}");
    assert_eq!(card("51"), (vec![(Kopecks::new(100_000), purpose("ДМС-1"))], Kopecks::new(30_000)));
    // of an account of policyholders, the credit is what they have paid
    assert_eq!(card("62"), (vec![(Kopecks::new(30_000), purpose("ДМС-2"))], Kopecks::new(100_000)));
}

#[test]
fn a_workbook_gives_the_same_payments() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let day = rust_xlsxwriter::Format::new().set_num_format("dd.mm.yyyy");
    let _ = book.add_worksheet().write(0, 0, "Письмо").unwrap();
    let sheet = book.add_worksheet();
    for (column, heading) in [(1, "№ договора"), (2, "Дата оплаты"), (4, "Сумма, руб.")] {
        sheet.write(2, column, heading).unwrap();
    }
    let date_cell = rust_xlsxwriter::ExcelDateTime::from_ymd(2026, 12, 1).unwrap();
    sheet.write(3, 1, 417).unwrap().write(3, 4, 1234.5).unwrap();
    sheet.write_with_format(3, 2, date_cell, &day).unwrap();
    sheet.write(4, 1, "ДМС-1").unwrap().write(4, 2, "02.12.2026").unwrap().write(4, 4, "7 000").unwrap();
    sheet.write(5, 1, "ДМС-1").unwrap().write(5, 2, "02.12.2026").unwrap().write(5, 4, -7).unwrap();
    let payments = read_bytes(book.save_to_buffer().unwrap());
    let expected = [
        payment("417", date(2026, 12, 1), 123_450, 4),
        payment("ДМС-1", date(2026, 12, 2), 700_000, 5),
        payment("ДМС-1", date(2026, 12, 2), -700, 6),
    ];
    assert_eq!(payments.payments, expected);
    assert_eq!(problems(&payments), []);
}

#[test]
fn hidden_cells_are_read_with_a_warning() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let _ = book.add_worksheet().write(0, 0, "Письмо").unwrap();
    let sheet = book.add_worksheet().set_name("Банк").unwrap().set_hidden(true);
    sheet.write_row(0, 0, ["number", "date", "amount", "note"]).unwrap();
    for row in 1..8 {
        sheet.write_row(row, 0, ["A", "2026-12-01", "5", ""]).unwrap();
    }
    for row in [2, 3, 5, 20] {
        sheet.set_row_hidden(row).unwrap();
    }
    sheet.set_column_hidden(1).unwrap().set_column_hidden(3).unwrap();
    sheet.merge_range(6, 0, 7, 0, "A", &rust_xlsxwriter::Format::new()).unwrap();
    let payments = read_bytes(book.save_to_buffer().unwrap());
    assert_eq!(payments.payments.len(), 6, "hidden ones too");
    assert_eq!(problems(&payments), [(8, Some(0), "payment-without-number")]);
    let rendered: Vec<String> = payments.notes.iter().map(|note| Language::En.render(note)).collect();
    let expected = [
        ("payments-hidden-sheet", "“Банк”"),
        ("payments-hidden-row", "3–4, 6 (3)"),
        ("merged-cells", "A7:A8 (1)"),
        ("hidden-column", "(1): B;"),
    ];
    assert_eq!(rendered.len(), expected.len(), "{rendered:?}");
    for ((note, text), (name, words)) in payments.notes.iter().zip(&rendered).zip(expected) {
        assert!(note.name() == name && text.contains(words), "{text}");
    }
}

/// A workbook whose only sheet is truncated to `parts` of `of` equal parts.
fn truncated(book: Vec<u8>, parts: usize, of: usize) -> Vec<u8> {
    let mut whole = zip::ZipArchive::new(Cursor::new(book)).unwrap();
    let mut broken = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..whole.len() {
        let mut entry = whole.by_index(at).unwrap();
        let name = entry.name().unwrap().into_owned();
        let mut text = Vec::new();
        entry.read_to_end(&mut text).unwrap();
        if name == "xl/worksheets/sheet1.xml" {
            text.truncate(text.len() * parts / of);
        }
        broken.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        broken.write_all(&text).unwrap();
    }
    broken.finish().unwrap().into_inner()
}

#[test]
fn a_truncated_list_has_no_payment() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_row(0, 0, ["number", "date", "amount"]).unwrap();
    for row in 1..500 {
        sheet.write_row(row, 0, ["A", "2026-12-01", "5"]).unwrap();
    }
    let whole = book.save_to_buffer().unwrap();
    assert_eq!(read_bytes(whole.clone()).payments.len(), 499);
    let payments = read_bytes(truncated(whole, 3, 4));
    assert_eq!((payments.payments.len(), payments.problems.len()), (0, 1), "{:?}", payments.problems);
    assert_eq!(payments.problems[0].row, 0, "a problem of the whole list");
}

#[test]
fn every_bad_row_is_reported_with_its_place() {
    let payments = read(
        "number;date;amount\nA;01.12.2026;100\n;01.12.2026;100\nA;01.12.26;100\nA;;100\nA;01.12.2026;\n\
         A;31.11.2026;сто\nA;01.12.2026;0\nA;01.12.2026;-100\nA;01.12.2026;1.005\nA;01.12.2026;1000000000000.01\n\
         #N/A;#N/A;#N/A\n1,23457E+15;01.12.2026;5\n;;;примечание\n",
    );
    let amounts: Vec<i128> = payments.payments.iter().map(|payment| payment.amount.get()).collect();
    assert_eq!(amounts, [10_000, -10_000], "a reversal is no fault");
    assert_eq!(
        problems(&payments),
        [
            (3, Some(0), "payment-without-number"),
            (4, Some(1), "date-two-digit-year"),
            (5, Some(1), "payment-without-date"),
            (6, Some(2), "payment-without-amount"),
            (7, Some(1), "date-no-such-day"),
            (7, Some(2), "payment-amount"),
            (8, Some(2), "payment-amount"),
            (10, Some(2), "payment-amount"),
            (11, Some(2), "payment-amount"),
            (12, Some(0), "formula-fault"),
            (12, Some(1), "formula-fault"),
            (12, Some(2), "formula-fault"),
            (13, Some(0), "payment-number-rounded"),
        ]
    );
    assert_eq!(payments.tables.sheets[0].skipped, [(14, Skip::Footer)]);
    let shown = payments.problems[1].render(Path::new("in/payments.csv"), Language::En);
    assert!(shown.starts_with("in/payments.csv, B4: "), "{shown}");
}

#[test]
fn a_file_without_a_table_is_refused() {
    for (text, problem) in [
        ("", "roster-empty"),
        ("just words\n", "payments-without-table"),
        ("Номер;Дата\nA;01.12.2026\n", "payments-column-missing"),
        ("Номер договора;Дата оплаты;Дата поступления;Сумма\nA;01.12.2026;02.12.2026;5\n", "payments-column-twice"),
        ("Номер;Дата;Сумма;Сумма\nA;01.12.2026;5;6\n", "same-columns"),
        ("number;date;amount\n", "payments-none"),
        ("number;date;amount\n\"A;01.12.2026;5\n", "roster-open-quote"),
    ] {
        let payments = read(text);
        assert!(payments.payments.is_empty());
        assert_eq!(problems(&payments).iter().map(|(_, _, name)| *name).collect::<Vec<_>>(), [problem], "{text}");
    }
}
