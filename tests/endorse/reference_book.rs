//! A reference book of one contract in rationals: price changes and endorsements in any order, each line by itself, from the
//! rules.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use jiff::ToSpan;
use jiff::civil::{Date, date};
use kollektiv::base::money::Kopecks;
use kollektiv::tariff::Tariff;
use num_rational::BigRational;
use proptest::collection::vec;
use proptest::prelude::*;

use super::Book;
use crate::properties::cases;
use crate::support::{contract, roster};

const FIRST: Date = date(2026, 1, 1);
const LAST: Date = date(2026, 12, 31);
const YEAR_DAYS: i64 = 365;
/// A programme, its base rate and its sum insured.
type Cover = (&'static str, &'static str, i64);
/// The covers of plan A and of plan B.
const PLANS: [(&str, &[Cover]); 2] =
    [("A", &[("16", "13.031", 100_000)]), ("B", &[("16", "13.031", 100_000), ("8", "60.83", 50_000)])];
const COEFFICIENTS: [&str; 5] = ["1.12", "1.3", "1.0375", "0.9", "0.5"];

#[derive(Debug, Clone)]
enum Event {
    /// A price change of these programmes, this number of days after the last one.
    Reprice { days: i64, programmes: &'static [&'static str], coefficient: &'static str },
    /// An endorsement this number of days after the last one.
    Endorse { days: i64, moves: Vec<Move> },
}

#[derive(Debug, Clone)]
enum Move {
    Leave(usize),
    ChangePlan(usize),
    Join { plan: usize, born: i16, risk: usize, days: i64 },
}

fn event() -> impl Strategy<Value = Event> {
    let programmes = prop_oneof![Just(&["16"][..]), Just(&["8"][..]), Just(&["16", "8"][..])];
    let reprice = (0..120_i64, programmes, 0..COEFFICIENTS.len()).prop_map(|(days, programmes, coefficient)| {
        Event::Reprice { days, programmes, coefficient: COEFFICIENTS[coefficient] }
    });
    let moves = prop_oneof![
        any::<usize>().prop_map(Move::Leave),
        any::<usize>().prop_map(Move::ChangePlan),
        (0..2_usize, 1950..2005_i16, 0..2_usize, 0..60_i64).prop_map(|(plan, born, risk, days)| Move::Join {
            plan,
            born,
            risk,
            days
        }),
    ];
    prop_oneof![reprice, (0..120_i64, vec(moves, 1..4)).prop_map(|(days, moves)| Event::Endorse { days, moves })]
}

#[derive(Clone)]
struct Insured {
    id: usize,
    plan: usize,
    born: Date,
    risk: usize,
    first: Date,
    last: Date,
}

#[derive(Clone)]
struct Line {
    insured: usize,
    programme: &'static str,
    rate: BigRational,
    sum: BigRational,
    first: Date,
    last: Date,
    premium: i128,
}

#[derive(Clone)]
struct ReferenceBook<'t> {
    tariff: &'t Tariff,
    load: BigRational,
    persons: Vec<Insured>,
    lines: Vec<Line>,
    changes: Vec<(&'static str, Date, BigRational)>,
    next_id: usize,
}

fn exact(text: &str) -> BigRational {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits: i64 = format!("{whole}{fraction}").parse().unwrap();
    integer(digits) / integer(10_i64.pow(u32::try_from(fraction.len()).unwrap()))
}

fn integer(number: i64) -> BigRational {
    BigRational::from_integer(number.into())
}

/// Kopecks of an amount in roubles, rounded half away from zero.
fn rounded(roubles: &BigRational) -> i128 {
    let kopecks = roubles * integer(100);
    let half = BigRational::new(1.into(), 2.into());
    let away = if kopecks < integer(0) { kopecks - half } else { kopecks + half };
    away.trunc().to_integer().try_into().unwrap()
}

fn days(first: Date, last: Date) -> i64 {
    i64::from(first.until(last).unwrap().get_days()) + 1
}

