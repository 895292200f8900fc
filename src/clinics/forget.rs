//! Erasure of the personal data of an insured whose claims are all decided.

use std::collections::BTreeSet;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::money::Kopecks;
use crate::clinics::entitled::{identity, parse_identity};
use crate::clinics::insured_index::InsuredKeys;
use crate::clinics::ledger::Ledger;
use crate::clinics::letter::table;
use crate::clinics::output::letter::{LIST_PATH, document_path, write_list_of};
use crate::portfolio::Portfolio;
use crate::portfolio::forget;
use crate::portfolio::forget::{ClinicDocuments, Forgotten, Person, Request};
use crate::table::text::folded;

/// Erases the personal data of the insured that a request means; with `dry_run` the book stays unchanged.
///
/// # Errors
///
/// [`Error::Unlawful`] where the request means no insured or several, a cover runs, a claim is disputed or not cleared, or a due charge is
/// unpaid; as [`forget::forget`].
pub fn forget(portfolio: &mut Portfolio, request: &Request, dry_run: bool) -> Result<Forgotten, Error> {
    let forgotten = erase(portfolio, request, dry_run);
    // an earlier run may have ended between the removal of the list and its writing
    let is_list_due = match &forgotten {
        Ok(_) => true,
        Err(fault) => fault.is_refusal() && !portfolio.folder().join(LIST_PATH).exists(),
    };
    if is_list_due && !dry_run {
        let records = portfolio.register.read(table::records)?;
        write_list_of(&records, portfolio.folder())?;
    }
    forgotten
}

fn erase(portfolio: &mut Portfolio, request: &Request, dry_run: bool) -> Result<Forgotten, Error> {
    let person = match Person::find(portfolio, request) {
        Ok(person) => person,
        Err(fault @ Error::Unlawful { .. }) => match find_entitled(portfolio, request, &fault)? {
            Some(person) => person,
            // the run that was killed after its commit has erased the name
            None => return forget::completed(portfolio)?.ok_or(fault),
        },
        Err(fault) => return Err(fault),
    };
    person.check_ended(portfolio, request.as_of)?;
    check_claims(portfolio, &person)?;
    if dry_run {
        return person.records(portfolio, identity);
    }
    let clinics = ClinicDocuments { identity, letter: document_path, letter_list: LIST_PATH };
    forget::forget(portfolio, &person, clinics)
}

/// The one of the entitled outside the book that a request means, where no insured has the name; `None` where no claim has it either.
///
/// # Errors
///
/// [`Error::Unlawful`] where claims have the name with several birth dates.
fn find_entitled(portfolio: &Portfolio, request: &Request, fault: &Error) -> Result<Option<Person>, Error> {
    let is_unknown = matches!(fault, Error::Unlawful { reason } if reason.name() == "forget-none");
    if !is_unknown || request.contract.is_some() {
        return Ok(None);
    }
    let mut births = BTreeSet::new();
    forget::each_entitled(portfolio, |text| {
        let parsed = parse_identity(text).filter(|(name, _)| *name == folded(&request.person));
        births.extend(parsed.map(|(_, born)| born).filter(|born| request.born.is_none_or(|wanted| wanted == *born)));
    })?;
    match births.pop_first() {
        Some(_) if !births.is_empty() => {
            Err(Error::Unlawful { reason: Message::new("forget-entitled-several").with("count", births.len() + 1) })
        }
        born => Ok(born.map(|born| Person::entitled(request.person.clone(), born))),
    }
}

/// Checks that every claim of a person in a register in effect is decided.
fn check_claims(portfolio: &Portfolio, person: &Person) -> Result<(), Error> {
    let mut keys = InsuredKeys::new();
    for (number, ordinals) in person.ordinals() {
        keys.entry(number.to_owned()).or_default().extend(ordinals);
    }
    if let Some(identity) = person.entitled_identity(identity) {
        keys.entry(identity).or_default().insert(0);
    }
    let claims = Ledger::read(portfolio, &keys)?.claims;
    let is_open = |amount: Kopecks| amount != Kopecks::ZERO;
    let open = claims.iter().find(|claim| is_open(claim.shares.disputed) || is_open(claim.shares.uncleared));
    let Some(claim) = open else { return Ok(()) };
    let reason = if claim.contract.is_empty() {
        Message::new("forget-entitled-claim")
    } else {
        Message::new("forget-claim").with("number", claim.contract.to_string())
    };
    Err(Error::Unlawful {
        reason: reason.with("register", claim.register.message()).with("row", claim.row.to_string()),
    })
}
