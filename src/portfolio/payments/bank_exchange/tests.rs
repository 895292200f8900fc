//! Exchange files as banks write them, in every encoding, and broken ones.

use jiff::civil::date;

use super::*;
use crate::portfolio::payments::{ListTerms, Payments};
use crate::table::source::FileBytes;

/// A statement in the published format: two receipts, one payment, the totals of the day.
const STATEMENT: &str = "1CClientBankExchange
ВерсияФормата=1.03
Кодировка=Windows
Отправитель=Банк
Получатель=Бухгалтерия предприятия
ДатаСоздания=02.02.2027
ВремяСоздания=09:15:00
ДатаНачала=01.02.2027
ДатаКонца=01.02.2027
РасчСчет=40701810900000000001
Документ=Платежное поручение
СекцияРасчСчет
ДатаНачала=01.02.2027
ДатаКонца=01.02.2027
РасчСчет=40701810900000000001
НачальныйОстаток=1000.00
ВсегоПоступило=150000.50
ВсегоСписано=700.00
КонечныйОстаток=150300.50
КонецРасчСчет
СекцияДокумент=Платежное поручение
Номер=17
Дата=31.01.2027
Сумма=120000.50
ПлательщикСчет=40702810000000000777
ПлательщикИНН=7700000001
Плательщик1=ООО «Ромашка»
ПолучательСчет=40701810900000000001
ДатаПоступило=01.02.2027
НазначениеПлатежа=Оплата по договору ДМС № ДМС-1 от 01.12.2026,
 первый взнос=полностью
КонецДокумента
СекцияДокумент=Платежное поручение
Номер=18
Дата=01.02.2027
Сумма=30000
ПлательщикСчет=40702810000000000778
ПолучательСчет=40701810900000000001
ДатаПоступило=01.02.2027
НазначениеПлатежа1=Страховой взнос
НазначениеПлатежа2=по дог. ДМС-2
КонецДокумента
СекцияДокумент=Платежное поручение
Номер=5
Дата=01.02.2027
Сумма=700.00
ПлательщикСчет=40701810900000000001
ДатаСписано=01.02.2027
ПолучательСчет=40702810000000000999
НазначениеПлатежа=Возврат по договору ДМС-1
КонецДокумента
КонецФайла
";

fn statement_without(line: &str) -> String {
    STATEMENT.lines().filter(|of| *of != line).collect::<Vec<_>>().join("\r\n")
}

fn faults(text: &str) -> Vec<(u32, &'static str)> {
    let faults = BankExchange::parse(text).unwrap_err();
    faults.iter().map(|fault| (fault.row, fault.message.name())).collect()
}

#[test]
fn i51_a_statement_has_its_receipts_with_their_purposes() {
    let exchange = BankExchange::parse(STATEMENT).unwrap();
    assert_eq!(exchange.outgoing, (1, Kopecks::new(70_000)));
    let [first, second] = exchange.incoming.as_slice() else { panic!("{exchange:?}") };
    assert_eq!((first.line, &*first.document, first.day), (21, "17", date(2027, 2, 1)));
    assert_eq!(first.purpose, "Оплата по договору ДМС № ДМС-1 от 01.12.2026, первый взнос=полностью");
    assert_eq!((first.amount, second.amount), (Kopecks::new(12_000_050), Kopecks::new(3_000_000)));
    assert_eq!(second.purpose, "Страховой взнос по дог. ДМС-2");
    assert!([first, second].iter().all(|transfer| transfer.excluded.is_none()));
}

