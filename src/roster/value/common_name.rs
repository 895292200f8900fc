//! Names as nearly all are written, recognised in one pass over their bytes.

use crate::roster::value::name_words::WORDS;

/// Whether a text is a name as nearly all are written, so that it needs no further check: two to four words of Russian letters with
/// capitals, no listed word as a whole, and none as its first word.
pub fn is_common_name(text: &str) -> bool {
    let Some(words) = russian_words(text).filter(|words| (2..=4).contains(&words.count)) else { return false };
    !WORDS.never_first.contains_bare(&text[..words.first_bytes]) && !WORDS.never_whole.contains_bare(text)
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

/// What begins or continues a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LetterKind {
    /// No Russian letter.
    Other,
    Capital,
    Small,
}

/// The kind of each letter from U+0400 to U+047F.
const CYRILLIC: [LetterKind; 128] = {
    let mut kinds = [LetterKind::Other; 128];
    let mut place = 0;
    while place < 32 {
        // А–Я from U+0410, а–я from U+0430
        kinds[0x10 + place] = LetterKind::Capital;
        kinds[0x30 + place] = LetterKind::Small;
        place += 1;
    }
    // Ё and ё
    kinds[0x01] = LetterKind::Capital;
    kinds[0x51] = LetterKind::Small;
    kinds
};

/// The words of a text of nothing but Russian letters and hyphens, with one space between words and a capital before each; one pass over
/// its bytes. `None` for any other text.
fn russian_words(text: &str) -> Option<RussianWords> {
    let (mut rest, mut count, mut first_bytes) = (text.as_bytes(), 0, text.len());
    let mut begins = true;
    loop {
        rest = match rest {
            // UTF-8 has two bytes of each letter up to U+047F
            [first @ (0xd0 | 0xd1), second, rest @ ..] => {
                match CYRILLIC[usize::from(first & 1) << 6 | usize::from(second & 0x3f)] {
                    LetterKind::Small if !begins => {}
                    LetterKind::Capital => count += usize::from(begins),
                    _ => return None,
                }
                begins = false;
                rest
            }
            [b' ', after @ ..] if !begins => {
                if count == 1 {
                    first_bytes = text.len() - rest.len();
                }
                begins = true;
                after
            }
            [b'-', rest @ ..] if !begins => rest,
            [] => break,
            _ => return None,
        };
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
