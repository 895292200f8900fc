//! What a repricing writes: the contracts, the lines, the impact and what it was made from.

use std::io::Write as _;

use rusqlite::{Transaction, params};
use rust_decimal::Decimal;
use serde::Serialize;

use crate::base::error::Error;
use crate::base::messages::{Language, Message};
use crate::base::money::Kopecks;
use crate::output::csv_injection::defused;
use crate::output::folder::{Folder, folder_name};
use crate::output::pdf;
use crate::portfolio::change::PriceChange;
use crate::portfolio::notice;
use crate::portfolio::notice::{Changed, Expenses, Notice};
use crate::portfolio::reprice::impact::Impact;
use crate::portfolio::reprice::{Options, Outcome};
use crate::portfolio::staging::StagingDb;
use crate::quote::files::{json, manifest};
use crate::tariff::Tariff;

/// The repriced lines.
pub const LINES: &str = "lines.parquet";

/// The contracts.
const CONTRACTS: &str = "contracts.csv";

/// The columns of `contracts.csv`.
const CONTRACT_COLUMNS: [&str; 16] = [
    "number",
    "policyholder",
    "insured",
    "lines",
    "lines_repriced",
    "written",
    "annual_before",
    "annual_after",
    "additional",
    "credit",
    "unexpired",
    "paid",
    "expenses",
    "refund_if_refused",
    "status",
    "reason",
];

#[derive(Serialize)]
struct About<'a> {
    change: Change<'a>,
    language: &'static str,
    counts: Counts,
}

/// The rows of `contracts.csv`, ready to be written in the order of their numbers.
pub const TABLE: &str = "CREATE TABLE contract_row (number TEXT PRIMARY KEY, row BLOB NOT NULL) STRICT, WITHOUT ROWID;";

#[derive(Serialize)]
struct Change<'a> {
    id: &'a str,
    sha256: String,
}

#[derive(Serialize)]
struct Counts {
    contracts: usize,
    lines_repriced: u64,
}

/// Writes everything but lines and letters, which are in the folder already.
pub fn write(
    folder: &Folder,
    draft: &StagingDb,
    impact: &Impact,
    change: &PriceChange,
    options: &Options,
) -> Result<(), Error> {
    contracts(folder, draft)?;
    folder.write("impact.json", |file| json::write(impact, file))?;
    let about = About {
        change: Change { id: &change.id, sha256: crate::base::digest::sha256(change.document.text.as_bytes()) },
        language: options.language.code(),
        counts: Counts { contracts: impact.contracts.touched, lines_repriced: impact.proof.repriced },
    };
    manifest::seal(folder, &about)
}

/// `contracts.csv`: one row for each contract that the change touches, by number; a figure that cannot be stated is empty.
fn contracts(folder: &Folder, draft: &StagingDb) -> Result<(), Error> {
    let mut file = folder.create(CONTRACTS)?;
    let refused = |fault| Error::writing(&folder.shown(CONTRACTS), fault);
    file.write_all(&record(&CONTRACT_COLUMNS)).map_err(refused)?;
    let written = draft.read(|draft| {
        let mut rows = draft.prepare("SELECT row FROM contract_row ORDER BY number")?;
        let mut rows = rows.query([])?;
        while let Some(row) = rows.next()? {
            if let Err(fault) = file.write_all(row.get_ref(0)?.as_blob()?) {
                return Ok(Err(fault));
            }
        }
        Ok(Ok(()))
    })?;
    written.map_err(refused)?;
    folder.keep(file)
}

/// Puts the contracts' rows of `contracts.csv` into the draft.
pub fn keep_rows(draft: &Transaction<'_>, outcomes: &[Outcome], language: Language) -> rusqlite::Result<()> {
    let mut add = draft.prepare_cached("INSERT INTO contract_row (number, row) VALUES (?1, ?2)")?;
    outcomes.iter().try_for_each(|outcome| {
        add.execute(params![outcome.standing.contract.number, row(outcome, language)]).map(drop)
    })
}

