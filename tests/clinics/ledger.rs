//! The ledger: registers are booked once, duplicates are found across registers and clinics, letters and sums insured run out.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::civil::{Date, date};
use kollektiv::base::messages::Language;
use kollektiv::base::money::Kopecks;
use kollektiv::clinics::adjudicate::Adjudication;
use kollektiv::clinics::claim::{Shares, Verdict};
use kollektiv::clinics::insured_index::InsuredIndex;
use kollektiv::clinics::insured_view::InsuredRecord;
use kollektiv::clinics::ledger::{Incoming, Ledger, RegisterIdentity, booking};
use kollektiv::clinics::letter::scope::Scope;
use kollektiv::clinics::letter::{Letter, Letters};
use kollektiv::clinics::network::Network;
use kollektiv::clinics::register::ClinicRegister;
use kollektiv::clinics::register::spec::{ClinicTables, RegisterSpec, RowKind};
use kollektiv::clinics::teeth::parse_teeth;
use kollektiv::table::spec::SheetChoice;
use proptest::collection::vec;
use proptest::prelude::*;

use super::fixtures::{contract, letter, letters, network, network_of, network_text, person, served};
use super::sample::SampleBook;
use crate::program::{Table, complete_manifest, run};

const HEADING: &str = "Пациент;Дата рождения;№ полиса;Дата услуги;Услуга;Кол-во;Стоимость;Зуб;Диагноз\n";

/// A book of insured with their letters, and the ledger of the registers that were settled.
struct Desk {
    network: Network,
    people: Vec<InsuredRecord>,
    letters: Letters,
    ledger: Ledger,
    /// How many registers are settled.
    settled: i64,
}

/// A row as the desk judged it.
#[derive(Debug, PartialEq, Eq)]
struct Judged {
    verdict: &'static str,
    shares: Shares,
    reason: String,
}

impl Desk {
    /// Two insured on the plan by fact and one attached, with these letters of the first.
    fn new(scopes: &[(&str, Scope)]) -> Self {
        let contract = contract("T-1");
        let people: Vec<InsuredRecord> = [(1, 1), (2, 1), (3, 0)]
            .into_iter()
            .map(|(ordinal, plan)| person(&contract, ordinal, plan, contract.days))
            .collect();
        let agreed = |(number, (code, scope)): (u64, &(&str, Scope))| Letter {
            scopes: vec![scope.clone()],
            ..letter(number, &people[0], date(2026, 7, 1), &[code])
        };
        let letters = letters((1..).zip(scopes).map(agreed).collect());
        Self { network: network(), people, letters, ledger: Ledger::default(), settled: 0 }
    }

    /// Judges a register of rows and books it.
    fn settle(&mut self, clinic: usize, rows: &str) -> Vec<Judged> {
        if rows.is_empty() {
            return Vec::new();
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(format!("register-{}.csv", self.settled));
        fs::write(&path, format!("{HEADING}{rows}")).unwrap();
        let register = ClinicRegister::read(
            &path,
            &RegisterSpec::new(RowKind::Services, &ClinicTables::default(), SheetChoice::TheOne),
        )
        .unwrap();
        assert!(!register.is_refused(), "{:?}", register.tables.diagnostics);
        let mut index = InsuredIndex::new(register.queries());
        self.people.iter().for_each(|person| index.insert(&served(person)));
        let clinic = &self.network.clinics[clinic];
        let adjudication = Adjudication::new(&self.network, clinic, &register, &index, &self.letters, &self.ledger);
        assert_eq!(adjudication.shares().total(), adjudication.total(), "the payers' amounts are the register's");
        let judged = adjudication.rows.iter().map(|row| Judged {
            verdict: row.judgement.verdict.as_str(),
            shares: row.judgement.shares,
            reason: Language::En.render(&row.judgement.reason),
        });
        let judged = judged.collect();
        let identity =
            RegisterIdentity { clinic: clinic.code.clone(), number: String::new(), period: register.period() };
        let entry = booking::entry(self.settled, &adjudication, &register, &identity, Incoming::New);
        self.settled += 1;
        self.ledger.claims.extend(booking::claims(&adjudication, &register, &Arc::new(entry)));
        judged
    }

    fn verdicts(&mut self, rows: &str) -> Vec<&'static str> {
        self.settle(0, rows).iter().map(|judged| judged.verdict).collect()
    }
}

