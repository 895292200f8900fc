//! Queries by policy number, by name and by both, in books where several insured may be meant.

use std::sync::Arc;

use jiff::civil::date;

use super::*;
use crate::base::calendar::Period;
use crate::clinics::insured_view::{InsuredContract, InsuredPlan};
use crate::roster::contacts::Contacts;

const BORN: Date = date(1980, 5, 4);
const DAY: Date = date(2026, 7, 1);

fn contract(number: &str) -> Arc<InsuredContract> {
    let days = Period::new(date(2026, 1, 1), date(2026, 12, 31)).unwrap();
    let plan = InsuredPlan { code: "A".to_owned(), covers: Vec::new(), clinics: Vec::new() };
    Arc::new(InsuredContract { number: number.to_owned(), policyholder: "ООО".to_owned(), days, plans: vec![plan] })
}

fn view<'b>(contract: &'b Arc<InsuredContract>, ordinal: u32, policy: &'b str, name: &'b str) -> InsuredView<'b> {
    let cover = contract.days;
    InsuredView {
        contract,
        ordinal,
        policy,
        id: policy,
        name,
        birth_date: BORN,
        relation: None,
        head_cover: None,
        contacts: Contacts::default(),
        plan: 0,
        cover,
        periods: &[],
    }
}

fn query(policy: &str, name: &str, birth_date: Option<Date>) -> InsuredQuery {
    InsuredQuery { policy: policy.to_owned(), name: name.to_owned(), birth_date }
}

