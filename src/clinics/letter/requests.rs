//! Requests for guarantee letters: rows with one or more services, joined into one letter for each insured, clinic and day.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::base::messages::Message;
use crate::clinics::adjudicate::find_service;
use crate::clinics::insured_index::{InsuredIndex, InsuredMatch, MatchFailure};
use crate::clinics::insured_view::InsuredRecord;
use crate::clinics::letter::record::LetterRecord;
use crate::clinics::letter::scope::Scope;
use crate::clinics::letter::{Agreement, Letter, Letters, agree, not_in_force, parse_letter_number};
use crate::clinics::network::{Clinic, Network};
use crate::clinics::register::{ClinicRegister, ClinicRow};
use crate::clinics::teeth::parse_teeth;
use crate::clinics::verdict::serving_cover;
use crate::clinics::visit_reason::VisitReason;
use crate::table::cell_faults::mask_unless_known;

/// The values for rows that state none of their own.
#[derive(Debug, Clone, Copy, Default)]
pub struct Defaults {
    /// Index of the clinic in the network.
    pub clinic: Option<usize>,
    /// The day of issue.
    pub issued: Option<Date>,
}

/// The answers to a table of requests.
#[derive(Debug, Default)]
pub struct Answers {
    /// The outcome of each row of the table, in order.
    pub outcomes: Vec<RequestOutcome>,
    /// The letters to issue, without numbers, in the order of their first rows.
    pub letters: Vec<LetterRecord>,
}

/// The outcome of one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestOutcome {
    /// Part of a new letter: its index in [`Answers::letters`].
    Agreed(usize),
    /// The same letter was issued before.
    IssuedBefore {
        /// Its number.
        number: u64,
        /// Its last day.
        last_day: Date,
    },
    /// Refused, with the reason.
    Refused(Message),
}

/// Rows with the same key become one letter: insured, clinic, day of issue, first letter.
type LetterKey<'r> = ((&'r str, u32), usize, Date, Option<u64>);

/// A row to which a letter can agree.
struct AcceptedRow<'r> {
    insured: &'r InsuredRecord,
    clinic: usize,
    agreement: Agreement,
}

impl Answers {
    /// Answers requests without writing or numbering letters.
    ///
    /// The rows with the same insured, clinic, day of issue and first letter become one letter. A letter that the book already has is not
    /// issued again, so that a run can be repeated.
    #[must_use]
    pub fn new(
        network: &Network,
        requests: &ClinicRegister,
        defaults: Defaults,
        index: &InsuredIndex,
        letters: &Letters,
    ) -> Self {
        let rows: Vec<Result<AcceptedRow<'_>, Message>> =
            requests.rows.iter().map(|row| accept_row(network, row, defaults, index, letters)).collect();
        let mut by_key: BTreeMap<LetterKey<'_>, (usize, BTreeMap<usize, Scope>)> = BTreeMap::new();
        for (place, row) in rows.iter().enumerate() {
            if let Ok(row) = row {
                let (_, services) = by_key.entry(row.key()).or_insert((place, BTreeMap::new()));
                for (service, scope) in &row.agreement.services {
                    services.entry(*service).and_modify(|known| known.add(scope.clone())).or_insert(scope.clone());
                }
            }
        }
        let mut in_order: Vec<_> = by_key.iter().collect();
        in_order.sort_by_key(|(_, (place, _))| *place);
        let mut answers = Self::default();
        let mut outcomes: BTreeMap<&LetterKey<'_>, RequestOutcome> = BTreeMap::new();
        for (key, (place, services)) in in_order {
            let Ok(first) = &rows[*place] else { continue };
            let agreement = Agreement {
                services: services.iter().map(|(service, scope)| (*service, scope.clone())).collect(),
                ..first.agreement.clone()
            };
            let clinic = &network.clinics[first.clinic];
            let outcome = match agree(network, clinic, first.insured, &agreement, letters) {
                Err(reason) => RequestOutcome::Refused(reason),
                Ok(letter) => {
                    let mut own = letters.of_insured(first.insured, &clinic.code);
                    if let Some(before) = own.find(|before| before.agrees_to_same(&letter)) {
                        RequestOutcome::IssuedBefore { number: before.number, last_day: before.valid.last() }
                    } else {
                        answers.letters.push(LetterRecord::new(letter, clinic, first.insured));
                        RequestOutcome::Agreed(answers.letters.len() - 1)
                    }
                }
            };
            outcomes.insert(key, outcome);
        }
        let outcome = |row: &Result<AcceptedRow<'_>, Message>| match row {
            Err(reason) => RequestOutcome::Refused(reason.clone()),
            Ok(row) => outcomes[&row.key()].clone(),
        };
        answers.outcomes = rows.iter().map(outcome).collect();
        answers
    }

    /// Refuses letters, each for a reason, by their indices in [`Answers::letters`].
    pub fn refuse(&mut self, refused: &BTreeMap<usize, Message>) {
        let letters = std::mem::take(&mut self.letters);
        let mut places = Vec::with_capacity(letters.len());
        for (at, letter) in letters.into_iter().enumerate() {
            places.push(self.letters.len());
            if !refused.contains_key(&at) {
                self.letters.push(letter);
            }
        }
        for outcome in &mut self.outcomes {
            if let RequestOutcome::Agreed(at) = *outcome {
                *outcome = match refused.get(&at) {
                    Some(reason) => RequestOutcome::Refused(reason.clone()),
                    None => RequestOutcome::Agreed(places[at]),
                };
            }
        }
    }
}