fn times(quantity: u32) -> Scope {
    Scope { quantity: Some(quantity), ..Scope::default() }
}

#[test]
fn i61_a_service_of_an_earlier_register_of_any_clinic_is_a_duplicate() {
    let mut desk = Desk::new(&[]);
    let other = network_text().split_once("[[clinic]]").unwrap().1.replace("'dent'", "'dent-2'");
    desk.network = network_of(&format!("{}[[clinic]]{other}", network_text()));
    let row = |day: &str| format!(";;П-3;{day};cd-in;1;1000;;\n");
    assert_eq!(desk.verdicts(&row("01.07.2026")), ["advance"]);
    let again = desk.settle(0, &[row("02.07.2026"), row("01.07.2026")].concat());
    assert_eq!(again.iter().map(|judged| judged.verdict).collect::<Vec<_>>(), ["advance", "duplicate"]);
    assert!(again[1].reason.contains("register-0.csv") && again[1].reason.contains("row 2"), "{}", again[1].reason);
    let elsewhere = desk.settle(1, &row("02.07.2026"));
    assert_eq!((elsewhere[0].verdict, elsewhere[0].shares.uncleared), ("duplicate", Kopecks::new(100_000)));
    assert!(elsewhere[0].reason.contains("register-1.csv of the clinic dent"), "{}", elsewhere[0].reason);
    // a duplicate is no service, and an unknown patient repeats nothing
    assert_eq!(desk.verdicts(";;П-9;01.07.2026;cd-in;1;1000;;\n"), ["unknown"]);
    assert_eq!(desk.verdicts(";;П-9;01.07.2026;cd-in;1;1000;;\n"), ["unknown"]);
}

#[test]
fn i62_the_sum_insured_is_the_limit_to_the_kopeck_in_the_order_of_days() {
    let mut desk = Desk::new(&[("cn-out", times(100)), ("cd-in", times(100))]);
    // the sum insured is 100 000.00; 90 × 1050.50 = 94 545.00 leave 5 455.00
    let rows = ";;П-1;03.07.2026;cd-in;3;3000;;\n;;П-1;02.07.2026;cn-out;90;94545;;\n;;П-1;04.07.2026;cd-in;3;3000;;\n\
                ;;П-1;05.07.2026;cd-in;1;1000;;\n";
    let judged = desk.settle(0, rows);
    let insurer: Vec<i128> = judged.iter().map(|judged| judged.shares.insurer.get()).collect();
    // 5 455.00 − 3 000.00 = 2 455.00 are left for the 3 000.00 of the fourth
    assert_eq!(insurer, [300_000, 9_454_500, 245_500, 0]);
    let verdicts: Vec<_> = judged.iter().map(|judged| judged.verdict).collect();
    assert_eq!(verdicts, ["letter", "letter", "limit", "limit"]);
    assert_eq!(judged[2].shares.patient, Kopecks::new(54_500));
    assert!(judged[2].reason.contains("2,455.00 left"), "{}", judged[2].reason);
    assert!(judged[3].reason.contains("0.00 left"), "{}", judged[3].reason);
    // booked claims count in the next register
    assert_eq!(desk.verdicts(";;П-1;06.07.2026;cd-in;1;0.01;;\n"), ["limit"]);
    assert_eq!(desk.ledger.claims.iter().map(|claim| claim.shares.insurer).sum::<Kopecks>(), Kopecks::new(10_000_000));
}

