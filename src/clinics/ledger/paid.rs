//! The claims of a book in sums: what the insurer has paid by contract, programme, clinic and month.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use crate::base::calendar::day_after_1970;
use crate::base::error::Error;
use crate::base::money::Kopecks;
use crate::clinics::ledger::{Ledger, read_groups};
use crate::portfolio::Portfolio;

/// The contract, the programme, the clinic and the month of claims.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PaidKey {
    /// The number of the contract.
    pub contract: Arc<str>,
    /// The code of the programme whose cover pays; empty if no cover of the plan has the service, as in a clinic programme beyond the plan.
    pub programme: Arc<str>,
    /// The code of the clinic.
    pub clinic: Arc<str>,
    /// The first day of the month of the services.
    pub month: Date,
}

/// The sums of claims with one key.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct PaidSum {
    /// The number of claims of which the insurer or an advance pays a part; a claim that takes another one back counts −1.
    pub claims: i64,
    /// Paid by the insurer, claims taken back subtracted.
    pub insurer: Kopecks,
    /// Paid in advance, claims taken back subtracted.
    pub advance: Kopecks,
}

/// What the registers in effect charge to the insurer, by contract, programme, clinic and month. No claim stays in memory.
///
/// # Errors
///
/// As [`Ledger::read`].
pub fn paid_claims(portfolio: &Portfolio) -> Result<BTreeMap<PaidKey, PaidSum>, Error> {
    let registers = Ledger::registers(portfolio)?;
    let mut sums: BTreeMap<PaidKey, PaidSum> = BTreeMap::new();
    read_groups(
        portfolio,
        &registers,
        |register, rows| {
            let clinic: Arc<str> = register.clinic.as_str().into();
            let mut sums: BTreeMap<PaidKey, PaidSum> = BTreeMap::new();
            for at in 0..rows.len() {
                let (insurer, advance) = (rows.insurer[at], rows.advance[at]);
                let Some(day) = rows.day[at].filter(|_| insurer != 0 || advance != 0) else { continue };
                let key = PaidKey {
                    contract: Arc::clone(&rows.contract[at]),
                    programme: Arc::clone(&rows.programme[at]),
                    clinic: Arc::clone(&clinic),
                    month: day_after_1970(day)?.first_of_month(),
                };
                sums.entry(key).or_default().add(PaidSum {
                    claims: (insurer + advance).signum(),
                    insurer: Kopecks::new(insurer.into()),
                    advance: Kopecks::new(advance.into()),
                });
            }
            Some(sums)
        },
        |of_group| of_group.into_iter().for_each(|(key, sum)| sums.entry(key).or_default().add(sum)),
    )?;
    Ok(sums)
}

impl PaidSum {
    fn add(&mut self, other: Self) {
        self.claims += other.claims;
        self.insurer += other.insurer;
        self.advance += other.advance;
    }
}
