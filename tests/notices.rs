//! The notice of §2.3 in PDF: its text by `pdftotext`, the same bytes on every run and thread.

use jiff::civil::date;
use kollektiv::base::error::Error;
use kollektiv::base::messages::Language;
use kollektiv::base::money::Kopecks;
use kollektiv::output::pdf::Template;
use kollektiv::portfolio::notice::{Changed, Expenses, Notice, pdf, template};
use kollektiv::quote::contract::ExpenseBasis;
use kollektiv::quote::documents::offer::numeral::in_words;
use kollektiv::tariff::Tariff;
use kollektiv::tariff::programme::Programme;
use rayon::prelude::*;

use crate::offer::{poppler, text};

/// A contract of 3 200 insured: clinics become 12 % dearer, dental care 10 % cheaper.
fn notice() -> Notice {
    let programmes = [
        ("16", "Комплексная программа добровольного медицинского страхования", "1.12"),
        ("17", "Комплексное амбулаторно-поликлиническое обслуживание с выездом врача на дом", "1.12"),
        ("5", "Стоматологическая помощь", "0.9"),
    ];
    let changed = |(code, name, coefficient): (&str, &str, &str)| Changed {
        code: code.to_owned(),
        name: name.to_owned(),
        coefficient: coefficient.parse().unwrap(),
        cost: coefficient.parse().unwrap(),
    };
    Notice {
        number: "ДМС-2026/0417".to_owned(),
        policyholder: "АО «Механический завод имени Кулибина»".to_owned(),
        tariff: Tariff::base().id(),
        change_id: "2026-12-clinics".to_owned(),
        notified: date(2026, 11, 1),
        effective: date(2026, 12, 5),
        start: date(2026, 7, 1),
        end: date(2027, 6, 30),
        programmes: programmes.map(changed).to_vec(),
        insured: 3_200,
        lines_repriced: 6_400,
        written: Kopecks::new(6_438_905_215),
        annual_before: Kopecks::new(6_451_200_000),
        annual_after: Kopecks::new(7_225_344_000),
        additional: Kopecks::new(441_156_117),
        worked_out_again: Kopecks::ZERO,
        unexpired: Kopecks::new(3_676_300_971),
        paid: Kopecks::new(6_000_000_000),
        expenses: Some(Expenses {
            load: "0.2".parse().unwrap(),
            basis: ExpenseBasis::Unexpired,
            // 0.2 × 36 763 009.71 = 7 352 601.942
            amount: Kopecks::new(735_260_194),
        }),
        // 36 763 009.71 − (64 389 052.15 − 60 000 000.00) − 7 352 601.94
        refund_if_refused: Some(Kopecks::new(2_502_135_562)),
    }
}

#[track_caller]
fn render(notice: &Notice, language: Language) -> Vec<u8> {
    pdf(notice, &template(), language).unwrap_or_else(|fault| panic!("{fault}"))
}

/// Writes the notice to the folder of `KOLLEKTIV_KEEP_NOTICES`, if it is set.
fn keep(name: &str, document: &[u8]) {
    if let Some(folder) = std::env::var_os("KOLLEKTIV_KEEP_NOTICES") {
        std::fs::write(std::path::Path::new(&folder).join(name), document).unwrap();
    }
}

/// Asserts that the notice has the wanted texts, whatever the spaces in them, and none of the others.
#[track_caller]
fn assert_text(notice: &Notice, language: Language, wanted: &[&str], unwanted: &[&str]) {
    let Some(text) = text(&render(notice, language)) else { return };
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    for wanted in wanted {
        assert!(text.contains(&plain(wanted)), "{language}: no «{wanted}» in {text}");
    }
    for unwanted in unwanted {
        assert!(!text.contains(&plain(unwanted)), "{language}: «{unwanted}» in {text}");
    }
}