#[test]
fn i63_what_exceeds_the_extent_of_a_letter_needs_agreement() {
    // without an extent a letter is for one service
    let mut desk = Desk::new(&[("cd-in", Scope::default())]);
    let row = |day: u8, quantity: u8| format!(";;П-1;{day:02}.07.2026;cd-in;{quantity};{quantity}000;;\n");
    assert_eq!(desk.verdicts(&[row(3, 1), row(2, 1)].concat()), ["needs-agreement", "letter"]);
    assert_eq!(desk.verdicts(&row(4, 1)), ["needs-agreement"]);
    // three times; of four the insurer pays three
    let mut desk = Desk::new(&[("cd-in", times(3))]);
    let judged = desk.settle(0, &row(2, 4));
    assert_eq!(judged[0].verdict, "needs-agreement");
    assert_eq!((judged[0].shares.insurer, judged[0].shares.patient), (Kopecks::new(300_000), Kopecks::new(100_000)));
    // an amount
    let amount = Scope { amount: Some(Kopecks::new(250_000)), ..Scope::default() };
    let mut desk = Desk::new(&[("cd-in", amount)]);
    let judged = desk.settle(0, &[row(2, 2), row(3, 1)].concat());
    assert_eq!(judged.iter().map(|judged| judged.shares.insurer.get()).collect::<Vec<_>>(), [200_000, 50_000]);
    assert_eq!(judged[1].verdict, "needs-agreement");
    // teeth
    let teeth = Scope { teeth: parse_teeth("11, 12").unwrap(), ..Scope::default() };
    let mut desk = Desk::new(&[("cd-in", teeth)]);
    let tooth = |day: u8, tooth: &str| format!(";;П-1;{day:02}.07.2026;cd-in;1;1000;{tooth};\n");
    assert_eq!(
        desk.verdicts(&[tooth(2, "11"), tooth(3, "13"), tooth(4, ""), tooth(5, "зуб 12"), tooth(6, "12")].concat()),
        ["letter", "needs-agreement", "needs-agreement", "letter", "needs-agreement"]
    );
    // a range agrees to the teeth between its ends; a range that is none names no tooth
    let range = Scope { teeth: parse_teeth("1.1–1.3").unwrap(), ..Scope::default() };
    let mut desk = Desk::new(&[("cd-in", range)]);
    assert_eq!(
        desk.verdicts(&[tooth(2, "12"), tooth(3, "13-33"), tooth(4, "14"), tooth(5, "13-11"), tooth(6, "11")].concat()),
        ["letter", "needs-agreement", "needs-agreement", "letter", "letter"]
    );
    // a second letter goes on where the first ends
    let mut desk = Desk::new(&[("cd-in", Scope::default()), ("cd-in", Scope::default())]);
    assert_eq!(desk.verdicts(&[row(2, 1), row(3, 1), row(4, 1)].concat()), ["letter", "letter", "needs-agreement"]);
}

#[test]
fn i64_a_required_reason_of_the_visit_makes_the_insured_event() {
    let row = |reason: &str, day: u8| format!(";;П-3;{day:02}.07.2026;cd-in;1;1000;;{reason}\n");
    let rows = [row("острая боль", 1), row("", 2), row("профосмотр", 3), row("S02.5", 4)].concat();
    let mut desk = Desk::new(&[]);
    assert_eq!(desk.verdicts(&rows), ["advance"; 4], "not required unless the terms require it");
    let required = network_text().replacen("name = 'Клиника'", "name = 'Клиника'\nreasons = ['acute', 'trauma']", 1);
    let mut desk = Desk { network: network_of(&required), ..Desk::new(&[]) };
    let judged = desk.settle(0, &rows);
    let verdicts: Vec<_> = judged.iter().map(|judged| judged.verdict).collect();
    assert_eq!(verdicts, ["advance", "no-insured-event", "no-insured-event", "advance"]);
    assert_eq!(judged[1].shares.patient, Kopecks::new(100_000));
    assert!(judged[1].reason.contains("acute illness, injury"), "{}", judged[1].reason);
}

#[test]
fn i65_a_service_is_judged_by_the_price_list_of_its_day() {
    let later = "[[clinic.prices]]\nfrom = 2026-07-01\nprice = { 'cd-in' = 1200 }\n[[clinic.prices]]\nfrom = 2026-09-01\nprice = { 'Услуга cd in' = 1100 }\n";
    let mut desk = Desk { network: network_of(&(network_text() + later)), ..Desk::new(&[]) };
    let row = |day: &str, price: &str| format!(";;П-3;{day}.2026;cd-in;1;{price};;\n");
    let rows = [row("30.06", "1200"), row("01.07", "1200"), row("31.08", "1200.01"), row("01.09", "1200")].concat();
    let judged = desk.settle(0, &rows);
    let disputed: Vec<i128> = judged.iter().map(|judged| judged.shares.disputed.get()).collect();
    assert_eq!(disputed, [20_000, 0, 1, 10_000]);
}

