//! The adjudication of a clinic register: one verdict a row, and totals that equal the register's to the kopeck (`I42`).

use rayon::prelude::*;

use crate::base::messages::Message;
use crate::base::money::Kopecks;
use crate::clinics::balances::{Balances, ChargedClaim};
use crate::clinics::claim::{Charge, Shares, Verdict};
use crate::clinics::insured_index::{InsuredIndex, InsuredMatch};
use crate::clinics::insured_view::InsuredRecord;
use crate::clinics::ledger::{BookedClaim, Ledger, Standing};
use crate::clinics::letter::Letters;
use crate::clinics::network::{Clinic, Network, service_key};
use crate::clinics::precedents::{Precedent, RowMatch, find_precedents};
use crate::clinics::register::{ClinicRegister, ClinicRow};
use crate::clinics::verdict::{Claim, Judgement, judge_match, unreadable};
use crate::clinics::visit_reason::VisitReason;

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
    /// The service for comparison between registers and clinics.
    pub service_key: String,
    /// The insured, if one was found.
    pub insured: Option<&'s InsuredRecord>,
    /// The identity of one of the entitled outside the book (`I66`); empty for others.
    pub entitled: &'s str,
    /// The verdict with its reason and amounts.
    pub judgement: Judgement,
    /// What the row takes from a letter and from a cover.
    pub charge: Charge,
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

impl<'s> Adjudication<'s> {
    /// Judges every row of a register after the claims of a ledger.
    ///
    /// Letters and sums insured are used up in the order of the days, and on one day in that of the rows (`I62`).
    #[must_use]
    pub fn new(
        network: &'s Network,
        clinic: &'s Clinic,
        register: &'s ClinicRegister,
        index: &'s InsuredIndex,
        letters: &Letters,
        ledger: &'s Ledger,
    ) -> Self {
        let row_match = |(row, patient): (&'s ClinicRow, InsuredMatch<'s>)| {
            let service = find_service(clinic, &row.service_code, &row.service);
            RowMatch {
                service,
                service_key: match service {
                    Some(at) => service_key(&clinic.services[at].name),
                    None => service_key(&format!("{} {}", row.service_code, row.service)),
                },
                patient,
            }
        };
        let is_own = |row: &ClinicRow| other_clinic(network, clinic, row).is_none();
        let day = |row: &ClinicRow| row.day.filter(|_| row.unreadable.is_none() && is_own(row));
        let patients = index.find_all(register.rows.iter().map(|row| (&row.query, day(row))));
        let matches: Vec<RowMatch<'s>> = register.rows.par_iter().zip(patients).map(row_match).collect();
        let mut standing = Standing::new(&ledger.claims);
        let balances = Balances::after(&standing);
        let precedents = find_precedents(register, &matches, &mut standing);
        let adjudicate = |((row, row_match), precedent): ((&'s ClinicRow, &RowMatch<'s>), &Precedent<'_>)| {
            adjudicate_row(network, clinic, letters, row, row_match, precedent)
        };
        let rows = register.rows.par_iter().zip(&matches).zip(&precedents).map(adjudicate);
        let mut rows: Vec<AdjudicatedRow<'s>> = rows.collect();
        charge_rows(network, clinic, letters, balances, &precedents, &mut rows);
        mirror_rows(&precedents, &matches, &mut rows);
        for AdjudicatedRow { row, insured, judgement, .. } in &mut rows {
            let (Some(insured), Some(day)) = (*insured, row.day) else { continue };
            if judgement.shares.advance > Kopecks::ZERO && ledger.lists.lack(&clinic.code, insured, day) {
                judgement.reason = Message::new("reason-on-no-list").with("ground", judgement.reason.clone());
            }
        }
        let mut adjudication = Self { clinic, rows, totals: Vec::new() };
        adjudication.add_up();
        adjudication
    }

    /// Replaces what differs from the claims of the register as it was booked: a register that comes again is as it was booked, whatever
    /// the book knows since. `booked` are the claims of the same rows in their order.
    pub fn keep_booked(&mut self, booked: &[BookedClaim]) {
        for (row, claim) in self.rows.iter_mut().zip(booked) {
            let Judgement { verdict, shares, letter, .. } = row.judgement;
            if (verdict, shares, letter) != (claim.verdict, claim.shares, claim.letter) {
                let reason = Message::new("reason-as-booked").with("today", verdict.message());
                row.judgement =
                    Judgement { verdict: claim.verdict, shares: claim.shares, letter: claim.letter, reason };
                row.charge = claim.charge.clone();
            }
        }
        self.add_up();
    }

    fn add_up(&mut self) {
        self.totals = Verdict::ALL.iter().map(|verdict| VerdictTotal::new(*verdict, &self.rows)).collect();
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
        self.rows.iter().map(|row| row.row.price()).sum()
    }
}

/// The totals by verdict of a booked register and of the one that replaces it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction(Vec<(VerdictTotal, VerdictTotal)>);

impl Correction {
    /// The totals of the replaced register's claims beside those of its correction.
    #[must_use]
    pub fn new(replaced: &[BookedClaim], corrected: &Adjudication<'_>) -> Self {
        let before = |verdict: Verdict| {
            let mut total = VerdictTotal { verdict, rows: 0, shares: Shares::default() };
            for claim in replaced.iter().filter(|claim| claim.verdict == verdict) {
                total.rows += 1;
                total.shares += claim.shares;
            }
            total
        };
        Self(corrected.totals.iter().map(|after| (before(after.verdict), *after)).collect())
    }

