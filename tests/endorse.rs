//! Endorsements: joiners, leavers and changes of plan, with the arithmetic of each rule (`I25`–`I30`).
//!
//! By default every insured has programme 16 for 100 000 RUB. For fewer than ten insured at the low ends,
//! aged 40 and in risk group 1, its rate is 13.031 × 1.20 × 1.00 × 1.00 = 15.6372: 15 637.20 RUB for the 365 days of 2026.

mod agreement;
mod book;
mod families;
mod life;
mod order_of_runs;
mod own_values;
mod reconcile;
mod reference_book;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use kollektiv::base::calendar::Period;
use kollektiv::base::error::Error;
use kollektiv::base::messages::Language;
use kollektiv::base::money::Kopecks;
use kollektiv::clinics;
use kollektiv::clinics::insured_index::{InsuredMatch, InsuredQuery, MatchFailure};
use kollektiv::clinics::letter::{Letter, Letters};
use kollektiv::clinics::lists::{Attached, Lists};
use kollektiv::clinics::loyalty::DiscountEligibility;
use kollektiv::portfolio::Portfolio;
use kollektiv::portfolio::endorse::{Endorsed, Endorsement, NextInstalment, Request, endorse};
use kollektiv::portfolio::register;
use kollektiv::quote::contract::ReadingTerms;

use crate::clinics::fixtures::network;
use crate::program::{MANIFEST, json, run};
use crate::support::{ContractText, contract, roster};
use book::{Book, YEAR, kopecks, line, small};

