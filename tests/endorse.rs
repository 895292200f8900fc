//! Endorsements: who joins, leaves and changes plans, with the arithmetic of each rule (`I25`–`I30`).
//!
//! Everybody is on programme 16 for 100 000 RUB unless something else is said. For fewer than ten insured at the low ends,
//! aged 40 and in risk group 1, its rate is 13.031 × 1.20 × 1.00 × 1.00 = 15.6372: 15 637.20 RUB for the 365 days of 2026.

mod slow;

use std::collections::BTreeSet;
use std::fmt::Display;
use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use kollektiv::base::calendar::Period;
use kollektiv::base::error::Error;
use kollektiv::base::messages::Language;
use kollektiv::base::money::Kopecks;
use kollektiv::clinics;
use kollektiv::clinics::finder::{Asked, Found, InsuredIndex, MatchFailure};
use kollektiv::clinics::insured_view::Person;
use kollektiv::clinics::letter::{Letter, Letters};
use kollektiv::clinics::lists::{Attached, Lists};
use kollektiv::clinics::loyalty::DiscountEligibility;
use kollektiv::portfolio::Portfolio;
use kollektiv::portfolio::bind::{Fate, bind};
use kollektiv::portfolio::change::PriceChange;
use kollektiv::portfolio::contract_state::Standing;
use kollektiv::portfolio::endorse::{Endorsed, Endorsement, Request, endorse};
use kollektiv::portfolio::register;
use kollektiv::portfolio::reprice;
use kollektiv::portfolio::reprice::reprice;
use kollektiv::portfolio::rows::{InsuredRows, LineRows};
use kollektiv::portfolio::store::Part;
use kollektiv::portfolio::verify::verify;
use kollektiv::tariff::Tariff;
use tempfile::TempDir;

use crate::clinics::world::network;
use crate::program::{MANIFEST, json, run};
use crate::support::{ContractText, contract, roster};

/// A book with one contract, `T-1`.
struct Book {
    folder: TempDir,
    tariff: Tariff,
}

/// Six insured aged 40 of programme 16, at the low ends, with expenses of 20 %.
fn small() -> ContractText {
    contract().with("roster = 'roster.csv'").with("expense_load = '0.20'").choose("ranges = 'low'").cover("16", "")
}

/// A line of the book: the insured, first and last day, premium.
type ShownLine = (u32, String, String, String);

impl Book {
    fn of(contract: &ContractText, roster: &impl Display) -> Self {
        let book = Self { folder: tempfile::tempdir().unwrap(), tariff: Tariff::base() };
        let file = book.file("contract.toml");
        fs::write(&file, contract.to_string()).unwrap();
        fs::write(book.file("roster.csv"), roster.to_string()).unwrap();
        let mut portfolio = Portfolio::create(&book.file("book"), "test").unwrap();
        let mut bound = Vec::new();
        bind(&mut portfolio, &[file], &book.tariff, &mut |binding| bound.push(binding), &()).unwrap();
        assert!(matches!(bound[0].fate, Fate::Bound { .. }), "{bound:?}");
        book
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn portfolio(&self) -> Portfolio {
        Portfolio::change(&self.file("book"), "test").unwrap()
    }

    /// Changes the price of programmes from a day on.
    fn reprice(&self, id: &str, effective: &str, programmes: &str, coefficient: &str) {
        let day: Date = effective.parse().unwrap();
        let notified = day.checked_sub(jiff::Span::new().months(2)).unwrap();
        let text = format!(
            "id = '{id}'\nnotified = {notified}\neffective = {effective}\n[[change]]\nprogrammes = {programmes}\ncoefficient = '{coefficient}'\n"
        );
        let path = self.file("change.toml");
        fs::write(&path, text).unwrap();
        let change = PriceChange::open(&path, &self.tariff).unwrap();
        let options = reprice::Options { dry_run: false, notices: false, language: Language::Ru, engine: None };
        reprice(&mut self.portfolio(), &change, &self.tariff, &self.file("repriced"), &options, &()).unwrap();
    }

    fn request(&self, rows: &str, on: &str) -> Request {
        let changes = self.file("changes.csv");
        fs::write(&changes, format!("Вид изменения;Таб. №;ФИО;Дата рождения;Группа риска;Вариант;Действует с\n{rows}"))
            .unwrap();
        Request {
            number: "T-1".to_owned(),
            changes,
            on: on.parse().unwrap(),
            expense_load: None,
            dry_run: false,
            out: self.file("endorsed"),
            refused: self.file("refused"),
            language: Language::En,
        }
    }

    fn endorse(&self, rows: &str, on: &str) -> Endorsement {
        match endorse(&mut self.portfolio(), &self.request(rows, on), &()) {
            Ok(Endorsed::Done(endorsement)) => {
                self.prove();
                *endorsement
            }
            Ok(Endorsed::Refused(roster)) => panic!("{:?}", roster.diagnostics),
            Err(fault) => panic!("{fault}"),
        }
    }

    /// What is wrong with a list of changes: the row and the code.
    fn refused(&self, rows: &str, on: &str) -> Vec<(u32, &'static str)> {
        let before = self.standing();
        let Ok(Endorsed::Refused(roster)) = endorse(&mut self.portfolio(), &self.request(rows, on), &()) else {
            panic!("not refused: {rows}");
        };
        assert_eq!(self.standing(), before, "the book is as it was");
        assert!(self.file("refused").join("diagnostics.csv").exists());
        assert!(self.file("refused").join("roster-checked.xlsx").exists());
        assert!(!self.file("endorsed").join("diagnostics.csv").exists(), "no earlier result is lost");
        roster.diagnostics.iter().map(|found| (found.place.row, found.code.as_str())).collect()
    }

    /// The name of what is said where the request itself is unlawful.
    fn unlawful(&self, rows: &str, on: &str) -> &'static str {
        match endorse(&mut self.portfolio(), &self.request(rows, on), &()) {
            Err(Error::Unlawful { reason }) => reason.name(),
            other => panic!("{other:?}"),
        }
    }

