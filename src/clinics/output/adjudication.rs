//! An adjudicated register: the clinic's own table with verdict, reason and payers beside each row, and the same as CSV and JSON.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rust_xlsxwriter::DocProperties;
use serde::Serialize;
use serde_json::json;

use crate::base::error::Error;
use crate::base::messages::{Language, Message};
use crate::base::money::Kopecks;
use crate::clinics::adjudicate::{Adjudication, Correction, VerdictTotal};
use crate::clinics::claim::{Shares, Verdict};
use crate::clinics::ledger::{Booking, RegisterIdentity};
use crate::clinics::letter::letter_number;
use crate::clinics::output::{verdict_totals, write_csv};
use crate::clinics::register::ClinicRegister;
use crate::clinics::verdict::Judgement;
use crate::output::annotated_sheet::style::AnnotationStyles;
use crate::output::annotated_sheet::{Copies, Highlight, MarginCell, MarginColumn, Marks};
use crate::output::folder::Folder;
use crate::output::value::Value;
use crate::output::xlsx::style::Styles;
use crate::output::xlsx::table_sheet::Table;
use crate::output::xlsx::{BookWriter, WorkbookError, new_workbook, write_workbook};
use crate::quote::files::annotated_roster;
use crate::quote::files::tables;

/// The workbook for the clinic.
pub const NAME: &str = "settled.xlsx";

#[derive(Serialize)]
struct VerdictSum {
    rows: usize,
    amount: String,
    #[serde(flatten)]
    payers: BTreeMap<&'static str, String>,
}

/// The content of `settled.json`.
#[derive(Serialize)]
struct AdjudicationJson<'a> {
    clinic: &'a str,
    rows: usize,
    total: String,
    payers: BTreeMap<&'static str, String>,
    verdicts: BTreeMap<&'static str, VerdictSum>,
}

/// The place of an adjudicated register in the ledger, for the files of its result.
#[derive(Debug, Clone, Copy)]
pub struct RegisterEntry<'e> {
    /// The clinic, the number and the period of the register.
    pub identity: &'e RegisterIdentity,
    /// Whether it is booked.
    pub booking: Booking,
    /// The totals before and after a correction.
    pub correction: Option<&'e Correction>,
    /// The SHA-256 of the file of clinics.
    pub clinics_sha256: &'e str,
    /// The SHA-256 of the list of the entitled; `None` without one.
    pub entitled_sha256: Option<&'e str>,
}

/// Writes an adjudication to a staged folder: `settled.xlsx`, `settled.csv` (one row a row of the register, in its order), `totals.csv`,
/// `settled.json`, `diagnostics.csv` and `manifest.json`.
///
/// # Errors
///
/// [`Error::Io`] if writing fails, [`Error::Workbook`] if the workbook library fails.
pub fn write(
    adjudication: &Adjudication<'_>,
    register: &ClinicRegister,
    entry: &RegisterEntry<'_>,
    folder: &Folder,
    language: Language,
) -> Result<(), Error> {
    write_workbook(folder, NAME, |file| fill_workbook(adjudication, register, language, file))?;
    write_rows(adjudication, register, folder, language)?;
    write_totals(adjudication, folder)?;
    folder.write_json("settled.json", &totals_by_verdict(adjudication))?;
    if let Some(correction) = entry.correction {
        write_correction(correction, folder)?;
    }
    tables::write_diagnostics(&register.tables, folder, language)?;
    let file = register.tables.files.first();
    folder.seal(&json!({
        "settled": "register",
        "clinic": &adjudication.clinic.code,
        "register": {
            "file": file.map_or("", |file| &file.name),
            "sha256": file.map_or("", |file| &file.sha256),
        },
        "number": &entry.identity.number,
        "period": entry.identity.period.map(|period| [period.first().to_string(), period.last().to_string()]),
        "booking": entry.booking.as_str(),
        "clinics_sha256": entry.clinics_sha256,
        "entitled_sha256": entry.entitled_sha256,
        "rows": adjudication.rows.len(),
        "total": adjudication.total().to_string(),
    }))
}

/// Writes the files of a refused table: `diagnostics.csv`, the annotated table and `manifest.json`.
///
/// # Errors
///
/// As [`write`].
pub fn write_refused(register: &ClinicRegister, folder: &Folder, language: Language) -> Result<(), Error> {
    tables::write_diagnostics(&register.tables, folder, language)?;
    annotated_roster::write(&register.tables, folder, language)?;
    let files = register.tables.files.iter().map(|file| json!({ "file": &file.name, "sha256": &file.sha256 }));
    folder.seal(&json!({ "inputs": { "status": "refused", "files": files.collect::<Vec<_>>() } }))
}

