//! Number formats of Excel: which of them show a number as a day or as a duration.

use calamine::ExcelDateTimeType;

/// What a format that every workbook has shows, by its number; `None` where it shows a number.
pub const fn of_built_in(number: u16) -> Option<ExcelDateTimeType> {
    match number {
        14..=22 | 27..=36 | 45 | 47 | 50..=58 => Some(ExcelDateTimeType::DateTime),
        46 => Some(ExcelDateTimeType::TimeDelta),
        _ => None,
    }
}

/// What a format shows by its code, such as `dd.mm.yyyy` or `[h]:mm`; `None` where it shows a number.
///
/// The section for positive numbers decides. Texts in quotes, letters after `\`, `_` and `*`, colours and conditions in brackets show nothing.
pub fn of_code(code: &str) -> Option<ExcelDateTimeType> {
    let mut letters = code.chars();
    while let Some(letter) = letters.next() {
        match letter.to_ascii_lowercase() {
            '"' => drop(letters.find(|letter| *letter == '"')),
            '\\' | '_' | '*' => drop(letters.next()),
            ';' => return None,
            '[' => {
                let inside: String = letters.by_ref().take_while(|letter| *letter != ']').collect();
                let is_time =
                    |unit: char| !inside.is_empty() && inside.chars().all(|letter| letter.eq_ignore_ascii_case(&unit));
                if ['h', 'm', 's'].into_iter().any(is_time) {
                    return Some(ExcelDateTimeType::TimeDelta);
                }
            }
            'd' | 'm' | 'y' | 'h' | 's' => return Some(ExcelDateTimeType::DateTime),
            // General
            'g' if letters.as_str().to_ascii_lowercase().starts_with("eneral") => drop(letters.nth(5)),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_of_days_are_recognised() {
        for code in ["dd.mm.yyyy", "[$-419]d mmmm yyyy\\ \"г.\";@", "[Red]DD/MM", "h:mm AM/PM", "mm:ss.0", "yyyy"] {
            assert_eq!(of_code(code), Some(ExcelDateTimeType::DateTime), "{code}");
        }
        for code in ["[h]:mm", "[MM]:ss", "[ss]"] {
            assert_eq!(of_code(code), Some(ExcelDateTimeType::TimeDelta), "{code}");
        }
        for code in ["General", "0.00", "#,##0 \"руб. dmy\"", "0\\d", "[Red]0;[Blue]dd.mm", "0000", "@", "0_d", "\"dd"]
        {
            assert_eq!(of_code(code), None, "{code}");
        }
        assert_eq!(
            [of_built_in(14), of_built_in(46), of_built_in(2)].map(|shown| shown.is_some()),
            [true, true, false]
        );
    }
}
