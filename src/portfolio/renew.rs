//! Renewal: the contract file and the roster of the insured who are covered on the last day of a contract, for a new term.
//!
//! The terms are those of the contract, the days and the number are new. The files are read back by the readers of a quote, so that insured
//! whose new age has no price or needs an underwriter are in its diagnostics.

mod contract_text;
mod roster_file;

use std::path::PathBuf;
use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::json;

use crate::base::calendar::{day_after_1970, days_since_1970};
use crate::base::error::Error;
use crate::base::messages::{Language, Message};
use crate::base::money::{Kopecks, Rate};
use crate::base::progress::Progress;
use crate::output::edited::edited_file;
use crate::output::folder::Folder;
use crate::portfolio::book::Portfolio;
use crate::portfolio::life::Life;
use crate::portfolio::register;
use crate::portfolio::rows::InsuredRows;
use crate::pricing::cube::Axes;
use crate::quote::accepted::find_accepted;
use crate::quote::admission::{RowCounts, admit};
use crate::quote::contract::{Accepted, Contract, no_edition_message};
use crate::quote::files::write_diagnostics;
use crate::roster::Roster;
use crate::tariff::{Catalogue, CatalogueOrigin, Tariff};

/// The name of the contract file.
const CONTRACT: &str = "contract.toml";
/// The name of the roster.
const ROSTER: &str = "roster.xlsx";

/// A request to renew a contract.
#[derive(Debug, Clone)]
pub struct Request {
    /// The number of the contract.
    pub number: String,
    /// The first day of the new term.
    pub start: Date,
    /// The number of the new contract; that of the old one and the year by default.
    pub new_number: Option<String>,
    /// The folder of the result.
    pub out: PathBuf,
    /// The language of headings and diagnostics.
    pub language: Language,
}

/// The files of a new term.
#[derive(Debug)]
pub struct Renewal {
    /// The number of the new contract.
    pub number: String,
    /// The last day of the new term.
    pub end: Date,
    /// The edition of the tariff that prices the new term.
    pub tariff: Arc<Tariff>,
    /// The insured who are taken over.
    pub insured: usize,
    /// How many of them can be priced, have to be referred, and have no price at their new age.
    pub counts: RowCounts,
    /// The roster with its diagnostics.
    pub roster: Roster,
    /// The written premium of the old contract that has not been paid.
    pub unpaid: Kopecks,
    /// The programmes whose prices have changed since the contract was bound, with the product of the coefficients: the new terms do not
    /// include it.
    pub price_changes: Vec<(String, Rate)>,
}

