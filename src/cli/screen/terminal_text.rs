//! Texts for a terminal: their width, and control characters that must not reach it.

use std::borrow::Cow;
use std::io;
use std::sync::OnceLock;

use rustix::termios::tcgetwinsize;
use textwrap::core::display_width;
use textwrap::{Options, WordSeparator, WordSplitter};

/// The width of tables and paragraphs that do not go to a terminal, in characters.
pub const WIDTH: u16 = 100;
/// The narrowest and the widest screen that texts are wrapped for.
const WIDTHS: [u16; 2] = [40, 160];
/// The additional indent of the continuation of a line that is too long.
const INDENT: &str = "  ";

/// The width of tables and paragraphs: that of the terminal on standard output, else [`WIDTH`].
pub fn width() -> u16 {
    terminal_width().unwrap_or(WIDTH)
}

/// The width of the terminal on standard output; `None` where the output goes elsewhere.
pub fn terminal_width() -> Option<u16> {
    static FOUND: OnceLock<Option<u16>> = OnceLock::new();
    *FOUND.get_or_init(|| match tcgetwinsize(io::stdout()) {
        // some terminals do not know their size
        Ok(size) if size.ws_col > 0 => Some(size.ws_col.clamp(WIDTHS[0], WIDTHS[1])),
        _ => None,
    })
}

/// A text as lines of this width. Lines break at spaces alone: no number, day or contract number is broken.
pub fn wrap(text: &str, width: u16) -> String {
    textwrap::fill(text, wrapping(width))
}

/// As [`wrap`]: continuations keep the indent of their line, and lines that fit stay as they are.
pub fn wrap_lines(text: &str, width: u16) -> String {
    let mut wrapped = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let (content, end) = line.strip_suffix('\n').map_or((line, ""), |content| (content, "\n"));
        if display_width(content) <= usize::from(width) {
            wrapped.push_str(line);
            continue;
        }
        let indent = &content[..content.len() - content.trim_start_matches(' ').len()];
        let later = format!("{indent}{INDENT}");
        let options = wrapping(width).initial_indent(indent).subsequent_indent(&later);
        wrapped.push_str(&textwrap::fill(content.trim_start_matches(' '), options));
        wrapped.push_str(end);
    }
    wrapped
}

fn wrapping<'o>(width: u16) -> Options<'o> {
    Options::new(usize::from(width))
        .break_words(false)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_spaces_and_keep_their_indent() {
        let text = "  срок 01.12.2026–30.11.2027, договор DMS-2026-1201\nкоротко\n";
        assert_eq!(wrap_lines(text, 30), "  срок 01.12.2026–30.11.2027,\n    договор DMS-2026-1201\nкоротко\n");
        assert_eq!(wrap_lines(text, 60), text);
        let amount = "премия 1\u{a0}496\u{a0}905\u{a0}200,00";
        assert_eq!(wrap(amount, 10), amount.replacen(' ', "\n", 1));
    }
}
