//! Titles, sub-headings, sheets and remarks that are about those who left or are not to be insured: «Уволенные», «На открепление», “Leavers”.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::roster::value::relation::names_relative;
use crate::table::free_text::{has_initials, holds_day};
use crate::table::text::folded;

/// A phrase: the beginnings of words that follow each other, folded.
type Phrase = Vec<String>;

/// The words of `leavers.toml`, folded.
#[derive(Deserialize)]
#[serde(from = "Listed")]
struct Words {
    anywhere: Vec<Phrase>,
    section: Vec<Phrase>,
    whole: Vec<Phrase>,
    without: Vec<String>,
    beside: Vec<String>,
    order: Vec<Phrase>,
    line: Vec<Phrase>,
    insured: Vec<Vec<String>>,
}

#[derive(Deserialize)]
struct Listed {
    anywhere: Vec<String>,
    section: Vec<String>,
    whole: Vec<String>,
    without: Vec<String>,
    beside: Vec<String>,
    order: Vec<String>,
    line: Vec<String>,
    insured: Vec<String>,
}

impl From<Listed> for Words {
    fn from(listed: Listed) -> Self {
        let phrases = |list: Vec<String>| list.iter().map(|phrase| words(phrase)).collect();
        let single = |list: Vec<String>| list.iter().map(|word| folded(word)).collect();
        Self {
            anywhere: phrases(listed.anywhere),
            section: phrases(listed.section),
            whole: phrases(listed.whole),
            without: single(listed.without),
            beside: single(listed.beside),
            order: phrases(listed.order),
            line: phrases(listed.line),
            insured: phrases(listed.insured),
        }
    }
}

static WORDS: LazyLock<Words> =
    LazyLock::new(|| toml::from_str(include_str!("leavers.toml")).expect("a table of lists of words"));

/// The words of a text, folded; letters written apart are one word: «У в о л е н н ы е».
fn words(text: &str) -> Vec<String> {
    let words: Vec<String> =
        text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).map(folded).collect();
    let is_spaced = words.iter().all(|word| word.chars().count() == 1);
    if is_spaced { vec![words.concat()] } else { words }
}

/// Where a phrase stands in some words, as a range.
fn find(phrase: &Phrase, words: &[String]) -> Option<std::ops::Range<usize>> {
    let matches = |part: &[String]| part.iter().zip(phrase).all(|(word, stem)| word.starts_with(stem.as_str()));
    let at = words.windows(phrase.len()).position(matches)?;
    Some(at..at + phrase.len())
}

fn has_any(phrases: &[Phrase], words: &[String]) -> bool {
    phrases.iter().any(|phrase| find(phrase, words).is_some())
}

fn means_contrary(words: &[String]) -> bool {
    words.iter().any(|word| WORDS.without.contains(word))
}

/// Whether a title, a sub-heading or the name of a sheet is about those who left.
#[must_use]
pub fn is_about_leavers(text: &str) -> bool {
    let words = words(text);
    let is_about = has_any(&WORDS.anywhere, &words) || has_any(&WORDS.section, &words) || WORDS.whole.contains(&words);
    is_about && !means_contrary(&words)
}

/// Whether a text is about those who left and about nothing else, so that it is no name of a person: «Уволенные сотрудники».
#[must_use]
pub fn is_leavers_heading(text: &str) -> bool {
    let words = words(text);
    if means_contrary(&words) {
        return false;
    }
    let mut is_known = vec![false; words.len()];
    for phrase in WORDS.anywhere.iter().chain(&WORDS.section) {
        if let Some(found) = find(phrase, &words) {
            is_known[found].fill(true);
        }
    }
    let is_beside = |word: &String| WORDS.beside.contains(word) || word.bytes().any(|byte| byte.is_ascii_digit());
    is_known.contains(&true) && words.iter().zip(is_known).all(|(word, known)| known || is_beside(word))
}

/// Whether a cell of remarks or of a status decides whether the person of its row is insured, or names a further person: «уволен»,
/// «прикрепить с марта», «+ сын 2015 г.р.».
#[must_use]
pub fn decides_cover(text: &str) -> bool {
    let words = words(text);
    let names_person =
        || text.contains(|letter: char| letter == '+' || letter.is_ascii_digit()) && names_relative(text);
    (has_any(&WORDS.anywhere, &words) || has_any(&WORDS.order, &words)) && !means_contrary(&words) || names_person()
}

/// Whether a line beside the rows of a list orders who is insured, and names a person or another day than the `first` of the contract, so that
/// it is no form of words: «Дополнительно включить: Егорова Анна», «Подключить с 01.03.2027», «также застрахован сын».
#[must_use]
pub fn orders_cover(text: &str, first: &str) -> bool {
    let words = words(text);
    if means_contrary(&words) {
        return false;
    }
    let is_ordered = || has_any(&WORDS.order, &words) || has_any(&WORDS.line, &words);
    let states_insured = || {
        let is_stated = |phrase: &Vec<String>| words.windows(phrase.len()).any(|part| part == phrase);
        WORDS.insured.iter().any(is_stated) && names_relative(text)
    };
    is_ordered() && (names_person(text) || holds_day(&text.replace(first, "")))
        || has_any(&WORDS.anywhere, &words) && names_person(text)
        || states_insured()
}

