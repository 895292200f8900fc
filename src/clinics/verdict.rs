//! The verdict on a claim of a clinic, and the amounts of its price by payer.
//!
//! [`judge`] is a pure function, and the only place that decides who pays. The verdict is the first of these that holds (`I42`):
//!
//! 1. `unknown`: no insured, or more than one, matches the row, and the list of the entitled gives no discount on the service.
//! 2. `duplicate`: an earlier row has the same insured, service and day.
//! 3. `not-in-force`: the day is outside the cover, and no discount is due.
//! 4. `price`: the price is above the price list, or the list has no such service.
//! 5. `loyalty`: the day is outside the cover, or the patient outside the book, and a discount is due.
//! 6. `advance`: the insured is attached, and the clinic programme has the service.
//! 7. `letter`: a letter valid on the day names the service.
//! 8. `outside-programme`: the insured is attached; or the plan does not name the clinic; or, by fact, no programme of the plan has the
//!    service.
//! 9. `needs-agreement`: a letter is valid on the day but does not name the service.
//! 10. `letter-expired`: every letter that names the service has expired.
//! 11. `call-dispatcher`: everything else by fact.

use jiff::civil::Date;

use crate::base::calendar::format_day;
use crate::base::messages::{Message, joined, listed};
use crate::base::money::Kopecks;
use crate::clinics::claim::{Shares, Verdict};
use crate::clinics::insured_index::{InsuredMatch, MatchFailure};
use crate::clinics::insured_view::{InsuredPlan, InsuredRecord};
use crate::clinics::ledger::BookedRegister;
use crate::clinics::letter::{Letter, Letters};
use crate::clinics::loyalty::DiscountEligibility;
use crate::clinics::network::{Clinic, Discount, Network};
use crate::clinics::visit_reason::VisitReason;

/// A service that a clinic claims to have done, or that its desk asks about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim<'c> {
    /// The day.
    pub day: Date,
    /// Index of the service in the price list; `None` if the list has no such service.
    pub service: Option<usize>,
    /// The number of times, at least 1.
    pub quantity: u32,
    /// The price of the whole quantity.
    pub amount: Kopecks,
    /// The reason of the visit, if the row states one.
    pub reason: Option<VisitReason>,
    /// The earlier row with the same insured, service and day.
    pub prior: Option<PriorRow<'c>>,
}

/// An earlier row of this clinic register or of one that is booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PriorRow<'c> {
    /// The row number, from 1.
    pub row: u32,
    /// The name of its sheet, if it is another sheet.
    pub sheet: Option<&'c str>,
    /// The booked register, if it is another register.
    pub register: Option<&'c BookedRegister>,
}

/// The patient of a claim, as far as the book knows.
#[derive(Debug, Clone, Copy)]
pub enum Patient<'p> {
    /// No insured, or more than one, matches.
    Unknown(MatchFailure),
    /// Not in the book, with a right to the discount by the list of the entitled (`I66`).
    Entitled(DiscountEligibility),
    /// An insured who is not covered on the day.
    Outside {
        /// The insured; of several the one that decides on the discount.
        insured: &'p InsuredRecord,
        /// The reason for a discount on the day.
        eligibility: Option<DiscountEligibility>,
    },
    /// An insured who is covered on the day.
    Insured {
        /// The insured.
        insured: &'p InsuredRecord,
        /// The letters of the insured to the clinic.
        letters: &'p [&'p Letter],
    },
}

impl<'p> Patient<'p> {
    /// The patient of a match on a day, with the letters to the clinic.
    #[must_use]
    pub fn new(found: &InsuredMatch<'p>, day: Date, letters: &'p [&'p Letter]) -> Self {
        match found {
            InsuredMatch::None(failure) => Self::Unknown(*failure),
            InsuredMatch::Entitled { right, .. } => Self::Entitled(*right),
            InsuredMatch::Insured(insured) => Self::Insured { insured, letters },
            InsuredMatch::SeveralContracts(covers) => Self::Insured { insured: covers[0], letters },
            InsuredMatch::Outside { insured, .. } => {
                Self::Outside { insured, eligibility: found.discount_eligibility(day) }
            }
        }
    }
}

/// A verdict with its reason and amounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// The verdict.
    pub verdict: Verdict,
    /// The amounts by payer.
    pub shares: Shares,
    /// The reason and what to do; without personal data.
    pub reason: Message,
    /// The number of the letter on which the verdict rests.
    pub letter: Option<u64>,
}