impl AcceptedRow<'_> {
    fn key(&self) -> LetterKey<'_> {
        (self.insured.key(), self.clinic, self.agreement.issued, self.agreement.supplements)
    }
}

/// The agreement that a row asks for, or the reason why there can be no letter.
fn accept_row<'r>(
    network: &Network,
    row: &ClinicRow,
    defaults: Defaults,
    index: &'r InsuredIndex,
    letters: &Letters,
) -> Result<AcceptedRow<'r>, Message> {
    let known = || crate::base::messages::listed(network.clinics.iter().map(|clinic| &clinic.code));
    let clinic = match (row.clinic.as_str(), defaults.clinic) {
        ("", Some(clinic)) => clinic,
        ("", None) => return Err(Message::new("request-clinic-unsaid").with("known", known())),
        (written, _) => network.clinic_written(written).ok_or_else(|| {
            let right = network.clinics.iter().flat_map(|clinic| [clinic.code.as_str(), &clinic.name]);
            Message::new("request-clinic-unknown")
                .with("clinic", mask_unless_known(written, right))
                .with("known", known())
        })?,
    };
    let issued = row.day.or(defaults.issued).ok_or(Message::new("request-day-unsaid"))?;
    let insured = match index.find(&row.query, issued) {
        InsuredMatch::Insured(insured) => insured,
        InsuredMatch::SeveralContracts(covers) => {
            let clinic = &network.clinics[clinic];
            serving_cover(network, clinic, find_service(clinic, &row.service_code, &row.service), &covers)
        }
        InsuredMatch::Outside { insured, .. } => return Err(not_in_force(insured)),
        InsuredMatch::Entitled { .. } => return Err(MatchFailure::NotFound.message()),
        InsuredMatch::None(failure) => return Err(failure.message()),
    };
    let supplements = match row.supplements.as_str() {
        "" => None,
        written => Some(parse_letter_number(written).ok_or_else(|| {
            let own = letters.of_insured(insured, &network.clinics[clinic].code).map(Letter::shown_number);
            let own: Vec<String> = own.collect();
            let shown = mask_unless_known(written, own.iter().map(String::as_str));
            Message::new("letter-first-unknown").with("number", shown)
        })?),
    };
    let scope = Scope {
        quantity: row.states_quantity.then_some(row.quantity),
        teeth: parse_teeth(&row.teeth).map_err(|fault| fault.message(&row.teeth))?,
        amount: row.amount,
    };
    let services = parse_services(&network.clinics[clinic], row)?.into_iter().map(|service| (service, scope.clone()));
    let reason = VisitReason::read(&row.visit_reason);
    let agreement = Agreement { services: services.collect(), reason, issued, supplements };
    agree(network, &network.clinics[clinic], insured, &agreement, letters)?;
    Ok(AcceptedRow { insured, clinic, agreement })
}

/// The services of a row: one by code and name, or several separated by semicolons.
fn parse_services(clinic: &Clinic, row: &ClinicRow) -> Result<Vec<usize>, Message> {
    let unlisted = |written: &str| {
        let right = clinic.services.iter().flat_map(|service| [service.code.as_str(), &service.name]);
        let shown = mask_unless_known(written, right);
        Message::new("request-service-unlisted").with("service", shown).with("clinic", clinic.code.as_str())
    };
    // the name of one service may contain a semicolon
    if let Some(one) = find_service(clinic, &row.service_code, &row.service) {
        return Ok(vec![one]);
    }
    let several = if row.service.is_empty() { &row.service_code } else { &row.service };
    let parts = several.split([';', '\n']).map(str::trim).filter(|part| !part.is_empty());
    let found: Result<BTreeSet<usize>, Message> =
        parts.map(|part| clinic.service(part).ok_or_else(|| unlisted(part))).collect();
    let found: Vec<usize> = found?.into_iter().collect();
    let contradicts = !row.service_code.is_empty() && !row.service.is_empty();
    if found.is_empty() || contradicts { Err(unlisted(several)) } else { Ok(found) }
}
