//! Dates as people type them: `31.12.1980`, `31/12/1980`, `1980-12-31`, a workbook's date, or its serial number.
//!
//! In `05/06/1990` the order of day and month is open: the caller states a [`DateOrder`], which a column as a whole decides.

use jiff::civil::{Date, DateTime, Time};

use crate::base::named_enum::named_enum;
use crate::table::cell::{Cell, Epoch};
use crate::table::value::month::month_of_word;

/// A time of day as near to midnight as this is a midnight that a program has rounded.
const NEAR_MIDNIGHT_SECONDS: i64 = 5 * 60;

/// Numbers that people write for years.
const YEARS: std::ops::RangeInclusive<f64> = 1900.0..=2100.0;

/// A day of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    /// The day.
    pub date: Date,
    /// Whether the cell was a bare serial number, without a date format.
    pub from_serial: bool,
}

/// Why a cell is no date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateFault {
    /// The year has two digits, so the century is unknown.
    TwoDigitYear,
    /// The day does not exist: 31 April, month 13.
    NoSuchDay,
    /// The day has a time of day far from midnight: a program has written the local midnight in another zone, which loses a day.
    TimeOfDay,
    /// The order of day and month is unknown.
    OrderUnknown,
    /// It is a year alone.
    YearOnly,
    /// It is no date.
    NotADate,
}

named_enum! {
    /// The order of day and month in a date that ends with the year. Dates that begin with the year have one order.
    #[derive(Default)]
    pub enum DateOrder {
        /// The day comes first: 05/06/1990 is in June.
        #[default]
        DayFirst = "dmy",
        /// The month comes first: 05/06/1990 is in May.
        MonthFirst = "mdy",
    }
}

/// Reads the day in a cell, day first; `None` where the cell is empty. A time of day within five minutes of midnight is that midnight.
///
/// # Errors
///
/// [`DateFault`] where the cell holds anything else.
///
/// # Example
///
/// ```
/// # use kollektiv::table::cell::{Cell, Epoch};
/// # use kollektiv::table::value::{DateFault, day};
/// let read = |text| day(Cell::Text(text), Epoch::Year1900).map(|day| day.map(|day| day.date.to_string()));
/// assert_eq!(read("31.12.1980"), Ok(Some("1980-12-31".to_owned())));
/// assert_eq!(read("31.12.80"), Err(DateFault::TwoDigitYear));
/// assert_eq!(read("31.12.1980 21:00"), Err(DateFault::TimeOfDay));
/// ```
pub fn day(cell: Cell<'_>, epoch: Epoch) -> Result<Option<Day>, DateFault> {
    day_in_order(cell, epoch, Some(DateOrder::DayFirst))
}

/// Reads the day in a cell as [`day`] does, but in this order of day and month; `None` is an order that is unknown.
///
/// # Errors
///
/// As [`day`], and [`DateFault::OrderUnknown`] where the day depends on the order and the order is unknown.
pub fn day_in_order(cell: Cell<'_>, epoch: Epoch, order: Option<DateOrder>) -> Result<Option<Day>, DateFault> {
    let typed_day = |date| Some(Day { date, from_serial: false });
    match cell {
        Cell::Empty => Ok(None),
        Cell::Date(date) => Ok(typed_day(date)),
        Cell::Moment(moment) => nearest_midnight(moment).map(typed_day),
        Cell::Text(text) => parse(text, order).map(typed_day),
        // as a serial it would be a day of 1905
        Cell::Number(year) if YEARS.contains(&year) && year.fract().total_cmp(&0.0).is_eq() => Err(DateFault::YearOnly),
        Cell::Number(serial) => {
            let moment = epoch.moment(serial).ok_or(DateFault::NotADate)?;
            Ok(Some(Day { date: nearest_midnight(moment)?, from_serial: true }))
        }
        Cell::Bool(_) | Cell::Fault(_) | Cell::Uncalculated => Err(DateFault::NotADate),
    }
}

/// Whether a cell holds a day, and not a bare number; in either order of day and month, and with any time of day.
#[must_use]
pub fn is_day(cell: Cell<'_>) -> bool {
    /// No day with its time is longer.
    const LONGEST_DAY: usize = 64;
    match cell {
        Cell::Date(_) | Cell::Moment(_) => true,
        Cell::Text(text) if text.len() <= LONGEST_DAY => {
            DateOrder::ALL.iter().any(|order| matches!(parse(text, Some(*order)), Ok(_) | Err(DateFault::TimeOfDay)))
        }
        _ => false,
    }
}

