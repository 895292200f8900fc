//! Risk groups as people type them: `1`, `1.0`, `I`, `1 группа`, `первая`.

use crate::table::cell::{Cell, number_as_text};
use crate::table::text::folded_heading;

/// Reads the number of the risk group in a cell, whether the tariff has it or not; `None` where the cell holds anything else.
#[must_use]
pub fn risk_group(cell: Cell<'_>) -> Option<u8> {
    match cell {
        Cell::Text(text) if text.len() == 1 => text.parse().ok().or_else(|| parse_words(text)),
        Cell::Text(text) => parse_words(text),
        Cell::Number(number) => number_as_text(number).parse().ok(),
        _ => None,
    }
}

fn parse_words(text: &str) -> Option<u8> {
    let whole = ["0", "00"].iter().find_map(|zeros| {
        let (whole, fraction) = text.trim().split_once(['.', ','])?;
        (fraction == *zeros).then_some(whole)
    });
    let text = whole.unwrap_or(text);
    // «1.5», «1-2», «1 2» are no group
    if text.trim_start().starts_with(['-', '+']) {
        return None;
    }
    if text.split(|letter: char| !letter.is_ascii_digit()).filter(|digits| !digits.is_empty()).count() > 1 {
        return None;
    }
    let folded = folded_heading(text);
    let mut bare = folded.as_str();
    for word in ["группариска", "группа", "риск", "груп", "гр"] {
        bare = bare.strip_prefix(word).or_else(|| bare.strip_suffix(word)).unwrap_or(bare);
    }
    let bare = ["я", "ая"]
        .iter()
        .find_map(|ending| {
            bare.strip_suffix(ending).filter(|rest| rest.ends_with(|letter: char| letter.is_ascii_digit()))
        })
        .unwrap_or(bare);
    match bare {
        "нулевая" => Some(0),
        "i" | "і" | "первая" => Some(1),
        "ii" | "іі" | "вторая" => Some(2),
        "iii" | "ііі" | "третья" => Some(3),
        "iv" | "іv" | "четвертая" => Some(4),
        _ => bare.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn risk_groups_are_read_however_they_are_typed() {
        for text in
            ["1", "1.0", "1,0", "I", "i", "1 группа", "группа 1", "Гр. 1", "1-я группа", "первая", "Группа риска I"]
        {
            assert_eq!(risk_group(Cell::Text(text)), Some(1), "{text}");
        }
        for (text, group) in [
            ("0", 0),
            ("IV", 4),
            ("III группа", 3),
            ("II", 2),
            ("вторая группа", 2),
            ("четвёртая", 4),
            ("нулевая", 0),
            ("10", 10),
            ("2.00", 2),
        ] {
            assert_eq!(risk_group(Cell::Text(text)), Some(group), "{text}");
        }
        assert_eq!(risk_group(Cell::Number(3.0)), Some(3));
    }

    #[test]
    fn texts_that_are_no_risk_groups_are_refused() {
        for text in ["1.5", "-1", "VI", "высокий", "1 2", "0 1", "999", "группа", "+1", "0.1", "1/2"] {
            assert_eq!(risk_group(Cell::Text(text)), None, "{text}");
        }
        for cell in [Cell::Number(1.5), Cell::Number(-1.0), Cell::Number(1000.0), Cell::Bool(true), Cell::Empty] {
            assert_eq!(risk_group(cell), None);
        }
    }
}
