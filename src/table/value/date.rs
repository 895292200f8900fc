//! Dates as people type them: `31.12.1980`, `31/12/1980`, `1980-12-31`, a workbook's date, or its serial number.

use jiff::civil::Date;

use crate::table::cell::{Cell, Epoch};

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
    /// It is no date.
    NotADate,
}

/// Reads the day in a cell; `None` where the cell is empty.
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
/// ```
pub fn day(cell: Cell<'_>, epoch: Epoch) -> Result<Option<Day>, DateFault> {
    let typed_day = |date| Day { date, from_serial: false };
    match cell {
        Cell::Empty => Ok(None),
        Cell::Date(date) => Ok(Some(typed_day(date))),
        Cell::Text(text) => parse(text).map(|date| Some(typed_day(date))),
        Cell::Number(serial) => match epoch.day(serial) {
            Some(date) => Ok(Some(Day { date, from_serial: true })),
            None => Err(DateFault::NotADate),
        },
        Cell::Bool(_) | Cell::Fault(_) | Cell::Uncalculated => Err(DateFault::NotADate),
    }
}

/// Whether a cell holds a day, and not a bare number.
#[must_use]
pub fn is_day(cell: Cell<'_>) -> bool {
    matches!(day(cell, Epoch::default()), Ok(Some(day)) if !day.from_serial)
}

/// Parses a date in figures; midnight and «г.» after it are ignored.
fn parse(text: &str) -> Result<Date, DateFault> {
    if let Some(date) = parse_usual(text) {
        return Ok(date);
    }
    let text =
        text.trim_end_matches(['.', ' ', '\u{a0}']).trim_end_matches(['г', 'Г']).trim_end_matches([' ', '\u{a0}']);
    let text = ["T00:00:00", " 00:00:00", " 0:00:00", " 00:00", " 0:00"]
        .iter()
        .find_map(|midnight| text.strip_suffix(midnight))
        .unwrap_or(text);
    let mut parts = text.split(['.', '/', '-']);
    let (Some(first), Some(second), Some(third), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(DateFault::NotADate);
    };
    let (first, second, third) = (number(first)?, number(second)?, number(third)?);
    let (day, month, year) = match (first.digits, second.digits, third.digits) {
        (1 | 2, 1 | 2, 4) => (first, second, third),
        (4, 1 | 2, 1 | 2) => (third, second, first),
        (1 | 2, 1 | 2, 2) => return Err(DateFault::TwoDigitYear),
        _ => return Err(DateFault::NotADate),
    };
    let small = |number: Number| i8::try_from(number.value).map_err(|_| DateFault::NoSuchDay);
    Date::new(year.value, small(month)?, small(day)?).map_err(|_| DateFault::NoSuchDay)
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
        for form in [
            "1980",
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
    fn a_bare_serial_is_a_day_and_is_marked() {
        let read = day(Cell::Number(29_586.0), Epoch::Year1900).unwrap().unwrap();
        assert_eq!(read, Day { date: date(1980, 12, 31), from_serial: true });
        assert!(!day(Cell::Date(date(1980, 12, 31)), Epoch::Year1904).unwrap().unwrap().from_serial);
    }
}
