//! The premium of a contract by two editions of the tariff, by plan and programme.

use std::collections::BTreeMap;

use crate::base::money::Kopecks;
use crate::quote::{Price, Quote};

/// A contract by two editions of the tariff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContractEffect {
    /// The number.
    pub number: String,
    /// Its covers, by plan and programme.
    pub covers: Vec<CoverEffect>,
}

/// The lines of a programme on a plan by two editions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoverEffect {
    /// The code of the plan.
    pub plan: String,
    /// The code of the programme.
    pub programme: String,
    /// The number of lines.
    pub lines: u64,
    /// Their premium by the edition before.
    pub before: Kopecks,
    /// Their premium by the edition after.
    pub after: Kopecks,
}

/// The lines and the premium by plan and programme.
pub type Sums = BTreeMap<(String, String), (u64, Kopecks)>;

impl ContractEffect {
    /// The effect on a contract that both editions price; a cover that one of them lacks costs 0 by it.
    #[must_use]
    pub fn of_quotes(before: (&Quote<'_>, &Price<'_>), after: (&Quote<'_>, &Price<'_>)) -> Self {
        Self::new(before.0.contract.number.clone(), &sums(before), &sums(after))
    }

    /// The effect on a contract from the sums of its lines by both editions.
    #[must_use]
    pub fn new(number: String, before: &Sums, after: &Sums) -> Self {
        let mut keys: Vec<&(String, String)> = before.keys().chain(after.keys()).collect();
        keys.sort_unstable();
        keys.dedup();
        let cover = |key: &(String, String)| {
            let [before, after] = [before, after].map(|sums| sums.get(key).copied().unwrap_or_default());
            let (plan, programme) = key.clone();
            CoverEffect { plan, programme, lines: before.0.max(after.0), before: before.1, after: after.1 }
        };
        Self { number, covers: keys.into_iter().map(cover).collect() }
    }
}

fn sums((quote, price): (&Quote<'_>, &Price<'_>)) -> Sums {
    let mut sums = Sums::new();
    for insured in &price.lines.admitted {
        let plan = &quote.contract.terms.plans[usize::from(insured.plan)];
        let lines = price.lines.of_insured(insured, quote.contract, &price.axes, &quote.roster.insured);
        for (line, cover) in lines.zip(&plan.covers) {
            let programme = quote.tariff.programmes[cover.programme].code.clone();
            let sum = sums.entry((plan.code.clone(), programme)).or_default();
            sum.0 += 1;
            sum.1 += line.premium();
        }
    }
    sums
}
