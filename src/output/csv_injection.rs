//! Protection against CSV injection: texts that a spreadsheet would run as formulas.

use std::borrow::Cow;

/// The text, with an apostrophe before it where a spreadsheet would run it as a formula.
///
/// Signed numbers and telephone numbers are unchanged.
///
/// # Example
///
/// ```
/// use kollektiv::output::csv_injection::defused;
///
/// assert_eq!(defused("=1+1"), "'=1+1");
/// assert_eq!(defused("+7 (000) 123-45-67"), "+7 (000) 123-45-67");
/// ```
#[must_use]
pub fn defused(text: &str) -> Cow<'_, str> {
    let is_formula = match text.as_bytes().first() {
        Some(b'=' | b'@' | b'\t' | b'\r') => true,
        Some(b'+' | b'-') => !text[1..].chars().all(|letter| letter.is_ascii_digit() || " ().,-".contains(letter)),
        _ => false,
    };
    if is_formula { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// The text before it was [`defused`], for places where no text is a formula.
#[must_use]
pub fn undefused(text: &str) -> &str {
    text.strip_prefix('\'').filter(|given| matches!(defused(given), Cow::Owned(_))).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_defused_and_numbers_are_not() {
        for text in ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3+cmd", "\tx"] {
            assert_eq!(defused(text), format!("'{text}"));
            assert_eq!(undefused(&defused(text)), text);
        }
        for text in ["Иванов", "+7 (000) 123-45-67", "-12.50", "", "A=1", "'s-Gravenhage"] {
            assert_eq!(defused(text), text);
            assert_eq!(undefused(text), text);
        }
    }
}
