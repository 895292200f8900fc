//! Requests for guarantee letters: a service or several a row, gathered into one letter for each insured, clinic and day.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::base::messages::Message;
use crate::clinics::adjudicate::named_service;
use crate::clinics::finder::{Asked, Found, InsuredIndex};
use crate::clinics::insured_view::Person;
use crate::clinics::letter::record::LetterRecord;
use crate::clinics::letter::{Agreement, Letter, Letters, agree, not_in_force, number_as_written};
use crate::clinics::network::{Clinic, Network};
use crate::clinics::register::{ClinicRow, Register};
use crate::roster::row::messages::shown_code;

/// What stands for a row that does not say it itself.
#[derive(Debug, Clone, Copy, Default)]
pub struct Defaults {
    /// The clinic, by its place in the network.
    pub clinic: Option<usize>,
    /// The day of issue.
    pub issued: Option<Date>,
}

/// What became of requests.
#[derive(Debug, Default)]
pub struct Answers {
    /// What became of each row of the table, in order.
    pub outcomes: Vec<Outcome>,
    /// The letters to be issued, without their numbers, in the order of their first rows.
    pub letters: Vec<LetterRecord>,
}

/// What became of one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is agreed to in a letter that is to be issued: its place in [`Answers::letters`].
    Agreed(usize),
    /// The very letter has been issued before: its number.
    Before(u64),
    /// There can be no letter.
    Refused(Message),
}

/// What rows have in common that become one letter.
type Case<'r> = ((&'r str, u32), usize, Date, Option<u64>);

/// A row that can be agreed to.
struct Sound<'r> {
    person: &'r Person,
    clinic: usize,
    agreement: Agreement,
}

impl Answers {
    /// Answers requests; nothing is written, and no number is given.
    ///
    /// The rows for one insured, clinic, day and first letter become one letter. Where the book has the very letter, it is
    /// named and none is issued again, so that a run can be repeated.
    #[must_use]
    pub fn new(
        network: &Network,
        requests: &Register,
        defaults: Defaults,
        finder: &InsuredIndex,
        letters: &Letters,
    ) -> Self {
        let judged: Vec<Result<Sound<'_>, Message>> =
            requests.rows.iter().map(|row| sound(network, row, defaults, finder, letters)).collect();
        let mut cases: BTreeMap<Case<'_>, (usize, BTreeSet<usize>)> = BTreeMap::new();
        for (place, judged) in judged.iter().enumerate() {
            if let Ok(sound) = judged {
                let (_, services) = cases.entry(sound.case()).or_insert((place, BTreeSet::new()));
                services.extend(&sound.agreement.services);
            }
        }
        let mut in_order: Vec<(&Case<'_>, &(usize, BTreeSet<usize>))> = cases.iter().collect();
        in_order.sort_by_key(|(_, (place, _))| *place);
        let mut answers = Self::default();
        let mut outcomes: BTreeMap<&Case<'_>, Outcome> = BTreeMap::new();
        for (case, (place, services)) in in_order {
            let Ok(first) = &judged[*place] else { continue };
            let agreement = Agreement { services: services.iter().copied().collect(), ..first.agreement.clone() };
            let clinic = &network.clinics[first.clinic];
            let outcome = match agree(network, clinic, first.person, &agreement, letters) {
                Err(reason) => Outcome::Refused(reason),
                Ok(letter) => {
                    let mut own = letters.of(first.person, &clinic.code);
                    if let Some(before) = own.find(|before| before.is_the_same(&letter)) {
                        Outcome::Before(before.number)
                    } else {
                        answers.letters.push(LetterRecord::new(letter, clinic, first.person));
                        Outcome::Agreed(answers.letters.len() - 1)
                    }
                }
            };
            outcomes.insert(case, outcome);
        }
        let outcome = |judged: &Result<Sound<'_>, Message>| match judged {
            Err(reason) => Outcome::Refused(reason.clone()),
            Ok(sound) => outcomes[&sound.case()].clone(),
        };
        answers.outcomes = judged.iter().map(outcome).collect();
        answers
    }

    /// Refuses letters that were agreed to, by their places, for a reason each.
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
            if let Outcome::Agreed(at) = *outcome {
                *outcome = match refused.get(&at) {
                    Some(reason) => Outcome::Refused(reason.clone()),
                    None => Outcome::Agreed(places[at]),
                };
            }
        }
    }
}

impl Sound<'_> {
    fn case(&self) -> Case<'_> {
        (self.person.key(), self.clinic, self.agreement.issued, self.agreement.supplements)
    }
}

/// Everybody whom requests are about.
pub fn asked(requests: &Register) -> impl Iterator<Item = &Asked> {
    requests.rows.iter().map(|row| &row.asked)
}

/// What a row asks for, if a letter can agree to it.
fn sound<'r>(
    network: &Network,
    row: &ClinicRow,
    defaults: Defaults,
    finder: &'r InsuredIndex,
    letters: &Letters,
) -> Result<Sound<'r>, Message> {
    let known = || crate::base::messages::listed(network.clinics.iter().map(|clinic| &clinic.code));
    let clinic = match (row.clinic.as_str(), defaults.clinic) {
        ("", Some(clinic)) => clinic,
        ("", None) => return Err(Message::new("request-clinic-unsaid").with("known", known())),
        (written, _) => network.clinic(written).ok_or_else(|| {
            let right = network.clinics.iter().flat_map(|clinic| [clinic.code.as_str(), &clinic.name]);
            Message::new("request-clinic-unknown").with("clinic", shown_code(written, right)).with("known", known())
        })?,
    };
    let issued = row.day.or(defaults.issued).ok_or(Message::new("request-day-unsaid"))?;
    let person = match finder.find(&row.asked, issued) {
        Found::Insured(person) => person,
        Found::Outside(persons) => {
            return Err(persons.first().map_or_else(|| Message::new("doubt-stranger"), |person| not_in_force(person)));
        }
        Found::Nobody(doubt) => return Err(doubt.reason()),
    };
    let supplements = match row.supplements.as_str() {
        "" => None,
        written => Some(number_as_written(written).ok_or_else(|| {
            let own = letters.of(person, &network.clinics[clinic].code).map(Letter::shown_number);
            let own: Vec<String> = own.collect();
            let shown = shown_code(written, own.iter().map(String::as_str));
            Message::new("letter-first-unknown").with("number", shown)
        })?),
    };
    let services = services(&network.clinics[clinic], row)?;
    let agreement = Agreement { services, issued, supplements };
    agree(network, &network.clinics[clinic], person, &agreement, letters)?;
    Ok(Sound { person, clinic, agreement })
}

/// The services of a row: one by code and name, or several between semicolons.
fn services(clinic: &Clinic, row: &ClinicRow) -> Result<Vec<usize>, Message> {
    let unlisted = |written: &str| {
        let right = clinic.services.iter().flat_map(|service| [service.code.as_str(), &service.name]);
        let shown = shown_code(written, right);
        Message::new("request-service-unlisted").with("service", shown).with("clinic", clinic.code.as_str())
    };
    // a name may have a semicolon in it
    if let Some(one) = named_service(clinic, &row.service_code, &row.service) {
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
