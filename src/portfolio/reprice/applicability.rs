//! To which contracts a price change applies (`I19`, `I36`, `I37`).

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::base::messages::{Message, Value};
use crate::base::money::Rate;
use crate::portfolio::change::PriceChange;
use crate::portfolio::contract_state::ContractState;
use crate::tariff::Tariff;

/// A price change, and the tariff with the lawful price levels.
#[derive(Debug, Clone, Copy)]
pub struct Applicability<'c> {
    /// The change.
    pub change: &'c PriceChange,
    /// The tariff.
    pub tariff: &'c Tariff,
}

impl Applicability<'_> {
    /// The coefficients of the change for a contract with these programmes; none where the change does not apply to it.
    pub fn coefficients(&self, state: &ContractState, levels: &[(String, String)]) -> BTreeMap<String, Decimal> {
        if self.exemption(state).is_some() {
            return BTreeMap::new();
        }
        let coefficient =
            |(programme, _): &(String, String)| Some((programme.clone(), self.change.coefficient(programme)?));
        levels.iter().filter_map(coefficient).collect()
    }

    /// Why the change does not apply to a contract, if so (`I36`, `I37`).
    pub fn exemption(&self, state: &ContractState) -> Option<Message> {
        let terms = &state.contract.price_terms;
        if terms.price_fixed {
            Some(Message::new("reprice-fixed"))
        } else if self.change.except.contains(&state.contract.number) {
            Some(Message::new("reprice-except"))
        } else if terms.included_changes.contains(&self.change.id) {
            Some(Message::new("reprice-included"))
        } else {
            None
        }
    }

    /// Why a contract cannot be repriced: its cost level would leave the range of §2.3 by the change, or by a later one after it (`I19`).
    pub fn reason(
        &self,
        state: &ContractState,
        levels: &[(String, String)],
        coefficients: &BTreeMap<String, Decimal>,
    ) -> Option<Message> {
        let (low, high) = self.tariff.price_change.value.levels();
        let within = |level: &Rate| Rate::from(low) <= *level && *level <= Rate::from(high);
        levels.iter().find_map(|(programme, level)| {
            let level = Rate::parse(level)?;
            let steps = state.prices.cost_steps(programme, *coefficients.get(programme)?, self.change.effective);
            steps.into_iter().find_map(|(before, coefficient)| {
                let now = level.clone() * before;
                let then = now.clone() * Rate::from(coefficient);
                (!within(&then)).then(|| {
                    Message::new("reprice-level")
                        .with("programme", programme.as_str())
                        .with("now", Value::decimal(now))
                        .with("coefficient", Value::decimal(coefficient))
                        .with("then", Value::decimal(then))
                        .with("low", Value::decimal(low))
                        .with("high", Value::decimal(high))
                        .with("clause", self.tariff.price_change.clause.as_str())
                })
            })
        })
    }
}
