//! Values as texts in JSON, for serde: `#[serde(with = "as_text")]` writes a day as `2026-12-01` and an amount as `1234.50`;
//! `as_text::optional` does the same for values that may be absent.

use std::fmt::Display;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serializer, de};

/// Writes a value.
///
/// # Errors
///
/// The errors of the serializer.
pub fn serialize<T: Display, S: Serializer>(value: &T, target: S) -> Result<S::Ok, S::Error> {
    target.collect_str(value)
}

/// Reads a value.
///
/// # Errors
///
/// The errors of the deserializer, and that of the value where the text is none.
pub fn deserialize<'de, T: FromStr<Err: Display>, D: Deserializer<'de>>(source: D) -> Result<T, D::Error> {
    String::deserialize(source)?.parse().map_err(de::Error::custom)
}

/// The same for values that may be absent: null where there is none.
pub mod optional {
    use super::{Deserialize, Deserializer, Display, FromStr, Serializer, de};

    /// Writes a value, or null.
    ///
    /// # Errors
    ///
    /// The errors of the serializer.
    pub fn serialize<T: Display, S: Serializer>(value: &Option<T>, target: S) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => target.collect_str(value),
            None => target.serialize_none(),
        }
    }

    /// Reads a value, or null.
    ///
    /// # Errors
    ///
    /// The errors of the deserializer, and that of the value where the text is none.
    pub fn deserialize<'de, T: FromStr<Err: Display>, D: Deserializer<'de>>(source: D) -> Result<Option<T>, D::Error> {
        let text: Option<String> = Option::deserialize(source)?;
        text.map(|text| text.parse().map_err(de::Error::custom)).transpose()
    }
}
