//! The title above a clinic's register: its number and its period.

use jiff::civil::Date;

use crate::base::calendar::Period;
use crate::table::cell::{Cell, Epoch};
use crate::table::text::folded;
use crate::table::value::day;

/// The beginnings of the names of the months, in Russian and English.
const MONTHS: [[&str; 2]; 12] = [
    ["январ", "jan"],
    ["феврал", "feb"],
    ["март", "mar"],
    ["апрел", "apr"],
    ["ма", "may"],
    ["июн", "jun"],
    ["июл", "jul"],
    ["август", "aug"],
    ["сентябр", "sep"],
    ["октябр", "oct"],
    ["ноябр", "nov"],
    ["декабр", "dec"],
];

/// The number of a register in its title: `Реестр № 12 за январь 2027 г.`; `None` where the title states none.
#[must_use]
pub fn register_number(cell: Cell<'_>) -> Option<String> {
    let Cell::Text(text) = cell else { return None };
    let text = text.to_lowercase();
    let after = ["реестр", "register"].iter().find_map(|word| text.split_once(word))?.1;
    let mark = ["№", "no.", "номер", "n°"].iter().find_map(|mark| after.split_once(mark))?.1;
    let number = mark.split_whitespace().next()?.trim_end_matches(['.', ',', ';', ':', ')']);
    number.bytes().any(|byte| byte.is_ascii_digit()).then(|| number_key(number))
}

/// A register's number in the form for comparing: without case, spaces and leading zeros. Marks count: 1/12 is not 11/2.
#[must_use]
pub fn number_key(number: &str) -> String {
    let key = folded(number).replace(['–', '—', '−'], "-");
    let significant = key.trim_start_matches('0');
    if significant.starts_with(|first: char| first.is_ascii_digit()) { significant.to_owned() } else { key }
}

/// The period of a register in its title: `за январь 2027 г.`, `с 01.01.2027 по 31.01.2027`, `за I квартал 2027`; `None` where the title
/// states none. The day on which the register was made, `от 05.02.2027`, is no period.
#[must_use]
pub fn register_period(cell: Cell<'_>) -> Option<Period> {
    let Cell::Text(text) = cell else { return None };
    let text = text.to_lowercase();
    let is_title = ["реестр", "register", "отчёт", "отчет"].iter().any(|word| text.contains(word));
    let begins = ["за ", "период", "отчетный", "отчётный", "с ", "for ", "period", "from "];
    if !is_title && !begins.iter().any(|word| text.trim_start().starts_with(word)) {
        return None;
    }
    period(&text)
}

/// A period as people write it, in any text around it; `None` without one.
///
/// # Example
///
/// ```
/// use kollektiv::clinics::register::title::period;
///
/// let january = period("январь 2027 г.").unwrap();
/// assert_eq!(january.first().to_string(), "2027-01-01");
/// assert_eq!(period("2027-01"), Some(january));
/// ```
#[must_use]
pub fn period(text: &str) -> Option<Period> {
    let text = text.to_lowercase();
    let words = words(&text);
    let places = || 0..words.len();
    let between_days = places().find_map(|at| match words[at..] {
        [Word::Day(first), Word::To, Word::Day(last), ..] => Period::new(first, last),
        _ => None,
    });
    between_days.or_else(|| {
        places().find_map(|at| {
            let (first, rest) = months_stated(at.checked_sub(1).map(|before| words[before]), &words[at..])?;
            let rest = if let [Word::Year | Word::YearInShort, rest @ ..] = rest { rest } else { rest };
            // «январь 2027 - март 2027»
            let last = rest.strip_prefix(&[Word::To]).and_then(|rest| months_stated(Some(Word::To), rest));
            Period::new(first.first(), last.map_or(first, |(last, _)| last).last())
        })
    })
}

