//! What a policyholder owes on a day: payments settle the oldest due charge first (`I52`).

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::base::calendar::days_since_1970;
use crate::base::money::Kopecks;
use crate::portfolio::premium::charge::Charge;

/// The last days of the ages of arrears: 1–30, 31–60, 61–90 days, and more.
pub const AGE_DAYS: [i32; 3] = [30, 60, 90];

/// The charges of a contract that are due on a day, and what is paid of them.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Arrears {
    /// The charges that are due on the day or before, credits subtracted.
    pub due: Kopecks,
    /// The payments until the day.
    pub paid: Kopecks,
    /// What is unpaid by due day, oldest first; every amount is above 0.
    pub unpaid: Vec<(Date, Kopecks)>,
    /// What is paid, or credited, beyond all that is due.
    pub credit: Kopecks,
}

impl Arrears {
    /// Settles the charges that are due on a day by the payments until then, the oldest first.
    ///
    /// Charges of one due day are settled together; a day on which more is credited than charged pays for the oldest like a payment.
    #[must_use]
    pub fn settle(charges: &[Charge], paid: Kopecks, day: Date) -> Self {
        let mut by_day: BTreeMap<Date, Kopecks> = BTreeMap::new();
        for charge in charges.iter().filter(|charge| charge.due <= day) {
            *by_day.entry(charge.due).or_default() += charge.amount;
        }
        let due: Kopecks = by_day.values().copied().sum();
        let credits: Kopecks = by_day.values().filter(|amount| **amount < Kopecks::ZERO).copied().sum();
        let mut left = paid - credits;
        let mut unpaid = Vec::new();
        for (due, amount) in by_day.into_iter().filter(|(_, amount)| *amount > Kopecks::ZERO) {
            let settled = amount.min(left.max(Kopecks::ZERO));
            left -= settled;
            if settled < amount {
                unpaid.push((due, amount - settled));
            }
        }
        // more is reversed than was paid
        if let (true, Some((_, last))) = (left < Kopecks::ZERO, unpaid.last_mut()) {
            *last -= left;
            left = Kopecks::ZERO;
        }
        Self { due, paid, unpaid, credit: left }
    }

    /// All that is unpaid of what is due.
    #[must_use]
    pub fn outstanding(&self) -> Kopecks {
        self.unpaid.iter().map(|(_, amount)| *amount).sum()
    }

    /// What is unpaid of charges of one due day.
    #[must_use]
    pub fn unpaid_on(&self, due: Date) -> Kopecks {
        self.unpaid.iter().find(|(day, _)| *day == due).map_or(Kopecks::ZERO, |(_, amount)| *amount)
    }

    /// What is overdue on a day: 1–30, 31–60, 61–90 days and longer. A charge is overdue from the day after its due day.
    #[must_use]
    pub fn ages(&self, day: Date) -> [Kopecks; AGE_DAYS.len() + 1] {
        let mut ages = [Kopecks::ZERO; AGE_DAYS.len() + 1];
        for (due, amount) in &self.unpaid {
            let days = days_since_1970(day) - days_since_1970(*due);
            if days > 0 {
                ages[AGE_DAYS.iter().take_while(|last| days > **last).count()] += *amount;
            }
        }
        ages
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn charges(amounts: &[(Date, i128)]) -> Vec<Charge> {
        let charge = |(due, amount): &(Date, i128)| Charge { run: 1, of: 1, due: *due, amount: Kopecks::new(*amount) };
        amounts.iter().map(charge).collect()
    }

    fn settle(amounts: &[(Date, i128)], paid: i128, day: Date) -> (Vec<(Date, i128)>, i128) {
        let arrears = Arrears::settle(&charges(amounts), Kopecks::new(paid), day);
        assert_eq!(arrears.due - arrears.paid, arrears.outstanding() - arrears.credit);
        (arrears.unpaid.iter().map(|(due, amount)| (*due, amount.get())).collect(), arrears.credit.get())
    }

    #[test]
    fn i52_payments_settle_the_oldest_charge_first() {
        let (january, april, july) = (date(2027, 1, 1), date(2027, 4, 1), date(2027, 7, 1));
        let quarters = [(january, 100), (april, 100), (july, 100)];
        assert_eq!(settle(&quarters, 0, date(2026, 12, 31)), (vec![], 0));
        assert_eq!(settle(&quarters, 150, april), (vec![(april, 50)], 0));
        assert_eq!(settle(&quarters, 150, date(2027, 3, 31)), (vec![], 50));
        // a credit of May pays for April, what is left of it for July
        let credited = [(january, 100), (april, 100), (date(2027, 5, 10), -120), (july, 100)];
        assert_eq!(settle(&credited, 100, july), (vec![(july, 80)], 0));
        // charges of one day are one amount
        assert_eq!(settle(&[(january, 100), (january, -30)], 0, january), (vec![(january, 70)], 0));
        // more is reversed than was paid
        assert_eq!(settle(&quarters, -40, april), (vec![(january, 100), (april, 140)], 0));
        assert_eq!(settle(&[], -40, april), (vec![], -40));
    }

    #[test]
    fn i52_arrears_have_ages() {
        let due = date(2027, 1, 1);
        let ages = |days: i64| {
            let day = due.checked_add(jiff::Span::new().days(days)).unwrap();
            Arrears::settle(&charges(&[(due, 100)]), Kopecks::new(40), day).ages(day).map(Kopecks::get)
        };
        assert_eq!(ages(0), [0; 4], "in time on the due day");
        assert_eq!([ages(1), ages(30)], [[60, 0, 0, 0]; 2]);
        assert_eq!([ages(31), ages(60)], [[0, 60, 0, 0]; 2]);
        assert_eq!([ages(61), ages(90)], [[0, 0, 60, 0]; 2]);
        assert_eq!([ages(91), ages(365)], [[0, 0, 0, 60]; 2]);
    }
}
