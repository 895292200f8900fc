//! The headings by which the columns of a kind of table are recognised.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::base::messages::{Language, Value};
use crate::table::field::{ColumnRule, FieldSpec};
use crate::table::text::folded_heading;
use crate::table::value::amount_unit;

/// Which heading means which field in one kind of table.
///
/// Headings are compared without regard to case, spaces, dots, marks, ё/е and line breaks. A listed heading may have alternatives in square
/// brackets: `[Дата|День] начала[| страхования]` stands for four headings.
#[derive(Debug)]
pub struct Dictionary {
    meanings: BTreeMap<String, Meaning>,
    /// The usual headings of each field, by its name.
    usual: BTreeMap<&'static str, UsualHeadings>,
    /// Words for the owner of a value, which change no meaning, the longest first.
    qualifiers: Vec<Vec<String>>,
    /// The words by which a heading that is not listed is of no interest.
    of_no_interest: NoInterest,
}

/// The words by which a heading that is not listed is recognised as one of no interest: «Дата выдачи визы».
#[derive(Debug, Default)]
struct NoInterest {
    /// Beginnings of words of such headings.
    about: Vec<String>,
    /// Beginnings of words by which a heading is of interest all the same: «Отпуск, страхование с».
    unless: Vec<String>,
    /// Beginnings of words for what is past, which is of no interest in any case: «Предыдущая программа».
    past: Vec<String>,
}

impl NoInterest {
    fn is_past(&self, words: &[String]) -> bool {
        begin_with(words, &self.past)
    }

    fn has(&self, words: &[String]) -> bool {
        begin_with(words, &self.about) && !begin_with(words, &self.unless)
    }
}

/// What a heading means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// A field.
    Field(&'static FieldSpec),
    /// A field, where no other column has a heading that surely means it: «Дата» beside «Дата платежа» does not.
    Perhaps(&'static FieldSpec),
    /// No field of this kind of table: the heading is recognised, and the column is of no interest.
    Known,
    /// No field, but free text, which may hold one: «Примечание».
    Remark,
    /// No field, but words about the rows, some of which change them.
    Conditional(ChangesRow),
    /// The reader's user has named the column as one to ignore.
    Ignored,
}

/// Which words of a column change their rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangesRow {
    /// All but the usual ones, such as done, in roubles, without tax: «Валюта», «НДС».
    UnlessUsual,
    /// Those by which the table's user decides whether a row counts: «Отметка».
    ByDecision,
}

/// The headings by which messages name a field.
#[derive(Debug, Default)]
struct UsualHeadings {
    russian: Option<String>,
    english: Option<String>,
}

/// The headings of a field in a dictionary's file.
#[derive(Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Listed {
    Sure(Vec<String>),
    Graded { only: Vec<String>, also: Vec<String> },
}

impl Listed {
    fn sure(&self) -> &[String] {
        let (Self::Sure(sure) | Self::Graded { only: sure, .. }) = self;
        sure
    }

    fn perhaps(&self) -> &[String] {
        if let Self::Graded { also, .. } = self { also } else { &[] }
    }
}

impl Dictionary {
    /// Reads the dictionary of a kind of table with these fields from TOML texts: a key is a field's name, its value the list of headings,
    /// or two lists `only` and `also`. Headings under `remark` are [remarks](Meaning::Remark), those under `conditional` and `status` are words
    /// about the rows that [change them](Meaning::Conditional) unless they are usual or by decision, and those under any other key are
    /// [known](Meaning::Known).
    ///
    /// Where a heading stands in several texts, the first one decides; the usual headings of a field, the first in Russian and the first in
    /// English, are those of the last text that has the field.
    ///
    /// # Panics
    ///
    /// Where a text is not of this form: dictionaries are part of the program, and tests read them all.
    #[must_use]
    pub fn parse(fields: impl IntoIterator<Item = &'static FieldSpec>, texts: &[&str]) -> Self {
        Self::parse_without(fields, texts, &[])
    }

