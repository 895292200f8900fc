//! A slow model of one contract in rationals: after every run its events are folded anew from nothing, each line by itself, from the rules.
//!
//! Lists of changes, price changes, ends and annulments come in any order, and their days too.

mod exported;
mod money;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use jiff::ToSpan;
use jiff::civil::{Date, date};
use kollektiv::base::messages::Language;
use kollektiv::base::money::Kopecks;
use kollektiv::portfolio::event::EndReason;
use kollektiv::portfolio::refuse::{refuse, terminate};
use kollektiv::tariff::Tariff;
use num_rational::BigRational;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Value;

use super::Book;
use crate::program::run;
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

/// An insured: the place among those as bound, or the run and row of the event.
type Who = (i64, u32);

#[derive(Debug, Clone, Copy)]
struct Person {
    plan: usize,
    born: Date,
    risk: usize,
}

/// What happens from a day on.
#[derive(Debug, Clone, Copy)]
enum What {
    Join(Person),
    Leave(Who),
    ChangePlan(Who, usize),
    ChangeRisk(Who, usize),
    CorrectRisk(Who, usize),
    /// The contract ends; the run of the change that is refused, if one is.
    End {
        refused: Option<i64>,
    },
}

#[derive(Debug, Clone, Copy)]
struct Event {
    run: i64,
    row: u32,
    day: Date,
    what: What,
}

/// A price change of one programme.
#[derive(Debug, Clone)]
struct Change {
    run: i64,
    id: String,
    from: Date,
    programme: &'static str,
    coefficient: BigRational,
}

/// A period of an insured with the same plan and risk group.
#[derive(Debug, Clone)]
struct Period {
    who: Who,
    made_by: (i64, u32),
    person: Person,
    first: Date,
    last: Date,
}

#[derive(Debug, Clone)]
struct Line {
    period: usize,
    programme: &'static str,
    rate: BigRational,
    sum: BigRational,
    first: Date,
    last: Date,
    premium: i128,
}

/// Everything that is known of the contract.
#[derive(Clone)]
struct Model<'t> {
    tariff: &'t Tariff,
    load: BigRational,
    credits: bool,
    bound: Vec<Person>,
    events: Vec<Event>,
    changes: Vec<Change>,
    /// The annulling and the annulled runs.
    annulled: Vec<(i64, i64)>,
    payments: Vec<(i64, i128)>,
}

/// The contract after its events.
struct Folded {
    periods: Vec<Period>,
    lines: Vec<Line>,
    /// The first day without cover, the refund, and the expenses that are charged.
    end: Option<(Date, i128, i128)>,
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

/// A share of kopecks.
fn share(kopecks: i128, share: &BigRational) -> i128 {
    rounded(&(BigRational::new(kopecks.into(), 100.into()) * share))
}

fn days(first: Date, last: Date) -> i64 {
    i64::from(first.until(last).unwrap().get_days()) + 1
}

impl Model<'_> {
    fn rate(&self, base: &str, age: i16, risk: usize) -> BigRational {
        let age = u16::try_from(age).unwrap();
        let of_age = self.tariff.age.value.iter().find(|band| band.years.from <= age && age <= band.years.to);
        // risk groups 1 and 2 at their low ends
        let of_risk = ["1.00", "1.60"][risk];
        exact(base) * exact("1.20") * exact(&of_age.unwrap().coefficient.to_string()) * exact(of_risk)
    }

    fn is_known(&self, run: i64, known_at: i64) -> bool {
        run <= known_at && !self.annulled.iter().any(|(by, of)| *of == run && *by <= known_at)
    }

    /// The paid premium as known after a run.
    fn paid(&self, known_at: i64) -> i128 {
        self.payments.iter().filter(|(run, _)| self.is_known(*run, known_at)).map(|(_, amount)| amount).sum()
    }

