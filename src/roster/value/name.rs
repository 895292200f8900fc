//! Finds cells of a name column that hold no name: letters lost in an encoding, a number, a date, a program's word for no value, a vacancy.

use encoding_rs::{Encoding, WINDOWS_1251, WINDOWS_1252};

use crate::roster::value::common_name::{is_common_name, is_common_part};
use crate::roster::value::leavers::decides_cover;
use crate::roster::value::name_tail::has_more;
use crate::roster::value::name_words::WORDS;
use crate::roster::value::relation::relation;
use crate::roster::value::several_names::holds_several;
use crate::table::cell::Cell;
use crate::table::free_text::{holds_day, is_name, is_patronymic};
use crate::table::text::{has_control, is_letter};
use crate::table::value::is_day;

/// Why a cell holds no name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameFault {
    /// It has a control character.
    Control,
    /// Letters are lost, or were read in the wrong encoding.
    Letters,
    /// It is something else: a number, a date, `true` or `false`, an e-mail or web address, a placeholder, a word for no value, a vacancy.
    NotAName,
    /// It holds several people.
    Several,
}

/// How much of a name a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NamePart {
    /// The whole name.
    Whole,
    /// The surname, the given name or the patronymic alone.
    Part,
}

/// Why a cell holds no name, or `None` where it may hold one: a rare name is never refused. An empty cell and a formula without a result
/// are no fault here; their readers report them.
#[must_use]
pub fn name_fault(cell: Cell<'_>, part: NamePart) -> Option<NameFault> {
    let text = match cell {
        Cell::Text(text) => text,
        Cell::Number(_) | Cell::Date(_) | Cell::Moment(_) | Cell::Bool(_) => return Some(NameFault::NotAName),
        Cell::Empty | Cell::Fault(_) | Cell::Uncalculated => return None,
    };
    let is_common = match part {
        NamePart::Whole => is_common_name(text),
        NamePart::Part => is_common_part(text),
    };
    if is_common {
        return None;
    }
    if text.starts_with(['#', '=']) {
        return Some(NameFault::NotAName);
    }
    if !text.chars().all(is_in_russian_names) {
        if has_lost_letters(text) {
            return Some(NameFault::Letters);
        }
        if has_control(text) {
            return Some(NameFault::Control);
        }
        if is_something_else(text) {
            return Some(NameFault::NotAName);
        }
    }
    if WORDS.machine.contains(text) || !text.contains(is_letter) {
        return Some(NameFault::NotAName);
    }
    if part == NamePart::Part {
        return None;
    }
    if WORDS.whole.contains(text) || begins_as_no_name(text) {
        return Some(NameFault::NotAName);
    }
    if is_plain(text) { None } else { unusual_name_fault(text) }
}

/// Whether a text has the form of nearly every name: two to four words that begin with capitals; a number may stand after two.
#[must_use]
pub fn is_usual_name(text: &str) -> bool {
    is_plain(text) || is_name(text)
}

/// Whether a text is two to four words of letters that begin with capitals, the first of which is a word for nothing else: nearly every name,
/// which needs no closer look.
fn is_plain(text: &str) -> bool {
    let is_in_name =
        |letter: char| is_in_russian_names(letter) || letter.is_alphabetic() || matches!(letter, '\'' | '’');
    let mut words = 0;
    let are_words = text.split(' ').all(|word| {
        words += 1;
        let is_first_a_word = words == 1 && (WORDS.machine.contains(word) || WORDS.whole.contains(word));
        // people of one name are numbered
        let is_number = || words > 2 && !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
        let is_word = || word.starts_with(char::is_uppercase) && word.chars().all(is_in_name);
        !is_first_a_word && (is_word() || is_number())
    });
    are_words && (2..=4).contains(&words)
}

