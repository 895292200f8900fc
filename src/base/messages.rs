//! Every sentence for a reader, in Russian and in English.
//!
//! A [`Message`] is a name and its values. The sentences stand in `messages/ru.ftl` and `messages/en.ftl`, one for each
//! name, and [`Language::render`] fills them in once the language is known. Sentences stand nowhere else, apart from
//! the templates of documents and the help of the command line (`cli::help`).

use std::fmt;
use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use jiff::civil::Date;
use unic_langid::LanguageIdentifier;

use crate::base::calendar::format_day;
use crate::base::money::{Kopecks, group_thousands};
use crate::base::named_enum::named_enum;

named_enum! {
    /// A language of messages and documents, by its code.
    #[derive(Default)]
    pub enum Language {
        /// Russian.
        #[default]
        Ru = "ru",
        /// English.
        En = "en",
    }
}

impl Language {
    /// The sentence of a message in this language.
    ///
    /// # Panics
    ///
    /// If the language's file has no such message, or a value that it names is missing; a test rules both out.
    ///
    /// # Example
    ///
    /// ```
    /// use kollektiv::base::messages::{Language, Message};
    ///
    /// let message = Message::new("file-missing").with("path", "contract.toml");
    /// assert!(Language::En.render(&message).contains("contract.toml"));
    /// ```
    #[must_use]
    pub fn render(self, message: &Message) -> String {
        let bundle = self.bundle();
        let args: FluentArgs = message.values.iter().map(|(name, value)| (*name, value.fluent(self))).collect();
        let pattern = bundle
            .get_message(message.name)
            .and_then(|found| found.value())
            .unwrap_or_else(|| panic!("no message `{}`", message.name));
        let mut faults = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&args), &mut faults);
        assert!(faults.is_empty(), "the message `{}`: {faults:?}", message.name);
        text.into_owned()
    }

    /// An amount of money in the form of the language: `64 389 052,15 ₽`, `₽64,389,052.15`.
    #[must_use]
    pub fn amount(self, amount: Kopecks) -> String {
        let text = amount.to_string();
        let (sign, plain) = text.strip_prefix('-').map_or(("", text.as_str()), |plain| ("-", plain));
        let (whole, kopecks) = plain.split_at(plain.len() - 3);
        match self {
            Self::Ru => format!("{sign}{},{} ₽", group_thousands(whole, '\u{a0}'), &kopecks[1..]),
            Self::En => format!("{sign}₽{}{kopecks}", group_thousands(whole, ',')),
        }
    }

    /// An amount as [`Self::amount`] writes it, without a place where a line may break.
    #[must_use]
    pub fn unbroken_amount(self, amount: Kopecks) -> String {
        self.amount(amount).replace(' ', "\u{a0}")
    }

    /// An amount without the sign of the rouble, for a table whose heading has it: `64 389 052,15`, `64,389,052.15`.
    #[must_use]
    pub fn bare_amount(self, amount: Kopecks) -> String {
        self.amount(amount).replace([' ', '₽'], "")
    }

    /// A day in the form of the language: `01.12.2026`, `2026-12-01`.
    #[must_use]
    pub fn day(self, day: Date) -> String {
        if self == Self::Ru { format_day(day) } else { day.to_string() }
    }

    /// A decimal in the form of the language: `32,76`, `32.76`.
    #[must_use]
    pub fn decimal(self, decimal: &str) -> String {
        if self == Self::Ru { decimal.replace('.', ",") } else { decimal.to_owned() }
    }

    /// A count in the form of the language: `4 200`, `4,200`.
    #[must_use]
    pub fn count(self, count: usize) -> String {
        group_thousands(&count.to_string(), if self == Self::Ru { '\u{a0}' } else { ',' })
    }

    fn bundle(self) -> &'static FluentBundle<FluentResource> {
        static RU: OnceLock<FluentBundle<FluentResource>> = OnceLock::new();
        static EN: OnceLock<FluentBundle<FluentResource>> = OnceLock::new();
        let (cell, text) = match self {
            Self::Ru => (&RU, include_str!("messages/ru.ftl")),
            Self::En => (&EN, include_str!("messages/en.ftl")),
        };
        cell.get_or_init(|| {
            let resource = FluentResource::try_new(text.to_owned()).unwrap_or_else(|(_, faults)| panic!("{faults:?}"));
            let locale: LanguageIdentifier = self.as_str().parse().expect("a language code");
            let mut bundle = FluentBundle::new_concurrent(vec![locale]);
            bundle.set_use_isolating(false);
            bundle.add_resource(resource).expect("each name once");
            bundle
        })
    }
}

