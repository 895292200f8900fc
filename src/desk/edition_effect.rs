//! What another edition of the tariff would do to contracts: by programme, by plan, by the size of the change, and the contracts that it hits
//! hardest. All sums close to the kopeck.

use std::collections::BTreeMap;

use crate::base::money::Kopecks;
use crate::desk::compare::ChangeBand;
use crate::quote::contract_effect::ContractEffect;

/// The number of contracts that are listed as hit hardest.
const HARDEST: usize = 10;

/// The effect of an edition on contracts.
#[derive(Debug, Default)]
pub struct EditionEffect {
    /// The number of contracts.
    pub contracts: usize,
    /// The premium of all lines.
    pub total: Effect,
    /// By the code of the programme.
    pub programmes: BTreeMap<String, Effect>,
    /// By the code of the plan.
    pub plans: BTreeMap<String, Effect>,
    /// The contracts by the share by which their premiums change, from the largest fall to the largest rise.
    pub sizes: BTreeMap<ChangeBand, (usize, Kopecks)>,
    /// The contracts with the largest rise, the largest first; at most ten.
    pub hardest: Vec<HardestHit>,
}

/// A number of lines and their premium by both editions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Effect {
    /// The number of lines.
    pub lines: u64,
    /// The premium by the edition before.
    pub before: Kopecks,
    /// The premium by the edition after.
    pub after: Kopecks,
}

/// A contract whose premium rises much.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HardestHit {
    /// The number.
    pub number: String,
    /// Its premium by both editions.
    pub effect: Effect,
}

impl Effect {
    fn add(&mut self, other: &Self) {
        self.lines += other.lines;
        self.before += other.before;
        self.after += other.after;
    }

    /// The premium after less the premium before.
    #[must_use]
    pub fn difference(&self) -> Kopecks {
        self.after - self.before
    }
}

impl EditionEffect {
    /// Adds a contract.
    pub fn add(&mut self, contract: &ContractEffect) {
        let mut whole = Effect::default();
        for cover in &contract.covers {
            let effect = Effect { lines: cover.lines, before: cover.before, after: cover.after };
            self.programmes.entry(cover.programme.clone()).or_default().add(&effect);
            self.plans.entry(cover.plan.clone()).or_default().add(&effect);
            whole.add(&effect);
        }
        self.contracts += 1;
        self.total.add(&whole);
        let size = self.sizes.entry(ChangeBand::new(whole.before, whole.after)).or_default();
        size.0 += 1;
        size.1 += whole.difference();
        if whole.difference() > Kopecks::ZERO {
            self.hardest.push(HardestHit { number: contract.number.clone(), effect: whole });
            // equal rises are listed by number, so that the order of contracts does not matter
            self.hardest.sort_by(|one, other| {
                let rises = other.effect.difference().cmp(&one.effect.difference());
                rises.then_with(|| one.number.cmp(&other.number))
            });
            self.hardest.truncate(HARDEST);
        }
    }
}