    /// The charged level of a programme after these changes (`I19`).
    fn level<'c>(&self, programme: &str, changes: impl Iterator<Item = &'c Change>) -> BigRational {
        let (mut cost, mut highest) = (integer(1), integer(1));
        for change in changes.filter(|change| change.programme == programme) {
            cost *= &change.coefficient;
            highest = highest.max(cost.clone());
        }
        if self.credits { cost } else { highest }
    }

    /// Folds what is known after a run.
    fn fold(&self, known_at: i64) -> Folded {
        self.fold_until(known_at, Date::MAX)
    }

    /// Folds what is known after a run and counts on a day or earlier.
    fn fold_until(&self, known_at: i64, day: Date) -> Folded {
        let counts = |event: &&Event| self.is_known(event.run, known_at) && event.valid_day() <= day;
        let mut events: Vec<Event> = self.events.iter().filter(counts).copied().collect();
        events.sort_by_key(|event| (event.run, event.row));
        // a change that is annulled cannot be refused
        let is_end = |event: &&Event| matches!(event.what, What::End { refused } if refused.is_none_or(|run| self.is_known(run, known_at)));
        let end = events.iter().filter(is_end).min_by_key(|event| (event.day, event.run)).copied();
        let mut changes: Vec<&Change> =
            self.changes.iter().filter(|change| self.is_known(change.run, known_at) && change.from <= day).collect();
        changes.sort_by_key(|change| (change.from, change.run));
        changes.retain(|change| end.is_none_or(|end| change.from < end.day));
        let joined: BTreeMap<Who, Date> = { events.iter() }
            .filter(|event| matches!(event.what, What::Join(_)))
            .map(|event| ((event.run, event.row), event.day))
            .collect();
        let corrected = |who: Who, mut person: Person| {
            for event in &events {
                if let What::CorrectRisk(_, risk) = event.what
                    && event.what.who() == Some(who)
                {
                    person.risk = risk;
                }
            }
            person
        };
        let mut book = Pages { model: self, changes, charged: 0, periods: Vec::new(), lines: Vec::new() };
        for (place, person) in self.bound.iter().enumerate() {
            let who = (0, u32::try_from(place + 1).unwrap());
            book.periods.push(Period {
                who,
                made_by: (0, 0),
                person: corrected(who, *person),
                first: FIRST,
                last: LAST,
            });
            book.open(place);
        }
        let mut by_day: Vec<(Date, Event)> = Vec::new();
        for event in &events {
            let is_over = end.is_some_and(|end| event.day >= end.day);
            if !is_over && !matches!(event.what, What::End { .. } | What::CorrectRisk(..)) {
                let first = event.what.who().and_then(|who| joined.get(&who)).copied();
                by_day.push((first.map_or(event.day, |first| first.max(event.day)), *event));
            }
        }
        by_day.sort_by_key(|(day, event)| (*day, event.run, event.row));
        for of_day in by_day.chunk_by(|one, other| one.0 == other.0) {
            let on = of_day[0].0;
            book.reprice_until(on);
            let mut opened = BTreeSet::new();
            for (_, event) in of_day {
                let Event { run, row, what, .. } = *event;
                let at = what.who().and_then(|who| book.covered(who, on));
                match what {
                    What::Join(person) => {
                        opened.insert(book.periods.len());
                        let person = corrected((run, row), person);
                        let period = Period { who: (run, row), made_by: (run, row), person, first: on, last: LAST };
                        book.periods.push(period);
                    }
                    What::Leave(_) => at.into_iter().for_each(|at| book.close(at, on, &self.load)),
                    What::ChangePlan(..) | What::ChangeRisk(..) => {
                        let Some(at) = at else { continue };
                        let mut period = book.periods[at].clone();
                        (period.made_by, period.first) = ((run, row), period.first.max(on));
                        match what {
                            What::ChangePlan(_, plan) => period.person.plan = plan,
                            What::ChangeRisk(_, risk) => period.person.risk = risk,
                            _ => {}
                        }
                        book.close(at, on, &integer(0));
                        opened.remove(&at);
                        opened.insert(book.periods.len());
                        book.periods.push(period);
                    }
                    What::CorrectRisk(..) | What::End { .. } => {}
                }
            }
            for at in opened {
                book.open(at);
            }
        }
        book.reprice_until(LAST);
        let end = end.map(|end| self.end(&mut book, &end, known_at));
        Folded { periods: book.periods, lines: book.lines, end }
    }

    /// Ends the contract: the refund and the charged expenses (`I22`, with the paid premium as the basis).
    fn end(&self, book: &mut Pages<'_, '_>, end: &Event, known_at: i64) -> (Date, i128, i128) {
        let What::End { refused } = end.what else { unreachable!("the caller looks for an end") };
        // what was paid when the end was recorded, without payments that are annulled since
        let payments = self.payments.iter().filter(|(run, _)| *run < end.run && self.is_known(*run, known_at));
        let paid: i128 = payments.map(|(_, amount)| amount).sum();
        for at in 0..book.periods.len() {
            if book.periods[at].last >= end.day.max(book.periods[at].first) {
                book.close(at, end.day, &integer(0));
            }
        }
        let earned: i128 = book.lines.iter().map(|line| line.premium).sum();
        // a termination keeps a half of what a refusal keeps
        let load = if refused.is_some() { self.load.clone() } else { &self.load / integer(2) };
        let refund = share((paid - earned).max(0), &(integer(1) - load));
        (end.day, refund, (paid - earned - refund).max(0))
    }
}

