//! Months in words.

/// The months: the stem of the Russian name, the English name, the Roman number.
const MONTHS: [(&str, &str, &str); 12] = [
    ("январ", "january", "i"),
    ("феврал", "february", "ii"),
    ("март", "march", "iii"),
    ("апрел", "april", "iv"),
    ("ма", "may", "v"),
    ("июн", "june", "vi"),
    ("июл", "july", "vii"),
    ("август", "august", "viii"),
    ("сентябр", "september", "ix"),
    ("октябр", "october", "x"),
    ("ноябр", "november", "xi"),
    ("декабр", "december", "xii"),
];

/// The number of the month that a word names in full, in Russian in any case of the noun: `марта`, `March`.
#[must_use]
pub fn month_of_name(word: &str) -> Option<i8> {
    const ENDINGS: [&str; 10] = ["", "ь", "я", "е", "а", "ю", "у", "й", "ем", "ом"];
    let word = word.to_lowercase();
    let is_named = |(stem, english, _): &(&str, &str, &str)| {
        let ending = word.strip_prefix(stem);
        // «ма» has the endings of «май» alone
        let has_ending = ending.is_some_and(|ending| match *stem {
            "ма" => ["й", "я", "е", "ю", "ем"].contains(&ending),
            _ => ENDINGS.contains(&ending),
        });
        has_ending || word == *english
    };
    number_of(is_named)
}

/// The number of the month that a word names in a date: in full, shortened, or as a Roman number: `марта`, `мар`, `Mar`, `III`.
#[must_use]
pub fn month_of_word(word: &str) -> Option<i8> {
    const SHORTEST: usize = 3;
    let lower = word.to_lowercase();
    let is_short = |(stem, english, roman): &(&str, &str, &str)| {
        let is_beginning = |name: &str| lower.chars().count() >= SHORTEST && name.starts_with(&lower);
        is_beginning(stem) || is_beginning(english) || lower == *roman
    };
    month_of_name(word).or_else(|| number_of(is_short))
}

fn number_of(is_named: impl Fn(&(&str, &str, &str)) -> bool) -> Option<i8> {
    let place = MONTHS.iter().position(is_named)?;
    i8::try_from(place + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_named_in_words() {
        for (word, month) in [
            ("января", Some(1)),
            ("МАРТА", Some(3)),
            ("май", Some(5)),
            ("мае", Some(5)),
            ("June", Some(6)),
            ("декабрём", None),
            ("маг", None),
            ("мар", None),
            ("майор", None),
        ] {
            assert_eq!(month_of_name(word), month, "{word}");
        }
        for (word, month) in
            [("мар", Some(3)), ("сент", Some(9)), ("Dec", Some(12)), ("VI", Some(6)), ("ма", None), ("12", None)]
        {
            assert_eq!(month_of_word(word), month, "{word}");
        }
    }
}
