//! A number of a file, with every digit.

use std::fmt;

use serde::{Deserialize, Deserializer, de};

use crate::base::money::Rate;

/// A decimal that is not negative, as it stands in a file: every digit, however many there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exact(Box<str>);

impl Exact {
    /// The decimal, or `None` where the text is anything but digits and a fraction after a point.
    #[must_use]
    pub fn as_written(text: &str) -> Option<Self> {
        Rate::as_written(text).map(|_| Self(text.into()))
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number, to calculate with.
    #[must_use]
    pub fn value(&self) -> Rate {
        Rate::as_written(&self.0).unwrap_or_else(|| unreachable!("what is exact has been read as a number"))
    }
}

impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Exact {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        let text = String::deserialize(source)?;
        Self::as_written(&text).ok_or_else(|| de::Error::custom("no decimal"))
    }
}
