//! Days of events that happen at a time of day: services, letters, payments.

use jiff::civil::{Date, Time};

use crate::table::cell::{Cell, Epoch};
use crate::table::value::date::{DateFault, DateOrder, Day, day_in_order, nearest_midnight, parse_moment};

/// The midnight of Moscow in universal time.
const MIDNIGHT_OF_MOSCOW: Time = Time::constant(21, 0, 0, 0);

/// Reads the day of something that happens at a time of day, such as a payment or a service, in this order of day and month.
///
/// A time of day within five minutes of midnight is that midnight, and any other one does not count: but 21:00:00 sharp is the midnight of
/// Moscow that a program has written in universal time, which loses a day. Of other zones [`EventTimes`] judges the whole column.
///
/// # Errors
///
/// As [`day_in_order`], with [`DateFault::TimeOfDay`] at 21:00:00 alone.
///
/// # Example
///
/// ```
/// # use kollektiv::table::cell::{Cell, Epoch};
/// # use kollektiv::table::value::{DateFault, DateOrder, day_of_event};
/// let read = |text| {
///     let read = day_of_event(Cell::Text(text), Epoch::Year1900, Some(DateOrder::DayFirst));
///     read.map(|day| day.map(|day| day.date.to_string()))
/// };
/// assert_eq!(read("15.01.2027 14:30"), Ok(Some("2027-01-15".to_owned())));
/// assert_eq!(read("15.01.2027 23:59:43"), Ok(Some("2027-01-16".to_owned())));
/// assert_eq!(read("15.01.2027 21:00:00"), Err(DateFault::TimeOfDay));
/// ```
pub fn day_of_event(cell: Cell<'_>, epoch: Epoch, order: Option<DateOrder>) -> Result<Option<Day>, DateFault> {
    let (date, time, from_serial) = match cell {
        Cell::Moment(moment) => (moment.date(), Some(moment.time()), false),
        Cell::Text(text) => {
            let (date, time) = parse_moment(text, order)?;
            (date, time, false)
        }
        Cell::Number(serial) => {
            let moment = epoch.moment(serial).ok_or(DateFault::NotADate)?;
            (moment.date(), Some(moment.time()), true)
        }
        cell => return day_in_order(cell, epoch, order),
    };
    let moment = date.to_datetime(time.unwrap_or_default());
    let date = match nearest_midnight(moment) {
        Err(DateFault::TimeOfDay) if moment.time() != MIDNIGHT_OF_MOSCOW => date,
        nearest => nearest?,
    };
    Ok(Some(Day { date, from_serial }))
}

/// The times of day in a column of events, which show together whether they are times or midnights of another zone.
#[derive(Debug, Default, Clone, Copy)]
pub struct EventTimes {
    /// The first day with its time.
    first: Option<(Date, Time)>,
    cells: u32,
    several_days: bool,
    several_times: bool,
}

impl EventTimes {
    /// Adds a cell of the column.
    pub fn record(&mut self, cell: Cell<'_>, epoch: Epoch) {
        let moment = match cell {
            Cell::Moment(moment) => Some((moment.date(), moment.time())),
            Cell::Date(date) => Some((date, Time::midnight())),
            Cell::Number(serial) => epoch.moment(serial).map(|moment| (moment.date(), moment.time())),
            Cell::Text(text) => {
                let read = DateOrder::ALL.iter().find_map(|order| parse_moment(text, Some(*order)).ok());
                read.map(|(date, time)| (date, time.unwrap_or_default()))
            }
            _ => None,
        };
        let Some((date, time)) = moment else { return };
        let (first_date, first_time) = *self.first.get_or_insert((date, time));
        self.cells = self.cells.saturating_add(1);
        self.several_days |= date != first_date;
        self.several_times |= time != first_time;
    }

    /// Whether all days have one time that is no midnight: a program has written the local midnight in another zone, and a day may be
    /// lost. Fewer than three cells, or one day, prove nothing.
    #[must_use]
    pub fn are_shifted(&self) -> bool {
        const LEAST_CELLS: u32 = 3;
        let is_no_midnight = self
            .first
            .is_some_and(|(date, time)| nearest_midnight(date.to_datetime(time)) == Err(DateFault::TimeOfDay));
        self.cells >= LEAST_CELLS && self.several_days && !self.several_times && is_no_midnight
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_time_of_an_event_does_not_count_unless_it_is_the_midnight_of_another_zone() {
        let usual = Some(DateOrder::DayFirst);
        let read = |date| Ok(Some(Day { date, from_serial: false }));
        for (time, expected) in [
            ((14, 30, 0), read(date(1980, 12, 31))),
            ((0, 4, 0), read(date(1980, 12, 31))),
            ((23, 59, 43), read(date(1981, 1, 1))),
            ((21, 0, 0), Err(DateFault::TimeOfDay)),
            ((21, 5, 0), read(date(1980, 12, 31))),
        ] {
            let (hour, minute, second) = time;
            let moment = date(1980, 12, 31).at(hour, minute, second, 0);
            assert_eq!(day_of_event(Cell::Moment(moment), Epoch::Year1900, usual), expected, "{time:?}");
            let text = format!("31.12.1980 {hour}:{minute:02}:{second:02}");
            assert_eq!(day_of_event(Cell::Text(&text), Epoch::Year1900, usual), expected, "{text}");
        }
        for form in ["31.12.1980, 14:30", "1980-12-31T14:30:00Z", "31.12.1980\u{a0}14:30", "31.12.1980"] {
            assert_eq!(day_of_event(Cell::Text(form), Epoch::Year1900, usual), read(date(1980, 12, 31)), "{form}");
        }
        // 31 December 1980, 12:00 and 21:00
        let serial = |number| day_of_event(Cell::Number(number), Epoch::Year1900, usual);
        assert_eq!(serial(29_586.5), Ok(Some(Day { date: date(1980, 12, 31), from_serial: true })));
        assert_eq!(serial(29_586.875), Err(DateFault::TimeOfDay));
        assert_eq!(day_of_event(Cell::Empty, Epoch::Year1900, usual), Ok(None));
    }

    #[test]
    fn one_time_on_all_days_is_a_midnight_of_another_zone() {
        let shifted = |cells: &[&str]| {
            let mut times = EventTimes::default();
            for text in cells {
                times.record(Cell::Text(text), Epoch::Year1900);
            }
            times.are_shifted()
        };
        assert!(shifted(&["14.01.2027 19:00:00", "15.01.2027 19:00:00", "15.01.2027 19:00:00"]));
        assert!(!shifted(&["14.01.2027 19:00", "15.01.2027 19:00"]), "two may be chance");
        assert!(!shifted(&["14.01.2027 19:00", "15.01.2027 19:00", "16.01.2027 18:30"]), "times of visits");
        assert!(!shifted(&["14.01.2027 19:00", "14.01.2027 19:00", "14.01.2027 19:00"]), "one day");
        assert!(!shifted(&["14.01.2027", "15.01.2027", "16.01.2027"]));
        assert!(!shifted(&["14.01.2027 23:59:43", "15.01.2027 23:59:43", "16.01.2027 23:59:43"]));
    }
}
