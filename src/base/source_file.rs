//! A TOML file that people write: read whole, every fault collected with the line that it stands on.
//!
//! Contracts, tariffs, price changes and files of clinics are read through [`Table`], which remembers the keys that it was asked
//! for, so that whatever else stands in the file is an unknown key. Decimals are taken as written, never through a binary float.

pub(crate) mod number;

use std::cell::RefCell;
use std::ops::Range;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use rust_decimal::Decimal;
use toml::de::{DeTable, DeValue};

use crate::base::error::Error;
use crate::base::messages::{Message, listed};
use crate::base::money::decimal_as_written;
pub use number::Number;

/// A TOML file of at most this many bytes is read.
pub const MAX_DOCUMENT_BYTES: u64 = 4 * 1024 * 1024;

/// Where in the text something stands, in bytes.
pub type Span = Range<usize>;

/// The text of a file and the name under which it is shown.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// The file, or a name of its own for what is built in.
    pub path: PathBuf,
    /// Everything that stands in it, a byte order mark too, so that its hash is the file's.
    pub text: String,
}

/// How a zip begins, and with it a workbook of Excel since 2007 or of LibreOffice.
pub const ZIP: &[u8] = b"PK\x03\x04";
/// How a compound file begins, and with it a workbook of Excel before 2007.
pub const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// The line, from 1, that says the first thing, where that cannot begin one of these documents: then the file may be a list of people,
/// whose lines are nobody's to see.
fn no_beginning(text: &str) -> Option<usize> {
    let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim).enumerate();
    let (place, line) = { lines }.find(|(_, line)| !line.is_empty() && !line.starts_with('#'))?;
    let is_name = |text: &str| {
        let known = |letter: char| letter.is_ascii_alphanumeric() || "_-.\"' ".contains(letter);
        !text.trim().is_empty() && text.chars().all(known)
    };
    let section = line.trim_start_matches('[').split(']').next().filter(|_| line.starts_with('['));
    let key = line.split_once('=').map(|(key, _)| key);
    (!section.or(key).is_some_and(is_name)).then_some(place + 1)
}

impl SourceFile {
    /// Reads the file whole.
    ///
    /// # Errors
    ///
    /// [`Error::Missing`] where there is no such file, [`Error::Io`] where it cannot be read, [`Error::TooLarge`] over
    /// [`MAX_DOCUMENT_BYTES`], [`Error::Table`] where it is a workbook, [`Error::NotText`] where it is not UTF-8.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let size = std::fs::metadata(path).map_err(|fault| Error::reading(path, fault))?.len();
        if size > MAX_DOCUMENT_BYTES {
            return Err(Error::TooLarge { path: path.to_owned(), bytes: size, limit: MAX_DOCUMENT_BYTES });
        }
        let bytes = std::fs::read(path).map_err(|fault| Error::reading(path, fault))?;
        if [ZIP, COMPOUND].iter().any(|magic| bytes.starts_with(magic)) {
            return Err(Error::Table { path: path.to_owned() });
        }
        let text = String::from_utf8(bytes).map_err(|_| Error::NotText { path: path.to_owned() })?;
        Ok(Self { path: path.to_owned(), text })
    }

    /// The line, from 1, on which a byte stands.
    #[must_use]
    pub fn line(&self, byte: usize) -> usize {
        self.lines().of(byte)
    }

    /// The lines of several bytes, which are best asked for in their order.
    #[must_use]
    pub const fn lines(&self) -> Lines<'_> {
        Lines { text: self.text.as_bytes(), counted: 0, line: 1 }
    }

    /// Lets `read` take what it needs from the file's table, and returns what it made unless there was any fault.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] with every fault of the file, in the order of its lines; [`Error::NotToml`] where it does not even begin as
    /// one of these files.
    pub fn read<T>(&self, read: impl FnOnce(&mut Table<'_>) -> Option<T>) -> Result<T, Error> {
        let (root, broken) = DeTable::parse_recoverable(&self.text);
        if let (false, Some(line)) = (broken.is_empty(), no_beginning(&self.text)) {
            return Err(Error::NotToml { path: self.path.clone(), line });
        }
        let faults = Faults::default();
        for fault in broken {
            let span = fault.span().unwrap_or(0..0);
            faults.add(span, Message::new("toml-syntax").with("reason", fault.message()));
        }
        let made = if faults.is_empty() {
            let mut table = Table::new(root.get_ref(), root.span(), &faults);
            let made = read(&mut table);
            table.close();
            made
        } else {
            None
        };
        let mut faults = faults.0.into_inner();
        match made {
            Some(made) if faults.is_empty() => Ok(made),
            _ => {
                faults.sort_by_key(|fault| (fault.span.start, fault.span.end));
                Err(Error::Refused { document: Box::new(self.clone()), faults })
            }
        }
    }
}

