//! Days that may be absent as texts in JSON, for serde: `2026-12-01`.

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serializer, de};

/// Writes a day, or null.
///
/// # Errors
///
/// The errors of the serializer.
pub fn serialize<S: Serializer>(day: &Option<Date>, target: S) -> Result<S::Ok, S::Error> {
    match day {
        Some(day) => target.collect_str(day),
        None => target.serialize_none(),
    }
}

/// Reads a day, or null.
///
/// # Errors
///
/// The errors of the deserializer, and where the text is no day.
pub fn deserialize<'de, D: Deserializer<'de>>(source: D) -> Result<Option<Date>, D::Error> {
    let text: Option<String> = Option::deserialize(source)?;
    text.map(|text| text.parse().map_err(de::Error::custom)).transpose()
}