    /// As [`Dictionary::parse`], but headings under these keys are not known: such columns are of interest in this kind of table, although it
    /// has no field for them.
    ///
    /// # Panics
    ///
    /// As [`Dictionary::parse`].
    #[must_use]
    pub fn parse_without(
        fields: impl IntoIterator<Item = &'static FieldSpec>,
        texts: &[&str],
        without: &[&str],
    ) -> Self {
        let fields: BTreeMap<&str, &'static FieldSpec> = fields.into_iter().map(|field| (field.name, field)).collect();
        let mut dictionary = Self {
            meanings: BTreeMap::new(),
            usual: BTreeMap::new(),
            qualifiers: Vec::new(),
            of_no_interest: NoInterest::default(),
        };
        for text in texts {
            let listed: BTreeMap<String, Listed> = toml::from_str(text).expect("a list of headings for each field");
            for (name, headings) in listed.iter().filter(|(name, _)| !without.contains(&name.as_str())) {
                if name == "qualifier" {
                    let phrases = headings.sure().iter().flat_map(|phrase| alternatives(phrase));
                    dictionary.qualifiers.extend(phrases.map(|phrase| words(&phrase)));
                    dictionary.qualifiers.sort_by_key(|phrase| std::cmp::Reverse(phrase.len()));
                    continue;
                }
                let of_no_interest = &mut dictionary.of_no_interest;
                let stems = match name.as_str() {
                    "about_nothing" => Some(&mut of_no_interest.about),
                    "about_nothing_unless" => Some(&mut of_no_interest.unless),
                    "about_the_past" => Some(&mut of_no_interest.past),
                    _ => None,
                };
                if let Some(stems) = stems {
                    stems.extend(headings.sure().iter().map(|stem| folded_heading(stem)));
                    continue;
                }
                let field = fields.get(name.as_str()).copied();
                let otherwise = match name.as_str() {
                    "remark" => Meaning::Remark,
                    "status" => Meaning::Conditional(ChangesRow::ByDecision),
                    "conditional" => Meaning::Conditional(ChangesRow::UnlessUsual),
                    _ => Meaning::Known,
                };
                let graded =
                    [(headings.sure(), field.map(Meaning::Field)), (headings.perhaps(), field.map(Meaning::Perhaps))];
                for (headings, meaning) in graded {
                    for key in headings.iter().flat_map(|heading| heading_keys(heading)) {
                        dictionary.meanings.entry(key).or_insert(meaning.unwrap_or(otherwise));
                    }
                }
                if let Some(field) = field {
                    dictionary.usual.insert(field.name, UsualHeadings::among(headings.sure()));
                }
            }
        }
        dictionary
    }

    /// What a heading means; `None` where the dictionary does not have it.
    ///
    /// A heading that it does not have is looked up once more without the owner of the value and the form of the value: «Пол (м/ж)»,
    /// «Фамилия застрахованного лица». Such a one means its field only where no other column surely does, but for fields whose columns are
    /// joined.
    #[must_use]
    pub fn meaning(&self, heading: &str) -> Option<Meaning> {
        let exact = self.meanings.get(&heading_key(heading)).copied();
        exact.or_else(|| match self.meaning_without_qualifiers(heading)? {
            Meaning::Field(field) if field.columns != ColumnRule::Joined => Some(Meaning::Perhaps(field)),
            other => Some(other),
        })
    }

    fn meaning_without_qualifiers(&self, heading: &str) -> Option<Meaning> {
        /// A longer one is a sentence.
        const LONGEST_HEADING: usize = 160;
        if heading.len() > LONGEST_HEADING {
            return None;
        }
        let look_up = |words: &[String]| self.meanings.get(&words.concat()).copied();
        let whole = words(heading);
        if self.of_no_interest.is_past(&whole) {
            return Some(Meaning::Known);
        }
        let without_brackets = words(&without_brackets(heading));
        let listed = [&whole, &without_brackets].into_iter().find_map(|words| {
            let bare = self.without_qualifiers(words);
            look_up(words).or_else(|| look_up(&bare))
        });
        listed.or_else(|| self.of_no_interest.has(&whole).then_some(Meaning::Known))
    }

    /// The words of a heading without the owner of the value, unless nothing is left.
    fn without_qualifiers(&self, words: &[String]) -> Vec<String> {
        let mut bare = words.to_vec();
        for phrase in &self.qualifiers {
            while let Some(at) = bare.windows(phrase.len()).position(|part| part == phrase.as_slice()) {
                if bare.len() == phrase.len() {
                    return bare;
                }
                bare.drain(at..at + phrase.len());
            }
        }
        bare
    }

    /// Whether the kind of table has a field of this name.
    #[must_use]
    pub fn has_field(&self, name: &str) -> bool {
        self.usual.contains_key(name)
    }