impl Event {
    /// The day from which it counts; a correction counts from the first day.
    fn valid_day(&self) -> Date {
        if matches!(self.what, What::CorrectRisk(..)) { FIRST } else { self.day }
    }
}

impl What {
    /// The insured, where there is one already.
    fn who(self) -> Option<Who> {
        match self {
            Self::Leave(who) | Self::ChangePlan(who, _) | Self::ChangeRisk(who, _) | Self::CorrectRisk(who, _) => {
                Some(who)
            }
            Self::Join(_) | Self::End { .. } => None,
        }
    }
}

/// The contract while it is folded.
struct Pages<'m, 't> {
    model: &'m Model<'t>,
    changes: Vec<&'m Change>,
    /// The number of price changes that are in the premiums.
    charged: usize,
    periods: Vec<Period>,
    lines: Vec<Line>,
}

impl Pages<'_, '_> {
    fn level(&self, programme: &str, count: usize) -> BigRational {
        self.model.level(programme, self.changes[..count].iter().copied())
    }

    /// The rounded premium of days of a line, for a part of its rate.
    fn premium(line: &Line, level: &BigRational, first: Date, last: Date) -> i128 {
        let number = if first > last { 0 } else { days(first, last) };
        rounded(&(&line.sum / integer(100) * &line.rate * level * integer(number) / integer(YEAR_DAYS)))
    }

    fn reprice_until(&mut self, day: Date) {
        while self.changes.get(self.charged).is_some_and(|change| change.from <= day) {
            let change = self.changes[self.charged];
            let step = self.level(change.programme, self.charged + 1) - self.level(change.programme, self.charged);
            for line in self.lines.iter_mut().filter(|line| line.programme == change.programme) {
                line.premium += Self::premium(line, &step, line.first.max(change.from), line.last);
            }
            self.charged += 1;
        }
    }

    /// The period by which an insured is covered on a day or later.
    fn covered(&self, who: Who, on: Date) -> Option<usize> {
        let at = self.periods.iter().rposition(|period| period.who == who)?;
        (self.periods[at].last >= on.max(self.periods[at].first)).then_some(at)
    }

