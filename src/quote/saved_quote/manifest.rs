//! `manifest.json`, read back.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::quote::saved_quote::terms::Rows;

/// What a written quote was made from.
#[derive(Debug, Clone, Deserialize)]
pub struct Manifest {
    /// The program that wrote it.
    pub program: Program,
    /// The number of the contract.
    pub number: String,
    /// What became of it: `issued`, `preliminary` or `refused`.
    pub status: String,
    /// The contract file.
    pub contract: Input,
    /// The rosters.
    pub rosters: Vec<RosterInput>,
    /// The edition of the tariff.
    pub tariff: TariffInput,
    /// What was asked for.
    pub options: OptionsUsed,
    /// What was counted.
    pub counts: Counts,
    /// Every file of the folder but the manifest, by name.
    pub files: BTreeMap<String, WrittenFile>,
}

/// A program and its version.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Program {
    /// The name.
    pub name: String,
    /// The version.
    pub version: String,
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Input {
    /// The name without its folder.
    pub file: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

/// A roster that was read, sheet by sheet.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct RosterInput {
    /// The name without its folder.
    pub file: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// How its sheets were understood.
    pub sheets: Vec<SheetInput>,
}

/// How a sheet of a roster was understood.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SheetInput {
    /// The name; empty in a file without sheets.
    pub sheet: String,
    /// The row of the headings.
    pub header_row: u32,
    /// Which heading became which field.
    pub columns: BTreeMap<String, String>,
    /// How many rows hold no insured.
    pub skipped_rows: usize,
}

/// The edition of the tariff that was priced by.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct TariffInput {
    /// The file.
    pub file: String,
    /// Its short name.
    pub edition: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

/// The options that change a result.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct OptionsUsed {
    /// Whether the clean rows alone were to be priced.
    pub preliminary: bool,
    /// The language of messages in the files: `ru`, `en`.
    pub language: String,
    /// The files of lines.
    pub formats: Vec<String>,
}

/// What was counted.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Counts {
    /// What became of the rows.
    pub rows: Rows,
    /// The insured that were priced.
    pub headcount: usize,
    /// Their lines.
    pub lines: usize,
    /// How many diagnostics there are of each code.
    pub diagnostics: BTreeMap<String, usize>,
}

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct WrittenFile {
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// Their number.
    pub bytes: u64,
}
