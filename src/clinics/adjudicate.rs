//! The adjudication of a clinic register: one verdict a row, and totals that equal the register's to the kopeck (`I42`).

use std::collections::HashMap;

use jiff::civil::Date;
use rayon::prelude::*;

use crate::base::messages::Message;
use crate::base::money::Kopecks;
use crate::clinics::balances::{Balances, ChargedClaim};
use crate::clinics::claim::{Charge, Shares, Verdict};
use crate::clinics::insured_index::{InsuredIndex, InsuredMatch};
use crate::clinics::insured_view::InsuredRecord;
use crate::clinics::ledger::{BookedClaim, Ledger};
use crate::clinics::letter::Letters;
use crate::clinics::network::{Clinic, Network, service_key};
use crate::clinics::register::{ClinicRegister, ClinicRow};
use crate::clinics::verdict::{Claim, Judgement, PriorRow, judge_match, unreadable};
use crate::clinics::visit_reason::VisitReason;
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

/// The service and the insured of a row, found before any row is judged.
struct RowMatch<'s> {
    service: Option<usize>,
    service_key: String,
    patient: InsuredMatch<'s>,
}

/// Rows with the same key are of one service: contract and ordinal, or the identity outside the book and 0; day, service.
type ServiceOfDay<'s> = (&'s str, u32, Date, &'s str);

/// What a row repeats or takes back.
#[derive(Debug, Default, Clone, Copy)]
enum Precedent<'s> {
    /// Nothing.
    #[default]
    None,
    /// An earlier row with the same service of the day.
    Duplicate(PriorRow<'s>),
    /// A row of this register: its index.
    TakesBack(usize),
    /// A booked claim.
    TakesBackBooked(&'s BookedClaim),
    /// No row: there is nothing to take back.
    TakesBackNothing,
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
                    None => folded(&format!("{}\n{}", row.service_code, row.service)),
                },
                patient,
            }
        };
        let day = |row: &ClinicRow| row.day.filter(|_| row.unreadable.is_none());
        let patients = index.find_all(register.rows.iter().map(|row| (&row.query, day(row))));
        let matches: Vec<RowMatch<'s>> = register.rows.par_iter().zip(patients).map(row_match).collect();
        let precedents = find_precedents(register, &matches, ledger);
        let adjudicate = |((row, row_match), precedent): ((&'s ClinicRow, &RowMatch<'s>), &Precedent<'_>)| {
            adjudicate_row(network, clinic, letters, row, row_match, precedent)
        };
        let rows = register.rows.par_iter().zip(&matches).zip(&precedents).map(adjudicate);
        let mut rows: Vec<AdjudicatedRow<'s>> = rows.collect();
        charge_rows(network, clinic, letters, ledger, &precedents, &mut rows);
        take_back_rows(&precedents, &mut rows);
        for AdjudicatedRow { row, insured, judgement, .. } in &mut rows {
            let (Some(insured), Some(day)) = (*insured, row.day) else { continue };
            if judgement.shares.advance > Kopecks::ZERO && ledger.lists.lack(&clinic.code, insured, day) {
                judgement.reason = Message::new("reason-on-no-list").with("ground", judgement.reason.clone());
            }
        }
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

/// What each row repeats or takes back, of this register on whatever sheet and of the booked ones.
///
/// A row below zero takes back the last row before it with the same service of the day and the same price, or else a booked claim. Rows
/// that are taken back repeat nothing and are repeated by none.
fn find_precedents<'s>(
    register: &'s ClinicRegister,
    matches: &'s [RowMatch<'s>],
    ledger: &'s Ledger,
) -> Vec<Precedent<'s>> {
    let rows = register.rows.as_slice();
    // one for each contract that covers the person on the day
    let keys = |at: usize| -> Vec<ServiceOfDay<'s>> {
        let RowMatch { service_key, patient, .. } = &matches[at];
        let Some(day) = rows[at].day else { return Vec::new() };
        patient
            .identities()
            .into_iter()
            .map(|(contract, ordinal)| (contract, ordinal, day, service_key.as_str()))
            .collect()
    };
    let mut booked = BookedServices::new(ledger);
    let mut precedents: Vec<Precedent<'s>> = vec![Precedent::None; rows.len()];
    let mut is_taken_back = vec![false; rows.len()];
    let mut open: HashMap<(ServiceOfDay<'s>, Kopecks), Vec<usize>> = HashMap::new();
    for (at, row) in rows.iter().enumerate() {
        let (keys, price) = (keys(at), row.price());
        let Some(key) = keys.first().copied() else { continue };
        if price > Kopecks::ZERO {
            open.entry((key, price)).or_default().push(at);
        } else if price < Kopecks::ZERO {
            let price = Kopecks::ZERO - price;
            precedents[at] = if let Some(taken) = open.get_mut(&(key, price)).and_then(Vec::pop) {
                is_taken_back[taken] = true;
                Precedent::TakesBack(taken)
            } else if let Some(claim) = keys.iter().find_map(|key| booked.take_back(key, price)) {
                Precedent::TakesBackBooked(claim)
            } else {
                Precedent::TakesBackNothing
            };
        }
    }
    let mut first: HashMap<ServiceOfDay<'s>, usize> = HashMap::with_capacity(rows.len());
    for (at, row) in rows.iter().enumerate() {
        if row.price() < Kopecks::ZERO || is_taken_back[at] {
            continue;
        }
        let keys = keys(at);
        if let Some(claim) = keys.iter().find_map(|key| booked.first(key)) {
            let sheet = Some(claim.sheet.as_ref()).filter(|sheet| !sheet.is_empty());
            let prior = PriorRow { row: claim.row, sheet, register: Some(&*claim.register) };
            precedents[at] = Precedent::Duplicate(prior);
            continue;
        }
        if let Some(before) = keys.iter().find_map(|key| first.get(key)) {
            precedents[at] = Precedent::Duplicate(prior_row(register, *before, row.sheet));
        } else {
            first.extend(keys.into_iter().map(|key| (key, at)));
        }
    }
    precedents
}

