//! Registers settled: whatever stands in them, the totals are the register's to the kopeck, and the order of rows is all one.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::civil::{Date, date};
use kollektiv::base::diagnostic::Code;
use kollektiv::base::messages::Language;
use kollektiv::base::money::Kopecks;
use kollektiv::clinics::adjudicate::{Settlement, asked};
use kollektiv::clinics::finder::InsuredIndex;
use kollektiv::clinics::insured_view::Person;
use kollektiv::clinics::letter::Letters;
use kollektiv::clinics::network::Network;
use kollektiv::clinics::register::Register;
use kollektiv::clinics::verdict::{Shares, Verdict};
use kollektiv::roster::spec::{RosterSpec, RowKind, SheetChoice};
use proptest::collection::vec;
use proptest::prelude::*;

use super::world::{child_of, contract, days, letter, letters, network, person, served};

/// Eight people: on each plan, who came later, who left, a child of whom cover has ended, and two of one name.
fn people() -> Vec<Person> {
    let (one, other) = (contract("T-1"), contract("T-2"));
    let whole = one.days;
    let later = days(date(2026, 7, 1), date(2026, 12, 31));
    let ended = days(date(2026, 1, 1), date(2026, 3, 31));
    let namesake = |number| Person {
        name: "Семёнов Семён".to_owned(),
        policy: format!("С-{number}"),
        ..person(&other, number, 1, whole)
    };
    vec![
        person(&one, 1, 0, whole),
        person(&one, 2, 1, whole),
        person(&one, 3, 2, whole),
        person(&one, 4, 0, later),
        person(&one, 5, 1, ended),
        child_of(whole, person(&one, 6, 0, ended)),
        namesake(7),
        namesake(8),
    ]
}

fn book_of(people: &[Person]) -> Letters {
    letters(vec![
        letter(1, &people[1], date(2026, 1, 31), &["cd-in", "cn-out"]),
        letter(2, &people[6], date(2026, 6, 1), &["cd-in"]),
    ])
}

fn read(text: &str) -> Register {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("register.csv");
    std::fs::write(&path, text).unwrap();
    Register::read(&path, &RosterSpec::of_clinic(RowKind::Services, Vec::new(), SheetChoice::TheOne))
}

fn finder(register: &Register, people: &[Person]) -> InsuredIndex {
    let mut finder = InsuredIndex::new(asked(register));
    for person in people {
        finder.show(&served(person));
    }
    finder
}

/// A row as a clinic writes it.
#[derive(Debug, Clone)]
struct Row {
    /// Somebody of the book, or nobody.
    who: usize,
    by_policy: bool,
    day: Date,
    service: usize,
    quantity: u32,
    /// What it costs more or less than the price list, in kopecks.
    over: i64,
}

const SERVICES: [&str; 5] = ["cd-in", "cn-out", "nd-out", "Услуга NN in", "не из прейскуранта"];

impl Row {
    fn amount(&self, network: &Network) -> i64 {
        let listed = network.clinics[0]
            .service(SERVICES[self.service])
            .map_or(50_000, |at| i64::try_from(network.clinics[0].services[at].price.get()).unwrap());
        (listed * i64::from(self.quantity) + self.over).max(0)
    }

    fn text(&self, network: &Network, people: &[Person]) -> String {
        let (name, born, policy) = match people.get(self.who) {
            Some(person) if self.by_policy => (String::new(), String::new(), person.policy.clone()),
            Some(person) => (person.name.to_uppercase(), "04.05.1980".to_owned(), String::new()),
            None => ("Неизвестный Никто".to_owned(), "01.01.1970".to_owned(), String::new()),
        };
        let amount = self.amount(network);
        let day = self.day.strftime("%d.%m.%Y");
        let service = SERVICES[self.service];
        format!("{name};{born};{policy};{day};{service};{};{}.{:02}\n", self.quantity, amount / 100, amount % 100)
    }
}

const HEADING: &str = "Пациент;Дата рождения;№ полиса;Дата услуги;Услуга;Кол-во;Стоимость\n";

fn row() -> impl Strategy<Value = Row> {
    let day = (1..=12_i8, 1..=4_i8).prop_map(|(month, part)| date(2026, month, part * 7));
    // the price of a row goes by person, service and day, so that whoever repeats another costs the same
    (0..9_usize, any::<bool>(), day, 0..SERVICES.len(), prop_oneof![Just(0_i64), Just(1), Just(-50_000)]).prop_map(
        |(who, by_policy, day, service, over)| Row {
            who,
            by_policy,
            day,
            service,
            quantity: 1 + u32::from((who + service) % 2 == 1),
            over: if day.month() % 3 == 0 { over.min(0) } else { i64::from(day.day()) % 2 },
        },
    )
}

