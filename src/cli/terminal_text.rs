//! Texts for a terminal: their width, and control characters that must not reach it.

use std::borrow::Cow;
use std::io;
use std::sync::OnceLock;

use rustix::termios::tcgetwinsize;

/// The width of tables and paragraphs that do not go to a terminal, in characters.
pub const WIDTH: u16 = 100;
/// The narrowest and the widest screen that texts are wrapped for.
const WIDTHS: [u16; 2] = [60, 160];

/// The width of tables and paragraphs: that of the terminal on standard output, else [`WIDTH`].
pub fn width() -> u16 {
    static FOUND: OnceLock<u16> = OnceLock::new();
    *FOUND.get_or_init(|| match tcgetwinsize(io::stdout()) {
        // some terminals do not know their size
        Ok(size) if size.ws_col > 0 => size.ws_col.clamp(WIDTHS[0], WIDTHS[1]),
        _ => WIDTH,
    })
}

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
