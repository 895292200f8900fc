//! Cells and rows as any format gives them, before they are interpreted.

#![allow(clippy::float_arithmetic, reason = "a serial of a workbook is a binary float")]

use jiff::civil::{Date, DateTime};

use crate::base::calendar::format_day;
use crate::table::text::trimmed;

/// The content of a cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell<'r> {
    /// Nothing, or only spaces.
    Empty,
    /// Text, trimmed.
    Text(&'r str),
    /// A number of a workbook.
    Number(f64),
    /// A date of a workbook.
    Date(Date),
    /// A date of a workbook with a time of day that is not midnight.
    Moment(DateTime),
    /// A truth value of a workbook.
    Bool(bool),
    /// An error of a formula, as the workbook shows it: `#N/A`.
    Fault(&'r str),
    /// A formula whose result is not stored.
    Uncalculated,
}

/// Errors of formulas as English and Russian programs show them.
const FAULTS: [&str; 18] = [
    "#N/A",
    "#Н/Д",
    "#REF!",
    "#ССЫЛКА!",
    "#VALUE!",
    "#ЗНАЧ!",
    "#DIV/0!",
    "#ДЕЛ/0!",
    "#NAME?",
    "#ИМЯ?",
    "#NUM!",
    "#ЧИСЛО!",
    "#NULL!",
    "#ПУСТО!",
    "#SPILL!",
    "#CALC!",
    "#GETTING_DATA",
    "#ПЕРЕНОС!",
];

impl<'r> Cell<'r> {
    /// The cell of a text: empty where it is blank, an error where a program has exported one as text.
    #[must_use]
    #[inline]
    pub fn from_text(text: &'r str) -> Self {
        let text = trimmed(text);
        match text.as_bytes().first() {
            None => Self::Empty,
            Some(b'#') if FAULTS.contains(&text) => Self::Fault(text),
            Some(_) => Self::Text(text),
        }
    }

    /// Whether the cell is empty.
    #[must_use]
    #[inline]
    pub const fn is_empty(&self) -> bool {
        matches!(self, Self::Empty)
    }

    /// The content as a person would read it.
    #[must_use]
    pub fn display(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Uncalculated => FAULTS[0].to_owned(),
            Self::Text(text) => (*text).to_owned(),
            Self::Number(number) => number_as_text(*number),
            Self::Date(date) => format_day(*date),
            Self::Moment(moment) => format!("{} {}", format_day(moment.date()), moment.time().strftime("%H:%M:%S")),
            Self::Bool(truth) => truth.to_string(),
            Self::Fault(fault) => (*fault).to_owned(),
        }
    }
}

impl Cell<'_> {
    /// Appends the content to a text; nothing where a formula has no result.
    pub fn append_to(&self, text: &mut String) {
        match self {
            Self::Empty | Self::Fault(_) | Self::Uncalculated => {}
            Self::Text(content) => text.push_str(content),
            other => text.push_str(&other.display()),
        }
    }

    /// Whether Excel has rounded a number to its 15 digits, or written one in powers of ten.
    #[must_use]
    pub fn is_rounded(&self) -> bool {
        const FIRST_OF_16_DIGITS: f64 = 1e15;
        match self {
            Self::Number(number) => *number >= FIRST_OF_16_DIGITS,
            // searching for one letter is much faster, and hardly any id has it
            Self::Text(text) if !text.contains('E') => false,
            Self::Text(text) => text.split_once("E+").is_some_and(|(digits, power)| {
                let consists_of_digits = |text: &str, marks: &[char]| {
                    !text.is_empty() && text.chars().all(|letter| letter.is_ascii_digit() || marks.contains(&letter))
                };
                consists_of_digits(digits, &['.', ',']) && consists_of_digits(power, &[])
            }),
            _ => false,
        }
    }
}

/// A row of a sheet: its number as Excel counts, and its cells by column.
pub trait Row {
    /// The number, from 1.
    fn number(&self) -> u32;

    /// The number of columns that may hold something.
    fn width(&self) -> usize;

    /// The cell of a column, from 0; empty past the width.
    fn cell(&self, column: usize) -> Cell<'_>;
}

/// A number as Excel shows it in a cell without a format: no trailing `.0`, no exponent.
#[must_use]
pub fn number_as_text(number: f64) -> String {
    const WHOLE: std::ops::Range<f64> = 1.0..1e15;
    #[expect(clippy::cast_possible_truncation, reason = "below 10¹⁵, and a fraction is detected below")]
    let whole = if WHOLE.contains(&number) { number as i64 } else { 0 };
    #[expect(clippy::cast_precision_loss, reason = "below 10¹⁵")]
    let is_whole = whole > 0 && number.total_cmp(&(whole as f64)).is_eq();
    // nearly every number of a table, and much faster
    if is_whole { whole.to_string() } else { number.to_string() }
}

