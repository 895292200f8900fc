//! Names as nearly all are written, recognised in one pass over their bytes.

use crate::roster::value::name_words::{WORDS, WordList};

/// Whether a text is a name as nearly all are written, so that it needs no further check: two to four words of Russian letters with
/// capitals, no listed word as a whole, and none as its first word.
pub fn is_common_name(text: &str) -> bool {
    let Some(words) = russian_words(text).filter(|words| (2..=4).contains(&words.count)) else { return false };
    let is_listed = |word: &str, lists: &[&WordList]| lists.iter().any(|list| list.contains_bare(word));
    !is_listed(&text[..words.first_bytes], &[&WORDS.machine, &WORDS.whole, &WORDS.vacancy, &WORDS.sample])
        && !is_listed(text, &[&WORDS.machine, &WORDS.whole])
}

/// Whether a text is a part of a name as nearly all are written: Russian letters with a capital, and no listed word.
pub fn is_common_part(text: &str) -> bool {
    russian_words(text).is_some() && !WORDS.machine.contains_bare(text)
}

/// The words of a text.
struct RussianWords {
    count: usize,
    /// The bytes of the first word.
    first_bytes: usize,
}

/// The words of a text of nothing but Russian letters and hyphens, with one space between words and a capital before each; one pass over
/// its bytes. `None` for any other text.
fn russian_words(text: &str) -> Option<RussianWords> {
    let bytes = text.as_bytes();
    let (mut at, mut count, mut first_bytes) = (0, 0, bytes.len());
    let mut begins = true;
    while at < bytes.len() {
        match bytes[at] {
            b' ' if !begins => {
                if count == 1 {
                    first_bytes = at;
                }
                begins = true;
                at += 1;
            }
            b'-' if !begins => at += 1,
            first @ (0xD0 | 0xD1) => {
                let second = bytes[at + 1];
                // А–Я and Ё, а–п, р–я and ё
                let is_capital = first == 0xD0 && (matches!(second, 0x90..=0xAF) || second == 0x81);
                let is_small = if first == 0xD0 { second >= 0xB0 } else { second <= 0x8F || second == 0x91 };
                if !(is_capital || !begins && is_small) {
                    return None;
                }
                count += usize::from(begins);
                begins = false;
                at += 2;
            }
            _ => return None,
        }
    }
    (!begins).then_some(RussianWords { count, first_bytes })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearly_every_name_needs_one_look() {
        for text in ["Иванова-Петрова Анна", "ИВАНОВ ИВАН ИЛЬИЧ", "Ёлкин Ян", "Истинин Пётр", "Нетребко Анна Юрьевна"]
        {
            assert!(is_common_name(text), "{text}");
        }
        for text in [
            "Иванов",
            "Иванов  Пётр",
            " Иванов Пётр",
            "Иванов Пётр ",
            "иванов Пётр",
            "Иванов пётр",
            "-Иванов Пётр",
            "Иванов Пётр 2",
            "Müller Jürgen",
            "Иванов И.И.",
            "Вакансия Менеджер",
            "Тест Тестов",
            "Имя Фамилия",
            "Образец Анна",
            "Ґалаґан Їжак",
            "Раз Два Три Четыре Пять",
            "",
        ] {
            assert!(!is_common_name(text), "{text}");
        }
        assert!(
            is_common_part("Анна-Мария") && is_common_part("Нет") && !is_common_part("Ложь") && !is_common_part("17")
        );
    }
}
