//! Guarantee letters: their validity, the insured who may have one, and the letters of the book by insured.

pub mod record;
pub mod requests;
pub mod scope;
pub mod table;

use std::collections::{BTreeSet, HashMap};

use jiff::ToSpan;
use jiff::civil::Date;

use crate::base::calendar::{Period, format_day};
use crate::base::messages::Message;
use crate::clinics::insured_view::InsuredRecord;
use crate::clinics::letter::scope::Scope;
use crate::clinics::network::{Clinic, Network, service_key};
use crate::clinics::visit_reason::VisitReason;
use crate::table::text::folded;

/// A guarantee letter: the insurer's promise to pay one clinic for services to one insured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The number in the book, from 1 without gaps; 0 before it is issued.
    pub number: u64,
    /// The number of the insured's contract.
    pub contract: String,
    /// The ordinal of the insured in the contract.
    pub ordinal: u32,
    /// The code of the clinic.
    pub clinic: String,
    /// The codes of the agreed services in the order of the price list; at least one.
    pub services: Vec<String>,
    /// The agreed extent of each service, in the order of the services (`I63`).
    pub scopes: Vec<Scope>,
    /// The days on which it is valid (`I23`).
    pub valid: Period,
    /// The reason of the visit that it states (`I64`).
    pub reason: Option<VisitReason>,
    /// The number of the first letter of the case, if this letter adds to one.
    pub supplements: Option<u64>,
}

impl Letter {
    /// The number in documents and files: `ГП-000017`.
    #[must_use]
    pub fn shown_number(&self) -> String {
        letter_number(self.number)
    }

    /// Whether another letter has the same insured, clinic, services with their scopes, day of issue and first letter.
    ///
    /// Codes are compared folded and in any order, since the price list may have changed.
    #[must_use]
    pub fn agrees_to_same(&self, other: &Self) -> bool {
        let key = |letter: &Self| (letter.ordinal, letter.valid.first(), letter.supplements);
        let services = |letter: &Self| {
            let scopes = letter.scopes.iter().cloned();
            letter.services.iter().map(|code| service_key(code)).zip(scopes).collect::<BTreeSet<_>>()
        };
        key(self) == key(other)
            && self.contract == other.contract
            && folded(&self.clinic) == folded(&other.clinic)
            && services(self) == services(other)
    }

    /// The agreed extent of the service with this code; the default, once, if the letter states none.
    #[must_use]
    pub fn scope(&self, service: &str) -> Scope {
        let service = service_key(service);
        let place = self.services.iter().position(|agreed| service_key(agreed) == service);
        place.and_then(|at| self.scopes.get(at).cloned()).unwrap_or_default()
    }

    /// Whether the letter names the service with this code.
    #[must_use]
    pub fn names(&self, service: &str) -> bool {
        let service = service_key(service);
        self.services.iter().any(|agreed| service_key(agreed) == service)
    }
}

/// The number of a letter in documents and files: `ГП-000017`.
#[must_use]
pub fn letter_number(number: u64) -> String {
    format!("ГП-{number:06}")
}

/// Parses the number of a letter: `ГП-000017`, `гп 17` or `17`.
///
/// # Example
///
/// ```
/// use kollektiv::clinics::letter::{letter_number, parse_letter_number};
///
/// assert_eq!(letter_number(17), "ГП-000017");
/// assert_eq!(parse_letter_number("гп 17"), Some(17));
/// assert_eq!(parse_letter_number("ГП-17а"), None);
/// ```
#[must_use]
pub fn parse_letter_number(text: &str) -> Option<u64> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let rest = text.chars().filter(|letter| !letter.is_ascii_digit() && letter.is_alphanumeric());
    let rest: String = rest.flat_map(char::to_uppercase).collect();
    if matches!(rest.as_str(), "" | "ГП") { digits.parse().ok().filter(|number| *number > 0) } else { None }
}

/// The days on which a letter is valid: from the day of issue to the same day of the next month, or its last day if it is shorter, both
/// included, but not beyond the cover (`I23`). `None` if the cover does not include the day of issue.
///
/// # Example
///
/// ```
/// use jiff::civil::date;
/// use kollektiv::base::calendar::Period;
/// use kollektiv::clinics::letter::validity;
///
/// let cover = Period::new(date(2026, 1, 1), date(2026, 12, 31)).unwrap();
/// let valid = validity(date(2026, 1, 31), cover).unwrap();
/// assert_eq!(valid.last(), date(2026, 2, 28));
/// ```
#[must_use]
pub fn validity(issued: Date, cover: Period) -> Option<Period> {
    if !cover.contains(issued) {
        return None;
    }
    let month_later = issued.saturating_add(1.month());
    Period::new(issued, month_later.min(cover.last()))
}

/// The letters of the book, by insured.
#[derive(Debug, Default)]
pub struct Letters {
    letters: Vec<Letter>,
    of_insured: HashMap<(String, u32), Vec<usize>>,
}

impl Letters {
    /// Indexes letters by insured.
    #[must_use]
    pub fn new(mut letters: Vec<Letter>) -> Self {
        letters.sort_by_key(|letter| letter.number);
        let mut of_insured: HashMap<(String, u32), Vec<usize>> = HashMap::new();
        for (at, letter) in letters.iter().enumerate() {
            of_insured.entry((letter.contract.clone(), letter.ordinal)).or_default().push(at);
        }
        Self { letters, of_insured }
    }

