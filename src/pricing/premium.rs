//! The premium of a line in the contract's three prices, and its split into instalments.

use std::ops::{AddAssign, Mul};

use crate::base::calendar::Period;
use crate::base::money::{Kopecks, PreparedRate, portion};
use crate::pricing::choice::PricePoint;
use crate::pricing::cube::AgeClass;
use crate::pricing::rating::{NoRate, Rating};
use crate::pricing::terms::{Cover, Terms};

/// An amount in the three prices of a contract.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct PriceCorridor {
    /// With every range at its low end.
    pub low: Kopecks,
    /// With the contract's choices.
    pub chosen: Kopecks,
    /// With every range at its high end.
    pub high: Kopecks,
}

impl AddAssign for PriceCorridor {
    fn add_assign(&mut self, other: Self) {
        self.low += other.low;
        self.chosen += other.chosen;
        self.high += other.high;
    }
}

impl Mul<u64> for PriceCorridor {
    type Output = Self;
    fn mul(self, times: u64) -> Self {
        Self { low: self.low * times, chosen: self.chosen * times, high: self.high * times }
    }
}

/// A cell of the cube with its rates, ready to price lines.
#[derive(Debug, Clone)]
pub struct Cell {
    /// The chosen rate with every digit, as files hold it.
    pub rate: String,
    /// The premium of a line with the cover's sum insured and the contract's whole term, as most lines have.
    pub whole: PriceCorridor,
    sum_insured: Kopecks,
    days: u32,
    low: PreparedRate,
    chosen: PreparedRate,
    high: PreparedRate,
}

impl Cell {
    /// Rates the cell of a cover, an age class and a risk group, which is an index in the tariff.
    ///
    /// # Errors
    ///
    /// [`NoRate`] where the cover has no rate at these ages.
    pub fn new(
        rating: &Rating<'_>,
        terms: &Terms,
        cover: &Cover,
        ages: &AgeClass,
        risk: usize,
    ) -> Result<Self, NoRate> {
        let trace = rating.trace(cover, ages, risk)?;
        let chosen = trace.rate();
        let year_days = terms.term.year_days();
        let mut cell = Self {
            rate: chosen.to_string(),
            whole: PriceCorridor::default(),
            sum_insured: cover.sum_insured,
            days: terms.term.period().days(),
            low: trace.rate_at(PricePoint::Low).prepare(year_days),
            chosen: chosen.prepare(year_days),
            high: trace.rate_at(PricePoint::High).prepare(year_days),
        };
        cell.whole = cell.priced(cell.sum_insured, cell.days);
        Ok(cell)
    }

    /// The chosen premium of a line with this sum insured and this number of days of cover, rounded to kopecks.
    #[must_use]
    pub fn premium(&self, sum_insured: Kopecks, days: u32) -> Kopecks {
        if self.is_whole(sum_insured, days) { self.whole.chosen } else { self.chosen.premium(sum_insured, days) }
    }

    /// The premium of such a line in the three prices, each rounded to kopecks.
    #[must_use]
    pub fn corridor(&self, sum_insured: Kopecks, days: u32) -> PriceCorridor {
        if self.is_whole(sum_insured, days) { self.whole } else { self.priced(sum_insured, days) }
    }

    /// Whether a line has the cover's sum insured and the contract's whole term.
    #[must_use]
    pub fn is_whole(&self, sum_insured: Kopecks, days: u32) -> bool {
        sum_insured == self.sum_insured && days == self.days
    }

    fn priced(&self, sum_insured: Kopecks, days: u32) -> PriceCorridor {
        PriceCorridor {
            low: self.low.premium(sum_insured, days),
            chosen: self.chosen.premium(sum_insured, days),
            high: self.high.premium(sum_insured, days),
        }
    }
}

/// The parts of a line's premium that fall into payment periods, by the days of its cover in each, in their order.
///
/// Rounding is cumulative: what is due until the end of a period is the share of the days until then, so that the parts
/// add up to the premium to the kopeck.
///
/// # Example
///
/// ```
/// use jiff::civil::date;
/// use kollektiv::base::calendar::Period;
/// use kollektiv::base::money::Kopecks;
/// use kollektiv::pricing::premium::instalments;
///
/// let quarters = [
///     Period::new(date(2026, 12, 1), date(2027, 2, 28)).unwrap(),
///     Period::new(date(2027, 3, 1), date(2027, 5, 31)).unwrap(),
/// ];
/// // ten days of cover, one of them in the first period: 0.05 × 1 / 10 = 0.005 → 0.01, and the rest
/// let cover = Period::new(date(2027, 2, 28), date(2027, 3, 9)).unwrap();
/// let parts: Vec<String> = instalments(Kopecks::new(5), cover, &quarters).map(|part| part.to_string()).collect();
/// assert_eq!(parts, ["0.01", "0.04"]);
/// ```
pub fn instalments(premium: Kopecks, cover: Period, periods: &[Period]) -> impl Iterator<Item = Kopecks> {
    let mut due_before = Kopecks::ZERO;
    periods.iter().map(move |period| {
        let due_until = portion(premium, cover.days_through(period.last()), cover.days());
        let part = due_until - due_before;
        due_before = due_until;
        part
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn instalments_of_a_line_add_up_to_its_premium() {
        let period = |first, last| Period::new(first, last).unwrap();
        let periods = [
            period(date(2026, 12, 1), date(2027, 2, 28)),
            period(date(2027, 3, 1), date(2027, 5, 31)),
            period(date(2027, 6, 1), date(2027, 11, 30)),
        ];
        let split = |premium, cover| -> Vec<i128> {
            instalments(Kopecks::new(premium), cover, &periods).map(Kopecks::get).collect()
        };
        // 10 days of cover, 28 February to 9 March: 1 + 9 + 0; 0.05 × 1 / 10 = 0.005 → 0.01, then 0.05 − 0.01
        assert_eq!(split(5, period(date(2027, 2, 28), date(2027, 3, 9))), [1, 4, 0]);
        // the whole year of 365 days: 90 + 92 + 183; 100.00 × 90 / 365 = 24.657… → 24.66; × 182 / 365 = 49.863… → 49.86
        assert_eq!(split(10_000, period(date(2026, 12, 1), date(2027, 11, 30))), [2_466, 2_520, 5_014]);
    }
}