/// Counts lines on from the place that was asked for last, so that many places cost no more than the text is long.
#[derive(Debug)]
pub struct Lines<'t> {
    text: &'t [u8],
    counted: usize,
    line: usize,
}

impl Lines<'_> {
    /// The line, from 1, on which a byte stands.
    pub fn of(&mut self, byte: usize) -> usize {
        let byte = byte.min(self.text.len());
        if byte < self.counted {
            (self.counted, self.line) = (0, 1);
        }
        self.line += memchr::memchr_iter(b'\n', &self.text[self.counted..byte]).count();
        self.counted = byte;
        self.line
    }
}

/// One thing that is wrong with a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where it stands.
    pub span: Span,
    /// What is wrong and what to do.
    pub message: Message,
}

/// The faults found so far.
#[derive(Debug, Default)]
pub struct Faults(RefCell<Vec<Fault>>);

impl Faults {
    /// Adds a fault at a place.
    pub fn add(&self, span: Span, message: Message) {
        self.0.borrow_mut().push(Fault { span, message });
    }

    fn is_empty(&self) -> bool {
        self.0.borrow().is_empty()
    }
}

/// A value and the place where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned<T> {
    /// What was read.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// Something else made of the value, at the same place.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Spanned<U> {
        Spanned { value: change(self.value), span: self.span }
    }
}

/// Any TOML value and the place where it stands.
pub type AnyValue<'d> = &'d toml::Spanned<DeValue<'d>>;

/// A table of the document while it is being read.
pub struct Table<'d> {
    entries: &'d DeTable<'d>,
    span: Span,
    asked: Vec<&'d str>,
    /// Whether its keys are not fixed, so that none of them is unknown.
    is_open: bool,
    faults: &'d Faults,
}

impl<'d> Table<'d> {
    fn new(entries: &'d DeTable<'d>, span: Span, faults: &'d Faults) -> Self {
        Self { entries, span, asked: Vec::new(), is_open: false, faults }
    }

    /// Where the table stands.
    #[must_use]
    pub fn span(&self) -> Span {
        self.span.clone()
    }

    /// Where the faults go.
    #[must_use]
    pub const fn faults(&self) -> &'d Faults {
        self.faults
    }

    /// Adds a fault at a place.
    pub fn fault(&self, span: Span, message: Message) {
        self.faults.add(span, message);
    }

    /// Every key with its value, for tables whose keys are not fixed.
    pub fn entries(&mut self) -> Vec<(Spanned<&'d str>, AnyValue<'d>)> {
        self.is_open = true;
        self.entries
            .iter()
            .map(|(key, value)| (Spanned { value: key.get_ref().as_ref(), span: key.span() }, value))
            .collect()
    }

    /// Whether the key is there; asking does not make it known.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    /// Where the value stands that comes after so many others in the list under a key; asking does not make the key known.
    #[must_use]
    pub fn span_in_list(&self, key: &str, place: usize) -> Option<Span> {
        self.entries.get(key)?.get_ref().as_array()?.get(place).map(|value| first_line(&value.span()))
    }

    /// The value of a key, if it is there.
    pub fn any(&mut self, key: &'static str) -> Option<AnyValue<'d>> {
        self.asked.push(key);
        self.entries.get(key)
    }

    /// The value of a key that has to be there.
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

    /// A text that is not blank, without the spaces around it.
    pub fn filled_text(&mut self, key: &'static str) -> Option<Spanned<String>> {
        self.any(key).and_then(|value| as_filled_text(value, key, self.faults))
    }

    /// A text that has to be there and not be blank, without the spaces around it.
    pub fn needed_text(&mut self, key: &'static str) -> Option<Spanned<String>> {
        self.needed(key).and_then(|value| as_filled_text(value, key, self.faults))
    }

    /// A date.
    pub fn date(&mut self, key: &'static str) -> Option<Spanned<Date>> {
        self.any(key).and_then(|value| as_date(value, self.faults))
    }

    /// A date that has to be there.
    pub fn needed_date(&mut self, key: &'static str) -> Option<Spanned<Date>> {
        self.needed(key).and_then(|value| as_date(value, self.faults))
    }

    /// A decimal that has to be there, quoted or bare.
    pub fn needed_decimal(&mut self, key: &'static str) -> Option<Spanned<Decimal>> {
        self.needed(key).and_then(|value| as_decimal(value, self.faults))
    }

    /// A number of any sign and length, quoted or bare.
    pub fn number(&mut self, key: &'static str) -> Option<Spanned<Number>> {
        self.any(key).and_then(|value| as_number(value, self.faults))
    }

    /// A number of any sign and length that has to be there.
    pub fn needed_number(&mut self, key: &'static str) -> Option<Spanned<Number>> {
        self.needed(key).and_then(|value| as_number(value, self.faults))
    }

    /// A whole number that fits `T`.
    pub fn whole<T: TryFrom<u64>>(&mut self, key: &'static str) -> Option<Spanned<T>> {
        self.any(key).and_then(|value| as_whole(value, self.faults))
    }

    /// A whole number that has to be there and fit `T`.
    pub fn needed_whole<T: TryFrom<u64>>(&mut self, key: &'static str) -> Option<Spanned<T>> {
        self.needed(key).and_then(|value| as_whole(value, self.faults))
    }

    /// What `read` makes of the table under a key.
    pub fn table<T>(&mut self, key: &'static str, read: impl FnOnce(&mut Table<'d>) -> Option<T>) -> Option<T> {
        self.any(key).and_then(|value| in_table(value, self.faults, read))
    }

    /// What `read` makes of a table that has to be there.
    pub fn needed_table<T>(&mut self, key: &'static str, read: impl FnOnce(&mut Table<'d>) -> Option<T>) -> Option<T> {
        self.needed(key).and_then(|value| in_table(value, self.faults, read))
    }

    /// What `read` makes of each table of an array, those that it could make something of; empty where there is none.
    pub fn tables<T>(&mut self, key: &'static str, mut read: impl FnMut(&mut Table<'d>) -> Option<T>) -> Vec<T> {
        self.list(key, |value, faults| in_table(value, faults, &mut read))
    }

    /// What `read` makes of each table of an array that has to hold at least one; `none` is what to say where it does not.
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

    /// What `read` makes of each value of an array; empty where there is none.
    pub fn list<T>(&mut self, key: &'static str, read: impl FnMut(AnyValue<'d>, &'d Faults) -> Option<T>) -> Vec<T> {
        self.any(key).map(|value| as_list(value, self.faults, read)).unwrap_or_default()
    }

    /// Reports every key that nobody asked for.
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

