//! The ledger while the registers of a run are booked one after another: read once, and continued by what the run books.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use crate::base::error::Error;
use crate::clinics::claim::Verdict;
use crate::clinics::insured_index::InsuredKeys;
use crate::clinics::ledger::{BookedClaim, BookedRegister, Incoming, Ledger, RegisterIdentity};
use crate::clinics::sent_lists::SentLists;
use crate::portfolio::Portfolio;

/// The claims that the registers of a run are judged after.
///
/// A register is compared with the claims of its own insured alone, so that the cost of a run grows with the rows and the claims of their
/// insured.
#[derive(Debug, Default)]
pub struct RunLedger {
    /// The registers in effect, in the order in which they were booked.
    registers: Vec<Arc<BookedRegister>>,
    /// The registers that others have replaced.
    replaced: Vec<Arc<BookedRegister>>,
    /// The claims of each insured, in the order in which they were booked.
    claims: HashMap<Arc<str>, HashMap<u32, Vec<BookedClaim>>>,
    lists: Arc<SentLists>,
    /// All claims of the run's own registers, by the id of the register.
    own: HashMap<i64, Vec<BookedClaim>>,
}

impl RunLedger {
    /// Reads the claims of these insured.
    ///
    /// # Errors
    ///
    /// As [`Ledger::read`].
    pub fn read(portfolio: &Portfolio, wanted: &InsuredKeys) -> Result<Self, Error> {
        let Ledger { claims, lists } = Ledger::read(portfolio, wanted)?;
        let (registers, replaced) = (Ledger::registers(portfolio)?, Ledger::replaced(portfolio)?);
        let mut ledger = Self { registers, replaced, lists, ..Self::default() };
        for claim in claims {
            ledger.insert(claim);
        }
        Ok(ledger)
    }

    /// How a register with this identity and fingerprint stands to the registers in effect.
    #[must_use]
    pub fn incoming(&self, identity: &RegisterIdentity, fingerprint: &str) -> Incoming {
        Incoming::new(&self.registers, identity, fingerprint)
    }

    /// The register in effect that has replaced this very one: what a correction has replaced does not come back by being sent again.
    #[must_use]
    pub fn replacement(&self, identity: &RegisterIdentity, fingerprint: &str) -> Option<&BookedRegister> {
        let Incoming::Corrects(id) = self.incoming(identity, fingerprint) else { return None };
        let was_booked = Incoming::new(&self.replaced, identity, fingerprint);
        let current = self.registers.iter().find(|register| register.id == id)?;
        matches!(was_booked, Incoming::Same(_)).then_some(current)
    }

    /// The id of the next register that is booked.
    #[must_use]
    pub fn next_id(&self) -> i64 {
        // a register that is replaced has a smaller id than the one that replaces it
        self.registers.iter().map(|register| register.id).max().unwrap_or_default() + 1
    }

    /// The ledger by which a register with these insured is judged.
    ///
    /// A correction takes the place of the register that it replaces: what later registers repeat of that one and have as duplicates is no
    /// earlier service.
    #[must_use]
    pub fn of_register(&self, insured: &InsuredKeys, incoming: Incoming) -> Ledger {
        let followed = self.registers.iter().filter(|register| incoming.follows(register));
        let followed: HashSet<i64> = followed.map(|register| register.id).collect();
        let of_insured =
            insured.iter().filter_map(|(contract, ordinals)| Some((self.claims.get(&**contract)?, ordinals)));
        let claims =
            of_insured.flat_map(|(claims, ordinals)| ordinals.iter().filter_map(|ordinal| claims.get(ordinal)));
        let claims: Vec<&BookedClaim> = claims.flatten().collect();
        let key = |claim: &BookedClaim| {
            let (person, ordinal) = claim.patient();
            (Arc::clone(person), ordinal, claim.day, Arc::clone(&claim.service_key))
        };
        let is_duplicate = |claim: &BookedClaim| claim.verdict == Verdict::Duplicate;
        let replaced = claims.iter().filter(|claim| incoming == Incoming::Corrects(claim.register.id));
        let firsts: BTreeSet<_> = replaced.filter(|claim| !is_duplicate(claim)).map(|claim| key(claim)).collect();
        let counts = |claim: &&BookedClaim| {
            followed.contains(&claim.register.id) && !(is_duplicate(claim) && firsts.contains(&key(claim)))
        };
        let claims = claims.into_iter().filter(counts);
        Ledger { claims: claims.cloned().collect(), lists: Arc::clone(&self.lists) }
    }

    /// Every claim of a register in effect.
    ///
    /// # Errors
    ///
    /// As [`Ledger::read`].
    pub fn register_claims(&self, portfolio: &Portfolio, id: i64) -> Result<Vec<BookedClaim>, Error> {
        self.own.get(&id).map_or_else(|| Ledger::read_register(portfolio, id), |claims| Ok(claims.clone()))
    }

    /// Adds a register that the run has booked, or would book, with all its claims.
    pub fn add(&mut self, register: Arc<BookedRegister>, claims: Vec<BookedClaim>) {
        let is_replaced = |booked: &mut Arc<BookedRegister>| Some(booked.id) == register.replaces;
        self.replaced.extend(self.registers.extract_if(.., is_replaced));
        for claim in &claims {
            self.insert(claim.clone());
        }
        self.own.insert(register.id, claims);
        self.registers.push(register);
    }

    fn insert(&mut self, claim: BookedClaim) {
        let (contract, ordinal) = claim.patient();
        if !contract.is_empty() {
            let of_contract = self.claims.entry(Arc::clone(contract)).or_default();
            of_contract.entry(ordinal).or_default().push(claim);
        }
    }
}
