//! `kollektiv portfolio list`: the contracts of a portfolio.

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::cli::outcome::Outcome;
use crate::cli::screen::Screen;
use crate::portfolio::Portfolio;
use crate::portfolio::contract_state::ContractState;
use crate::portfolio::register;

/// Prints a line for each contract, at its last version.
pub fn run(book: &Portfolio, screen: &Screen) -> Result<Outcome, Error> {
    let next = book.register.read(register::next_run)?;
    let rows = book.register.read(|register| {
        let contracts = register::contracts(register, next)?;
        let row = |contract| {
            let state = ContractState::known_before(register, contract, next)?;
            let (contract, version) = (&state.contract, state.version());
            Ok([
                contract.number.clone(),
                contract.policyholder.clone(),
                state.last_day().to_string(),
                screen.count(version.insured),
                screen.bare_amount(version.written),
                screen.bare_amount(state.paid),
            ])
        };
        contracts.into_iter().map(row).collect::<rusqlite::Result<Vec<_>>>()
    })?;
    let heading = [
        "portfolio-col-number",
        "portfolio-col-policyholder",
        "portfolio-col-to",
        "portfolio-col-insured",
        "portfolio-col-written",
        "portfolio-col-paid",
    ];
    screen.print(&screen.table(heading, rows, 3))?;
    screen.suggest(Message::new("next-list").with("portfolio", book.folder().display().to_string()));
    Ok(Outcome::Done)
}