/// The months, quarters, halves or years that some words begin with, and the words after them.
fn months_stated(before: Option<Word>, words: &[Word]) -> Option<(Period, &[Word])> {
    // the month of «от 31 января 2027 г.» is that of a day
    let is_of_day = matches!(before, Some(Word::Number(1..=31)));
    let (year, first, last, rest) = match words {
        [Word::Month(first), ..] if !is_of_day => {
            let is_in_list = |word: &&Word| matches!(word, Word::Month(_) | Word::To | Word::And);
            let (named, rest) = words.split_at(words.iter().take_while(is_in_list).count());
            let last =
                named.iter().rev().find_map(|word| if let Word::Month(month) = word { Some(*month) } else { None });
            let [Word::Number(year), rest @ ..] = rest else { return None };
            (*year, *first, last.unwrap_or(*first), rest)
        }
        [Word::MonthOfYear(month, year), rest @ ..] => (*year, *month, *month, rest),
        [
            Word::Number(first @ 1..=4),
            Word::To | Word::And,
            Word::Number(last @ 1..=4),
            Word::Quarter,
            Word::Number(year),
            rest @ ..,
        ] => (*year, 3 * *first - 2, 3 * *last, rest),
        [Word::Number(number @ 1..=4), Word::Quarter, Word::Number(year), rest @ ..]
        | [Word::QuarterOf(number @ 1..=4), Word::Number(year), rest @ ..] => {
            (*year, 3 * *number - 2, 3 * *number, rest)
        }
        [Word::Number(number @ 1..=2), Word::Half, Word::Number(year), rest @ ..] => {
            (*year, 6 * *number - 5, 6 * *number, rest)
        }
        [Word::Number(year), Word::Year, rest @ ..] if !before.is_some_and(is_month) => (*year, 1, 12, rest),
        _ => return None,
    };
    Some((months(year, first, last)?, rest))
}

/// The period of a register whose title states none: the month of its last day.
#[must_use]
pub fn month_of(last_day: Date) -> Period {
    let (first, last) = (last_day.first_of_month(), last_day.last_of_month());
    Period::new(first, last).unwrap_or(Period::of_day(last_day))
}

/// A word of a title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    Day(Date),
    Month(i16),
    MonthOfYear(i16, i16),
    Number(i16),
    Quarter,
    QuarterOf(i16),
    Half,
    Year,
    /// «г.», beside the years of days too.
    YearInShort,
    To,
    And,
    Other,
}

const fn is_month(word: Word) -> bool {
    matches!(word, Word::Month(_) | Word::Quarter | Word::QuarterOf(_) | Word::Half | Word::Number(_))
}

fn words(text: &str) -> Vec<Word> {
    let spaced = text.replace(['–', '—', '−'], " - ").replace(['(', ')', ',', ';', ':', '«', '»', '"'], " ");
    let mut words = Vec::new();
    for word in spaced.split_whitespace() {
        let inner = word.trim_matches('-');
        if inner.is_empty() {
            words.push(Word::To);
            continue;
        }
        words.extend(word.starts_with('-').then_some(Word::To));
        match (inner.split_once('-'), parsed(inner)) {
            // 01.01.2027-31.01.2027 and январь-март
            (Some((first, last)), Word::Other) => words.extend([parsed(first), Word::To, parsed(last)]),
            (_, parsed) => words.push(parsed),
        }
        words.extend(word.ends_with('-').then_some(Word::To));
    }
    words
}

