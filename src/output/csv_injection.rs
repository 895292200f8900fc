//! Protection against CSV injection: texts that a spreadsheet would run as formulas.
//!
//! The files have commas, but Excel splits a text file at the list separator of its system: in Russia at `;`, and quotes inside a cell mean
//! nothing to it then. So a formula is looked for at the start of a text and after every separator and line break in it.

use std::borrow::Cow;

/// What may begin a cell inside a text, whatever the reader takes for a separator.
const SEPARATORS: [char; 4] = [';', '\t', '\r', '\n'];

/// The text, with an apostrophe before each part that a spreadsheet would run as a formula; [`undefused`] gives back exactly the text.
///
/// Signed numbers and telephone numbers are unchanged. Wide signs count: Excel of some languages accepts them.
///
/// # Example
///
/// ```
/// use kollektiv::output::csv_injection::defused;
///
/// assert_eq!(defused("=1+1"), "'=1+1");
/// assert_eq!(defused("Иванов;=1+1"), "Иванов;'=1+1");
/// assert_eq!(defused("+7 (000) 123-45-67"), "+7 (000) 123-45-67");
/// ```
#[must_use]
pub fn defused(text: &str) -> Cow<'_, str> {
    if is_harmless(text) || !parts(text).any(is_dangerous) {
        return Cow::Borrowed(text);
    }
    let mut defused = String::with_capacity(text.len() + 2);
    for part in parts(text) {
        if is_dangerous(part) {
            defused.push('\'');
        }
        defused.push_str(part);
    }
    Cow::Owned(defused)
}

/// The text before it was [`defused`], for places where no text is a formula.
#[must_use]
pub fn undefused(text: &str) -> Cow<'_, str> {
    if !parts(text).any(|part| part.starts_with('\'') && is_dangerous(part)) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(parts(text).map(|part| part.strip_prefix('\'').filter(|_| is_dangerous(part)).unwrap_or(part)).collect())
}

/// Whether a text begins with a Russian or Latin letter or a figure and has no separators, as nearly every text: none such is a formula.
fn is_harmless(text: &str) -> bool {
    let begins_harmless =
        text.as_bytes().first().is_none_or(|first| first.is_ascii_alphanumeric() || matches!(first, 0xd0 | 0xd1));
    // no early return: the loop compares sixteen bytes at once
    let is_separator = |byte: u8| matches!(byte, b';' | b'\t' | b'\r' | b'\n');
    begins_harmless && !text.bytes().fold(false, |found, byte| found | is_separator(byte))
}

/// The parts of a text that a reader may take for cells, each with its separator.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(SEPARATORS)
}

/// Whether a part would be run, were it a cell. Spaces before it do not save it; nor do apostrophes, so that an apostrophe that is added can
/// be known from the text's own.
fn is_dangerous(part: &str) -> bool {
    let cell = part.trim_start_matches([' ', '\u{a0}', '\'']);
    let mut letters = cell.chars();
    match letters.next() {
        Some('=' | '@' | '＝' | '＠' | '\t' | '\r') => true,
        Some('+' | '-' | '＋' | '－') => {
            !letters.all(|letter| letter.is_ascii_digit() || " ().,-;\t\r\n".contains(letter))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn harmless_texts_have_no_dangerous_part() {
        let begins = ["", "И", "я", "A", "z", "7", "=", "@", "+", "-", " ", "'", "＝", "\u{a0}", "\t", "\r", "Ё"];
        for (begin, end) in begins.iter().flat_map(|begin| begins.iter().map(move |end| (begin, end))) {
            for between in ["", "x", ";", "\n", "\r", "\t", ","] {
                let text = format!("{begin}{between}{end}1");
                assert!(!is_harmless(&text) || !parts(&text).any(is_dangerous), "{text:?}");
            }
        }
        assert!(is_harmless("Иванов Пётр") && is_harmless("10000001") && !is_harmless("И;=1"));
    }

    #[test]
    fn formulas_are_defused_and_numbers_are_not() {
        for text in [
            "=1+1",
            "@SUM(A1)",
            "+cmd|' /C calc'!A0",
            "-2+3+cmd",
            "\tx",
            "\rx",
            "＝1+1",
            "＠A",
            "＋cmd",
            "－cmd",
            " =1",
        ] {
            assert_eq!(defused(text), format!("'{text}"));
            assert_eq!(undefused(&defused(text)), text);
        }
        for text in ["Иванов", "+7 (000) 123-45-67", "-12.50", "", "A=1", "'s-Gravenhage", "Дата; время", "+7 000;-5"]
        {
            assert_eq!(defused(text), text);
            assert_eq!(undefused(text), text);
        }
    }

    #[test]
    fn a_formula_after_a_separator_is_defused() {
        for (text, expected) in [
            ("Иванов;=cmd|'/C calc'!A0;x", "Иванов;'=cmd|'/C calc'!A0;x"),
            ("Иванов\t=1", "Иванов\t'=1"),
            ("Иванов\n=1\r@x", "Иванов\n'=1\r'@x"),
            ("Иванов; ＝1", "Иванов;' ＝1"),
            ("=1;=2", "'=1;'=2"),
        ] {
            assert_eq!(defused(text), expected);
            assert_eq!(undefused(expected), text);
        }
    }

    proptest::proptest! {
        #[test]
        fn every_text_comes_back(text in "[a1=+@ '\"＝－;\t\r\n,-]{0,12}") {
            let defused = defused(&text);
            proptest::prop_assert_eq!(&*undefused(&defused), &text);
        }

        #[test]
        fn no_cell_begins_as_a_formula_wherever_a_reader_splits(text in "[a=+@ '＝;\t\r\n]{0,12}") {
            let defused = defused(&text);
            for cell in defused.split(SEPARATORS) {
                proptest::prop_assert!(!cell.trim_start().starts_with(['=', '@', '＝']), "{:?}", defused);
            }
        }
    }
}
