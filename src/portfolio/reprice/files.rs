//! What a repricing writes: the contracts, the lines, the impact and what it was made from.

use serde::Serialize;

use super::impact::Impact;
use super::{Options, Outcome};
use crate::error::Error;
use crate::money::Kopecks;
use crate::portfolio::change::PriceChange;
use crate::report::defuse::defused;
use crate::report::folder::Folder;
use crate::report::{json, manifest};
use crate::words::Language;

/// The repriced lines.
pub const LINES: &str = "lines.parquet";

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

/// Writes everything but the lines, which are in the folder already.
pub fn write(
    folder: &Folder,
    outcomes: &[Outcome],
    impact: &Impact,
    change: &PriceChange,
    options: &Options,
) -> Result<(), Error> {
    contracts(folder, outcomes, options.language)?;
    folder.write("impact.json", |file| json::write(impact, file))?;
    let about = About {
        change: Change { id: &change.id, sha256: crate::digest::sha256(change.document.text.as_bytes()) },
        language: options.language.code(),
        counts: Counts { contracts: outcomes.len(), lines_repriced: impact.proof.repriced },
    };
    manifest::seal(folder, &about)
}

/// `contracts.csv`: one row for each contract that the change touches, by number; a figure that cannot be stated is empty.
fn contracts(folder: &Folder, outcomes: &[Outcome], language: Language) -> Result<(), Error> {
    folder.write("contracts.csv", |file| {
        let mut records = csv::Writer::from_writer(file);
        records.write_record(CONTRACT_COLUMNS)?;
        for outcome in outcomes {
            let contract = &outcome.standing.contract;
            let version = outcome.standing.version();
            let (sums, refund) = (outcome.sums.as_ref(), outcome.refund.as_ref());
            let is_aside = outcome.reason.is_some();
            let shown = |amount: Option<Kopecks>| amount.map(|amount| amount.to_string()).unwrap_or_default();
            let changed = |amount: Option<Kopecks>| shown(amount.filter(|_| !is_aside));
            records.write_record([
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
                &outcome.reason.as_ref().map(|reason| language.say(reason)).unwrap_or_default(),
            ])?;
        }
        records.flush()
    })
}
