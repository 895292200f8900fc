//! What is said of single cells: what is wrong with them, and as much of what stands there as may be shown.

use crate::base::diagnostic::{masked, shortened};
use crate::base::messages::Message;
use crate::table::cell::Cell;
use crate::table::text::folded;
use crate::table::value::DateFault;

/// Adds what a cell holds as text; nothing where it is a formula without a result.
pub fn append_text(text: &mut String, cell: Cell<'_>) {
    match cell {
        Cell::Empty | Cell::Fault(_) | Cell::Uncalculated => {}
        Cell::Text(written) => text.push_str(written),
        other => text.push_str(&other.shown()),
    }
}

/// What is wrong with a cell that holds a formula without a result, whatever was wanted there.
pub fn formula_fault(cell: Cell<'_>) -> Option<Message> {
    match cell {
        Cell::Fault(fault) => Some(Message::new("formula-fault").with("fault", fault)),
        Cell::Uncalculated => Some(Message::new("formula-uncalculated")),
        _ => None,
    }
}

/// Whether a number has more digits than Excel keeps, or was written by it in powers of ten.
pub fn is_rounded(cell: Cell<'_>) -> bool {
    const FIRST_OF_16_DIGITS: f64 = 1e15;
    match cell {
        Cell::Number(number) => number >= FIRST_OF_16_DIGITS,
        // to look for one letter is much faster, and hardly any id has it
        Cell::Text(text) if !text.contains('E') => false,
        Cell::Text(text) => text.split_once("E+").is_some_and(|(digits, power)| {
            let all = |text: &str, marks: &[char]| {
                !text.is_empty() && text.chars().all(|letter| letter.is_ascii_digit() || marks.contains(&letter))
            };
            all(digits, &['.', ',']) && all(power, &[])
        }),
        _ => false,
    }
}

/// A value of a field that is not personal, masked all the same where it could be: columns may be shifted.
///
/// As it is where it is too short to be anybody's, or is almost one of the words that would be right.
pub fn shown_code<'k>(value: &str, right: impl IntoIterator<Item = &'k str>) -> String {
    const LONGEST_CODE: usize = 2;
    const ALMOST: f64 = 0.85;
    let folded_value = folded(value);
    let almost = |word: &str| strsim::jaro_winkler(&folded(word), &folded_value) > ALMOST;
    if value.chars().count() <= LONGEST_CODE || right.into_iter().any(almost) {
        shortened(value)
    } else {
        masked(value)
    }
}

/// Why a cell is no date.
pub fn date_fault(fault: DateFault) -> Message {
    Message::new(match fault {
        DateFault::TwoDigitYear => "date-two-digit-year",
        DateFault::NoSuchDay => "date-no-such-day",
        DateFault::NotADate => "date-unreadable",
    })
}
