//! Teeth by the two digits of the FDI (ISO 3950): the quadrant, and the place in it from the middle of the jaw outwards.

use std::collections::BTreeSet;
use std::fmt;

use crate::base::messages::Message;
use crate::table::cell_faults::mask_unless_known;

/// A tooth: 11–18, 21–28, 31–38, 41–48, or a milk tooth 51–55, 61–65, 71–75, 81–85.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tooth {
    quadrant: u8,
    place: u8,
}

/// Why a text names no teeth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TeethFault {
    /// A part of it is no tooth.
    NoTooth,
    /// A range is not of one jaw, or mixes permanent and milk teeth.
    NoRange(Tooth, Tooth),
}

impl TeethFault {
    /// The fault of a text for a reader; teeth are personal, so that the text is displayed by its shape.
    #[must_use]
    pub fn message(self, written: &str) -> Message {
        match self {
            Self::NoTooth => Message::new("teeth-none").with("teeth", mask_unless_known(written, std::iter::empty())),
            Self::NoRange(..) => Message::new("teeth-range"),
        }
    }
}

impl Tooth {
    /// The tooth of a quadrant and a place; `None` if there is none.
    #[must_use]
    pub fn new(quadrant: u8, place: u8) -> Option<Self> {
        let last = match quadrant {
            1..=4 => 8,
            5..=8 => 5,
            _ => return None,
        };
        (1..=last).contains(&place).then_some(Self { quadrant, place })
    }

    /// The upper or the lower jaw, with permanent or with milk teeth.
    const fn jaw(self) -> u8 {
        (self.quadrant - 1) / 2
    }

    /// The place along the jaw: below zero on the patient's right, above zero on the left, never 0.
    const fn along_jaw(self) -> i8 {
        let place = self.place.cast_signed();
        if matches!(self.quadrant, 1 | 4 | 5 | 8) { -place } else { place }
    }

    /// The teeth from one to another of the same jaw, both included, whichever is named first.
    ///
    /// # Errors
    ///
    /// [`TeethFault::NoRange`] where they are of different jaws, or one of them is a milk tooth.
    pub fn range(self, other: Self) -> Result<impl Iterator<Item = Self>, TeethFault> {
        if self.jaw() != other.jaw() {
            return Err(TeethFault::NoRange(self, other));
        }
        let (one, last) = (self.along_jaw().min(other.along_jaw()), self.along_jaw().max(other.along_jaw()));
        let quadrants = [2 * self.jaw() + 1, 2 * self.jaw() + 2];
        let teeth =
            quadrants.into_iter().flat_map(|quadrant| (1..=8).filter_map(move |place| Self::new(quadrant, place)));
        Ok(teeth.filter(move |tooth| (one..=last).contains(&tooth.along_jaw())))
    }
}

impl fmt::Display for Tooth {
    fn fmt(&self, text: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(text, "{}{}", self.quadrant, self.place)
    }
}

/// A part of a text.
enum Part {
    Teeth(Vec<Tooth>),
    /// From the tooth before to the tooth after.
    To,
    /// A word for "no teeth".
    None,
}

/// The teeth in a text: `11, 12`, `11;12`, `зуб 1.1`, `11-13`, `1.1–1.3`, `с 11 по 13`, `13–23`; none in an empty text.
///
/// Letters after a tooth are its surfaces. `11.12` is how Excel stores `11,12`.
///
/// # Errors
///
/// [`TeethFault`] where a part of the text is no tooth and no known word, or a range is impossible.
pub fn parse_teeth(written: &str) -> Result<BTreeSet<Tooth>, TeethFault> {
    let mut teeth = BTreeSet::new();
    let (mut before, mut is_range, mut is_none) = (None, false, false);
    for part in parts(written)? {
        match part {
            Part::Teeth(found) => {
                if is_range {
                    let [last] = found[..] else { return Err(TeethFault::NoTooth) };
                    let first: Tooth = before.ok_or(TeethFault::NoTooth)?;
                    teeth.extend(first.range(last)?);
                }
                before = found.last().copied();
                is_range = false;
                teeth.extend(found);
            }
            Part::To if is_range => return Err(TeethFault::NoTooth),
            Part::To => is_range = true,
            Part::None => is_none = true,
        }
    }
    // a dash alone is an empty cell
    let is_open = is_range && before.is_some() || is_none && !teeth.is_empty();
    if is_open { Err(TeethFault::NoTooth) } else { Ok(teeth) }
}

