//! Answers in JSON: a structure is declared once, and its fields with their comments are the properties of its schema.

use serde::Serialize;
use serde_json::{Value, json};

use crate::base::money::Kopecks;
use crate::tariff::EditionId;

/// A value of an answer with its JSON schema.
pub trait Described {
    /// The schema of the values.
    fn schema() -> Value;
}

/// Declares a structure of an answer: it is serialised by its fields, and its schema has their comments.
macro_rules! answer {
    ($(#[doc = $about:literal])* $visible:vis struct $name:ident {
        $($(#[doc = $text:literal])* $field:ident: $type:ty,)+
    }) => {
        $(#[doc = $about])*
        #[derive(Debug, serde::Serialize)]
        $visible struct $name {
            $($(#[doc = $text])* $field: $type,)+
        }

        impl $crate::cli::answer::Described for $name {
            fn schema() -> serde_json::Value {
                let mut properties = serde_json::Map::new();
                $(
                    let mut property = <$type as $crate::cli::answer::Described>::schema();
                    property["description"] = concat!($($text),*).trim().into();
                    properties.insert(stringify!($field).to_owned(), property);
                )+
                serde_json::json!({
                    "type": "object",
                    "description": concat!($($about),*).trim(),
                    "properties": properties,
                    "required": [$(stringify!($field)),+],
                })
            }
        }
    };
}
pub(crate) use answer;

/// An amount in roubles with two decimals; a text, since a number would be read as a float.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct Money(String);

impl From<Kopecks> for Money {
    fn from(amount: Kopecks) -> Self {
        Self(amount.to_string())
    }
}

impl Described for Money {
    fn schema() -> Value {
        json!({ "type": "string", "pattern": r"^-?\d+\.\d\d$" })
    }
}

impl Described for EditionId {
    fn schema() -> Value {
        json!({
            "type": "object",
            "properties": {
                "edition": { "type": "string", "description": "Code of the edition of the tariff." },
                "sha256": { "type": "string", "description": "SHA-256 of its file, in hexadecimal." },
            },
            "required": ["edition", "sha256"],
        })
    }
}

impl Described for String {
    fn schema() -> Value {
        json!({ "type": "string" })
    }
}

impl Described for &str {
    fn schema() -> Value {
        String::schema()
    }
}

impl Described for bool {
    fn schema() -> Value {
        json!({ "type": "boolean" })
    }
}

impl Described for u64 {
    fn schema() -> Value {
        json!({ "type": "integer", "minimum": 0 })
    }
}

impl Described for u32 {
    fn schema() -> Value {
        u64::schema()
    }
}

impl Described for usize {
    fn schema() -> Value {
        u64::schema()
    }
}

impl<T: Described> Described for Option<T> {
    fn schema() -> Value {
        let mut schema = T::schema();
        schema["type"] = json!([schema["type"], "null"]);
        schema
    }
}

impl<T: Described> Described for Vec<T> {
    fn schema() -> Value {
        json!({ "type": "array", "items": T::schema() })
    }
}
