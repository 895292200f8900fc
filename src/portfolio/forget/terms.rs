//! The contract files of a person without the name: texts, and the entries of accepted insured (`I73`).

use jiff::civil::Date;
use toml::de::DeTable;

use crate::base::calendar::{day_after_1970, days_since_1970};
use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::source_file::SourceFile;
use crate::base::toml_edits::{Edits, edited, quoted};
use crate::portfolio::book::Portfolio;
use crate::portfolio::forget::enrolment::Enrolment;
use crate::portfolio::forget::mentions::Mentions;
use crate::portfolio::forget::pseudonym::Pseudonym;
use crate::portfolio::register;
use crate::portfolio::terms::terms_path;
use crate::quote::contract::{Accepted, Contract};

/// The terms whose texts have the person: the contract, the hash before, and the new text.
///
/// # Errors
///
/// [`Error::Unlawful`] where the contract would be another one without the name; [`Error::Refused`] where this program does not accept the
/// terms; [`Error::Register`] where the book cannot be read.
pub(super) fn replaced_terms(
    book: &Portfolio,
    enrolments: &[Enrolment],
    mentions: &Mentions,
    pseudonym: &Pseudonym,
) -> Result<Vec<(i64, String, SourceFile)>, Error> {
    let mut replaced = Vec::new();
    for enrolment in enrolments {
        let contract = &enrolment.contract;
        let document = book.register.read(|register| register::document(register, &contract.terms))?;
        let Some(text) = document else { continue };
        let tariff = book.terms().tariff(contract)?;
        let before = SourceFile { path: terms_path(contract), text };
        let accepted = Contract::read(&before, &tariff)?.accepted;
        let entries = without_entries(&before.text, &accepted, enrolment, pseudonym);
        let new_text = mentions.replaced(entries.as_deref().unwrap_or(&before.text), &pseudonym.name);
        if new_text == before.text {
            continue;
        }
        let document = SourceFile { path: terms_path(contract), text: new_text };
        let parsed = Contract::read(&document, &tariff)?;
        if (&parsed.number, &parsed.policyholder) != (&contract.number, &contract.policyholder) {
            let reason = Message::new("forget-terms").with("number", contract.number.as_str());
            return Err(Error::Unlawful { reason });
        }
        replaced.push((contract.id, contract.terms.clone(), document));
    }
    Ok(replaced)
}

/// The text with the pseudonym in the entries of `[[accepted]]` that name the person; `None` where none does.
fn without_entries(text: &str, accepted: &[Accepted], enrolment: &Enrolment, pseudonym: &Pseudonym) -> Option<String> {
    let root = DeTable::parse(text).ok()?;
    let entries = root.get_ref().get("accepted")?.get_ref().as_array()?;
    let mut edits = Edits::new();
    for (entry, accepted) in entries.iter().zip(accepted).filter(|(_, accepted)| names(accepted, enrolment)) {
        let born = accepted.person.as_ref().map(|(_, born)| pseudonym.birth_date(days_since_1970(*born)));
        let born = born.and_then(day_after_1970);
        for (key, value) in entry.get_ref().as_table()? {
            let name: &str = key.get_ref();
            let new = match name {
                "id" | "name" => quoted(&pseudonym.name),
                "birth_date" => born?.to_string(),
                _ => continue,
            };
            edits.push((value.span(), new));
        }
    }
    if edits.is_empty() { None } else { edited(text, edits) }
}

/// Whether an entry names the person by a number, or by a name and a birth date of any record.
fn names(accepted: &Accepted, enrolment: &Enrolment) -> bool {
    let numbers: Vec<&str> = enrolment.numbers.iter().map(String::as_str).collect();
    let births: Vec<Option<Date>> = enrolment.birth_dates.iter().map(|days| day_after_1970(*days)).collect();
    enrolment.names.iter().any(|name| births.iter().any(|born| accepted.names(&numbers, name, *born)))
}
