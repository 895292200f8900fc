//! The lists behind the page for the board: the contracts that are repriced, set aside and unchanged.

use std::cmp::Reverse;

use crate::output::value::{Share, Value};
use crate::portfolio::reprice::documents::section::{Column, Section};
use crate::portfolio::reprice::outcome::Status;
use crate::portfolio::reprice::saved_repricing::{SavedContract, SavedRepricing};

const REPRICED: &[Column] = &[
    ("impact-number", 18),
    ("impact-policyholder", 40),
    ("impact-insured", 12),
    ("impact-written-column", 20),
    ("impact-before", 20),
    ("impact-after", 20),
    ("impact-share", 12),
    ("impact-additional", 20),
    ("impact-credit", 20),
];
const OTHERS: &[Column] = &[
    ("impact-number", 18),
    ("impact-policyholder", 40),
    ("impact-insured", 12),
    ("impact-written-column", 20),
    ("impact-reason", 80),
];

/// The lists: repriced contracts by the amount that the change adds, the others by number; every contract is in one of them.
pub fn lists(saved: &SavedRepricing) -> [Section<'_>; 3] {
    let mut repriced: Vec<&SavedContract> = saved.with_status(Status::Repriced).collect();
    repriced.sort_by_key(|contract| Reverse(contract.net()));
    let list = |id, title, status| Section {
        id,
        title,
        columns: OTHERS,
        rows: saved.with_status(status).map(other_row).collect(),
        is_summed: false,
    };
    [
        list("list-set-aside", "impact-list-set-aside", Status::SetAside),
        Section {
            id: "list-repriced",
            title: "impact-list-repriced",
            columns: REPRICED,
            rows: repriced.into_iter().map(repriced_row).collect(),
            is_summed: false,
        },
        list("list-unchanged", "impact-list-unchanged", Status::Unchanged),
    ]
}

fn repriced_row(contract: &SavedContract) -> Vec<Value<'_>> {
    let [before, after, additional, credit] = contract.effect().amounts();
    vec![
        Value::Text(&contract.number),
        Value::Long(&contract.policyholder),
        Value::Count(contract.insured),
        Value::Amount(contract.written),
        Value::Amount(before),
        Value::Amount(after),
        Value::Share(Share::of_change(before, after)),
        Value::Amount(additional),
        Value::Amount(credit),
    ]
}

fn other_row(contract: &SavedContract) -> Vec<Value<'_>> {
    vec![
        Value::Text(&contract.number),
        Value::Long(&contract.policyholder),
        Value::Count(contract.insured),
        Value::Amount(contract.written),
        Value::Long(&contract.reason),
    ]
}
