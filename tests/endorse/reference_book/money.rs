//! The charges, debts and earned premium of the slow model, each from its rule (`I50`, `I52`, `I54`).

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::{Date, date};
use kollektiv::base::money::Kopecks;
use kollektiv::portfolio::register::{Version, VersionKind};
use num_rational::BigRational;

use super::{Change, FIRST, Folded, LAST, Line, Model, Pair, Who, days, integer, share};

/// An amount that a run has charged: for itself, or for the earlier run whose charge it takes back.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    run: i64,
    due: Date,
    of: i64,
    amount: i128,
}

/// All charges so far.
pub(super) struct Ledger {
    /// The first days of the payment periods.
    firsts: Vec<Date>,
    entries: Vec<Entry>,
    annulled: Vec<i64>,
}

impl Ledger {
    fn due_on(&self, day: Date) -> i128 {
        self.entries.iter().filter(|entry| entry.due == day).map(|entry| entry.amount).sum()
    }

    fn add(&mut self, run: i64, of: i64, due: Date, amount: i128) {
        if amount != 0 {
            self.entries.push(Entry { run, due, of, amount });
        }
    }

    /// The last days of the payment periods whose first day is on a day or later.
    fn to_come(&self, from: Date) -> Vec<(Date, Date)> {
        let next = self.firsts.iter().skip(1).map(|first| first.yesterday().unwrap()).chain([LAST]);
        self.firsts.iter().copied().zip(next).filter(|(first, _)| *first >= from).collect()
    }

    fn change(&mut self, run: i64, changes: &[(Date, Date, i128)]) {
        for (from, last, amount) in changes.iter().filter(|(.., amount)| *amount > 0) {
            let to_come = self.to_come(*from);
            if to_come.is_empty() || last < from {
                self.add(run, run, *from, *amount);
                continue;
            }
            let mut charged = 0;
            for (due, end) in to_come {
                let until = if end < *from { 0 } else { days(*from, end.min(*last)) };
                let until = share(*amount, &(integer(until) / integer(days(*from, *last))));
                self.add(run, run, due, until - charged);
                charged = until;
            }
        }
        for (from, _, amount) in changes.iter().filter(|(.., amount)| *amount < 0) {
            self.reduce(run, run, *from, -amount);
        }
    }

    fn reduce(&mut self, run: i64, of: i64, from: Date, mut left: i128) {
        for (due, _) in self.to_come(from) {
            let taken = left.min(self.due_on(due).max(0));
            self.add(run, of, due, -taken);
            left -= taken;
        }
        self.add(run, of, from, -left);
    }

    fn reprice(&mut self, run: i64, of: i64, from: Date, amount: i128) {
        if amount < 0 {
            self.reduce(run, of, from, -amount);
        } else {
            self.add(run, of, from.yesterday().unwrap(), amount);
        }
    }

    /// Takes entries back on their own days; returns their sum.
    fn take_back(&mut self, run: i64, taken: impl Fn(&Entry) -> bool) -> i128 {
        let taken: Vec<Entry> = self.entries.iter().filter(|entry| taken(entry)).cloned().collect();
        for Entry { due, of, amount, .. } in &taken {
            self.add(run, *of, *due, -amount);
        }
        taken.iter().map(|entry| entry.amount).sum()
    }
}

/// The first day on which the lines of an insured differ, and the last day of those that do; `None` where the premium stays.
fn difference(before: &[&Line], after: &[&Line]) -> Option<(Date, Date, i128)> {
    let premium = |lines: &[&Line]| lines.iter().map(|line| line.premium).sum::<i128>();
    let amount = premium(after) - premium(before);
    if amount == 0 {
        return None;
    }
    let whole = |line: &Line| (line.programme, line.rate.clone(), line.first, line.last, line.premium);
    let differing = |lines: &[&Line], others: &[&Line]| -> Vec<(Date, Date)> {
        let others: Vec<_> = others.iter().map(|line| whole(line)).collect();
        lines.iter().filter(|line| !others.contains(&whole(line))).map(|line| (line.first, line.last)).collect()
    };
    let changed = [differing(before, after), differing(after, before)].concat();
    let covering = |lines: &[&Line], day: Date| -> BTreeSet<(&'static str, BigRational, Date)> {
        let covers = lines.iter().filter(|line| line.first <= day && day <= line.last);
        covers.map(|line| (line.programme, line.rate.clone(), line.first)).collect()
    };
    let mut day = FIRST;
    while day <= LAST && covering(before, day) == covering(after, day) {
        day = day.tomorrow().unwrap();
    }
    let first = if day > LAST { changed.iter().map(|(first, _)| *first).min().unwrap() } else { day };
    Some((first, changed.iter().map(|(_, last)| *last).max().unwrap(), amount))
}

