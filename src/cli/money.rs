//! Money in a JSON answer: text, since a number would be read as a float.

use schemars::JsonSchema;
use serde::Serialize;

use crate::base::money::Kopecks;

/// An amount in roubles with two decimals.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(transparent)]
#[schemars(inline)]
pub struct Money(#[schemars(regex(pattern = r"^-?\d+\.\d\d$"))] String);

impl From<Kopecks> for Money {
    fn from(amount: Kopecks) -> Self {
        Self(amount.to_string())
    }
}
