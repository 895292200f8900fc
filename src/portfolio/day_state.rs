//! A contract on a day: the fold of the events and price changes that count on that day or earlier, as known after a run.
//!
//! The order of the runs does not matter: late news of an early day is there, and an event of a later day is not, whichever was recorded first.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use crate::base::error::Error;
use crate::portfolio::book::Portfolio;
use crate::portfolio::contract_state::ContractState;
use crate::portfolio::event::Event;
use crate::portfolio::life::{Life, version};
use crate::portfolio::premium::price_history::PriceHistory;
use crate::portfolio::register;
use crate::portfolio::register::payments::ListedPayment;
use crate::portfolio::register::versions::{Version, VersionKind};
use crate::portfolio::rows::ContractRows;

/// The state of a contract on a day, with the payments until then; `None` before the first day of the contract.
///
/// `state` is the contract as known before the run `before`. Each of its versions keeps its run, with the figures of what was known after it
/// and counts on the day; the rows are those of the last one.
///
/// # Errors
///
/// [`Error::Register`] where the register cannot be read; [`Error::Damaged`] where the rows are not as they were written.
pub fn as_of(
    book: &Portfolio,
    state: ContractState,
    before: i64,
    day: Date,
    payments: &[ListedPayment],
) -> Result<Option<ContractState>, Error> {
    let contract = &state.contract;
    if day < contract.first_day {
        return Ok(None);
    }
    let paid = payments.iter().filter(|payment| payment.day <= day).map(|payment| payment.amount).sum();
    let mut state = ContractState { paid, ..state };
    let last = book.register.read(|register| register::last_valid_day(register, state.contract.id, before))?;
    if last.is_none_or(|last| last <= day) {
        return Ok(Some(state));
    }
    let is_plain = |version: &Version| matches!(version.kind, VersionKind::Bound | VersionKind::Repriced);
    if state.versions.iter().all(is_plain) && state.versions.is_sorted_by_key(|version| version.from_day) {
        state.versions.retain(|version| version.from_day <= day);
        state.prices.retain(|applied| applied.effective <= day);
        return Ok(Some(state).filter(|state| !state.versions.is_empty()));
    }
    fold_until(book, state, before, day)
}

/// Folds what each version knew, without what counts from later days.
fn fold_until(
    book: &Portfolio,
    mut state: ContractState,
    before: i64,
    day: Date,
) -> Result<Option<ContractState>, Error> {
    let contract = state.contract.clone();
    let annulled: BTreeMap<i64, i64> =
        book.register.read(|register| register::annulled_runs(register, contract.id, before))?;
    let unbound_by = annulled.iter().find(|(_, annulled)| **annulled == contract.run).map(|(run, _)| *run);
    let life = Life::read(book, contract.clone(), unbound_by.unwrap_or(before))?;
    let known_after = |run: i64| -> Result<(Vec<Event>, PriceHistory), Error> {
        book.register.read(|register| {
            let mut events = register::events(register, contract.id, run + 1)?;
            events.retain(|event| event.day <= day);
            let mut prices = ContractState::known_before(register, contract.clone(), run + 1)?.prices;
            prices.retain(|applied| applied.effective <= day);
            Ok((events, prices))
        })
    };
    let mut rows = ContractRows::default();
    let mut versions = Vec::new();
    for known in state.versions.iter().filter(|version| version.from_day <= day) {
        if Some(known.run) == unbound_by {
            rows = ContractRows::default();
            versions.push(known.clone());
            continue;
        }
        let (events, prices) = known_after(known.run)?;
        let folded = life.fold(&events, &prices)?;
        let figures = version(&folded, known.kind, known.from_day, known.change.clone());
        versions.push(Version { run: known.run, ..figures });
        rows = folded.rows;
    }
    state.prices.retain(|applied| applied.effective <= day);
    state.versions = versions;
    state.folded = Some(Arc::new(rows));
    Ok(Some(state).filter(|state| !state.versions.is_empty()))
}
