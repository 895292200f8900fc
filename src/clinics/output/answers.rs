//! What became of requests for letters, and what a desk is told, as CSV files.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;

use crate::base::error::Error;
use crate::base::messages::Language;
use crate::base::money::Kopecks;
use crate::clinics::letter::Letter;
use crate::clinics::letter::record::LetterRecord;
use crate::clinics::letter::requests::{Answers, Outcome};
use crate::clinics::letter::shown_number;
use crate::clinics::network::Clinic;
use crate::clinics::register::{ClinicRow, Register};
use crate::clinics::routing::Answer;
use crate::output::folder::Folder;
use crate::quote::files::{csv, manifest};

#[derive(Serialize)]
struct About<'a> {
    answered: &'static str,
    file: &'a str,
    sha256: &'a str,
    clinics_sha256: &'a str,
    counts: BTreeMap<&'static str, usize>,
}

/// Writes what became of each request: `requests.csv`, `diagnostics.csv`, `manifest.json`; `issued` are the letters of the run
/// with their numbers.
///
/// # Errors
///
/// [`Error::Io`] where the system refuses.
pub fn write_requests(
    answers: &Answers,
    issued: &[LetterRecord],
    requests: &Register,
    clinics_sha256: &str,
    folder: &Folder,
    language: Language,
) -> Result<(), Error> {
    const COLUMNS: [&str; 6] = ["row", "outcome", "letter", "last_day", "reason", "sheet"];
    let row = |(row, outcome): (&ClinicRow, &Outcome)| {
        let [outcome, letter, last_day, reason] = match outcome {
            Outcome::Agreed(at) => {
                let letter = issued.get(*at).map(|record| &record.letter);
                let last = letter.map(|letter| letter.valid.last().to_string()).unwrap_or_default();
                let number = letter.map(Letter::shown_number).unwrap_or_default();
                ["issued".into(), number.into(), last.into(), Cow::Borrowed("")]
            }
            Outcome::Before(number) => ["issued-before".into(), shown_number(*number).into(), "".into(), "".into()],
            Outcome::Refused(reason) => ["refused".into(), "".into(), "".into(), language.say(reason).into()],
        };
        [Cow::Owned(row.row.to_string()), outcome, letter, last_day, reason, requests.sheet(row).into()]
    };
    crate::clinics::output::csv(folder, "requests.csv", COLUMNS, requests.rows.iter().zip(&answers.outcomes).map(row))?;
    let mut counts = BTreeMap::from([("issued", issued.len()), ("issued-before", 0), ("refused", 0)]);
    for outcome in &answers.outcomes {
        match outcome {
            Outcome::Agreed(_) => {}
            Outcome::Before(_) => *counts.entry("issued-before").or_default() += 1,
            Outcome::Refused(_) => *counts.entry("refused").or_default() += 1,
        }
    }
    sealed("requests", requests, clinics_sha256, counts, folder, language)
}

/// Writes what a desk is told, one row a question: `route.csv`, `diagnostics.csv`, `manifest.json`; the amounts of what the price
/// list does not have are empty.
///
/// # Errors
///
/// [`Error::Io`] where the system refuses.
pub fn write_routes(
    clinic: &Clinic,
    answers: &[Answer],
    questions: &Register,
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
            answer.way.as_str().into(),
            amount(answer.price),
            amount(answer.patient_pays),
            language.say(&answer.reason).into(),
            questions.sheet(question).into(),
        ]
    };
    crate::clinics::output::csv(folder, "route.csv", COLUMNS, questions.rows.iter().zip(answers).map(row))?;
    let mut counts = BTreeMap::new();
    for answer in answers {
        *counts.entry(answer.way.as_str()).or_default() += 1;
    }
    sealed("questions", questions, clinics_sha256, counts, folder, language)
}

fn sealed(
    answered: &'static str,
    asked: &Register,
    clinics_sha256: &str,
    counts: BTreeMap<&'static str, usize>,
    folder: &Folder,
    language: Language,
) -> Result<(), Error> {
    csv::diagnostics(&asked.roster, folder, language)?;
    let file = asked.roster.files.first();
    let about = About {
        answered,
        file: file.map_or("", |file| &file.name),
        sha256: file.map_or("", |file| &file.sha256),
        clinics_sha256,
        counts,
    };
    manifest::seal(folder, &about)
}
