//! Routing of a patient: the answer to a clinic's desk, who pays for a service before it is done and what to do.

use jiff::civil::Date;

use crate::base::messages::Message;
use crate::base::money::Kopecks;
use crate::base::named_enum::named_enum;
use crate::clinics::adjudicate::find_service;
use crate::clinics::balances::{Balances, ChargedClaim};
use crate::clinics::claim::Verdict;
use crate::clinics::insured_index::{InsuredIndex, InsuredQuery};
use crate::clinics::letter::Letters;
use crate::clinics::network::{Clinic, Network};
use crate::clinics::verdict::{Claim, Judgement, judge_match};
use crate::clinics::visit_reason::VisitReason;

named_enum! {
    /// The route of a patient with a service, by its word in `route.csv`.
    pub enum Routing messages "routing-" {
        /// Served; paid in advance.
        Advance = "advance",
        /// Served; the insurer pays by a valid letter.
        Letter = "letter",
        /// Sent to the insurer's dispatcher, who must agree first.
        Dispatcher = "dispatcher",
        /// Served at the patient's cost, less the discount.
        OwnCostLessDiscount = "own-cost-less-discount",
        /// Served at the patient's cost.
        OwnCost = "own-cost",
        /// The price list has no such service: the desk asks again by the code.
        Unlisted = "unlisted",
    }
}

/// The answer to a question of a clinic's desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The route.
    pub routing: Routing,
    /// Index of the service in the price list; `None` if the list has no such service.
    pub service: Option<usize>,
    /// The list price; `None` if the list has no such service.
    pub price: Option<Kopecks>,
    /// The patient's share of the price, as a register would have it today; `None` without a price.
    pub patient_pays: Option<Kopecks>,
    /// The reason and what to do.
    pub reason: Message,
}

/// A question of a clinic's desk.
#[derive(Debug, Clone, Copy)]
pub struct Question<'q> {
    /// The insured.
    pub query: &'q InsuredQuery,
    /// The code of the service as written; may be empty.
    pub service_code: &'q str,
    /// The name or code of the service as written; may be empty.
    pub service: &'q str,
    /// The teeth, as written.
    pub teeth: &'q str,
    /// The reason of the visit.
    pub reason: Option<VisitReason>,
    /// The day.
    pub day: Date,
}

/// Answers a question with the verdict that a register would have for one service at the list price, after these balances.
#[must_use]
pub fn route(
    network: &Network,
    clinic: &Clinic,
    question: &Question<'_>,
    index: &InsuredIndex,
    letters: &Letters,
    balances: &Balances,
) -> Answer {
    let Some(service) = find_service(clinic, question.service_code, question.service) else {
        return unlisted(clinic, question);
    };
    let price = clinic.price(service, question.day);
    let claim = Claim {
        day: question.day,
        service: Some(service),
        quantity: 1,
        amount: price,
        reason: question.reason,
        prior: None,
    };
    let found = index.find(question.query, question.day);
    let (insured, mut judgement) = judge_match(network, clinic, &claim, &found, letters);
    if let Some(insured) = insured {
        let claim = ChargedClaim { clinic, insured, service, day: question.day, quantity: 1, teeth: question.teeth };
        balances.limit(network, letters, &claim, &mut judgement);
    }
    let Judgement { verdict, shares, reason, .. } = judgement;
    let routing = match verdict {
        Verdict::Advance => Routing::Advance,
        Verdict::Letter => Routing::Letter,
        Verdict::CallDispatcher | Verdict::LetterExpired | Verdict::NeedsAgreement => Routing::Dispatcher,
        _ if shares.discount > Kopecks::ZERO => Routing::OwnCostLessDiscount,
        _ => Routing::OwnCost,
    };
    let reason = match routing {
        Routing::Dispatcher => Message::new("route-until-agreed").with("reason", reason),
        _ => reason,
    };
    Answer { routing, service: Some(service), price: Some(price), patient_pays: Some(shares.patient), reason }
}

/// The answer for a service that the price list does not have, with the most similar one of the list.
fn unlisted(clinic: &Clinic, question: &Question<'_>) -> Answer {
    let written = if question.service.is_empty() { question.service_code } else { question.service };
    let reason = match clinic.likely_service(written) {
        Some(near) => {
            Message::new("route-unlisted-near").with("code", near.code.as_str()).with("near", near.name.as_str())
        }
        None => Message::new("route-unlisted"),
    };
    Answer { routing: Routing::Unlisted, service: None, price: None, patient_pays: None, reason }
}
