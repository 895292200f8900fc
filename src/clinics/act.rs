//! The act of a month with a clinic: what of its services is accepted and disputed, the amounts by payer, and the balance of advances.

use std::collections::HashMap;

use jiff::civil::Date;

use crate::base::calendar::Period;
use crate::base::money::Kopecks;
use crate::clinics::claim::{Shares, Verdict};
use crate::clinics::ledger::BookedClaim;
use crate::clinics::network::Clinic;

/// The act of a month: the booked claims of a clinic whose day is in it.
///
/// A claim without a readable day is of the month of the last day in its register.
#[derive(Debug)]
pub struct Act<'a> {
    /// The clinic.
    pub clinic: &'a Clinic,
    /// The days of the month.
    pub month: Period,
    /// The claims in the order of days, registers and rows.
    pub claims: Vec<&'a BookedClaim>,
    /// The rows and amounts of each verdict that occurs, in the order of [`Verdict::ALL`].
    pub totals: Vec<(Verdict, usize, Shares)>,
    /// The advances.
    pub advances: AdvanceBalance,
}

/// The balance of the advances that the insurer has paid to a clinic.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct AdvanceBalance {
    /// Paid before the month and not used up before it; below zero if more was used.
    pub before: Kopecks,
    /// Paid in the month.
    pub paid: Kopecks,
    /// Used up by the claims of the month.
    pub used: Kopecks,
}

impl AdvanceBalance {
    /// The balance after the month; below zero if more was used than paid.
    #[must_use]
    pub fn after(self) -> Kopecks {
        self.before + self.paid - self.used
    }
}

/// The days of a month `2027-01`; `None` for any other text.
#[must_use]
pub fn parse_month(text: &str) -> Option<Period> {
    let (year, month) = text.trim().split_once('-')?;
    let is_month = year.len() == 4 && month.len() == 2;
    let first = Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok().filter(|_| is_month)?;
    Period::new(first, first.last_of_month())
}

impl<'a> Act<'a> {
    /// The act of a month from all claims of a clinic that are booked.
    #[must_use]
    pub fn new(clinic: &'a Clinic, month: Period, booked: &'a [BookedClaim]) -> Self {
        let mut last_days: HashMap<i64, Date> = HashMap::new();
        for claim in booked {
            let Some(day) = claim.day else { continue };
            let last = last_days.entry(claim.register.id).or_insert(day);
            *last = day.max(*last);
        }
        let mut claims = Vec::new();
        let mut used_before = Kopecks::ZERO;
        for claim in booked {
            let Some(day) = claim.day.or_else(|| last_days.get(&claim.register.id).copied()) else { continue };
            if month.contains(day) {
                claims.push((day, claim));
            } else if day < month.first() {
                used_before += claim.shares.advance;
            }
        }
        claims.sort_by_key(|(day, claim)| (*day, claim.register.id, claim.row));
        let claims: Vec<_> = claims.into_iter().map(|(_, claim)| claim).collect();
        let total = |verdict: &Verdict| {
            let own = claims.iter().filter(|claim| claim.verdict == *verdict);
            let (mut rows, mut shares) = (0, Shares::default());
            for claim in own {
                rows += 1;
                shares += claim.shares;
            }
            (*verdict, rows, shares)
        };
        let totals: Vec<_> = Verdict::ALL.iter().map(total).filter(|(_, rows, _)| *rows > 0).collect();
        let paid = |days: &dyn Fn(Date) -> bool| -> Kopecks {
            clinic.advances.iter().filter(|(day, _)| days(*day)).map(|(_, amount)| *amount).sum()
        };
        let advances = AdvanceBalance {
            before: paid(&|day| day < month.first()) - used_before,
            paid: paid(&|day| month.contains(day)),
            used: totals.iter().map(|(_, _, shares)| shares.advance).sum(),
        };
        Self { clinic, month, claims, totals, advances }
    }

    /// The amounts of all claims by payer.
    #[must_use]
    pub fn shares(&self) -> Shares {
        let mut shares = Shares::default();
        self.totals.iter().for_each(|(_, _, own)| shares += *own);
        shares
    }

    /// The amount that is neither disputed nor open.
    #[must_use]
    pub fn accepted(&self) -> Kopecks {
        let shares = self.shares();
        shares.total() - shares.disputed - shares.uncleared
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn months_are_read_as_the_command_line_writes_them() {
        let days = |first, last| Period::new(first, last);
        assert_eq!(parse_month("2027-01"), days(date(2027, 1, 1), date(2027, 1, 31)));
        assert_eq!(parse_month("2028-02"), days(date(2028, 2, 1), date(2028, 2, 29)));
        for text in ["", "2027", "2027-1", "2027-13", "2027-01-01", "январь", "27-01"] {
            assert_eq!(parse_month(text), None, "{text}");
        }
    }
}
