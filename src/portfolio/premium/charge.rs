//! The charges of a contract: what each run adds to its premium, and the day on which that is due (`I50`).
//!
//! | a run | is due |
//! |---|---|
//! | binds the contract | each instalment on the first day of its payment period |
//! | adds premium of an insured | spread over the instalments still to come, by the days of cover; where none is to come, on the first of those days |
//! | takes premium away | off the nearest instalments still to come; what remains is a credit of that day |
//! | changes prices | a rise on the day before the new prices; a fall as premium taken away from their first day |
//! | ends the contract | what was still to come falls away; the rest is due, or a credit, on the first day without cover |
//! | annuls a run | the charges of that run are taken back on the days on which they were due |
//!
//! The book has no clock: an instalment is still to come if it is due on the day from which a change counts, or later. The sum of all
//! charges is the written premium after every run.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::base::calendar::Period;
use crate::base::money::Kopecks;
use crate::pricing::premium::instalments;

/// An amount that a run has charged for a day; below 0 where it takes an earlier amount back or is a credit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Charge {
    /// The run that booked it.
    pub run: i64,
    /// The run whose charge it is: an earlier one where a charge of that run is taken back or worked out again.
    pub of: i64,
    /// The day on which it is due: the last on which it is paid in time.
    pub due: Date,
    /// The amount; never 0.
    pub amount: Kopecks,
}

/// What a change adds to the premium of an insured for consecutive days, or takes from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PremiumChange {
    /// The first of the days.
    pub from: Date,
    /// The last of them; before the first where no cover is left.
    pub last: Date,
    /// The amount; below 0 where the days cost less.
    pub amount: Kopecks,
}

/// The charges of one contract, to which the runs are added in their order.
#[derive(Debug, Clone)]
pub struct ChargeSchedule<'p> {
    /// The payment periods, in order.
    periods: &'p [Period],
    /// The amounts by the run that booked them, the run whose charge they are, and the due day.
    charges: BTreeMap<(i64, i64, Date), Kopecks>,
    /// The amounts by due day.
    balance: BTreeMap<Date, Kopecks>,
    /// The runs that are annulled.
    annulled: BTreeSet<i64>,
}

impl<'p> ChargeSchedule<'p> {
    /// A schedule without charges for a contract with these payment periods.
    #[must_use]
    pub const fn new(periods: &'p [Period]) -> Self {
        Self { periods, charges: BTreeMap::new(), balance: BTreeMap::new(), annulled: BTreeSet::new() }
    }

    /// The schedule of a contract with these charges, for the runs that follow.
    #[must_use]
    pub fn resumed(periods: &'p [Period], charges: &[Charge]) -> Self {
        let mut schedule = Self::new(periods);
        for charge in charges {
            schedule.add(charge.run, charge.of, charge.due, charge.amount);
        }
        schedule
    }

    /// Adds the instalments of a contract that is bound, one for each payment period.
    pub fn bind(&mut self, run: i64, amounts: &[Kopecks]) {
        for (period, amount) in self.periods.iter().zip(amounts) {
            self.add(run, run, period.first(), *amount);
        }
    }

    /// Adds what a run changes: first what costs more, then what costs less.
    pub fn change(&mut self, run: i64, changes: &[PremiumChange]) {
        let (more, less): (Vec<_>, Vec<_>) = changes.iter().partition(|change| change.amount > Kopecks::ZERO);
        for change in more {
            self.spread(run, change);
        }
        for change in less {
            self.reduce(run, run, change.from, -change.amount);
        }
    }

    /// Adds a change of prices from a day on.
    pub fn reprice(&mut self, run: i64, effective: Date, amount: Kopecks) {
        self.price(run, run, effective, amount);
    }

    /// Adds what a later run corrects in a change of prices, because later events were known (`I31`): the change is charged anew.
    pub fn refold(&mut self, run: i64, of: i64, effective: Date, amount: Kopecks) {
        let before = -self.take_back(run, |key| key.1 == of);
        self.price(run, of, effective, before + amount);
    }

