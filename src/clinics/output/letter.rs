//! Guarantee letters as PDF documents, and the list of them as CSV.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use tempfile::TempPath;

use crate::base::error::Error;
use crate::base::messages::Language;
use crate::clinics::letter::letter_number;
use crate::clinics::letter::record::LetterRecord;
use crate::clinics::output::write_records;
use crate::output::pdf;
use crate::output::pdf::{Template, day, printable};
use crate::output::permissions::create_folder;
use crate::output::staging::{UNFINISHED, unfinished_file};
use crate::quote::insurer::paper_template;

/// The folder of letters in that of the book.
pub const FOLDER: &str = "letters";
/// The list of all letters, in the same folder.
const LIST: &str = "letters.csv";
/// The path of the list in the folder of the book.
pub const LIST_PATH: &str = "letters/letters.csv";

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
    paper_template("letter.typ", include_str!("letter/letter.typ"))
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

/// The characters of a letter that no font of the program or the template's folder has, each once.
#[must_use]
pub fn missing_characters(record: &LetterRecord, template: &Template, language: Language) -> String {
    let data = LetterData::new(record, language);
    pdf::missing_characters(template, &pdf::Data::new("letter.json", &data, &data.number))
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

/// The path of a letter's document in the folder of the book.
#[must_use]
pub fn document_path(number: u64) -> String {
    format!("{FOLDER}/{}", file_name(number))
}

/// Writes the list of letters in a book that has a folder of them.
///
/// # Errors
///
/// [`Error::Io`] if the system refuses.
pub fn write_list_of(records: &[LetterRecord], book: &Path) -> Result<(), Error> {
    let folder = book.join(FOLDER);
    if !folder.is_dir() {
        return Ok(());
    }
    let target = folder.join(LIST);
    let written = stage_file(&folder, LIST, |file| write_list(records, file))?;
    written.persist(&target).map_err(|fault| Error::writing(&target, fault.error))?;
    let synced = File::open(&folder).and_then(|folder| folder.sync_all());
    synced.map_err(|fault| Error::writing(&folder, fault))
}

/// Documents of letters and the list of all letters: complete and on the disk, but not under their names yet.
///
/// Dropped before [`StagedLetters::publish`], they are removed; those of a killed run are removed by the next one.
#[derive(Debug)]
pub struct StagedLetters {
    folder: PathBuf,
    /// The files with their names, the list last.
    files: Vec<(TempPath, String)>,
    /// The letters without a document, each with the characters that lack a glyph.
    pub left_out: Vec<(u64, String)>,
}

impl StagedLetters {
    /// Makes the documents that the folder does not have, and the list of these letters.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] if writing fails; as [`render`].
    pub fn new(
        records: &[LetterRecord],
        folder: &Path,
        template: &Template,
        language: Language,
    ) -> Result<Self, Error> {
        create_folder(folder).map_err(|fault| Error::writing(folder, fault))?;
        remove_unfinished(folder);
        let missing: Vec<&LetterRecord> =
            records.iter().filter(|record| !folder.join(file_name(record.letter.number)).exists()).collect();
        let made = Mutex::new(BTreeMap::new());
        let left_out = pdf::render_all(&missing, |record| {
            let bytes = render(record, template, language)?;
            let number = record.letter.number;
            let file = stage_file(folder, &file_name(number), |file| file.write_all(&bytes))?;
            made.lock().unwrap_or_else(PoisonError::into_inner).insert(number, file);
            Ok(())
        })?;
        let made = made.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut files: Vec<_> = made.into_iter().map(|(number, file)| (file, file_name(number))).collect();
        files.push((stage_file(folder, LIST, |file| write_list(records, file))?, LIST.to_owned()));
        let left_out = left_out.into_iter().map(|left_out| (missing[left_out.at].letter.number, left_out.letters));
        Ok(Self { folder: folder.to_owned(), files, left_out: left_out.collect() })
    }

    /// The number of documents.
    #[must_use]
    pub fn documents(&self) -> usize {
        self.files.len() - 1
    }

    /// Gives the files their names.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] if the system refuses; the next run makes what is missing.
    pub fn publish(self) -> Result<(), Error> {
        for (file, name) in self.files {
            let target = self.folder.join(name);
            file.persist(&target).map_err(|fault| Error::writing(&target, fault.error))?;
        }
        let synced = File::open(&self.folder).and_then(|folder| folder.sync_all());
        synced.map_err(|fault| Error::writing(&self.folder, fault))
    }
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

/// Writes and syncs a file that is to have this name.
fn stage_file(
    folder: &Path,
    name: &str,
    fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<TempPath, Error> {
    let written = unfinished_file(folder).and_then(|mut file| {
        fill(&mut file)?;
        file.as_file().sync_all()?;
        // thousands of letters are more files than may be open
        Ok(file.into_temp_path())
    });
    written.map_err(|fault| Error::writing(&folder.join(name), fault))
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