    /// How like a heading is to the nearest heading of a field, from 0 to 1: for suggestions, never for decisions.
    #[must_use]
    pub fn likeness(&self, heading: &str, field: &FieldSpec) -> f64 {
        /// A longer one is a sentence, and comparing it with every heading takes long.
        const LONGEST_HEADING: usize = 80;
        let key = heading_key(heading);
        if key.chars().count() > LONGEST_HEADING {
            return 0.0;
        }
        let of_field = |meaning: &Meaning| matches!(meaning, Meaning::Field(of) | Meaning::Perhaps(of) if *of == field);
        let headings = self.meanings.iter().filter(|(_, meaning)| of_field(meaning));
        headings.map(|(heading, _)| strsim::jaro_winkler(heading, &key)).fold(0.0, f64::max)
    }

    /// Of two headings of a field the one that is more like its usual headings; the first of equals.
    #[must_use]
    pub fn more_usual<'h>(&self, field: &FieldSpec, first: &'h str, second: &'h str) -> &'h str {
        let likeness = |heading: &str| {
            let usual =
                [Language::Ru, Language::En].map(|language| heading_key(self.usual_heading_in(field, language)));
            usual.iter().map(|usual| strsim::jaro_winkler(usual, &heading_key(heading))).fold(0.0, f64::max)
        };
        if likeness(second) > likeness(first) { second } else { first }
    }

    /// The usual heading of a field for a message: «Дата рождения», “Birth date”.
    #[must_use]
    pub fn usual_heading(&self, field: &FieldSpec) -> Value {
        let heading = |language| self.usual_heading_in(field, language).to_owned();
        Value::Name { ru: heading(Language::Ru), en: heading(Language::En) }
    }

    /// The usual heading of a field in a language; the name of the field if it has none.
    #[must_use]
    pub fn usual_heading_in(&self, field: &FieldSpec, language: Language) -> &str {
        let heading = self.usual.get(field.name).and_then(|usual| match language {
            Language::Ru => usual.russian.as_deref(),
            Language::En => usual.english.as_deref(),
        });
        heading.unwrap_or(field.name)
    }
}

impl UsualHeadings {
    fn among(headings: &[String]) -> Self {
        let plain = headings.iter().filter(|heading| !heading.contains('['));
        let (russian, english): (Vec<_>, Vec<_>) = plain.partition(|heading| !heading.is_ascii());
        Self {
            russian: russian.first().map(|heading| (*heading).clone()),
            english: english.first().map(|heading| (*heading).clone()),
        }
    }
}

/// Whether a word begins with one of these.
fn begin_with(words: &[String], stems: &[String]) -> bool {
    words.iter().any(|word| stems.iter().any(|stem| word.starts_with(stem)))
}

/// Every heading that a listed one stands for.
fn alternatives(heading: &str) -> Vec<String> {
    alternatives_of(heading, str::to_owned)
}

/// Every heading that a listed one stands for, with each of its pieces in this form.
fn alternatives_of(heading: &str, form: fn(&str) -> String) -> Vec<String> {
    let Some((before, rest)) = heading.split_once('[') else { return vec![form(heading)] };
    let (choices, after) = rest.split_once(']').expect("a bracket that is opened is closed");
    let (before, ends) = (form(before), alternatives_of(after, form));
    let with_ends = |choice: &str| {
        let begin = before.clone() + &form(choice);
        ends.iter().map(move |end| begin.clone() + end)
    };
    choices.split('|').flat_map(with_ends).collect()
}

/// The [keys](heading_key) of every heading that a listed one stands for; each piece of it is folded once.
fn heading_keys(heading: &str) -> Vec<String> {
    // lone signs have a key of their own
    if heading.contains(['№', '+']) {
        return alternatives(heading).iter().map(|heading| heading_key(heading)).collect();
    }
    alternatives_of(heading, folded_heading)
}

/// The words of a heading, folded.
fn words(heading: &str) -> Vec<String> {
    let words = heading.split(|letter: char| !letter.is_alphanumeric()).map(folded_heading);
    words.filter(|word| !word.is_empty()).collect()
}

