//! The values of cells as clinics write them: days with a time, amounts below zero, quantities with a unit.

use crate::base::money::Kopecks;
use crate::table::cell::{Cell, number_as_text};
use crate::table::text::folded;
use crate::table::value;

/// The number of a register in its title: `Реестр № 12 за январь 2027 г.`.
pub fn register_number(cell: Cell<'_>) -> Option<String> {
    let Cell::Text(text) = cell else { return None };
    let text = text.to_lowercase();
    let after = ["реестр", "register"].iter().find_map(|word| text.split_once(word))?.1;
    let mark = ["№", "no.", "номер"].iter().find_map(|mark| after.split_once(mark))?.1;
    let number = mark.split_whitespace().next()?.trim_end_matches(['.', ',', ';', ':']);
    number.bytes().any(|byte| byte.is_ascii_digit()).then(|| folded(number))
}

/// The day of a day with a time of the visit: `15.01.2027 14:30` or `2027-01-15T14:30:00`; `None` without a time.
pub fn without_time(text: &str) -> Option<&str> {
    let (day, time) = text.trim().split_once([' ', 'T', '\u{a0}', ','])?;
    let time = time.trim().trim_end_matches('Z');
    let mut parts = time.split(':');
    let hours: u8 = parts.next()?.trim().parse().ok()?;
    let minutes: u8 = parts.next()?.trim().parse().ok()?;
    let seconds = parts.next().map_or(Some(0.0), |seconds| seconds.trim().parse::<f64>().ok())?;
    let is_time = hours < 24 && minutes < 60 && (0.0..60.0).contains(&seconds) && parts.next().is_none();
    is_time.then_some(day)
}

/// The amount in a cell, with a minus where the row takes an earlier one back.
pub fn signed_roubles(cell: Cell<'_>) -> Option<Kopecks> {
    let negated = |cell| value::roubles(cell).map(|amount| Kopecks::ZERO - amount);
    match cell {
        Cell::Text(text) => match text.trim().strip_prefix(['-', '−']) {
            Some(amount) => negated(Cell::Text(amount.trim_start())),
            None => value::roubles(cell),
        },
        Cell::Number(number) if number.is_sign_negative() => negated(Cell::Number(number.abs())),
        _ => value::roubles(cell),
    }
}

/// A whole number with or without a unit and a fraction of zeros: `2`, `1,0`, `1.00`, `2 шт.`, `-1`.
pub fn whole_number(cell: Cell<'_>) -> Option<i64> {
    const UNITS: [&str; 8] = ["шт.", "шт", "ед.", "ед", "усл.", "раза", "раз", "pcs"];
    let text = match cell {
        Cell::Text(text) => text.trim().to_lowercase(),
        Cell::Number(number) => number_as_text(number),
        _ => return None,
    };
    let bare = UNITS.iter().find_map(|unit| text.strip_suffix(unit)).unwrap_or(&text).trim_end();
    let whole = match bare.split_once([',', '.']) {
        Some((whole, zeros)) if !zeros.is_empty() && zeros.bytes().all(|digit| digit == b'0') => whole,
        _ => bare,
    };
    whole.replace('−', "-").parse().ok()
}
