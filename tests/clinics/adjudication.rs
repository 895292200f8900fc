//! Adjudicated registers: the totals are the register's to the kopeck, and the order of rows does not matter.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::civil::{Date, date};
use kollektiv::base::diagnostic::Code;
use kollektiv::base::messages::Language;
use kollektiv::base::money::Kopecks;
use kollektiv::clinics::adjudicate::Adjudication;
use kollektiv::clinics::claim::{Shares, Verdict};
use kollektiv::clinics::insured_index::InsuredIndex;
use kollektiv::clinics::insured_view::InsuredRecord;
use kollektiv::clinics::letter::Letters;
use kollektiv::clinics::network::Network;
use kollektiv::clinics::register::ClinicRegister;
use kollektiv::clinics::register::spec::{ClinicTables, RegisterSpec, RowKind};
use kollektiv::table::spec::SheetChoice;
use proptest::collection::vec;
use proptest::prelude::*;

use super::fixtures::{child_of, contract, days, empty_ledger, letter, letters, network, person, served};

/// Eight insured: one on each plan, a later joiner, a leaver, a child of a leaver, and two with the same name.
fn people() -> Vec<InsuredRecord> {
    let (one, other) = (contract("T-1"), contract("T-2"));
    let whole = one.days;
    let later = days(date(2026, 7, 1), date(2026, 12, 31));
    let ended = days(date(2026, 1, 1), date(2026, 3, 31));
    let same_name = |number| InsuredRecord {
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
        same_name(7),
        same_name(8),
    ]
}

fn book_of(people: &[InsuredRecord]) -> Letters {
    letters(vec![
        letter(1, &people[1], date(2026, 1, 31), &["cd-in", "cn-out"]),
        letter(2, &people[6], date(2026, 6, 1), &["cd-in"]),
    ])
}

fn read(text: &str) -> ClinicRegister {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("register.csv");
    std::fs::write(&path, text).unwrap();
    ClinicRegister::read(&path, &RegisterSpec::new(RowKind::Services, &ClinicTables::default(), SheetChoice::TheOne))
        .unwrap()
}

fn index(register: &ClinicRegister, people: &[InsuredRecord]) -> InsuredIndex {
    let mut index = InsuredIndex::new(register.queries());
    for person in people {
        index.insert(&served(person));
    }
    index
}

/// A row as a clinic writes it.
#[derive(Debug, Clone)]
struct Row {
    /// The index of an insured, or none for an unknown patient.
    who: usize,
    by_policy: bool,
    day: Date,
    service: usize,
    quantity: u32,
    /// The difference to the price list in kopecks.
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

