//! A table of a TOML file while it is read: every key that is asked for, and a fault for each one that is not.

use jiff::civil::Date;
use rust_decimal::Decimal;
use toml::de::{DeTable, DeValue};

use crate::base::messages::{Message, listed};
use crate::base::source_file::{Faults, Span, Spanned};
use crate::base::toml_file::number::Number;
use crate::base::toml_file::value::{
    AnyValue, as_date, as_decimal, as_filled_text, as_list, as_number, as_text, as_whole, unknown_word, wrong_kind,
};

/// A table of the file while it is read.
pub struct Table<'d> {
    entries: &'d DeTable<'d>,
    span: Span,
    asked: Vec<&'d str>,
    /// Whether its keys are not fixed, so that no key is unknown.
    is_open: bool,
    faults: &'d Faults,
}

impl<'d> Table<'d> {
    pub(super) fn new(entries: &'d DeTable<'d>, span: Span, faults: &'d Faults) -> Self {
        Self { entries, span, asked: Vec::new(), is_open: false, faults }
    }

    /// The place of the table.
    #[must_use]
    pub fn span(&self) -> Span {
        self.span.clone()
    }

    /// The faults of the file.
    #[must_use]
    pub const fn faults(&self) -> &'d Faults {
        self.faults
    }

    /// Adds a fault at a place.
    pub fn fault(&self, span: Span, message: Message) {
        self.faults.add(span, message);
    }

    /// Every key with its value, for a table whose keys are not fixed; no key of the table is unknown then.
    pub fn entries(&mut self) -> Vec<(Spanned<&'d str>, AnyValue<'d>)> {
        self.is_open = true;
        self.entries
            .iter()
            .map(|(key, value)| (Spanned { value: key.get_ref().as_ref(), span: key.span() }, value))
            .collect()
    }

    /// Leaves the keys that have not been asked for unread, for a file that has a fault without which they mean nothing.
    pub fn leave_rest(&mut self) {
        self.is_open = true;
    }

    /// Whether the key is there; does not make the key known.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    /// The place of a value of the list under a key, by its index; does not make the key known.
    #[must_use]
    pub fn span_in_list(&self, key: &str, at: usize) -> Option<Span> {
        self.entries.get(key)?.get_ref().as_array()?.get(at).map(|value| first_line(&value.span()))
    }

    /// The value of a key.
    pub fn any(&mut self, key: &'static str) -> Option<AnyValue<'d>> {
        self.asked.push(key);
        self.entries.get(key)
    }

    /// The value of a required key.
    pub fn needed(&mut self, key: &'static str) -> Option<AnyValue<'d>> {
        let found = self.any(key);
        if found.is_none() {
            self.fault(first_line(&self.span), Message::new("key-missing").with("key", key));
        }
        found
    }

    /// A text.
    pub fn text(&mut self, key: &'static str) -> Option<Spanned<String>> {
        self.any(key).and_then(|value| as_text(value, self.faults))
    }

    /// A text that is not blank, trimmed.
    pub fn filled_text(&mut self, key: &'static str) -> Option<Spanned<String>> {
        self.any(key).and_then(|value| as_filled_text(value, key, self.faults))
    }

    /// A required text that is not blank, trimmed.
    pub fn needed_text(&mut self, key: &'static str) -> Option<Spanned<String>> {
        self.needed(key).and_then(|value| as_filled_text(value, key, self.faults))
    }

    /// The variant of a word; `words` are those of the message for any other word.
    pub fn word<T>(&mut self, key: &'static str, parse: fn(&str) -> Option<T>, words: &[&str]) -> Option<T> {
        let at = self.text(key)?;
        let found = parse(&at.value);
        if found.is_none() {
            self.fault(at.span, unknown_word(words));
        }
        found
    }

    /// `true` or `false`.
    pub fn flag(&mut self, key: &'static str) -> Option<bool> {
        let value = self.any(key)?;
        value.get_ref().as_bool().or_else(|| wrong_kind(value, self.faults, "kind-flag"))
    }

    /// A date.
    pub fn date(&mut self, key: &'static str) -> Option<Spanned<Date>> {
        self.any(key).and_then(|value| as_date(value, self.faults))
    }

    /// A required date.
    pub fn needed_date(&mut self, key: &'static str) -> Option<Spanned<Date>> {
        self.needed(key).and_then(|value| as_date(value, self.faults))
    }

    /// A required decimal, quoted or bare.
    pub fn needed_decimal(&mut self, key: &'static str) -> Option<Spanned<Decimal>> {
        self.needed(key).and_then(|value| as_decimal(value, self.faults))
    }

    /// A number of any sign and length, quoted or bare.
    pub fn number(&mut self, key: &'static str) -> Option<Spanned<Number>> {
        self.any(key).and_then(|value| as_number(value, self.faults))
    }

    /// A required number of any sign and length.
    pub fn needed_number(&mut self, key: &'static str) -> Option<Spanned<Number>> {
        self.needed(key).and_then(|value| as_number(value, self.faults))
    }

    /// A whole number that fits `T`.
    pub fn whole<T: TryFrom<u64>>(&mut self, key: &'static str) -> Option<Spanned<T>> {
        self.any(key).and_then(|value| as_whole(value, self.faults))
    }

    /// A required whole number that fits `T`.
    pub fn needed_whole<T: TryFrom<u64>>(&mut self, key: &'static str) -> Option<Spanned<T>> {
        self.needed(key).and_then(|value| as_whole(value, self.faults))
    }

    /// A table, as `read` reads it.
    pub fn table<T>(&mut self, key: &'static str, read: impl FnOnce(&mut Table<'d>) -> Option<T>) -> Option<T> {
        self.any(key).and_then(|value| in_table(value, self.faults, read))
    }

    /// A required table, as `read` reads it.
    pub fn needed_table<T>(&mut self, key: &'static str, read: impl FnOnce(&mut Table<'d>) -> Option<T>) -> Option<T> {
        self.needed(key).and_then(|value| in_table(value, self.faults, read))
    }

    /// The tables of an array, as `read` reads them, without those of which it makes nothing; empty where the key is
    /// absent.
    pub fn tables<T>(&mut self, key: &'static str, mut read: impl FnMut(&mut Table<'d>) -> Option<T>) -> Vec<T> {
        self.list(key, |value, faults| in_table(value, faults, &mut read))
    }

    /// The tables of an array that has to hold at least one; `none` is the fault where it holds none.
    pub fn needed_tables<T>(
        &mut self,
        key: &'static str,
        none: Message,
        mut read: impl FnMut(&mut Table<'d>) -> Option<T>,
    ) -> Vec<T> {
        let Some(value) = self.any(key) else {
            self.fault(first_line(&self.span), none);
            return Vec::new();
        };
        if value.get_ref().as_array().is_some_and(|array| array.is_empty()) {
            self.fault(value.span(), none);
        }
        as_list(value, self.faults, |value, faults| in_table(value, faults, &mut read))
    }

    /// The values of an array, as `read` reads them, without those of which it makes nothing; empty where the key is
    /// absent.
    pub fn list<T>(&mut self, key: &'static str, read: impl FnMut(AnyValue<'d>, &'d Faults) -> Option<T>) -> Vec<T> {
        self.any(key).map(|value| as_list(value, self.faults, read)).unwrap_or_default()
    }

    /// Reports every key that the reader has not asked for, with the most similar known key or all of them.
    pub(super) fn close(&self) {
        if self.is_open {
            return;
        }
        for (key, _) in self.entries {
            let name = key.get_ref().as_ref();
            if self.asked.contains(&name) {
                continue;
            }
            let likeness = |known: &&str| strsim::jaro_winkler(known, name);
            let alike = self.asked.iter().filter(|known| likeness(known) > 0.85);
            let message = match alike.max_by(|one, other| likeness(one).total_cmp(&likeness(other))) {
                Some(near) => Message::new("key-unknown-near").with("key", name).with("near", *near),
                None => Message::new("key-unknown").with("key", name).with("known", listed(&self.asked)),
            };
            self.fault(key.span(), message);
        }
    }
}

/// The place of a table's head, at which a fault of the whole table is shown.
fn first_line(span: &Span) -> Span {
    span.start..span.start.max(span.end.min(span.start + 1))
}

/// The value as a table, as `read` reads it.
pub fn in_table<'d, T>(
    value: AnyValue<'d>,
    faults: &'d Faults,
    read: impl FnOnce(&mut Table<'d>) -> Option<T>,
) -> Option<T> {
    let DeValue::Table(inner) = value.get_ref() else {
        return wrong_kind(value, faults, "kind-table");
    };
    let mut table = Table::new(inner, value.span(), faults);
    let made = read(&mut table);
    table.close();
    made
}
