//! The files of a repricing: contracts, impact, letters and manifest.

use std::collections::BTreeMap;
use std::io::Write as _;

use rusqlite::{Transaction, params};

use crate::base::digest::sha256;
use crate::base::error::Error;
use crate::base::messages::{Language, Message};
use crate::base::money::{Kopecks, Rate};
use crate::output::csv_injection::defused;
use crate::output::folder::Folder;
use crate::output::folder_name;
use crate::output::manifest::{MANIFEST, Program};
use crate::output::pdf;
use crate::output::pdf::Template;
use crate::portfolio::change::PriceChange;
use crate::portfolio::notice;
use crate::portfolio::notice::{Changed, Expenses, Notice};
use crate::portfolio::reprice::impact::Impact;
use crate::portfolio::reprice::manifest::{ChangeInput, Counts, RepricingManifest};
use crate::portfolio::reprice::outcome::Outcome;
use crate::portfolio::staging::StagingDb;
use crate::portfolio::terms::TermsReader;
use crate::tariff::{EditionId, Tariff};

/// The file of the contracts.
pub const CONTRACTS: &str = "contracts.csv";

/// The file of the figures of the book.
pub const IMPACT: &str = "impact.json";

/// The columns of `contracts.csv`.
const CONTRACT_COLUMNS: [&str; COLUMNS] = [
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
    "tariff",
    "tariff_sha256",
];
/// Their number.
const COLUMNS: usize = 18;

/// The table of the encoded rows of `contracts.csv`, by number.
pub const TABLE: &str = "CREATE TABLE contract_row (number TEXT PRIMARY KEY, row BLOB NOT NULL) STRICT, WITHOUT ROWID;";

/// Writes the contracts, the impact and the manifest.
pub fn write(
    folder: &Folder,
    staging: &StagingDb,
    impact: &Impact,
    change: &PriceChange,
    language: Language,
) -> Result<(), Error> {
    write_contracts(folder, staging)?;
    folder.write_json(IMPACT, impact)?;
    let manifest = RepricingManifest {
        program: Program::this(),
        change: ChangeInput { id: change.id.clone(), sha256: sha256(change.document.text.as_bytes()) },
        counts: Counts { contracts: impact.contracts.touched, lines_repriced: impact.proof.repriced },
        language: language.as_str().to_owned(),
        files: folder.files(),
        documents: BTreeMap::new(),
    };
    folder.write_json(MANIFEST, &manifest)
}

/// Writes `contracts.csv`: one row for each affected contract, by number; an unknown figure is empty.
fn write_contracts(folder: &Folder, staging: &StagingDb) -> Result<(), Error> {
    let mut file = folder.create(CONTRACTS)?;
    let refused = |fault| Error::writing(&folder.target_path(CONTRACTS), fault);
    file.write_all(&record(&CONTRACT_COLUMNS)).map_err(refused)?;
    let written = staging.read(|staging| {
        let mut rows = staging.prepare("SELECT row FROM contract_row ORDER BY number")?;
        let mut rows = rows.query([])?;
        while let Some(row) = rows.next()? {
            if let Err(fault) = file.write_all(row.get_ref(0)?.as_blob()?) {
                return Ok(Err(fault));
            }
        }
        Ok(Ok(()))
    })?;
    written.map_err(refused)?;
    folder.finish(file)
}

/// Adds the rows of `contracts.csv` to the staging database; `editions` are those of the book by their hashes.
pub fn stage_rows(
    staging: &Transaction<'_>,
    outcomes: &[Outcome],
    editions: &BTreeMap<String, EditionId>,
    language: Language,
) -> rusqlite::Result<()> {
    let mut add = staging.prepare_cached("INSERT INTO contract_row (number, row) VALUES (?1, ?2)")?;
    outcomes.iter().try_for_each(|outcome| {
        add.execute(params![outcome.state.contract.number, row(outcome, editions, language)]).map(drop)
    })
}

