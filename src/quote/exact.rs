//! Decimals of the files, with every digit.

use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::base::money::Rate;

/// A decimal that is not negative, as it stands in a file, with any number of digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exact(Box<str>);

impl Exact {
    /// The decimal, or `None` where the text is anything but digits and a fraction after a point.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Rate::parse(text).map(|_| Self(text.into()))
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number, for arithmetic.
    #[must_use]
    pub fn value(&self) -> Rate {
        Rate::parse(&self.0).unwrap_or_else(|| unreachable!("an exact decimal was parsed when it was made"))
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
        Self::parse(&text).ok_or_else(|| de::Error::custom("no decimal"))
    }
}

impl From<Decimal> for Exact {
    fn from(decimal: Decimal) -> Self {
        Self(decimal.to_string().into())
    }
}

impl Serialize for Exact {
    fn serialize<S: Serializer>(&self, target: S) -> Result<S::Ok, S::Error> {
        target.serialize_str(&self.0)
    }
}