#[test]
fn a_notice_states_the_changes_and_the_payment_with_its_last_day() {
    let notice = notice();
    let in_words = |language| in_words(notice.additional, language);
    assert_text(
        &notice,
        Language::Ru,
        &[
            "ДМС-2026/0417",
            "АО «Механический завод имени Кулибина»",
            "Исх. № 2026-12-clinics/ДМС-2026/0417",
            "с 05.12.2026 изменяются цены",
            "16. Комплексная программа",
            "повышение на 12 %",
            "снижение на 10 %",
            "64 512 000,00 ₽",
            "72 253 440,00 ₽",
            "4 411 561,17 ₽",
            &in_words(Language::Ru),
            "не позднее 04.12.2026",
            "последний день страхования — 04.12.2026",
            "с 05.12.2026 по 30.06.2027",
            "36 763 009,71 ₽",
            "начислено 64 389 052,15 ₽, уплачено",
            "60 000 000,00 ₽",
            "− 4 389 052,15 ₽",
            "20 % премии за неистекший срок",
            "− 7 352 601,94 ₽",
            "25 021 355,62 ₽",
        ],
        &["Расчёт даёт", "сумма возврата здесь не указана"],
    );
    assert_text(
        &notice,
        Language::En,
        &[
            "from 5 December 2026 to 30 June 2027",
            "higher by 12%",
            "₽4,411,561.17",
            &in_words(Language::En),
            "due by 4 December 2026",
            "Expenses: 20% of the premium of the unexpired term",
            "₽25,021,355.62",
        ],
        &[],
    );
}

#[test]
fn a_notice_with_every_programme_fits_one_page() {
    let pages = |notice: &Notice| {
        let info = poppler("pdfinfo", &[], &render(notice, Language::Ru))?;
        info.lines().find_map(|line| line.strip_prefix("Pages:")).map(|pages| pages.trim().to_owned())
    };
    let one = notice();
    let mut every = notice();
    let programmes = Tariff::base().programmes;
    assert_eq!(programmes.len(), 21);
    let changed = |programme: Programme| Changed {
        code: programme.code,
        name: programme.name,
        coefficient: "1.1234".parse().unwrap(),
        // an earlier fall of every price is set off
        cost: "1.2345".parse().unwrap(),
    };
    every.programmes = programmes.into_iter().map(changed).collect();
    for (name, notice) in [("one.pdf", one), ("every.pdf", every)] {
        keep(name, &render(&notice, Language::Ru));
        keep(&format!("en-{name}"), &render(&notice, Language::En));
        assert!(pages(&notice).is_none_or(|pages| pages == "1"), "{:?}", pages(&notice));
    }
}

#[test]
fn i19_a_kept_fall_that_is_set_off_is_explained() {
    let mut notice = notice();
    assert_text(&notice, Language::Ru, &["1,12"], &["прежнее снижение"]);
    // 0.9 was kept, so that of 1.30 no more than 0.9 × 1.30 = 1.17 is charged
    (notice.programmes[0].coefficient, notice.programmes[0].cost) = ("1.17".parse().unwrap(), "1.30".parse().unwrap());
    assert_text(&notice, Language::Ru, &["1,17", "коэффициенты цен по программам — 16: 1,3.", "прежнее снижение"], &[]);
    assert_text(&notice, Language::En, &["by programme are 16: 1.3.", "earlier fall"], &[]);
}

#[test]
fn without_an_expense_load_no_refund_is_stated() {
    let notice = Notice { expenses: None, refund_if_refused: None, ..notice() };
    let unwanted = ["К возврату", "36 763 009,71 ₽"];
    assert_text(&notice, Language::Ru, &["сумма возврата здесь не указана", "не позднее 04.12.2026"], &unwanted);
    assert_text(&notice, Language::En, &["no refund is stated here"], &["Refund"]);
}

#[test]
fn a_refund_is_never_negative() {
    let paid_nothing = Notice { paid: Kopecks::ZERO, refund_if_refused: Some(Kopecks::ZERO), ..notice() };
    // 36 763 009.71 − 64 389 052.15 − 7 352 601.94
    let wanted = ["− 64 389 052,15 ₽", "больше премии за неистекший срок на 34 978 644,38 ₽", "0,00 ₽"];
    assert_text(&paid_nothing, Language::Ru, &wanted, &["-34 978", "−34 978"]);
}

#[test]
fn a_refund_is_not_more_than_was_paid() {
    let expenses = notice().expenses.map(|expenses| Expenses { amount: Kopecks::ZERO, ..expenses });
    let (written, unexpired) = (Kopecks::new(100_000), Kopecks::new(100_003));
    let refund_if_refused = Some(written);
    let ahead = Notice { expenses, written, unexpired, paid: written, refund_if_refused, ..notice() };
    assert_text(&ahead, Language::Ru, &["1 000,00 ₽", "по расчёту причитается 1 000,03 ₽"], &["ничего не остаётся"]);
}