/// The row of a contract in `contracts.csv`.
fn row(outcome: &Outcome, editions: &BTreeMap<String, EditionId>, language: Language) -> Vec<u8> {
    let contract = &outcome.state.contract;
    let version = outcome.state.version();
    let (sums, refund) = (outcome.sums.as_ref(), outcome.refund.as_ref());
    let is_aside = outcome.reason.is_some();
    let again = outcome.worked_out_again().map(|amount| Message::new("reprice-again").with("amount", amount));
    // the refund of a fold leaves out what counts from the first day of the new prices or later
    let unexpired = match outcome.refolded {
        Some(_) => refund.map(|refund| refund.unexpired),
        None => sums.map(|sums| sums.unexpired),
    };
    let text = |amount: Option<Kopecks>| amount.map(|amount| amount.to_string()).unwrap_or_default();
    let changed = |amount: Option<Kopecks>| text(amount.filter(|_| !is_aside));
    record(&[
        defused(&contract.number).as_ref(),
        defused(&contract.policyholder).as_ref(),
        &version.insured.to_string(),
        &version.lines.to_string(),
        &sums.map_or(0, |sums| sums.repriced).to_string(),
        &version.written.to_string(),
        &text(sums.map(|sums| sums.effect.annual_before)),
        &changed(sums.map(|sums| sums.effect.annual_after)),
        &changed(sums.map(|sums| sums.effect.additional)),
        &changed(sums.map(|sums| sums.effect.credit)),
        &text(unexpired),
        &outcome.state.paid.to_string(),
        &text(refund.and_then(|refund| refund.expenses)),
        &text(refund.and_then(|refund| refund.refund)),
        outcome.status.as_str(),
        &outcome
            .reason
            .as_ref()
            .or(outcome.no_letter.as_ref())
            .or(outcome.kept().as_ref())
            .or(again.as_ref())
            .map(|reason| language.render(reason))
            .unwrap_or_default(),
        editions.get(&contract.tariff).map_or("", |edition| edition.code.as_str()),
        &contract.tariff,
    ])
}

/// The values as a CSV record.
fn record(values: &[&str; COLUMNS]) -> Vec<u8> {
    let mut records = csv::Writer::from_writer(Vec::new());
    // a vector accepts all bytes
    let _ = records.write_record(values);
    records.into_inner().unwrap_or_default()
}

/// Writes `notices/<number>.pdf`, the letter of §2.3, for each policyholder whose price rises. Where a letter cannot be typeset, the outcome
/// gets the reason. Programmes have the names of the edition that the contract was bound with.
pub fn write_notices(
    folder: &Folder,
    outcomes: &mut [Outcome],
    change: &PriceChange,
    terms: &mut TermsReader<'_>,
    template: &Template,
    language: Language,
) -> Result<(), Error> {
    let mut rising: Vec<(usize, Notice)> = Vec::new();
    for (at, outcome) in outcomes.iter().enumerate() {
        let tariff = terms.tariff(&outcome.state.contract)?;
        rising.extend(letter(outcome, change, &tariff, language).map(|notice| (at, notice)));
    }
    let left_out = pdf::render_all(&rising, |(_, notice)| {
        let pdf = notice::pdf(notice, template, language)?;
        folder.write(&format!("notices/{}.pdf", folder_name(&notice.number)), |file| file.write_all(&pdf))
    })?;
    for pdf::LeftOut { at, letters } in left_out {
        outcomes[rising[at].0].no_letter = Some(Message::new("notice-left-out").with("letters", letters));
    }
    Ok(())
}

/// The contents of the letter to a policyholder; `None` where the price does not rise.
fn letter(outcome: &Outcome, change: &PriceChange, tariff: &Tariff, language: Language) -> Option<Notice> {
    let (sums, refund) = (outcome.sums.as_ref()?, outcome.refund.as_ref()?);
    let contract = &outcome.state.contract;
    let terms = &contract.price_terms;
    let changed = |(code, factor): (&String, &Rate)| Changed {
        code: code.clone(),
        name: tariff.programme(code).map_or_else(String::new, |at| {
            let programme = &tariff.programmes[at];
            if language == Language::Ru { programme.name.clone() } else { programme.name_en.clone() }
        }),
        coefficient: factor.to_decimal().unwrap_or_default(),
        cost: outcome.coefficients.get(code).copied().unwrap_or_default(),
    };
    (outcome.is_repriced() && sums.effect.net() > Kopecks::ZERO).then(|| Notice {
        number: contract.number.clone(),
        policyholder: contract.policyholder.clone(),
        tariff: tariff.id(),
        change_id: change.id.clone(),
        notified: change.notified,
        effective: change.effective,
        start: contract.first_day,
        end: contract.last_day,
        programmes: outcome.factors.iter().map(changed).collect(),
        insured: usize::try_from(outcome.state.version().insured).unwrap_or(usize::MAX),
        lines_repriced: usize::try_from(sums.repriced).unwrap_or(usize::MAX),
        written: refund.written,
        annual_before: sums.effect.annual_before,
        annual_after: sums.effect.annual_after,
        additional: sums.effect.net(),
        worked_out_again: outcome.worked_out_again().unwrap_or_default(),
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
