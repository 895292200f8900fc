//! Both days of an insured's own cover in one cell.

use std::borrow::Cow;

use jiff::civil::Date;

use crate::table::cell::Cell;
use crate::table::value::{DateFault, Day, month_of_name};

/// Reads the first and the last day in a text such as `01.12.2026-30.11.2027` or `с 01.12.2026 по 30.11.2027`; a lone day needs the word that
/// tells which of the two it is, and the other one is `None`. Both are `None` where the cell is empty. `read_day` reads the text of each day.
///
/// # Errors
///
/// [`DateFault::NotADate`] where the cell holds anything else, and the fault of `read_day`.
pub fn cover_period(
    cell: Cell<'_>,
    mut read_day: impl FnMut(&str) -> Result<Option<Day>, DateFault>,
) -> Result<(Option<Date>, Option<Date>), DateFault> {
    let text = match cell {
        Cell::Empty => return Ok((None, None)),
        Cell::Text(text) => text.to_lowercase().replace(['–', '—', '−'], "-"),
        _ => return Err(DateFault::NotADate),
    };
    let (mut first, mut last, mut is_last) = (None, None, false);
    for word in words_of_days(&text) {
        // the hyphens of 2026-12-01 stand inside of one day
        let parts: Vec<&str> = match word.split_once('/') {
            Some((first, last)) if first.contains('-') && last.contains('-') => vec![first, last],
            _ if word.contains(['.', '/']) && !word.contains(' ') => word.split('-').collect(),
            _ => vec![&word],
        };
        for (at, part) in parts.iter().enumerate() {
            is_last |= at > 0;
            match *part {
                "" | "г" | "г." | "года" | "с" | "со" | "от" | "from" => {}
                "-" | "по" | "до" | "to" | "till" | "until" => is_last = true,
                part => {
                    let date = read_day(part)?.map(|day| day.date);
                    let place = if is_last { &mut last } else { &mut first };
                    if place.is_some() {
                        return Err(DateFault::NotADate);
                    }
                    *place = date;
                }
            }
        }
    }
    let is_lone = first.is_some() != last.is_some();
    let names_first = || ["с ", "со ", "от ", "from "].iter().any(|word| text.trim_start().starts_with(word));
    let is_clear = if is_lone { last.is_some() || names_first() } else { first.is_some() && first <= last };
    if is_clear { Ok((first, last)) } else { Err(DateFault::NotADate) }
}

/// The words of a text; a day with its month as a word is one of them.
fn words_of_days(text: &str) -> Vec<Cow<'_, str>> {
    let is_between = |letter: char| letter.is_whitespace() || matches!(letter, '(' | ')' | ',' | ';' | ':');
    let words: Vec<&str> = text.split(is_between).filter(|word| !word.is_empty()).collect();
    let (mut joined, mut at) = (Vec::new(), 0);
    while at < words.len() {
        match words.get(at + 1).zip(words.get(at + 2)) {
            Some((month, year))
                if month_of_name(month).is_some() && year.starts_with(|first: char| first.is_ascii_digit()) =>
            {
                joined.push(Cow::Owned(format!("{} {month} {year}", words[at])));
                at += 3;
            }
            _ => {
                joined.push(Cow::Borrowed(words[at]));
                at += 1;
            }
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::cell::Epoch;
    use crate::table::value::{DateOrder, day_in_order};
    use jiff::civil::date;

    fn period(cell: Cell<'_>, order: Option<DateOrder>) -> Result<(Option<Date>, Option<Date>), DateFault> {
        cover_period(cell, |text| day_in_order(Cell::Text(text), Epoch::default(), order))
    }

    fn day_first(cell: Cell<'_>) -> Result<(Option<Date>, Option<Date>), DateFault> {
        period(cell, Some(DateOrder::DayFirst))
    }

    #[test]
    fn both_days_of_a_cell_are_read() {
        let both = Ok((Some(date(2027, 3, 1)), Some(date(2027, 11, 30))));
        for text in [
            "01.03.2027-30.11.2027",
            "01.03.2027 - 30.11.2027",
            "01.03.2027 – 30.11.2027 г.",
            "с 01.03.2027 по 30.11.2027",
            "С 01.03.2027 г. по 30.11.2027 г.",
            "с 1.3.2027 до 30.11.2027",
            "2027-03-01 - 2027-11-30",
            "01/03/2027-30/11/2027",
            "from 01.03.2027 to 30.11.2027",
            "с: 01.03.2027, по: 30.11.2027;",
            "(01.03.2027-30.11.2027)",
            "01.03.2027,-,30.11.2027",
            "2027-03-01/2027-11-30",
            "с 1 марта 2027 г. по 30 ноября 2027 г.",
            "1 марта 2027 - 30 ноября 2027",
        ] {
            assert_eq!(day_first(Cell::Text(text)), both, "{text}");
        }
        let one_day = (Some(date(2027, 3, 1)), Some(date(2027, 3, 1)));
        assert_eq!(day_first(Cell::Text("01.03.2027-01.03.2027")), Ok(one_day));
        assert_eq!(day_first(Cell::Text("с 01.03.2027")), Ok((Some(date(2027, 3, 1)), None)));
        assert_eq!(day_first(Cell::Text("по 30.11.2027")), Ok((None, Some(date(2027, 11, 30)))));
        assert_eq!(day_first(Cell::Empty), Ok((None, None)));
    }

    #[test]
    fn texts_that_leave_a_doubt_are_refused() {
        for text in ["01.03.2027", "год", "12 месяцев", "30.11.2027-01.03.2027", "с по", "-", "01.03.2027 02.03.2027"]
        {
            assert_eq!(day_first(Cell::Text(text)), Err(DateFault::NotADate), "{text}");
        }
        assert_eq!(day_first(Cell::Number(12.0)), Err(DateFault::NotADate));
    }

    #[test]
    fn the_order_of_day_and_month_is_that_of_the_column() {
        let text = Cell::Text("03/01/2027-06/05/2027");
        let both = |first, last| Ok((Some(first), Some(last)));
        assert_eq!(day_first(text), both(date(2027, 1, 3), date(2027, 5, 6)));
        assert_eq!(period(text, Some(DateOrder::MonthFirst)), both(date(2027, 3, 1), date(2027, 6, 5)));
        assert_eq!(period(text, None), Err(DateFault::OrderUnknown));
        assert_eq!(day_first(Cell::Text("01.03.27-30.11.27")), Err(DateFault::TwoDigitYear));
    }
}
