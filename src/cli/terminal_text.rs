//! Texts for a terminal: their width, and control characters that must not reach it.

use std::borrow::Cow;

/// The width of tables and paragraphs, in characters.
pub const WIDTH: u16 = 100;

/// Replaces control characters, which a terminal would obey, by `U+FFFD`; line breaks and tabs stay.
pub fn without_controls(text: &str) -> Cow<'_, str> {
    replace_controls(text, |_| '\u{fffd}')
}

/// Replaces control characters by the replacement of each; line breaks and tabs stay.
pub fn replace_controls(text: &str, replacement: impl Fn(char) -> char) -> Cow<'_, str> {
    let is_obeyed = |letter: char| letter.is_control() && !matches!(letter, '\n' | '\t');
    if text.contains(is_obeyed) {
        Cow::Owned(text.chars().map(|letter| if is_obeyed(letter) { replacement(letter) } else { letter }).collect())
    } else {
        Cow::Borrowed(text)
    }
}