    /// Adds the end of the contract on its first day without cover; `dropped` are the runs of price changes that do not apply any more.
    pub fn end(&mut self, run: i64, day: Date, amount: Kopecks, dropped: &[i64]) {
        let mut booked = self.take_back(run, |key| dropped.contains(&key.1));
        let to_come: Vec<(Date, Kopecks)> = self.balance.range(day..).map(|(due, amount)| (*due, *amount)).collect();
        for (due, amount) in to_come {
            self.add(run, run, due, -amount);
            booked -= amount;
        }
        self.add(run, run, day, amount - booked);
    }

    /// Adds the annulment of a run, and of the run that folded the contract again after it; `rest` is all that the annulment changes, of which
    /// the charges of these runs are taken back first.
    pub fn annul(&mut self, run: i64, annulled: i64, refold: Option<i64>, rest: PremiumChange) {
        let earlier = self.annulled.clone();
        let booked = self.take_back(run, |(by, of, _)| {
            of == annulled || (by == annulled || Some(by) == refold) && !earlier.contains(&of)
        });
        self.annulled.insert(annulled);
        self.change(run, &[PremiumChange { amount: rest.amount - booked, ..rest }]);
    }

    /// Adds the annulment of the binding: nothing is due any more.
    pub fn annul_binding(&mut self, run: i64) {
        self.take_back(run, |_| true);
    }

    /// The charges by run and due day.
    #[must_use]
    pub fn charges(&self) -> Vec<Charge> {
        let charge = |((run, of, due), amount): (&(i64, i64, Date), &Kopecks)| Charge {
            run: *run,
            of: *of,
            due: *due,
            amount: *amount,
        };
        let mut charges: Vec<Charge> =
            self.charges.iter().map(charge).filter(|charge| charge.amount != Kopecks::ZERO).collect();
        charges.sort_by_key(|charge| (charge.run, charge.due, charge.of));
        charges
    }

    /// The sum of the charges that a run has booked.
    #[must_use]
    pub fn booked_by(&self, run: i64) -> Kopecks {
        let of_run = (run, i64::MIN, Date::MIN)..=(run, i64::MAX, Date::MAX);
        self.charges.range(of_run).map(|(_, amount)| *amount).sum()
    }

    fn add(&mut self, run: i64, of: i64, due: Date, amount: Kopecks) {
        *self.charges.entry((run, of, due)).or_default() += amount;
        *self.balance.entry(due).or_default() += amount;
    }

