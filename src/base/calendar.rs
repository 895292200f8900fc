//! Ages, periods and contract years.
//!
//! A day has no hours, and both ends of a period count.

use jiff::ToSpan;
use jiff::civil::Date;

/// A run of days, both ends included; the first is never after the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period {
    first: Date,
    last: Date,
}

impl Period {
    /// The days from `first` to `last`; `None` where `last` is earlier.
    #[must_use]
    pub fn new(first: Date, last: Date) -> Option<Self> {
        (first <= last).then_some(Self { first, last })
    }

    /// A period of one day.
    #[must_use]
    pub const fn of_day(day: Date) -> Self {
        Self { first: day, last: day }
    }

    /// The first day.
    #[must_use]
    pub const fn first(self) -> Date {
        self.first
    }

    /// The last day, included.
    #[must_use]
    pub const fn last(self) -> Date {
        self.last
    }

    /// The number of days, at least one.
    #[must_use]
    #[inline]
    pub fn days(self) -> u32 {
        days_between(self.first, self.last) + 1
    }

    /// Whether the day is in the period.
    #[must_use]
    pub fn contains(self, day: Date) -> bool {
        self.first <= day && day <= self.last
    }

    /// The number of the period's days up to `day`, included: none before the first day, all after the last.
    #[must_use]
    pub fn days_through(self, day: Date) -> u32 {
        if day < self.first { 0 } else { days_between(self.first, day.min(self.last)) + 1 }
    }
}

/// The term of a contract: a period inside the contract year, which begins on its first day (`I15`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    period: Period,
    year_days: u32,
}

impl Term {
    /// The term from `start` to `end`, both included (`I15`: `end < start + 1 year`).
    ///
    /// # Errors
    ///
    /// [`TermFault`] where the end is before the start or the term is longer than a year.
    pub fn new(start: Date, end: Date) -> Result<Self, TermFault> {
        let next_year = start.checked_add(1.year()).map_err(|_| TermFault::TooLate)?;
        let last_possible = next_year.yesterday().map_err(|_| TermFault::TooLate)?;
        let period = Period::new(start, end).ok_or(TermFault::EndBeforeStart)?;
        if end >= next_year {
            return Err(TermFault::OverAYear { last_possible });
        }
        Ok(Self { period, year_days: days_between(start, next_year) })
    }

    /// The days of the contract.
    #[must_use]
    pub const fn period(self) -> Period {
        self.period
    }

    /// The number of days of the contract year, 365 or 366, however short the contract is.
    #[must_use]
    pub const fn year_days(self) -> u32 {
        self.year_days
    }
}

/// Why two days are no term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TermFault {
    /// The last day is before the first.
    EndBeforeStart,
    /// The term is longer than a year.
    OverAYear {
        /// The latest last day of a contract with this first day.
        last_possible: Date,
    },
    /// The contract year would end after the last year of the calendar.
    TooLate,
}

/// Completed years on a day (`I4`), or `None` where the day is before the birth.
///
/// Born on 29 February, the year is completed on 1 March of a common year.
///
/// # Example
///
/// ```
/// use jiff::civil::date;
/// use kollektiv::base::calendar::age_years;
///
/// assert_eq!(age_years(date(1980, 5, 5), date(2024, 5, 4)), Some(43));
/// assert_eq!(age_years(date(2024, 2, 29), date(2027, 2, 28)), Some(2));
/// ```
#[must_use]
pub fn age_years(birth: Date, on: Date) -> Option<u16> {
    if on < birth {
        return None;
    }
    let birthday_to_come = (on.month(), on.day()) < (birth.month(), birth.day());
    let years = on.year() - birth.year() - i16::from(birthday_to_come);
    Some(years.unsigned_abs())
}

/// The number of days from 1 January 1970 to a day, negative before it.
#[must_use]
#[inline]
pub fn days_since_1970(day: Date) -> i32 {
    // a year that begins in March has its leap day at the end
    let month = i32::from(day.month());
    let year = i32::from(day.year()) - i32::from(month <= 2);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + i32::from(day.day()) - 1;
    let day_of_era = year.rem_euclid(400) * 365 + year.rem_euclid(400) / 4 - year.rem_euclid(400) / 100 + day_of_year;
    year.div_euclid(400) * 146_097 + day_of_era - 719_468
}

/// The day `days` days after 1 January 1970, or before it if negative; `None` outside of the calendar.
#[must_use]
pub fn day_after_1970(days: i32) -> Option<Date> {
    Date::constant(1970, 1, 1).checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}

/// The day in the Russian form: `01.12.2026`.
#[must_use]
pub fn format_day(day: Date) -> String {
    day.strftime("%d.%m.%Y").to_string()
}

/// The number of days from one day to a later one.
#[inline]
fn days_between(from: Date, to: Date) -> u32 {
    (days_since_1970(to) - days_since_1970(from)).unsigned_abs()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn i15_a_contract_year_has_365_or_366_days() {
        let term = |start, end| Term::new(start, end);
        assert_eq!(term(date(2026, 12, 1), date(2027, 11, 30)).unwrap().year_days(), 365);
        assert_eq!(term(date(2027, 6, 12), date(2028, 6, 11)).unwrap().year_days(), 366);
        // 29 February + 1 year = 28 February: 366 − 1 days
        assert_eq!(term(date(2028, 2, 29), date(2029, 2, 27)).unwrap().year_days(), 365);
        assert_eq!(
            term(date(2028, 2, 29), date(2029, 2, 28)),
            Err(TermFault::OverAYear { last_possible: date(2029, 2, 27) })
        );
        assert_eq!(term(date(2027, 1, 2), date(2027, 1, 1)), Err(TermFault::EndBeforeStart));
        assert_eq!(term(date(9999, 1, 2), date(9999, 1, 3)), Err(TermFault::TooLate));
        assert_eq!(term(date(2026, 12, 27), date(2027, 1, 10)).unwrap().period().days(), 15);
    }

    #[test]
    fn i4_age_is_completed_years() {
        assert_eq!(age_years(date(1980, 5, 4), date(2024, 5, 4)), Some(44));
        assert_eq!(age_years(date(1980, 5, 5), date(2024, 5, 4)), Some(43));
        assert_eq!(age_years(date(2024, 2, 29), date(2027, 2, 28)), Some(2));
        assert_eq!(age_years(date(2024, 2, 29), date(2027, 3, 1)), Some(3));
        assert_eq!(age_years(date(2024, 2, 29), date(2028, 2, 29)), Some(4));
        assert_eq!(age_years(date(2024, 5, 5), date(2024, 5, 4)), None);
    }

    #[test]
    fn days_are_counted_as_the_library_counts_them() {
        let mut day = date(1896, 1, 1);
        let origin = date(1970, 1, 1);
        while day < date(2105, 1, 1) {
            let days = origin.until(day).unwrap().get_days();
            assert_eq!(days_since_1970(day), days, "{day}");
            assert_eq!(day_after_1970(days), Some(day));
            day = day.tomorrow().unwrap();
        }
    }

    #[test]
    fn a_day_is_formatted_with_points() {
        assert_eq!(format_day(date(2026, 12, 1)), "01.12.2026");
        assert_eq!(format_day(date(987, 1, 31)), "31.01.0987");
    }

    #[test]
    fn days_through_count_only_the_periods_own() {
        let period = Period::new(date(2026, 3, 10), date(2026, 3, 19)).unwrap();
        assert_eq!(period.days_through(date(2026, 3, 9)), 0);
        assert_eq!(period.days_through(date(2026, 3, 10)), 1);
        assert_eq!(period.days_through(date(2026, 3, 31)), 10);
    }
}
