//! What texts and headings prove of the order of day and month.

use crate::table::value::date::{DateOrder, parse_moment};

/// The order of day and month that a text proves for its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderEvidence {
    /// Only this order gives a day.
    Only(DateOrder),
    /// As `Only(MonthFirst)`, but with points, which is unusual for the month first: it may be a slip.
    Slip,
}

/// The order of day and month that a text proves for its column; `None` where it proves none.
#[must_use]
pub fn order_evidence(text: &str) -> Option<OrderEvidence> {
    let is_read = |order| parse_moment(text, Some(order)).is_ok();
    match (is_read(DateOrder::DayFirst), is_read(DateOrder::MonthFirst)) {
        (true, false) => Some(OrderEvidence::Only(DateOrder::DayFirst)),
        (false, true) if text.contains(['/', '-']) => Some(OrderEvidence::Only(DateOrder::MonthFirst)),
        (false, true) => Some(OrderEvidence::Slip),
        _ => None,
    }
}

/// The order of day and month that a heading states: `Date of birth (MM/DD/YYYY)`; `None` where it states none.
#[must_use]
pub fn order_of_heading(heading: &str) -> Option<DateOrder> {
    let letters: String = heading.to_lowercase().chars().filter(|letter| letter.is_alphabetic()).collect();
    let has = |patterns: &[&str]| patterns.iter().any(|pattern| letters.contains(pattern));
    if has(&["mmdd", "ммдд", "monthdayyear", "monthfirst", "месяцденьгод"]) && !has(&["yyyymmdd", "ггггммдд"])
    {
        return Some(DateOrder::MonthFirst);
    }
    has(&["ddmm", "ддмм", "daymonthyear", "dayfirst", "деньмесяцгод", "числомесяцгод"]).then_some(DateOrder::DayFirst)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_and_headings_give_evidence_of_the_order() {
        for (text, expected) in [
            ("13/06/1990", Some(OrderEvidence::Only(DateOrder::DayFirst))),
            ("13.06.1990", Some(OrderEvidence::Only(DateOrder::DayFirst))),
            ("06/13/1990", Some(OrderEvidence::Only(DateOrder::MonthFirst))),
            ("02-29-1996", Some(OrderEvidence::Only(DateOrder::MonthFirst))),
            ("06.13.1990", Some(OrderEvidence::Slip)),
            ("05/06/1990", None),
            ("1990-06-13", None),
            ("13/13/1990", None),
            ("02/30/1990", None),
            ("неизвестно", None),
        ] {
            assert_eq!(order_evidence(text), expected, "{text}");
        }
        for (heading, expected) in [
            ("Date of Birth (MM/DD/YYYY)", Some(DateOrder::MonthFirst)),
            ("Дата рождения (мм.дд.гггг)", Some(DateOrder::MonthFirst)),
            ("DOB mm-dd-yyyy", Some(DateOrder::MonthFirst)),
            ("Дата рождения (дд.мм.гггг)", Some(DateOrder::DayFirst)),
            ("Birth date, DD/MM/YYYY", Some(DateOrder::DayFirst)),
            ("Birth date (YYYY-MM-DD)", None),
            ("Дата рождения", None),
        ] {
            assert_eq!(order_of_heading(heading), expected, "{heading}");
        }
    }
}