    fn standing(&self) -> Standing {
        let book = Portfolio::open(&self.file("book")).unwrap();
        let next = book.register.read(register::next_run).unwrap();
        let contract = book.register.read(|register| register::contract(register, "T-1")).unwrap().unwrap();
        book.register.read(|register| Standing::before(register, contract, next)).unwrap()
    }

    /// The lines as the last version that wrote any has them.
    fn lines(&self) -> Vec<ShownLine> {
        let book = Portfolio::open(&self.file("book")).unwrap();
        let rows: LineRows =
            self.standing().rows(&book.register, &book.files().unwrap(), Part::Lines).unwrap().unwrap();
        let day = |days: i32| jiff::civil::date(1970, 1, 1).saturating_add(jiff::Span::new().days(days)).to_string();
        let premium = |at: usize| Kopecks::new(rows.premium[at].into()).to_string();
        (0..rows.insured.len())
            .map(|at| (rows.insured[at], day(rows.start[at]), day(rows.end[at]), premium(at)))
            .collect()
    }

    fn insured(&self) -> InsuredRows {
        let book = Portfolio::open(&self.file("book")).unwrap();
        self.standing().rows(&book.register, &book.files().unwrap(), Part::Insured).unwrap().unwrap()
    }

    /// Everybody as the clinics are shown them.
    fn served(&self) -> Vec<Person> {
        let mut served = Vec::new();
        let book = Portfolio::open(&self.file("book")).unwrap();
        clinics::book::Book::open(&book).unwrap().show(|person| served.push(person.kept())).unwrap();
        served
    }

    /// Who may be meant, as the clinics look for them.
    fn finder(&self, asked: &Asked) -> InsuredIndex {
        let mut finder = InsuredIndex::new([asked]);
        let book = Portfolio::open(&self.file("book")).unwrap();
        clinics::book::Book::open(&book).unwrap().show(|person| finder.show(person)).unwrap();
        finder
    }

    /// Reads the book back.
    #[track_caller]
    fn prove(&self) {
        let verified = verify(&Portfolio::open(&self.file("book")).unwrap(), &()).unwrap();
        assert!(verified.findings.is_empty(), "{:?}", verified.findings);
    }
}

fn line(insured: u32, start: &str, end: &str, premium: &str) -> ShownLine {
    (insured, start.to_owned(), end.to_owned(), premium.to_owned())
}

fn kopecks(roubles: &str) -> Kopecks {
    Kopecks::from_roubles(roubles.parse().unwrap()).unwrap()
}

const YEAR: [&str; 2] = ["2026-01-01", "2026-12-31"];

#[test]
fn i25_who_joins_pays_for_the_days_that_are_left() {
    let book = Book::of(&small(), &roster().crowd(2));
    let done = book.endorse(
        "прикрепить;9;Новикова Анна;01.07.1996;1;;\n+;10;Поздний Олег;02.07.1986;1;;01.10.2026\n",
        "2026-07-01",
    );
    // 30 on 1 July: 15.6372 × 0.93 × 1000 × 184 days / 365 = 7331.06209…; 40 on 1 October: 15637.20 × 92 / 365 = 3941.43123…
    assert_eq!(
        book.lines()[2..],
        [line(3, "2026-07-01", "2026-12-31", "7331.06"), line(4, "2026-10-01", "2026-12-31", "3941.43")]
    );
    assert_eq!((done.moves.joined, done.version.insured, done.version.lines), (2, 4, 4));
    // 2 × 15637.20 + 7331.06 + 3941.43
    assert_eq!(done.version.written, kopecks("42546.89"));
    assert_eq!(done.charged(), kopecks("11272.49"));
    let insured = book.insured();
    assert_eq!((insured.name[2].as_str(), insured.age[2], insured.age[3]), ("Новикова Анна", 30, 40));
}

