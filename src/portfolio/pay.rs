//! Payments: what policyholders have paid, each once.

use super::Portfolio;
use super::payments::{Payment, Problem};
use super::register;
use crate::diagnostic::{masked, shortened};
use crate::error::Error;
use crate::money::Kopecks;
use crate::words::Message;

/// What became of a list of payments; every one of them is in one of the three.
#[derive(Debug, Default)]
pub struct Paid {
    /// Those that are new to the book.
    pub new: usize,
    /// Their sum.
    pub amount: Kopecks,
    /// Those that the book had already, or that stand in the list twice.
    pub known: usize,
    /// Those of no contract of the book.
    pub problems: Vec<Problem>,
}

/// Adds payments to the book, in one commit; the same number, day and amount counts once.
///
/// # Errors
///
/// [`Error::Register`] where the book cannot be written; it is as it was.
pub fn pay(book: &mut Portfolio, payments: &[Payment]) -> Result<Paid, Error> {
    let mut paid = Paid::default();
    let mut of_contracts = Vec::with_capacity(payments.len());
    for payment in payments {
        let contract = book.register.read(|register| register::contract(register, &payment.number))?;
        if let Some(contract) = contract {
            of_contracts.push((contract.id, payment));
        } else {
            let message = Message::new("pay-number").with("number", shown(&payment.number));
            paid.problems.push(Problem { row: payment.row, column: None, message });
        }
    }
    if of_contracts.is_empty() {
        return Ok(paid);
    }
    book.register.commit("pay", |commit, run| {
        for (contract, payment) in &of_contracts {
            if register::add_payment(commit, run, *contract, payment.date, payment.amount)? {
                paid.new += 1;
                paid.amount += payment.amount;
            } else {
                paid.known += 1;
            }
        }
        Ok(())
    })?;
    Ok(paid)
}

/// A number that no contract has, as it may be shown: what has no digit is somebody's name in the wrong column.
fn shown(number: &str) -> String {
    if number.contains(|letter: char| letter.is_ascii_digit()) { shortened(number) } else { masked(number) }
}
