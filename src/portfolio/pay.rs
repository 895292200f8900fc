//! Payments: what policyholders have paid, each once.

use crate::base::diagnostic::{masked, shortened};
use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::money::Kopecks;
use crate::portfolio::Portfolio;
use crate::portfolio::payments::{Payments, Problem};
use crate::portfolio::register;

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
pub fn pay(book: &mut Portfolio, payments: &Payments) -> Result<Paid, Error> {
    let mut paid = Paid::default();
    let mut of_contracts = Vec::with_capacity(payments.payments.len());
    for payment in &payments.payments {
        let contract = book.register.read(|register| register::contract(register, &payment.number))?;
        if let Some(contract) = contract {
            of_contracts.push((contract.id, payment));
        } else {
            let message = Message::new("pay-number").with("number", shown(&payment.number));
            paid.problems.push(Problem { row: payment.row, column: payments.number_column, message });
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

/// A number that no contract has, as it may be shown: what has no digit, or several words, is somebody's name, a passport or a telephone in
/// the wrong column.
fn shown(number: &str) -> String {
    let is_one_word = !number.contains([' ', '\u{a0}']) && !number.starts_with('+');
    let has_digit = number.contains(|letter: char| letter.is_ascii_digit());
    if is_one_word && has_digit { shortened(number) } else { masked(number) }
}