#[test]
fn an_overpayment_comes_back_with_the_refund() {
    let overpaid =
        Notice { paid: Kopecks::new(6_438_905_216), refund_if_refused: Some(Kopecks::new(2_941_040_778)), ..notice() };
    assert_text(&overpaid, Language::Ru, &["Уплачено сверх премии", "+ 0,01 ₽", "29 410 407,78 ₽"], &["Неуплаченная"]);
    let in_full = Notice { paid: overpaid.written, refund_if_refused: Some(Kopecks::new(2_941_040_777)), ..notice() };
    assert_text(&in_full, Language::En, &["Unpaid premium: ₽64,389,052.15 written", "− ₽0.00"], &["Paid beyond"]);
}

#[test]
fn a_notice_before_the_first_day_of_cover_names_no_last_day_of_cover() {
    let ahead = Notice { start: date(2027, 1, 1), end: date(2027, 12, 31), ..notice() };
    let wanted = ["с 01.01.2027 изменяются", "не позднее 04.12.2026", "прекратить договор до начала страхования"];
    assert_text(&ahead, Language::Ru, &wanted, &["последний день страхования"]);
    assert_text(&ahead, Language::En, &["before cover begins"], &["the last day of cover"]);
}

#[test]
fn expenses_on_the_written_premium_are_named() {
    let expenses =
        Expenses { load: "0.055".parse().unwrap(), basis: ExpenseBasis::Written, amount: Kopecks::new(354_139_787) };
    let notice = Notice { expenses: Some(expenses), ..notice() };
    assert_text(&notice, Language::Ru, &["5,5 % премии по договору"], &["премии за неистекший срок 36"]);
}

#[test]
fn the_same_notice_has_the_same_bytes_on_any_thread() {
    let notice = notice();
    let first = render(&notice, Language::Ru);
    let all: Vec<Vec<u8>> = (0..8).into_par_iter().map(|_| render(&notice, Language::Ru)).collect();
    assert!(all.iter().all(|document| *document == first));
    assert_ne!(render(&notice, Language::En), first);
}

#[test]
fn a_letter_has_the_same_bytes_alone_and_among_others() {
    let long = "Ш".repeat(40);
    let policyholders =
        ["АО «Ромашка»", "ООО «Щука и 12 Щёк»", long.as_str(), "LLC “Quartz, Jewels & Wax”", "ИП Ёлкина"];
    let letters: Vec<Notice> = (0_i128..)
        .zip(policyholders)
        .map(|(place, policyholder)| Notice {
            number: format!("ДМС-{place}"),
            policyholder: policyholder.to_owned(),
            additional: Kopecks::new(98_765_432 * place + 1),
            programmes: notice().programmes[..=usize::try_from(place % 3).unwrap()].to_vec(),
            refund_if_refused: notice().refund_if_refused.filter(|_| place % 2 == 0),
            ..notice()
        })
        .collect();
    let alone = |letter: &Notice| {
        // nothing is known of an earlier letter
        typst::comemo::evict(0);
        render(letter, Language::Ru)
    };
    let expected: Vec<Vec<u8>> = letters.iter().map(alone).collect();
    let many = || letters.iter().zip(&expected).cycle().take(12);
    for (letter, expected) in many().chain(letters.iter().zip(&expected).rev()) {
        assert!(render(letter, Language::Ru) == *expected, "{}", letter.policyholder);
    }
}

#[test]
fn names_are_never_markup_and_characters_without_glyphs_are_refused() {
    let notice = Notice { policyholder: "#panic(1) *OOO* \"R\\n\" $x$".to_owned(), ..notice() };
    assert_text(&notice, Language::Ru, &["#panic(1) *OOO* \"R\\n\" $x$"], &[]);
    let strange = Notice { policyholder: "АО «漢字»".to_owned(), ..notice };
    let refused = pdf(&strange, &template(), Language::Ru);
    assert!(matches!(refused, Err(Error::NoFace { letters }) if letters == "漢字"));
}

#[test]
fn an_own_template_gets_the_same_values() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("letter.typ");
    let lines = "#let notice = json(\"notice.json\")\n#set document(title: \"x\")\n#set text(font: \"Golos Text\", lang: \"ru\")\nДо #notice.deadline: #notice.additional";
    std::fs::write(&path, lines).unwrap();
    let document = pdf(&notice(), &Template::open(&path).unwrap(), Language::Ru).unwrap();
    assert!(text(&document).is_none_or(|text| text.contains("До 04.12.2026: 4 411 561,17 ₽")));
}
