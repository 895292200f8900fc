//! `--log json`: what a run has to say, for programs: one JSON object a line on standard error.
//!
//! Every line has a `level` (`info`, `warning`, `error`) and an `event`, whose names are promises; `message` is for people. There
//! is no clock in it: whoever collects the lines knows when they come, and the same run says the same twice. Nothing that is
//! known of an insured is ever in it.

use serde_json::{Map, Value};

/// How grave an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Things go their way.
    Info,
    /// Somebody should look.
    Warning,
    /// Something is refused, or could not be done.
    Error,
}

impl Level {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Something that has happened.
#[derive(Debug, Clone)]
pub struct Event {
    /// How grave it is.
    pub level: Level,
    name: &'static str,
    values: Map<String, Value>,
}

impl Event {
    /// An event of this name; what is known of it follows by [`Event::with`].
    pub fn new(level: Level, name: &'static str) -> Self {
        Self { level, name, values: Map::new() }
    }

    /// The same event, with one value more. Money is given as text, as files have it.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.values.insert(key.to_owned(), value.into());
        self
    }

    /// The same event, with these values too.
    #[must_use]
    pub fn with_all(mut self, values: Map<String, Value>) -> Self {
        self.values.extend(values);
        self
    }

    /// The line, without its end.
    pub fn line(self) -> String {
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
    fn an_event_is_one_line_of_json_in_the_order_of_its_making() {
        let event = Event::new(Level::Warning, "set-aside").with("number", "ДМС-1\n\"2\"").with("lines", 3);
        assert_eq!(event.line(), r#"{"level":"warning","event":"set-aside","number":"ДМС-1\n\"2\"","lines":3}"#);
    }
}
