//! The events of a contract's life: who joins, leaves or changes, what was wrong from the first day, and the contract's end.
//!
//! Each has a valid day, from which it counts, and the run and row that recorded it. The [fold](crate::portfolio::fold) of a contract's
//! events gives its rows.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::base::named_enum::named_enum;
use crate::portfolio::premium::price_history::PriceHistory;
use crate::roster::contacts::Contacts;

/// An event of one contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The run that recorded it.
    pub run: i64,
    /// Its place in that run.
    pub row: u32,
    /// The day from which it counts.
    pub day: Date,
    /// What happens.
    pub kind: EventKind,
}

/// What happens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EventKind {
    /// An insured joins.
    Joined(Box<NewInsured>),
    /// An insured is covered until the day before.
    Left {
        /// The insured.
        who: PersonRef,
        /// The share of expenses (`I27`), where the contract names none.
        load: Option<String>,
    },
    /// Values of an insured change from the day on.
    Changed {
        /// The insured.
        who: PersonRef,
        /// The values.
        values: Box<Values>,
    },
    /// Values of an insured were wrong from the first day (`I33`).
    Corrected {
        /// The insured.
        who: PersonRef,
        /// The values.
        values: Box<Values>,
    },
    /// The contract ends: this is the first day without cover.
    Ended(End),
}

impl EventKind {
    /// The insured of an event that is about one who is insured already.
    #[must_use]
    pub const fn who(&self) -> Option<PersonRef> {
        match self {
            Self::Left { who, .. } | Self::Changed { who, .. } | Self::Corrected { who, .. } => Some(*who),
            Self::Joined(_) | Self::Ended(_) => None,
        }
    }

    /// The word of the register.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Joined(_) => "joined",
            Self::Left { .. } => "left",
            Self::Changed { .. } => "changed",
            Self::Corrected { .. } => "corrected",
            Self::Ended(_) => "ended",
        }
    }
}

/// An insured of a contract, whatever becomes of the order of its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonRef {
    /// By the place among the insured that the contract was bound with, from 1.
    Bound(u32),
    /// By the run and the row of the event that let them join.
    Joined(i64, u32),
}

/// An insured who joins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewInsured {
    /// The id; empty where there is none.
    pub id: String,
    /// The policy number of the list, or else the one that the book has issued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy_number: Option<String>,
    /// The name.
    pub name: String,
    /// The day of birth, in days since 1970.
    pub birth_date: i32,
    /// The relation to the employee.
    pub relation: Option<String>,
    /// Who heads the family; `None` where the list has no families.
    pub head: Option<PersonRef>,
    /// The code of the plan.
    pub plan: String,
    /// The risk group.
    pub risk_group: u8,
    /// The own sum insured, in kopecks.
    pub sum_insured: Option<i64>,
    /// The last day of cover, in days since 1970.
    pub last: i32,
    /// The contacts, for the clinics.
    pub contacts: Contacts<Option<String>>,
}

/// New values of an insured; `None` leaves a value as it is.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Values {
    /// The name.
    pub name: Option<String>,
    /// The day of birth, in days since 1970; only in a correction.
    pub birth_date: Option<i32>,
    /// The relation to the employee; only in a correction.
    pub relation: Option<String>,
    /// The code of the plan.
    pub plan: Option<String>,
    /// The risk group.
    pub risk_group: Option<u8>,
    /// The own sum insured, in kopecks.
    pub sum_insured: Option<i64>,
    /// The contacts, for the clinics.
    pub contacts: Contacts<Option<String>>,
}

impl Values {
    /// Whether both state a value of the same kind.
    #[must_use]
    pub fn overlap(&self, other: &Self) -> bool {
        let both = [
            self.name.is_some() && other.name.is_some(),
            self.birth_date.is_some() && other.birth_date.is_some(),
            self.relation.is_some() && other.relation.is_some(),
            self.plan.is_some() && other.plan.is_some(),
            self.risk_group.is_some() && other.risk_group.is_some(),
            self.sum_insured.is_some() && other.sum_insured.is_some(),
        ];
        both.contains(&true)
    }

    /// Whether a line depends on one of the values.
    #[must_use]
    pub const fn changes_price(&self) -> bool {
        self.birth_date.is_some() || self.plan.is_some() || self.risk_group.is_some() || self.sum_insured.is_some()
    }
}

/// The end of a contract before its last day (`I34`, `I35`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    /// Why.
    pub reason: EndReason,
    /// The price change that is refused.
    pub change: Option<String>,
    /// The premium that had been paid when the end was recorded, in kopecks; without payments that are annulled since.
    pub paid: i64,
}

impl End {
    /// Whether the end has an effect under these price changes: a change that is annulled cannot be refused.
    #[must_use]
    pub fn counts(&self, prices: &PriceHistory) -> bool {
        self.change.as_ref().is_none_or(|change| prices.has(change))
    }
}

named_enum! {
    /// Why a contract ends before its last day.
    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    pub enum EndReason {
        /// The policyholder has refused a price change (§2.3).
        Refusal = "refusal",
        /// The parties have agreed on it.
        Agreement = "agreement",
        /// The premium was not paid.
        NonPayment = "non-payment",
        /// Another reason.
        Other = "other",
    }
}