#[test]
fn i51_every_encoding_of_the_format_is_read() {
    let dos = STATEMENT.replace("Кодировка=Windows", "Кодировка=DOS").replace(['«', '»', '№'], "N");
    let files = [
        STATEMENT.as_bytes().to_vec(),
        format!("\u{feff}{STATEMENT}").into_bytes(),
        encoding_rs::WINDOWS_1251.encode(STATEMENT).0.into_owned(),
        encoding_rs::IBM866.encode(&dos).0.into_owned(),
        [encoding_rs::WINDOWS_1251.encode(STATEMENT).0.as_ref(), b"\x1a\r\n"].concat(),
    ];
    for bytes in files {
        let payments = Payments::read(FileBytes::from(bytes), "list", &ListTerms::default()).unwrap();
        assert_eq!((payments.transfers.len(), payments.problems.len()), (2, 0), "{:?}", payments.problems);
        assert_eq!(payments.outgoing, (1, Kopecks::new(70_000)));
    }
    let koi8 = encoding_rs::KOI8_R.encode(&STATEMENT.replace(['«', '»', '№'], "N")).0.into_owned();
    let mut mixed = STATEMENT.as_bytes().to_vec();
    mixed.extend(encoding_rs::WINDOWS_1251.encode("Примечание").0.as_ref());
    let binary = STATEMENT.replace("Номер=18", "Номер=\u{1}8").into_bytes();
    for (bytes, line) in [(koi8, 2), (mixed, 53), (binary, 34)] {
        let payments = Payments::read(FileBytes::from(bytes), "list", &ListTerms::default()).unwrap();
        let [problem] = payments.problems.as_slice() else { panic!("{:?}", payments.problems) };
        assert_eq!((problem.row, problem.message.name()), (line, "exchange-encoding"));
        assert!(payments.transfers.is_empty());
    }
}

#[test]
fn i51_a_broken_statement_is_refused_with_its_lines() {
    let cut = |lines: usize| STATEMENT.lines().take(lines).collect::<Vec<_>>().join("\n");
    assert_eq!(faults(&cut(51)), [(51, "exchange-cut-off")], "the end of the file is missing");
    assert_eq!(faults(&cut(26)), [(26, "exchange-cut-off")], "in the middle of a document");
    assert_eq!(faults(&cut(1)), [(1, "exchange-cut-off")]);
    assert_eq!(faults(&format!("{}\nПлательщ", cut(24))), [(25, "exchange-cut-off")], "in the middle of a line");
    let mark_alone =
        Payments::read(FileBytes::from(format!("{MARK}\r\n").into_bytes()), "list", &ListTerms::default()).unwrap();
    assert_eq!(mark_alone.problems[0].message.name(), "exchange-cut-off");
    let after_end = format!("{STATEMENT}СекцияДокумент=Платежное поручение\n");
    assert_eq!(faults(&after_end), [(53, "exchange-after-end")]);
    assert_eq!(faults(&statement_without("Сумма=30000")), [(33, "exchange-missing")]);
    assert_eq!(faults(&statement_without("РасчСчет=40701810900000000001")), [(1, "exchange-account")]);
    assert_eq!(faults(&statement_without("КонецРасчСчет")), [(20, "exchange-section")]);
    for (line, other, fault) in [
        ("Сумма=30000", "Сумма=тридцать", (36, "exchange-sum")),
        ("Сумма=30000", "Сумма=0", (36, "exchange-sum")),
        ("Сумма=30000", "Сумма=30000\nСумма=30000", (37, "exchange-twice")),
        ("Сумма=30000", "Сумма=30000.01", (17, "exchange-total")),
        ("Сумма=700.00", "Сумма=701.00", (18, "exchange-total")),
        ("Дата=31.01.2027", "Дата=31.02.2027", (23, "exchange-day")),
        ("Дата=31.01.2027", "=31.01.2027", (23, "exchange-line")),
        ("Плательщик1=ООО «Ромашка»", "Плательщик1=ООО\n«Ромашка»", (28, "exchange-line")),
        ("Документ=Платежное поручение", "и так далее", (11, "exchange-line")),
        ("ПолучательСчет=40702810000000000999", "ПолучательСчет=", (51, "-")),
    ] {
        if fault.1 == "-" {
            assert!(BankExchange::parse(&STATEMENT.replace(line, other)).is_ok(), "the payer is the own account");
        } else {
            assert_eq!(faults(&STATEMENT.replacen(line, other, 1)), [fault], "{other}");
        }
    }
    for key in ["Дата", "ДатаПоступило", "ПолучательСчет", "ПлательщикСчет"]
    {
        let line = STATEMENT.lines().skip(20).find(|line| line.starts_with(&format!("{key}="))).unwrap();
        let twice = STATEMENT.replacen(&format!("\n{line}\n"), &format!("\n{line}\n{line}\n"), 1);
        let [(_, name)] = faults(&twice)[..] else { panic!("{key}: {:?}", faults(&twice)) };
        assert_eq!(name, "exchange-twice", "{key}");
    }
    let broken_and_cut = cut(24).replacen("Отправитель=Банк", "Банк", 1);
    assert_eq!(faults(&broken_and_cut), [(4, "exchange-line")], "a broken line above the end");
    let nameless = STATEMENT.replace("РасчСчет=40701810900000000001", "РасчСчет=");
    assert_eq!(faults(&nameless), [(1, "exchange-account")]);
    let foreign = STATEMENT.replace("ПлательщикСчет=40701810900000000001", "ПлательщикСчет=40702810000000000000");
    assert_eq!(faults(&foreign), [(43, "exchange-foreign")], "a document of other accounts");
}

