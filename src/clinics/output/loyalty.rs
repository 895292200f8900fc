//! Who has the right to the discount on a day, as a list for the clinics' desks.

use std::borrow::Cow;

use jiff::civil::Date;
use serde::Serialize;

use crate::base::error::Error;
use crate::clinics::loyalty::DiscountEligibility;
use crate::output::folder::Folder;
use crate::quote::files::manifest;

/// Somebody with the right to the discount.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entitled {
    /// Surname, given name, patronymic.
    pub name: String,
    /// The day of birth.
    pub birth_date: Date,
    /// The policy number; empty where the book has none.
    pub policy: String,
    /// Why.
    pub right: DiscountEligibility,
    /// The last day on which the contract lasts.
    pub contract_last: Date,
}

#[derive(Serialize)]
struct About {
    loyalty: &'static str,
    as_of: String,
    people: usize,
}

/// Writes `loyalty.csv`, by name, and `manifest.json`.
///
/// # Errors
///
/// [`Error::Io`] where the system refuses.
pub fn write(entitled: &[Entitled], as_of: Date, folder: &Folder) -> Result<(), Error> {
    const COLUMNS: [&str; 5] = ["name", "birth_date", "policy", "right", "contract_last_day"];
    let row = |one: &'_ Entitled| {
        [
            Cow::Owned(one.name.clone()),
            one.birth_date.to_string().into(),
            Cow::Owned(one.policy.clone()),
            one.right.as_str().into(),
            one.contract_last.to_string().into(),
        ]
    };
    crate::clinics::output::csv(folder, "loyalty.csv", COLUMNS, entitled.iter().map(row))?;
    manifest::seal(folder, &About { loyalty: "entitled", as_of: as_of.to_string(), people: entitled.len() })
}
