//! Number formats that write a whole number with leading zeros, or with marks between its digits: `00000`, `"П-"000`, `000\-000`; and those
//! that write the unit of an amount after it, `0" тыс. руб."`, or show hundredths as percent, `0%`.
//!
//! Personnel numbers are stored so: the cell holds 100, and every reader of the sheet sees 00100.

use std::collections::HashMap;

use calamine::DataRef;

use crate::table::cell::number_as_text;
use crate::table::value::{AmountUnit, amount_unit};

/// How such a format writes a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DigitPattern {
    /// A whole number with leading zeros or marks.
    Digits(Vec<Place>),
    /// A number with the unit of an amount other than roubles after it: `0" тыс. руб."`.
    Unit(String),
    /// Hundredths as a number of percent: 0.5 as 50%.
    Percent,
}

/// A place of a number in a format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A digit.
    Digit,
    /// A mark as it is.
    Mark(char),
}

impl DigitPattern {
    /// The pattern of a format's code; `None` where the format shows numbers in any other way.
    ///
    /// The section for positive numbers decides.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        let digits = Self::digits_of_code(code).or_else(|| unit_of_code(code).map(Self::Unit));
        digits.or_else(|| is_percent(code).then_some(Self::Percent))
    }

    /// The pattern of a format that every workbook has, by its number.
    #[must_use]
    pub const fn of_built_in(format: u16) -> Option<Self> {
        // 0% and 0.00%
        if matches!(format, 9 | 10) { Some(Self::Percent) } else { None }
    }

    /// The places of a format that writes digits and marks alone.
    fn digits_of_code(code: &str) -> Option<Self> {
        const FEWEST_DIGITS: usize = 2;
        let mut places = Vec::new();
        let mut letters = code.chars();
        while let Some(letter) = letters.next() {
            match letter {
                '0' => places.push(Place::Digit),
                '"' => places.extend(letters.by_ref().take_while(|letter| *letter != '"').map(Place::Mark)),
                '\\' => places.extend(letters.next().map(Place::Mark)),
                // a space as wide as a letter, and a letter that fills the cell
                '_' | '*' => drop(letters.next()),
                ';' => break,
                '[' => {
                    let inside: String = letters.by_ref().take_while(|letter| *letter != ']').collect();
                    if inside.starts_with(['<', '>', '=']) {
                        return None;
                    }
                }
                '-' | '+' | ' ' | '(' | ')' | '/' | '№' => places.push(Place::Mark(letter)),
                _ => return None,
            }
        }
        let digits = places.iter().filter(|place| **place == Place::Digit).count();
        (digits >= FEWEST_DIGITS).then_some(Self::Digits(places))
    }

    /// The number as the format shows it; `None` where that is the bare number, or it is no whole number.
    #[must_use]
    pub fn text(&self, number: f64) -> Option<String> {
        const FIRST_OF_16_DIGITS: f64 = 1e15;
        let pattern = match self {
            Self::Digits(places) => places,
            Self::Unit(unit) => return Some(format!("{} {unit}", number_as_text(number))),
            Self::Percent => return Some(format!("{}%", number_as_text(hundredfold(number)))),
        };
        if !(0.0..FIRST_OF_16_DIGITS).contains(&number) || number.fract() != 0.0 {
            return None;
        }
        let bare = format!("{number:.0}");
        let places = pattern.iter().filter(|place| **place == Place::Digit).count();
        let padded = format!("{bare:0>places$}");
        let mut digits = padded.chars();
        // digits without a place stand before the first one
        let mut before = padded.len() - places;
        let mut shown = String::with_capacity(padded.len() + pattern.len());
        for place in pattern {
            match place {
                Place::Mark(mark) => shown.push(*mark),
                Place::Digit => {
                    shown.extend(digits.by_ref().take(before + 1));
                    before = 0;
                }
            }
        }
        (shown != bare).then_some(shown)
    }
}

/// A hundred times a number, without the digits that a binary fraction adds: 0.07 gives 7.
#[expect(clippy::float_arithmetic, reason = "as Excel shows it")]
fn hundredfold(number: f64) -> f64 {
    const KEPT: f64 = 1e8;
    (number * 100.0 * KEPT).round() / KEPT
}

/// Whether a format shows percent: a sign outside of quotes in the section for positive numbers.
fn is_percent(code: &str) -> bool {
    let section = code.split(';').next().unwrap_or_default();
    section.split('"').step_by(2).any(|unquoted| unquoted.replace("\\%", "").contains('%'))
}

/// The unit that a format writes beside a number, if it is another one than roubles and the format does not scale the number itself.
fn unit_of_code(code: &str) -> Option<String> {
    let (mut unit, mut is_scaled) = (String::new(), false);
    let mut letters = code.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => unit.extend(letters.by_ref().take_while(|letter| *letter != '"')),
            '\\' => unit.extend(letters.next()),
            '_' | '*' => drop(letters.next()),
            ';' => break,
            '[' => {
                let inside: String = letters.by_ref().take_while(|letter| *letter != ']').collect();
                // the sign of a currency stands before the number of its language
                unit.extend(inside.strip_prefix('$').and_then(|inside| inside.split('-').next()));
            }
            '$' | '€' | '£' | '¥' => unit.push(letter),
            // a comma after the last digit divides by a thousand
            ',' => is_scaled = true,
            '0' | '#' | '?' => is_scaled = false,
            '.' | ' ' | '-' | '+' | '(' | ')' => {}
            _ => return None,
        }
    }
    let is_other =
        matches!(amount_unit(&unit), Some(AmountUnit::Thousands | AmountUnit::Millions | AmountUnit::Foreign));
    (is_other && !is_scaled).then(|| unit.trim().to_owned())
}