/// The day from which a workbook counts days.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum Epoch {
    /// Day 1 is 1 January 1900, and day 60 is 29 February 1900, which did not exist.
    #[default]
    Year1900,
    /// Day 0 is 1 January 1904.
    Year1904,
}

impl Epoch {
    /// The moment of a serial number, to the second; `None` as for [`Epoch::day`].
    #[must_use]
    pub fn moment(self, serial: f64) -> Option<DateTime> {
        const SECONDS: f64 = 86_400.0;
        let day = self.day(serial)?;
        // nearly every one
        if serial.fract().total_cmp(&0.0).is_eq() {
            return Some(day.at(0, 0, 0, 0));
        }
        #[expect(clippy::cast_possible_truncation, reason = "between 0 and 86 400")]
        let seconds = (serial.fract() * SECONDS).round() as i64;
        day.at(0, 0, 0, 0).checked_add(jiff::Span::new().seconds(seconds)).ok()
    }

    /// The date of a serial number: with its time of day, where that is not midnight.
    #[must_use]
    pub fn date_cell(self, serial: f64) -> Option<Cell<'static>> {
        let moment = self.moment(serial)?;
        let is_midnight = moment.time() == jiff::civil::Time::midnight();
        Some(if is_midnight { Cell::Date(moment.date()) } else { Cell::Moment(moment) })
    }

    /// The day of a serial number; `None` outside the calendar and for day 60. A fraction, the time of day, is dropped.
    #[must_use]
    pub fn day(self, serial: f64) -> Option<Date> {
        const LAST_SERIAL: f64 = 2_958_465.0;
        if !(0.0..=LAST_SERIAL).contains(&serial) {
            return None;
        }
        #[expect(
            clippy::cast_possible_truncation,
            reason = "between 0 and 2 958 465, and the time of the day is dropped"
        )]
        let days = serial.trunc() as i64;
        let (origin, days) = match self {
            Self::Year1900 if days == 60 || days == 0 => return None,
            Self::Year1900 if days < 60 => (jiff::civil::date(1899, 12, 31), days),
            Self::Year1900 => (jiff::civil::date(1899, 12, 30), days),
            Self::Year1904 => (jiff::civil::date(1904, 1, 1), days),
        };
        origin.checked_add(jiff::Span::new().days(days)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn serials_count_from_either_epoch() {
        assert_eq!(Epoch::Year1900.day(1.0), Some(date(1900, 1, 1)));
        assert_eq!(Epoch::Year1900.day(59.0), Some(date(1900, 2, 28)));
        assert_eq!(Epoch::Year1900.day(60.0), None);
        assert_eq!(Epoch::Year1900.day(61.0), Some(date(1900, 3, 1)));
        assert_eq!(Epoch::Year1900.day(29_587.75), Some(date(1981, 1, 1)));
        assert_eq!(Epoch::Year1904.day(28_125.0), Some(date(1981, 1, 1)));
        for serial in [-1.0, 0.0, 2_958_466.0, f64::NAN, f64::INFINITY] {
            assert_eq!(Epoch::Year1900.day(serial), None, "{serial}");
        }
    }

    #[test]
    fn a_fraction_of_a_serial_is_a_time_of_day() {
        let evening = date(1981, 1, 1).at(21, 0, 0, 0);
        assert_eq!(Epoch::Year1900.date_cell(29_587.875), Some(Cell::Moment(evening)));
        assert_eq!(Cell::Moment(evening).display(), "01.01.1981 21:00:00");
        assert_eq!(Epoch::Year1900.date_cell(29_587.0), Some(Cell::Date(date(1981, 1, 1))));
        // a midnight that is not exact in binary fractions
        assert_eq!(Epoch::Year1900.date_cell(29_586.999_999), Some(Cell::Date(date(1981, 1, 1))));
        assert_eq!(Epoch::Year1900.date_cell(-0.5), None);
    }

    #[test]
    fn numbers_are_shown_without_a_fraction_that_is_not_there() {
        for (number, text) in [
            (10_000.0, "10000"),
            (0.5, "0.5"),
            (1.5, "1.5"),
            (0.0, "0"),
            (-3.0, "-3"),
            (999_999_999_999_999.0, "999999999999999"),
            (1e21, "1000000000000000000000"),
        ] {
            assert_eq!(number_as_text(number), text);
        }
    }
}