/// A sentence for a reader: its name in the message files, and its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    name: &'static str,
    values: Vec<(&'static str, Value)>,
}

impl Message {
    /// The message of this name, without values.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self { name, values: Vec::new() }
    }

    /// The message with one more value.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.values.push((name, value.into()));
        self
    }

    /// The name in the message files.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The message with each of its texts cut to `letters` letters.
    #[must_use]
    pub fn clip(&self, letters: usize) -> Self {
        let value = |value: &Value| match value {
            Value::Text(text) => Value::Text(clip(text, letters)),
            Value::Message(message) => Value::Message(Box::new(message.clip(letters))),
            other => other.clone(),
        };
        Self { name: self.name, values: self.values.iter().map(|(name, of)| (*name, value(of))).collect() }
    }

    /// The value of a name.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.values.iter().find(|(named, _)| *named == name).map(|(_, value)| value)
    }
}

/// The text; if it has more than `letters` letters, cut to them and ended by `…`.
fn clip(text: &str, letters: usize) -> String {
    match text.char_indices().nth(letters) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// A value of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A text, which is shown as it is.
    Text(String),
    /// A count, which selects the plural form.
    Count(u64),
    /// An amount of money, in the form of the language.
    Amount(Kopecks),
    /// A day, in the form of the language.
    Day(Date),
    /// Decimals with points, in the form of the language: a coefficient, a range.
    Decimal(String),
    /// A name of the tariff, which has both languages.
    Name {
        /// In Russian.
        ru: String,
        /// In English.
        en: String,
    },
    /// A message inside the sentence, in the same language.
    Message(Box<Message>),
}

impl Value {
    /// A decimal, or a range of decimals, in the form of the language.
    #[must_use]
    pub fn decimal(decimal: impl fmt::Display) -> Self {
        Self::Decimal(decimal.to_string())
    }

    fn fluent(&self, language: Language) -> FluentValue<'_> {
        match self {
            Self::Text(text) => FluentValue::from(text.as_str()),
            Self::Count(count) => FluentValue::from(*count),
            Self::Amount(amount) => FluentValue::from(language.amount(*amount)),
            Self::Day(day) => FluentValue::from(language.day(*day)),
            Self::Decimal(decimal) => FluentValue::from(language.decimal(decimal)),
            Self::Name { ru, en } => {
                FluentValue::from(if language == Language::Ru { ru.as_str() } else { en.as_str() })
            }
            Self::Message(message) => FluentValue::from(language.render(message)),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<usize> for Value {
    fn from(count: usize) -> Self {
        Self::Count(count as u64)
    }
}

impl From<u64> for Value {
    fn from(count: u64) -> Self {
        Self::Count(count)
    }
}

impl From<u32> for Value {
    fn from(count: u32) -> Self {
        Self::Count(u64::from(count))
    }
}

impl From<Kopecks> for Value {
    fn from(amount: Kopecks) -> Self {
        Self::Amount(amount)
    }
}

impl From<Date> for Value {
    fn from(day: Date) -> Self {
        Self::Day(day)
    }
}

impl From<Message> for Value {
    fn from(message: Message) -> Self {
        Self::Message(Box::new(message))
    }
}

/// Messages one after another with commas; an empty text if there is none.
pub fn joined(messages: impl IntoIterator<Item = Message>) -> Message {
    let join = |first: Message, next| Message::new("joined").with("first", first).with("next", next);
    messages.into_iter().reduce(join).unwrap_or(Message::new("joined-none"))
}

/// The names in backticks, separated by commas: `` `a`, `b`, `c` ``.
#[must_use]
pub fn listed<T: fmt::Display>(names: impl IntoIterator<Item = T>) -> String {
    names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
