//! A CSV file of its own beside no others: lists that the desk makes on request.

use std::io::{self, Write};
use std::path::Path;

use crate::desk::compare::{ComparedQuote, Comparison, Part, Person};
use crate::desk::outlook::{Fate, Renewal};

use crate::base::error::Error;
use crate::output::csv_injection::defused;
use crate::output::folder::{begun_file, not_made, parent_of};
use crate::quote::{Price, Quote};

/// Writes whom the next renewal moves, in roster order: who and where they are, the age then, both premiums, and what becomes of
/// the price: `older`, `past-tariff` or `past-programme`, the last two without a premium then; and whether the quote is
/// preliminary. Of a census, which has no renewal, the header alone.
///
/// # Errors
///
/// [`Error::Exists`] where there is a file of this name, [`Error::NoFolder`] where its folder is missing, [`Error::Io`] where the
/// system refuses.
pub fn movers(quote: &Quote<'_>, price: &Price<'_>, renewal: Option<&Renewal>, path: &Path) -> Result<(), Error> {
    let Quote { contract, tariff, roster, .. } = quote;
    let header = [
        "file",
        "sheet",
        "row",
        "id",
        "name",
        "birth_date",
        "plan",
        "age",
        "age_then",
        "age_band",
        "age_band_then",
        "premium",
        "premium_then",
        "fate",
        "status",
    ];
    let band = |step: u8| tariff.age.value[price.axes.ages[usize::from(step)].age_band].years.to_string();
    let rows = renewal.into_iter().flat_map(|renewal| &renewal.movers).map(|mover| {
        let at = mover.insured.at as usize;
        let insured = &roster.insured;
        let sheet = &roster.sheets[usize::from(insured.sheet[at])];
        let (band_then, premium_then, fate) = match mover.fate {
            Fate::Older(step, premium) => (band(step), premium.to_string(), "older"),
            Fate::PastTariff => (String::new(), String::new(), "past-tariff"),
            Fate::PastProgramme => (String::new(), String::new(), "past-programme"),
        };
        vec![
            defused(&sheet.file).into_owned(),
            defused(&sheet.name).into_owned(),
            insured.row[at].to_string(),
            defused(insured.id.get(at)).into_owned(),
            defused(insured.name.get(at)).into_owned(),
            insured.birth_date[at].map(|date| date.to_string()).unwrap_or_default(),
            defused(&contract.plans[usize::from(mover.insured.plan)].code).into_owned(),
            mover.insured.age_years.to_string(),
            mover.age_then.to_string(),
            band(mover.insured.step),
            band_then,
            mover.premium.to_string(),
            premium_then,
            fate.to_owned(),
            quote.status.as_str().to_owned(),
        ]
    });
    new_file(path, header, rows)
}

/// Writes what happened to whom between two quotes: where they stand in both, both premiums, the part of every cause, and whether
/// the quotes are preliminary.
///
/// # Errors
///
/// [`Error::Exists`] where there is a file of this name, [`Error::NoFolder`] where its folder is missing, [`Error::Io`] where the
/// system refuses.
pub fn people(comparison: &Comparison, path: &Path) -> Result<(), Error> {
    const WHO: [&str; 15] = [
        "change",
        "file_before",
        "sheet_before",
        "row_before",
        "file_after",
        "sheet_after",
        "row_after",
        "id",
        "name",
        "birth_date",
        "plan_before",
        "plan_after",
        "premium_before",
        "premium_after",
        "difference",
    ];
    let causes = Part::ALL.iter().map(|part| part.code());
    let header = WHO.into_iter().chain(causes).chain(["status_before", "status_after"]);
    let (before, after) = (&comparison.before, &comparison.after);
    let rows = comparison.people.iter().map(|difference| {
        let was = difference.before.map(|at| &before.people[at]);
        let is = difference.after.map(|at| &after.people[at]);
        let person = is.or(was);
        let place = |person: Option<&Person>| {
            let place = person.map(|person| [person.file.clone(), person.sheet.clone(), person.row.to_string()]);
            place.unwrap_or_default()
        };
        let plan = |side: &ComparedQuote, person: Option<&Person>| {
            person.map(|person| defused(&side.plans[person.plan]).into_owned()).unwrap_or_default()
        };
        let premium = |side: &ComparedQuote, person: Option<&Person>| {
            person.map(|person| side.premium_of(person).to_string()).unwrap_or_default()
        };
        let change = match (was, is) {
            (Some(_), None) => "left",
            (None, _) => "joined",
            (Some(_), Some(_)) => "stayed",
        };
        let birth_date = person.and_then(|person| person.birth_date).map(|date| date.to_string());
        let mut row = vec![change.to_owned()];
        row.extend(place(was));
        row.extend(place(is));
        row.push(person.map(|person| person.id.clone()).unwrap_or_default());
        row.push(person.map(|person| person.name.clone()).unwrap_or_default());
        row.push(birth_date.unwrap_or_default());
        row.extend([plan(before, was), plan(after, is), premium(before, was), premium(after, is)]);
        row.push(difference.parts.sum().to_string());
        row.extend(Part::ALL.iter().map(|part| difference.parts.of(*part).to_string()));
        row.extend([before.status, after.status].map(|status| status.as_str().to_owned()));
        row
    });
    new_file(path, header, rows)
}

/// Writes a CSV file that is not there yet: it comes whole or not at all.
fn new_file(
    path: &Path,
    header: impl IntoIterator<Item = &'static str>,
    rows: impl Iterator<Item = Vec<String>>,
) -> Result<(), Error> {
    let written = || -> io::Result<()> {
        let mut records = csv::WriterBuilder::new().from_writer(Vec::new());
        records.write_record(header)?;
        for row in rows {
            records.write_record(&row)?;
        }
        let bytes = records.into_inner().map_err(|fault| io::Error::other(fault.to_string()))?;
        // the file on the way has a name that says nothing to anybody
        let mut file = begun_file(parent_of(path)).map_err(|fault| io::Error::from(fault.kind()))?;
        file.write_all(&bytes)?;
        file.as_file().sync_all()?;
        file.persist_noclobber(path).map_err(|fault| fault.error)?;
        Ok(())
    };
    written().map_err(|fault| not_made(path, fault))
}
