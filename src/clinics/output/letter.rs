//! Guarantee letters as PDF documents, and the list of them as CSV.

use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;

use crate::base::error::Error;
use crate::base::messages::Language;
use crate::clinics::letter::letter_number;
use crate::clinics::letter::record::LetterRecord;
use crate::clinics::output::write_records;
use crate::output::pdf;
use crate::output::pdf::{Template, day, printable};
use crate::output::permissions::create_folder;
use crate::output::staging::{UNFINISHED, unfinished_file};

/// The list of all letters, in the same folder.
const LIST: &str = "letters.csv";

/// The data of the template, as `letter.json`; its keys do not change between versions.
#[derive(Debug, Serialize)]
struct LetterData {
    language: &'static str,
    number: String,
    first: Option<String>,
    issued: String,
    last_day: String,
    clinic: String,
    address: String,
    insured: String,
    birth_date: String,
    policy: Option<String>,
    policyholder: String,
    dispatcher: Option<String>,
    services: Vec<ServiceData>,
}

#[derive(Debug, Serialize)]
struct ServiceData {
    code: String,
    name: String,
    /// The agreed extent.
    scope: String,
}

/// The built-in template of the letter, in Russian and English.
#[must_use]
pub fn template() -> Template {
    Template::built_in("letter.typ", include_str!("letter/letter.typ"))
}

/// Renders a letter as a PDF document. Letters can be rendered on several threads.
///
/// # Errors
///
/// [`Error::Refused`] with every fault of the template at its line; [`Error::NoFace`] if a text has characters without a glyph.
pub fn render(record: &LetterRecord, template: &Template, language: Language) -> Result<Vec<u8>, Error> {
    let data = LetterData::new(record, language);
    pdf::render(template, &pdf::Data::new("letter.json", &data, &data.number))
}

impl LetterData {
    fn new(record: &LetterRecord, language: Language) -> Self {
        let letter = &record.letter;
        let scopes = letter.services.iter().map(|code| language.render(&letter.scope(code).message()));
        let services = letter.services.iter().zip(&record.service_names).zip(scopes);
        Self {
            language: language.as_str(),
            number: letter.shown_number(),
            first: letter.supplements.map(letter_number),
            issued: day(letter.valid.first(), language),
            last_day: day(letter.valid.last(), language),
            clinic: printable(&record.clinic_name),
            address: printable(&record.clinic_address),
            insured: printable(&record.insured),
            birth_date: day(record.birth_date, language),
            policy: Some(printable(&record.policy)).filter(|policy| !policy.is_empty()),
            policyholder: printable(&record.policyholder),
            dispatcher: Some(printable(&record.dispatcher)).filter(|phone| !phone.is_empty()),
            services: services
                .map(|((code, name), scope)| ServiceData {
                    code: printable(code),
                    name: printable(name),
                    scope: printable(&scope),
                })
                .collect(),
        }
    }
}

/// The file name of a letter: `ГП-000017.pdf`.
#[must_use]
pub fn file_name(number: u64) -> String {
    format!("{}.pdf", letter_number(number))
}

/// Writes the documents that the folder does not have, and the list of all letters.
///
/// Returns the number of documents written, and the letters that were not, each with the characters that lack a glyph.
///
/// Files are written atomically; the next run completes a killed one.
///
/// # Errors
///
/// [`Error::Io`] if writing fails; as [`render`].
pub fn write_missing(
    records: &[LetterRecord],
    folder: &Path,
    template: &Template,
    language: Language,
) -> Result<(usize, Vec<(u64, String)>), Error> {
    create_folder(folder).map_err(|fault| Error::writing(folder, fault))?;
    remove_unfinished(folder);
    let missing: Vec<&LetterRecord> =
        records.iter().filter(|record| !folder.join(file_name(record.letter.number)).exists()).collect();
    let left_out = pdf::render_all(&missing, |record| {
        let bytes = render(record, template, language)?;
        write_file(folder, &file_name(record.letter.number), |file| file.write_all(&bytes))
    })?;
    write_file(folder, LIST, |file| write_list(records, file))?;
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|fault| Error::writing(folder, fault))?;
    let left_out = left_out.into_iter().map(|left_out| (missing[left_out.at].letter.number, left_out.letters));
    let left_out: Vec<_> = left_out.collect();
    Ok((missing.len() - left_out.len(), left_out))
}

/// Removes the unfinished files of a killed run; the lock of the book excludes another run.
fn remove_unfinished(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
            // a file that cannot be removed is left to the next run
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Writes a file atomically.
fn write_file(folder: &Path, name: &str, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Error> {
    let target = folder.join(name);
    let written = unfinished_file(folder).and_then(|mut file| {
        fill(&mut file)?;
        file.as_file().sync_all()?;
        file.persist(&target).map(drop).map_err(|fault| fault.error)
    });
    written.map_err(|fault| Error::writing(&target, fault))
}

/// Writes the list of letters: one row a letter, in the order of the numbers.
fn write_list(records: &[LetterRecord], file: &mut dyn Write) -> io::Result<()> {
    const COLUMNS: [&str; 11] = [
        "letter",
        "issued",
        "last_day",
        "clinic",
        "contract",
        "policyholder",
        "policy",
        "name",
        "birth_date",
        "services",
        "supplements",
    ];
    let row = |record: &LetterRecord| {
        let letter = &record.letter;
        [
            Cow::Owned(letter.shown_number()),
            letter.valid.first().to_string().into(),
            letter.valid.last().to_string().into(),
            letter.clinic.clone().into(),
            letter.contract.clone().into(),
            record.policyholder.clone().into(),
            record.policy.clone().into(),
            record.insured.clone().into(),
            record.birth_date.to_string().into(),
            letter.services.join("; ").into(),
            letter.supplements.map(letter_number).unwrap_or_default().into(),
        ]
    };
    write_records(file, COLUMNS, records.iter().map(row))
}