/// Why a text that is not the usual form of a name holds none, or several.
fn unusual_name_fault(text: &str) -> Option<NameFault> {
    if holds_several(text) {
        return Some(NameFault::Several);
    }
    let words = || text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    let bare = text.trim_end_matches(|letter: char| letter.is_ascii_digit() || matches!(letter, ' ' | '№' | '.' | '#'));
    let is_numbered_word = bare.len() < text.len() && (WORDS.whole.contains(bare) || is_relation(bare));
    let is_of_machine = words().all(|word| WORDS.machine.contains(word) || WORDS.whole.contains(word));
    let first = words().next().unwrap_or_default();
    let begins_as_relation = first.starts_with(char::is_lowercase) && is_relation(first);
    let in_brackets = text.split_once('(').map_or("", |(_, inside)| inside.trim_end_matches(')'));
    let after_dash = [" - ", " – ", " — "].iter().find_map(|dash| text.split_once(dash)).map_or("", |(_, after)| after);
    let has_remark = decides_cover(after_dash)
        || !in_brackets.is_empty()
            && (decides_cover(in_brackets) || begins_as_vacancy(in_brackets) || WORDS.beside.contains(in_brackets));
    let is_firm = text.contains(['«', '"', '“']) && WORDS.firm.contains(first);
    let is_entity = text.split_once('&').is_some_and(|(_, after)| after.contains(';'));
    let has_day = || text.contains(|letter: char| letter.is_ascii_digit()) && holds_day(text);
    let is_no_name = is_relation(text) || is_numbered_word || is_of_machine || begins_as_relation || has_remark;
    (is_no_name || is_firm || is_entity || has_day() || has_more(text)).then_some(NameFault::NotAName)
}

/// Whether a text is a relation and nothing else.
fn is_relation(text: &str) -> bool {
    matches!(relation(Cell::Text(text)), Some(found) if found.is_relative())
}

fn begins_as_no_name(text: &str) -> bool {
    (begins_as_vacancy(text) || WORDS.sample.contains(first_word(text))) && !is_surname_with_given_name(text)
}

/// Whether a text of two or three bare words is a surname with a given name or a patronymic, whatever else the surname means.
fn is_surname_with_given_name(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let are_bare = words.iter().all(|word| word.chars().all(|letter| is_letter(letter) || letter == '-'));
    let is_given = |word: &&str| word.starts_with(char::is_uppercase) && WORDS.given.contains(word);
    let has_patronymic = words.len() == 3 && is_patronymic(words[2]);
    are_bare && (2..=3).contains(&words.len()) && (is_given(&words[1]) || has_patronymic)
}

/// Whether a cell states that there is no patronymic: «-», «нет».
#[must_use]
pub fn is_no_patronymic(cell: Cell<'_>) -> bool {
    let Cell::Text(text) = cell else { return false };
    WORDS.no_patronymic.contains(text) || text.chars().all(|letter| matches!(letter, '-' | '–' | '—'))
}

/// Whether a letter or mark occurs in Russian names; a name of these alone needs no search for lost letters.
const fn is_in_russian_names(letter: char) -> bool {
    matches!(letter, 'А'..='я' | 'Ё' | 'ё' | ' ' | '-' | '.')
}

/// Whether letters were replaced, by `?` for example, or read in the wrong encoding.
fn has_lost_letters(text: &str) -> bool {
    // signs that only a wrong encoding puts into a name
    let is_strange = |letter: char| {
        matches!(letter,
            '?' | '\u{fffd}' | '\u{80}'..='\u{9f}' | '\u{2500}'..='\u{259f}' | '\u{e000}'..='\u{f8ff}'
            | '€' | '®' | '©' | '¤' | '§' | '¶' | '†' | '‡' | '‰' | '¦' | '¬' | '±' | 'µ' | '™')
    };
    text.contains(is_strange)
        || is_1251_read_as_1252(text)
        || is_utf8_read_as(text, WINDOWS_1251)
        || is_utf8_read_as(text, WINDOWS_1252)
}

/// Whether a text has Russian in windows-1251 that was read as windows-1252: all letters of a word are accented, as in no language.
fn is_1251_read_as_1252(text: &str) -> bool {
    const FEWEST: usize = 3;
    let is_accented = |letter: char| matches!(letter, '\u{c0}'..='\u{ff}' | '¨' | '¸');
    let is_wrong = |word: &str| word.chars().count() >= FEWEST && word.chars().all(is_accented);
    let letters = || text.chars().filter(|letter| letter.is_alphabetic());
    text.split(|letter: char| letter.is_whitespace() || letter == '-').any(is_wrong)
        || letters().count() >= FEWEST && letters().all(is_accented)
}