/// What the totals say, by verdict.
fn sums(settlement: &Settlement<'_>) -> BTreeMap<Verdict, (usize, Kopecks)> {
    settlement.totals.iter().map(|total| (total.verdict, (total.rows, total.shares.total()))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn totals_are_the_registers_to_the_kopeck(rows in vec(row(), 1..150)) {
        let (network, people) = (network(), people());
        let letters = book_of(&people);
        let text: String = [HEADING.to_owned()].into_iter().chain(rows.iter().map(|row| row.text(&network, &people))).collect();
        let register = read(&text);
        prop_assert!(!register.is_refused(), "{:?}", register.roster.diagnostics);
        let finder = finder(&register, &people);
        let settlement = Settlement::new(&network, &network.clinics[0], &register, &finder, &letters);
        let total: i64 = rows.iter().map(|row| row.amount(&network)).sum();
        let total = Kopecks::new(total.into());
        prop_assert_eq!(settlement.rows.len(), rows.len());
        prop_assert_eq!(settlement.total(), total);
        prop_assert_eq!(settlement.shares().total(), total);
        prop_assert_eq!(settlement.totals.iter().map(|sum| sum.shares.total()).sum::<Kopecks>(), total);
        prop_assert_eq!(settlement.totals.iter().map(|sum| sum.rows).sum::<usize>(), rows.len());
        let mut by_row = Shares::default();
        for settled in &settlement.rows {
            prop_assert_eq!(settled.judged.shares.total(), settled.row.amount);
            by_row += settled.judged.shares;
        }
        prop_assert_eq!(by_row, settlement.shares());
    }

    #[test]
    fn the_order_of_rows_does_not_matter(rows in vec(row(), 1..150), keys in vec(any::<u64>(), 150)) {
        let (network, people) = (network(), people());
        let letters = book_of(&people);
        let mut shuffled: Vec<(&Row, u64)> = rows.iter().zip(keys).collect();
        shuffled.sort_by_key(|(_, key)| *key);
        let mut told = Vec::new();
        for rows in [rows.iter().collect::<Vec<_>>(), shuffled.into_iter().map(|(row, _)| row).collect()] {
            let mut text = HEADING.to_owned();
            for row in rows {
                // who repeats another costs the same
                let row = Row { over: i64::from(row.day.day()) % 2, ..row.clone() };
                let _ = write!(text, "{}", row.text(&network, &people));
            }
            let register = read(&text);
            let finder = finder(&register, &people);
            let settlement = Settlement::new(&network, &network.clinics[0], &register, &finder, &letters);
            told.push((sums(&settlement), settlement.shares()));
        }
        prop_assert_eq!(&told[0], &told[1]);
    }
}

/// The verdict of each row of a register.
fn verdicts(text: &str) -> Vec<&'static str> {
    let (network, people) = (network(), people());
    let letters = book_of(&people);
    let register = read(text);
    assert!(!register.is_refused(), "{:?}", register.roster.diagnostics);
    let finder = finder(&register, &people);
    let settlement = Settlement::new(&network, &network.clinics[0], &register, &finder, &letters);
    settlement.rows.iter().map(|settled| settled.judged.verdict.as_str()).collect()
}

#[test]
fn two_of_one_name_and_birth_date_are_told_apart_by_policy_alone() {
    let rows = "Семёнов Семён;04.05.1980;;01.06.2026;cd-in;1;1000\nСеменов Семен;04.05.1980;С-7;01.06.2026;cd-in;1;1000\n\
                ;;С-8;01.06.2026;cd-in;1;1000\nСеменов С.;;С-8;02.06.2026;cd-in;1;1000\n";
    assert_eq!(verdicts(&format!("{HEADING}{rows}")), ["unknown", "letter", "call-dispatcher", "call-dispatcher"]);
}

#[test]
fn registers_have_headings_of_their_own() {
    let text = "Реестр за июль\n\nФамилия;Имя;Отчество;Д.р.;Дата визита;Код услуги;Название услуги;Цена\n\
                Иванов;Пётр;1;04.05.1980;2026-07-01;CD-IN;;1000\nИванов;Петр;2;04.05.1980;01/07/2026;;услуга cd in;1 000,00 руб.\n\
                Итого;;;;;;;2000\n";
    assert_eq!(verdicts(text), ["advance", "letter-expired"]);
}

#[test]
fn i44_a_code_and_a_name_of_two_services_name_none() {
    let text = "Пациент;Дата рождения;Дата;Код;Услуга;Сумма\nИванов Пётр 1;04.05.1980;01.07.2026;cd-in;Услуга cd out;900\n\
                Иванов Пётр 1;04.05.1980;01.07.2026;cd-in;Как у нас называется;900\n";
    assert_eq!(verdicts(text), ["price", "advance"]);
}

#[test]
fn a_repeated_service_is_one_whatever_it_is_called() {
    let rows = "Иванов Пётр 1;04.05.1980;;01.07.2026;cd-in;1;1000\n;;П-1;01.07.2026;услуга CD in;1;1000\n;;П-1;02.07.2026;cd-in;1;1000\n";
    assert_eq!(verdicts(&format!("{HEADING}{rows}")), ["advance", "duplicate", "advance"]);
}

