//! What is due after an endorsement.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::base::error::Error;
use crate::base::money::Kopecks;
use crate::portfolio::book::Portfolio;
use crate::portfolio::charges::{ChargeReader, charges_after};
use crate::portfolio::endorse::endorsement::NextInstalment;
use crate::portfolio::fold::Folded;
use crate::portfolio::life::Life;
use crate::portfolio::premium::charge::PremiumChange;
use crate::portfolio::register::versions::Version;
use crate::quote::contract::Contract;

/// What is due from the first day of the changes on, before and after them.
pub(super) fn next_instalments(
    book: &Portfolio,
    life: &Life,
    run: i64,
    contract: &Contract,
    (before, after): (&Folded, &Folded),
    version: &Version,
) -> Result<Vec<NextInstalment>, Error> {
    let mut charges = ChargeReader::new(book, run).read(&book.files()?, &[&life.state])?;
    let charges = charges.pop().unwrap_or_default();
    let amount = version.written - life.state.version().written;
    let rest = PremiumChange { from: version.from_day, last: life.state.contract.last_day, amount };
    let mut by_day: BTreeMap<Date, [Kopecks; 2]> = BTreeMap::new();
    for (place, charges) in
        [charges.clone(), charges_after(contract, &charges, run, (before, after), rest)].iter().enumerate()
    {
        for charge in charges.iter().filter(|charge| charge.due >= version.from_day) {
            by_day.entry(charge.due).or_default()[place] += charge.amount;
        }
    }
    let next = by_day.into_iter().filter(|(_, sums)| *sums != [Kopecks::ZERO; 2]);
    Ok(next.map(|(due, [before, after])| NextInstalment { due, before, after }).collect())
}