/// The parts of a text, without words that add nothing.
fn parts(written: &str) -> Result<Vec<Part>, TeethFault> {
    const BESIDE: [&str; 16] = [
        "зуб",
        "зуба",
        "зубы",
        "зубов",
        "зубе",
        "зубах",
        "номер",
        "номера",
        "с",
        "от",
        "и",
        "tooth",
        "teeth",
        "from",
        "and",
        "no",
    ];
    const TO: [&str; 3] = ["по", "до", "to"];
    const NONE: [&str; 3] = ["нет", "none", "отсутствует"];
    let written = written.to_lowercase().replace("..", "-").replace(['–', '—', '−', '‐', '…'], "-");
    let mut parts = Vec::new();
    let mut rest = written.as_str();
    while let Some(next) = rest.chars().next() {
        let is_number = |letter: char| letter.is_ascii_digit() || letter == '.';
        let end = |of: &dyn Fn(char) -> bool| rest.find(|letter| !of(letter)).unwrap_or(rest.len());
        let after = if next.is_ascii_digit() {
            let after = end(&is_number);
            parts.push(Part::Teeth(numbered(rest[..after].trim_end_matches('.')).ok_or(TeethFault::NoTooth)?));
            // the surfaces of the tooth
            after + rest[after..].find(|letter: char| !letter.is_alphabetic()).unwrap_or(rest.len() - after)
        } else if next.is_alphabetic() {
            let after = end(&char::is_alphabetic);
            match &rest[..after] {
                word if TO.contains(&word) => parts.push(Part::To),
                word if NONE.contains(&word) => parts.push(Part::None),
                word if BESIDE.contains(&word) => {}
                _ => return Err(TeethFault::NoTooth),
            }
            after
        } else {
            if next == '-' {
                parts.push(Part::To);
            }
            next.len_utf8()
        };
        rest = &rest[after..];
    }
    Ok(parts)
}

/// The teeth of a number: `11`, `1.1`, or several as `11.12`.
fn numbered(number: &str) -> Option<Vec<Tooth>> {
    let tooth = |digits: &str| match *digits.as_bytes() {
        [quadrant, place] => Tooth::new(quadrant.wrapping_sub(b'0'), place.wrapping_sub(b'0')),
        _ => None,
    };
    match number.split('.').collect::<Vec<_>>()[..] {
        [quadrant, place] if quadrant.len() == 1 => Some(vec![tooth(&format!("{quadrant}{place}"))?]),
        ref several => several.iter().map(|digits| tooth(digits)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parsed(written: &str) -> Result<String, TeethFault> {
        let teeth = parse_teeth(written)?;
        Ok(teeth.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn teeth_and_their_ranges_are_read_as_clinics_write_them() {
        for (written, teeth) in [
            ("", ""),
            ("-", ""),
            ("нет", ""),
            ("11, 12", "11 12"),
            ("12;11", "11 12"),
            ("зуб 11.", "11"),
            ("Зубы № 1.1 и 1.2", "11 12"),
            ("11.12", "11 12"),
            ("36МО", "36"),
            ("11-13", "11 12 13"),
            ("1.1–1.3", "11 12 13"),
            ("1.1 — 1.3", "11 12 13"),
            ("11..13", "11 12 13"),
            ("с 11 по 13", "11 12 13"),
            ("13-11", "11 12 13"),
            ("12-22", "11 12 21 22"),
            ("42–31, 48", "31 41 42 48"),
            ("54-55", "54 55"),
            ("28-18", "11 12 13 14 15 16 17 18 21 22 23 24 25 26 27 28"),
        ] {
            assert_eq!(parsed(written).as_deref(), Ok(teeth), "{written}");
        }
    }

    #[test]
    fn what_is_no_tooth_or_no_range_is_a_fault() {
        for written in [
            "19",
            "10",
            "1",
            "99",
            "56",
            "111",
            "11.1",
            "11-",
            "-11",
            "11--13",
            "11-13 кроме 12",
            "все",
            "11-12.13",
            "2027-01-13",
        ] {
            assert_eq!(parse_teeth(written), Err(TeethFault::NoTooth), "{written}");
        }
        for written in ["13-33", "11-51", "18–48"] {
            assert!(matches!(parse_teeth(written), Err(TeethFault::NoRange(..))), "{written}");
        }
    }

    proptest! {
        #[test]
        fn a_range_is_of_one_jaw_without_gaps_in_either_direction(quadrants in [1..9_u8, 1..9_u8], places in [1..9_u8, 1..9_u8]) {
            let [Some(one), Some(other)] = [0, 1].map(|at| Tooth::new(quadrants[at], places[at])) else { return Ok(()) };
            let read = parse_teeth(&format!("{one}-{other}"));
            prop_assert_eq!(&read, &parse_teeth(&format!("{other} – {one}")).map_err(|fault| match fault {
                TeethFault::NoRange(one, other) => TeethFault::NoRange(other, one),
                fault @ TeethFault::NoTooth => fault,
            }));
            prop_assert_eq!(read.is_ok(), one.jaw() == other.jaw());
            if let Ok(teeth) = read {
                let steps = i16::from(one.along_jaw()).abs_diff(other.along_jaw().into());
                // no tooth stands between the two halves of a jaw
                let crosses = one.along_jaw().signum() != other.along_jaw().signum();
                prop_assert_eq!(teeth.len(), usize::from(steps) + usize::from(!crosses));
                prop_assert!(teeth.contains(&one) && teeth.contains(&other));
            }
        }
    }
}
