//! The declaration of the keys of a TOML file: one place for the JSON schema, the template and the reference in the
//! docs.
//!
//! The readers of files check values that no schema can express; tests hold them to the declaration.

use serde_json::{Map, Value, json};

/// A table of a file and its keys, in the order of the docs.
#[derive(Debug)]
pub struct TableKeys {
    /// What the table stands for; blank where its key explains it.
    pub about: &'static str,
    /// The keys.
    pub keys: &'static [Key],
}

/// A key of a table.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// The name.
    pub name: &'static str,
    /// What the key stands for, with clauses and rules.
    pub about: &'static str,
    /// How its value is written.
    pub form: Form,
    /// Whether the key has to be there.
    pub is_required: bool,
    /// The value of a file without the key.
    pub default: Option<&'static str>,
    /// Further keywords of the JSON schema: the limits of the value.
    pub limits: &'static [(&'static str, usize)],
    /// The rows of the built-in edition that explain the key.
    pub edition: Option<fn() -> Vec<String>>,
    /// The message that explains the key in a file to start from; none where the example around it does.
    pub hint: Option<&'static str>,
}

/// How a value is written.
#[derive(Debug, Clone, Copy)]
pub enum Form {
    /// As the JSON schema of a single value describes it.
    Value(fn() -> Value),
    /// One of these words.
    Words(&'static [&'static str]),
    /// In one of several forms.
    Either(&'static [Self]),
    /// A list of such values.
    List(&'static Self),
    /// A table.
    Table(&'static TableKeys),
    /// A list of tables.
    Tables(&'static TableKeys),
}

impl Key {
    /// A key that can be left out.
    #[must_use]
    pub const fn new(name: &'static str, form: Form, about: &'static str) -> Self {
        Self { name, about, form, is_required: false, default: None, limits: &[], edition: None, hint: None }
    }

    /// The key has to be there.
    #[must_use]
    pub const fn required(self) -> Self {
        Self { is_required: true, ..self }
    }

    /// A file without the key means this word.
    #[must_use]
    pub const fn default(self, word: &'static str) -> Self {
        Self { default: Some(word), ..self }
    }

    /// The limits of the value, by the keywords of JSON schema.
    #[must_use]
    pub const fn limits(self, limits: &'static [(&'static str, usize)]) -> Self {
        Self { limits, ..self }
    }

    /// The rows of the built-in edition that explain the key.
    #[must_use]
    pub const fn edition(self, rows: fn() -> Vec<String>) -> Self {
        Self { edition: Some(rows), ..self }
    }

    /// The message that explains the key in a file to start from.
    #[must_use]
    pub const fn hint(self, message: &'static str) -> Self {
        Self { hint: Some(message), ..self }
    }

    fn schema(&self, is_in_item: bool) -> Value {
        let mut about = self.about.to_owned();
        if let Some(rows) = self.edition {
            about.push_str("\n\nIn the built-in edition:\n");
            for row in rows() {
                about.extend(["\n- ", row.as_str()]);
            }
        }
        let mut schema = Map::from_iter([("description".to_owned(), about.into())]);
        if let Value::Object(form) = self.form.schema(is_in_item) {
            schema.extend(form);
        }
        schema.extend(self.limits.iter().map(|(keyword, limit)| ((*keyword).to_owned(), json!(limit))));
        schema.extend(self.default.map(|word| ("default".to_owned(), word.into())));
        schema.into()
    }
}

impl Form {
    /// The tables that a value of this form is or holds.
    fn tables(&self) -> Vec<&'static TableKeys> {
        match self {
            Self::Value(_) | Self::Words(_) => Vec::new(),
            Self::Either(forms) => forms.iter().flat_map(Self::tables).collect(),
            Self::List(form) => form.tables(),
            Self::Table(table) | Self::Tables(table) => vec![table],
        }
    }

    /// The JSON schema of such a value; `is_in_item` as for tables.
    #[must_use]
    pub fn schema(&self, is_in_item: bool) -> Value {
        match self {
            Self::Value(schema) => schema(),
            Self::Words(words) => json!({ "type": "string", "enum": words }),
            Self::Either(forms) => {
                json!({ "anyOf": forms.iter().map(|form| form.schema(true)).collect::<Vec<_>>() })
            }
            Self::List(form) => json!({ "type": "array", "items": form.schema(true) }),
            Self::Table(table) => table.schema(is_in_item),
            Self::Tables(table) => json!({ "type": "array", "items": table.schema(true) }),
        }
    }
}

impl TableKeys {
    /// The key of a path such as `plan.cover.programme`.
    #[must_use]
    pub fn find(&'static self, path: &str) -> Option<&'static Key> {
        match path.split_once('.') {
            None => self.keys.iter().find(|key| key.name == path),
            Some((table, rest)) => self.find(table)?.form.tables().into_iter().find_map(|table| table.find(rest)),
        }
    }

    /// The JSON schema of the file whose root table this is, in draft 7, which editors of TOML understand.
    #[must_use]
    pub fn file_schema(&self, title: &str) -> Value {
        let mut schema = Map::from_iter([
            ("$schema".to_owned(), "http://json-schema.org/draft-07/schema#".into()),
            ("title".to_owned(), title.into()),
        ]);
        if let Value::Object(table) = self.schema(false) {
            schema.extend(table);
        }
        schema.into()
    }

    /// The schema of the table. `is_in_item` is whether the table is, or is part of, an item of a list: only the order
    /// of its keywords depends on it.
    fn schema(&self, is_in_item: bool) -> Value {
        let properties: Map<String, Value> =
            self.keys.iter().map(|key| (key.name.to_owned(), key.schema(is_in_item))).collect();
        let required: Vec<&str> = self.keys.iter().filter(|key| key.is_required).map(|key| key.name).collect();
        let mut schema = Map::new();
        if !self.about.is_empty() {
            schema.insert("description".to_owned(), self.about.into());
        }
        schema.insert("type".to_owned(), "object".into());
        let mut parts = [("additionalProperties", false.into()), ("properties", Value::from(properties))];
        if is_in_item {
            parts.reverse();
        }
        schema.extend(parts.map(|(keyword, value)| (keyword.to_owned(), value)));
        if !required.is_empty() {
            schema.insert("required".to_owned(), required.into());
        }
        schema.into()
    }
}

/// A text that is not blank.
pub const TEXT: Form = Form::Value(|| json!({ "type": "string", "pattern": r"\S" }));
/// Any text.
pub const ANY_TEXT: Form = Form::Value(|| json!({ "type": "string" }));
/// A day, which TOML writes without quotes.
pub const DAY: Form = Form::Value(|| json!({ "type": "string", "format": "date" }));

/// The schema of a number, or of its digits in quotes, with at most `decimals` decimals apart from zeros at the end, within `bounds`.
#[must_use]
pub fn decimal_schema(decimals: u32, bounds: Value) -> Value {
    let pattern = format!(r"^\s*[0-9]+(\.[0-9]{{1,{decimals}}}0*)?\s*$");
    let mut schema =
        Map::from_iter([("type".to_owned(), json!(["number", "string"])), ("pattern".to_owned(), pattern.into())]);
    if let Value::Object(bounds) = bounds {
        schema.extend(bounds);
    }
    schema.into()
}
