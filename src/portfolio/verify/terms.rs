//! What the register says of a contract, held against the terms that it was bound with.

use std::collections::BTreeSet;

use crate::portfolio::bind;
use crate::portfolio::register::BoundContract;
use crate::quote::contract::Contract;
use crate::tariff::Tariff;

/// The columns of a contract in the register that say something else than its terms; `levels` are its programmes there.
pub(crate) fn differing(
    bound: &BoundContract,
    levels: &[(String, String)],
    contract: &Contract,
    tariff: &Tariff,
) -> Vec<&'static str> {
    let (first_day, last_day) = contract.days();
    let (told, meant) = (&bound.price_terms, &contract.price_terms);
    let own_levels = bind::levels(contract, tariff);
    let columns = [
        ("number", bound.number == contract.number),
        ("policyholder", bound.policyholder == contract.policyholder),
        ("first_day", bound.first_day == first_day),
        ("last_day", bound.last_day == last_day),
        ("price_decrease", told.price_decrease == meant.price_decrease),
        ("expense_load", told.expense_load == meant.expense_load),
        ("expense_basis", told.expense_basis == meant.expense_basis),
        ("programme", levels.iter().collect::<BTreeSet<_>>() == own_levels.iter().collect()),
    ];
    columns.into_iter().filter(|(_, is_same)| !is_same).map(|(name, _)| name).collect()
}