#[test]
fn i68_rows_are_read_one_by_one() {
    let mut desk = Desk::new(&[]);
    let rows = ";;П-3;01.07.2026 14:30;cd-in;1,0;1000;;\n;;П-3;31.06.2026;cd-in;1;1000;;\n;;П-3;2026-07-02T09:05:00;cd-in;1.00;1000;;\n\
                Итого по странице;;;;;;3000;;\nПациент;Дата рождения;№ полиса;Дата услуги;Услуга;Кол-во;Стоимость;Зуб;Диагноз\n\
                ;;П-3;03.07.2026;cd-in;1,5;1500;;\n;;П-3;04.07.2026;cd-in;2 шт.;2000;;\n";
    let judged = desk.settle(0, rows);
    let verdicts: Vec<_> = judged.iter().map(|judged| judged.verdict).collect();
    assert_eq!(verdicts, ["advance", "unreadable", "advance", "unreadable", "advance"]);
    // at the price that they state
    assert_eq!(judged[3].shares, Shares { uncleared: Kopecks::new(150_000), ..Shares::default() });
    assert!(judged[1].reason.contains("no such day"), "{}", judged[1].reason);
}

#[test]
fn a_row_below_zero_takes_an_earlier_one_back() {
    let mut desk = Desk::new(&[("cd-in", Scope::default())]);
    let row = |day: u8, price: i32| format!(";;П-1;{day:02}.07.2026;cd-in;1;{price};;\n");
    // the second of two is taken back, and the first stays
    let judged = desk.settle(0, &[row(2, 1000), row(2, 1000), row(2, -1000)].concat());
    let insurer: Vec<i128> = judged.iter().map(|judged| judged.shares.insurer.get()).collect();
    assert_eq!((insurer, judged[1].verdict, judged[2].verdict), (vec![100_000, 100_000, -100_000], "letter", "letter"));
    // a booked one: its letter is free again
    let judged = desk.settle(0, &[row(2, -1000), row(3, 1000), row(4, -1000)].concat());
    let verdicts: Vec<_> = judged.iter().map(|judged| judged.verdict).collect();
    assert_eq!(verdicts, ["letter", "letter", "unreadable"]);
    assert_eq!(judged[0].shares.insurer, Kopecks::new(-100_000));
    assert!(judged[2].reason.contains("below zero"), "{}", judged[2].reason);
}

/// A row of a service: insured, day of July 2026, whether it is the other service.
type Service = (u32, i8, bool);

