//! Invoices with their payment codes, and statements of account.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use jiff::civil::date;
use kollektiv::base::messages::Language;
use kollektiv::base::money::Kopecks;
use kollektiv::portfolio::invoices::{Invoice, payment_text, pdf, template};
use kollektiv::portfolio::register::VersionKind;
use kollektiv::quote::insurer::{Insurer, with_insurer};
use serde_json::Value;

use super::book::Book;
use crate::offer::{poppler, text};
use crate::program::{Table, json, project};
use crate::support::{ContractText, contract, roster};

/// A contract of one insured for 15 637.20, paid by quarters: 3 855.75 and 3 898.59 are due on 1 January and on 1 April.
fn quarterly() -> ContractText {
    let quarters = "instalments = [2026-01-01, 2026-04-01, 2026-07-01, 2026-10-01]";
    let text = contract().with("roster = 'roster.csv'").with("expense_load = '0.20'").with(quarters);
    text.choose("ranges = 'low'").cover("16", "")
}

fn insurer_file() -> String {
    project().join("samples/insurer.toml").display().to_string()
}

/// Makes the invoices of a book; the answer, and the folder.
fn invoices(book: &Book, due: &str, issued: &str, name: &str) -> (Value, std::path::PathBuf) {
    let (out, insurer) = (book.beside(name), insurer_file());
    let days = ["portfolio", "invoices", "--due", due, "--issued", issued, "--json", "--quiet"];
    let files = ["--insurer", &insurer, "--out", out.to_str().unwrap()];
    let run = book.run(&[days.as_slice(), &files].concat()).exits_with(0);
    (serde_json::from_str(&run.out).unwrap(), out)
}

fn amounts(answer: &Value) -> Vec<[String; 4]> {
    let invoices = answer["invoices"].as_array().unwrap().iter();
    let keys = ["invoice", "charged", "settled", "amount"];
    invoices.map(|invoice| keys.map(|key| invoice[key].as_str().unwrap().to_owned())).collect()
}

/// The text of the QR code on the first page of a document, read from its picture; none without poppler.
fn scanned(document: &[u8]) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    let (pdf, page) = (folder.path().join("paper.pdf"), folder.path().join("page"));
    fs::write(&pdf, document).unwrap();
    // where poppler is not installed the test is skipped, or fails in `.ci/run`
    poppler("pdfinfo", &[], document)?;
    let arguments = ["-gray", "-r", "200", "-f", "1", "-l", "1", "-singlefile"];
    let drawn = Command::new("pdftoppm").args(arguments).args([&pdf, &page]).status().unwrap();
    assert!(drawn.success());
    let picture = fs::read(page.with_extension("pgm")).unwrap();
    let (width, height, points) = gray_points(&picture);
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| points[y * width + x]);
    let codes = image.detect_grids();
    assert_eq!(codes.len(), 1, "one code on the page");
    Some(codes[0].decode().unwrap().1)
}

/// The width, the height and the points of a picture in PGM.
fn gray_points(picture: &[u8]) -> (usize, usize, &[u8]) {
    let mut head = picture.splitn(4, u8::is_ascii_whitespace);
    assert_eq!(head.next(), Some(&b"P5"[..]));
    let mut number = || std::str::from_utf8(head.next().unwrap()).unwrap().parse::<usize>().unwrap();
    let (width, height) = (number(), number());
    (width, height, &picture[picture.len() - width * height..])
}

