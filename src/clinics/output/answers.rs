//! The answers to requests for letters and to questions of a clinic's desk, as CSV files.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use crate::base::error::Error;
use crate::base::messages::Language;
use crate::base::money::Kopecks;
use crate::clinics::letter::Letter;
use crate::clinics::letter::letter_number;
use crate::clinics::letter::record::LetterRecord;
use crate::clinics::letter::requests::{Answers, RequestOutcome};
use crate::clinics::network::Clinic;
use crate::clinics::output::write_csv;
use crate::clinics::register::{ClinicRegister, ClinicRow};
use crate::clinics::routing::Answer;
use crate::output::folder::Folder;
use crate::quote::files::tables;

/// Writes the outcome of each request: `requests.csv` (one row a request, in order), `diagnostics.csv` and `manifest.json`.
///
/// `issued` are the new letters with their numbers. A letter that an earlier run has issued for the same request is `issued` as well, so that
/// the files are the same however often the run is repeated.
///
/// # Errors
///
/// [`Error::Io`] if writing fails.
pub fn write_requests(
    answers: &Answers,
    issued: &[LetterRecord],
    requests: &ClinicRegister,
    clinics_sha256: &str,
    dry_run: bool,
    folder: &Folder,
    language: Language,
) -> Result<(), Error> {
    const COLUMNS: [&str; 6] = ["row", "outcome", "letter", "last_day", "reason", "sheet"];
    let row = |(row, outcome): (&ClinicRow, &RequestOutcome)| {
        let [outcome, letter, last_day, reason] = match outcome {
            RequestOutcome::Agreed(at) => {
                let letter = issued.get(*at).map(|record| &record.letter);
                let last = letter.map(|letter| letter.valid.last().to_string()).unwrap_or_default();
                let number = letter.map(Letter::shown_number).unwrap_or_default();
                ["issued".into(), number.into(), last.into(), Cow::Borrowed("")]
            }
            RequestOutcome::IssuedBefore { number, last_day } => {
                ["issued".into(), letter_number(*number).into(), last_day.to_string().into(), "".into()]
            }
            RequestOutcome::Refused(reason) => ["refused".into(), "".into(), "".into(), language.render(reason).into()],
        };
        [Cow::Owned(row.row.to_string()), outcome, letter, last_day, reason, requests.sheet(row).into()]
    };
    write_csv(folder, "requests.csv", COLUMNS, requests.rows.iter().zip(&answers.outcomes).map(row))?;
    let letters = answers.outcomes.iter().filter_map(|outcome| match outcome {
        RequestOutcome::Agreed(at) => issued.get(*at).map(|record| record.letter.number),
        RequestOutcome::IssuedBefore { number, .. } => Some(*number),
        RequestOutcome::Refused(_) => None,
    });
    let letters: BTreeSet<u64> = letters.collect();
    let is_refused = |outcome: &&RequestOutcome| matches!(outcome, RequestOutcome::Refused(_));
    let refused = answers.outcomes.iter().filter(is_refused).count();
    let counts = BTreeMap::from([("letters", letters.len()), ("refused", refused)]);
    let answered = if dry_run { "requests-dry-run" } else { "requests" };
    seal(answered, requests, clinics_sha256, &counts, folder, language)
}

/// Writes the answers to questions: `route.csv` (one row a question, in order; no amounts for unlisted services), `diagnostics.csv` and
/// `manifest.json`.
///
/// # Errors
///
/// [`Error::Io`] if writing fails.
pub fn write_routes(
    clinic: &Clinic,
    answers: &[Answer],
    questions: &ClinicRegister,
    clinics_sha256: &str,
    folder: &Folder,
    language: Language,
) -> Result<(), Error> {
    const COLUMNS: [&str; 7] = ["row", "service", "way", "price", "patient_pays", "reason", "sheet"];
    let row = |(question, answer): (&ClinicRow, &Answer)| {
        let code = answer.service.map_or("", |at| clinic.services[at].code.as_str());
        let amount = |amount: Option<Kopecks>| Cow::Owned(amount.map(|amount| amount.to_string()).unwrap_or_default());
        [
            Cow::Owned(question.row.to_string()),
            Cow::Owned(code.to_owned()),
            answer.routing.as_str().into(),
            amount(answer.price),
            amount(answer.patient_pays),
            language.render(&answer.reason).into(),
            questions.sheet(question).into(),
        ]
    };
    write_csv(folder, "route.csv", COLUMNS, questions.rows.iter().zip(answers).map(row))?;
    let mut counts = BTreeMap::new();
    for answer in answers {
        *counts.entry(answer.routing.as_str()).or_default() += 1;
    }
    seal("questions", questions, clinics_sha256, &counts, folder, language)
}

/// Writes the diagnostics of a table and the manifest.
fn seal(
    answered: &'static str,
    table: &ClinicRegister,
    clinics_sha256: &str,
    counts: &BTreeMap<&'static str, usize>,
    folder: &Folder,
    language: Language,
) -> Result<(), Error> {
    tables::write_diagnostics(&table.tables, folder, language)?;
    let file = table.tables.files.first();
    folder.seal(&json!({
        "answered": answered,
        "file": file.map_or("", |file| &file.name),
        "sha256": file.map_or("", |file| &file.sha256),
        "clinics_sha256": clinics_sha256,
        "counts": counts,
    }))
}
