//! Lists of insured that the desk writes on request, each as a single CSV file.

use std::io;
use std::path::Path;

use crate::base::error::Error;
use crate::desk::compare::{Cause, ComparedInsured, ComparedQuote, Comparison};
use crate::desk::outlook::{Renewal, RenewalEffect};
use crate::output::csv_injection::defused;
use crate::output::staging::write_new_file;
use crate::quote::{Price, Quote};

/// Writes the insured whose price the renewal changes, one row each in roster order.
///
/// A row has the place in the roster, both ages and age bands, both premiums and the effect: `older`, `past-tariff` or
/// `past-programme`; the last two have no premium then. A census has no renewal: its list is the header alone.
///
/// # Errors
///
/// [`Error::Exists`] if the file exists, [`Error::NoFolder`] if its folder does not, [`Error::Io`] if writing fails.
pub fn write_renewal_list(
    quote: &Quote<'_>,
    price: &Price<'_>,
    renewal: Option<&Renewal>,
    path: &Path,
) -> Result<(), Error> {
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
    let band = |step: u8| tariff.age_band_name(price.axes.ages[usize::from(step)].age_band);
    let rows = renewal.into_iter().flat_map(|renewal| &renewal.changes).map(|change| {
        let at = change.insured.at as usize;
        let insured = &roster.insured;
        let sheet = &roster.tables.sheets[usize::from(insured.sheet[at])];
        let (band_then, premium_then, effect) = match change.effect {
            RenewalEffect::Older(step, premium) => (band(step), premium.to_string(), "older"),
            RenewalEffect::PastTariff => (String::new(), String::new(), "past-tariff"),
            RenewalEffect::PastProgramme => (String::new(), String::new(), "past-programme"),
        };
        vec![
            defused(&sheet.file).into_owned(),
            defused(&sheet.name).into_owned(),
            insured.row[at].to_string(),
            defused(insured.id.get(at)).into_owned(),
            defused(insured.name.get(at)).into_owned(),
            insured.birth_date[at].map(|date| date.to_string()).unwrap_or_default(),
            defused(&contract.terms.plans[usize::from(change.insured.plan)].code).into_owned(),
            change.insured.age_years.to_string(),
            change.age_then.to_string(),
            band(change.insured.age_class),
            band_then,
            change.premium.to_string(),
            premium_then,
            effect.to_owned(),
            quote.status.as_str().to_owned(),
        ]
    });
    write_new_csv(path, header, rows)
}

/// Writes the insured that two quotes price differently, one row each: the places in both rosters, both premiums, the amount of every
/// cause, and the status of both quotes.
///
/// # Errors
///
/// [`Error::Exists`] if the file exists, [`Error::NoFolder`] if its folder does not, [`Error::Io`] if writing fails.
pub fn write_differences(comparison: &Comparison, path: &Path) -> Result<(), Error> {
    const INSURED: [&str; 15] = [
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
    let causes = Cause::ALL.iter().map(|cause| cause.as_str());
    let header = INSURED.into_iter().chain(causes).chain(["status_before", "status_after"]);
    let (before, after) = (&comparison.before, &comparison.after);
    let rows = comparison.insured.iter().map(|difference| {
        let was = difference.before.map(|at| &before.insured[at]);
        let is = difference.after.map(|at| &after.insured[at]);
        let known = is.or(was);
        let place = |insured: Option<&ComparedInsured>| {
            insured
                .map(|insured| [insured.file.clone(), insured.sheet.clone(), insured.row.to_string()])
                .unwrap_or_default()
        };
        let plan = |quote: &ComparedQuote, insured: Option<&ComparedInsured>| {
            insured.map(|insured| defused(&quote.plans[insured.plan]).into_owned()).unwrap_or_default()
        };
        let premium = |quote: &ComparedQuote, insured: Option<&ComparedInsured>| {
            insured.map(|insured| quote.premium_of(insured).to_string()).unwrap_or_default()
        };
        let change = match (was, is) {
            (Some(_), None) => "left",
            (None, _) => "joined",
            (Some(_), Some(_)) => "stayed",
        };
        let birth_date = known.and_then(|insured| insured.birth_date).map(|date| date.to_string());
        let mut row = vec![change.to_owned()];
        row.extend(place(was));
        row.extend(place(is));
        row.push(known.map(|insured| insured.id.clone()).unwrap_or_default());
        row.push(known.map(|insured| insured.name.clone()).unwrap_or_default());
        row.push(birth_date.unwrap_or_default());
        row.extend([plan(before, was), plan(after, is), premium(before, was), premium(after, is)]);
        row.push(difference.causes.sum().to_string());
        row.extend(Cause::ALL.iter().map(|cause| difference.causes.amount(*cause).to_string()));
        row.extend([before.status, after.status].map(|status| status.as_str().to_owned()));
        row
    });
    write_new_csv(path, header, rows)
}

/// Writes a new CSV file, complete or not at all.
fn write_new_csv(
    path: &Path,
    header: impl IntoIterator<Item = &'static str>,
    rows: impl Iterator<Item = Vec<String>>,
) -> Result<(), Error> {
    let mut records = csv::WriterBuilder::new().from_writer(Vec::new());
    let written = records.write_record(header).and_then(|()| { rows }.try_for_each(|row| records.write_record(&row)));
    let bytes =
        written.map_err(io::Error::from).and_then(|()| records.into_inner().map_err(csv::IntoInnerError::into_error));
    write_new_file(path, &bytes.map_err(|fault| Error::writing(path, fault))?)
}
