//! Guarantee letters as PDF documents, and the register of them as a table.

use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;

use crate::base::error::Error;
use crate::base::messages::Language;
use crate::clinics::letter::record::LetterRecord;
use crate::clinics::letter::shown_number;
use crate::output::folder::{BEGUN, begun_file};
use crate::output::pdf;
use crate::output::pdf::{Template, day, printable};

/// The table of all letters, beside them.
pub const REGISTER: &str = "letters.csv";

/// `letter.json`: its keys are a promise to the authors of templates.
#[derive(Debug, Serialize)]
struct Shown {
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
    services: Vec<ShownService>,
}

#[derive(Debug, Serialize)]
struct ShownService {
    code: String,
    name: String,
}

/// The template of the letter that travels with the program, in Russian and in English.
#[must_use]
pub fn template() -> Template {
    Template::travelling("letter.typ", include_str!("letter/letter.typ"))
}

/// A letter as a PDF document; letters may be made on several threads at once.
///
/// # Panics
///
/// Never: texts and lists are always JSON.
///
/// # Errors
///
/// [`Error::Refused`] with every fault of the template at its line; [`Error::NoFace`] where a text has letters that no face has.
pub fn pdf(record: &LetterRecord, template: &Template, language: Language) -> Result<Vec<u8>, Error> {
    let shown = Shown::new(record, language);
    let services = shown.services.iter().flat_map(|service| [&service.code, &service.name]);
    let texts = [&shown.clinic, &shown.address, &shown.insured, &shown.policyholder].into_iter().chain(&shown.policy);
    let values = pdf::Values {
        name: "letter.json",
        json: serde_json::to_vec(&shown).expect("texts and lists are always JSON"),
        texts: texts.chain(services).map(String::as_str).collect(),
        identity: &shown.number,
    };
    pdf::pdf(template, values)
}

impl Shown {
    fn new(record: &LetterRecord, language: Language) -> Self {
        let letter = &record.letter;
        let services = letter.services.iter().zip(&record.service_names);
        Self {
            language: language.code(),
            number: letter.shown_number(),
            first: letter.supplements.map(shown_number),
            issued: day(letter.valid.first(), language),
            last_day: day(letter.valid.last(), language),
            clinic: printable(&record.clinic_name),
            address: printable(&record.clinic_address),
            insured: printable(&record.insured),
            birth_date: day(record.birth_date, language),
            policy: Some(printable(&record.policy)).filter(|policy| !policy.is_empty()),
            policyholder: printable(&record.policyholder),
            services: services
                .map(|(code, name)| ShownService { code: printable(code), name: printable(name) })
                .collect(),
        }
    }
}

/// The name of a letter's document.
#[must_use]
pub fn file_name(number: u64) -> String {
    format!("{}.pdf", shown_number(number))
}

/// Writes the documents that are not in the folder yet, and the register of all letters.
///
/// Returns how many were written, and the numbers of those that were not, because a face lacks these letters.
///
/// Each stands in its place whole or not at all: what a killed run has not written, the next one writes.
///
/// # Errors
///
/// [`Error::Io`] where the system refuses; as [`pdf`].
pub fn write_missing(
    records: &[LetterRecord],
    folder: &Path,
    template: &Template,
    language: Language,
) -> Result<(usize, Vec<(u64, String)>), Error> {
    fs::create_dir_all(folder).map_err(|fault| Error::writing(folder, fault))?;
    sweep(folder);
    let missing: Vec<&LetterRecord> =
        records.iter().filter(|record| !folder.join(file_name(record.letter.number)).exists()).collect();
    let left_out = pdf::each(&missing, |record| {
        let bytes = pdf(record, template, language)?;
        put(folder, &file_name(record.letter.number), |file| file.write_all(&bytes))
    })?;
    put(folder, REGISTER, |file| register(records, file))?;
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|fault| Error::writing(folder, fault))?;
    let left_out = left_out.into_iter().map(|left_out| (missing[left_out.at].letter.number, left_out.letters));
    let left_out: Vec<_> = left_out.collect();
    Ok((missing.len() - left_out.len(), left_out))
}

/// Removes what a killed run has begun; whoever writes letters has the right to change the book, and is alone here.
fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(BEGUN) {
            // what cannot be removed now is left for the next run
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Puts a file into its place by one rename.
fn put(folder: &Path, name: &str, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Error> {
    let target = folder.join(name);
    let written = begun_file(folder).and_then(|mut file| {
        fill(&mut file)?;
        file.as_file().sync_all()?;
        file.persist(&target).map(drop).map_err(|fault| fault.error)
    });
    written.map_err(|fault| Error::writing(&target, fault))
}

fn register(records: &[LetterRecord], file: &mut dyn Write) -> io::Result<()> {
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
            letter.supplements.map(shown_number).unwrap_or_default().into(),
        ]
    };
    crate::clinics::output::records(file, COLUMNS, records.iter().map(row))
}