/// A contract's row of `contracts.csv`.
fn row(outcome: &Outcome, language: Language) -> Vec<u8> {
    let contract = &outcome.standing.contract;
    let version = outcome.standing.version();
    let (sums, refund) = (outcome.sums.as_ref(), outcome.refund.as_ref());
    let is_aside = outcome.reason.is_some();
    let shown = |amount: Option<Kopecks>| amount.map(|amount| amount.to_string()).unwrap_or_default();
    let changed = |amount: Option<Kopecks>| shown(amount.filter(|_| !is_aside));
    record(&[
        defused(&contract.number).as_ref(),
        defused(&contract.policyholder).as_ref(),
        &version.insured.to_string(),
        &version.lines.to_string(),
        &sums.map_or(0, |sums| sums.repriced).to_string(),
        &version.written.to_string(),
        &shown(sums.map(|sums| sums.annual_before)),
        &changed(sums.map(|sums| sums.annual_after)),
        &changed(sums.map(|sums| sums.additional)),
        &changed(sums.map(|sums| sums.credit)),
        &shown(sums.map(|sums| sums.unexpired)),
        &outcome.standing.paid.to_string(),
        &shown(refund.and_then(|refund| refund.expenses)),
        &shown(refund.and_then(|refund| refund.refund)),
        outcome.status.as_str(),
        &outcome.reason.as_ref().or(outcome.no_letter.as_ref()).map(|reason| language.say(reason)).unwrap_or_default(),
    ])
}

/// The values as a record of CSV.
fn record(values: &[&str; 16]) -> Vec<u8> {
    let mut records = csv::Writer::from_writer(Vec::new());
    // a vector takes everything
    let _ = records.write_record(values);
    records.into_inner().unwrap_or_default()
}

/// `notices/<number>.pdf`: the letter of §2.3 for each policyholder whose price rises; where one cannot be set, its outcome says why.
pub fn notices(
    folder: &Folder,
    outcomes: &mut [Outcome],
    change: &PriceChange,
    tariff: &Tariff,
    language: Language,
) -> Result<(), Error> {
    let template = notice::template();
    let letters = outcomes.iter().enumerate();
    let rising = letters.filter_map(|(at, outcome)| Some((at, letter(outcome, change, tariff, language)?)));
    let rising: Vec<(usize, Notice)> = rising.collect();
    let left_out = pdf::each(&rising, |(_, notice)| {
        let pdf = notice::pdf(notice, &template, language)?;
        folder.write(&format!("notices/{}.pdf", folder_name(&notice.number)), |file| file.write_all(&pdf))
    })?;
    for pdf::LeftOut { at, letters } in left_out {
        outcomes[rising[at].0].no_letter = Some(Message::new("notice-left-out").with("letters", letters));
    }
    Ok(())
}

/// What the letter to a policyholder says; none where the price does not rise.
fn letter(outcome: &Outcome, change: &PriceChange, tariff: &Tariff, language: Language) -> Option<Notice> {
    let (sums, refund) = (outcome.sums.as_ref()?, outcome.refund.as_ref()?);
    let contract = &outcome.standing.contract;
    let terms = &contract.price_terms;
    let changed = |(code, coefficient): (&String, &Decimal)| Changed {
        code: code.clone(),
        name: tariff.programme(code).map_or_else(String::new, |at| {
            let programme = &tariff.programmes[at];
            if language == Language::Ru { programme.name.clone() } else { programme.name_en.clone() }
        }),
        coefficient: *coefficient,
    };
    (outcome.is_repriced() && sums.additional > sums.credit).then(|| Notice {
        number: contract.number.clone(),
        policyholder: contract.policyholder.clone(),
        change_id: change.id.clone(),
        notified: change.notified,
        effective: change.effective,
        start: contract.first_day,
        end: contract.last_day,
        programmes: outcome.coefficients.iter().map(changed).collect(),
        insured: usize::try_from(outcome.standing.version().insured).unwrap_or(usize::MAX),
        lines_repriced: usize::try_from(sums.repriced).unwrap_or(usize::MAX),
        written: refund.written,
        annual_before: sums.annual_before,
        annual_after: sums.annual_after,
        additional: sums.additional - sums.credit,
        unexpired: refund.unexpired,
        paid: refund.paid,
        expenses: terms.expense_load.zip(refund.expenses).map(|(load, amount)| Expenses {
            load,
            basis: terms.expense_basis,
            amount,
        }),
        refund_if_refused: refund.refund,
    })
}