#[test]
fn i25_later_prices_are_added_as_to_any_line() {
    let book = Book::of(&small(), &roster().crowd(2));
    book.reprice("dearer", "2026-09-01", "['16']", "1.12");
    book.reprice("dearer-still", "2026-11-01", "['*']", "1.5");
    book.endorse(
        "прикрепить;9;Новикова Анна;01.07.1986;1;;\nприкрепить;10;Поздний Олег;02.07.1986;1;;01.10.2026\n",
        "2026-07-01",
    );
    // 15637.20 × 184 / 365 = 7882.862…; + 15637.20 × 0.12 × 122 / 365 = 627.201…; + 15637.20 × 1.12 × 0.5 × 61 / 365 = 1463.470…
    // from 1 October: 15637.20 × 1.12 × 92 / 365 = 4414.402…; + the same 1463.470…
    // 7882.86 + 627.20 + 1463.47 and 4414.40 + 1463.47
    let lines = book.lines();
    assert_eq!(
        lines[2..],
        [line(3, "2026-07-01", "2026-12-31", "9973.53"), line(4, "2026-10-01", "2026-12-31", "5877.87")]
    );
    // those of before have the same from their versions: 15637.20 + 627.20 + 1463.47
    assert_eq!(lines[0], line(1, YEAR[0], YEAR[1], "17727.87"));
}

#[test]
fn i26_i27_who_leaves_gets_back_the_days_that_are_left_less_expenses() {
    let book = Book::of(&small(), &roster().crowd(2));
    let done = book.endorse("открепить;2;;;;;\n", "2026-07-01");
    // 15637.20 × 184 / 365 = 7882.86246…; × 0.20 = 1576.572; 15637.20 − 7882.86 + 1576.57
    assert_eq!(book.lines(), [line(1, YEAR[0], YEAR[1], "15637.20"), line(2, YEAR[0], "2026-06-30", "9330.91")]);
    assert_eq!((done.returned(), done.expenses()), (kopecks("7882.86"), kopecks("1576.57")));
    assert_eq!((done.moves.left, done.version.insured, done.version.written), (1, 1, kopecks("24968.11")));
}

#[test]
fn i26_days_are_worth_what_they_cost_and_rounded_once() {
    let book = Book::of(&small(), &roster().crowd(2));
    book.reprice("dearer", "2026-09-01", "['16']", "1.12");
    let done = book.endorse("откр.;;ИВАНОВ ПЕТР 2;01.01.1986;;;\n", "2026-07-01");
    // 15637.20 × (62 + 122 × 1.12) / 365 = 15637.20 × 198.64 / 365 = 8510.06413…
    assert_eq!(done.returned(), kopecks("8510.06"));
    // × 0.20 = 1702.012; 15637.20 + 627.20 − 8510.06 + 1702.01
    assert_eq!(book.lines()[1], line(2, YEAR[0], "2026-06-30", "9456.35"));
}

#[test]
fn i27_expenses_of_the_written_premium_and_not_more_than_what_comes_back() {
    let text = small().with("expense_basis = 'written'");
    let book = Book::of(&text, &roster().crowd(3));
    let done = book.endorse("открепить;2;;;;;\n", "2026-07-01");
    // 15637.20 × 0.20 = 3127.44
    assert_eq!((done.returned(), done.expenses()), (kopecks("7882.86"), kopecks("3127.44")));
    let late = book.endorse("открепить;3;;;;;\n", "2026-12-31");
    // 15637.20 / 365 = 42.841…, less than 3127.44
    assert_eq!((late.returned(), late.expenses()), (kopecks("42.84"), kopecks("42.84")));
    assert_eq!(book.lines()[2], line(3, YEAR[0], "2026-12-30", "15637.20"));
}

