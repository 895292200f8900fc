//! Contracts for which a price change comes late: events of its first day or later days, or prices of later days, are known, so that they are
//! folded again at the new prices (`I31`), in a run of its own that the same commit adds.

use std::collections::BTreeMap;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::money::Kopecks;
use crate::portfolio::book::Portfolio;
use crate::portfolio::contract_state::ContractState;
use crate::portfolio::event::{End, EndReason, Event, EventKind};
use crate::portfolio::life::{Life, Recorded, WrittenContracts, version};
use crate::portfolio::premium::price_history::AppliedChange;
use crate::portfolio::premium::refund::Refund;
use crate::portfolio::register;
use crate::portfolio::register::versions::VersionKind;
use crate::portfolio::reprice::applicability::Applicability;
use crate::portfolio::staging::StagingDb;
use crate::portfolio::store::Damage;

/// The contracts with events or prices of later days that are known before a price change comes.
#[derive(Debug, Default)]
pub struct LatePrices {
    /// By id: the figures after the fold, or why a contract cannot be folded.
    contracts: BTreeMap<i64, Result<Refolded, Message>>,
}

/// The figures of a contract that is folded again after a price change.
#[derive(Debug, Clone)]
pub struct Refolded {
    /// The written premium.
    pub written: Kopecks,
    /// The refund if the policyholder refuses the change (`I22`): what counts from its first day or later does not apply then.
    pub refund: Refund,
}

impl LatePrices {
    /// Looks for the contracts among those that are selected in the staging database, and folds them.
    ///
    /// # Errors
    ///
    /// [`Error::Register`] where the register cannot be read, [`Error::Damaged`] where the system does not let a file be read.
    pub fn find_all(book: &Portfolio, applicability: Applicability<'_>, staging: &StagingDb) -> Result<Self, Error> {
        let day = applicability.change.effective;
        let mut known = book.register.read(|register| register::with_events_from(register, day))?;
        for (contract, run) in book.register.read(|register| register::with_prices_after(register, day))? {
            let first = known.entry(contract).or_insert(run);
            *first = run.min(*first);
        }
        let mut contracts = BTreeMap::new();
        for (id, before) in chosen_after(staging, &known)? {
            let folded = match refolded(book, applicability, id, before) {
                Ok(None) => continue,
                Ok(Some(refolded)) => Ok(refolded),
                Err(Error::Unlawful { reason }) => Err(reason),
                // a fault of the system is no fault of a contract: the next run reads its rows
                Err(Error::Damaged { reason, .. }) if !Damage::is_unreadable(&reason) => Err(reason),
                Err(fault) => return Err(fault),
            };
            contracts.insert(id, folded);
        }
        Ok(Self { contracts })
    }

    /// The figures of a contract after the fold, or why it cannot be folded; `None` where nothing of later days is known of it.
    pub fn find(&self, contract: i64) -> Option<&Result<Refolded, Message>> {
        self.contracts.get(&contract)
    }

    /// Whether a contract is one of them.
    pub fn is_of(&self, contract: i64) -> bool {
        self.contracts.contains_key(&contract)
    }

    /// The contracts to which a run applies the change, with the changes of their programmes.
    pub fn applied(&self, staging: &StagingDb, run: i64) -> Result<Vec<(i64, Vec<AppliedChange>)>, Error> {
        let applied = |contract: &i64| {
            let applied = staging.read(|staging| register::applied(staging, *contract, i64::MAX));
            applied.map(|applied| (*contract, applied))
        };
        let mut late = self.contracts.keys().map(applied).collect::<Result<Vec<_>, Error>>()?;
        late.retain(|(_, applied)| applied.iter().any(|applied| applied.run == run));
        Ok(late)
    }
}

/// Folds contracts again with these changes of a run, and writes their rows into the book.
///
/// # Errors
///
/// As [`Life::read`] and [`Life::fold`]; [`Error::Io`], [`Error::Parquet`] where the rows cannot be written.
pub fn write(book: &Portfolio, run: i64, late: &[(i64, Vec<AppliedChange>)]) -> Result<WrittenContracts, Error> {
    WrittenContracts::write(book, late, |book, (contract, applied)| {
        let contract = book.register.read(|register| register::contract_at(register, *contract))?;
        let life = Life::read(book, contract, run)?;
        let folded = life.fold(&life.events, &life.state.prices.with(applied.clone()))?;
        let contract = &life.state.contract;
        let effective = applied.iter().map(|applied| applied.effective).min();
        let from_day = effective.map_or(contract.first_day, |effective| effective.max(contract.first_day));
        Ok(Recorded {
            contract: contract.id,
            number: contract.number.clone(),
            version: version(&folded, VersionKind::Refolded, from_day, None),
            rows: folded.rows,
            events: Vec::new(),
        })
    })
}

/// The figures of a contract with the change, from its state before a run; `None` where nothing of later days was known then, or where the
/// change does not apply.
fn refolded(
    book: &Portfolio,
    applicability: Applicability<'_>,
    id: i64,
    before: i64,
) -> Result<Option<Refolded>, Error> {
    let change = applicability.change;
    let (state, levels) = book.register.read(|register| {
        let state = ContractState::known_before(register, register::contract_at(register, id)?, before)?;
        Ok((state, register::programmes(register, id)?))
    })?;
    let coefficients = applicability.coefficients(&state, &levels);
    if coefficients.is_empty() || applicability.reason(&state, &levels, &coefficients).is_some() {
        return Ok(None);
    }
    let life = Life::read(book, state.contract, before)?;
    let has_later_event = life.events.iter().any(|event| event.day >= change.effective);
    let has_later_prices = life.state.prices.applied.iter().any(|applied| applied.effective > change.effective);
    if !has_later_event && !has_later_prices {
        return Ok(None);
    }
    life.checked_fold(book)?;
    let applied = |(programme, coefficient)| AppliedChange {
        run: before,
        change: change.id.clone(),
        effective: change.effective,
        programme,
        coefficient,
        factor: None,
    };
    let prices = life.state.prices.with(coefficients.into_iter().map(applied).collect());
    let written = life.fold(&life.events, &prices)?.charged();
    let paid = i64::try_from(life.state.paid.get()).unwrap_or(i64::MAX);
    let kind = EventKind::Ended(End { reason: EndReason::Refusal, change: Some(change.id.clone()), paid });
    let refusal = Event { run: before, row: 1, day: change.effective, kind };
    let refused = life.fold(&life.events_with(&[refusal]), &prices)?;
    Ok(refused.ended.map(|ended| Refolded { written, refund: ended.refund }))
}

/// The contracts that are selected in a state that knows one of these runs, with the run before which they had it.
fn chosen_after(staging: &StagingDb, runs: &BTreeMap<i64, i64>) -> Result<BTreeMap<i64, i64>, Error> {
    if runs.is_empty() {
        return Ok(BTreeMap::new());
    }
    staging.read(|staging| {
        let mut chosen = staging.prepare("SELECT contract, state_before FROM chosen")?;
        let mut rows = chosen.query([])?;
        let mut found = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let (contract, before) = (row.get(0)?, row.get(1)?);
            if runs.get(&contract).is_some_and(|run| *run < before) {
                found.insert(contract, before);
            }
        }
        Ok(found)
    })
}