fn by_insured(folded: &Folded) -> BTreeMap<Who, Vec<&Line>> {
    let mut lines: BTreeMap<Who, Vec<&Line>> = BTreeMap::new();
    for line in &folded.lines {
        lines.entry(folded.periods[line.period].who).or_default().push(line);
    }
    lines
}

impl Pair<'_> {
    /// The charges of all runs so far, from the rules.
    fn ledger(&self) -> Ledger {
        let state = self.book.standing();
        let mut ledger = Ledger { firsts: self.firsts.clone(), entries: Vec::new(), annulled: Vec::new() };
        let mut written = 0;
        for (place, version) in state.versions.iter().enumerate() {
            let (run, from) = (version.run, version.from_day);
            let amount = version.written.get() - written;
            written = version.written.get();
            match version.kind {
                VersionKind::Bound => {
                    let mut due = vec![0; self.firsts.len()];
                    for line in self.model.fold(run).lines {
                        let mut charged = 0;
                        for (due, (_, end)) in due.iter_mut().zip(ledger.to_come(FIRST)) {
                            let until = share(line.premium, &(integer(days(FIRST, end)) / integer(days(FIRST, LAST))));
                            *due += until - charged;
                            charged = until;
                        }
                    }
                    for (first, amount) in self.firsts.iter().zip(due) {
                        ledger.add(run, run, *first, amount);
                    }
                }
                VersionKind::Repriced => ledger.reprice(run, run, from, amount),
                VersionKind::Refolded => {
                    let later = self.later_prices(run);
                    let amount = amount - later.iter().map(|(.., amount)| amount).sum::<i128>();
                    let change = &state.versions[place - 1];
                    // a change that keeps the price has no version of its own
                    if change.kind == VersionKind::Repriced && change.from_day.max(FIRST) == from {
                        let before = ledger.take_back(run, |entry| entry.of == change.run);
                        ledger.reprice(run, change.run, change.from_day, before + amount);
                    } else {
                        ledger.change(run, &[(from, LAST, amount)]);
                    }
                    for (of, day, amount) in later {
                        let before = ledger.take_back(run, |entry| entry.of == of);
                        ledger.reprice(run, of, day, before + amount);
                    }
                }
                VersionKind::Endorsed => {
                    let (before, after) = (self.model.fold(run - 1), self.model.fold(run));
                    let (before, after) = (by_insured(&before), by_insured(&after));
                    let insured: BTreeSet<Who> = before.keys().chain(after.keys()).copied().collect();
                    let changes: Vec<_> = { insured.iter() }
                        .filter_map(|who| {
                            let [before, after] = [&before, &after].map(|lines| lines.get(who).cloned());
                            difference(&before.unwrap_or_default(), &after.unwrap_or_default())
                        })
                        .map(|(first, last, amount)| (first.max(from), last, amount))
                        .collect();
                    assert_eq!(changes.iter().map(|(.., amount)| amount).sum::<i128>(), amount);
                    ledger.change(run, &changes);
                }
                VersionKind::Refused | VersionKind::Terminated => {
                    let day = version.ended.unwrap();
                    let dropped = state.versions[..place]
                        .iter()
                        .filter(|of| of.kind == VersionKind::Repriced && of.from_day >= day)
                        .map(|of| of.run);
                    let dropped: Vec<i64> = dropped.collect();
                    let mut booked = -ledger.take_back(run, |entry| dropped.contains(&entry.of));
                    let later: BTreeSet<Date> =
                        ledger.entries.iter().map(|entry| entry.due).filter(|due| *due >= day).collect();
                    for due in later {
                        let amount = ledger.due_on(due);
                        ledger.add(run, run, due, -amount);
                        booked -= amount;
                    }
                    ledger.add(run, run, day, amount - booked);
                }
                VersionKind::Annulled => {
                    let (_, annulled) = *self.model.annulled.iter().find(|(by, _)| *by == run).unwrap();
                    let earlier = ledger.annulled.clone();
                    let is_again =
                        |of: &&Version| of.kind == VersionKind::Refolded && of.run == annulled + 1 && of.run < run;
                    let again = state.versions.iter().find(is_again).map(|of| of.run);
                    let booked = -ledger.take_back(run, |entry| {
                        let is_booked = entry.run == annulled || Some(entry.run) == again;
                        entry.of == annulled || is_booked && !earlier.contains(&entry.of)
                    });
                    ledger.annulled.push(annulled);
                    ledger.change(run, &[(from, LAST, amount - booked)]);
                }
            }
        }
        ledger
    }

    /// The price changes of later days than the one before a run that works a contract out again: the run and the first day of each, and what
    /// the earlier change makes of its amount.
    fn later_prices(&self, again: i64) -> Vec<(i64, Date, i128)> {
        let known: Vec<&Change> =
            self.model.changes.iter().filter(|change| self.model.is_known(change.run, again)).collect();
        let Some(own) = known.iter().find(|change| change.run == again - 1) else { return Vec::new() };
        let later: BTreeSet<(Date, i64)> =
            known.iter().filter(|change| change.from > own.from).map(|change| (change.from, change.run)).collect();
        let written = |known_at: i64, counts: &dyn Fn(&Change) -> bool| {
            let changes = self.model.changes.iter().filter(|change| counts(change)).cloned().collect();
            let model = Model { changes, ..self.model.clone() };
            model.fold(known_at).written()
        };
        let amount = |known_at: i64, (day, run): (Date, i64)| {
            let until = |change: &Change| (change.from, change.run);
            written(known_at, &|change| until(change) <= (day, run))
                - written(known_at, &|change| until(change) < (day, run))
        };
        let difference = |change: &(Date, i64)| amount(again, *change) - amount(again - 2, *change);
        later.iter().map(|change| (change.1, change.0, difference(change))).collect()
    }

    /// The charges of the book are those of the model, and add up to the written premium after every run.
    pub(super) fn compare_charges(&self) {
        let shown = self.show(&[]);
        let mut charges: BTreeMap<(i64, Date, i64), i128> = BTreeMap::new();
        for charge in shown["charges"].as_array().unwrap() {
            let run = charge["run"].as_i64().unwrap();
            let key =
                (run, charge["due"].as_str().unwrap().parse().unwrap(), charge["corrects"].as_i64().unwrap_or(run));
            *charges.entry(key).or_default() += kopecks(&charge["amount"]);
        }
        let ledger = self.ledger();
        let mut expected: BTreeMap<(i64, Date, i64), i128> = BTreeMap::new();
        for Entry { run, due, of, amount } in &ledger.entries {
            *expected.entry((*run, *due, *of)).or_default() += amount;
        }
        expected.retain(|_, amount| *amount != 0);
        assert_eq!(charges, expected);
        for version in &self.book.standing().versions {
            let until: i128 =
                expected.iter().filter(|((run, ..), _)| *run <= version.run).map(|(_, amount)| amount).sum();
            assert_eq!(Kopecks::new(until), version.written);
        }
    }

    /// The debts and the earned premium on some days.
    pub(super) fn compare_debts(&self) {
        let ledger = self.ledger();
        for day in [date(2026, 1, 1), date(2026, 4, 2), date(2026, 6, 17), date(2026, 9, 30), LAST, date(2027, 5, 1)] {
            let mut due: BTreeMap<Date, i128> = BTreeMap::new();
            for entry in ledger.entries.iter().filter(|entry| entry.due <= day) {
                *due.entry(entry.due).or_default() += entry.amount;
            }
            let paid: i128 = { self.model.payments.iter() }
                .filter(|(run, _)| self.model.is_known(*run, i64::MAX) && self.paid_on[run] <= day)
                .map(|(_, amount)| amount)
                .sum();
            let credits: i128 = due.values().filter(|amount| **amount < 0).map(|amount| -amount).sum();
            // what is unpaid of the charges until a day: all that is charged until then, less all that is paid
            let unpaid = |until: Date| {
                let charged: i128 =
                    due.iter().filter(|(day, amount)| **day <= until && **amount > 0).map(|(_, amount)| amount).sum();
                (charged - paid - credits).max(0)
            };
            let before = |days: i64| day.checked_sub(days.days()).unwrap();
            let until = [1, 31, 61, 91].map(|days| unpaid(before(days)));
            let ages = [until[0] - until[1], until[1] - until[2], until[2] - until[3], until[3]];
            let charged: i128 = due.values().filter(|amount| **amount > 0).sum();
            let debts = self.run_json(&["portfolio", "debts", "--as-of", &day.to_string()]);
            let keys = ["overdue_1_30", "overdue_31_60", "overdue_61_90", "overdue_over_90"];
            assert_eq!(keys.map(|key| kopecks(&debts[key])), ages, "on {day}");
            assert_eq!(kopecks(&debts["outstanding"]), unpaid(day), "on {day}");
            assert_eq!(kopecks(&debts["credit"]), (paid + credits - charged).max(0), "on {day}");
            assert_eq!(kopecks(&debts["due"]), due.values().sum::<i128>(), "on {day}");
            self.compare_statement(day, &due, paid);
        }
        self.compare_earned();
    }

    /// The statement of account of the ninety days before a day: its balances are those of the model, and every entry is on a day of it.
    fn compare_statement(&self, day: Date, due: &BTreeMap<Date, i128>, paid: i128) {
        let from = day.checked_sub(90.days()).unwrap();
        let out = self.book.file("statement");
        let (first, last) = (from.to_string(), day.to_string());
        let days = ["--from", first.as_str(), "--to", last.as_str()];
        let command = [&["portfolio", "statement", "T-1", "--out", out.to_str().unwrap()], &days[..]].concat();
        let statement = self.run_json(&command);
        let charged_before: i128 = due.iter().filter(|(due, _)| **due < from).map(|(_, amount)| amount).sum();
        let paid_before: i128 = { self.model.payments.iter() }
            .filter(|(run, _)| self.model.is_known(*run, i64::MAX) && self.paid_on[run] < from)
            .map(|(_, amount)| amount)
            .sum();
        assert_eq!(kopecks(&statement["opening"]), charged_before - paid_before, "before {from}");
        assert_eq!(kopecks(&statement["closing"]), due.values().sum::<i128>() - paid, "on {day}");
        let mut balance = kopecks(&statement["opening"]);
        for entry in statement["entries"].as_array().unwrap() {
            let on: Date = entry["day"].as_str().unwrap().parse().unwrap();
            assert!(from <= on && on <= day, "{entry}");
            balance += kopecks(&entry["debit"]) - kopecks(&entry["credit"]);
            assert_eq!(kopecks(&entry["balance"]), balance, "{entry}");
        }
        assert_eq!(balance, kopecks(&statement["closing"]));
    }

    /// The earned premium on some days, of what counts on them.
    fn compare_earned(&self) {
        for day in [date(2026, 1, 1), date(2026, 4, 2), date(2026, 9, 30), LAST] {
            let folded = self.model.fold_until(i64::MAX, day);
            let mut exact: BTreeMap<&'static str, BigRational> = BTreeMap::new();
            for line in &folded.lines {
                let gone = if day < line.first { 0 } else { days(line.first, day.min(line.last)) };
                let part = BigRational::new(line.premium.into(), 1.into()) * integer(gone)
                    / integer(days(line.first, line.last));
                *exact.entry(line.programme).or_insert_with(|| integer(0)) += part;
            }
            let mut earned: i128 = exact.values().map(|exact| share(100, &(exact / integer(100)))).sum();
            earned +=
                folded.end.map_or(0, |(end, _, expenses)| if end.yesterday().unwrap() <= day { expenses } else { 0 });
            let out = self.book.file("report");
            let day = day.to_string();
            let report = ["portfolio", "report", "--as-of", &day, "--out", out.to_str().unwrap()];
            let reported = self.run_json(&report);
            assert_eq!(kopecks(&reported["earned"]), earned, "on {day}");
            assert_eq!(kopecks(&reported["unearned"]), folded.written() - earned, "on {day}");
        }
    }
}

fn kopecks(amount: &serde_json::Value) -> i128 {
    amount.as_str().unwrap().replace('.', "").parse().unwrap()
}