#[test]
fn i27_who_leaves_before_the_first_day_gets_everything_back() {
    let book = Book::of(&small(), &roster().crowd(2).aged(40, 1).from("2026-10-01"));
    let done = book.endorse("открепить;3;;;;;\n", "2026-10-01");
    assert_eq!((done.returned(), done.expenses()), (kopecks("3941.43"), Kopecks::ZERO));
    assert_eq!((book.lines().len(), done.version.lines, done.version.insured), (2, 2, 2));
    let insured = book.insured();
    assert_eq!(insured.end[2], insured.start[2] - 1, "a row without a day");
    // the clinics are shown the two others alone, by the version of before as by that of after
    let shown: BTreeSet<u32> = book.served().iter().map(|person| person.ordinal).collect();
    assert_eq!(shown, BTreeSet::from([1, 2]));
    let asked = Asked { policy: "3".to_owned(), ..Asked::default() };
    let finder = book.finder(&asked);
    for day in ["2026-09-30", "2026-10-01", "2026-12-31"] {
        assert_eq!(finder.find(&asked, day.parse().unwrap()), Found::Nobody(MatchFailure::Stranger), "{day}");
    }
}

#[test]
fn clinics_know_the_last_day_of_who_has_left_by_every_version() {
    let book = Book::of(&small(), &roster().crowd(3));
    book.endorse("открепить;3;;;;;\n", "2026-07-01");
    book.endorse("прикрепить;9;Новикова Анна;01.07.1986;1;;\n", "2026-08-01");
    let last: Vec<(u32, String)> =
        book.served().iter().map(|person| (person.ordinal, person.cover.last().to_string())).collect();
    assert!(last.iter().all(|(ordinal, last)| (*last == YEAR[1]) == (*ordinal != 3)), "{last:?}");
    assert!(last.iter().filter(|(ordinal, _)| *ordinal == 3).all(|(_, last)| last == "2026-06-30"), "{last:?}");
}

#[test]
fn whose_head_has_left_is_no_longer_next_of_kin() {
    let family = "Таб. №;ФИО;Дата рождения;Группа риска;Действует по;Степень родства\n\
                  1;Иванов Пётр;01.01.1986;1;;сотрудник\n2;Иванова Анна;01.01.1986;1;31.03.2026;супруга\n\
                  3;Сидоров Олег;01.01.1986;1;;сотрудник\n";
    let book = Book::of(&small(), &family);
    let (before, after) = ("2026-06-30".parse().unwrap(), "2026-07-01".parse().unwrap());
    let rights = |day: Date| -> Vec<Option<Right>> {
        book.served().iter().filter(|person| person.ordinal == 2).map(|person| person.right(day)).collect()
    };
    assert_eq!(rights(after), [Some(Right::NextOfKin)]);
    book.endorse("открепить;1;;;;;\n", "2026-07-01");
    assert_eq!(rights(before), [Some(Right::NextOfKin)]);
    assert_eq!(rights(after), [None]);
}

#[test]
fn whoever_changes_plans_is_the_same_person_and_heads_the_same_family() {
    let family = "Таб. №;ФИО;Дата рождения;Группа риска;План;Действует по;Степень родства\n\
                  1;Иванов Пётр;01.01.1986;1;A;;сотрудник\n2;Иванова Анна;01.01.1986;1;A;31.03.2026;супруга\n";
    let book = Book::of(&two_plans(), &family);
    book.endorse("сменить вариант;1;;;;B;\n", "2026-07-01");
    book.endorse("сменить вариант;1;;;;A;\n", "2026-08-01");
    let insured = book.insured();
    assert_eq!((insured.insured, insured.person), (vec![1, 2, 3, 4], vec![None, None, Some(1), Some(1)]));
    assert_eq!(insured.head, [Some(1); 4]);
    let shown = |ordinal: u32| {
        let mut people = book.served();
        people.retain(|person| person.ordinal == ordinal);
        people
    };
    let days = |first: &str, last: &str| Period::new(first.parse().unwrap(), last.parse().unwrap());
    let covers: Vec<Option<Period>> = shown(1).iter().map(|person| Some(person.cover)).collect();
    assert_eq!(covers, [days(YEAR[0], "2026-06-30"), days("2026-07-01", "2026-07-31"), days("2026-08-01", YEAR[1])]);
    assert_eq!(shown(1).iter().map(|person| person.head).collect::<Vec<_>>(), [None; 3]);
    // the employee's cover lasts from the first plan to the last
    let spouse = &shown(2)[0];
    assert_eq!(spouse.head, days(YEAR[0], YEAR[1]));
    assert_eq!(spouse.right("2026-12-31".parse().unwrap()), Some(Right::NextOfKin));
    let valid = days("2026-06-20", "2026-07-20").unwrap();
    let letter = Letter {
        number: 1,
        contract: "T-1".to_owned(),
        ordinal: 1,
        clinic: "dent".to_owned(),
        services: vec!["cd-in".to_owned()],
        valid,
        supplements: None,
    };
    let letters = Letters::new(vec![letter]);
    let asked = Asked { policy: "1".to_owned(), ..Asked::default() };
    let finder = book.finder(&asked);
    for day in ["2026-06-30", "2026-07-01", "2026-08-01"] {
        let Found::Insured(person) = finder.find(&asked, day.parse().unwrap()) else { panic!("{day}") };
        assert_eq!(letters.of(person, "dent").count(), 1, "{day}");
    }
}