    fn open(&mut self, at: usize) {
        let Period { person, first, last, .. } = self.periods[at].clone();
        if first > last {
            return;
        }
        let birthday_to_come = (first.month(), first.day()) < (person.born.month(), person.born.day());
        let age = first.year() - person.born.year() - i16::from(birthday_to_come);
        for (programme, base, sum) in PLANS[person.plan].1 {
            let rate = self.model.rate(base, age, person.risk);
            let mut line = Line { period: at, programme, rate, sum: integer(*sum), first, last, premium: 0 };
            line.premium = Self::premium(&line, &self.level(programme, self.charged), first, last);
            self.lines.push(line);
        }
    }

    /// Ends a period before a day, and keeps a share of the returned premium.
    fn close(&mut self, at: usize, on: Date, load: &BigRational) {
        for mut line in std::mem::take(&mut self.lines) {
            if line.period == at && line.last >= on {
                if line.first >= on {
                    continue;
                }
                let level = self.level(line.programme, self.charged);
                let back = Self::premium(&line, &level, on, line.last).min(line.premium);
                line.premium += share(back, load) - back;
                line.last = on.yesterday().unwrap();
            }
            self.lines.push(line);
        }
        let period = &mut self.periods[at];
        period.last = on.max(period.first).yesterday().unwrap();
    }
}

impl Folded {
    fn written(&self) -> i128 {
        let lines: i128 = self.lines.iter().map(|line| line.premium).sum();
        lines + self.end.map_or(0, |(.., expenses)| expenses)
    }

    /// The lines, with the place of each period in the order of what has made it.
    fn shown(&self) -> Vec<super::ShownLine> {
        let mut order: Vec<usize> = (0..self.periods.len()).collect();
        order.sort_by_key(|at| (self.periods[*at].made_by, *at));
        let place = |period: usize| u32::try_from(order.iter().position(|at| *at == period).unwrap() + 1).unwrap();
        let line = |line: &Line| {
            let premium = Kopecks::new(line.premium).to_string();
            (place(line.period), line.first.to_string(), line.last.to_string(), premium)
        };
        let mut lines: Vec<_> = self.lines.iter().map(line).collect();
        lines.sort();
        lines
    }

    /// The insured who are covered on a day or later, each with the first of these periods.
    fn covered(&self, on: Date) -> Vec<&Period> {
        let mut covered: Vec<&Period> =
            self.periods.iter().filter(|period| period.last >= on.max(period.first)).collect();
        covered.sort_by_key(|period| (period.who, period.first));
        covered.dedup_by_key(|period| period.who);
        covered
    }
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

/// A book and its model.
struct Pair<'t> {
    book: Book,
    model: Model<'t>,
    /// The ids by which lists name the insured.
    ids: BTreeMap<Who, usize>,
    /// The lists so far: the same list for the same day counts once (`I30`).
    lists: Vec<(i64, String, Date)>,
    /// The runs of lists, price changes, payments and ends, and the last run of each step.
    runs: Vec<i64>,
    steps: Vec<i64>,
    /// The first days of the payment periods.
    firsts: Vec<Date>,
    /// The days of the payments, by run.
    paid_on: BTreeMap<i64, Date>,
    /// The command line of `DuckDB`, where it is installed.
    duckdb: Option<String>,
}

