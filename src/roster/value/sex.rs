//! Sexes as people write them: `М`, `муж.`, `female`.

use crate::base::sex::Sex;
use crate::table::cell::Cell;
use crate::table::text::folded;

/// Reads the sex in a cell; `None` where the cell holds anything else.
#[must_use]
pub fn sex(cell: Cell<'_>) -> Option<Sex> {
    let Cell::Text(text) = cell else { return None };
    match folded(text).trim_end_matches('.') {
        "м" | "муж" | "мужской" | "мужчина" => Some(Sex::Male),
        "ж" | "жен" | "женский" | "женщина" | "f" | "w" => Some(Sex::Female),
        word if word == folded("male") || word == folded("man") => Some(Sex::Male),
        word if word == folded("female") || word == folded("woman") => Some(Sex::Female),
        _ => None,
    }
}

/// The sex by the patronymic in a whole name; `None` where there is none, or where two words could be one.
#[must_use]
pub fn sex_of_patronymic(name: &str) -> Option<Sex> {
    const MALE: [&str; 4] = ["ич", "оглы", "оглу", "улы"];
    const FEMALE: [&str; 5] = ["вна", "чна", "шна", "кызы", "гызы"];
    let words: Vec<String> = name.split_whitespace().skip(1).map(str::to_lowercase).collect();
    let has = |ends: &[&str]| words.iter().any(|word| ends.iter().any(|end| word.ends_with(end)));
    match (has(&MALE), has(&FEMALE)) {
        (true, false) if words.len() > 1 => Some(Sex::Male),
        (false, true) if words.len() > 1 => Some(Sex::Female),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patronymics_have_a_sex() {
        for (name, expected) in [
            ("Иванов Пётр Ильич", Some(Sex::Male)),
            ("ПЕТРОВА АННА СЕРГЕЕВНА", Some(Sex::Female)),
            ("Анна Сергеевна Петрова", Some(Sex::Female)),
            ("Вукович Анна Ильинична", Some(Sex::Female)),
            ("Анна Сергеевна Вукович", None),
            ("Алиев Рустам Закир оглы", Some(Sex::Male)),
            ("Вукович Анна", None),
            ("Анна Вукович", None),
            ("Пётр Павловна", None),
            ("Павлова Анна", None),
            ("John Smith", None),
            ("", None),
        ] {
            assert_eq!(sex_of_patronymic(name), expected, "{name}");
        }
    }

    #[test]
    fn sexes_are_read_however_they_are_written() {
        for text in ["М", "муж.", "Мужской", "M", "male", "Man"] {
            assert_eq!(sex(Cell::Text(text)), Some(Sex::Male), "{text}");
        }
        for text in ["Ж", "жен.", "ЖЕНСКИЙ", "f", "Female", "woman"] {
            assert_eq!(sex(Cell::Text(text)), Some(Sex::Female), "{text}");
        }
        for cell in [Cell::Text("?"), Cell::Number(1.0), Cell::Empty] {
            assert_eq!(sex(cell), None);
        }
    }
}
