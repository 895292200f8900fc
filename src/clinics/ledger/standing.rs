//! The booked claims that still count: each claim that takes another one back is paired with it.

use std::collections::HashMap;

use jiff::civil::Date;

use crate::base::money::Kopecks;
use crate::clinics::claim::Verdict;
use crate::clinics::ledger::BookedClaim;

/// Rows with the same key are of one service: contract and ordinal, or the identity outside the book and 0; day, service.
pub type ServiceOfDay<'s> = (&'s str, u32, Date, &'s str);

/// The booked claims of patients that are known, by the service of the day.
///
/// A claim below zero and the claim that it takes back are in neither list. A claim below zero alone takes back a row that a correction has
/// left out: it frees nothing of a letter or a cover, and the same row is set off against it if it comes again.
#[derive(Debug, Default)]
pub struct Standing<'s> {
    open: HashMap<ServiceOfDay<'s>, Vec<&'s BookedClaim>>,
    alone: HashMap<ServiceOfDay<'s>, Vec<&'s BookedClaim>>,
}

impl<'s> Standing<'s> {
    /// Pairs the claims, which are in the order in which they were booked.
    #[must_use]
    pub fn new(claims: &'s [BookedClaim]) -> Self {
        let mut standing = Self::default();
        // a claim that could not be read takes nothing back and is no service
        let readable = || claims.iter().filter(|claim| claim.verdict != Verdict::Unreadable);
        for claim in readable().filter(|claim| claim.amount >= Kopecks::ZERO) {
            if let Some(key) = key(claim) {
                standing.open.entry(key).or_default().push(claim);
            }
        }
        // the register of a row that is taken back may have been corrected since, and then comes after
        for claim in readable().filter(|claim| claim.amount < Kopecks::ZERO) {
            let Some(key) = key(claim) else { continue };
            let open = standing.open.entry(key).or_default();
            let mirrors = |other: &&BookedClaim| other.shares == -claim.shares && other.letter == claim.letter;
            let has_amount = |other: &&BookedClaim| other.amount == -claim.amount;
            let taken = open.iter().rposition(mirrors).or_else(|| open.iter().rposition(has_amount));
            match taken {
                Some(taken) => drop(open.remove(taken)),
                None => standing.alone.entry(key).or_default().push(claim),
            }
        }
        standing
    }

    /// The first claim of a service that no other claim takes back.
    #[must_use]
    pub fn first(&self, key: &ServiceOfDay<'s>) -> Option<&'s BookedClaim> {
        self.open.get(key)?.first().copied()
    }

    /// Every claim that no other claim takes back.
    pub fn open(&self) -> impl Iterator<Item = &'s BookedClaim> + '_ {
        self.open.values().flatten().copied()
    }

    /// Removes the last claim with this price, which a row takes back.
    pub fn take_back(&mut self, key: &ServiceOfDay<'s>, price: Kopecks) -> Option<&'s BookedClaim> {
        let claims = self.open.get_mut(key)?;
        let place = claims.iter().rposition(|claim| claim.amount == price)?;
        Some(claims.remove(place))
    }

    /// Removes a claim below zero that takes back a row with this price, if such a claim is alone.
    pub fn set_off(&mut self, key: &ServiceOfDay<'s>, price: Kopecks) -> Option<&'s BookedClaim> {
        let claims = self.alone.get_mut(key)?;
        let place = claims.iter().position(|claim| claim.amount == -price)?;
        Some(claims.remove(place))
    }
}

/// The key of a claim with a known patient and a day.
fn key(claim: &BookedClaim) -> Option<ServiceOfDay<'_>> {
    let (person, ordinal) = claim.patient();
    (!person.is_empty()).then_some((&**person, ordinal, claim.day?, &*claim.service_key))
}