/// The patterns of a workbook's cell styles, by the number of the style; empty where no style has one.
#[derive(Debug, Default, Clone)]
pub struct DigitPatterns(Vec<Option<DigitPattern>>);

impl DigitPatterns {
    /// The patterns of styles in their order.
    #[must_use]
    pub fn new(styles: Vec<Option<DigitPattern>>) -> Self {
        if styles.iter().all(Option::is_none) { Self::default() } else { Self(styles) }
    }

    /// Whether no style has a pattern.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a style has a pattern.
    #[must_use]
    pub fn has(&self, style: usize) -> bool {
        self.0.get(style).is_some_and(Option::is_some)
    }

    /// A number as a style shows it; `None` where that is the bare number.
    #[must_use]
    pub fn text(&self, style: usize, number: f64) -> Option<String> {
        self.0.get(style)?.as_ref()?.text(number)
    }
}

/// The cells of a sheet that are in a style with a pattern.
#[derive(Debug, Default)]
pub struct PatternedCells(HashMap<(u32, u32), usize>);

impl PatternedCells {
    /// Adds the cell at a row and a column, from 0, with the number of its style.
    pub fn add(&mut self, place: (u32, u32), style: usize) {
        self.0.insert(place, style);
    }

    /// The value of a cell, as its style shows it.
    #[must_use]
    pub fn value<'c>(&self, place: (u32, u32), value: DataRef<'c>, patterns: &DigitPatterns) -> DataRef<'c> {
        let text = match (&value, self.0.get(&place)) {
            (DataRef::Float(number), Some(style)) => patterns.text(*style, *number),
            (DataRef::Int(whole), Some(style)) => {
                i32::try_from(*whole).ok().and_then(|whole| patterns.text(*style, whole.into()))
            }
            _ => None,
        };
        text.map_or(value, DataRef::String)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_their_format_shows_them() {
        for (code, number, shown) in [
            ("00000", 100.0, Some("00100")),
            ("00000", 123_456.0, None),
            ("00000", 12_345.0, None),
            ("000", 0.0, Some("000")),
            ("\"П-\"000", 1.0, Some("П-001")),
            ("000\\-000\\-000\\ 00", 12_345_678_901.0, Some("123-456-789 01")),
            ("00-00", 12_345.0, Some("123-45")),
            ("[$-419]0000;[Red]-0", 7.0, Some("0007")),
            ("00\\.00\\.0000", 31_121_980.0, Some("31.12.1980")),
            ("00000", 1.5, None),
            ("00000", -1.0, None),
            ("00000", f64::NAN, None),
            ("00000", 1e15, None),
            ("0\" тыс. руб.\"", 150.0, Some("150 тыс. руб.")),
            ("#,##0.00\" тыс. руб.\"", 150.5, Some("150.5 тыс. руб.")),
            ("[$$-409]#,##0", 150.0, Some("150 $")),
            ("0.0\\ \"млн\"", 1.5, Some("1.5 млн")),
            ("0_)\" тыс.\"", 5.0, Some("5 тыс.")),
            ("* 0\" тыс.\"", 5.0, Some("5 тыс.")),
            ("$#,##0", 5.0, Some("5 $")),
            ("0 €", 5.0, Some("5 €")),
            ("£0", 5.0, Some("5 £")),
            ("¥0", 5.0, Some("5 ¥")),
            ("_-0000_-", 7.0, Some("0007")),
            ("* 0000", 7.0, Some("0007")),
            ("0%", 0.5, Some("50%")),
            ("0.00%", 0.07, Some("7%")),
        ] {
            let pattern = DigitPattern::of_code(code).unwrap();
            assert_eq!(pattern.text(number).as_deref(), shown, "{code}: {number}");
        }
    }

    #[test]
    fn a_style_without_a_pattern_has_none() {
        let patterns = DigitPatterns::new(vec![None, DigitPattern::of_code("000")]);
        assert_eq!([0, 1, 2].map(|style| patterns.has(style)), [false, true, false]);
        assert!(!patterns.is_empty() && DigitPatterns::new(vec![None, None]).is_empty());
    }

    #[test]
    fn other_formats_are_no_patterns() {
        for code in [
            "General",
            "#,##0,\" тыс. руб.\"",
            "0\" руб.\"",
            "[$₽-419]0",
            "0",
            "0.00",
            "#,##0",
            "# ##0",
            "0\" чел.\"",
            "0\"%\"",
            "@",
            "[>9]00;0",
            "dd.mm.yyyy",
            "",
            "00.0",
        ] {
            assert_eq!(DigitPattern::of_code(code), None, "{code}");
        }
    }
}
