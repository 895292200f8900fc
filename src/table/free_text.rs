//! What a free text holds: a person's name, a day among other words, a sum of money in words.

use jiff::civil::Date;

use crate::table::cell::{Cell, Epoch};
use crate::table::text::folded_heading;
use crate::table::value::{DateFault, DateOrder, day_in_order, is_day, month_of_name};

/// A longer text is no cell that holds one value.
const LONGEST: usize = 400;

/// Whether a text looks like a person's name: two to four words that begin with capitals, and letters alone.
#[must_use]
pub fn is_name(text: &str) -> bool {
    const LONGEST: usize = 80;
    const FORMS: [&str; 12] =
        ["ооо", "ао", "пао", "зао", "оао", "ип", "llc", "ltd", "отдел", "цех", "договор", "итого"];
    if text.len() > LONGEST {
        return false;
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_word = |word: &&str| {
        word.starts_with(char::is_uppercase)
            && word.chars().all(|letter| letter.is_alphabetic() || matches!(letter, '-' | '.' | '\'' | '’'))
            && !FORMS.contains(&&*folded_heading(word))
    };
    (2..=4).contains(&words.len()) && words.iter().all(is_word) && words.iter().any(|word| word.chars().count() > 2)
}

/// Whether a text is surely about a person: a name with a patronymic, or a patronymic alone.
#[must_use]
pub fn is_person(text: &str) -> bool {
    const MOST_LETTERS: usize = 80;
    let is_alone = || text.starts_with(char::is_uppercase) && text.chars().all(char::is_alphabetic);
    if text.len() > MOST_LETTERS || !(is_name(text) || is_alone()) {
        return false;
    }
    let mut words = text.split_whitespace();
    // the first word of several is a surname: Рабинович
    let first = words.next();
    words.any(is_patronymic) || is_alone() && first.is_some_and(is_patronymic)
}

/// Whether a text is a line of words and surely no name: it has a colon or an address, many words, a day, or begins with a capital and goes on
/// in small letters: «Список составлен отделом кадров».
#[must_use]
pub fn is_sentence(text: &str) -> bool {
    const MOST_WORDS_OF_A_NAME: usize = 5;
    // small words of names
    const PARTICLES: [&str; 24] = [
        "оглы", "оглу", "кызы", "гызы", "кизи", "угли", "улы", "заде", "фон", "ван", "дер", "де", "ди", "да", "дос",
        "ла", "ле", "эль", "аль", "ибн", "бен", "von", "van", "de",
    ];
    if text.contains([':', '@']) || text.starts_with(['(', '[']) {
        return true;
    }
    let mut words = text.split_whitespace();
    let count = text.split_whitespace().count();
    if count > MOST_WORDS_OF_A_NAME || text.bytes().any(|byte| byte.is_ascii_digit()) && count > 2 && holds_day(text) {
        return true;
    }
    let begins_with_capital = words.next().is_some_and(|first| first.starts_with(char::is_uppercase));
    let is_small = |word: &str| {
        let bare = word.trim_matches(|letter: char| !letter.is_alphabetic());
        bare.chars().count() > 1 && bare.starts_with(char::is_lowercase) && !PARTICLES.contains(&bare)
    };
    begins_with_capital && words.clone().any(is_small) && !words.any(is_patronymic)
}

/// Whether a name is written with initials, as signatures have it: `Карпова Е. А.`.
#[must_use]
pub fn has_initials(name: &str) -> bool {
    const MOST_LETTERS: usize = 2;
    let is_initials = |word: &str| {
        word.ends_with('.')
            && word.split('.').all(|part| part.chars().count() <= 1)
            && word.len() > 1
            && word.matches('.').count() <= MOST_LETTERS
    };
    name.split_whitespace().any(is_initials)
}

/// Whether a word ends as patronymics do: «Ильич», «Петровна».
#[must_use]
pub fn is_patronymic(word: &str) -> bool {
    const ENDS: [&str; 7] = ["ович", "евич", "ильич", "овна", "евна", "ична", "оглы"];
    let word = word.to_lowercase();
    ENDS.iter().any(|end| (word.len() > end.len() || *end == "ильич") && word.ends_with(end))
}

/// Whether a text holds a day among other words, in figures or with the month as a word: `до 31.12.2027`, `с 01.03.27`, `1 марта 2027`,
/// `с марта`.
#[must_use]
pub fn holds_day(text: &str) -> bool {
    if text.len() > LONGEST {
        return false;
    }
    let is_between =
        |letter: char| letter.is_whitespace() || matches!(letter, '-' | '–' | '—' | ',' | ';' | '(' | ')' | ':');
    let words: Vec<&str> = text.split(is_between).filter(|word| !word.is_empty()).collect();
    words.iter().any(|word| is_day_in_figures(word)) || names_month(&words) || names_quarter(&words)
}

/// Whether a quarter or a half stands beside a year: `2 кв. 2027`, `II полугодие 2027`, `Q2 2027`.
fn names_quarter(words: &[&str]) -> bool {
    const QUARTERS: [&str; 6] = ["кв", "кв.", "квартал", "квартала", "полугодие", "полугодия"];
    let is_quarter = |word: &str| {
        let word = word.to_lowercase();
        QUARTERS.contains(&word.as_str()) || ["q1", "q2", "q3", "q4", "h1", "h2"].contains(&word.as_str())
    };
    let is_year =
        |word: &str| word.len() >= 4 && word.starts_with("20") && word[..4].bytes().all(|byte| byte.is_ascii_digit());
    words.iter().any(|word| is_quarter(word)) && words.iter().any(|word| word.is_char_boundary(4) && is_year(word))
}

/// Whether a word is a day in figures, also with a year of two digits.
fn is_day_in_figures(word: &str) -> bool {
    let word = word.trim_end_matches('.');
    if word.matches(['.', '/']).count() != 2 {
        return false;
    }
    is_day(Cell::Text(word)) || has_short_year(word)
}

/// Whether a word is a day with a year of two digits.
fn has_short_year(word: &str) -> bool {
    let read = day_in_order(Cell::Text(word), Epoch::default(), Some(DateOrder::DayFirst));
    let mut parts = word.split(['.', '/']).map(|part| part.parse::<u8>().unwrap_or(0));
    let (first, second) = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    let is_lawful = (1..=31).contains(&first) && (1..=31).contains(&second) && first.min(second) <= 12;
    read == Err(DateFault::TwoDigitYear) && is_lawful
}

/// Whether a month stands beside a day, a year or a word for a limit: `1 марта`, `март 2027`, `с марта`.
fn names_month(words: &[&str]) -> bool {
    const LIMITS: [&str; 9] = ["с", "со", "от", "по", "до", "from", "since", "until", "till"];
    let is_day_number = |word: &str| (1..=2).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit());
    let is_year =
        |word: &str| word.len() == 4 && word.starts_with("20") && word.bytes().all(|byte| byte.is_ascii_digit());
    words.iter().enumerate().any(|(at, word)| {
        month_of_name(word).is_some() && {
            let before = at.checked_sub(1).map_or("", |before| words[before]);
            let after = words.get(at + 1).copied().unwrap_or_default();
            is_day_number(before) || is_year(after) || LIMITS.contains(&before.to_lowercase().as_str())
        }
    })
}

