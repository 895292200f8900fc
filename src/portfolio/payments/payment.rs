//! A payment as a list states it.

use jiff::civil::Date;

use crate::base::money::Kopecks;

/// A payment for a contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// The number of the contract, as written.
    pub number: String,
    /// The day of the payment.
    pub date: Date,
    /// The amount: at most 10¹² RUB; less than 0 where an earlier payment is reversed (`I51`), and never 0.
    pub amount: Kopecks,
    /// The number of the document; empty where there is none.
    pub document: String,
    /// The purpose of payment beside the number; empty where there is none.
    pub purpose: String,
    /// The row of the list.
    pub row: u32,
}
