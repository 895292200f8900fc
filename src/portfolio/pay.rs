//! Paying: payments of policyholders are added to the book, each once.

use crate::base::diagnostic::{masked, shortened};
use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::money::Kopecks;
use crate::portfolio::book::Portfolio;
use crate::portfolio::payments::{Payments, Problem};
use crate::portfolio::register;

/// The result of a list of payments: each is new, known, or a problem.
#[derive(Debug, Default)]
pub struct Paid {
    /// The number of payments that are new to the book.
    pub new: usize,
    /// Their sum.
    pub amount: Kopecks,
    /// The number of payments that the book had already, or that the list repeats.
    pub known: usize,
    /// The payments whose contract is not in the book.
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
            let message = Message::new("pay-number").with("number", loggable_number(&payment.number));
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

/// An unknown contract number as it may be logged: masked where it may be a name, a passport or a telephone in the wrong column, because it
/// has no digit or several words.
fn loggable_number(number: &str) -> String {
    let is_one_word = !number.contains([' ', '\u{a0}']) && !number.starts_with('+');
    let has_digit = number.contains(|letter: char| letter.is_ascii_digit());
    if is_one_word && has_digit { shortened(number) } else { masked(number) }
}
