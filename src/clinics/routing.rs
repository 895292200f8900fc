//! What a clinic's desk asks: this person, this service, this day: who pays, and what to do.

use jiff::civil::Date;

use crate::base::messages::Message;
use crate::base::money::Kopecks;
use crate::clinics::adjudicate::named_service;
use crate::clinics::finder::{Asked, Found, InsuredIndex};
use crate::clinics::letter::{Letter, Letters};
use crate::clinics::network::{Clinic, Network};
use crate::clinics::verdict::{Claim, Judged, Patient, Verdict, judge};

/// Where a patient is sent with a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Routing {
    /// Served, and paid for in advance.
    Advance,
    /// Served by a letter that is valid.
    Letter,
    /// To the insurer's dispatcher, who has to agree first.
    Dispatcher,
    /// At the patient's own cost, less the discount.
    OwnCostLess,
    /// At the patient's own cost.
    OwnCost,
    /// The price list has no such service: ask again by its code.
    Unlisted,
}

impl Routing {
    /// The word in the files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Advance => "advance",
            Self::Letter => "letter",
            Self::Dispatcher => "dispatcher",
            Self::OwnCostLess => "own-cost-less-discount",
            Self::OwnCost => "own-cost",
            Self::Unlisted => "unlisted",
        }
    }

    /// The words for a reader.
    #[must_use]
    pub const fn words(self) -> Message {
        Message::new(match self {
            Self::Advance => "way-advance",
            Self::Letter => "way-letter",
            Self::Dispatcher => "way-dispatcher",
            Self::OwnCostLess => "way-own-cost-less",
            Self::OwnCost => "way-own-cost",
            Self::Unlisted => "way-unlisted",
        })
    }
}

/// The answer to a desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The way.
    pub way: Routing,
    /// The service by its place in the price list, where it has it.
    pub service: Option<usize>,
    /// The price in the list; none where it does not have the service.
    pub price: Option<Kopecks>,
    /// What the patient would pay of it as things stand, as a register would have it; none where there is no price.
    pub patient_pays: Option<Kopecks>,
    /// Why, and what to do.
    pub reason: Message,
}

/// A question of a desk.
#[derive(Debug, Clone, Copy)]
pub struct Question<'q> {
    /// Who is meant.
    pub asked: &'q Asked,
    /// The code of the service as written; empty where there is none.
    pub service_code: &'q str,
    /// The name or code of the service as written; empty where there is none.
    pub service: &'q str,
    /// The day.
    pub day: Date,
}

/// Where somebody is sent with a service on a day: the verdict that a register would have, before the service is done.
#[must_use]
pub fn route(
    network: &Network,
    clinic: &Clinic,
    question: &Question<'_>,
    finder: &InsuredIndex,
    letters: &Letters,
) -> Answer {
    let Some(service) = named_service(clinic, question.service_code, question.service) else {
        let written = if question.service.is_empty() { question.service_code } else { question.service };
        let reason = clinic.likely_service(written).map_or_else(
            || Message::new("route-unlisted"),
            |near| {
                Message::new("route-unlisted-near").with("code", near.code.as_str()).with("near", near.name.as_str())
            },
        );
        return Answer { way: Routing::Unlisted, service: None, price: None, patient_pays: None, reason };
    };
    let price = clinic.services[service].price;
    let claim = Claim { day: question.day, service: Some(service), quantity: 1, amount: price, repeats: None };
    let found = finder.find(question.asked, question.day);
    let own: Vec<&Letter> = match &found {
        Found::Insured(person) => letters.of(person, &clinic.code).collect(),
        Found::Outside(_) | Found::Nobody(_) => Vec::new(),
    };
    let patient = match &found {
        Found::Insured(person) => Patient::Insured { person, letters: &own },
        Found::Nobody(doubt) => Patient::Unknown(*doubt),
        Found::Outside(persons) => {
            let with_right = persons.iter().find(|person| person.right(question.day).is_some());
            match with_right.or(persons.first()) {
                Some(person) => Patient::Outside { person, right: person.right(question.day) },
                None => Patient::Unknown(crate::clinics::finder::MatchFailure::Stranger),
            }
        }
    };
    let Judged { verdict, shares, reason, .. } = judge(network, clinic, &claim, &patient);
    let way = match verdict {
        Verdict::Advance => Routing::Advance,
        Verdict::Letter => Routing::Letter,
        Verdict::CallDispatcher | Verdict::LetterExpired | Verdict::NeedsAgreement => Routing::Dispatcher,
        _ if shares.discount > Kopecks::ZERO => Routing::OwnCostLess,
        _ => Routing::OwnCost,
    };
    let reason =
        if way == Routing::Dispatcher { Message::new("route-until-agreed").with("reason", reason) } else { reason };
    Answer { way, service: Some(service), price: Some(price), patient_pays: Some(shares.patient), reason }
}
