//! The words of a cell beside a payment that is no premium received in roubles: a reversal, not executed, another currency.

use std::collections::BTreeMap;
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
#[serde(deny_unknown_fields)]
struct Words {
    roubles: Vec<String>,
    received: Vec<String>,
    no: Vec<String>,
    not_income: Vec<String>,
    currencies: Vec<String>,
    incoming: Vec<String>,
    incoming_marks: Vec<String>,
    outgoing: Vec<String>,
    outgoing_marks: Vec<String>,
    money_back: Vec<String>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let lists: BTreeMap<String, Vec<String>> =
        toml::from_str(include_str!("income_words.toml")).expect("lists of words");
    let folded = lists.into_iter().map(|(name, list)| (name, list.iter().map(|word| folded(word)).collect()));
    let folded: toml::Table = folded.map(|(name, list): (String, Vec<String>)| (name, list.into())).collect();
    folded.try_into().expect("every list of words")
});

/// Which way the money of a payment goes, seen from the own account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    /// The account receives it.
    Incoming,
    /// The account pays it.
    Outgoing,
}

/// The direction that a word or a mark states in a column of directions; `None` for any other text.
pub(super) fn direction(text: &str) -> Option<Direction> {
    let word = folded(text);
    if WORDS.incoming.contains(&word) || WORDS.incoming_marks.contains(&word) {
        Some(Direction::Incoming)
    } else {
        (WORDS.outgoing.contains(&word) || WORDS.outgoing_marks.contains(&word)).then_some(Direction::Outgoing)
    }
}

/// Whether a text in any column states that the own account pays.
pub(super) fn is_outgoing(text: &str) -> bool {
    WORDS.outgoing.contains(&folded(text))
}

/// Whether a purpose of payment begins as that of money that comes back: it is no premium, whatever contract it names.
pub(super) fn is_money_back(purpose: &str) -> bool {
    let purpose = folded(purpose);
    WORDS.money_back.iter().any(|word| purpose.starts_with(word.as_str()))
}

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
    fn i51_the_direction_of_a_payment_is_recognised() {
        for (text, expected) in [
            ("Кт", Some(Direction::Incoming)),
            ("C", Some(Direction::Incoming)),
            ("Поступление", Some(Direction::Incoming)),
            ("Д", Some(Direction::Outgoing)),
            ("Исходящий платеж", Some(Direction::Outgoing)),
            ("-", Some(Direction::Outgoing)),
            ("01", None),
            ("", None),
        ] {
            assert_eq!(direction(text), expected, "{text}");
        }
        assert!(is_outgoing("Списание") && !is_outgoing("Д"), "a letter alone may be anything");
        assert!(is_money_back("Возврат ошибочно перечисленных средств") && !is_money_back("Оплата, возврат НДС"));
    }

    #[test]
    fn no_word_has_two_meanings() {
        let both = |one: &[String], other: &[String]| one.iter().any(|word| other.contains(word));
        assert!(!both(&WORDS.received, &WORDS.not_income) && !both(&WORDS.roubles, &WORDS.currencies));
        assert!(!both(&WORDS.incoming, &WORDS.outgoing) && !both(&WORDS.incoming_marks, &WORDS.outgoing_marks));
        assert!(!both(&WORDS.received, &WORDS.outgoing) && !both(&WORDS.not_income, &WORDS.outgoing));
    }
}
