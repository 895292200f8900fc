//! `groups.csv` and `diagnostics.csv`.

use std::io;

use rayon::prelude::*;

use crate::base::diagnostic::{Diagnostic, column_letters};
use crate::base::error::Error;
use crate::base::messages::Language;
use crate::base::parallel::collect_in_order;
use crate::output::csv::{header, rows, text};
use crate::output::csv_injection::defused;
use crate::output::folder::Folder;
use crate::quote::{Price, Quote};
use crate::table::tables::Tables;

/// The name of the file of groups.
const GROUPS: &str = "groups.csv";
/// The name of the file of diagnostics.
const DIAGNOSTICS: &str = "diagnostics.csv";

/// Writes `groups.csv`: one row for each plan, programme, age band and risk group that has insured.
pub fn write_groups(quote: &Quote<'_>, price: &Price<'_>, folder: &Folder) -> Result<(), Error> {
    let Quote { contract, tariff, .. } = quote;
    folder.write(GROUPS, |file| {
        let mut rows = rows();
        rows.write_record(["plan", "programme", "age_band", "risk_group", "insured", "sum_insured", "premium"])?;
        for group in &price.totals.groups {
            rows.write_record([
                defused(&contract.terms.plans[group.plan].code).as_ref(),
                &tariff.programmes[group.programme].code,
                &tariff.age_band_name(group.age_band),
                &tariff.risk.value[group.risk].group.to_string(),
                &group.insured.to_string(),
                &group.sum_insured.to_string(),
                &group.premium.to_string(),
            ])?;
        }
        file.write_all(&text(rows)?)
    })
}

/// Writes `diagnostics.csv`: one row for each diagnostic, in roster order; the header alone where there is none.
pub fn write_diagnostics(tables: &Tables, folder: &Folder, language: Language) -> Result<(), Error> {
    const DIAGNOSTICS_PER_TASK: usize = 1024;
    const TASKS_AT_ONCE: usize = 16;
    folder.write(DIAGNOSTICS, |file| {
        file.write_all(&header(["severity", "code", "file", "sheet", "row", "column", "value", "message"])?)?;
        for found in tables.diagnostics.chunks(DIAGNOSTICS_PER_TASK * TASKS_AT_ONCE) {
            let tasks = found.par_chunks(DIAGNOSTICS_PER_TASK);
            let texts = collect_in_order(tasks.map(|found| diagnostic_rows(tables, found, language)));
            texts?.iter().try_for_each(|text| file.write_all(text))?;
        }
        Ok(())
    })
}

fn diagnostic_rows(tables: &Tables, found: &[Diagnostic], language: Language) -> io::Result<Vec<u8>> {
    let mut rows = rows();
    for found in found {
        let sheet = &tables.sheets[usize::from(found.place.sheet)];
        let row = if found.place.row == 0 { String::new() } else { found.place.row.to_string() };
        rows.write_record([
            found.code.severity().as_str(),
            found.code.as_str(),
            &defused(&sheet.file),
            &defused(&sheet.name),
            &row,
            &found.place.column.map(column_letters).unwrap_or_default(),
            &defused(&found.value),
            &language.render(&found.message),
        ])?;
    }
    text(rows)
}
