//! A letter with everything that stands in it, so that it can be set again from the register alone.

use jiff::civil::Date;

use crate::clinics::insured_view::Person;
use crate::clinics::letter::Letter;
use crate::clinics::network::Clinic;

/// A letter and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterRecord {
    /// The letter.
    pub letter: Letter,
    /// The name of the insured.
    pub insured: String,
    /// Their day of birth.
    pub birth_date: Date,
    /// Their policy number; empty where the book has none.
    pub policy: String,
    /// The policyholder.
    pub policyholder: String,
    /// The name of the clinic.
    pub clinic_name: String,
    /// Where it is; empty where nobody has said it.
    pub clinic_address: String,
    /// The names of the agreed services, in the order of their codes in the letter.
    pub service_names: Vec<String>,
}

impl LetterRecord {
    /// What a letter says of an insured and a clinic as they are known when it is issued.
    #[must_use]
    pub fn new(letter: Letter, clinic: &Clinic, person: &Person) -> Self {
        let name = |code: &String| {
            let listed = clinic.services.iter().find(|service| service.code == *code);
            listed.map(|service| service.name.clone()).unwrap_or_default()
        };
        Self {
            insured: person.name.clone(),
            birth_date: person.birth_date,
            policy: person.policy.clone(),
            policyholder: person.contract.policyholder.clone(),
            clinic_name: clinic.name.clone(),
            clinic_address: clinic.address.clone().unwrap_or_default(),
            service_names: letter.services.iter().map(name).collect(),
            letter,
        }
    }
}