fn amounts_by_payer(shares: Shares) -> BTreeMap<&'static str, String> {
    shares.by_payer().into_iter().map(|(name, _, amount)| (name, amount.to_string())).collect()
}

fn totals_by_verdict<'s>(adjudication: &'s Adjudication<'s>) -> AdjudicationJson<'s> {
    let verdicts = adjudication.totals.iter().filter(|total| total.rows > 0).map(|total| {
        let sum = VerdictSum {
            rows: total.rows,
            amount: total.shares.total().to_string(),
            payers: amounts_by_payer(total.shares),
        };
        (total.verdict.as_str(), sum)
    });
    AdjudicationJson {
        clinic: &adjudication.clinic.code,
        rows: adjudication.rows.len(),
        total: adjudication.total().to_string(),
        payers: amounts_by_payer(adjudication.shares()),
        verdicts: verdicts.collect(),
    }
}

fn write_rows(
    adjudication: &Adjudication<'_>,
    register: &ClinicRegister,
    folder: &Folder,
    language: Language,
) -> Result<(), Error> {
    const COLUMNS: [&str; 18] = [
        "sheet",
        "row",
        "policy",
        "name",
        "birth_date",
        "day",
        "service",
        "quantity",
        "amount",
        "verdict",
        "advance",
        "insurer",
        "patient",
        "discount",
        "disputed",
        "uncleared",
        "letter",
        "reason",
    ];
    write_csv(
        folder,
        "settled.csv",
        COLUMNS,
        adjudication.rows.iter().map(|adjudicated| {
            let row = adjudicated.row;
            let service = adjudicated.service.map(|at| adjudication.clinic.services[at].code.as_str());
            let written = if row.service_code.is_empty() { &row.service } else { &row.service_code };
            let [advance, insurer, patient, discount, disputed, uncleared] =
                adjudicated.judgement.shares.by_payer().map(|(_, _, amount)| Cow::Owned(amount.to_string()));
            [
                register.sheet(row).into(),
                row.row.to_string().into(),
                row.query.policy.as_str().into(),
                row.query.name.as_str().into(),
                row.query.birth_date.map(|day| day.to_string()).unwrap_or_default().into(),
                row.day.map(|day| day.to_string()).unwrap_or_default().into(),
                service.unwrap_or(written).into(),
                row.quantity.to_string().into(),
                row.amount.map(|amount| amount.to_string()).unwrap_or_default().into(),
                adjudicated.judgement.verdict.as_str().into(),
                advance,
                insurer,
                patient,
                discount,
                disputed,
                uncleared,
                adjudicated.judgement.letter.map(letter_number).unwrap_or_default().into(),
                language.render(&adjudicated.judgement.reason).into(),
            ]
        }),
    )
}

/// Writes `corrected.csv`: the totals by verdict before and after a correction, for the verdicts that differ.
fn write_correction(correction: &Correction, folder: &Folder) -> Result<(), Error> {
    const COLUMNS: [&str; 9] = [
        "verdict",
        "rows_before",
        "rows",
        "amount_before",
        "amount",
        "insurer_before",
        "insurer",
        "patient_before",
        "patient",
    ];
    let row = |(before, after): &(VerdictTotal, VerdictTotal)| {
        let amounts = |total: &VerdictTotal| [total.shares.total(), total.shares.insurer, total.shares.patient];
        let [[amount_before, insurer_before, patient_before], [amount, insurer, patient]] =
            [amounts(before), amounts(after)].map(|amounts| amounts.map(|amount| Cow::Owned(amount.to_string())));
        [
            before.verdict.as_str().into(),
            before.rows.to_string().into(),
            after.rows.to_string().into(),
            amount_before,
            amount,
            insurer_before,
            insurer,
            patient_before,
            patient,
        ]
    };
    write_csv(folder, "corrected.csv", COLUMNS, correction.differences().map(row))
}

fn write_totals(adjudication: &Adjudication<'_>, folder: &Folder) -> Result<(), Error> {
    const COLUMNS: [&str; 9] =
        ["verdict", "rows", "amount", "advance", "insurer", "patient", "discount", "disputed", "uncleared"];
    let row = |verdict: &'static str, rows: usize, shares: Shares| {
        let [advance, insurer, patient, discount, disputed, uncleared] =
            shares.by_payer().map(|(_, _, amount)| Cow::Owned(amount.to_string()));
        let amount = Cow::Owned(shares.total().to_string());
        [verdict.into(), rows.to_string().into(), amount, advance, insurer, patient, discount, disputed, uncleared]
    };
    let verdicts = adjudication.totals.iter().map(|total| row(total.verdict.as_str(), total.rows, total.shares));
    let all = row("total", adjudication.rows.len(), adjudication.shares());
    write_csv(folder, "totals.csv", COLUMNS, verdicts.chain([all]))
}

