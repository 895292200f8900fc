//! Writes `manifest.json` of a quote.

use std::collections::BTreeMap;
use std::path::Path;

use crate::base::digest::sha256;
use crate::base::error::Error;
use crate::base::rule::Rule;
use crate::output::folder::Folder;
use crate::output::manifest::{Input, MANIFEST, Program};
use crate::pricing::choice::{HeadcountChoice, NOT_APPLIED, RiskChoice};
use crate::pricing::trace::Factor;
use crate::quote::Quote;
use crate::quote::files::request::FilesRequest;
use crate::quote::manifest::{Counts, Decision, Manifest, OptionsUsed, Override, RosterInput, SheetInput, TariffInput};
use crate::roster::Roster;
use crate::table::tables::{Sheet, TableFile};

/// Writes the manifest of all files that the folder has so far.
pub fn write(quote: &Quote<'_>, folder: &Folder, request: &FilesRequest) -> Result<(), Error> {
    let (contract, tariff) = (&quote.contract.source, &quote.tariff.source);
    let manifest = Manifest {
        program: Program::this(),
        number: quote.contract.number.clone(),
        status: quote.status,
        contract: Input { file: file_name(&contract.path), sha256: sha256(contract.text.as_bytes()) },
        option: quote.contract.option.clone(),
        rosters: rosters(&quote.roster),
        tariff: TariffInput {
            file: file_name(&tariff.path),
            edition: quote.tariff.edition.code.clone(),
            sha256: quote.tariff.sha256.clone(),
        },
        overrides: overrides(quote),
        options: OptionsUsed {
            preliminary: request.preliminary,
            language: request.language.as_str().to_owned(),
            formats: request.formats.iter().map(|format| format.as_str().to_owned()).collect(),
        },
        counts: Counts {
            rows: quote.rows,
            headcount: quote.price.as_ref().map_or(0, |price| price.headcount as usize),
            lines: quote.price.as_ref().map_or(0, |price| price.lines.count),
            diagnostics: diagnostic_counts(&quote.roster),
        },
        files: folder.files(),
        documents: BTreeMap::new(),
    };
    folder.write_json(MANIFEST, &manifest)
}

/// The coefficients that the contract leaves out (`I72`), and those that underwriters chose (`I73`).
fn overrides(quote: &Quote<'_>) -> Vec<Override> {
    let (choices, tariff) = (&quote.contract.terms.choices, quote.tariff);
    let left_out = |factor: Factor, risk_group, clause: &str| Override {
        factor: factor.as_str().to_owned(),
        risk_group,
        value: NOT_APPLIED.to_owned(),
        clause: clause.to_owned(),
        rule: Rule::I72.to_string(),
        decision: None,
    };
    let headcount = choices.headcount.filter(|choice| *choice == HeadcountChoice::NotApplied);
    let headcount = headcount.map(|_| left_out(Factor::Headcount, None, &tariff.headcount.clause));
    let groups = choices.risk.iter().filter(|(_, choice)| *choice == RiskChoice::NotApplied);
    let groups = groups.map(|(group, _)| left_out(Factor::Risk(*group), Some(*group), &tariff.risk.clause));
    let accepted = quote.accepted_insured().map(|accepted| Override {
        factor: Factor::Age.as_str().to_owned(),
        risk_group: None,
        value: accepted.entry.coefficient.to_string(),
        clause: tariff.age.clause.clone(),
        rule: Rule::I73.to_string(),
        decision: Some(Decision {
            file: accepted.sheet.file.clone(),
            sheet: accepted.sheet.name.clone(),
            row: accepted.row,
            decided_by: accepted.entry.decided_by.clone(),
            reason: accepted.entry.reason.clone(),
        }),
    });
    headcount.into_iter().chain(groups).chain(accepted).collect()
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn rosters(roster: &Roster) -> Vec<RosterInput> {
    let input = |file: &TableFile| {
        let sheets = roster.tables.sheets.iter().filter(|sheet| sheet.file == file.name);
        RosterInput {
            file: file.name.clone(),
            sha256: file.sha256.clone(),
            sheets: sheets.filter_map(sheet_input).collect(),
        }
    };
    roster.tables.files.iter().map(input).collect()
}

/// A sheet with a table.
fn sheet_input(sheet: &Sheet) -> Option<SheetInput> {
    let layout = sheet.layout.as_ref()?;
    let columns = layout.columns().map(|(field, column)| (field.name.to_owned(), layout.headings[column].clone()));
    Some(SheetInput {
        sheet: sheet.name.clone(),
        header_row: layout.header_row,
        columns: columns.collect(),
        skipped_rows: sheet.skipped.len(),
    })
}

/// The number of diagnostics of each code that occurs.
fn diagnostic_counts(roster: &Roster) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for found in &roster.tables.diagnostics {
        *counts.entry(found.code.as_str().to_owned()).or_insert(0) += 1;
    }
    counts
}
