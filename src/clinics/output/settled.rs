//! A settled register: back to the clinic as its own table with verdict, reason and payers beside each row, and as files.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rust_xlsxwriter::{DocProperties, XlsxError};
use serde::Serialize;

use crate::base::error::Error;
use crate::base::messages::{Language, Message};
use crate::base::money::Kopecks;
use crate::clinics::adjudicate::Settlement;
use crate::clinics::letter::shown_number;
use crate::clinics::output::sheet::{Table, Value, add};
use crate::clinics::register::Register;
use crate::clinics::verdict::{Judged, Shares, Verdict};
use crate::output::annotated_sheet::{Copier, Highlight, MarginCell, MarginColumn, Marks, Styles as MarkedStyles};
use crate::output::folder::Folder;
use crate::output::xlsx::{WorkbookError, begun, made};
use crate::quote::documents::workbook::style::Styles;
use crate::quote::files::annotated_roster;
use crate::quote::files::csv;
use crate::quote::files::manifest;

/// The workbook that goes back to the clinic.
pub const NAME: &str = "settled.xlsx";

#[derive(Serialize)]
struct About<'a> {
    settled: &'static str,
    clinic: &'a str,
    register: Input<'a>,
    clinics_sha256: &'a str,
    rows: usize,
    total: String,
}

#[derive(Serialize)]
struct Input<'a> {
    file: &'a str,
    sha256: &'a str,
}

#[derive(Serialize)]
struct Sum {
    rows: usize,
    amount: String,
    #[serde(flatten)]
    payers: BTreeMap<&'static str, String>,
}

#[derive(Serialize)]
struct Settled<'a> {
    clinic: &'a str,
    rows: usize,
    total: String,
    payers: BTreeMap<&'static str, String>,
    verdicts: BTreeMap<&'static str, Sum>,
}

/// Writes everything of a settlement to a folder that is ready to be published: `settled.xlsx`, `settled.csv` (one row each,
/// in the register's order), `totals.csv`, `settled.json`, `diagnostics.csv`, `manifest.json`.
///
/// # Errors
///
/// [`Error::Io`] where the system refuses, [`Error::Workbook`] where the library gives up.
pub fn write(
    settlement: &Settlement<'_>,
    register: &Register,
    clinics_sha256: &str,
    folder: &Folder,
    language: Language,
) -> Result<(), Error> {
    made(folder, NAME, |file| book(settlement, register, language, file))?;
    rows(settlement, register, folder, language)?;
    totals(settlement, folder)?;
    folder.write("settled.json", |file| crate::quote::files::json::write(&json(settlement), file))?;
    csv::diagnostics(&register.roster, folder, language)?;
    let of = register.roster.files.first();
    let about = About {
        settled: "register",
        clinic: &settlement.clinic.code,
        register: Input { file: of.map_or("", |file| &file.name), sha256: of.map_or("", |file| &file.sha256) },
        clinics_sha256,
        rows: settlement.rows.len(),
        total: settlement.total().to_string(),
    };
    manifest::seal(folder, &about)
}

/// Writes what is wrong with a table that is refused: `diagnostics.csv`, the table back with its mistakes marked, and
/// `manifest.json`.
///
/// # Errors
///
/// As [`write`].
pub fn write_refused(register: &Register, folder: &Folder, language: Language) -> Result<(), Error> {
    #[derive(Serialize)]
    struct Refused<'a> {
        status: &'static str,
        files: Vec<Input<'a>>,
    }
    #[derive(Serialize)]
    struct Inputs<'a> {
        inputs: Refused<'a>,
    }
    csv::diagnostics(&register.roster, folder, language)?;
    annotated_roster::write(&register.roster, folder, language)?;
    let files = register.roster.files.iter().map(|file| Input { file: &file.name, sha256: &file.sha256 });
    manifest::seal(folder, &Inputs { inputs: Refused { status: "refused", files: files.collect() } })
}

fn payers(shares: Shares) -> BTreeMap<&'static str, String> {
    shares.parts().into_iter().map(|(name, _, amount)| (name, amount.to_string())).collect()
}

fn json<'s>(settlement: &'s Settlement<'s>) -> Settled<'s> {
    let verdicts = settlement.totals.iter().filter(|total| total.rows > 0).map(|total| {
        let sum = Sum { rows: total.rows, amount: total.shares.total().to_string(), payers: payers(total.shares) };
        (total.verdict.as_str(), sum)
    });
    Settled {
        clinic: &settlement.clinic.code,
        rows: settlement.rows.len(),
        total: settlement.total().to_string(),
        payers: payers(settlement.shares()),
        verdicts: verdicts.collect(),
    }
}

fn rows(settlement: &Settlement<'_>, register: &Register, folder: &Folder, language: Language) -> Result<(), Error> {
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
    crate::clinics::output::csv(
        folder,
        "settled.csv",
        COLUMNS,
        settlement.rows.iter().map(|settled| {
            let row = settled.row;
            let service = settled.service.map(|at| settlement.clinic.services[at].code.as_str());
            let written = if row.service_code.is_empty() { &row.service } else { &row.service_code };
            let [advance, insurer, patient, discount, disputed, uncleared] =
                settled.judged.shares.parts().map(|(_, _, amount)| Cow::Owned(amount.to_string()));
            [
                register.sheet(row).into(),
                row.row.to_string().into(),
                row.asked.policy.as_str().into(),
                row.asked.name.as_str().into(),
                row.asked.birth_date.map(|day| day.to_string()).unwrap_or_default().into(),
                row.day.map(|day| day.to_string()).unwrap_or_default().into(),
                service.unwrap_or(written).into(),
                row.quantity.to_string().into(),
                row.amount.to_string().into(),
                settled.judged.verdict.as_str().into(),
                advance,
                insurer,
                patient,
                discount,
                disputed,
                uncleared,
                settled.judged.letter.map(shown_number).unwrap_or_default().into(),
                language.say(&settled.judged.reason).into(),
            ]
        }),
    )
}