/// Whether a text is a day without marks or without a year, which a code may be as well, or a month alone: `20270301`, `01.03`,
/// `март`.
#[must_use]
pub fn may_be_day(text: &str) -> bool {
    const YEARS: std::ops::RangeInclusive<i16> = 2000..=2100;
    let small = |digits: &str| digits.parse::<i8>().ok();
    let date = |year: Option<i16>, month: &str, day: &str| {
        year.zip(small(month)).zip(small(day)).and_then(|((year, month), day)| Date::new(year, month, day).ok())
    };
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if month_of_name(text).is_some() {
        return true;
    }
    match text.len() {
        8 if are_digits(text) => {
            date(text[..4].parse().ok().filter(|year| YEARS.contains(year)), &text[4..6], &text[6..]).is_some()
        }
        5 => text.split_once('.').is_some_and(|(day, month)| {
            day.len() == 2 && are_digits(day) && are_digits(month) && date(Some(2000), month, day).is_some()
        }),
        _ => false,
    }
}

/// Whether a text is an amount with its scale in words: `100 тыс`, `1 млн`.
#[must_use]
pub fn is_scaled_amount(text: &str) -> bool {
    const SCALES: [&str; 3] = ["тыс", "млн", "миллион"];
    const LONGEST_AMOUNT: usize = 60;
    text.len() <= LONGEST_AMOUNT && text.starts_with(|first: char| first.is_ascii_digit()) && {
        let text = text.to_lowercase();
        SCALES.iter().any(|scale| text.contains(scale))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_found_among_words() {
        for text in [
            "до 31.12.2027",
            "с 01.03.27",
            "01.03.27",
            "1 марта 2027",
            "с марта 2027",
            "март 2027",
            "с 15 октября",
            "уволен с 15 октября",
            "from 1 March",
            "по май 2027",
            "(31.12.2027",
            "31.12.2027)",
            "31.12.2027,",
            "31.12.2027;",
            "01.12.2026–31.12.2027",
            "01.12.2026—31.12.2027",
            "12.12.27",
            "12.31.27",
            "2 кв. 2027",
            "II полугодие 2027г.",
            "Q2 2027",
        ] {
            assert!(holds_day(text), "{text}");
        }
        for text in
            ["нет", "отпуск в марте", "Марта Петровна", "версия 99.99.99", "тел. 12-34-56", "1.5", "майор", "с мая-то"]
        {
            assert_eq!(holds_day(text), text == "с мая-то", "{text}");
        }
        for text in [
            "32.12.27",
            "12.32.27",
            "13.13.27",
            "0.12.27",
            "п. 1.2.3",
            "5а мая",
            "март 20270",
            "март 1999",
            "март 20аб",
        ] {
            assert!(!holds_day(text), "{text}");
        }
        for (text, may) in [
            ("1.003", false),
            ("+1.03", false),
            ("01.+3", false),
            ("20270301", true),
            ("01.03", true),
            ("март", true),
            ("Марта", true),
            ("20271301", false),
            ("12.50", false),
            ("10234", false),
        ] {
            assert_eq!(may_be_day(text), may, "{text}");
        }
    }

    #[test]
    fn names_are_two_to_four_words_of_letters_with_capitals() {
        for text in ["Соколова Анна", "Салтыков-Щедрин Пётр Ильич", "Петров А.П.", "О'Нил Шон", "О’Нил Шон"]
        {
            assert!(is_name(text), "{text}");
        }
        for text in ["Анна", "Иванов 5", "Иванов Пётр1", "иванов пётр", "Отдел Продаж", "АБ ВГ", "А Б В Г Д", ""]
        {
            assert!(!is_name(text), "{text}");
        }
    }

    #[test]
    fn a_person_is_a_name_with_a_patronymic_or_a_patronymic() {
        for text in ["Соколова Анна Петровна", "Анна Петровна", "Петровна"] {
            assert!(is_person(text), "{text}");
        }
        for text in ["петровна", "Рабинович Лев", "Соколова Анна", "до 5 мая Петровна", "Петровна5", ""]
        {
            assert!(!is_person(text), "{text}");
        }
    }

    #[test]
    fn initials_are_letters_with_points() {
        for (text, has) in [
            ("Карпова Е. А.", true),
            ("Петров П.П.", true),
            ("Петров П.", true),
            ("ул. Липовая", false),
            ("...", false),
            ("А.Б.В.", false),
            (". Петров", false),
            ("Петров", false),
        ] {
            assert_eq!(has_initials(text), has, "{text}");
        }
        for (text, is) in [("Ильич", true), ("ПЕТРОВНА", true), ("Петрович", true), ("ович", false), ("оглы", false)]
        {
            assert_eq!(is_patronymic(text), is, "{text}");
        }
    }

    #[test]
    fn a_line_of_words_is_no_name() {
        for text in [
            "Телефон: 12",
            "a@mail.example",
            "(список)",
            "[список]",
            "Раз Два Три Четыре Пять Шесть",
            "СПИСОК НА 01.03.2027",
            "Список составлен",
        ] {
            assert!(is_sentence(text), "{text}");
        }
        for text in [
            "Раз Два Три Четыре Пять",
            "Версия 01.03.2027",
            "Дом 5 Липовая Улица",
            "Соколова Анна Петровна",
            "Мамедов Али оглы",
            "список составлен",
            "Иванов и Петров",
            "Егорова анна петровна",
        ] {
            assert!(!is_sentence(text), "{text}");
        }
    }

    #[test]
    fn amounts_may_have_a_scale_in_words() {
        for (text, is_amount) in [("100 тыс", true), ("1 млн", true), ("тысяча", false), ("100", false)] {
            assert_eq!(is_scaled_amount(text), is_amount, "{text}");
        }
    }
}
