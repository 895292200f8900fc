//! A contract with its charges and payments: the source of debts, invoices and statements of account.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::money::Kopecks;
use crate::base::progress::{Progress, Stage};
use crate::portfolio::book::Portfolio;
use crate::portfolio::charges::ChargeReader;
use crate::portfolio::contract_state::ContractState;
use crate::portfolio::premium::charge::Charge;
use crate::portfolio::register;
use crate::portfolio::register::EVERYTHING;
use crate::portfolio::register::contracts::BoundContract;
use crate::portfolio::register::payments::ListedPayment;
use crate::portfolio::register::versions::VersionKind;

/// The number of contracts whose charges are read together.
const CONTRACTS_AT_ONCE: usize = 256;

/// A contract as the book knows it now, with all its charges and payments.
#[derive(Debug)]
pub struct ChargedContract {
    /// The contract and its versions.
    pub state: ContractState,
    /// Its charges (`I50`).
    pub charges: Vec<Charge>,
    /// Its payments, by day.
    pub payments: Vec<ListedPayment>,
}

impl ChargedContract {
    /// The sum of the payments until a day.
    #[must_use]
    pub fn paid_until(&self, day: Date) -> Kopecks {
        self.payments.iter().filter(|payment| payment.day <= day).map(|payment| payment.amount).sum()
    }

    /// The kind of the run that made the premium of a charge; where that run has no version of the contract, of the run that booked the
    /// charge.
    #[must_use]
    pub fn kind(&self, charge: &Charge) -> VersionKind {
        let version = |run: i64| self.state.versions.iter().find(|version| version.run == run);
        version(charge.of).or_else(|| version(charge.run)).map_or(VersionKind::Endorsed, |version| version.kind)
    }

    /// The charges by due day and kind; those that add up to nothing are left out.
    #[must_use]
    pub fn charges_by_kind(&self) -> Vec<(Date, VersionKind, Kopecks)> {
        let mut sums: BTreeMap<(Date, &'static str), (VersionKind, Kopecks)> = BTreeMap::new();
        for charge in &self.charges {
            let kind = self.kind(charge);
            sums.entry((charge.due, kind.as_str())).or_insert((kind, Kopecks::ZERO)).1 += charge.amount;
        }
        let charged = sums.into_iter().map(|((due, _), (kind, amount))| (due, kind, amount));
        charged.filter(|(_, _, amount)| *amount != Kopecks::ZERO).collect()
    }
}

/// Passes every contract of a proved book to `visit`, by number.
///
/// # Errors
///
/// As [`ChargeReader::read`].
pub fn each_charged_contract(
    book: &Portfolio,
    progress: &dyn Progress,
    mut visit: impl FnMut(ChargedContract),
) -> Result<(), Error> {
    book.prove(EVERYTHING)?;
    let next = book.register.read(register::next_run)?;
    let contracts = book.register.read(|register| register::contracts(register, next))?;
    progress.begin_stage(Stage::Verifying, Some(contracts.len() as u64));
    let mut reader = ChargeReader::new(book, next);
    for contracts in contracts.chunks(CONTRACTS_AT_ONCE) {
        read(book, &mut reader, contracts, next)?.into_iter().for_each(&mut visit);
        progress.advance(contracts.len() as u64);
    }
    Ok(())
}

/// The contract with a number, of a proved book.
///
/// # Errors
///
/// [`Error::Unlawful`] where the book has none; as [`ChargeReader::read`].
pub fn charged_contract(book: &Portfolio, number: &str) -> Result<ChargedContract, Error> {
    book.prove(EVERYTHING)?;
    let unknown = || Error::Unlawful { reason: Message::new("endorse-number").with("number", number) };
    let contract = book.register.read(|register| register::contract(register, number))?.ok_or_else(unknown)?;
    let next = book.register.read(register::next_run)?;
    let mut found = read(book, &mut ChargeReader::new(book, next), &[contract], next)?;
    found.pop().ok_or_else(unknown)
}

fn read(
    book: &Portfolio,
    reader: &mut ChargeReader<'_>,
    contracts: &[BoundContract],
    next: i64,
) -> Result<Vec<ChargedContract>, Error> {
    let mut files = book.files()?;
    let state = |contract: &BoundContract| {
        book.register.read(|register| ContractState::known_before(register, contract.clone(), next))
    };
    let states = contracts.iter().map(state).collect::<Result<Vec<ContractState>, Error>>()?;
    let charges = reader.read(&files, &states.iter().collect::<Vec<_>>())?;
    files.close_if_many();
    let with_payments = states.into_iter().zip(charges).map(|(state, charges)| {
        let payments = book.register.read(|register| register::payments(register, state.contract.id, next))?;
        Ok(ChargedContract { state, charges, payments })
    });
    with_payments.collect()
}
