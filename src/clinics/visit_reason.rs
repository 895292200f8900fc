//! The reasons of visits that make a service an insured event (`I64`), by a word or a code of the ICD-10.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::base::named_enum::named_enum;
use crate::table::text::folded;

named_enum! {
    /// The reason of a visit.
    pub enum VisitReason messages "visit-" {
        /// An acute illness.
        Acute = "acute",
        /// An exacerbation of a chronic illness.
        Exacerbation = "exacerbation",
        /// An injury.
        Trauma = "trauma",
        /// A stated reason that is none of these, such as an examination.
        Other = "other",
    }
}

/// The beginnings of words and the codes of `visit_reasons.toml`, in the form for comparing.
#[derive(Deserialize)]
struct Words {
    exacerbation: Vec<String>,
    trauma: Vec<String>,
    acute: Vec<String>,
    chronic_codes: Vec<String>,
    trauma_codes: Vec<String>,
    healthy_codes: Vec<String>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let mut words: Words = toml::from_str(include_str!("visit_reasons.toml")).expect("six lists of words");
    for list in [
        &mut words.exacerbation,
        &mut words.trauma,
        &mut words.acute,
        &mut words.chronic_codes,
        &mut words.trauma_codes,
        &mut words.healthy_codes,
    ] {
        for word in list.iter_mut() {
            *word = folded(word);
        }
    }
    words
});

impl VisitReason {
    /// The reason in a text; `None` if the text is empty. A text without a known word or code is [`VisitReason::Other`].
    ///
    /// # Example
    ///
    /// ```
    /// use kollektiv::clinics::visit_reason::VisitReason;
    ///
    /// assert_eq!(VisitReason::read("острая боль"), Some(VisitReason::Acute));
    /// assert_eq!(VisitReason::read("S02.5"), Some(VisitReason::Trauma));
    /// assert_eq!(VisitReason::read("профосмотр"), Some(VisitReason::Other));
    /// ```
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let words: Vec<String> = text
            .split(|letter: char| !letter.is_alphanumeric() && letter != '.')
            .map(|word| folded(word.trim_matches('.')))
            .filter(|word| !word.is_empty())
            .collect();
        if words.is_empty() {
            return None;
        }
        let begins = |list: &[String]| words.iter().any(|word| list.iter().any(|listed| word.starts_with(listed)));
        let code = words.iter().find(|word| is_code(word));
        let has_code = |list: &[String]| code.is_some_and(|code| list.iter().any(|listed| code.starts_with(listed)));
        Some(if begins(&WORDS.exacerbation) {
            Self::Exacerbation
        } else if begins(&WORDS.trauma) || has_code(&WORDS.trauma_codes) {
            Self::Trauma
        } else if begins(&WORDS.acute) {
            Self::Acute
        } else if has_code(&WORDS.healthy_codes) {
            Self::Other
        } else if has_code(&WORDS.chronic_codes) {
            Self::Exacerbation
        } else if code.is_some() {
            Self::Acute
        } else {
            Self::Other
        })
    }
}

/// Whether a word has the form of a code of the ICD-10: a letter, two digits and perhaps a point with digits.
fn is_code(word: &str) -> bool {
    let mut letters = word.chars();
    let begins = letters.next().is_some_and(char::is_alphabetic)
        && letters.next().is_some_and(|digit| digit.is_ascii_digit())
        && letters.next().is_some_and(|digit| digit.is_ascii_digit());
    begins && letters.all(|letter| letter == '.' || letter.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i64_reasons_are_read_from_words_and_codes() {
        for (text, reason) in [
            ("острый пульпит", VisitReason::Acute),
            ("acute", VisitReason::Acute),
            ("Обострение хронического периодонтита", VisitReason::Exacerbation),
            ("exacerbation", VisitReason::Exacerbation),
            ("травма", VisitReason::Trauma),
            ("Перелом коронки", VisitReason::Trauma),
            ("K04.0", VisitReason::Acute),
            // Cyrillic К
            ("К04.0 Пульпит", VisitReason::Acute),
            ("K04.5", VisitReason::Exacerbation),
            ("S02.5", VisitReason::Trauma),
            ("Z01.2", VisitReason::Other),
            ("профилактический осмотр", VisitReason::Other),
            ("хронический периодонтит", VisitReason::Other),
        ] {
            assert_eq!(VisitReason::read(text), Some(reason), "{text}");
        }
        assert_eq!(VisitReason::read(" — "), None);
    }
}