/// The midnight within five minutes of a moment.
pub(super) fn nearest_midnight(moment: DateTime) -> Result<Date, DateFault> {
    let seconds = i64::from(moment.hour()) * 3600 + i64::from(moment.minute()) * 60 + i64::from(moment.second());
    if seconds <= NEAR_MIDNIGHT_SECONDS {
        Ok(moment.date())
    } else if seconds >= 24 * 3600 - NEAR_MIDNIGHT_SECONDS {
        moment.date().tomorrow().map_err(|_| DateFault::NoSuchDay)
    } else {
        Err(DateFault::TimeOfDay)
    }
}

/// Parses a date in figures whose time of day, if it has one, is a midnight.
pub fn parse(text: &str, order: Option<DateOrder>) -> Result<Date, DateFault> {
    match parse_moment(text, order)? {
        (day, Some(time)) => nearest_midnight(day.to_datetime(time)),
        (day, None) => Ok(day),
    }
}

/// Parses a day in figures, with or without «г.» and a time of day after it.
pub(super) fn parse_moment(text: &str, order: Option<DateOrder>) -> Result<(Date, Option<Time>), DateFault> {
    if order == Some(DateOrder::DayFirst)
        && let Some(date) = parse_usual(text)
    {
        return Ok((date, None));
    }
    let text =
        text.trim_end_matches(['.', ' ', '\u{a0}']).trim_end_matches(['г', 'Г']).trim_end_matches([' ', '\u{a0}']);
    let mut ends = text.char_indices().filter(|(_, letter)| matches!(letter, ' ' | 'T' | '\u{a0}' | ','));
    let with_time = ends.find_map(|(at, letter)| {
        let (day, time) = (&text[..at], parse_time(&text[at + letter.len_utf8()..])?);
        Some((day, time))
    });
    match with_time {
        Some((day, time)) => Ok((parse_day(day, order)?, Some(time))),
        None => match parse_day(text, order) {
            Err(DateFault::NotADate) => Ok((parse_unusual(text, order)?, None)),
            read => Ok((read?, None)),
        },
    }
}

/// Parses a time of day: `21:00`, `0:00:00`, `21:00:00.000Z`, `00:00:00+03:00`.
fn parse_time(text: &str) -> Option<Time> {
    let text = text.trim_start_matches([' ', '\u{a0}']).trim_end_matches('Z');
    let text = text.split_once('+').map_or(text, |(time, _)| time);
    let text = text.split_once('.').map_or(text, |(time, _)| time);
    let mut parts = text.split(':').map(|part| number(part).ok().filter(|number| number.digits <= 2));
    let (hour, minute) = (parts.next()??, parts.next()??);
    let second = parts.next().unwrap_or(Some(Number { value: 0, digits: 2 }))?;
    let small = |number: Number| i8::try_from(number.value).ok();
    if parts.next().is_some() {
        return None;
    }
    Time::new(small(hour)?, small(minute)?, small(second)?, 0).ok()
}

fn parse_day(text: &str, order: Option<DateOrder>) -> Result<Date, DateFault> {
    let mut parts = text.split(['.', '/', '-']);
    let (Some(first), Some(second), Some(third), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(DateFault::NotADate);
    };
    let (first, second, third) = (number(first)?, number(second)?, number(third)?);
    let (day, month, year) = match (first.digits, second.digits, third.digits) {
        (1 | 2, 1 | 2, 4) => match order {
            Some(DateOrder::DayFirst) => (first, second, third),
            Some(DateOrder::MonthFirst) => (second, first, third),
            None => return Err(DateFault::OrderUnknown),
        },
        (4, 1 | 2, 1 | 2) => (third, second, first),
        (1 | 2, 1 | 2, 2) => return Err(DateFault::TwoDigitYear),
        _ => return Err(DateFault::NotADate),
    };
    let small = |number: Number| i8::try_from(number.value).map_err(|_| DateFault::NoSuchDay);
    Date::new(year.value, small(month)?, small(day)?).map_err(|_| DateFault::NoSuchDay)
}

