//! What a title, the name of a sheet or the words of a cell state for the rows of a list of changes: an action, and days.
//!
//! «Список сотрудников на открепление с 01.03.2027» states both. A day counts by the word before it: «с 1 марта 2027 года» is the day from
//! which a change counts, «по 28.02.2027» the last day of cover, «дата открепления 28.02.2027» has two readings (`I26`), and the day of a
//! document, «от 15.01.2027», states nothing about the rows.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::Date;
use serde::Deserialize;

use crate::roster::value::action::{Action, action};
use crate::table::cell::{Cell, Epoch};
use crate::table::text::folded;
use crate::table::value::{DateFault, day};

/// The days that a text states.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct StatedDays {
    /// The day from which the change counts.
    pub from: Option<Date>,
    /// The last day of cover.
    pub last: Option<Date>,
    /// The day of detachment, which is the last day of cover or the first day without it.
    pub detached: Option<Date>,
    /// Whether there is a day without the words that state what happens on it, or a second one of a kind.
    pub is_unclear: bool,
}

/// A text about the rows of a list of changes.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct SectionTitle {
    /// The action; `None` where the text names none or several.
    pub action: Option<Action>,
    /// The days.
    pub days: StatedDays,
    /// Whether the text is about changes, or about nothing but a day: its days count without an action too.
    pub is_about_changes: bool,
}

impl StatedDays {
    /// Whether no day is stated.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn add(&mut self, kind: DayKind, date: Option<Date>) {
        let place = match kind {
            DayKind::Document => return,
            DayKind::From => &mut self.from,
            DayKind::Last => &mut self.last,
            DayKind::Detached => &mut self.detached,
            DayKind::Unclear => {
                self.is_unclear = true;
                return;
            }
        };
        if date.is_none() || place.is_some_and(|known| Some(known) != date) {
            self.is_unclear = true;
        } else {
            *place = date;
        }
    }
}

/// What happens on a day, by the words before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DayKind {
    From,
    Last,
    Detached,
    Document,
    Unclear,
}

/// The beginnings of words of `sections.toml`.
#[derive(Deserialize)]
struct Stems {
    /// For each action alternatives: all words of one of them.
    actions: BTreeMap<Action, Vec<String>>,
    /// Of a request for changes.
    request: Vec<String>,
    /// The words before the days of each kind.
    from: Vec<String>,
    last: Vec<String>,
    beside: Vec<String>,
    document_before: Vec<String>,
    document: Vec<String>,
    contract: Vec<String>,
    in_force: Vec<String>,
    detached: Vec<String>,
    months: Vec<String>,
}

static STEMS: LazyLock<Stems> =
    LazyLock::new(|| toml::from_str(include_str!("sections.toml")).expect("lists of beginnings of words"));

/// Whether any of the folded words begins with one of the stems.
fn has_stem(words: &[String], stems: &[String]) -> bool {
    stems.iter().any(|stem| words.iter().any(|word| word.starts_with(&folded(stem))))
}

/// The action that a text names; `None` where it names none or several.
#[must_use]
pub fn section_action(text: &str) -> Option<Action> {
    let named = named_actions(text);
    if let [action] = named.as_slice() { Some(*action) } else { None }
}

/// Every action that a text names, in their order.
#[must_use]
pub fn named_actions(text: &str) -> Vec<Action> {
    let words: Vec<String> = text.split(|letter: char| !letter.is_alphabetic()).map(folded).collect();
    let is_named =
        |stems: &String| stems.split(' ').all(|stem| words.iter().any(|word| word.starts_with(&folded(stem))));
    STEMS.actions.iter().filter(|(_, stems)| stems.iter().any(is_named)).map(|(action, _)| *action).collect()
}

/// Reads a text about the rows of a list of changes.
#[must_use]
pub fn section_title(text: &str) -> SectionTitle {
    let (words, is_only_days) = words_and_days(text);
    let mut days = StatedDays::default();
    let mut before: Vec<String> = Vec::new();
    let mut has_day = false;
    for word in &words {
        match word {
            Word::Letters(letters) => before.push(folded(letters)),
            Word::Day(date) => {
                has_day = true;
                days.add(kind_of_day(&before), *date);
                before.clear();
            }
        }
    }
    let letters: Vec<String> = { words.iter() }
        .filter_map(|word| if let Word::Letters(letters) = word { Some(folded(letters)) } else { None })
        .collect();
    let is_about_changes = has_day && (is_only_days || has_stem(&letters, &STEMS.request));
    SectionTitle { action: section_action(text), days, is_about_changes }
}

