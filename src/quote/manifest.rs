//! `manifest.json` of a quote: the declaration of what stands in it, for the writer and the reader.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::output::manifest::{DocumentEntry, FileEntry, Input, Program, ResultManifest};
use crate::quote::Status;
use crate::quote::admission::RowCounts;

/// The inputs of a quote, its counts, and the SHA-256 of its files.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Manifest {
    /// The program that wrote it.
    pub program: Program,
    /// The number of the contract.
    pub number: String,
    /// The outcome.
    pub status: Status,
    /// The contract file.
    pub contract: Input,
    /// The option of the contract that is priced, where it has options.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub option: Option<String>,
    /// The rosters.
    pub rosters: Vec<RosterInput>,
    /// The edition of the tariff.
    pub tariff: TariffInput,
    /// The coefficients that the contract does not take from the tariff's tables as they stand.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<Override>,
    /// The options.
    pub options: OptionsUsed,
    /// The counts.
    pub counts: Counts,
    /// Every file of the folder except the manifest, by name.
    pub files: BTreeMap<String, FileEntry>,
    /// The documents among them, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub documents: BTreeMap<String, DocumentEntry>,
}

impl ResultManifest for Manifest {
    fn files(&self) -> &BTreeMap<String, FileEntry> {
        &self.files
    }

    fn list(&mut self, files: BTreeMap<String, FileEntry>, documents: BTreeMap<String, DocumentEntry>) {
        self.files = files;
        self.documents = documents;
    }

    fn documents(&self) -> &BTreeMap<String, DocumentEntry> {
        &self.documents
    }
}

/// A roster that was read, sheet by sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RosterInput {
    /// The name without its folder.
    pub file: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// Its sheets that have a table.
    pub sheets: Vec<SheetInput>,
}

/// A sheet of a roster, and the meaning of its columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetInput {
    /// The name; empty in a file without sheets.
    pub sheet: String,
    /// The row of the headings.
    pub header_row: u32,
    /// The heading of each field that was found.
    pub columns: BTreeMap<String, String>,
    /// The number of rows that hold no insured.
    pub skipped_rows: usize,
}

/// The edition of the tariff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TariffInput {
    /// The file.
    pub file: String,
    /// Its short name.
    pub edition: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

/// A coefficient that the contract leaves out (`I72`), or that an underwriter chose for an insured outside of the tariff (`I73`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    /// The factor, as `kollektiv explain --json` names it: `headcount`, `risk`, `age`.
    pub factor: String,
    /// The number of the risk group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub risk_group: Option<u8>,
    /// The coefficient, or `none` where it is left out.
    pub value: String,
    /// The clause of the tariff.
    pub clause: String,
    /// The rule that allows it.
    pub rule: String,
    /// The insured and the decision, where an underwriter chose.
    #[serde(flatten, default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
}

/// An underwriter's decision about an insured (`I73`), by the place in the roster: it names no insured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The file of the roster.
    pub file: String,
    /// Its sheet; empty in a file without sheets.
    pub sheet: String,
    /// The number of the row.
    pub row: u32,
    /// Who decided.
    pub decided_by: String,
    /// Why.
    pub reason: String,
}

/// The options that change a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OptionsUsed {
    /// Whether only the clean rows were to be priced.
    pub preliminary: bool,
    /// The language of messages in the files: `ru`, `en`.
    pub language: String,
    /// The files of lines.
    pub formats: Vec<String>,
}

/// The counts of a quote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// The outcome of the rows.
    pub rows: RowCounts,
    /// The priced insured.
    pub headcount: usize,
    /// Their lines.
    pub lines: usize,
    /// The number of diagnostics of each code that occurs.
    pub diagnostics: BTreeMap<String, usize>,
}
