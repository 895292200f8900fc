//! Cells of days that leave the day to the contract.

use crate::table::cell::Cell;
use crate::table::text::folded_heading;

/// What people write for the days of the contract, in the form for comparing.
const OF_CONTRACT: [&str; 11] = [
    "подоговору",
    "всоответствиисдоговором",
    "согласнодоговору",
    "доконцадоговора",
    "доокончаниядоговора",
    "доокончаниядействиядоговора",
    "сначаладоговора",
    "сначаладействиядоговора",
    "весьсрокдоговора",
    "напериоддоговора",
    "бессрочно",
];

/// Whether a cell states no day of one's own: a dash, or words for the days of the contract.
#[must_use]
pub fn leaves_day_open(cell: Cell<'_>) -> bool {
    let Cell::Text(text) = cell else { return false };
    text.chars().all(|letter| matches!(letter, '-' | '–' | '—' | '−'))
        || !text.starts_with(|letter: char| letter.is_ascii_digit())
            && OF_CONTRACT.contains(&folded_heading(text).as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dash_and_words_for_the_contract_leave_the_day_open() {
        for text in ["-", "–", "—", "−", "--", "по договору", "«по договору»", "До окончания договора", "Бессрочно."]
        {
            assert!(leaves_day_open(Cell::Text(text)), "{text}");
        }
        for text in ["-1", "с 01.03.2027", "договор", "до увольнения", "с момента подписания"]
        {
            assert!(!leaves_day_open(Cell::Text(text)), "{text}");
        }
        assert!(!leaves_day_open(Cell::Empty) && !leaves_day_open(Cell::Number(0.0)));
    }
}
