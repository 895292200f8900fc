//! The act of a month: a workbook, a PDF document for the signatures, and the claims as CSV.

use std::borrow::Cow;

use rust_xlsxwriter::{DocProperties, XlsxError};
use serde::Serialize;
use serde_json::json;

use crate::base::calendar::format_day;
use crate::base::error::Error;
use crate::base::messages::{Language, Message};
use crate::base::money::Kopecks;
use crate::clinics::act::Act;
use crate::clinics::claim::Shares;
use crate::clinics::ledger::{BookedClaim, BookedRegister};
use crate::clinics::letter::letter_number;
use crate::clinics::output::{verdict_totals, write_csv};
use crate::output::folder::Folder;
use crate::output::pdf;
use crate::output::pdf::{Template, day, printable};
use crate::output::value::Value;
use crate::output::xlsx::style::Styles;
use crate::output::xlsx::table_sheet::Table;
use crate::output::xlsx::{BookWriter, new_workbook, write_workbook};
use crate::quote::insurer::paper_template;

/// The document for the signatures.
pub const DOCUMENT: &str = "act.pdf";
/// The workbook.
pub const WORKBOOK: &str = "act.xlsx";

/// The columns of the sheet of claims: heading and width.
const CLAIM_COLUMNS: [(&str, u32); 11] = [
    ("act-register", 16),
    ("heading-row", 8),
    ("act-day", 14),
    ("heading-service", 14),
    ("settled-verdict", 32),
    ("settled-amount", 16),
    ("payer-advance", 16),
    ("payer-insurer", 16),
    ("payer-patient", 16),
    ("payer-discount", 16),
    ("act-open", 16),
];

/// The data of the template, as `act.json`; its keys do not change between versions.
#[derive(Debug, Serialize)]
struct ActData {
    language: &'static str,
    clinic: String,
    address: String,
    first_day: String,
    last_day: String,
    registers: Vec<String>,
    verdicts: Vec<VerdictData>,
    rows: usize,
    total: String,
    accepted: String,
    disputed: String,
    payers: Vec<PayerData>,
    advance_before: String,
    advance_paid: String,
    advance_used: String,
    advance_after: String,
}

#[derive(Debug, Serialize)]
struct VerdictData {
    name: String,
    rows: usize,
    amount: String,
    insurer: String,
    patient: String,
    open: String,
}

#[derive(Debug, Serialize)]
struct PayerData {
    name: String,
    amount: String,
}

/// The built-in template of the act, in Russian and English.
#[must_use]
pub fn template() -> Template {
    paper_template("act.typ", include_str!("act/act.typ"))
}

/// Writes `act.xlsx`, `act.pdf`, `act.csv` (one row a claim, in the order of the days) and `manifest.json` to a staged folder.
///
/// # Errors
///
/// [`Error::Io`] or [`Error::Workbook`] if writing fails, [`Error::Refused`] with every fault of the template.
pub fn write(
    act: &Act<'_>,
    clinics_sha256: &str,
    template: &Template,
    folder: &Folder,
    language: Language,
) -> Result<(), Error> {
    write_workbook(folder, WORKBOOK, |file| fill_workbook(act, language, file))?;
    let data = ActData::new(act, language);
    let identity = format!("{} {}", act.clinic.code, act.month.first());
    let document = pdf::render(template, &pdf::Data::new("act.json", &data, &identity))?;
    folder.write(DOCUMENT, |file| file.write_all(&document))?;
    write_claims(act, folder)?;
    folder.seal(&json!({
        "act": act.month.first().strftime("%Y-%m").to_string(),
        "clinic": act.clinic.code,
        "clinics_sha256": clinics_sha256,
        "registers": registers(act).iter().map(|register| &register.fingerprint).collect::<Vec<_>>(),
        "rows": act.claims.len(),
        "total": act.shares().total().to_string(),
        "accepted": act.accepted().to_string(),
        "advance_after": act.advances.after().to_string(),
        "template_sha256": template.own_sha256(),
    }))
}

/// The registers of the act in the order in which they were booked.
fn registers<'a>(act: &Act<'a>) -> Vec<&'a BookedRegister> {
    let mut registers: Vec<&BookedRegister> = act.claims.iter().map(|claim| &*claim.register).collect();
    registers.sort_by_key(|register| register.id);
    registers.dedup_by_key(|register| register.id);
    registers
}

/// The number of a register, or its file.
fn register_name(register: &BookedRegister) -> &str {
    if register.number.is_empty() { &register.file_name } else { &register.number }
}

impl ActData {
    fn new(act: &Act<'_>, language: Language) -> Self {
        let amount = |amount: Kopecks| language.amount(amount);
        let words = |message: &Message| printable(&language.render(message));
        let shares = act.shares();
        let open = |shares: Shares| shares.disputed + shares.uncleared;
        let verdicts = act.totals.iter().map(|(verdict, rows, shares)| VerdictData {
            name: words(&verdict.message()),
            rows: *rows,
            amount: amount(shares.total()),
            insurer: amount(shares.insurer),
            patient: amount(shares.patient),
            open: amount(open(*shares)),
        });
        let payers = shares.by_payer().into_iter().filter(|(_, _, part)| *part != Kopecks::ZERO);
        Self {
            language: language.as_str(),
            clinic: printable(&act.clinic.name),
            address: printable(act.clinic.address.as_deref().unwrap_or_default()),
            first_day: day(act.month.first(), language),
            last_day: day(act.month.last(), language),
            registers: registers(act).into_iter().map(|register| printable(register_name(register))).collect(),
            verdicts: verdicts.collect(),
            rows: act.claims.len(),
            total: amount(shares.total()),
            accepted: amount(act.accepted()),
            disputed: amount(open(shares)),
            payers: payers
                .map(|(_, name, part)| PayerData { name: words(&Message::new(name)), amount: amount(part) })
                .collect(),
            advance_before: amount(act.advances.before),
            advance_paid: amount(act.advances.paid),
            advance_used: amount(act.advances.used),
            advance_after: amount(act.advances.after()),
        }
    }
}

