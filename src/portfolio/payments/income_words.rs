//! The words of a cell beside a payment that is no premium received in roubles: a reversal, not executed, another currency.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::base::diagnostic::{masked, shortened};
use crate::base::messages::Message;
use crate::table::text::folded;

/// What a column holds that is neither number, day, amount nor document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OtherColumn {
    /// The currency: any word but the rouble is a fault.
    Currency,
    /// The status or the kind of operation: any unknown word is a fault.
    Status,
    /// Whether the payment is taken back: any word but a no is a fault.
    Reversal,
    /// Something else: only a word that surely means no premium is a fault.
    Unknown,
}

/// The words of `income_words.toml`, in the form for comparing.
#[derive(Deserialize)]
struct Words {
    roubles: Vec<String>,
    received: Vec<String>,
    no: Vec<String>,
    not_income: Vec<String>,
    currencies: Vec<String>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let mut words: Words = toml::from_str(include_str!("income_words.toml")).expect("five lists of words");
    let Words { roubles, received, no, not_income, currencies } = &mut words;
    for list in [roubles, received, no, not_income, currencies] {
        for word in list.iter_mut() {
            *word = folded(word);
        }
    }
    words
});

/// The fault of a cell, if its word means that the payment is no premium received in roubles.
pub(super) fn income_fault(text: &str, holds: OtherColumn) -> Option<Message> {
    let word = folded(text);
    if word.is_empty() {
        return None;
    }
    let is_in = |list: &[String]| list.contains(&word);
    // a number in an unknown column is no code of a currency
    let is_number = || text.trim().bytes().all(|letter| letter.is_ascii_digit());
    let name = match holds {
        OtherColumn::Currency if !is_in(&WORDS.roubles) => "payment-currency",
        OtherColumn::Status if !is_in(&WORDS.received) => "payment-not-received",
        OtherColumn::Reversal if !is_in(&WORDS.no) => "payment-not-received",
        OtherColumn::Unknown if is_in(&WORDS.currencies) && !is_number() => "payment-currency",
        OtherColumn::Unknown if is_in(&WORDS.not_income) => "payment-not-received",
        _ => return None,
    };
    // a shifted row may have a name here
    let lists = [&WORDS.roubles, &WORDS.received, &WORDS.no, &WORDS.not_income, &WORDS.currencies];
    let is_known = lists.into_iter().any(|list| is_in(list));
    Some(Message::new(name).with("word", if is_known { shortened(text) } else { masked(text) }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::messages::Language;

    #[test]
    fn i51_a_payment_that_is_no_premium_is_recognised() {
        let fault = |text, holds| income_fault(text, holds).map(|fault| fault.name());
        for (text, holds, expected) in [
            ("руб.", OtherColumn::Currency, None),
            ("RUB", OtherColumn::Currency, None),
            ("810", OtherColumn::Currency, None),
            ("USD", OtherColumn::Currency, Some("payment-currency")),
            ("форинт", OtherColumn::Currency, Some("payment-currency")),
            ("Исполнен", OtherColumn::Status, None),
            ("Не исполнен", OtherColumn::Status, Some("payment-not-received")),
            ("сторно", OtherColumn::Status, Some("payment-not-received")),
            ("особый", OtherColumn::Status, Some("payment-not-received")),
            ("нет", OtherColumn::Reversal, None),
            ("-", OtherColumn::Reversal, None),
            ("да", OtherColumn::Reversal, Some("payment-not-received")),
            ("х", OtherColumn::Reversal, Some("payment-not-received")),
            ("Сторно", OtherColumn::Unknown, Some("payment-not-received")),
            ("REVERSAL", OtherColumn::Unknown, Some("payment-not-received")),
            ("EUR", OtherColumn::Unknown, Some("payment-currency")),
            ("840", OtherColumn::Unknown, None),
            ("ООО «Возврат»", OtherColumn::Unknown, None),
            ("", OtherColumn::Status, None),
        ] {
            assert_eq!(fault(text, holds), expected, "{text}");
        }
        // a word that is none of the known ones may be a name
        for (text, word) in [("USD", "USD"), ("Орлов Пётр", "О**** П***")] {
            let message = income_fault(text, OtherColumn::Currency).unwrap();
            assert!(Language::Ru.render(&message).contains(&format!("`{word}`")), "{}", Language::Ru.render(&message));
        }
    }

    #[test]
    fn no_word_has_two_meanings() {
        let both = |one: &[String], other: &[String]| one.iter().any(|word| other.contains(word));
        assert!(!both(&WORDS.received, &WORDS.not_income) && !both(&WORDS.roubles, &WORDS.currencies));
    }
}
