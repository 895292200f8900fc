//! The contents of a letter.

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::base::money::Kopecks;
use crate::quote::contract::ExpenseBasis;
use crate::tariff::EditionId;

/// The contents of the letter to one policyholder; all figures are given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The number of the contract.
    pub number: String,
    /// The policyholder, who receives the letter.
    pub policyholder: String,
    /// The edition of the tariff that the contract was bound with.
    pub tariff: EditionId,
    /// The id of the price change.
    pub change_id: String,
    /// The day on which policyholders are notified.
    pub notified: Date,
    /// The first day of the new prices; the contract may begin after it.
    pub effective: Date,
    /// The first day of the contract.
    pub start: Date,
    /// The last day of the contract.
    pub end: Date,
    /// The changed programmes of the contract, in their order in the letter.
    pub programmes: Vec<Changed>,
    /// The number of insured.
    pub insured: usize,
    /// The number of lines whose rate changes.
    pub lines_repriced: usize,
    /// The premium of the contract before the change.
    pub written: Kopecks,
    /// The full-year premium at the old rates.
    pub annual_before: Kopecks,
    /// The full-year premium at the new rates.
    pub annual_after: Kopecks,
    /// The additional premium less the credit (`I21`).
    pub additional: Kopecks,
    /// What later changes of the contract cost more, or less below 0, at the new prices, beside the additional premium (`I31`).
    pub worked_out_again: Kopecks,
    /// The premium of the unexpired days at the old rates (`I22`).
    pub unexpired: Kopecks,
    /// The premium that has been paid.
    pub paid: Kopecks,
    /// The expenses of a refund; `None` where the contract names no share.
    pub expenses: Option<Expenses>,
    /// The refund on refusal, at least 0 (`I22`); `None` where the contract names no share of expenses.
    pub refund_if_refused: Option<Kopecks>,
}

impl Notice {
    /// The outgoing number: that of the change and of the contract, so that it is the letter's own and stays when letters are made again.
    #[must_use]
    pub fn reference(&self) -> String {
        format!("{}/{}", self.change_id, self.number)
    }
}

/// A programme whose price changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The code.
    pub code: String,
    /// The name, in the language of the letter.
    pub name: String,
    /// The factor of its rates.
    pub coefficient: Decimal,
    /// The coefficient of the change: larger where an earlier fall, which the contract has kept, is used up (`I19`).
    pub cost: Decimal,
}

/// The expenses (расходы на ведение дела) of a refund (`I22`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expenses {
    /// The share.
    pub load: Decimal,
    /// The amount that it is a share of.
    pub basis: ExpenseBasis,
    /// The amount.
    pub amount: Kopecks,
}