#[test]
fn i51_what_a_document_may_lack_or_repeat_is_no_fault() {
    for (line, other) in [
        ("ПлательщикСчет=40702810000000000777\n", ""),
        ("Дата=31.01.2027\n", ""),
        ("Номер=17", "Номер=17\nВид_платежа=1\nКод.дохода=2\nПоле-три=3\nПлательщик1=А\nПлательщик1=Б"),
        ("Отправитель=Банк", "Отправитель=Банк\nДата=1\nДата=2"),
        ("первый взнос", "первый\tвзнос"),
    ] {
        let text = STATEMENT.replacen(line, other, 1);
        assert_ne!(text, STATEMENT);
        let payments = Payments::read(FileBytes::from(text.into_bytes()), "list", &ListTerms::default()).unwrap();
        assert_eq!((payments.transfers.len(), payments.problems.len()), (2, 0), "{other}: {:?}", payments.problems);
    }
    let more = STATEMENT.replacen("ДМС-2\n", "ДМС-2\nза февраль\n", 1);
    assert_eq!(BankExchange::parse(&more).unwrap().incoming[1].purpose, "Страховой взнос по дог. ДМС-2 за февраль");
}

#[test]
fn i51_transfers_that_are_no_premium_are_marked() {
    let excluded = |text: &str| {
        let exchange = BankExchange::parse(text).unwrap();
        exchange.incoming[0].excluded.as_ref().map(Message::name)
    };
    let own = STATEMENT.replace(
        "РасчСчет=40701810900000000001\nДокумент",
        "РасчСчет=40701810900000000001\nРасчСчет=40702810000000000777\nДокумент",
    );
    assert_eq!(excluded(&own), Some("exchange-own-transfer"));
    let twice_in_total = own.replace("ВсегоПоступило=150000.50", "ВсегоПоступило=270001.00");
    assert_eq!(excluded(&twice_in_total), Some("exchange-own-transfer"), "the totals of own accounts are not checked");
    let currency = STATEMENT.replace("40701810900000000001", "40701840900000000001");
    assert_eq!(excluded(&currency), Some("exchange-currency"));
    for unusual in ["4070184090000000000", "40701840900000000A01"] {
        assert_eq!(excluded(&STATEMENT.replace("40701810900000000001", unusual)), None, "no number of an account");
    }
    assert_eq!(excluded(&statement_without("ДатаПоступило=01.02.2027")), None);
    // an order that is not executed is in no total
    let not_credited = STATEMENT.replacen("ДатаПоступило=01.02.2027", "ДатаПоступило=", 1);
    let not_credited = not_credited.replace("ВсегоПоступило=150000.50", "ВсегоПоступило=30000.00");
    assert_eq!(excluded(&not_credited), Some("exchange-not-credited"));
}
