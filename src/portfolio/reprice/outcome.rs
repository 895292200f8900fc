//! What a price change does to one contract.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::base::messages::Message;
use crate::base::money::{Kopecks, Rate};
use crate::base::named_enum::named_enum;
use crate::portfolio::contract_state::ContractState;
use crate::portfolio::premium::refund::Refund;
use crate::portfolio::register::files::Segment;
use crate::portfolio::reprice::batch::{AffectedContract, RepricedContract};
use crate::portfolio::reprice::sums::Sums;

named_enum! {
    /// What a change has done to a contract, by its word in the files.
    pub enum Status {
        /// The price has changed.
        Repriced = "repriced",
        /// The contract keeps its price, or all its lines of the programmes have ended.
        Unchanged = "unchanged",
        /// An underwriter has to look at the contract.
        SetAside = "set-aside",
    }
}

/// A contract with the figures of a change.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// The state before the change.
    pub state: ContractState,
    /// What the change has done.
    pub status: Status,
    /// Why the contract is set aside, or the change does not apply to it.
    pub reason: Option<Message>,
    /// Why the policyholder's letter could not be typeset.
    pub no_letter: Option<Message>,
    /// The coefficients of the cost levels, by programme.
    pub coefficients: BTreeMap<String, Decimal>,
    /// The factors of the charged levels that change, by programme.
    pub factors: BTreeMap<String, Rate>,
    /// The figures; `None` where the rows could not be read.
    pub sums: Option<Sums>,
    /// The refund if the policyholder refuses (`I22`); `None` where the rows could not be read.
    pub refund: Option<Refund>,
    /// The run before which the contract had this state.
    pub before: i64,
    /// The written premium after the contract is folded again, where events or prices of later days are known (`I31`).
    pub refolded: Option<Kopecks>,
    /// The rows of its repriced lines, where an engine has written them.
    pub written: Option<Segment>,
}

impl Outcome {
    pub(crate) fn new(affected: AffectedContract, repriced: RepricedContract) -> Self {
        let AffectedContract { state, before, coefficients, factors, exempt, set_aside, refolded, .. } = affected;
        let was_read = repriced.sums.lines > 0;
        let set_aside = repriced.fault.or(set_aside);
        let status = match (&set_aside, repriced.sums.repriced) {
            (Some(_), _) => Status::SetAside,
            (None, 0) => Status::Unchanged,
            (None, _) => Status::Repriced,
        };
        let refund = was_read.then(|| {
            let terms = state.contract.price_terms.expenses();
            let of_lines = || Refund::new(terms, state.version().written, state.paid, repriced.sums.unexpired);
            refolded.as_ref().map_or_else(of_lines, |refolded| refolded.refund.clone())
        });
        let refolded = refolded.filter(|_| status != Status::SetAside).map(|refolded| refolded.written);
        let (sums, written) = (was_read.then_some(repriced.sums), repriced.written);
        let reason = set_aside.or(exempt);
        Self { state, before, status, reason, no_letter: None, coefficients, factors, sums, refund, refolded, written }
    }

    /// Whether the price has changed.
    pub(crate) fn is_repriced(&self) -> bool {
        self.status == Status::Repriced
    }

    /// How a change affects a contract that keeps its price when prices fall (`I19`): a fall is kept for later, or a kept fall covers a rise.
    pub(crate) fn kept(&self) -> Option<Message> {
        let keeps = |wanted: Ordering| {
            let keeps = |(programme, coefficient): (&String, &Decimal)| {
                coefficient.cmp(&Decimal::ONE) == wanted && !self.factors.contains_key(programme)
            };
            self.status == Status::Unchanged && self.coefficients.iter().any(keeps)
        };
        let names = [(Ordering::Less, "reprice-kept-fall"), (Ordering::Greater, "reprice-used-fall")];
        names.into_iter().find(|(wanted, _)| keeps(*wanted)).map(|(_, name)| Message::new(name))
    }

    /// The amount by which the premium changes beside the change itself, because later events or prices are worked out again (`I31`).
    pub(crate) fn worked_out_again(&self) -> Option<Kopecks> {
        self.refolded.map(|written| written - self.written_after())
    }

    /// The written premium after the change, before later events or prices are worked out again.
    pub(crate) fn written_after(&self) -> Kopecks {
        let written = self.state.version().written;
        self.sums.as_ref().map_or(written, |sums| written + sums.effect.net())
    }
}