/// The ordinal of the match in a book.
fn find(book: &[InsuredView<'_>], query: &InsuredQuery) -> Result<u32, MatchFailure> {
    let mut index = InsuredIndex::new([query]);
    for view in book {
        index.insert(view);
    }
    match index.find(query, DAY) {
        InsuredMatch::Insured(insured) => Ok(insured.ordinal),
        InsuredMatch::SeveralContracts(covers) => Ok(covers[0].ordinal),
        InsuredMatch::None(failure) => Err(failure),
        found => panic!("{found:?}"),
    }
}

#[test]
fn spelling_of_policy_and_name_does_not_matter() {
    let one = contract("1");
    let book = [view(&one, 1, "АВ-1", "Семёнов Пётр Ильич"), view(&one, 2, "АВ-2", "Семёнова Анна")];
    for (policy, name, birth_date) in [
        ("АВ-1", "", None),
        ("ав - 1", "", None),
        ("АВ1", "", None),
        ("АВ № 1", "Семенов", None),
        // Latin A and B
        ("AB-1", "", None),
        ("", "Семёнов Пётр Ильич", Some(BORN)),
        ("", "СЕМЕНОВ  ПЕТР ИЛЬИЧ", Some(BORN)),
        // Latin C and e
        ("", "Ceменов Петр Ильич", Some(BORN)),
        ("АВ-1", "Семенов П. И.", Some(BORN)),
        ("АВ-1", "Семенов П.И.", None),
        ("АВ-1", "Семенов", None),
    ] {
        assert_eq!(find(&book, &query(policy, name, birth_date)), Ok(1), "{policy} {name}");
    }
}

#[test]
fn contradictory_and_ambiguous_queries_have_no_match() {
    let (one, other) = (contract("1"), contract("2"));
    let book = [
        view(&one, 1, "АВ-1", "Семёнов Пётр Ильич"),
        view(&one, 2, "АВ-2", "Иванов Иван"),
        view(&other, 3, "АВ-3", "Иванов Иван"),
    ];
    for (policy, name, birth_date, failure) in [
        ("", "Семенов П. И.", Some(BORN), MatchFailure::NotFound),
        ("", "Семенов Петр Ильич", Some(date(1980, 5, 5)), MatchFailure::NotFound),
        ("АВ-1", "Семенова Петр Ильич", None, MatchFailure::PolicyOfAnother),
        ("АВ-1", "Семенов Иван Ильич", None, MatchFailure::PolicyOfAnother),
        ("АВ-1", "Семенов П. И.", Some(date(1981, 5, 4)), MatchFailure::PolicyOfAnother),
        ("АВ-9", "Семенов Петр Ильич", Some(BORN), MatchFailure::PolicyDiffers),
        ("АВ-9", "", None, MatchFailure::NotFound),
    ] {
        assert_eq!(find(&book, &query(policy, name, birth_date)), Err(failure), "{policy} {name}");
    }
    assert_eq!(find(&book, &query("АВ-3", "Иванов Иван", Some(BORN))), Ok(3));
    let same_contract = [view(&one, 2, "АВ-2", "Иванов Иван"), view(&one, 3, "АВ-3", "Иванов Иван")];
    let named = query("", "Иванов Иван", Some(BORN));
    assert_eq!(find(&same_contract, &named), Err(MatchFailure::Ambiguous));
    let numbered = [view(&one, 2, "1", "Иванов Иван"), view(&other, 3, "1", "Петров Пётр")];
    assert_eq!(find(&numbered, &query("1", "", None)), Err(MatchFailure::Ambiguous));
}

#[test]
fn i40_numbers_are_compared_without_marks_and_leading_zeros() {
    let one = contract("1");
    let book = [view(&one, 1, "120", "Семёнов Пётр"), view(&one, 2, "П-001", "Иванов Иван")];
    for (policy, ordinal) in [
        ("00000120", 1),
        ("120", 1),
        ("№ 0120", 1),
        ("№0000120", 1),
        ("No. 120", 1),
        ("Полис № 120", 1),
        (" 0120\u{a0}", 1),
        ("П001", 2),
        ("полис п-001", 2),
        ("п 001", 2),
        ("П/001", 2),
    ] {
        assert_eq!(find(&book, &query(policy, "", None)), Ok(ordinal), "{policy}");
    }
    for policy in ["1200", "12", "П-01", "П-0010"] {
        assert_eq!(find(&book, &query(policy, "", None)), Err(MatchFailure::NotFound), "{policy}");
    }
    // a number that is the same with its marks is meant first
    let alike = [view(&one, 1, "1-12", "Семёнов Пётр"), view(&one, 2, "11-2", "Семёнов Пётр")];
    assert_eq!(find(&alike, &query("11-2", "", None)), Ok(2));
    assert_eq!(find(&alike, &query("112", "", None)), Err(MatchFailure::Ambiguous));
}

#[test]
fn i69_one_person_in_two_contracts_is_no_contradiction() {
    let (one, other) = (contract("1"), contract("2"));
    let later = Period::new(date(2026, 3, 1), date(2026, 12, 31)).unwrap();
    let book = [
        InsuredView { cover: later, ..view(&one, 1, "7", "Иванов Иван") },
        view(&other, 2, "8", "Иванов Иван"),
        view(&other, 3, "7", "Петров Пётр"),
    ];
    for policy in ["", "7", "8"] {
        assert_eq!(find(&book, &query(policy, "Иванов Иван", Some(BORN))), Ok(2), "{policy}: the earlier first day");
    }
}

#[test]
fn without_a_policy_in_the_book_name_and_birth_date_decide() {
    let one = contract("1");
    for issued in ["", "1-00001"] {
        let book = [InsuredView { policy: issued, ..view(&one, 1, "", "Семёнов Пётр") }];
        assert_eq!(find(&book, &query("АВ-7", "Семенов Петр", Some(BORN))), Ok(1));
        assert_eq!(find(&book, &query("АВ-7", "", None)), Err(MatchFailure::NotFound));
    }
}

#[test]
fn the_policy_number_and_the_personnel_number_mean_the_insured() {
    let one = contract("T-1");
    let book = [1, 2].map(|ordinal| {
        let (policy, id) = if ordinal == 1 { ("T-1-00001", "77") } else { ("T-1-00002", "78") };
        InsuredView { policy, id, ..view(&one, ordinal, "", "Семёнов Пётр") }
    });
    for (number, ordinal) in [("T-1-00001", 1), ("t1 00002", 2), ("77", 1), ("0078", 2)] {
        assert_eq!(find(&book, &query(number, "", None)), Ok(ordinal), "{number}");
    }
    assert_eq!(find(&book, &query("T-1-00003", "", None)), Err(MatchFailure::NotFound));
    assert_eq!(find(&book, &query("79", "Семёнов Пётр", Some(BORN))), Err(MatchFailure::PolicyDiffers));
}

#[test]
fn of_two_contracts_the_one_in_force_matches() {
    let (last_year, this_year) = (contract("1"), contract("2"));
    let ended = Period::new(date(2025, 1, 1), date(2025, 12, 31)).unwrap();
    let book = [
        InsuredView { cover: ended, ..view(&last_year, 1, "", "Семёнов Пётр") },
        view(&this_year, 2, "", "Семёнов Пётр"),
    ];
    assert_eq!(find(&book, &query("", "Семенов Петр", Some(BORN))), Ok(2));
    let query = query("", "Семенов Петр", Some(BORN));
    let mut index = InsuredIndex::new([&query]);
    for view in &book {
        index.insert(view);
    }
    let InsuredMatch::Outside { insured, .. } = index.find(&query, date(2027, 1, 1)) else { panic!() };
    assert_eq!(insured.contract.number, "1");
}

#[test]
fn queries_that_are_looked_up_together_mean_what_each_means_alone() {
    // every employer numbers its people from 1
    let contracts: Vec<_> = (1..=40).map(|number| contract(&number.to_string())).collect();
    let names = ["Семёнов Пётр", "Иванов Иван", "Семёнова Анна"];
    let book: Vec<InsuredView<'_>> =
        contracts.iter().zip(names.iter().cycle()).map(|(contract, name)| view(contract, 1, "1", name)).collect();
    let queries = [query("1", "", None), query("1", names[0], Some(BORN)), query("", names[1], Some(BORN))];
    let queries = [&queries[..], &[query("2", "", None)], &queries[..]].concat();
    let mut index = InsuredIndex::new(&queries);
    for view in &book {
        index.insert(view);
    }
    let days = [Some(DAY), None, Some(date(2030, 1, 1))];
    let asked: Vec<_> = queries.iter().zip(days.into_iter().cycle()).collect();
    let alone = |(query, day): &(&InsuredQuery, Option<Date>)| {
        day.map_or(InsuredMatch::None(MatchFailure::NotFound), |day| index.find(query, day))
    };
    let expected: Vec<_> = asked.iter().map(alone).collect();
    assert_eq!(index.find_all(asked), expected);
    assert_eq!(index.keys_of(&queries), index.keys());
}