/// Whether a word of a text is UTF-8 that was read in this encoding; the other words may have lost a letter that the encoding lacks.
fn is_utf8_read_as(text: &str, encoding: &'static Encoding) -> bool {
    const FEWEST: usize = 2;
    text.split(' ').any(|word| {
        let (bytes, _, has_lost) = encoding.encode(word);
        !has_lost
            && std::str::from_utf8(&bytes)
                .is_ok_and(|word| word.chars().filter(|letter| !letter.is_ascii()).count() >= FEWEST)
    })
}

/// Whether a text is a number, a date, an e-mail or web address, or a placeholder in brackets.
fn is_something_else(text: &str) -> bool {
    let count = |is_counted: fn(char) -> bool| text.chars().filter(|letter| is_counted(*letter)).count();
    let (digits, letters) = (count(char::is_numeric), count(char::is_alphabetic));
    digits > 0 && digits >= letters
        || text.contains(['@', '{', '}', '<', '>', '[', ']'])
        || text.contains("://")
        || is_day(Cell::Text(text))
}

fn begins_as_vacancy(text: &str) -> bool {
    WORDS.vacancy.contains(first_word(text))
}

fn first_word(text: &str) -> &str {
    text.split(|letter| !is_letter(letter)).find(|word| !word.is_empty()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn texts_that_are_no_names_are_recognised() {
        for text in [
            "????? ????",
            "Иванов ????",
            "Ñîêîëîâà Àííà",
            "Ëè ßí",
            "Èâàíîâ-Ïåòðîâ È. È.",
            "\u{fffd}\u{fffd}\u{fffd} \u{fffd}\u{fffd}",
            "Иван\u{fffd}в Пётр",
            "РџРІР°РЅРѕРІ РџРІР°РЅ",
            "РРІР°РЅРѕРІ РџС‘С‚СЂ",
            "Ð\u{98}Ð²Ð°Ð½Ð¾Ð²",
            "JosÃ© PeÃ±a",
            "€ў \u{ad}®ў",
            "╚трэют",
        ] {
            assert_eq!(name_fault(Cell::Text(text), NamePart::Whole), Some(NameFault::Letters), "{text}");
        }
        for text in [
            "—",
            "-",
            "...",
            "12345",
            "0",
            "05.06.1990",
            "1990-06-05",
            "12 марта 1980 г.",
            "вакансия",
            "Вакансия",
            "ВАКАНСИЯ (с 01.04)",
            "Вакансия менеджера",
            "Вакансия: Анна",
            "Вакансия Менеджер",
            "Образец Иванов Иван Иванович",
            "вакантно",
            "vacancy",
            "NULL",
            "null",
            "(null)",
            "NaN",
            "n/a",
            "Н/Д",
            "#ERROR!",
            "#ИМЯ?!",
            "ivanov@mail.example",
            "http://mail.example",
            "TRUE",
            "Истина",
            "ложь",
            "нет",
            "Нет данных",
            "не указано",
            "неизвестно",
            "<пусто>",
            "[object Object]",
            "тест",
        ] {
            assert_eq!(name_fault(Cell::Text(text), NamePart::Whole), Some(NameFault::NotAName), "{text}");
        }
        let moment = date(1990, 6, 5).at(21, 0, 0, 0);
        for cell in [
            Cell::Number(12345.0),
            Cell::Number(0.0),
            Cell::Date(date(1990, 6, 5)),
            Cell::Moment(moment),
            Cell::Bool(true),
        ] {
            assert_eq!(name_fault(cell, NamePart::Part), Some(NameFault::NotAName), "{cell:?}");
        }
    }

    #[test]
    fn rare_names_are_names() {
        for text in [
            "Иванов Пётр Ильич",
            "О'Нил Шон",
            "д’Артаньян Шарль",
            "Ли Ян",
            "Ким И",
            "Ы",
            "Ё",
            "Э Цой",
            "Мамедов Али Гасан оглы",
            "Иванова-Петрова Анна-Мария",
            "Müller Jürgen",
            "Ñíguez Peña José",
            "Åse Ødegård",
            "Œuvrard Zoé",
            "Łukasz Żółć",
            "Şükrü Öz",
            "Ґалаґан Їжак",
            "Ўладзімір Нікіфараў",
            "Ђорђевић Љиљана",
            "Қасымов Өмір",
            "Дата Нана Гелаевна",
            "Пустовойт Нет Ильич",
            "Вакансий Игорь Львович",
            "Вакансов Игорь",
            "Вакансия Анна",
            "Вакансия Ия Павловна",
            "ПРИМЕР ОЛЕГ ИЛЬИЧ",
            "Нетребко Анна",
            "Неизвестный Эрнст",
            "Тестов Иван",
            "Истинин Пётр",
            "Null Jennifer",
            "Нулл Анна",
            "Иванов И.И.",
            "ИВАНОВ ИВАН",
            "Смирнов Пётр 2",
            "Петрова (Сидорова) Анна",
            "Анна Петрова/Сидорова",
            "Егоров Пётр\nИльич",
            "王 伟",
        ] {
            assert_eq!(name_fault(Cell::Text(text), NamePart::Whole), None, "{text}");
        }
        for text in ["Нет", "Да", "Вакансия", "Ы", "О", "Тест"] {
            assert_eq!(name_fault(Cell::Text(text), NamePart::Part), None, "{text}");
        }
        for cell in [Cell::Empty, Cell::Fault("#N/A"), Cell::Uncalculated] {
            assert_eq!(name_fault(cell, NamePart::Whole), None, "{cell:?}");
        }
    }

    #[test]
    fn a_part_is_judged_alone() {
        for text in ["NULL", "nan", "????", "17", "@", "05.06.1990"] {
            assert!(name_fault(Cell::Text(text), NamePart::Part).is_some(), "{text}");
        }
        for text in ["-", "—", "нет", "Отсутствует", "б/о"] {
            assert!(is_no_patronymic(Cell::Text(text)), "{text}");
        }
        for text in ["Нетович", "Ильич", "О.", "оглы"] {
            assert!(!is_no_patronymic(Cell::Text(text)), "{text}");
        }
    }

    #[test]
    fn several_people_in_a_cell_are_recognised() {
        for text in [
            "Егоров Пётр Ильич, Егорова Дина Олеговна",
            "Егоров Пётр Ильич\nЕгорова Дина Олеговна",
            "Егоров Пётр Ильич; Егорова Дина",
            "Егоров Пётр Ильич/Егорова Дина Олеговна",
            "Лунин Олег и Анна",
            "Егоров Пётр Ильич + 1",
            "Сидоров Олег Ильич Егоров Пётр Ильич",
        ] {
            assert_eq!(name_fault(Cell::Text(text), NamePart::Whole), Some(NameFault::Several), "{text}");
        }
        for text in [
            "Иванов, Пётр Ильич",
            "Иванов\nПётр Ильич",
            "Иванова/Петрова Анна",
            "Рабинович Анна Ильинична",
            "Smith John, Jr.",
        ] {
            assert_eq!(name_fault(Cell::Text(text), NamePart::Whole), None, "{text}");
        }
    }

    #[test]
    fn words_beside_and_instead_of_names_are_recognised() {
        for text in [
            "Иванов Иван Иванович (уволен)",
            "Иванов Иван Иванович (декрет)",
            "Иванов Иван Иванович, 05.06.1990",
            "жена",
            "Супруга",
            "Ребенок 1",
            "сын Илья",
            "Новый сотрудник 1",
            "Сотрудник 2",
            "Менеджер (вакансия)",
            "Открытая вакансия",
            "Ставка вакантна",
            "Свободно",
            "Резерв",
            "null null null",
            "None None",
            "&nbsp;",
            "John Doe",
            "admin",
            "ФИО сотрудника",
            "Фамилия Имя Отчество",
            "прочерк",
            "см. выше",
            "ООО «Ромашка»",
            "Образец",
            "Пример: Иванов Иван",
            "Семья Егоровых",
            "Иванов И.И. - уволен",
            "Иванов&nbsp;Иван",
            "нет нет нет",
            "TBD TBD",
            "Итого по отделу",
        ] {
            assert_eq!(name_fault(Cell::Text(text), NamePart::Whole), Some(NameFault::NotAName), "{text}");
        }
    }
}
