//! The values of a TOML file: each is read as one kind, or its fault states what it has to be.

use jiff::civil::Date;
use rust_decimal::Decimal;
use toml::Spanned as TomlSpanned;
use toml::de::DeValue;

use crate::base::messages::Message;
use crate::base::money::parse_decimal;
use crate::base::source_file::{Faults, Spanned};
use crate::base::toml_file::number::Number;
use crate::base::toml_file::slips;

/// Any TOML value and its place.
pub type AnyValue<'d> = &'d TomlSpanned<DeValue<'d>>;

/// The message for a word that is none of those allowed.
#[must_use]
pub fn unknown_word(words: &[&str]) -> Message {
    Message::new("word-unknown").with("words", words.join(", "))
}

/// Adds the fault of a value that is not of the wanted kind; returns nothing.
pub(super) fn wrong_kind<T>(value: AnyValue<'_>, faults: &Faults, wanted: &'static str) -> Option<T> {
    faults.add(value.span(), Message::new("value-kind").with("wanted", Message::new(wanted)));
    None
}

/// Whether a character is a control character other than a tab or a line break: no program shows it.
fn is_hidden_control(letter: char) -> bool {
    letter.is_control() && !matches!(letter, '\t' | '\n' | '\r')
}

/// The value as a text.
pub fn as_text(value: AnyValue<'_>, faults: &Faults) -> Option<Spanned<String>> {
    match value.get_ref() {
        DeValue::String(text) if text.contains(is_hidden_control) => {
            faults.add(value.span(), Message::new("text-with-control"));
            None
        }
        DeValue::String(text) => Some(Spanned { value: text.as_ref().to_owned(), span: value.span() }),
        DeValue::Array(list) if !list.is_empty() => {
            faults.add(value.span(), Message::new("slip-list"));
            None
        }
        _ => wrong_kind(value, faults, "kind-text"),
    }
}

/// The value as a text that is not blank, trimmed; `key` is its key.
pub fn as_filled_text(value: AnyValue<'_>, key: &str, faults: &Faults) -> Option<Spanned<String>> {
    let text = as_text(value, faults)?;
    if text.value.trim().is_empty() {
        faults.add(text.span, Message::new("text-blank").with("key", key));
        return None;
    }
    Some(text.map(|text| text.trim().to_owned()))
}

/// The value as a date without a time.
pub fn as_date(value: AnyValue<'_>, faults: &Faults) -> Option<Spanned<Date>> {
    let written = match value.get_ref() {
        DeValue::Datetime(toml::value::Datetime { date: Some(date), time: None, offset: None }) => date.to_string(),
        DeValue::String(text) => text.as_ref().to_owned(),
        _ => return wrong_kind(value, faults, "kind-date"),
    };
    if let Some(day) = slips::iso_day(&written) {
        faults.add(value.span(), Message::new("slip-day").with("line", day));
        return None;
    }
    // `parse` also accepts a longer text that holds a date, such as one with a time
    match written.parse::<Date>() {
        Ok(date) if date.to_string() == written => Some(Spanned { value: date, span: value.span() }),
        _ => wrong_kind(value, faults, "kind-date"),
    }
}

/// The value as a decimal, quoted or bare, with its digits as written.
pub fn as_decimal(value: AnyValue<'_>, faults: &Faults) -> Option<Spanned<Decimal>> {
    written_number(value, faults, parse_decimal)
}

/// The value as a number of any sign and length, quoted or bare.
pub fn as_number(value: AnyValue<'_>, faults: &Faults) -> Option<Spanned<Number>> {
    written_number(value, faults, Number::parse)
}

/// A number, quoted or bare, as `read` reads its digits.
fn written_number<T>(value: AnyValue<'_>, faults: &Faults, read: impl Fn(&str) -> Option<T>) -> Option<Spanned<T>> {
    let written = match value.get_ref() {
        DeValue::String(text) => Some(text.as_ref()),
        DeValue::Integer(integer) if integer.radix() == 10 => Some(integer.as_str()),
        DeValue::Float(float) => Some(float.as_str()),
        _ => None,
    };
    if let Some(read) = written.and_then(|written| read(written.trim())) {
        return Some(Spanned { value: read, span: value.span() });
    }
    if let Some(written) = written.filter(|text| text.matches(',').count() == 1) {
        let number = written.replace(',', ".");
        if read(number.trim()).is_some() {
            faults.add(value.span(), Message::new("slip-comma").with("line", format!("\"{number}\"")));
            return None;
        }
    }
    wrong_kind(value, faults, "kind-decimal")
}

/// The value as a whole number that fits `T`.
pub fn as_whole<T: TryFrom<u64>>(value: AnyValue<'_>, faults: &Faults) -> Option<Spanned<T>> {
    let whole = match value.get_ref() {
        DeValue::Integer(integer) if integer.radix() == 10 => integer.as_str().parse::<u64>().ok(),
        _ => None,
    };
    match whole.and_then(|whole| T::try_from(whole).ok()) {
        Some(whole) => Some(Spanned { value: whole, span: value.span() }),
        None => wrong_kind(value, faults, "kind-whole"),
    }
}

/// The values of an array, as `read` reads them, without those of which it makes nothing.
pub fn as_list<'d, T>(
    value: AnyValue<'d>,
    faults: &'d Faults,
    mut read: impl FnMut(AnyValue<'d>, &'d Faults) -> Option<T>,
) -> Vec<T> {
    match value.get_ref() {
        DeValue::Array(array) => array.iter().filter_map(|value| read(value, faults)).collect(),
        _ => wrong_kind(value, faults, "kind-list").unwrap_or_default(),
    }
}
