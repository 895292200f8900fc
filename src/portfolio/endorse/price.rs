//! What days of cover cost in a contract whose prices have changed: exact, and rounded line by line (`I25`, `I26`).

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::base::calendar::days_since_1970;
use crate::base::money::{Kopecks, Rate};
use crate::portfolio::contract_state::Standing;

/// How the prices of a contract have gone, programme by programme; days are counted since 1970.
#[derive(Debug)]
pub struct Prices {
    programmes: BTreeMap<String, Vec<Step>>,
    year_days: u32,
}

/// A price change of a programme.
#[derive(Debug, Clone, Copy)]
struct Step {
    /// The first day of the new price.
    from: i32,
    coefficient: Decimal,
    /// Whether it came after the contract's rows were written, so that their premiums do not have it.
    is_new: bool,
}

/// A run of days of a line: its programme, its rate before any change, its sum insured, its first and last day.
#[derive(Debug, Clone, Copy)]
pub struct Days<'d> {
    /// The programme.
    pub programme: &'d str,
    /// The rate at inception.
    pub rate: &'d Rate,
    /// The sum insured.
    pub sum_insured: Kopecks,
    /// The first day.
    pub first: i32,
    /// The last.
    pub last: i32,
}

impl Prices {
    /// The prices of a contract, the first `written` of whose changes are in its rows already.
    #[must_use]
    pub fn new(standing: &Standing, written: usize) -> Self {
        let mut programmes: BTreeMap<String, Vec<Step>> = BTreeMap::new();
        for (place, applied) in standing.applied.iter().enumerate() {
            let from = days_since_1970(applied.effective);
            let step = Step { from, coefficient: applied.coefficient, is_new: place >= written };
            programmes.entry(applied.programme.clone()).or_default().push(step);
        }
        Self { programmes, year_days: standing.year_days() }
    }

    fn steps(&self, programme: &str) -> &[Step] {
        self.programmes.get(programme).map_or(&[], Vec::as_slice)
    }

    /// The rate in force on a day.
    #[must_use]
    pub fn rate_on(&self, programme: &str, rate: &Rate, day: i32) -> Rate {
        let grown = self.steps(programme).iter().filter(|step| step.from <= day);
        rate.clone() * grown.map(|step| Rate::from(step.coefficient)).product()
    }

    /// The premium of a line that begins with these days: at the rate of its first day, and what each later change of prices
    /// adds or takes as it does of any line (`I21`, `I25`).
    #[must_use]
    pub fn opened(&self, days: Days<'_>) -> Kopecks {
        let first = self.rate_on(days.programme, days.rate, days.first).prepare(self.year_days);
        let premium = first.premium(days.sum_insured, count(days.first, days.last));
        premium + self.changes(days, |step| step.from > days.first)
    }

    /// What price changes have added to the premium of a line since it was written.
    #[must_use]
    pub fn since_written(&self, days: Days<'_>) -> Kopecks {
        self.changes(days, |step| step.is_new)
    }

    /// What some of the changes add to the premium of days.
    fn changes(&self, days: Days<'_>, counts: impl Fn(&Step) -> bool) -> Kopecks {
        let mut before = days.rate.clone();
        let mut added = Kopecks::ZERO;
        for step in self.steps(days.programme) {
            let unexpired = count(days.first.max(step.from), days.last);
            if counts(step) && unexpired > 0 {
                let distance = Rate::from((step.coefficient - Decimal::ONE).abs());
                let amount = (before.clone() * distance).prepare(self.year_days).premium(days.sum_insured, unexpired);
                added = if step.coefficient >= Decimal::ONE { added + amount } else { added - amount };
            }
            before = before * Rate::from(step.coefficient);
        }
        added
    }

    /// The premium of days at the rates in force on each of them, rounded once (`I26`).
    #[must_use]
    pub fn of(&self, days: Days<'_>) -> Kopecks {
        let inside = self.steps(days.programme).iter().map(|step| step.from);
        let mut firsts: Vec<i32> = inside.filter(|from| days.first < *from && *from <= days.last).collect();
        firsts.insert(0, days.first);
        firsts.sort_unstable();
        firsts.dedup();
        let lasts = firsts.iter().skip(1).map(|next| next - 1).chain([days.last]);
        let period = |(first, last): (&i32, i32)| {
            let rate = self.rate_on(days.programme, days.rate, *first);
            rate * Rate::from(Decimal::from(count(*first, last)))
        };
        let all: Rate = firsts.iter().zip(lasts).map(period).sum();
        all.prepare(self.year_days).premium(days.sum_insured, 1)
    }
}

/// The number of days from one to another, both included; 0 where there is none.
#[must_use]
pub fn count(first: i32, last: i32) -> u32 {
    u32::try_from(last - first + 1).unwrap_or(0)
}
