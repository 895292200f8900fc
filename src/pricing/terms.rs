//! The terms of a contract that its prices follow from: term, plans, covers, and choices in the tariff's ranges.
//!
//! The reader of the contract file makes [`Terms`] and checks them against the tariff. They are plain values: a copy
//! with another choice or another price level has another price by the same code.

use rust_decimal::Decimal;

use crate::base::calendar::Term;
use crate::base::money::Kopecks;
use crate::pricing::choice::{Choices, RangeChoice};
use crate::tariff::programme::ServiceId;

/// What a contract is priced by, apart from the tariff and the insured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// The days of the contract, inside its contract year (`I15`).
    pub term: Term,
    /// Which coefficients the contract takes from the tariff's ranges (`I2`, `I3`).
    pub choices: Choices,
    /// The coefficients by age that underwriters chose for insured past the last age of §2.2 (`I73`), each once, in ascending order.
    pub accepted_ages: Vec<Decimal>,
    /// The plans, in the order of the contract file; at least one.
    pub plans: Vec<Plan>,
}

/// What an insured can be on (вариант, пакет): a list of covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The code, by which rosters name it.
    pub code: String,
    /// The name, by which rosters may name it too.
    pub name: Option<String>,
    /// The covers, in the order of the contract file; at least one, and each programme once.
    pub covers: Vec<Cover>,
}

/// One programme in a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cover {
    /// The programme: its index in [`Tariff::programmes`](crate::tariff::Tariff::programmes).
    pub programme: usize,
    /// The sum insured of each insured who has none of their own (`I17`).
    pub sum_insured: Kopecks,
    /// The choice for the base rate; only where the tariff gives a range.
    pub base_rate: Option<RangeChoice>,
    /// The excluded services, each once.
    pub exclude: Vec<Excluded>,
    /// The included services, each once.
    pub include: Vec<ServiceId>,
    /// The coefficient of the price change (§2.3, `I13`).
    pub price_change: Option<Decimal>,
    /// The additional services (§2.4, `I14`, `I74`).
    pub additional_services: Option<AdditionalServices>,
}

impl Cover {
    /// The price level (§2.3) that the cover's rates include; 1 where prices have not changed.
    #[must_use]
    pub fn price_level(&self) -> Decimal {
        self.price_change.unwrap_or(Decimal::ONE)
    }
}

/// Additional services that the policyholder chose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdditionalServices {
    /// The coefficient (`I14`).
    pub coefficient: Decimal,
    /// The services in words (`I74`); none where the contract file has the bare number.
    pub services: Option<String>,
}

/// An excluded service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excluded {
    /// The service.
    pub service: ServiceId,
    /// The choice for its coefficient; only where the tariff gives a range.
    pub choice: Option<RangeChoice>,
}
