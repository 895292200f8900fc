//! The names of clinics in an offer: a contract names its clinics by their codes.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::output::pdf::{ProvidedFile, Template, printable};

/// The clinics of a network by their codes.
pub type ClinicNames = BTreeMap<String, ClinicName>;

/// The name and the address of a clinic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClinicName {
    /// The name.
    pub name: String,
    /// The address, where it is known.
    pub address: Option<String>,
}

/// The template with `clinics.json`, in which templates find the names.
///
/// # Panics
///
/// Never: texts are always JSON.
#[must_use]
pub fn with_clinics(template: Template, names: &ClinicNames) -> Template {
    let printed = |clinic: &ClinicName| ClinicName {
        name: printable(&clinic.name),
        address: clinic.address.as_deref().map(printable),
    };
    let names: ClinicNames = names.iter().map(|(code, clinic)| (printable(code), printed(clinic))).collect();
    let bytes = serde_json::to_vec(&names).expect("texts are always JSON");
    template.provide(ProvidedFile { name: "clinics.json".to_owned(), bytes })
}
