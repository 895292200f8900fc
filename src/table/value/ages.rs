//! Ages as a census gives them: `34`, `30-39`, `от 30 до 39`, `до 1 года`, `80+`; and how many insured have them.

use crate::table::cell::Cell;
use crate::table::text::folded;

/// Ages from one to another, in completed years.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ages {
    /// The first.
    pub from: u16,
    /// The last; `u16::MAX` where there is none.
    pub to: u16,
}

/// The ages in a cell, `None` where it is empty.
///
/// `до 18` ends before the eighteenth birthday, but the end of `от 30 до 39` belongs to it, as people mean it.
///
/// # Errors
///
/// The unit where something else stands there.
#[expect(clippy::result_unit_err, reason = "whoever asks knows what was wanted")]
pub fn ages(cell: Cell<'_>) -> Result<Option<Ages>, ()> {
    match cell {
        Cell::Empty => Ok(None),
        Cell::Number(_) => whole(cell).and_then(|age| age.try_into().map_err(drop)).map(|age| Some(single(age))),
        Cell::Text(text) => written(text).filter(|ages| ages.from <= ages.to).map(Some).ok_or(()),
        _ => Err(()),
    }
}

/// How many insured a cell counts, `None` where it is empty.
///
/// # Errors
///
/// The unit where something else stands there.
#[expect(clippy::result_unit_err, reason = "whoever asks knows what was wanted")]
pub fn count(cell: Cell<'_>) -> Result<Option<u64>, ()> {
    match cell {
        Cell::Empty => Ok(None),
        Cell::Number(_) => whole(cell).map(Some),
        Cell::Text(text) => number(without_units(&folded(text), &["человек", "чел."])).map(Some).ok_or(()),
        _ => Err(()),
    }
}

fn single(age: u16) -> Ages {
    Ages { from: age, to: age }
}

/// A whole number of at most 15 digits, as a workbook holds it.
fn whole(cell: Cell<'_>) -> Result<u64, ()> {
    number(&cell.shown()).ok_or(())
}

fn number<N: std::str::FromStr>(digits: &str) -> Option<N> {
    let sound = (1..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    if sound { digits.parse().ok() } else { None }
}

fn without_units<'t>(text: &'t str, units: &[&str]) -> &'t str {
    { units.iter() }.find_map(|unit| text.strip_suffix(&*folded(unit))).unwrap_or(text)
}

fn written(text: &str) -> Option<Ages> {
    const UNITS: [&str; 9] = ["лет", "года", "год", "г.", "years old", "years", "year", "y.o.", "yrs"];
    // spaces are gone after the folding, and Latin letters look Cyrillic
    let folded_text = folded(text).replace(['–', '—', '−', '‑'], "-");
    let text = without_units(&folded_text, &UNITS);
    let after = |words: &[&str]| { words.iter() }.find_map(|word| text.strip_prefix(&*folded(word)));
    let until = |words: &[&str]| { words.iter() }.find_map(|word| text.strip_suffix(&*folded(word)));
    let age = |text: &str| number::<u16>(without_units(text, &UNITS));
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
    fn what_is_no_age_is_refused() {
        for text in ["39-30", "-5", "30-", "от 30", "до 0", "взрослые", "99999", "1.5", "30-39-49", ""] {
            assert_eq!(ages(Cell::Text(text)), Err(()), "{text}");
        }
        for cell in [Cell::Number(1.5), Cell::Number(-1.0), Cell::Number(1e9), Cell::Bool(true)] {
            assert_eq!(ages(cell), Err(()), "{cell:?}");
        }
        // «10-11» that Excel has taken for a day
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