/// The payer of the undisputed amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Payer {
    Advance,
    Insurer,
    Patient(Option<Discount>),
    NoneUntilCleared,
}

/// The judgement before the price is compared with the price list.
struct Decision {
    verdict: Verdict,
    payer: Payer,
    reason: Message,
    letter: Option<u64>,
}

/// Judges a claim of a match: of one person in several contracts, the one whose plan covers the service at the clinic (`I69`).
#[must_use]
pub fn judge_match<'f>(
    network: &Network,
    clinic: &Clinic,
    claim: &Claim<'_>,
    found: &InsuredMatch<'f>,
    letters: &Letters,
) -> (Option<&'f InsuredRecord>, Judgement) {
    let InsuredMatch::SeveralContracts(covers) = found else {
        let insured = found.insured();
        let own: Vec<&Letter> =
            insured.map(|insured| letters.of_insured(insured, &clinic.code).collect()).unwrap_or_default();
        return (insured, judge(network, clinic, claim, &Patient::new(found, claim.day, &own)));
    };
    let insured = serving_cover(network, clinic, claim.service, covers);
    let own: Vec<&Letter> = letters.of_insured(insured, &clinic.code).collect();
    let mut judgement = judge(network, clinic, claim, &Patient::Insured { insured, letters: &own });
    let others = covers.iter().map(|cover| &cover.contract.number).filter(|number| **number != insured.contract.number);
    judgement.reason = Message::new("reason-several-contracts")
        .with("ground", judgement.reason)
        .with("contract", insured.contract.number.as_str())
        .with("others", listed(others));
    (Some(insured), judgement)
}

/// Of the covers of one person the first whose plan covers the service at the clinic, else the first (`I69`).
///
/// # Panics
///
/// Without a cover.
#[must_use]
pub fn serving_cover<'f>(
    network: &Network,
    clinic: &Clinic,
    service: Option<usize>,
    covers: &[&'f InsuredRecord],
) -> &'f InsuredRecord {
    let serves = |insured: &&&InsuredRecord| {
        let Some(service) = service else { return false };
        let plan = insured.plan();
        let mut programmes = plan.programmes_at(&clinic.code).filter_map(|code| clinic.programme(code));
        let in_programme = programmes.any(|programme| programme.services.contains(&service));
        in_programme || plan.names(&clinic.code) && plan.covers(network.category(&clinic.services[service]))
    };
    covers.iter().find(serves).unwrap_or(&covers[0])
}

/// The judgement on a row that cannot be read: none of its amount is paid (`I68`).
#[must_use]
pub fn unreadable(amount: Kopecks, reason: Message) -> Judgement {
    let shares = Shares { uncleared: amount, ..Shares::default() };
    Judgement { verdict: Verdict::Unreadable, shares, reason, letter: None }
}

/// Judges a claim (`I42`).
#[must_use]
pub fn judge(network: &Network, clinic: &Clinic, claim: &Claim<'_>, patient: &Patient<'_>) -> Judgement {
    let decision = decide(network, clinic, claim, patient);
    let ignores_price = matches!(decision.verdict, Verdict::Unknown | Verdict::Duplicate | Verdict::NotInForce);
    let listed = claim.service.map(|at| clinic.price(at, claim.day) * u64::from(claim.quantity));
    if ignores_price || listed.is_some_and(|listed| claim.amount <= listed) {
        let Decision { verdict, payer, reason, letter } = decision;
        return Judgement { verdict, shares: payer.shares(claim.amount, claim.amount), reason, letter };
    }
    let reason = match listed {
        Some(listed) => Message::new("reason-price")
            .with("listed", listed)
            .with("difference", claim.amount - listed)
            .with("ground", decision.reason),
        None => Message::new("reason-unlisted"),
    };
    Judgement {
        verdict: Verdict::Price,
        shares: decision.payer.shares(claim.amount, listed.unwrap_or_default()),
        reason,
        letter: decision.letter.filter(|_| listed.is_some()),
    }
}

