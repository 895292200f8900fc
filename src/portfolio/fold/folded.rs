//! The result of a fold: the rows of a contract as they are, and its end.

use std::collections::BTreeSet;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::base::money::Kopecks;
use crate::portfolio::event::{End, PersonRef};
use crate::portfolio::premium::refund::Refund;
use crate::portfolio::rows::ContractRows;

/// A contract after its events.
#[derive(Debug)]
pub struct Folded {
    /// Its rows.
    pub rows: ContractRows,
    /// The insured of each row.
    pub people: Vec<PersonRef>,
    /// The part of each line's premium that is kept for expenses (`I27`).
    pub kept: Vec<Kopecks>,
    /// The premium of all lines.
    pub written: Kopecks,
    /// The coefficient of the last headcount (§2.1).
    pub headcount: Option<Decimal>,
    /// The end of the contract, where it ends before its last day.
    pub ended: Option<Ended>,
    /// The run and row of events that have no effect: the contract has ended, or the insured is not covered any more.
    pub void: BTreeSet<(i64, u32)>,
}

/// The end of a contract before its last day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// The first day without cover.
    pub day: Date,
    /// The reason.
    pub end: End,
    /// The refund with its arithmetic (`I22`).
    pub refund: Refund,
}

impl Folded {
    /// The premium of the lines, and of the expenses that are charged at the contract's end.
    #[must_use]
    pub fn charged(&self) -> Kopecks {
        let expenses = self.ended.as_ref().map_or(Kopecks::ZERO, |ended| ended.refund.charged_expenses());
        self.written + expenses
    }
}
