//! The causes of a difference between two quotes, and the amount of each.

use crate::base::money::Kopecks;
use crate::base::named_enum::named_enum;

named_enum! {
    /// A cause of a difference between two quotes; the causes are applied in the order of their declaration.
    pub enum Cause messages "cause-" {
        /// An insured left: the premium before.
        Left = "left",
        /// An insured joined: the premium after.
        Joined = "joined",
        /// Another plan, with every difference between the covers of the two plans.
        Plan = "plan",
        /// Programmes added to or removed from the same plan.
        Covers = "covers",
        /// Other days of cover, or a contract year of another length.
        Term = "term",
        /// Another sum insured.
        SumInsured = "sum_insured",
        /// Another age band: every factor that depends on age.
        AgeBand = "age_band",
        /// Another risk group.
        RiskGroup = "risk_group",
        /// Another headcount band: the coefficient has another range.
        HeadcountBand = "headcount_band",
        /// The base rate.
        Base = "base",
        /// The coefficient of the same headcount band.
        Headcount = "headcount",
        /// The coefficient of the same age band.
        Age = "age",
        /// The coefficient of the same risk group.
        Risk = "risk",
        /// The price change.
        PriceChange = "price_change",
        /// The additional services.
        AdditionalServices = "additional_services",
        /// Excluded services.
        Exclusions = "exclusions",
        /// Included services.
        Inclusions = "inclusions",
        /// The coefficient of collective contracts.
        Collective = "collective",
    }
}

/// The amount of a difference that belongs to each cause.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct CauseAmounts {
    amounts: [Kopecks; Cause::ALL.len()],
    /// A bit for each cause that has ever had an amount, even if its amounts cancel.
    occurred: u32,
}

impl CauseAmounts {
    /// The amount of a cause.
    #[must_use]
    pub fn amount(&self, cause: Cause) -> Kopecks {
        self.amounts[cause as usize]
    }

    /// The sum of all amounts.
    #[must_use]
    pub fn sum(&self) -> Kopecks {
        self.amounts.iter().copied().sum()
    }

    /// Whether no cause occurred.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.occurred == 0
    }

    /// The causes that occurred, even if their amounts cancel, in the order of [`Cause::ALL`].
    pub fn iter(&self) -> impl Iterator<Item = (Cause, Kopecks)> + '_ {
        Cause::ALL
            .iter()
            .filter(|cause| self.occurred & (1 << **cause as u32) != 0)
            .map(|cause| (*cause, self.amount(*cause)))
    }

    /// Adds to the amount of a cause.
    pub fn add(&mut self, cause: Cause, amount: Kopecks) {
        self.amounts[cause as usize] += amount;
        if amount != Kopecks::ZERO {
            self.occurred |= 1 << cause as u32;
        }
    }

    /// Adds all amounts of another.
    pub(super) fn join(&mut self, other: &Self) {
        for (sum, amount) in self.amounts.iter_mut().zip(other.amounts) {
            *sum += amount;
        }
        self.occurred |= other.occurred;
    }
}