#[test]
fn a_change_of_plans_within_a_clinic_programme_is_no_news_for_the_clinic() {
    let attached = "\n[[plan.clinic]]\nclinic = 'dent'\nmode = 'attachment'\nprogramme = 'P'";
    let text = contract().with("roster = 'roster.csv'").with("expense_load = '0.20'");
    let text = text.plan("A").cover("8", attached).plan("B").cover("8", attached).plan("C").cover("8", "");
    let book = Book::of(&text, &roster().aged(40, 1).on("C").aged(40, 1).on("A").aged(40, 1).on("A"));
    book.endorse("сменить вариант;2;;;;B;\nсменить вариант;3;;;;C;\n", "2026-07-01");
    book.endorse("сменить вариант;2;;;;A;\n", "2026-07-02");
    let network = network();
    let portfolio = Portfolio::open(&book.file("book")).unwrap();
    let mut lists = Lists::new(&network, "2026-07-02".parse().unwrap(), Some("2026-06-30".parse().unwrap()));
    clinics::book::Book::open(&portfolio).unwrap().show(|served| lists.show(served)).unwrap();
    let lists = lists.finish();
    let shown = |list: &[Attached]| -> Vec<(u32, String, String)> {
        list.iter().map(|one| (one.key.1, one.first.to_string(), one.last.to_string())).collect()
    };
    let year = |person: u32| (person, YEAR[0].to_owned(), YEAR[1].to_owned());
    let changes = lists[0].changes.as_ref().unwrap();
    assert_eq!(shown(&lists[0].today), [year(2)]);
    assert_eq!((changes.before, shown(&changes.attach), shown(&changes.moved)), (2, Vec::new(), Vec::new()));
    assert_eq!(shown(&changes.detach), [(3, YEAR[0].to_owned(), "2026-06-30".to_owned())]);
}

#[test]
fn a_family_that_joins_after_a_change_of_plans_follows_the_person() {
    let rows = "Таб. №;ФИО;Дата рождения;Группа риска;План;Степень родства\n1;Ким Анна;01.07.1986;1;A;сотрудник\n";
    let book = Book::of(&two_plans(), &rows);
    let request = book.request("", "2026-07-01");
    let rows = "Действие;Таб. №;ФИО;Дата рождения;Группа риска;План;Степень родства\nсменить вариант;1;;;;B;сотрудник\n\
        прикрепить;2;Ким Олег;01.07.1985;1;A;супруг\n";
    fs::write(&request.changes, rows).unwrap();
    assert!(matches!(endorse(&mut book.portfolio(), &request, &()), Ok(Endorsed::Done(_))));
    assert_eq!((book.insured().person, book.insured().head), (vec![None, Some(1), None], vec![Some(1); 3]));
    book.prove();
}

#[test]
fn i27_without_a_share_of_expenses_nobody_leaves_unless_it_is_said() {
    let text = contract().with("roster = 'roster.csv'").choose("ranges = 'low'").cover("16", "");
    let book = Book::of(&text, &roster().crowd(2));
    assert_eq!(book.unlawful("открепить;2;;;;;\n", "2026-07-01"), "endorse-load");
    let request = Request {
        expense_load: Some("0.1".parse().unwrap()),
        ..book.request("открепить;2;;;;;\n", "2026-07-01")
    };
    let Ok(Endorsed::Done(done)) = endorse(&mut book.portfolio(), &request, &()) else { panic!() };
    // 7882.86 × 0.1 = 788.286
    assert_eq!(done.expenses(), kopecks("788.29"));
    let named = Book::of(&small(), &roster().crowd(2));
    let request = Request {
        expense_load: Some("0.1".parse().unwrap()),
        ..named.request("открепить;2;;;;;\n", "2026-07-01")
    };
    let Err(Error::Unlawful { reason }) = endorse(&mut named.portfolio(), &request, &()) else { panic!() };
    assert_eq!(reason.name(), "endorse-load-twice");
}

fn two_plans() -> ContractText {
    let text = contract().with("roster = 'roster.csv'").choose("ranges = 'low'").with("expense_load = '0.20'");
    text.plan("A").cover("16", "").plan("B").cover("16", "").cover_of("8", "50000", "")
}

