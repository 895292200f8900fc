//! A letter with every text that its document shows: the document can be made again from the table of letters alone.

use jiff::civil::Date;

use crate::clinics::insured_view::InsuredRecord;
use crate::clinics::letter::Letter;
use crate::clinics::network::Clinic;

/// A letter and the texts of its document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterRecord {
    /// The letter.
    pub letter: Letter,
    /// The name of the insured.
    pub insured: String,
    /// The day of birth of the insured.
    pub birth_date: Date,
    /// The policy number of the insured; empty if the book has none.
    pub policy: String,
    /// The policyholder.
    pub policyholder: String,
    /// The name of the clinic.
    pub clinic_name: String,
    /// The address of the clinic; empty if `clinics.toml` states none.
    pub clinic_address: String,
    /// The telephone of the insurer's dispatcher; empty if `clinics.toml` states none.
    pub dispatcher: String,
    /// The names of the agreed services, in the order of their codes.
    pub service_names: Vec<String>,
}

impl LetterRecord {
    /// Adds to a letter the texts of the insured and the clinic on the day of issue.
    #[must_use]
    pub fn new(letter: Letter, clinic: &Clinic, insured: &InsuredRecord) -> Self {
        let name = |code: &String| {
            let listed = clinic.services.iter().find(|service| service.code == *code);
            listed.map(|service| service.name.clone()).unwrap_or_default()
        };
        Self {
            insured: insured.name.clone(),
            birth_date: insured.birth_date,
            policy: insured.policy.clone(),
            policyholder: insured.contract.policyholder.clone(),
            clinic_name: clinic.name.clone(),
            clinic_address: clinic.address.clone().unwrap_or_default(),
            dispatcher: clinic.dispatcher.clone().unwrap_or_default(),
            service_names: letter.services.iter().map(name).collect(),
            letter,
        }
    }
}