/// Parses the other forms that people and programs write: `5 июня 1990 г.р.`, `05.06.1990г.р.`, `05 06 1990`, `5-Jun-1990`, `05.VI.1990`,
/// `'05.06.1990`, `6/5/1990 12:00:00 AM`. A month in words has one order.
fn parse_unusual(text: &str, order: Option<DateOrder>) -> Result<Date, DateFault> {
    const LONGEST: usize = 64;
    const ENDINGS: [&str; 8] = ["12:00:00 am", "0:00:00", "года рождения", "г.р.", "г. р.", "г.р", "года", "г."];
    if text.len() > LONGEST || !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return Err(DateFault::NotADate);
    }
    let lower = text.trim_start_matches('\'').to_lowercase();
    let mut bare = lower.trim();
    while let Some(rest) = ENDINGS.iter().find_map(|ending| bare.strip_suffix(ending)) {
        bare = rest.trim_end();
    }
    let is_between = |letter: char| letter.is_whitespace() || matches!(letter, '.' | ',' | '-' | '/');
    let parts: Vec<&str> = bare.split(is_between).filter(|part| !part.is_empty()).collect();
    let year_only = |year: &str| year.len() == 4 && number(year).is_ok_and(|year| (1900..=2100).contains(&year.value));
    let (day, month, year) = match parts.as_slice() {
        [year] if year_only(year) => return Err(DateFault::YearOnly),
        [first, second, third] => match (month_of_word(first), month_of_word(second)) {
            (Some(month), None) => (*second, month, *third),
            (None, Some(month)) => (*first, month, *third),
            _ => return parse_day(&parts.join("."), order),
        },
        _ => return Err(DateFault::NotADate),
    };
    let (day, year) = (number(day)?, number(year)?);
    match (day.digits, year.digits) {
        (1 | 2, 4) => {
            let day = i8::try_from(day.value).map_err(|_| DateFault::NoSuchDay)?;
            Date::new(year.value, month, day).map_err(|_| DateFault::NoSuchDay)
        }
        (1 | 2, 2) => Err(DateFault::TwoDigitYear),
        _ => Err(DateFault::NotADate),
    }
}

