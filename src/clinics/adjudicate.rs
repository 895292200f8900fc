//! The adjudication of a clinic register: one verdict a row, and totals that equal the register's to the kopeck (`I42`).

use std::collections::HashMap;

use jiff::civil::Date;
use rayon::prelude::*;

use crate::base::money::Kopecks;
use crate::clinics::insured_index::{InsuredIndex, InsuredMatch, MatchFailure};
use crate::clinics::insured_view::InsuredRecord;
use crate::clinics::letter::{Letter, Letters};
use crate::clinics::network::{Clinic, Network};
use crate::clinics::register::{ClinicRegister, ClinicRow};
use crate::clinics::verdict::{Claim, Judgement, Patient, PriorRow, Shares, Verdict, judge};
use crate::table::text::folded;

/// A clinic register with its verdicts.
#[derive(Debug)]
pub struct Adjudication<'s> {
    /// The clinic.
    pub clinic: &'s Clinic,
    /// Every row with its verdict, in the order of the register.
    pub rows: Vec<AdjudicatedRow<'s>>,
    /// The total of each verdict, in the order of [`Verdict::ALL`]; verdicts without rows have zero totals.
    pub totals: Vec<VerdictTotal>,
}

/// A row of a clinic register with its verdict.
#[derive(Debug)]
pub struct AdjudicatedRow<'s> {
    /// The row.
    pub row: &'s ClinicRow,
    /// Index of the service in the price list; `None` if the list has no such service.
    pub service: Option<usize>,
    /// The insured, if one was found.
    pub insured: Option<&'s InsuredRecord>,
    /// The verdict with its reason and amounts.
    pub judgement: Judgement,
}

/// The total of one verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VerdictTotal {
    /// The verdict.
    pub verdict: Verdict,
    /// The number of rows.
    pub rows: usize,
    /// The amounts by payer.
    pub shares: Shares,
}

/// The service and the insured of a row, found before any row is judged.
struct RowMatch<'s> {
    service: Option<usize>,
    patient: InsuredMatch<'s>,
}

/// Rows with the same key are duplicates: contract, ordinal, day, service.
type DuplicateKey<'s> = (&'s str, u32, Date, ServiceKey);

/// A service for comparison: an entry of the price list, or the text of the row.
#[derive(PartialEq, Eq, Hash)]
enum ServiceKey {
    Listed(usize),
    Unlisted(String),
}

impl<'s> Adjudication<'s> {
    /// Judges every row of a register.
    #[must_use]
    pub fn new(
        network: &'s Network,
        clinic: &'s Clinic,
        register: &'s ClinicRegister,
        index: &'s InsuredIndex,
        letters: &'s Letters,
    ) -> Self {
        let row_match = |row: &'s ClinicRow| RowMatch {
            service: find_service(clinic, &row.service_code, &row.service),
            patient: row.day.map_or(InsuredMatch::None(MatchFailure::NotFound), |day| index.find(&row.query, day)),
        };
        let matches: Vec<RowMatch<'s>> = register.rows.par_iter().map(row_match).collect();
        let prior_rows = prior_rows(register, &matches);
        let adjudicate = |((row, row_match), prior): ((&'s ClinicRow, RowMatch<'s>), Option<PriorRow<'s>>)| {
            adjudicate_row(network, clinic, letters, row, &row_match, prior)
        };
        let rows: Vec<AdjudicatedRow<'s>> =
            register.rows.par_iter().zip(matches).zip(prior_rows).map(adjudicate).collect();
        let totals = Verdict::ALL.iter().map(|verdict| VerdictTotal::new(*verdict, &rows)).collect();
        Self { clinic, rows, totals }
    }

    /// The amounts of the whole register by payer; together [`Adjudication::total`].
    #[must_use]
    pub fn shares(&self) -> Shares {
        let mut shares = Shares::default();
        self.totals.iter().for_each(|total| shares += total.shares);
        shares
    }

    /// The price of all rows.
    #[must_use]
    pub fn total(&self) -> Kopecks {
        self.rows.iter().map(|row| row.row.amount).sum()
    }
}

impl VerdictTotal {
    fn new(verdict: Verdict, rows: &[AdjudicatedRow<'_>]) -> Self {
        let mut total = Self { verdict, rows: 0, shares: Shares::default() };
        for row in rows.iter().filter(|row| row.judgement.verdict == verdict) {
            total.rows += 1;
            total.shares += row.judgement.shares;
        }
        total
    }
}

/// The index in the price list of the service with this code or name; `None` if it has none, or code and name are of two services
/// (`I44`).
#[must_use]
pub fn find_service(clinic: &Clinic, code: &str, name: &str) -> Option<usize> {
    let find = |text: &str| if text.is_empty() { None } else { clinic.service(text) };
    match (find(code), find(name)) {
        (Some(by_code), Some(by_name)) => (by_code == by_name).then_some(by_code),
        (by_code, by_name) => by_code.or(by_name),
    }
}

/// For each row the earlier row, of any sheet, with the same insured, day and service.
fn prior_rows<'s>(register: &'s ClinicRegister, matches: &[RowMatch<'s>]) -> Vec<Option<PriorRow<'s>>> {
    let rows = register.rows.as_slice();
    let mut first: HashMap<DuplicateKey<'s>, (u16, u32)> = HashMap::with_capacity(rows.len());
    let prior = |(row, row_match): (&'s ClinicRow, &RowMatch<'s>)| {
        let day = row.day?;
        let (contract, ordinal) = row_match.patient.insured(day)?.key();
        let service = match row_match.service {
            Some(at) => ServiceKey::Listed(at),
            None => ServiceKey::Unlisted(folded(&format!("{}\n{}", row.service_code, row.service))),
        };
        let this = (row.sheet, row.row);
        let before = *first.entry((contract, ordinal, day, service)).or_insert(this);
        (before != this).then(|| prior_row(register, before, row.sheet))
    };
    rows.iter().zip(matches).map(prior).collect()
}

/// A row as a row of the sheet `from` refers to it: without the sheet if it is the same.
fn prior_row(register: &ClinicRegister, (sheet, row): (u16, u32), from: u16) -> PriorRow<'_> {
    let other = register.tables.sheets.get(usize::from(sheet)).filter(|_| sheet != from);
    PriorRow { row, sheet: other.map(|sheet| sheet.name.as_str()) }
}

fn adjudicate_row<'s>(
    network: &Network,
    clinic: &Clinic,
    letters: &Letters,
    row: &'s ClinicRow,
    row_match: &RowMatch<'s>,
    prior: Option<PriorRow<'_>>,
) -> AdjudicatedRow<'s> {
    let day = row.day.unwrap_or(Date::MIN);
    let insured = row_match.patient.insured(day);
    let claim = Claim { day, service: row_match.service, quantity: row.quantity, amount: row.amount, prior };
    let own: Vec<&Letter> = insured.map(|insured| letters.of(insured, &clinic.code).collect()).unwrap_or_default();
    let patient = Patient::new(&row_match.patient, day, &own);
    let judgement = judge(network, clinic, &claim, &patient);
    AdjudicatedRow { row, service: row_match.service, insured, judgement }
}
