//! The files of the debts: `debts.csv`, `policyholders.csv`, `additional-premiums.csv`, and the manifest.

use std::path::Path;

use jiff::civil::Date;
use serde_json::json;

use crate::base::error::Error;
use crate::output::csv_injection::defused;
use crate::output::folder::Folder;
use crate::portfolio::debts::{DebtSums, Debts};

/// The columns of sums.
const SUMS: [&str; 9] = [
    "written",
    "due",
    "paid",
    "outstanding",
    "overdue_1_30",
    "overdue_31_60",
    "overdue_61_90",
    "overdue_over_90",
    "credit",
];

/// Writes the debts to a folder: a row for each contract, each policyholder and each unpaid additional premium.
///
/// # Errors
///
/// [`Error::ForeignFolder`] where the folder holds other files, [`Error::Io`] where the system refuses.
pub fn write(debts: &Debts, as_of: Date, out: &Path) -> Result<(), Error> {
    let folder = Folder::stage(out)?;
    folder.write("debts.csv", |file| {
        let mut rows = csv::Writer::from_writer(file);
        rows.write_record(["number", "policyholder", "oldest_due"].into_iter().chain(SUMS))?;
        for debt in &debts.contracts {
            let oldest = debt.oldest.map(|day| day.to_string()).unwrap_or_default();
            let head = [defused(&debt.number).into_owned(), defused(&debt.policyholder).into_owned(), oldest];
            rows.write_record(head.into_iter().chain(sums(&debt.sums)))?;
        }
        rows.flush()
    })?;
    folder.write("policyholders.csv", |file| {
        let mut rows = csv::Writer::from_writer(file);
        rows.write_record(["policyholder", "contracts"].into_iter().chain(SUMS))?;
        for debt in &debts.policyholders {
            let head = [defused(&debt.policyholder).into_owned(), debt.contracts.to_string()];
            rows.write_record(head.into_iter().chain(sums(&debt.sums)))?;
        }
        rows.flush()
    })?;
    folder.write("additional-premiums.csv", |file| {
        let mut rows = csv::Writer::from_writer(file);
        rows.write_record(["number", "policyholder", "change", "deadline", "amount", "unpaid"])?;
        for unpaid in &debts.additional {
            rows.write_record([
                defused(&unpaid.number).as_ref(),
                defused(&unpaid.policyholder).as_ref(),
                defused(&unpaid.change).as_ref(),
                &unpaid.deadline.to_string(),
                &unpaid.amount.to_string(),
                &unpaid.unpaid.to_string(),
            ])?;
        }
        rows.flush()
    })?;
    folder.seal(&json!({ "as_of": as_of.to_string() }))?;
    folder.publish()
}

fn sums(sums: &DebtSums) -> [String; SUMS.len()] {
    let [to_30, to_60, to_90, over_90] = sums.overdue;
    [sums.written, sums.due, sums.paid, sums.outstanding, to_30, to_60, to_90, over_90, sums.credit]
        .map(|amount| amount.to_string())
}
