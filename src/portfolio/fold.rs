//! The fold of a contract: its rows as bound, its events and its price changes give its rows as they are now.
//!
//! Pure: it knows no file, no register and no clock. Events and price changes count in the order of their days, whatever the order of the
//! runs that recorded them (`I31`); on one day, price changes come first. Every premium is exact until it is rounded once, line by line.

mod basis;
mod cells;
mod folded;
mod folded_contract;
mod roster;

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::base::messages::Message;
use crate::portfolio::event::{Event, EventKind, PersonRef};
use crate::portfolio::rows::ContractRows;
pub use basis::Fold;
pub use folded::{Ended, Folded};
use folded_contract::FoldedContract;
pub use roster::in_force;

impl Fold<'_> {
    /// Folds the events over the rows as bound.
    ///
    /// # Errors
    ///
    /// A message where a rate cannot be worked out: a choice of the contract is unlawful at a new headcount, or a row cannot be parsed.
    pub fn fold(&self, bound: ContractRows, events: &[Event]) -> Result<Folded, Message> {
        let end = events.iter().filter_map(|event| match &event.kind {
            EventKind::Ended(end) if end.counts(self.prices) => Some((event.day, event.run, event.row, end)),
            _ => None,
        });
        let end = end.min_by_key(|(day, run, row, _)| (*day, *run, *row));
        let mut prices = self.prices.clone();
        if let Some((day, ..)) = end {
            prices.retain(|applied| applied.effective < day);
        }
        let mut contract = FoldedContract::new(self, prices, bound)?;
        contract.correct_bound(events)?;
        let joins: BTreeMap<PersonRef, Date> = { events.iter() }
            .filter(|event| matches!(event.kind, EventKind::Joined(_)))
            .map(|event| (PersonRef::Joined(event.run, event.row), event.day))
            .collect();
        let mut days: BTreeMap<Date, Vec<&Event>> = BTreeMap::new();
        for event in events {
            let is_over = end.is_some_and(|(day, ..)| event.day >= day);
            match &event.kind {
                EventKind::Ended(end) if !end.counts(self.prices) => drop(contract.void.insert((event.run, event.row))),
                EventKind::Ended(_) | EventKind::Corrected { .. } => {}
                _ if is_over => drop(contract.void.insert((event.run, event.row))),
                _ => {
                    // an insured who leaves or changes before the first day does so on that day
                    let first = event.kind.who().and_then(|who| joins.get(&who)).copied();
                    days.entry(first.map_or(event.day, |first| first.max(event.day))).or_default().push(event);
                }
            }
        }
        for (day, mut of_day) in days {
            of_day.sort_by_key(|event| (event.run, event.row));
            contract.reprice_until(day);
            contract.apply(day, &of_day, events)?;
        }
        contract.reprice_until(Date::MAX);
        let ended = end.map(|(day, _, _, end)| contract.end(day, end));
        Ok(contract.finish(ended))
    }
}
