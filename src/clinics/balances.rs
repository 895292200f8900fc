//! What is left of letters (`I63`) and of sums insured (`I62`) while claims are paid in the order of their days.

use std::collections::HashMap;

use jiff::civil::Date;

use crate::base::calendar::format_day;
use crate::base::messages::Message;
use crate::base::money::Kopecks;
use crate::clinics::claim::{Charge, Verdict};
use crate::clinics::insured_view::{InsuredCover, InsuredRecord};
use crate::clinics::ledger::{BookedClaim, Standing};
use crate::clinics::letter::{Letter, Letters};
use crate::clinics::network::{Clinic, Network, service_key};
use crate::clinics::verdict::Judgement;

/// The parts of letters and covers that are used up.
#[derive(Debug, Default)]
pub struct Balances {
    /// Quantity and amount by letter and service.
    letters: HashMap<(u64, String), Used>,
    /// Amount by contract, ordinal and programme.
    covers: HashMap<(String, u32, String), Kopecks>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Used {
    quantity: i64,
    amount: Kopecks,
}

/// A judged claim that may be charged.
#[derive(Debug, Clone, Copy)]
pub struct ChargedClaim<'c> {
    /// The clinic.
    pub clinic: &'c Clinic,
    /// The insured.
    pub insured: &'c InsuredRecord,
    /// Index of the service in the price list.
    pub service: usize,
    /// The day.
    pub day: Date,
    /// The quantity.
    pub quantity: u32,
    /// The teeth, as written.
    pub teeth: &'c str,
}

impl Balances {
    /// The balances after the booked claims that stand.
    #[must_use]
    pub fn after(standing: &Standing<'_>) -> Self {
        let mut balances = Self::default();
        for claim in standing.open() {
            if let Some(letter) = claim.letter {
                let used = balances.letters.entry((letter, service_key(&claim.service_code))).or_default();
                used.quantity += i64::from(claim.charge.letter_quantity);
                used.amount += claim.shares.insurer;
            }
            if !claim.charge.programme.is_empty() {
                let cover = (claim.contract.to_string(), claim.ordinal, claim.charge.programme.clone());
                *balances.covers.entry(cover).or_default() += claim.shares.insurer;
            }
        }
        balances
    }

    /// Frees what a booked claim has taken, since a row takes the claim back.
    pub fn release(&mut self, claim: &BookedClaim) {
        if let Some(letter) = claim.letter {
            let used = self.letters.entry((letter, service_key(&claim.service_code))).or_default();
            used.quantity -= i64::from(claim.charge.letter_quantity);
            used.amount -= claim.shares.insurer;
        }
        if !claim.charge.programme.is_empty() {
            let cover = (claim.contract.to_string(), claim.ordinal, claim.charge.programme.clone());
            *self.covers.entry(cover).or_default() -= claim.shares.insurer;
        }
    }

    /// Charges a judged claim to its letter and its cover, as [`Balances::limit`] leaves it.
    pub fn charge(
        &mut self,
        network: &Network,
        letters: &Letters,
        claim: &ChargedClaim<'_>,
        judgement: &mut Judgement,
    ) -> Charge {
        let charge = self.limit(network, letters, claim, judgement);
        let insurer = judgement.shares.insurer;
        if let Some(letter) = judgement.letter {
            let code = &claim.clinic.services[claim.service].code;
            let used = self.letters.entry((letter, service_key(code))).or_default();
            used.quantity += i64::from(charge.letter_quantity);
            used.amount += insurer;
        }
        if !charge.programme.is_empty() {
            *self.covers.entry(cover_key(claim, &charge.programme)).or_default() += insurer;
        }
        charge
    }

