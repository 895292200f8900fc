//! Texts on paper: days in the form of a language, and texts without what cannot be printed.

use jiff::civil::Date;
use unicode_normalization::UnicodeNormalization;

use crate::base::messages::Language;

/// A day as the language writes it: `01.12.2026`, `1 December 2026`.
pub(crate) fn day(day: Date, language: Language) -> String {
    let form = if language == Language::Ru { "%d.%m.%Y" } else { "%-d %B %Y" };
    day.strftime(form).to_string()
}

/// A text without control characters, invisible marks and line breaks, and with accents joined to their letters.
pub(crate) fn printable(text: &str) -> String {
    let spaced = text.nfc().map(|letter| if letter.is_control() { ' ' } else { letter });
    let visible: String = spaced.filter(|letter| !is_invisible(*letter)).collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a character has no shape and only controls the layout.
fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn texts_keep_their_printable_characters() {
        assert_eq!(printable("  ООО\n«Рога\u{7}и\u{200b}Копыта»\u{202e} "), "ООО «Рога иКопыта»");
        // и and a breve → й
        assert_eq!(printable("Чаи\u{306}ка"), "Чайка");
    }

    #[test]
    fn days_are_written_as_the_language_writes_them() {
        assert_eq!(day(date(2026, 12, 1), Language::Ru), "01.12.2026");
        assert_eq!(day(date(2026, 12, 1), Language::En), "1 December 2026");
    }
}
