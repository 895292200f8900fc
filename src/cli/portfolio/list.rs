//! `kollektiv portfolio list`: the contracts of a portfolio.

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::cli::answer::{Money, answer};
use crate::cli::outcome::Outcome;
use crate::cli::screen::Screen;
use crate::portfolio::Portfolio;
use crate::portfolio::contract_state::ContractState;
use crate::portfolio::register;
use crate::portfolio::register::EVERYTHING;
use crate::tariff::EditionId;

answer! {
    /// The answer of `kollektiv portfolio list`.
    pub struct Answer {
        /// The contracts at their last version, by number.
        contracts: Vec<ListedContract>,
    }
}

answer! {
    struct ListedContract {
        /// Number of the contract.
        number: String,
        /// Name of the policyholder.
        policyholder: String,
        /// Last day of the cover.
        last_day: String,
        /// Insured.
        insured: u32,
        /// Written premium.
        written: Money,
        /// Paid premium.
        paid: Money,
        /// Edition of the tariff that it was bound with.
        tariff: EditionId,
    }
}

/// Prints a line for each contract, at its last version.
pub fn run(book: &Portfolio, screen: &Screen) -> Result<Outcome, Error> {
    book.prove(EVERYTHING)?;
    let next = book.register.read(register::next_run)?;
    let editions = book.terms().edition_ids()?;
    let listed = book.register.read(|register| {
        let contracts = register::contracts(register, next)?;
        let row = |contract| {
            let state = ContractState::known_before(register, contract, next)?;
            let (contract, version) = (&state.contract, state.version());
            let (number, policyholder) = (contract.number.clone(), contract.policyholder.clone());
            let last_day = state.last_day().to_string();
            let tariff = editions.get(&contract.tariff).cloned();
            let tariff = tariff.unwrap_or_else(|| EditionId { code: String::new(), sha256: contract.tariff.clone() });
            let row = [
                number.clone(),
                policyholder.clone(),
                last_day.clone(),
                format!("{} {:.8}", tariff.code, tariff.sha256),
                screen.count(version.insured),
                screen.bare_amount(version.written),
                screen.bare_amount(state.paid),
            ];
            let (written, paid) = (version.written.into(), state.paid.into());
            Ok((
                row,
                ListedContract { number, policyholder, last_day, insured: version.insured, written, paid, tariff },
            ))
        };
        contracts.into_iter().map(row).collect::<rusqlite::Result<Vec<_>>>()
    })?;
    let (rows, contracts) = listed.into_iter().unzip();
    let heading = [
        "portfolio-col-number",
        "portfolio-col-policyholder",
        "portfolio-col-to",
        "portfolio-col-tariff",
        "portfolio-col-insured",
        "portfolio-col-written",
        "portfolio-col-paid",
    ];
    screen.print(&screen.table(heading, rows, 4))?;
    screen.answer(&Answer { contracts })?;
    screen.suggest(Message::new("next-list").with("portfolio", book.folder().display().to_string()));
    Ok(Outcome::Done)
}
