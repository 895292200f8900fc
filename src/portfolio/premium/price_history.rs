//! The price changes that a contract has gone through, and what days of cover cost under them (`I19`, `I21`, `I25`, `I26`).

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::base::calendar::days_since_1970;
use crate::base::money::{Kopecks, Rate};
use crate::portfolio::premium::line::days_between;

/// The price changes of the book in one contract, in the order of their runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceHistory {
    /// The changes.
    pub applied: Vec<AppliedChange>,
    /// The number of days of the contract year.
    pub year_days: u32,
}

/// A price change of one programme of a contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppliedChange {
    /// The run that applied it.
    pub run: i64,
    /// The first day of the new price.
    pub effective: Date,
    /// The code of the programme.
    pub programme: String,
    /// The factor of the rate.
    pub coefficient: Decimal,
}

/// Consecutive days of cover in a programme.
#[derive(Debug, Clone, Copy)]
pub struct CoveredDays<'d> {
    /// The code of the programme.
    pub programme: &'d str,
    /// The rate at inception, before any price change of the book.
    pub rate: &'d Rate,
    /// The sum insured.
    pub sum_insured: Kopecks,
    /// The first day, in days since 1970.
    pub first: i32,
    /// The last day.
    pub last: i32,
}

impl PriceHistory {
    /// Whether a change has changed a programme's price.
    #[must_use]
    pub fn has_changed(&self, programme: &str) -> bool {
        self.changes(programme).next().is_some()
    }

    /// The product of all coefficients of a programme (`I19`).
    #[must_use]
    pub fn growth(&self, programme: &str) -> Rate {
        self.growth_on(programme, Date::MAX)
    }

    /// The product of the coefficients that are effective on a day.
    #[must_use]
    pub fn growth_on(&self, programme: &str, day: Date) -> Rate {
        let effective = self.changes(programme).filter(|applied| applied.effective <= day);
        effective.map(|applied| Rate::from(applied.coefficient)).product()
    }

    /// The rate in force on a day, from the rate at inception.
    #[must_use]
    pub fn rate_on(&self, programme: &str, rate: &Rate, day: i32) -> Rate {
        let effective = self.changes(programme).filter(|applied| days_since_1970(applied.effective) <= day);
        rate.clone() * effective.map(|applied| Rate::from(applied.coefficient)).product()
    }

    /// The premium of a new line: the rate of its first day for all its days, and for each later price change the amount that it
    /// adds to or takes from any line (`I21`, `I25`).
    #[must_use]
    pub fn premium_of_new_line(&self, days: CoveredDays<'_>) -> Kopecks {
        let first = self.rate_on(days.programme, days.rate, days.first).prepare(self.year_days);
        let premium = first.premium(days.sum_insured, days_between(days.first, days.last));
        premium + self.added(days, |applied| days_since_1970(applied.effective) > days.first)
    }

    /// The amount that the price changes after a run have added to the premium of a line.
    #[must_use]
    pub fn added_since(&self, run: i64, days: CoveredDays<'_>) -> Kopecks {
        self.added(days, |applied| applied.run > run)
    }

    /// The premium of days at the rate in force on each of them, rounded once (`I26`).
    #[must_use]
    pub fn premium(&self, days: CoveredDays<'_>) -> Kopecks {
        let effective = self.changes(days.programme).map(|applied| days_since_1970(applied.effective));
        let mut firsts: Vec<i32> = effective.filter(|day| days.first < *day && *day <= days.last).collect();
        firsts.insert(0, days.first);
        firsts.sort_unstable();
        firsts.dedup();
        let lasts = firsts.iter().skip(1).map(|next| next - 1).chain([days.last]);
        let period = |(first, last): (&i32, i32)| {
            let rate = self.rate_on(days.programme, days.rate, *first);
            rate * Rate::from(Decimal::from(days_between(*first, last)))
        };
        let all: Rate = firsts.iter().zip(lasts).map(period).sum();
        all.prepare(self.year_days).premium(days.sum_insured, 1)
    }

    fn changes<'h>(&'h self, programme: &'h str) -> impl Iterator<Item = &'h AppliedChange> {
        self.applied.iter().filter(move |applied| applied.programme == programme)
    }

    /// The amount that the counted changes add to the premium of days.
    fn added(&self, days: CoveredDays<'_>, counts: impl Fn(&AppliedChange) -> bool) -> Kopecks {
        let mut before = days.rate.clone();
        let mut added = Kopecks::ZERO;
        for applied in self.changes(days.programme) {
            let unexpired = days_between(days.first.max(days_since_1970(applied.effective)), days.last);
            if counts(applied) && unexpired > 0 {
                let distance = Rate::from((applied.coefficient - Decimal::ONE).abs());
                let amount = (before.clone() * distance).prepare(self.year_days).premium(days.sum_insured, unexpired);
                added = if applied.coefficient >= Decimal::ONE { added + amount } else { added - amount };
            }
            before = before * Rate::from(applied.coefficient);
        }
        added
    }
}
