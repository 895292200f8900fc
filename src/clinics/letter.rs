//! Guarantee letters: how long they are valid, who may have one, and what a register of them answers.

pub mod record;
pub mod requests;
pub mod table;

use std::collections::{BTreeSet, HashMap};

use jiff::ToSpan;
use jiff::civil::Date;

use crate::base::calendar::{Period, shown_day};
use crate::base::messages::Message;
use crate::clinics::insured_view::Person;
use crate::clinics::network::{Clinic, Network, service_key};
use crate::table::text::folded;

/// A guarantee letter: the insurer's promise to pay a clinic for services to one insured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Its place in the book's row of letters, from 1, without gaps.
    pub number: u64,
    /// The number of the insured's contract.
    pub contract: String,
    /// The insured's number in the contract.
    pub ordinal: u32,
    /// The code of the clinic.
    pub clinic: String,
    /// The agreed services by their codes in the clinic's price list, in its order; at least one.
    pub services: Vec<String>,
    /// The days on which it is valid (`I23`).
    pub valid: Period,
    /// The first letter, to which this one is an addition.
    pub supplements: Option<u64>,
}

impl Letter {
    /// The number as people write it: `ГП-000017`.
    #[must_use]
    pub fn shown_number(&self) -> String {
        shown_number(self.number)
    }

    /// Whether it agrees to the very same: the insured, the clinic, the services, the day of issue, the first letter.
    ///
    /// Codes are compared as the network compares them, in whatever order a price list has them by now.
    #[must_use]
    pub fn is_the_same(&self, other: &Self) -> bool {
        let of = |letter: &Self| (letter.ordinal, letter.valid.first(), letter.supplements);
        let services = |letter: &Self| letter.services.iter().map(|code| service_key(code)).collect::<BTreeSet<_>>();
        of(self) == of(other)
            && self.contract == other.contract
            && folded(&self.clinic) == folded(&other.clinic)
            && services(self) == services(other)
    }

    /// Whether it names the service of a code.
    #[must_use]
    pub fn names(&self, service: &str) -> bool {
        let service = service_key(service);
        self.services.iter().any(|agreed| service_key(agreed) == service)
    }
}

/// The number of a letter as people write it: `ГП-000017`.
#[must_use]
pub fn shown_number(number: u64) -> String {
    format!("ГП-{number:06}")
}

/// The number that somebody has written: `ГП-000017`, `гп 17`, `17`.
#[must_use]
pub fn number_as_written(text: &str) -> Option<u64> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let rest = text.chars().filter(|letter| !letter.is_ascii_digit() && letter.is_alphanumeric());
    let rest: String = rest.flat_map(char::to_uppercase).collect();
    if matches!(rest.as_str(), "" | "ГП") { digits.parse().ok().filter(|number| *number > 0) } else { None }
}

/// The days of a letter that is issued on a day: to the same day of the next month, or to its last day where it has no such
/// day, both included, and never past the cover (`I23`). `None` where the cover does not include the day of issue.
///
/// # Example
///
/// ```
/// use jiff::civil::date;
/// use kollektiv::calendar::Period;
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
    /// The letters, in the order of their numbers.
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
    pub fn of<'l>(&'l self, person: &Person, clinic: &str) -> impl Iterator<Item = &'l Letter> + use<'l> {
        let clinic = folded(clinic);
        let places = self.of_insured.get(&(person.contract.number.clone(), person.ordinal));
        let letters = places.into_iter().flatten().map(|at| &self.letters[*at]);
        letters.filter(move |letter| folded(&letter.clinic) == clinic)
    }
}

/// What a letter is asked to agree to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// The services by their places in the clinic's price list, in its order; at least one.
    pub services: Vec<usize>,
    /// The day of issue.
    pub issued: Date,
    /// The letter to which this one is to be an addition, as it was named.
    pub supplements: Option<u64>,
}

/// A letter to an insured who was found on the day of issue, without its number; or why there can be none (`I47`).
///
/// # Errors
///
/// The reason why the request is refused.
pub fn agree(
    network: &Network,
    clinic: &Clinic,
    person: &Person,
    agreement: &Agreement,
    letters: &Letters,
) -> Result<Letter, Message> {
    let Some(valid) = validity(agreement.issued, person.cover) else {
        return Err(not_in_force(person));
    };
    let plan = person.plan();
    if !plan.names(&clinic.code) {
        return Err(Message::new("letter-clinic-unnamed")
            .with("plan", plan.code.as_str())
            .with("clinic", clinic.code.as_str()));
    }
    for service in &agreement.services {
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
    let first = agreement.supplements.map(|number| first_letter(number, clinic, person, letters)).transpose()?;
    Ok(Letter {
        number: 0,
        contract: person.contract.number.clone(),
        ordinal: person.ordinal,
        clinic: clinic.code.clone(),
        services: agreement.services.iter().map(|service| clinic.services[*service].code.clone()).collect(),
        valid,
        supplements: first,
    })
}

/// Why a day outside of somebody's cover has no letter.
#[must_use]
pub fn not_in_force(person: &Person) -> Message {
    Message::new("letter-not-in-force")
        .with("first", shown_day(person.cover.first()))
        .with("last", shown_day(person.cover.last()))
}

/// The first letter of a case: an addition to an addition names the letter that began it.
fn first_letter(number: u64, clinic: &Clinic, person: &Person, letters: &Letters) -> Result<u64, Message> {
    let of_another = || Message::new("letter-first-unknown").with("number", shown_number(number));
    let letter = letters.of(person, &clinic.code).find(|letter| letter.number == number).ok_or_else(of_another)?;
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
        // the cover ends inside of the letter's month
        let short = cover(date(2026, 6, 10));
        assert_eq!(validity(date(2026, 5, 31), short).unwrap().last(), date(2026, 6, 10));
        assert_eq!(validity(date(2026, 6, 10), short).unwrap().last(), date(2026, 6, 10));
        assert_eq!(validity(date(2026, 6, 11), short), None);
        assert_eq!(validity(date(2025, 12, 31), short), None);
    }

    #[test]
    fn numbers_of_letters_are_read_as_people_write_them() {
        assert_eq!(shown_number(17), "ГП-000017");
        for text in ["ГП-000017", "гп 17", "17", "ГП № 17"] {
            assert_eq!(number_as_written(text), Some(17), "{text}");
        }
        for text in ["", "ГП", "ГП-0", "письмо 17", "ГП-17а", "99999999999999999999999"] {
            assert_eq!(number_as_written(text), None, "{text}");
        }
    }
}
