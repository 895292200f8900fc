//! A book beside its model: each run goes to both, and their figures are compared.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use jiff::ToSpan;
use jiff::civil::{Date, date};
use kollektiv::base::messages::Language;
use kollektiv::base::money::Kopecks;
use kollektiv::portfolio::event::EndReason;
use kollektiv::portfolio::refuse::{refuse, terminate};
use serde_json::Value;

use super::model::{Change, Event, Model, Period, Person, What, Who, exact};
use super::{FIRST, LAST, MOST_CHANGES, Move, PLANS, Run};
use crate::endorse::book::Book;
use crate::program::run;

/// A book and its model.
pub struct Pair<'t> {
    pub book: Book,
    pub model: Model<'t>,
    /// The ids by which lists name the insured.
    pub ids: BTreeMap<Who, usize>,
    /// The lists so far: the same list for the same day counts once (`I30`).
    pub lists: Vec<(i64, String, Date)>,
    /// The runs of lists, price changes, payments and ends, and the last run of each step.
    pub runs: Vec<i64>,
    pub steps: Vec<i64>,
    /// The first days of the payment periods.
    pub firsts: Vec<Date>,
    /// The days of the payments, by run.
    pub paid_on: BTreeMap<i64, Date>,
    /// The command line of `DuckDB`, where it is installed.
    pub duckdb: Option<String>,
}

impl Pair<'_> {
    /// Applies the possible moves of a list: its rows, and their events.
    pub fn list(&mut self, moves: &[Move], on: Date, run: i64) -> (String, Vec<Event>) {
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

    pub fn apply(&mut self, place: usize, each: &Run) {
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
    pub fn compare(&self) {
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

    pub fn compare_history(&self) {
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

    pub fn show(&self, options: &[&str]) -> Value {
        self.run_json(&[&["portfolio", "show", "T-1"], options].concat())
    }

    pub fn run_json(&self, arguments: &[&str]) -> Value {
        let book = self.book.file("book");
        let fixed = ["--json", "--quiet", "--portfolio", book.to_str().unwrap()];
        serde_json::from_str(&run(arguments.iter().chain(&fixed)).exits_with(0).out).unwrap()
    }
}
