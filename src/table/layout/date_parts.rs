//! Dates in three columns: day, month and year.

/// The words for the parts of a date.
const PARTS: [&[&str]; 3] =
    [&["день", "число", "дд", "day", "dd"], &["месяц", "мес", "мм", "month", "mm"], &["год", "гггг", "year", "yyyy"]];

/// The first of three columns that follow each other and hold the day, the month and the year, in any order.
pub fn date_parts(headings: &[String]) -> Option<usize> {
    let part = |heading: &String| {
        let first = heading.split(|letter: char| !letter.is_alphabetic()).find(|word| !word.is_empty())?.to_lowercase();
        PARTS.iter().position(|words| words.contains(&first.as_str()))
    };
    let has_all = |columns: &[String]| {
        let parts: Vec<usize> = columns.iter().filter_map(part).collect();
        (0..PARTS.len()).all(|wanted| parts.contains(&wanted))
    };
    headings.windows(PARTS.len()).position(has_all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn day_month_and_year_beside_each_other_are_found() {
        for (headings, expected) in [
            (&["ФИО", "День рождения", "Месяц рождения", "Год рождения"][..], Some(1)),
            (&["ФИО", "", "день", "месяц", "год"], Some(2)),
            (&["Year", "Month", "Day"], Some(0)),
            (&["День рождения", "Группа риска", "Год"], None),
            (&["День", "Число", "Год"], None),
            (&["Дата рождения", "Месяц", "Год"], None),
        ] {
            let headings: Vec<String> = headings.iter().map(|heading| (*heading).to_owned()).collect();
            assert_eq!(date_parts(&headings), expected, "{headings:?}");
        }
    }
}