#[test]
fn i25_a_joiner_pays_for_the_remaining_days() {
    let book = Book::bind(&small(), &roster().crowd(2));
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
fn i25_later_price_changes_apply_to_joiners() {
    let book = Book::bind(&small(), &roster().crowd(2));
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
    // the earlier insured: 15637.20 + 627.20 + 1463.47
    assert_eq!(lines[0], line(1, YEAR[0], YEAR[1], "17727.87"));
}

#[test]
fn i26_i27_a_leaver_gets_the_remaining_days_back_less_expenses() {
    let book = Book::bind(&small(), &roster().crowd(2));
    let done = book.endorse("открепить;2;;;;;\n", "2026-07-01");
    // 15637.20 × 184 / 365 = 7882.86246…; × 0.20 = 1576.572; 15637.20 − 7882.86 + 1576.57
    assert_eq!(book.lines(), [line(1, YEAR[0], YEAR[1], "15637.20"), line(2, YEAR[0], "2026-06-30", "9330.91")]);
    assert_eq!((done.returned(), done.expenses()), (kopecks("7882.86"), kopecks("1576.57")));
    assert_eq!((done.moves.left, done.version.insured, done.version.written), (1, 1, kopecks("24968.11")));
}

#[test]
fn i26_each_day_has_its_price_and_the_sum_is_rounded_once() {
    let book = Book::bind(&small(), &roster().crowd(2));
    book.reprice("dearer", "2026-09-01", "['16']", "1.12");
    let done = book.endorse("откр.;;ИВАНОВ ПЕТР 2;01.01.1986;;;\n", "2026-07-01");
    // 15637.20 × (62 + 122 × 1.12) / 365 = 15637.20 × 198.64 / 365 = 8510.06413…
    assert_eq!(done.returned(), kopecks("8510.06"));
    // I31: as if the leaver had been known before the change; 7882.86 × 0.20 = 1576.572; 15637.20 − 7882.86 + 1576.57
    assert_eq!(book.lines()[1], line(2, YEAR[0], "2026-06-30", "9330.91"));
}

#[test]
fn i27_expenses_on_the_written_premium_are_at_most_the_amount_returned() {
    let text = small().with("expense_basis = 'written'");
    let book = Book::bind(&text, &roster().crowd(3));
    let done = book.endorse("открепить;2;;;;;\n", "2026-07-01");
    // 15637.20 × 0.20 = 3127.44
    assert_eq!((done.returned(), done.expenses()), (kopecks("7882.86"), kopecks("3127.44")));
    let late = book.endorse("открепить;3;;;;;\n", "2026-12-31");
    // 15637.20 / 365 = 42.841…, less than 3127.44
    assert_eq!((late.returned(), late.expenses()), (kopecks("42.84"), kopecks("42.84")));
    assert_eq!(book.lines()[2], line(3, YEAR[0], "2026-12-30", "15637.20"));
}

#[test]
fn i27_a_leaver_before_the_first_day_gets_everything_back() {
    let book = Book::bind(&small(), &roster().crowd(2).aged(40, 1).from("2026-10-01"));
    let done = book.endorse("открепить;3;;;;;\n", "2026-10-01");
    assert_eq!((done.returned(), done.expenses()), (kopecks("3941.43"), Kopecks::ZERO));
    assert_eq!((book.lines().len(), done.version.lines, done.version.insured), (2, 2, 2));
    let insured = book.insured();
    assert_eq!(insured.end[2], insured.start[2] - 1, "a row without a day");
    // clinics see only the two others, in the versions before and after
    let listed: BTreeSet<u32> = book.served().iter().map(|person| person.ordinal).collect();
    assert_eq!(listed, BTreeSet::from([1, 2]));
    let asked = InsuredQuery { policy: "3".to_owned(), ..InsuredQuery::default() };
    let finder = book.finder(&asked);
    for day in ["2026-09-30", "2026-10-01", "2026-12-31"] {
        assert_eq!(finder.find(&asked, day.parse().unwrap()), InsuredMatch::None(MatchFailure::NotFound), "{day}");
    }
}

#[test]
fn i27_without_an_expense_load_a_leaver_is_refused_unless_the_request_states_one() {
    let text = contract().with("roster = 'roster.csv'").choose("ranges = 'low'").cover("16", "");
    let book = Book::bind(&text, &roster().crowd(2));
    assert_eq!(book.unlawful("открепить;2;;;;;\n", "2026-07-01"), "endorse-load");
    let request = Request {
        expense_load: Some("0.1".parse().unwrap()),
        ..book.request("открепить;2;;;;;\n", "2026-07-01")
    };
    let Ok(Endorsed::Done(done)) = endorse(&mut book.portfolio(), &request, &()) else { panic!() };
    // 7882.86 × 0.1 = 788.286
    assert_eq!(done.expenses(), kopecks("788.29"));
    let named = Book::bind(&small(), &roster().crowd(2));
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
    let book = Book::bind(&two_plans(), &roster().aged(40, 1).on("A").aged(40, 1).on("B"));
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
    // and back again: found by the id of a row that has ended
    let back = book.endorse("смена программы;1;;;;A;\n", "2026-08-01");
    assert_eq!(back.changed_lines.len(), 3);
}

#[test]
fn i28_the_headcount_of_inception_holds_unless_the_contract_chooses_the_current_one() {
    let nine = roster().crowd(9);
    let joins = "прикрепить;10;Новикова Анна;01.07.1986;1;;\n";
    let inception = Book::bind(&small(), &nine);
    inception.endorse(joins, "2026-07-01");
    assert_eq!(inception.lines()[9], line(10, "2026-07-01", YEAR[1], "7882.86"));
    let current = Book::bind(&small().with("headcount_basis = 'current'"), &nine);
    let done = current.endorse(joins, "2026-07-01");
    // the tenth brings 1.10: 13.031 × 1.10 = 14.3341: 14334.10 × 184 / 365 = 7225.957…
    let lines = current.lines();
    assert_eq!(lines.len(), 19);
    assert_eq!(lines[0], line(1, YEAR[0], "2026-06-30", "7754.34"));
    assert_eq!(lines[1], line(1, "2026-07-01", YEAR[1], "7225.96"));
    assert_eq!(lines[18], line(10, "2026-07-01", YEAR[1], "7225.96"));
    assert_eq!(done.expenses(), Kopecks::ZERO);
    // ten again: only the leaver's line is closed
    let again = current.endorse("открепить;10;;;;;\nприкрепить;11;Новый Олег;01.07.1986;1;;\n", "2026-08-01");
    assert_eq!(again.changed_lines.len(), 2);
    // nine: 1.20 again
    let nine_again = current.endorse("открепить;11;;;;;\n", "2026-09-01");
    assert_eq!(nine_again.changed_lines.len(), 1 + 2 * 9);
}

#[test]
fn i38_a_number_keeps_its_share_of_the_range_in_another_band() {
    let text = contract().with("roster = 'roster.csv'").with("headcount_basis = 'current'").cover("16", "");
    // 1.25 is a quarter of 1.20–1.40 of nine; a quarter of 1.10–1.20 of ten is 1.125
    let book = Book::bind(&text.choose("headcount = '1.25'"), &roster().crowd(9));
    let done = book.endorse("прикрепить;10;Новикова Анна;01.07.1986;1;;\n", "2026-07-01");
    assert_eq!((done.headcount.to_string().as_str(), done.version.insured), ("1.125", 10));
}

#[test]
fn i28_every_insured_may_leave() {
    let book = Book::bind(&small().with("headcount_basis = 'current'"), &roster().crowd(2));
    let done = book.endorse("открепить;1;;;;;\nоткрепить;2;;;;;\n", "2026-07-01");
    assert_eq!((done.version.insured, done.version.lines), (0, 2));
    let back = book.endorse("прикрепить;1;Иванов Пётр 1;01.01.1986;1;;\n", "2026-08-01");
    // 15637.20 × 153 / 365 = 6554.771…
    assert_eq!((back.version.insured, back.charged()), (1, kopecks("6554.77")));
}

#[test]
fn i29_the_day_is_in_the_term() {
    let book = Book::bind(&small(), &roster().crowd(2));
    let joins = "прикрепить;9;Новикова Анна;01.07.1996;1;;\n";
    assert_eq!(book.unlawful(joins, "2025-12-31"), "endorse-day");
    assert_eq!(book.unlawful(joins, "2027-01-01"), "endorse-day");
    book.endorse(joins, "2026-07-01");
    // I31: an earlier day is late news
    book.endorse("открепить;2;;;;;\n", "2026-06-30");
    let request = Request { number: "T-2".to_owned(), ..book.request(joins, "2026-07-01") };
    let Err(Error::Unlawful { reason }) = endorse(&mut book.portfolio(), &request, &()) else { panic!() };
    assert_eq!(reason.name(), "endorse-number");
}

#[test]
fn i30_a_repeated_endorsement_changes_nothing_and_gives_the_same_result() {
    let book = Book::bind(&small(), &roster().crowd(3));
    let rows = "прикрепить;9;Новикова Анна;01.07.1996;1;;\nоткрепить;2;;;;;\n";
    let done = book.endorse(rows, "2026-07-01");
    let files = || crate::program::files(&book.file("endorsed"));
    let (standing, written) = (book.standing(), files());
    assert_eq!(written.keys().collect::<Vec<_>>(), ["endorsement.csv", "endorsement.json", MANIFEST, "values.csv"]);
    let again = book.endorse(rows, "2026-07-01");
    assert!(!done.known && again.known);
    assert_eq!((book.standing(), files()), (standing.clone(), written.clone()));
    book.endorse("открепить;3;;;;;\n", "2026-08-01");
    assert!(book.endorse(rows, "2026-07-01").known, "whatever has come since");
    assert_eq!(files(), written);
}

#[test]
fn a_dry_run_writes_the_same_result_and_leaves_the_book_unchanged() {
    let book = Book::bind(&small(), &roster().crowd(3));
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
fn an_ambiguous_insured_is_refused() {
    let people = roster().born("1986-01-01", 1).on("A").born("1986-01-01", 1).on("A").born("1990-05-05", 2).on("A");
    let book = Book::bind(&two_plans(), &people);
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
    assert_eq!(of("прикрепить;9;Новый Олег;01.01.1986;1;A;30.06.2025\n"), row("bad-cover-dates"));
    assert_eq!(of("прикрепить;9;Новый Олег;01.01.1930;1;A;\n"), row("age-outside-tariff"));
    assert_eq!(of("сменить вариант;1;;;;A;\n"), row("same-plan"));
    assert_eq!(of("сменить вариант;1;;;;C;\n"), row("unknown-plan"));
    assert_eq!(of("сменить вариант;1;;;;;\n"), row("missing-plan"));
    assert_eq!(of("уволить завтра;1;;;;;\n"), row("bad-action"));
    assert_eq!(of(";1;;;;;\n"), row("missing-action"));
    assert_eq!(of("открепить;1;;;;;\nоткрепить;;Иванов Пётр 1;01.01.1986;;;\n"), [(3, "duplicate-insured")]);
}

#[test]
fn a_list_with_an_error_is_refused_completely() {
    let book = Book::bind(&small(), &roster().crowd(2));
    let changes = book.file("changes.csv");
    for (text, code) in [
        ("Таб. №;ФИО\n1;Иванов\n", "missing-action"),
        ("Вид изменения;ФИО\nоткрепить;Иванов Пётр 1\n", "missing-column"),
        ("", "unreadable-file"),
    ] {
        let request = book.request("", "2026-07-01");
        fs::write(&changes, text).unwrap();
        let Ok(Endorsed::Refused(roster)) = endorse(&mut book.portfolio(), &request, &()) else { panic!("{text}") };
        assert!(
            roster.tables.diagnostics.iter().any(|found| found.code.as_str() == code),
            "{text}: {:?}",
            roster.tables.diagnostics
        );
    }
}

#[test]
fn price_changes_apply_after_an_endorsement() {
    let book = Book::bind(&small(), &roster().crowd(2));
    book.endorse("открепить;2;;;;;\nприкрепить;9;Новикова Анна;01.07.1986;1;;\n", "2026-07-01");
    book.reprice("dearer", "2026-09-01", "['16']", "1.12");
    book.verify();
    // the leaver's line stays at 9330.91; 15637.20 + 627.20; 7882.86 + 627.20
    assert_eq!(book.standing().version().written, kopecks("34105.37"));
    book.endorse("открепить;9;;;;;\n", "2026-10-01");
    // 7882.86 + 627.20; back 15637.20 × 1.12 × 92 / 365 = 4414.402…, less 882.88
    assert_eq!(book.lines()[2], line(3, "2026-07-01", "2026-09-30", "4978.54"));
}

#[test]
fn the_program_endorses_and_reports_the_result() {
    let book = Book::bind(&small(), &roster().crowd(3));
    let request = book.request("прикрепить;9;Новикова Анна;01.07.1996;1;;\nоткрепить;2;;;;;\n", "2026-07-01");
    let (folder, out) = (book.file("book"), book.file("out"));
    let arguments = |more: &[&str]| -> Vec<String> {
        let fixed = [
            "endorse",
            "T-1",
            path(&request.changes[0]),
            "--on",
            "2026-07-01",
            "--portfolio",
            path(&folder),
            "--out",
            path(&out),
        ];
        fixed.iter().chain(more).map(|argument| (*argument).to_owned()).collect()
    };
    let first = run(arguments(&[])).exits_with(0);
    assert!(first.out.contains("7\u{a0}331,06") && first.out.contains("1\u{a0}576,57"), "{}", first.out);
    let summary = json(&book.file("out").join("endorsement.json"));
    assert_eq!((&summary["joined"], &summary["left"], &summary["insured"]["after"]), (&1.into(), &1.into(), &3.into()));
    assert_eq!(summary["amount"], "1024.77"); // 7331.06 − 7882.86 + 1576.57
    let second = run(arguments(&[])).exits_with(0);
    assert_eq!(second.out, first.out);
    assert!(second.err.contains("ничего не изменено"), "{}", second.err);
    let logged = run(arguments(&["--log", "json", "--quiet"])).exits_with(0);
    let last: serde_json::Value = serde_json::from_str(logged.err.lines().last().unwrap()).unwrap();
    assert_eq!(
        (&last["command"], &last["amount"], &last["known"]),
        (&"endorse".into(), &"1024.77".into(), &true.into())
    );
    for name in ["Новикова", "01.07.1996", "Иванов"] {
        assert!(!first.out.contains(name) && !first.err.contains(name) && !logged.err.contains(name));
    }
    fs::write(&request.changes[0], "Вид изменения;ФИО;Дата рождения\nоткрепить;Никто Никакой;01.01.1980\n").unwrap();
    let refused = run(arguments(&[])).exits_with(3);
    assert!(refused.err.contains("not-insured") && !refused.err.contains("Никакой"), "{}", refused.err);
    run(arguments(&["--expense-load", "1.2"])).exits_with(2);
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}