fn write_claims(act: &Act<'_>, folder: &Folder) -> Result<(), Error> {
    const COLUMNS: [&str; 15] = [
        "register",
        "file",
        "sheet",
        "row",
        "day",
        "service",
        "amount",
        "verdict",
        "advance",
        "insurer",
        "patient",
        "discount",
        "disputed",
        "uncleared",
        "letter",
    ];
    let row = |claim: &&BookedClaim| {
        let [advance, insurer, patient, discount, disputed, uncleared] =
            claim.shares.by_payer().map(|(_, _, amount)| Cow::Owned(amount.to_string()));
        [
            Cow::Owned(claim.register.number.clone()),
            claim.register.file_name.clone().into(),
            claim.sheet.to_string().into(),
            claim.row.to_string().into(),
            claim.day.map(|day| day.to_string()).unwrap_or_default().into(),
            claim.service_code.to_string().into(),
            claim.amount.to_string().into(),
            claim.verdict.as_str().into(),
            advance,
            insurer,
            patient,
            discount,
            disputed,
            uncleared,
            claim.letter.map(letter_number).unwrap_or_default().into(),
        ]
    };
    write_csv(folder, "act.csv", COLUMNS, act.claims.iter().map(row))
}

fn fill_workbook(act: &Act<'_>, language: Language, file: &mut (impl std::io::Write + Send)) -> Result<(), XlsxError> {
    let mut book = new_workbook(DocProperties::new())?;
    let styles = Styles::new(language);
    let (totals, totals_rows) = totals(act, language);
    let (advances, advances_rows) = advances(act, language);
    let claims = claims(act, language);
    let totals_sheet = totals.reserve(&mut book, &styles, language)?;
    let advances_sheet = advances.reserve(&mut book, &styles, language)?;
    let claims_sheet = claims.reserve(&mut book, &styles, language)?;
    let mut book = BookWriter::new(book, [&totals_sheet, &advances_sheet, &claims_sheet], file)?;
    totals.write_rows(&totals_sheet, totals_rows, &mut book)?;
    advances.write_rows(&advances_sheet, advances_rows, &mut book)?;
    claims.write_rows(&claims_sheet, act.claims.iter().map(|claim| claim_row(claim, language)), &mut book)?;
    book.finish()
}

/// The line under a title: clinic and month.
fn about(act: &Act<'_>, language: Language) -> String {
    let about = Message::new("act-about").with("clinic", act.clinic.name.as_str());
    let about = about.with("first", format_day(act.month.first())).with("last", format_day(act.month.last()));
    language.render(&about)
}

/// The table of the totals by verdict and payer.
fn totals(act: &Act<'_>, language: Language) -> (Table<'static>, Vec<[Value<'static>; 9]>) {
    const COLUMNS: [(&str, u32); 9] = verdict_totals::columns(40);
    let words = |name| language.render(&Message::new(name));
    let totals = act
        .totals
        .iter()
        .map(|(verdict, rows, shares)| verdict_totals::row(language.render(&verdict.message()), *rows, *shares));
    let rows: Vec<_> =
        totals.chain([verdict_totals::row(words("settled-total"), act.claims.len(), act.shares())]).collect();
    let table = Table {
        name: words("act-sheet"),
        title: words("act-title"),
        subtitle: about(act, language),
        columns: &COLUMNS,
        rows: rows.len(),
        summed: true,
    };
    (table, rows)
}

/// The table with the balance of the advances.
fn advances(act: &Act<'_>, language: Language) -> (Table<'static>, [[Value<'static>; 2]; 4]) {
    let words = |name| language.render(&Message::new(name));
    let advances = act.advances;
    let rows = [
        ("act-advance-before", advances.before),
        ("act-advance-paid", advances.paid),
        ("act-advance-used", advances.used),
        ("act-advance-after", advances.after()),
    ];
    let rows = rows.map(|(name, amount)| [Value::Words(words(name)), Value::Amount(amount)]);
    let table = Table {
        name: words("act-advances-sheet"),
        title: words("act-advances-title"),
        subtitle: about(act, language),
        columns: &[("act-advance", 48), ("settled-amount", 20)],
        rows: rows.len(),
        summed: true,
    };
    (table, rows)
}

/// The table of the claims, without its rows.
fn claims(act: &Act<'_>, language: Language) -> Table<'static> {
    let words = |name| language.render(&Message::new(name));
    Table {
        name: words("act-claims-sheet"),
        title: words("act-claims-title"),
        subtitle: about(act, language),
        columns: &CLAIM_COLUMNS,
        rows: act.claims.len(),
        summed: false,
    }
}

fn claim_row(claim: &BookedClaim, language: Language) -> [Value<'_>; 11] {
    let shares = claim.shares;
    [
        Value::Text(register_name(&claim.register)),
        Value::Count(claim.row as usize),
        claim.day.map_or(Value::Text(""), Value::Day),
        Value::Text(&claim.service_code),
        Value::Words(language.render(&claim.verdict.message())),
        Value::Amount(claim.amount),
        Value::Amount(shares.advance),
        Value::Amount(shares.insurer),
        Value::Amount(shares.patient),
        Value::Amount(shares.discount),
        Value::Amount(shares.disputed + shares.uncleared),
    ]
}
