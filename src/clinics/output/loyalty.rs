//! Writes the list of the insured who are eligible for the discount on a day, for the desks of clinics.

use std::borrow::Cow;

use jiff::civil::Date;
use serde_json::json;

use crate::base::error::Error;
use crate::clinics::loyalty::DiscountEligibility;
use crate::clinics::output::write_csv;
use crate::output::folder::Folder;

/// An insured eligible for the discount.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct EligibleInsured {
    /// Surname, given name, patronymic.
    pub name: String,
    /// The day of birth.
    pub birth_date: Date,
    /// The policy number; empty if the book has none.
    pub policy: String,
    /// Why the insured is eligible (I24).
    pub eligibility: DiscountEligibility,
    /// The last day of the contract.
    pub contract_last_day: Date,
}

/// Writes `loyalty.csv`, one row an insured in the order of `eligible`, and `manifest.json`; seals the folder.
///
/// # Errors
///
/// [`Error::Io`] if writing fails.
pub fn write(eligible: &[EligibleInsured], as_of: Date, folder: &Folder) -> Result<(), Error> {
    const COLUMNS: [&str; 5] = ["name", "birth_date", "policy", "right", "contract_last_day"];
    let row = |insured: &'_ EligibleInsured| {
        [
            Cow::Owned(insured.name.clone()),
            insured.birth_date.to_string().into(),
            Cow::Owned(insured.policy.clone()),
            insured.eligibility.as_str().into(),
            insured.contract_last_day.to_string().into(),
        ]
    };
    write_csv(folder, "loyalty.csv", COLUMNS, eligible.iter().map(row))?;
    folder.seal(&json!({ "loyalty": "entitled", "as_of": as_of.to_string(), "people": eligible.len() }))
}
