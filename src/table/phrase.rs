//! The texts by which a row below the headings is recognised as no data: totals, signatures, lines of forms, names of departments, units.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::table::cell::Cell;
use crate::table::dictionary::heading_key;
use crate::table::free_text::holds_day;
use crate::table::text::folded_heading;
use crate::table::value::{is_day, month_of_name};

/// The words of `skip.toml`; each is a list of its own words, folded.
#[derive(Deserialize)]
#[serde(from = "Listed")]
struct Words {
    total: Vec<Vec<String>>,
    total_with_number: Vec<Vec<String>>,
    total_at_end: Vec<Vec<String>>,
    signature: Vec<Vec<String>>,
    footer: Vec<Vec<String>>,
    footer_with_number: Vec<Vec<String>>,
    footer_before_number: Vec<Vec<String>>,
    heading: Vec<Vec<String>>,
    unit: Vec<String>,
    numbering: Vec<String>,
}

#[derive(Deserialize)]
struct Listed {
    total: Vec<String>,
    total_with_number: Vec<String>,
    total_at_end: Vec<String>,
    signature: Vec<String>,
    footer: Vec<String>,
    footer_with_number: Vec<String>,
    footer_before_number: Vec<String>,
    heading: Vec<String>,
    unit: Vec<String>,
    numbering: Vec<String>,
}

impl From<Listed> for Words {
    fn from(listed: Listed) -> Self {
        let phrases = |list: Vec<String>| list.iter().map(|phrase| words(phrase)).collect();
        Self {
            total: phrases(listed.total),
            total_with_number: phrases(listed.total_with_number),
            total_at_end: phrases(listed.total_at_end),
            signature: phrases(listed.signature),
            footer: phrases(listed.footer),
            footer_with_number: phrases(listed.footer_with_number),
            footer_before_number: phrases(listed.footer_before_number),
            heading: phrases(listed.heading),
            unit: listed.unit.iter().map(|unit| unit_key(unit)).collect(),
            numbering: listed.numbering.iter().map(|heading| heading_key(heading)).collect(),
        }
    }
}

static WORDS: LazyLock<Words> =
    LazyLock::new(|| toml::from_str(include_str!("skip.toml")).expect("a table of lists of words"));

/// The words of a text, folded.
fn words(text: &str) -> Vec<String> {
    let words = text.split(|letter: char| letter.is_whitespace() || letter == ':').map(folded_heading);
    words.filter(|word| !word.is_empty()).collect()
}

/// A unit folded for comparison: «дд.мм.гггг» and «ДД/ММ/ГГГГ» are one.
fn unit_key(unit: &str) -> String {
    let key = folded_heading(unit);
    if key.is_empty() { unit.trim().to_owned() } else { key }
}

/// Whether a text begins a row of totals.
#[must_use]
pub fn is_total(text: &str) -> bool {
    Phrase::new(text).is_total(true)
}

/// Whether a text names a part of an organisation or of families.
#[must_use]
pub fn names_part(text: &str) -> bool {
    Phrase::new(text).name_a_part()
}

/// A text of a row as its words, folded.
pub(super) struct Phrase<'t> {
    text: &'t str,
    words: Vec<String>,
}

impl<'t> Phrase<'t> {
    pub fn new(text: &'t str) -> Self {
        Self { text, words: words(text) }
    }

    fn begins_with(&self, list: &[Vec<String>]) -> bool {
        list.iter().any(|phrase| self.words.starts_with(phrase)) || self.is_written_apart(list)
    }

    fn ends_with(&self, list: &[Vec<String>]) -> bool {
        list.iter().any(|phrase| self.words.ends_with(phrase))
    }

    /// Whether it begins a row of totals; `has_count` tells whether a count follows in the row.
    pub fn is_total(&self, has_count: bool) -> bool {
        self.begins_with(&WORDS.total) || (has_count || self.has_digit()) && self.begins_with(&WORDS.total_with_number)
    }

    /// Whether it is nothing but «Итого», also written with other spaces.
    pub fn is_bare_total(&self) -> bool {
        self.is_written_apart(&WORDS.total) || self.is_written_apart(&WORDS.total_with_number)
    }

    /// Whether it ends as a total does: «Цех 1 Итог».
    pub fn ends_as_total(&self) -> bool {
        self.ends_with(&WORDS.total_at_end)
    }

    fn has_digit(&self) -> bool {
        self.text.bytes().any(|byte| byte.is_ascii_digit())
    }

