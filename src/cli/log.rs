//! `--log json`: the events of a run for programs, one JSON object a line on standard error.
//!
//! Every line has a `level` (`info`, `warning`, `error`) and an `event`; the names of events do not change between versions. `message` is
//! for people. There is no time in a line, so that equal runs have equal logs. No line has personal data of an insured.

use serde_json::{Map, Value};

use crate::base::named_enum::named_enum;

named_enum! {
    /// The severity of an event.
    pub enum Level {
        /// Normal progress.
        Info = "info",
        /// To be checked by a person.
        Warning = "warning",
        /// Refused or failed.
        Error = "error",
    }
}

/// An event of a run.
#[derive(Debug, Clone)]
pub struct Event {
    /// The severity.
    pub level: Level,
    name: &'static str,
    values: Map<String, Value>,
}

impl Event {
    /// An event without values; [`Event::with`] adds them.
    pub fn new(level: Level, name: &'static str) -> Self {
        Self { level, name, values: Map::new() }
    }

    /// Adds a value. Money is text with two decimals, as in the files.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.values.insert(key.to_owned(), value.into());
        self
    }

    /// Adds several values.
    #[must_use]
    pub fn with_all(mut self, values: Map<String, Value>) -> Self {
        self.values.extend(values);
        self
    }

    /// The line of the log, without the line break.
    pub fn into_line(self) -> String {
        let mut line = Map::new();
        line.insert("level".to_owned(), self.level.as_str().into());
        line.insert("event".to_owned(), self.name.into());
        line.extend(self.values);
        Value::Object(line).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_one_line_of_json_in_insertion_order() {
        let event = Event::new(Level::Warning, "set-aside").with("number", "ДМС-1\n\"2\"").with("lines", 3);
        assert_eq!(event.into_line(), r#"{"level":"warning","event":"set-aside","number":"ДМС-1\n\"2\"","lines":3}"#);
    }
}
