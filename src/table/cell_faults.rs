//! What is wrong with single cells, and as much of their content as may be shown.

use crate::base::diagnostic::{masked, shortened};
use crate::base::messages::Message;
use crate::table::cell::Cell;
use crate::table::text::folded;
use crate::table::value::DateFault;

/// The fault of a cell whose formula has no result, whatever value was wanted; `None` for any other cell.
#[must_use]
pub fn formula_fault(cell: Cell<'_>) -> Option<Message> {
    match cell {
        Cell::Fault(fault) => Some(Message::new("formula-fault").with("fault", fault)),
        Cell::Uncalculated => Some(Message::new("formula-uncalculated")),
        _ => None,
    }
}

/// Why a cell is no date.
#[must_use]
pub fn date_fault(fault: DateFault) -> Message {
    Message::new(match fault {
        DateFault::TwoDigitYear => "date-two-digit-year",
        DateFault::NoSuchDay => "date-no-such-day",
        DateFault::TimeOfDay => "time-of-day",
        DateFault::OrderUnknown => "date-order",
        DateFault::YearOnly => "date-year-only",
        DateFault::NotADate => "date-unreadable",
    })
}

/// A value of a field that is not personal, masked unless it is very short or almost a known word: where columns are shifted, it may be
/// personal all the same.
pub fn mask_unless_known<'k>(value: &str, known: impl IntoIterator<Item = &'k str>) -> String {
    const LONGEST_CODE: usize = 2;
    const ALMOST: f64 = 0.85;
    let folded_value = folded(value);
    let is_almost = |word: &str| strsim::jaro_winkler(&folded(word), &folded_value) > ALMOST;
    if value.chars().count() <= LONGEST_CODE || known.into_iter().any(is_almost) {
        shortened(value)
    } else {
        masked(value)
    }
}
