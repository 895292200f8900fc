//! The units of amounts that a heading, a row of units or a number format states.

/// What one of an amount is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AmountUnit {
    /// A rouble.
    Roubles,
    /// A thousand roubles.
    Thousands,
    /// A million roubles.
    Millions,
    /// Something of another currency.
    Foreign,
}

/// Beginnings of words for the units other than roubles, in small letters.
const STEMS: [(AmountUnit, &[&str]); 3] = [
    (AmountUnit::Foreign, &["долл", "юан", "тенге", "dollar"]),
    (AmountUnit::Millions, &["млн", "миллион", "million", "mln"]),
    (AmountUnit::Thousands, &["тыс", "thousand", "krub"]),
];
/// Whole words for other currencies: «Евростиль» is none.
const CURRENCIES: [&str; 10] = ["usd", "eur", "cny", "kzt", "byn", "gbp", "дол", "евро", "euro", "euros"];
/// Signs of other currencies.
const SIGNS: [char; 4] = ['$', '€', '£', '¥'];

/// The unit that a text states; `None` where it states none.
///
/// ```
/// # use kollektiv::table::value::{AmountUnit, amount_unit};
/// assert_eq!(amount_unit("Страховая сумма, тыс. руб."), Some(AmountUnit::Thousands));
/// assert_eq!(amount_unit("Страховая сумма"), None);
/// ```
#[must_use]
pub fn amount_unit(text: &str) -> Option<AmountUnit> {
    let text = text.to_lowercase();
    if text.contains(SIGNS) {
        return Some(AmountUnit::Foreign);
    }
    let words = || text.split(|letter: char| !letter.is_alphabetic()).filter(|word| !word.is_empty());
    let states = |stems: &&[&str]| words().any(|word| stems.iter().any(|stem| word.starts_with(stem)));
    if words().any(|word| CURRENCIES.contains(&word)) {
        return Some(AmountUnit::Foreign);
    }
    let scaled = STEMS.iter().find(|(_, stems)| states(stems)).map(|(unit, _)| *unit);
    // 150'000 is a number
    let counts_in_noughts = |mark: &str| {
        text.match_indices(mark).any(|(at, _)| !text[..at].ends_with(|letter: char| letter.is_ascii_digit()))
    };
    let is_abbreviated = || {
        ["т.р", "т. р", "т.руб", "т. руб", "k rub"].iter().any(|short| text.contains(short))
            || words().any(|word| word == "k" || word == "тр")
            || ["'000", "’000", "(000", "000s"].iter().any(|mark| counts_in_noughts(mark))
    };
    let are_roubles =
        || text.contains('₽') || words().any(|word| word.starts_with("руб") || word == "rub" || word == "р");
    scaled
        .or_else(|| is_abbreviated().then_some(AmountUnit::Thousands))
        .or_else(|| are_roubles().then_some(AmountUnit::Roubles))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_recognised_in_headings_and_cells() {
        use AmountUnit::{Foreign, Millions, Roubles, Thousands};
        for (text, expected) in [
            ("тыс. руб.", Some(Thousands)),
            ("(суммы в тыс. руб.)", Some(Thousands)),
            ("Страховая сумма, т.р.", Some(Thousands)),
            ("Страховая сумма, млн руб.", Some(Millions)),
            ("150 тыс. руб.", Some(Thousands)),
            ("Страховая сумма (USD)", Some(Foreign)),
            ("$", Some(Foreign)),
            ("100 долл. США", Some(Foreign)),
            ("Sum insured (k)", Some(Thousands)),
            ("Sum insured, RUB'000", Some(Thousands)),
            ("Страховая сумма, тр", Some(Thousands)),
            ("150'000", None),
            ("Страховая сумма, руб.", Some(Roubles)),
            ("120 000 р.", Some(Roubles)),
            ("Страховая сумма", None),
            ("Лимит", None),
            ("ООО «Евростиль»", None),
            ("Должность", None),
        ] {
            assert_eq!(amount_unit(text), expected, "{text}");
        }
    }
}