/// Reads the action in a cell, and the days beside it: «Открепление с 01.03.2027»; `None` where the cell holds no known word, or another one
/// too.
#[must_use]
pub fn action_and_days(cell: Cell<'_>) -> Option<(Action, StatedDays)> {
    if let Some(action) = action(cell) {
        return Some((action, StatedDays::default()));
    }
    let Cell::Text(text) = cell else { return None };
    let title = section_title(text);
    let action = title.action?;
    let (words, _) = words_and_days(text);
    let is_known = |word: &Word<'_>| match word {
        Word::Letters(letters) => {
            let word = [folded(letters.trim_end_matches('.'))];
            let beside = [&STEMS.from, &STEMS.last, &STEMS.beside];
            let stems = STEMS.actions.get(&action).into_iter().flatten().flat_map(|stems| stems.split(' '));
            beside.iter().any(|words| words.iter().any(|of| folded(of) == word[0]))
                || stems.map(str::to_owned).any(|stem| has_stem(&word, &[stem]))
        }
        Word::Day(_) => true,
    };
    words.iter().all(is_known).then_some((action, title.days))
}

/// The days that a text states as the first or the last of cover: those after «с» and «по», and every one but that of a document where the text
/// is about the beginning, the end or the term of a cover.
#[must_use]
pub fn stated_limits(text: &str) -> Vec<Date> {
    const TERMS: [&str; 8] = ["начал", "оконч", "период", "срок", "start", "begin", "end", "period"];
    const COVERS: [&str; 9] = ["страх", "застрах", "дмс", "полис", "обслуж", "покрыт", "insur", "cover", "policy"];
    let spaced: Vec<String> = text
        .split_whitespace()
        .map(|word| if word.contains('.') { word.replace(['-', '–', '—'], " ") } else { word.to_owned() })
        .collect();
    let spaced = spaced.join(" ");
    let (words, _) = words_and_days(&spaced);
    let letters: Vec<String> = { words.iter() }
        .filter_map(|word| if let Word::Letters(letters) = word { Some(folded(letters)) } else { None })
        .collect();
    let has = |stems: &[&str]| stems.iter().any(|stem| letters.iter().any(|word| word.starts_with(&folded(stem))));
    let is_about_term = has(&TERMS) && has(&COVERS);
    // the days of the power of a signer
    if has(&["доверен"]) {
        return Vec::new();
    }
    let (mut found, mut before) = (Vec::new(), String::new());
    for word in &words {
        match word {
            Word::Letters(letters) => before = folded(letters.trim_end_matches('.')),
            Word::Day(date) => {
                let is = |list: &[String]| list.iter().any(|of| folded(of) == before);
                let is_limit = is(&STEMS.last) || is(&STEMS.from) && before != folded("на");
                let is_of_document = is(&STEMS.document_before) || before == folded("на");
                found.extend(date.filter(|_| is_limit || is_about_term && !is_of_document));
                before.clear();
            }
        }
    }
    found
}

/// What happens on a day after these folded words.
fn kind_of_day(before: &[String]) -> DayKind {
    /// A word so far before a day belongs to it.
    const NEAR: usize = 4;
    let near = &before[before.len().saturating_sub(NEAR)..];
    let Some(last) = near.last() else { return DayKind::Unclear };
    let is = |words: &[String]| words.iter().any(|word| folded(word) == *last);
    // the words after the last one about changes: «к договору № 5 прикрепить с» is no day of the contract
    let is_change =
        |word: &String| section_action(word).is_some() || has_stem(std::slice::from_ref(word), &STEMS.request);
    let own = near.iter().rposition(is_change).map_or(near, |at| &near[at + 1..]);
    let names_day = has_stem(near, &["дат".to_owned(), "день".to_owned(), "date".to_owned(), "day".to_owned()]);
    let is_of_document =
        is(&STEMS.document_before) || has_stem(own, &STEMS.document) || names_day && has_stem(near, &STEMS.document);
    if is_of_document || has_stem(own, &STEMS.in_force) && has_stem(own, &STEMS.contract) {
        DayKind::Document
    } else if is(&STEMS.from) {
        DayKind::From
    } else if is(&STEMS.last) {
        DayKind::Last
    } else if names_day {
        let is_detached = has_stem(near, &STEMS.detached);
        let is_from = has_stem(near, &STEMS.request) || section_action(&near.join(" ")) == Some(Action::Join);
        if is_detached {
            DayKind::Detached
        } else if is_from {
            DayKind::From
        } else {
            DayKind::Unclear
        }
    } else {
        DayKind::Unclear
    }
}