impl ReferenceBook<'_> {
    fn rate(&self, base: &str, age: i16, risk: usize) -> BigRational {
        let age = u16::try_from(age).unwrap();
        let of_age = self.tariff.age.value.iter().find(|band| band.years.from <= age && age <= band.years.to);
        // risk groups 1 and 2 at their low ends
        let of_risk = ["1.00", "1.60"][risk];
        exact(base) * exact("1.20") * exact(&of_age.unwrap().coefficient.to_string()) * exact(of_risk)
    }

    /// The product of the coefficients of a programme up to a day.
    fn level(&self, programme: &str, day: Date) -> BigRational {
        let until = self.changes.iter().filter(|(changed, from, _)| *changed == programme && *from <= day);
        until.fold(integer(1), |level, (.., coefficient)| level * coefficient)
    }

    /// `sum / 100 × Σ rate of each day / 365`, exact.
    fn exact_premium(&self, line: &Line, first: Date, last: Date) -> BigRational {
        let mut sum = integer(0);
        let mut day = first;
        while day <= last {
            sum += &line.rate * self.level(line.programme, day);
            day = day.tomorrow().unwrap();
        }
        &line.sum / integer(100) * sum / integer(YEAR_DAYS)
    }

    /// The premium that a price change adds to a line.
    fn added(&self, line: &Line, change: usize) -> i128 {
        let (programme, from, coefficient) = &self.changes[change];
        let first = line.first.max(*from);
        if *programme != line.programme || first > line.last {
            return 0;
        }
        let before = self.changes[..change].iter().filter(|(changed, ..)| changed == programme);
        let before = before.fold(line.rate.clone(), |rate, (.., coefficient)| rate * coefficient);
        let exact = &line.sum / integer(100) * before * (coefficient - integer(1)) * integer(days(first, line.last));
        rounded(&(exact / integer(YEAR_DAYS)))
    }

    fn open(&mut self, person: Insured) {
        let insured = self.persons.len() + 1;
        let birthday_to_come = (person.first.month(), person.first.day()) < (person.born.month(), person.born.day());
        let age = person.first.year() - person.born.year() - i16::from(birthday_to_come);
        for (programme, base, sum) in PLANS[person.plan].1 {
            let rate = self.rate(base, age, person.risk);
            let mut line = Line {
                insured,
                programme,
                rate,
                sum: integer(*sum),
                first: person.first,
                last: person.last,
                premium: 0,
            };
            let at_first = &line.rate * self.level(programme, line.first) * integer(days(line.first, line.last));
            line.premium = rounded(&(&line.sum / integer(100) * at_first / integer(YEAR_DAYS)));
            for change in 0..self.changes.len() {
                if self.changes[change].1 > line.first {
                    line.premium += self.added(&line, change);
                }
            }
            self.lines.push(line);
        }
        self.persons.push(person);
    }

    /// Ends the cover of an insured before a day.
    fn close(&mut self, insured: usize, on: Date, load: &BigRational) {
        let lines = std::mem::take(&mut self.lines);
        for mut line in lines {
            if line.insured == insured && line.last >= on {
                if line.first >= on {
                    continue;
                }
                let back = rounded(&self.exact_premium(&line, on, line.last)).min(line.premium);
                let kept = BigRational::new(back.into(), 100.into()) * load;
                line.premium = line.premium - back + rounded(&kept);
                line.last = on.yesterday().unwrap();
            }
            self.lines.push(line);
        }
        let person = &mut self.persons[insured - 1];
        person.last = on.max(person.first).yesterday().unwrap();
    }

    fn reprice(&mut self, programmes: &[&'static str], from: Date, coefficient: &str) {
        // a contract without an affected line keeps its prices
        let is_touched =
            self.lines.iter().any(|line| programmes.contains(&line.programme) && line.last >= from.max(line.first));
        if !is_touched {
            return;
        }
        for programme in programmes {
            self.changes.push((programme, from, exact(coefficient)));
            let change = self.changes.len() - 1;
            for at in 0..self.lines.len() {
                let added = self.added(&self.lines[at], change);
                self.lines[at].premium += added;
            }
        }
    }

    /// Applies the possible moves, and returns them as rows of a list.
    fn endorse(&mut self, moves: &[Move], on: Date) -> String {
        let mut rows = String::new();
        let mut gone = Vec::new();
        let mut opened = Vec::new();
        for each in moves {
            let in_force: Vec<usize> = (1..=self.persons.len())
                .filter(|insured| self.persons[insured - 1].last >= on.max(self.persons[insured - 1].first))
                .filter(|insured| !gone.contains(insured))
                .collect();
            let pick = |at: usize| (!in_force.is_empty()).then(|| in_force[at % in_force.len()]);
            match *each {
                Move::Leave(at) => {
                    let Some(insured) = pick(at) else { continue };
                    let _ = writeln!(rows, "открепить;{};;;;;", self.persons[insured - 1].id);
                    let load = self.load.clone();
                    self.close(insured, on, &load);
                    gone.push(insured);
                }
                Move::ChangePlan(at) => {
                    let Some(insured) = pick(at) else { continue };
                    let Insured { id, plan, born, risk, first, last } = self.persons[insured - 1];
                    let _ = writeln!(rows, "сменить вариант;{id};;;;{};", PLANS[1 - plan].0);
                    opened.push(Insured { id, plan: 1 - plan, born, risk, first: first.max(on), last });
                    self.close(insured, on, &integer(0));
                    gone.push(insured);
                }
                Move::Join { plan, born, risk, days } => {
                    let (id, born) = (self.next_id, date(born, 3, 15));
                    self.next_id += 1;
                    let first = on.checked_add(days.days()).unwrap().min(LAST);
                    let code = PLANS[plan].0;
                    let _ = writeln!(rows, "прикрепить;{id};Новый Человек {id};{born};{};{code};{first}", risk + 1);
                    opened.push(Insured { id, plan, born, risk, first, last: LAST });
                }
            }
        }
        for person in opened {
            self.open(person);
        }
        rows
    }

    fn written(&self) -> Kopecks {
        Kopecks::new(self.lines.iter().map(|line| line.premium).sum())
    }

    fn shown(&self) -> Vec<super::ShownLine> {
        let line = |line: &Line| {
            let premium = Kopecks::new(line.premium).to_string();
            (u32::try_from(line.insured).unwrap(), line.first.to_string(), line.last.to_string(), premium)
        };
        let mut lines: Vec<_> = self.lines.iter().map(line).collect();
        lines.sort();
        lines
    }
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn a_book_equals_the_reference_book(
        people in vec((0..2_usize, 1950..2005_i16, 0..2_usize), 1..5),
        load in 0..=40_i64,
        events in vec(event(), 1..7),
    ) {
        check(&people, load, &events);
    }
}