/// Only the first line of a table: a fault of the whole table is shown at its head.
fn first_line(span: &Span) -> Span {
    span.start..span.start.max(span.end.min(span.start + 1))
}

fn wrong_kind<T>(value: AnyValue<'_>, faults: &Faults, wanted: &'static str) -> Option<T> {
    faults.add(value.span(), Message::new("value-kind").with("wanted", Message::new(wanted)));
    None
}

/// The value as a text.
pub fn as_text(value: AnyValue<'_>, faults: &Faults) -> Option<Spanned<String>> {
    match value.get_ref() {
        DeValue::String(text) => Some(Spanned { value: text.as_ref().to_owned(), span: value.span() }),
        _ => wrong_kind(value, faults, "kind-text"),
    }
}

/// The value as a text that is not blank, without the spaces around it; `key` is the one under which it stands.
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
    // the library also takes a date out of a longer text, such as one with a time
    match written.parse::<Date>() {
        Ok(date) if date.to_string() == written => Some(Spanned { value: date, span: value.span() }),
        _ => wrong_kind(value, faults, "kind-date"),
    }
}

/// The value as a decimal, quoted or bare, with the digits that were written.
pub fn as_decimal(value: AnyValue<'_>, faults: &Faults) -> Option<Spanned<Decimal>> {
    written_number(value, faults, decimal_as_written)
}

/// The value as a number of any sign and length, quoted or bare.
pub fn as_number(value: AnyValue<'_>, faults: &Faults) -> Option<Spanned<Number>> {
    written_number(value, faults, Number::as_written)
}

/// What `read` makes of a number, quoted or bare, as it is written.
fn written_number<T>(value: AnyValue<'_>, faults: &Faults, read: impl FnOnce(&str) -> Option<T>) -> Option<Spanned<T>> {
    let written = match value.get_ref() {
        DeValue::String(text) => Some(text.as_ref()),
        DeValue::Integer(integer) if integer.radix() == 10 => Some(integer.as_str()),
        DeValue::Float(float) => Some(float.as_str()),
        _ => None,
    };
    match written.and_then(|written| read(written.trim())) {
        Some(read) => Some(Spanned { value: read, span: value.span() }),
        None => wrong_kind(value, faults, "kind-decimal"),
    }
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

/// What `read` makes of each value of an array, those that it could make something of.
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

/// What `read` makes of the value if it is a table.
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