impl Payer {
    /// Divides an amount: up to `limit` for the payer, the rest disputed.
    fn shares(self, amount: Kopecks, limit: Kopecks) -> Shares {
        let agreed = amount.min(limit);
        let disputed = amount - agreed;
        match self {
            Self::Advance => Shares { advance: agreed, disputed, ..Shares::default() },
            Self::Insurer => Shares { insurer: agreed, disputed, ..Shares::default() },
            Self::NoneUntilCleared => Shares { uncleared: agreed, disputed, ..Shares::default() },
            Self::Patient(discount) => {
                let discount = discount.map(|discount| discount.amount(agreed)).unwrap_or_default();
                Shares { patient: agreed - discount, discount, disputed, ..Shares::default() }
            }
        }
    }
}

impl Decision {
    fn new(verdict: Verdict, payer: Payer, reason: Message) -> Self {
        Self { verdict, payer, reason, letter: None }
    }

    fn by_letter(verdict: Verdict, payer: Payer, reason: &'static str, letter: &Letter) -> Self {
        let reason =
            Message::new(reason).with("number", letter.shown_number()).with("last", format_day(letter.valid.last()));
        Self { verdict, payer, reason, letter: Some(letter.number) }
    }
}

fn decide(network: &Network, clinic: &Clinic, claim: &Claim<'_>, patient: &Patient<'_>) -> Decision {
    let full = Payer::Patient(None);
    match (patient, claim.prior) {
        (Patient::Unknown(failure), _) => Decision::new(Verdict::Unknown, full, failure.message()),
        (_, Some(prior)) => Decision::new(Verdict::Duplicate, Payer::NoneUntilCleared, prior.duplicate_reason()),
        (Patient::Entitled(right), None) => decide_loyalty(clinic, claim, *right).unwrap_or_else(|| {
            Decision::new(
                Verdict::Unknown,
                full,
                Message::new("reason-entitled-in-full").with("right", right.message()),
            )
        }),
        (Patient::Outside { insured, eligibility }, None) => {
            if let Some(decision) = eligibility.and_then(|right| decide_loyalty(clinic, claim, right)) {
                return decision;
            }
            let reason = Message::new("reason-not-in-force")
                .with("first", format_day(insured.cover.first()))
                .with("last", format_day(insured.cover.last()));
            Decision::new(Verdict::NotInForce, full, reason)
        }
        (Patient::Insured { insured, letters }, None) => {
            let decision = decide_covered(network, clinic, claim, insured, letters);
            let letter = letters.iter().find(|letter| Some(letter.number) == decision.letter);
            let reason = claim.reason.or(letter.and_then(|letter| letter.reason));
            let decision = with_telephone(clinic, decision);
            match decision.verdict {
                Verdict::Advance | Verdict::Letter if !clinic.accepts(reason) => no_insured_event(clinic, reason),
                _ => decision,
            }
        }
    }
}

/// The decision on a claim of a patient without cover on the day but with a right to the discount; `None` if the service has none.
fn decide_loyalty(clinic: &Clinic, claim: &Claim<'_>, right: DiscountEligibility) -> Option<Decision> {
    let discount = clinic.discount(claim.service?)?;
    let reason = Message::new("reason-loyalty").with("right", right.message()).with("discount", discount.percent());
    Some(Decision::new(Verdict::Loyalty, Payer::Patient(Some(discount)), reason))
}

/// Adds the dispatcher's telephone where the patient has to call.
fn with_telephone(clinic: &Clinic, decision: Decision) -> Decision {
    let asks = matches!(decision.verdict, Verdict::CallDispatcher | Verdict::NeedsAgreement | Verdict::LetterExpired);
    match &clinic.dispatcher {
        Some(phone) if asks => {
            let reason = Message::new("reason-dispatcher-phone").with("ground", decision.reason);
            Decision { reason: reason.with("phone", phone.as_str()), ..decision }
        }
        _ => decision,
    }
}