fn check(people: &[(usize, i16, usize)], load: i64, events: &[Event]) {
    let tariff = Tariff::base();
    let text = contract()
        .with("roster = 'roster.csv'")
        .with(&format!("expense_load = '0.{load:02}'"))
        .with("price_decrease = 'credit'")
        .choose("ranges = 'low'")
        .plan("A")
        .cover("16", "")
        .plan("B")
        .cover("16", "")
        .cover_of("8", "50000", "");
    let load = BigRational::new(load.into(), 100.into());
    let mut reference = ReferenceBook {
        tariff: &tariff,
        load,
        persons: Vec::new(),
        lines: Vec::new(),
        changes: Vec::new(),
        next_id: people.len() + 1,
    };
    let mut list = roster();
    for (place, (plan, born, risk)) in people.iter().enumerate() {
        let born = date(*born, 3, 15);
        list = list.born(&born.to_string(), u8::try_from(risk + 1).unwrap()).on(PLANS[*plan].0);
        reference.open(Insured { id: place + 1, plan: *plan, born, risk: *risk, first: FIRST, last: LAST });
    }
    let book = Book::bind(&text, &list);
    let (mut priced, mut endorsed) = (FIRST, FIRST);
    let mut lists = BTreeSet::new();
    let mut reprices = 0;
    for (place, event) in events.iter().enumerate() {
        match event {
            // three times 0.5 is 0.125, still a lawful price level
            Event::Reprice { .. } if reprices == 3 => continue,
            Event::Reprice { days, programmes, coefficient } => {
                reprices += 1;
                priced = priced.checked_add(days.days()).unwrap().min(LAST);
                reference.reprice(programmes, priced, coefficient);
                book.reprice(&format!("change-{place}"), &priced.to_string(), &format!("{programmes:?}"), coefficient);
                book.verify();
            }
            Event::Endorse { days, moves } => {
                let on = endorsed.checked_add(days.days()).unwrap().min(LAST);
                let mut after = reference.clone();
                let rows = after.endorse(moves, on);
                // the same list for the same day counts once (I30), for example with changes of plan to and fro
                if rows.is_empty() || !lists.insert((rows.clone(), on)) {
                    continue;
                }
                reference = after;
                endorsed = on;
                book.endorse(&rows, &on.to_string());
                let mut lines = book.lines();
                lines.sort();
                assert_eq!(lines, reference.shown());
            }
        }
        assert_eq!(book.standing().version().written, reference.written());
    }
}

#[test]
fn plans_changed_to_and_fro_on_one_day() {
    let change = || Event::Endorse { days: 0, moves: vec![Move::ChangePlan(0)] };
    // the third list repeats the first one for the same day: the book knows it
    check(&[(0, 1980, 0)], 20, &[change(), change(), change(), change()]);
}