fn fill_workbook(
    adjudication: &Adjudication<'_>,
    register: &ClinicRegister,
    language: Language,
    file: &mut (impl std::io::Write + Send),
) -> Result<(), WorkbookError> {
    let mut book = new_workbook(DocProperties::new())?;
    let (summary, sums) = summary(adjudication, register, language);
    let summary_sheet = summary.reserve(&mut book, &Styles::new(language), language)?;
    let columns = margin_columns(language);
    let styles = AnnotationStyles::new();
    let copies = Copies::reserve(&register.tables, (&mut book, &summary.name), &styles, &columns)?;
    let mut book = BookWriter::new(book, copies.long_sheets().chain([&summary_sheet]), file)?;
    summary.write_rows(&summary_sheet, sums, &mut book)?;
    copies.write(&mut book, |sheet| marks(adjudication, sheet, language))?;
    Ok(book.finish()?)
}

/// The table of verdicts, and its rows.
fn summary(
    adjudication: &Adjudication<'_>,
    register: &ClinicRegister,
    language: Language,
) -> (Table<'static>, Vec<[Value<'static>; 9]>) {
    const COLUMNS: [(&str, u32); 9] = verdict_totals::columns(32);
    let file = register.tables.files.first().map_or("", |file| file.name.as_str());
    let about = Message::new("settled-about").with("clinic", adjudication.clinic.name.as_str()).with("file", file);
    let occurring = adjudication.totals.iter().filter(|total| total.rows > 0);
    let mut rows: Vec<_> = occurring
        .map(|total| verdict_totals::row(language.render(&total.verdict.message()), total.rows, total.shares))
        .collect();
    rows.push(verdict_totals::row(
        language.render(&Message::new("settled-total")),
        adjudication.rows.len(),
        adjudication.shares(),
    ));
    let table = Table {
        name: language.render(&Message::new("settled-sheet")),
        title: language.render(&Message::new("settled-title")),
        subtitle: language.render(&about),
        columns: &COLUMNS,
        rows: rows.len(),
        summed: true,
    };
    (table, rows)
}

fn margin_columns(language: Language) -> Vec<MarginColumn> {
    let words = |name| language.render(&Message::new(name));
    let mut columns = vec![
        MarginColumn { heading: words("settled-verdict"), width: 26 },
        MarginColumn { heading: words("settled-reason"), width: 70 },
    ];
    columns.extend(Shares::default().by_payer().map(|(_, name, _)| MarginColumn { heading: words(name), width: 15 }));
    columns
}

/// The margin of one sheet.
fn marks(adjudication: &Adjudication<'_>, sheet: usize, language: Language) -> Marks {
    let rows = adjudication.rows.iter().filter(|adjudicated| usize::from(adjudicated.row.sheet) == sheet);
    Marks {
        cells: BTreeMap::new(),
        margin: rows.map(|adjudicated| (adjudicated.row.row, margin(&adjudicated.judgement, language))).collect(),
    }
}

fn margin(judgement: &Judgement, language: Language) -> Vec<MarginCell> {
    let verdict = MarginCell::Highlighted(language.render(&judgement.verdict.message()), highlight(judgement.verdict));
    let amount = |(_, _, amount): (&str, &str, Kopecks)| {
        if amount == Kopecks::ZERO { MarginCell::Blank } else { MarginCell::Amount(amount) }
    };
    let amounts = judgement.shares.by_payer().map(amount);
    [verdict, MarginCell::Text(language.render(&judgement.reason))].into_iter().chain(amounts).collect()
}

/// Green: paid as agreed; red: the clinic must check the row.
const fn highlight(verdict: Verdict) -> Highlight {
    match verdict {
        Verdict::Advance | Verdict::Letter | Verdict::OutsideProgramme | Verdict::Loyalty => Highlight::Good,
        Verdict::NeedsAgreement
        | Verdict::LetterExpired
        | Verdict::CallDispatcher
        | Verdict::Price
        | Verdict::Limit => Highlight::Doubtful,
        Verdict::NotInForce | Verdict::Unknown | Verdict::Duplicate | Verdict::NoInsuredEvent | Verdict::Unreadable => {
            Highlight::Bad
        }
    }
}