fn parsed(word: &str) -> Word {
    let bare = word.trim_end_matches('.').trim_end_matches('г').trim_end_matches('.');
    if matches!(word, "по" | "до" | "to" | "till" | "until") {
        return Word::To;
    }
    if matches!(word, "г" | "г.") {
        return Word::YearInShort;
    }
    if matches!(word, "и" | "and") {
        return Word::And;
    }
    if let Ok(Some(day)) = day(Cell::Text(bare), Epoch::Year1900) {
        return Word::Day(day.date);
    }
    if let Some((month, year)) = month_of_year(bare) {
        return Word::MonthOfYear(month, year);
    }
    if let Ok(number) = bare.parse() {
        return Word::Number(number);
    }
    let of_quarter = ["q1", "q2", "q3", "q4"].iter().position(|quarter| *quarter == bare);
    let roman = ["i", "ii", "iii", "iv"].iter().position(|roman| *roman == bare);
    match (of_quarter, roman) {
        (Some(at), _) => return i16::try_from(at + 1).map_or(Word::Other, Word::QuarterOf),
        (None, Some(at)) => return i16::try_from(at + 1).map_or(Word::Other, Word::Number),
        (None, None) => {}
    }
    let begins = |stems: &[&str]| stems.iter().any(|stem| word.starts_with(stem));
    if begins(&["кварт", "кв.", "quarter"]) {
        return Word::Quarter;
    }
    if begins(&["полугод", "half"]) {
        return Word::Half;
    }
    if matches!(bare, "год" | "года" | "year") {
        return Word::Year;
    }
    month(bare).map_or(Word::Other, Word::Month)
}

/// The month of a name in any case: `январь`, `января`, `мае`.
fn month(word: &str) -> Option<i16> {
    const LONGEST_END: usize = 3;
    let at = MONTHS.iter().position(|stems| {
        stems.iter().any(|stem| {
            let rest = word.strip_prefix(stem);
            match *stem {
                "ма" => rest.is_some_and(|rest| matches!(rest, "й" | "я" | "е" | "ю" | "ем")),
                stem if stem.is_ascii() => {
                    rest.is_some_and(|rest| rest.chars().all(|letter| letter.is_ascii_lowercase()))
                }
                _ => rest.is_some_and(|rest| rest.chars().count() <= LONGEST_END),
            }
        })
    })?;
    i16::try_from(at + 1).ok()
}

/// `01.2027`, `01/2027` or `2027-01`.
fn month_of_year(word: &str) -> Option<(i16, i16)> {
    let (first, second) = word.split_once(['.', '/', '-'])?;
    let (month, year) = match (first.len(), second.len()) {
        (1 | 2, 4) => (first, second),
        (4, 1 | 2) => (second, first),
        _ => return None,
    };
    let month: i16 = month.parse().ok().filter(|month| (1..=12).contains(month))?;
    Some((month, year.parse().ok()?))
}