    /// The payment periods whose instalment is due on a day or later.
    fn to_come(&self, from: Date) -> &'p [Period] {
        let passed = self.periods.partition_point(|period| period.first() < from);
        &self.periods[passed..]
    }

    /// Spreads premium over the instalments to come: until each payment period ends, the share of the days until then is due.
    fn spread(&mut self, run: i64, change: &PremiumChange) {
        let PremiumChange { from, last, amount } = *change;
        let to_come = self.to_come(from);
        let cover = self.periods.last().and_then(|period| Period::new(from, last.min(period.last())));
        match cover {
            Some(cover) if !to_come.is_empty() => {
                for (period, part) in to_come.iter().zip(instalments(amount, cover, to_come)) {
                    self.add(run, run, period.first(), part);
                }
            }
            _ => self.add(run, run, from, amount),
        }
    }

    /// Takes an amount off the nearest instalments to come; what remains is a credit of the day.
    fn reduce(&mut self, run: i64, of: i64, from: Date, amount: Kopecks) {
        let mut left = amount;
        for period in self.to_come(from) {
            let due = self.balance.get(&period.first()).copied().unwrap_or_default().max(Kopecks::ZERO);
            let taken = due.min(left);
            self.add(run, of, period.first(), -taken);
            left -= taken;
        }
        self.add(run, of, from, -left);
    }

    fn price(&mut self, run: i64, of: i64, effective: Date, amount: Kopecks) {
        if amount < Kopecks::ZERO {
            self.reduce(run, of, effective, -amount);
        } else {
            self.add(run, of, effective.yesterday().unwrap_or(effective), amount);
        }
    }

    /// Takes the charges with these keys back on their own days; returns the sum of what is booked for it.
    fn take_back(&mut self, run: i64, is_taken: impl Fn((i64, i64, Date)) -> bool) -> Kopecks {
        let mut taken: BTreeMap<(i64, Date), Kopecks> = BTreeMap::new();
        for ((by, of, due), amount) in &self.charges {
            if is_taken((*by, *of, *due)) {
                *taken.entry((*of, *due)).or_default() += *amount;
            }
        }
        let mut booked = Kopecks::ZERO;
        for ((of, due), amount) in taken {
            self.add(run, of, due, -amount);
            booked -= amount;
        }
        booked
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const FIRST: Date = date(2027, 1, 1);
    const LAST: Date = date(2027, 12, 31);

    /// The quarters of 2027: 90, 91, 92 and 92 days.
    fn quarters() -> Vec<Period> {
        let firsts = [1, 4, 7, 10].map(|month| date(2027, month, 1));
        firsts
            .map(|first| Period::new(first, first.checked_add(jiff::Span::new().months(2)).unwrap().last_of_month()))
            .map(Option::unwrap)
            .to_vec()
    }

    fn change(from: Date, last: Date, kopecks: i128) -> PremiumChange {
        PremiumChange { from, last, amount: Kopecks::new(kopecks) }
    }

    /// The charges of a run, as due days and kopecks.
    fn booked(schedule: &ChargeSchedule<'_>, run: i64) -> Vec<(Date, i128)> {
        let charges = schedule.charges();
        charges.iter().filter(|charge| charge.run == run).map(|charge| (charge.due, charge.amount.get())).collect()
    }

    /// All charges by due day, in kopecks.
    fn due(schedule: &ChargeSchedule<'_>) -> Vec<(Date, i128)> {
        let balance = schedule.balance.iter().map(|(due, amount)| (*due, amount.get()));
        balance.filter(|(_, amount)| *amount != 0).collect()
    }

    fn bound(periods: &[Period]) -> ChargeSchedule<'_> {
        let mut schedule = ChargeSchedule::new(periods);
        schedule.bind(1, &[900, 910, 920, 920].map(|kopecks| Kopecks::new(kopecks * 100)));
        schedule
    }

    #[test]
    fn i50_a_joiners_premium_is_spread_over_the_instalments_to_come_by_days() {
        let periods = quarters();
        let mut schedule = bound(&periods);
        // 15 May to 31 December has 231 days, 139 of them until 30 September: 2310.00 × 139 / 231 = 1390.00
        schedule.change(2, &[change(date(2027, 5, 15), LAST, 231_000)]);
        assert_eq!(booked(&schedule, 2), [(date(2027, 7, 1), 139_000), (date(2027, 10, 1), 92_000)]);
        // an instalment of the first day of cover is still to come
        schedule.change(3, &[change(date(2027, 7, 1), LAST, 18_400)]);
        assert_eq!(booked(&schedule, 3), [(date(2027, 7, 1), 9_200), (date(2027, 10, 1), 9_200)]);
        // none is to come in the last quarter
        schedule.change(4, &[change(date(2027, 11, 2), LAST, 6_000)]);
        assert_eq!(booked(&schedule, 4), [(date(2027, 11, 2), 6_000)]);
    }

    #[test]
    fn i50_less_premium_reduces_the_nearest_instalments_and_the_rest_is_a_credit() {
        let periods = quarters();
        let mut schedule = bound(&periods);
        schedule.change(2, &[change(date(2027, 5, 15), LAST, -100_000)]);
        // 920.00 of July, 80.00 of October
        assert_eq!(booked(&schedule, 2), [(date(2027, 7, 1), -92_000), (date(2027, 10, 1), -8_000)]);
        schedule.change(3, &[change(date(2027, 8, 1), LAST, -90_000)]);
        assert_eq!(booked(&schedule, 3), [(date(2027, 8, 1), -6_000), (date(2027, 10, 1), -84_000)]);
        assert_eq!(due(&schedule), [(FIRST, 90_000), (date(2027, 4, 1), 91_000), (date(2027, 8, 1), -6_000)]);
    }

    #[test]
    fn i50_an_additional_premium_is_due_on_the_day_before_the_new_prices() {
        let periods = quarters();
        let mut schedule = bound(&periods);
        schedule.reprice(2, date(2027, 6, 5), Kopecks::new(5_000));
        assert_eq!(booked(&schedule, 2), [(date(2027, 6, 4), 5_000)]);
        schedule.reprice(3, date(2027, 9, 1), Kopecks::new(-2_000));
        assert_eq!(booked(&schedule, 3), [(date(2027, 10, 1), -2_000)]);
        // later events were known: the rise is 40.00 and not 50.00, by the same day
        schedule.refold(4, 2, date(2027, 6, 5), Kopecks::new(-1_000));
        assert_eq!(booked(&schedule, 4), [(date(2027, 6, 4), -1_000)]);
        // and then a fall by 10.00
        schedule.refold(5, 2, date(2027, 6, 5), Kopecks::new(-5_000));
        assert_eq!(booked(&schedule, 5), [(date(2027, 6, 4), -4_000), (date(2027, 7, 1), -1_000)]);
    }

    #[test]
    fn i50_the_end_of_a_contract_cancels_what_was_to_come() {
        let periods = quarters();
        let mut schedule = bound(&periods);
        schedule.reprice(2, date(2027, 6, 5), Kopecks::new(5_000));
        schedule.change(3, &[change(date(2027, 8, 1), LAST, 1_840)]);
        // 3650.00 + 50.00 + 18.40 are written, 1550.00 are earned until 4 June
        schedule.end(4, date(2027, 6, 5), Kopecks::new(155_000 - 371_840), &[2]);
        assert_eq!(
            due(&schedule),
            [(FIRST, 90_000), (date(2027, 4, 1), 91_000), (date(2027, 6, 5), 155_000 - 181_000)]
        );
        // the end is annulled: all is as before
        schedule.annul(5, 4, None, change(date(2027, 6, 5), LAST, 371_840 - 155_000));
        let before = [
            (FIRST, 90_000),
            (date(2027, 4, 1), 91_000),
            (date(2027, 6, 4), 5_000),
            (date(2027, 7, 1), 92_000),
            (date(2027, 10, 1), 93_840),
        ];
        assert_eq!(due(&schedule), before);
        schedule.annul_binding(6);
        assert_eq!((due(&schedule), schedule.booked_by(6).get()), (Vec::new(), -371_840));
    }

    #[test]
    fn i50_an_annulled_run_is_taken_back_on_its_days() {
        let periods = quarters();
        let mut schedule = bound(&periods);
        schedule.change(2, &[change(date(2027, 5, 15), LAST, 231_000)]);
        schedule.reprice(3, date(2027, 9, 1), Kopecks::new(10_000));
        // 2310.00 of the joiner, and 6.00 of the rise that was charged for the joiner
        schedule.annul(4, 2, None, change(date(2027, 5, 15), LAST, -231_600));
        let taken_back = [(date(2027, 7, 1), -139_000), (date(2027, 7, 1), -600), (date(2027, 10, 1), -92_000)];
        assert_eq!(booked(&schedule, 4), taken_back);
        // the end took the rise back, and both are annulled
        schedule.end(5, date(2027, 8, 1), Kopecks::new(-100_000), &[3]);
        schedule.annul(6, 3, None, change(date(2027, 9, 1), LAST, 0));
        schedule.annul(7, 5, None, change(date(2027, 8, 1), LAST, 90_000));
        assert_eq!(schedule.booked_by(7).get(), 90_000);
        assert!(!due(&schedule).iter().any(|(due, _)| *due == date(2027, 8, 31)), "the rise stays annulled");
    }
}
