//! Prices a contract and its roster from Rust, with every feature of the library off:
//! `cargo run --release --no-default-features --example price`.

use std::error::Error;
use std::io::{Write, stdout};
use std::path::Path;

use kollektiv::quote::Quote;
use kollektiv::quote::contract::Contract;
use kollektiv::quote::rosters::read_roster;
use kollektiv::tariff::Tariff;

fn main() -> Result<(), Box<dyn Error>> {
    let tariff = Tariff::base();
    let contract = Contract::open(Path::new("samples/zavod/contract.toml"), &tariff)?;
    let roster = read_roster(&[], &contract, &tariff, &())?;
    let quote = Quote::new(&contract, &tariff, roster, false)?;
    let price = quote.price.as_ref().ok_or("the roster has mistakes: `quote.roster.tables.diagnostics` lists them")?;
    for (plan, total) in contract.terms.plans.iter().zip(&price.totals.plans) {
        writeln!(stdout(), "{}: {} insured, {} RUB", plan.code, total.insured, total.premium)?;
    }
    assert_eq!(price.totals.premium.chosen.to_string(), "122356843.88");
    Ok(())
}
