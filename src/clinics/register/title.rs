//! The title above a clinic's register: its number and its period.

use jiff::ToSpan;
use jiff::civil::{Date, date};

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
            // the month of «от 31 января 2027 г.» is that of a day
            let is_of_day = at > 0 && matches!(words[at - 1], Word::Number(1..=31));
            match words[at..] {
                [Word::Month(first), Word::Number(year), ..] if !is_of_day => months(year, first, first),
                [Word::Month(first), Word::To, Word::Month(last), Word::Number(year), ..] if !is_of_day => {
                    months(year, first, last)
                }
                [Word::MonthOfYear(month, year), ..] => months(year, month, month),
                [Word::Number(number @ 1..=4), Word::Quarter, Word::Number(year), ..]
                | [Word::QuarterOf(number @ 1..=4), Word::Number(year), ..] => {
                    let number = i8::try_from(number).ok()?;
                    months(year, 3 * number - 2, 3 * number)
                }
                [Word::Number(number @ 1..=2), Word::Half, Word::Number(year), ..] => {
                    let number = i8::try_from(number).ok()?;
                    months(year, 6 * number - 5, 6 * number)
                }
                [Word::Number(year), Word::Year, ..] if !(at > 0 && is_month(words[at - 1])) => months(year, 1, 12),
                _ => None,
            }
        })
    })
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
    Month(i8),
    MonthOfYear(i8, i16),
    Number(i16),
    Quarter,
    QuarterOf(i16),
    Half,
    Year,
    To,
    Other,
}

const fn is_month(word: Word) -> bool {
    matches!(word, Word::Month(_) | Word::Quarter | Word::QuarterOf(_) | Word::Half | Word::Number(_))
}

fn words(text: &str) -> Vec<Word> {
    let spaced = text.replace(['–', '—', '−'], " - ").replace(['(', ')', ',', ';', ':', '«', '»', '"'], " ");
    let mut words = Vec::new();
    for word in spaced.split_whitespace() {
        let parts: Vec<&str> = word.split('-').collect();
        match parts.as_slice() {
            // 01.01.2027-31.01.2027 and январь-март
            [first, last] if !first.is_empty() && !last.is_empty() && parsed(word) == Word::Other => {
                words.extend([parsed(first), Word::To, parsed(last)]);
            }
            _ => words.push(parsed(word)),
        }
    }
    words
}

fn parsed(word: &str) -> Word {
    let bare = word.trim_end_matches('.').trim_end_matches('г').trim_end_matches('.');
    if matches!(word, "-" | "по" | "до" | "to" | "till" | "until") {
        return Word::To;
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
fn month(word: &str) -> Option<i8> {
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
    i8::try_from(at + 1).ok()
}

/// `01.2027`, `01/2027` or `2027-01`.
fn month_of_year(word: &str) -> Option<(i8, i16)> {
    let (first, second) = word.split_once(['.', '/', '-'])?;
    let (month, year) = match (first.len(), second.len()) {
        (1 | 2, 4) => (first, second),
        (4, 1 | 2) => (second, first),
        _ => return None,
    };
    let month: i8 = month.parse().ok().filter(|month| (1..=12).contains(month))?;
    Some((month, year.parse().ok()?))
}

/// The months of a year from the first to the last; `None` for a year that no register has.
fn months(year: i16, first: i8, last: i8) -> Option<Period> {
    if !(1990..=2200).contains(&year) || first > last {
        return None;
    }
    let last = date(year, last, 1).checked_add(1.month()).ok()?.yesterday().ok()?;
    Period::new(date(year, first, 1), last)
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
            // the day on which it was made
            ("Реестр № 7 от 31 января 2027 г.", None),
            ("Реестр № 7 от 31.01.2027", None),
            ("Реестр № 7", None),
            ("Договор № 5 от 12 января 2027 г.", None),
            ("Прейскурант действует с 01.01.2027 по 31.12.2027", None),
        ] {
            let found = register_period(Cell::Text(title));
            let shown = found.map(|found| format!("{}/{}", found.first(), found.last()));
            assert_eq!(shown.as_deref(), expected, "{title}");
        }
    }
}
