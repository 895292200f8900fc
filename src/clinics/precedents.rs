//! What the rows of a register repeat and take back (`I43`, `I61`).

use std::collections::HashMap;

use crate::base::money::Kopecks;
use crate::clinics::insured_index::InsuredMatch;
use crate::clinics::ledger::{BookedClaim, ServiceOfDay, Standing};
use crate::clinics::register::{ClinicRegister, ClinicRow};
use crate::clinics::verdict::PriorRow;

/// The service and the insured of a row, found before any row is judged.
pub struct RowMatch<'s> {
    /// Index of the service in the price list; `None` if the list has no such service.
    pub service: Option<usize>,
    /// The service for comparison between registers and clinics.
    pub service_key: String,
    /// The insured of the row.
    pub patient: InsuredMatch<'s>,
}

/// What a row repeats or takes back.
#[derive(Debug, Default, Clone, Copy)]
pub enum Precedent<'s> {
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
    /// A booked claim below zero takes the row back: the register with the row was corrected after that claim was booked.
    TakenBack(&'s BookedClaim),
}

/// What each row repeats or takes back, of this register on whatever sheet and of the booked ones.
///
/// A row below zero takes back the last row before it with the same service of the day and the same price, or else the first one after it,
/// or else a booked claim. Rows that are taken back repeat nothing and are repeated by none.
pub fn find_precedents<'s>(
    register: &'s ClinicRegister,
    matches: &'s [RowMatch<'s>],
    booked: &mut Standing<'s>,
) -> Vec<Precedent<'s>> {
    let rows = register.rows.as_slice();
    // one for each contract that covers the person on the day
    let keys = |at: usize| -> Vec<ServiceOfDay<'s>> {
        let RowMatch { service_key, patient, .. } = &matches[at];
        let Some(day) = rows[at].day.filter(|_| rows[at].unreadable.is_none()) else { return Vec::new() };
        let identities = patient.identities().into_iter();
        identities.map(|(contract, ordinal)| (contract, ordinal, day, service_key.as_str())).collect()
    };
    let mut precedents: Vec<Precedent<'s>> = vec![Precedent::None; rows.len()];
    let mut open: HashMap<(ServiceOfDay<'s>, Kopecks), Vec<usize>> = HashMap::new();
    for (at, row) in rows.iter().enumerate().filter(|(_, row)| !row.takes_back) {
        let keys = keys(at);
        if let Some(claim) = keys.iter().find_map(|key| booked.set_off(key, row.price())) {
            precedents[at] = Precedent::TakenBack(claim);
        } else if let Some(key) = keys.first() {
            open.entry((*key, row.price())).or_default().push(at);
        }
    }
    let mut is_taken_back = vec![false; rows.len()];
    for (at, row) in rows.iter().enumerate().filter(|(_, row)| row.takes_back && row.price() < Kopecks::ZERO) {
        let (keys, price) = (keys(at), -row.price());
        let Some(key) = keys.first() else { continue };
        let own = open.get_mut(&(*key, price)).filter(|own| !own.is_empty());
        precedents[at] = if let Some(own) = own {
            let before = own.partition_point(|taken| *taken < at);
            let taken = own.remove(before.saturating_sub(1));
            is_taken_back[taken] = true;
            Precedent::TakesBack(taken)
        } else if let Some(claim) = keys.iter().find_map(|key| booked.take_back(key, price)) {
            Precedent::TakesBackBooked(claim)
        } else {
            Precedent::TakesBackNothing
        };
    }
    let mut first: HashMap<ServiceOfDay<'s>, usize> = HashMap::with_capacity(rows.len());
    for (at, row) in rows.iter().enumerate() {
        if row.takes_back || is_taken_back[at] || matches!(precedents[at], Precedent::TakenBack(_)) {
            continue;
        }
        let keys = keys(at);
        if let Some(claim) = keys.iter().find_map(|key| booked.first(key)) {
            let sheet = Some(claim.sheet.as_ref()).filter(|sheet| !sheet.is_empty());
            let prior = PriorRow { row: claim.row, sheet, register: Some(&*claim.register) };
            precedents[at] = Precedent::Duplicate(prior);
        } else if let Some(before) = keys.iter().find_map(|key| first.get(key)) {
            precedents[at] = Precedent::Duplicate(prior_row(register, *before, row.sheet));
        } else {
            first.extend(keys.into_iter().map(|key| (key, at)));
        }
    }
    precedents
}

/// A row as a row of the sheet `from` refers to it: without the sheet if it is the same.
fn prior_row(register: &ClinicRegister, at: usize, from: u16) -> PriorRow<'_> {
    let ClinicRow { row, sheet, .. } = register.rows[at];
    let other = register.tables.sheets.get(usize::from(sheet)).filter(|_| sheet != from);
    PriorRow { row, sheet: other.map(|sheet| sheet.name.as_str()), register: None }
}
