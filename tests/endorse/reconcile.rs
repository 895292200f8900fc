//! The full roster of an employer against a contract: the list that it gives makes the contract equal to the roster.

use kollektiv::portfolio::reconcile::{Reconciled, Reconciliation, Request as ReconcileRequest, Unclear, reconcile};
use kollektiv::roster::value::Action;

use super::*;

const HEADINGS: &str = "Таб. №;ФИО;Дата рождения;Группа риска;Вариант\n";

impl Book {
    /// Compares a roster with the contract.
    fn reconcile(&self, rows: &str, on: &str) -> Reconciliation {
        let list = self.file("staff.csv");
        fs::write(&list, format!("{HEADINGS}{rows}")).unwrap();
        let request = ReconcileRequest {
            number: "T-1".to_owned(),
            rosters: vec![list],
            on: on.parse().unwrap(),
            reading: ReadingTerms::default(),
            out: self.file("reconciled"),
            refused: self.file("unread"),
            language: Language::Ru,
        };
        match reconcile(&Portfolio::open(&self.file("book")).unwrap(), &request, &()).unwrap() {
            Reconciled::Done(reconciliation) => *reconciliation,
            Reconciled::Refused(roster) => panic!("{:?}", roster.tables.diagnostics),
        }
    }
}

#[test]
fn the_list_of_a_reconciliation_makes_the_contract_equal_to_the_roster() {
    let before = format!(
        "{HEADINGS}1;Иванов Пётр;01.01.1986;1;A\n2;Петрова Анна;02.02.1990;1;A\n3;Сидоров Олег;03.03.1980;1;A\n\
         4;Ким Ян;04.04.1975;1;A\n5;Лис Ева;06.06.1992;1;A\n"
    );
    let book = Book::bind(&two_plans(), &before);
    let staff = "1;Иванов Петр;01.01.1986;2;A\n2;Кузнецова Анна;02.02.1990;1;A\n4;Ким Ян;04.04.1975;1;B\n\
                 6;Новый Пётр;05.05.1995;1;A\n5;Лис Ева;06.06.1982;1;A\n";
    let found = book.reconcile(staff, "2026-07-01");
    let actions: Vec<(Action, &str)> =
        found.differences.iter().map(|difference| (difference.action, difference.reason.name())).collect();
    assert_eq!(
        actions,
        [
            (Action::Change, "reconcile-risk-group"),
            (Action::Change, "reconcile-name"),
            (Action::ChangePlan, "reconcile-plan"),
            (Action::Join, "reconcile-joins"),
            (Action::Correct, "reconcile-birth-date"),
            (Action::Leave, "reconcile-leaves"),
        ]
    );
    assert_eq!((found.same, found.unclear.len()), (0, 0));
    let list = book.file("reconciled").join("changes.xlsx");
    let request = Request { changes: vec![list], on: None, ..book.request("", "2026-07-01") };
    match endorse(&mut book.portfolio(), &request, &()).unwrap() {
        Endorsed::Done(done) => assert_eq!((done.moves.joined, done.moves.left, done.moves.changed), (1, 1, 4)),
        Endorsed::Refused(roster) => panic!("{:?}", roster.tables.diagnostics),
    }
    book.verify();
    let again = book.reconcile(staff, "2026-07-01");
    assert_eq!((again.differences, again.same, again.unclear), (Vec::new(), 5, Vec::new()));
}

#[test]
fn what_may_be_another_insured_is_unclear_and_changes_nothing() {
    let before = format!("{HEADINGS}1;Иванов Пётр;01.01.1986;1;A\n;Ким Ян;04.04.1975;1;A\n");
    let book = Book::bind(&two_plans(), &before);
    // the id of another insured; the name with another birth date and no id
    let found = book.reconcile("1;Чужой Олег;09.09.1999;1;A\n;Ким Ян;04.04.1976;1;A\n", "2026-07-01");
    assert!(found.differences.is_empty(), "{:?}", found.differences);
    let reasons: Vec<(Option<u32>, &str)> =
        found.unclear.iter().map(|Unclear { row, reason, .. }| (*row, reason.name())).collect();
    assert_eq!(reasons, [(Some(2), "another-insured"), (None, "reconcile-same-name"), (None, "reconcile-same-name")]);
}