    /// Leaves to the insurer what the letter and the cover of a judged claim still have: what exceeds them becomes the patient's, with a
    /// verdict of its own. Returns what the claim takes from them; of one that is paid in advance, the programme of the cover alone.
    pub fn limit(
        &self,
        network: &Network,
        letters: &Letters,
        claim: &ChargedClaim<'_>,
        judgement: &mut Judgement,
    ) -> Charge {
        let by_letter = judgement.shares.insurer > Kopecks::ZERO && judgement.letter.is_some();
        if !by_letter && judgement.shares.advance <= Kopecks::ZERO {
            return Charge::default();
        }
        let cover = claim.insured.plan().paying_cover(network.category(&claim.clinic.services[claim.service]));
        let letter_quantity = if by_letter { self.limit_by_letter(letters, claim, judgement) } else { 0 };
        if let Some(cover) = cover.filter(|_| by_letter) {
            self.limit_by_cover(claim, cover, judgement);
        }
        Charge { letter_quantity, programme: cover.map(|cover| cover.programme.clone()).unwrap_or_default() }
    }

    /// Leaves to the insurer what a letter agrees to, of several letters the one that agrees to most (`I63`).
    fn limit_by_letter(&self, letters: &Letters, claim: &ChargedClaim<'_>, judgement: &mut Judgement) -> u32 {
        let code = &claim.clinic.services[claim.service].code;
        let insurer = judgement.shares.insurer;
        let mut best: Option<(&Letter, Kopecks, u32)> = None;
        for letter in letters.of_insured(claim.insured, &claim.clinic.code) {
            if !letter.names(code) || !letter.valid.contains(claim.day) {
                continue;
            }
            let (agreed, quantity) = self.agreed(letter, code, claim, insurer);
            if best.is_none_or(|(_, most, _)| agreed > most) {
                best = Some((letter, agreed, quantity));
            }
        }
        let Some((letter, agreed, quantity)) = best else { return 0 };
        judgement.letter = Some(letter.number);
        if agreed < insurer {
            judgement.shares.insurer = agreed;
            judgement.shares.patient += insurer - agreed;
            judgement.verdict = Verdict::NeedsAgreement;
            judgement.reason = Message::new("reason-scope")
                .with("number", letter.shown_number())
                .with("last", format_day(letter.valid.last()))
                .with("scope", letter.scope(code).message())
                .with("excess", insurer - agreed);
        }
        quantity
    }

    /// The amount and the quantity that a letter still agrees to.
    fn agreed(&self, letter: &Letter, code: &str, claim: &ChargedClaim<'_>, insurer: Kopecks) -> (Kopecks, u32) {
        let scope = letter.scope(code);
        if !scope.includes_teeth(claim.teeth) {
            return (Kopecks::ZERO, 0);
        }
        let used = self.letters.get(&(letter.number, service_key(code))).copied().unwrap_or_default();
        let left = scope.quantity().map(|quantity| (i64::from(quantity) - used.quantity).max(0));
        let quantity = left.map_or(claim.quantity, |left| u32::try_from(left).unwrap_or(u32::MAX).min(claim.quantity));
        let by_quantity = Kopecks::new(insurer.get() * i128::from(quantity) / i128::from(claim.quantity.max(1)));
        let by_amount = scope.amount.map_or(by_quantity, |amount| (amount - used.amount).max(Kopecks::ZERO));
        let agreed = by_quantity.min(by_amount);
        (agreed, if agreed > Kopecks::ZERO { quantity } else { 0 })
    }

    /// Leaves to the insurer what the sum insured of the paying cover still has (`I62`).
    fn limit_by_cover(&self, claim: &ChargedClaim<'_>, cover: &InsuredCover, judgement: &mut Judgement) {
        let used = self.covers.get(&cover_key(claim, &cover.programme)).copied().unwrap_or_default();
        let left = (cover.sum_insured - used).max(Kopecks::ZERO);
        let insurer = judgement.shares.insurer;
        if insurer > left {
            judgement.shares.insurer = left;
            judgement.shares.patient += insurer - left;
            judgement.verdict = Verdict::Limit;
            judgement.reason = Message::new("reason-limit")
                .with("programme", cover.programme.as_str())
                .with("sum", cover.sum_insured)
                .with("left", left)
                .with("ground", judgement.reason.clone());
        }
    }
}

/// The contract, the ordinal of the insured and the programme of a cover.
fn cover_key(claim: &ChargedClaim<'_>, programme: &str) -> (String, u32, String) {
    let (contract, ordinal) = claim.insured.key();
    (contract.to_owned(), ordinal, programme.to_owned())
}