/// Writes the files of a new term to the folder of the request; the book stays unchanged.
///
/// The new term is priced by the edition of the tariff in force on its first day (`I70`), not by one that the old contract pins; where the
/// program has no other edition than the built-in one, by the edition of the old contract.
///
/// # Errors
///
/// [`Error::Unlawful`] where the book has no such contract, it has ended before its last day, the new term begins before its end, or the folder
/// of the request has files of an earlier renewal that a person has edited;
/// [`Error::Refused`] where the terms are not lawful for the new term; [`Error::Io`] where the result cannot be written.
pub fn renew(
    book: &Portfolio,
    request: &Request,
    editions: &Catalogue,
    progress: &dyn Progress,
) -> Result<Renewal, Error> {
    let refuse = |message: Message| Error::Unlawful { reason: message.with("number", request.number.as_str()) };
    let life = Life::in_force(book, &request.number)?;
    let (first, last) = life.contract.days();
    if request.start <= last {
        return Err(refuse(Message::new("renew-early").with("last", last)));
    }
    if let Some(file) = edited_file(&request.out) {
        let message = Message::new("renew-edited").with("file", request.out.join(file).display().to_string());
        return Err(refuse(message));
    }
    let end = new_end(first, last, request.start);
    let number = request.new_number.clone().unwrap_or_else(|| format!("{}-{}", request.number, request.start.year()));
    let tariff = new_edition(&life, editions, request.start)?;
    let rows = life.current_rows(book)?;
    let covered = covered_on(&rows.insured, last);
    let kept = kept_entries(&life.contract, &rows.insured, &covered);
    let text = contract_text::renewed(&life.contract, &number, (request.start, end), ROSTER, &kept)
        .ok_or_else(|| refuse(Message::new("endorse-unreadable")))?;
    let folder = Folder::stage(&request.out)?;
    folder.write(CONTRACT, |file| file.write_all(text.as_bytes()))?;
    roster_file::write(&folder, ROSTER, (&rows, &covered), &life.contract, request.language)?;
    let contract = Contract::open(&folder.staging_path().join(CONTRACT), tariff)?;
    let spec = contract.book_roster_spec(tariff);
    let mut roster = Roster::read(&[folder.staging_path().join(ROSTER)], &spec, progress)?;
    let axes = Axes::new(tariff, &contract.terms);
    let accepted = find_accepted(&roster, &contract, tariff)?;
    let (_, counts) = admit(&mut roster, &contract, tariff, &axes, &contract.accepted_ages(&accepted));
    write_diagnostics(&roster.tables, &folder, request.language)?;
    let unpaid = (life.state.version().written - life.state.paid).max(Kopecks::ZERO);
    let levels: Vec<_> = book.register.read(|register| register::programmes(register, life.state.contract.id))?;
    let changed = |(programme, _): &(String, String)| (programme.clone(), life.state.prices.cost_level(programme));
    let mut price_changes: Vec<(String, Rate)> = levels.iter().map(changed).collect();
    price_changes.retain(|(_, level)| *level != Rate::from(Decimal::ONE));
    price_changes.dedup();
    let levels = levels.iter().map(|(programme, level)| {
        json!({ "programme": programme, "level": level, "changes": life.state.prices.cost_level(programme).to_string() })
    });
    folder.write_json(
        "renewal.json",
        &json!({
            "number": &number,
            "renews": &request.number,
            "start": request.start.to_string(),
            "end": end.to_string(),
            "insured": covered.len(),
            "priced": counts.priced,
            "referred": counts.referred,
            "outgrown": counts.rejected,
            "unpaid": unpaid.to_string(),
            "tariff": { "edition": &tariff.edition.code, "sha256": &tariff.sha256 },
            "price_levels": levels.collect::<Vec<_>>(),
        }),
    )?;
    folder.seal(&json!({
        "number": &number,
        "renews": &request.number,
        "tariff": tariff.id(),
        "language": request.language.as_str(),
    }))?;
    folder.publish()?;
    let tariff = Arc::clone(tariff);
    Ok(Renewal { number, end, tariff, insured: covered.len(), counts, roster, unpaid, price_changes })
}

/// The edition in force on the first day of a new term; without a folder of editions the one that the contract was bound with.
fn new_edition<'e>(life: &'e Life, editions: &'e Catalogue, start: Date) -> Result<&'e Arc<Tariff>, Error> {
    match (editions.origin(), editions.edition_for(None, start)) {
        (CatalogueOrigin::BuiltIn, _) => Ok(&life.tariff),
        (_, Ok(tariff)) => Ok(tariff),
        (_, Err(fault)) => Err(Error::Unlawful { reason: no_edition_message(&fault, None, start, editions) }),
    }
}

/// The last day of a new term of the same length: a whole year stays a whole year.
fn new_end(first: Date, last: Date, start: Date) -> Date {
    let is_year = first.saturating_add(1.year()) == last.saturating_add(1.day());
    if is_year {
        return start.saturating_add(1.year()).saturating_sub(1.day());
    }
    start.saturating_add((days_since_1970(last) - days_since_1970(first)).days())
}

/// For each insured that the contract accepts outside of the tariff's ages (`I73`) whether they are among those covered.
fn kept_entries(contract: &Contract, insured: &InsuredRows, covered: &[usize]) -> Vec<bool> {
    let is_named = |entry: &Accepted, at: usize| {
        let numbers = [insured.id[at].as_str(), insured.policy_number[at].as_deref().unwrap_or_default()];
        entry.names(&numbers, &insured.name[at], day_after_1970(insured.birth_date[at]))
    };
    contract.accepted.iter().map(|entry| covered.iter().any(|at| is_named(entry, *at))).collect()
}

/// The places of the insured who are covered on a day: each employee with the family.
fn covered_on(insured: &InsuredRows, day: Date) -> Vec<usize> {
    let on = days_since_1970(day);
    let covers = |at: &usize| insured.start[*at] <= on && on <= insured.end[*at];
    let mut covered: Vec<usize> = (0..insured.insured.len()).filter(covers).collect();
    covered.sort_by_key(|at| (insured.head[*at].unwrap_or(insured.person_of(*at)), insured.person_of(*at)));
    covered
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_whole_year_stays_a_whole_year_and_other_terms_keep_their_days() {
        let of = |first, last, start| new_end(first, last, start);
        assert_eq!(of(date(2026, 12, 1), date(2027, 11, 30), date(2027, 12, 1)), date(2028, 11, 30));
        assert_eq!(of(date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1)), date(2026, 12, 28));
    }
}