impl Pair<'_> {
    /// Applies the possible moves of a list: its rows, and their events.
    fn list(&mut self, moves: &[Move], on: Date, run: i64) -> (String, Vec<Event>) {
        let folded = self.model.fold(run);
        let (mut rows, mut events, mut gone) = (String::new(), Vec::new(), BTreeSet::new());
        for each in moves {
            let covered = folded.covered(on);
            let covered: Vec<&Period> = covered.into_iter().filter(|period| !gone.contains(&period.who)).collect();
            let row = u32::try_from(events.len() + 1).unwrap();
            let (at, word) = match each {
                Move::Leave(at) => (*at, "открепить"),
                Move::ChangePlan(at) => (*at, "сменить вариант"),
                Move::ChangeRisk(at) => (*at, "изменить"),
                Move::CorrectRisk(at) => (*at, "исправить"),
                Move::Join { plan, born, risk, days } => {
                    let (id, born) = (self.ids.len() + 1, date(*born, 3, 15));
                    let first = on.checked_add(days.days()).unwrap().min(LAST);
                    let code = PLANS[*plan].0;
                    let _ = writeln!(rows, "прикрепить;{id};Новый Человек {id};{born};{};{code};{first}", risk + 1);
                    self.ids.insert((run, row), id);
                    let what = What::Join(Person { plan: *plan, born, risk: *risk });
                    events.push(Event { run, row, day: first, what });
                    continue;
                }
            };
            if covered.is_empty() {
                continue;
            }
            let period = covered[at % covered.len()];
            let (who, Person { plan, mut risk, .. }) = (period.who, period.person);
            if let Move::CorrectRisk(_) = each {
                // a correction counts from the first day
                let own = folded.periods.iter().filter(|of| of.who == who && of.first <= of.last);
                risk = own.min_by_key(|of| of.first).map_or(risk, |of| of.person.risk);
            }
            gone.insert(who);
            let (what, group, code) = match each {
                Move::Leave(_) => (What::Leave(who), String::new(), ""),
                Move::ChangePlan(_) => (What::ChangePlan(who, 1 - plan), String::new(), PLANS[1 - plan].0),
                Move::ChangeRisk(_) => (What::ChangeRisk(who, 1 - risk), (2 - risk).to_string(), ""),
                _ => (What::CorrectRisk(who, 1 - risk), (2 - risk).to_string(), ""),
            };
            let _ = writeln!(rows, "{word};{};;;{group};{code};", self.ids[&who]);
            events.push(Event { run, row, day: on.max(period.first), what });
        }
        (rows, events)
    }

    fn apply(&mut self, place: usize, each: &Run) {
        let next = self.book.last_run() + 1;
        let now = self.model.fold(next);
        let has_ended = now.end.is_some();
        match each {
            Run::Reprice { day, programmes, coefficient } => {
                let count = self.model.changes.iter().map(|change| change.run).collect::<BTreeSet<_>>().len();
                let from = FIRST.checked_add(day.days()).unwrap();
                if count == MOST_CHANGES || now.end.is_some_and(|(day, ..)| day <= from) {
                    return;
                }
                let id = format!("change-{place}");
                self.book.reprice(&id, &from.to_string(), &format!("{programmes:?}"), coefficient);
                let coefficient = exact(coefficient);
                for programme in *programmes {
                    let coefficient = coefficient.clone();
                    self.model.changes.push(Change { run: next, id: id.clone(), from, programme, coefficient });
                }
            }
            Run::Endorse { day, moves } if !has_ended => {
                let on = FIRST.checked_add(day.days()).unwrap();
                let ids = self.ids.clone();
                let (rows, events) = self.list(moves, on, next);
                let is_known = |(run, list, of): &(i64, String, Date)| {
                    (list, *of) == (&rows, on) && self.model.is_known(*run, next)
                };
                if rows.is_empty() || self.lists.iter().any(is_known) {
                    self.ids = ids;
                    return;
                }
                let before = self.book.due();
                let done = self.book.endorse_on_paper(&rows, &on.to_string(), Language::En);
                self.book.verify();
                self.book.assert_instalments(&done, &before);
                self.lists.push((next, rows, on));
                self.model.events.extend(events);
            }
            Run::Pay { kopecks } => {
                let amount = Kopecks::new((*kopecks).into()).to_string();
                let day = date(2026, 3, i8::try_from(place + 1).unwrap());
                self.book.paid(&day.to_string(), &amount);
                self.paid_on.insert(next, day);
                self.model.payments.push((next, (*kopecks).into()));
            }
            Run::End { day, refused } if !has_ended => {
                let end = match refused {
                    None => {
                        let on = FIRST.checked_add(day.days()).unwrap();
                        let book = &mut self.book.portfolio();
                        Some((on, None, terminate(book, "T-1", on, EndReason::Agreement, false).unwrap()))
                    }
                    Some(at) => {
                        let known: Vec<&Change> = { self.model.changes.iter() }
                            .filter(|change| self.model.is_known(change.run, next))
                            .collect();
                        let change = known.get(at % known.len().max(1));
                        // a change that has not raised the price cannot be refused
                        change.and_then(|change| {
                            let refused = refuse(&mut self.book.portfolio(), "T-1", &change.id, false).ok()?;
                            Some((change.from, Some(change.run), refused))
                        })
                    }
                };
                let Some((on, refused, ended)) = end else { return };
                let what = What::End { refused };
                self.model.events.push(Event { run: next, row: 1, day: on, what });
                let (_, refund, _) = self.model.fold(next).end.unwrap();
                assert_eq!(ended.refund.refund, Some(Kopecks::new(refund)));
            }
            Run::Annul(at) if !self.runs.is_empty() => {
                let run = self.runs.remove(at % self.runs.len());
                self.book.annul(run);
                self.model.annulled.push((next, run));
                self.steps.push(next);
                return;
            }
            Run::Endorse { .. } | Run::End { .. } | Run::Annul(_) => return,
        }
        self.runs.push(next);
        self.steps.push(self.book.last_run());
    }

    /// The lines, the written premium, and the insured on some days, as known now and as known after each step.
    fn compare(&self) {
        self.book.verify();
        let now = self.model.fold(i64::MAX);
        let state = self.book.standing();
        assert_eq!(state.version().written, Kopecks::new(now.written()));
        if state.prices.applied.iter().all(|applied| applied.run < state.rows_run()) {
            let mut lines = self.book.lines();
            lines.sort();
            assert_eq!(lines, now.shown());
        }
    }

    fn compare_history(&self) {
        for day in [date(2026, 2, 14), date(2026, 7, 31), LAST] {
            let now = self.model.fold_until(i64::MAX, day);
            let shown = self.show(&["--as-of", &day.to_string()]);
            assert_eq!(shown["written"], Kopecks::new(now.written()).to_string(), "on {day}");
            let covers = |first: Date, last: Date| first <= day && day <= last;
            let insured = now.periods.iter().filter(|period| covers(period.first, period.last)).count();
            assert_eq!(shown["insured"], insured, "on {day}");
            let lines = now.lines.iter().filter(|line| covers(line.first, line.last)).count();
            let shown: u64 =
                shown["covers"].as_array().unwrap().iter().map(|cover| cover["lines"].as_u64().unwrap()).sum();
            assert_eq!(shown, lines as u64, "on {day}");
        }
        for known_at in &self.steps {
            let shown = self.show(&["--known-at", &known_at.to_string()]);
            assert_eq!(shown["written"], Kopecks::new(self.model.fold(*known_at).written()).to_string());
            assert_eq!(shown["paid"], Kopecks::new(self.model.paid(*known_at)).to_string());
            let day = date(2026, 7, 31);
            let shown = self.show(&["--as-of", &day.to_string(), "--known-at", &known_at.to_string()]);
            let then = Kopecks::new(self.model.fold_until(*known_at, day).written()).to_string();
            assert_eq!(shown["written"], then, "on {day} as known after run {known_at}");
        }
    }

    fn show(&self, options: &[&str]) -> Value {
        self.run_json(&[&["portfolio", "show", "T-1"], options].concat())
    }

    fn run_json(&self, arguments: &[&str]) -> Value {
        let book = self.book.file("book");
        let fixed = ["--json", "--quiet", "--portfolio", book.to_str().unwrap()];
        serde_json::from_str(&run(arguments.iter().chain(&fixed)).exits_with(0).out).unwrap()
    }
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