fn text((insured, day, other): Service) -> String {
    let (code, price) = if other { ("cn-out", "1050.50") } else { ("cd-in", "1000") };
    let day: Date = date(2026, 7, day);
    format!(";;П-{insured};{};{code};1;{price};;\n", day.strftime("%d.%m.%Y"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_same_rows_split_over_registers_are_paid_at_most_once(
        rows in vec((1..4_u32, 1..20_i8, any::<bool>()), 1..60),
        parts in vec(0..4_usize, 60),
        again in any::<bool>(),
    ) {
        let scopes = [("cd-in", times(5)), ("cn-out", times(4)), ("cd-in", times(2))];
        let mut desk = Desk::new(&scopes);
        for part in 0..4 {
            let own = rows.iter().zip(&parts).filter(|(_, of)| **of == part).map(|(row, _)| text(*row));
            desk.settle(0, &own.collect::<String>());
        }
        if again {
            desk.settle(0, &rows.iter().copied().map(text).collect::<String>());
        }
        let mut paid = std::collections::BTreeSet::new();
        for claim in desk.ledger.claims.iter().filter(|claim| claim.verdict != Verdict::Duplicate) {
            prop_assert!(paid.insert((claim.ordinal, claim.day, claim.service_key.clone())), "{claim:?}");
        }
        let distinct: std::collections::BTreeSet<&Service> = rows.iter().collect();
        prop_assert_eq!(paid.len(), distinct.len(), "each service is judged once");
        let insurer = |code: &str| {
            let claims = desk.ledger.claims.iter().filter(|claim| &*claim.service_code == code);
            claims.map(|claim| claim.shares.insurer).sum::<Kopecks>()
        };
        // the letters agree to 5 + 2 and to 4
        prop_assert!(insurer("cd-in") <= Kopecks::new(700_000));
        prop_assert!(insurer("cn-out") <= Kopecks::new(4 * 105_050));
    }

    #[test]
    fn the_same_rows_split_in_the_order_of_days_are_paid_alike(
        rows in vec((1..4_u32, 1..20_i8, any::<bool>()), 1..60),
        cuts in vec(0..60_usize, 0..4),
    ) {
        // 20 of a service are a fifth of the sum insured, so that letters and sums insured both run out
        let scopes = [("cd-in", times(130)), ("cn-out", times(90))];
        let text = |row: &Service| text(*row).replace(";1;1000;", ";20;20000;").replace(";1;1050.50;", ";20;21010;");
        let mut rows = rows;
        rows.sort_by_key(|(_, day, _)| *day);
        let (mut whole, mut split) = (Desk::new(&scopes), Desk::new(&scopes));
        let judged = whole.settle(0, &rows.iter().map(text).collect::<String>());
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(rows.len())).chain([0, rows.len()]).collect();
        cuts.sort_unstable();
        let parts = cuts.windows(2).flat_map(|cut| split.settle(0, &rows[cut[0]..cut[1]].iter().map(text).collect::<String>()));
        let parts: Vec<Judged> = parts.collect();
        let amounts = |judged: &[Judged]| judged.iter().map(|row| (row.verdict, row.shares)).collect::<Vec<_>>();
        prop_assert_eq!(amounts(&judged), amounts(&parts));
    }

    #[test]
    fn the_limit_holds_to_the_kopeck(prices in vec(1..2_000_000_i64, 1..40), parts in vec(0..3_usize, 40)) {
        let mut desk = Desk::new(&[("cd-in", times(10_000))]);
        for part in 0..3 {
            let own = prices.iter().zip(&parts).enumerate().filter(|(_, (_, of))| **of == part);
            let rows = own.map(|(at, (price, _))| {
                // so many times that the list price is no lower
                let quantity = price / 100_000 + 1;
                let day = date(2026, 7, 1 + i8::try_from(at % 28).unwrap());
                let hour = at / 28;
                let code = if hour == 0 { "cd-in" } else { "Услуга cd in" };
                format!(";;П-1;{};{code};{quantity};{}.{:02};;\n", day.strftime("%d.%m.%Y"), price / 100, price % 100)
            });
            desk.settle(0, &rows.collect::<String>());
        }
        let claims = || desk.ledger.claims.iter().filter(|claim| claim.verdict != Verdict::Duplicate);
        let wanted: Kopecks = claims().map(|claim| claim.amount).sum();
        let paid: Kopecks = claims().map(|claim| claim.shares.insurer).sum();
        prop_assert_eq!(paid, wanted.min(Kopecks::new(10_000_000)));
        let limited = claims().filter(|claim| claim.verdict == Verdict::Limit);
        prop_assert_eq!(limited.map(|claim| claim.shares.patient).sum::<Kopecks>(), wanted - paid);
    }
}

/// Writes a register of rows of one of the sample's attached insured.
pub fn register(book: &SampleBook, name: &str, title: &str, rows: &[[&str; 3]]) -> PathBuf {
    let mut text = format!("{title};;;;;\nПациент;Д.р.;№ полиса;Дата приёма;Код;Стоимость\n");
    for [day, code, price] in rows {
        writeln!(text, "Аверин Максим Олегович;14.03.1984;0912-001;{day};{code};{price}").unwrap();
    }
    let path = book.out(name);
    fs::write(&path, text).unwrap();
    path
}

/// The verdicts and patient's amounts of a settled register.
pub fn settled(book: &SampleBook, out: &str) -> Vec<[String; 2]> {
    let table = Table::open(&book.out(out).join("settled.csv"));
    table.columns(["verdict", "patient"]).into_iter().map(|row| row.map(str::to_owned)).collect()
}

#[test]
fn i60_a_register_is_booked_once_and_a_corrected_one_replaces_it() {
    let book = SampleBook::new();
    let clinic = ["--clinic", "dent-01", "--lang", "en"];
    let first = register(
        &book,
        "r1.csv",
        "Реестр № 7 за январь 2027 г.",
        &[["15.01.2027", "Т-02", "4200"], ["16.01.2027", "Т-07", "9500"]],
    );
    let dry = book.clinics("settle", Some(&first), "dry", &[&clinic[..], &["--dry-run"]].concat()).exits_with(0);
    assert!(dry.err.contains("nothing is booked"), "{}", dry.err);
    let run_1 = book.clinics("settle", Some(&first), "s1", &clinic).exits_with(0);
    assert!(run_1.err.contains("booked, 2 rows"), "{}", run_1.err);
    assert_eq!(settled(&book, "s1"), settled(&book, "dry"));
    // the same register again changes nothing
    let again = book.clinics("settle", Some(&first), "s2", &clinic).exits_with(0);
    assert!(again.err.contains("booked already"), "{}", again.err);
    assert_eq!(settled(&book, "s2"), settled(&book, "s1"));
    // its rows in another register are duplicates
    let other = register(&book, "r2.csv", "Реестр № 8", &[["16.01.2027", "Т-07", "9500"]]);
    book.clinics("settle", Some(&other), "s3", &clinic).exits_with(0);
    assert_eq!(settled(&book, "s3"), [["duplicate", "0.00"]]);
    let reasons = Table::open(&book.out("s3").join("settled.csv"));
    let [reason] = reasons.columns(["reason"])[0];
    assert!(reason.contains("No. 7 for 01.01.2027–31.01.2027 (r1.csv) of the clinic dent-01, row 4"), "{reason}");
    // the corrected register of the same number
    let corrected = register(
        &book,
        "r1b.csv",
        "Реестр № 7 (исправленный)",
        &[["15.01.2027", "Т-02", "4200"], ["17.01.2027", "Т-07", "9000"]],
    );
    let run_2 = book.clinics("settle", Some(&corrected), "s4", &clinic).exits_with(0);
    assert!(run_2.err.contains("in place of the register"), "{}", run_2.err);
    let differences = Table::open(&book.out("s4").join("corrected.csv"));
    let outside = ["outside-programme", "1", "1", "9500.00", "9000.00"];
    assert_eq!(differences.columns(["verdict", "rows_before", "rows", "amount_before", "amount"]), [outside]);
    assert_eq!(complete_manifest(&book.out("s4"))["booking"], "corrected");
    // what the correction left out is free
    book.clinics(
        "settle",
        Some(&register(&book, "r3.csv", "Реестр № 9", &[["16.01.2027", "Т-07", "9500"]])),
        "s5",
        &clinic,
    )
    .exits_with(0);
    // register No. 8 has it as a duplicate row, which is still a row of an earlier register
    assert_eq!(settled(&book, "s5"), [["duplicate", "0.00"]]);
    run(["portfolio".as_ref(), "verify".as_ref(), "--portfolio".as_ref(), book.book().as_os_str()]).exits_with(0);
}

#[test]
fn i67_a_service_in_advance_for_an_insured_on_no_sent_list_has_a_remark() {
    let book = SampleBook::new();
    let rows = [["15.01.2027", "Т-02", "4200"], ["20.01.2027", "Т-04", "3500"], ["21.01.2027", "Т-02", "4200"]];
    let file = register(&book, "r.csv", "Реестр № 1", &rows);
    let clinic = ["--clinic", "dent-01", "--lang", "en", "--dry-run"];
    let remarks = |out: &str| {
        book.clinics("settle", Some(&file), out, &clinic).exits_with(0);
        let table = Table::open(&book.out(out).join("settled.csv"));
        let rows = table.columns(["verdict", "reason"]).into_iter();
        rows.map(|[verdict, reason]| (verdict == "advance", reason.contains("on no list"))).collect::<Vec<_>>()
    };
    assert_eq!(remarks("before"), [(true, false); 3], "no list is recorded");
    book.clinics("lists", None, "lists", &["--as-of", "2027-01-20", "--sent", "2027-01-20"]).exits_with(0);
    assert_eq!(remarks("after"), [(true, true), (true, true), (true, false)]);
    run(["portfolio".as_ref(), "verify".as_ref(), "--portfolio".as_ref(), book.book().as_os_str()]).exits_with(0);
}
