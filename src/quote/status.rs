//! The outcome of a contract.

use serde::{Deserialize, Serialize};

use crate::base::named_enum::named_enum;

named_enum! {
    /// The outcome of a contract.
    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "lowercase")]
    pub enum Status {
        /// Every row is priced.
        Issued = "issued",
        /// Only the clean rows are priced, on request; or a census, which is no roster yet.
        Preliminary = "preliminary",
        /// A row has an error or is referred to an underwriter: there is no price.
        Refused = "refused",
    }
}

impl Status {
    /// The name of the message that explains why a quote is preliminary: it prices a census, or only the clean rows.
    #[must_use]
    pub const fn preliminary_notice(self, census: bool) -> Option<&'static str> {
        match (self, census) {
            (Self::Preliminary, true) => Some("census-notice"),
            (Self::Preliminary, false) => Some("preliminary-notice"),
            (Self::Issued | Self::Refused, _) => None,
        }
    }
}
