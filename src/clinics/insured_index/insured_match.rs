//! The insured that a query means on a day, or why there is none.

use jiff::civil::Date;

use crate::base::messages::Message;
use crate::clinics::insured_view::InsuredRecord;
use crate::clinics::loyalty::DiscountEligibility;

/// The insured that a query means on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InsuredMatch<'f> {
    /// The one insured whose cover includes the day.
    Insured(&'f InsuredRecord),
    /// The covers of one person under several contracts in force on the day, the earliest first day first (`I69`).
    SeveralContracts(Vec<&'f InsuredRecord>),
    /// One or more insured, all of them outside their cover on the day.
    Outside {
        /// The first of them with a right to the discount on the day, or else the first.
        insured: &'f InsuredRecord,
        /// The right that the list of the entitled gives on the day.
        entitled: Option<DiscountEligibility>,
    },
    /// No insured, but one of the list of the entitled (`I66`).
    Entitled {
        /// The right on the day.
        right: DiscountEligibility,
        /// The identity outside the book.
        identity: &'f str,
    },
    /// No insured, or more than one.
    None(MatchFailure),
}

/// The reason why a query has no match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MatchFailure {
    /// No insured has the policy number, and none has the name and birth date.
    NotFound,
    /// The policy number belongs to an insured with another name or birth date.
    PolicyOfAnother,
    /// The insured with the name and birth date has another policy number.
    PolicyDiffers,
    /// Several insured match.
    Ambiguous,
}

impl MatchFailure {
    /// The failure for a reader, with what to do; without personal data.
    #[must_use]
    pub fn message(self) -> Message {
        match self {
            Self::NotFound => Message::new("match-not-found"),
            Self::PolicyOfAnother => Message::new("match-policy-of-another"),
            Self::PolicyDiffers => Message::new("match-policy-differs"),
            Self::Ambiguous => Message::new("match-ambiguous"),
        }
    }
}

impl<'f> InsuredMatch<'f> {
    /// The insured that decides on the day.
    #[must_use]
    pub fn insured(&self) -> Option<&'f InsuredRecord> {
        match self {
            Self::None(_) | Self::Entitled { .. } => None,
            Self::Insured(insured) | Self::Outside { insured, .. } => Some(insured),
            Self::SeveralContracts(covers) => covers.first().copied(),
        }
    }

    /// The insured with this contract and ordinal, of those that the query means.
    #[must_use]
    pub fn insured_of(&self, contract: &str, ordinal: u32) -> Option<&'f InsuredRecord> {
        let has_key = |insured: &&'f InsuredRecord| insured.key() == (contract, ordinal);
        match self {
            Self::SeveralContracts(covers) => covers.iter().copied().find(has_key),
            _ => self.insured().filter(has_key),
        }
    }

    /// The right to the discount on a day; `None` without one (`I41`, `I66`).
    #[must_use]
    pub fn discount_eligibility(&self, day: Date) -> Option<DiscountEligibility> {
        let of_book = self.insured().and_then(|insured| insured.discount_eligibility(day));
        match self {
            Self::Outside { entitled, .. } => of_book.or(*entitled),
            Self::Entitled { right, .. } => Some(*right),
            _ => of_book,
        }
    }

    /// The identities of the patient in the ledger, the one that decides on the day first: contract and ordinal for each cover of the day,
    /// or the identity outside the book.
    #[must_use]
    pub fn identities(&self) -> Vec<(&'f str, u32)> {
        match self {
            Self::SeveralContracts(covers) => covers.iter().map(|cover| cover.key()).collect(),
            Self::Entitled { identity, .. } => vec![(identity, 0)],
            _ => self.insured().map(InsuredRecord::key).into_iter().collect(),
        }
    }
}
