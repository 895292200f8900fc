//! Ages and ranges of ages: `34`, `30-39`, `от 30 до 39`, `до 1 года`, `80+`; and counts of people.

use crate::table::cell::Cell;
use crate::table::text::folded;

/// A range of ages in completed years.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ages {
    /// The first.
    pub from: u16,
    /// The last, included; `u16::MAX` where the range is open.
    pub to: u16,
}

/// Reads the ages in a cell; `None` where it is empty.
///
/// `до 18` excludes 18, but `от 30 до 39` includes 39, as people mean it.
///
/// # Errors
///
/// The unit where the cell holds anything else.
#[expect(clippy::result_unit_err, reason = "there is one reason")]
pub fn ages(cell: Cell<'_>) -> Result<Option<Ages>, ()> {
    match cell {
        Cell::Empty => Ok(None),
        Cell::Number(_) => whole(cell).and_then(|age| age.try_into().map_err(drop)).map(|age| Some(single(age))),
        Cell::Text(text) => parse(text).filter(|ages| ages.from <= ages.to).map(Some).ok_or(()),
        _ => Err(()),
    }
}

/// Reads a whole number, also with «чел.» after it; `None` where the cell is empty.
///
/// # Errors
///
/// The unit where the cell holds anything else.
#[expect(clippy::result_unit_err, reason = "there is one reason")]
pub fn count(cell: Cell<'_>) -> Result<Option<u64>, ()> {
    match cell {
        Cell::Empty => Ok(None),
        Cell::Number(_) => whole(cell).map(Some),
        Cell::Text(text) => number(strip_units(&folded(text), &["человек", "чел."])).map(Some).ok_or(()),
        _ => Err(()),
    }
}

fn single(age: u16) -> Ages {
    Ages { from: age, to: age }
}

/// A whole number of at most 15 digits in a number cell.
fn whole(cell: Cell<'_>) -> Result<u64, ()> {
    number(&cell.display()).ok_or(())
}

fn number<N: std::str::FromStr>(digits: &str) -> Option<N> {
    let sound = (1..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    if sound { digits.parse().ok() } else { None }
}

fn strip_units<'t>(text: &'t str, units: &[&str]) -> &'t str {
    { units.iter() }.find_map(|unit| text.strip_suffix(&*folded(unit))).unwrap_or(text)
}

fn parse(text: &str) -> Option<Ages> {
    const UNITS: [&str; 9] = ["лет", "года", "год", "г.", "years old", "years", "year", "y.o.", "yrs"];
    // folding has removed spaces and turned Latin letters into Cyrillic ones
    let folded_text = folded(text).replace(['–', '—', '−', '‑'], "-");
    let text = strip_units(&folded_text, &UNITS);
    let after = |words: &[&str]| { words.iter() }.find_map(|word| text.strip_prefix(&*folded(word)));
    let until = |words: &[&str]| { words.iter() }.find_map(|word| text.strip_suffix(&*folded(word)));
    let age = |text: &str| number::<u16>(strip_units(text, &UNITS));
    if let Some(age) = age(text) {
        return Some(single(age));
    }
    if let Some(from) = until(&["+", "и старше", "и более", "and over", "and older"]).and_then(age) {
        return Some(Ages { from, to: u16::MAX });
    }
    if let Some(end) = after(&["до", "младше", "under", "<"]).and_then(age) {
        return Some(Ages { from: 0, to: end.checked_sub(1)? });
    }
    let rest = after(&["от", "с", "from"]).unwrap_or(text);
    let (from, to) = ["-", "до", "по", "to"].iter().find_map(|between| rest.split_once(&*folded(between)))?;
    Some(Ages { from: age(from)?, to: age(to)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_read_however_they_are_written() {
        for (text, from, to) in [
            ("34", 34, 34),
            ("34 года", 34, 34),
            ("1 year", 1, 1),
            ("30-39", 30, 39),
            ("30 – 39 лет", 30, 39),
            ("от 30 до 39", 30, 39),
            ("от 30 до 39 лет", 30, 39),
            ("с 30 по 39", 30, 39),
            ("30 to 39 years", 30, 39),
            ("from 30 to 39", 30, 39),
            ("до 1 года", 0, 0),
            ("до 18 лет", 0, 17),
            ("under 18", 0, 17),
            ("80+", 80, u16::MAX),
            ("80 лет и старше", 80, u16::MAX),
            ("80 and over", 80, u16::MAX),
        ] {
            assert_eq!(ages(Cell::Text(text)), Ok(Some(Ages { from, to })), "{text}");
        }
        assert_eq!(ages(Cell::Number(34.0)), Ok(Some(Ages { from: 34, to: 34 })));
        assert_eq!(ages(Cell::Empty), Ok(None));
    }

    #[test]
    fn texts_that_are_no_ages_are_refused() {
        for text in ["39-30", "-5", "30-", "от 30", "до 0", "взрослые", "99999", "1.5", "30-39-49", ""] {
            assert_eq!(ages(Cell::Text(text)), Err(()), "{text}");
        }
        for cell in [Cell::Number(1.5), Cell::Number(-1.0), Cell::Number(1e9), Cell::Bool(true)] {
            assert_eq!(ages(cell), Err(()), "{cell:?}");
        }
        // «10-11» that Excel has turned into a day
        assert_eq!(ages(Cell::Date(jiff::civil::date(2026, 11, 10))), Err(()));
    }

    #[test]
    fn counts_are_whole_numbers() {
        for (cell, expected) in [
            (Cell::Number(120.0), Ok(Some(120))),
            (Cell::Text("1 200"), Ok(Some(1_200))),
            (Cell::Text("120 чел."), Ok(Some(120))),
            (Cell::Number(0.0), Ok(Some(0))),
            (Cell::Empty, Ok(None)),
            (Cell::Number(1.5), Err(())),
            (Cell::Number(-3.0), Err(())),
            (Cell::Text("много"), Err(())),
        ] {
            assert_eq!(count(cell), expected, "{cell:?}");
        }
    }
}