#[test]
fn i26_a_change_of_plans_costs_no_expenses() {
    let book = Book::of(&two_plans(), &roster().aged(40, 1).on("A").aged(40, 1).on("B"));
    let done = book.endorse("сменить вариант;1;;;;B;\n", "2026-07-01");
    // back: 7882.86; again 7882.86 on plan B; programme 8: 60.83 × 1.20 = 72.996: 36498.00 × 184 / 365 = 18398.991…
    let lines = book.lines();
    assert_eq!(lines[0], line(1, YEAR[0], "2026-06-30", "7754.34"));
    assert_eq!(lines[3], line(3, "2026-07-01", YEAR[1], "7882.86"));
    assert_eq!(lines[4], line(3, "2026-07-01", YEAR[1], "18398.99"));
    assert_eq!((done.moves.changed, done.expenses(), done.version.insured), (1, Kopecks::ZERO, 2));
    let insured = book.insured();
    assert_eq!((insured.name[0].clone(), insured.plan[2].as_str()), (insured.name[2].clone(), "B"));
    assert_eq!(insured.end[0] + 1, insured.start[2]);
    // and back again: found by the same id, whose first row has ended
    let back = book.endorse("смена программы;1;;;;A;\n", "2026-08-01");
    assert_eq!(back.touched.len(), 3);
}

#[test]
fn i28_the_headcount_of_inception_holds_unless_the_contract_says_current() {
    let nine = roster().crowd(9);
    let joins = "прикрепить;10;Новикова Анна;01.07.1986;1;;\n";
    let inception = Book::of(&small(), &nine);
    inception.endorse(joins, "2026-07-01");
    assert_eq!(inception.lines()[9], line(10, "2026-07-01", YEAR[1], "7882.86"));
    let current = Book::of(&small().with("headcount_basis = 'current'"), &nine);
    let done = current.endorse(joins, "2026-07-01");
    // the tenth brings 1.10: 13.031 × 1.10 = 14.3341: 14334.10 × 184 / 365 = 7225.957…
    let lines = current.lines();
    assert_eq!(lines.len(), 19);
    assert_eq!(lines[0], line(1, YEAR[0], "2026-06-30", "7754.34"));
    assert_eq!(lines[1], line(1, "2026-07-01", YEAR[1], "7225.96"));
    assert_eq!(lines[18], line(10, "2026-07-01", YEAR[1], "7225.96"));
    assert_eq!(done.expenses(), Kopecks::ZERO);
    // ten again, so that nothing is closed but the leaver's
    let again = current.endorse("открепить;10;;;;;\nприкрепить;11;Новый Олег;01.07.1986;1;;\n", "2026-08-01");
    assert_eq!(again.touched.len(), 2);
    // nine: 1.20 again
    let nine_again = current.endorse("открепить;11;;;;;\n", "2026-09-01");
    assert_eq!(nine_again.touched.len(), 1 + 2 * 9);
}

#[test]
fn i28_a_choice_that_the_new_band_does_not_allow_refuses_the_endorsement() {
    let text = contract().with("roster = 'roster.csv'").with("headcount_basis = 'current'").cover("16", "");
    // 1.30 is in 1.20–1.40 of nine and not in 1.10–1.20 of ten
    let book = Book::of(&text.choose("headcount = '1.30'"), &roster().crowd(9));
    let before = book.standing();
    let request = book.request("прикрепить;10;Новикова Анна;01.07.1986;1;;\n", "2026-07-01");
    let Err(Error::Unlawful { reason }) = endorse(&mut book.portfolio(), &request, &()) else { panic!() };
    let said = Language::En.say(&reason);
    assert!(said.contains("there would be 10 insured") && said.contains("outside the range 1.10–1.20"), "{said}");
    assert_eq!(book.standing(), before);
}

#[test]
fn i28_everybody_may_leave() {
    let book = Book::of(&small().with("headcount_basis = 'current'"), &roster().crowd(2));
    let done = book.endorse("открепить;1;;;;;\nоткрепить;2;;;;;\n", "2026-07-01");
    assert_eq!((done.version.insured, done.version.lines), (0, 2));
    let back = book.endorse("прикрепить;1;Иванов Пётр 1;01.01.1986;1;;\n", "2026-08-01");
    // 15637.20 × 153 / 365 = 6554.771…
    assert_eq!((back.version.insured, back.charged()), (1, kopecks("6554.77")));
}

#[test]
fn i29_the_day_is_one_of_the_contract_and_not_before_the_last() {
    let book = Book::of(&small(), &roster().crowd(2));
    let joins = "прикрепить;9;Новикова Анна;01.07.1996;1;;\n";
    assert_eq!(book.unlawful(joins, "2025-12-31"), "endorse-day");
    assert_eq!(book.unlawful(joins, "2027-01-01"), "endorse-day");
    book.endorse(joins, "2026-07-01");
    assert_eq!(book.unlawful("открепить;2;;;;;\n", "2026-06-30"), "endorse-earlier");
    book.endorse("открепить;2;;;;;\n", "2026-07-01");
    let request = Request { number: "T-2".to_owned(), ..book.request(joins, "2026-07-01") };
    let Err(Error::Unlawful { reason }) = endorse(&mut book.portfolio(), &request, &()) else { panic!() };
    assert_eq!(reason.name(), "endorse-number");
}