    fn text(&self, network: &Network, people: &[InsuredRecord]) -> String {
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
    // the amount depends on insured, service and day, so that a repeated row has the same amount
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

/// The totals by verdict.
fn sums(settlement: &Adjudication<'_>) -> BTreeMap<Verdict, (usize, Kopecks)> {
    settlement.totals.iter().map(|total| (total.verdict, (total.rows, total.shares.total()))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn totals_equal_the_register_to_the_kopeck(rows in vec(row(), 1..150)) {
        let (network, people) = (network(), people());
        let letters = book_of(&people);
        let text: String = [HEADING.to_owned()].into_iter().chain(rows.iter().map(|row| row.text(&network, &people))).collect();
        let register = read(&text);
        prop_assert!(!register.is_refused(), "{:?}", register.tables.diagnostics);
        let index = index(&register, &people);
        let settlement = Adjudication::new(&network, &network.clinics[0], &register, &index, &letters, empty_ledger());
        let total: i64 = rows.iter().map(|row| row.amount(&network)).sum();
        let total = Kopecks::new(total.into());
        prop_assert_eq!(settlement.rows.len(), rows.len());
        prop_assert_eq!(settlement.total(), total);
        prop_assert_eq!(settlement.shares().total(), total);
        prop_assert_eq!(settlement.totals.iter().map(|sum| sum.shares.total()).sum::<Kopecks>(), total);
        prop_assert_eq!(settlement.totals.iter().map(|sum| sum.rows).sum::<usize>(), rows.len());
        let mut by_row = Shares::default();
        for settled in &settlement.rows {
            prop_assert_eq!(settled.judgement.shares.total(), settled.row.price());
            by_row += settled.judgement.shares;
        }
        prop_assert_eq!(by_row, settlement.shares());
    }

    #[test]
    fn the_order_of_rows_does_not_matter(rows in vec(row(), 1..150), keys in vec(any::<u64>(), 150)) {
        let (network, people) = (network(), people());
        let letters = book_of(&people);
        let mut shuffled: Vec<(&Row, u64)> = rows.iter().zip(keys).collect();
        shuffled.sort_by_key(|(_, key)| *key);
        let mut found = Vec::new();
        for rows in [rows.iter().collect::<Vec<_>>(), shuffled.into_iter().map(|(row, _)| row).collect()] {
            let mut text = HEADING.to_owned();
            for row in rows {
                // a repeated row has the same amount
                let row = Row { over: i64::from(row.day.day()) % 2, ..row.clone() };
                let _ = write!(text, "{}", row.text(&network, &people));
            }
            let register = read(&text);
            let index = index(&register, &people);
            let settlement = Adjudication::new(&network, &network.clinics[0], &register, &index, &letters, empty_ledger());
            found.push((sums(&settlement), settlement.shares()));
        }
        prop_assert_eq!(&found[0], &found[1]);
    }
}

/// The verdict of each row of a register.
fn verdicts(text: &str) -> Vec<&'static str> {
    let (network, people) = (network(), people());
    let letters = book_of(&people);
    let register = read(text);
    assert!(!register.is_refused(), "{:?}", register.tables.diagnostics);
    let index = index(&register, &people);
    let settlement = Adjudication::new(&network, &network.clinics[0], &register, &index, &letters, empty_ledger());
    settlement.rows.iter().map(|settled| settled.judgement.verdict.as_str()).collect()
}

#[test]
fn insured_with_one_name_and_birth_date_are_distinguished_by_policy() {
    let rows = "Семёнов Семён;04.05.1980;;01.06.2026;cd-in;1;1000\nСеменов Семен;04.05.1980;С-7;01.06.2026;cd-in;1;1000\n\
                ;;С-8;01.06.2026;cd-in;1;1000\nСеменов С.;;С-8;02.06.2026;cd-in;1;1000\n";
    assert_eq!(verdicts(&format!("{HEADING}{rows}")), ["unknown", "letter", "call-dispatcher", "call-dispatcher"]);
}

#[test]
fn registers_have_their_own_headings() {
    let text = "Реестр за июль\n\nФамилия;Имя;Отчество;Д.р.;Дата визита;Код услуги;Название услуги;Цена\n\
                Иванов;Пётр;1;04.05.1980;2026-07-01;CD-IN;;1000\nИванов;Петр;2;04.05.1980;01/07/2026;;услуга cd in;1 000,00 руб.\n\
                Итого;;;;;;;2000\n";
    assert_eq!(verdicts(text), ["advance", "letter-expired"]);
}

#[test]
fn i44_a_code_and_a_name_of_different_services_match_no_service() {
    let text = "Пациент;Дата рождения;Дата;Код;Услуга;Сумма\nИванов Пётр 1;04.05.1980;01.07.2026;cd-in;Услуга cd out;900\n\
                Иванов Пётр 1;04.05.1980;01.07.2026;cd-in;Как у нас называется;900\n";
    assert_eq!(verdicts(text), ["price", "advance"]);
}

#[test]
fn a_service_repeated_under_another_name_is_a_duplicate() {
    let rows = "Иванов Пётр 1;04.05.1980;;01.07.2026;cd-in;1;1000\n;;П-1;01.07.2026;услуга CD in;1;1000\n;;П-1;02.07.2026;cd-in;1;1000\n";
    assert_eq!(verdicts(&format!("{HEADING}{rows}")), ["advance", "duplicate", "advance"]);
}

#[test]
fn a_service_repeated_on_another_sheet_is_a_duplicate() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("register.xlsx");
    let row = ["Иванов Пётр 1", "04.05.1980", "", "01.07.2026", "cd-in", "1", "1000"];
    let other = ["Иванов Пётр 1", "04.05.1980", "", "02.07.2026", "cd-in", "1", "1000"];
    let mut book = rust_xlsxwriter::Workbook::new();
    // the third sheet has the row of the first twice, in other places
    for (name, rows) in [("Июль", vec![row]), ("Копия", vec![row]), ("Итог", vec![other, row, row])] {
        let sheet = book.add_worksheet().set_name(name).unwrap();
        sheet.write_row(0, 0, HEADING.trim().split(';')).unwrap();
        sheet.write_row_matrix(1, 0, rows).unwrap();
    }
    book.save(&path).unwrap();
    let register = ClinicRegister::read(
        &path,
        &RegisterSpec::new(RowKind::Services, &ClinicTables::default(), SheetChoice::Every),
    )
    .unwrap();
    assert!(!register.is_refused(), "{:?}", register.tables.diagnostics);
    let (network, people) = (network(), people());
    let (index, letters) = (index(&register, &people), book_of(&people));
    let settlement = Adjudication::new(&network, &network.clinics[0], &register, &index, &letters, empty_ledger());
    let found: Vec<_> = settlement.rows.iter().map(|row| row.judgement.verdict.as_str()).collect();
    assert_eq!(found, ["advance", "duplicate", "advance", "duplicate", "duplicate"]);
    assert_eq!(settlement.shares().advance, Kopecks::new(200_000));
    let reason = Language::En.render(&settlement.rows[1].judgement.reason);
    assert!(reason.contains("in row 2 (Июль) already"), "{reason}");
}

#[test]
fn a_duplicate_on_the_same_sheet_is_named_without_the_sheet() {
    let (network, people) = (network(), people());
    let row = "Иванов Пётр 1;04.05.1980;;01.07.2026;cd-in;1;1000\n";
    let register = read(&format!("{HEADING}{row}{row}"));
    let (index, letters) = (index(&register, &people), book_of(&people));
    let settlement = Adjudication::new(&network, &network.clinics[0], &register, &index, &letters, empty_ledger());
    let reason = Language::En.render(&settlement.rows[1].judgement.reason);
    assert!(reason.contains("in row 2 already"), "{reason}");
}

#[test]
fn i68_every_mistake_of_a_register_is_reported_and_costs_its_row_alone() {
    let rows = "Иванов Пётр 1;04.05.80;;01.07.2026;cd-in;1;1000\n\
                Иванов Пётр 1;04.05.1980;;;cd-in;1;1000\n\
                Иванов Пётр 1;04.05.1980;;31.06.2026;cd-in;1;1000\n\
                Иванов Пётр 1;04.05.1980;;01.07.2026;;1;1000\n\
                Иванов Пётр 1;04.05.1980;;01.07.2026;cd-in;0;1000\n\
                Иванов Пётр 1;04.05.1980;;01.07.2026;cd-in;1;\n\
                Иванов Пётр 1;04.05.1980;;01.07.2026;cd-in;1;1e9\n\
                Иванов Пётр 1;;;01.07.2026;cd-in;1;1000\n\
                ;04.05.1980;;01.07.2026;cd-in;1;1000\n\
                Иванов Пётр 1;04.05.1980;;01.07.2026;cd-in;1;1000\n";
    let register = read(&format!("{HEADING}{rows}"));
    assert!(!register.is_refused());
    let found: Vec<(u32, Code)> =
        register.tables.diagnostics.iter().map(|found| (found.place.row, found.code)).collect();
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
    assert_eq!((register.read, register.rows.len()), (10, 10));
    let (network, people) = (network(), people());
    let (index, letters) = (index(&register, &people), book_of(&people));
    let adjudication = Adjudication::new(&network, &network.clinics[0], &register, &index, &letters, empty_ledger());
    let unreadable = adjudication.totals.iter().find(|total| total.verdict == Verdict::Unreadable).unwrap();
    // seven of the nine rows state 1000
    assert_eq!((unreadable.rows, unreadable.shares.uncleared), (9, Kopecks::new(700_000)));
    assert_eq!(adjudication.shares().advance, Kopecks::new(100_000), "the other row is settled");
    assert_eq!(adjudication.shares().total(), adjudication.total());
}

#[test]
fn price_times_quantity_is_the_amount_or_the_row_is_refused() {
    let heading = "Пациент;Дата рождения;Дата;Услуга;Кол-во;Цена;Сумма\n";
    let row = |price: &str, amount: &str| {
        read(&format!("{heading}Иванов Пётр 1;04.05.1980;01.07.2026;cd-in;3;{price};{amount}\n"))
    };
    for (price, amount) in [("1000", "3000"), ("1000", ""), ("", "3000")] {
        assert_eq!(row(price, amount).rows[0].amount, Some(Kopecks::new(300_000)), "3 × {price} = {amount}");
    }
    let row = row("1000", "2999");
    assert!(!row.is_refused() && row.rows[0].unreadable.is_some());
    assert_eq!(row.rows[0].amount, Some(Kopecks::new(299_900)), "the price that the row states");
}

#[test]
fn a_different_sum_under_the_table_is_reported() {
    let rows =
        |total: &str| format!("{HEADING}Иванов Пётр 1;04.05.1980;;01.07.2026;cd-in;1;1000\nИтого;;;;;;{total}\n");
    assert_eq!(read(&rows("1000.00")).tables.diagnostics, []);
    let register = read(&rows("1000.01"));
    assert_eq!(register.tables.diagnostics[0].code, Code::TotalDiffers);
    assert!(!register.is_refused());
}