fn totals(settlement: &Settlement<'_>, folder: &Folder) -> Result<(), Error> {
    const COLUMNS: [&str; 9] =
        ["verdict", "rows", "amount", "advance", "insurer", "patient", "discount", "disputed", "uncleared"];
    let row = |verdict: &'static str, rows: usize, shares: Shares| {
        let [advance, insurer, patient, discount, disputed, uncleared] =
            shares.parts().map(|(_, _, amount)| Cow::Owned(amount.to_string()));
        let amount = Cow::Owned(shares.total().to_string());
        [verdict.into(), rows.to_string().into(), amount, advance, insurer, patient, discount, disputed, uncleared]
    };
    let verdicts = settlement.totals.iter().map(|total| row(total.verdict.as_str(), total.rows, total.shares));
    let all = row("total", settlement.rows.len(), settlement.shares());
    crate::clinics::output::csv(folder, "totals.csv", COLUMNS, verdicts.chain([all]))
}

fn book(
    settlement: &Settlement<'_>,
    register: &Register,
    language: Language,
    file: &mut (impl std::io::Write + Send),
) -> Result<(), WorkbookError> {
    let mut book = begun(DocProperties::new())?;
    let words = |name| language.say(&Message::new(name));
    summary(settlement, register, language, &mut book)?;
    let styles = MarkedStyles::new();
    let mut copier = Copier::new(&mut book, &register.roster, &words("settled-sheet"), &styles);
    for (place, sheet) in register.roster.sheets.iter().enumerate().filter(|(_, sheet)| sheet.layout.is_some()) {
        copier.copy(sheet, &marks(settlement, place, language))?;
    }
    Ok(book.save_to_writer(file)?)
}

fn summary(
    settlement: &Settlement<'_>,
    register: &Register,
    language: Language,
    book: &mut rust_xlsxwriter::Workbook,
) -> Result<(), XlsxError> {
    const COLUMNS: [(&str, u32); 9] = [
        ("settled-verdict", 32),
        ("settled-rows", 10),
        ("settled-amount", 18),
        ("payer-advance", 18),
        ("payer-insurer", 18),
        ("payer-patient", 18),
        ("payer-discount", 18),
        ("payer-disputed", 18),
        ("payer-uncleared", 18),
    ];
    let file = register.roster.files.first().map_or("", |file| file.name.as_str());
    let about = Message::new("settled-about").with("clinic", settlement.clinic.name.as_str()).with("file", file);
    let table = Table {
        name: language.say(&Message::new("settled-sheet")),
        title: language.say(&Message::new("settled-title")),
        about: language.say(&about),
        columns: &COLUMNS,
        summed: true,
    };
    let row = |words: String, rows: usize, shares: Shares| {
        let [advance, insurer, patient, discount, disputed, uncleared] =
            shares.parts().map(|(_, _, part)| Value::Amount(part));
        let total = Value::Amount(shares.total());
        [Value::Words(words), Value::Count(rows), total, advance, insurer, patient, discount, disputed, uncleared]
    };
    let occurring = settlement.totals.iter().filter(|total| total.rows > 0);
    let mut rows: Vec<_> =
        occurring.map(|total| row(language.say(&total.verdict.words()), total.rows, total.shares)).collect();
    rows.push(row(language.say(&Message::new("settled-total")), settlement.rows.len(), settlement.shares()));
    add(book, &Styles::new(language), language, &table, rows.into_iter())
}

/// What stands beside the rows of one sheet.
fn marks(settlement: &Settlement<'_>, sheet: usize, language: Language) -> Marks {
    let words = |name| language.say(&Message::new(name));
    let mut columns = vec![
        MarginColumn { heading: words("settled-verdict"), width: 26 },
        MarginColumn { heading: words("settled-reason"), width: 70 },
    ];
    columns.extend(Shares::default().parts().map(|(_, name, _)| MarginColumn { heading: words(name), width: 15 }));
    let rows = settlement.rows.iter().filter(|settled| usize::from(settled.row.sheet) == sheet);
    Marks {
        cells: BTreeMap::new(),
        columns,
        beside: rows.map(|settled| (settled.row.row, beside(&settled.judged, language))).collect(),
    }
}

fn beside(judged: &Judged, language: Language) -> Vec<MarginCell> {
    let verdict = MarginCell::Toned(language.say(&judged.verdict.words()), tone(judged.verdict));
    let amount = |(_, _, amount): (&str, &str, Kopecks)| {
        if amount == Kopecks::ZERO { MarginCell::Blank } else { MarginCell::Amount(amount) }
    };
    let amounts = judged.shares.parts().map(amount);
    [verdict, MarginCell::Text(language.say(&judged.reason))].into_iter().chain(amounts).collect()
}

/// Green is paid as it should be, red is what the clinic has to look into.
const fn tone(verdict: Verdict) -> Highlight {
    match verdict {
        Verdict::Advance | Verdict::Letter | Verdict::OutsideProgramme | Verdict::Loyalty => Highlight::Good,
        Verdict::NeedsAgreement | Verdict::LetterExpired | Verdict::CallDispatcher | Verdict::Price => {
            Highlight::Doubtful
        }
        Verdict::NotInForce | Verdict::Unknown | Verdict::Duplicate => Highlight::Bad,
    }
}