#[test]
fn i30_the_same_again_changes_nothing_and_says_the_same() {
    let book = Book::of(&small(), &roster().crowd(3));
    let rows = "прикрепить;9;Новикова Анна;01.07.1996;1;;\nоткрепить;2;;;;;\n";
    let done = book.endorse(rows, "2026-07-01");
    let files = || crate::program::files(&book.file("endorsed"));
    let (standing, written) = (book.standing(), files());
    assert_eq!(written.keys().collect::<Vec<_>>(), ["endorsement.csv", "endorsement.json", MANIFEST]);
    let again = book.endorse(rows, "2026-07-01");
    assert!(!done.known && again.known);
    assert_eq!((book.standing(), files()), (standing.clone(), written.clone()));
    book.endorse("открепить;3;;;;;\n", "2026-08-01");
    assert!(book.endorse(rows, "2026-07-01").known, "whatever has come since");
    assert_eq!(files(), written);
}

#[test]
fn a_dry_run_writes_the_same_and_leaves_the_book() {
    let book = Book::of(&small(), &roster().crowd(3));
    let before = book.standing();
    let rows = "открепить;2;;;;;\n";
    let request = Request { dry_run: true, ..book.request(rows, "2026-07-01") };
    let mut read_only = Portfolio::open(&book.file("book")).unwrap();
    assert!(matches!(endorse(&mut read_only, &request, &()), Ok(Endorsed::Done(_))));
    let written = crate::program::files(&book.file("endorsed"));
    assert_eq!(book.standing(), before);
    book.endorse(rows, "2026-07-01");
    assert_eq!(crate::program::files(&book.file("endorsed")), written);
}

#[test]
fn nobody_is_found_by_a_guess() {
    let people = roster().born("1986-01-01", 1).on("A").born("1986-01-01", 1).on("A").born("1990-05-05", 2).on("A");
    let book = Book::of(&two_plans(), &people);
    let of = |rows: &str| book.refused(rows, "2026-07-01");
    let row = |code: &'static str| vec![(2, code)];
    // ids are 1, 2, 3; names Иванов Пётр 1, 2, 3
    assert_eq!(of("открепить;7;;;;;\n"), row("not-insured"));
    assert_eq!(of("открепить;;Иванов Пётр 1;02.01.1986;;;\n"), row("not-insured"));
    assert_eq!(of("открепить;1;Иванов Пётр 2;;;;\n"), row("ambiguous-insured"));
    assert_eq!(of("открепить;1;;05.05.1990;;;\n"), row("ambiguous-insured"));
    assert_eq!(of("открепить;8;Иванов Пётр 1;01.01.1986;;;\n"), row("ambiguous-insured"));
    assert_eq!(of("открепить;;Иванов Пётр 1;;;;\n"), row("missing-birth-date"));
    assert_eq!(of("открепить;;;01.01.1986;;;\n"), row("missing-name"));
    assert_eq!(of("прикрепить;9;Иванов Петр 1;01.01.1986;1;A;\n"), row("already-insured"));
    assert_eq!(of("прикрепить;1;Новый Олег;01.01.1986;1;A;\n"), row("already-insured"));
    assert_eq!(of("прикрепить;9;Новый Олег;01.01.1986;;A;\n"), row("missing-risk-group"));
    assert_eq!(of("прикрепить;9;Новый Олег;;1;A;\n"), row("missing-birth-date"));
    assert_eq!(of("прикрепить;9;Новый Олег;01.01.1986;1;A;30.06.2026\n"), row("bad-cover-dates"));
    assert_eq!(of("прикрепить;9;Новый Олег;01.01.1930;1;A;\n"), row("age-outside-tariff"));
    assert_eq!(of("сменить вариант;1;;;;A;\n"), row("same-plan"));
    assert_eq!(of("сменить вариант;1;;;;C;\n"), row("unknown-plan"));
    assert_eq!(of("сменить вариант;1;;;;;\n"), row("missing-plan"));
    assert_eq!(of("уволить завтра;1;;;;;\n"), row("bad-action"));
    assert_eq!(of(";1;;;;;\n"), row("missing-action"));
    assert_eq!(of("открепить;1;;;;;\nоткрепить;;Иванов Пётр 1;01.01.1986;;;\n"), [(3, "duplicate-insured")]);
}