/// The booked claims that are neither duplicates nor taken back, by the service of the day.
struct BookedServices<'s>(HashMap<ServiceOfDay<'s>, Vec<&'s BookedClaim>>);

impl<'s> BookedServices<'s> {
    fn new(ledger: &'s Ledger) -> Self {
        let mut open: HashMap<ServiceOfDay<'s>, Vec<&'s BookedClaim>> = HashMap::new();
        for claim in &ledger.claims {
            let Some(day) = claim.day else { continue };
            let (person, ordinal) = claim.patient();
            if person.is_empty() {
                continue;
            }
            let claims = open.entry((person, ordinal, day, &claim.service_key)).or_default();
            if claim.amount >= Kopecks::ZERO {
                claims.push(claim);
            } else if let Some(taken) = claims.iter().rposition(|other| other.amount == Kopecks::ZERO - claim.amount) {
                claims.remove(taken);
            }
        }
        Self(open)
    }

    /// Removes the last claim with this price, which a row takes back.
    fn take_back(&mut self, key: &ServiceOfDay<'s>, price: Kopecks) -> Option<&'s BookedClaim> {
        let claims = self.0.get_mut(key)?;
        let place = claims.iter().rposition(|claim| claim.amount == price)?;
        Some(claims.remove(place))
    }

    fn first(&self, key: &ServiceOfDay<'s>) -> Option<&'s BookedClaim> {
        self.0.get(key)?.first().copied()
    }
}

/// A row as a row of the sheet `from` refers to it: without the sheet if it is the same.
fn prior_row(register: &ClinicRegister, at: usize, from: u16) -> PriorRow<'_> {
    let ClinicRow { row, sheet, .. } = register.rows[at];
    let other = register.tables.sheets.get(usize::from(sheet)).filter(|_| sheet != from);
    PriorRow { row, sheet: other.map(|sheet| sheet.name.as_str()), register: None }
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
        // filled in from the row that is taken back
        Precedent::TakesBack(_) | Precedent::TakesBackBooked(_) | Precedent::None => None,
    };
    if row.price() < Kopecks::ZERO && matches!(precedent, Precedent::None) {
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

/// Charges the rows to letters and sums insured, in the order of their days.
fn charge_rows(
    network: &Network,
    clinic: &Clinic,
    letters: &Letters,
    ledger: &Ledger,
    precedents: &[Precedent<'_>],
    rows: &mut [AdjudicatedRow<'_>],
) {
    let mut balances = Balances::after(&ledger.claims);
    let mut is_taken_back = vec![false; rows.len()];
    for precedent in precedents {
        match precedent {
            Precedent::TakesBack(taken) => is_taken_back[*taken] = true,
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

/// Gives every row that takes another one back its verdict and its amounts below zero.
fn take_back_rows(precedents: &[Precedent<'_>], rows: &mut [AdjudicatedRow<'_>]) {
    for (at, precedent) in precedents.iter().enumerate() {
        let (verdict, shares, letter, charge, reason) = match precedent {
            Precedent::TakesBack(taken) => {
                let AdjudicatedRow { row, judgement, charge, .. } = &rows[*taken];
                let reason = Message::new("reason-takes-back").with("row", row.row.to_string());
                (judgement.verdict, judgement.shares, judgement.letter, charge.clone(), reason)
            }
            Precedent::TakesBackBooked(claim) => {
                let reason = Message::new("reason-takes-back-booked").with("row", claim.row.to_string());
                (claim.verdict, claim.shares, claim.letter, claim.charge.clone(), reason)
            }
            _ => continue,
        };
        rows[at].judgement = Judgement { verdict, shares: -shares, reason, letter };
        rows[at].charge = charge;
    }
}
