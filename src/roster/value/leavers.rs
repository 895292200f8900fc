//! Titles, sub-headings and sheets that are about those who left: «Уволенные», «На открепление», “Leavers”.

use crate::table::text::folded;

/// Beginnings of words in such a text, in the folded form.
const STEMS: [&str; 13] = [
    "увол",
    "откреп",
    "выбыл",
    "выбывш",
    "исключить",
    "исключен",
    "снят",
    "удалит",
    "dismiss",
    "terminat",
    "leavers",
    "detach",
    "resign",
];
/// Words before which such a word means the contrary.
const WITHOUT: [&str; 4] = ["без", "кроме", "without", "except"];

/// Whether a text is about those who left.
#[must_use]
pub fn is_about_leavers(text: &str) -> bool {
    let words: Vec<String> = text.split(|letter: char| !letter.is_alphanumeric()).map(folded).collect();
    let is_stem = |word: &String| STEMS.iter().any(|stem| word.starts_with(&folded(stem)));
    words.iter().any(is_stem) && !words.iter().any(|word| WITHOUT.iter().any(|without| *word == folded(without)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_about_those_who_left_are_recognised() {
        for text in [
            "Уволенные (открепить)",
            "НА ОТКРЕПЛЕНИЕ",
            "Выбывшие",
            "Leavers",
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
            "",
        ] {
            assert!(!is_about_leavers(text), "{text}");
        }
    }
}
