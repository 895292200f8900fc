//! The order in which runs record what happens does not change the state known at the end (`I31`): every kind of event in random orders,
//! and annulled runs as if they had never been (`I32`).

use kollektiv::portfolio::event::EndReason;
use kollektiv::portfolio::refuse::terminate;
use proptest::prelude::*;

use super::*;
use crate::properties::cases;

/// Something that happens once, each to another insured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fact {
    Leaves(u8),
    ChangesPlan(u8),
    ChangesRisk(u8),
    ChangesName(u8),
    CorrectsRisk,
    CorrectsBirthDate,
    Joins(u8),
    JoinsToo(u8),
    FirstPrices,
    SecondPrices,
    Pays,
    /// The contract ends, and what was paid before counts for the refund.
    Ends,
    /// A joiner of a run that is annulled later.
    Wrong(u8),
    /// The annulment of that run.
    Annuls,
}

/// The facts in the order of a well-kept book, with days of the year as the case has them.
fn facts(days: [u8; 7]) -> [Fact; 14] {
    let [leaves, plan, risk, name, joins, joins_too, wrong] = days;
    [
        Fact::Leaves(leaves),
        Fact::ChangesPlan(plan),
        Fact::ChangesRisk(risk),
        Fact::ChangesName(name),
        Fact::CorrectsRisk,
        Fact::CorrectsBirthDate,
        Fact::Joins(joins),
        Fact::JoinsToo(joins_too),
        Fact::FirstPrices,
        Fact::SecondPrices,
        Fact::Pays,
        Fact::Ends,
        Fact::Wrong(wrong),
        Fact::Annuls,
    ]
}

/// The facts in the order of their keys; but the end comes after the payment, and an annulment after its run.
fn ordered(facts: &[Fact], keys: &[u32]) -> Vec<Fact> {
    let mut places: Vec<usize> = (0..facts.len()).collect();
    places.sort_by_key(|at| keys[*at]);
    let mut order: Vec<Fact> = places.into_iter().map(|at| facts[at]).collect();
    let swap = |order: &mut Vec<Fact>, is_first: &dyn Fn(Fact) -> bool, is_next: &dyn Fn(Fact) -> bool| {
        let [first, next] = [is_first, is_next].map(|is| order.iter().position(|fact| is(*fact)));
        if let (Some(first), Some(next)) = (first, next)
            && next < first
        {
            order.swap(first, next);
        }
    };
    swap(&mut order, &|fact| fact == Fact::Pays, &|fact| fact == Fact::Ends);
    swap(&mut order, &|fact| matches!(fact, Fact::Wrong(_)), &|fact| fact == Fact::Annuls);
    order
}

/// A day of the year before the contract's end in November.
fn day(of: u8) -> String {
    jiff::civil::date(2026, 1, 2).saturating_add(jiff::Span::new().days(i64::from(of))).to_string()
}

/// What a book knows in the end, whatever the order of its rows.
#[derive(Debug, PartialEq, Eq)]
struct Known {
    written: Kopecks,
    expenses: Kopecks,
    paid: Kopecks,
    ended: Option<Date>,
    lines: Vec<(String, String, String)>,
    insured: Vec<(String, i32, String, u32, u32, i32, i32)>,
    on_days: Vec<(String, Vec<String>)>,
}

