//! The model of a contract in rationals: what is known of it, folded from nothing.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use kollektiv::base::money::Kopecks;
use kollektiv::tariff::Tariff;
use num_rational::BigRational;

use super::{FIRST, LAST, PLANS, YEAR_DAYS};
use crate::endorse::book::ShownLine;

/// An insured: the place among those as bound, or the run and row of the event.
pub type Who = (i64, u32);

#[derive(Debug, Clone, Copy)]
pub struct Person {
    pub plan: usize,
    pub born: Date,
    pub risk: usize,
}

/// What happens from a day on.
#[derive(Debug, Clone, Copy)]
pub enum What {
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
pub struct Event {
    pub run: i64,
    pub row: u32,
    pub day: Date,
    pub what: What,
}

/// A price change of one programme.
#[derive(Debug, Clone)]
pub struct Change {
    pub run: i64,
    pub id: String,
    pub from: Date,
    pub programme: &'static str,
    pub coefficient: BigRational,
}

/// A period of an insured with the same plan and risk group.
#[derive(Debug, Clone)]
pub struct Period {
    pub who: Who,
    pub made_by: (i64, u32),
    pub person: Person,
    pub first: Date,
    pub last: Date,
}

#[derive(Debug, Clone)]
pub struct Line {
    pub period: usize,
    pub programme: &'static str,
    pub rate: BigRational,
    pub sum: BigRational,
    pub first: Date,
    pub last: Date,
    pub premium: i128,
}

/// Everything that is known of the contract.
#[derive(Clone)]
pub struct Model<'t> {
    pub tariff: &'t Tariff,
    pub load: BigRational,
    pub credits: bool,
    pub bound: Vec<Person>,
    pub events: Vec<Event>,
    pub changes: Vec<Change>,
    /// The annulling and the annulled runs.
    pub annulled: Vec<(i64, i64)>,
    pub payments: Vec<(i64, i128)>,
}

/// The contract after its events.
pub struct Folded {
    pub periods: Vec<Period>,
    pub lines: Vec<Line>,
    /// The first day without cover, the refund, and the expenses that are charged.
    pub end: Option<(Date, i128, i128)>,
}

pub fn exact(text: &str) -> BigRational {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits: i64 = format!("{whole}{fraction}").parse().unwrap();
    integer(digits) / integer(10_i64.pow(u32::try_from(fraction.len()).unwrap()))
}

pub fn integer(number: i64) -> BigRational {
    BigRational::from_integer(number.into())
}

/// Kopecks of an amount in roubles, rounded half away from zero.
pub fn rounded(roubles: &BigRational) -> i128 {
    let kopecks = roubles * integer(100);
    let half = BigRational::new(1.into(), 2.into());
    let away = if kopecks < integer(0) { kopecks - half } else { kopecks + half };
    away.trunc().to_integer().try_into().unwrap()
}

/// A share of kopecks.
pub fn share(kopecks: i128, share: &BigRational) -> i128 {
    rounded(&(BigRational::new(kopecks.into(), 100.into()) * share))
}

pub fn days(first: Date, last: Date) -> i64 {
    i64::from(first.until(last).unwrap().get_days()) + 1
}

impl Model<'_> {
    pub fn rate(&self, base: &str, age: i16, risk: usize) -> BigRational {
        let age = u16::try_from(age).unwrap();
        let of_age = self.tariff.age.value.iter().find(|band| band.years.from <= age && age <= band.years.to);
        // risk groups 1 and 2 at their low ends
        let of_risk = ["1.00", "1.60"][risk];
        exact(base) * exact("1.20") * exact(&of_age.unwrap().coefficient.to_string()) * exact(of_risk)
    }

    pub fn is_known(&self, run: i64, known_at: i64) -> bool {
        run <= known_at && !self.annulled.iter().any(|(by, of)| *of == run && *by <= known_at)
    }

    /// The paid premium as known after a run.
    pub fn paid(&self, known_at: i64) -> i128 {
        self.payments.iter().filter(|(run, _)| self.is_known(*run, known_at)).map(|(_, amount)| amount).sum()
    }

    /// The charged level of a programme after these changes (`I19`).
    pub fn level<'c>(&self, programme: &str, changes: impl Iterator<Item = &'c Change>) -> BigRational {
        let (mut cost, mut highest) = (integer(1), integer(1));
        for change in changes.filter(|change| change.programme == programme) {
            cost *= &change.coefficient;
            highest = highest.max(cost.clone());
        }
        if self.credits { cost } else { highest }
    }

    /// Folds what is known after a run.
    pub fn fold(&self, known_at: i64) -> Folded {
        self.fold_until(known_at, Date::MAX)
    }

    /// Folds what is known after a run and counts on a day or earlier.
    pub fn fold_until(&self, known_at: i64, day: Date) -> Folded {
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
    pub fn end(&self, book: &mut Pages<'_, '_>, end: &Event, known_at: i64) -> (Date, i128, i128) {
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
    pub fn valid_day(&self) -> Date {
        if matches!(self.what, What::CorrectRisk(..)) { FIRST } else { self.day }
    }
}

impl What {
    /// The insured, where there is one already.
    pub fn who(self) -> Option<Who> {
        match self {
            Self::Leave(who) | Self::ChangePlan(who, _) | Self::ChangeRisk(who, _) | Self::CorrectRisk(who, _) => {
                Some(who)
            }
            Self::Join(_) | Self::End { .. } => None,
        }
    }
}

/// The contract while it is folded.
pub struct Pages<'m, 't> {
    pub model: &'m Model<'t>,
    pub changes: Vec<&'m Change>,
    /// The number of price changes that are in the premiums.
    pub charged: usize,
    pub periods: Vec<Period>,
    pub lines: Vec<Line>,
}

impl Pages<'_, '_> {
    pub fn level(&self, programme: &str, count: usize) -> BigRational {
        self.model.level(programme, self.changes[..count].iter().copied())
    }

    /// The rounded premium of days of a line, for a part of its rate.
    pub fn premium(line: &Line, level: &BigRational, first: Date, last: Date) -> i128 {
        let number = if first > last { 0 } else { days(first, last) };
        rounded(&(&line.sum / integer(100) * &line.rate * level * integer(number) / integer(YEAR_DAYS)))
    }

    pub fn reprice_until(&mut self, day: Date) {
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
    pub fn covered(&self, who: Who, on: Date) -> Option<usize> {
        let at = self.periods.iter().rposition(|period| period.who == who)?;
        (self.periods[at].last >= on.max(self.periods[at].first)).then_some(at)
    }

    pub fn open(&mut self, at: usize) {
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
    pub fn close(&mut self, at: usize, on: Date, load: &BigRational) {
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
    pub fn written(&self) -> i128 {
        let lines: i128 = self.lines.iter().map(|line| line.premium).sum();
        lines + self.end.map_or(0, |(.., expenses)| expenses)
    }

    /// The lines, with the place of each period in the order of what has made it.
    pub fn shown(&self) -> Vec<ShownLine> {
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
    pub fn covered(&self, on: Date) -> Vec<&Period> {
        let mut covered: Vec<&Period> =
            self.periods.iter().filter(|period| period.last >= on.max(period.first)).collect();
        covered.sort_by_key(|period| (period.who, period.first));
        covered.dedup_by_key(|period| period.who);
        covered
    }
}
