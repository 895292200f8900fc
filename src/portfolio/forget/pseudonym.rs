//! The replacement of erased personal data: a pseudonym, and birth dates by which every age stays as it is.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::base::calendar::{age_years, day_after_1970};
use crate::portfolio::event::{EventKind, NewInsured, Values};

/// The largest distance of a replacement from a birth date, in days: no date farther away gives the same age on one day.
const DAYS: i32 = 366;

/// The data that replace those of a person.
#[derive(Debug, Clone)]
pub(super) struct Pseudonym {
    /// The name.
    pub name: String,
    /// The days on which ages count.
    days: BTreeSet<Date>,
    /// The birth dates found so far.
    known: BTreeMap<i32, i32>,
}

impl Pseudonym {
    /// The pseudonym that a run gives, with birth dates by which the ages on these days stay.
    pub fn new(run: i64, days: BTreeSet<Date>, birth_dates: impl IntoIterator<Item = i32>) -> Self {
        // one text for readers of both languages: it stands in the book in the place of a name
        let mut pseudonym = Self { name: format!("Обезличен {run}"), days, known: BTreeMap::new() };
        for birth_date in birth_dates {
            let replacement = pseudonym.equal_in_age(birth_date);
            pseudonym.known.insert(birth_date, replacement);
        }
        pseudonym
    }

    /// The birth date in the place of another one.
    pub fn birth_date(&self, birth_date: i32) -> i32 {
        self.known.get(&birth_date).copied().unwrap_or_else(|| self.equal_in_age(birth_date))
    }

    /// The first birth date that gives the same ages, which is the same for every true one; the last, where the true one is the first.
    fn equal_in_age(&self, birth_date: i32) -> i32 {
        let Some(birth) = day_after_1970(birth_date) else { return birth_date };
        let ages: Vec<(Date, Option<u16>)> = self.days.iter().map(|day| (*day, age_years(birth, *day))).collect();
        let is_equal = |days: &i32| {
            day_after_1970(*days).is_some_and(|other| ages.iter().all(|(day, age)| age_years(other, *day) == *age))
        };
        let first = (birth_date - DAYS..birth_date).find(is_equal);
        first.or_else(|| (birth_date..=birth_date + DAYS).rev().find(is_equal)).unwrap_or(birth_date)
    }

    /// The event with the pseudonym, and without numbers and contacts.
    pub fn replace(&self, event: &EventKind) -> EventKind {
        match event {
            EventKind::Joined(new) => EventKind::Joined(Box::new(NewInsured {
                id: String::new(),
                policy_number: None,
                name: self.name.clone(),
                birth_date: self.birth_date(new.birth_date),
                contacts: Default::default(),
                ..(**new).clone()
            })),
            EventKind::Changed { who, values } => EventKind::Changed { who: *who, values: self.replace_values(values) },
            EventKind::Corrected { who, values } => {
                EventKind::Corrected { who: *who, values: self.replace_values(values) }
            }
            EventKind::Left { .. } | EventKind::Ended(_) => event.clone(),
        }
    }

    fn replace_values(&self, values: &Values) -> Box<Values> {
        Box::new(Values {
            name: values.name.as_ref().map(|_| self.name.clone()),
            birth_date: values.birth_date.map(|birth_date| self.birth_date(birth_date)),
            contacts: Default::default(),
            ..values.clone()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::calendar::days_since_1970;
    use jiff::civil::date;

    #[test]
    fn another_birth_date_gives_the_same_ages() {
        let days = [date(2026, 12, 1), date(2027, 3, 15), date(2028, 2, 29)];
        for birth in [date(1990, 6, 5), date(1990, 12, 1), date(1990, 12, 2), date(1976, 2, 29), date(2026, 12, 1)] {
            let pseudonym = Pseudonym::new(7, days.into(), []);
            let other = day_after_1970(pseudonym.birth_date(days_since_1970(birth))).unwrap();
            assert_ne!(other, birth);
            for day in days {
                assert_eq!(age_years(other, day), age_years(birth, day), "{birth} and {other} on {day}");
            }
        }
    }

    #[test]
    fn the_birth_date_does_not_depend_on_the_true_one() {
        let pseudonym = Pseudonym::new(7, [date(2026, 12, 1)].into(), []);
        let other = |birth: Date| pseudonym.birth_date(days_since_1970(birth));
        assert_eq!(other(date(1990, 6, 5)), other(date(1990, 3, 1)));
        assert_eq!(day_after_1970(other(date(1990, 6, 5))), Some(date(1989, 12, 2)));
    }
}
