//! `manifest.json`: what a result was made from, and the hash of every file of it.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::base::digest::sha256;
use crate::base::error::Error;
use crate::output::folder::{Folder, MANIFEST};
use crate::quote::Quote;
use crate::quote::files::Options;
use crate::quote::files::json;
use crate::quote::files::json::Rows;
use crate::roster::{Roster, Sheet};

#[derive(Serialize)]
struct Manifest<'q> {
    program: Program,
    number: &'q str,
    status: &'static str,
    contract: Input<'q>,
    rosters: Vec<RosterInput<'q>>,
    tariff: TariffInput<'q>,
    options: OptionsUsed,
    counts: Counts,
    files: BTreeMap<String, File>,
}

#[derive(Serialize)]
struct Program {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Input<'q> {
    file: String,
    sha256: &'q str,
}

#[derive(Serialize)]
struct RosterInput<'q> {
    file: &'q str,
    sha256: &'q str,
    sheets: Vec<SheetInput<'q>>,
}

/// How a sheet was understood.
#[derive(Serialize)]
struct SheetInput<'q> {
    sheet: &'q str,
    header_row: u32,
    /// Which heading became which field.
    columns: BTreeMap<&'static str, String>,
    skipped_rows: usize,
}

#[derive(Serialize)]
struct TariffInput<'q> {
    file: String,
    edition: &'q str,
    sha256: &'q str,
}

#[derive(Serialize)]
struct OptionsUsed {
    preliminary: bool,
    language: &'static str,
    formats: Vec<&'static str>,
}

#[derive(Serialize)]
struct Counts {
    rows: Rows,
    headcount: u32,
    lines: usize,
    diagnostics: BTreeMap<&'static str, usize>,
}

#[derive(Serialize)]
struct File {
    sha256: String,
    bytes: u64,
}

/// The manifest of a result that is no quote: what it says of its inputs, and its files.
#[derive(Serialize)]
struct Sealed<'m, T: Serialize> {
    program: Program,
    #[serde(flatten)]
    about: &'m T,
    files: BTreeMap<String, File>,
}

/// Writes the manifest of everything that is in the folder by now, with what is to be said of the inputs.
///
/// # Errors
///
/// [`Error::Io`] where the system refuses.
pub fn seal(folder: &Folder, about: &impl Serialize) -> Result<(), Error> {
    let manifest = Sealed { program: Program::this(), about, files: files(folder) };
    folder.write(MANIFEST, |file| json::write(&manifest, file))
}

fn files(folder: &Folder) -> BTreeMap<String, File> {
    let files = folder.written().into_iter();
    files.map(|(name, file)| (name, File { sha256: file.sha256, bytes: file.bytes })).collect()
}

impl Program {
    const fn this() -> Self {
        Self { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") }
    }
}

/// Writes the manifest of everything that is in the folder by now.
pub fn write(quote: &Quote<'_>, folder: &Folder, options: &Options) -> Result<(), Error> {
    let name_of =
        |path: &std::path::Path| path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let (contract, tariff) = (&quote.contract.source, &quote.tariff.source);
    let (contract_sha256, tariff_sha256) = (sha256(contract.text.as_bytes()), sha256(tariff.text.as_bytes()));
    let manifest = Manifest {
        program: Program::this(),
        number: &quote.contract.number,
        status: quote.status.as_str(),
        contract: Input { file: name_of(&contract.path), sha256: &contract_sha256 },
        rosters: rosters(&quote.roster),
        tariff: TariffInput {
            file: name_of(&tariff.path),
            edition: &quote.tariff.edition.code,
            sha256: &tariff_sha256,
        },
        options: OptionsUsed {
            preliminary: options.preliminary,
            language: options.language.code(),
            formats: options.formats.iter().map(|format| format.as_str()).collect(),
        },
        counts: Counts {
            rows: quote.rows.into(),
            headcount: quote.price.as_ref().map_or(0, |price| price.headcount),
            lines: quote.price.as_ref().map_or(0, |price| price.lines.count),
            diagnostics: counted(&quote.roster),
        },
        files: files(folder),
    };
    folder.write(MANIFEST, |file| json::write(&manifest, file))
}

fn rosters(roster: &Roster) -> Vec<RosterInput<'_>> {
    let of_file = |sheet: &&Sheet, file: &str| sheet.file == file;
    roster
        .files
        .iter()
        .map(|file| RosterInput {
            file: &file.name,
            sha256: &file.sha256,
            sheets: roster.sheets.iter().filter(|sheet| of_file(sheet, &file.name)).filter_map(understood).collect(),
        })
        .collect()
}

fn understood(sheet: &Sheet) -> Option<SheetInput<'_>> {
    let layout = sheet.layout.as_ref()?;
    let columns = layout.columns().map(|(field, column)| (field.name(), layout.headings[column].clone()));
    Some(SheetInput {
        sheet: &sheet.name,
        header_row: layout.header_row,
        columns: columns.collect(),
        skipped_rows: sheet.skipped.len(),
    })
}

/// How many diagnostics there are of each code that occurs.
fn counted(roster: &Roster) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for found in &roster.diagnostics {
        *counts.entry(found.code.as_str()).or_insert(0) += 1;
    }
    counts
}