    /// The totals before and after, for the verdicts that differ.
    pub fn differences(&self) -> impl Iterator<Item = &(VerdictTotal, VerdictTotal)> {
        self.0.iter().filter(|(before, after)| before != after)
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

fn adjudicate_row<'s>(
    network: &Network,
    clinic: &Clinic,
    letters: &Letters,
    row: &'s ClinicRow,
    row_match: &RowMatch<'s>,
    precedent: &Precedent<'_>,
) -> AdjudicatedRow<'s> {
    let RowMatch { service, service_key, patient } = row_match;
    let judged = |insured, judgement| AdjudicatedRow {
        row,
        service: *service,
        service_key: service_key.clone(),
        insured,
        entitled: if let InsuredMatch::Entitled { identity, .. } = patient { identity } else { "" },
        judgement,
        charge: Charge::default(),
    };
    if let Some(other) = other_clinic(network, clinic, row) {
        let reason = Message::new("reason-other-clinic").with("clinic", other.code.as_str());
        return judged(None, unreadable(row.price(), reason));
    }
    let day = match (&row.unreadable, row.day) {
        (Some(reason), _) => return judged(None, unreadable(row.price(), reason.clone())),
        (None, None) => return judged(None, unreadable(row.price(), Message::new("missing-day"))),
        (None, Some(day)) => day,
    };
    let prior = match precedent {
        Precedent::Duplicate(prior) => Some(*prior),
        Precedent::TakesBackNothing => {
            return judged(patient.insured(), unreadable(row.price(), Message::new("reason-takes-back-nothing")));
        }
        // filled in from the other row
        Precedent::TakesBack(_) | Precedent::TakesBackBooked(_) | Precedent::TakenBack(_) | Precedent::None => None,
    };
    if row.takes_back && matches!(precedent, Precedent::None) {
        return judged(None, unreadable(row.price(), Message::new("reason-takes-back-nothing")));
    }
    let claim = Claim {
        day,
        service: *service,
        quantity: row.quantity,
        amount: row.price(),
        reason: VisitReason::read(&row.visit_reason),
        prior,
    };
    let (insured, judgement) = judge_match(network, clinic, &claim, patient, letters);
    judged(insured, judgement)
}

/// The clinic of a row, if the row names another one than that of its register.
fn other_clinic<'n>(network: &'n Network, clinic: &Clinic, row: &ClinicRow) -> Option<&'n Clinic> {
    let named = network.clinic_written(&row.clinic).filter(|_| !row.clinic.is_empty())?;
    Some(&network.clinics[named]).filter(|named| named.code != clinic.code)
}

/// Charges the rows to letters and sums insured, in the order of their days.
fn charge_rows(
    network: &Network,
    clinic: &Clinic,
    letters: &Letters,
    mut balances: Balances,
    precedents: &[Precedent<'_>],
    rows: &mut [AdjudicatedRow<'_>],
) {
    let mut is_taken_back = vec![false; rows.len()];
    for (at, precedent) in precedents.iter().enumerate() {
        match precedent {
            Precedent::TakesBack(taken) => is_taken_back[*taken] = true,
            Precedent::TakenBack(_) => is_taken_back[at] = true,
            // what a row takes back from a booked register is free again for the rows beside it
            Precedent::TakesBackBooked(claim) => balances.release(claim),
            _ => {}
        }
    }
    let mut in_order: Vec<usize> = (0..rows.len()).filter(|at| !is_taken_back[*at]).collect();
    in_order.sort_by_key(|at| rows[*at].row.day);
    for at in in_order {
        let AdjudicatedRow { row, service, insured, judgement, charge, .. } = &mut rows[at];
        let (Some(service), Some(insured), Some(day)) = (*service, *insured, row.day) else { continue };
        let claim = ChargedClaim { clinic, insured, service, day, quantity: row.quantity, teeth: &row.teeth };
        *charge = balances.charge(network, letters, &claim, judgement);
    }
}

/// Gives every row that takes another one back, or is taken back by a booked claim, the verdict of the other one and its amounts with
/// the opposite sign.
fn mirror_rows<'s>(precedents: &[Precedent<'_>], matches: &[RowMatch<'s>], rows: &mut [AdjudicatedRow<'s>]) {
    for (at, precedent) in precedents.iter().enumerate() {
        let (name, claim) = match precedent {
            Precedent::TakesBack(taken) => {
                let AdjudicatedRow { row, insured, judgement, charge, .. } = &rows[*taken];
                let reason = Message::new("reason-takes-back").with("row", row.row.to_string());
                let Judgement { verdict, shares, letter, .. } = *judgement;
                let (insured, charge) = (*insured, charge.clone());
                rows[at].judgement = Judgement { verdict, shares: -shares, reason, letter };
                (rows[at].insured, rows[at].charge) = (insured, charge);
                continue;
            }
            Precedent::TakesBackBooked(claim) => ("reason-takes-back-booked", *claim),
            Precedent::TakenBack(claim) => ("reason-taken-back", *claim),
            Precedent::None | Precedent::Duplicate(_) | Precedent::TakesBackNothing => continue,
        };
        let reason = Message::new(name).with("row", claim.row.to_string()).with("register", claim.register.message());
        let BookedClaim { verdict, shares, letter, .. } = *claim;
        rows[at].judgement = Judgement { verdict, shares: -shares, reason, letter };
        rows[at].charge = claim.charge.clone();
        // of one person in several contracts, the one of the booked claim
        rows[at].insured = matches[at].patient.insured_of(&claim.contract, claim.ordinal).or(rows[at].insured);
    }
}
