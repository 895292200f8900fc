//! Days as texts in JSON, for serde: `2026-12-01`.

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serializer, de};

/// Writes a day.
///
/// # Errors
///
/// The errors of the serializer.
pub fn serialize<S: Serializer>(day: &Date, target: S) -> Result<S::Ok, S::Error> {
    target.collect_str(day)
}

/// Reads a day.
///
/// # Errors
///
/// The errors of the deserializer, and where the text is no day.
pub fn deserialize<'de, D: Deserializer<'de>>(source: D) -> Result<Date, D::Error> {
    String::deserialize(source)?.parse().map_err(de::Error::custom)
}