impl Book {
    fn record(&self, fact: Fact, wrong: &mut i64) {
        match fact {
            Fact::Leaves(of) => drop(self.endorse("открепить;1;;;;;\n", &day(of))),
            Fact::ChangesPlan(of) => drop(self.endorse("сменить вариант;2;;;;B;\n", &day(of))),
            Fact::ChangesRisk(of) => drop(self.endorse("изменить;3;;;2;;\n", &day(of))),
            Fact::ChangesName(of) => drop(self.endorse("изменить;4;Новая Фамилия Четвёртая;;;;\n", &day(of))),
            Fact::CorrectsRisk => drop(self.endorse("исправить;5;;;2;;\n", "2026-03-01")),
            Fact::CorrectsBirthDate => drop(self.endorse("исправить;6;;11.05.1960;;;\n", "2026-03-01")),
            Fact::Joins(of) => drop(self.endorse("прикрепить;19;Новикова Анна;01.07.1996;1;A;\n", &day(of))),
            Fact::JoinsToo(of) => drop(self.endorse("прикрепить;20;Орлов Пётр;01.07.1966;2;B;\n", &day(of))),
            Fact::FirstPrices => self.reprice("first", "2026-04-10", "['16', '8']", "0.9"),
            Fact::SecondPrices => self.reprice("second", "2026-07-20", "['16']", "1.3"),
            Fact::Pays => self.paid("2026-01-15", "150000.00"),
            Fact::Ends => {
                let day = "2026-11-01".parse().unwrap();
                terminate(&mut self.portfolio(), "T-1", day, EndReason::Agreement, false).unwrap();
            }
            Fact::Wrong(of) => {
                self.endorse("прикрепить;21;Лишний Иван;01.07.1970;1;A;\n", &day(of));
                *wrong = self.last_run();
            }
            Fact::Annuls => self.annul(*wrong),
        }
    }

    fn known(&self) -> Known {
        self.verify();
        let state = self.standing();
        let rows = self.insured();
        let insured = (0..rows.name.len()).map(|at| {
            let (name, plan) = (rows.name[at].clone(), rows.plan[at].clone());
            (name, rows.birth_date[at], plan, rows.risk_group[at], rows.age[at], rows.start[at], rows.end[at])
        });
        let mut insured: Vec<_> = insured.collect();
        insured.sort();
        let mut lines: Vec<_> =
            self.lines().into_iter().map(|(_, start, end, premium)| (start, end, premium)).collect();
        lines.sort();
        let version = state.version();
        Known {
            written: version.written,
            expenses: version.expenses,
            paid: state.paid,
            ended: version.ended,
            lines,
            insured,
            on_days: ["2026-02-14", "2026-07-31"].map(|day| self.as_of(day)).into(),
        }
    }
}

/// A book with six insured and another headcount band as soon as enough have joined.
fn bound(credits: bool, current: bool) -> Book {
    let text = contract()
        .with("roster = 'roster.csv'")
        .with("expense_load = '0.20'")
        .with(if credits { "price_decrease = 'credit'" } else { "price_decrease = 'keep'" })
        .with(if current { "headcount_basis = 'current'" } else { "headcount_basis = 'inception'" })
        .choose("ranges = 'low'")
        .plan("A")
        .cover("16", "")
        .plan("B")
        .cover("16", "")
        .cover_of("8", "50000", "");
    let mut list = roster();
    for place in 0..8 {
        list = list.born(&format!("19{}-03-15", 60 + place), 1).on("A");
    }
    Book::bind(&text, &list)
}

fn played(facts: &[Fact], credits: bool, current: bool) -> Known {
    let book = bound(credits, current);
    let mut wrong = 0;
    for fact in facts {
        book.record(*fact, &mut wrong);
    }
    // rows hold every price change after an event of any kind, so that equal books have equal lines
    book.endorse("изменить;7;Последняя Правка Седьмая;;;;\n", "2026-10-31");
    book.known()
}

proptest! {
    #![proptest_config(cases(4))]

    #[test]
    fn i31_every_kind_of_event_in_any_order_gives_the_same_book(
        days in any::<[u8; 7]>(),
        keys in prop::collection::vec(any::<u32>(), 14),
        credits in any::<bool>(),
        current in any::<bool>(),
    ) {
        let facts = facts(days);
        let one = played(&ordered(&facts, &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]), credits, current);
        let other = played(&ordered(&facts, &keys), credits, current);
        prop_assert_eq!(&one, &other);
        // and the annulled run might never have been
        let never: Vec<Fact> =
            facts.into_iter().filter(|fact| !matches!(fact, Fact::Wrong(_) | Fact::Annuls)).collect();
        prop_assert_eq!(&one, &played(&never, credits, current));
    }
}
