//! A value of a table for people, whatever it is written to: a sheet, a page, paper.

use std::fmt;

use jiff::civil::Date;

use crate::base::messages::Language;
use crate::base::money::Kopecks;

/// A value of a table.
#[derive(Debug, Clone)]
pub enum Value<'v> {
    /// A text, never taken for a formula.
    Text(&'v str),
    /// A text that may need several lines.
    Long(&'v str),
    /// A text of the program.
    Words(String),
    /// A count.
    Count(usize),
    /// A decimal number with a point; may be empty.
    Decimal(&'v str),
    /// A day.
    Day(Date),
    /// An amount.
    Amount(Kopecks),
    /// By which share an amount changes; `None` where it was zero.
    Share(Option<Share>),
}

/// A share in thousandths; written as a decimal: `0.125`, `-0.020`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Share(i128);

impl Share {
    /// The share by which an amount changes, rounded half away from zero; `None` where it was zero or below.
    pub fn of_change(before: Kopecks, after: Kopecks) -> Option<Self> {
        let (whole, difference) = (before.get(), after.get() - before.get());
        let scaled = difference.unsigned_abs().checked_mul(2_000)?;
        let whole = u128::try_from(whole).ok().filter(|whole| *whole > 0)?;
        let thousandths = i128::try_from((scaled / whole).div_ceil(2)).ok()?;
        Some(Self(if difference < 0 { -thousandths } else { thousandths }))
    }

    /// As a language writes it, with its sign: `+12,5 %`, `−2.0%`.
    fn text(self, language: Language) -> String {
        let sign = match self.0 {
            0 => "",
            1.. => "+",
            _ => "−",
        };
        let size = self.0.unsigned_abs();
        let number = language.decimal(&format!("{}.{}", size / 10, size % 10));
        if language == Language::Ru { format!("{sign}{number}\u{a0}%") } else { format!("{sign}{number}%") }
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, size) = (if self.0 < 0 { "-" } else { "" }, self.0.unsigned_abs());
        write!(f, "{sign}{}.{:03}", size / 1000, size % 1000)
    }
}

impl Value<'_> {
    /// The value as the language writes it.
    pub fn text(&self, language: Language) -> String {
        match self {
            Self::Text(text) | Self::Long(text) => (*text).to_owned(),
            Self::Words(text) => text.clone(),
            Self::Count(count) => language.count(*count),
            Self::Decimal(text) => language.decimal(text),
            Self::Day(day) => language.day(*day),
            Self::Amount(amount) => language.amount(*amount).replace('-', "−"),
            Self::Share(share) => share.map(|share| share.text(language)).unwrap_or_default(),
        }
    }

    /// Whether the value is a figure, which stands to the right of its cell.
    pub const fn is_figure(&self) -> bool {
        !matches!(self, Self::Text(_) | Self::Long(_) | Self::Words(_))
    }

    /// The number by which a figure is sorted; `None` for texts.
    pub fn sorted_by(&self) -> Option<String> {
        match self {
            Self::Text(_) | Self::Long(_) | Self::Words(_) => None,
            Self::Count(count) => Some(count.to_string()),
            Self::Decimal(text) => Some((*text).to_owned()),
            Self::Day(day) => Some(day.to_string()),
            Self::Amount(amount) => Some(amount.to_string()),
            Self::Share(share) => Some(share.map(|share| share.to_string()).unwrap_or_default()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_rounded_to_a_tenth_of_a_per_cent() {
        let share = |before, after| Share::of_change(Kopecks::new(before), Kopecks::new(after));
        let texts = |before, after| {
            let share = share(before, after).unwrap();
            (share.to_string(), share.text(Language::Ru), share.text(Language::En))
        };
        let expected = |[decimal, russian, english]: [&str; 3]| (decimal.into(), russian.into(), english.into());
        assert_eq!(texts(800, 900), expected(["0.125", "+12,5\u{a0}%", "+12.5%"]));
        // 1 / 2000 is half of a thousandth
        assert_eq!(texts(2_000, 2_001), expected(["0.001", "+0,1\u{a0}%", "+0.1%"]));
        assert_eq!(texts(2_000, 1_999), expected(["-0.001", "−0,1\u{a0}%", "−0.1%"]));
        assert_eq!(texts(100, 500), expected(["4.000", "+400,0\u{a0}%", "+400.0%"]));
        assert_eq!(texts(100, 100), expected(["0.000", "0,0\u{a0}%", "0.0%"]));
        assert_eq!((share(0, 100), share(-5, 5)), (None, None));
    }
}