/// The months from the first to the last, which is of this year: a later first one is of the year before. `None` for a year that no register
/// has.
fn months(year: i16, first: i16, last: i16) -> Option<Period> {
    if !(1990..=2200).contains(&year) {
        return None;
    }
    let day = |year: i16, month: i16| Date::new(year, i8::try_from(month).ok()?, 1).ok();
    let first = day(if first > last { year - 1 } else { year }, first)?;
    Period::new(first, day(year, last)?.last_of_month())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_states_the_number() {
        for (title, number) in [
            ("Реестр № 12 за январь 2027 г.", Some("12")),
            ("РЕЕСТР №007", Some("7")),
            ("Реестр счетов за январь № 12/1.", Some("12/1")),
            ("Register No. 5-Б", Some("5-б")),
            ("Реестр № 0/1", Some("0/1")),
            ("Реестр оказанных услуг", None),
            ("Договор № 12", None),
        ] {
            assert_eq!(register_number(Cell::Text(title)).as_deref(), number, "{title}");
        }
        assert_ne!(number_key("1/12"), number_key("11/2"));
    }

    #[test]
    fn a_title_states_the_period() {
        for (title, expected) in [
            ("Реестр № 7 за январь 2027 г.", Some("2027-01-01/2027-01-31")),
            ("Реестр № 7 за ФЕВРАЛЬ 2028", Some("2028-02-01/2028-02-29")),
            ("за январь–март 2027 г.", Some("2027-01-01/2027-03-31")),
            ("Реестр за май - июнь 2027", Some("2027-05-01/2027-06-30")),
            ("Реестр № 7 за период с 01.01.2027 по 15.01.2027", Some("2027-01-01/2027-01-15")),
            ("Реестр № 7 от 05.02.2027 за 01.01.2027-31.01.2027", Some("2027-01-01/2027-01-31")),
            ("Период: 01.01.2027 — 31.01.2027", Some("2027-01-01/2027-01-31")),
            ("Реестр № 7 за 01.2027", Some("2027-01-01/2027-01-31")),
            ("Register No. 7 for January 2027", Some("2027-01-01/2027-01-31")),
            ("Реестр № 7 за 1 квартал 2027 года", Some("2027-01-01/2027-03-31")),
            ("Реестр № 7 за II кв. 2027", Some("2027-04-01/2027-06-30")),
            ("Реестр № 7 за 2 полугодие 2027 г.", Some("2027-07-01/2027-12-31")),
            ("Реестр № 7 за 2027 год", Some("2027-01-01/2027-12-31")),
            ("Реестр услуг 2027 года", Some("2027-01-01/2027-12-31")),
            ("Register No. 7 for the 2027 year", Some("2027-01-01/2027-12-31")),
            ("Реестр с 01.01.2027 до 15.01.2027", Some("2027-01-01/2027-01-15")),
            ("Register from 01.01.2027 to 15.01.2027", Some("2027-01-01/2027-01-15")),
            ("Register from 01.01.2027 till 15.01.2027", Some("2027-01-01/2027-01-15")),
            ("Register from 01.01.2027 until 15.01.2027", Some("2027-01-01/2027-01-15")),
            ("Реестр за 01.01.2027 -15.01.2027", Some("2027-01-01/2027-01-15")),
            ("Реестр за январь- март 2027 г.", Some("2027-01-01/2027-03-31")),
            ("Реестр за декабрь - январь 2027 г.", Some("2026-12-01/2027-01-31")),
            ("Реестр за январь 2027 - март 2027 г.", Some("2027-01-01/2027-03-31")),
            ("Реестр за декабрь 2026 г. по январь 2027 года", Some("2026-12-01/2027-01-31")),
            ("Реестр за 2026 год - 1 квартал 2027 г.", Some("2026-01-01/2027-03-31")),
            ("Реестр за 12.2026-01.2027", Some("2026-12-01/2027-01-31")),
            ("Реестр за январь, февраль и март 2027 г.", Some("2027-01-01/2027-03-31")),
            ("Register for January and February 2027", Some("2027-01-01/2027-02-28")),
            ("Реестр за I-II кварталы 2027 г.", Some("2027-01-01/2027-06-30")),
            ("Реестр за 1 и 2 квартал 2027 года", Some("2027-01-01/2027-06-30")),
            ("Реестр за январь 2027 - мелочь", Some("2027-01-01/2027-01-31")),
            ("Реестр за май 2027", Some("2027-05-01/2027-05-31")),
            ("Реестр услуг в мае 2027", Some("2027-05-01/2027-05-31")),
            ("Реестр мая 2027 г.", Some("2027-05-01/2027-05-31")),
            // the day on which it was made
            ("Реестр № 7 от 31 января 2027 г.", None),
            ("Реестр № 7 от 31 января 2027 года", None),
            ("Реестр за январь 27 г.", None),
            ("Register for 15jan27 2027", None),
            ("Реестр № 7 от 31.01.2027", None),
            ("Реестр № 7", None),
            ("Договор № 5 от 12 января 2027 г.", None),
            ("Прейскурант действует с 01.01.2027 по 31.12.2027", None),
        ] {
            let found = register_period(Cell::Text(title));
            let shown = found.map(|found| format!("{}/{}", found.first(), found.last()));
            assert_eq!(shown.as_deref(), expected, "{title}");
        }
        assert_eq!(period("2027 год"), period("1 полугодие 2027").map(|half| whole_year(half.first())));
        assert_eq!((month("маю"), month("маем"), month("март"), month("мак")), (Some(5), Some(5), Some(3), None));
    }

    fn whole_year(day: Date) -> Period {
        Period::new(day.first_of_year(), day.last_of_year()).unwrap()
    }
}