enum Word<'t> {
    Letters(&'t str),
    /// A day; `None` where it has no century or does not exist.
    Day(Option<Date>),
}

/// The words and the days of a text in their order, and whether there is nothing but days and the words before them.
fn words_and_days(text: &str) -> (Vec<Word<'_>>, bool) {
    let marks = |letter: char| matches!(letter, ',' | ';' | ':' | '(' | ')' | '«' | '»' | '"');
    let tokens: Vec<&str> =
        text.split(|letter: char| letter.is_whitespace() || marks(letter)).filter(|token| !token.is_empty()).collect();
    let (mut words, mut is_only_days, mut at) = (Vec::new(), true, 0);
    while at < tokens.len() {
        let token = tokens[at];
        let in_words = tokens.get(at..at + 3).and_then(|three| day_in_words([three[0], three[1], three[2]]));
        if let Some(date) = in_words {
            words.push(Word::Day(date));
            at += 3;
            continue;
        }
        at += 1;
        if let Some(date) = day_in_figures(token) {
            words.push(Word::Day(date));
            continue;
        }
        let word = [folded(token.trim_end_matches('.'))];
        let is = |words: &[String]| words.iter().any(|of| folded(of) == word[0]);
        let belongs = is(&STEMS.from)
            || is(&STEMS.last)
            || has_stem(&word, &STEMS.detached)
            || ["г", "год", "года", "дата", "день", "date"].iter().any(|of| folded(of) == word[0]);
        is_only_days &= belongs;
        words.push(Word::Letters(token));
    }
    (words, is_only_days)
}

/// A day in figures; an inner `None` where it has no century or does not exist.
#[expect(clippy::option_option, reason = "the outer is whether the word is one of figures")]
fn day_in_figures(token: &str) -> Option<Option<Date>> {
    if !token.starts_with(|letter: char| letter.is_ascii_digit()) {
        return None;
    }
    match day(Cell::Text(token.trim_end_matches('-')), Epoch::default()) {
        Ok(found) => found.map(|found| Some(found.date)),
        // a year alone, «март 2027», is no day
        Err(DateFault::NotADate | DateFault::YearOnly) => None,
        Err(_) => Some(None),
    }
}

