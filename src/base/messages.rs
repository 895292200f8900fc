//! What the program says, in Russian and in English.
//!
//! A [`Message`] is a name and its values; the sentences stand in `words/ru.ftl` and `words/en.ftl`, one for each name,
//! and are put together only when the language is known. Nothing else in the library holds a sentence for a reader, but for
//! the templates that stand in files of their own and the help of the command line, which is in English and of which the
//! parser of arguments makes its own messages too.

use std::fmt;
use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use crate::base::money::{Kopecks, grouped};

/// A language that the program speaks.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Russian, which the insurer, the employer and the clinics read.
    #[default]
    Ru,
    /// English.
    En,
}

impl Language {
    /// The sentence in this language.
    ///
    /// # Panics
    ///
    /// If the message is not in the language's file or a value that it names is missing, which a test rules out.
    #[must_use]
    pub fn say(self, message: &Message) -> String {
        let bundle = self.bundle();
        let args: FluentArgs = message.values.iter().map(|(name, value)| (*name, value.in_words(self))).collect();
        let pattern = bundle
            .get_message(message.name)
            .and_then(|found| found.value())
            .unwrap_or_else(|| panic!("no words for `{}`", message.name));
        let mut faults = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&args), &mut faults);
        assert!(faults.is_empty(), "the words of `{}`: {faults:?}", message.name);
        text.into_owned()
    }

    /// An amount of money as people read it: `64 389 052,15 ₽`, `₽64,389,052.15`.
    #[must_use]
    pub fn amount(self, amount: Kopecks) -> String {
        let written = amount.to_string();
        let (sign, plain) = written.strip_prefix('-').map_or(("", written.as_str()), |plain| ("-", plain));
        let (whole, kopecks) = plain.split_at(plain.len() - 3);
        match self {
            Self::Ru => format!("{sign}{},{} ₽", grouped(whole, '\u{a0}'), &kopecks[1..]),
            Self::En => format!("{sign}₽{}{kopecks}", grouped(whole, ',')),
        }
    }

    /// An amount of roubles without their sign, for a table whose heading has it: `64 389 052,15`, `64,389,052.15`.
    #[must_use]
    pub fn bare_amount(self, amount: Kopecks) -> String {
        self.amount(amount).replace([' ', '₽'], "")
    }

    /// A decimal as people read it: `32,76`, `32.76`.
    #[must_use]
    pub fn decimal(self, decimal: &str) -> String {
        if self == Self::Ru { decimal.replace('.', ",") } else { decimal.to_owned() }
    }

    /// A count as people read it: `4 200`, `4,200`.
    #[must_use]
    pub fn count(self, count: usize) -> String {
        grouped(&count.to_string(), if self == Self::Ru { '\u{a0}' } else { ',' })
    }

    /// Two letters: `ru`, `en`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ru => "ru",
            Self::En => "en",
        }
    }

    fn bundle(self) -> &'static FluentBundle<FluentResource> {
        static RU: OnceLock<FluentBundle<FluentResource>> = OnceLock::new();
        static EN: OnceLock<FluentBundle<FluentResource>> = OnceLock::new();
        let (cell, locale, text) = match self {
            Self::Ru => (&RU, "ru", include_str!("messages/ru.ftl")),
            Self::En => (&EN, "en", include_str!("messages/en.ftl")),
        };
        cell.get_or_init(|| {
            let resource = FluentResource::try_new(text.to_owned()).unwrap_or_else(|(_, faults)| panic!("{faults:?}"));
            let locale: LanguageIdentifier = locale.parse().expect("a language code");
            let mut bundle = FluentBundle::new_concurrent(vec![locale]);
            bundle.set_use_isolating(false);
            bundle.add_resource(resource).expect("each name once");
            bundle
        })
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Something to be said: the name of a sentence and the values that it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    name: &'static str,
    values: Vec<(&'static str, Value)>,
}

impl Message {
    /// The message of this name; its values follow by [`Message::with`].
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self { name, values: Vec::new() }
    }

    /// The same message, about one value more.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.values.push((name, value.into()));
        self
    }

    /// The name under which the sentence stands in the files of words.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The same message, with at most so many letters of each text that it is about.
    #[must_use]
    pub fn clipped(&self, letters: usize) -> Self {
        let value = |value: &Value| match value {
            Value::Text(text) => Value::Text(clipped(text, letters)),
            Value::Said(message) => Value::Said(Box::new(message.clipped(letters))),
            other => other.clone(),
        };
        Self { name: self.name, values: self.values.iter().map(|(name, of)| (*name, value(of))).collect() }
    }

    /// The value of this name, if the message is about one.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.values.iter().find(|(named, _)| *named == name).map(|(_, value)| value)
    }
}

/// As much of a text as has so many letters, and `…` where it has more.
fn clipped(text: &str, letters: usize) -> String {
    match text.char_indices().nth(letters) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// A value inside a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Shown as it is.
    Text(String),
    /// A count, which decides between the plural forms.
    Count(u64),
    /// Money, set as the language sets it.
    Amount(Kopecks),
    /// A name of the tariff's, which has one in each language.
    Name {
        /// In Russian.
        ru: String,
        /// In English.
        en: String,
    },
    /// Another message, said in the language of the whole.
    Said(Box<Message>),
}

impl Value {
    fn in_words(&self, language: Language) -> FluentValue<'_> {
        match self {
            Self::Text(text) => FluentValue::from(text.as_str()),
            Self::Count(count) => FluentValue::from(*count),
            Self::Amount(amount) => FluentValue::from(language.amount(*amount)),
            Self::Name { ru, en } => {
                FluentValue::from(if language == Language::Ru { ru.as_str() } else { en.as_str() })
            }
            Self::Said(message) => FluentValue::from(language.say(message)),
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

impl From<Message> for Value {
    fn from(message: Message) -> Self {
        Self::Said(Box::new(message))
    }
}

/// Names in a row, each in backticks: `` `a`, `b`, `c` ``.
#[must_use]
pub fn listed<T: fmt::Display>(names: impl IntoIterator<Item = T>) -> String {
    names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