#[test]
fn a_service_is_repeated_across_sheets_as_well() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("register.xlsx");
    let row = ["Иванов Пётр 1", "04.05.1980", "", "01.07.2026", "cd-in", "1", "1000"];
    let other = ["Иванов Пётр 1", "04.05.1980", "", "02.07.2026", "cd-in", "1", "1000"];
    let mut book = rust_xlsxwriter::Workbook::new();
    // the third sheet has the row of the first in another place, and twice
    for (name, rows) in [("Июль", vec![row]), ("Копия", vec![row]), ("Итог", vec![other, row, row])] {
        let sheet = book.add_worksheet().set_name(name).unwrap();
        sheet.write_row(0, 0, HEADING.trim().split(';')).unwrap();
        sheet.write_row_matrix(1, 0, rows).unwrap();
    }
    book.save(&path).unwrap();
    let register = Register::read(&path, &Wanted::of_clinic(RowsOf::Services, Vec::new(), SheetChoice::Every));
    assert!(!register.is_refused(), "{:?}", register.roster.diagnostics);
    let (network, people) = (network(), people());
    let (finder, letters) = (finder(&register, &people), book_of(&people));
    let settlement = Settlement::new(&network, &network.clinics[0], &register, &finder, &letters);
    let told: Vec<_> = settlement.rows.iter().map(|row| row.judged.verdict.as_str()).collect();
    assert_eq!(told, ["advance", "duplicate", "advance", "duplicate", "duplicate"]);
    assert_eq!(settlement.shares().advance, Kopecks::new(200_000));
    let reason = Language::En.say(&settlement.rows[1].judged.reason);
    assert!(reason.contains("in row 2 (Июль) already"), "{reason}");
}

#[test]
fn a_row_of_the_same_sheet_is_named_without_it() {
    let (network, people) = (network(), people());
    let row = "Иванов Пётр 1;04.05.1980;;01.07.2026;cd-in;1;1000\n";
    let register = read(&format!("{HEADING}{row}{row}"));
    let (finder, letters) = (finder(&register, &people), book_of(&people));
    let settlement = Settlement::new(&network, &network.clinics[0], &register, &finder, &letters);
    let reason = Language::En.say(&settlement.rows[1].judged.reason);
    assert!(reason.contains("in row 2 already"), "{reason}");
}

#[test]
fn every_mistake_of_a_register_is_said_and_refuses_it() {
    let rows = "Иванов Пётр 1;04.05.80;;01.07.2026;cd-in;1;1000\n\
                Иванов Пётр 1;04.05.1980;;;cd-in;1;1000\n\
                Иванов Пётр 1;04.05.1980;;31.06.2026;cd-in;1;1000\n\
                Иванов Пётр 1;04.05.1980;;01.07.2026;;1;1000\n\
                Иванов Пётр 1;04.05.1980;;01.07.2026;cd-in;0;1000\n\
                Иванов Пётр 1;04.05.1980;;01.07.2026;cd-in;1;\n\
                Иванов Пётр 1;04.05.1980;;01.07.2026;cd-in;1;-5\n\
                Иванов Пётр 1;;;01.07.2026;cd-in;1;1000\n\
                ;04.05.1980;;01.07.2026;cd-in;1;1000\n\
                Иванов Пётр 1;04.05.1980;;01.07.2026;cd-in;1;1000\n";
    let register = read(&format!("{HEADING}{rows}"));
    assert!(register.is_refused());
    let found: Vec<(u32, Code)> =
        register.roster.diagnostics.iter().map(|found| (found.place.row, found.code)).collect();
    assert_eq!(
        found,
        [
            (2, Code::BadBirthDate),
            (3, Code::MissingDay),
            (4, Code::BadDay),
            (5, Code::MissingService),
            (6, Code::BadQuantity),
            (7, Code::MissingPrice),
            (8, Code::BadPrice),
            (9, Code::MissingBirthDate),
            (10, Code::MissingName),
        ]
    );
    assert_eq!((register.read, register.rows.len()), (10, 1));
}

#[test]
fn price_times_quantity_is_the_amount_or_the_row_is_refused() {
    let heading = "Пациент;Дата рождения;Дата;Услуга;Кол-во;Цена;Сумма\n";
    let row = |price: &str, amount: &str| {
        read(&format!("{heading}Иванов Пётр 1;04.05.1980;01.07.2026;cd-in;3;{price};{amount}\n"))
    };
    assert_eq!(row("1000", "3000").total(), Kopecks::new(300_000));
    assert_eq!(row("1000", "").total(), Kopecks::new(300_000));
    assert_eq!(row("", "3000").total(), Kopecks::new(300_000));
    assert!(row("1000", "2999").is_refused());
}

#[test]
fn a_sum_under_the_table_that_is_another_is_said() {
    let rows =
        |total: &str| format!("{HEADING}Иванов Пётр 1;04.05.1980;;01.07.2026;cd-in;1;1000\nИтого;;;;;;{total}\n");
    assert_eq!(read(&rows("1000.00")).roster.diagnostics, []);
    let register = read(&rows("1000.01"));
    assert_eq!(register.roster.diagnostics[0].code, Code::TotalDiffers);
    assert!(!register.is_refused());
}
