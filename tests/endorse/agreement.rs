//! The supplementary agreement: its lists, its arithmetic and the instalments that follow.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kollektiv::portfolio::endorse::agreement;
use kollektiv::quote::insurer::with_insurer;

use super::*;
use crate::offer::{poppler, text};

impl Book {
    /// Endorses the contract, with the agreement.
    pub(super) fn endorse_on_paper(&self, rows: &str, on: &str, language: Language) -> Endorsement {
        let insurer = crate::insurer::sample();
        let template = with_insurer(agreement::template(), Some(&insurer));
        let request = Request { agreement: Some(template), language, ..self.request(rows, on) };
        match endorse(&mut self.portfolio(), &request, &()) {
            Ok(Endorsed::Done(done)) => *done,
            other => panic!("{other:?}"),
        }
    }

    /// What is due from a day on, by due day; days on which charges cancel each other are left out.
    fn due_from(&self, from: Date) -> BTreeMap<Date, Kopecks> {
        let book = self.file("book");
        let shown = ["portfolio", "show", "T-1", "--json", "--quiet", "--portfolio", book.to_str().unwrap()];
        let shown: serde_json::Value = serde_json::from_str(&run(shown).exits_with(0).out).unwrap();
        let mut due: BTreeMap<Date, Kopecks> = BTreeMap::new();
        for charge in shown["charges"].as_array().unwrap() {
            let day: Date = charge["due"].as_str().unwrap().parse().unwrap();
            if day >= from {
                *due.entry(day).or_default() += kopecks(charge["amount"].as_str().unwrap());
            }
        }
        due.retain(|_, amount| *amount != Kopecks::ZERO);
        due
    }

    /// Asserts that the instalments of an agreement are those that the book has before and after it.
    pub(super) fn assert_instalments(&self, done: &Endorsement, before: &BTreeMap<Date, Kopecks>) {
        let of = |amount: fn(&NextInstalment) -> Kopecks| -> BTreeMap<Date, Kopecks> {
            let due = done.instalments.iter().map(|next| (next.due, amount(next)));
            due.filter(|(_, amount)| *amount != Kopecks::ZERO).collect()
        };
        assert_eq!(of(|next| next.after), self.due_from(done.on));
        let before: BTreeMap<Date, Kopecks> =
            before.iter().filter(|(day, _)| **day >= done.on).map(|(day, amount)| (*day, *amount)).collect();
        assert_eq!(of(|next| next.before), before);
    }

    /// All charges, by due day.
    pub(super) fn due(&self) -> BTreeMap<Date, Kopecks> {
        self.due_from(Date::MIN)
    }

    fn paper(&self) -> Vec<u8> {
        fs::read(self.file("endorsed").join("agreement.pdf")).unwrap()
    }
}

/// Keeps a paper in the folder of `KOLLEKTIV_KEEP_PAPERS`, if it is set.
fn keep(name: &str, document: &[u8]) {
    if let Some(folder) = std::env::var_os("KOLLEKTIV_KEEP_PAPERS") {
        fs::write(Path::new(&folder).join(name), document).unwrap();
    }
}

fn quarterly() -> ContractText {
    small().with("instalments = [2026-01-01, 2026-04-01, 2026-07-01, 2026-10-01]")
}

const ROWS: &str = "прикрепить;3;Ли Анна;01.01.1986;1;;\nоткрепить;2;;;;;\nизменить;1;Новая Мария Петровна;;;;\n";

#[test]
fn an_agreement_has_the_lists_the_arithmetic_and_the_next_instalments() {
    let book = Book::bind(&quarterly(), &roster().crowd(2));
    let before = book.due();
    let done = book.endorse_on_paper(ROWS, "2026-07-01", Language::Ru);
    assert_eq!(done.agreement_number(), 1);
    // two insured for 3941.43 each; a joiner and a leaver: 7882.86 × 0.20 = 1576.57 are kept
    assert_eq!(done.expenses(), kopecks("1576.57"));
    book.assert_instalments(&done, &before);
    let document = book.paper();
    keep("agreement.pdf", &document);
    let again = book.endorse_on_paper(ROWS, "2026-07-01", Language::Ru);
    assert!(again.known && again.agreement_number() == 1);
    assert!(book.paper() == document, "the same bytes when the list comes again");
    let Some(text) = text(&document) else { return };
    for wanted in [
        "Дополнительное соглашение № 1",
        "Вступили: 1, выбыли: 1, изменились: 1",
        "Ли Анна",
        "01.01.1986",
        "15,6372",
        "184 дн.",
        "7 882,86 ₽",
        "из 7 882,86 ₽",
        "удержано 1 576,57 ₽",
        "6 306,29 ₽",
        "Новая Мария Петровна",
        "Страховая премия увеличивается на 1 576,57 ₽",
        "одна тысяча пятьсот семьдесят шесть рублей 57 копеек",
        "01.07.2026",
        "Примерова А. Б.",
    ] {
        assert!(text.contains(wanted), "no «{wanted}» in {text}");
    }
    assert!(!text.contains("-6 306") && !text.contains("−6 306"), "{text}");
}

#[test]
fn a_long_list_repeats_its_headings_and_keeps_the_signatures_with_the_instalments() {
    // names of three letters that no word makes alike
    let name = |at: u8| {
        [at / 26, at % 26].map(|letter| char::from_u32(0x430 + u32::from(letter)).unwrap()).iter().collect::<String>()
    };
    let row = |at: u8| {
        let name = name(at);
        format!("прикрепить;{};Длиннофамильская-Кржижановская{name} Александра Александровна;01.01.1986;1;;\n", at + 10)
    };
    let rows: String = (0..100).map(row).collect();
    for (language, heading) in [(Language::Ru, "Тариф, %"), (Language::En, "Rate, %")] {
        let book = Book::bind(&quarterly(), &roster().crowd(1));
        let before = book.due();
        let done = book.endorse_on_paper(&rows, "2026-07-01", language);
        book.assert_instalments(&done, &before);
        let document = book.paper();
        keep(&format!("agreement-long-{language}.pdf"), &document);
        let Some(pages) = poppler("pdftotext", &["-", "-layout"], &document) else { return };
        let pages: Vec<&str> = pages.split('\u{c}').filter(|page| !page.trim().is_empty()).collect();
        assert!(pages.len() > 3, "{} pages", pages.len());
        let of_list = pages.iter().filter(|page| page.contains("Кржижановская")).count();
        let with_heading = pages.iter().filter(|page| page.contains(heading)).count();
        assert_eq!(of_list, with_heading, "every page of the list has its heading");
        let last = pages[pages.len() - 1];
        assert!(last.contains("01.10.2026") || last.contains("1 October 2026"), "instalments and signatures: {last}");
    }
}

#[test]
fn without_a_template_there_is_no_agreement() {
    let book = Book::bind(&small(), &roster().crowd(2));
    let done = book.endorse("открепить;2;;;;;\n", "2026-07-01");
    assert!(done.instalments.is_empty() && !book.file("endorsed").join("agreement.pdf").exists());
}
