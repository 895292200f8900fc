//! Contracts for which a price change comes late: events of its first day or later days are known, so that they are folded again at the new
//! prices (`I31`), in a run of its own that the same commit adds.

use std::collections::{BTreeMap, BTreeSet};
use std::mem::take;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::portfolio::book::Portfolio;
use crate::portfolio::change::PriceChange;
use crate::portfolio::life::{Life, Recorded, WrittenContracts, version};
use crate::portfolio::premium::price_history::AppliedChange;
use crate::portfolio::register;
use crate::portfolio::register::versions::VersionKind;
use crate::portfolio::staging::StagingDb;
use crate::portfolio::store::Damage;

/// The contracts with events that are known before a price change comes.
pub(super) struct LatePrices {
    /// By id: why a contract cannot be folded, if it cannot.
    contracts: BTreeMap<i64, Option<Message>>,
    /// The run of the price change.
    next: i64,
}

impl LatePrices {
    /// Looks for the contracts among those that are selected in the staging database, and reads them.
    ///
    /// # Errors
    ///
    /// [`Error::Register`] where the register cannot be read, [`Error::Damaged`] where the system does not let a file be read.
    pub fn find(book: &Portfolio, change: &PriceChange, next: i64, staging: &StagingDb) -> Result<Self, Error> {
        let mut late = book.register.read(|register| register::with_events_from(register, change.effective, next))?;
        retain_chosen(staging, &mut late, next)?;
        let mut contracts = BTreeMap::new();
        for id in late {
            let contract = book.register.read(|register| register::contract_at(register, id))?;
            let read = Life::read(book, contract, next).and_then(|life| life.checked_fold(book).map(drop));
            let reason = match read {
                Ok(()) => None,
                Err(Error::Unlawful { reason }) => Some(reason),
                // a fault of the system is no fault of a contract: the next run reads its rows
                Err(Error::Damaged { reason, .. }) if !Damage::is_unreadable(&reason) => Some(reason),
                Err(fault) => return Err(fault),
            };
            contracts.insert(id, reason);
        }
        Ok(Self { contracts, next })
    }

    /// None of a book.
    pub const fn none(next: i64) -> Self {
        Self { contracts: BTreeMap::new(), next }
    }

    /// Whether a contract is one of them.
    pub fn is_of(&self, contract: i64) -> bool {
        self.contracts.contains_key(&contract)
    }

    /// Why the change cannot be applied to a contract, if it cannot.
    pub fn reason(&self, contract: i64) -> Option<Message> {
        self.contracts.get(&contract).cloned().flatten()
    }

    /// The contracts to which the change is applied, with the changes of their programmes.
    pub fn applied(&self, staging: &StagingDb) -> Result<Vec<(i64, Vec<AppliedChange>)>, Error> {
        let applied = |contract: &i64| {
            let applied = staging.read(|staging| register::applied(staging, *contract, i64::MAX));
            applied.map(|applied| (*contract, applied))
        };
        let mut late = self.contracts.keys().map(applied).collect::<Result<Vec<_>, Error>>()?;
        late.retain(|(_, applied)| !applied.is_empty());
        Ok(late)
    }

    /// Folds contracts again with these changes, and writes their rows into the book.
    ///
    /// # Errors
    ///
    /// As [`Life::read`] and [`Life::fold`]; [`Error::Io`], [`Error::Parquet`] where the rows cannot be written.
    pub fn write(
        &self,
        book: &Portfolio,
        change: &PriceChange,
        late: &[(i64, Vec<AppliedChange>)],
    ) -> Result<WrittenContracts, Error> {
        WrittenContracts::write(book, late, |book, (contract, applied)| {
            let contract = book.register.read(|register| register::contract_at(register, *contract))?;
            let life = Life::read(book, contract, self.next)?;
            let folded = life.fold(&life.events, &life.state.prices.with(applied.clone()))?;
            let contract = &life.state.contract;
            let from_day = change.effective.max(contract.first_day);
            Ok(Recorded {
                contract: contract.id,
                number: contract.number.clone(),
                version: version(&folded, VersionKind::Refolded, from_day, None),
                rows: folded.rows,
                events: Vec::new(),
            })
        })
    }
}

/// Keeps of these contracts those that are selected in the state before a run.
fn retain_chosen(staging: &StagingDb, contracts: &mut BTreeSet<i64>, before: i64) -> Result<(), Error> {
    if contracts.is_empty() {
        return Ok(());
    }
    let known = take(contracts);
    staging.read(|staging| {
        let mut chosen = staging.prepare("SELECT contract FROM chosen WHERE state_before = ?1")?;
        let mut rows = chosen.query([before])?;
        while let Some(row) = rows.next()? {
            contracts.extend(known.get(&row.get(0)?));
        }
        Ok(())
    })
}
