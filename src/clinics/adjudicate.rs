//! A clinic's register settled: one verdict a row, and totals that are the register's to the kopeck.

use std::collections::HashMap;

use rayon::prelude::*;

use crate::base::money::Kopecks;
use crate::clinics::finder::{Asked, Found, InsuredIndex};
use crate::clinics::insured_view::Person;
use crate::clinics::letter::{Letter, Letters};
use crate::clinics::network::{Clinic, Network};
use crate::clinics::register::{ClinicRow, Register};
use crate::clinics::verdict::{Claim, Judged, Patient, PriorRow, Shares, Verdict, judge};
use crate::table::text::folded;

/// A register with its verdicts.
#[derive(Debug)]
pub struct Settlement<'s> {
    /// The clinic.
    pub clinic: &'s Clinic,
    /// Every row with its verdict, in the register's order.
    pub rows: Vec<SettledRow<'s>>,
    /// By verdict, each in the order of [`Verdict::ALL`], those too that do not occur.
    pub totals: Vec<VerdictTotal>,
}

/// A row of a register and what becomes of it.
#[derive(Debug)]
pub struct SettledRow<'s> {
    /// The row.
    pub row: &'s ClinicRow,
    /// The service by its place in the price list, where it has it.
    pub service: Option<usize>,
    /// The one who is meant, where somebody is.
    pub person: Option<&'s Person>,
    /// The verdict.
    pub judged: Judged,
}

/// What has one verdict, together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VerdictTotal {
    /// The verdict.
    pub verdict: Verdict,
    /// How many rows have it.
    pub rows: usize,
    /// Who pays which part of them.
    pub shares: Shares,
}

/// Who is meant by a row, found before anybody is judged.
struct Meant<'s> {
    service: Option<usize>,
    patient: Found<'s>,
}

/// What makes a row one that stood before: person, day, service.
type Done<'s> = (&'s str, u32, jiff::civil::Date, ServiceKey);

/// A service for comparing: of the price list, or as written.
#[derive(PartialEq, Eq, Hash)]
enum ServiceKey {
    Listed(usize),
    Written(String),
}

impl<'s> Settlement<'s> {
    /// Settles the rows of a register.
    #[must_use]
    pub fn new(
        network: &'s Network,
        clinic: &'s Clinic,
        register: &'s Register,
        finder: &'s InsuredIndex,
        letters: &'s Letters,
    ) -> Self {
        let meant = |row: &'s ClinicRow| Meant {
            service: named_service(clinic, &row.service_code, &row.service),
            patient: row.day.map_or(Found::Nobody(crate::clinics::finder::MatchFailure::Stranger), |day| {
                finder.find(&row.asked, day)
            }),
        };
        let meant: Vec<Meant<'s>> = register.rows.par_iter().map(meant).collect();
        let repeats = repeats(register, &meant);
        let judged = |((row, meant), repeats): ((&'s ClinicRow, Meant<'s>), Option<PriorRow<'s>>)| {
            settled(network, clinic, letters, row, &meant, repeats)
        };
        let rows: Vec<SettledRow<'s>> = register.rows.par_iter().zip(meant).zip(repeats).map(judged).collect();
        let totals = Verdict::ALL.iter().map(|verdict| VerdictTotal::of(*verdict, &rows)).collect();
        Self { clinic, rows, totals }
    }

    /// Who pays which part of the whole register; together it is the register's total.
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
    fn of(verdict: Verdict, rows: &[SettledRow<'_>]) -> Self {
        let mut total = Self { verdict, rows: 0, shares: Shares::default() };
        for row in rows.iter().filter(|row| row.judged.verdict == verdict) {
            total.rows += 1;
            total.shares += row.judged.shares;
        }
        total
    }
}

/// Everybody whom a register asks for.
pub fn asked(register: &Register) -> impl Iterator<Item = &Asked> {
    register.rows.iter().map(|row| &row.asked)
}

/// The service of a row: by its code or its name; none where they are of two services, or of none (`I44`).
#[must_use]
pub fn named_service(clinic: &Clinic, code: &str, name: &str) -> Option<usize> {
    let found = |written: &str| if written.is_empty() { None } else { clinic.service(written) };
    match (found(code), found(name)) {
        (Some(by_code), Some(by_name)) => (by_code == by_name).then_some(by_code),
        (by_code, by_name) => by_code.or(by_name),
    }
}

/// For each row the earlier one with the same service for the same person on the same day, in whatever sheet that is.
fn repeats<'s>(register: &'s Register, meant: &[Meant<'s>]) -> Vec<Option<PriorRow<'s>>> {
    let rows = register.rows.as_slice();
    let mut first: HashMap<Done<'s>, (u16, u32)> = HashMap::with_capacity(rows.len());
    let repeat = |(row, meant): (&'s ClinicRow, &Meant<'s>)| {
        let person = of(&meant.patient, row)?;
        let service = match meant.service {
            Some(at) => ServiceKey::Listed(at),
            None => ServiceKey::Written(folded(&format!("{}\n{}", row.service_code, row.service))),
        };
        let (contract, ordinal) = person.key();
        let this = (row.sheet, row.row);
        let before = *first.entry((contract, ordinal, row.day?, service)).or_insert(this);
        (before != this).then(|| earlier(register, before, row.sheet))
    };
    rows.iter().zip(meant).map(repeat).collect()
}

/// A row by its sheet and number, as it is named to a row of the sheet `from`.
fn earlier(register: &Register, (sheet, row): (u16, u32), from: u16) -> PriorRow<'_> {
    let other = register.roster.sheets.get(usize::from(sheet)).filter(|_| sheet != from);
    PriorRow { row, sheet: other.map(|sheet| sheet.name.as_str()) }
}

/// The one who is meant; of several who are not insured on the day, the one with a right to the discount, or else the first.
fn of<'s>(found: &Found<'s>, row: &ClinicRow) -> Option<&'s Person> {
    match found {
        Found::Nobody(_) => None,
        Found::Insured(person) => Some(person),
        Found::Outside(persons) => {
            let with_right = persons.iter().find(|person| row.day.is_some_and(|day| person.right(day).is_some()));
            with_right.or(persons.first()).copied()
        }
    }
}

fn settled<'s>(
    network: &Network,
    clinic: &Clinic,
    letters: &Letters,
    row: &'s ClinicRow,
    meant: &Meant<'s>,
    repeats: Option<PriorRow<'_>>,
) -> SettledRow<'s> {
    let person = of(&meant.patient, row);
    let day = row.day.unwrap_or(jiff::civil::Date::MIN);
    let claim = Claim { day, service: meant.service, quantity: row.quantity, amount: row.amount, repeats };
    let own: Vec<&Letter> = person.map(|person| letters.of(person, &clinic.code).collect()).unwrap_or_default();
    let patient = match (&meant.patient, person) {
        (Found::Insured(person), _) => Patient::Insured { person, letters: &own },
        (Found::Outside(_), Some(person)) => Patient::Outside { person, right: person.right(day) },
        (Found::Nobody(doubt), _) => Patient::Unknown(*doubt),
        (Found::Outside(_), None) => Patient::Unknown(crate::clinics::finder::MatchFailure::Stranger),
    };
    SettledRow { row, service: meant.service, person, judged: judge(network, clinic, &claim, &patient) }
}