#[test]
fn a_list_that_is_no_list_is_refused_whole() {
    let book = Book::of(&small(), &roster().crowd(2));
    let changes = book.file("changes.csv");
    for (text, code) in [
        ("Таб. №;ФИО\n1;Иванов\n", "no-roster"),
        ("Вид изменения;ФИО\nоткрепить;Иванов Пётр 1\n", "missing-column"),
        ("", "unreadable-file"),
    ] {
        let request = book.request("", "2026-07-01");
        fs::write(&changes, text).unwrap();
        let Ok(Endorsed::Refused(roster)) = endorse(&mut book.portfolio(), &request, &()) else { panic!("{text}") };
        assert!(roster.diagnostics.iter().any(|found| found.code.as_str() == code), "{text}: {:?}", roster.diagnostics);
    }
}

#[test]
fn a_family_joins_together() {
    let book = Book::of(&small(), &roster().crowd(1));
    let request = book.request("", "2026-07-01");
    let rows = "Действие;ФИО;Дата рождения;Группа риска;Степень родства\nприкрепить;Ким Анна;01.07.1986;1;сотрудник\n\
        прикрепить;Ким Олег;01.07.1985;1;супруг\n";
    fs::write(&request.changes, rows).unwrap();
    assert!(matches!(endorse(&mut book.portfolio(), &request, &()), Ok(Endorsed::Done(_))));
    let insured = book.insured();
    assert_eq!(insured.relation[1..], [Some("employee".to_owned()), Some("spouse".to_owned())]);
    assert_eq!(insured.head, [None, Some(2), Some(2)]);
    book.prove();
}

#[test]
fn prices_go_on_after_an_endorsement() {
    let book = Book::of(&small(), &roster().crowd(2));
    book.endorse("открепить;2;;;;;\nприкрепить;9;Новикова Анна;01.07.1986;1;;\n", "2026-07-01");
    book.reprice("dearer", "2026-09-01", "['16']", "1.12");
    book.prove();
    // 9330.91 of the leaver stays; 15637.20 + 627.20; 7882.86 + 627.20
    assert_eq!(book.standing().version().written, kopecks("34105.37"));
    book.endorse("открепить;9;;;;;\n", "2026-10-01");
    // 7882.86 + 627.20; back 15637.20 × 1.12 × 92 / 365 = 4414.402…, less 882.88
    assert_eq!(book.lines()[2], line(3, "2026-07-01", "2026-09-30", "4978.54"));
}

#[test]
fn the_program_endorses_and_says_what_it_did() {
    let book = Book::of(&small(), &roster().crowd(3));
    let request = book.request("прикрепить;9;Новикова Анна;01.07.1996;1;;\nоткрепить;2;;;;;\n", "2026-07-01");
    let (folder, out) = (book.file("book"), book.file("out"));
    let arguments = |more: &[&str]| -> Vec<String> {
        let fixed = [
            "endorse",
            "T-1",
            path(&request.changes),
            "--on",
            "2026-07-01",
            "--portfolio",
            path(&folder),
            "--out",
            path(&out),
        ];
        fixed.iter().chain(more).map(|argument| (*argument).to_owned()).collect()
    };
    let first = run(arguments(&[])).ended(0);
    assert!(first.out.contains("7\u{a0}331,06") && first.out.contains("1\u{a0}576,57"), "{}", first.out);
    let told = json(&book.file("out").join("endorsement.json"));
    assert_eq!((&told["joined"], &told["left"], &told["insured"]["after"]), (&1.into(), &1.into(), &3.into()));
    assert_eq!(told["amount"], "1024.77"); // 7331.06 − 7882.86 + 1576.57
    let second = run(arguments(&[])).ended(0);
    assert_eq!(second.out, first.out);
    assert!(second.err.contains("ничего не изменено"), "{}", second.err);
    let logged = run(arguments(&["--log", "json", "--quiet"])).ended(0);
    let last: serde_json::Value = serde_json::from_str(logged.err.lines().last().unwrap()).unwrap();
    assert_eq!(
        (&last["command"], &last["amount"], &last["known"]),
        (&"endorse".into(), &"1024.77".into(), &true.into())
    );
    for name in ["Новикова", "01.07.1996", "Иванов"] {
        assert!(!first.out.contains(name) && !first.err.contains(name) && !logged.err.contains(name));
    }
    fs::write(&request.changes, "Вид изменения;ФИО;Дата рождения\nоткрепить;Никто Никакой;01.01.1980\n").unwrap();
    let refused = run(arguments(&[])).ended(3);
    assert!(refused.err.contains("not-insured") && !refused.err.contains("Никакой"), "{}", refused.err);
    run(arguments(&["--expense-load", "1.2"])).ended(2);
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}
