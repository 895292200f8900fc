//! The words of `column_words.toml`, by which columns that hold no field are judged.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;

use crate::table::cell::{Cell, number_as_text};
use crate::table::likeness::Likeness;
use crate::table::text::folded;

/// What a heading is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum About {
    Money,
    Days,
    Terms,
    OtherTerms,
    Relatives,
    Birth,
    Leaving,
    Staying,
    Joining,
    Ending,
    Surname,
    GivenName,
    Patronymic,
    Thousands,
    Kopecks,
    Insurance,
    Extras,
    Ages,
    Corrections,
}

/// An answer in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// «да», or a mark that stands for it.
    Yes,
    /// «нет».
    No,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    #[serde(deserialize_with = "folded_set")]
    usual: BTreeSet<String>,
    unusual: Vec<String>,
    #[serde(deserialize_with = "folded_set")]
    answers: BTreeSet<String>,
    #[serde(deserialize_with = "folded_set")]
    yes: BTreeSet<String>,
    #[serde(deserialize_with = "folded_set")]
    no: BTreeSet<String>,
    headings: BTreeMap<About, Vec<HeadingWord>>,
    suggestion: Vec<Suggestion>,
}

/// The fields that a column may hold.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Suggestion {
    looks: Likeness,
    #[serde(default)]
    about: Vec<About>,
    #[serde(default)]
    not_about: Vec<About>,
    fields: Vec<String>,
}

/// A word of a heading, folded.
#[derive(Deserialize)]
#[serde(from = "String")]
enum HeadingWord {
    Beginning(String),
    Whole(String),
    Following(String),
}

impl From<String> for HeadingWord {
    fn from(written: String) -> Self {
        match written.strip_prefix('=') {
            Some(word) => Self::Whole(folded(word)),
            None if written.contains([' ', '.', '/']) => Self::Following(folded(&written)),
            None => Self::Beginning(folded(&written)),
        }
    }
}

fn folded_set<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<BTreeSet<String>, D::Error> {
    let words = Vec::<String>::deserialize(deserializer)?;
    Ok(words.iter().map(|word| folded(word)).collect())
}

static WORDS: LazyLock<Words> =
    LazyLock::new(|| toml::from_str(include_str!("column_words.toml")).expect("lists of words, and suggestions"));

/// Whether a cell of a conditional column leaves its row as it is: nothing, zero, done, in roubles, without tax.
pub(super) fn is_usual(cell: Cell<'_>) -> bool {
    let text = match cell {
        Cell::Empty | Cell::Bool(false) => return true,
        Cell::Text(text) => text,
        Cell::Number(number) => return number == 0.0 || WORDS.usual.contains(&*number_as_text(number)),
        _ => return false,
    };
    let is_zero = text.bytes().any(|byte| byte == b'0')
        && text.chars().all(|letter| matches!(letter, '0' | '.' | ',' | '%' | ' ' | '\u{a0}'));
    is_zero || WORDS.usual.contains(&folded(&text.replace(['.', '«', '»'], "").replace(['–', '—'], "-")))
}

/// The words of conditional columns that may be shown.
pub(super) fn shown_words() -> impl Iterator<Item = &'static str> {
    WORDS.unusual.iter().map(String::as_str)
}

/// The answer that a cell is; `None` where it is none.
pub(super) fn answer(cell: Cell<'_>) -> Option<Answer> {
    // no answer is longer
    const LONGEST: usize = 32;
    let text = match cell {
        Cell::Bool(is_yes) => return Some(if is_yes { Answer::Yes } else { Answer::No }),
        Cell::Text(text) if text.len() <= LONGEST => folded(text.trim_end_matches('.')),
        Cell::Number(number) => number_as_text(number),
        _ => return None,
    };
    let is_in = |list: &BTreeSet<String>| list.contains(&*text);
    if is_in(&WORDS.yes) { Some(Answer::Yes) } else { is_in(&WORDS.no).then_some(Answer::No) }
}

/// Whether a text has words other than an answer: not «да» and not «нет».
pub(super) fn is_statement(text: &str) -> bool {
    text.contains(char::is_alphabetic) && !WORDS.answers.contains(&folded(text))
}

