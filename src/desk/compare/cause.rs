//! The causes of a difference, and how much of it each has.

use crate::base::money::Kopecks;

macro_rules! parts {
    ($($(#[$doc:meta])* $part:ident = $code:literal, $words:literal;)*) => {
        /// A cause of a difference between two quotes, in the order in which a walk takes them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Part { $($(#[$doc])* $part,)* }

        impl Part {
            /// Every cause, in the order of the walk.
            pub const ALL: &[Self] = &[$(Self::$part,)*];

            /// The name in files.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$part => $code,)* }
            }

            /// The name of the words for it.
            #[must_use]
            pub const fn words(self) -> &'static str {
                match self { $(Self::$part => $words,)* }
            }
        }
    };
}

parts! {
    /// Who is insured no more, with the premium before.
    Left = "left", "part-left";
    /// Who is insured anew, with the premium after.
    Joined = "joined", "part-joined";
    /// Another plan, with all that differs between the covers of the two.
    Plan = "plan", "part-plan";
    /// Programmes that came into the same plan or went out of it.
    Covers = "covers", "part-covers";
    /// Other days of cover, or a contract year of another length.
    Term = "term", "part-term";
    /// Another sum insured.
    SumInsured = "sum_insured", "part-sum-insured";
    /// Another age band, with every factor that depends on age.
    AgeBand = "age_band", "part-age-band";
    /// Another risk group.
    RiskGroup = "risk_group", "part-risk-group";
    /// Another headcount band: the coefficient has another range.
    HeadcountBand = "headcount_band", "part-headcount-band";
    /// The base rate.
    Base = "base", "part-base";
    /// The place in the range of the same headcount band.
    Headcount = "headcount", "part-headcount";
    /// The coefficient of the same age band.
    Age = "age", "part-age";
    /// The coefficient of the same risk group.
    Risk = "risk", "part-risk";
    /// The price change.
    PriceChange = "price_change", "part-price-change";
    /// The additional services.
    AdditionalServices = "additional_services", "part-additional-services";
    /// What is excluded.
    Exclusions = "exclusions", "part-exclusions";
    /// What is included.
    Inclusions = "inclusions", "part-inclusions";
    /// The coefficient of collective contracts.
    Collective = "collective", "part-collective";
}

/// How much of a difference each cause has.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Parts([Kopecks; Part::ALL.len()], u32);

impl Parts {
    /// The part of a cause.
    #[must_use]
    pub fn of(&self, part: Part) -> Kopecks {
        self.0[part as usize]
    }

    /// The sum of all.
    #[must_use]
    pub fn sum(&self) -> Kopecks {
        self.0.iter().copied().sum()
    }

    /// Whether nothing happened.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.1 == 0
    }

    /// The causes that were at work, even where their parts cancel, in the order of the walk.
    pub fn iter(&self) -> impl Iterator<Item = (Part, Kopecks)> + '_ {
        Part::ALL.iter().filter(|part| self.1 & (1 << **part as u32) != 0).map(|part| (*part, self.of(*part)))
    }

    /// Adds to the part of a cause.
    pub fn add(&mut self, part: Part, amount: Kopecks) {
        self.0[part as usize] += amount;
        if amount != Kopecks::ZERO {
            self.1 |= 1 << part as u32;
        }
    }

    pub(crate) fn join(&mut self, other: &Self) {
        for (sum, more) in self.0.iter_mut().zip(other.0) {
            *sum += more;
        }
        self.1 |= other.1;
    }
}
