//! What the cells of a column that holds no field look like.

use serde::Deserialize;

use crate::base::messages::Message;

/// What the cells of a column look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Likeness {
    /// Words that decide whether the person of a row counts: «уволен».
    Decisions,
    /// Days of cover.
    Days,
    /// Words that the table's user has listed: plans.
    Plans,
    /// Further people of a row.
    Relatives,
    /// Names of people.
    Names,
    /// Sums of money.
    Money,
    /// Numbers of months or days of cover.
    Terms,
    /// Formulas whose results are not stored.
    Formulas,
    /// What changes the rows: a reversal, another currency, a tax.
    Conditions,
}

impl Likeness {
    /// The words for a message: “days”.
    #[must_use]
    pub fn message(self) -> Message {
        Message::new(match self {
            Self::Decisions => "looks-like-decisions",
            Self::Days => "looks-like-days",
            Self::Plans => "looks-like-plans",
            Self::Conditions => "looks-like-conditions",
            Self::Names | Self::Relatives => "looks-like-names",
            Self::Money => "looks-like-money",
            Self::Terms => "looks-like-terms",
            Self::Formulas => "looks-like-formulas",
        })
    }
}