/// Whether a heading is about something.
pub(super) fn is_about(heading: &str, about: About) -> bool {
    let words: Vec<String> = heading.split(|letter: char| !letter.is_alphanumeric()).map(folded).collect();
    let whole = folded(heading);
    let occurs = |word: &HeadingWord| match word {
        HeadingWord::Beginning(beginning) => words.iter().any(|word| word.starts_with(beginning.as_str())),
        HeadingWord::Whole(word) => words.contains(word),
        HeadingWord::Following(phrase) => whole.contains(phrase.as_str()),
    };
    WORDS.headings.get(&about).is_some_and(|list| list.iter().any(occurs))
}

/// Whether a heading has in brackets that its values correct those of another column: «Дата рождения (испр.)».
#[must_use]
pub(super) fn is_correction(heading: &str) -> bool {
    heading.split_once('(').is_some_and(|(_, inside)| is_about(inside, About::Corrections))
}

/// The fields that a column with such cells and this heading may hold, the likeliest first; none where it holds no field.
#[must_use]
pub fn suggested_fields(likeness: Likeness, heading: &str) -> &'static [String] {
    let fits = |suggestion: &&Suggestion| {
        suggestion.looks == likeness
            && suggestion.about.iter().all(|about| is_about(heading, *about))
            && !suggestion.not_about.iter().any(|about| is_about(heading, *about))
    };
    WORDS.suggestion.iter().find(fits).map_or(&[], |suggestion| &suggestion.fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_usual_word_a_zero_and_nothing_leave_the_row_as_it_is() {
        for text in ["0", "0,00", "0 %", "без НДС", "руб.", "RUB", "Оказана", "нет", "—"] {
            assert!(is_usual(Cell::Text(text)), "{text}");
        }
        assert!(is_usual(Cell::Number(0.0)) && is_usual(Cell::Number(643.0)) && is_usual(Cell::Bool(false)));
        for text in ["20%", "150,00", "USD", "Отменена", "Сторно", "да", "на согласовании"]
        {
            assert!(!is_usual(Cell::Text(text)), "{text}");
        }
        assert!(!is_usual(Cell::Number(20.0)) && !is_usual(Cell::Bool(true)));
    }

    #[test]
    fn an_answer_is_yes_or_no_in_words_numbers_and_truths() {
        for (cell, expected) in [
            (Cell::Bool(true), Some(true)),
            (Cell::Bool(false), Some(false)),
            (Cell::Text("Да"), Some(true)),
            (Cell::Text("нет."), Some(false)),
            (Cell::Number(1.0), Some(true)),
            (Cell::Number(0.0), Some(false)),
            (Cell::Number(7.0), None),
            (Cell::Text("Иванов"), None),
            (Cell::Empty, None),
        ] {
            let read = answer(cell).map(|answer| matches!(answer, Answer::Yes));
            assert_eq!(read, expected, "{cell:?}");
        }
    }

    #[test]
    fn a_heading_is_about_the_words_that_begin_it() {
        for (heading, about) in [
            ("Лимит, тыс.", About::Money),
            ("С", About::Days),
            ("Период по", About::Ending),
            ("Last name", About::Surname),
            ("Кол-во МЕСЯЦЕВ", About::Terms),
            ("Дата приёма", About::Joining),
        ] {
            assert!(is_about(heading, about), "{heading}");
        }
        for (heading, about) in [("Размер", About::Days), ("Посёлок", About::Ending), ("Имярек", About::GivenName)]
        {
            assert!(!is_about(heading, about), "{heading}");
        }
    }

    #[test]
    fn the_fields_of_a_column_follow_its_heading() {
        for (likeness, heading, field) in [
            (Likeness::Days, "Дата рождения (верная)", Some("birth_date")),
            (Likeness::Days, "Дата прикрепления/открепления", Some("change_day")),
            (Likeness::Days, "Дата увольнения", Some("detach_day")),
            (Likeness::Days, "Начало", Some("start")),
            (Likeness::Days, "По", Some("end")),
            (Likeness::Days, "Дата ввода", Some("change_day")),
            (Likeness::Money, "Лимит, тыс.", Some("sum_insured_thousands")),
            (Likeness::Money, "Лимит", Some("sum_insured")),
            (Likeness::Names, "Фамилия в полисе", Some("surname")),
            (Likeness::Names, "Имя в полисе", Some("given_name")),
            (Likeness::Names, "Отч.", Some("patronymic")),
            (Likeness::Names, "Фамилия и имя в полисе", Some("name")),
            (Likeness::Relatives, "Дети", None),
        ] {
            assert_eq!(suggested_fields(likeness, heading).first().map(String::as_str), field, "{heading}");
        }
    }
}