    /// Whether it begins as a signature does.
    pub fn is_signature(&self) -> bool {
        self.begins_with(&WORDS.signature)
    }

    /// Whether it is a line with a number that follows in the row: «Средний возраст».
    pub fn is_before_number(&self) -> bool {
        self.begins_with(&WORDS.footer_before_number)
    }

    /// Whether it is a footnote, or a line that a program prints.
    pub fn is_footer(&self) -> bool {
        self.text.starts_with(['*', '¹', '²', '³', '©'])
            || self.begins_with(&WORDS.footer)
            || self.has_digit() && self.begins_with(&WORDS.footer_with_number)
            || self.text.contains("___")
            || self.is_line()
    }

    /// Whether it is a line of signs, as forms have for what is written by hand.
    pub fn is_line(&self) -> bool {
        self.text.chars().all(|letter| matches!(letter, '_' | '-' | '—' | '–' | '=' | '.' | ' '))
    }

    /// Whether it is nothing but a label of a form whose value follows in the row: «Дата:».
    pub fn is_label(&self) -> bool {
        WORDS.footer_with_number.contains(&self.words)
    }

    /// Whether it is nothing but a line such as «Конец», a count of people or a day.
    pub fn is_bare_footer(&self) -> bool {
        const COUNTED: [&str; 4] = ["человек", "человека", "чел", "застрахованных"];
        let is_counted = || matches!(self.words.as_slice(), [count, unit] if count.bytes().all(|byte| byte.is_ascii_digit()) && COUNTED.contains(&unit.as_str()));
        let is_end = || matches!(self.words.as_slice(), [word] if ["Конец", "End", "EOF"].iter().any(|end| *word == folded_heading(end)));
        is_counted() || is_end() || self.has_digit() && self.is_only_day()
    }

    /// Whether it is a day and nothing else: «01» ноября 2026 г.
    fn is_only_day(&self) -> bool {
        let is_part = |word: &String| {
            word.bytes().all(|byte| byte.is_ascii_digit())
                || ["г", "года"].contains(&word.as_str())
                || month_of_name(word).is_some()
        };
        is_day(Cell::Text(self.text))
            || holds_day(&self.text.replace(['«', '»', '"'], ""))
                && self
                    .text
                    .split(|letter: char| !letter.is_alphanumeric())
                    .filter(|word| !word.is_empty())
                    .map(str::to_lowercase)
                    .all(|word| is_part(&word))
    }

    /// Whether a word names a part of an organisation.
    pub fn name_a_part(&self) -> bool {
        let is_inside = |phrase: &Vec<String>| self.words.windows(phrase.len()).any(|words| words == phrase);
        WORDS.heading.iter().any(is_inside) || self.is_written_apart(&WORDS.heading)
    }

    /// Whether the whole is a listed phrase, written with other spaces: «И т о г о».
    fn is_written_apart(&self, list: &[Vec<String>]) -> bool {
        let whole = self.words.concat();
        let is_whole = |phrase: &Vec<String>| {
            let mut rest = whole.as_str();
            phrase.iter().all(|word| rest.strip_prefix(word.as_str()).map(|after| rest = after).is_some())
                && rest.is_empty()
        };
        list.iter().any(is_whole)
    }
}

/// Whether a text is a unit or the form of a value, perhaps in brackets.
#[must_use]
pub fn is_unit(text: &str) -> bool {
    // longer texts are no units, and hardly any name is so short
    const LONGEST: usize = 80;
    text.len() <= LONGEST && WORDS.unit.contains(&unit_key(text))
}

/// Whether a heading is that of the numbers of rows: «№ п/п».
#[must_use]
pub(super) fn is_numbering(heading: &str) -> bool {
    WORDS.numbering.contains(&heading_key(heading))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_makes_some_words_a_total() {
        for (text, has_count, is_total) in [
            ("Итого", false, true),
            ("Количество", false, false),
            ("Количество", true, true),
            ("Количество: 4", false, true),
            ("Отдел 4", true, false),
        ] {
            assert_eq!(Phrase::new(text).is_total(has_count), is_total, "{text}");
        }
    }

    #[test]
    fn a_line_of_signs_and_a_label_are_recognised() {
        for (text, is_line, is_label) in
            [("____", true, false), ("---", true, false), ("Дата:", false, true), ("Дата Нана", false, false)]
        {
            let phrase = Phrase::new(text);
            assert_eq!((phrase.is_line(), phrase.is_label()), (is_line, is_label), "{text}");
        }
    }
}