/// A day such as `1 марта 2027` or `March 1, 2027`; an inner `None` where it does not exist.
#[expect(clippy::option_option, reason = "the outer is whether the words are a day")]
fn day_in_words([first, second, third]: [&str; 3]) -> Option<Option<Date>> {
    let year: i16 = third.trim_end_matches(|letter: char| !letter.is_ascii_digit()).parse().ok()?;
    let month_of = |word: &str| {
        let word = folded(word);
        STEMS.months.iter().position(|month| folded(month) == word).and_then(|at| i8::try_from(at % 12 + 1).ok())
    };
    let (month, day) = month_of(second).map(|month| (month, first)).or_else(|| Some((month_of(first)?, second)))?;
    let day: i8 = day.trim_end_matches(|letter: char| !letter.is_ascii_digit()).parse().ok()?;
    (1000..=9999).contains(&year).then(|| Date::new(year, month, day).ok())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn titles_name_one_action_or_none() {
        for (title, expected) in [
            ("Прикрепить", Some(Action::Join)),
            ("Список сотрудников на ОТКРЕПЛЕНИЕ с 01.02.2027", Some(Action::Leave)),
            ("на прикрепление", Some(Action::Join)),
            ("Исключить из числа застрахованных:", Some(Action::Leave)),
            ("leavers-2027.xlsx", Some(Action::Leave)),
            ("Список выбывших", Some(Action::Leave)),
            ("Deletions", Some(Action::Leave)),
            ("Additions", Some(Action::Join)),
            ("Список на дострахование", Some(Action::Join)),
            ("Перевод на другой вариант", Some(Action::ChangePlan)),
            ("Сменить вариант", Some(Action::ChangePlan)),
            ("Изменить данные", Some(Action::Change)),
            ("Смена фамилии", Some(Action::Change)),
            ("Список на исправление данных", Some(Action::Correct)),
            ("Исправленный список на прикрепление", Some(Action::Join)),
            ("Прикрепление / открепление", None),
            ("Список изменений", None),
            ("ООО «Ромашка»", None),
        ] {
            assert_eq!(section_action(title), expected, "{title}");
        }
    }

    #[test]
    fn actions_are_recognised_among_other_words_and_beside_a_day() {
        let from = |day| StatedDays { from: Some(day), ..StatedDays::default() };
        for (text, expected) in [
            ("выбыл", Some((Action::Leave, StatedDays::default()))),
            ("прибыл", Some((Action::Join, StatedDays::default()))),
            ("Увольнение (открепить)", Some((Action::Leave, StatedDays::default()))),
            ("на прикрепление", Some((Action::Join, StatedDays::default()))),
            ("Открепление с 01.03.2027", Some((Action::Leave, from(date(2027, 3, 1))))),
            ("прикрепить / открепить", None),
            ("супруга", None),
            ("уволить завтра", None),
        ] {
            assert_eq!(action_and_days(Cell::Text(text)), expected, "{text}");
        }
    }

    #[test]
    fn the_days_of_a_title_count_by_the_words_before_them() {
        let (from, last) = (Some(date(2027, 3, 1)), Some(date(2027, 2, 28)));
        let days = |text: &str| section_title(text).days;
        for text in [
            "Список на открепление с 01.03.2027",
            "Открепить с 1 марта 2027 года:",
            "Просим открепить начиная с 01.03.2027 г.",
            "Открепление от ДМС на 01.03.2027",
            "Приложение № 2 к договору от 01.12.2026. Открепить со 01.03.2027г.",
            "Прикрепить к договору № 5 с 01.03.2027",
            "Изменения действуют с 01.03.2027",
            "To be removed from March 1, 2027",
            "с 01.03.2027",
            "Открепить (с 01.03.2027), просим",
            "Открепить с:01.03.2027;",
            "Открепить «с 01.03.2027»",
            "Открепить \"с 01.03.2027\"",
        ] {
            assert_eq!(days(text), StatedDays { from, ..StatedDays::default() }, "{text}");
        }
        assert_eq!(days("Застрахованы по 28.02.2027"), StatedDays { last, ..StatedDays::default() });
        assert_eq!(days("Дата открепления: 28.02.2027"), StatedDays { detached: last, ..StatedDays::default() });
        assert_eq!(days("Дата изменений: 01.03.2027"), StatedDays { from, ..StatedDays::default() });
        for text in [
            "Приложение к договору от 01.03.2027",
            "Список по состоянию на 01.03.2027",
            "Договор действует с 01.03.2027",
            "Дата составления списка изменений: 01.03.2027",
            "Открепление, март 2027",
        ] {
            assert!(days(text).is_empty(), "{text}");
        }
        for text in ["Открепление 01.03.2027", "Открепить с 01.03.27", "Открепить с 01.03.2027, с 02.03.2027"]
        {
            assert!(days(text).is_unclear, "{text}");
        }
    }

    #[test]
    fn limits_of_cover_are_found_in_titles() {
        let (first, last) = (date(2027, 3, 1), date(2027, 8, 31));
        for (text, expected) in [
            ("Застраховать с 01.03.2027", vec![first]),
            ("Период страхования: с 01.03.2027 по 31.08.2027", vec![first, last]),
            ("Период страхования: 01.03.2027-31.08.2027", vec![first, last]),
            ("Дата начала страхования 01.03.2027", vec![first]),
            ("Новые сотрудники с 1 марта 2027 г.", vec![first]),
            ("Список застрахованных на 01.03.2027", vec![]),
            ("Приложение к договору страхования от 01.03.2027, период по договору", vec![]),
            ("Дата составления: 01.03.2027", vec![]),
            ("Период: 01.03.2027-31.03.2027", vec![]),
            ("По доверенности, действительной по 01.03.2027", vec![]),
        ] {
            assert_eq!(stated_limits(text), expected, "{text}");
        }
    }

    #[test]
    fn a_text_without_an_action_counts_where_it_is_about_changes() {
        for (text, expected) in [
            ("с 01.03.2027 года", true),
            ("Просим внести изменения с 01.03.2027", true),
            ("Договор действует с 01.12.2026 по 30.11.2027", false),
            ("ООО «Ромашка»", false),
        ] {
            assert_eq!(section_title(text).is_about_changes, expected, "{text}");
        }
    }
}
