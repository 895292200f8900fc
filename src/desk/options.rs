//! Options of one offer: several variants of a contract side by side, each with its difference from the first by cause.

use crate::base::money::{Kopecks, portion};
use crate::desk::compare::{CauseAmounts, ComparedQuote, Comparison};
use crate::quote::Status;
use crate::tariff::EditionId;

/// The options side by side.
#[derive(Debug)]
pub struct OptionTable {
    /// The options, in the order in which they are offered; at least one.
    pub options: Vec<PricedOption>,
    /// The plans: those of the first option in its order, then those that only later options have.
    pub plans: Vec<PlanOptions>,
}

/// An option and its price.
#[derive(Debug)]
pub struct PricedOption {
    /// Its name in the offer.
    pub name: String,
    /// The number of its contract.
    pub number: String,
    /// The edition of the tariff that priced it.
    pub tariff: EditionId,
    /// Whether it is preliminary.
    pub status: Status,
    /// The insured and the premium of the contract.
    pub total: InsuredPremium,
    /// The difference from the first option, by cause.
    pub causes: CauseAmounts,
}

/// A plan in each option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanOptions {
    /// The code.
    pub code: String,
    /// The insured and the premium in each option; `None` where it has no such plan.
    pub options: Vec<Option<InsuredPremium>>,
}

/// A number of insured and their premium.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct InsuredPremium {
    /// The insured.
    pub insured: u32,
    /// Their premium.
    pub premium: Kopecks,
}

impl InsuredPremium {
    /// The mean premium of an insured, rounded half away from zero to kopecks; 0 without insured.
    #[must_use]
    pub fn per_insured(self) -> Kopecks {
        if self.insured == 0 { Kopecks::ZERO } else { portion(self.premium, 1, self.insured) }
    }
}

impl OptionTable {
    /// The table of options with their names; `None` without options.
    #[must_use]
    pub fn new(quotes: Vec<(String, ComparedQuote)>) -> Option<Self> {
        let mut quotes = quotes.into_iter();
        let (name, mut first) = quotes.next()?;
        let mut table = Self { options: Vec::new(), plans: Vec::new() };
        table.add(name, &first, CauseAmounts::default());
        for (name, next) in quotes {
            let Comparison { before, after, causes, .. } = Comparison::new(first, next);
            table.add(name, &after, causes);
            first = before;
        }
        Some(table)
    }

    fn add(&mut self, name: String, quote: &ComparedQuote, causes: CauseAmounts) {
        let place = self.options.len();
        let mut plans = vec![InsuredPremium::default(); quote.plans.len()];
        for insured in &quote.insured {
            plans[insured.plan].insured += 1;
            plans[insured.plan].premium += quote.premium_of(insured);
        }
        for (code, sums) in quote.plans.iter().zip(plans) {
            let known = self.plans.iter().position(|plan| plan.code == *code);
            let at = known.unwrap_or_else(|| {
                self.plans.push(PlanOptions { code: code.clone(), options: vec![None; place] });
                self.plans.len() - 1
            });
            self.plans[at].options.push(Some(sums));
        }
        for plan in self.plans.iter_mut().filter(|plan| plan.options.len() == place) {
            plan.options.push(None);
        }
        let total = InsuredPremium {
            insured: u32::try_from(quote.insured.len()).unwrap_or(u32::MAX),
            premium: quote.premium(),
        };
        let (number, tariff, status) = (quote.number.clone(), quote.tariff.clone(), quote.status);
        self.options.push(PricedOption { name, number, tariff, status, total, causes });
    }

    /// The difference of an option from the first.
    #[must_use]
    pub fn difference(&self, option: &PricedOption) -> Kopecks {
        option.total.premium - self.options[0].total.premium
    }
}
