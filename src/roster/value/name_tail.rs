//! What people write beside a name in its cell: a number, a mark of a footnote, a post, a remark.

use crate::roster::value::leavers::decides_cover;
use crate::roster::value::name_words::WORDS;

/// Whether a text is more than a name: it begins with a number, has a mark of a footnote, or goes on in small letters after the name.
/// An earlier surname in brackets belongs to the name.
pub(super) fn has_more(text: &str) -> bool {
    let is_figure = |letter: char| letter.is_ascii_digit();
    let has_figure_inside = |word: &str| word.starts_with(char::is_alphabetic) && word.contains(is_figure);
    let in_brackets = text.split_once('(').map(|(_, inside)| inside.trim_end_matches(')'));
    let after_dash = [" - ", " – ", " — "].iter().find_map(|dash| text.split_once(dash)).map(|(_, after)| after);
    let after_comma = text.split_once(',').map(|(_, after)| after.trim_start());
    text.starts_with(is_figure)
        || text.contains(['*', '№'])
        || text.split_whitespace().any(has_figure_inside)
        || in_brackets.is_some_and(|inside| inside.chars().all(is_figure))
        || [in_brackets, after_dash, after_comma].into_iter().flatten().any(is_remark)
        || small_tail(text).is_some_and(|tail| decides_cover(tail) || is_abbreviation(tail))
}

/// Whether a text begins with a small letter and does not belong to a name, as «урожд. Сидорова» does.
fn is_remark(text: &str) -> bool {
    let first = text.split(|letter: char| !letter.is_alphabetic()).next().unwrap_or_default();
    text.starts_with(char::is_lowercase) && !WORDS.of_name.contains(first)
}

/// The text from its first word in small letters after another one.
fn small_tail(text: &str) -> Option<&str> {
    let mut at = 0;
    for (number, word) in text.split(' ').enumerate() {
        if number > 0 && word.starts_with(char::is_lowercase) {
            return Some(&text[at..]);
        }
        at += word.len() + 1;
    }
    None
}

/// Whether a text is one short word with a point: `ув.`.
fn is_abbreviation(text: &str) -> bool {
    const MOST_LETTERS: usize = 5;
    let Some(word) = text.strip_suffix('.') else { return false };
    word.chars().all(char::is_alphabetic) && word.chars().count() <= MOST_LETTERS && !WORDS.of_name.contains(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_beside_a_name_is_recognised() {
        for text in [
            "101 Соколова Анна Петровна",
            "4. Цветкова Мария",
            "Лунин Олег Игоревич №103",
            "Егоров Пётр Ильич (102)",
            "С0колова Анна",
            "Соколова Анна Петровна *",
            "Соколова Анна Петровна, бухгалтер",
            "Егоров Пётр Ильич - директор",
            "Лунин Олег Игоревич (сын Лунина И.П.)",
            "Цветкова Мария Львовна (д/о)",
            "Цветкова Мария Львовна (ув.)",
            "Лунин Олег Игоревич ув.",
            "Лунин Олег Игоревич уволен",
            "Лунин уволен",
            "Лунин ув.",
            "Лунин Олег внутр.",
            "Цветкова Мария, г.р. 1996",
        ] {
            assert!(has_more(text), "{text}");
        }
        for text in [
            "Смирнов Пётр 2",
            "Смирнов Пётр 2-й",
            "Петрова (Сидорова) Анна",
            "Петрова Анна (урожд. Сидорова)",
            "Петрова Анна (до брака Сидорова)",
            "Smith John, jr.",
            "Иванов Пётр ст.",
            "Мамедов Али Гасан оглы",
            "ван дер Вельде Ян",
            "Иванов иван иванович",
            "иванов иван иванович",
            "Иванов, Пётр Ильич",
            "Ли ян и.",
            "Лунин Олег игоревич.",
            "Петрова Анна (Сидорова 2)",
        ] {
            assert!(!has_more(text), "{text}");
        }
    }
}
