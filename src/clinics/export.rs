//! The export of the ledger: the claims of the registers in effect as one table, beside the tables of the book.
//!
//! `sum(insurer)` over `claims.parquet` is what the insurer has paid by letters. Contract and person are those of `insured.parquet` in the
//! export of the portfolio. No name, birth date or policy number is exported.

use std::path::Path;
use std::sync::Arc;

use jiff::civil::Date;
use rust_xlsxwriter::XlsxError;
use serde_json::json;

use crate::base::calendar::days_since_1970;
use crate::base::error::Error;
use crate::clinics::claim::Shares;
use crate::clinics::ledger::rows::ClaimRows;
use crate::clinics::ledger::{BookedRegister, Ledger};
use crate::output::folder::Folder;
use crate::output::parquet::io_error::write_error;
use crate::output::xlsx;
use crate::portfolio::Portfolio;
use crate::portfolio::export::table::{Table, table};
use crate::portfolio::export::writer::{Sheets, TableFile};

/// The version of the table: a change that a reader of the file could notice makes a new one.
const VERSION: u32 = 1;
/// The name of the workbook.
const WORKBOOK: &str = "claims.xlsx";

table! {
    /// A claim of a register in effect.
    Claims "claims" {
        /// Code of the clinic.
        clinic: String,
        /// Number of the register; null if it has none.
        register: Option<String>,
        /// First day of the period of the register; null if no row has a day.
        period_start: Option<i32>,
        /// Last day of that period.
        period_end: Option<i32>,
        /// Name of the register's file.
        file: String,
        /// Sheet of the row; null in a text file.
        sheet: Option<String>,
        /// Row in the register.
        row: u32,
        /// Number of the contract; null if the patient is not one of the insured.
        number: Option<String>,
        /// The insured in that contract.
        person: Option<u32>,
        /// Day of the service; null if it could not be read.
        day: Option<i32>,
        /// Code of the service in the price list, or as written.
        service: String,
        /// How many times.
        quantity: u32,
        /// Price; it and its parts are below zero where the row takes another one back.
        amount: i64,
        /// Verdict (I42).
        verdict: String,
        /// Part that is paid in advance.
        advance: i64,
        /// Part of the insurer.
        insurer: i64,
        /// Part of the patient.
        patient: i64,
        /// Part that the clinic gives as a discount.
        discount: i64,
        /// Part that is disputed.
        disputed: i64,
        /// Part that is not cleared.
        uncleared: i64,
        /// Number of the letter that pays; null if none does.
        letter: Option<u32>,
        /// Programme whose cover pays, or has the service that is paid in advance; null if none does.
        programme: Option<String>,
    }
}

/// What was exported.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Exported {
    /// Registers.
    pub registers: usize,
    /// Claims.
    pub claims: usize,
    /// Their amounts by payer.
    pub shares: Shares,
    /// Whether the claims fit into a workbook.
    pub has_workbook: bool,
}

/// Exports the claims of the registers in effect, in the order in which these were booked, and row by row.
///
/// # Errors
///
/// As [`Ledger::read`]; [`Error::Io`], [`Error::Parquet`], [`Error::Workbook`] where the result cannot be written.
pub fn export(portfolio: &Portfolio, out: &Path) -> Result<Exported, Error> {
    let folder = Folder::stage(out)?;
    let refused = |fault: XlsxError| xlsx::write_error(&folder, WORKBOOK, fault.into());
    let mut sheets = Sheets::new().map_err(refused)?;
    let mut exported = write_claims(portfolio, &folder, &mut sheets, i64::MAX, None)?;
    exported.has_workbook = sheets.finish(&folder, WORKBOOK)?;
    folder.write_json("schema.json", &json!({ "version": VERSION, "tables": [Claims::schema()] }))?;
    folder.seal(&json!({
        "version": VERSION,
        "registers": exported.registers,
        "claims": exported.claims,
        "total": exported.shares.total().to_string(),
    }))?;
    folder.publish()?;
    Ok(exported)
}

/// Writes the table and the sheet of the claims as they were known before a run into an unpublished result: of all days, or until a day. A
/// claim without a readable day is of the last day of its register.
///
/// # Errors
///
/// As [`export`].
pub fn write_claims(
    portfolio: &Portfolio,
    folder: &Folder,
    sheets: &mut Sheets,
    before: i64,
    until: Option<Date>,
) -> Result<Exported, Error> {
    let refused = |fault: XlsxError| xlsx::write_error(folder, WORKBOOK, fault.into());
    let sheet = sheets.add::<Claims>().map_err(refused)?;
    let mut file = TableFile::create::<Claims>(folder)?;
    let mut exported = Exported::default();
    let until = until.map(days_since_1970);
    exported.registers = Ledger::for_each_group(portfolio, before, |register, rows| {
        let last = register.period.map(|period| days_since_1970(period.last()));
        let is_due = |at: &usize| until.is_none_or(|until| rows.day[*at].or(last).is_some_and(|day| day <= until));
        let chosen: Vec<usize> = (0..rows.len()).filter(is_due).collect();
        let claims = claims(register, rows, &chosen);
        exported.claims += chosen.len();
        for at in &chosen {
            exported.shares += rows.shares(*at);
        }
        let frame = claims.frame().map_err(|fault| write_error(folder.staging_path(), &fault))?;
        file.write(&frame)?;
        sheets.write(sheet, &frame).map_err(refused)
    })?;
    file.finish()?;
    Ok(exported)
}

/// Some rows of a register in the form of the export.
fn claims(register: &BookedRegister, rows: &ClaimRows, chosen: &[usize]) -> Claims {
    let mut claims = Claims::default();
    let filled = |text: &Arc<str>| Some(text.to_string()).filter(|text| !text.is_empty());
    for &at in chosen {
        let number = filled(&rows.contract[at]);
        claims.clinic.push(register.clinic.clone());
        claims.register.push(Some(register.number.clone()).filter(|number| !number.is_empty()));
        claims.period_start.push(register.period.map(|period| days_since_1970(period.first())));
        claims.period_end.push(register.period.map(|period| days_since_1970(period.last())));
        claims.file.push(register.file_name.clone());
        claims.sheet.push(filled(&rows.sheet[at]));
        claims.row.push(rows.row[at]);
        claims.person.push(number.as_ref().map(|_| rows.insured[at]));
        claims.number.push(number);
        claims.day.push(rows.day[at]);
        claims.service.push(rows.service_code[at].to_string());
        claims.quantity.push(rows.quantity[at]);
        claims.amount.push(rows.amount[at]);
        claims.verdict.push(rows.verdict[at].to_string());
        claims.advance.push(rows.advance[at]);
        claims.insurer.push(rows.insurer[at]);
        claims.patient.push(rows.patient[at]);
        claims.discount.push(rows.discount[at]);
        claims.disputed.push(rows.disputed[at]);
        claims.uncleared.push(rows.uncleared[at]);
        claims.letter.push(rows.letter[at]);
        claims.programme.push(filled(&rows.programme[at]));
    }
    claims
}