    /// The letters of an insured to a clinic, in the order of their numbers.
    pub fn of_insured<'l>(
        &'l self,
        insured: &InsuredRecord,
        clinic: &str,
    ) -> impl Iterator<Item = &'l Letter> + use<'l> {
        let clinic = folded(clinic);
        let places = self.of_insured.get(&(insured.contract.number.clone(), insured.ordinal));
        let letters = places.into_iter().flatten().map(|at| &self.letters[*at]);
        letters.filter(move |letter| folded(&letter.clinic) == clinic)
    }
}

/// The content of a requested letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// Indices of the services in the price list, ascending, with the agreed extent; at least one.
    pub services: Vec<(usize, Scope)>,
    /// The reason of the visit.
    pub reason: Option<VisitReason>,
    /// The day of issue.
    pub issued: Date,
    /// The number of the letter to which this one adds.
    pub supplements: Option<u64>,
}

/// The letter for an insured, without a number (`I47`).
///
/// # Errors
///
/// The reason why there can be no letter.
pub fn agree(
    network: &Network,
    clinic: &Clinic,
    insured: &InsuredRecord,
    agreement: &Agreement,
    letters: &Letters,
) -> Result<Letter, Message> {
    let Some(valid) = validity(agreement.issued, insured.continuous) else {
        return Err(not_in_force(insured));
    };
    let plan = insured.plan();
    if !plan.names(&clinic.code) {
        return Err(Message::new("letter-clinic-unnamed")
            .with("plan", plan.code.as_str())
            .with("clinic", clinic.code.as_str()));
    }
    for (service, _) in &agreement.services {
        let listed = &clinic.services[*service];
        let named = |name: &'static str| Message::new(name).with("service", listed.code.as_str());
        let mut programmes = plan.programmes_at(&clinic.code).filter_map(|programme| clinic.programme(programme));
        if let Some(programme) = programmes.find(|programme| programme.services.contains(service)) {
            return Err(named("letter-in-advance").with("programme", programme.code.as_str()));
        }
        let category = network.category(listed);
        if !plan.covers(category) {
            return Err(named("letter-service-excluded").with("category", category.name.as_str()));
        }
    }
    let first = agreement.supplements.map(|number| first_letter(number, clinic, insured, letters)).transpose()?;
    Ok(Letter {
        number: 0,
        contract: insured.contract.number.clone(),
        ordinal: insured.ordinal,
        clinic: clinic.code.clone(),
        services: agreement.services.iter().map(|(service, _)| clinic.services[*service].code.clone()).collect(),
        scopes: agreement.services.iter().map(|(_, scope)| scope.clone()).collect(),
        reason: agreement.reason,
        valid,
        supplements: first,
    })
}

/// The reason why a day outside the cover has no letter.
#[must_use]
pub fn not_in_force(insured: &InsuredRecord) -> Message {
    Message::new("letter-not-in-force")
        .with("first", format_day(insured.cover.first()))
        .with("last", format_day(insured.cover.last()))
}

/// The number of the first letter of a case: an addition to an addition refers to the first letter.
fn first_letter(number: u64, clinic: &Clinic, insured: &InsuredRecord, letters: &Letters) -> Result<u64, Message> {
    let unknown = || Message::new("letter-first-unknown").with("number", letter_number(number));
    let letter =
        letters.of_insured(insured, &clinic.code).find(|letter| letter.number == number).ok_or_else(unknown)?;
    Ok(letter.supplements.unwrap_or(number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn i23_a_letter_is_valid_for_a_month_and_never_past_the_cover() {
        let cover = |last| Period::new(date(2026, 1, 1), last).unwrap();
        let whole = cover(date(2028, 12, 31));
        for (issued, last) in [
            (date(2026, 1, 15), date(2026, 2, 15)),
            (date(2026, 1, 28), date(2026, 2, 28)),
            (date(2026, 1, 29), date(2026, 2, 28)),
            (date(2026, 1, 30), date(2026, 2, 28)),
            (date(2026, 1, 31), date(2026, 2, 28)),
            (date(2028, 1, 29), date(2028, 2, 29)),
            (date(2028, 1, 31), date(2028, 2, 29)),
            (date(2026, 3, 31), date(2026, 4, 30)),
            (date(2026, 4, 30), date(2026, 5, 30)),
            (date(2026, 12, 31), date(2027, 1, 31)),
        ] {
            let valid = validity(issued, whole).unwrap();
            assert_eq!((valid.first(), valid.last()), (issued, last), "{issued}");
        }
        // the cover ends within the month
        let short = cover(date(2026, 6, 10));
        assert_eq!(validity(date(2026, 5, 31), short).unwrap().last(), date(2026, 6, 10));
        assert_eq!(validity(date(2026, 6, 10), short).unwrap().last(), date(2026, 6, 10));
        assert_eq!(validity(date(2026, 6, 11), short), None);
        assert_eq!(validity(date(2025, 12, 31), short), None);
    }

    #[test]
    fn letter_numbers_are_read_in_every_spelling() {
        assert_eq!(letter_number(17), "ГП-000017");
        for text in ["ГП-000017", "гп 17", "17", "ГП № 17"] {
            assert_eq!(parse_letter_number(text), Some(17), "{text}");
        }
        for text in ["", "ГП", "ГП-0", "письмо 17", "ГП-17а", "99999999999999999999999"] {
            assert_eq!(parse_letter_number(text), None, "{text}");
        }
    }
}
