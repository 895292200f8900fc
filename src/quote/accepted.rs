//! The insured of a roster that a contract accepts outside of the tariff's ages (`I73`).

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::source_file::Fault;
use crate::quote::contract::Contract;
use crate::roster::Roster;
use crate::roster::field::Field;
use crate::roster::value::Action;
use crate::table::text::folded_number;
use crate::tariff::Tariff;

/// The entries of the contract by the row of the insured in the roster's columns.
pub type AcceptedRows = BTreeMap<usize, usize>;

/// Finds the insured of each entry: exactly one, of an age that the tariff refers to an underwriter.
///
/// Of a roster that could not be read whole nothing is found: its contract has no price.
///
/// # Errors
///
/// [`Error::Refused`] at each entry that names no insured, several, one that the tariff prices, or one that another entry names.
pub fn find_accepted(roster: &Roster, contract: &Contract, tariff: &Tariff) -> Result<AcceptedRows, Error> {
    let mut rows = AcceptedRows::new();
    if contract.accepted.is_empty() || roster.tables.incomplete {
        return Ok(rows);
    }
    let mut faults = Vec::new();
    for (place, found) in named_rows(roster, contract).into_iter().enumerate() {
        let entry = &contract.accepted[place];
        let fault = match found[..] {
            [] => Some(Message::new("accepted-absent")),
            [at] => match roster.insured.age_years(at) {
                Some(age) if age <= tariff.last_age() => {
                    let message = Message::new("accepted-not-referred").with("age", u32::from(age));
                    Some(message.with("last", tariff.last_age().to_string()).with("clause", &*tariff.age.clause))
                }
                // a row without an age has a diagnostic of its own
                _ => rows.insert(at, place).map(|_| Message::new("accepted-twice")),
            },
            _ => Some(Message::new("accepted-several").with("count", found.len())),
        };
        faults.extend(fault.map(|message| Fault { span: entry.span.clone(), message }));
    }
    if faults.is_empty() {
        return Ok(rows);
    }
    Err(Error::Refused { source: Box::new(contract.source.clone()), faults })
}

impl Contract {
    /// The coefficient by age of each row whose insured an entry names.
    pub(crate) fn accepted_ages(&self, rows: &AcceptedRows) -> BTreeMap<usize, Decimal> {
        rows.iter().map(|(at, entry)| (*at, self.accepted[*entry].coefficient)).collect()
    }
}

/// The rows of the insured that each entry names, in one pass over the roster.
fn named_rows(roster: &Roster, contract: &Contract) -> Vec<Vec<usize>> {
    let insured = &roster.insured;
    let mut by_number: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut by_birth_date: BTreeMap<Date, Vec<usize>> = BTreeMap::new();
    for (place, entry) in contract.accepted.iter().enumerate() {
        match (&entry.id, &entry.person) {
            (Some(id), _) => by_number.entry(folded_number(id)).or_default().push(place),
            (None, Some((_, born))) => by_birth_date.entry(*born).or_default().push(place),
            (None, None) => {}
        }
    }
    let mut rows = vec![Vec::new(); contract.accepted.len()];
    for at in (0..insured.len()).filter(|at| insured.action(*at) != Some(Action::Leave)) {
        let numbers = [insured.id.get(at), insured.text(Field::Id, at), insured.text(Field::PolicyNumber, at)];
        let mut places: BTreeSet<usize> = BTreeSet::new();
        if !by_number.is_empty() {
            let stated = numbers.iter().filter(|number| !number.is_empty());
            places.extend(stated.filter_map(|number| by_number.get(&folded_number(number))).flatten());
        }
        places.extend(insured.birth_date[at].and_then(|born| by_birth_date.get(&born)).into_iter().flatten());
        places.retain(|place| contract.accepted[*place].names(&numbers, insured.name.get(at), insured.birth_date[at]));
        for place in places {
            rows[place].push(at);
        }
    }
    rows
}
