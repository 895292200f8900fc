//! Reading of TOML files that people write: contracts, tariffs, price changes, networks of clinics.
//!
//! A file is read through [`Table`]s. Every fault is collected with its line, so that one run reports all of them; a
//! key that the reader has not asked for is unknown, and so a fault. Decimals are read as written, never through a
//! binary float.

mod number;
mod slips;

use std::collections::BTreeSet;
use std::io::Read;
use std::path::Path;

use jiff::civil::Date;
use rust_decimal::Decimal;
use toml::Spanned as TomlSpanned;
use toml::de::{DeTable, DeValue};

use crate::base::error::Error;
use crate::base::input_file::InputFile;
use crate::base::messages::{Message, listed};
use crate::base::money::parse_decimal;
use crate::base::source_file::{Faults, SourceFile, Span, Spanned};
pub use number::Number;

/// The largest TOML file that is read, in bytes.
pub const MAX_FILE_BYTES: u64 = 4 * 1024 * 1024;

/// The name of the file of settings, which stands beside the files that it serves.
pub const SETTINGS_FILE: &str = "kollektiv.toml";

/// The first bytes of a zip archive, and so of a workbook of Excel since 2007 or of LibreOffice.
pub const ZIP: &[u8] = b"PK\x03\x04";
/// The first bytes of a compound file, and so of a workbook of Excel before 2007.
pub const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

impl SourceFile {
    /// Reads a TOML file whole.
    ///
    /// # Errors
    ///
    /// As [`InputFile::open`]; [`Error::Io`] where it cannot be read, [`Error::TooLarge`] over [`MAX_FILE_BYTES`], [`Error::Table`] where it is a workbook, [`Error::NotText`] where it is not UTF-8.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let InputFile { file, bytes: size } = InputFile::open(path)?;
        let mut bytes = Vec::new();
        // the file may grow while it is read
        let read =
            file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(|fault| Error::reading(path, fault))?;
        let size = size.max(read as u64);
        if size > MAX_FILE_BYTES {
            return Err(Error::TooLarge { path: path.to_owned(), bytes: size, limit: MAX_FILE_BYTES });
        }
        if [ZIP, COMPOUND].iter().any(|magic| bytes.starts_with(magic)) {
            return Err(Error::Table { path: path.to_owned() });
        }
        let text = String::from_utf8(bytes).map_err(|_| Error::NotText { path: path.to_owned() })?;
        Ok(Self { path: path.to_owned(), text })
    }

    /// Parses the text as TOML and returns what `read` makes of its root table, unless there is any fault.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] with every fault, in the order of the lines; [`Error::NotToml`] where the text does not begin
    /// as TOML.
    pub fn read<T>(&self, read: impl FnOnce(&mut Table<'_>) -> Option<T>) -> Result<T, Error> {
        let (root, broken) = DeTable::parse_recoverable(&self.text);
        if let (false, Some(line)) = (broken.is_empty(), first_non_toml_line(&self.text)) {
            return Err(Error::NotToml { path: self.path.clone(), line });
        }
        let faults = Faults::default();
        let mut lines_with_slips = BTreeSet::new();
        for fault in broken {
            let span = fault.span().unwrap_or(0..0);
            let line = line_around(&self.text, span.start);
            match slips::slip(&self.text[line.clone()]) {
                Some(message) if lines_with_slips.insert(line.start) => faults.add(line, message),
                // one fault of the line is enough
                Some(_) => {}
                None => faults.add(span, Message::new("toml-syntax").with("reason", fault.message())),
            }
        }
        let made = if faults.is_empty() {
            let mut table = Table::new(root.get_ref(), root.span(), &faults);
            let made = read(&mut table);
            table.close();
            made
        } else {
            None
        };
        match made {
            Some(made) if faults.is_empty() => Ok(made),
            _ => Err(Error::Refused { source: Box::new(self.clone()), faults: faults.into_sorted() }),
        }
    }
}

/// The line around a byte, without its end.
fn line_around(text: &str, byte: usize) -> Span {
    let bytes = text.as_bytes();
    let byte = byte.min(bytes.len());
    let start = memchr::memrchr(b'\n', &bytes[..byte]).map_or(0, |end| end + 1);
    let end = memchr::memchr(b'\n', &bytes[start..]).map_or(bytes.len(), |length| start + length);
    start..end - usize::from(end > start && bytes[end - 1] == b'\r')
}

/// The first line with content, from 1, unless TOML can begin with it.
///
/// A text that does not begin as TOML may be a list of people: its lines must not be shown.
fn first_non_toml_line(text: &str) -> Option<usize> {
    let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim).enumerate();
    let (at, line) = { lines }.find(|(_, line)| !line.is_empty() && !line.starts_with('#'))?;
    let is_name = |text: &str| {
        let known = |letter: char| letter.is_ascii_alphanumeric() || "_-.\"' ".contains(letter);
        !text.trim().is_empty() && text.chars().all(known)
    };
    let section = line.trim_start_matches('[').split(']').next().filter(|_| line.starts_with('['));
    let key = line.split_once('=').map(|(key, _)| key);
    (!section.or(key).is_some_and(is_name)).then_some(at + 1)
}

/// Any TOML value and its place.
pub type AnyValue<'d> = &'d TomlSpanned<DeValue<'d>>;

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
    fn new(entries: &'d DeTable<'d>, span: Span, faults: &'d Faults) -> Self {
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
    fn close(&self) {
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

fn wrong_kind<T>(value: AnyValue<'_>, faults: &Faults, wanted: &'static str) -> Option<T> {
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