/// Whether a line names a person: a patronymic in any case, or initials.
fn names_person(text: &str) -> bool {
    const STEMS: [&str; 6] = ["ович", "евич", "овн", "евн", "инич", "ильич"];
    /// The bytes of the longest stem with the ending of a case.
    const LONGEST_END: usize = 14;
    /// Stems of adjectives, which end as patronymics do: «Основной», «Верховного».
    const ADJECTIVES: [&str; 7] = ["основн", "верховн", "условн", "уголовн", "духовн", "церковн", "дневн"];
    let is_patronymic = |word: &str| {
        let lower = word.to_lowercase();
        word.starts_with(char::is_uppercase)
            && !ADJECTIVES.iter().any(|stem| lower.contains(stem))
            && STEMS.iter().any(|stem| {
                lower.find(stem).is_some_and(|at| (at > 2 || *stem == "ильич") && lower.len() - at <= LONGEST_END)
            })
    };
    has_initials(text)
        || text.split(|letter: char| !letter.is_alphabetic()).filter(|word| !word.is_empty()).any(is_patronymic)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_about_those_who_left_are_recognised() {
        for text in [
            "Уволенные (открепить)",
            "УВОЛЕННЫЕ В 2026 ГОДУ",
            "НА ОТКРЕПЛЕНИЕ",
            "Открепить с 01.12.2026",
            "Раздел 2. Открепление",
            "Выбывшие",
            "Бывшие сотрудники",
            "Не работают",
            "Расторгнут договор",
            "Исключаемые",
            "Снимаются с ДМС",
            "Отказались от ДМС",
            "Не страхуются",
            "Убрать из списка",
            "Ушли",
            "Удалены из списка",
            "На удаление",
            "Прекратили работу",
            "Архив",
            "Вышли на пенсию",
            "У в о л е н н ы е",
            "Leavers",
            "Left",
            "Ex-employees",
            "Former employees",
            "To be removed",
            "Terminated employees",
            "Снять с обслуживания",
        ] {
            assert!(is_about_leavers(text), "{text}");
        }
        for text in [
            "Сотрудники",
            "Список без уволенных",
            "Удалённые сотрудники",
            "Цех 5",
            "Исключительно VIP",
            "Left bank office",
            "Архивный отдел",
            "",
        ] {
            assert!(!is_about_leavers(text), "{text}");
        }
    }

    #[test]
    fn a_heading_about_those_who_left_is_no_name() {
        for text in
            ["УВОЛЕННЫЕ СОТРУДНИКИ", "Уволенные в 2026 году", "Уволенные в 2026г.", "Уволенные", "На открепление"]
        {
            assert!(is_leavers_heading(text), "{text}");
        }
        for text in [
            "Уволенцев Пётр",
            "Снятков Иван",
            "Выбылов Пётр Ильич",
            "Отдел продаж",
            "Убратьев Пётр",
            "Сотрудники 2026 года",
            "Без уволенных сотрудников",
        ] {
            assert!(!is_leavers_heading(text), "{text}");
        }
    }

    #[test]
    fn remarks_that_decide_about_the_cover_are_recognised() {
        for text in [
            "уволен",
            "Уволена с 15 октября",
            "открепить",
            "не страховать",
            "исключить",
            "прикрепить с марта 2027",
            "+ сын Егоров Илья Петрович 2015 г.р.",
            "+ сын",
            "жена Дина, 1987",
        ] {
            assert!(decides_cover(text), "{text}");
        }
        for text in [
            "бывшая фамилия Петрова",
            "VIP",
            "ушла в декрет",
            "жена работника",
            "удалённая работа",
            "кабинет 215",
            "без открепления",
            "",
        ] {
            assert!(!decides_cover(text), "{text}");
        }
    }

    #[test]
    fn lines_that_order_who_is_insured_are_recognised() {
        for text in [
            "Из списка исключён: Орлов Пётр Ильич",
            "Дополнительно включить: Орлов Пётр Ильич, 12.01.1985",
            "* у Соколовой А.П. также застрахован сын",
            "Подключить с 01.03.2027:",
            "Исключить Орлову Анну Петровну",
            "Please exclude Орлов П.И.",
            "Просим застраховать: Орлов П.И.",
            "Исключить вместе с Анной Ильиничной",
            "Уволен Орлов П.И.",
        ] {
            assert!(orders_cover(text, "01.12.2026"), "{text}");
        }
        for text in [
            "Просим застраховать указанных лиц с 01.12.2026",
            "Просим прикрепить вышеуказанных сотрудников",
            "Список застрахованных лиц и членов их семей",
            "Примечание: сотрудники в декрете не включены",
            "Уволенные с 01.10.2026",
            "Ответственный: Иванова Елена Петровна",
            "Без исключения: Орлов П.И.",
            "* Соколова А.П. также застрахована в другой компании",
            "* у Соколовой А.П. есть сын",
            "Дополнительно включить: петрович",
            "Ровно в срок подключить",
            "Подключить Церковноприходскую школу",
            "Основные условия: включить стоматологию",
            "Прикрепить к Верховной больнице",
            "Отдел внедрения",
        ] {
            assert!(!orders_cover(text, "01.12.2026"), "{text}");
        }
    }
}