/// The decision on a visit without a reason that the clinic's terms require (`I64`).
fn no_insured_event(clinic: &Clinic, reason: Option<VisitReason>) -> Decision {
    let message = match reason {
        Some(reason) => Message::new("reason-other-visit").with("reason", reason.message()),
        None => Message::new("reason-no-visit-reason"),
    };
    let message = message.with("required", joined(clinic.reasons.iter().map(|reason| reason.message())));
    Decision::new(Verdict::NoInsuredEvent, Payer::Patient(None), message)
}

/// The decision on a claim of an insured who is covered on the day.
fn decide_covered(
    network: &Network,
    clinic: &Clinic,
    claim: &Claim<'_>,
    insured: &InsuredRecord,
    letters: &[&Letter],
) -> Decision {
    // a service that the price list does not have belongs to no programme and no letter
    let Some(service) = claim.service else {
        return Decision::new(Verdict::Price, Payer::NoneUntilCleared, Message::new("reason-unlisted"));
    };
    let plan = insured.plan();
    let mut attached = plan.programmes_at(&clinic.code).filter_map(|code| clinic.programme(code));
    if let Some(programme) = attached.find(|programme| programme.services.contains(&service)) {
        let reason = Message::new("reason-advance").with("programme", programme.code.as_str());
        return Decision::new(Verdict::Advance, Payer::Advance, reason);
    }
    let code = &clinic.services[service].code;
    let naming = || letters.iter().filter(|letter| letter.names(code));
    if let Some(letter) = naming().find(|letter| letter.valid.contains(claim.day)) {
        return Decision::by_letter(Verdict::Letter, Payer::Insurer, "reason-letter", letter);
    }
    if let Some(reason) = outside_programmes(network, clinic, plan, service) {
        let discount = clinic.discount(service);
        let reason = match discount {
            Some(discount) => {
                Message::new("reason-less-discount").with("why", reason).with("discount", discount.percent())
            }
            None => Message::new("reason-in-full").with("why", reason),
        };
        return Decision::new(Verdict::OutsideProgramme, Payer::Patient(discount), reason);
    }
    let full = Payer::Patient(None);
    if let Some(letter) = letters.iter().find(|letter| letter.valid.contains(claim.day)) {
        return Decision::by_letter(Verdict::NeedsAgreement, full, "reason-needs-agreement", letter);
    }
    let expired = naming().filter(|letter| letter.valid.last() < claim.day).max_by_key(|letter| letter.valid.last());
    if let Some(letter) = expired {
        return Decision::by_letter(Verdict::LetterExpired, full, "reason-letter-expired", letter);
    }
    Decision::new(Verdict::CallDispatcher, full, Message::new("reason-call-dispatcher"))
}

/// The reason why the insurance does not pay for a service that is not paid in advance; `None` if a letter can agree to it.
fn outside_programmes(network: &Network, clinic: &Clinic, plan: &InsuredPlan, service: usize) -> Option<Message> {
    let category = network.category(&clinic.services[service]);
    if let Some(programme) = plan.programmes_at(&clinic.code).find_map(|code| clinic.programme(code)) {
        Some(Message::new("reason-outside-programme").with("programme", programme.code.as_str()))
    } else if !plan.names(&clinic.code) {
        Some(Message::new("reason-clinic-unnamed").with("plan", plan.code.as_str()))
    } else if !plan.covers(category) {
        let message = Message::new("reason-not-covered").with("plan", plan.code.as_str());
        Some(message.with("category", category.name.as_str()))
    } else {
        None
    }
}

impl PriorRow<'_> {
    /// The reason why a later row is a duplicate of this one, with what to do.
    fn duplicate_reason(self) -> Message {
        let message = match self.register {
            Some(register) => Message::new("reason-duplicate-booked").with("register", register.message()),
            None => Message::new("reason-duplicate"),
        };
        let message = message.with("row", self.row.to_string());
        match self.sheet {
            Some(sheet) => message.with("sheet", Message::new("in-sheet").with("sheet", sheet)),
            None => message.with("sheet", ""),
        }
    }
}