/// The fields of a payment code after the mark of format and encoding.
fn fields(code: &str) -> BTreeMap<String, String> {
    let (mark, rest) = code.split_at("ST00012".len());
    assert_eq!(mark, "ST00012");
    let separator = rest.chars().next().unwrap();
    let pairs = rest[1..].split(separator).map(|pair| pair.split_once('=').unwrap());
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// A statement of the bank with one receipt.
fn bank_file(path: &Path, amount: &str, purpose: &str) {
    let text = format!(
        "1CClientBankExchange\nВерсияФормата=1.03\nКодировка=UTF-8\nРасчСчет=40701810900000000001\nСекцияДокумент=Платежное поручение\n\
         Номер=7\nДата=20.03.2026\nСумма={amount}\nПлательщикСчет=40702810000000000777\nПолучательСчет=40701810900000000001\n\
         ДатаПоступило=20.03.2026\nНазначениеПлатежа={purpose}\nКонецДокумента\nКонецФайла\n"
    );
    fs::write(path, text).unwrap();
}

#[test]
fn i52_there_is_an_invoice_for_each_due_day_that_is_not_settled() {
    let book = Book::new();
    book.bound("T-1", &quarterly(), &roster().crowd(1));
    let of = |number: &str, charged: &str, settled: &str, amount: &str| {
        [number, charged, settled, amount].map(str::to_owned)
    };
    let (before, _) = invoices(&book, "2026-04-01", "2026-03-01", "before");
    let expected = [of("T-1/260101", "3855.75", "0.00", "3855.75"), of("T-1/260401", "3898.59", "0.00", "3898.59")];
    assert_eq!(amounts(&before), expected);
    // 4000.00 settle January, and 144.25 of April; July is not due yet
    book.paid("T-1", "2026-03-02", "4000.00");
    let (after, out) = invoices(&book, "2026-04-01", "2026-03-02", "after");
    assert_eq!(amounts(&after), [of("T-1/260401", "3898.59", "144.25", "3754.34")]);
    assert_eq!(amounts(&invoices(&book, "2026-04-01", "2026-03-01", "earlier").0), expected, "by the day of issue");
    let table = Table::open(&out.join("invoices.csv"));
    assert_eq!(table.columns(["invoice", "amount", "file"]), [["T-1/260401", "3754.34", "T-1-2026-04-01.pdf"]]);
    let manifest = json(&out.join("manifest.json"));
    assert_eq!(manifest["amount"], "3754.34");
    assert!(manifest["files"]["T-1-2026-04-01.pdf"].is_object(), "{manifest}");
    let document = fs::read(out.join("T-1-2026-04-01.pdf")).unwrap();
    let again = invoices(&book, "2026-04-01", "2026-03-02", "again").1;
    assert!(fs::read(again.join("T-1-2026-04-01.pdf")).unwrap() == document, "the same bytes");
    let Some(text) = text(&document) else { return };
    for wanted in
        ["T-1/260401", "₽3,754.34", "₽144.25", "three thousand seven hundred and fifty-four roubles 34 kopecks"]
    {
        assert!(text.contains(wanted), "no «{wanted}» in {text}");
    }
    // the rest is paid, and nothing is left to invoice
    book.paid("T-1", "2026-03-03", "3754.34");
    assert!(amounts(&invoices(&book, "2026-04-01", "2026-03-03", "none").0).is_empty());
}

#[test]
fn i51_a_payment_by_an_invoice_is_booked_to_its_contract() {
    let book = Book::new();
    for number in ["T-1", "T-1/260401", "T-10"] {
        book.bound(number, &quarterly(), &roster().crowd(1));
    }
    let (answer, _) = invoices(&book, "2026-04-01", "2026-03-01", "invoices");
    let first = answer["invoices"].as_array().unwrap().iter().filter(|invoice| invoice["number"] == "T-1");
    let purposes: Vec<&str> = first.map(|invoice| invoice["purpose"].as_str().unwrap()).collect();
    // the number of the second reads like that of another contract
    assert!(purposes[0].contains("счёт № T-1/260101"), "{purposes:?}");
    assert!(!purposes[1].contains("T-1/260401"), "{purposes:?}");
    for (at, purpose) in purposes.iter().enumerate() {
        let file = book.beside(&format!("bank-{at}.txt"));
        bank_file(&file, "1000.00", purpose);
        let file = file.display().to_string();
        let run = book.run(&["pay", file.as_str(), "--json", "--quiet"]).exits_with(0);
        let paid: Value = serde_json::from_str(&run.out).unwrap();
        assert_eq!(paid["total"], "1000.00", "{purpose}");
    }
    let shown = book.run(&["portfolio", "show", "T-1", "--json", "--quiet"]).exits_with(0).out;
    let shown: Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(shown["paid"], "1000.00", "the second is the same payment");
}

/// An invoice of these names.
fn invoice(contract: &str, policyholder: &str, purpose: &str) -> Invoice {
    Invoice {
        number: format!("{contract}/270301"),
        contract: contract.to_owned(),
        policyholder: policyholder.to_owned(),
        term: (date(2026, 12, 1), date(2027, 11, 30)),
        issued: date(2027, 2, 15),
        due: date(2027, 3, 1),
        charges: vec![
            (VersionKind::Bound, Kopecks::new(3_081_351_382)),
            (VersionKind::Endorsed, Kopecks::new(-119_087)),
            (VersionKind::Repriced, Kopecks::new(503_376_744)),
        ],
        amount: Kopecks::new(3_081_232_295),
        purpose: purpose.to_owned(),
        is_recognised: true,
    }
}

fn render(invoice: &Invoice, insurer: Option<&Insurer>, language: Language) -> Vec<u8> {
    pdf(invoice, insurer, &with_insurer(template(), insurer), language).unwrap_or_else(|fault| panic!("{fault}"))
}

/// Keeps a paper in the folder of `KOLLEKTIV_KEEP_PAPERS`, if it is set.
fn keep(name: &str, document: &[u8]) {
    if let Some(folder) = std::env::var_os("KOLLEKTIV_KEEP_PAPERS") {
        fs::write(Path::new(&folder).join(name), document).unwrap();
    }
}

#[test]
fn the_payment_code_is_read_back_from_the_picture_of_the_invoice() {
    let plain = crate::insurer::sample();
    let mut long = plain.clone();
    long.name = "Щ|".repeat(80);
    long.bank.name = "Ю".repeat(45);
    let short =
        "Страховая премия по договору № DMS-2026-1201, счёт № DMS-2026-1201/270301 от 15.02.2027. НДС не облагается";
    let longest = "Ж".repeat(210);
    for (name, insurer, purpose) in [("plain", &plain, short), ("long", &long, longest.as_str())] {
        let invoice = invoice("DMS-2026-1201", "АО «Чернолужский машиностроительный завод»", purpose);
        for language in [Language::Ru, Language::En] {
            let document = render(&invoice, Some(insurer), language);
            keep(&format!("invoice-{name}-{language}.pdf"), &document);
            let Some(code) = scanned(&document) else { return };
            let expected = [
                ("Name", insurer.name.as_str()),
                ("PersonalAcc", "40701810900000000001"),
                ("BankName", insurer.bank.name.as_str()),
                ("BIC", "044599906"),
                ("CorrespAcc", "30101810500000000906"),
                ("Sum", "3081232295"),
                ("Purpose", purpose),
                ("PayeeINN", "7709991234"),
                ("KPP", "770901001"),
            ];
            let expected: BTreeMap<String, String> =
                expected.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
            assert_eq!(fields(&code), expected);
            assert_eq!(code.chars().nth(7), Some(if name == "long" { '~' } else { '|' }), "the separator");
        }
    }
}

#[test]
fn a_payment_code_has_the_order_and_the_limits_of_the_standard() {
    let insurer = crate::insurer::sample();
    let code = payment_text(&insurer, Kopecks::new(123_456), "Взнос").unwrap();
    let begin = "ST00012|Name=АО «Страховая компания „Пример“»|PersonalAcc=40701810900000000001|BankName=АО «Банк „Пример“»|\
                 BIC=044599906|CorrespAcc=30101810500000000906|Sum=123456|Purpose=Взнос|";
    assert!(code.starts_with(begin), "{code}");
    assert!(payment_text(&insurer, Kopecks::new(1), &"Ж".repeat(211)).is_none(), "a purpose of 211 characters");
    assert!(payment_text(&insurer, Kopecks::new(10_i128.pow(18)), "Взнос").is_none(), "an amount of 19 digits");
    assert!(payment_text(&insurer, Kopecks::new(1), "|~^#*;").is_none(), "every separator occurs");
}

#[test]
fn an_invoice_without_an_insurer_names_what_is_missing() {
    let invoice = invoice("Ш".repeat(80).as_str(), &"Щ".repeat(300), "Взнос");
    for language in [Language::Ru, Language::En] {
        let document = render(&invoice, None, language);
        keep(&format!("invoice-missing-{language}.pdf"), &document);
        let Some(text) = text(&document) else { return };
        assert!(text.contains("insurer.toml") && !text.contains("Платёжный код"), "{text}");
    }
}

#[test]
fn a_statement_has_every_charge_and_payment_between_its_balances() {
    let book = Book::new();
    book.bound("T-1", &quarterly(), &roster().crowd(1));
    book.paid("T-1", "2026-01-10", "3855.75");
    book.paid("T-1", "2026-04-10", "5000.00");
    book.paid("T-1", "2026-04-11", "100.00");
    book.paid("T-1", "2026-05-02", "-100.00");
    let statement = |from: &str, to: &str, name: &str| {
        let (out, insurer) = (book.beside(name), insurer_file());
        let days = ["portfolio", "statement", "T-1", "--from", from, "--to", to, "--json", "--quiet"];
        let files = ["--insurer", &insurer, "--out", out.to_str().unwrap()];
        let run = book.run(&[days.as_slice(), &files].concat()).exits_with(0);
        (serde_json::from_str::<Value>(&run.out).unwrap(), out)
    };
    // 3898.59 − 5000.00 − 100.00 + 100.00 = −1101.41
    let (answer, out) = statement("2026-02-01", "2026-06-30", "spring");
    let sums = ["opening", "debit", "credit", "closing"].map(|key| answer[key].as_str().unwrap().to_owned());
    assert_eq!(sums, ["0.00", "3998.59", "5100.00", "-1101.41"]);
    let table = Table::open(&out.join("statement.csv"));
    let expected = [
        ["2026-04-01", "bound", "3898.59", "0.00", "3898.59"],
        ["2026-04-10", "payment", "0.00", "5000.00", "-1101.41"],
        ["2026-04-11", "payment", "0.00", "100.00", "-1201.41"],
        ["2026-05-02", "payment", "100.00", "0.00", "-1101.41"],
    ];
    assert_eq!(table.columns(["day", "cause", "debit", "credit", "balance"]), expected);
    let next = statement("2026-07-01", "2026-07-01", "day").0;
    assert_eq!([&next["opening"], &next["closing"]], ["-1101.41", "2840.02"], "3941.43 of July");
    let refused = ["portfolio", "statement", "T-1", "--from", "2026-02-01", "--to", "2026-01-01"];
    assert!(book.run(&refused).exits_with(3).err.contains("swap `--from` and `--to`"));
    let unknown = ["portfolio", "statement", "T-2", "--from", "2026-02-01", "--to", "2026-03-01"];
    book.run(&unknown).exits_with(3);
    let document = fs::read(out.join("statement.pdf")).unwrap();
    keep("statement.pdf", &document);
    let Some(text) = text(&document) else { return };
    for wanted in
        ["Statement of account", "₽5,000.00", "Payment taken back", "₽1,101.41", "in favour of the policyholder"]
    {
        assert!(text.contains(wanted), "no «{wanted}» in {text}");
    }
    assert!(!text.contains('−') && !text.contains("-1,1"), "no negative amount: {text}");
}