/// Parses the most usual form, `31.12.1980`, fast; `None` of any other, whether it is a date or not.
fn parse_usual(text: &str) -> Option<Date> {
    let digit = |byte: u8| byte.is_ascii_digit().then(|| i16::from(byte - b'0'));
    let [d1, d2, b'.', m1, m2, b'.', y1, y2, y3, y4] = *text.as_bytes() else { return None };
    let year = digit(y1)? * 1000 + digit(y2)? * 100 + digit(y3)? * 10 + digit(y4)?;
    let (month, day) = (digit(m1)? * 10 + digit(m2)?, digit(d1)? * 10 + digit(d2)?);
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

#[derive(Clone, Copy)]
struct Number {
    value: i16,
    digits: usize,
}

/// One to four digits and nothing else.
fn number(text: &str) -> Result<Number, DateFault> {
    let text = text.trim_matches([' ', '\u{a0}']);
    if !(1..=4).contains(&text.len()) || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(DateFault::NotADate);
    }
    let value = text.bytes().fold(0, |value: i16, digit| value * 10 + i16::from(digit - b'0'));
    Ok(Number { value, digits: text.len() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn text(text: &str) -> Result<Date, DateFault> {
        day(Cell::Text(text), Epoch::Year1900).map(|day| day.unwrap().date)
    }

    #[test]
    fn dates_are_read_however_they_are_typed() {
        let forms = [
            "31.12.1980",
            "31/12/1980",
            "1980-12-31",
            "31-12-1980",
            "1980.12.31",
            "31.12.1980 г.",
            "31.12.1980г",
            "31.12.1980 00:00:00",
            "1980-12-31T00:00:00",
            "31. 12. 1980",
            "31 декабря 1980",
            "31 дек. 1980 г.",
            "31.12.1980г.р.",
            "31.12.1980 года рождения",
            "31 12 1980",
            "31,12,1980",
            "31-Dec-1980",
            "December 31, 1980",
            "31.XII.1980",
            "'31.12.1980",
            "31/12/1980 12:00:00 AM",
        ];
        for form in forms {
            assert_eq!(text(form), Ok(date(1980, 12, 31)), "{form}");
        }
        assert_eq!(text("1.2.1980"), Ok(date(1980, 2, 1)));
        assert_eq!(text("29.02.1980"), Ok(date(1980, 2, 29)));
    }

    #[test]
    fn texts_that_are_no_dates_are_refused() {
        for form in ["01.02.90", "1/2/90", "01-02-68"] {
            assert_eq!(text(form), Err(DateFault::TwoDigitYear), "{form}");
        }
        for form in ["31.04.1980", "29.02.1981", "00.01.1980", "12.13.1980", "0000-13-01"] {
            assert_eq!(text(form), Err(DateFault::NoSuchDay), "{form}");
        }
        assert_eq!(text("1980"), Err(DateFault::YearOnly));
        assert_eq!(text("1980 г."), Err(DateFault::YearOnly));
        assert_eq!(day(Cell::Number(1980.0), Epoch::Year1900), Err(DateFault::YearOnly));
        assert_eq!(text("31 декабря 80"), Err(DateFault::TwoDigitYear));
        for form in [
            "31 месяца 1980",
            "декабрь 1980",
            "31.12.19800",
            "31.12",
            "31.12.198",
            "+1.12.1980",
            "31.12.1980.1",
            "неизвестно",
            "..",
            "1980-1-123",
        ] {
            assert_eq!(text(form), Err(DateFault::NotADate), "{form}");
        }
        for cell in [Cell::Number(-3.0), Cell::Number(60.0), Cell::Bool(true), Cell::Fault("#N/A")] {
            assert_eq!(day(cell, Epoch::Year1900), Err(DateFault::NotADate));
        }
        assert_eq!(day(Cell::Empty, Epoch::Year1900), Ok(None));
    }

    #[test]
    fn a_time_of_day_is_a_midnight_or_a_fault() {
        let at =
            |hour, minute, second| day(Cell::Moment(date(1980, 12, 31).at(hour, minute, second, 0)), Epoch::Year1900);
        let read = |date| Ok(Some(Day { date, from_serial: false }));
        for (moment, expected) in [
            (at(0, 5, 0), read(date(1980, 12, 31))),
            (at(0, 5, 1), Err(DateFault::TimeOfDay)),
            (at(12, 0, 0), Err(DateFault::TimeOfDay)),
            (at(21, 0, 0), Err(DateFault::TimeOfDay)),
            (at(23, 54, 59), Err(DateFault::TimeOfDay)),
            (at(23, 55, 0), read(date(1981, 1, 1))),
            (at(23, 59, 43), read(date(1981, 1, 1))),
        ] {
            assert_eq!(moment, expected);
        }
        for (form, expected) in [
            ("31.12.1980 23:59:43", Ok(date(1981, 1, 1))),
            ("31.12.1980 0:04", Ok(date(1980, 12, 31))),
            ("1980-12-31T00:00:00.000Z", Ok(date(1980, 12, 31))),
            ("1980-12-31T00:00:00+03:00", Ok(date(1980, 12, 31))),
            ("1980-12-30T21:00:00Z", Err(DateFault::TimeOfDay)),
            ("30.12.1980 21:00", Err(DateFault::TimeOfDay)),
            ("31.12.1980 25:00", Err(DateFault::NotADate)),
            ("31.12.80 00:00", Err(DateFault::TwoDigitYear)),
        ] {
            assert_eq!(text(form), expected, "{form}");
        }
        assert_eq!(day(Cell::Number(29_586.875), Epoch::Year1900), Err(DateFault::TimeOfDay));
    }

    #[test]
    fn the_order_of_day_and_month_is_stated() {
        let read = |text, order| day_in_order(Cell::Text(text), Epoch::Year1900, order).map(|day| day.unwrap().date);
        let (day_first, month_first) = (Some(DateOrder::DayFirst), Some(DateOrder::MonthFirst));
        for (text, order, expected) in [
            ("05/06/1990", day_first, Ok(date(1990, 6, 5))),
            ("05/06/1990", month_first, Ok(date(1990, 5, 6))),
            ("05/06/1990", None, Err(DateFault::OrderUnknown)),
            ("13/06/1990", None, Err(DateFault::OrderUnknown)),
            ("13/06/1990", month_first, Err(DateFault::NoSuchDay)),
            ("05.06.1990", month_first, Ok(date(1990, 5, 6))),
            ("1990-06-05", month_first, Ok(date(1990, 6, 5))),
            ("1990-06-05", None, Ok(date(1990, 6, 5))),
        ] {
            assert_eq!(read(text, order), expected, "{text} {order:?}");
        }
    }

    #[test]
    fn a_bare_serial_is_a_day_and_is_marked() {
        let read = day(Cell::Number(29_586.0), Epoch::Year1900).unwrap().unwrap();
        assert_eq!(read, Day { date: date(1980, 12, 31), from_serial: true });
        assert!(!day(Cell::Date(date(1980, 12, 31)), Epoch::Year1904).unwrap().unwrap().from_serial);
    }
}
