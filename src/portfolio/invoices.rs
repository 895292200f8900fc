//! Invoices (счета) to policyholders for the charges that are due and not settled (`I50`, `I52`), with the payment code of
//! ГОСТ Р 56042-2014.
//!
//! The charges of one due day are one invoice, as they are one debt. Its purpose of payment names the contract so that `pay` finds it.

mod document;
mod files;
mod invoice;
mod payment_code;

use crate::base::error::Error;
use crate::base::progress::Progress;
use crate::portfolio::book::Portfolio;
use crate::portfolio::charged_contract::each_charged_contract;
use crate::portfolio::payments::contract_numbers::ContractNumbers;
use crate::portfolio::register::contracts::contract_numbers;
pub use document::{pdf, template};
pub use files::{Written, write};
use invoice::invoices_of;
pub use invoice::{Invoice, InvoiceDays};
pub use payment_code::payment_text;

/// The invoices of a book for what is due until a day and not settled on the day of issue, by contract and due day.
///
/// # Errors
///
/// As [`each_charged_contract`].
pub fn invoices(book: &Portfolio, days: InvoiceDays, progress: &dyn Progress) -> Result<Vec<Invoice>, Error> {
    let numbers = ContractNumbers::new(book.register.read(contract_numbers)?);
    let mut invoices = Vec::new();
    each_charged_contract(book, progress, |contract| {
        invoices.extend(invoices_of(&contract, days, &numbers));
    })?;
    Ok(invoices)
}