/// A heading without its parts in brackets about the form of a value: «(м/ж)», but not «(с)» and not «(тыс. руб.)».
fn without_brackets(heading: &str) -> String {
    const LIMITS: [&str; 8] = ["с", "по", "до", "от", "from", "to", "начало", "окончание"];
    let Some((before, rest)) = heading.split_once('(') else { return heading.to_owned() };
    let Some((inside, after)) = rest.split_once(')') else { return heading.to_owned() };
    let is_meant = amount_unit(inside).is_some() || LIMITS.contains(&inside.trim().to_lowercase().as_str());
    let kept = if is_meant { format!(" {inside} ") } else { " ".to_owned() };
    format!("{before}{kept}{}", without_brackets(after))
}

/// The heading for comparing; a lone number sign has no letters and stands for itself.
pub(super) fn heading_key(heading: &str) -> String {
    let key = folded_heading(heading);
    if !key.is_empty() {
        key
    } else if heading.contains('№') {
        "№".to_owned()
    } else if heading.contains('+') {
        heading.chars().filter(|letter| matches!(letter, '+' | '-')).collect()
    } else {
        key
    }
}

/// Checks the text of a dictionary: every key is one of `names`, and no heading is listed under two of them.
#[cfg(test)]
pub(crate) fn assert_sound(text: &str, names: &[&str]) {
    let listed: BTreeMap<String, Listed> = toml::from_str(text).unwrap();
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for (name, headings) in &listed {
        assert!(names.contains(&name.as_str()), "{name} is no field");
        // an owner may be a heading by itself, «Сотрудник», and so may the beginning of a word
        if name == "qualifier" || name.starts_with("about_") {
            continue;
        }
        for heading in headings.sure().iter().chain(headings.perhaps()) {
            let keys: Vec<String> = alternatives(heading).iter().map(|heading| heading_key(heading)).collect();
            assert_eq!(heading_keys(heading), keys, "{heading}");
        }
        for heading in headings.sure().iter().chain(headings.perhaps()).flat_map(|heading| alternatives(heading)) {
            let other = seen.insert(heading_key(&heading), name);
            assert!(other.is_none_or(|other| other == name), "`{heading}` is listed twice");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::field::fields;

    fields! {
        /// The fields of the tests' table.
        pub enum Field {
            Day = "day", Date, Open, One, "the day";
            Amount = "amount", Money, Open, One, "the amount";
        }
    }

    const OWN: &str = "[day]\nonly = ['Дата платежа', 'Paid on']\nalso = ['Дата']\n";
    const SHARED: &str = "amount = ['Сумма', 'Sum']\nday = ['День', 'Date']\nother = ['№', 'Дата', 'Note']\n";

    fn dictionary() -> Dictionary {
        Dictionary::parse(Field::ALL.iter().map(|field| field.spec()), &[OWN, SHARED])
    }

    #[test]
    fn the_first_text_that_has_a_heading_decides() {
        let dictionary = dictionary();
        let day = Field::Day.spec();
        for (heading, meaning) in [
            ("ДАТА  платежа.", Some(Meaning::Field(day))),
            ("дата", Some(Meaning::Perhaps(day))),
            ("Date", Some(Meaning::Field(day))),
            ("№", Some(Meaning::Known)),
            ("note", Some(Meaning::Known)),
            ("Платёж", None),
        ] {
            assert_eq!(dictionary.meaning(heading), meaning, "{heading}");
        }
        assert!(dictionary.likeness("Дата платёжа", day) > 0.9);
    }

    #[test]
    fn headings_of_interest_are_not_known() {
        let fields = || Field::ALL.iter().map(|field| field.spec());
        let dictionary = Dictionary::parse_without(fields(), &[OWN, SHARED], &["other"]);
        assert_eq!(dictionary.meaning("Note"), None);
        assert_eq!(dictionary.meaning("Date"), Some(Meaning::Field(Field::Day.spec())));
    }

    #[test]
    fn brackets_hold_alternatives() {
        let all = alternatives("[Дата|День] начала[| полиса]");
        assert_eq!(all, ["Дата начала", "Дата начала полиса", "День начала", "День начала полиса"]);
        assert_eq!(alternatives("ФИО"), ["ФИО"]);
    }

    #[test]
    fn usual_headings_are_those_of_the_last_text() {
        let (dictionary, both) =
            (dictionary(), |ru: &str, en: &str| Value::Name { ru: ru.to_owned(), en: en.to_owned() });
        assert_eq!(dictionary.usual_heading(Field::Day.spec()), both("День", "Date"));
        assert_eq!(dictionary.usual_heading(Field::Amount.spec()), both("Сумма", "Sum"));
    }
}
