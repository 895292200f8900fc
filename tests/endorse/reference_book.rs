//! A slow model of one contract in rationals: after every run its events are folded anew from nothing, each line by itself, from the rules.
//!
//! Lists of changes, price changes, ends and annulments come in any order, and their days too.

mod exported;
mod model;
mod money;
mod pair;

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use kollektiv::tariff::Tariff;
use num_rational::BigRational;
use proptest::collection::vec;
use proptest::prelude::*;

use super::book::Book;
use crate::properties::cases;
use crate::support::{contract, roster};
use model::{Change, Folded, Line, Model, Person, Who, days, integer, share};
use pair::Pair;

const FIRST: Date = date(2026, 1, 1);
const LAST: Date = date(2026, 12, 31);
const YEAR_DAYS: i64 = 365;
/// A programme, its base rate and its sum insured.
type Cover = (&'static str, &'static str, i64);
/// The covers of plan A and of plan B.
const PLANS: [(&str, &[Cover]); 2] =
    [("A", &[("16", "13.031", 100_000)]), ("B", &[("16", "13.031", 100_000), ("8", "60.83", 50_000)])];
const COEFFICIENTS: [&str; 5] = ["1.12", "1.3", "1.0375", "0.9", "0.5"];
/// Three times 0.5 is 0.125, still a lawful cost level.
const MOST_CHANGES: usize = 3;

/// A run.
#[derive(Debug, Clone)]
enum Run {
    /// A price change of these programmes from a day of the year.
    Reprice { day: i64, programmes: &'static [&'static str], coefficient: &'static str },
    /// A list of changes for a day of the year.
    Endorse { day: i64, moves: Vec<Move> },
    /// A payment of kopecks.
    Pay { kopecks: u32 },
    /// The end of the contract on a day, or by the refusal of a price change.
    End { day: i64, refused: Option<usize> },
    /// The annulment of an earlier run.
    Annul(usize),
}

#[derive(Debug, Clone)]
enum Move {
    Leave(usize),
    ChangePlan(usize),
    ChangeRisk(usize),
    CorrectRisk(usize),
    Join { plan: usize, born: i16, risk: usize, days: i64 },
}

fn one_run() -> impl Strategy<Value = Run> {
    let programmes = prop_oneof![Just(&["16"][..]), Just(&["8"][..]), Just(&["16", "8"][..])];
    let reprice = (0..365_i64, programmes, prop::sample::select(&COEFFICIENTS[..]))
        .prop_map(|(day, programmes, coefficient)| Run::Reprice { day, programmes, coefficient });
    let join = (0..2_usize, 1950..2005_i16, 0..2_usize, 0..60_i64);
    let moves = prop_oneof![
        2 => any::<usize>().prop_map(Move::Leave),
        1 => any::<usize>().prop_map(Move::ChangePlan),
        1 => any::<usize>().prop_map(Move::ChangeRisk),
        1 => any::<usize>().prop_map(Move::CorrectRisk),
        2 => join.prop_map(|(plan, born, risk, days)| Move::Join { plan, born, risk, days }),
    ];
    prop_oneof![
        3 => reprice,
        6 => (0..365_i64, vec(moves, 1..4)).prop_map(|(day, moves)| Run::Endorse { day, moves }),
        2 => (1..4_000_000_u32).prop_map(|kopecks| Run::Pay { kopecks }),
        1 => (1..365_i64, prop::option::of(any::<usize>())).prop_map(|(day, refused)| Run::End { day, refused }),
        2 => any::<usize>().prop_map(Run::Annul),
    ]
}

proptest! {
    #![proptest_config(cases(32))]

    #[test]
    fn a_book_equals_the_slow_model(
        people in vec((0..2_usize, 1950..2005_i16, 0..2_usize), 1..5),
        load in 0..=40_i64,
        credits in any::<bool>(),
        instalments in prop::sample::select(vec![1_usize, 2, 4, 12]),
        runs in vec(one_run(), 1..9),
    ) {
        check(&people, load, credits, instalments, &runs);
    }
}

#[test]
fn plans_changed_to_and_fro_on_one_day() {
    let change = || Run::Endorse { day: 0, moves: vec![Move::ChangePlan(0)] };
    // the third list repeats the first one for the same day: the book knows it
    check(&[(0, 1980, 0)], 20, true, 4, &[change(), change(), change(), change()]);
}

#[test]
fn late_prices_count_for_insured_who_leave_later() {
    let leave = Run::Endorse { day: 200, moves: vec![Move::Leave(0)] };
    let reprice = Run::Reprice { day: 100, programmes: &["16"], coefficient: "1.3" };
    check(&[(0, 1980, 0), (0, 1990, 1)], 20, true, 4, &[leave.clone(), reprice.clone(), Run::Annul(0)]);
    check(&[(0, 1980, 0), (0, 1990, 1)], 20, false, 2, &[reprice, leave, Run::Annul(1), Run::Annul(0)]);
}

fn check(people: &[(usize, i16, usize)], load: i64, credits: bool, instalments: usize, runs: &[Run]) {
    let tariff = Tariff::base();
    let firsts: Vec<Date> = (1..=12).step_by(12 / instalments).map(|month| date(2026, month, 1)).collect();
    let listed = firsts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let text = contract()
        .with("roster = 'roster.csv'")
        .with(&format!("instalments = [{listed}]"))
        .with(&format!("expense_load = '0.{load:02}'"))
        .with(if credits { "price_decrease = 'credit'" } else { "price_decrease = 'keep'" })
        .with(&format!("termination = {{ expense_load = '0.{:03}' }}", load * 5))
        .choose("ranges = 'low'")
        .plan("A")
        .cover("16", "")
        .plan("B")
        .cover("16", "")
        .cover_of("8", "50000", "");
    let mut list = roster();
    let mut model = Model {
        tariff: &tariff,
        load: BigRational::new(load.into(), 100.into()),
        credits,
        bound: Vec::new(),
        events: Vec::new(),
        changes: Vec::new(),
        annulled: Vec::new(),
        payments: Vec::new(),
    };
    let mut ids = BTreeMap::new();
    for (place, (plan, born, risk)) in people.iter().enumerate() {
        let born = date(*born, 3, 15);
        list = list.born(&born.to_string(), u8::try_from(risk + 1).unwrap()).on(PLANS[*plan].0);
        model.bound.push(Person { plan: *plan, born, risk: *risk });
        ids.insert((0, u32::try_from(place + 1).unwrap()), place + 1);
    }
    let book = Book::bind(&text, &list);
    let mut pair = Pair {
        book,
        model,
        ids,
        lists: Vec::new(),
        runs: Vec::new(),
        steps: vec![1],
        firsts,
        paid_on: BTreeMap::new(),
        duckdb: exported::duckdb(),
    };
    for (place, each) in runs.iter().enumerate() {
        pair.apply(place, each);
        pair.compare();
        pair.compare_charges();
        pair.compare_export();
    }
    pair.compare_history();
    pair.compare_debts();
}
